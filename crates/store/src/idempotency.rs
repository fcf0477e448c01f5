//! One wish of one call has one effect: the row is written in the transaction of the effect.

use frontdesk_domain::ids::{AppointmentId, CallId};

use crate::error::StoreError;
use crate::sql::p;
use crate::tx::Tx;

/// A wish that had its effect.
#[derive(Clone, Debug)]
pub struct Done<'a> {
    /// The call.
    pub call_id: &'a CallId,
    /// Function and resolved meaning, hashed.
    pub meaning: &'a str,
    /// The function's name.
    pub function: &'a str,
    /// Hash of the arguments as they came.
    pub args_hash: &'a str,
    /// The platform's id of the invocation.
    pub invocation: Option<&'a str>,
    /// The appointment it made or changed.
    pub appointment: &'a AppointmentId,
}

const FIND: &str = "-- idempotency::FIND
    SELECT appointment_id FROM idempotency WHERE tenant_id = $1 AND call_id = $2 AND meaning = $3";

/// The appointment an equal wish of this call made or changed before.
pub async fn find(tx: &mut Tx, call_id: &CallId, meaning: &str) -> Result<Option<AppointmentId>, StoreError> {
    let tenant = tx.tenant()?;
    let row = tx.first(FIND, &[p(tenant.as_str()), p(call_id.as_str()), p(meaning)]).await?;
    row.map(|row| row.text(0).map(AppointmentId::new)).transpose()
}

const FIND_REPLAY: &str = "-- idempotency::FIND_REPLAY
    SELECT appointment_id FROM idempotency
    WHERE tenant_id = $1 AND call_id = $2 AND invocation = $3 AND function = $4 AND args_hash = $5";

/// The same for an exact replay: the same invocation of the same function with the same arguments.
pub async fn find_replay(
    tx: &mut Tx,
    call_id: &CallId,
    invocation: &str,
    function: &str,
    args_hash: &str,
) -> Result<Option<AppointmentId>, StoreError> {
    let tenant = tx.tenant()?;
    let params = [p(tenant.as_str()), p(call_id.as_str()), p(invocation), p(function), p(args_hash)];
    let row = tx.first(FIND_REPLAY, &params).await?;
    row.map(|row| row.text(0).map(AppointmentId::new)).transpose()
}

const RECORD: &str = "-- idempotency::RECORD
    INSERT INTO idempotency (tenant_id, call_id, meaning, function, args_hash, invocation, appointment_id, created_ms)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (tenant_id, call_id, meaning) DO UPDATE SET
        args_hash = excluded.args_hash, invocation = excluded.invocation, appointment_id = excluded.appointment_id";

/// Records that a wish had its effect. A wish repeated after its appointment was cancelled is a new one: the row then
/// points to the new appointment.
pub async fn record(tx: &mut Tx, done: &Done<'_>, now_ms: i64) -> Result<(), StoreError> {
    let tenant = tx.tenant()?;
    let params = [
        p(tenant.as_str()),
        p(done.call_id.as_str()),
        p(done.meaning),
        p(done.function),
        p(done.args_hash),
        p(done.invocation),
        p(done.appointment.as_str()),
        p(now_ms),
    ];
    tx.execute(RECORD, &params).await.map(|_| ())
}

const EFFECTS: &str = "-- idempotency::EFFECTS
    SELECT appointment_id FROM idempotency
    WHERE tenant_id = $1 AND call_id = $2 AND function = $3 ORDER BY created_ms DESC, meaning";

/// The appointments a function of this call made or changed, latest first.
pub async fn effects_of(tx: &mut Tx, call_id: &CallId, function: &str) -> Result<Vec<AppointmentId>, StoreError> {
    let tenant = tx.tenant()?;
    let rows = tx.query(EFFECTS, &[p(tenant.as_str()), p(call_id.as_str()), p(function)]).await?;
    rows.iter().map(|row| row.text(0).map(AppointmentId::new)).collect()
}
