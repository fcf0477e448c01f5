//! What a calendar outside offers for a question, from memory where that is fresh, else asked for at once and together.

use std::collections::BTreeMap;
use std::sync::Arc;

use frontdesk_domain::calendar::budget::Priority;
use frontdesk_domain::calendar::link::{CalendarLink, Mapped};
use frontdesk_domain::calendar::{EventType, Refusal, RemoteUid, Told};
use frontdesk_domain::ids::{ServiceId, StaffId};
use frontdesk_domain::slots::free::{LegWish, Search};
use frontdesk_domain::slots::openings::{Openings, Starts};
use frontdesk_domain::tenant::policy::Policy;
use frontdesk_domain::tenant::{Branch, Tenant};
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};

use super::Guarded;
use super::weeks::{Flight, Key, Looked, next_week};

/// Calls begun for one question while a caller waits, all at the same time.
const CALLS: usize = 6;
/// Weeks looked at for one question.
const WEEKS: usize = 60;
/// What is older is fetched again before anybody asks.
const WARM_AGE: SignedDuration = SignedDuration::from_secs(30);

/// One service by one person, as the calendar knows it.
struct Pair {
    service: ServiceId,
    staff: StaffId,
    /// Each of its event types with when it is needed, counted from the start.
    parts: Vec<(EventType, SignedDuration, SignedDuration)>,
    /// Nothing later is bookable.
    until: Timestamp,
}

/// What one week of one event type came to.
enum Week {
    Offers(Arc<Starts>),
    /// The calendar could not be asked.
    Unknown,
    /// There was no call left for it.
    NotAsked,
}

