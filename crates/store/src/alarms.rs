//! What somebody should hear of within a minute: one row for each thing that is wrong, however often it shows.

use frontdesk_domain::ids::TenantId;

use crate::error::StoreError;
use crate::sql::p;
use crate::store::{Store, TenantScope};
use crate::tx::Tx;

/// Something that is wrong, or was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlarmRow {
    /// Whose.
    pub scope: TenantScope,
    /// What kind of thing.
    pub kind: String,
    /// Which one.
    pub subject: String,
    /// What an operator reads.
    pub message: String,
    /// How often it showed.
    pub count: i64,
    /// Since when, milliseconds since 1970.
    pub raised_ms: i64,
    /// Deliveries tried.
    pub tries: i64,
    /// When it was told, milliseconds since 1970; `None`: it waits.
    pub told_ms: Option<i64>,
    /// Since when it is right again.
    pub cleared_ms: Option<i64>,
}

const RAISE: &str = "-- alarms::RAISE
    INSERT INTO alarm (tenant_id, kind, subject, message, count, raised_ms, last_ms) VALUES ($1, $2, $3, $4, 1, $5, $5)
    ON CONFLICT (tenant_id, kind, subject) DO UPDATE SET
        message = excluded.message, last_ms = excluded.last_ms,
        count = CASE WHEN alarm.cleared_ms IS NULL THEN alarm.count + 1 ELSE 1 END,
        raised_ms = CASE WHEN alarm.cleared_ms IS NULL THEN alarm.raised_ms ELSE excluded.raised_ms END,
        told_ms = CASE WHEN alarm.cleared_ms IS NULL THEN alarm.told_ms END,
        tries = CASE WHEN alarm.cleared_ms IS NULL THEN alarm.tries ELSE 0 END,
        cleared_ms = NULL";

/// Something is wrong. Told once, until it is cleared and comes again.
pub async fn raise(tx: &mut Tx, kind: &str, subject: &str, message: &str, now_ms: i64) -> Result<(), StoreError> {
    let tenant = tx.tenant()?;
    tx.execute(RAISE, &[p(tenant.as_str()), p(kind), p(subject), p(message), p(now_ms)]).await.map(|_| ())
}

const CLEAR: &str = "-- alarms::CLEAR
    UPDATE alarm SET cleared_ms = $4 WHERE tenant_id = $1 AND kind = $2 AND subject = $3 AND cleared_ms IS NULL";

/// It is right again.
pub async fn clear(tx: &mut Tx, kind: &str, subject: &str, now_ms: i64) -> Result<(), StoreError> {
    let tenant = tx.tenant()?;
    tx.execute(CLEAR, &[p(tenant.as_str()), p(kind), p(subject), p(now_ms)]).await.map(|_| ())
}

const TOLD: &str = "-- alarms::TOLD
    UPDATE alarm SET told_ms = $4, tries = tries + 1 WHERE tenant_id = $1 AND kind = $2 AND subject = $3";

/// It was delivered (`Some`), or that failed (`None`) and is tried again.
pub async fn told(tx: &mut Tx, kind: &str, subject: &str, at_ms: Option<i64>) -> Result<(), StoreError> {
    let tenant = tx.tenant()?;
    tx.execute(TOLD, &[p(tenant.as_str()), p(kind), p(subject), p(at_ms)]).await.map(|_| ())
}

const FORGET: &str = "-- alarms::FORGET
    DELETE FROM alarm WHERE tenant_id = $1 AND kind = $2 AND subject = $3 AND cleared_ms IS NOT NULL";

/// It is over, and whoever heard of it heard that, too.
pub async fn forget(tx: &mut Tx, kind: &str, subject: &str) -> Result<(), StoreError> {
    let tenant = tx.tenant()?;
    tx.execute(FORGET, &[p(tenant.as_str()), p(kind), p(subject)]).await.map(|_| ())
}

const ALL: &str = "-- system::alarms::ALL
    SELECT tenant_id, kind, subject, message, count, raised_ms, tries, told_ms, cleared_ms FROM alarm
    ORDER BY raised_ms LIMIT 2000";

const OUTLIVED: &str = "-- system::alarms::OUTLIVED
    UPDATE alarm SET cleared_ms = $1
    WHERE cleared_ms IS NULL AND kind IN ('refused', 'overlap', 'no_row') AND NOT EXISTS (
        SELECT 1 FROM review r WHERE r.tenant_id = alarm.tenant_id AND r.kind = alarm.kind
            AND r.subject = alarm.subject AND r.resolved_ms IS NULL
    )";

impl Store {
    /// Everything that is wrong, and what was and is not told to be over; the oldest first, at most 2000.
    pub async fn alarms(&self) -> Result<Vec<AlarmRow>, StoreError> {
        self.read_system(|tx| {
            Box::pin(async move {
                let rows = tx.query(ALL, &[]).await?;
                rows.iter()
                    .map(|row| {
                        Ok(AlarmRow {
                            scope: TenantScope::of(TenantId::new(row.text(0)?)),
                            kind: row.text(1)?,
                            subject: row.text(2)?,
                            message: row.text(3)?,
                            count: row.int(4)?,
                            raised_ms: row.int(5)?,
                            tries: row.int(6)?,
                            told_ms: row.opt_int(7)?,
                            cleared_ms: row.opt_int(8)?,
                        })
                    })
                    .collect()
            })
        })
        .await
    }

    /// What is wrong and was not told yet.
    pub async fn untold_alarms(&self) -> Result<Vec<AlarmRow>, StoreError> {
        let all = self.alarms().await?;
        Ok(all.into_iter().filter(|row| row.told_ms.is_none() && row.cleared_ms.is_none()).collect())
    }

    /// Clears the alarms of single reviews that were resolved meanwhile.
    pub async fn clear_outlived_alarms(&self) -> Result<usize, StoreError> {
        let now_ms = self.ctx().now_ms();
        self.run_system(move |tx| Box::pin(async move { tx.execute(OUTLIVED, &[p(now_ms)]).await })).await
    }
}
