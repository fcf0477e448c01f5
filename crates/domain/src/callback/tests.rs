#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use serde_json::{Value, json};

use super::*;

/// Monday to Friday 9 to 19, Saturday 9 to 14, in Berlin.
fn branch() -> Branch {
    let day = json!([["09:00", "19:00"]]);
    let value = json!({ "id": "mitte", "name": "Mitte", "zone": "Europe/Berlin", "state": "BE", "hours": {
        "monday": day, "tuesday": day, "wednesday": day, "thursday": day, "friday": day,
        "saturday": [["09:00", "14:00"]],
    } });
    serde_json::from_value(value).unwrap()
}

fn changed(key: &str, to: Value) -> Branch {
    let mut value = serde_json::to_value(branch()).unwrap();
    value[key] = to;
    serde_json::from_value(value).unwrap()
}

/// Until when, asked at a Berlin wall-clock time, and whether it is open then.
fn asked(branch: &Branch, at: &str, minutes: u16) -> (String, bool) {
    let clock: jiff::civil::DateTime = at.parse().unwrap();
    let promise = promise(branch, clock.in_tz("Europe/Berlin").unwrap().timestamp(), minutes);
    (promise.by.in_tz("Europe/Berlin").unwrap().strftime("%Y-%m-%d %H:%M").to_string(), promise.open_now)
}

fn by(text: &str, open_now: bool) -> (String, bool) {
    (text.to_owned(), open_now)
}

#[test]
fn in_opening_hours_the_promise_is_so_many_minutes_from_now() {
    assert_eq!(asked(&branch(), "2026-12-02 10:00", 120), by("2026-12-02 12:00", true));
    assert_eq!(asked(&branch(), "2026-12-02 17:00", 120), by("2026-12-02 19:00", true));
}

#[test]
fn what_does_not_fit_before_closing_is_done_after_the_next_opening() {
    assert_eq!(asked(&branch(), "2026-12-02 18:30", 120), by("2026-12-03 10:30", true));
    assert_eq!(asked(&branch(), "2026-12-05 13:00", 120), by("2026-12-07 10:00", true));
}

#[test]
fn outside_opening_hours_time_begins_with_the_next_opening() {
    assert_eq!(asked(&branch(), "2026-12-02 23:00", 120), by("2026-12-03 11:00", false));
    assert_eq!(asked(&branch(), "2026-12-02 03:00", 60), by("2026-12-02 10:00", false));
    assert_eq!(asked(&branch(), "2026-12-02 19:00", 60), by("2026-12-03 10:00", false));
    assert_eq!(asked(&branch(), "2026-12-06 12:00", 0), by("2026-12-07 09:00", false));
}

#[test]
fn holidays_and_closures_are_skipped() {
    assert_eq!(asked(&branch(), "2026-12-24 18:30", 60), by("2026-12-28 09:30", true));
    let closed = changed("closures", json!([{ "from": "2026-12-03", "until": "2026-12-09" }]));
    assert_eq!(asked(&closed, "2026-12-02 20:00", 30), by("2026-12-10 09:30", false));
}

#[test]
fn a_pause_at_noon_does_not_count() {
    let mut week = serde_json::to_value(branch().hours).unwrap();
    week["wednesday"] = json!([["09:00", "12:00"], ["13:00", "18:00"]]);
    assert_eq!(asked(&changed("hours", week), "2026-12-02 11:30", 120), by("2026-12-02 14:30", true));
}

#[test]
fn a_branch_that_never_opens_promises_a_day_from_now() {
    let never = changed("closures", json!([{ "from": "2026-01-01", "until": "2030-01-01" }]));
    assert_eq!(asked(&never, "2026-12-02 10:00", 120), by("2026-12-03 10:00", false));
    assert_eq!(asked(&branch(), "2026-12-02 10:00", u16::MAX), by("2026-12-03 10:00", true));
}

#[test]
fn a_night_shop_keeps_its_promise_past_midnight_and_through_the_clock_change() {
    let mut week = serde_json::to_value(branch().hours).unwrap();
    week["saturday"] = json!([["20:00", "24:00"]]);
    week["sunday"] = json!([["00:00", "05:00"]]);
    let night = changed("hours", week);
    assert_eq!(asked(&night, "2026-12-05 23:30", 60), by("2026-12-06 00:30", true));
    assert_eq!(asked(&night, "2026-10-24 23:30", 180), by("2026-10-25 02:30", true));
    let third = promise(&night, "2026-10-24T22:30:00Z".parse().unwrap(), 180);
    assert_eq!(third.by, "2026-10-25T01:30:00Z".parse().unwrap());
}
