//! docs/TENANT_FILE.md knows every key the reader asks for, and its smallest file is one.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::collections::BTreeSet;
use std::path::Path;

use frontdesk::tenant_file;

fn page() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/TENANT_FILE.md")).unwrap()
}

#[test]
fn every_key_the_reader_asks_for_is_explained() {
    let mut asked = BTreeSet::new();
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tenant_file")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "rs") {
            continue;
        }
        let source = std::fs::read_to_string(path).unwrap();
        for word in ["item", "text", "texts", "needed_text", "whole", "flag", "table", "tables"] {
            for part in source.split(&format!(".{word}(\"")).skip(1) {
                asked.insert(part.split('"').next().unwrap().to_owned());
            }
        }
    }
    assert!(asked.len() > 35, "the keys were not found: {asked:?}");
    let page = page();
    let told = |key: &String| {
        [format!("`{key}`"), format!("[{key}"), format!(".{key}]"), format!(".{key}`"), format!("{key} = ")]
            .iter()
            .any(|shape| page.contains(shape.as_str()))
    };
    let untold: Vec<&String> = asked.iter().filter(|key| !told(key)).collect();
    assert!(untold.is_empty(), "not in docs/TENANT_FILE.md: {untold:?}");
}

#[test]
fn the_smallest_file_is_taken_without_a_warning() {
    let page = page();
    let text = page.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let file = tenant_file::read(text, "page.toml").unwrap_or_else(|errors| panic!("{errors}"));
    assert!(file.warnings.is_empty(), "{:?}", file.warnings);
}
