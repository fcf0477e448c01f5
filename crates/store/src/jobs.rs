//! Work that follows from a commit: woken in its transaction, taken by lease, never run inside one.
//!
//! There is one job of a kind for each thing (an appointment, a tenant). Every new reason wakes it; a run that did not
//! see the last reason runs again. Every write of a run shows its lease, so one that was frozen and overtaken writes
//! nothing more.

use frontdesk_domain::ids::TenantId;

use crate::error::StoreError;
use crate::sql::{Row, p};
use crate::store::{Store, TenantScope};
use crate::tx::Tx;

/// The right to do a job for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The job's id.
    pub job: String,
    /// Proves the lease; every later write carries it.
    pub token: String,
    /// The last reason this run knows of.
    pub wakes: i64,
}

/// A job somebody holds the lease of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeasedJob {
    /// Whose.
    pub scope: TenantScope,
    /// What kind of work.
    pub kind: String,
    /// What it is about: an appointment's id, a booking's uid.
    pub key: String,
    /// How often it failed in a row.
    pub attempt: i64,
    /// The right to do it.
    pub lease: Lease,
}

const WAKE: &str = "-- jobs::WAKE
    INSERT INTO job (job_id, tenant_id, kind, unique_key, due_ms, created_ms)
    VALUES ($2, $1, $3, $4, $5, $6)
    ON CONFLICT (tenant_id, kind, unique_key) DO UPDATE SET
        due_ms = CASE WHEN excluded.due_ms < job.due_ms THEN excluded.due_ms ELSE job.due_ms END,
        wakes = job.wakes + 1";

/// Wakes the job of that kind and key, made if there is none, due by then at the latest.
pub async fn wake(tx: &mut Tx, id: &str, kind: &str, key: &str, due_ms: i64, now_ms: i64) -> Result<(), StoreError> {
    let tenant = tx.tenant()?;
    let params = [p(tenant.as_str()), p(id), p(kind), p(key), p(due_ms), p(now_ms)];
    tx.execute(WAKE, &params).await.map(|_| ())
}

const TAKE: &str = "-- jobs::TAKE
    UPDATE job SET lease_token = $4, lease_until_ms = $5
    WHERE tenant_id = $1 AND kind = $2 AND unique_key = $3 AND (lease_until_ms IS NULL OR lease_until_ms <= $6)
    RETURNING job_id, wakes";

/// Takes the lease of one job in the transaction that woke it, so that no worker is faster; `None` if somebody has it.
pub async fn take(
    tx: &mut Tx,
    kind: &str,
    key: &str,
    token: &str,
    until_ms: i64,
    now_ms: i64,
) -> Result<Option<Lease>, StoreError> {
    let tenant = tx.tenant()?;
    let params = [p(tenant.as_str()), p(kind), p(key), p(token), p(until_ms), p(now_ms)];
    let row = tx.first(TAKE, &params).await?;
    row.map(|row| Ok(Lease { job: row.text(0)?, token: token.to_owned(), wakes: row.int(1)? })).transpose()
}

const HOLDS: &str = "-- jobs::HOLDS
    UPDATE job SET lease_until_ms = $4 WHERE tenant_id = $1 AND job_id = $2 AND lease_token = $3";

/// Whether a lease still holds, and if so, until then from now on. Asked first in every transaction of a run.
pub async fn holds(tx: &mut Tx, lease: &Lease, until_ms: i64) -> Result<bool, StoreError> {
    let tenant = tx.tenant()?;
    let params = [p(tenant.as_str()), p(&lease.job), p(&lease.token), p(until_ms)];
    Ok(tx.execute(HOLDS, &params).await? == 1)
}

const ALL_DUE: &str = "-- jobs::ALL_DUE
    UPDATE job SET due_ms = $3 WHERE tenant_id = $1 AND kind = $2 AND due_ms > $3";

/// Makes all waiting jobs of a kind due: their calendar answers again. How many.
pub async fn all_due(tx: &mut Tx, kind: &str, now_ms: i64) -> Result<usize, StoreError> {
    let tenant = tx.tenant()?;
    tx.execute(ALL_DUE, &[p(tenant.as_str()), p(kind), p(now_ms)]).await
}

const UNHEARD_DUE: &str = "-- jobs::UNHEARD_DUE
    UPDATE job SET due_ms = $3 WHERE tenant_id = $1 AND kind = $2 AND due_ms > $3 AND lease_token IS NULL
        AND last_error IN ('timed_out', 'lost', 'server_error', 'unreadable', 'rate_limited', 'breaker_open',
            'no_connection', 'unclear')";

/// Makes those due that wait only because their calendar did not answer: it does again. How many.
pub async fn unheard_due(tx: &mut Tx, kind: &str, now_ms: i64) -> Result<usize, StoreError> {
    let tenant = tx.tenant()?;
    tx.execute(UNHEARD_DUE, &[p(tenant.as_str()), p(kind), p(now_ms)]).await
}

const LEASE: &str = "-- system::jobs::LEASE
    UPDATE job SET lease_token = $1, lease_until_ms = $2
    WHERE job_id = (
        SELECT job_id FROM job
        WHERE due_ms <= $3 AND (lease_until_ms IS NULL OR lease_until_ms <= $3)
        ORDER BY due_ms, job_id LIMIT 1
    )
    RETURNING job_id, tenant_id, kind, unique_key, attempt, wakes";

