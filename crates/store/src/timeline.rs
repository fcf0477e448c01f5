//! What happened in a call, in order; written with the effect it tells of.

use frontdesk_domain::ids::CallId;

use crate::error::StoreError;
use crate::sql::p;
use crate::tx::Tx;

/// One entry.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Event {
    /// Milliseconds since 1970.
    pub at_ms: i64,
    /// `function` or `webhook`.
    pub kind: String,
    /// Which function or event.
    pub name: String,
    /// The platform's id of the invocation.
    pub invocation: Option<String>,
    /// The answer's status.
    pub status: Option<String>,
    /// The answer's code.
    pub code: Option<String>,
    /// What the caller heard.
    pub spoken: Option<String>,
    /// JSON: what was understood, offered, booked.
    pub detail: Option<String>,
    /// How long the answer took, in microseconds.
    pub micros: Option<i64>,
}

const ADD: &str = "-- timeline::ADD
    INSERT INTO call_event (tenant_id, call_id, seq, at_ms, kind, name, invocation, status, code, spoken, detail, micros)
    SELECT $1, $2, COALESCE(MAX(seq), 0) + 1, $3, $4, $5, $6, $7, $8, $9, $10, $11
    FROM call_event WHERE tenant_id = $1 AND call_id = $2
    RETURNING seq";

/// Appends an entry; its number inside the call.
pub async fn add(tx: &mut Tx, call_id: &CallId, event: &Event) -> Result<i64, StoreError> {
    let tenant = tx.tenant()?;
    let row = tx
        .first(
            ADD,
            &[
                p(tenant.as_str()),
                p(call_id.as_str()),
                p(event.at_ms),
                p(event.kind.as_str()),
                p(event.name.as_str()),
                p(event.invocation.as_deref()),
                p(event.status.as_deref()),
                p(event.code.as_deref()),
                p(event.spoken.as_deref()),
                p(event.detail.as_deref()),
                p(event.micros),
            ],
        )
        .await?;
    row.map_or(Ok(0), |row| row.int(0))
}

const OF_CALL: &str = "-- timeline::OF_CALL
    SELECT at_ms, kind, name, invocation, status, code, spoken, detail, micros
    FROM call_event WHERE tenant_id = $1 AND call_id = $2 ORDER BY seq";

/// All entries of a call, in order.
pub async fn of_call(tx: &mut Tx, call_id: &CallId) -> Result<Vec<Event>, StoreError> {
    let tenant = tx.tenant()?;
    let rows = tx.query(OF_CALL, &[p(tenant.as_str()), p(call_id.as_str())]).await?;
    rows.iter()
        .map(|row| {
            Ok(Event {
                at_ms: row.int(0)?,
                kind: row.text(1)?,
                name: row.text(2)?,
                invocation: row.opt_text(3)?,
                status: row.opt_text(4)?,
                code: row.opt_text(5)?,
                spoken: row.opt_text(6)?,
                detail: row.opt_text(7)?,
                micros: row.opt_int(8)?,
            })
        })
        .collect()
}

const FIRST_SIGHT: &str = "-- timeline::FIRST_SIGHT
    INSERT INTO seen_event (tenant_id, event_key, at_ms) VALUES ($1, $2, $3)
    ON CONFLICT (tenant_id, event_key) DO NOTHING";

/// Remembers a webhook by its key; `false` if it was taken in before.
pub async fn first_sight(tx: &mut Tx, event_key: &str, now_ms: i64) -> Result<bool, StoreError> {
    let tenant = tx.tenant()?;
    Ok(tx.execute(FIRST_SIGHT, &[p(tenant.as_str()), p(event_key), p(now_ms)]).await? == 1)
}

const WAS_TOLD: &str = "-- timeline::WAS_TOLD
    SELECT 1 FROM call_event
    WHERE tenant_id = $1 AND call_id = $2 AND kind = 'function' AND status = $3 AND instr(detail, $4) > 0 LIMIT 1";

/// Whether a call was answered with that status about that appointment.
pub async fn was_told(tx: &mut Tx, call_id: &CallId, status: &str, appointment: &str) -> Result<bool, StoreError> {
    let tenant = tx.tenant()?;
    let params = [p(tenant.as_str()), p(call_id.as_str()), p(status), p(appointment)];
    Ok(tx.first(WAS_TOLD, &params).await?.is_some())
}
