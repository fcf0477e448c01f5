//! A difference as a person reads it.

use std::fmt::Write as _;

use frontdesk_domain::calendar::Catalogue;
use frontdesk_domain::calendar::difference::{Difference, Fresh, Hole, Seems};
use frontdesk_domain::calendar::link::CalendarLink;
use frontdesk_domain::ids::{ServiceId, StaffId};
use frontdesk_domain::tenant::Tenant;

/// All of it, by kind.
pub(super) fn text(tenant: &Tenant, link: &CalendarLink, catalogue: &Catalogue, found: &Difference) -> String {
    let mut text = format!("{} and Cal.com at {}\n", tenant.slug, link.url);
    if found.is_empty() {
        let _infallible = writeln!(text, "\nBoth say the same: {} event types.", catalogue.event_types.len());
        return text;
    }
    list(&mut text, "New in Cal.com", found.fresh.iter().map(|one| fresh(one, tenant)));
    list(&mut text, "Not offered, for no event type stands for it", found.holes.iter().map(|one| hole(one, tenant)));
    let gone = found.gone.iter().map(|one| {
        let by = one.staff.as_ref().map(|person| format!(" by {}", person_name(tenant, person))).unwrap_or_default();
        format!(
            "{} for \"{}\"{by}: calls for it end as a note for somebody",
            one.id.0,
            service_name(tenant, &one.service)
        )
    });
    list(&mut text, "Gone from Cal.com, or not seen with this key", gone);
    let lengths = found.lengths.iter().map(|one| {
        let name = service_name(tenant, &one.service);
        format!("{} for \"{name}\": {} minutes here, {} there; correct one of the two", one.id.0, one.ours, one.theirs)
    });
    list(&mut text, "Of another length", lengths);
    let strangers = found.strangers.iter().map(|one| {
        let (who, what) = (person_name(tenant, &one.staff), service_name(tenant, &one.service));
        format!("{who} is host {} of event type {} (\"{what}\") here, but nobody is there", one.host.0, one.id.0)
    });
    list(&mut text, "Hosts who are not there", strangers);
    text
}

fn list(text: &mut String, heading: &str, entries: impl Iterator<Item = String>) {
    let entries: Vec<String> = entries.collect();
    if entries.is_empty() {
        return;
    }
    let _infallible = writeln!(text, "\n{heading} ({})", entries.len());
    for entry in entries {
        let _infallible = writeln!(text, "  {entry}");
    }
}

/// An event type with what it seems to be.
pub(super) fn fresh(one: &Fresh, tenant: &Tenant) -> String {
    let known = one.served_by.known.keys().map(|person| person_name(tenant, person));
    let by: Vec<String> = known.chain(one.served_by.unknown.iter().map(|name| clean(name))).collect();
    let by = if by.is_empty() { String::new() } else { format!(", {}", by.join(", ")) };
    format!("{} \"{}\", {} minutes{by}: {}", one.id.0, clean(&one.title), one.minutes, seems(one, tenant))
}

fn seems(one: &Fresh, tenant: &Tenant) -> String {
    match &one.seems {
        Seems::Known(service) => format!("seems to be \"{}\"", service_name(tenant, service)),
        Seems::Unknown => "a service that is not known here".to_owned(),
        Seems::Segment { number, of, service } => {
            let whole = service.as_ref().map_or_else(
                || "a service with phases".to_owned(),
                |service| format!("\"{}\"", service_name(tenant, service)),
            );
            format!("part {number} of {of} of {whole}; no service of its own, name it in that one's ids")
        }
        Seems::Template => {
            "a managed template, which cannot be booked; map the event types made from it for each person".to_owned()
        }
        Seems::Together => "several people together, which a service here cannot be".to_owned(),
    }
}

/// A service and a person without an event type.
pub(super) fn hole(one: &Hole, tenant: &Tenant) -> String {
    let (what, who) = (service_name(tenant, &one.service), person_name(tenant, &one.staff));
    let candidates: Vec<String> = one.candidates.iter().map(|(id, _)| id.0.to_string()).collect();
    let advice = if candidates.is_empty() {
        "make an event type for it in Cal.com".to_owned()
    } else {
        format!("event type {} may be meant", candidates.join(" or "))
    };
    format!("\"{what}\" with {who}: {advice}")
}

pub(super) fn service_name(tenant: &Tenant, id: &ServiceId) -> String {
    tenant.service(id).map_or_else(|| id.to_string(), |service| service.name.clone())
}

pub(super) fn person_name(tenant: &Tenant, id: &StaffId) -> String {
    tenant.staff(id).map_or_else(|| id.to_string(), |person| person.name.clone())
}

/// A name from outside on one line.
pub(super) fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(120).collect::<String>().trim().to_owned()
}
