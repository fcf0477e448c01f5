//! Runs other programs: says which, stops with their exit code.

use std::ffi::OsStr;
use std::fmt;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};

/// Why a chore ended early.
#[derive(Debug, PartialEq, Eq)]
pub enum Stop {
    /// A program ended with this code; it has said itself what is wrong.
    Program {
        /// As typed on a command line.
        line: String,
        /// Its exit code; 1 where a signal ended it.
        code: u8,
    },
    /// A check found something: what, and what to do about it.
    Found(String),
}

/// How a chore ended.
pub type Outcome = Result<(), Stop>;

impl Stop {
    /// The exit code that goes to the shell.
    pub fn code(&self) -> u8 {
        match self {
            Self::Program { code, .. } => *code,
            Self::Found(_) => 1,
        }
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Program { line, code } => write!(f, "`{line}` failed with exit code {code}; its reasons stand above"),
            Self::Found(what) => f.write_str(what),
        }
    }
}

/// The folder of the workspace. Cargo tells where this package is; run by hand, the place it was built from counts.
pub fn root() -> PathBuf {
    let package =
        std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    package.parent().map_or_else(|| package.clone(), PathBuf::from)
}

/// The cargo that runs us, in the workspace's folder.
///
/// What `cargo run` tells us about *this* package is taken out of the environment: build scripts that watch those
/// variables (TLS libraries do) would else be built again each time cargo is started from here.
pub fn cargo() -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(root());
    for (name, _) in std::env::vars_os() {
        let told = name.to_str().is_some_and(|name| {
            name.starts_with("CARGO_PKG_")
                || matches!(name, "CARGO_MANIFEST_DIR" | "CARGO_MANIFEST_PATH" | "CARGO_CRATE_NAME" | "CARGO_BIN_NAME")
        });
        if told {
            command.env_remove(&name);
        }
    }
    command
}

/// Prints the command, runs it with our own output, and stops where it fails.
pub fn run(command: &mut Command) -> Outcome {
    let line = line_of(command);
    println!("$ {line}");
    let status = command.stdin(Stdio::null()).status().map_err(|error| cannot_start(&line, &error))?;
    ended(line, status)
}

/// Runs quietly and hands back what the program wrote to standard output; stops where it fails.
pub fn capture(command: &mut Command) -> Result<Vec<u8>, Stop> {
    let line = line_of(command);
    let output =
        command.stdin(Stdio::null()).stderr(Stdio::inherit()).output().map_err(|error| cannot_start(&line, &error))?;
    ended(line, output.status).map(|()| output.stdout)
}

fn ended(line: String, status: ExitStatus) -> Outcome {
    if status.success() {
        return Ok(());
    }
    let code = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
    Err(Stop::Program { line, code })
}

fn cannot_start(line: &str, error: &std::io::Error) -> Stop {
    Stop::Found(format!("`{line}` cannot be started: {error}; is it installed and on the PATH?"))
}

fn line_of(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_program_hands_its_exit_code_on() {
        let stop = run(Command::new("sh").args(["-c", "exit 7"])).unwrap_err();
        assert_eq!(stop.code(), 7);
        assert!(stop.to_string().starts_with("`sh -c exit 7` failed"));
    }

    #[test]
    fn a_missing_program_is_named() {
        let stop = run(&mut Command::new("no-such-program-here")).unwrap_err();
        assert_eq!(stop.code(), 1);
        assert!(stop.to_string().contains("no-such-program-here"));
    }

    #[test]
    fn what_a_program_writes_is_captured() {
        assert_eq!(capture(Command::new("echo").arg("hello")), Ok(b"hello\n".to_vec()));
    }
}
