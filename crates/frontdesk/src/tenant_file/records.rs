//! Customers and appointments brought over from an older system; inserted once, never changed by later applies.

use frontdesk_domain::ids::{AppointmentId, BranchId, CustomerId};
use frontdesk_domain::pii::{Email, PersonName, Phone};
use frontdesk_domain::slots::{Interval, Leg, Visit};
use frontdesk_domain::tenant::catalog::Service;
use frontdesk_domain::tenant::{Branch, Staff};
use jiff::civil::DateTime;
use jiff::tz::AmbiguousOffset;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use super::naming::{Placed, find, id_or_slug};
use super::people::branch_of;
use super::places::phone;
use super::reader::{Item, Table, Text};

/// Longest name of a person, in characters.
const LONGEST_NAME: usize = 80;

/// A customer to bring over.
#[derive(Clone, Debug, PartialEq)]
pub struct NewCustomer {
    /// Unique inside the tenant.
    pub id: CustomerId,
    /// Full name.
    pub name: PersonName,
    /// In E.164; several customers may share one.
    pub phone: Option<Phone>,
    /// Where confirmations go.
    pub email: Option<Email>,
}

/// An appointment to bring over; confirmed already.
#[derive(Clone, Debug, PartialEq)]
pub struct NewAppointment {
    /// Unique inside the tenant; the same at every apply of the same entry.
    pub id: AppointmentId,
    /// Where.
    pub branch: BranchId,
    /// Who comes.
    pub customer: CustomerId,
    /// What, with whom and when.
    pub visit: Visit,
}

/// What an appointment may refer to.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) slug: &'a str,
    pub(super) branches: &'a [Placed<Branch>],
    pub(super) services: &'a [Placed<Service>],
    pub(super) staff: &'a [Placed<Staff>],
    pub(super) customers: &'a [Placed<NewCustomer>],
}

/// Reads one `[[customer]]`. Messages name no customer, only the line.
pub(super) fn customer(table: Table<'_>) -> Option<Placed<NewCustomer>> {
    let name = table.needed_text("name", "Karin Vogt").filter(|name| {
        let fits = name.value.chars().count() <= LONGEST_NAME;
        if !fits {
            table.report.wrong(name.at, format!("the name is longer than {LONGEST_NAME} characters; shorten it"));
        }
        fits
    });
    let id = match (table.item("id"), &name) {
        (Some(_), Some(name)) => id_or_slug(&table, name),
        (Some(_), None) => None,
        (None, _) => {
            let why = "the customer has no id; write id = \"…\", the number or code it had in the old system";
            table.report.wrong(table.at, why);
            None
        }
    };
    let phone = table.text("phone").and_then(|text| phone(&text, &table));
    let email = table.text("email").and_then(|text| email(&text, &table));
    let at = table.at;
    table.close();
    let customer =
        NewCustomer { id: CustomerId::new(id?), name: PersonName::from_canonical(name?.value), phone, email };
    Some(Placed { at, value: customer })
}

/// Reads one `[[appointment]]`.
pub(super) fn appointment(table: Table<'_>, known: Known<'_>) -> Option<Placed<NewAppointment>> {
    let branch = branch_of(&table, known.branches);
    let customer = table.needed_text("customer", "the customer's id").and_then(|text| {
        let named = known.customers.iter().map(|placed| (placed.value.id.as_str(), placed.value.id.as_str(), placed));
        find("customer", &text, &table, named)
    });
    let staff = table.needed_text("staff", "Emma Winkler").and_then(|text| {
        let here = known.staff.iter().map(|placed| &placed.value);
        let here = here.filter(|person| branch.is_none_or(|branch| person.branch == branch.id));
        find("person", &text, &table, here.map(|person| (person.id.as_str(), person.name.as_str(), person)))
    });
    let mut wished = table.texts("service");
    wished.extend(table.texts("services"));
    if table.item("service").is_none() && table.item("services").is_none() {
        table.report.wrong(table.at, "the appointment has no service; write service = \"…\"");
    }
    let services: Vec<Option<&Service>> = wished
        .iter()
        .map(|text| {
            let here = known.services.iter().map(|placed| &placed.value);
            let here = here.filter(|service| branch.is_none_or(|branch| service.offered_at(&branch.id)));
            find("service", text, &table, here.map(|service| (service.id.as_str(), service.name.as_str(), service)))
        })
        .collect();
    if table.item("start").is_none() {
        table.report.wrong(table.at, "the appointment has no start; write start = 2026-12-03T10:00:00");
    }
    let start = table.item("start").zip(branch).and_then(|(item, branch)| start(&item, branch));
    let given_id = table.item("id").and_then(|_| {
        // The name is never used: an id is there.
        id_or_slug(&table, &Text { at: table.at, value: String::new() })
    });
    let (at, report) = (table.at, table.report);
    table.close();

    let services: Vec<&Service> = services.into_iter().collect::<Option<_>>()?;
    let (branch, customer, staff, start) = (branch?, &customer?.value, staff?, start?);
    let Some(visit) = visit(&services, staff, start) else {
        report.wrong(at, "the appointment has no service or lies outside the calendar; write service = \"…\"");
        return None;
    };
    if let Some(service) = services.iter().find(|service| !staff.services.contains(&service.id)) {
        report.warn(at, format!("{} does not do \"{}\"; the appointment is taken as it is", staff.name, service.name));
    }
    let id = given_id.unwrap_or_else(|| derived_id(known.slug, customer, &visit));
    let appointment =
        NewAppointment { id: AppointmentId::new(id), branch: branch.id.clone(), customer: customer.id.clone(), visit };
    Some(Placed { at, value: appointment })
}

