//! The edge of a store in memory: where a simulator lets a process stop, freeze, or not hear how its commit went.
//!
//! Only stores in memory have one. Nothing of the product asks for it; a database file has its own ways to fail.

use std::sync::Arc;
use std::sync::{Mutex, PoisonError, RwLock};
use std::time::Duration;

use frontdesk_domain::ports::Ctx;
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use crate::error::StoreError;
use crate::store::{Engine, Inner, Store};
use crate::tx::Tx;

/// Where a transaction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Moment {
    /// A read is about to be made.
    Read,
    /// A transaction is about to be run and committed.
    BeforeCommit,
    /// It was committed, and its caller does not know yet.
    AfterCommit,
}

/// What happens to whoever stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Nothing.
    GoOn,
    /// It goes on only after so long.
    Wait(Duration),
    /// It never goes on: its process is gone.
    Never,
    /// After a commit: its caller hears that nobody knows how it went.
    Unknown,
}

/// Decides what happens at each moment.
pub type Edge = Arc<dyn Fn(Moment) -> Fate + Send + Sync>;

impl Store {
    /// Another process over the same database in memory, with a clock and an edge of its own.
    ///
    /// # Errors
    /// [`StoreError::Engine`] for a store that is not in memory.
    pub fn another(&self, ctx: Ctx, edge: Edge) -> Result<Self, StoreError> {
        let Engine::Inline(tx) = &self.inner.engine else { return Err(not_in_memory()) };
        Ok(Self::inline(Arc::clone(tx), RwLock::new(self.keys()), ctx, Some(edge)))
    }

    /// A copy of a database in memory with the same keys: what is done to it does not show here.
    ///
    /// # Errors
    /// [`StoreError::Engine`] for a store that is not in memory.
    pub fn copied(&self, ctx: Ctx) -> Result<Self, StoreError> {
        let Engine::Inline(tx) = &self.inner.engine else { return Err(not_in_memory()) };
        let mut connection = crate::engine::open_memory()?;
        copy(tx.lock().unwrap_or_else(PoisonError::into_inner).connection(), &mut connection)?;
        Ok(Self::inline(Arc::new(Mutex::new(Tx::new(connection))), RwLock::new(self.keys()), ctx, None))
    }

    pub(crate) fn inline(
        tx: Arc<Mutex<Tx>>,
        keys: RwLock<Arc<crate::keyring::KeyRing>>,
        ctx: Ctx,
        edge: Option<Edge>,
    ) -> Self {
        let engine = Engine::Inline(tx);
        Self { inner: Arc::new(Inner { engine, keys, key_ring: None, ctx, database: None, edge, _lock: None }) }
    }

    /// Stands at the edge until it is decided how it goes on; whether the outcome is to be unknown.
    pub(crate) async fn at_the_edge(&self, moment: Moment) -> bool {
        let Some(edge) = &self.inner.edge else { return false };
        match edge(moment) {
            Fate::GoOn => {}
            Fate::Wait(time) => self.ctx().sleep(time).await,
            Fate::Never => std::future::pending().await,
            Fate::Unknown => return moment == Moment::AfterCommit,
        }
        false
    }
}

fn copy(from: &Connection, to: &mut Connection) -> Result<(), StoreError> {
    let backup = Backup::new(from, to)?;
    match backup.step(-1)? {
        StepResult::Done => Ok(()),
        _ => Err(StoreError::Engine("a database in memory could not be copied".to_owned())),
    }
}

fn not_in_memory() -> StoreError {
    StoreError::Engine("only a store in memory has an edge".to_owned())
}
