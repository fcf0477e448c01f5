//! What no single entry can know: doubles, overlaps, services nobody can do.

use std::collections::{BTreeMap, BTreeSet};

use frontdesk_domain::ids::{BranchId, ServiceId, StaffId};
use frontdesk_domain::slots::Interval;
use frontdesk_domain::tenant::catalog::Service;
use frontdesk_domain::tenant::hours::DaySpan;
use frontdesk_domain::tenant::{Branch, Staff};

use super::naming::{Placed, same_word};
use super::records::{NewAppointment, NewCustomer};
use super::report::Report;
use super::week;

/// Most entries of a kind; more is a mistake, not a company.
const MOST_BRANCHES: usize = 500;
const MOST_SERVICES: usize = 2000;
const MOST_STAFF: usize = 1000;

/// The parts of a tenant file, each with its place.
pub(super) struct Parts {
    pub(super) branches: Vec<Placed<Branch>>,
    pub(super) services: Vec<Placed<Service>>,
    pub(super) staff: Vec<Placed<Staff>>,
    pub(super) customers: Vec<Placed<NewCustomer>>,
    pub(super) appointments: Vec<Placed<NewAppointment>>,
}

/// Checks the parts against one another.
pub(super) fn check(parts: &Parts, report: &Report<'_>) {
    limits(parts, report);
    doubles("branch", parts.branches.iter().map(|b| (b.at, b.value.id.as_str())), report);
    doubles("service", parts.services.iter().map(|s| (s.at, s.value.id.as_str())), report);
    doubles("staff", parts.staff.iter().map(|s| (s.at, s.value.id.as_str())), report);
    doubles("customer", parts.customers.iter().map(|c| (c.at, c.value.id.as_str())), report);
    doubles("appointment", parts.appointments.iter().map(|a| (a.at, a.value.id.as_str())), report);
    words(parts, report);
    abilities(parts, report);
    working_hours(parts, report);
    appointments(&parts.appointments, report);
}

fn limits(parts: &Parts, report: &Report<'_>) {
    let counts = [
        ("branches", parts.branches.get(MOST_BRANCHES).map(|over| over.at), MOST_BRANCHES),
        ("services", parts.services.get(MOST_SERVICES).map(|over| over.at), MOST_SERVICES),
        ("people", parts.staff.get(MOST_STAFF).map(|over| over.at), MOST_STAFF),
    ];
    for (kind, over, most) in counts {
        if let Some(at) = over {
            report.wrong(at, format!("there are more than {most} {kind}; split the company into several tenants"));
        }
    }
}

fn doubles<'a>(kind: &str, ids: impl Iterator<Item = (usize, &'a str)>, report: &Report<'_>) {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, id) in ids.filter(|(_, id)| !id.is_empty()) {
        if let Some(first) = seen.insert(id, at) {
            let first = report.line_of(first);
            let why = format!("{kind} id \"{id}\" is already used in line {first}; give this one an id of its own");
            report.wrong(at, why);
        }
    }
}

/// Two services of one branch that answer to the same words.
fn words(parts: &Parts, report: &Report<'_>) {
    let mut known: BTreeMap<String, Vec<&Placed<Service>>> = BTreeMap::new();
    for service in parts.services.iter().filter(|service| service.value.active) {
        let own: BTreeSet<String> =
            service.value.synonyms.iter().chain([&service.value.name]).map(|word| word.to_lowercase()).collect();
        for word in own {
            let others = known.entry(word.clone()).or_default();
            for other in others.iter().filter(|other| meet(&service.value, &other.value)) {
                let (here, there) = (&service.value.name, &other.value.name);
                if same_word(here, there) && same_word(here, &word) {
                    let first = report.line_of(other.at);
                    let why = format!(
                        "service \"{here}\" is already in line {first} for the same branch; give one another name"
                    );
                    report.wrong(service.at, why);
                } else {
                    let why = format!("\"{word}\" means both \"{there}\" and \"{here}\"; callers will be asked back");
                    report.warn(service.at, why);
                }
            }
            others.push(service);
        }
    }
}

/// Whether a branch may offer both.
fn meet(one: &Service, other: &Service) -> bool {
    one.id != other.id
        && (one.branches.is_empty()
            || other.branches.is_empty()
            || one.branches.iter().any(|branch| other.branches.contains(branch)))
}

fn abilities(parts: &Parts, report: &Report<'_>) {
    let active = || parts.staff.iter().map(|placed| &placed.value).filter(|person| person.active);
    let doable: BTreeSet<(&ServiceId, &BranchId)> =
        active().flat_map(|person| person.services.iter().map(|service| (service, &person.branch))).collect();
    let doable_somewhere: BTreeSet<&ServiceId> = active().flat_map(|person| &person.services).collect();
    for Placed { at, value: service } in parts.services.iter().filter(|service| service.value.active) {
        let name = &service.name;
        if !doable_somewhere.contains(&service.id) {
            report.warn(*at, format!("nobody can do \"{name}\", so it is not offered; name it in somebody's services"));
            continue;
        }
        // A service of the whole company is simply not offered where nobody can do it.
        for branch in service.branches.iter().filter(|branch| !doable.contains(&(&service.id, branch))) {
            report.warn(*at, format!("nobody at branch {branch} can do \"{name}\", so it is not offered there"));
        }
    }
}

fn working_hours(parts: &Parts, report: &Report<'_>) {
    for person in &parts.staff {
        let branch = parts.branches.iter().find(|branch| branch.value.id == person.value.branch);
        let (Some(hours), Some(branch)) = (&person.value.hours, branch) else { continue };
        for day in week::all_days() {
            let open = branch.value.hours.on(day);
            if hours.on(day).iter().any(|span| !covered(*span, open)) {
                let why = format!(
                    "{} works on {} while \"{}\" is closed; only the time inside the opening hours counts",
                    person.value.name,
                    week::name_of(day),
                    branch.value.name
                );
                report.warn(person.at, why);
            }
        }
    }
}

/// Whether sorted spans cover all of one; touching spans count as one.
fn covered(span: DaySpan, open: &[DaySpan]) -> bool {
    let mut from = span.from;
    for opening in open {
        if opening.from <= from && from < opening.until {
            from = opening.until;
        }
    }
    from >= span.until
}

fn appointments(all: &[Placed<NewAppointment>], report: &Report<'_>) {
    let mut taken: BTreeMap<&StaffId, Vec<(Interval, usize)>> = BTreeMap::new();
    for appointment in all {
        for leg in &appointment.value.visit.legs {
            let others = taken.entry(&leg.staff).or_default();
            let clash = others.iter().find(|(other, _)| leg.busy.iter().any(|busy| busy.overlaps(other)));
            if let Some((_, first)) = clash.filter(|(_, first)| *first != appointment.at) {
                let first = report.line_of(*first);
                let why = format!(
                    "this appointment overlaps the one in line {first} of the same person; correct one of the two"
                );
                report.wrong(appointment.at, why);
            }
            others.extend(leg.busy.iter().map(|busy| (*busy, appointment.at)));
        }
    }
}
