//! The closed loop: so many connections, each with one request under way, as fast as answers come.
//!
//! It says how much can be done, not how long callers wait: a slow answer slows the asking. For waits see [`super::load`].

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;

use super::http::Connection;
use super::load::{Request, histogram};

/// What a closed run came to.
pub struct Sustained {
    /// Answered as expected.
    pub ok: u64,
    /// Everything else, by what it was.
    pub failed: BTreeMap<String, u64>,
    /// From the first request to the last answer.
    pub took: Duration,
    /// Microseconds from a request to its answer.
    pub latency: Histogram<u64>,
    /// The requests ran out before the time did.
    pub exhausted: bool,
}

impl Sustained {
    /// Answers as expected, a second.
    #[allow(clippy::cast_precision_loss, reason = "a rate")]
    pub fn per_second(&self) -> f64 {
        self.ok as f64 / self.took.as_secs_f64()
    }
}

/// Sends requests made before, each once, over so many connections until time or requests run out.
pub fn drive(
    addr: SocketAddr,
    connections: usize,
    duration: Duration,
    requests: &[Request],
    check: impl Fn(&str, &[u8]) -> Result<(), String> + Sync,
) -> Sustained {
    let next = AtomicUsize::new(0);
    let (next, check) = (&next, &check);
    let start = Instant::now();
    let work = move || {
        let mut mine = Sustained::empty();
        let mut connection = Connection::to(addr);
        while start.elapsed() < duration {
            let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) else {
                mine.exhausted = true;
                break;
            };
            let sent = Instant::now();
            let answer = connection.exchange(&request.bytes);
            mine.latency.saturating_record(u64::try_from(sent.elapsed().as_micros()).unwrap_or(u64::MAX));
            let outcome = match answer {
                Ok(answer) if answer.status == 200 => check(request.class, &answer.body),
                Ok(answer) => Err(format!("status {}", answer.status)),
                Err(error) => Err(error.kind().to_string()),
            };
            match outcome {
                Ok(()) => mine.ok += 1,
                Err(what) => *mine.failed.entry(what).or_default() += 1,
            }
        }
        mine
    };
    let mut total = Sustained::empty();
    thread::scope(|scope| {
        let workers: Vec<_> = (0..connections).map(|_| scope.spawn(work)).collect();
        for worker in workers {
            match worker.join() {
                Ok(mine) => total.add(mine),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
    total.took = start.elapsed();
    total
}

impl Sustained {
    fn empty() -> Self {
        Self { ok: 0, failed: BTreeMap::new(), took: Duration::ZERO, latency: histogram(), exhausted: false }
    }

    fn add(&mut self, other: Self) {
        self.ok += other.ok;
        self.exhausted |= other.exhausted;
        for (what, count) in other.failed {
            *self.failed.entry(what).or_default() += count;
        }
        // Equal bounds, so nothing can be out of range.
        let _latency = self.latency.add(other.latency);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{http, responder};
    use super::*;

    #[test]
    fn every_request_is_sent_once_and_only_right_answers_count() {
        let addr = responder::in_background();
        let path = |n: u32| if n < 30 { "/" } else { "/status/503" };
        let requests: Vec<Request> =
            (0..40).map(|n| Request { class: "test", bytes: http::get(addr, path(n)) }).collect();
        let run = drive(addr, 4, Duration::from_secs(60), &requests, |_, _| Ok(()));
        assert_eq!((run.ok, run.failed["status 503"], run.exhausted), (30, 10, true));
        assert_eq!(run.latency.len(), 40);
    }
}
