//! The real program on a disk that fills up: whoever was told of a booking has it, whoever has not was told so.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;

const NOW: &str = "2026-12-01T09:12:31+01:00";
/// Files of the running program may not grow beyond this many blocks (of 512 bytes or of 1 KiB, as the shell counts).
const BLOCKS: u32 = 2048;
const TENANT: &str = r#"
slug = "haus"
name = "Haus am Abgrund"
language = "de"
country = "DE"
zone = "Europe/Berlin"
slot_grid_minutes = 30
endpoint = "ep_5Jq0demo"

[voice.retell]
keys = ["key_frontdesk_fixture_4c1b7e90d2a8"]

[[branch]]
id = "haus"
name = "Haus"
state = "none"
hours = { mon-sun = "09:00-19:00" }

[[branch.line]]
number = "+49 30 23125101"

[[service]]
name = "Herrenhaarschnitt"
minutes = 30

[[staff]]
name = "Emma Winkler"
services = ["Herrenhaarschnitt"]
"#;

/// A running program; killed with the test at the latest.
struct Desk {
    child: Child,
    /// Kept open, or its next line would end it.
    _stdout: BufReader<ChildStdout>,
}

impl Desk {
    /// Starts it, below that limit of a file's size if there is one, and returns once it says where it listens.
    fn start(data: &Path, blocks: Option<u32>) -> Self {
        // A write beyond the limit then fails as on a full disk, instead of ending the program.
        let limit = blocks.map_or_else(String::new, |blocks| format!("trap '' XFSZ; ulimit -f {blocks}; "));
        let mut child = Command::new("sh")
            .args(["-c", &format!("{limit}exec \"$0\" \"$@\""), env!("CARGO_BIN_EXE_frontdesk")])
            .args(["serve", "--listen", "127.0.0.1:0", "--now", NOW, "--data"])
            .arg(data)
            .env("FRONTDESK__LOG__LEVEL", "off")
            .env("FRONTDESK__SERVER__ANSWER_DEADLINE_MS", "30000")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        while !line.contains("http://") {
            line.clear();
            assert_ne!(stdout.read_line(&mut line).unwrap(), 0, "it ended before it listened");
        }
        Self { child, _stdout: stdout }
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _reaped_already = self.child.wait();
    }
}

fn frontdesk(args: &[&str], data: &Path) -> Vec<u8> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_frontdesk"));
    command.args(args).arg("--data").arg(data).stdin(Stdio::null()).output().unwrap().stdout
}

fn ask(data: &Path, function: &str, number: usize, more: &[String]) -> Value {
    let from = format!("+4917144{number:06}");
    let mut args = vec!["call", function, "--json", "--from", &from];
    args.extend(more.iter().flat_map(|arg| ["--arg", arg.as_str()]));
    let told = frontdesk(&args, data);
    serde_json::from_slice(&told).unwrap_or_else(|_| panic!("no answer: {}", String::from_utf8_lossy(&told)))
}

/// Everybody wishes for a half hour of their own.
fn book(data: &Path, number: usize) -> Value {
    let (day, half_hour) = (number / 20 + 2, number % 20);
    let wish = [
        "service_name=Herrenhaarschnitt".to_owned(),
        format!("date=2026-12-{day:02}"),
        format!("time={:02}:{:02}", 9 + half_hour / 2, half_hour % 2 * 30),
        format!("customer_name=Alma Stamm{}", "m".repeat(number % 7)),
        // What fills the disk.
        format!("notes={}", "lang ".repeat(300)),
    ];
    ask(data, "book_appointment", number, &wish)
}

#[test]
fn on_a_full_disk_nobody_is_told_of_a_booking_that_is_not_there_and_nobody_loses_one() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let file = folder.path().join("haus.toml");
    std::fs::write(&file, TENANT).unwrap();
    frontdesk(&["tenant", "apply", &file.display().to_string()], &data);

    let mut told = Vec::new();
    let mut apologies = 0;
    {
        let _desk = Desk::start(&data, Some(BLOCKS));
        for number in 0..400 {
            let answer = book(&data, number);
            let words = answer["spoken"].as_str().unwrap().split_whitespace().count();
            assert!(words > 3, "a sentence: {answer}");
            match (answer["booked"].as_bool(), answer["status"].as_str()) {
                (Some(true), Some("booked")) => told.push(number),
                (Some(false), Some("error")) => apologies += 1,
                _ => panic!("neither booked nor an apology: {answer}"),
            }
            if apologies == 5 {
                break;
            }
        }
        assert_eq!(apologies, 5, "the disk was never full; {} booked", told.len());
    }
    assert!(!told.is_empty(), "the disk was full from the beginning");

    let _desk = Desk::start(&data, None);
    let last = told.last().copied().unwrap() + 5;
    for number in 0..=last {
        let answer = ask(&data, "list_appointments", number, &[]);
        let has_one = answer["appointments"].as_array().is_some_and(|all| !all.is_empty());
        assert_eq!(has_one, told.contains(&number), "caller {number}: {answer}");
    }
    let again = book(&data, last + 1);
    assert_eq!(again["status"], "booked", "with room again it goes on: {again}");
}
