//! Measurements. Timings live here and never in tests: a slow day must not turn a build red.
//!
//! For now the load client measures itself against a trivial responder in a process of its own, so that what it
//! adds to every figure is known before it measures anything else.

mod http;
mod load;
mod process;
pub mod responder;

use std::net::{SocketAddr, TcpListener};
use std::process::Command;
use std::time::Duration;

use clap::Args;

use crate::run::{Outcome, Stop};

/// How hard and how long.
#[derive(Args)]
pub struct Options {
    /// Requests a second, sent at fixed times whatever the answers do.
    #[arg(long, default_value_t = 100.0)]
    rate: f64,
    /// How long to send, in seconds.
    #[arg(long, default_value_t = 3.0)]
    seconds: f64,
}

/// What the benchmark is for. Each figure is compared inside one run, on one machine.
const FIGURES: &[&str] = &[
    "overhead of a function call at 100 calls/s: p50 at most 2 ms, p99 at most 15 ms",
    "sustained bookings a second: at least 60 % of what the bare driver commits of the same rows in the same run",
    "book and check at 10,000 tenants and 10 million appointments: within 1.5 times an empty database",
    "start to the first ready answer: at most 300 ms",
    "resident memory: at most 60 MiB at rest, at most 150 MiB with 100 tenants warm",
];

/// Longest wait for a started process to be ready.
const READY_WITHIN: Duration = Duration::from_secs(10);

/// Says what will be measured, then measures the load client itself.
pub fn bench(options: &Options) -> Outcome {
    println!("To be measured, once the server is wired in:");
    for figure in FIGURES {
        println!("  - {figure}");
    }
    let sane = options.rate.is_finite() && options.rate > 0.0 && options.seconds.is_finite() && options.seconds > 0.0;
    let length = Duration::try_from_secs_f64(options.seconds);
    let (true, Ok(length)) = (sane, length) else {
        return Err(Stop::Found("--rate and --seconds must be greater than 0".to_owned()));
    };
    println!("\nThe load client against a responder that does nothing:");
    self_measurement(options.rate, length).map_err(|error| Stop::Found(format!("the load client fails: {error}")))
}

fn self_measurement(rate_per_s: f64, length: Duration) -> Result<(), String> {
    let addr = free_address().map_err(|error| error.to_string())?;
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut command = Command::new(program);
    command.args(["responder", &addr.to_string()]);
    let (child, took) = process::start_until_ready(&mut command, addr, READY_WITHIN)?;
    println!("start to ready: {:.1} ms", took.as_secs_f64() * 1e3);
    let request = http::post(addr, "/v1/nothing", br#"{"name":"nothing"}"#);
    let report = load::drive(addr, rate_per_s, length, |_| request.clone(), |body| body == responder::BODY);
    print!("{report}");
    let memory = process::memory_of(child.id()).map_err(|error| error.to_string())?;
    println!("{memory}");
    if report.ok == report.scheduled { Ok(()) } else { Err("not every answer was right".to_owned()) }
}

/// An address of this machine that nobody listens on; free again, so a child can take it.
fn free_address() -> std::io::Result<SocketAddr> {
    TcpListener::bind("127.0.0.1:0")?.local_addr()
}
