//! The store itself: opening, running transactions, reading.

use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::task::{Context, Poll, Waker};

use frontdesk_domain::ids::TenantId;
use frontdesk_domain::ports::Ctx;
use tokio::sync::oneshot;

use crate::edge::{Edge, Moment};
use crate::error::StoreError;
use crate::keyring::{KeyRing, KeyRingError};
use crate::lock::{self, InUse, Lock};
use crate::readers::{Readers, in_snapshot};
use crate::tx::Tx;
use crate::writer::{Job, Ran, Writer, commit_together};
use crate::{engine, migrate};

/// What a transaction body returns: a boxed future over the transaction, so that the same body runs on every engine.
pub type Body<'t, T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 't>>;

/// The tenant a transaction may touch. Only the store makes one, from an endpoint, a slug or a job, so that no
/// tenant is ever named by a caller's words.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TenantScope {
    tenant: TenantId,
}

impl TenantScope {
    pub(crate) fn of(tenant: TenantId) -> Self {
        Self { tenant }
    }

    /// The tenant's id.
    pub fn tenant(&self) -> &TenantId {
        &self.tenant
    }
}

/// Where and how to open.
#[derive(Clone, Debug)]
pub struct Options {
    /// The data folder; made if missing, readable by its owner only.
    pub folder: PathBuf,
    /// Read connections beside the writer.
    pub readers: usize,
    /// The key ring's folder; `None`: `keys` in the data folder.
    pub key_ring: Option<PathBuf>,
}

impl Options {
    /// The usual: two readers.
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), readers: 2, key_ring: None }
    }

    /// The database file.
    pub fn database(&self) -> PathBuf {
        self.folder.join("frontdesk.db")
    }

    /// The key ring's usual folder.
    fn usual_key_ring(&self) -> PathBuf {
        self.folder.join("keys")
    }
}

/// Why a store does not open.
#[derive(Debug)]
pub enum OpenError {
    /// Another process has the data folder.
    InUse(InUse),
    /// The folder or a file cannot be made or read.
    Folder(PathBuf, std::io::Error),
    /// The key ring is unreadable.
    KeyRing(KeyRingError),
    /// The database itself.
    Store(StoreError),
}

impl std::fmt::Display for OpenError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::InUse(InUse { pid: Some(pid) }) => {
                write!(f, "another frontdesk (process {pid}) has this data folder open; stop it or use another folder")
            }
            Self::InUse(InUse { pid: None }) => {
                f.write_str("another frontdesk has this data folder open; stop it or use another folder")
            }
            Self::Folder(path, error) => {
                write!(f, "{} cannot be used: {error}; check that it exists and belongs to this user", path.display())
            }
            Self::KeyRing(error) => write!(f, "{error}"),
            Self::Store(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for OpenError {}

impl From<StoreError> for OpenError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

pub(crate) enum Engine {
    /// The product: one writer thread, readers beside it.
    Threads { writer: Writer, readers: Readers },
    /// The simulator and small tests: everything on the calling thread.
    Inline(Arc<Mutex<Tx>>),
}

pub(crate) struct Inner {
    pub(crate) engine: Engine,
    pub(crate) keys: RwLock<Arc<KeyRing>>,
    pub(crate) key_ring: Option<PathBuf>,
    pub(crate) ctx: Ctx,
    pub(crate) database: Option<PathBuf>,
    /// Of a simulated process.
    pub(crate) edge: Option<Edge>,
    // Last, so that the threads are gone before another process may come.
    pub(crate) _lock: Option<Lock>,
}

/// Everything we remember. Cheap to clone; the last clone dropped ends the threads.
#[derive(Clone)]
pub struct Store {
    pub(crate) inner: Arc<Inner>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Store")
    }
}

