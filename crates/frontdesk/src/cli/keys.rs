//! `frontdesk keys`: the ring that opens the stored keys of voice platforms and calendars.

use clap::Subcommand;

use super::output::EXIT_CODES;
use super::place::Place;
use super::{CommandOutput, Premises, StoreCommand};

/// Look after the key ring, which opens the stored keys of voice platforms and calendars
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Rotate(Rotate),
}

/// Add a fresh key to the ring and seal everything again with it, while calls go on; old keys stay in the ring
#[derive(Debug, clap::Args)]
#[command(after_help = format!("Examples:\n  frontdesk keys rotate --data /var/lib/frontdesk\n\n{EXIT_CODES}"))]
struct Rotate {
    #[command(flatten)]
    place: Place,
}

pub(super) fn run(args: &Args) -> CommandOutput {
    let Command::Rotate(rotate) = &args.command;
    rotate.place.run(StoreCommand::KeysRotate)
}

pub(super) async fn rotate(premises: &Premises<'_>) -> CommandOutput {
    let done = match premises.store.rotate_keys().await {
        Ok(done) => done,
        Err(error) => {
            return CommandOutput::wrong(format!(
                "Nothing was sealed again: {error}\nWhat is stored opens as before; run it again."
            ));
        }
    };
    let mut told = format!(
        "Key {} is new in the ring, which has {} now; {} stored {} sealed with it.\n\
         Older keys stay, so that older backups still open.\n",
        done.key,
        counted(done.keys, "key", "keys"),
        done.sealed,
        if done.sealed == 1 { "secret is" } else { "secrets are" },
    );
    if done.unopenable > 0 {
        told.push_str(&format!(
            "{} could not be opened with any key of the ring and stayed as before; apply their tenants' files again.\n",
            counted(done.unopenable, "secret", "secrets")
        ));
    }
    if let Some(folder) = premises.store.key_ring() {
        told.push_str(&format!("Keep a fresh copy of {} apart from the backups.\n", folder.join("ring").display()));
    }
    CommandOutput::ok(told)
}

fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
