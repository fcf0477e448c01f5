//! The load client: open loop, so that a slow server cannot slow the measurement of its slowness.
//!
//! Request `n` belongs to the instant `start + n / rate`, whatever became of the requests before it, and its latency
//! counts from that instant to the last byte of its answer. A server that stalls for a second is charged for
//! everything that should have been sent in that second, as callers would feel it.
//!
//! One thread at a time leads: it waits for the next instant, hands the lead on and sends. The pool grows by a thread
//! and a connection whenever nobody is left to take the lead, so it is as large as the most requests ever under way.

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, Scope};
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;

use super::http::Connection;

/// More requests than this are never under way at once; those beyond wait, and their wait counts.
const MOST_CONNECTIONS: usize = 512;
/// The longest latency told apart, in microseconds; longer ones count as this.
const LONGEST: u64 = 120_000_000;

/// One request of a run.
pub struct Request {
    /// What kind of request it is: latencies are told apart by it.
    pub class: &'static str,
    /// Raw, from the request line to the last byte of the body.
    pub bytes: Vec<u8>,
}

/// What a load run found. Latencies are in microseconds and hold every request, the failed ones too.
pub struct Report {
    /// Requests that were due.
    pub scheduled: u64,
    /// Answered with 2xx and a body the check accepts.
    pub ok: u64,
    /// Answered with 2xx and another body, by what the check said of it.
    pub wrong_answers: BTreeMap<String, u64>,
    /// Answered with another status, by status.
    pub bad_statuses: BTreeMap<u16, u64>,
    /// Not answered, by what went wrong on the connection.
    pub broken: BTreeMap<String, u64>,
    /// From the instant a request was due to the last byte of its answer.
    pub latency: Histogram<u64>,
    /// The same, by class.
    pub by_class: BTreeMap<&'static str, Histogram<u64>>,
    /// From the instant a request was due to its sending: large values say that the client is the bottleneck, or
    /// that more than [`MOST_CONNECTIONS`] answers were outstanding.
    pub late: Histogram<u64>,
    /// From the first instant to the last answer.
    pub took: Duration,
    /// Most requests under way at once.
    pub connections: usize,
}

/// Sends `rate_per_s` requests a second for `duration` and waits for all answers. `make_request` gets the number of
/// the request; `check` gets class and body of each 2xx answer, and says what is wrong with it.
pub fn drive(
    addr: SocketAddr,
    rate_per_s: f64,
    duration: Duration,
    make_request: impl Fn(u64) -> Request + Sync,
    check: impl Fn(&str, &[u8]) -> Result<(), String> + Sync,
) -> Report {
    let plan = Plan::new(Instant::now(), rate_per_s, duration, MOST_CONNECTIONS);
    drive_plan(addr, &plan, &make_request, &check)
}

/// Which requests are due when.
#[derive(Clone, Copy, Debug)]
struct Plan {
    start: Instant,
    rate_per_s: f64,
    count: u64,
    most_connections: usize,
}

impl Plan {
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a count; a float to integer cast saturates"
    )]
    fn new(start: Instant, rate_per_s: f64, duration: Duration, most_connections: usize) -> Self {
        let count = (rate_per_s * duration.as_secs_f64()).round() as u64;
        Self { start, rate_per_s, count, most_connections }
    }

    #[allow(clippy::cast_precision_loss, reason = "exact to the nanosecond for longer than anybody measures")]
    fn due(&self, index: u64) -> Instant {
        self.start + Duration::from_secs_f64(index as f64 / self.rate_per_s)
    }
}

/// What the threads share.
struct Run<'a, M, C> {
    addr: SocketAddr,
    plan: &'a Plan,
    make_request: &'a M,
    check: &'a C,
    /// The number of the next request; who holds it leads.
    next: Mutex<u64>,
    /// Threads that could take the lead.
    idle: AtomicUsize,
    threads: AtomicUsize,
    total: Mutex<Report>,
}

fn drive_plan<M, C>(addr: SocketAddr, plan: &Plan, make_request: &M, check: &C) -> Report
where
    M: Fn(u64) -> Request + Sync,
    C: Fn(&str, &[u8]) -> Result<(), String> + Sync,
{
    let run = Run {
        addr,
        plan,
        make_request,
        check,
        next: Mutex::new(0),
        idle: AtomicUsize::new(0),
        threads: AtomicUsize::new(0),
        total: Mutex::new(Report::empty()),
    };
    thread::scope(|scope| run.grow(scope));
    let mut report = run.total.into_inner().unwrap_or_else(PoisonError::into_inner);
    report.took = plan.start.elapsed();
    report.connections = run.threads.into_inner();
    report
}

