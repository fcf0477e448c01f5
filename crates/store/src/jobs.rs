//! Work that follows from a commit: inserted in its transaction, taken by lease, never run inside one.

use frontdesk_domain::ids::TenantId;

use crate::error::StoreError;
use crate::sql::p;
use crate::store::{Store, TenantScope};
use crate::tx::Tx;

/// A job somebody holds the lease of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeasedJob {
    /// Its id.
    pub id: String,
    /// Whose.
    pub scope: TenantScope,
    /// What kind of work.
    pub kind: String,
    /// JSON.
    pub payload: String,
    /// How often it was tried before.
    pub attempt: i64,
    /// Proves the lease; every later write carries it.
    pub lease: String,
}

const ADD: &str = "-- jobs::ADD
    INSERT INTO job (job_id, tenant_id, kind, unique_key, payload, due_ms, created_ms)
    VALUES ($2, $1, $3, $4, $5, $6, $7)
    ON CONFLICT (tenant_id, kind, unique_key) DO NOTHING";

/// Adds a job; `false` if one of that kind and key waits already.
pub async fn add(
    tx: &mut Tx,
    id: &str,
    kind: &str,
    unique_key: &str,
    payload: &str,
    due_ms: i64,
    now_ms: i64,
) -> Result<bool, StoreError> {
    let tenant = tx.tenant()?;
    let params = [p(tenant.as_str()), p(id), p(kind), p(unique_key), p(payload), p(due_ms), p(now_ms)];
    Ok(tx.execute(ADD, &params).await? == 1)
}

const LEASE: &str = "-- system::jobs::LEASE
    UPDATE job SET lease_token = $1, lease_until_ms = $2
    WHERE job_id = (
        SELECT job_id FROM job
        WHERE due_ms <= $3 AND (lease_until_ms IS NULL OR lease_until_ms <= $3)
        ORDER BY due_ms, job_id LIMIT 1
    )
    RETURNING job_id, tenant_id, kind, payload, attempt";

const FINISH: &str = "-- system::jobs::FINISH
    DELETE FROM job WHERE job_id = $1 AND lease_token = $2";

const POSTPONE: &str = "-- system::jobs::POSTPONE
    UPDATE job SET attempt = attempt + 1, due_ms = $3, last_error = $4, lease_token = NULL, lease_until_ms = NULL
    WHERE job_id = $1 AND lease_token = $2";

impl Store {
    /// Takes the job that is due longest, for `lease_ms`; `None` if nothing is due.
    pub async fn lease_job(&self, lease_ms: i64) -> Result<Option<LeasedJob>, StoreError> {
        let lease = self.ctx().token("lease_", 16);
        let now_ms = self.ctx().now_ms();
        self.run_system(move |tx| {
            Box::pin(async move {
                let row = tx.first(LEASE, &[p(&lease), p(now_ms.saturating_add(lease_ms)), p(now_ms)]).await?;
                row.map(|row| {
                    Ok(LeasedJob {
                        id: row.text(0)?,
                        scope: TenantScope::of(TenantId::new(row.text(1)?)),
                        kind: row.text(2)?,
                        payload: row.text(3)?,
                        attempt: row.int(4)?,
                        lease,
                    })
                })
                .transpose()
            })
        })
        .await
    }

    /// Removes a finished job; `false` if the lease was lost meanwhile.
    pub async fn finish_job(&self, job: &LeasedJob) -> Result<bool, StoreError> {
        let (id, lease) = (job.id.clone(), job.lease.clone());
        self.run_system(move |tx| Box::pin(async move { Ok(tx.execute(FINISH, &[p(&id), p(&lease)]).await? == 1) }))
            .await
    }

    /// Gives a job back for later; `false` if the lease was lost meanwhile.
    pub async fn postpone_job(&self, job: &LeasedJob, due_ms: i64, error: &str) -> Result<bool, StoreError> {
        let (id, lease, error) = (job.id.clone(), job.lease.clone(), error.to_owned());
        self.run_system(move |tx| {
            Box::pin(async move { Ok(tx.execute(POSTPONE, &[p(&id), p(&lease), p(due_ms), p(&error)]).await? == 1) })
        })
        .await
    }
}
