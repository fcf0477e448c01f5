//! The documents tell the truth about where things are.

#![allow(clippy::unwrap_used, reason = "tests")]

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

#[test]
fn the_first_walkthrough_begins_at_the_door_and_ends_with_a_sentence() {
    let text = std::fs::read_to_string(root().join("docs/ARCHITECTURE.md")).unwrap();
    let walk = text.split("## A caller books").nth(1).unwrap().split("\n## ").next().unwrap().to_owned();
    let order = ["http/voice.rs", "retell/decode.rs", "desk/src/answer.rs", "desk/src/book.rs", "speech/mod.rs"];
    let places: Vec<usize> = order.iter().map(|file| walk.find(file).unwrap()).collect();
    assert!(places.is_sorted(), "{places:?}");
}
