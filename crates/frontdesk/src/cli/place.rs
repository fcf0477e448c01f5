//! Which installation a command is about: its settings and data folder.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use frontdesk_store::Store;
use frontdesk_store::store::OpenError;

use super::{CommandOutput, Premises, StoreCommand, block_on};
use crate::app::base_url;
use crate::config::Config;
use crate::control;
use crate::world::{self, SystemClock};

/// The flags that name an installation.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct Place {
    /// Settings file; without it the built-in defaults hold
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Data folder; wins over the settings
    #[arg(long, value_name = "DIR")]
    pub(super) data: Option<PathBuf>,
}

impl Place {
    /// The settings: defaults, file, environment, and the flags over all of them.
    pub(super) fn settings(&self) -> Result<Config, CommandOutput> {
        let environment = world::environment().into_iter();
        let mut config = Config::load(self.config.as_deref(), environment)
            .map_err(|error| CommandOutput::wrong(format!("The settings cannot be used:\n{error}")))?;
        if let Some(data) = &self.data {
            config.data.dir.clone_from(data);
        }
        Ok(config)
    }

    /// Runs a command on this installation's store: here if the folder is free, otherwise in the server that has it.
    pub(super) fn run(&self, command: StoreCommand) -> CommandOutput {
        let config = match self.settings() {
            Ok(config) => config,
            Err(output) => return output,
        };
        let folder = &config.data.dir;
        if !folder.is_dir() && !command.may_make_folder() {
            return nothing_there(folder);
        }
        let ctx = world::ctx(Arc::new(SystemClock::new()));
        match Store::open(&config.data.store_options(), ctx) {
            Ok(store) => {
                let base_url = base_url(&config);
                let premises = Premises { store: &store, base_url: &base_url, served: false };
                block_on(command.run(&premises)).unwrap_or_else(|output| output)
            }
            Err(OpenError::InUse(in_use)) => match block_on(control::ask(folder, &command)) {
                Ok(Ok(output)) => output,
                Ok(Err(error)) => CommandOutput::refused(format!("{}\n({error})", OpenError::InUse(in_use))),
                Err(output) => output,
            },
            Err(error) => CommandOutput::wrong(error.to_string()),
        }
    }
}

fn nothing_there(folder: &Path) -> CommandOutput {
    CommandOutput::wrong(format!(
        "There is no data folder at {}. Name another with --data, or make one: frontdesk serve, or \
         frontdesk tenant apply FILE.toml",
        folder.display()
    ))
}
