//! `frontdesk backup`: a consistent copy of the database while calls go on.

use std::path::{Path, PathBuf};

use super::output::EXIT_CODES;
use super::place::Place;
use super::{CommandOutput, Premises, StoreCommand};
use crate::tasks;

/// Copy the database to a new file while calls go on (keys are not in it: keep the data folder's keys/ apart)
#[derive(Debug, clap::Args)]
#[command(after_help = format!("Examples:\n  frontdesk backup /backups/frontdesk-monday.db\n\n{EXIT_CODES}"))]
pub(super) struct Args {
    /// The new file; nothing is overwritten
    file: PathBuf,
    #[command(flatten)]
    place: Place,
}

pub(super) fn run(args: &Args) -> CommandOutput {
    // The server may run in another directory.
    match std::path::absolute(&args.file) {
        Ok(target) => args.place.run(StoreCommand::Backup { target }),
        Err(error) => CommandOutput::wrong(format!("{} cannot be used: {error}", args.file.display())),
    }
}

pub(super) async fn backup(target: &Path, premises: &Premises<'_>) -> CommandOutput {
    if target.exists() {
        return CommandOutput::refused(format!("{} exists already; name another file.", target.display()));
    }
    let (store, file) = (premises.store.clone(), target.to_owned());
    match tasks::blocking(move || store.backup_to(&file, |_, _| {})).await {
        None => CommandOutput::wrong("No backup was made: it panicked; the log has the place."),
        Some(Ok(())) => {
            let bytes = target.metadata().map_or(0, |file| file.len());
            CommandOutput::ok(format!(
                "Copied to {} ({} KiB), checked. The keys are not in it: keep a copy of the data folder's keys/ apart.",
                target.display(),
                bytes / 1024
            ))
        }
        Some(Err(error)) => CommandOutput::wrong(format!("No backup was made: {error}")),
    }
}
