//! Time that others took in the calendar outside. Theirs may overlap each other; ours is checked against it.

use std::collections::BTreeMap;

use frontdesk_domain::calendar::RemoteUid;
use frontdesk_domain::ids::{AppointmentId, StaffId};
use frontdesk_domain::slots::{Interval, Visit};
use jiff::Timestamp;

use crate::error::StoreError;
use crate::sql::{instant, p};
use crate::tx::Tx;

const PUT: &str = "-- busy::PUT
    INSERT INTO busy (tenant_id, uid, resource, from_ms, until_ms, seen_ms) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (tenant_id, uid, resource) DO UPDATE SET
        from_ms = excluded.from_ms, until_ms = excluded.until_ms, seen_ms = excluded.seen_ms";

/// Somebody else's booking takes this person's time.
pub async fn put(tx: &mut Tx, uid: &RemoteUid, staff: &StaffId, time: Interval, now_ms: i64) -> Result<(), StoreError> {
    let tenant = tx.tenant()?;
    let (from, until) = (time.from.as_millisecond(), time.until.as_millisecond());
    let params = [p(tenant.as_str()), p(uid.reveal()), p(staff.as_str()), p(from), p(until), p(now_ms)];
    tx.execute(PUT, &params).await.map(|_| ())
}

const DROP: &str = "-- busy::DROP
    DELETE FROM busy WHERE tenant_id = $1 AND uid = $2";

/// Somebody else's booking takes nobody's time any more; whether it did.
pub async fn remove(tx: &mut Tx, uid: &RemoteUid) -> Result<bool, StoreError> {
    let tenant = tx.tenant()?;
    Ok(tx.execute(DROP, &[p(tenant.as_str()), p(uid.reveal())]).await? > 0)
}

const INSIDE: &str = "-- busy::INSIDE
    SELECT from_ms, until_ms FROM busy
    WHERE tenant_id = $1 AND resource = $2 AND until_ms > $3 AND from_ms < $4 ORDER BY from_ms";

/// Adds these people's time that others took inside a window to what else is taken.
pub async fn add_to(
    tx: &mut Tx,
    taken: &mut BTreeMap<StaffId, Vec<Interval>>,
    window: (Timestamp, Timestamp),
) -> Result<(), StoreError> {
    let tenant = tx.tenant()?;
    for (staff, times) in taken {
        let params =
            [p(tenant.as_str()), p(staff.as_str()), p(window.0.as_millisecond()), p(window.1.as_millisecond())];
        for row in tx.query(INSIDE, &params).await? {
            times.push(Interval { from: instant(row.int(0)?)?, until: instant(row.int(1)?)? });
        }
    }
    Ok(())
}

/// Whether others have any of a visit's time.
pub async fn hinders(tx: &mut Tx, visit: &Visit) -> Result<bool, StoreError> {
    let tenant = tx.tenant()?;
    for leg in &visit.legs {
        for busy in &leg.busy {
            let (from, until) = (busy.from.as_millisecond(), busy.until.as_millisecond());
            let params = [p(tenant.as_str()), p(leg.staff.as_str()), p(from), p(until)];
            if !tx.query(INSIDE, &params).await?.is_empty() {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

const OVERLAPPED: &str = "-- busy::OVERLAPPED
    SELECT DISTINCT owner FROM occupancy
    WHERE tenant_id = $1 AND resource = $2 AND from_ms < $4 AND until_ms > $3 AND expires_ms IS NULL
      AND from_ms >= COALESCE((
        SELECT from_ms FROM occupancy
        WHERE tenant_id = $1 AND resource = $2 AND from_ms < $3
        ORDER BY from_ms DESC LIMIT 1
      ), $3)";

/// Our appointments of a person that a stretch of time overlaps.
pub async fn overlapped(tx: &mut Tx, staff: &StaffId, time: Interval) -> Result<Vec<AppointmentId>, StoreError> {
    let tenant = tx.tenant()?;
    let (from, until) = (time.from.as_millisecond(), time.until.as_millisecond());
    let rows = tx.query(OVERLAPPED, &[p(tenant.as_str()), p(staff.as_str()), p(from), p(until)]).await?;
    let mut owners = Vec::new();
    for row in rows {
        let owner = row.text(0)?;
        let id = AppointmentId::new(owner.strip_suffix("/next").unwrap_or(&owner));
        if !owners.contains(&id) {
            owners.push(id);
        }
    }
    Ok(owners)
}
