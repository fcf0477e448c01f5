//! Which event type of the calendar outside stands for which service and person: `[[calendar.event_type]]`.

use std::collections::{BTreeMap, BTreeSet};

use frontdesk_domain::calendar::link::{CalendarLink, Mapped, busy_minutes};
use frontdesk_domain::calendar::{EventType, Host};
use frontdesk_domain::ids::StaffId;
use frontdesk_domain::tenant::Staff;
use frontdesk_domain::tenant::catalog::Service;

use super::naming::{Placed, find};
use super::reader::{Item, Table, Text};
use super::report::Report;

/// Most event types of a file; more is a mistake.
const MOST: usize = 10_000;
/// Highest number of an event type or a host.
const HIGHEST: u32 = i32::MAX as u32;

/// Reads all `[[calendar.event_type]]` and checks them against one another.
pub(super) fn event_types(calendar: &Table<'_>, services: &[Placed<Service>], staff: &[Placed<Staff>]) -> Vec<Mapped> {
    let tables = calendar.tables("event_type", "event type");
    if let Some(over) = tables.get(MOST) {
        calendar.report.wrong(over.at, format!("there are more than {MOST} event types"));
        return Vec::new();
    }
    let mapped: Vec<Placed<Mapped>> =
        tables.into_iter().filter_map(|table| event_type(table, services, staff)).collect();
    doubles(&mapped, calendar.report);
    mapped.into_iter().map(|placed| placed.value).collect()
}

fn event_type(table: Table<'_>, services: &[Placed<Service>], staff: &[Placed<Staff>]) -> Option<Placed<Mapped>> {
    let service = table.needed_text("service", "Herrenhaarschnitt").and_then(|text| {
        let named = services.iter().map(|Placed { value, .. }| (value.id.as_str(), value.name.as_str(), value));
        find("service", &text, &table, named)
    });
    let said_person = table.item("staff");
    let person = table.text("staff").and_then(|text| person(&text, service, &table, staff));
    let ids = numbers(&table, service);
    let hosts = hosts(&table, service, staff);
    let mut fields = BTreeMap::new();
    if let Some(table) = table.table("fields", "list of fields") {
        for (name, item) in table.pairs() {
            fields.extend(item.text().map(|text| (name.value, text.value)));
        }
    }
    let at = table.at;
    table.close();
    // Without the person that was meant, it would read as shared by all.
    if said_person.is_some() && person.is_none() {
        return None;
    }
    let mapped =
        Mapped { service: service?.id.clone(), staff: person.map(|person| person.id.clone()), ids, hosts, fields };
    Some(Placed { at, value: mapped })
}

/// Somebody who can do the service.
fn person<'a>(
    text: &Text,
    service: Option<&Service>,
    table: &Table<'_>,
    staff: &'a [Placed<Staff>],
) -> Option<&'a Staff> {
    let named = staff.iter().map(|Placed { value, .. }| (value.id.as_str(), value.name.as_str(), value));
    let person = find("person", text, table, named)?;
    if let Some(service) = service.filter(|service| !person.services.contains(&service.id)) {
        let (who, what) = (&person.name, &service.name);
        let why = format!("{who} does not do \"{what}\"; add it to this person's services, or map somebody else");
        table.report.wrong(text.at, why);
    }
    Some(person)
}

/// `id = 123` or `ids = [201, 202]`, one for each stretch in which the person is busy.
fn numbers(table: &Table<'_>, service: Option<&Service>) -> Vec<EventType> {
    let (one, several) = (table.item("id"), table.item("ids"));
    let items: Vec<Item<'_>> = match (one, several) {
        (Some(_), Some(several)) => {
            several.wrong("the event type has both id and ids; keep ids if the service has one for each busy phase");
            return Vec::new();
        }
        (None, None) => {
            table.report.wrong(table.at, "the event type has no number; write id = 123, as Cal.com shows it");
            return Vec::new();
        }
        (Some(one), None) => vec![one],
        (None, Some(several)) => match several.items() {
            Some(items) => items,
            None => return Vec::new(),
        },
    };
    let at = one.or(several).map_or(table.at, |item| item.at);
    let ids: Vec<EventType> = items.iter().filter_map(number).map(EventType).collect();
    if ids.len() < items.len() {
        return Vec::new();
    }
    if ids.iter().collect::<BTreeSet<_>>().len() < ids.len() {
        table.report.wrong(at, "one of the ids is there twice; each busy phase has an event type of its own");
    }
    let Some(service) = service else { return ids };
    let phases = busy_minutes(service).len();
    if ids.is_empty() {
        table.report.wrong(at, "ids is empty; write at least one");
    } else if ids.len() > 1 && ids.len() != phases {
        let what = &service.name;
        let why = if phases == 1 {
            format!(
                "there are {} ids, but \"{what}\" is one stretch of work; write one: id = {}",
                ids.len(),
                first(&ids)
            )
        } else {
            format!(
                "there are {} ids, but the person is busy in {phases} phases of \"{what}\"; write {phases} ids, or one for the whole service",
                ids.len()
            )
        };
        table.report.wrong(at, why);
    }
    ids
}

