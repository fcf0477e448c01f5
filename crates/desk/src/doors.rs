//! Doors: endpoint tokens with their tenant and keys, cached, unknown tokens too.

use std::sync::Arc;

use frontdesk_domain::ports::Ctx;
use frontdesk_store::tenants::Door;
use frontdesk_store::{Store, StoreError};
use quick_cache::sync::Cache;

/// Doors kept in memory: tenants that are being called, and guesses.
const KEPT: usize = 20_000;
/// A cached door is looked up again after this long, so that another process's change is seen.
const FRESH_MS: i64 = 10_000;

#[derive(Clone)]
struct Cached {
    door: Option<Arc<Door>>,
    looked_up_ms: i64,
}

/// The cache of doors. Before a signature is accepted this look-up is all that reaches the database.
pub struct Doors {
    store: Store,
    ctx: Ctx,
    cache: Cache<String, Cached>,
}

impl Doors {
    /// An empty cache over a store.
    pub fn new(store: Store) -> Self {
        let ctx = store.ctx().clone();
        Self { store, ctx, cache: Cache::new(KEPT) }
    }

    /// What is behind an endpoint token; `None`: nobody's.
    pub async fn find(&self, token: &str) -> Result<Option<Arc<Door>>, StoreError> {
        let now_ms = self.ctx.now_ms();
        if token.len() > 64 {
            return Ok(None);
        }
        if let Some(cached) = self.cache.get(token)
            && now_ms.abs_diff(cached.looked_up_ms) < FRESH_MS.unsigned_abs()
        {
            return Ok(cached.door);
        }
        let door = self.store.door(token).await?.map(Arc::new);
        self.cache.insert(token.to_owned(), Cached { door: door.clone(), looked_up_ms: now_ms });
        Ok(door)
    }

    /// Forgets everything, after tenants changed.
    pub fn forget(&self) {
        self.cache.clear();
    }
}
