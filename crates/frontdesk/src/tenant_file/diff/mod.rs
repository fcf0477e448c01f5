//! What an apply changes, in sentences an owner can read.

mod calendar;
#[cfg(test)]
mod tests;
mod words;

use std::fmt::Display;

use frontdesk_domain::tenant::catalog::Service;
use frontdesk_domain::tenant::hours::WeekHours;
use frontdesk_domain::tenant::policy::PolicyLayer;
use frontdesk_domain::tenant::{Branch, Staff, Tenant};

use super::week;

/// Says what changes from the stored tenant to the new one, one sentence per change; empty where nothing does. The
/// tenant's id is no change. Holds no secret: a [`Tenant`] has none.
///
/// `old`: `None` at the first apply.
pub fn changes(old: Option<&Tenant>, new: &Tenant) -> Vec<String> {
    let mut said = Said::default();
    let Some(old) = old else {
        said.0.push(format!("tenant {} added", new.name));
        said.0.extend(new.branches.iter().map(|branch| format!("branch {} added", branch.name)));
        said.0.extend(new.services.iter().map(|service| format!("service {} added", service.name)));
        said.0.extend(new.staff.iter().map(|person| format!("staff {} added", person.name)));
        calendar::calendar(None, new.calendar.as_ref(), &mut said);
        return said.0;
    };
    company(old, new, &mut said);
    let same = Tenant { id: new.id.clone(), ..old.clone() } == *new;
    if said.0.is_empty() && !same {
        // All that is left: the same things in another order, which decides who is offered first.
        said.0.push("the order of the entries changed".to_owned());
    }
    said.0
}

/// The sentences so far.
#[derive(Default)]
struct Said(Vec<String>);

impl Said {
    /// `about: what old → new`, if the two differ.
    fn value<T: PartialEq, D: Display>(&mut self, about: &str, what: &str, pair: (&T, &T), show: impl Fn(&T) -> D) {
        let (old, new) = pair;
        if old != new {
            let gap = if what.is_empty() { "" } else { " " };
            self.0.push(format!("{about}: {what}{gap}{} → {}", show(old), show(new)));
        }
    }

    /// What was added to a list and what was taken out of it.
    fn list<T: PartialEq>(&mut self, about: &str, what: &str, pair: (&[T], &[T]), show: impl Fn(&T) -> String) {
        let (old, new) = pair;
        let gone = old.iter().filter(|entry| !new.contains(entry));
        let came = new.iter().filter(|entry| !old.contains(entry));
        self.0.extend(came.map(|entry| format!("{about}: {what} {} added", show(entry))));
        self.0.extend(gone.map(|entry| format!("{about}: {what} {} removed", show(entry))));
    }

    /// Things with an id: added, removed, and what changed in those that stayed.
    fn things<T>(
        &mut self,
        kind: &str,
        pair: (&[T], &[T]),
        id_and_name: impl Fn(&T) -> (&str, &str),
        compare: impl Fn(&T, &T, &mut Self),
    ) {
        let (old, new) = pair;
        let find = |all: &'_ [T], id: &str| all.iter().position(|thing| id_and_name(thing).0 == id);
        for thing in new {
            let (id, name) = id_and_name(thing);
            match find(old, id).and_then(|place| old.get(place)) {
                Some(before) => compare(before, thing, self),
                None => self.0.push(format!("{kind} {name} added")),
            }
        }
        for thing in old {
            let (id, name) = id_and_name(thing);
            if find(new, id).is_none() {
                self.0.push(format!("{kind} {name} removed"));
            }
        }
    }
}

fn company(old: &Tenant, new: &Tenant, said: &mut Said) {
    // Taken apart whole, so that a new field cannot be forgotten here.
    let Tenant {
        id: _,
        slug,
        name,
        language,
        country,
        business,
        mode,
        slot_grid_minutes,
        day_parts,
        default_branch,
        branches,
        services,
        staff,
        policy,
        strict_ownership,
        calendar,
    } = new;
    said.value("company", "slug", (&old.slug, slug), String::clone);
    said.value("company", "name", (&old.name, name), String::clone);
    said.value("company", "language", (&old.language, language), |lang| words::language(*lang));
    said.value("company", "country", (&old.country, country), String::clone);
    said.value("company", "business", (&old.business, business), |business| format!("{business:?}").to_lowercase());
    said.value("company", "mode", (&old.mode, mode), |mode| words::mode(*mode));
    said.value("company", "starts every", (&old.slot_grid_minutes, slot_grid_minutes), |m| format!("{m} minutes"));
    said.value("company", "morning", (&old.day_parts.morning, &day_parts.morning), words::span);
    said.value("company", "afternoon", (&old.day_parts.afternoon, &day_parts.afternoon), words::span);
    said.value("company", "evening", (&old.day_parts.evening, &day_parts.evening), words::span);
    said.value("company", "default branch", (&old.default_branch, default_branch), |branch| branch.to_string());
    said.value("company", "strict ownership", (&old.strict_ownership, strict_ownership), words::yes_no);
    rules("company", &old.policy, policy, said);
    said.things("branch", (&old.branches, branches), |b| (b.id.as_str(), &b.name), branch);
    said.things("service", (&old.services, services), |s| (s.id.as_str(), &s.name), service);
    said.things("staff", (&old.staff, staff), |s| (s.id.as_str(), &s.name), person);
    calendar::calendar(old.calendar.as_ref(), calendar.as_ref(), said);
}

