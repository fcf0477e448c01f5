//! What the people of the house look at: who is coming, whom to call back, which wishes were not met.

use frontdesk_domain::booking::saga::State;
use frontdesk_domain::ids::{AppointmentId, BranchId, CallId, CallbackId};
use frontdesk_domain::pii::{PersonName, Phone, Pii};
use frontdesk_domain::slots::Visit;

use crate::error::StoreError;
use crate::sql::{Row, p};
use crate::tx::Tx;

/// An appointment with whom it is for.
#[derive(Clone, Debug)]
pub struct Entry {
    /// `apt_…`.
    pub id: AppointmentId,
    /// Where.
    pub branch: BranchId,
    /// Where its booking stands.
    pub saga: State,
    /// What, when, by whom.
    pub visit: Visit,
    /// What the caller wanted known.
    pub notes: Option<Pii<String>>,
    /// The customer's name.
    pub customer: PersonName,
    /// The customer's number, or the placeholder of one who withheld it.
    pub phone: Phone,
}

const STARTING: &str = "-- agenda::STARTING
    SELECT a.appointment_id, a.branch_id, a.saga, a.visit, a.notes, c.name, c.phone
    FROM appointment a JOIN customer c ON c.tenant_id = a.tenant_id AND c.customer_id = a.customer_id
    WHERE a.tenant_id = $1 AND a.start_ms >= $2 AND a.start_ms < $3
    ORDER BY a.start_ms, a.appointment_id";

/// Every appointment that starts in a stretch of time (milliseconds since 1970, the end not included), cancelled ones
/// too, earliest first.
pub async fn starting(tx: &mut Tx, from_ms: i64, until_ms: i64) -> Result<Vec<Entry>, StoreError> {
    let tenant = tx.tenant()?;
    let rows = tx.query(STARTING, &[p(tenant.as_str()), p(from_ms), p(until_ms)]).await?;
    rows.iter()
        .map(|row| {
            let state = row.text(2)?;
            Ok(Entry {
                id: AppointmentId::new(row.text(0)?),
                branch: BranchId::new(row.text(1)?),
                saga: State::parse(&state).ok_or_else(|| StoreError::Unreadable(format!("{state:?} is no state")))?,
                visit: row.json(3)?,
                notes: row.opt_text(4)?.map(Pii::new),
                customer: PersonName::from_canonical(row.text(5)?),
                phone: Phone::from_canonical(row.text(6)?),
            })
        })
        .collect()
}

/// A promised call back as a task.
#[derive(Clone, Debug)]
pub struct Promise {
    /// `cbk_…`.
    pub id: CallbackId,
    /// Which branch calls.
    pub branch: BranchId,
    /// The call it was promised in.
    pub call_id: Option<CallId>,
    /// Name as given.
    pub name: Option<PersonName>,
    /// Where to; `None`: nobody knows.
    pub phone: Option<Phone>,
    /// What about.
    pub reason: Option<Pii<String>>,
    /// When it suits, in the caller's words.
    pub wished: Option<String>,
    /// `requested` or `no_free_time`.
    pub cause: String,
    /// Promised by then, milliseconds since 1970.
    pub promised_ms: i64,
    /// Nobody has called back yet.
    pub open: bool,
}

const OPEN_PROMISES: &str = "-- agenda::OPEN_PROMISES
    SELECT callback_id, branch_id, call_id, name, phone, reason, wished, cause, promised_ms, state
    FROM callback WHERE tenant_id = $1 AND state = 'open' ORDER BY promised_ms, callback_id";

/// Every open promise, the one due first first.
pub async fn open_promises(tx: &mut Tx) -> Result<Vec<Promise>, StoreError> {
    let tenant = tx.tenant()?;
    tx.query(OPEN_PROMISES, &[p(tenant.as_str())]).await?.iter().map(promise).collect()
}

const PROMISES_OF_CALL: &str = "-- agenda::PROMISES_OF_CALL
    SELECT callback_id, branch_id, call_id, name, phone, reason, wished, cause, promised_ms, state
    FROM callback WHERE tenant_id = $1 AND call_id = $2 ORDER BY created_ms, callback_id";

/// What was promised in a call, kept or not, oldest first.
pub async fn promises_of_call(tx: &mut Tx, call_id: &CallId) -> Result<Vec<Promise>, StoreError> {
    let tenant = tx.tenant()?;
    tx.query(PROMISES_OF_CALL, &[p(tenant.as_str()), p(call_id.as_str())]).await?.iter().map(promise).collect()
}

const KEEP: &str = "-- agenda::KEEP
    UPDATE callback SET state = 'done' WHERE tenant_id = $1 AND callback_id = $2 AND state = 'open'";

const IS_THERE: &str = "-- agenda::IS_THERE
    SELECT 1 FROM callback WHERE tenant_id = $1 AND callback_id = $2";

/// What became of closing a promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It was open and is done now.
    Now,
    /// It was done before.
    Before,
    /// This tenant has no such promise.
    Unknown,
}

/// Closes an open promise.
pub async fn keep(tx: &mut Tx, id: &CallbackId) -> Result<Kept, StoreError> {
    let tenant = tx.tenant()?;
    let params = [p(tenant.as_str()), p(id.as_str())];
    if tx.execute(KEEP, &params).await? == 1 {
        return Ok(Kept::Now);
    }
    Ok(if tx.first(IS_THERE, &params).await?.is_some() { Kept::Before } else { Kept::Unknown })
}

/// Wishes of one kind that were not met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnmetWishes {
    /// The service, in the caller's words where it was not understood.
    pub service: Option<String>,
    /// Why not: the answer's code.
    pub code: String,
    /// How often.
    pub count: i64,
    /// In how many calls.
    pub calls: i64,
    /// The last time, milliseconds since 1970.
    pub last_ms: i64,
}

const UNMET: &str = "-- agenda::UNMET
    SELECT service, code, COUNT(*), COUNT(DISTINCT call_id), MAX(at_ms)
    FROM wish WHERE tenant_id = $1 AND at_ms >= $2
    GROUP BY service, code ORDER BY COUNT(DISTINCT call_id) DESC, COUNT(*) DESC, service, code";

/// Unmet wishes since an instant (milliseconds since 1970) by service and code, those of most calls first.
pub async fn unmet(tx: &mut Tx, since_ms: i64) -> Result<Vec<UnmetWishes>, StoreError> {
    let tenant = tx.tenant()?;
    let rows = tx.query(UNMET, &[p(tenant.as_str()), p(since_ms)]).await?;
    rows.iter()
        .map(|row| {
            Ok(UnmetWishes {
                service: row.opt_text(0)?,
                code: row.text(1)?,
                count: row.int(2)?,
                calls: row.int(3)?,
                last_ms: row.int(4)?,
            })
        })
        .collect()
}

fn promise(row: &Row) -> Result<Promise, StoreError> {
    Ok(Promise {
        id: CallbackId::new(row.text(0)?),
        branch: BranchId::new(row.text(1)?),
        call_id: row.opt_text(2)?.map(CallId::new),
        name: row.opt_text(3)?.map(PersonName::from_canonical),
        phone: row.opt_text(4)?.map(Phone::from_canonical),
        reason: row.opt_text(5)?.map(Pii::new),
        wished: row.opt_text(6)?,
        cause: row.text(7)?,
        promised_ms: row.int(8)?,
        open: row.text(9)? == "open",
    })
}
