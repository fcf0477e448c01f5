//! What appointments need in the calendar outside: the bookings there, as far as they are known.

use std::collections::BTreeMap;

use frontdesk_domain::booking::remote::{Remote, State};
use frontdesk_domain::calendar::{EventType, Host, RemoteBooking, RemoteUid};
use frontdesk_domain::ids::{AppointmentId, StaffId};
use frontdesk_domain::pii::Email;
use frontdesk_domain::ports::SlotHold;
use jiff::Timestamp;

use crate::error::StoreError;
use crate::sql::{Row, instant, p, to_json};
use crate::tx::Tx;

/// One booking an appointment needs in the calendar.
#[derive(Clone, Debug, PartialEq)]
pub struct RemoteRow {
    /// `op_…`: our name for it, in its metadata there.
    pub op: String,
    /// Whose.
    pub appointment: AppointmentId,
    /// Its place in the visit.
    pub part: i64,
    /// Of what.
    pub event_type: EventType,
    /// By whom there, in a shared event type.
    pub host: Option<Host>,
    /// The event type is shared: creates go one at a time.
    pub pooled: bool,
    /// Our person.
    pub staff: StaffId,
    /// Until when it should last.
    pub end: Timestamp,
    /// What the event type's form wants to know.
    pub fields: BTreeMap<String, String>,
    /// Where it stands.
    pub remote: Remote,
    /// As it is named there now.
    pub uid: Option<RemoteUid>,
    /// As it is numbered there.
    pub number: Option<i64>,
    /// The address it was made with; gone after an erasure.
    pub attendee: Option<Email>,
    /// An address that waits to be carried there.
    pub email_due: Option<Email>,
    /// When the calendar last proved all this, milliseconds since 1970.
    pub verified_ms: Option<i64>,
}

const ADD: &str = "-- remotes::ADD
    INSERT INTO remote (tenant_id, op, appointment_id, part, event_type, host, pooled, staff, start_ms, end_ms, fields,
        desired, state, attempt, attendee, email_due, created_ms, updated_ms)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17)";

/// Adds one, before anything is sent.
pub async fn add(tx: &mut Tx, row: &RemoteRow, now_ms: i64) -> Result<(), StoreError> {
    let tenant = tx.tenant()?;
    let fields = to_json(&row.fields)?;
    let params = [
        p(tenant.as_str()),
        p(&row.op),
        p(row.appointment.as_str()),
        p(row.part),
        p(number(row.event_type.0)),
        p(row.host.map(|host| number(host.0))),
        p(row.pooled),
        p(row.staff.as_str()),
        p(row.remote.start.as_millisecond()),
        p(row.end.as_millisecond()),
        p(&fields),
        p(row.remote.desired),
        p(row.remote.state.as_str()),
        p(i64::from(row.remote.attempt)),
        p(row.attendee.as_ref().map(Email::reveal)),
        p(row.email_due.as_ref().map(Email::reveal)),
        p(now_ms),
    ];
    tx.execute(ADD, &params).await.map(|_| ())
}

const OF_APPOINTMENT: &str = "-- remotes::OF_APPOINTMENT
    SELECT op, appointment_id, part, event_type, host, pooled, staff, start_ms, end_ms, fields, desired, state, attempt,
        sent_ms, at_ms, uid, number, attendee, email_due, verified_ms
    FROM remote WHERE tenant_id = $1 AND appointment_id = $2 ORDER BY part, created_ms, op";

/// Everything an appointment needs or needed, in the order of its visit.
pub async fn of_appointment(tx: &mut Tx, id: &AppointmentId) -> Result<Vec<RemoteRow>, StoreError> {
    let tenant = tx.tenant()?;
    tx.query(OF_APPOINTMENT, &[p(tenant.as_str()), p(id.as_str())]).await?.iter().map(read).collect()
}

const BY_OP: &str = "-- remotes::BY_OP
    SELECT op, appointment_id, part, event_type, host, pooled, staff, start_ms, end_ms, fields, desired, state, attempt,
        sent_ms, at_ms, uid, number, attendee, email_due, verified_ms
    FROM remote WHERE tenant_id = $1 AND op = $2";

