//! A calendar's catalogue beside a tenant's definition: what is new there, what is missing here, what no longer fits.
//!
//! Nothing is decided here. What a tenant says of itself stays; the difference is for a person to look at.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::link::{CalendarLink, Mapped, busy_minutes};
use super::{Catalogue, EventType, EventTypeInfo, Host, Scheduling};
use crate::caller::fold::words;
use crate::ids::{ServiceId, StaffId};
use crate::tenant::catalog::Service;
use crate::tenant::{Staff, Tenant};

/// Everything that differs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Event types that nothing here stands for yet.
    pub fresh: Vec<Fresh>,
    /// Services with people who have no event type, so that they are not offered together.
    pub holes: Vec<Hole>,
    /// Mapped event types that the calendar no longer has.
    pub gone: Vec<Gone>,
    /// Mapped event types of another length than the service.
    pub lengths: Vec<Length>,
    /// Mapped hosts who are not in their event type.
    pub strangers: Vec<Stranger>,
}

impl Difference {
    /// Whether both say the same.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// An event type nothing stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fresh {
    /// Its number.
    pub id: EventType,
    /// Its name there.
    pub title: String,
    /// Its length in minutes.
    pub minutes: u16,
    /// Minutes kept free before and after.
    pub buffers: (u16, u16),
    /// What its form demands beside name and e-mail.
    pub required_fields: Vec<String>,
    /// Who serves there.
    pub served_by: ServedBy,
    /// What it seems to be.
    pub seems: Seems,
}

/// What an event type seems to be, by its name and kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Seems {
    /// A service that is known here.
    Known(ServiceId),
    /// A service that is not known here.
    Unknown,
    /// One part of a service ("Auswaschen (3 von 4)"), of a known one perhaps; never a service of its own.
    Segment {
        /// Which part.
        number: u16,
        /// Of how many.
        of: u16,
        /// The service, if its name is in the title.
        service: Option<ServiceId>,
    },
    /// A template for the event types of several people; only those can be booked.
    Template,
    /// Several people serve together; a service here is by one person.
    Together,
}

/// Who serves an event type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ServedBy {
    /// Several share it, and one of them serves.
    pub shared: bool,
    /// People who are known here by their names, with their numbers there.
    pub known: BTreeMap<StaffId, Host>,
    /// Names of the others.
    pub unknown: Vec<String>,
}

/// A service that somebody does here, without an event type for the two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hole {
    /// The service.
    pub service: ServiceId,
    /// The person.
    pub staff: StaffId,
    /// Event types that may be meant, with the person's number there.
    pub candidates: Vec<(EventType, Option<Host>)>,
}

/// A mapped event type that is not there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Gone {
    /// Its number.
    pub id: EventType,
    /// What it stood for.
    pub service: ServiceId,
    /// By whom; none: it was shared.
    pub staff: Option<StaffId>,
}

/// A mapped event type of another length.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Length {
    /// Its number.
    pub id: EventType,
    /// What it stands for.
    pub service: ServiceId,
    /// Minutes here.
    pub ours: u32,
    /// Minutes there.
    pub theirs: u32,
}

/// A mapped host who is not there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stranger {
    /// The event type.
    pub id: EventType,
    /// What it stands for.
    pub service: ServiceId,
    /// Our person.
    pub staff: StaffId,
    /// The number that nobody has there.
    pub host: Host,
}

/// Compares a catalogue with a tenant and its link.
pub fn difference(tenant: &Tenant, link: &CalendarLink, catalogue: &Catalogue) -> Difference {
    let there: BTreeMap<EventType, &EventTypeInfo> = catalogue.event_types.iter().map(|info| (info.id, info)).collect();
    let mapped: BTreeSet<EventType> = link.event_types.iter().flat_map(|mapped| mapped.ids.iter().copied()).collect();
    let mut found = Difference {
        fresh: there.values().filter(|info| !mapped.contains(&info.id)).map(|info| fresh(info, tenant)).collect(),
        holes: holes(tenant, link, catalogue),
        ..Difference::default()
    };
    for mapped in &link.event_types {
        for (place, id) in mapped.ids.iter().enumerate() {
            let service = &mapped.service;
            let Some(info) = there.get(id) else {
                found.gone.push(Gone { id: *id, service: service.clone(), staff: mapped.staff.clone() });
                continue;
            };
            let ours =
                tenant.service(service).and_then(|service| expected_minutes(mapped, service).get(place).copied());
            let theirs = u32::from(info.minutes);
            if let Some(ours) = ours.filter(|ours| *ours != theirs) {
                found.lengths.push(Length { id: *id, service: service.clone(), ours, theirs });
            }
            let absent = |host: &Host| !info.hosts.is_empty() && info.hosts.iter().all(|(there, _)| there != host);
            found.strangers.extend(mapped.hosts.iter().filter(|(_, host)| absent(host)).map(|(staff, host)| {
                Stranger { id: *id, service: service.clone(), staff: staff.clone(), host: *host }
            }));
        }
    }
    found
}

/// How long the event types of a mapping should be, in their order, in minutes.
pub fn expected_minutes(mapped: &Mapped, service: &Service) -> Vec<u32> {
    match mapped.ids.len() {
        0 | 1 => vec![service.minutes()],
        _ => busy_minutes(service).into_iter().map(u32::from).collect(),
    }
}

