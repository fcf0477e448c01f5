//! The documents tell the truth about where things are.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn markdown(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("target") && !path.ends_with(".git") && !path.ends_with("contracts") {
            markdown(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "md") {
            found.push(path);
        }
    }
}

#[test]
fn every_path_a_document_names_exists() {
    let root = root();
    let mut documents = Vec::new();
    markdown(&root, &mut documents);
    assert!(documents.len() > 8, "the documents were not found");
    let mut broken = Vec::new();
    for document in documents {
        let text = std::fs::read_to_string(&document).unwrap();
        // `crates/…/file.rs` in code marks, from the repository's root.
        for word in text.split('`').skip(1).step_by(2) {
            let names_a_file =
                word.starts_with("crates/") || word.starts_with("docs/") || word.starts_with("examples/");
            if names_a_file && !word.contains(['*', '…', '<', ' ']) && !root.join(word).exists() {
                broken.push(format!("{}: {word}", document.display()));
            }
        }
        // [text](relative/path#part)
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = target.split('#').next().unwrap();
            let inside = !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:");
            if inside && !document.parent().unwrap().join(target).exists() {
                broken.push(format!("{}: {target}", document.display()));
            }
        }
    }
    assert!(broken.is_empty(), "named, but not there:\n{}", broken.join("\n"));
}

/// Places of files, by the end of their paths, in one walkthrough.
fn places(title: &str, files: &[&str]) -> Vec<usize> {
    let text = std::fs::read_to_string(root().join("docs/ARCHITECTURE.md")).unwrap();
    let walk = text.split(&format!("\n## {title}\n")).nth(1).unwrap().split("\n## ").next().unwrap().to_owned();
    let place = |file: &&str| walk.find(*file).unwrap_or_else(|| panic!("{title}: {file} is not named"));
    files.iter().map(place).collect()
}

#[test]
fn the_first_walkthrough_begins_at_the_door_and_ends_with_a_sentence() {
    let order = ["http/voice.rs", "retell/decode.rs", "desk/src/answer.rs", "desk/src/book.rs", "speech/mod.rs"];
    let places = places("A caller books", &order);
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn the_walkthroughs_of_the_calendar_name_their_files_in_the_order_of_what_happens() {
    let walks: [(&str, &[&str]); 3] = [
        (
            "A caller books and Cal.com decides",
            &[
                "desk/src/availability.rs",
                "sync/intent.rs",
                "desk/src/undecided.rs",
                "sync/drive.rs",
                "domain/src/ports.rs",
                "calcom/client.rs",
                "calcom/classify.rs",
                "sync/settle.rs",
                "booking/saga.rs",
            ],
        ),
        (
            "The calendar hangs",
            &[
                "connect/src/http.rs",
                "sync/drive.rs",
                "undecided.rs",
                "weeks.rs",
                "app.rs",
                "sync/mod.rs",
                "reviews.rs",
            ],
        ),
        (
            "A webhook comes in",
            &["http/calcom.rs", "calcom/webhook.rs", "sync/hints.rs", "sync/truth.rs", "sync/sweep.rs"],
        ),
    ];
    for (title, files) in walks {
        let places = places(title, files);
        assert!(places.is_sorted(), "{title}: {places:?}");
    }
}

#[test]
fn the_data_model_tells_of_every_table_and_of_none_that_is_not_there() {
    let folder = root().join("crates/store/migrations/sqlite");
    let mut there: Vec<String> = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let made = text.lines().filter_map(|line| line.strip_prefix("CREATE TABLE "));
        there.extend(made.filter_map(|rest| rest.split_whitespace().next()).map(str::to_owned));
    }
    // The ledger of migrations makes itself.
    there.push("migration".to_owned());
    let text = std::fs::read_to_string(root().join("docs/DATA_MODEL.md")).unwrap();
    let mut told: Vec<String> = text
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` |"))
        .map(|(table, _)| table.to_owned())
        .collect();
    there.sort();
    told.sort();
    assert_eq!(told, there);
    assert!(text.contains("`appointment_sync`"), "the view is not told of");
}
