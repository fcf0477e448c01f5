//! What no single entry can know: doubles, overlaps, services nobody can do.

use std::collections::BTreeMap;

use frontdesk_domain::ids::StaffId;
use frontdesk_domain::slots::Interval;
use frontdesk_domain::tenant::catalog::Service;
use frontdesk_domain::tenant::hours::DaySpan;
use frontdesk_domain::tenant::{Branch, Staff};

use super::naming::Placed;
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
    lines(&parts.branches, report);
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

/// A number leads to one place. An agent may serve several branches, as long as every call has a number.
fn lines(branches: &[Placed<Branch>], report: &Report<'_>) {
    let mut numbers: BTreeMap<&str, &str> = BTreeMap::new();
    let mut agents: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    for branch in branches {
        let name = branch.value.name.as_str();
        for line in &branch.value.lines {
            if let Some(number) = &line.number
                && let Some(other) = numbers.insert(number.reveal(), name)
            {
                let why = format!(
                    "number {} of branch \"{name}\" already belongs to a line of \"{other}\"; a number leads to one line",
                    number.reveal()
                );
                report.wrong(branch.at, why);
            }
            for agent in &line.agents {
                if let Some(other) = agents.insert((agent.platform.as_str(), &agent.id), name)
                    && other != name
                {
                    let why = format!(
                        "agent {} answers for \"{other}\" and for \"{name}\"; its calls without a known number cannot be told apart",
                        agent.id
                    );
                    report.warn(branch.at, why);
                }
            }
        }
    }
}

/// Two services of one branch that answer to the same words.
fn words(parts: &Parts, report: &Report<'_>) {
    for (place, service) in parts.services.iter().enumerate() {
        let here = &service.value;
        for other in parts.services.iter().take(place) {
            let there = &other.value;
            let meet = here.branches.is_empty()
                || there.branches.is_empty()
                || here.branches.iter().any(|branch| there.branches.contains(branch));
            if !meet || !here.active || !there.active || here.id == there.id {
                continue;
            }
            if here.name.to_lowercase() == there.name.to_lowercase() {
                let first = report.line_of(other.at);
                let why = format!(
                    "service \"{}\" is already in line {first} for the same branch; give one another name",
                    here.name
                );
                report.wrong(service.at, why);
            } else if let Some(word) = shared_word(here, there) {
                let why = format!(
                    "\"{word}\" means both \"{}\" and \"{}\"; callers will be asked back",
                    there.name, here.name
                );
                report.warn(service.at, why);
            }
        }
    }
}

fn shared_word<'a>(one: &'a Service, other: &Service) -> Option<&'a str> {
    let all = |service: &'a Service| service.synonyms.iter().chain([&service.name]).map(String::as_str);
    let others: Vec<String> = other.synonyms.iter().chain([&other.name]).map(|word| word.to_lowercase()).collect();
    all(one).find(|word| others.contains(&word.to_lowercase()))
}

fn abilities(parts: &Parts, report: &Report<'_>) {
    for service in parts.services.iter().filter(|service| service.value.active) {
        for branch in parts.branches.iter().map(|placed| &placed.value) {
            let somebody = parts.staff.iter().map(|placed| &placed.value).any(|person| {
                person.active && person.branch == branch.id && person.services.contains(&service.value.id)
            });
            // A service of the whole company is offered wherever somebody can do it; a branch's own must be doable.
            let nowhere = service.value.branches.is_empty()
                && !parts.staff.iter().any(|person| person.value.services.contains(&service.value.id));
            if !somebody && (service.value.branches.contains(&branch.id) || nowhere) {
                let name = &service.value.name;
                report.warn(
                    service.at,
                    format!("nobody at \"{}\" can do \"{name}\", so it is not offered there", branch.name),
                );
            }
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
