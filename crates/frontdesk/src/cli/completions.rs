//! `frontdesk completions`: for shells.

use clap_complete::Shell;

use super::{CommandOutput, grammar};

/// Print completions for a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  frontdesk completions bash > ~/.local/share/bash-completion/completions/frontdesk
  frontdesk completions zsh > ~/.zfunc/_frontdesk")]
pub(super) struct Args {
    /// Which shell
    shell: Shell,
}

pub(super) fn run(args: &Args) -> CommandOutput {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut grammar(), "frontdesk", &mut script);
    CommandOutput::ok(String::from_utf8_lossy(&script))
}
