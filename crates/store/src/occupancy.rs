//! When people are taken: the rows that exclude. Two rows of one person never overlap; the database refuses it.

use std::collections::BTreeMap;

use frontdesk_domain::ids::{AppointmentId, CallId, OfferToken, StaffId};
use frontdesk_domain::pii::Phone;
use frontdesk_domain::slots::{Interval, Visit};
use jiff::Timestamp;

use crate::engine;
use crate::error::StoreError;
use crate::sql::{instant, p};
use crate::tx::Tx;

/// Whose time it is.
#[derive(Clone, Debug)]
pub enum Owner<'a> {
    /// An appointment's, until it is moved or cancelled.
    Appointment(&'a AppointmentId),
    /// A hold's: an offer, for one call, until an instant.
    Hold {
        /// The offer.
        token: &'a OfferToken,
        /// The call it is for.
        call_id: &'a CallId,
        /// Milliseconds since 1970.
        expires_ms: i64,
    },
}

/// Takes all busy stretches of a visit, or none: `false` if somebody has any of them. Expired holds in the way are
/// cleared first. The caller must let its own holds go before.
pub async fn take(tx: &mut Tx, visit: &Visit, owner: &Owner<'_>, now_ms: i64) -> Result<bool, StoreError> {
    let tenant = tx.tenant()?;
    let (owner_id, call_id, expires_ms) = match owner {
        Owner::Appointment(id) => (id.as_str(), None, None),
        Owner::Hold { token, call_id, expires_ms } => (token.as_str(), Some(call_id.as_str()), Some(*expires_ms)),
    };
    for (number, leg) in (0_i64..).zip(&visit.legs) {
        for busy in &leg.busy {
            let (from, until) = (busy.from.as_millisecond(), busy.until.as_millisecond());
            clear_expired(tx, &leg.staff, from, until, now_ms).await?;
            let params = [
                p(tenant.as_str()),
                p(leg.staff.as_str()),
                p(from),
                p(until),
                p(owner_id),
                p(number),
                p(call_id),
                p(expires_ms),
            ];
            if tx.execute(engine::TAKE_TIME, &params).await? != 1 {
                release(tx, owner_id).await?;
                return Ok(false);
            }
        }
    }
    Ok(true)
}

// Rows of one person never overlap, so of those that begin before a stretch only the last can reach into it.
const CLEAR_EXPIRED: &str = "-- occupancy::CLEAR_EXPIRED
    DELETE FROM occupancy
    WHERE tenant_id = $1 AND resource = $2 AND from_ms < $4 AND until_ms > $3 AND expires_ms <= $5
      AND from_ms >= COALESCE((
        SELECT from_ms FROM occupancy
        WHERE tenant_id = $1 AND resource = $2 AND from_ms < $3
        ORDER BY from_ms DESC LIMIT 1
      ), $3)";

async fn clear_expired(tx: &mut Tx, staff: &StaffId, from: i64, until: i64, now_ms: i64) -> Result<(), StoreError> {
    let tenant = tx.tenant()?;
    let params = [p(tenant.as_str()), p(staff.as_str()), p(from), p(until), p(now_ms)];
    tx.execute(CLEAR_EXPIRED, &params).await.map(|_| ())
}

/// The owner of what is taken for a move that the calendar has not agreed to yet.
fn next_of(id: &AppointmentId) -> String {
    format!("{id}/next")
}

/// Takes a visit for an appointment that still has its old one: what the two share is its own already. `false` if
/// somebody has any of the rest.
pub async fn take_next(
    tx: &mut Tx,
    visit: &Visit,
    old: &Visit,
    id: &AppointmentId,
    now_ms: i64,
) -> Result<bool, StoreError> {
    let owner = AppointmentId::new(next_of(id));
    take(tx, &visit.besides(old), &Owner::Appointment(&owner), now_ms).await
}

/// Frees what a move would have needed.
pub async fn release_next(tx: &mut Tx, id: &AppointmentId) -> Result<(), StoreError> {
    release(tx, &next_of(id)).await
}

/// Lets an appointment have this visit instead of everything it has, the time of its move included; `false` if
/// somebody has any of it.
pub async fn replace(tx: &mut Tx, visit: &Visit, id: &AppointmentId, now_ms: i64) -> Result<bool, StoreError> {
    release_appointment(tx, id).await?;
    release_next(tx, id).await?;
    take(tx, visit, &Owner::Appointment(id), now_ms).await
}

