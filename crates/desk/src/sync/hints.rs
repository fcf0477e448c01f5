//! Webhooks of the calendar: stored and acknowledged at once; worked on later by fetching the truth.

use frontdesk_domain::calendar::budget::Priority;
use frontdesk_domain::calendar::event::{CalendarEvent, EventKind};
use frontdesk_domain::calendar::{Refusal, RemoteUid, Told};
use frontdesk_domain::tenant::Tenant;
use frontdesk_store::hints::{self, Hint};
use frontdesk_store::jobs::LeasedJob;
use frontdesk_store::{StoreError, TenantScope, busy, jobs};
use jiff::SignedDuration;

use super::truth::{self, Seen};
use super::{Driven, HINT, Syncer, after};

/// The truth is fetched so long after a hint: the calendar tells before its own answer is on its way to us.
const LATER_MS: i64 = 1_000;

/// What became of a hint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HintTaken {
    /// Stored, and worked on soon.
    Stored,
    /// Stored before.
    Repeated,
    /// Stored; nothing follows from it.
    Noted,
}

impl Syncer {
    /// Stores a hint and wakes the job that fetches the truth.
    pub async fn take_hint(
        &self,
        scope: &TenantScope,
        event: CalendarEvent,
        key: &str,
    ) -> Result<HintTaken, StoreError> {
        let (ctx, key) = (self.ctx().clone(), key.to_owned());
        self.ring();
        self.store
            .run(scope, move |tx| {
                Box::pin(async move {
                    let now_ms = ctx.now_ms();
                    let hint = Hint {
                        key: &key,
                        trigger: name_of(&event.kind),
                        uid: event.uid.as_ref(),
                        previous_uid: event.previous.as_ref(),
                        op: event.stamp.as_ref().map(|stamp| stamp.op.as_str()),
                    };
                    if !hints::store(tx, &hint, now_ms).await? {
                        return Ok::<_, StoreError>(HintTaken::Repeated);
                    }
                    let Some(uid) = event.uid.filter(|_| is_about_a_booking(&event.kind)) else {
                        return Ok(HintTaken::Noted);
                    };
                    jobs::wake(tx, &ctx.id("job_"), HINT, uid.reveal(), now_ms.saturating_add(LATER_MS), now_ms)
                        .await?;
                    Ok(HintTaken::Stored)
                })
            })
            .await
    }

    /// Fetches the truth about the booking a hint was about, and takes it in.
    pub(super) async fn follow_hint(&self, job: &LeasedJob, tenant: &Tenant) -> Result<Driven, StoreError> {
        let now = self.ctx().now();
        let Some(calendar) = self.calendar(&job.scope, tenant).await else { return Ok(Driven::AtRest) };
        let uid = RemoteUid::new(&job.key);
        let told = match calendar.get(Priority::Work, &uid).await {
            Told::Done(told) => told,
            Told::Refused(Refusal::NotFound) => None,
            other => {
                let pause = SignedDuration::from_secs(2 * (1 + job.attempt.min(30)));
                return Ok(Driven::Later { at: after(now, pause), why: other.error_code().unwrap_or("unclear") });
            }
        };
        if let Some(booking) = &told
            && let Some(event_type) = booking.event_type
        {
            calendar.booked(event_type, booking.start);
        }
        let (store, rules, tenant) = (self.store.clone(), self.rules, tenant.clone());
        let stray = self
            .store
            .run(&job.scope, move |tx| {
                Box::pin(async move {
                    let seen = match &told {
                        Some(told) => truth::take_in(tx, &store, &tenant, told, &rules).await?,
                        None => {
                            busy::remove(tx, &uid).await?;
                            Seen::Known
                        }
                    };
                    hints::done(tx, &uid, seen.as_str(), store.ctx().now_ms()).await?;
                    Ok::<_, StoreError>(seen)
                })
            })
            .await?;
        // The booking a move left behind names the one it became; that one has a hint of its own, or the sweep.
        if let Seen::Stray(uid) = stray {
            let told = calendar.cancel(Priority::Work, &uid, super::sweep::STRAY).await;
            if !matches!(told, Told::Done(()) | Told::Refused(Refusal::AlreadyCancelled | Refusal::NotFound)) {
                let at = after(now, SignedDuration::from_secs(5));
                return Ok(Driven::Later { at, why: told.error_code().unwrap_or("unclear") });
            }
        }
        Ok(Driven::AtRest)
    }
}

/// Whether something may follow: what is only a test of the line, or unknown, is stored and no more.
fn is_about_a_booking(kind: &EventKind) -> bool {
    !matches!(kind, EventKind::Ping | EventKind::Unknown(_))
}

fn name_of(kind: &EventKind) -> &str {
    match kind {
        EventKind::Unknown(name) => name,
        known => known.code(),
    }
}
