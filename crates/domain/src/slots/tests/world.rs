//! Tenants and questions made by hand.

use std::collections::BTreeMap;

use jiff::{Timestamp, Zoned};
use serde_json::{Value, json};

use crate::ids::StaffId;
use crate::slots::free::{LegWish, Search};
use crate::slots::{Interval, Visit};
use crate::tenant::Tenant;

pub(super) type Taken = BTreeMap<StaffId, Vec<Interval>>;

/// "2026-12-02 10:00" or, for an hour that comes twice, "2026-10-25 02:00+02:00"; always Berlin.
pub(super) fn moment(text: &str) -> Timestamp {
    if text.len() > 16 {
        return text.parse().unwrap();
    }
    berlin(text).timestamp()
}

pub(super) fn berlin(text: &str) -> Zoned {
    let clock: jiff::civil::DateTime = text.parse().unwrap();
    clock.in_tz("Europe/Berlin").unwrap()
}

pub(super) fn interval(from: &str, until: &str) -> Interval {
    Interval { from: moment(from), until: moment(until) }
}

/// What is taken: (person, from, until) each.
pub(super) fn taken(rows: &[(&str, &str, &str)]) -> Taken {
    let mut taken = Taken::new();
    for (person, from, until) in rows {
        taken.entry(StaffId::from(*person)).or_default().push(interval(from, until));
    }
    taken
}

/// The same hours on every day of the week.
pub(super) fn daily(spans: Value) -> Value {
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    Value::Object(days.iter().map(|day| ((*day).to_owned(), spans.clone())).collect())
}

/// Monday to Friday 9 to 19, Saturday 9 to 14.
pub(super) fn salon_week() -> Value {
    let mut week = daily(json!([["09:00", "19:00"]]));
    week["saturday"] = json!([["09:00", "14:00"]]);
    week["sunday"] = json!([]);
    week
}

pub(super) fn service(id: &str, minutes: u16) -> Value {
    json!({ "id": id, "name": id, "phases": [{ "minutes": minutes }] })
}

pub(super) fn person(id: &str, services: &[&str]) -> Value {
    json!({ "id": id, "name": format!("{id} Muster"), "branch": "mitte", "services": services })
}

pub(super) fn tenant_value(week: Value, services: Value, staff: Value) -> Value {
    json!({
        "id": "ten_1", "slug": "salon", "name": "Salon", "language": "de", "country": "DE", "mode": "local-first",
        "slot_grid_minutes": 15, "default_branch": "mitte", "services": services, "staff": staff,
        "branches": [{ "id": "mitte", "name": "Mitte", "zone": "Europe/Berlin", "state": "BE", "hours": week }],
    })
}

pub(super) fn read(value: Value) -> Tenant {
    serde_json::from_value(value).unwrap()
}

/// One barber and two colourists, Berlin; a perm leaves its 45 minutes in the middle to others.
pub(super) fn salon_value() -> Value {
    let perm = json!({ "id": "perm", "name": "perm", "phases": [
        { "minutes": 30 }, { "minutes": 45, "staff_free": true }, { "minutes": 30 },
    ] });
    let services = json!([
        service("cut", 30),
        service("beard", 60),
        service("trim", 15),
        service("ladies", 45),
        service("colour", 90),
        service("highlights", 120),
        perm
    ]);
    let staff = json!([
        person("fabian", &["cut", "beard", "trim"]),
        person("emma", &["ladies", "colour", "perm", "trim"]),
        person("leyla", &["ladies", "colour", "highlights"]),
    ]);
    tenant_value(salon_week(), services, staff)
}

pub(super) fn salon() -> Tenant {
    read(salon_value())
}

/// One person who does a half-hour service in a shop that never closes.
pub(super) fn round_the_clock(grid: u16) -> Tenant {
    let mut value = tenant_value(
        daily(json!([["00:00", "24:00"]])),
        json!([service("cut", 30)]),
        json!([person("fabian", &["cut"])]),
    );
    value["slot_grid_minutes"] = json!(grid);
    read(value)
}

/// A question at `now`: legs as "service" or "service/person".
pub(super) fn search<'a>(tenant: &'a Tenant, legs: &[&str], now: &str, taken: &Taken) -> Search<'a> {
    let legs = legs.iter().map(|leg| {
        let (service, person) = leg.split_once('/').map_or((*leg, None), |(service, person)| (service, Some(person)));
        LegWish {
            service: tenant.service(&service.into()).unwrap(),
            staff: person.map(|person| tenant.staff(&person.into()).unwrap()),
        }
    });
    Search::new(tenant, &tenant.branches[0], legs.collect(), moment(now), taken)
}

pub(super) const NOW: &str = "2026-12-01 09:12";

/// The wall clock of each visit's start, Berlin: "2026-12-02 10:00".
pub(super) fn starts(visits: &[Visit]) -> Vec<String> {
    visits.iter().map(|visit| clock(visit.start)).collect()
}

pub(super) fn clock(at: Timestamp) -> String {
    at.in_tz("Europe/Berlin").unwrap().strftime("%Y-%m-%d %H:%M").to_string()
}

/// The starts of one stretch.
pub(super) fn between(search: &Search<'_>, from: &str, until: &str) -> Vec<String> {
    starts(&search.within(moment(from), moment(until), usize::MAX))
}

/// Who serves each leg.
pub(super) fn people(visit: &Visit) -> Vec<&str> {
    visit.legs.iter().map(|leg| leg.staff.as_str()).collect()
}
