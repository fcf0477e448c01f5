//! Promised calls back: tasks for people.

use frontdesk_domain::ids::{BranchId, CallId, CallbackId, CustomerId};
use frontdesk_domain::pii::{PersonName, Phone, Pii};

use crate::error::StoreError;
use crate::sql::p;
use crate::tx::Tx;

/// A promise to call somebody back.
#[derive(Clone, Debug)]
pub struct Callback {
    /// `cbk_…`.
    pub id: CallbackId,
    /// Which branch calls.
    pub branch: BranchId,
    /// The call it was promised in.
    pub call_id: Option<CallId>,
    /// Whom, if known.
    pub customer: Option<CustomerId>,
    /// Name as given.
    pub name: Option<PersonName>,
    /// Where to; `None`: nobody knows.
    pub phone: Option<Phone>,
    /// What about.
    pub reason: Option<Pii<String>>,
    /// When it suits, in the caller's words.
    pub wished: Option<String>,
    /// `requested` or `no_free_time`.
    pub cause: &'static str,
    /// Promised by then, milliseconds since 1970.
    pub promised_ms: i64,
}

const OPEN_OF_CALL: &str = "-- callbacks::OPEN_OF_CALL
    SELECT callback_id, promised_ms FROM callback
    WHERE tenant_id = $1 AND state = 'open' AND call_id = $2 ORDER BY created_ms LIMIT 1";

const OPEN_OF_NUMBER: &str = "-- callbacks::OPEN_OF_NUMBER
    SELECT callback_id, promised_ms FROM callback
    WHERE tenant_id = $1 AND state = 'open' AND phone = $2 AND created_ms > $3 ORDER BY created_ms LIMIT 1";

/// The open callback of this call, or of this number since an instant: asking twice makes one task.
pub async fn open_for(
    tx: &mut Tx,
    call_id: Option<&CallId>,
    phone: Option<&Phone>,
    since_ms: i64,
) -> Result<Option<(CallbackId, i64)>, StoreError> {
    let tenant = tx.tenant()?;
    let mut found = None;
    if let Some(call_id) = call_id {
        found = tx.first(OPEN_OF_CALL, &[p(tenant.as_str()), p(call_id.as_str())]).await?;
    }
    if let (None, Some(phone)) = (&found, phone) {
        found = tx.first(OPEN_OF_NUMBER, &[p(tenant.as_str()), p(phone.reveal()), p(since_ms)]).await?;
    }
    found.map(|row| Ok((CallbackId::new(row.text(0)?), row.int(1)?))).transpose()
}

const ADD: &str = "-- callbacks::ADD
    INSERT INTO callback (tenant_id, callback_id, branch_id, call_id, customer_id, name, phone, reason, wished, cause,
        promised_ms, state, created_ms)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'open', $12)";

/// Adds a task.
pub async fn add(tx: &mut Tx, callback: &Callback, now_ms: i64) -> Result<(), StoreError> {
    let tenant = tx.tenant()?;
    let params = [
        p(tenant.as_str()),
        p(callback.id.as_str()),
        p(callback.branch.as_str()),
        p(callback.call_id.as_ref().map(CallId::as_str)),
        p(callback.customer.as_ref().map(CustomerId::as_str)),
        p(callback.name.as_ref().map(PersonName::reveal)),
        p(callback.phone.as_ref().map(Phone::reveal)),
        p(callback.reason.as_ref().map(|reason| reason.reveal().as_str())),
        p(callback.wished.as_deref()),
        p(callback.cause),
        p(callback.promised_ms),
        p(now_ms),
    ];
    tx.execute(ADD, &params).await.map(|_| ())
}

const COMPLETE: &str = "-- callbacks::COMPLETE
    UPDATE callback SET name = COALESCE($3, name), phone = COALESCE($4, phone), reason = COALESCE($5, reason),
        wished = COALESCE($6, wished), cause = $7
    WHERE tenant_id = $1 AND callback_id = $2";

/// Adds what was said later (a name, a number, a reason) to an open task.
pub async fn complete(tx: &mut Tx, id: &CallbackId, later: &Callback) -> Result<(), StoreError> {
    let tenant = tx.tenant()?;
    let params = [
        p(tenant.as_str()),
        p(id.as_str()),
        p(later.name.as_ref().map(PersonName::reveal)),
        p(later.phone.as_ref().map(Phone::reveal)),
        p(later.reason.as_ref().map(|reason| reason.reveal().as_str())),
        p(later.wished.as_deref()),
        p(later.cause),
    ];
    tx.execute(COMPLETE, &params).await.map(|_| ())
}
