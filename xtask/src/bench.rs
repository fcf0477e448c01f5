//! Measurements. Timings live there and never in tests: a slow day must not turn a build red.
//!
//! The measuring itself is a program of the test kit, built in release like what it measures; this builds both and
//! hands the arguments on. `cargo xtask bench --help` says which there are.

use clap::Args;

use crate::run::{Outcome, cargo, run};

/// What is handed on.
#[derive(Args)]
#[command(disable_help_flag = true)]
pub struct Options {
    /// Arguments of the measuring program; --help shows them.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// Builds the product as it is shipped, then the measuring program, and runs that.
pub fn bench(options: &Options) -> Outcome {
    run(cargo().args(["build", "--release", "-p", "frontdesk"]))?;
    let measure = ["run", "--release", "-p", "frontdesk-testkit", "--bin", "frontdesk-bench", "--"];
    run(cargo().args(measure).args(&options.arguments))
}
