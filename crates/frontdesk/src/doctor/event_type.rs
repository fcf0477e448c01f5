//! One mapped event type: can it be booked by us, and will it be as the caller was promised.

use frontdesk_domain::calendar::difference::{person_named, segment};
use frontdesk_domain::calendar::link::Mapped;
use frontdesk_domain::calendar::{Catalogue, EventTypeInfo, Scheduling};
use frontdesk_domain::ids::{ServiceId, StaffId};
use frontdesk_domain::tenant::Tenant;

use super::Finding;

/// Everything about an event type that is there.
pub(super) fn check(info: &EventTypeInfo, mapped: &Mapped, tenant: &Tenant, catalogue: &Catalogue) -> Vec<Finding> {
    let name = format!("event type {} for {}", info.id.0, service(tenant, &mapped.service));
    if let Some(finding) = not_bookable(info, &name) {
        return vec![finding];
    }
    let form = form(info, mapped, &name);
    let whose = [
        by_whom(info, mapped, tenant, &name),
        owner(info, catalogue, &name),
        buffers(info, mapped, tenant, &name),
        part_of(info, mapped, &name),
    ];
    form.into_iter().chain(whose.into_iter().flatten()).collect()
}

/// A service as it is called.
pub(super) fn service(tenant: &Tenant, id: &ServiceId) -> String {
    tenant.service(id).map_or_else(|| format!("\"{id}\""), |service| format!("\"{}\"", service.name))
}

/// A person as they are called.
pub(super) fn person(tenant: &Tenant, id: &StaffId) -> String {
    tenant.staff(id).map_or_else(|| id.to_string(), |person| person.name.clone())
}

fn not_bookable(info: &EventTypeInfo, name: &str) -> Option<Finding> {
    match info.scheduling {
        Scheduling::ManagedParent => Some(Finding::error(
            "event_type_managed",
            format!("{name} is a managed template"),
            "Cal.com refuses every booking of a template",
            "map the event types that Cal.com made from it for each person, one [[calendar.event_type]] each",
        )),
        Scheduling::Collective => Some(Finding::error(
            "event_type_collective",
            format!("{name} needs all its people at once"),
            "a service here is by one person, and the others would be booked unasked",
            "make it a round robin, or one event type for each person",
        )),
        Scheduling::Own | Scheduling::RoundRobin => None,
    }
}

/// What its form demands and what a booking goes through.
fn form(info: &EventTypeInfo, mapped: &Mapped, name: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    let missing: Vec<&str> =
        info.required_fields.iter().map(String::as_str).filter(|field| !mapped.fields.contains_key(*field)).collect();
    if let Some(first) = missing.first() {
        found.push(Finding::error(
            "event_type_fields",
            format!("{name} demands what is not said: {}", missing.join(", ")),
            "Cal.com refuses every booking of it",
            format!("write fields = {{ {first} = \"…\" }} in its [[calendar.event_type]], or take the demand away in Cal.com"),
        ));
    }
    if info.phone_required {
        found.push(Finding::warn(
            "event_type_phone",
            format!("{name} demands a telephone number"),
            "callers who withhold their number cannot be booked, only noted",
            "make the number optional in the event type's booking questions",
        ));
    }
    if info.confirmation {
        found.push(Finding::warn(
            "event_type_confirmation",
            format!("{name} waits for somebody in Cal.com to say yes"),
            "callers are told that it is noted, never that it is booked",
            "turn off \"requires confirmation\", unless that is meant",
        ));
    }
    if let Some(seats) = info.seats.filter(|seats| *seats > 1) {
        found.push(Finding::warn(
            "event_type_seats",
            format!("{name} has {seats} seats"),
            "one caller at a time is booked, and several customers of one booking cannot be moved one by one",
            "turn off seats, or make an event type without them",
        ));
    }
    found
}

/// The right people, chosen by us where several share it.
fn by_whom(info: &EventTypeInfo, mapped: &Mapped, tenant: &Tenant, name: &str) -> Option<Finding> {
    let shared = info.scheduling == Scheduling::RoundRobin;
    match (&mapped.staff, shared) {
        (Some(own), true) if info.hosts.len() > 1 => Some(Finding::error(
            "event_type_host",
            format!("{name} is mapped to {} alone, but several people share it", person(tenant, own)),
            "Cal.com would choose who serves, and the caller may get somebody else",
            "write hosts = { … } with everybody's number instead of staff",
        )),
        (Some(own), false) => {
            let there = info.hosts.iter().find_map(|(_, name)| person_named(name, &tenant.staff))?;
            (there.id != *own).then(|| {
                Finding::error(
                    "event_type_host",
                    format!("{name} is mapped to {}, but in Cal.com it is {}'s", person(tenant, own), there.name),
                    "the wrong person would be booked",
                    "correct staff or id in its [[calendar.event_type]]",
                )
            })
        }
        (None, false) if info.hosts.len() < 2 => Some(Finding::error(
            "event_type_host",
            format!("{name} is one person's own, but nobody is named for it here"),
            "a booking for anybody would be booked with this one person",
            "write staff = \"…\" in its [[calendar.event_type]]",
        ))
        .filter(|_| mapped.hosts.len() != 1),
        (None, _) if mapped.hosts.is_empty() => Some(Finding::warn(
            "event_type_host",
            format!("{name} is shared, and Cal.com chooses who serves"),
            "a caller who wished for a person may get another",
            "write hosts = { … } with everybody's number; frontdesk calendar import shows them",
        )),
        _ => None,
    }
}

/// Bookings can only be looked up by whoever owns the event type, alone or with a team.
fn owner(info: &EventTypeInfo, catalogue: &Catalogue, name: &str) -> Option<Finding> {
    let (owner, whose_key, _) = catalogue.owner.as_ref()?;
    let ours = info.team.is_some() || info.hosts.is_empty() || info.hosts.iter().any(|(host, _)| host == owner);
    (!ours).then(|| {
        Finding::error(
            "event_type_owner",
            format!("{name} is neither {whose_key}'s, whose key it is, nor a team's"),
            "what was booked with it cannot be looked up when an answer was lost",
            "use the key of its owner, or move the event type into a team",
        )
    })
}

/// Longer breaks there than here: times that are offered would be refused.
fn buffers(info: &EventTypeInfo, mapped: &Mapped, tenant: &Tenant, name: &str) -> Option<Finding> {
    let service = tenant.service(&mapped.service)?;
    let (before, after) = info.buffers;
    (mapped.ids.len() == 1 && (before > service.buffer_before || after > service.buffer_after)).then(|| {
        Finding::warn(
            "event_type_buffers",
            format!("{name} keeps {before} minutes before and {after} after it free, more than the tenant's file"),
            "times close to another appointment are offered here and refused there",
            format!(
                "write buffer_before = {before} and buffer_after = {after} at the service, or shorten them in Cal.com"
            ),
        )
    })
}

fn part_of(info: &EventTypeInfo, mapped: &Mapped, name: &str) -> Option<Finding> {
    let (number, of) = segment(&info.title).filter(|_| mapped.ids.len() == 1)?;
    Some(Finding::warn(
        "event_type_segment",
        format!("{name} is called part {number} of {of} in Cal.com"),
        "only a part of the service would stand in the calendar",
        "write ids = [ … ] with one number for each busy phase, or map the event type of the whole service",
    ))
}
