//! The input-less sweep: what is over is taken away, whoever forgot to.

use crate::error::StoreError;
use crate::sql::p;
use crate::store::Store;
use crate::{calls, occupancy};

/// Calls nobody heard of for this long are closed.
const SILENT_MS: i64 = 4 * 60 * 60 * 1000;
/// Offers are kept this long after they expired, for `explain`.
const OFFERS_MS: i64 = 24 * 60 * 60 * 1000;
/// Keys of taken-in webhooks are kept this long; platforms repeat for minutes.
const EVENTS_MS: i64 = 7 * 24 * 60 * 60 * 1000;

const EXPIRED_HOLDS: &str = "-- system::purge::EXPIRED_HOLDS
    DELETE FROM occupancy WHERE expires_ms <= $1";

const EXPIRED_OFFERS: &str = "-- system::purge::EXPIRED_OFFERS
    DELETE FROM offer WHERE expires_ms <= $1";

const OLD_HINTS: &str = "-- system::purge::OLD_HINTS
    DELETE FROM calendar_event WHERE received_ms <= $1";

const OLD_EVENTS: &str = "-- system::purge::OLD_EVENTS
    DELETE FROM seen_event WHERE at_ms <= $1";

const STRAY_TIME: &str = "-- system::purge::STRAY_TIME
    SELECT 'time without an active appointment: ' || o.owner
    FROM occupancy o LEFT JOIN appointment a ON a.tenant_id = o.tenant_id AND a.appointment_id = o.owner
    WHERE o.expires_ms IS NULL AND o.owner NOT LIKE '%/next'
        AND (a.appointment_id IS NULL OR a.saga NOT IN ('held', 'confirmed'))
    UNION ALL
    SELECT 'time for a move that is not under way: ' || o.owner
    FROM occupancy o LEFT JOIN move m ON m.tenant_id = o.tenant_id AND m.appointment_id || '/next' = o.owner
    WHERE o.owner LIKE '%/next' AND m.appointment_id IS NULL
    UNION ALL
    SELECT 'active appointment without time: ' || a.appointment_id
    FROM appointment a
    WHERE a.saga IN ('held', 'confirmed') AND NOT EXISTS (
        SELECT 1 FROM occupancy o WHERE o.tenant_id = a.tenant_id AND o.owner = a.appointment_id
    )
    UNION ALL
    SELECT 'expired hold: ' || owner FROM occupancy WHERE expires_ms <= $1
    UNION ALL
    SELECT 'appointment at rest in a passing state: ' || appointment_id FROM appointment WHERE saga = 'held'";

/// What a sweep took away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Expired holds (busy stretches).
    pub holds: usize,
    /// Calls closed because nobody told their end.
    pub calls: usize,
}

impl Store {
    /// Takes away expired holds, old offers and event keys, and closes calls whose end was never told.
    pub async fn sweep(&self) -> Result<Swept, StoreError> {
        let now_ms = self.ctx().now_ms();
        self.run_system(move |tx| {
            Box::pin(async move {
                let holds = tx.execute(EXPIRED_HOLDS, &[p(now_ms)]).await?;
                tx.execute(EXPIRED_OFFERS, &[p(now_ms - OFFERS_MS)]).await?;
                tx.execute(OLD_EVENTS, &[p(now_ms - EVENTS_MS)]).await?;
                tx.execute(OLD_HINTS, &[p(now_ms - EVENTS_MS)]).await?;
                let calls = calls::close_silent(tx, now_ms - SILENT_MS).await?;
                Ok(Swept { holds, calls })
            })
        })
        .await
    }

    /// How many pairs of busy stretches overlap: 0, or guarantee G1 is broken.
    pub async fn overlaps(&self) -> Result<i64, StoreError> {
        self.read_system(|tx| Box::pin(occupancy::overlaps(tx))).await
    }

    /// What should not be there when nothing runs: time nobody's appointment needs, appointments without their time,
    /// expired holds. Empty, or something is wrong; for checks and tests.
    pub async fn strays(&self) -> Result<Vec<String>, StoreError> {
        let now_ms = self.ctx().now_ms();
        self.read_system(move |tx| {
            Box::pin(async move { tx.query(STRAY_TIME, &[p(now_ms)]).await?.iter().map(|row| row.text(0)).collect() })
        })
        .await
    }
}
