//! The recordings as they lie in the repository.

use std::path::PathBuf;

use serde_json::Value;

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../contracts/calcom"))
}

fn text(file: &str) -> String {
    std::fs::read_to_string(folder().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// The names in the order of recording.
pub fn order() -> Vec<String> {
    text("ORDER.txt").lines().map(str::to_owned).collect()
}

/// One recording.
pub fn read(name: &str) -> Value {
    serde_json::from_str(&text(&format!("transcripts/{name}.json"))).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The world they were made in.
pub fn world() -> Value {
    serde_json::from_str(&text("WORLD.json")).expect("WORLD.json is JSON")
}