impl Store {
    /// Opens (and makes, and migrates) the database of a data folder. Refused while another process has it.
    pub fn open(options: &Options, ctx: Ctx) -> Result<Self, OpenError> {
        let folder = &options.folder;
        let in_folder = |error| OpenError::Folder(folder.clone(), error);
        make_private_folder(folder).map_err(in_folder)?;
        let lock = lock::take(folder).map_err(in_folder)?.map_err(OpenError::InUse)?;
        let usual = options.usual_key_ring();
        let keys = match &options.key_ring {
            Some(apart) => KeyRing::open_apart(apart, &usual, &ctx),
            None => KeyRing::open(&usual, &ctx),
        };
        let keys = RwLock::new(Arc::new(keys.map_err(OpenError::KeyRing)?));
        let key_ring = Some(options.key_ring.clone().unwrap_or(usual));
        let database = options.database();
        make_private_file(&database).map_err(in_folder)?;
        let mut connection = engine::open_writer(&database)?;
        for name in migrate::migrate(&mut connection, ctx.now_ms())? {
            tracing::info!(migration = name, "schema migrated");
        }
        let mut read_connections = Vec::with_capacity(options.readers);
        for _ in 0..options.readers.max(1) {
            read_connections.push(Tx::new(engine::open_reader(&database)?));
        }
        let engine =
            Engine::Threads { writer: Writer::start(Tx::new(connection))?, readers: Readers::start(read_connections)? };
        let database = Some(database);
        Ok(Self { inner: Arc::new(Inner { engine, keys, key_ring, ctx, database, edge: None, _lock: Some(lock) }) })
    }

    /// A database in memory, everything on the calling thread: for the simulator and small tests.
    pub fn in_memory(ctx: Ctx) -> Result<Self, OpenError> {
        let mut connection = engine::open_memory()?;
        migrate::migrate(&mut connection, ctx.now_ms())?;
        let keys = RwLock::new(Arc::new(KeyRing::new(&ctx)));
        Ok(Self::inline(Arc::new(Mutex::new(Tx::new(connection))), keys, ctx, None))
    }

    /// The clock and randomness this store was opened with.
    pub fn ctx(&self) -> &Ctx {
        &self.inner.ctx
    }

    /// The key ring that seals secrets at rest, as it is now.
    pub fn keys(&self) -> Arc<KeyRing> {
        Arc::clone(&self.inner.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The key ring's folder, if there is one.
    pub fn key_ring(&self) -> Option<&Path> {
        self.inner.key_ring.as_deref()
    }

    /// Puts a fresh key into the ring, on disk and here; one at a time, so that none is lost.
    pub(crate) fn add_fresh_key(&self) -> Result<Arc<KeyRing>, StoreError> {
        let folder = self
            .key_ring()
            .ok_or_else(|| StoreError::Engine("no key ring is kept for a store in memory".to_owned()))?;
        let mut keys = self.inner.keys.write().unwrap_or_else(PoisonError::into_inner);
        let ring = keys.rotated(folder, self.ctx()).map_err(|error| StoreError::Engine(error.to_string()))?;
        *keys = Arc::new(ring);
        Ok(Arc::clone(&keys))
    }

    /// The database file, if there is one.
    pub fn database(&self) -> Option<&Path> {
        self.inner.database.as_deref()
    }

    /// Runs a transaction for one tenant. `Ok` is told only after the commit is on disk; on `Err` nothing happened
    /// (except as [`StoreError::CommitUnknown`] says). The body must not wait for anything but its statements.
    pub async fn run<T, E, F>(&self, scope: &TenantScope, body: F) -> Result<T, E>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> Body<'t, T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.write(Some(scope.tenant.clone()), body).await
    }

    /// Runs a transaction of the installation itself: tenants, purge, job leases.
    pub(crate) async fn run_system<T, F>(&self, body: F) -> Result<T, StoreError>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> Body<'t, T, StoreError> + Send + 'static,
        T: Send + 'static,
    {
        self.write(None, body).await
    }

    /// Reads for one tenant, in one snapshot, beside the writer.
    pub async fn read<T, E, F>(&self, scope: &TenantScope, body: F) -> Result<T, E>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> Body<'t, T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.look(Some(scope.tenant.clone()), body).await
    }

    /// Reads for the installation itself.
    pub(crate) async fn read_system<T, F>(&self, body: F) -> Result<T, StoreError>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> Body<'t, T, StoreError> + Send + 'static,
        T: Send + 'static,
    {
        self.look(None, body).await
    }

