//! Appointments and their history.

use frontdesk_domain::booking::saga::State;
use frontdesk_domain::ids::{AppointmentId, BranchId, CallId, CustomerId};
use frontdesk_domain::pii::{Email, Pii};
use frontdesk_domain::slots::Visit;

use crate::error::StoreError;
use crate::sql::{Row, p, to_json};
use crate::tx::Tx;

/// An appointment as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Appointment {
    /// `apt_…`; kept when it is moved.
    pub id: AppointmentId,
    /// Where.
    pub branch: BranchId,
    /// Whose.
    pub customer: CustomerId,
    /// The call that made it.
    pub call_id: Option<CallId>,
    /// Where its booking stands.
    pub saga: State,
    /// What, when, by whom.
    pub visit: Visit,
    /// The services' names as they were.
    pub services: Vec<String>,
    /// The people's names as they were, each once.
    pub staff: Vec<String>,
    /// The address given for this appointment.
    pub email: Option<Email>,
    /// What the caller wanted known.
    pub notes: Option<Pii<String>>,
    /// How often it was moved.
    pub moves: i64,
    /// What made it: `call`, `tenant_file`.
    pub source: String,
    /// Milliseconds since 1970.
    pub created_ms: i64,
}

const ADD: &str = "-- appointments::ADD
    INSERT INTO appointment (tenant_id, appointment_id, branch_id, customer_id, call_id, saga, start_ms, end_ms,
        visit, services, staff, email, notes, moves, source, created_ms, updated_ms)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16)
    ON CONFLICT (tenant_id, appointment_id) DO NOTHING";

/// Adds an appointment with the first entry of its history; `false` if that id is there already.
pub async fn add(tx: &mut Tx, appointment: &Appointment) -> Result<bool, StoreError> {
    let tenant = tx.tenant()?;
    let (visit, services, staff) =
        (to_json(&appointment.visit)?, to_json(&appointment.services)?, to_json(&appointment.staff)?);
    let added = tx
        .execute(
            ADD,
            &[
                p(tenant.as_str()),
                p(appointment.id.as_str()),
                p(appointment.branch.as_str()),
                p(appointment.customer.as_str()),
                p(appointment.call_id.as_ref().map(CallId::as_str)),
                p(appointment.saga.as_str()),
                p(appointment.visit.start.as_millisecond()),
                p(appointment.visit.end.as_millisecond()),
                p(&visit),
                p(&services),
                p(&staff),
                p(appointment.email.as_ref().map(Email::reveal)),
                p(appointment.notes.as_ref().map(|notes| notes.reveal().as_str())),
                p(appointment.moves),
                p(appointment.source.as_str()),
                p(appointment.created_ms),
            ],
        )
        .await?;
    if added == 1 {
        let call_id = appointment.call_id.as_ref();
        record(tx, &appointment.id, "booked", appointment.visit.start, None, call_id, appointment.created_ms).await?;
    }
    Ok(added == 1)
}

const LOAD: &str = "-- appointments::LOAD
    SELECT appointment_id, branch_id, customer_id, call_id, saga, visit, services, staff, email, notes, moves, source,
        created_ms
    FROM appointment WHERE tenant_id = $1 AND appointment_id = $2";

/// The appointment of that id, of this tenant.
pub async fn load(tx: &mut Tx, id: &AppointmentId) -> Result<Option<Appointment>, StoreError> {
    let tenant = tx.tenant()?;
    let row = tx.first(LOAD, &[p(tenant.as_str()), p(id.as_str())]).await?;
    row.as_ref().map(read).transpose()
}

const COMING_OF_CUSTOMER: &str = "-- appointments::COMING_OF_CUSTOMER
    SELECT appointment_id, branch_id, customer_id, call_id, saga, visit, services, staff, email, notes, moves, source,
        created_ms
    FROM appointment
    WHERE tenant_id = $1 AND customer_id = $2 AND end_ms > $3 AND saga IN ('held', 'confirmed')
    ORDER BY start_ms, appointment_id";

/// A customer's active appointments that are not over, earliest first.
pub async fn coming_of(tx: &mut Tx, customer: &CustomerId, now_ms: i64) -> Result<Vec<Appointment>, StoreError> {
    let tenant = tx.tenant()?;
    let params = [p(tenant.as_str()), p(customer.as_str()), p(now_ms)];
    tx.query(COMING_OF_CUSTOMER, &params).await?.iter().map(read).collect()
}