impl<M, C> Run<'_, M, C>
where
    M: Fn(u64) -> Request + Sync,
    C: Fn(&str, &[u8]) -> Result<(), String> + Sync,
{
    fn grow<'scope>(&'scope self, scope: &'scope Scope<'scope, '_>) {
        if self.threads.load(Ordering::SeqCst) < self.plan.most_connections {
            self.threads.fetch_add(1, Ordering::SeqCst);
            self.idle.fetch_add(1, Ordering::SeqCst);
            scope.spawn(|| self.work(scope));
        }
    }

    fn work<'scope>(&'scope self, scope: &'scope Scope<'scope, '_>) {
        let mut mine = Report::empty();
        let mut connection = Connection::to(self.addr);
        // A failure shows again, and is counted, at the first exchange.
        let _opened = connection.warm();
        while let Some((index, request)) = self.lead(scope) {
            let due = self.plan.due(index);
            mine.late.saturating_record(micros_since(due));
            let answer = connection.exchange(&request.bytes);
            let micros = micros_since(due);
            mine.latency.saturating_record(micros);
            mine.by_class.entry(request.class).or_insert_with(histogram).saturating_record(micros);
            mine.scheduled += 1;
            match answer {
                Ok(answer) if !(200..300).contains(&answer.status) => {
                    *mine.bad_statuses.entry(answer.status).or_default() += 1;
                }
                Ok(answer) => match (self.check)(request.class, &answer.body) {
                    Ok(()) => mine.ok += 1,
                    Err(what) => *mine.wrong_answers.entry(what).or_default() += 1,
                },
                Err(error) => *mine.broken.entry(error.kind().to_string()).or_default() += 1,
            }
            self.idle.fetch_add(1, Ordering::SeqCst);
        }
        held(&self.total).add(mine);
    }

    /// Waits for the lead, then for the next request's instant; `None` once all are under way.
    fn lead<'scope>(&'scope self, scope: &'scope Scope<'scope, '_>) -> Option<(u64, Request)> {
        let mut next = held(&self.next);
        let index = *next;
        if index >= self.plan.count {
            return None;
        }
        *next += 1;
        // Made before it is due: what signing costs is not the server's.
        let request = (self.make_request)(index);
        thread::sleep(self.plan.due(index).saturating_duration_since(Instant::now()));
        let others = self.idle.fetch_sub(1, Ordering::SeqCst) - 1;
        if others == 0 && index + 1 < self.plan.count {
            self.grow(scope);
        }
        Some((index, request))
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A thread that panicked ends the whole run when the scope joins it.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn micros_since(instant: Instant) -> u64 {
    u64::try_from(instant.elapsed().as_micros()).unwrap_or(u64::MAX)
}

#[allow(clippy::expect_used, reason = "fails only for bounds out of order or more than 5 digits; these are constants")]
pub fn histogram() -> Histogram<u64> {
    Histogram::new_with_bounds(1, LONGEST, 3).expect("1 < LONGEST, 3 digits")
}

impl Report {
    fn empty() -> Self {
        Self {
            scheduled: 0,
            ok: 0,
            wrong_answers: BTreeMap::new(),
            bad_statuses: BTreeMap::new(),
            broken: BTreeMap::new(),
            latency: histogram(),
            by_class: BTreeMap::new(),
            late: histogram(),
            took: Duration::ZERO,
            connections: 0,
        }
    }

    fn add(&mut self, other: Self) {
        self.scheduled += other.scheduled;
        self.ok += other.ok;
        for (what, count) in other.wrong_answers {
            *self.wrong_answers.entry(what).or_default() += count;
        }
        for (status, count) in other.bad_statuses {
            *self.bad_statuses.entry(status).or_default() += count;
        }
        for (what, count) in other.broken {
            *self.broken.entry(what).or_default() += count;
        }
        // Equal bounds, so nothing can be out of range.
        let _latency = self.latency.add(other.latency);
        let _late = self.late.add(other.late);
        for (class, theirs) in other.by_class {
            let _class = self.by_class.entry(class).or_insert_with(histogram).add(theirs);
        }
    }

