//! Bringing appointments into the calendar outside, and what changed there to us. See docs/BOOKING.md.
//!
//! Everything here follows from commits: a job says *that* something may differ, never what to do. What to do is read
//! from the rows and decided by the pure table of [`frontdesk_domain::booking::remote`]. Callers who wait and workers
//! who come later run the same code ([`drive`]).

mod chronicle;
mod drive;
pub(crate) mod emails;
mod hints;
pub(crate) mod intent;
mod operate;
mod picture;
mod review;
mod settle;
mod sweep;
mod tell;
mod truth;
mod waits;
mod warm;

use std::sync::Arc;
use std::time::Duration;

use frontdesk_domain::calendar::rules::Rules;
use frontdesk_domain::ids::AppointmentId;
use frontdesk_domain::ports::Ctx;
use frontdesk_domain::tenant::Tenant;
use frontdesk_store::jobs::{Lease, LeasedJob};
use frontdesk_store::{Store, StoreError, TenantScope, jobs};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;

use crate::calendars::{Calendars, Guarded};

pub use hints::HintTaken;
pub use operate::Retried;
pub use review::{ResolveError, Resolved};

/// A run that hears nothing for this long is taken over.
const LEASE_MS: i64 = 30_000;
/// How often a tenant's calendar is looked through.
const SWEEP_EVERY_MS: i64 = 60_000;

/// The job that brings one appointment and its calendar together; its key is the appointment's id.
pub const SYNC: &str = "sync";
/// The job that looks up a booking the calendar told of; its key is the booking's uid.
pub(crate) const HINT: &str = "hint";
/// The job that looks through a tenant's calendar; it never ends.
pub(crate) const SWEEP: &str = "sweep";

/// Brings appointments and calendars together.
pub struct Syncer {
    pub(crate) store: Store,
    pub(crate) calendars: Arc<Calendars>,
    pub(crate) rules: Rules,
    /// Rung when there may be work.
    bell: Notify,
    called: warm::Called,
}

/// What a run came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Driven {
    /// Nothing is left to do.
    AtRest,
    /// Something is left to do, from then on.
    Later {
        /// When.
        at: Timestamp,
        /// Why not now, as a code.
        why: &'static str,
    },
    /// Somebody else took the job over meanwhile.
    LeaseLost,
}

/// What one job came to, for whoever runs the workers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worked {
    /// A job was done or put off.
    Something,
    /// Nothing was due.
    Nothing,
}

impl Syncer {
    /// Over a store and the tenants' calendars, by these rules (the product's are [`Rules::SOUND`]).
    pub fn new(store: Store, calendars: Arc<Calendars>, rules: Rules) -> Self {
        Self { store, calendars, rules, bell: Notify::new(), called: warm::Called::default() }
    }

    pub(crate) fn ctx(&self) -> &Ctx {
        self.store.ctx()
    }

    /// Tells a worker that there may be work.
    pub(crate) fn ring(&self) {
        self.bell.notify_one();
    }

    /// Waits until there may be work, but no longer than so long.
    pub async fn until_rung(&self, longest: Duration) {
        let ctx = self.ctx().clone();
        tokio::select! {
            () = self.bell.notified() => {}
            () = ctx.sleep(longest) => {}
        }
    }

    /// Waits until some calendar works again, see [`Self::after_recovery`].
    pub async fn until_recovered(&self) {
        self.calendars.until_recovered().await;
    }

    /// The tenants' calendars outside.
    pub fn calendars(&self) -> &Arc<Calendars> {
        &self.calendars
    }

    /// Wakes the sweep of every tenant with a calendar outside: at the start, and after a tenant was applied.
    pub async fn wake_sweeps(&self) -> Result<(), StoreError> {
        for (scope, tenant, _) in self.store.tenants().await? {
            if tenant.calendar.is_none() {
                continue;
            }
            let (id, now_ms) = (self.ctx().id("job_"), self.ctx().now_ms());
            self.store
                .run(&scope, move |tx| Box::pin(async move { jobs::wake(tx, &id, SWEEP, "all", now_ms, now_ms).await }))
                .await?;
        }
        Ok(())
    }

