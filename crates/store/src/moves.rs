//! Moves the calendar has not agreed to yet.

use frontdesk_domain::ids::{AppointmentId, CallId};
use frontdesk_domain::slots::Visit;

use crate::error::StoreError;
use crate::sql::{p, to_json};
use crate::tx::Tx;

/// A move under way.
#[derive(Clone, Debug, PartialEq)]
pub struct Move {
    /// Where it should go.
    pub visit: Visit,
    /// The people's names there.
    pub staff: Vec<String>,
    /// The call that wished it.
    pub call_id: Option<CallId>,
}

const ADD: &str = "-- moves::ADD
    INSERT INTO move (tenant_id, appointment_id, visit, staff, call_id, created_ms) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (tenant_id, appointment_id) DO NOTHING";

/// Begins a move; `false` if one is under way already.
pub async fn add(tx: &mut Tx, id: &AppointmentId, going: &Move, now_ms: i64) -> Result<bool, StoreError> {
    let tenant = tx.tenant()?;
    let (visit, staff) = (to_json(&going.visit)?, to_json(&going.staff)?);
    let call_id = going.call_id.as_ref().map(CallId::as_str);
    let params = [p(tenant.as_str()), p(id.as_str()), p(&visit), p(&staff), p(call_id), p(now_ms)];
    Ok(tx.execute(ADD, &params).await? == 1)
}

const LOAD: &str = "-- moves::LOAD
    SELECT visit, staff, call_id FROM move WHERE tenant_id = $1 AND appointment_id = $2";

/// The move an appointment is in.
pub async fn load(tx: &mut Tx, id: &AppointmentId) -> Result<Option<Move>, StoreError> {
    let tenant = tx.tenant()?;
    let row = tx.first(LOAD, &[p(tenant.as_str()), p(id.as_str())]).await?;
    row.map(|row| Ok(Move { visit: row.json(0)?, staff: row.json(1)?, call_id: row.opt_text(2)?.map(CallId::new) }))
        .transpose()
}

const END: &str = "-- moves::END
    DELETE FROM move WHERE tenant_id = $1 AND appointment_id = $2";

/// Ends a move, however it went.
pub async fn end(tx: &mut Tx, id: &AppointmentId) -> Result<(), StoreError> {
    let tenant = tx.tenant()?;
    tx.execute(END, &[p(tenant.as_str()), p(id.as_str())]).await.map(|_| ())
}