const FINISH: &str = "-- system::jobs::FINISH
    DELETE FROM job WHERE job_id = $1 AND lease_token = $2 AND wakes = $3";

const RELEASE: &str = "-- system::jobs::RELEASE
    UPDATE job SET lease_token = NULL, lease_until_ms = NULL, attempt = 0, due_ms = $3
    WHERE job_id = $1 AND lease_token = $2";

const POSTPONE: &str = "-- system::jobs::POSTPONE
    UPDATE job SET attempt = CASE WHEN $6 = 1 THEN attempt + 1 ELSE attempt END,
        due_ms = CASE WHEN wakes = $5 THEN $3 WHEN due_ms < $3 THEN due_ms ELSE $3 END,
        last_error = $4, lease_token = NULL, lease_until_ms = NULL
    WHERE job_id = $1 AND lease_token = $2";

const NEXT_DUE: &str = "-- system::jobs::NEXT_DUE
    SELECT due_ms, lease_until_ms FROM job ORDER BY due_ms LIMIT 50";

const WAITING: &str = "-- system::jobs::WAITING
    SELECT tenant_id, kind, unique_key, attempt, due_ms, last_error FROM job ORDER BY due_ms LIMIT 1000";

/// A job as it waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Whose.
    pub tenant: TenantId,
    /// What kind of work.
    pub kind: String,
    /// What it is about.
    pub key: String,
    /// How often it failed in a row.
    pub attempt: i64,
    /// When it is tried next, milliseconds since 1970.
    pub due_ms: i64,
    /// Why it failed last.
    pub error: Option<String>,
}

impl Store {
    /// Takes the job that is due longest, for `lease_ms`; `None` if nothing is due.
    pub async fn lease_job(&self, lease_ms: i64) -> Result<Option<LeasedJob>, StoreError> {
        let token = self.ctx().token("lease_", 16);
        let now_ms = self.ctx().now_ms();
        self.run_system(move |tx| {
            Box::pin(async move {
                let row = tx.first(LEASE, &[p(&token), p(now_ms.saturating_add(lease_ms)), p(now_ms)]).await?;
                row.map(|row| leased(&row, token)).transpose()
            })
        })
        .await
    }

    /// Removes a finished job, or makes it due at once if it was woken meanwhile; `false` if the lease was lost.
    pub async fn finish_job(&self, lease: &Lease) -> Result<bool, StoreError> {
        let lease = lease.clone();
        let now_ms = self.ctx().now_ms();
        self.run_system(move |tx| {
            Box::pin(async move {
                if tx.execute(FINISH, &[p(&lease.job), p(&lease.token), p(lease.wakes)]).await? == 1 {
                    return Ok(true);
                }
                Ok(tx.execute(RELEASE, &[p(&lease.job), p(&lease.token), p(now_ms)]).await? == 1)
            })
        })
        .await
    }

    /// Gives a job back for later (or for now, if it was woken meanwhile); `failed` counts as a try. `false` if the
    /// lease was lost.
    pub async fn postpone_job(&self, lease: &Lease, due_ms: i64, why: &str, failed: bool) -> Result<bool, StoreError> {
        let (lease, why) = (lease.clone(), why.to_owned());
        self.run_system(move |tx| {
            Box::pin(async move {
                let params = [p(&lease.job), p(&lease.token), p(due_ms), p(&why), p(lease.wakes), p(failed)];
                Ok(tx.execute(POSTPONE, &params).await? == 1)
            })
        })
        .await
    }

    /// When the next job is due, leases of others counted; `None`: there is none. Milliseconds since 1970.
    pub async fn next_job_due(&self) -> Result<Option<i64>, StoreError> {
        self.read_system(|tx| {
            Box::pin(async move {
                let mut soonest = None;
                for row in tx.query(NEXT_DUE, &[]).await? {
                    let due = row.int(0)?.max(row.opt_int(1)?.unwrap_or(i64::MIN));
                    soonest = Some(soonest.map_or(due, |known: i64| known.min(due)));
                }
                Ok(soonest)
            })
        })
        .await
    }

    /// Jobs as they wait, the next first, at most a thousand.
    pub async fn waiting_jobs(&self) -> Result<Vec<Waiting>, StoreError> {
        self.read_system(|tx| {
            Box::pin(async move {
                let rows = tx.query(WAITING, &[]).await?;
                rows.iter()
                    .map(|row| {
                        Ok(Waiting {
                            tenant: TenantId::new(row.text(0)?),
                            kind: row.text(1)?,
                            key: row.text(2)?,
                            attempt: row.int(3)?,
                            due_ms: row.int(4)?,
                            error: row.opt_text(5)?,
                        })
                    })
                    .collect()
            })
        })
        .await
    }
}

fn leased(row: &Row, token: String) -> Result<LeasedJob, StoreError> {
    Ok(LeasedJob {
        scope: TenantScope::of(TenantId::new(row.text(1)?)),
        kind: row.text(2)?,
        key: row.text(3)?,
        attempt: row.int(4)?,
        lease: Lease { job: row.text(0)?, token, wakes: row.int(5)? },
    })
}