/// The person of the tenant whom a name in a calendar means: the same full name, or a first name that only one has.
pub fn person_named<'a>(name: &str, staff: &'a [Staff]) -> Option<&'a Staff> {
    let said = words(name);
    let mut same = staff.iter().filter(|person| words(&person.name) == said);
    if let (Some(person), None) = (same.next(), same.next()) {
        return Some(person);
    }
    let [first] = said.as_slice() else { return None };
    let mut by_first_name = staff.iter().filter(|person| words(&person.name).first() == Some(first));
    by_first_name.next().filter(|_| by_first_name.next().is_none())
}

/// The service whose name or synonym is in a title; the longest wins, several equally long are none.
fn service_named<'a>(title: &str, services: &'a [Service]) -> Option<&'a Service> {
    let title = words(title);
    let contains = |name: &[String]| !name.is_empty() && title.windows(name.len()).any(|part| part == name);
    let mut best: Option<(usize, &Service)> = None;
    let mut several = false;
    for service in services {
        let names = service.synonyms.iter().chain([&service.name]).map(|name| words(name));
        let Some(length) = names.filter(|name| contains(name)).map(|name| name.concat().len()).max() else { continue };
        match best {
            Some((longest, _)) if longest > length => {}
            Some((longest, _)) if longest == length => several = true,
            _ => {
                best = Some((length, service));
                several = false;
            }
        }
    }
    best.map(|(_, service)| service).filter(|_| !several)
}

fn fresh(info: &EventTypeInfo, tenant: &Tenant) -> Fresh {
    let known = service_named(&info.title, &tenant.services).map(|service| service.id.clone());
    let seems = match (info.scheduling, segment(&info.title)) {
        (Scheduling::ManagedParent, _) => Seems::Template,
        (Scheduling::Collective, _) => Seems::Together,
        (_, Some((number, of))) => Seems::Segment { number, of, service: known },
        (_, None) => known.map_or(Seems::Unknown, Seems::Known),
    };
    Fresh {
        id: info.id,
        title: info.title.clone(),
        minutes: info.minutes,
        buffers: info.buffers,
        required_fields: info.required_fields.clone(),
        served_by: served_by(info, &tenant.staff),
        seems,
    }
}

fn served_by(info: &EventTypeInfo, staff: &[Staff]) -> ServedBy {
    let mut all = ServedBy { shared: info.scheduling != Scheduling::Own, ..ServedBy::default() };
    for (host, name) in &info.hosts {
        match person_named(name, staff) {
            Some(person) => {
                all.known.insert(person.id.clone(), *host);
            }
            None => all.unknown.push(name.clone()),
        }
    }
    all
}

/// "Auswaschen (3 von 4)", "Cut (1/2)", "Teil 2 of 3": which part of how many.
pub fn segment(title: &str) -> Option<(u16, u16)> {
    let spaced = title.replace(['/', '(', ')', '[', ']'], " ").to_lowercase();
    let mut parts: Vec<&str> = spaced.split_whitespace().collect();
    let joined = title.contains('/') && matches!(parts.as_slice(), [.., a, b] if is_count(a) && is_count(b));
    if joined {
        let last = parts.len() - 1;
        parts.insert(last, "of");
    }
    let [.., number, "von" | "of", of] = parts.as_slice() else { return None };
    let (number, of) = (number.parse().ok()?, of.parse().ok()?);
    (1 <= number && number <= of && (2..=20).contains(&of)).then_some((number, of))
}

fn is_count(text: &str) -> bool {
    !text.is_empty() && text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn holes(tenant: &Tenant, link: &CalendarLink, catalogue: &Catalogue) -> Vec<Hole> {
    let mut holes = Vec::new();
    for service in tenant.services.iter().filter(|service| service.active) {
        let able = tenant.staff.iter().filter(|person| person.active && person.services.contains(&service.id));
        for person in able.filter(|person| !link.can_carry(&service.id, &person.id)) {
            let candidates = catalogue.event_types.iter().filter_map(|info| candidate(info, service, person, tenant));
            holes.push(Hole {
                service: service.id.clone(),
                staff: person.id.clone(),
                candidates: candidates.collect(),
            });
        }
    }
    holes
}

/// Whether an event type may be meant for a service by a person.
fn candidate(
    info: &EventTypeInfo,
    service: &Service,
    person: &Staff,
    tenant: &Tenant,
) -> Option<(EventType, Option<Host>)> {
    let bookable =
        matches!(info.scheduling, Scheduling::Own | Scheduling::RoundRobin) && segment(&info.title).is_none();
    let meant = service_named(&info.title, &tenant.services).is_some_and(|named| named.id == service.id);
    if !bookable || !meant {
        return None;
    }
    let named = |(_, name): &&(Host, String)| person_named(name, &tenant.staff).is_some_and(|one| one.id == person.id);
    let host = info.hosts.iter().find(named).map(|(host, _)| *host)?;
    Some((info.id, Some(host).filter(|_| info.scheduling == Scheduling::RoundRobin)))
}

#[cfg(test)]
mod tests;