async fn release(tx: &mut Tx, owner: &str) -> Result<(), StoreError> {
    let tenant = tx.tenant()?;
    tx.execute(engine::RELEASE, &[p(tenant.as_str()), p(owner)]).await.map(|_| ())
}

/// Frees an appointment's time.
pub async fn release_appointment(tx: &mut Tx, id: &AppointmentId) -> Result<(), StoreError> {
    release(tx, id.as_str()).await
}

/// Frees everything a call holds: at its next question, when it books, when it ends. With a number also what its
/// earlier calls held: who was cut off and rings back is the same caller.
pub async fn release_holds_of(tx: &mut Tx, call_id: &CallId, number: Option<&Phone>) -> Result<(), StoreError> {
    let tenant = tx.tenant()?;
    tx.execute(engine::RELEASE_HOLDS_OF_CALL, &[p(tenant.as_str()), p(call_id.as_str())]).await?;
    if let Some(number) = number {
        tx.execute(engine::RELEASE_HOLDS_OF_NUMBER, &[p(tenant.as_str()), p(number.reveal())]).await?;
    }
    Ok(())
}

const TAKEN: &str = "-- occupancy::TAKEN
    SELECT from_ms, until_ms FROM occupancy
    WHERE tenant_id = $1 AND resource = $2 AND from_ms < $4 AND until_ms > $3
      AND from_ms >= COALESCE((
        SELECT from_ms FROM occupancy
        WHERE tenant_id = $1 AND resource = $2 AND from_ms < $3
        ORDER BY from_ms DESC LIMIT 1
      ), $3)
      AND (expires_ms IS NULL OR (expires_ms > $5 AND call_id <> $6 AND NOT EXISTS (
        SELECT 1 FROM call c
        WHERE c.tenant_id = $1 AND c.call_id = occupancy.call_id AND c.caller_number = $8
      ))) AND owner <> $7
    ORDER BY from_ms";

/// What a search must not see as taken.
#[derive(Clone, Copy, Debug, Default)]
pub struct Except<'a> {
    /// The call's own holds never block it.
    pub call: Option<&'a CallId>,
    /// Nor do those of earlier calls from the same number: who was cut off rings back.
    pub number: Option<&'a Phone>,
    /// An appointment never blocks its own move.
    pub appointment: Option<&'a AppointmentId>,
}

/// When these people are taken inside a window: appointments and living holds of others.
pub async fn taken(
    tx: &mut Tx,
    staff: &[StaffId],
    window: (Timestamp, Timestamp),
    except: Except<'_>,
    now_ms: i64,
) -> Result<BTreeMap<StaffId, Vec<Interval>>, StoreError> {
    let tenant = tx.tenant()?;
    let (from, until) = (window.0.as_millisecond(), window.1.as_millisecond());
    let call = except.call.map_or("", CallId::as_str);
    let appointment = except.appointment.map_or("", AppointmentId::as_str);
    let mut all = BTreeMap::new();
    for person in staff {
        let number = except.number.map_or("", Phone::reveal);
        let params =
            [p(tenant.as_str()), p(person.as_str()), p(from), p(until), p(now_ms), p(call), p(appointment), p(number)];
        let mut intervals = Vec::new();
        for row in tx.query(TAKEN, &params).await? {
            intervals.push(Interval { from: instant(row.int(0)?)?, until: instant(row.int(1)?)? });
        }
        all.insert(person.clone(), intervals);
    }
    Ok(all)
}

const OVERLAPS: &str = "-- system::occupancy::OVERLAPS
    SELECT COUNT(*) FROM occupancy a JOIN occupancy b
    ON a.tenant_id = b.tenant_id AND a.resource = b.resource AND a.from_ms < b.from_ms AND a.until_ms > b.from_ms";

/// How many pairs of rows overlap, by a self-join over everything: 0, or G1 is broken. For checks and `doctor`.
pub(crate) async fn overlaps(tx: &mut Tx) -> Result<i64, StoreError> {
    tx.first(OVERLAPS, &[]).await?.map_or(Ok(0), |row| row.int(0))
}
