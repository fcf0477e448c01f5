//! The sweep: everything that changed in a calendar since the last time, held against our rows. The net under webhooks
//! that were lost and creates that came late.

use frontdesk_domain::calendar::budget::Priority;
use frontdesk_domain::calendar::{Refusal, RemoteBooking, RemoteUid, Told};
use frontdesk_domain::review::Kind;
use frontdesk_domain::tenant::Tenant;
use frontdesk_store::hints;
use frontdesk_store::jobs::{self, LeasedJob};
use frontdesk_store::{StoreError, reviews};
use jiff::{SignedDuration, Timestamp};

use super::truth::{self, Seen};
use super::{Driven, SWEEP_EVERY_MS, SYNC, Syncer, after};
use crate::calendars::Guarded;

/// What a calendar shows as the reason where one of ours should not be there.
pub(super) const STRAY: &str = "Doppelter Eintrag, automatisch entfernt";
/// Changes of this long before the last sweep are looked at again: clocks differ, and lists lag behind.
const AGAIN: SignedDuration = SignedDuration::from_mins(3);
/// The first sweep of a tenant looks this far back.
const FIRST: SignedDuration = SignedDuration::from_hours(24);
/// Pages of one sweep; the next one goes on from there.
const PAGES: u32 = 10;
/// More cancels than this, or a tenth of what was looked at, need a person.
const CANCELS: usize = 5;

impl Syncer {
    /// Looks through what changed. Never cancels what has no row, nor more than a few by itself.
    pub(super) async fn sweep(&self, job: &LeasedJob, tenant: &Tenant) -> Result<Driven, StoreError> {
        let now = self.ctx().now();
        let again = after(now, SignedDuration::from_millis(SWEEP_EVERY_MS));
        if tenant.calendar.is_none() {
            return Ok(Driven::AtRest);
        }
        let Some(calendar) = self.calendar(&job.scope, tenant).await else {
            return Ok(Driven::Later { at: again, why: "not_set_up" });
        };
        if !self.rules.sweep {
            return Ok(Driven::Later { at: again, why: "off" });
        }
        let mark = self.store.read::<_, StoreError, _>(&job.scope, |tx| Box::pin(hints::mark(tx))).await?;
        let since = mark.and_then(|ms| Timestamp::from_millisecond(ms).ok());
        let since = since.map_or_else(|| before(now, FIRST), |since| before(since, AGAIN));
        let (mut strays, mut looked_at, mut reached) = (Vec::new(), 0_usize, now);
        for page in 0..PAGES {
            let told = calendar.list_changed(Priority::Work, since, page * 100).await;
            let Told::Done(found) = told else {
                return Ok(Driven::Later { at: again, why: told.error_code().unwrap_or("unclear") });
            };
            looked_at += found.bookings.len();
            for booking in &found.bookings {
                if let Seen::Stray(uid) = self.take_in(job, tenant, booking).await? {
                    strays.push(uid);
                }
            }
            if !found.more {
                reached = now;
                break;
            }
            reached = found.bookings.last().and_then(|booking| booking.updated).unwrap_or(reached).min(now);
        }
        self.cancel_strays(job, &calendar, strays, looked_at).await?;
        let reached_ms = reached.as_millisecond();
        let now_ms = self.ctx().now_ms();
        self.store
            .run::<_, StoreError, _>(&job.scope, move |tx| {
                Box::pin(async move {
                    // It answers: whatever waits only because it did not is tried again.
                    jobs::unheard_due(tx, SYNC, now_ms).await?;
                    hints::set_mark(tx, reached_ms).await
                })
            })
            .await?;
        self.ring();
        Ok(Driven::Later { at: again, why: "swept" })
    }

    async fn take_in(&self, job: &LeasedJob, tenant: &Tenant, booking: &RemoteBooking) -> Result<Seen, StoreError> {
        let (store, rules, tenant, booking) = (self.store.clone(), self.rules, tenant.clone(), booking.clone());
        self.store
            .run(&job.scope, move |tx| {
                Box::pin(async move { truth::take_in(tx, &store, &tenant, &booking, &rules).await })
            })
            .await
    }

    async fn cancel_strays(
        &self,
        job: &LeasedJob,
        calendar: &Guarded,
        strays: Vec<RemoteUid>,
        looked_at: usize,
    ) -> Result<(), StoreError> {
        let many = strays.len() > CANCELS || (strays.len() > 1 && strays.len() * 10 > looked_at);
        if many {
            let ctx = self.ctx().clone();
            return self
                .store
                .run(&job.scope, move |tx| {
                    Box::pin(async move {
                        for uid in strays {
                            let message = "one of several bookings of ours that should not be in the calendar";
                            let id = ctx.id("rev_");
                            let kind = Kind::ManyCancels;
                            reviews::open(tx, &id, kind, uid.reveal(), "stray", message, ctx.now_ms()).await?;
                        }
                        Ok(())
                    })
                })
                .await;
        }
        for uid in strays {
            let told = calendar.cancel(Priority::Work, &uid, STRAY).await;
            if !matches!(told, Told::Done(()) | Told::Refused(Refusal::AlreadyCancelled | Refusal::NotFound)) {
                // It changed within what the next sweep looks at again only if nothing else did; say so.
                tracing::warn!(
                    code = told.error_code(),
                    "a stray booking could not be cancelled; the next sweep tries again"
                );
            }
        }
        Ok(())
    }
}

fn before(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_sub(by).unwrap_or(Timestamp::MIN)
}
