//! Reading beside the writer: a few threads, each with its own read-only connection and snapshot.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use crate::error::StoreError;
use crate::tx::Tx;

/// Reads that may wait; more are refused as [`StoreError::Busy`] rather than answered too late.
const WAITING: usize = 4096;

/// A read with its caller's channel inside.
pub(crate) type Read = Box<dyn FnOnce(&mut Tx) + Send>;

/// The sending side of the reader threads.
pub(crate) struct Readers {
    inbox: Option<SyncSender<Read>>,
    threads: Vec<JoinHandle<()>>,
}

impl Readers {
    pub(crate) fn start(connections: Vec<Tx>) -> Result<Self, StoreError> {
        let (inbox, reads) = sync_channel(WAITING);
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
        let inbox = self.inbox.as_ref().ok_or(StoreError::Closed)?;
        inbox.try_send(read).map_err(|error| match error {
            TrySendError::Full(_) => StoreError::Busy,
            TrySendError::Disconnected(_) => StoreError::Closed,
        })
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn reads_that_would_wait_too_long_are_refused_and_the_others_are_done() {
        let readers = Readers::start(vec![Tx::new(crate::engine::open_memory().unwrap())]).unwrap();
        let (begun, has_begun) = channel();
        let (go, may_go) = channel::<()>();
        let blocking = move |_: &mut Tx| {
            begun.send(()).unwrap();
            may_go.recv().unwrap();
        };
        readers.submit(Box::new(blocking)).unwrap();
        has_begun.recv().unwrap();
        let done = Arc::new(AtomicUsize::new(0));
        let read = || {
            let done = Arc::clone(&done);
            Box::new(move |_: &mut Tx| {
                done.fetch_add(1, Ordering::Relaxed);
            })
        };
        for _ in 0..WAITING {
            readers.submit(read()).unwrap();
        }
        assert_eq!(readers.submit(read()), Err(StoreError::Busy));
        go.send(()).unwrap();
        drop(readers);
        assert_eq!(done.load(Ordering::Relaxed), WAITING);
    }
}
