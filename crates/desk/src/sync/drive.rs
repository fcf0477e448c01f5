//! Bringing one appointment and its calendar together, one step after the other: read, decide by the table, act, write.

use std::time::Duration;

use frontdesk_domain::booking::remote::{self, Outcome, State, Step, apply};
use frontdesk_domain::calendar::retry::pause;
use frontdesk_domain::calendar::{
    Attendee, Doubt, Find, NewBooking, Refusal, RemoteBooking, RemoteStatus, Told, Unsent,
};
use frontdesk_domain::ids::AppointmentId;
use frontdesk_domain::tenant::Tenant;
use frontdesk_store::jobs::{self, Lease};
use frontdesk_store::remotes::{self, RemoteRow};
use frontdesk_store::{StoreError, TenantScope};
use jiff::{SignedDuration, Timestamp};

use super::chronicle;
use super::picture::Picture;
use super::settle::{self, Report};
use super::waits::{SETTLING, Went, doubtful, put_off, refused_again, refused_message, settling, unheard, wait};
use super::{Driven, LEASE_MS, Syncer, after, left};
use frontdesk_domain::calendar::budget::Priority;

use crate::calendars::{Guarded, SyncEvent};

/// A create and a move take this long at most, connecting included.
const WHOLE: Duration = Duration::from_millis(1500);
/// With less than this a create is not begun while a caller waits: it could only end in doubt.
const WORTH_TRYING: Duration = Duration::from_millis(300);
/// How long a create waits for another one of the same pool.
const QUEUE: Duration = Duration::from_millis(60);
/// Steps of one run: more than any appointment needs; a run that is longer goes on as the next one.
const STEPS: usize = 40;
/// What a calendar shows as the reason.
const MOVED: &str = "Auf Wunsch des Kunden verschoben";
const TAKEN_BACK: &str = "Abgesagt";

/// One run over one appointment.
struct Run<'a> {
    syncer: &'a Syncer,
    scope: &'a TenantScope,
    tenant: &'a Tenant,
    calendar: &'a Guarded,
    id: &'a AppointmentId,
    lease: &'a Lease,
    /// A caller waits until then.
    until: Option<Timestamp>,
}

impl Syncer {
    /// Brings an appointment and its calendar together as far as that goes now; `until`: a caller waits that long.
    pub(crate) async fn drive(
        &self,
        scope: &TenantScope,
        tenant: &Tenant,
        id: &AppointmentId,
        lease: &Lease,
        until: Option<Timestamp>,
    ) -> Result<Driven, StoreError> {
        let Some(calendar) = self.calendar(scope, tenant).await else {
            let at = after(self.ctx().now(), SignedDuration::from_mins(1));
            return Ok(Driven::Later { at, why: Unsent::NotSetUp.code() });
        };
        let run = Run { syncer: self, scope, tenant, calendar: &calendar, id, lease, until };
        run.to_the_end().await
    }
}

