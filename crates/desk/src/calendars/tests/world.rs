//! A calendar that does as it is told, a clock that stands still, and a tenant to go with them.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use frontdesk_domain::calendar::link::CalendarLink;
use frontdesk_domain::calendar::{
    Attendee, Carried, Catalogue, Doubt, EventType, Find, NewBooking, Page, Refusal, RemoteBooking, RemoteUid,
    SlotQuery, Told, Unsent,
};
use frontdesk_domain::ids::TenantId;
use frontdesk_domain::ports::{Asking, Calendar, Clock, Ctx, SlotHold};
use frontdesk_domain::tenant::Tenant;
use frontdesk_store::Store;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tokio::sync::Semaphore;

use super::super::{Calendars, Guarded, OpenCalendar};

/// A Tuesday.
pub(super) const NOW: &str = "2026-12-01T08:00:00Z";

pub(super) struct FrozenClock(Mutex<Timestamp>);

impl FrozenClock {
    pub(super) fn advance(&self, seconds: f64) {
        let mut now = self.0.lock().unwrap();
        *now += SignedDuration::from_secs_f64(seconds);
    }
}

impl Clock for FrozenClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

/// What the calendar does with the next request.
#[derive(Clone, Debug)]
pub(super) enum Does {
    Answers,
    Refuses(Refusal),
    Doubts(Doubt),
    NoConnection,
}

pub(super) const HANGS: Does = Does::Doubts(Doubt::TimedOut);

#[derive(Default)]
pub(super) struct Fake {
    next: Mutex<VecDeque<Does>>,
    usual: Mutex<Option<Does>>,
    slots: Mutex<BTreeMap<EventType, Vec<Timestamp>>>,
    /// Every question about free times.
    pub(super) asked: Mutex<Vec<SlotQuery>>,
    pub(super) calls: AtomicUsize,
    in_flight: AtomicUsize,
    /// The most requests that were under way at once.
    pub(super) most: AtomicUsize,
    slow: AtomicBool,
    answers: Option<Semaphore>,
}

impl Fake {
    /// The next requests, one after the other.
    pub(super) fn next(&self, does: impl IntoIterator<Item = Does>) {
        self.next.lock().unwrap().extend(does);
    }

    /// All requests from now on.
    pub(super) fn always(&self, does: Does) {
        *self.usual.lock().unwrap() = Some(does);
    }

    pub(super) fn offers(&self, event_type: u64, starts: &[&str]) {
        let starts = starts.iter().map(|start| start.parse().unwrap()).collect();
        self.slots.lock().unwrap().insert(EventType(event_type), starts);
    }

    /// Requests wait until [`Self::release`].
    pub(super) fn hold(&self) {
        self.slow.store(true, Ordering::SeqCst);
    }

    pub(super) fn release(&self, requests: usize) {
        self.answers.as_ref().unwrap().add_permits(requests);
    }

    pub(super) fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    pub(super) fn in_flight(&self) -> usize {
        self.in_flight.load(Ordering::SeqCst)
    }

    fn answer<'a, T: Send + 'a>(&'a self, value: impl FnOnce() -> T + Send + 'a) -> Asking<'a, T> {
        Box::pin(async move {
            self.calls.fetch_add(1, Ordering::SeqCst);
            let flying = Flying::begin(self);
            if self.slow.load(Ordering::SeqCst) {
                self.answers.as_ref().unwrap().acquire().await.unwrap().forget();
            }
            drop(flying);
            let usual = self.usual.lock().unwrap().clone().unwrap_or(Does::Answers);
            match self.next.lock().unwrap().pop_front().unwrap_or(usual) {
                Does::Answers => Told::Done(value()),
                Does::Refuses(refusal) => Told::Refused(refusal),
                Does::Doubts(doubt) => Told::Unknown(doubt),
                Does::NoConnection => Told::Unsent(Unsent::NoConnection),
            }
        })
    }
}

struct Flying<'f>(&'f Fake);

impl<'f> Flying<'f> {
    fn begin(fake: &'f Fake) -> Self {
        let now = fake.in_flight.fetch_add(1, Ordering::SeqCst) + 1;
        fake.most.fetch_max(now, Ordering::SeqCst);
        Self(fake)
    }
}