fn branch(old: &Branch, new: &Branch, said: &mut Said) {
    let Branch {
        id: _,
        name,
        zone,
        state,
        open_on_holidays,
        hours,
        closures,
        special_days,
        lines,
        transfer_to,
        policy,
    } = new;
    let about = &format!("branch {name}");
    said.value(about, "name", (&old.name, name), String::clone);
    said.value(about, "zone", (&old.zone, zone), |zone| zone.iana_name().unwrap_or("UTC").to_owned());
    said.value(about, "federal state", (&old.state, state), |state| {
        words::or_none(state.map(|s| format!("{s:?}").to_uppercase()))
    });
    said.value(about, "open on holidays", (&old.open_on_holidays, open_on_holidays), words::yes_no);
    week_hours(about, &old.hours, hours, said);
    said.list(about, "closure", (&old.closures, closures), words::closure);
    said.list(about, "special day", (&old.special_days, special_days), words::special_day);
    said.list(about, "line", (&old.lines, lines), words::line);
    let reveal = |phone: &Option<_>| words::or_none(phone.as_ref().map(words::business_number));
    said.value(about, "hands calls to", (&old.transfer_to, transfer_to), reveal);
    rules(about, &old.policy, policy, said);
}

fn service(old: &Service, new: &Service, said: &mut Said) {
    let Service {
        id: _,
        name,
        synonyms,
        category,
        branches,
        active,
        phases,
        buffer_before,
        buffer_after,
        price,
        policy,
    } = new;
    let about = &format!("service {name}");
    said.value(about, "name", (&old.name, name), String::clone);
    said.value(about, "", (&old.phases, phases), |phases| words::phases(phases));
    said.value(about, "buffer before", (&old.buffer_before, buffer_before), |m| format!("{m} minutes"));
    said.value(about, "buffer after", (&old.buffer_after, buffer_after), |m| format!("{m} minutes"));
    said.value(about, "price", (&old.price, price), |price| words::or_none(price.as_ref().map(words::money)));
    said.value(about, "active", (&old.active, active), words::yes_no);
    said.value(about, "category", (&old.category, category), |category| words::or_none(category.clone()));
    said.value(about, "offered at", (&old.branches, branches), |branches| words::branches(branches));
    said.list(about, "synonym", (&old.synonyms, synonyms), |word| format!("\"{word}\""));
    rules(about, &old.policy, policy, said);
}

fn person(old: &Staff, new: &Staff, said: &mut Said) {
    let Staff { id: _, name, synonyms, branch, hours, absences, services, active, policy } = new;
    let about = &format!("staff {name}");
    said.value(about, "name", (&old.name, name), String::clone);
    said.value(about, "branch", (&old.branch, branch), |branch| branch.to_string());
    match (&old.hours, hours) {
        (Some(old), Some(new)) => week_hours(about, old, new, said),
        (None, Some(_)) => said.0.push(format!("{about}: has working hours of its own now")),
        (Some(_), None) => said.0.push(format!("{about}: works whenever the branch is open now")),
        (None, None) => {}
    }
    said.list(about, "absence", (&old.absences, absences), words::absence);
    said.list(about, "service", (&old.services, services), |service| service.to_string());
    said.list(about, "synonym", (&old.synonyms, synonyms), |word| format!("\"{word}\""));
    said.value(about, "active", (&old.active, active), words::yes_no);
    rules(about, &old.policy, policy, said);
}

fn week_hours(about: &str, old: &WeekHours, new: &WeekHours, said: &mut Said) {
    for day in week::all_days() {
        let pair = (&old.on(day).to_vec(), &new.on(day).to_vec());
        said.value(about, week::name_of(day), pair, |spans| words::spans(spans));
    }
}

fn rules(about: &str, old: &PolicyLayer, new: &PolicyLayer, said: &mut Said) {
    let PolicyLayer {
        notice_minutes,
        horizon_days,
        cancel_deadline_hours,
        move_deadline_hours,
        cancel_fee,
        move_fee,
        max_cancels_per_30_days,
        max_moves_per_appointment,
    } = new;
    let numbers = [
        ("notice", "minutes", old.notice_minutes, notice_minutes),
        ("horizon", "days", old.horizon_days, horizon_days),
        ("deadline to cancel", "hours", old.cancel_deadline_hours, cancel_deadline_hours),
        ("deadline to move", "hours", old.move_deadline_hours, move_deadline_hours),
        ("cancellations in 30 days", "at most", old.max_cancels_per_30_days, max_cancels_per_30_days),
        ("moves of one appointment", "at most", old.max_moves_per_appointment, max_moves_per_appointment),
    ];
    for (what, unit, old, new) in numbers {
        let show = |number: &Option<u32>| {
            words::or_none(
                number.map(|n| if unit == "at most" { format!("{unit} {n}") } else { format!("{n} {unit}") }),
            )
        };
        said.value(about, what, (&old, new), show);
    }
    for (what, old, new) in [("fee to cancel", old.cancel_fee, cancel_fee), ("fee to move", old.move_fee, move_fee)] {
        said.value(about, what, (&old, new), |fee| words::or_none(fee.as_ref().map(words::fee)));
    }
}