impl Run<'_> {
    async fn to_the_end(&self) -> Result<Driven, StoreError> {
        let mut waiting: Vec<String> = Vec::new();
        let mut later: Option<(Timestamp, &'static str)> = None;
        let mut failed: Option<(&'static str, String)> = None;
        for _ in 0..STEPS {
            let Some(picture) = self.look().await? else { return Ok(Driven::AtRest) };
            let Some((row, step)) = picture.next(&waiting) else { break };
            let went = match step {
                Step::Rest => break,
                Step::Create => self.create(&picture, row).await?,
                Step::LookUp if row.remote.state == State::Moving => self.look_up_move(row).await?,
                Step::LookUp => self.look_up(row).await?,
                Step::Move => self.move_there(row).await?,
                Step::Cancel => self.cancel(row).await?,
                Step::CarryEmail => self.carry_email(&picture, row).await?,
            };
            match went {
                Went::On => {}
                Went::Wait { at, why, failed: error } => {
                    waiting.push(row.op.clone());
                    later = Some(later.map_or((at, why), |known| if known.0 <= at { known } else { (at, why) }));
                    failed = failed.or(error.map(|message| (why, message)));
                }
                Went::LeaseLost => return Ok(Driven::LeaseLost),
            }
        }
        self.report(later, failed).await
    }

    async fn look(&self) -> Result<Option<Picture>, StoreError> {
        let id = self.id.clone();
        self.syncer.store.read(self.scope, move |tx| Box::pin(async move { Picture::load(tx, &id).await })).await
    }

    /// Writes how the run went: agreed, or failed with its message; a pause that grows with every failed try.
    async fn report(
        &self,
        later: Option<(Timestamp, &'static str)>,
        failed: Option<(&'static str, String)>,
    ) -> Result<Driven, StoreError> {
        let (id, lease, ctx) = (self.id.clone(), self.lease.clone(), self.syncer.ctx().clone());
        let rules = self.syncer.rules;
        let failed_code = failed.as_ref().map(|(code, _)| *code);
        let report = self
            .syncer
            .store
            .run(self.scope, move |tx| {
                Box::pin(async move {
                    if rules.lease_token && !jobs::holds(tx, &lease, ctx.now_ms().saturating_add(LEASE_MS)).await? {
                        return Ok(Report::LeaseLost);
                    }
                    settle::report(tx, &ctx, &id, failed.as_ref().map(|(code, text)| (*code, text.as_str()))).await
                })
            })
            .await;
        let (tries, alarm_at) = match report? {
            Report::Agreed { after } => {
                if let Some(after) = after {
                    self.syncer.calendars.observer().tell(SyncEvent::Agreed { after });
                }
                return Ok(Driven::AtRest);
            }
            Report::LeaseLost => return Ok(Driven::LeaseLost),
            Report::Open { flagged: true, .. } if !self.syncer.rules.work_on_when_flagged => return Ok(Driven::AtRest),
            Report::Open { failed_tries, alarm_at, .. } => (failed_tries, alarm_at),
        };
        if let Some(code) = failed_code {
            self.syncer.calendars.observer().tell(SyncEvent::Failed { code });
        }
        let now = self.syncer.ctx().now();
        Ok(match later {
            Some((at, why)) => {
                let at = at.max(self.retry_at(now, tries, why));
                Driven::Later { at: alarm_at.map_or(at, |alarm_at| at.min(alarm_at)), why }
            }
            // At rest, and yet not what it should be: a person has it, or the calendar tells by itself.
            None => Driven::AtRest,
        })
    }

    /// Failed tries wait ever longer; what only waits its turn, or for time to pass, does not.
    fn retry_at(&self, now: Timestamp, tries: u32, why: &'static str) -> Timestamp {
        let waits_its_turn =
            [Unsent::NoTime, Unsent::Queued, Unsent::Bulkhead].iter().any(|unsent| unsent.code() == why);
        if waits_its_turn || why == SETTLING { now } else { after(now, pause(tries)) }
    }

    fn priority(&self) -> Priority {
        if self.until.is_some() { Priority::Caller } else { Priority::Work }
    }

    /// Writes an outcome, with everything that follows from it, if the lease still holds.
    async fn write(
        &self,
        row: &RemoteRow,
        outcome: Outcome,
        told: Option<RemoteBooking>,
        known_at: Timestamp,
    ) -> Result<Went, StoreError> {
        self.write_all(row, outcome, told, known_at, None).await.map(|(went, _)| went)
    }

    /// The same, with why it was refused; also tells where it stands then.
    async fn write_all(
        &self,
        row: &RemoteRow,
        outcome: Outcome,
        told: Option<RemoteBooking>,
        known_at: Timestamp,
        refused: Option<settle::Refused>,
    ) -> Result<(Went, State), StoreError> {
        let (lease, op, ctx) = (self.lease.clone(), row.op.clone(), self.syncer.ctx().clone());
        let (rules, tenant, waits) = (self.syncer.rules, self.tenant.clone(), self.until.is_some());
        let (expected, id) = (row.remote, self.id.clone());
        self.syncer
            .store
            .run(self.scope, move |tx| {
                Box::pin(async move {
                    if rules.lease_token && !jobs::holds(tx, &lease, ctx.now_ms().saturating_add(LEASE_MS)).await? {
                        return Ok((Went::LeaseLost, expected.state));
                    }
                    let gone = Ok((Went::On, State::Gone));
                    let Some(mut row) = remotes::by_op(tx, &op).await? else { return gone };
                    // A webhook or the sweep may have told more meanwhile; then what we learned is looked up again.
                    let same = row.remote.state == expected.state && row.remote.attempt == expected.attempt;
                    if rules.lease_token && !same {
                        return gone;
                    }
                    if let Some(now) = apply(&row.remote, outcome, known_at, &rules) {
                        remotes::save(tx, &mut row, now, told.as_ref(), ctx.now_ms()).await?;
                        chronicle::outcome(tx, &ctx, &row, expected.state, outcome).await?;
                    }
                    if let Some(refused) = refused.filter(|_| row.remote.state == State::Refused) {
                        settle::promised_and_refused(tx, &ctx, &mut row, &refused, &rules).await?;
                    }
                    settle::after_outcome(tx, &ctx, &tenant, &id, &rules, waits).await?;
                    Ok::<_, StoreError>((Went::On, row.remote.state))
                })
            })
            .await
    }

    /// Marks a create or move as about to be sent.
    async fn mark(&self, row: &RemoteRow) -> Result<Marked, StoreError> {
        let (lease, op, ctx) = (self.lease.clone(), row.op.clone(), self.syncer.ctx().clone());
        let (rules, expected) = (self.syncer.rules, row.remote);
        self.syncer
            .store
            .run(self.scope, move |tx| {
                Box::pin(async move {
                    let now_ms = ctx.now_ms();
                    if rules.lease_token && !jobs::holds(tx, &lease, now_ms.saturating_add(LEASE_MS)).await? {
                        return Ok(Marked::LeaseLost);
                    }
                    let Some(mut row) = remotes::by_op(tx, &op).await? else { return Ok(Marked::Changed) };
                    if row.remote != expected {
                        return Ok(Marked::Changed);
                    }
                    let Some(now) = apply(&row.remote, Outcome::Sending, ctx.now(), &rules) else {
                        return Ok(Marked::Changed);
                    };
                    // What was sent longer ago than it takes to settle is not under way any more.
                    let settle_ms = i64::try_from(rules.settle.as_millis()).unwrap_or(i64::MAX);
                    let since = rules.pooled_one_at_a_time.then(|| now_ms.saturating_sub(settle_ms));
                    let hold = remotes::mark_sent(tx, &mut row, now, since, now_ms).await?;
                    let Some(hold) = hold else { return Ok(Marked::Queued) };
                    chronicle::outcome(tx, &ctx, &row, expected.state, Outcome::Sending).await?;
                    Ok::<_, StoreError>(Marked::Sent(Box::new(row), hold))
                })
            })
            .await
    }

    async fn create(&self, picture: &Picture, row: &RemoteRow) -> Result<Went, StoreError> {
        let now = self.syncer.ctx().now();
        if picture.appointment.visit.start <= now {
            return Ok(Went::Wait { at: after(now, SignedDuration::from_hours(1)), why: "over", failed: None });
        }
        if left(now, self.until, WHOLE) < WORTH_TRYING {
            return Ok(Went::Wait { at: now, why: Unsent::NoTime.code(), failed: None });
        }
        let (sent, hold) = match self.mark(row).await? {
            Marked::Sent(sent, hold) => (sent, hold),
            Marked::Changed => return Ok(Went::On),
            Marked::LeaseLost => return Ok(Went::LeaseLost),
            Marked::Queued => {
                self.syncer.ctx().sleep(QUEUE).await;
                if left(self.syncer.ctx().now(), self.until, WHOLE) >= WORTH_TRYING && self.until.is_some() {
                    return Ok(Went::On);
                }
                let at = after(self.syncer.ctx().now(), SignedDuration::from_millis(500));
                return Ok(Went::Wait { at, why: Unsent::Queued.code(), failed: None });
            }
        };
        let Some(booking) = self.booking(picture, &sent) else {
            return self.write(&sent, Outcome::NotSent, None, now).await;
        };
        let within = left(self.syncer.ctx().now(), self.until, WHOLE);
        let told = self.calendar.create(self.priority(), &hold, &booking, within).await;
        let known_at = self.syncer.ctx().now();
        self.calendar.invalidate(row.event_type, row.remote.start);
        let code = told.error_code().unwrap_or("done");
        match told {
            Told::Done(made) => self.created(&sent, made, known_at).await,
            Told::Refused(Refusal::KeyRefused) => {
                self.write(&sent, Outcome::NotSent, None, known_at).await?;
                Ok(wait(known_at, code, "the calendar does not take our key; put a valid one into the tenant file"))
            }
            Told::Refused(refusal) => self.refused(&sent, &refusal, known_at).await,
            Told::Unsent(unsent) => {
                self.write(&sent, Outcome::NotSent, None, known_at).await?;
                Ok(put_off(known_at, unsent))
            }
            Told::Unknown(doubt) => {
                tracing::warn!(
                    tenant = self.tenant.slug,
                    op = sent.op,
                    code,
                    "no clear answer to a booking; it is looked up until it is clear"
                );
                match self.write(&sent, Outcome::Doubtful, None, known_at).await? {
                    Went::On => Ok(doubtful(&sent.remote, known_at, doubt)),
                    went => Ok(went),
                }
            }
        }
    }

    /// An answer counts only if it is about our booking: with our stamp, of our event type, at our start.
    async fn created(&self, row: &RemoteRow, made: RemoteBooking, known_at: Timestamp) -> Result<Went, StoreError> {
        if self.syncer.rules.own_address_and_stamp && !self.is_ours(row, &made) {
            tracing::warn!(
                tenant = self.tenant.slug,
                op = row.op,
                "the calendar answered with a booking that is not ours; taken for a refusal"
            );
            return self.refused(row, &Refusal::Taken, known_at).await;
        }
        let pending = made.status == RemoteStatus::Pending;
        if made.start == row.remote.start {
            return self.write(row, Outcome::There { at: made.start, pending }, Some(made), known_at).await;
        }
        // Ours, but elsewhere: not what was asked for. It is cancelled, and the wish refused.
        let told = self.calendar.cancel(self.priority(), &made.uid, TAKEN_BACK).await;
        match told {
            Told::Done(()) | Told::Refused(Refusal::AlreadyCancelled) => {
                self.refused(row, &Refusal::Taken, known_at).await
            }
            _ => Ok(settling(&row.remote, known_at, &self.syncer.rules)),
        }
    }

    /// The calendar would not have a booking. Final only if nothing was sent before: a later refusal may be its own
    /// earlier try in its way, and is looked up. What was promised is tried on where somebody has its time there (it
    /// may be one of ours that is about to go), and counted, so that a person hears of it if it goes on like this.
    async fn refused(&self, row: &RemoteRow, refusal: &Refusal, known_at: Timestamp) -> Result<Went, StoreError> {
        let (is_final, code) = (row.remote.attempt <= 1, refusal.code());
        tracing::info!(tenant = self.tenant.slug, op = row.op, code, is_final, "the calendar refused a booking");
        let why =
            settle::Refused { code, message: refused_message(row, refusal), may_pass: *refusal == Refusal::Taken };
        let went = self.write_all(row, Outcome::Refused, None, known_at, Some(why)).await?;
        Ok(match went {
            (Went::On, State::Sent) => refused_again(row, refusal, known_at, &self.syncer.rules),
            (Went::On, State::Wanted) => wait(known_at, code, &refused_message(row, refusal)),
            (went, _) => went,
        })
    }

    fn is_ours(&self, row: &RemoteRow, booking: &RemoteBooking) -> bool {
        booking.event_type.is_none_or(|event_type| event_type == row.event_type)
            && booking.stamp.as_ref().is_some_and(|stamp| {
                (stamp.op == row.op || !self.syncer.rules.intent_first)
                    && self.syncer.store.keys().stamped(self.scope.tenant(), stamp)
            })
    }

    fn booking(&self, picture: &Picture, row: &RemoteRow) -> Option<NewBooking> {
        // Only for proving that it must not be done so: what is sent was never written down.
        let op = if self.syncer.rules.intent_first { row.op.clone() } else { self.syncer.ctx().id("op_") };
        Some(NewBooking {
            stamp: self.syncer.store.keys().stamp(self.scope.tenant(), &op),
            event_type: row.event_type,
            start: row.remote.start,
            attendee: self.attendee(picture, row)?,
            host: row.host,
            fields: row.fields.clone(),
            notes: picture.appointment.notes.clone(),
        })
    }

    pub(super) fn attendee(&self, picture: &Picture, row: &RemoteRow) -> Option<Attendee> {
        let customer = picture.customer.as_ref()?;
        let branch = self.tenant.branch(&picture.appointment.branch)?;
        Some(Attendee {
            name: customer.name.clone(),
            email: row.attendee.clone()?,
            phone: Some(customer.phone.clone()).filter(|phone| phone.reveal().starts_with('+')),
            zone: branch.zone.iana_name().unwrap_or("UTC").to_owned(),
            lang: self.tenant.language,
        })
    }

    /// What became of a create without a clear answer: ours among what the calendar has at that address.
    async fn look_up(&self, row: &RemoteRow) -> Result<Went, StoreError> {
        // What is seen was so at the latest when it was asked.
        let asked = self.syncer.ctx().now();
        let Some(attendee) = row.attendee.clone() else {
            return Ok(wait(asked, "erased", "the booking's address was erased; look for it in the calendar"));
        };
        let start = row.remote.start;
        let sought = Find { event_type: row.event_type, attendee, start };
        let found = match self.calendar.find(self.priority(), &sought).await {
            Told::Done(found) => found,
            other => return Ok(unheard(self.syncer.ctx().now(), &other)),
        };
        let mut ours: Vec<RemoteBooking> = found.into_iter().filter(|booking| self.is_ours(row, booking)).collect();
        let was_there = !ours.is_empty();
        ours.retain(|booking| booking.status.is_live());
        ours.sort_by(|a, b| (a.created, &a.uid).cmp(&(b.created, &b.uid)));
        let mut ours = ours.into_iter();
        let Some(keep) = ours.next() else {
            if was_there {
                return self.write(row, Outcome::Cancelled, None, asked).await;
            }
            let gone = remote::settled(&row.remote, asked, &self.syncer.rules);
            return match self.write(row, Outcome::Nothing, None, asked).await? {
                Went::On if !gone => Ok(settling(&row.remote, self.syncer.ctx().now(), &self.syncer.rules)),
                went => Ok(went),
            };
        };
        for extra in ours {
            let told = self.calendar.cancel(self.priority(), &extra.uid, TAKEN_BACK).await;
            if !matches!(told, Told::Done(()) | Told::Refused(Refusal::AlreadyCancelled)) {
                return Ok(unheard(self.syncer.ctx().now(), &told));
            }
        }
        let pending = keep.status == RemoteStatus::Pending;
        self.write(row, Outcome::There { at: keep.start, pending }, Some(keep), asked).await
    }

    /// Where a booking is after a move without a clear answer, followed from name to name.
    async fn look_up_move(&self, row: &RemoteRow) -> Result<Went, StoreError> {
        let asked = self.syncer.ctx().now();
        let found = match self.follow(row).await {
            Ok(found) => found,
            Err(told) => return Ok(unheard(self.syncer.ctx().now(), &told)),
        };
        // A name just given may not be known to every server there yet: that it is unknown proves nothing before it settled.
        if found.is_none() && !remote::settled(&row.remote, asked, &self.syncer.rules) {
            return Ok(settling(&row.remote, self.syncer.ctx().now(), &self.syncer.rules));
        }
        let Some(found) = found.filter(|booking| booking.status.is_live()) else {
            return self.write(row, Outcome::Cancelled, None, asked).await;
        };
        let proven = found.start == row.remote.start || remote::settled(&row.remote, asked, &self.syncer.rules);
        let (at, pending) = (found.start, found.status == RemoteStatus::Pending);
        match self.write(row, Outcome::There { at, pending }, Some(found), asked).await? {
            Went::On if !proven => Ok(settling(&row.remote, self.syncer.ctx().now(), &self.syncer.rules)),
            went => Ok(went),
        }
    }

    /// The booking a row means, wherever it was moved to; `None`: there is none.
    async fn follow(&self, row: &RemoteRow) -> Result<Option<RemoteBooking>, Told<()>> {
        let Some(mut uid) = row.uid.clone() else { return Ok(None) };
        for hop in 0..8 {
            match self.calendar.get(self.priority(), &uid).await {
                Told::Done(Some(booking)) => match &booking.moved_to {
                    Some(next) if !booking.status.is_live() => uid = next.clone(),
                    _ => return Ok(Some(booking)),
                },
                // Named as the new place by the old one, and not known yet: it is there, and shows later.
                Told::Done(None) | Told::Refused(Refusal::NotFound) if hop > 0 => break,
                Told::Done(None) | Told::Refused(Refusal::NotFound) => return Ok(None),
                other => return Err(other.map(|_| ())),
            }
        }
        Err(Told::Unknown(Doubt::Unreadable))
    }

    async fn move_there(&self, row: &RemoteRow) -> Result<Went, StoreError> {
        let Some(uid) = row.uid.clone() else { return Ok(Went::On) };
        let now = self.syncer.ctx().now();
        if left(now, self.until, WHOLE) < WORTH_TRYING {
            return Ok(Went::Wait { at: now, why: Unsent::NoTime.code(), failed: None });
        }
        let sent = match self.mark(row).await? {
            Marked::Sent(sent, _) => sent,
            Marked::Changed => return Ok(Went::On),
            Marked::LeaseLost => return Ok(Went::LeaseLost),
            Marked::Queued => {
                let at = after(now, SignedDuration::from_millis(500));
                return Ok(Went::Wait { at, why: Unsent::Queued.code(), failed: None });
            }
        };
        let within = left(self.syncer.ctx().now(), self.until, WHOLE);
        let told = self.calendar.move_to(self.priority(), &uid, row.remote.start, MOVED, within).await;
        let known_at = self.syncer.ctx().now();
        self.calendar.invalidate(row.event_type, row.remote.start);
        let code = told.error_code().unwrap_or("done");
        match told {
            Told::Done(moved) => {
                let (at, pending) = (moved.start, moved.status == RemoteStatus::Pending);
                self.write(&sent, Outcome::There { at, pending }, Some(moved), known_at).await
            }
            Told::Refused(Refusal::KeyRefused) => {
                self.write(&sent, Outcome::NotSent, None, known_at).await?;
                Ok(wait(known_at, code, "the calendar does not take our key; put a valid one into the tenant file"))
            }
            // It is elsewhere or gone already: where, the look-up tells.
            Told::Refused(Refusal::MovedAway(_) | Refusal::AlreadyCancelled | Refusal::NotFound) => {
                self.write(&sent, Outcome::Doubtful, None, known_at).await
            }
            Told::Refused(refusal) => {
                let went = self.write(&sent, Outcome::Refused, None, known_at).await?;
                Ok(self.move_refused(&sent, &refusal).await?.unwrap_or(went))
            }
            Told::Unsent(unsent) => {
                self.write(&sent, Outcome::NotSent, None, known_at).await?;
                Ok(put_off(known_at, unsent))
            }
            Told::Unknown(doubt) => match self.write(&sent, Outcome::Doubtful, None, known_at).await? {
                Went::On => Ok(doubtful(&sent.remote, known_at, doubt)),
                went => Ok(went),
            },
        }
    }

    async fn cancel(&self, row: &RemoteRow) -> Result<Went, StoreError> {
        let Some(uid) = row.uid.clone() else { return Ok(Went::On) };
        let told = self.calendar.cancel(self.priority(), &uid, TAKEN_BACK).await;
        let known_at = self.syncer.ctx().now();
        self.calendar.invalidate(row.event_type, row.remote.start);
        match told {
            Told::Done(()) | Told::Refused(Refusal::NotFound) => {
                self.write(row, Outcome::Cancelled, None, known_at).await
            }
            // "Cancelled already" is also said of a name that was left by a move: the booking may live on elsewhere.
            Told::Refused(Refusal::AlreadyCancelled | Refusal::MovedAway(_)) => match self.follow(row).await {
                Ok(Some(found)) if found.status.is_live() => {
                    let (at, pending) = (found.start, found.status == RemoteStatus::Pending);
                    self.write(row, Outcome::There { at, pending }, Some(found), known_at).await
                }
                Ok(_) => self.write(row, Outcome::Cancelled, None, known_at).await,
                Err(told) => Ok(unheard(self.syncer.ctx().now(), &told)),
            },
            other => Ok(unheard(known_at, &other)),
        }
    }

    async fn carry_email(&self, picture: &Picture, row: &RemoteRow) -> Result<Went, StoreError> {
        let (Some(uid), Some(email)) = (row.uid.clone(), row.email_due.clone()) else {
            return self.write(row, Outcome::EmailDone, None, self.syncer.ctx().now()).await;
        };
        let Some(attendee) = self.attendee(picture, row).map(|attendee| Attendee { email, ..attendee }) else {
            return self.write(row, Outcome::EmailDone, None, self.syncer.ctx().now()).await;
        };
        let told = self.calendar.set_email(self.priority(), &uid, &attendee).await;
        let known_at = self.syncer.ctx().now();
        match told {
            Told::Done(_) => self.write(row, Outcome::EmailDone, None, known_at).await,
            Told::Refused(Refusal::KeyRefused) | Told::Unsent(_) | Told::Unknown(_) => Ok(unheard(known_at, &told)),
            Told::Refused(refusal) => {
                self.email_refused(row, &refusal).await?;
                Ok(Went::On)
            }
        }
    }

    async fn move_refused(&self, row: &RemoteRow, refusal: &Refusal) -> Result<Option<Went>, StoreError> {
        let (id, ctx, code, rules) = (self.id.clone(), self.syncer.ctx().clone(), refusal.code(), self.syncer.rules);
        let (message, tenant, waits) = (refused_message(row, refusal), self.tenant.clone(), self.until.is_some());
        let given_up = self
            .syncer
            .store
            .run(self.scope, move |tx| {
                Box::pin(
                    async move { settle::move_refused(tx, &ctx, &tenant, &id, code, &message, &rules, waits).await },
                )
            })
            .await?;
        let now = self.syncer.ctx().now();
        Ok((!given_up).then(|| wait(now, code, "the calendar refuses to move the booking to where it was promised")))
    }

    async fn email_refused(&self, row: &RemoteRow, refusal: &Refusal) -> Result<(), StoreError> {
        let (op, ctx, code, rules) = (row.op.clone(), self.syncer.ctx().clone(), refusal.code(), self.syncer.rules);
        let rebook = self.tenant.calendar.as_ref().is_some_and(|link| link.rebook_for_email);
        self.syncer
            .store
            .run(self.scope, move |tx| {
                Box::pin(async move { super::emails::refused(tx, &ctx, &op, code, rebook, &rules).await })
            })
            .await
    }
}

enum Marked {
    Sent(Box<RemoteRow>, frontdesk_domain::ports::SlotHold),
    /// Somebody changed it meanwhile.
    Changed,
    Queued,
    LeaseLost,
}
