//! The commands, one file each.
//!
//! A command that needs the store is a [`StoreCommand`]: it runs here if the data folder is free, and inside the
//! server that holds it otherwise, with the same words either way.

mod agenda;
mod backup;
mod calendar;
mod call;
mod callbacks;
mod completions;
mod demo;
mod doctor;
mod explain;
mod fake_calcom;
mod house;
mod internal_docs;
mod keys;
mod migrate;
mod output;
mod place;
mod reference;
mod review;
mod serve;
mod store_command;
mod sync;
mod tenant;
mod tenant_apply;
mod understand;
mod wishes;

use std::process::ExitCode;
use std::sync::OnceLock;

use clap::{CommandFactory, Parser, Subcommand};

pub use output::{CommandOutput, Exit};
pub use serve::{ServeError, Serving};
pub use store_command::{Premises, StoreCommand};
pub use tenant_apply::Apply;

use crate::config::LogFormat;
use crate::{about, logs, out};

const EXAMPLES: &str = "\
Examples:
  frontdesk demo
  frontdesk serve
  frontdesk tenant apply examples/salon-morgenrot.toml
  frontdesk doctor
  frontdesk call check_availability --arg service_name=Herrenhaarschnitt --arg date=morgen --arg time=\"10 Uhr\"
  frontdesk explain CALL_ID
  frontdesk agenda
  frontdesk sync status
  frontdesk review list

Exit codes: 0 done, 1 it went wrong, 2 wrong usage, 3 refused or in use.";

/// The booking desk behind a voice agent: takes its function calls, keeps the calendar, answers with a sentence.
#[derive(Debug, Parser)]
#[command(name = "frontdesk", version = version(), after_help = EXAMPLES, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Args),
    Serve(serve::Args),
    Tenant(tenant::Args),
    Calendar(calendar::Args),
    Doctor(doctor::Args),
    Call(call::Args),
    Explain(explain::Args),
    Agenda(agenda::Args),
    Callbacks(callbacks::Args),
    Wishes(wishes::Args),
    Sync(sync::Args),
    Review(review::Args),
    Understand(understand::Args),
    Migrate(migrate::Args),
    Backup(backup::Args),
    Keys(keys::Args),
    #[command(name = "fake-calcom")]
    FakeCalcom(fake_calcom::Args),
    Completions(completions::Args),
    #[command(hide = true)]
    InternalDocs(internal_docs::Args),
}

fn version() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| format!("{} (build {})", about::VERSION, about::build_id()))
}

/// Runs the program: reads the command line, does it, and says how it ended.
pub fn main() -> ExitCode {
    match Cli::try_parse() {
        Ok(cli) => run(cli.command),
        Err(error) => {
            let text = error.render();
            if error.use_stderr() {
                out::error_text(styled(&text, out::error_is_terminal()));
                Exit::Usage.into()
            } else {
                out::text(styled(&text, out::is_terminal()));
                Exit::Ok.into()
            }
        }
    }
}

fn styled(text: &clap::builder::StyledStr, terminal: bool) -> String {
    if terminal { text.ansi().to_string() } else { text.to_string() }
}

fn run(command: Command) -> ExitCode {
    match command {
        Command::Serve(args) => serve::run(&args),
        Command::Demo(args) => demo::run(&args),
        Command::FakeCalcom(args) => fake_calcom::run(&args),
        other => {
            logs::start("warn", LogFormat::Pretty);
            let output = match other {
                Command::Tenant(args) => tenant::run(args),
                Command::Calendar(args) => calendar::run(args),
                Command::Doctor(args) => doctor::run(args),
                Command::Call(args) => call::run(&args),
                Command::Explain(args) => explain::run(args),
                Command::Agenda(args) => agenda::run(args),
                Command::Callbacks(args) => callbacks::run(args),
                Command::Wishes(args) => wishes::run(args),
                Command::Sync(args) => sync::run(args),
                Command::Review(args) => review::run(args),
                Command::Understand(args) => understand::run(&args),
                Command::Migrate(args) => migrate::run(&args),
                Command::Backup(args) => backup::run(&args),
                Command::Keys(args) => keys::run(&args),
                Command::Completions(args) => completions::run(&args),
                Command::InternalDocs(args) => internal_docs::run(&args),
                Command::Serve(_) | Command::Demo(_) | Command::FakeCalcom(_) => CommandOutput::ok(""),
            };
            output.print()
        }
    }
}

/// The whole command line, for completions and tests.
fn grammar() -> clap::Command {
    Cli::command()
}

/// Runs async work of a command to its end on this thread.
fn block_on<T>(work: impl Future<Output = T>) -> Result<T, CommandOutput> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| CommandOutput::wrong(format!("this machine gives no resources: {error}")))?;
    Ok(runtime.block_on(work))
}

#[cfg(test)]
mod tests;
