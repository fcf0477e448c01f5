//! `frontdesk migrate`: brings the schema up to date.

use super::output::EXIT_CODES;
use super::place::Place;
use super::{CommandOutput, Premises, StoreCommand};

/// Bring the data folder's schema up to this version (serve does it by itself)
#[derive(Debug, clap::Args)]
#[command(after_help = format!("Examples:\n  frontdesk migrate --data /var/lib/frontdesk\n\n{EXIT_CODES}"))]
pub(super) struct Args {
    #[command(flatten)]
    place: Place,
}

pub(super) fn run(args: &Args) -> CommandOutput {
    args.place.run(StoreCommand::Migrate)
}

/// Opening the store has migrated it already.
pub(super) async fn migrate(premises: &Premises<'_>) -> CommandOutput {
    match premises.store.ready().await {
        Ok(()) => CommandOutput::ok("The schema is up to date."),
        Err(error) => CommandOutput::wrong(format!("The schema is not up to date: {error}")),
    }
}
