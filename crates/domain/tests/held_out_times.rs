//! Phrases written down as callers say them, in four helpings, each measured before anything was mended after it: how
//! many are understood, asked back and understood wrongly, per language.
//!
//! First measured (right, wrong in percent): German 94, 2 of 347; 82, 14 of 152; 92, 7 of 117; 96, 4 of 50. English
//! 95, 3 of 155; 67, 24 of 58; 94, 6 of 48; 92, 4 of 25. The second helping was made to be hard: denials, bounds said
//! behind, words run together, what only the caller knows. What is asserted now keeps what was reached.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

mod judge;

use judge::{Met, judged, understood};
use serde_json::Value;

const DATA: &str = include_str!("held_out_times.jsonl");

/// Judges every phrase of a language; asserts floors in percent for right and for wrong.
fn measure(lang: &str, least_right: f64, most_wrong: f64) {
    let (mut count, mut right, mut wrong) = (0_u32, 0_u32, 0_u32);
    let mut report = String::new();
    for case in DATA.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()) {
        if case["lang"] != lang {
            continue;
        }
        let answer = understood(&case);
        let met = judged(&case, &answer);
        count += 1;
        right += u32::from(met == Met::Right);
        wrong += u32::from(met == Met::Wrong);
        if met != Met::Right {
            report += &format!("{met:?} {} {}: {answer}, wanted {}\n", case["id"], case["text"], case["expect"]);
        }
    }
    let percent = |part: u32| 100.0 * f64::from(part) / f64::from(count);
    let asked = count - right - wrong;
    println!("{report}{lang}: {right} right, {asked} asked, {wrong} wrong of {count}");
    assert!(percent(right) >= least_right, "{:.1} % right\n{report}", percent(right));
    assert!(percent(wrong) <= most_wrong, "{:.1} % wrong\n{report}", percent(wrong));
}

#[test]
fn german_phrases_are_understood_and_next_to_none_wrongly() {
    measure("de", 99.0, 0.3);
}

#[test]
fn english_phrases_are_understood_and_next_to_none_wrongly() {
    measure("en", 99.0, 0.3);
}
