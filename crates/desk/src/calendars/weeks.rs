//! What a calendar offered lately, week by week. Kept for a minute; one question to the calendar serves all who wait for it.
//!
//! Each entry has a generation: what was asked before something changed is never taken for the present. Nor is what was
//! asked right after, since calendars answer the same question from memory for a while.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use frontdesk_domain::calendar::budget::Priority;
use frontdesk_domain::calendar::{EventType, RemoteUid, SlotQuery, Told};
use frontdesk_domain::ports::Ctx;
use frontdesk_domain::slots::Interval;
use frontdesk_domain::slots::openings::Starts;
use futures_util::future::{FutureExt, Shared, WeakShared};
use jiff::{SignedDuration, Timestamp};

use super::{Guarded, lock};

/// How long an answer counts as the present.
const FRESH: SignedDuration = SignedDuration::from_secs(60);
/// How long it is better than nothing while the calendar cannot be asked.
const USABLE: SignedDuration = SignedDuration::from_mins(30);
/// A calendar may repeat an old answer to the same question for two seconds after a change.
const SETTLED_AFTER: SignedDuration = SignedDuration::from_millis(2_500);
/// Weeks kept for one tenant.
const KEPT: usize = 2_000;
const WEEK_SECONDS: i64 = 7 * 24 * 60 * 60;
/// The first Monday of all, in seconds since 1970.
const FIRST_MONDAY: i64 = 4 * 24 * 60 * 60;

/// A question on its way to the calendar.
type Asking = Pin<Box<dyn Future<Output = Told<Arc<Starts>>> + Send>>;
/// The same for everybody who waits for the answer.
pub(super) type Flight = Shared<Asking>;

/// A week of one event type, Monday to Sunday in UTC.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key {
    pub(super) monday: Timestamp,
    pub(super) event_type: EventType,
    /// The booking that is to be moved, and so is not in its own way.
    pub(super) moving: Option<RemoteUid>,
}

/// The weeks of one tenant.
pub(super) struct Weeks {
    ctx: Ctx,
    entries: Mutex<HashMap<Key, Arc<Week>>>,
}

#[derive(Default)]
struct Week {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// How often something changed in it.
    generation: u64,
    /// Before that the calendar may still tell what was before the last change.
    settled: Option<Timestamp>,
    kept: Option<Kept>,
    /// The generation it was asked in, and the question under way.
    flying: Option<(u64, WeakShared<Asking>)>,
}

struct Kept {
    starts: Arc<Starts>,
    asked: Timestamp,
    /// Nothing changed since.
    current: bool,
}

/// What is known without asking.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Looked {
    /// This, as good as the present.
    Fresh(Arc<Starts>),
    /// This at best; asking would be better.
    Old(Option<Arc<Starts>>),
}

impl Key {
    /// The week that holds an instant.
    pub(super) fn around(event_type: EventType, at: Timestamp, moving: Option<&RemoteUid>) -> Self {
        let weeks = (at.as_second() - FIRST_MONDAY).div_euclid(WEEK_SECONDS);
        let monday = Timestamp::from_second(FIRST_MONDAY + weeks * WEEK_SECONDS).unwrap_or(at);
        Self { monday, event_type, moving: moving.cloned() }
    }

    /// The week itself.
    pub(super) fn stretch(&self) -> Interval {
        Interval { from: self.monday, until: next_week(self.monday) }
    }
}

/// The same instant a week later.
pub(super) fn next_week(at: Timestamp) -> Timestamp {
    at.saturating_add(SignedDuration::from_secs(WEEK_SECONDS)).unwrap_or(Timestamp::MAX)
}

impl Weeks {
    pub(super) fn new(ctx: Ctx) -> Self {
        Self { ctx, entries: Mutex::default() }
    }

    /// What is known of a week. In the first seconds after a change what was known before counts as fresh where there is
    /// such: asking again would only bring the same.
    pub(super) fn look(&self, key: &Key) -> Looked {
        let now = self.ctx.now();
        let Some(week) = lock(&self.entries).get(key).map(Arc::clone) else { return Looked::Old(None) };
        let state = lock(&week.state);
        let usable = state.kept.as_ref().filter(|kept| kept.age(now) <= USABLE);
        match usable {
            Some(kept) if kept.current && kept.age(now) < FRESH => Looked::Fresh(Arc::clone(&kept.starts)),
            Some(kept) if state.settles(now) => Looked::Fresh(Arc::clone(&kept.starts)),
            usable => Looked::Old(usable.map(|kept| Arc::clone(&kept.starts))),
        }
    }

