//! How long callers wait: check and book through HTTP, at a fixed rate.

use std::process::{Command, Stdio};
use std::time::Duration;

use super::Bench;
use super::calls::{BOOK, CHECK, Calls, expected};
use super::load::{self, Report, Request};
use super::process::{self, cpu_time_of};
use super::report::{Target, figure, millis};
use super::salon::Salon;
use super::server::Server;

/// Sent before it counts.
const WARM_UP: Duration = Duration::from_secs(2);
/// Milliseconds; a client later than this had no core when it needed one.
const LATE: f64 = 1.0;
/// Longest wait for the responder.
const READY_WITHIN: Duration = Duration::from_secs(10);

/// The load client with the same requests against a responder that does nothing: its part of every latency.
pub fn client_alone(bench: &mut Bench) -> Result<(), String> {
    bench
        .figures
        .section("client", &format!("The load client against a responder that does nothing, {}/s", bench.rate));
    let addr = process::free_address().map_err(|error| error.to_string())?;
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut command = Command::new(program);
    command.args(["--responder", &addr.to_string()]).stdout(Stdio::null());
    let (responder, _) = process::start_until_ready(&mut command, addr, READY_WITHIN)?;
    let calls = Calls::new(addr, Salon::new(0), 0)?;
    let length = bench.length.min(Duration::from_secs(5));
    let run = load::drive(addr, figure(bench.rate), length, |n| calls.mixed(n), |_, _| Ok(()));
    drop(responder);
    bench.figures.tell("p50", millis(run.latency.value_at_quantile(0.50)), "ms");
    bench.figures.tell("p99", millis(run.latency.value_at_quantile(0.99)), "ms");
    tell_failures(bench, &run);
    Ok(())
}

/// By turns a question and a booking, each of another caller.
pub fn through_http(bench: &mut Bench, server: &Server, salon: Salon) -> Result<(), String> {
    let calls = Calls::new(server.addr, salon, 1)?;
    let length = figure(bench.rate) * WARM_UP.as_secs_f64();
    load::drive(server.addr, figure(bench.rate), WARM_UP, |n| calls.mixed(n), expected);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
    let warmed = length.ceil() as u64;
    let heading = format!(
        "Latency at {} calls/s for {} s, half of them bookings, bodies of 12 kB (from the instant a call is due)",
        bench.rate,
        bench.length.as_secs()
    );
    bench.figures.section("latency", &heading);
    let before = cpu_time_of(server.process.id()).map_err(|error| error.to_string())?;
    let run = load::drive(server.addr, figure(bench.rate), bench.length, |n| calls.mixed(warmed + n), expected);
    let cpu = cpu_time_of(server.process.id()).map_err(|error| error.to_string())?.saturating_sub(before);
    for class in [CHECK, BOOK] {
        let Some(latency) = run.by_class.get(class) else { continue };
        let at = |quantile: f64| millis(latency.value_at_quantile(quantile));
        bench.figures.hold(&format!("{class} p50"), at(0.50), "ms", Target::AtMost(2.0));
        bench.figures.tell(&format!("{class} p95"), at(0.95), "ms");
        bench.figures.hold(&format!("{class} p99"), at(0.99), "ms", Target::AtMost(15.0));
        bench.figures.tell(&format!("{class} max"), millis(latency.max()), "ms");
    }
    let late = millis(run.late.value_at_quantile(0.99));
    bench.figures.tell("sent late by, p99 (the client's own)", late, "ms");
    if late > LATE {
        bench.figures.note("others used the machine: the client itself was late, and the p99 above are mostly theirs");
    }
    bench.figures.tell("processor time of the server per call", cpu.as_secs_f64() * 1e3 / figure(run.scheduled), "ms");
    tell_failures(bench, &run);
    Ok(())
}

/// One run of mixed calls; medians of its latencies by class. Failures are told.
pub fn round(bench: &mut Bench, server: &Server, calls: &Calls, from: u64) -> Report {
    let make = |n: u64| -> Request { calls.mixed(from + n) };
    let run = load::drive(server.addr, figure(bench.rate), bench.round, make, expected);
    tell_failures(bench, &run);
    run
}

fn tell_failures(bench: &mut Bench, run: &Report) {
    if run.ok != run.scheduled {
        bench.figures.tell("NOT ANSWERED AS EXPECTED", figure(run.scheduled - run.ok), "calls");
        bench.figures.note(&run.to_string());
    }
}
