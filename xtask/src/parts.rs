//! What the checks need beside Rust; a missing part is named with its package, never skipped.

use std::process::{Command, Stdio};

use crate::run::{Outcome, Stop};

/// A program the checks need.
struct Part {
    /// What it is.
    name: &'static str,
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
        name: "a C compiler with the C library's headers",
        probe: &["cc", "-include", "stdio.h", "-x", "c", "-fsyntax-only", "/dev/null"],
        purpose: "SQLite and the TLS library are C and are compiled here",
        install: "apt-get install build-essential",
    },
    Part {
        name: "rustfmt",
        probe: &["cargo", "fmt", "--version"],
        purpose: "the sources are compared with their formatted form",
        install: "rustup component add rustfmt",
    },
    Part {
        name: "clippy",
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
        .map(|part| format!("missing: {} ({}).\n  Get it with: {}", part.name, part.purpose, part.install))
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
        let there = Part { name: "something", probe: &["true"], purpose: "", install: "" };
        let absent = Part {
            name: "some compiler",
            probe: &["no-such-compiler"],
            purpose: "C",
            install: "apt-get install some-package",
        };
        let Err(Stop::Found(text)) = all_there(&[there, absent]) else { panic!("a missing part was not noticed") };
        assert!(text.contains("some compiler") && text.contains("apt-get install some-package"), "{text}");
        assert!(!text.contains("something"), "{text}");
    }

    #[test]
    fn a_part_that_answers_with_an_error_counts_as_missing() {
        let broken = Part { name: "a part", probe: &["false"], purpose: "", install: "" };
        assert!(all_there(&[broken]).is_err());
    }
}