/// The services one after the other by one person, with the stretches in which the person is taken.
fn visit(services: &[&Service], staff: &Staff, start: Timestamp) -> Option<Visit> {
    let minutes = |count: u16| SignedDuration::from_mins(i64::from(count));
    let mut legs = Vec::new();
    let mut now = start;
    for service in services {
        let leg_start = now;
        let mut busy = Vec::new();
        let mut busy_from = Some(now.checked_sub(minutes(service.buffer_before)).ok()?);
        for phase in &service.phases {
            if phase.staff_free
                && let Some(from) = busy_from.take()
            {
                busy.push(Interval { from, until: now });
            } else if !phase.staff_free && busy_from.is_none() {
                busy_from = Some(now);
            }
            now = now.checked_add(minutes(phase.minutes)).ok()?;
        }
        let last =
            Interval { from: busy_from.unwrap_or(now), until: now.checked_add(minutes(service.buffer_after)).ok()? };
        if last.from < last.until {
            busy.push(last);
        }
        legs.push(Leg { service: service.id.clone(), staff: staff.id.clone(), start: leg_start, end: now, busy });
    }
    (!legs.is_empty()).then_some(Visit { start, end: now, legs })
}

/// An RFC 3339 moment, or the branch's wall clock.
fn start(item: &Item<'_>, branch: &Branch) -> Option<Timestamp> {
    let text = item.moment()?.value;
    if let Ok(exact) = text.parse::<Timestamp>() {
        return Some(exact);
    }
    let local = if text.len() > 10 { text.parse::<DateTime>().ok() } else { None };
    let Some(local) = local else {
        item.wrong(format!("\"{text}\" is no moment; write it like 2026-12-03T10:00:00 or 2026-12-03T10:00:00+01:00"));
        return None;
    };
    let local = branch.zone.to_ambiguous_timestamp(local);
    if !matches!(local.offset(), AmbiguousOffset::Unambiguous { .. }) {
        item.wrong(format!("the clocks change at {text}; add the offset, such as {text}+01:00"));
        return None;
    }
    local.compatible().ok()
}

/// An id that is the same for the same entry, so that a second apply finds the appointment already there.
fn derived_id(slug: &str, customer: &NewCustomer, visit: &Visit) -> String {
    let mut hash = Sha256::new();
    for part in [slug, customer.id.as_str(), &visit.start.to_string()] {
        hash.update(part);
        hash.update([0]);
    }
    for leg in &visit.legs {
        hash.update(leg.service.as_str());
        hash.update([0]);
        hash.update(leg.staff.as_str());
        hash.update([0]);
    }
    let hex: String = hash.finalize().iter().take(10).map(|byte| format!("{byte:02x}")).collect();
    format!("apt_{hex}")
}

/// A written address; the domain in lower case.
fn email(text: &Text, table: &Table<'_>) -> Option<Email> {
    let parts = text.value.split_once('@').filter(|(local, domain)| {
        let label_fits = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
        !local.is_empty()
            && !text.value.contains(char::is_whitespace)
            && domain.contains('.')
            && domain.split('.').all(label_fits)
    });
    if parts.is_none() {
        table.report.wrong(text.at, "this is no e-mail address; write it like k.vogt@example.org, or leave email out");
    }
    parts.map(|(local, domain)| Email::from_canonical(format!("{local}@{}", domain.to_lowercase())))
}
