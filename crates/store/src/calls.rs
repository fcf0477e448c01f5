//! Calls: one row per call of a platform, merged from function calls and webhooks in whatever order they come.

use frontdesk_domain::calling::{CallFacts, Direction, Platform};
use frontdesk_domain::ids::{BranchId, CallId, TenantId};
use frontdesk_domain::pii::Phone;

use crate::error::StoreError;
use crate::sql::{Row, p};
use crate::store::{Store, TenantScope};
use crate::tx::Tx;

/// What one message tells about a call.
#[derive(Clone, Debug)]
pub struct CallSeen<'a> {
    /// The call.
    pub call_id: &'a CallId,
    /// Whose call.
    pub platform: Platform,
    /// The branch that was rung; kept from the first message on.
    pub branch: &'a BranchId,
    /// The customer's number, if it is one.
    pub number: Option<&'a Phone>,
    /// The platform's facts.
    pub facts: &'a CallFacts,
    /// A language the call asked for.
    pub language: Option<&'a str>,
    /// The present.
    pub now_ms: i64,
}

/// A call as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallRow {
    /// The platform's id.
    pub call_id: CallId,
    /// The platform's word.
    pub platform: String,
    /// Where it rang.
    pub branch: BranchId,
    /// `inbound` or `outbound`.
    pub direction: String,
    /// The customer's number; `None`: withheld.
    pub number: Option<Phone>,
    /// The platform's agent.
    pub agent_id: Option<String>,
    /// The platform's word for its state.
    pub status: Option<String>,
    /// Milliseconds since 1970.
    pub started_ms: Option<i64>,
    /// Milliseconds since 1970.
    pub ended_ms: Option<i64>,
    /// Milliseconds.
    pub duration_ms: Option<i64>,
    /// The platform's word for its end.
    pub disconnection_reason: Option<String>,
    /// The platform's opinion.
    pub platform_successful: Option<bool>,
    /// Language tag the call asked for.
    pub language: Option<String>,
    /// Look-ups that found nothing of the caller's.
    pub misses: i64,
    /// When we first heard of it, milliseconds since 1970.
    pub created_ms: i64,
}

const SEE: &str = "-- calls::SEE
    INSERT INTO call (tenant_id, call_id, platform, branch_id, direction, caller_number, agent_id, status, started_ms,
        ended_ms, duration_ms, disconnection_reason, platform_successful, sentiment, language, call_ref,
        created_ms, updated_ms)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17)
    ON CONFLICT (tenant_id, call_id) DO UPDATE SET
        caller_number = COALESCE(call.caller_number, excluded.caller_number),
        agent_id = COALESCE(excluded.agent_id, call.agent_id),
        status = CASE WHEN call.ended_ms IS NOT NULL OR call.status IN ('ended', 'error', 'not_connected')
                      THEN COALESCE(call.status, excluded.status)
                      ELSE COALESCE(excluded.status, call.status) END,
        started_ms = COALESCE(excluded.started_ms, call.started_ms),
        ended_ms = COALESCE(excluded.ended_ms, call.ended_ms),
        duration_ms = COALESCE(excluded.duration_ms, call.duration_ms),
        disconnection_reason = COALESCE(excluded.disconnection_reason, call.disconnection_reason),
        platform_successful = COALESCE(excluded.platform_successful, call.platform_successful),
        sentiment = COALESCE(excluded.sentiment, call.sentiment),
        language = COALESCE(excluded.language, call.language),
        call_ref = COALESCE(call.call_ref, excluded.call_ref),
        updated_ms = excluded.updated_ms
    RETURNING call_id, platform, branch_id, direction, caller_number, agent_id, status, started_ms,
        ended_ms, duration_ms, disconnection_reason, platform_successful, language, misses, created_ms";

/// Makes or enriches the row of a call: a placeholder is filled, a fact is never overwritten by a missing one, the
/// branch and the caller stay, and an ended call does not come back to life.
pub async fn see(tx: &mut Tx, seen: &CallSeen<'_>) -> Result<CallRow, StoreError> {
    let tenant = tx.tenant()?;
    let facts = seen.facts;
    let direction = match facts.direction {
        Direction::Inbound => "inbound",
        Direction::Outbound => "outbound",
    };
    let row = tx
        .first(
            SEE,
            &[
                p(tenant.as_str()),
                p(seen.call_id.as_str()),
                p(seen.platform.as_str()),
                p(seen.branch.as_str()),
                p(direction),
                p(seen.number.map(Phone::reveal)),
                p(facts.agent_id.as_deref()),
                p(facts.status.as_deref()),
                p(facts.started_at.map(|at| at.as_millisecond())),
                p(facts.ended_at.map(|at| at.as_millisecond())),
                p(facts.duration_ms),
                p(facts.disconnection_reason.as_deref()),
                p(facts.platform_successful),
                p(facts.sentiment.as_deref()),
                p(seen.language),
                p(facts.call_ref.as_deref()),
                p(seen.now_ms),
            ],
        )
        .await?;
    read(&row.ok_or_else(|| StoreError::Unreadable("a call was not returned".to_owned()))?)
}