/// The one of that operation.
pub async fn by_op(tx: &mut Tx, op: &str) -> Result<Option<RemoteRow>, StoreError> {
    let tenant = tx.tenant()?;
    tx.first(BY_OP, &[p(tenant.as_str()), p(op)]).await?.as_ref().map(read).transpose()
}

const BY_UID: &str = "-- remotes::BY_UID
    SELECT op FROM remote_uid WHERE tenant_id = $1 AND uid = $2";

/// The one that has, or ever had, that name in the calendar.
pub async fn by_uid(tx: &mut Tx, uid: &RemoteUid) -> Result<Option<RemoteRow>, StoreError> {
    let tenant = tx.tenant()?;
    match tx.first(BY_UID, &[p(tenant.as_str()), p(uid.reveal())]).await? {
        Some(row) => by_op(tx, &row.text(0)?).await,
        None => Ok(None),
    }
}

const SAVE: &str = "-- remotes::SAVE
    UPDATE remote SET start_ms = $3, end_ms = $4, desired = $5, state = $6, attempt = $7, sent_ms = $8, at_ms = $9,
        uid = $10, number = $11, email_due = $12, verified_ms = $13, ics_uid = COALESCE($14, ics_uid), updated_ms = $15
    WHERE tenant_id = $1 AND op = $2";

/// Writes what [`frontdesk_domain::booking::remote::apply`] decided, with what the calendar told, if it told something.
pub async fn save(
    tx: &mut Tx,
    row: &mut RemoteRow,
    now: Remote,
    told: Option<&RemoteBooking>,
    now_ms: i64,
) -> Result<(), StoreError> {
    row.remote = now;
    if let Some(told) = told {
        row.uid = Some(told.uid.clone());
        row.number = told.number.or(row.number);
        row.verified_ms = Some(now_ms);
    }
    if !now.email_due {
        row.email_due = None;
    }
    let tenant = tx.tenant()?;
    let ms = |at: Option<Timestamp>| at.map(Timestamp::as_millisecond);
    let params = [
        p(tenant.as_str()),
        p(&row.op),
        p(now.start.as_millisecond()),
        p(row.end.as_millisecond()),
        p(now.desired),
        p(now.state.as_str()),
        p(i64::from(now.attempt)),
        p(ms(now.sent)),
        p(ms(now.at)),
        p(row.uid.as_ref().map(RemoteUid::reveal)),
        p(row.number),
        p(row.email_due.as_ref().map(Email::reveal)),
        p(row.verified_ms),
        p(told.and_then(|told| told.ics_uid.as_deref())),
        p(now_ms),
    ];
    if tx.execute(SAVE, &params).await? != 1 {
        return Err(StoreError::Constraint("a remote booking's row is gone".to_owned()));
    }
    match told {
        Some(told) => name(tx, &told.uid, &row.op, now_ms).await,
        None => Ok(()),
    }
}

const SET_ATTENDEE: &str = "-- remotes::SET_ATTENDEE
    UPDATE remote SET attendee = $3 WHERE tenant_id = $1 AND op = $2";

/// Lets one that was never sent be made with another address.
pub async fn set_attendee(tx: &mut Tx, op: &str, email: &Email) -> Result<(), StoreError> {
    let tenant = tx.tenant()?;
    tx.execute(SET_ATTENDEE, &[p(tenant.as_str()), p(op), p(email.reveal())]).await.map(|_| ())
}

const SET_PART: &str = "-- remotes::SET_PART
    UPDATE remote SET part = $3 WHERE tenant_id = $1 AND op = $2";

/// Gives one its place in the visit.
pub async fn set_part(tx: &mut Tx, op: &str, part: i64) -> Result<(), StoreError> {
    let tenant = tx.tenant()?;
    tx.execute(SET_PART, &[p(tenant.as_str()), p(op), p(part)]).await.map(|_| ())
}

