//! Random shops, bookings and wishes, judged minute by minute by a calendar too simple to be wrong.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Value, json};

use super::world::*;
use crate::slots::alternatives::{Near, alternatives};
use crate::slots::free::{LegWish, Search};
use crate::slots::openings::Openings;
use crate::slots::{Interval, Visit};
use crate::tenant::hours::opening_on;
use crate::tenant::{Staff, Tenant};

const SERVICES: [&str; 3] = ["s0", "s1", "s2"];

/// A shop with a question to it.
#[derive(Clone, Debug)]
struct Case {
    tenant: Tenant,
    legs: Vec<(usize, Option<usize>)>,
    taken: Taken,
    now: Timestamp,
    /// The middle one of the three days that matter.
    day: Date,
}

impl Case {
    fn search(&self) -> Search<'_> {
        let legs = self.legs.iter().map(|(service, person)| LegWish {
            service: &self.tenant.services[*service],
            staff: person.map(|person| &self.tenant.staff[person % self.tenant.staff.len()]),
        });
        Search::new(&self.tenant, &self.tenant.branches[0], legs.collect(), self.now, &self.taken)
    }

    fn midnight(&self, days: i32) -> Timestamp {
        let date = self.day.saturating_add(days.days());
        date.to_zoned(self.tenant.branches[0].zone.clone()).unwrap().timestamp()
    }

    fn all(&self) -> Vec<Visit> {
        self.search().within(self.midnight(0), self.midnight(1), usize::MAX)
    }
}

/// Sorted spans of whole hours.
fn hours() -> impl Strategy<Value = Value> {
    let clock = |hour: usize| format!("{hour:02}:00");
    subsequence((0..=24).collect::<Vec<usize>>(), 2..=4)
        .prop_map(move |bounds| bounds.chunks_exact(2).map(|pair| json!([clock(pair[0]), clock(pair[1])])).collect())
}

fn any_service(id: &'static str) -> impl Strategy<Value = Value> {
    let phase = (1..=9_u16, any::<bool>());
    let buffer = || select(vec![0, 0, 5, 10, 35]);
    (prop::collection::vec(phase, 1..=3), buffer(), buffer()).prop_map(move |(phases, before, after)| {
        let phases: Vec<Value> = phases
            .iter()
            .enumerate()
            .map(|(at, (minutes, free))| json!({ "minutes": minutes * 5, "staff_free": *free && at > 0 }))
            .collect();
        json!({ "id": id, "name": id, "phases": phases, "buffer_before": before, "buffer_after": after })
    })
}

fn any_person(id: usize) -> impl Strategy<Value = Value> {
    let absence = (0..40_i32, 1..10_i32);
    (subsequence(SERVICES.to_vec(), 1..=3), prop::option::of(hours()), prop::option::of(absence)).prop_map(
        move |(services, own, absence)| {
            let mut value = person(&format!("p{id}"), &services);
            value["hours"] = own.map_or(Value::Null, daily);
            // Filled in with the day by `any_case`.
            value["absences"] = absence.map_or(json!([]), |(from, length)| json!([from, length]));
            value
        },
    )
}

