//! A calendar outside behind its guard: the same questions, each with who asks.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use frontdesk_domain::calendar::budget::Priority;
use frontdesk_domain::calendar::link::CalendarLink;
use frontdesk_domain::calendar::{
    Attendee, Carried, Catalogue, EventType, Find, NewBooking, Page, RemoteBooking, RemoteUid, SlotQuery, Told, Unsent,
};
use frontdesk_domain::ids::TenantId;
use frontdesk_domain::ports::{Asking, Calendar, Ctx, SlotHold};
use jiff::Timestamp;
use tokio::sync::Notify;

use super::SharedBudget;
use super::gate::{Gate, GuardState, Learnt, Operation};
use super::observer::{Observer, SyncEvent};
use super::openings::{self, touched};
use super::weeks::Weeks;

/// What a guarded calendar is made of.
pub(super) struct Parts {
    pub(super) tenant: TenantId,
    pub(super) link: CalendarLink,
    /// The calendar, or why there is none.
    pub(super) calendar: Result<Arc<dyn Calendar>, String>,
    pub(super) budget: SharedBudget,
    pub(super) observer: Observer,
}

/// A tenant's calendar outside. What its guard does not let through is told as [`Told::Unsent`] at once; nobody queues.
///
/// A question that is dropped before its answer frees its place and says nothing about the calendar's health.
pub struct Guarded {
    link: CalendarLink,
    calendar: Result<Arc<dyn Calendar>, String>,
    ctx: Ctx,
    gate: Gate,
    /// Here, so that no tenant ever sees another's.
    weeks: Weeks,
    recovered: AtomicBool,
    observer: Observer,
    /// Rung with `recovered`, for all calendars together.
    bell: Arc<Notify>,
}

impl Guarded {
    pub(super) fn new(ctx: Ctx, parts: Parts, bell: Arc<Notify>) -> Self {
        Self {
            link: parts.link,
            calendar: parts.calendar,
            gate: Gate::new(ctx.clone(), parts.tenant, parts.budget),
            weeks: Weeks::new(ctx.clone()),
            ctx,
            recovered: AtomicBool::new(false),
            observer: parts.observer,
            bell,
        }
    }

    /// How the tenant's services and people map to it.
    pub fn link(&self) -> &CalendarLink {
        &self.link
    }

    /// How its guard stands.
    pub fn state(&self) -> GuardState {
        GuardState { not_set_up: self.calendar.as_ref().err().cloned(), ..self.gate.state() }
    }

    /// Whether it works again (a breaker closed, or the key is taken) since this was last asked.
    pub fn take_recovered(&self) -> bool {
        self.recovered.swap(false, Ordering::Relaxed)
    }

    /// A booking of an event type was made, moved, cancelled or heard of: what is known of free times around it, of this
    /// and of every event type that shares a person with it, is not the present any more. To be called before anybody is
    /// told of the change. The calendar is asked again after 2.5 s at the earliest, since it may answer from memory.
    pub fn invalidate(&self, event_type: EventType, around: Timestamp) {
        self.weeks.invalidate(&touched(&self.link, event_type), around);
    }

    /// Fetches free times of this week and the next before anybody asks, what is oldest first, one call at a time and only
    /// with the part of the budget that nobody else needs. Says how many calls were made.
    pub async fn warm(self: &Arc<Self>) -> usize {
        openings::warm(self).await
    }

    pub(super) fn now(&self) -> Timestamp {
        self.ctx.now()
    }

    pub(super) fn weeks(&self) -> &Weeks {
        &self.weeks
    }

    pub(super) fn raise_recovered(&self) {
        self.recovered.store(true, Ordering::Relaxed);
        self.bell.notify_one();
    }

    /// Free starts, in order.
    pub async fn free_slots(&self, priority: Priority, query: &SlotQuery) -> Told<Vec<Timestamp>> {
        self.ask(Operation::Slots, priority, |calendar| calendar.free_slots(query)).await
    }

    /// Makes a booking, within so long.
    pub async fn create(
        &self,
        priority: Priority,
        hold: &SlotHold,
        booking: &NewBooking,
        within: Duration,
    ) -> Told<RemoteBooking> {
        self.ask(Operation::Create, priority, |calendar| calendar.create(hold, booking, within)).await
    }

    /// Bookings that may be the one sought, cancelled ones too.
    pub async fn find(&self, priority: Priority, sought: &Find) -> Told<Vec<RemoteBooking>> {
        self.ask(Operation::Read, priority, |calendar| calendar.find(sought)).await
    }

    /// One booking by its name; `None`: there is none.
    pub async fn get(&self, priority: Priority, uid: &RemoteUid) -> Told<Option<RemoteBooking>> {
        self.ask(Operation::Read, priority, |calendar| calendar.get(uid)).await
    }

    /// Bookings made or changed since an instant, oldest change first, from the `skip`th on.
    pub async fn list_changed(&self, priority: Priority, since: Timestamp, skip: u32) -> Told<Page> {
        self.ask(Operation::Read, priority, |calendar| calendar.list_changed(since, skip)).await
    }

    /// Cancels a booking.
    pub async fn cancel(&self, priority: Priority, uid: &RemoteUid, reason: &str) -> Told<()> {
        self.ask(Operation::Cancel, priority, |calendar| calendar.cancel(uid, reason)).await
    }

    /// Moves a booking to another start, within so long.
    pub async fn move_to(
        &self,
        priority: Priority,
        uid: &RemoteUid,
        start: Timestamp,
        reason: &str,
        within: Duration,
    ) -> Told<RemoteBooking> {
        self.ask(Operation::Move, priority, |calendar| calendar.move_to(uid, start, reason, within)).await
    }

    /// Brings an address to a booking.
    pub async fn set_email(&self, priority: Priority, uid: &RemoteUid, attendee: &Attendee) -> Told<Carried> {
        self.ask(Operation::Email, priority, |calendar| calendar.set_email(uid, attendee)).await
    }

    /// What can be booked there.
    pub async fn catalogue(&self, priority: Priority) -> Told<Catalogue> {
        self.ask(Operation::Catalogue, priority, Calendar::catalogue).await
    }

    async fn ask<'a, T>(
        &'a self,
        operation: Operation,
        priority: Priority,
        question: impl FnOnce(&'a dyn Calendar) -> Asking<'a, T>,
    ) -> Told<T> {
        let asked = self.ctx.now();
        let told = self.ask_unobserved(operation, priority, question).await;
        let took = Duration::try_from(self.ctx.now().duration_since(asked)).unwrap_or_default();
        self.observer.tell(SyncEvent::Asked { operation, code: told.error_code().unwrap_or("done"), took });
        told
    }

    async fn ask_unobserved<'a, T>(
        &'a self,
        operation: Operation,
        priority: Priority,
        question: impl FnOnce(&'a dyn Calendar) -> Asking<'a, T>,
    ) -> Told<T> {
        let Ok(calendar) = &self.calendar else { return Told::Unsent(Unsent::NotSetUp) };
        let passed = match self.gate.pass(operation, priority) {
            Ok(passed) => passed,
            Err(unsent) => return Told::Unsent(unsent),
        };
        let told = question(calendar.as_ref()).await;
        if passed.told(&told) == Learnt::WorksAgain {
            self.raise_recovered();
        }
        told
    }
}
