//! The fixtures of `contracts/retell`, as they lie in the repository.
#![allow(dead_code, reason = "each test file uses its part")]

use std::path::PathBuf;

use serde_json::Value;

/// The contract's folder.
pub fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../contracts/retell"))
}

/// The exact bytes of a file.
pub fn bytes(file: &str) -> Vec<u8> {
    std::fs::read(folder().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// A file as JSON.
pub fn json(file: &str) -> Value {
    serde_json::from_slice(&bytes(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// Every fixture of a folder, by name.
pub fn fixtures(under: &str) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder().join(under))
        .expect("the folder is there")
        .map(|entry| format!("{under}/{}", entry.expect("readable").file_name().to_string_lossy()))
        .collect();
    names.sort();
    assert!(!names.is_empty(), "{under} is empty");
    names
}