    /// Since when a week is known as it is now; `None`: asking is due. Nothing is due while a change settles.
    pub(super) fn current_since(&self, key: &Key) -> Option<Timestamp> {
        let now = self.ctx.now();
        let week = lock(&self.entries).get(key).map(Arc::clone)?;
        let state = lock(&week.state);
        if state.settles(now) {
            return Some(now);
        }
        state.kept.as_ref().filter(|kept| kept.current && kept.asked <= now).map(|kept| kept.asked)
    }

    /// Asks the calendar about a week, or joins those who do already, unless something changed since they began.
    pub(super) fn ask(&self, guarded: &Arc<Guarded>, priority: Priority, key: &Key) -> Flight {
        let week = self.entry(key);
        let mut state = lock(&week.state);
        let generation = state.generation;
        if let Some((asked_in, flying)) = &state.flying
            && *asked_in == generation
            && let Some(flight) = flying.upgrade()
        {
            return flight;
        }
        let asking = ask(Arc::clone(guarded), priority, key.clone(), Arc::clone(&week), generation);
        let asking: Asking = Box::pin(asking);
        let flight = asking.shared();
        state.flying = flight.downgrade().map(|weak| (generation, weak));
        flight
    }

    /// Something changed around an instant: what is known of these event types then is not the present any more.
    pub(super) fn invalidate(&self, event_types: &[EventType], around: Timestamp) {
        let settled = self.ctx.now().saturating_add(SETTLED_AFTER).unwrap_or(Timestamp::MAX);
        // A booking may reach over midnight between two weeks.
        let day = SignedDuration::from_hours(24);
        let touched = Interval {
            from: around.saturating_sub(day).unwrap_or(Timestamp::MIN),
            until: around.saturating_add(day).unwrap_or(Timestamp::MAX),
        };
        for (key, week) in &*lock(&self.entries) {
            if event_types.contains(&key.event_type) && key.stretch().overlaps(&touched) {
                let mut state = lock(&week.state);
                state.generation += 1;
                state.settled = Some(settled);
                if let Some(kept) = &mut state.kept {
                    kept.current = false;
                }
            }
        }
    }

    fn entry(&self, key: &Key) -> Arc<Week> {
        let mut entries = lock(&self.entries);
        if let Some(week) = entries.get(key) {
            return Arc::clone(week);
        }
        if entries.len() >= KEPT {
            let now = self.ctx.now();
            entries.retain(|key, week| key.stretch().until > now && lock(&week.state).is_wanted(now));
        }
        if entries.len() >= KEPT {
            entries.clear();
        }
        Arc::clone(entries.entry(key.clone()).or_default())
    }
}

impl State {
    /// Whether the calendar may still answer from before the last change. (A clock set back does not make it longer.)
    fn settles(&self, now: Timestamp) -> bool {
        self.settled.is_some_and(|settled| now < settled && settled.duration_since(now) <= SETTLED_AFTER)
    }

    fn is_wanted(&self, now: Timestamp) -> bool {
        self.settles(now)
            || self.kept.as_ref().is_some_and(|kept| kept.age(now) < FRESH)
            || self.flying.as_ref().is_some_and(|(_, flying)| flying.upgrade().is_some())
    }
}

impl Kept {
    fn age(&self, now: Timestamp) -> SignedDuration {
        now.duration_since(self.asked).abs()
    }
}

/// One question to the calendar; keeps the answer before anybody hears it.
async fn ask(
    guarded: Arc<Guarded>,
    priority: Priority,
    key: Key,
    week: Arc<Week>,
    generation: u64,
) -> Told<Arc<Starts>> {
    let Interval { from, until } = key.stretch();
    let query = SlotQuery { event_type: key.event_type, from, until, moving: key.moving };
    let asked = guarded.weeks().ctx.now();
    let told = guarded.free_slots(priority, &query).await;
    let told = told.map(|starts| Arc::new(Starts::of(starts.into_iter().filter(|at| (from..until).contains(at)))));
    let mut state = lock(&week.state);
    if let Told::Done(starts) = &told
        && state.kept.as_ref().is_none_or(|kept| kept.asked <= asked)
    {
        let current = generation == state.generation && !state.settles(asked);
        state.kept = Some(Kept { starts: Arc::clone(starts), asked, current });
    }
    if state.flying.as_ref().is_some_and(|(asked_in, _)| *asked_in == generation) {
        state.flying = None;
    }
    drop(state);
    told
}
