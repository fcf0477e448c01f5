//! How appointments stand with the calendar outside, by the fields their operators know.

use frontdesk_domain::ids::AppointmentId;

use crate::error::StoreError;
use crate::sql::{Row, p};
use crate::tx::Tx;

/// Who changed an appointment last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A caller or operator, here.
    Frontdesk,
    /// Somebody in the calendar.
    Calendar,
}

impl Origin {
    fn as_str(self) -> &'static str {
        match self {
            Self::Frontdesk => "frontdesk",
            Self::Calendar => "calendar",
        }
    }
}

/// How one appointment stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncRow {
    /// Which.
    pub appointment: AppointmentId,
    /// `pending`, `synced` or `failed`.
    pub status: String,
    /// `frontdesk` or `calendar`.
    pub origin: String,
    /// Failed tries since it last went well.
    pub attempts: i64,
    /// Of the last failed try.
    pub error_code: Option<String>,
    /// Of the last failed try.
    pub error_message: Option<String>,
    /// When the two last agreed, milliseconds since 1970.
    pub verified_ms: Option<i64>,
    /// A person is asked to look.
    pub requires_manual_review: bool,
    /// Since when, milliseconds since 1970.
    pub flagged_ms: Option<i64>,
    /// The booking's number in the calendar.
    pub booking_id: Option<i64>,
    /// Since when the two may differ, milliseconds since 1970.
    pub pending_since_ms: i64,
}

const OPEN: &str = "-- syncs::OPEN
    INSERT INTO sync (tenant_id, appointment_id, origin, since_ms) VALUES ($1, $2, $3, $4)
    ON CONFLICT (tenant_id, appointment_id) DO UPDATE SET
        origin = excluded.origin,
        since_ms = CASE WHEN sync.synced_ms IS NULL THEN sync.since_ms ELSE excluded.since_ms END,
        synced_ms = NULL";

/// From now on the calendar may differ from us.
pub async fn open(tx: &mut Tx, id: &AppointmentId, origin: Origin, now_ms: i64) -> Result<(), StoreError> {
    let tenant = tx.tenant()?;
    tx.execute(OPEN, &[p(tenant.as_str()), p(id.as_str()), p(origin.as_str()), p(now_ms)]).await.map(|_| ())
}

const AGREED: &str = "-- syncs::AGREED
    UPDATE sync SET synced_ms = $3, attempts = 0, error_code = NULL, error_message = NULL, flagged_ms = NULL
    WHERE tenant_id = $1 AND appointment_id = $2";

/// The calendar and we agree.
pub async fn agreed(tx: &mut Tx, id: &AppointmentId, now_ms: i64) -> Result<(), StoreError> {
    let tenant = tx.tenant()?;
    tx.execute(AGREED, &[p(tenant.as_str()), p(id.as_str()), p(now_ms)]).await.map(|_| ())
}

const FAILED: &str = "-- syncs::FAILED
    UPDATE sync SET attempts = attempts + 1, error_code = $3, error_message = $4
    WHERE tenant_id = $1 AND appointment_id = $2 RETURNING attempts";

/// A try failed; how many failed since it last went well.
pub async fn failed(tx: &mut Tx, id: &AppointmentId, code: &str, message: &str) -> Result<i64, StoreError> {
    let tenant = tx.tenant()?;
    let row = tx.first(FAILED, &[p(tenant.as_str()), p(id.as_str()), p(code), p(message)]).await?;
    row.map_or(Ok(0), |row| row.int(0))
}

const FLAG: &str = "-- syncs::FLAG
    UPDATE sync SET flagged_ms = COALESCE(flagged_ms, $3) WHERE tenant_id = $1 AND appointment_id = $2";

/// A person should look.
pub async fn flag(tx: &mut Tx, id: &AppointmentId, now_ms: i64) -> Result<(), StoreError> {
    let tenant = tx.tenant()?;
    tx.execute(FLAG, &[p(tenant.as_str()), p(id.as_str()), p(now_ms)]).await.map(|_| ())
}

const UNFLAG: &str = "-- syncs::UNFLAG
    UPDATE sync SET flagged_ms = NULL WHERE tenant_id = $1 AND appointment_id = $2";

/// A person looked.
pub async fn unflag(tx: &mut Tx, id: &AppointmentId) -> Result<(), StoreError> {
    let tenant = tx.tenant()?;
    tx.execute(UNFLAG, &[p(tenant.as_str()), p(id.as_str())]).await.map(|_| ())
}

const LOAD: &str = "-- syncs::LOAD
    SELECT appointment_id, sync_status, sync_origin, sync_attempt_count, sync_error_code, sync_error_message,
        sync_verified_at, requires_manual_review, manual_review_flagged_at, booking_id, pending_since
    FROM appointment_sync WHERE tenant_id = $1 AND appointment_id = $2";

/// How one appointment stands; `None`: it has nothing to do with a calendar outside.
pub async fn load(tx: &mut Tx, id: &AppointmentId) -> Result<Option<SyncRow>, StoreError> {
    let tenant = tx.tenant()?;
    tx.first(LOAD, &[p(tenant.as_str()), p(id.as_str())]).await?.as_ref().map(read).transpose()
}

const NOT_AGREED: &str = "-- syncs::NOT_AGREED
    SELECT appointment_id, sync_status, sync_origin, sync_attempt_count, sync_error_code, sync_error_message,
        sync_verified_at, requires_manual_review, manual_review_flagged_at, booking_id, pending_since
    FROM appointment_sync
    WHERE tenant_id = $1 AND appointment_id IN (
        SELECT appointment_id FROM sync WHERE tenant_id = $1 AND synced_ms IS NULL ORDER BY since_ms LIMIT 500
    ) ORDER BY pending_since";

/// What does not agree yet, the oldest first, at most 500.
pub async fn not_agreed(tx: &mut Tx) -> Result<Vec<SyncRow>, StoreError> {
    let tenant = tx.tenant()?;
    tx.query(NOT_AGREED, &[p(tenant.as_str())]).await?.iter().map(read).collect()
}

/// How many appointments stand how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// In their calendar as they should be.
    pub synced: i64,
    /// Not yet, and worked on.
    pub pending: i64,
    /// Not yet, and a person is asked to look.
    pub failed: i64,
}

const COUNTS: &str = "-- syncs::COUNTS
    SELECT COUNT(synced_ms), COUNT(*) - COUNT(synced_ms),
        COUNT(CASE WHEN synced_ms IS NULL AND flagged_ms IS NOT NULL THEN 1 END)
    FROM sync WHERE tenant_id = $1";

/// How many appointments stand how.
pub async fn counts(tx: &mut Tx) -> Result<Counts, StoreError> {
    let tenant = tx.tenant()?;
    let Some(row) = tx.first(COUNTS, &[p(tenant.as_str())]).await? else { return Ok(Counts::default()) };
    let (synced, open, failed) = (row.int(0)?, row.int(1)?, row.int(2)?);
    Ok(Counts { synced, pending: open.saturating_sub(failed), failed })
}

fn read(row: &Row) -> Result<SyncRow, StoreError> {
    Ok(SyncRow {
        appointment: AppointmentId::new(row.text(0)?),
        status: row.text(1)?,
        origin: row.text(2)?,
        attempts: row.int(3)?,
        error_code: row.opt_text(4)?,
        error_message: row.opt_text(5)?,
        verified_ms: row.opt_int(6)?,
        requires_manual_review: row.int(7)? == 1,
        flagged_ms: row.opt_int(8)?,
        booking_id: row.opt_int(9)?,
        pending_since_ms: row.int(10)?,
    })
}
