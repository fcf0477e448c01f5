//! Every phrase of `data/spoken-times.jsonl`, as callers say them and voice platforms hand them on: understood as a
//! good desk would, asked back where only that is right, and never understood wrongly.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod judge;

use judge::{Met, judged, understood};
use serde_json::Value;

const DATA: &str = include_str!("data/spoken-times.jsonl");

#[test]
fn every_phrase_is_understood_and_none_wrongly() {
    let mut failures = Vec::new();
    let mut count = 0;
    for line in DATA.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let answer = understood(&case);
        let met = judged(&case, &answer);
        count += 1;
        if met != Met::Right {
            failures.push(format!("{met:?} {} {}: {answer}, wanted {}", case["id"], case["text"], case["expect"]));
        }
    }
    assert_eq!(count, 116);
    assert!(failures.is_empty(), "{} of {count}:\n{}", failures.len(), failures.join("\n"));
}
