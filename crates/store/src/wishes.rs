//! What callers wanted and did not get.

use frontdesk_domain::ids::CallId;

use crate::error::StoreError;
use crate::sql::p;
use crate::tx::Tx;

/// An unfulfilled wish.
#[derive(Clone, Debug)]
pub struct Wish<'a> {
    /// The call.
    pub call_id: &'a CallId,
    /// The timeline entry it comes from.
    pub seq: i64,
    /// The function's name.
    pub function: &'a str,
    /// The answer's code.
    pub code: &'a str,
    /// The service, if understood.
    pub service: Option<&'a str>,
    /// The person, if one was wished.
    pub staff: Option<&'a str>,
    /// The wished start, milliseconds since 1970.
    pub wished_ms: Option<i64>,
    /// Day and time in the caller's words.
    pub said: Option<&'a str>,
}

const ADD: &str = "-- wishes::ADD
    INSERT INTO wish (tenant_id, call_id, seq, function, code, service, staff, wished_ms, said, at_ms)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT (tenant_id, call_id, seq) DO NOTHING";

/// Records a wish.
pub async fn add(tx: &mut Tx, wish: &Wish<'_>, now_ms: i64) -> Result<(), StoreError> {
    let tenant = tx.tenant()?;
    let params = [
        p(tenant.as_str()),
        p(wish.call_id.as_str()),
        p(wish.seq),
        p(wish.function),
        p(wish.code),
        p(wish.service),
        p(wish.staff),
        p(wish.wished_ms),
        p(wish.said),
        p(now_ms),
    ];
    tx.execute(ADD, &params).await.map(|_| ())
}
