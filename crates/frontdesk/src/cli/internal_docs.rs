//! `frontdesk internal-docs`: the generated parts of the documentation.

use clap::ValueEnum;

use super::CommandOutput;
use crate::config::reference_markdown;

/// Print generated documentation
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Which part
    what: What,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum What {
    /// docs/CONFIG.md
    Config,
}

pub(super) fn run(args: &Args) -> CommandOutput {
    match args.what {
        What::Config => CommandOutput::ok(reference_markdown()),
    }
}