impl Drop for Flying<'_> {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Calendar for Fake {
    fn free_slots<'a>(&'a self, query: &'a SlotQuery) -> Asking<'a, Vec<Timestamp>> {
        self.asked.lock().unwrap().push(query.clone());
        // What is free is decided when the question arrives, not when the answer leaves.
        let starts = self.slots.lock().unwrap().get(&query.event_type).cloned().unwrap_or_default();
        self.answer(move || starts.into_iter().filter(|at| (query.from..query.until).contains(at)).collect())
    }
    fn create<'a>(&'a self, _: &'a SlotHold, _: &'a NewBooking, _: Duration) -> Asking<'a, RemoteBooking> {
        self.answer(|| panic!("not part of these tests"))
    }
    fn find<'a>(&'a self, _: &'a Find) -> Asking<'a, Vec<RemoteBooking>> {
        self.answer(Vec::new)
    }
    fn get<'a>(&'a self, _: &'a RemoteUid) -> Asking<'a, Option<RemoteBooking>> {
        self.answer(|| None)
    }
    fn list_changed(&self, _: Timestamp, _: u32) -> Asking<'_, Page> {
        self.answer(|| Page { bookings: Vec::new(), more: false })
    }
    fn cancel<'a>(&'a self, _: &'a RemoteUid, _: &'a str) -> Asking<'a, ()> {
        self.answer(|| ())
    }
    fn move_to<'a>(&'a self, _: &'a RemoteUid, _: Timestamp, _: &'a str, _: Duration) -> Asking<'a, RemoteBooking> {
        self.answer(|| panic!("not part of these tests"))
    }
    fn set_email<'a>(&'a self, _: &'a RemoteUid, _: &'a Attendee) -> Asking<'a, Carried> {
        self.answer(|| Carried::Attendee)
    }
    fn catalogue(&self) -> Asking<'_, Catalogue> {
        self.answer(Catalogue::default)
    }
}

pub(super) struct World {
    pub(super) clock: Arc<FrozenClock>,
    pub(super) fake: Arc<Fake>,
    pub(super) calendars: Calendars,
    pub(super) store: Store,
    pub(super) opened: Arc<AtomicUsize>,
}

impl World {
    pub(super) fn new() -> Self {
        let clock = Arc::new(FrozenClock(Mutex::new(NOW.parse().unwrap())));
        let dice = Mutex::new(0_u8);
        let ctx = Ctx::new(
            Arc::<FrozenClock>::clone(&clock),
            Arc::new(move |bytes: &mut [u8]| {
                for byte in bytes {
                    let mut dice = dice.lock().unwrap();
                    *dice = dice.wrapping_mul(37).wrapping_add(113);
                    *byte = *dice;
                }
            }),
        );
        let store = Store::in_memory(ctx).unwrap();
        let fake = Arc::new(Fake { answers: Some(Semaphore::new(0)), ..Fake::default() });
        let opened = Arc::new(AtomicUsize::new(0));
        let (counter, calendar) = (Arc::clone(&opened), Arc::clone(&fake));
        let open: OpenCalendar = Arc::new(move |_, _| {
            counter.fetch_add(1, Ordering::SeqCst);
            let calendar: Arc<dyn Calendar> = Arc::<Fake>::clone(&calendar);
            Ok(calendar)
        });
        let calendars = Calendars::new(store.clone(), open);
        Self { clock, fake, calendars, store, opened }
    }

    /// A tenant's calendar with a key.
    pub(super) fn guarded(&self, tenant: &str, key: &str) -> Arc<Guarded> {
        self.with_link(tenant, key, &link(120))
    }

    pub(super) fn with_link(&self, tenant: &str, key: &str, link: &CalendarLink) -> Arc<Guarded> {
        let now_ms = self.store.ctx().now_ms();
        self.calendars.keep(&TenantId::from(tenant), link, Some(key.to_owned().into()), now_ms)
    }
}

/// Three people with an event type each for "cut", one shared for "wash", and a colour in two bookings.
pub(super) fn link(per_minute: u32) -> CalendarLink {
    serde_json::from_value(json!({
        "provider": "calcom", "url": "https://api.cal.com", "per_minute": per_minute,
        "event_types": [
            { "service": "cut", "staff": "anna", "ids": [1] },
            { "service": "cut", "staff": "bea", "ids": [2] },
            { "service": "cut", "staff": "cleo", "ids": [3] },
            { "service": "wash", "ids": [9] },
            { "service": "colour", "staff": "anna", "ids": [11, 12] },
        ],
    }))
    .unwrap()
}

pub(super) fn tenant() -> Tenant {
    let person = |id: &str| {
        json!({ "id": id, "name": format!("{id} Muster"), "branch": "mitte",
                "services": ["cut", "wash", "colour", "beard"] })
    };
    let hours = json!([["08:00", "20:00"]]);
    serde_json::from_value(json!({
        "id": "ten_1", "slug": "salon", "name": "Salon", "language": "de", "country": "DE", "mode": "calendar-first",
        "slot_grid_minutes": 15, "default_branch": "mitte", "calendar": link(120),
        "services": [
            { "id": "cut", "name": "cut", "phases": [{ "minutes": 30 }] },
            { "id": "wash", "name": "wash", "phases": [{ "minutes": 15 }] },
            { "id": "beard", "name": "beard", "phases": [{ "minutes": 15 }] },
            { "id": "colour", "name": "colour", "phases": [
                { "minutes": 30 }, { "minutes": 45, "staff_free": true }, { "minutes": 30 },
            ] },
        ],
        "staff": [person("anna"), person("bea"), person("cleo")],
        "branches": [{ "id": "mitte", "name": "Mitte", "zone": "Europe/Berlin", "state": "BE", "hours": {
            "monday": hours, "tuesday": hours, "wednesday": hours, "thursday": hours, "friday": hours,
            "saturday": hours, "sunday": [],
        } }],
    }))
    .unwrap()
}

/// Lets everything that can go on go on.
pub(super) async fn settle() {
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
}
