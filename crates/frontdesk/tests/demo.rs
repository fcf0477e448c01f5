//! The program as a process: the demo, and what it says about an open data folder.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output, Stdio};

fn frontdesk(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_frontdesk")).args(args).stdin(Stdio::null()).output().unwrap()
}

#[test]
fn the_demo_plays_its_calls_and_an_outage_and_ends_with_0() {
    let output = frontdesk(&["demo", "--once"]);
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{out}\n{err}");
    // In this order: the built-in calendar, Cal.com well, hanging, gone and back, its own page, both ledgers.
    let told = [
        "keeps its own calendar",
        "exactly one is booked",
        "keeps its calendar in Cal.com",
        "it is in Cal.com's ledger",
        "exactly one is booked",
        "book_appointment → noted",
        "has her booking in its ledger, but no answer ever came",
        "Cal.com is gone",
        "book_appointment → noted",
        "is back after",
        "is confirmed",
        "is confirmed",
        "nothing was booked a second time",
        "the appointment here follows",
        "3 appointments, 3 bookings, none too many",
        "nobody's time is taken twice",
    ];
    let mut rest = &out[..];
    for words in told {
        let Some((_, after)) = rest.split_once(words) else { panic!("{words:?} is not told in its place:\n{out}") };
        rest = after;
    }
    assert_eq!(err, "", "nothing but the scenes is told");
    let wide: Vec<&str> = out.lines().filter(|line| line.chars().count() > 80).collect();
    assert!(wide.is_empty(), "wider than a terminal: {wide:#?}");
}

#[test]
fn the_demo_does_not_play_into_data_that_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().display().to_string();
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/salon-morgenrot.toml");
    assert_eq!(frontdesk(&["tenant", "apply", example, "--data", &data]).status.code(), Some(0));
    let output = frontdesk(&["demo", "--once", "--data", &data]);
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{err}");
    assert!(err.contains("holds data already; name an empty folder"), "{err}");
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
