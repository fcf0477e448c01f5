//! `frontdesk internal-docs`: the generated parts of the documentation.

use clap::ValueEnum;
use frontdesk_domain::speech::codes;

use super::reference::functions_markdown;
use super::{CommandOutput, block_on};
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
    /// The list of statuses and codes
    Codes,
    /// docs/FUNCTIONS.md
    Functions,
}

pub(super) fn run(args: &Args) -> CommandOutput {
    match args.what {
        What::Config => CommandOutput::ok(reference_markdown()),
        What::Codes => CommandOutput::ok(codes_markdown()),
        What::Functions => match block_on(functions_markdown()) {
            Ok(Ok(page)) => CommandOutput::ok(page),
            Ok(Err(why)) => CommandOutput::wrong(why),
            Err(output) => output,
        },
    }
}

fn codes_markdown() -> String {
    let mut table = String::from(
        "# Codes\n\nEvery answer carries a `status` and a `code`. This list is closed; it is generated from the code\n\
         (`cargo xtask gen`).\n\n| code | meaning |\n| --- | --- |\n",
    );
    for (code, meaning) in codes() {
        table.push_str(&format!("| `{code}` | {meaning} |\n"));
    }
    table
}
