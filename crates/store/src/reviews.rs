//! What does not come right by itself and waits for a person.

use frontdesk_domain::review::{Kind, Resolution};

use crate::error::StoreError;
use crate::sql::{Row, p};
use crate::tx::Tx;

/// One thing to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// `rev_…`.
    pub id: String,
    /// What kind of thing.
    pub kind: Kind,
    /// An appointment's id, or the uid of a booking without one.
    pub subject: String,
    /// The error's code.
    pub code: String,
    /// What an operator reads.
    pub message: String,
    /// Since when, milliseconds since 1970.
    pub opened_ms: i64,
    /// Until when it was open.
    pub resolved_ms: Option<i64>,
    /// How it was resolved.
    pub resolution: Option<Resolution>,
    /// What the person who resolved it wanted kept.
    pub note: Option<String>,
}

const OPEN: &str = "-- reviews::OPEN
    INSERT INTO review (tenant_id, review_id, kind, subject, code, message, opened_ms)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (tenant_id, kind, subject) WHERE resolved_ms IS NULL DO UPDATE SET
        code = excluded.code, message = excluded.message";

/// Asks a person to look; once for each thing, however often it shows.
pub async fn open(
    tx: &mut Tx,
    id: &str,
    kind: Kind,
    subject: &str,
    code: &str,
    message: &str,
    now_ms: i64,
) -> Result<(), StoreError> {
    let tenant = tx.tenant()?;
    let params = [p(tenant.as_str()), p(id), p(kind.as_str()), p(subject), p(code), p(message), p(now_ms)];
    tx.execute(OPEN, &params).await.map(|_| ())
}

const CLOSE: &str = "-- reviews::CLOSE
    UPDATE review SET resolved_ms = $4, resolution = 'by_itself'
    WHERE tenant_id = $1 AND kind = $2 AND subject = $3 AND resolved_ms IS NULL";

/// It came right by itself.
pub async fn close(tx: &mut Tx, kind: Kind, subject: &str, now_ms: i64) -> Result<bool, StoreError> {
    let tenant = tx.tenant()?;
    Ok(tx.execute(CLOSE, &[p(tenant.as_str()), p(kind.as_str()), p(subject), p(now_ms)]).await? > 0)
}

const RESOLVE: &str = "-- reviews::RESOLVE
    UPDATE review SET resolved_ms = $3, resolution = $4, note = $5
    WHERE tenant_id = $1 AND review_id = $2 AND resolved_ms IS NULL";

/// A person resolved it; `false` if it was resolved before.
pub async fn resolve(
    tx: &mut Tx,
    id: &str,
    resolution: Resolution,
    note: Option<&str>,
    now_ms: i64,
) -> Result<bool, StoreError> {
    let tenant = tx.tenant()?;
    let params = [p(tenant.as_str()), p(id), p(now_ms), p(resolution.as_str()), p(note)];
    Ok(tx.execute(RESOLVE, &params).await? == 1)
}

const LIST: &str = "-- reviews::LIST
    SELECT review_id, kind, subject, code, message, opened_ms, resolved_ms, resolution, note FROM review
    WHERE tenant_id = $1 AND (resolved_ms IS NULL OR $2 = 1) ORDER BY opened_ms, review_id LIMIT 500";

/// What waits, the oldest first; with what was resolved, if wished. At most 500.
pub async fn list(tx: &mut Tx, resolved_too: bool) -> Result<Vec<Review>, StoreError> {
    let tenant = tx.tenant()?;
    tx.query(LIST, &[p(tenant.as_str()), p(resolved_too)]).await?.iter().map(read).collect()
}

const LOAD: &str = "-- reviews::LOAD
    SELECT review_id, kind, subject, code, message, opened_ms, resolved_ms, resolution, note FROM review
    WHERE tenant_id = $1 AND review_id = $2";

/// The review of that id.
pub async fn load(tx: &mut Tx, id: &str) -> Result<Option<Review>, StoreError> {
    let tenant = tx.tenant()?;
    tx.first(LOAD, &[p(tenant.as_str()), p(id)]).await?.as_ref().map(read).transpose()
}

fn read(row: &Row) -> Result<Review, StoreError> {
    let (kind, resolution) = (row.text(1)?, row.opt_text(7)?);
    Ok(Review {
        id: row.text(0)?,
        kind: Kind::parse(&kind).ok_or_else(|| StoreError::Unreadable(format!("{kind:?} is no kind of review")))?,
        subject: row.text(2)?,
        code: row.text(3)?,
        message: row.text(4)?,
        opened_ms: row.int(5)?,
        resolved_ms: row.opt_int(6)?,
        resolution: resolution.as_deref().and_then(Resolution::parse),
        note: row.opt_text(8)?,
    })
}
