//! Offers: exact visits told to one call, each with the token that books it there.

use frontdesk_domain::ids::{AppointmentId, BranchId, CallId, OfferToken};
use frontdesk_domain::slots::Visit;

use crate::engine;
use crate::error::StoreError;
use crate::sql::{p, to_json};
use crate::tx::Tx;

/// What an offer is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Booking it.
    Book,
    /// Moving this appointment there.
    Change(AppointmentId),
    /// The same, and the caller who says yes to it has heard what it costs.
    AgreedMove(AppointmentId),
    /// Cancelling this appointment; who says yes to it has heard what it costs.
    AgreedCancel(AppointmentId),
}

impl Purpose {
    fn to_text(&self) -> String {
        match self {
            Self::Book => "book".to_owned(),
            Self::Change(id) => id.to_string(),
            Self::AgreedMove(id) => format!("move:{id}"),
            Self::AgreedCancel(id) => format!("cancel:{id}"),
        }
    }

    fn parse(text: &str) -> Self {
        match text.split_once(':') {
            None if text == "book" => Self::Book,
            Some(("move", id)) => Self::AgreedMove(AppointmentId::from(id)),
            Some(("cancel", id)) => Self::AgreedCancel(AppointmentId::from(id)),
            _ => Self::Change(AppointmentId::from(text)),
        }
    }
}

/// An offer as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// `slot_…`, told to the call.
    pub token: OfferToken,
    /// The call it belongs to; worthless elsewhere.
    pub call_id: CallId,
    /// Where.
    pub branch: BranchId,
    /// What, when, by whom.
    pub visit: Visit,
    /// What for.
    pub purpose: Purpose,
    /// The caller wished for these people, so nobody else may stand in.
    pub staff_wished: bool,
    /// Milliseconds since 1970; afterwards it is as if it had never been told.
    pub expires_ms: i64,
}

const ADD: &str = "-- offers::ADD
    INSERT INTO offer (tenant_id, token, call_id, branch_id, visit, purpose, staff_wish, created_ms, expires_ms)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

/// Stores an offer.
pub async fn add(tx: &mut Tx, offer: &Offer, now_ms: i64) -> Result<(), StoreError> {
    let tenant = tx.tenant()?;
    let visit = to_json(&offer.visit)?;
    let purpose = offer.purpose.to_text();
    let params = [
        p(tenant.as_str()),
        p(offer.token.as_str()),
        p(offer.call_id.as_str()),
        p(offer.branch.as_str()),
        p(&visit),
        p(&purpose),
        p(offer.staff_wished),
        p(now_ms),
        p(offer.expires_ms),
    ];
    tx.execute(ADD, &params).await.map(|_| ())
}

const LOAD: &str = "-- offers::LOAD
    SELECT branch_id, visit, purpose, staff_wish, expires_ms FROM offer
    WHERE tenant_id = $1 AND token = $2 AND call_id = $3 AND expires_ms > $4";

/// The living offer of that token, if it was told to this very call.
pub async fn load(tx: &mut Tx, token: &OfferToken, call_id: &CallId, now_ms: i64) -> Result<Option<Offer>, StoreError> {
    let tenant = tx.tenant()?;
    let params = [p(tenant.as_str()), p(token.as_str()), p(call_id.as_str()), p(now_ms)];
    let Some(row) = tx.first(LOAD, &params).await? else { return Ok(None) };
    let purpose = row.text(2)?;
    Ok(Some(Offer {
        token: token.clone(),
        call_id: call_id.clone(),
        branch: BranchId::new(row.text(0)?),
        visit: row.json(1)?,
        purpose: Purpose::parse(&purpose),
        staff_wished: row.int(3)? != 0,
        expires_ms: row.int(4)?,
    }))
}

/// What a call holds now, if anything.
pub async fn held_by(tx: &mut Tx, call_id: &CallId, now_ms: i64) -> Result<Option<Offer>, StoreError> {
    let tenant = tx.tenant()?;
    match tx.first(engine::HELD_BY, &[p(tenant.as_str()), p(call_id.as_str()), p(now_ms)]).await? {
        Some(row) => load(tx, &OfferToken::new(row.text(0)?), call_id, now_ms).await,
        None => Ok(None),
    }
}

const TOLD: &str = "-- offers::TOLD
    SELECT visit FROM offer
    WHERE tenant_id = $1 AND call_id = $2 AND purpose = $3 AND expires_ms > $4";

/// Whether this call was told an offer of that purpose for that start, and it still holds.
pub async fn told(
    tx: &mut Tx,
    call_id: &CallId,
    purpose: &Purpose,
    start: jiff::Timestamp,
    now_ms: i64,
) -> Result<bool, StoreError> {
    let tenant = tx.tenant()?;
    let purpose = purpose.to_text();
    let params = [p(tenant.as_str()), p(call_id.as_str()), p(&purpose), p(now_ms)];
    for row in tx.query(TOLD, &params).await? {
        if row.json::<Visit>(0)?.start == start {
            return Ok(true);
        }
    }
    Ok(false)
}

const LOAD_OLD: &str = "-- offers::LOAD_OLD
    SELECT visit FROM offer WHERE tenant_id = $1 AND token = $2 AND call_id = $3";

/// The visit a token of this call once stood for, expired or not.
pub async fn visit_of(tx: &mut Tx, token: &OfferToken, call_id: &CallId) -> Result<Option<Visit>, StoreError> {
    let tenant = tx.tenant()?;
    let row = tx.first(LOAD_OLD, &[p(tenant.as_str()), p(token.as_str()), p(call_id.as_str())]).await?;
    row.map(|row| row.json(0)).transpose()
}
