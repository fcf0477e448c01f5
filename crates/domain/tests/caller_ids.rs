//! Walks the table of raw caller ids that telephone networks and voice platforms send.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use frontdesk_domain::caller::number::CallerNumber;
use serde_json::Value;

const TABLE: &str = include_str!("data/caller-id-cases.json");

#[test]
fn every_caller_id_of_the_table_is_withheld_or_known_as_it_says() {
    let table: Value = serde_json::from_str(TABLE).unwrap();
    let country = table["default_region"].as_str().unwrap();
    let cases = table["cases"].as_array().unwrap();
    assert!(cases.len() > 30, "the table is there");
    for case in cases {
        let raw = case["from_number"].as_str();
        let expected = case["e164"].as_str();
        assert_eq!(case["anonymous"].as_bool().unwrap(), expected.is_none(), "the table contradicts itself: {case}");
        let read = CallerNumber::read(raw, country);
        let known = match &read {
            CallerNumber::Known(phone) => Some(phone.reveal()),
            CallerNumber::Withheld => None,
        };
        assert_eq!(known, expected, "{case}");
    }
}

#[test]
fn a_missing_caller_id_is_withheld() {
    assert_eq!(CallerNumber::read(None, "DE"), CallerNumber::Withheld);
}
