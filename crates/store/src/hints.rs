//! What the calendar outside told by itself, stored before it is worked on; and up to where its changes were looked
//! through.

use frontdesk_domain::calendar::RemoteUid;

use crate::error::StoreError;
use crate::sql::p;
use crate::tx::Tx;

/// A hint that something changed in the calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint<'a> {
    /// A hash of the delivery.
    pub key: &'a str,
    /// What happened, as the calendar spells it.
    pub trigger: &'a str,
    /// To which booking.
    pub uid: Option<&'a RemoteUid>,
    /// What it was named before.
    pub previous_uid: Option<&'a RemoteUid>,
    /// Our operation, if it carries one.
    pub op: Option<&'a str>,
}

const STORE: &str = "-- hints::STORE
    INSERT INTO calendar_event (tenant_id, event_key, trigger_name, uid, previous_uid, op, received_ms)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (tenant_id, event_key) DO NOTHING";

/// Stores a hint; `false` if it was stored before.
pub async fn store(tx: &mut Tx, hint: &Hint<'_>, now_ms: i64) -> Result<bool, StoreError> {
    let tenant = tx.tenant()?;
    let params = [
        p(tenant.as_str()),
        p(hint.key),
        p(hint.trigger),
        p(hint.uid.map(RemoteUid::reveal)),
        p(hint.previous_uid.map(RemoteUid::reveal)),
        p(hint.op),
        p(now_ms),
    ];
    Ok(tx.execute(STORE, &params).await? == 1)
}

const DONE: &str = "-- hints::DONE
    UPDATE calendar_event SET done_ms = $4, outcome = $3 WHERE tenant_id = $1 AND uid = $2 AND done_ms IS NULL";

/// What came of all hints about a booking.
pub async fn done(tx: &mut Tx, uid: &RemoteUid, outcome: &str, now_ms: i64) -> Result<(), StoreError> {
    let tenant = tx.tenant()?;
    tx.execute(DONE, &[p(tenant.as_str()), p(uid.reveal()), p(outcome), p(now_ms)]).await.map(|_| ())
}

const MARK: &str = "-- hints::MARK
    SELECT changed_ms FROM sweep_mark WHERE tenant_id = $1";

/// Up to where the calendar's changes were looked through, milliseconds since 1970.
pub async fn mark(tx: &mut Tx) -> Result<Option<i64>, StoreError> {
    let tenant = tx.tenant()?;
    tx.first(MARK, &[p(tenant.as_str())]).await?.map(|row| row.int(0)).transpose()
}

const SET_MARK: &str = "-- hints::SET_MARK
    INSERT INTO sweep_mark (tenant_id, changed_ms) VALUES ($1, $2)
    ON CONFLICT (tenant_id) DO UPDATE SET changed_ms = excluded.changed_ms";

/// The calendar's changes were looked through up to here.
pub async fn set_mark(tx: &mut Tx, changed_ms: i64) -> Result<(), StoreError> {
    let tenant = tx.tenant()?;
    tx.execute(SET_MARK, &[p(tenant.as_str()), p(changed_ms)]).await.map(|_| ())
}