const LOAD: &str = "-- calls::LOAD
    SELECT call_id, platform, branch_id, direction, caller_number, agent_id, status, started_ms,
        ended_ms, duration_ms, disconnection_reason, platform_successful, language, misses, created_ms
    FROM call WHERE tenant_id = $1 AND call_id = $2";

/// The call of that id, of this tenant.
pub async fn load(tx: &mut Tx, call_id: &CallId) -> Result<Option<CallRow>, StoreError> {
    let tenant = tx.tenant()?;
    let row = tx.first(LOAD, &[p(tenant.as_str()), p(call_id.as_str())]).await?;
    row.as_ref().map(read).transpose()
}

const FIND_ANYWHERE: &str = "-- system::calls::FIND_ANYWHERE
    SELECT tenant_id FROM call WHERE call_id = $1 ORDER BY tenant_id";

/// The tenants that know a call of that id: for an operator who has nothing but the id.
pub(crate) async fn tenants_of(tx: &mut Tx, call_id: &CallId) -> Result<Vec<TenantId>, StoreError> {
    let rows = tx.query(FIND_ANYWHERE, &[p(call_id.as_str())]).await?;
    rows.iter().map(|row| row.text(0).map(TenantId::new)).collect()
}

impl Store {
    /// The tenants that know a call of that id: for an operator's `explain`, never for a caller.
    pub async fn scopes_of_call(&self, call_id: &CallId) -> Result<Vec<TenantScope>, StoreError> {
        let call_id = call_id.clone();
        let tenants = self.read_system(move |tx| Box::pin(async move { tenants_of(tx, &call_id).await })).await?;
        Ok(tenants.into_iter().map(TenantScope::of).collect())
    }
}

const COUNT_MISS: &str = "-- calls::COUNT_MISS
    UPDATE call SET misses = misses + 1 WHERE tenant_id = $1 AND call_id = $2";

/// Counts a look-up that found nothing of the caller's.
pub async fn count_miss(tx: &mut Tx, call_id: &CallId) -> Result<(), StoreError> {
    let tenant = tx.tenant()?;
    tx.execute(COUNT_MISS, &[p(tenant.as_str()), p(call_id.as_str())]).await.map(|_| ())
}

const MISSES_OF_NUMBER: &str = "-- calls::MISSES_OF_NUMBER
    SELECT COALESCE(SUM(misses), 0) FROM call
    WHERE tenant_id = $1 AND caller_number = $2 AND created_ms > $3";

/// Misses of all calls from one number since an instant: the limit holds across calls, too.
pub async fn misses_of_number(tx: &mut Tx, number: &Phone, since_ms: i64) -> Result<i64, StoreError> {
    let tenant = tx.tenant()?;
    let row = tx.first(MISSES_OF_NUMBER, &[p(tenant.as_str()), p(number.reveal()), p(since_ms)]).await?;
    row.map_or(Ok(0), |row| row.int(0))
}

const CLOSE_SILENT: &str = "-- system::calls::CLOSE_SILENT
    UPDATE call SET status = 'ended', disconnection_reason = COALESCE(disconnection_reason, 'no_end_was_told')
    WHERE updated_ms < $1 AND ended_ms IS NULL AND COALESCE(status, 'ongoing') IN ('ongoing', 'registered')";

/// Closes calls of all tenants that were last heard of before an instant; how many.
pub(crate) async fn close_silent(tx: &mut Tx, before_ms: i64) -> Result<usize, StoreError> {
    tx.execute(CLOSE_SILENT, &[p(before_ms)]).await
}

fn read(row: &Row) -> Result<CallRow, StoreError> {
    Ok(CallRow {
        call_id: CallId::new(row.text(0)?),
        platform: row.text(1)?,
        branch: BranchId::new(row.text(2)?),
        direction: row.text(3)?,
        number: row.opt_text(4)?.map(Phone::from_canonical),
        agent_id: row.opt_text(5)?,
        status: row.opt_text(6)?,
        started_ms: row.opt_int(7)?,
        ended_ms: row.opt_int(8)?,
        duration_ms: row.opt_int(9)?,
        disconnection_reason: row.opt_text(10)?,
        platform_successful: row.opt_int(11)?.map(|flag| flag != 0),
        language: row.opt_text(12)?,
        misses: row.int(13)?,
        created_ms: row.int(14)?,
    })
}
