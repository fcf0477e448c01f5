//! Whether a call costs more when much has been booked before: an empty database beside a grown one, by turns.

use super::Bench;
use super::bare::{self, Bare, Booking};
use super::calls::{BOOK, CHECK, Calls, expected};
use super::http::Connection;
use super::latency;
use super::report::{Target, figure, median, millis};
use super::salon::Salon;
use super::server::{Installation, Server};

/// The grown database's appointments belong to so many other tenants, and as many again to the one that is called.
const TENANTS: u64 = 1_000;

/// Latencies of both, and their ratios.
pub fn beside_an_empty_database(bench: &mut Bench, appointments: u64) -> Result<(), String> {
    let heading = format!("Growth: {appointments} appointments of {TENANTS} other tenants, beside an empty database");
    bench.figures.section("growth", &heading);
    let salon = Salon::new(0);
    let empty = Installation::with(&bench.binary, &bench.folder, "empty", &salon)?;
    let grown = Installation::with(&bench.binary, &bench.folder, "grown", &salon)?;
    let booking = capture(&grown, salon)?;
    Bare::open(&grown.database())?.fill(&booking, appointments, TENANTS)?;
    let size = std::fs::metadata(grown.database()).map_err(|error| error.to_string())?.len();
    bench.figures.tell("size of the grown database", figure(size >> 20), "MiB");

    let (empty, grown) = (empty.serve()?, grown.serve()?);
    bench.figures.tell("start of the grown one", grown.start.as_secs_f64() * 1e3, "ms");
    let mut ratios: [Vec<f64>; 4] = Default::default();
    let (mut small, mut large): ([Vec<f64>; 4], [Vec<f64>; 4]) = Default::default();
    let each = bench.rate * bench.round.as_secs();
    for round in 0..=bench.rounds {
        // Who comes second finds the disk still at work for the first, so they take turns at that, too.
        let from = u64::from(round) * each;
        let (of_empty, of_grown) = if round.is_multiple_of(2) {
            let of_empty = one_round(bench, &empty, salon, from)?;
            (of_empty, one_round(bench, &grown, salon, from)?)
        } else {
            let of_grown = one_round(bench, &grown, salon, from)?;
            (one_round(bench, &empty, salon, from)?, of_grown)
        };
        // The first round warms both up.
        if round > 0 {
            for at in 0..4 {
                small[at].push(of_empty[at]);
                large[at].push(of_grown[at]);
                ratios[at].push(of_grown[at] / of_empty[at]);
            }
        }
    }
    let names = [(CHECK, "p50"), (CHECK, "p95"), (BOOK, "p50"), (BOOK, "p95")];
    for (((class, quantile), ratio), (small, large)) in names.into_iter().zip(ratios).zip(small.into_iter().zip(large))
    {
        bench.figures.tell(&format!("{class} {quantile}, empty"), median(small), "ms");
        bench.figures.tell(&format!("{class} {quantile}, grown"), median(large), "ms");
        bench.figures.hold(&format!("{class} {quantile}, ratio"), median(ratio), "x", Target::AtMost(1.5));
    }
    empty.process.end();
    grown.process.end();
    Ok(())
}

fn one_round(bench: &mut Bench, server: &Server, salon: Salon, from: u64) -> Result<[f64; 4], String> {
    let calls = Calls::new(server.addr, salon, 200)?;
    let run = latency::round(bench, server, &calls, from);
    let at = |class: &str, quantile: f64| {
        run.by_class.get(class).map_or(0.0, |latency| millis(latency.value_at_quantile(quantile)))
    };
    Ok([at(CHECK, 0.50), at(CHECK, 0.95), at(BOOK, 0.50), at(BOOK, 0.95)])
}

/// Serves it for one booking, whose rows are what the database is filled with.
fn capture(installation: &Installation, salon: Salon) -> Result<Booking, String> {
    let server = installation.serve()?;
    let calls = Calls::new(server.addr, salon, 199)?;
    let before = bare::counts(&installation.database())?;
    let request = calls.book(0, &salon.short_booking(0));
    let answer = Connection::to(server.addr).exchange(&request.bytes).map_err(|error| error.to_string())?;
    expected(request.class, &answer.body)?;
    let wrote = bare::grown(&before, &bare::counts(&installation.database())?);
    server.process.end();
    Booking::capture(&installation.database(), &calls.call_id(0), &wrote)
}