const MADE_BY_CALL: &str = "-- appointments::MADE_BY_CALL
    SELECT appointment_id, branch_id, customer_id, call_id, saga, visit, services, staff, email, notes, moves, source,
        created_ms
    FROM appointment
    WHERE tenant_id = $1 AND call_id = $2 ORDER BY created_ms, appointment_id";

/// Everything a call made, cancelled ones too, oldest first.
pub async fn made_by(tx: &mut Tx, call_id: &CallId) -> Result<Vec<Appointment>, StoreError> {
    let tenant = tx.tenant()?;
    tx.query(MADE_BY_CALL, &[p(tenant.as_str()), p(call_id.as_str())]).await?.iter().map(read).collect()
}

const LAST_VISIT: &str = "-- appointments::LAST_VISIT
    SELECT MAX(start_ms) FROM appointment
    WHERE tenant_id = $1 AND customer_id = $2 AND end_ms <= $3 AND saga = 'confirmed'";

/// When a customer was here last, milliseconds since 1970.
pub async fn last_visit(tx: &mut Tx, customer: &CustomerId, now_ms: i64) -> Result<Option<i64>, StoreError> {
    let tenant = tx.tenant()?;
    let row = tx.first(LAST_VISIT, &[p(tenant.as_str()), p(customer.as_str()), p(now_ms)]).await?;
    row.map_or(Ok(None), |row| row.opt_int(0))
}

const MOVE: &str = "-- appointments::MOVE
    UPDATE appointment SET start_ms = $3, end_ms = $4, visit = $5, staff = $6, moves = moves + 1, updated_ms = $7
    WHERE tenant_id = $1 AND appointment_id = $2 AND saga IN ('held', 'confirmed')";

/// Moves an appointment to another visit and records it; `false` if it is cancelled meanwhile. Its time must have
/// been taken in the same transaction.
pub async fn move_to(
    tx: &mut Tx,
    appointment: &Appointment,
    visit: &Visit,
    staff: &[String],
    call_id: Option<&CallId>,
    now_ms: i64,
) -> Result<bool, StoreError> {
    let tenant = tx.tenant()?;
    let (visit_text, staff) = (to_json(visit)?, to_json(&staff)?);
    let moved = tx
        .execute(
            MOVE,
            &[
                p(tenant.as_str()),
                p(appointment.id.as_str()),
                p(visit.start.as_millisecond()),
                p(visit.end.as_millisecond()),
                p(&visit_text),
                p(&staff),
                p(now_ms),
            ],
        )
        .await?;
    if moved == 1 {
        let previous = Some(appointment.visit.start);
        record(tx, &appointment.id, "moved", visit.start, previous, call_id, now_ms).await?;
    }
    Ok(moved == 1)
}

const SET_STATE: &str = "-- appointments::SET_STATE
    UPDATE appointment SET saga = $4, updated_ms = $5,
        cancelled_ms = CASE WHEN $4 = 'cancelled' THEN $5 END, cancel_reason = COALESCE($6, cancel_reason)
    WHERE tenant_id = $1 AND appointment_id = $2 AND saga = $3";

/// Writes the state that [`frontdesk_domain::booking::saga::apply`] decided; `false` if it is in another state
/// meanwhile.
pub async fn set_state(
    tx: &mut Tx,
    appointment: &Appointment,
    next: State,
    reason: Option<&str>,
    call_id: Option<&CallId>,
    now_ms: i64,
) -> Result<bool, StoreError> {
    let tenant = tx.tenant()?;
    let changed = tx
        .execute(
            SET_STATE,
            &[
                p(tenant.as_str()),
                p(appointment.id.as_str()),
                p(appointment.saga.as_str()),
                p(next.as_str()),
                p(now_ms),
                p(reason),
            ],
        )
        .await?;
    if changed == 1 {
        record(tx, &appointment.id, next.as_str(), appointment.visit.start, None, call_id, now_ms).await?;
    }
    Ok(changed == 1)
}

const SET_EMAIL: &str = "-- appointments::SET_EMAIL
    UPDATE appointment SET email = $4, updated_ms = $3
    WHERE tenant_id = $1 AND customer_id = $2 AND end_ms > $3 AND saga IN ('held', 'confirmed')";

/// Carries an e-mail address to a customer's coming appointments; how many.
pub async fn set_email(tx: &mut Tx, customer: &CustomerId, email: &Email, now_ms: i64) -> Result<usize, StoreError> {
    let tenant = tx.tenant()?;
    tx.execute(SET_EMAIL, &[p(tenant.as_str()), p(customer.as_str()), p(now_ms), p(email.reveal())]).await
}