/// What the calendar offers in a window for these services and everybody who could do them.
///
/// A week that is not known as of the last minute is asked for: one call per event type and week, at most six for one
/// question, the nearest weeks first, all at once and never one after the other. Who asks for what is under way already
/// waits for the same answer. Of weeks there was no call left for, what was known within the last half hour is offered,
/// else nothing: the next question or the warming brings them. Where the calendar cannot be asked, what was known within
/// the last half hour has to do; beyond that the week is unknown, our own truth decides, and the booking is "noted".
///
/// Our own appointments and holds, in whatever state of sync, are not subtracted here but by the search, which takes
/// them from the database: a visit is free if the calendar offers it *and* nothing of ours is there. The appointment
/// that `moving` stands for must still be let off with [`Openings::not_in_its_own_way`].
pub(crate) async fn openings(
    guarded: &Arc<Guarded>,
    tenant: &Tenant,
    branch: &Branch,
    legs: &[LegWish<'_>],
    window: (Timestamp, Timestamp),
    moving: Option<&RemoteUid>,
) -> Openings {
    let mut openings = Openings::default();
    let pairs = pairs(guarded, tenant, branch, legs, &mut openings);
    let window = (window.0.max(guarded.now()), window.1);
    // In the order of weeks, so that the nearest come first; a shared event type is there once.
    let mut keys: Vec<Key> = Vec::new();
    let mut monday = Key::around(EventType(0), window.0, None).monday;
    for _ in 0..WEEKS {
        let wanted = pairs.iter().filter(|pair| monday < window.1.min(pair.until));
        for (event_type, ..) in wanted.flat_map(|pair| &pair.parts) {
            let key = Key::around(*event_type, monday, moving);
            if !keys.iter().rev().take_while(|other| other.monday == monday).any(|other| *other == key) {
                keys.push(key);
            }
        }
        monday = next_week(monday);
    }
    let weeks = fetch(guarded, keys).await;
    for pair in &pairs {
        let mut monday = Key::around(EventType(0), window.0, None).monday;
        while monday < window.1.min(pair.until) {
            let week = |event_type: &EventType| weeks.get(&Key::around(*event_type, monday, moving));
            let Some(first) = pair.parts.first().and_then(|(event_type, ..)| week(event_type)) else { break };
            let stretch = Key::around(EventType(0), monday, None).stretch();
            let (service, staff) = (pair.service.clone(), pair.staff.clone());
            match combined(pair, first, week) {
                Week::Offers(starts) => openings.offer_between(service, staff, &stretch, starts),
                Week::Unknown => openings.unknown_between(service, staff, &stretch),
                Week::NotAsked => {}
            }
            monday = next_week(monday);
        }
    }
    openings
}

/// Fetches this week and the next of everything that is mapped, what is oldest first, one call at a time and only as
/// long as the part of the budget that nobody else needs allows. Says how many calls were made.
pub(super) async fn warm(guarded: &Arc<Guarded>) -> usize {
    let now = guarded.now();
    let mut due: Vec<(Option<Timestamp>, Key)> = Vec::new();
    for event_type in guarded.link().event_types.iter().flat_map(|mapped| &mapped.ids) {
        for at in [now, next_week(now)] {
            let key = Key::around(*event_type, at, None);
            let since = guarded.weeks().current_since(&key);
            let is_due = since.is_none_or(|since| now.duration_since(since) >= WARM_AGE);
            if is_due && !due.iter().any(|(_, other)| *other == key) {
                due.push((since, key));
            }
        }
    }
    due.sort();
    let mut calls = 0;
    for (_, key) in due {
        match guarded.weeks().ask(guarded, Priority::Warm, &key).await {
            Told::Done(_) | Told::Refused(_) => calls += 1,
            // Not now; the next run begins with what was left.
            Told::Unsent(_) | Told::Unknown(_) => break,
        }
    }
    calls
}

/// Whoever could do the legs, with what stands for it in the calendar; who is not mapped to it is never offered.
fn pairs(
    guarded: &Guarded,
    tenant: &Tenant,
    branch: &Branch,
    legs: &[LegWish<'_>],
    openings: &mut Openings,
) -> Vec<Pair> {
    let today = branch.zone.to_datetime(guarded.now()).date();
    let mut pairs: Vec<Pair> = Vec::new();
    for leg in legs {
        for staff in Search::candidates(tenant, branch, std::slice::from_ref(leg)) {
            let (service, person) = (leg.service.id.clone(), staff.id.clone());
            if pairs.iter().any(|pair| pair.service == service && pair.staff == person) {
                continue;
            }
            let mapped = guarded.link().mapped(&service, &person);
            let parts = mapped.and_then(|mapped| Some((mapped, mapped.needed(leg.service)?)));
            let Some((Mapped { ids, .. }, needed)) = parts else {
                openings.never(service, person);
                continue;
            };
            let layers = [&staff.policy, &leg.service.policy, &branch.policy, &tenant.policy];
            let days = i64::from(Policy::merged(&layers).horizon_days) + 1;
            let end = today.saturating_add(SignedDuration::from_hours(24 * days));
            let until = branch.zone.to_timestamp(end.at(0, 0, 0, 0)).unwrap_or(Timestamp::MAX);
            let parts = ids.iter().zip(needed).map(|(id, (from, until))| (*id, from, until)).collect();
            pairs.push(Pair { service, staff: person, parts, until });
        }
    }
    pairs
}

/// Looks weeks up and asks for the first six that are not fresh, all at once.
async fn fetch(guarded: &Arc<Guarded>, keys: Vec<Key>) -> BTreeMap<Key, Week> {
    let mut weeks = BTreeMap::new();
    let mut asked: Vec<(Key, Option<Arc<Starts>>)> = Vec::new();
    let mut flights: Vec<Flight> = Vec::new();
    for key in keys {
        match look(guarded, &key) {
            Looked::Fresh(starts) => {
                weeks.insert(key, Week::Offers(starts));
            }
            Looked::Old(old) if flights.len() < CALLS => {
                flights.push(guarded.weeks().ask(guarded, Priority::CallerRead, &key));
                asked.push((key, old));
            }
            Looked::Old(old) => {
                weeks.insert(key, old.map_or(Week::NotAsked, Week::Offers));
            }
        }
    }
    let told = join_all(flights).await;
    for ((key, old), told) in asked.into_iter().zip(told) {
        let week = match told {
            Told::Done(starts) => Week::Offers(starts),
            // There is no such event type, or all of the week is too soon for it.
            Told::Refused(Refusal::NotFound | Refusal::TooSoon) => Week::Offers(Arc::default()),
            Told::Refused(_) | Told::Unsent(_) | Told::Unknown(_) => old.map_or(Week::Unknown, Week::Offers),
        };
        weeks.insert(key, week);
    }
    weeks
}

/// What is known of a week; where a booking is to be moved and the calendar was not asked about that, what is known
/// without the move is better than nothing.
fn look(guarded: &Guarded, key: &Key) -> Looked {
    match guarded.weeks().look(key) {
        Looked::Old(None) if key.moving.is_some() => match guarded.weeks().look(&Key { moving: None, ..key.clone() }) {
            Looked::Fresh(starts) => Looked::Old(Some(starts)),
            old @ Looked::Old(_) => old,
        },
        looked => looked,
    }
}

/// One week of a pair: where it needs several event types, the starts of the first at which the others are offered
/// for as long as they are needed, on their grid or not.
fn combined<'w>(pair: &Pair, first: &Week, week: impl Fn(&EventType) -> Option<&'w Week>) -> Week {
    let mut others = Vec::new();
    for (event_type, from, until) in pair.parts.iter().skip(1) {
        match week(event_type) {
            Some(Week::Offers(starts)) => others.push((starts, *from, *until)),
            Some(Week::Unknown) => return Week::Unknown,
            Some(Week::NotAsked) | None => return Week::NotAsked,
        }
    }
    match first {
        Week::Offers(starts) if others.is_empty() => Week::Offers(Arc::clone(starts)),
        Week::Offers(starts) => Week::Offers(Arc::new(starts.only(|start| {
            others.iter().all(|(offered, from, until)| {
                let ends = start.checked_add(*from).ok().zip(start.checked_add(*until).ok());
                ends.is_some_and(|(from, until)| offered.cover(from, until))
            })
        }))),
        Week::Unknown => Week::Unknown,
        Week::NotAsked => Week::NotAsked,
    }
}

/// The event types that a booking of one of them touches: those that share a person with it.
pub(super) fn touched(link: &CalendarLink, event_type: EventType) -> Vec<EventType> {
    let people = |mapped: &Mapped| mapped.staff.iter().chain(mapped.hosts.keys()).cloned().collect::<Vec<_>>();
    let of: Vec<StaffId> =
        link.event_types.iter().filter(|mapped| mapped.ids.contains(&event_type)).flat_map(people).collect();
    let share = |mapped: &&Mapped| people(mapped).iter().any(|person| of.contains(person));
    let shared = link.event_types.iter().filter(share).flat_map(|mapped| mapped.ids.iter().copied());
    shared.chain([event_type]).collect()
}