    /// Tenants changed: their calendars' keys are looked up again, and what waited for them is tried.
    pub async fn tenants_changed(&self) -> Result<(), StoreError> {
        for (scope, tenant, _) in self.store.tenants().await? {
            if tenant.calendar.is_some() {
                self.calendars.forget(&tenant.id);
                let now_ms = self.ctx().now_ms();
                self.store
                    .run::<_, StoreError, _>(&scope, move |tx| {
                        Box::pin(async move { jobs::all_due(tx, SYNC, now_ms).await })
                    })
                    .await?;
            }
        }
        self.wake_sweeps().await
    }

    /// Makes everything due that waited for calendars which answer again.
    pub async fn after_recovery(&self) -> Result<(), StoreError> {
        let recovered = self.calendars.take_recovered();
        if recovered.is_empty() {
            return Ok(());
        }
        for (scope, tenant, _) in self.store.tenants().await? {
            if recovered.contains(&tenant.id) {
                let now_ms = self.ctx().now_ms();
                self.store
                    .run::<_, StoreError, _>(&scope, move |tx| {
                        Box::pin(async move { jobs::all_due(tx, SYNC, now_ms).await })
                    })
                    .await?;
            }
        }
        Ok(())
    }

    /// Does the one job that is due longest.
    pub async fn work(&self) -> Result<Worked, StoreError> {
        // Looked up beside the writer: there is seldom work, and calls should not wait for the question.
        if self.store.next_job_due().await?.is_none_or(|due_ms| due_ms > self.ctx().now_ms()) {
            return Ok(Worked::Nothing);
        }
        let Some(job) = self.store.lease_job(LEASE_MS).await? else { return Ok(Worked::Nothing) };
        // Where there is one job there may be more.
        self.ring();
        let done = self.run(&job).await;
        if let Err(error) = done {
            tracing::error!(
                %error,
                kind = job.kind,
                "a job failed in the store and is tried again; if it goes on, check disk and database"
            );
            let at_ms = self.ctx().now_ms().saturating_add(5_000);
            self.store.postpone_job(&job.lease, at_ms, "store", true).await?;
        }
        Ok(Worked::Something)
    }

    async fn run(&self, job: &LeasedJob) -> Result<(), StoreError> {
        let Some(tenant) = self.store.tenant_of(&job.scope).await? else {
            return self.store.finish_job(&job.lease).await.map(|_| ());
        };
        let driven = match job.kind.as_str() {
            SYNC => self.drive(&job.scope, &tenant, &AppointmentId::from(job.key.as_str()), &job.lease, None).await?,
            HINT => self.follow_hint(job, &tenant).await?,
            SWEEP => self.sweep(job, &tenant).await?,
            unknown => {
                tracing::warn!(kind = unknown, "a job of an unknown kind is dropped; was a newer version here?");
                Driven::AtRest
            }
        };
        self.put_away(&job.lease, driven).await
    }

    /// Ends a job, or puts it off until something can be done.
    pub(crate) async fn put_away(&self, lease: &Lease, driven: Driven) -> Result<(), StoreError> {
        match driven {
            Driven::AtRest => self.store.finish_job(lease).await.map(|_| ()),
            Driven::Later { at, why } => {
                self.store.postpone_job(lease, at.as_millisecond(), why, true).await?;
                self.ring();
                Ok(())
            }
            Driven::LeaseLost => Ok(()),
        }
    }

    /// The tenant's calendar, if it has one outside.
    pub(crate) async fn calendar(&self, scope: &TenantScope, tenant: &Tenant) -> Option<Arc<Guarded>> {
        self.calendars.of(scope, tenant).await
    }
}

/// So long from now.
pub(crate) fn after(now: Timestamp, time: SignedDuration) -> Timestamp {
    now.checked_add(time).unwrap_or(Timestamp::MAX)
}

/// What is left of the time until a caller must be answered; a whole create's otherwise.
pub(crate) fn left(now: Timestamp, until: Option<Timestamp>, whole: Duration) -> Duration {
    let Some(until) = until else { return whole };
    Duration::try_from(until.duration_since(now)).unwrap_or(Duration::ZERO).min(whole)
}
