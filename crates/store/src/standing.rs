//! How everybody's appointments stand with their calendars, in one look: for alarms and metrics.

use frontdesk_domain::ids::{AppointmentId, TenantId};
use frontdesk_domain::review::Kind;

use crate::error::StoreError;
use crate::sql::p;
use crate::store::Store;

/// How a tenant's appointments stand that do not agree with its calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsynced {
    /// Whose.
    pub tenant: TenantId,
    /// How many, those a person is asked to look at counted.
    pub all: i64,
    /// Those a person is asked to look at.
    pub failed: i64,
    /// Since when the oldest waits that is not over and does not wait for a yes in the calendar, milliseconds since 1970.
    pub oldest_ms: Option<i64>,
}

/// Everything in one look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// By tenant; those where everything agrees are not listed.
    pub unsynced: Vec<Unsynced>,
    /// Bookings that should have gone from a calendar long ago, by their appointments.
    pub overdue: Vec<(TenantId, AppointmentId)>,
    /// Open reviews by tenant and kind.
    pub reviews: Vec<(TenantId, Kind, i64)>,
    /// Jobs by kind: all, and those that are due.
    pub jobs: Vec<(String, i64, i64)>,
}

const UNSYNCED: &str = "-- system::standing::UNSYNCED
    SELECT s.tenant_id, COUNT(*), COUNT(s.flagged_ms), MIN(CASE WHEN a.end_ms > $1 AND NOT EXISTS (
        SELECT 1 FROM remote r WHERE r.tenant_id = s.tenant_id AND r.appointment_id = s.appointment_id
            AND r.desired = 1 AND r.state = 'pending'
    ) THEN s.since_ms END)
    FROM sync s JOIN appointment a ON a.tenant_id = s.tenant_id AND a.appointment_id = s.appointment_id
    WHERE s.synced_ms IS NULL GROUP BY s.tenant_id";

const OVERDUE: &str = "-- system::standing::OVERDUE
    SELECT DISTINCT s.tenant_id, s.appointment_id
    FROM sync s JOIN remote r ON r.tenant_id = s.tenant_id AND r.appointment_id = s.appointment_id
    WHERE s.synced_ms IS NULL AND s.since_ms <= $1 AND r.desired = 0 AND r.state IN ('live', 'pending', 'moving', 'sent')
    LIMIT 500";

const REVIEWS: &str = "-- system::standing::REVIEWS
    SELECT tenant_id, kind, COUNT(*) FROM review WHERE resolved_ms IS NULL GROUP BY tenant_id, kind";

const JOBS: &str = "-- system::standing::JOBS
    SELECT kind, COUNT(*), COUNT(CASE WHEN due_ms <= $1 THEN 1 END) FROM job GROUP BY kind";

impl Store {
    /// How everything stands now; an absence is overdue when it was due so long ago.
    pub async fn standing(&self, overdue_after_ms: i64) -> Result<Standing, StoreError> {
        let now_ms = self.ctx().now_ms();
        self.read_system(move |tx| {
            Box::pin(async move {
                let mut standing = Standing::default();
                for row in tx.query(UNSYNCED, &[p(now_ms)]).await? {
                    let tenant = TenantId::new(row.text(0)?);
                    let (all, failed, oldest_ms) = (row.int(1)?, row.int(2)?, row.opt_int(3)?);
                    standing.unsynced.push(Unsynced { tenant, all, failed, oldest_ms });
                }
                for row in tx.query(OVERDUE, &[p(now_ms.saturating_sub(overdue_after_ms))]).await? {
                    standing.overdue.push((TenantId::new(row.text(0)?), AppointmentId::new(row.text(1)?)));
                }
                for row in tx.query(REVIEWS, &[]).await? {
                    if let Some(kind) = Kind::parse(&row.text(1)?) {
                        standing.reviews.push((TenantId::new(row.text(0)?), kind, row.int(2)?));
                    }
                }
                for row in tx.query(JOBS, &[p(now_ms)]).await? {
                    standing.jobs.push((row.text(0)?, row.int(1)?, row.int(2)?));
                }
                Ok(standing)
            })
        })
        .await
    }
}
