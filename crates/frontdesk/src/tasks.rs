//! Work beside the request that started it: the one home of `tokio::spawn`.
//!
//! A caller who hangs up must not undo a booking half-way, and a webhook is answered before it is worked on. Both
//! run here, counted, so that a shutdown (and a test) can wait until all of it is done.

use std::future::Future;

use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Counted work. Cheap to clone; clones count together.
#[derive(Clone, Debug)]
pub struct Tasks {
    running: watch::Sender<usize>,
}

impl Default for Tasks {
    fn default() -> Self {
        Self { running: watch::Sender::new(0) }
    }
}

/// Counts down however the work ends: done, panicked or dropped.
struct Counted(watch::Sender<usize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.send_modify(|running| *running = running.saturating_sub(1));
    }
}

impl Tasks {
    /// Runs work to its end even if nobody waits for the result. Its panic comes back as an error of the handle.
    pub fn spawn<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
        self.running.send_modify(|running| *running = running.saturating_add(1));
        let counted = Counted(self.running.clone());
        background(async move {
            let _counted = counted;
            work.await
        })
    }

    /// Waits until no counted work runs.
    pub async fn quiet(&self) {
        // The sender lives in self, so the wait cannot fail.
        let mut running = self.running.subscribe();
        let _closed = running.wait_for(|running| *running == 0).await;
    }
}

/// Runs work that has no end of its own (accept loops, sweeps); nobody waits for it at shutdown.
#[allow(clippy::disallowed_methods, reason = "the one home of tokio::spawn")]
pub fn background<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
    tokio::spawn(work)
}

/// Runs work that blocks its thread (a backup) where it hinders nobody; `None` if it panicked.
#[allow(clippy::disallowed_methods, reason = "the one home of spawning")]
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    tokio::task::spawn_blocking(work).await.ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[tokio::test]
    async fn quiet_waits_for_running_work_and_survives_its_panic() {
        let tasks = Tasks::default();
        tasks.quiet().await;
        let (go, gone) = tokio::sync::oneshot::channel::<()>();
        let handle = tasks.spawn(async move {
            gone.await.unwrap();
            panic!("on purpose");
        });
        assert_eq!(*tasks.running.borrow(), 1);
        go.send(()).unwrap();
        tasks.quiet().await;
        assert!(handle.await.unwrap_err().is_panic());
    }
}
