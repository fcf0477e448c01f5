//! The program as a process: the demo, and what it says about an open data folder.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output, Stdio};

fn frontdesk(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_frontdesk")).args(args).stdin(Stdio::null()).output().unwrap()
}

#[test]
fn the_demo_plays_its_calls_and_ends_with_0() {
    let output = frontdesk(&["demo", "--once"]);
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{out}\n{err}");
    assert!(out.contains("nobody's time is taken twice"), "{out}");
}

#[test]
fn a_data_folder_that_others_can_enter_is_warned_about_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().display().to_string();
    let warned = || {
        let output = frontdesk(&["migrate", "--data", &data]);
        assert_eq!(output.status.code(), Some(0));
        String::from_utf8_lossy(&output.stderr).contains(&format!("chmod 700 {data}"))
    };
    for (mode, wanted) in [(0o700, false), (0o755, true)] {
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!(warned(), wanted, "{mode:o}");
    }
}
