//! What the checks need beside Rust; a missing part is named with its package, never skipped.

use std::process::{Command, Stdio};

use crate::run::{Outcome, Stop};

/// A program the checks need.
struct Part {
    /// A command line that succeeds where the part is there.
    probe: &'static [&'static str],
    /// What it is needed for.
    purpose: &'static str,
    /// How to get it.
    install: &'static str,
}

/// Every part. A new one is named in `.ci/run` too, which installs it.
const PARTS: &[Part] = &[
    Part {
        probe: &["cc", "--version"],
        purpose: "SQLite and the TLS library are C and are compiled here",
        install: "apt-get install build-essential",
    },
    Part {
        probe: &["cargo", "fmt", "--version"],
        purpose: "the sources are compared with their formatted form",
        install: "rustup component add rustfmt",
    },
    Part {
        probe: &["cargo", "clippy", "--version"],
        purpose: "clippy holds the borders inside the crates",
        install: "rustup component add clippy",
    },
];

/// Stops, naming each missing part and how to get it.
pub fn parts() -> Outcome {
    all_there(PARTS)
}

fn all_there(parts: &[Part]) -> Outcome {
    let missing: Vec<String> = parts
        .iter()
        .filter(|part| !answers(part.probe))
        .map(|part| format!("missing: `{}` ({}).\n  Get it with: {}", part.probe.join(" "), part.purpose, part.install))
        .collect();
    if missing.is_empty() { Ok(()) } else { Err(Stop::Found(missing.join("\n"))) }
}

fn answers(probe: &[&str]) -> bool {
    let Some((program, arguments)) = probe.split_first() else { return false };
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_part_stops_with_what_to_install() {
        let there = Part { probe: &["true"], purpose: "", install: "" };
        let absent = Part { probe: &["no-such-compiler"], purpose: "C", install: "apt-get install some-package" };
        let Err(Stop::Found(text)) = all_there(&[there, absent]) else { panic!("a missing part was not noticed") };
        assert!(text.contains("no-such-compiler") && text.contains("apt-get install some-package"), "{text}");
        assert!(!text.contains("true"), "{text}");
    }

    #[test]
    fn a_part_that_answers_with_an_error_counts_as_missing() {
        let broken = Part { probe: &["false"], purpose: "", install: "" };
        assert!(all_there(&[broken]).is_err());
    }
}
