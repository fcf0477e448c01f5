//! What it costs to have it: start-up, memory, the binary's size, the processor's time for a search.

use std::time::Duration;

use super::Bench;
use super::alternatives::{self, Taken};
use super::calls::{Calls, expected};
use super::http::Connection;
use super::process::memory_of;
use super::report::{Target, figure, median};
use super::salon::Salon;
use super::server::{Installation, Server};

/// Starts that are timed.
const STARTS: usize = 5;
/// Salons in the memory figure.
const TENANTS: u32 = 100;

/// From the start of the process to the first 200 of /readyz.
pub fn start_up(bench: &mut Bench, installation: &Installation) -> Result<(), String> {
    bench.figures.section("start", "Start-up, and the binary");
    let mut times = Vec::new();
    for _ in 0..STARTS {
        let server = installation.serve()?;
        times.push(server.start.as_secs_f64() * 1e3);
        server.process.end();
    }
    let slowest = times.iter().copied().fold(0.0, f64::max);
    bench.figures.hold("to the first ready answer, median of 5", median(times), "ms", Target::AtMost(300.0));
    bench.figures.tell("the slowest of them", slowest, "ms");
    let size = std::fs::metadata(&bench.binary).map_err(|error| error.to_string())?.len();
    bench.figures.hold("size of the binary", mib(size / 1024), "MiB", Target::AtMost(30.0));
    Ok(())
}

/// A started server with one tenant, two seconds later.
pub fn at_rest(bench: &mut Bench, server: &Server) -> Result<(), String> {
    std::thread::sleep(Duration::from_secs(2));
    bench.figures.section("memory", "Memory (VmRSS)");
    let memory = resident(server)?;
    bench.figures.hold("at rest, 1 tenant", memory, "MiB", Target::AtMost(60.0));
    Ok(())
}

/// The same server after a load.
pub fn after_load(bench: &mut Bench, server: &Server) -> Result<(), String> {
    let memory = resident(server)?;
    bench.figures.tell("resident memory afterwards", memory, "MiB");
    Ok(())
}

/// A hundred tenants, applied to the running server, each called once.
pub fn many_tenants(bench: &mut Bench, installation: &Installation, server: &mut Server) -> Result<(), String> {
    bench.figures.section("tenants", &format!("{TENANTS} tenants of 20 people, each asked once"));
    let mut connection = Connection::to(server.addr);
    for number in 1..TENANTS {
        let salon = Salon::new(number);
        installation.apply(&salon)?;
        let calls = Calls::new(server.addr, salon, 9_000)?;
        let request = calls.mixed(0);
        let answer = connection.exchange(&request.bytes).map_err(|error| error.to_string())?;
        expected(request.class, &answer.body).map_err(|what| format!("tenant {number} answered {what}"))?;
    }
    let memory = resident(server)?;
    bench.figures.hold("resident, after the load before", memory, "MiB", Target::AtMost(150.0));
    Ok(())
}

/// The processor's time for alternatives.
pub fn search(bench: &mut Bench) -> Result<(), String> {
    bench.figures.section("search", "Two alternatives, 60 days, 20 people (processor time, no door, no store)");
    for (name, taken) in [("70 % taken", Taken::Mostly), ("all but the last day taken", Taken::AllButTheLastDay)] {
        let cost = alternatives::cost(taken)?;
        bench.figures.hold(&format!("{name}, p50"), cost.p50 / 1e3, "ms", Target::AtMost(1.0));
        bench.figures.tell(&format!("{name}, p99"), cost.p99 / 1e3, "ms");
    }
    Ok(())
}

fn resident(server: &Server) -> Result<f64, String> {
    memory_of(server.process.id()).map(|memory| mib(memory.resident_kib)).map_err(|error| error.to_string())
}

fn mib(kib: u64) -> f64 {
    figure(kib) / 1024.0
}
