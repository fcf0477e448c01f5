//! Licences, advisories and banned crates, by cargo-deny and `deny.toml`.

use std::process::Stdio;

use crate::run::{Outcome, Stop, cargo, run};

/// Runs cargo-deny. It is no part of `test`: it needs the network and a tool that takes minutes to build.
pub fn deny() -> Outcome {
    let installed = cargo()
        .args(["deny", "--version"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if installed {
        return run(cargo().args(["deny", "check"]));
    }
    Err(Stop::Found("cargo-deny is not installed; get it with: cargo install --locked cargo-deny".to_owned()))
}
