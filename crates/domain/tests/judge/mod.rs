//! How an understood phrase is judged against what a good desk understands: shared by the tables of phrases.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    dead_code,
    reason = "tests"
)]

use frontdesk_domain::lang::Lang;
use frontdesk_domain::spoken::{TimeContext, understand, vocabulary};
use frontdesk_domain::tenant::hours::{DayParts, minute_of_day};
use jiff::{Timestamp, Zoned};
use serde_json::Value;

/// How an answer compares with what is expected.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Met {
    /// As one of the expectations says.
    Right,
    /// Asked back, or nothing understood, where an answer was expected.
    Unanswered,
    /// Understood as something else.
    Wrong,
}

/// The answer to a case, in the vocabulary the tables are written in.
pub fn understood(case: &Value) -> Value {
    let reference: Timestamp = case["reference"].as_str().unwrap().parse().unwrap();
    let now: Zoned = reference.in_tz(case["tz"].as_str().unwrap()).unwrap();
    let hour = |at: usize| minute_of_day(case["hours"][at].as_str().unwrap()).unwrap();
    let context = TimeContext {
        now: &now,
        hours: (hour(0), hour(1)),
        day_parts: &DayParts::default(),
        lang: Lang::from_tag(case["lang"].as_str().unwrap()).unwrap(),
    };
    vocabulary::to_json(&understand(case["text"].as_str().unwrap(), &context), now.time_zone(), None)
}

/// Minutes since the epoch for an instant, since midnight for a "T…" value.
fn minutes(value: &Value) -> Option<(bool, i64)> {
    let text = value.as_str()?;
    if let Some(clock) = text.strip_prefix('T') {
        return Some((true, i64::from(minute_of_day(clock).ok()?)));
    }
    Some((false, text.parse::<Timestamp>().ok()?.as_second() / 60))
}

fn bound_matches(expect: &Value, answer: &Value, key: &str) -> bool {
    let range = &expect[format!("{key}_range")];
    let got = minutes(&answer[key]);
    if range.is_array() {
        let (low, high) = (minutes(&range[0]).unwrap(), minutes(&range[1]).unwrap());
        return got.is_some_and(|got| got.0 == low.0 && low.1 <= got.1 && got.1 <= high.1);
    }
    match minutes(&expect[key]) {
        None => true,
        expected => got == expected,
    }
}

fn matches(expect: &Value, answer: &Value) -> bool {
    let (expected, got) = (expect["kind"].as_str().unwrap(), answer["kind"].as_str().unwrap());
    if expected == "instant" || expected == "time" {
        let tolerance = expect["tolerance_min"].as_i64();
        if let (Some(tolerance), "interval" | "timerange" | "daypart") = (tolerance, got) {
            let at = minutes(&expect["start"]).unwrap().1;
            let (from, until) = (minutes(&answer["start"]).unwrap().1, minutes(&answer["end"]).unwrap().1);
            return from <= at && at <= until && at - from <= tolerance && until - at <= tolerance;
        }
    }
    if expected != got {
        return false;
    }
    match expected {
        "options" => {
            let (wanted, given) = (expect["options"].as_array().unwrap(), answer["options"].as_array().unwrap());
            wanted.len() == given.len() && wanted.iter().zip(given).all(|(wanted, given)| matches(wanted, given))
        }
        "constraint" => {
            let daily = match (&expect["daily"], &answer["daily"]) {
                (Value::Null, Value::Null) => true,
                (wanted, given) => given.is_object() && wanted.is_object() && matches(wanted, given),
            };
            expect["weekdays"] == answer["weekdays"]
                && daily
                && bound_matches(expect, answer, "start")
                && bound_matches(expect, answer, "end")
        }
        "ask" | "any" | "none" => true,
        "date" => bound_matches(expect, answer, "start"),
        _ => bound_matches(expect, answer, "start") && bound_matches(expect, answer, "end"),
    }
}

/// Compares an answer with what the case expects.
pub fn judged(case: &Value, answer: &Value) -> Met {
    let expect = &case["expect"];
    let asked = answer["kind"] == "ask";
    if asked && case["ask_ok"] == true {
        return Met::Right;
    }
    let also = case["also"].as_array().unwrap();
    if std::iter::once(expect).chain(also).any(|expect| matches(expect, answer)) {
        return Met::Right;
    }
    // Hearing a time where none was said is wrong; hearing none where one was said makes the desk ask for it.
    if asked || answer["kind"] == "none" { Met::Unanswered } else { Met::Wrong }
}
