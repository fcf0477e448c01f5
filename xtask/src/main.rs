//! The project's own chores: everything that checks, generates or measures, as plain Rust.
//!
//! **For**: people and CI; both call the same commands, so what is green here is green there.
//! **Not in here**: anything the product needs at run time. xtask depends on no crate of the workspace, so that it
//! still builds, and says what is wrong, when they do not.
//! **Start reading** at [`test`], the order of the checks.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a tool for people: its output is its purpose")]
#![allow(clippy::disallowed_methods, reason = "the bans are for the product; a tool reads clock and environment")]

mod bench;
mod deny;
mod deps;
mod generate;
mod lint;
mod parts;
mod run;
mod size;
mod sources;
mod sql;
mod test;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The project's own chores.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Runs every check, as CI does.
    Test {
        /// For the edit loop: leaves out clippy, integration tests and doc tests.
        #[arg(long)]
        fast: bool,
    },
    /// Runs the checks that need no test: fmt, deps, size, sql, clippy.
    Lint,
    /// Checks that the crates depend on each other only along the drawn arrows.
    Deps,
    /// Checks that no source file outgrows its reader.
    Size,
    /// Checks that SQL is written in the store only.
    Sql,
    /// Writes the generated files.
    Gen {
        /// Writes nothing; fails where a file is not what would be written.
        #[arg(long)]
        check: bool,
    },
    /// Asks cargo-deny about licences, advisories and banned crates, if it is installed.
    Deny,
    /// Measures latency, throughput, memory and start-up on this machine (--seconds N, --rate R, --quick, --json FILE).
    Bench(bench::Options),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().chore {
        Chore::Test { fast } => test::test(fast),
        Chore::Lint => lint::lint(),
        Chore::Deps => deps::deps(),
        Chore::Size => size::size(),
        Chore::Sql => sql::sql(),
        Chore::Gen { check } => generate::generate(check),
        Chore::Deny => deny::deny(),
        Chore::Bench(options) => bench::bench(&options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => {
            eprintln!("{stop}");
            ExitCode::from(stop.code())
        }
    }
}