    /// Whether the database answers and knows every migration: the readiness check.
    pub async fn ready(&self) -> Result<(), StoreError> {
        let (known, ours) = self.read_system(|tx| Box::pin(async move { migrate::state(tx.connection()) })).await?;
        if known == ours { Ok(()) } else { Err(StoreError::Engine(format!("{known} of {ours} migrations applied"))) }
    }

    /// Whether the writer takes transactions: one that writes nothing waits its turn among all others. Waits as long
    /// as they do; the caller bounds that.
    pub async fn writable(&self) -> Result<(), StoreError> {
        self.run_system(|_| Box::pin(async { Ok(()) })).await
    }

    async fn write<T, E, F>(&self, tenant: Option<TenantId>, body: F) -> Result<T, E>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> Body<'t, T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let job: Job = Box::new(move |tx| {
            tx.bind_tenant(tenant);
            let result = drive(body(tx));
            let keep = result.is_ok();
            let tell = move |commit: Result<(), StoreError>| {
                let told = match (result, commit) {
                    (Ok(_), Err(error)) => Err(error.into()),
                    (result, _) => result,
                };
                // A caller who hung up meanwhile: the effect stands and is found again by its idempotency row.
                let _gone = sender.send(told);
            };
            Ran { keep, tell: Box::new(tell) }
        });
        let mut unknown = false;
        match &self.inner.engine {
            Engine::Threads { writer, .. } => writer.submit(job)?,
            Engine::Inline(tx) => {
                self.at_the_edge(Moment::BeforeCommit).await;
                commit_together(&mut tx.lock().unwrap_or_else(PoisonError::into_inner), vec![job]);
                unknown = self.at_the_edge(Moment::AfterCommit).await;
            }
        }
        match receiver.await.unwrap_or_else(|_| Err(not_run().into())) {
            Ok(_) if unknown => Err(StoreError::CommitUnknown("its answer was lost".to_owned()).into()),
            told => told,
        }
    }

    async fn look<T, E, F>(&self, tenant: Option<TenantId>, body: F) -> Result<T, E>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> Body<'t, T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let read = Box::new(move |tx: &mut Tx| {
            tx.bind_tenant(tenant);
            let _gone = sender.send(drive(body(tx)));
        });
        match &self.inner.engine {
            Engine::Threads { readers, .. } => readers.submit(read)?,
            Engine::Inline(tx) => {
                self.at_the_edge(Moment::Read).await;
                in_snapshot(&mut tx.lock().unwrap_or_else(PoisonError::into_inner), read);
            }
        }
        receiver.await.unwrap_or_else(|_| Err(not_run().into()))
    }
}

fn not_run() -> StoreError {
    StoreError::Engine("the transaction was not run".to_owned())
}

/// Drives a body to its end on this thread. Its statements never wait, so one poll is enough.
fn drive<T, E: From<StoreError>>(mut body: Body<'_, T, E>) -> Result<T, E> {
    match body.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => {
            Err(StoreError::Engine("a transaction body waited for something other than its statements".into()).into())
        }
    }
}

fn make_private_folder(folder: &Path) -> std::io::Result<()> {
    if !folder.is_dir() {
        return std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
    }
    // Not changed by us: it may be shared on purpose, and then its owner has to know better.
    if is_open_to_others(folder)? {
        tracing::warn!(
            folder = %folder.display(),
            "other users of this machine can look into the data folder; close it with: chmod 700 {}",
            folder.display()
        );
    }
    Ok(())
}

fn is_open_to_others(folder: &Path) -> std::io::Result<bool> {
    Ok(std::fs::metadata(folder)?.permissions().mode() & 0o077 != 0)
}

/// A new database file is its owner's alone, and with it what SQLite puts beside it; an old one stays as it is.
fn make_private_file(database: &Path) -> std::io::Result<()> {
    match std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(database) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_others_can_enter_is_noticed_and_one_we_make_is_not() {
        let above = tempfile::tempdir().unwrap();
        let folder = above.path().join("new");
        make_private_folder(&folder).unwrap();
        assert!(!is_open_to_others(&folder).unwrap());
        for (mode, open) in [(0o755, true), (0o750, true), (0o701, true), (0o700, false)] {
            std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(is_open_to_others(&folder).unwrap(), open, "{mode:o}");
        }
    }
}
