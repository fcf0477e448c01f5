//! What operators do about what waits: try everything, or one appointment, now.

use std::fmt;

use frontdesk_domain::booking::remote::{Outcome, apply};
use frontdesk_domain::ids::AppointmentId;
use frontdesk_store::syncs::SyncRow;
use frontdesk_store::{StoreError, TenantScope, jobs, remotes, syncs};

use super::{SYNC, Syncer, intent};

impl fmt::Debug for Syncer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Syncer")
    }
}

/// What came of the wish to try an appointment again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Retried {
    /// It is tried now.
    Woken,
    /// There is nothing to try: it and the calendar agree.
    Agrees(Box<SyncRow>),
    /// It has nothing to do with a calendar outside, or there is none of that id.
    Unknown,
}

impl Syncer {
    /// Makes everything of a tenant due that waits for its calendar; how many appointments wait.
    pub async fn everything_due(&self, scope: &TenantScope) -> Result<usize, StoreError> {
        let now_ms = self.ctx().now_ms();
        let waiting = self
            .store
            .run::<_, StoreError, _>(scope, move |tx| {
                Box::pin(async move {
                    jobs::all_due(tx, SYNC, now_ms).await?;
                    Ok(syncs::not_agreed(tx).await?.len())
                })
            })
            .await?;
        self.ring();
        Ok(waiting)
    }

    /// Tries one appointment again now, also where the calendar refused it before.
    pub async fn retry(&self, scope: &TenantScope, id: &AppointmentId) -> Result<Retried, StoreError> {
        let (ctx, rules, id) = (self.ctx().clone(), self.rules, id.clone());
        let retried = self
            .store
            .run::<_, StoreError, _>(scope, move |tx| {
                Box::pin(async move {
                    let Some(standing) = syncs::load(tx, &id).await? else { return Ok(Retried::Unknown) };
                    if standing.status == "synced" {
                        return Ok(Retried::Agrees(Box::new(standing)));
                    }
                    for mut row in remotes::of_appointment(tx, &id).await? {
                        if row.remote.desired
                            && let Some(now) = apply(&row.remote, Outcome::TryAgain, ctx.now(), &rules)
                        {
                            remotes::save(tx, &mut row, now, None, ctx.now_ms()).await?;
                        }
                    }
                    intent::wake(tx, &ctx, &id).await?;
                    Ok(Retried::Woken)
                })
            })
            .await?;
        self.ring();
        Ok(retried)
    }
}