const CANCELS_OF_CUSTOMER: &str = "-- appointments::CANCELS_OF_CUSTOMER
    SELECT COUNT(*) FROM appointment
    WHERE tenant_id = $1 AND customer_id = $2 AND saga = 'cancelled' AND cancelled_ms > $3";

/// How many appointments a customer cancelled since an instant.
pub async fn cancels_of(tx: &mut Tx, customer: &CustomerId, since_ms: i64) -> Result<i64, StoreError> {
    let tenant = tx.tenant()?;
    let row = tx.first(CANCELS_OF_CUSTOMER, &[p(tenant.as_str()), p(customer.as_str()), p(since_ms)]).await?;
    row.map_or(Ok(0), |row| row.int(0))
}

const RECORD: &str = "-- appointments::RECORD
    INSERT INTO appointment_change (tenant_id, appointment_id, seq, at_ms, what, start_ms, previous_start_ms, call_id)
    SELECT $1, $2, COALESCE(MAX(seq), 0) + 1, $3, $4, $5, $6, $7
    FROM appointment_change WHERE tenant_id = $1 AND appointment_id = $2";

async fn record(
    tx: &mut Tx,
    id: &AppointmentId,
    what: &str,
    start: jiff::Timestamp,
    previous: Option<jiff::Timestamp>,
    call_id: Option<&CallId>,
    now_ms: i64,
) -> Result<(), StoreError> {
    let tenant = tx.tenant()?;
    let params = [
        p(tenant.as_str()),
        p(id.as_str()),
        p(now_ms),
        p(what),
        p(start.as_millisecond()),
        p(previous.map(|at| at.as_millisecond())),
        p(call_id.map(CallId::as_str)),
    ];
    tx.execute(RECORD, &params).await.map(|_| ())
}

/// One entry of an appointment's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Milliseconds since 1970.
    pub at_ms: i64,
    /// `booked`, `moved`, `cancelled`.
    pub what: String,
    /// Its start after the change, milliseconds since 1970.
    pub start_ms: i64,
    /// Its start before a move.
    pub previous_start_ms: Option<i64>,
}

const HISTORY: &str = "-- appointments::HISTORY
    SELECT at_ms, what, start_ms, previous_start_ms FROM appointment_change
    WHERE tenant_id = $1 AND appointment_id = $2 ORDER BY seq";

/// Every change of an appointment, oldest first.
pub async fn history(tx: &mut Tx, id: &AppointmentId) -> Result<Vec<Change>, StoreError> {
    let tenant = tx.tenant()?;
    let rows = tx.query(HISTORY, &[p(tenant.as_str()), p(id.as_str())]).await?;
    rows.iter()
        .map(|row| {
            Ok(Change {
                at_ms: row.int(0)?,
                what: row.text(1)?,
                start_ms: row.int(2)?,
                previous_start_ms: row.opt_int(3)?,
            })
        })
        .collect()
}

const LAST_CALL: &str = "-- appointments::LAST_CALL
    SELECT call_id FROM appointment_change
    WHERE tenant_id = $1 AND appointment_id = $2 AND call_id IS NOT NULL ORDER BY seq DESC LIMIT 1";

/// The call that changed an appointment last; `None`: no call ever did.
pub async fn last_call(tx: &mut Tx, id: &AppointmentId) -> Result<Option<CallId>, StoreError> {
    let tenant = tx.tenant()?;
    let row = tx.first(LAST_CALL, &[p(tenant.as_str()), p(id.as_str())]).await?;
    row.map(|row| Ok(CallId::new(row.text(0)?))).transpose()
}

fn read(row: &Row) -> Result<Appointment, StoreError> {
    let state = row.text(4)?;
    Ok(Appointment {
        id: AppointmentId::new(row.text(0)?),
        branch: BranchId::new(row.text(1)?),
        customer: CustomerId::new(row.text(2)?),
        call_id: row.opt_text(3)?.map(CallId::new),
        saga: State::parse(&state).ok_or_else(|| StoreError::Unreadable(format!("{state:?} is no state")))?,
        visit: row.json(5)?,
        services: row.json(6)?,
        staff: row.json(7)?,
        email: row.opt_text(8)?.map(Email::from_canonical),
        notes: row.opt_text(9)?.map(Pii::new),
        moves: row.int(10)?,
        source: row.text(11)?,
        created_ms: row.int(12)?,
    })
}