const NAME: &str = "-- remotes::NAME
    INSERT INTO remote_uid (tenant_id, uid, op, since_ms) VALUES ($1, $2, $3, $4)
    ON CONFLICT (tenant_id, uid) DO NOTHING";

/// Remembers a name a booking of ours has in the calendar.
pub async fn name(tx: &mut Tx, uid: &RemoteUid, op: &str, now_ms: i64) -> Result<(), StoreError> {
    let tenant = tx.tenant()?;
    tx.execute(NAME, &[p(tenant.as_str()), p(uid.reveal()), p(op), p(now_ms)]).await.map(|_| ())
}

/// Takes over the name a booking of ours has in the calendar since it was moved there.
pub async fn rename(tx: &mut Tx, row: &mut RemoteRow, uid: &RemoteUid, now_ms: i64) -> Result<(), StoreError> {
    row.uid = Some(uid.clone());
    save(tx, row, row.remote, None, now_ms).await?;
    name(tx, uid, &row.op, now_ms).await
}

const IN_FLIGHT: &str = "-- remotes::IN_FLIGHT
    SELECT 1 FROM remote
    WHERE tenant_id = $1 AND event_type = $2 AND state = 'sent' AND pooled = 1 AND start_ms < $4 AND end_ms > $3
        AND op <> $5 AND sent_ms > $6 LIMIT 1";

/// Marks a create as about to be sent: the proof that its time is taken and its intent on disk. `None` if the event
/// type is shared and another create for overlapping time, sent after `under_way_since_ms`, may still be under way (only
/// asked where that is given; milliseconds since 1970).
pub async fn mark_sent(
    tx: &mut Tx,
    row: &mut RemoteRow,
    now: Remote,
    under_way_since_ms: Option<i64>,
    now_ms: i64,
) -> Result<Option<SlotHold>, StoreError> {
    if let Some(since_ms) = under_way_since_ms.filter(|_| row.pooled) {
        let tenant = tx.tenant()?;
        let (from, until) = (row.remote.start.as_millisecond(), row.end.as_millisecond());
        let params = [p(tenant.as_str()), p(number(row.event_type.0)), p(from), p(until), p(&row.op), p(since_ms)];
        if tx.first(IN_FLIGHT, &params).await?.is_some() {
            return Ok(None);
        }
    }
    save(tx, row, now, None, now_ms).await?;
    #[expect(clippy::disallowed_methods, reason = "the one place that may prove it")]
    Ok(Some(SlotHold::of_the_store(&row.op)))
}

fn number(id: u64) -> i64 {
    i64::try_from(id).unwrap_or(i64::MAX)
}

fn read(row: &Row) -> Result<RemoteRow, StoreError> {
    let state = row.text(11)?;
    let positive = |value: i64| u64::try_from(value).map_err(|error| StoreError::Unreadable(error.to_string()));
    let email_due = row.opt_text(18)?.map(Email::from_canonical);
    Ok(RemoteRow {
        op: row.text(0)?,
        appointment: AppointmentId::new(row.text(1)?),
        part: row.int(2)?,
        event_type: EventType(positive(row.int(3)?)?),
        host: row.opt_int(4)?.map(positive).transpose()?.map(Host),
        pooled: row.int(5)? == 1,
        staff: StaffId::new(row.text(6)?),
        end: instant(row.int(8)?)?,
        fields: row.json(9)?,
        remote: Remote {
            state: State::parse(&state).ok_or_else(|| StoreError::Unreadable(format!("{state:?} is no state")))?,
            desired: row.int(10)? == 1,
            start: instant(row.int(7)?)?,
            at: row.opt_int(14)?.map(instant).transpose()?,
            attempt: u32::try_from(row.int(12)?).unwrap_or(u32::MAX),
            sent: row.opt_int(13)?.map(instant).transpose()?,
            email_due: email_due.is_some(),
        },
        uid: row.opt_text(15)?.map(RemoteUid::new),
        number: row.opt_int(16)?,
        attendee: row.opt_text(17)?.map(Email::from_canonical),
        email_due,
        verified_ms: row.opt_int(19)?,
    })
}
