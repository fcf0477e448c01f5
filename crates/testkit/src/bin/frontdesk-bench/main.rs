//! Measures the product as it is shipped, on this machine, in one run. Nothing is asserted and nothing fails on a slow
//! day: each figure is printed, and marked against its target where it has one.
//!
//! **For**: `cargo xtask bench`, which builds the product and this in release. **Start reading** at [`measure`].
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a tool for people: its output is its purpose")]
#![allow(
    clippy::disallowed_methods,
    reason = "the bans are for the product; a measuring tool reads clock and environment"
)]
#![allow(clippy::indexing_slicing, reason = "a measuring tool for developers; a panic says where")]

mod alternatives;
mod bare;
mod calls;
mod closed;
mod growth;
mod http;
mod latency;
mod load;
mod machine;
mod process;
mod report;
mod resources;
mod responder;
mod salon;
mod server;
mod sustained;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use serde_json::json;

use machine::Machine;
use report::Figures;
use salon::Salon;
use server::Installation;

/// Measures latency, throughput, memory and start-up of this build, on this machine.
#[derive(Parser)]
#[command(name = "cargo xtask bench", bin_name = "cargo xtask bench")]
struct Options {
    /// How long the latency run sends, in seconds (10 to 300); other runs take their share
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=300))]
    seconds: u64,
    /// Function calls a second in the latency run, sent at fixed times whatever the answers do
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..=1000))]
    rate: u64,
    /// A short run, to see that it works: the figures waver
    #[arg(long)]
    quick: bool,
    /// Also compares an empty database with one of that many appointments (1000000 takes some minutes and 4 GB)
    #[arg(long, value_name = "APPOINTMENTS", num_args = 0..=1, default_missing_value = "1000000")]
    growth: Option<u64>,
    /// Writes the figures there, too
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Where the databases lie while measuring; must be on a disk. Default: beside the build
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Answers every request with a short JSON object: what the load client measures itself against
    #[arg(long, hide = true)]
    responder: Option<SocketAddr>,
}

/// What every measurement needs.
struct Bench {
    binary: PathBuf,
    folder: PathBuf,
    /// Of the latency run.
    length: Duration,
    rate: u64,
    /// Of one round of the comparing runs, of which there are [`Bench::rounds`].
    round: Duration,
    rounds: u32,
    figures: Figures,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let outcome = match options.responder {
        Some(addr) => responder::listen(addr),
        None => measure(&options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cannot be measured: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(options: &Options) -> Result<(), String> {
    let shown = |error: std::io::Error| error.to_string();
    if options.rate * (options.seconds + 2) / 2 > salon::LATENCY_WISHES {
        return Err(format!(
            "a salon has {} free times for the latency run; send slower or shorter",
            salon::LATENCY_WISHES
        ));
    }
    let built = std::env::current_exe().map_err(shown)?.parent().map(PathBuf::from).ok_or("no build folder")?;
    let parent = options.folder.clone().unwrap_or_else(|| built.join("bench"));
    std::fs::create_dir_all(&parent).map_err(shown)?;
    // Removed at the end, also where something goes wrong.
    let folder = tempfile::tempdir_in(&parent).map_err(shown)?;
    let machine = Machine::look(folder.path()).map_err(shown)?;
    let command: Vec<String> = std::env::args().skip(1).collect();
    println!("cargo xtask bench {}", command.join(" "));
    machine.tell();

    let seconds = if options.quick { 3 } else { options.seconds };
    let mut bench = Bench {
        binary: built.join("frontdesk"),
        folder: folder.path().to_owned(),
        length: Duration::from_secs(seconds),
        rate: options.rate,
        // Many short rounds: where others use the machine, a long one would meet another machine than the next.
        round: Duration::from_secs(if options.quick { 1 } else { 2 }),
        rounds: u32::try_from(seconds / 3).unwrap_or(3).max(3),
        figures: Figures::default(),
    };
    let salon = Salon::new(0);
    let installation = Installation::with(&bench.binary, &bench.folder, "salon", &salon)?;
    resources::start_up(&mut bench, &installation)?;
    let mut server = installation.serve()?;
    resources::at_rest(&mut bench, &server)?;
    latency::client_alone(&mut bench)?;
    latency::through_http(&mut bench, &server, salon)?;
    resources::after_load(&mut bench, &server)?;
    resources::many_tenants(&mut bench, &installation, &mut server)?;
    sustained::beside_the_bare_driver(&mut bench, &installation, &server, salon)?;
    resources::after_load(&mut bench, &server)?;
    server.process.end();
    resources::search(&mut bench)?;
    if let Some(appointments) = options.growth {
        growth::beside_an_empty_database(&mut bench, appointments)?;
    }
    println!("\nload average after: {:.1}", machine::load_average());
    if let Some(file) = &options.json {
        let all = json!({ "command": command, "machine": machine.json(), "figures": bench.figures.into_json() });
        std::fs::write(file, format!("{all:#}\n")).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    Ok(())
}