    /// Requests that were not answered as they should.
    pub fn failed(&self) -> u64 {
        self.scheduled - self.ok
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let took = self.took.as_secs_f64();
        writeln!(
            f,
            "{} requests in {took:.1} s, {} ok, {} failed, at most {} at once",
            self.scheduled,
            self.ok,
            self.failed(),
            self.connections
        )?;
        for (name, histogram) in [("latency", &self.latency), ("sent late by", &self.late)] {
            let at = |quantile: f64| millis(histogram.value_at_quantile(quantile));
            let (p50, p95, p99) = (at(0.50), at(0.95), at(0.99));
            let longest = millis(histogram.max());
            writeln!(f, "{name:<13} p50 {p50} ms  p95 {p95} ms  p99 {p99} ms  max {longest} ms")?;
        }
        for (what, count) in &self.wrong_answers {
            writeln!(f, "{count:>7} x answered {what}")?;
        }
        for (status, count) in &self.bad_statuses {
            writeln!(f, "{count:>7} x status {status}")?;
        }
        for (what, count) in &self.broken {
            writeln!(f, "{count:>7} x {what}")?;
        }
        Ok(())
    }
}

fn millis(micros: u64) -> String {
    format!("{:.2}", Duration::from_micros(micros).as_secs_f64() * 1e3)
}

#[cfg(test)]
mod tests {
    use super::super::{http, responder};
    use super::*;

    fn request(bytes: Vec<u8>) -> Request {
        Request { class: "test", bytes }
    }

    fn plan(start: Instant, rate_per_s: f64, millis: u64, most_connections: usize) -> Plan {
        Plan::new(start, rate_per_s, Duration::from_millis(millis), most_connections)
    }

    #[test]
    fn every_request_is_due_at_its_own_instant() {
        let start = Instant::now();
        let plan = plan(start, 250.0, 2_000, 1);
        assert_eq!(plan.count, 500);
        assert_eq!(plan.due(0), start);
        assert_eq!(plan.due(250), start + Duration::from_secs(1));
    }

    #[test]
    fn all_requests_are_sent_once_and_answered() {
        let addr = responder::in_background();
        let sent = Mutex::new(Vec::new());
        let report = drive(
            addr,
            2_000.0,
            Duration::from_millis(100),
            |index| {
                held(&sent).push(index);
                request(http::post(addr, "/", &[], b"{}"))
            },
            |_, body| if body == responder::BODY { Ok(()) } else { Err("otherwise".to_owned()) },
        );
        assert_eq!((report.scheduled, report.ok, report.failed()), (200, 200, 0), "{report}");
        assert_eq!(report.latency.len(), 200);
        assert_eq!(report.by_class["test"].len(), 200);
        assert_eq!(sent.into_inner().unwrap(), (0..200).collect::<Vec<_>>());
        assert!(report.took >= Duration::from_millis(99), "sent faster than planned: {:?}", report.took);
    }

    #[test]
    fn latency_counts_from_the_instant_a_request_was_due_not_from_its_sending() {
        let addr = responder::in_background();
        // All twenty were due within the 200 ms before the run begins, as if the server had stalled so long.
        let now = Instant::now();
        let Some(start) = now.checked_sub(Duration::from_millis(200)) else { panic!("the machine was just started") };
        let plan = plan(start, 100.0, 200, 1);
        let report = drive_plan(addr, &plan, &|_| request(http::get(addr, "/")), &|_, _| Ok(()));
        assert_eq!(report.ok, 20, "{report}");
        assert!(report.latency.max() >= 199_000, "{report}");
        assert!(report.latency.value_at_quantile(0.5) >= 100_000, "{report}");
        assert_eq!(report.connections, 1);
    }

    #[test]
    fn each_kind_of_failure_is_counted_as_its_own() {
        let addr = responder::in_background();
        let plan = plan(Instant::now(), 10_000.0, 4, 4);
        let make = |index: u64| request(http::get(addr, if index.is_multiple_of(2) { "/" } else { "/status/503" }));
        let report = drive_plan(addr, &plan, &make, &|_, _| Err("no".to_owned()));
        assert_eq!(
            (report.ok, report.wrong_answers["no"], report.bad_statuses.get(&503)),
            (0, 20, Some(&20)),
            "{report}"
        );

        let nobody = super::super::process::free_address().unwrap();
        let report = drive_plan(nobody, &plan, &make, &|_, _| Ok(()));
        assert_eq!(report.broken.values().sum::<u64>(), 40, "{report}");
        assert!(report.to_string().contains("40 x connection refused"), "{report}");
    }
}
