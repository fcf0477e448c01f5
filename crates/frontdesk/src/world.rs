//! Where the program meets the machine: its clock, its randomness, its environment, its signals.
//!
//! Everything else gets these handed in, so that tests and the simulator own them.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use frontdesk_domain::ports::{Clock, Ctx};
use jiff::{SignedDuration, Timestamp};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// The machine's clock, perhaps shifted by `serve --now`.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock {
    ahead: SignedDuration,
}

impl SystemClock {
    /// The machine's own time.
    pub fn new() -> Self {
        Self::default()
    }

    /// A clock that shows `now` at this moment and runs on from there.
    pub fn starting_at(now: Timestamp) -> Self {
        Self { ahead: now.duration_since(machine_now()) }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        machine_now().saturating_add(self.ahead).unwrap_or(Timestamp::MAX)
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that asks the machine for the time")]
fn machine_now() -> Timestamp {
    Timestamp::now()
}

/// Whether a file was written within so long before now, by the machine's clock; `false` if there is none.
pub fn written_lately(file: &Path, within: SignedDuration) -> bool {
    let written = std::fs::metadata(file).and_then(|about| about.modified()).ok();
    let written = written.and_then(|at| Timestamp::try_from(at).ok());
    written.is_some_and(|at| machine_now().duration_since(at) < within)
}

/// Measures how long something took.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts now.
    #[expect(clippy::disallowed_methods, reason = "the one place that measures time")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// The time since the start.
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

/// Fills a buffer from the system's generator. Without randomness no key and no token can be trusted, so a system
/// that has none ends the program.
#[expect(clippy::disallowed_methods, reason = "the one place that asks the system for randomness")]
pub fn fill_random(bytes: &mut [u8]) {
    if let Err(error) = getrandom::fill(bytes) {
        tracing::error!(%error, "the system gives no random bytes; nothing can be kept secret here, ending");
        std::process::abort();
    }
}

/// The product's context over a clock: its ids and tokens come from the system's generator.
pub fn ctx(clock: Arc<dyn Clock>) -> Ctx {
    Ctx::new(clock, Arc::new(fill_random)).sleeping(Arc::new(|time| Box::pin(tokio::time::sleep(time))))
}

/// One variable of the environment, if it is set and readable.
#[expect(clippy::disallowed_methods, reason = "the one place that reads single variables")]
pub fn env(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The whole environment, for the configuration; unreadable names and values are left out.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
pub fn environment() -> Vec<(String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

/// The wish that the program ends: interrupt or terminate. Listened for from the moment this is made, so that a wish
/// that comes while the program still starts is not the system's sudden end.
#[derive(Debug)]
pub struct AskedToEnd {
    interrupt: Signal,
    terminate: Signal,
}

impl AskedToEnd {
    /// Begins to listen; inside the runtime.
    pub fn listen() -> std::io::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    /// Returns when the program was asked to end.
    pub async fn wait(mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shifted_clock_starts_where_it_is_told_and_runs() {
        let start = Timestamp::from_millisecond(1_796_112_000_000).unwrap_or_default();
        let clock = SystemClock::starting_at(start);
        let (first, second) = (clock.now(), clock.now());
        assert!(first >= start && second >= first);
        assert!(second.duration_since(start) < SignedDuration::from_secs(60));
    }
}