fn any_case() -> impl Strategy<Value = Case> {
    let services = SERVICES.map(any_service);
    let staff = (1..=3_usize).prop_flat_map(|count| (0..count).map(any_person).collect::<Vec<_>>());
    let legs = prop::collection::vec((0..3_usize, prop::option::weighted(0.15, 0..3_usize)), 1..=3);
    let booking = (0..3_usize, -60..330_i64, 1..=12_i64);
    let days = ["2026-12-02", "2026-10-25", "2027-03-28", "2026-12-25"];
    let shop = (prop_oneof![Just(json!([["00:00", "24:00"]])), hours()], select(vec![5, 15, 20, 30]), services, staff);
    (shop, legs, prop::collection::vec(booking, 0..12), select(days.to_vec()), -400..400_i64).prop_map(
        |((week, grid, services, mut staff), legs, bookings, day, now)| {
            let day: Date = day.parse().unwrap();
            let midnight = day.in_tz("Europe/Berlin").unwrap();
            for person in &mut staff {
                if let Some([from, length]) = person["absences"].as_array().map(Vec::as_slice) {
                    let from = day.at(0, 0, 0, 0) + (from.as_i64().unwrap() - 8).hours();
                    person["absences"] = json!([{ "from": from, "until": from + length.as_i64().unwrap().hours() }]);
                }
            }
            let mut value = tenant_value(daily(week), json!(services), json!(staff));
            value["slot_grid_minutes"] = json!(grid);
            value["policy"] = json!({ "notice_minutes": 25 });
            let mut taken = Taken::new();
            for (person, from, length) in bookings {
                let from = midnight.timestamp() + (from * 5).minutes();
                let interval = Interval { from, until: from + (length * 5).minutes() };
                taken.entry(format!("p{person}").as_str().into()).or_default().push(interval);
            }
            Case { tenant: read(value), legs, taken, now: midnight.timestamp() + now.minutes(), day }
        },
    )
}

/// Whether the branch is open in the minute that begins then.
fn open(case: &Case, at: Timestamp) -> bool {
    let branch = &case.tenant.branches[0];
    let clock = branch.zone.to_datetime(at);
    let minute = clock.hour() as u16 * 60 + clock.minute() as u16;
    let spans = opening_on(branch, clock.date()).unwrap_or_default();
    spans.iter().any(|span| (span.from..span.until).contains(&minute))
}

/// Whether a person works and nothing is taken in the minute that begins then.
fn free(case: &Case, person: &Staff, at: Timestamp) -> bool {
    let clock = case.tenant.branches[0].zone.to_datetime(at);
    let minute = clock.hour() as u16 * 60 + clock.minute() as u16;
    let works = person.hours.as_ref().is_none_or(|week| {
        week.on(clock.date().weekday()).iter().any(|span| (span.from..span.until).contains(&minute))
    });
    let away = person.absences.iter().any(|absence| (absence.from..absence.until).contains(&clock));
    let taken = case.taken.get(&person.id).into_iter().flatten().any(|taken| taken.from <= at && at < taken.until);
    open(case, at) && works && !away && !taken
}

/// Every fifth minute's beginning: all times in these cases are multiples of five.
fn fives(from: Timestamp, until: Timestamp) -> impl Iterator<Item = Timestamp> {
    std::iter::successors(Some(from), |at| Some(*at + 5.minutes())).take_while(move |at| *at < until)
}

/// Every choice of people that would do at this start, by trying them all.
fn by_trial(case: &Case, start: Timestamp) -> BTreeSet<Vec<usize>> {
    let tenant = &case.tenant;
    let mut parts = vec![vec![]];
    let mut choices = vec![vec![]];
    let mut at = start;
    for (service, wish) in &case.legs {
        let service = &tenant.services[*service];
        let mut busy = vec![];
        let from = at;
        for phase in &service.phases {
            let until = at + i64::from(phase.minutes).minutes();
            if !phase.staff_free {
                busy.extend(fives(at, until));
            }
            at = until;
        }
        let before: Vec<_> = fives(from - i64::from(service.buffer_before).minutes(), from).collect();
        let after: Vec<_> = fives(at, at + i64::from(service.buffer_after).minutes()).collect();
        parts.push(vec![before, busy, after]);
        let can = |person: &usize| {
            wish.is_none_or(|wish| wish % tenant.staff.len() == *person)
                && tenant.staff[*person].services.contains(&service.id)
        };
        let able: Vec<usize> = (0..tenant.staff.len()).filter(can).collect();
        choices = choices
            .iter()
            .flat_map(|choice: &Vec<usize>| able.iter().map(|person| [choice.as_slice(), &[*person]].concat()))
            .collect();
    }
    parts.remove(0);
    let stays_open = fives(start, at).all(|minute| open(case, minute));
    let notice = start >= case.now + 25.minutes();
    choices.retain(|choice| {
        stays_open
            && notice
            && choice.iter().enumerate().all(|(leg, person)| {
                let other = |leg: Option<usize>| leg.and_then(|leg| choice.get(leg)) != Some(person);
                let needed = [other(leg.checked_sub(1)), true, other(leg.checked_add(1))];
                let parts = parts[leg].iter().zip(needed).filter(|(_, needed)| *needed);
                parts.flat_map(|(minutes, _)| minutes).all(|minute| free(case, &tenant.staff[*person], *minute))
            })
    });
    choices.into_iter().collect()
}

