//! What somebody should hear of within a minute: one row for each thing that is wrong, however often it shows.

use frontdesk_domain::ids::TenantId;

use crate::error::StoreError;
use crate::sql::p;
use crate::store::{Store, TenantScope};
use crate::tx::Tx;

/// Something that is wrong and not yet told.
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
    /// Deliveries that failed.
    pub tries: i64,
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

const WAITING: &str = "-- system::alarms::WAITING
    SELECT tenant_id, kind, subject, message, count, raised_ms, tries FROM alarm
    WHERE told_ms IS NULL AND cleared_ms IS NULL ORDER BY raised_ms LIMIT 100";

impl Store {
    /// What is wrong and was not told yet, the oldest first, at most a hundred.
    pub async fn untold_alarms(&self) -> Result<Vec<AlarmRow>, StoreError> {
        self.read_system(|tx| {
            Box::pin(async move {
                let rows = tx.query(WAITING, &[]).await?;
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
                        })
                    })
                    .collect()
            })
        })
        .await
    }
}