fn first(ids: &[EventType]) -> u64 {
    ids.first().map_or(0, |id| id.0)
}

fn number(item: &Item<'_>) -> Option<u64> {
    item.whole(1..=HIGHEST).map(u64::from)
}

/// `hosts = { emma = 11 }`: our people's numbers in a shared event type.
fn hosts(table: &Table<'_>, service: Option<&Service>, staff: &[Placed<Staff>]) -> BTreeMap<StaffId, Host> {
    let mut hosts: BTreeMap<StaffId, Host> = BTreeMap::new();
    let Some(item) = table.item("hosts") else { return hosts };
    if table.item("staff").is_some() {
        item.wrong("the event type has both staff and hosts; staff is for one person's own, hosts for a shared one");
    }
    let Some(list) = item.table("list of hosts") else { return hosts };
    for (name, number_item) in list.pairs() {
        let (person, number) = (person(&name, service, table, staff), number(&number_item));
        let (Some(person), Some(number)) = (person, number) else { continue };
        if hosts.values().any(|known| known.0 == number) {
            number_item.wrong(format!("host {number} is there twice; every person has a number of their own"));
        }
        if hosts.insert(person.id.clone(), Host(number)).is_some() {
            table.report.wrong(name.at, format!("{} is there twice; remove one", person.name));
        }
    }
    if hosts.is_empty() {
        item.wrong("hosts is empty; write hosts = { emma = 11 }, or leave it out");
    }
    hosts
}

/// Mappings that say two things at once.
fn doubles(all: &[Placed<Mapped>], report: &Report<'_>) {
    for (place, Placed { at, value: mapped }) in all.iter().enumerate() {
        for other in all.iter().take(place) {
            let first = report.line_of(other.at);
            if stand_for_the_same(mapped, &other.value) {
                let why = format!("the same service and people are mapped in line {first}; remove one of the two");
                report.wrong(*at, why);
            } else if let Some(id) = mapped.ids.iter().find(|id| other.value.ids.contains(id)) {
                let id = id.0;
                if mapped.service == other.value.service {
                    let why = format!(
                        "event type {id} is already in line {first}; if several people share it, write one entry with hosts instead of staff"
                    );
                    report.wrong(*at, why);
                } else {
                    let why = format!(
                        "event type {id} stands for another service in line {first}; what is booked in Cal.com itself cannot be told apart"
                    );
                    report.warn(*at, why);
                }
            }
        }
    }
}

/// One service, and the same person's own, or two shared ones that do not say who is in which.
fn stand_for_the_same(one: &Mapped, other: &Mapped) -> bool {
    let shared_without_border =
        || one.hosts.is_empty() || other.hosts.is_empty() || one.hosts.keys().any(|who| other.hosts.contains_key(who));
    one.service == other.service
        && match (&one.staff, &other.staff) {
            (Some(one), Some(other)) => one == other,
            (None, None) => shared_without_border(),
            _ => false,
        }
}

/// Warns of every service with people who have no event type for it.
pub(super) fn holes(link: &CalendarLink, services: &[Placed<Service>], staff: &[Placed<Staff>], report: &Report<'_>) {
    for Placed { at, value: service } in services.iter().filter(|service| service.value.active) {
        let able = staff.iter().map(|person| &person.value);
        let able = able.filter(|person| person.active && person.services.contains(&service.id));
        let unmapped: Vec<&str> =
            able.filter(|person| !link.can_carry(&service.id, &person.id)).map(|person| person.name.as_str()).collect();
        if !unmapped.is_empty() {
            let why = format!(
                "\"{}\" with {} is not offered until it is mapped; add [[calendar.event_type]] with service = \"{}\"",
                service.name,
                unmapped.join(", "),
                service.id
            );
            report.warn(*at, why);
        }
    }
}