/// Whether the wall clock then is a multiple of the grid after the beginning of the span it lies in.
fn on_grid(case: &Case, at: Timestamp) -> bool {
    let branch = &case.tenant.branches[0];
    let clock = branch.zone.to_datetime(at);
    let minute = clock.hour() as u16 * 60 + clock.minute() as u16;
    let spans = opening_on(branch, clock.date()).unwrap_or_default();
    spans.iter().any(|span| {
        (span.from..span.until).contains(&minute) && (minute - span.from).is_multiple_of(case.tenant.slot_grid_minutes)
    })
}

fn check_visit(case: &Case, visit: &Visit) {
    let mut at = visit.start;
    let mut busy: Vec<(&str, Interval)> = vec![];
    for (leg, (service, _)) in visit.legs.iter().zip(&case.legs) {
        let service = &case.tenant.services[*service];
        let person = case.tenant.staff(&leg.staff).unwrap();
        assert_eq!(leg.start, at);
        assert_eq!(leg.end, at + i64::from(service.minutes()).minutes());
        at = leg.end;
        assert!(person.services.contains(&service.id));
        assert!(leg.busy.windows(2).all(|pair| pair[0].until < pair[1].from), "merged: {:?}", leg.busy);
        for interval in &leg.busy {
            assert!(interval.from < interval.until);
            assert!(fives(interval.from, interval.until).all(|minute| free(case, person, minute)));
            assert!(!busy.iter().any(|(other, taken)| *other == person.id.as_str() && taken.overlaps(interval)));
            busy.push((person.id.as_str(), *interval));
        }
        let phases: i64 = service.phases.iter().filter(|p| !p.staff_free).map(|p| i64::from(p.minutes)).sum();
        let own = leg.busy.iter().map(|i| i.from.max(leg.start)..i.until.min(leg.end));
        let minutes: i64 = own.map(|i| i.end.duration_since(i.start).as_mins().max(0)).sum();
        assert_eq!(minutes, phases, "the holes are where the person is free");
    }
    assert_eq!(visit.legs.len(), case.legs.len());
    assert_eq!(visit.end, at);
    assert!(fives(visit.start, visit.end).all(|minute| open(case, minute)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn every_visit_keeps_to_hours_and_absences_and_overlaps_nothing_taken(case in any_case()) {
        for visit in case.all() {
            check_visit(&case, &visit);
            for choice in case.search().at(visit.start) {
                check_visit(&case, &choice);
            }
        }
    }

    #[test]
    fn a_start_is_free_exactly_for_the_people_found_by_trying_all(case in any_case(), offset in 0..12_usize) {
        let search = case.search();
        for start in fives(case.midnight(0), case.midnight(1)).skip(offset).step_by(12) {
            let expected = if on_grid(&case, start) { by_trial(&case, start) } else { BTreeSet::new() };
            let place = |person: &str| case.tenant.staff.iter().position(|staff| staff.id.as_str() == person).unwrap();
            let found = search.at(start);
            let choices: BTreeSet<Vec<usize>> =
                found.iter().map(|visit| people(visit).into_iter().map(place).collect()).collect();
            prop_assert_eq!(found.len(), expected.len().min(8), "at {}", start);
            prop_assert_eq!(choices.len(), found.len());
            prop_assert!(choices.is_subset(&expected), "{:?} of {:?}", choices, expected);
        }
    }

    #[test]
    fn a_calendar_outside_only_takes_away_what_it_does_not_offer(
        case in any_case(),
        offers in prop::collection::vec(prop::option::weighted(0.9, prop::collection::btree_set(0..288_i64, 0..200)), 9),
    ) {
        let mut openings = Openings::default();
        for (at, offer) in offers.into_iter().enumerate() {
            let (service, person) = (SERVICES[at % 3].into(), format!("p{}", at / 3).as_str().into());
            match offer {
                Some(fives) => {
                    let starts = fives.into_iter().map(|five| case.midnight(0) + (five * 5).minutes());
                    openings.offer(service, person, Arc::new(starts.collect()));
                }
                None => openings.unknown(service, person),
            }
        }
        let (search, offered) = (case.search(), case.search().offered_by(&openings));
        for start in fives(case.midnight(0), case.midnight(1)).step_by(3) {
            let (free, all) = (offered.at(start), search.at(start));
            prop_assert!(free.iter().all(|visit| openings.allow(visit)));
            prop_assert!(!free.is_empty() || !all.iter().any(|visit| openings.allow(visit)), "at {}", start);
            prop_assert!(all.len() == 8 || free.iter().all(|visit| all.contains(visit)));
        }
    }

    #[test]
    fn a_stretch_holds_exactly_the_starts_that_are_free_one_by_one(case in any_case()) {
        let search = case.search();
        let one_by_one: Vec<Visit> = fives(case.midnight(0), case.midnight(1))
            .filter_map(|start| search.at(start).into_iter().next())
            .collect();
        let all = case.all();
        prop_assert_eq!(&all, &one_by_one);
        let first_three = search.within(case.midnight(0), case.midnight(1), 3);
        prop_assert_eq!(first_three.as_slice(), &all[..all.len().min(3)]);
    }

    #[test]
    fn booking_what_is_free_never_leaves_an_overlap(case in any_case(), picks in prop::collection::vec(any::<prop::sample::Index>(), 6)) {
        let mut case = case;
        case.taken.clear();
        for pick in picks {
            let free = case.all();
            if free.is_empty() {
                break;
            }
            for leg in &free[pick.index(free.len())].legs {
                let taken = case.taken.entry(leg.staff.clone()).or_default();
                for interval in &leg.busy {
                    prop_assert!(!taken.iter().any(|other| other.overlaps(interval)));
                    taken.push(*interval);
                }
            }
        }
    }

    #[test]
    fn alternatives_are_free_once_each_never_the_wish_and_never_past(
        case in any_case(), wish in 0..288_i64, count in 0..=10_usize, half_day in prop::option::of(0..24_i64),
    ) {
        let search = case.search();
        let wished = (case.midnight(0) + (wish * 5).minutes()).to_zoned(case.tenant.branches[0].zone.clone());
        let stretch = half_day.map(|hour| (case.midnight(0) + hour.hours(), case.midnight(0) + (hour + 6).hours()));
        let stretches = stretch.map(|stretch| [stretch]);
        let near = Near { wished: &wished, count, within: stretches.as_ref().map(|one| one.as_slice()) };
        let found = alternatives(&search, &near);
        prop_assert!(found.len() <= count);
        let mut seen = BTreeSet::new();
        for visit in &found {
            prop_assert!(seen.insert(visit.start));
            prop_assert_ne!(visit.start, wished.timestamp());
            prop_assert!(visit.start >= case.now + 25.minutes());
            let first = search.at(visit.start).into_iter().next();
            prop_assert_eq!(first.as_ref(), Some(visit));
        }
        let from_then_on = search.within(case.midnight(0), case.midnight(60), count + 1);
        let others = from_then_on.iter().filter(|visit| visit.start != wished.timestamp()).count();
        if stretch.is_none() && others > 0 {
            prop_assert_eq!(found.len(), others.min(count), "no free time is kept back");
        }
        if let Some((from, until)) = stretch {
            let kept: Vec<_> = search.within(from, until, usize::MAX);
            let kept = kept.iter().filter(|visit| visit.start != wished.timestamp()).count();
            let inside = found.iter().filter(|visit| visit.start >= from && visit.start < until).count();
            if kept > 0 {
                prop_assert_eq!((inside, found.len()), (kept.min(count), kept.min(count)));
            } else {
                prop_assert_eq!(inside, 0);
            }
        }
    }
}
