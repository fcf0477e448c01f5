//! Reading beside the writer: a few threads, each with its own read-only connection and snapshot.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use crate::error::StoreError;
use crate::tx::Tx;

/// A read with its caller's channel inside.
pub(crate) type Read = Box<dyn FnOnce(&mut Tx) + Send>;

/// The sending side of the reader threads.
pub(crate) struct Readers {
    inbox: Option<Sender<Read>>,
    threads: Vec<JoinHandle<()>>,
}

impl Readers {
    pub(crate) fn start(connections: Vec<Tx>) -> Result<Self, StoreError> {
        let (inbox, reads) = channel();
        let reads = Arc::new(Mutex::new(reads));
        let mut threads = Vec::with_capacity(connections.len());
        for mut tx in connections {
            let reads = Arc::clone(&reads);
            let thread = std::thread::Builder::new()
                .name("store-reader".to_owned())
                .spawn(move || {
                    while let Some(read) = next(&reads) {
                        in_snapshot(&mut tx, read);
                    }
                })
                .map_err(|error| StoreError::Engine(error.to_string()))?;
            threads.push(thread);
        }
        Ok(Self { inbox: Some(inbox), threads })
    }

    pub(crate) fn submit(&self, read: Read) -> Result<(), StoreError> {
        self.inbox.as_ref().ok_or(StoreError::Closed)?.send(read).map_err(|_| StoreError::Closed)
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.inbox = None;
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a store reader thread ended by a panic; restart the process");
            }
        }
    }
}

fn next(reads: &Mutex<Receiver<Read>>) -> Option<Read> {
    reads.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

/// Runs a read in one snapshot, so that its statements agree with each other.
pub(crate) fn in_snapshot(tx: &mut Tx, read: Read) {
    let begun = prepared(tx, "BEGIN").is_ok();
    if catch_unwind(AssertUnwindSafe(|| read(tx))).is_err() {
        tracing::error!("a read panicked; its caller hears of a failure; please report the message above");
    }
    tx.bind_tenant(None);
    if begun && prepared(tx, "COMMIT").is_err() {
        tracing::warn!("a read's snapshot could not be closed; the next read opens a new one");
    }
}

fn prepared(tx: &Tx, sql: &str) -> rusqlite::Result<usize> {
    tx.connection().prepare_cached(sql)?.execute([])
}
