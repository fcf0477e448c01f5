//! `frontdesk understand`
use super::CommandOutput;
/// Say what we make of a phrase
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The phrase
    text: Option<String>,
}
pub(super) fn run(args: &Args) -> CommandOutput {
    CommandOutput::wrong(format!("{:?}", args.text))
}
