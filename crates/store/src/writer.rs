//! The one writer: a thread that takes waiting transaction bodies, runs each in a savepoint, commits them
//! together and only then tells their callers.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

use crate::error::StoreError;
use crate::tx::Tx;

/// Bodies that may wait; more are refused as [`StoreError::Busy`] rather than answered too late.
const WAITING: usize = 4096;
/// Bodies that share one commit at most.
const BATCH: usize = 256;

/// What running a body left behind: whether its savepoint stays, and how its caller is told after the commit.
pub(crate) struct Ran {
    pub(crate) keep: bool,
    pub(crate) tell: Box<dyn FnOnce(Result<(), StoreError>)>,
}

/// A transaction body with its caller's channel inside.
pub(crate) type Job = Box<dyn FnOnce(&mut Tx) -> Ran + Send>;

/// The sending side of the writer thread; dropping it lets the thread finish what waits and end.
pub(crate) struct Writer {
    inbox: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(crate) fn start(mut tx: Tx) -> Result<Self, StoreError> {
        let (inbox, jobs) = sync_channel(WAITING);
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || serve(&mut tx, &jobs))
            .map_err(|error| StoreError::Engine(error.to_string()))?;
        Ok(Self { inbox: Some(inbox), thread: Some(thread) })
    }

    pub(crate) fn submit(&self, job: Job) -> Result<(), StoreError> {
        let inbox = self.inbox.as_ref().ok_or(StoreError::Closed)?;
        inbox.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => StoreError::Busy,
            TrySendError::Disconnected(_) => StoreError::Closed,
        })
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.inbox = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the store's writer thread ended by a panic; restart the process");
        }
    }
}

fn serve(tx: &mut Tx, jobs: &Receiver<Job>) {
    while let Ok(first) = jobs.recv() {
        let mut batch = vec![first];
        while batch.len() < BATCH
            && let Ok(next) = jobs.try_recv()
        {
            batch.push(next);
        }
        commit_together(tx, batch);
    }
}

/// Runs a batch in one transaction. A body that fails loses only its own savepoint; if the engine gives up the whole
/// transaction (disk full), everybody hears of the failure.
pub(crate) fn commit_together(tx: &mut Tx, batch: Vec<Job>) {
    if let Err(error) = statement(tx, "BEGIN IMMEDIATE") {
        for job in batch {
            refuse(tx, job, &error);
        }
        return;
    }
    let mut told = Vec::with_capacity(batch.len());
    let mut broken: Option<StoreError> = None;
    for job in batch {
        if let Some(error) = &broken {
            refuse(tx, job, error);
            continue;
        }
        match in_savepoint(tx, job) {
            Ok(tell) => told.extend(tell),
            Err(error) => broken = Some(error),
        }
        if tx.connection().is_autocommit() {
            broken = Some(StoreError::Engine("the database gave up the transaction (is the disk full?)".to_owned()));
        }
    }
    let outcome = match broken {
        Some(error) => {
            let _already_gone = statement(tx, "ROLLBACK");
            Err(error)
        }
        None => commit(tx),
    };
    tx.bind_tenant(None);
    for tell in told {
        tell(outcome.clone());
    }
}

type Tell = Box<dyn FnOnce(Result<(), StoreError>)>;

fn in_savepoint(tx: &mut Tx, job: Job) -> Result<Option<Tell>, StoreError> {
    statement(tx, "SAVEPOINT body")?;
    // A body that panics is a bug of ours; its effects go, its caller's channel closes, the writer lives on.
    let Ok(ran) = catch_unwind(AssertUnwindSafe(|| job(tx))) else {
        tracing::error!("a transaction body panicked; nothing of it was kept; please report the message above");
        undo(tx)?;
        return Ok(None);
    };
    if ran.keep {
        statement(tx, "RELEASE body")?;
    } else {
        undo(tx)?;
    }
    Ok(Some(ran.tell))
}

fn undo(tx: &mut Tx) -> Result<(), StoreError> {
    if tx.connection().is_autocommit() {
        return Ok(());
    }
    statement(tx, "ROLLBACK TO body")?;
    statement(tx, "RELEASE body")
}

fn commit(tx: &mut Tx) -> Result<(), StoreError> {
    statement(tx, "COMMIT").map_err(|error| {
        // SQLite keeps the transaction open when COMMIT fails; rolled back, nothing of it happened.
        match statement(tx, "ROLLBACK") {
            Ok(()) => error,
            Err(_) => StoreError::CommitUnknown(error.to_string()),
        }
    })
}

/// Tells a job's caller that it was never run.
fn refuse(tx: &mut Tx, job: Job, error: &StoreError) {
    tracing::error!(%error, "a transaction could not run; check the disk and the database file");
    drop(job);
    tx.bind_tenant(None);
}

fn statement(tx: &Tx, sql: &str) -> Result<(), StoreError> {
    Ok(tx.connection().prepare_cached(sql)?.execute([]).map(|_| ())?)
}
