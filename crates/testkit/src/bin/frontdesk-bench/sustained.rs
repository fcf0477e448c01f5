//! How much can be done: bookings as fast as they are answered, beside the bare driver committing the same rows.
//!
//! Ours and the bare driver take turns, so that a slow spell of the machine meets both.

use std::time::Duration;

use super::Bench;
use super::bare::{self, Bare, Booking};
use super::calls::{Calls, expected};
use super::closed;
use super::http::Connection;
use super::load::Request;
use super::process::cpu_time_of;
use super::report::{Target, figure, median, millis};
use super::salon::{SUSTAINED_WISHES, Salon};
use super::server::{Installation, Server};

/// Connections with one booking under way each: as many as a big agency has at once, and a few.
const CONNECTIONS: [usize; 2] = [64, 8];
/// More bookings than this a second are not prepared for.
const FASTEST: u64 = 4_000;
/// The same for the bare driver.
const FASTEST_BARE: u64 = 20_000;

/// What one number of connections came to.
#[derive(Default)]
struct Ours {
    bookings: Vec<f64>,
    of_single: Vec<f64>,
    of_batched: Vec<f64>,
    p50: Vec<f64>,
    p99: Vec<f64>,
    batch: Vec<f64>,
    cpu: Vec<f64>,
}

/// All rounds.
pub fn beside_the_bare_driver(
    bench: &mut Bench,
    installation: &Installation,
    server: &Server,
    salon: Salon,
) -> Result<(), String> {
    let heading =
        format!("Sustained bookings, {} rounds of {} s by turns, medians", bench.rounds, bench.round.as_secs());
    bench.figures.section("sustained", &heading);
    let mut wish = 0;
    let booking = one_booking(bench, installation, server, salon, &mut wish)?;
    let bare_installation = Installation::with(&bench.binary, &bench.folder, "bare", &salon)?;
    let mut bare = Bare::open(&bare_installation.database())?;
    check_the_bare_driver(&mut bare, &bare_installation, &booking)?;
    let mut ours = [Ours::default(), Ours::default()];
    let (mut singles, mut batched) = (Vec::new(), Vec::new());
    let most = FASTEST_BARE * bench.round.as_secs();
    for round in 0..bench.rounds {
        for (ours, connections) in ours.iter_mut().zip(CONNECTIONS) {
            let calls = Calls::new(server.addr, salon, 100 + round)?;
            let fastest = ours.bookings.iter().copied().fold(f64::NAN, f64::max) * 1.3;
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count; NaN casts to 0")]
            let expected_rate = if fastest.is_nan() { FASTEST } else { (fastest as u64).min(FASTEST) };
            let until = (wish + expected_rate * bench.round.as_secs()).min(SUSTAINED_WISHES);
            let requests: Vec<Request> = (wish..until).map(|n| calls.book(n, &salon.short_booking(n))).collect();
            let (commits, cpu) = (installation.commits()?, cpu_of(server)?);
            let run = closed::drive(server.addr, connections, bench.round, &requests, expected);
            let commits = installation.commits()?.wrapping_sub(commits);
            let cpu = cpu_of(server)?.saturating_sub(cpu);
            wish += run.ok + run.failed.values().sum::<u64>() + 2;
            wish += wish % 2;
            for (what, count) in &run.failed {
                bench.figures.note(&format!("{count:>7} x {what} ({connections} connections)"));
            }
            if run.exhausted {
                bench.figures.note("the prepared requests ran out before the time did; the rate holds until then");
            }
            let batch = figure(run.ok) / f64::from(commits.max(1));
            let single = bare.drive(&booking, 1, bench.round, most)?;
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
            let batches = bare.drive(&booking, batch.round() as u64, bench.round, most)?;
            let rate = run.per_second();
            ours.bookings.push(rate);
            ours.of_single.push(rate / single);
            ours.of_batched.push(rate / batches);
            ours.p50.push(millis(run.latency.value_at_quantile(0.50)));
            ours.p99.push(millis(run.latency.value_at_quantile(0.99)));
            ours.batch.push(batch);
            ours.cpu.push(cpu.as_secs_f64() * 1e3 / figure(run.ok.max(1)));
            singles.push(single);
            if connections == CONNECTIONS[0] {
                batched.push(batches);
            }
        }
    }
    bench.figures.tell("bare driver, one booking a commit", median(singles), "bookings/s");
    bench.figures.tell("bare driver, our batches of 64 connections", median(batched), "bookings/s");
    for (ours, connections) in ours.into_iter().zip(CONNECTIONS) {
        tell(bench, ours, connections);
    }
    Ok(())
}

fn tell(bench: &mut Bench, ours: Ours, connections: usize) {
    let name = |what: &str| format!("{connections} connections: {what}");
    bench.figures.tell(&name("through HTTP"), median(ours.bookings), "bookings/s");
    let single = median(ours.of_single) * 100.0;
    bench.figures.hold(&name("of the bare driver"), single, "%", Target::AtLeast(60.0));
    bench.figures.tell(&name("of the bare driver in our batches"), median(ours.of_batched) * 100.0, "%");
    bench.figures.tell(&name("bookings in a commit"), median(ours.batch), "");
    bench.figures.tell(&name("answer p50"), median(ours.p50), "ms");
    bench.figures.tell(&name("answer p99"), median(ours.p99), "ms");
    bench.figures.tell(&name("server's processor time each"), median(ours.cpu), "ms");
}

/// Books once and reads what that wrote.
fn one_booking(
    bench: &mut Bench,
    installation: &Installation,
    server: &Server,
    salon: Salon,
    wish: &mut u64,
) -> Result<Booking, String> {
    let calls = Calls::new(server.addr, salon, 99)?;
    let before = bare::counts(&installation.database())?;
    let request = calls.book(*wish, &salon.short_booking(*wish));
    let answer = Connection::to(server.addr).exchange(&request.bytes).map_err(|error| error.to_string())?;
    expected(request.class, &answer.body)?;
    let wrote = bare::grown(&before, &bare::counts(&installation.database())?);
    let booking = Booking::capture(&installation.database(), &calls.call_id(*wish), &wrote)?;
    bench.figures.note(&format!("one booking writes: {}", Booking::told(&wrote)));
    *wish += 2;
    Ok(booking)
}

/// Fails where the bare driver would not write the very same number of rows into every table.
fn check_the_bare_driver(bare: &mut Bare, installation: &Installation, booking: &Booking) -> Result<(), String> {
    let before = bare::counts(&installation.database())?;
    bare.drive(booking, 1, Duration::ZERO, 1)?;
    let wrote = bare::grown(&before, &bare::counts(&installation.database())?);
    if wrote == booking.counts() { Ok(()) } else { Err(format!("the bare driver wrote {wrote:?}")) }
}

fn cpu_of(server: &Server) -> Result<Duration, String> {
    cpu_time_of(server.process.id()).map_err(|error| error.to_string())
}
