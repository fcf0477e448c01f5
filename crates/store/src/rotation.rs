//! A fresh key for the ring, and everything sealed again with it.

use std::sync::Arc;

use frontdesk_domain::ids::TenantId;

use crate::calendar_keys;
use crate::error::StoreError;
use crate::keyring::KeyRing;
use crate::sql::p;
use crate::store::Store;
use crate::tenants::place;
use crate::tx::Tx;

/// What a rotation did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotated {
    /// The fresh key's name.
    pub key: String,
    /// Keys in the ring now, the fresh one too.
    pub keys: usize,
    /// Secrets that are sealed with the fresh key now.
    pub sealed: usize,
    /// Secrets that no key of the ring opens; left as they were.
    pub unopenable: usize,
}

const ALL_VOICE_KEYS: &str = "-- system::rotation::ALL_VOICE_KEYS
    SELECT tenant_id, platform, position, sealed FROM voice_key ORDER BY tenant_id, platform, position";

const SEAL_VOICE_KEY: &str = "-- system::rotation::SEAL_VOICE_KEY
    UPDATE voice_key SET sealed = $4 WHERE tenant_id = $1 AND platform = $2 AND position = $3";

const ALL_CALENDAR_KEYS: &str = "-- system::rotation::ALL_CALENDAR_KEYS
    SELECT tenant_id, purpose, position, sealed FROM calendar_key ORDER BY tenant_id, purpose, position";

const SEAL_CALENDAR_KEY: &str = "-- system::rotation::SEAL_CALENDAR_KEY
    UPDATE calendar_key SET sealed = $4 WHERE tenant_id = $1 AND purpose = $2 AND position = $3";

/// A table of sealed keys: how all are read, how one is replaced, where one opens.
type Table = (&'static str, &'static str, fn(&TenantId, &str) -> String);

const TABLES: [Table; 2] =
    [(ALL_VOICE_KEYS, SEAL_VOICE_KEY, place), (ALL_CALENDAR_KEYS, SEAL_CALENDAR_KEY, calendar_keys::place)];

impl Store {
    /// Adds a fresh key to the ring and seals every key of voice platforms and calendars again with it, all in one transaction. Old
    /// keys stay in the ring, so that earlier backups open. The ring is on disk before anything is sealed with it.
    pub async fn rotate_keys(&self) -> Result<Rotated, StoreError> {
        let ring = self.add_fresh_key()?;
        let ctx = self.ctx().clone();
        self.run_system(move |tx| Box::pin(async move { seal_all_again(tx, &ring, &ctx).await })).await
    }
}

async fn seal_all_again(
    tx: &mut Tx,
    ring: &Arc<KeyRing>,
    ctx: &frontdesk_domain::ports::Ctx,
) -> Result<Rotated, StoreError> {
    let mut done = Rotated { key: ring.newest().to_owned(), keys: ring.len(), sealed: 0, unopenable: 0 };
    for (all, seal_one, place) in TABLES {
        for row in tx.query(all, &[]).await? {
            let (tenant, what_for, position) = (TenantId::new(row.text(0)?), row.text(1)?, row.int(2)?);
            let place = place(&tenant, &what_for);
            let Ok(secret) = ring.open_secret(&row.text(3)?, &place) else {
                done.unopenable += 1;
                continue;
            };
            let sealed = ring
                .seal(&secret, &place, ctx)
                .map_err(|error| StoreError::Engine(format!("no key was sealed: {error}")))?;
            tx.execute(seal_one, &[p(tenant.as_str()), p(&what_for), p(position), p(&sealed)]).await?;
            done.sealed += 1;
        }
    }
    Ok(done)
}
