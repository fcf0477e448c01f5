//! `frontdesk demo`: the whole thing with nothing installed.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::out;

/// Play a few calls through the real door with a demo salon, then keep serving
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  frontdesk demo\n  frontdesk demo --once")]
pub struct Args {
    /// End after the calls: 0 only if every one ended as it must
    #[arg(long)]
    once: bool,
    /// Where to listen
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// Keep the data here
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// Runs the demo.
pub fn run(args: Args) -> ExitCode {
    let _ = args;
    out::error("The demo is not there yet.");
    ExitCode::FAILURE
}
