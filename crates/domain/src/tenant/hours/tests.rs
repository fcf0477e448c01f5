#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use jiff::civil::date;
use serde_json::{Value, json};

use super::*;

fn branch(hours: Value) -> Branch {
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let week: Value =
        days.iter().map(|day| ((*day).to_owned(), hours.clone())).collect::<serde_json::Map<_, _>>().into();
    let value = json!({ "id": "mitte", "name": "Mitte", "zone": "Europe/Berlin", "state": "BE", "hours": week });
    serde_json::from_value(value).unwrap()
}

/// The day's openings as UTC clock times.
fn utc(branch: &Branch, on: Date) -> Vec<(String, String)> {
    let clock = |at: jiff::Timestamp| at.strftime("%d %H:%M").to_string();
    open_intervals(branch, on).iter().map(|open| (clock(open.from), clock(open.until))).collect()
}

fn pair(from: &str, until: &str) -> (String, String) {
    (from.to_owned(), until.to_owned())
}

#[test]
fn a_special_day_wins_over_a_closure_a_closure_over_a_holiday_a_holiday_over_the_week() {
    let mut branch = branch(json!([["09:00", "18:00"]]));
    let week = vec![DaySpan { from: 540, until: 1080 }];
    let first_of_may = date(2026, 5, 1);
    assert_eq!(opening_on(&branch, date(2026, 4, 30)), Ok(week.clone()));
    let labour_day = Holiday { de: "Tag der Arbeit", en: "Labour Day" };
    assert_eq!(opening_on(&branch, first_of_may), Err(ClosedFor::Holiday(labour_day)));
    branch.open_on_holidays = true;
    assert_eq!(opening_on(&branch, first_of_may), Ok(week));
    branch.open_on_holidays = false;
    let (from, until) = (first_of_may, date(2026, 5, 3));
    branch.closures.push(crate::tenant::Closure { from, until, name: Some("Umbau".to_owned()) });
    for day in [from, date(2026, 5, 2), until] {
        assert_eq!(opening_on(&branch, day), Err(ClosedFor::Closure(Some("Umbau".to_owned()))));
    }
    assert!(opening_on(&branch, date(2026, 5, 4)).is_ok());
    branch.special_days.push(crate::tenant::SpecialDay { date: first_of_may, hours: vec![] });
    assert_eq!(opening_on(&branch, first_of_may), Ok(vec![]), "a special day without hours is simply closed");
}

#[test]
fn no_state_means_no_holidays() {
    let mut branch = branch(json!([["09:00", "18:00"]]));
    branch.state = None;
    assert!(opening_on(&branch, date(2026, 12, 25)).is_ok());
}

#[test]
fn openings_follow_summer_and_winter_time() {
    let branch = branch(json!([["09:00", "18:00"]]));
    assert_eq!(utc(&branch, date(2026, 7, 1)), [pair("01 07:00", "01 16:00")]);
    assert_eq!(utc(&branch, date(2026, 12, 1)), [pair("01 08:00", "01 17:00")]);
}

#[test]
fn days_of_a_clock_change_have_23_or_25_hours() {
    let branch = branch(json!([["00:00", "24:00"]]));
    let length = |on| {
        let open = open_intervals(&branch, on);
        assert_eq!(open.len(), 1);
        open[0].until.duration_since(open[0].from).as_hours()
    };
    assert_eq!(length(date(2027, 3, 28)), 23);
    assert_eq!(length(date(2026, 10, 25)), 25);
    assert_eq!(length(date(2026, 10, 26)), 24);
}

#[test]
fn a_bound_in_the_skipped_hour_moves_forward_with_the_clock() {
    let opens_in_it = branch(json!([["02:30", "05:00"]]));
    assert_eq!(utc(&opens_in_it, date(2027, 3, 28)), [pair("28 01:30", "28 03:00")]);
    let closes_in_it = branch(json!([["00:00", "02:30"]]));
    assert_eq!(utc(&closes_in_it, date(2027, 3, 28)), [pair("27 23:00", "28 01:30")]);
    let nothing_left = branch(json!([["02:30", "03:30"]]));
    assert_eq!(utc(&nothing_left, date(2027, 3, 28)), []);
}

#[test]
fn a_bound_in_the_repeated_hour_is_the_first_of_the_two() {
    let closes_in_it = branch(json!([["01:00", "02:30"]]));
    assert_eq!(utc(&closes_in_it, date(2026, 10, 25)), [pair("24 23:00", "25 00:30")]);
    let opens_in_it = branch(json!([["02:30", "04:00"]]));
    assert_eq!(utc(&opens_in_it, date(2026, 10, 25)), [pair("25 00:30", "25 03:00")]);
}

#[test]
fn openings_that_meet_at_midnight_are_one() {
    let branch = branch(json!([["00:00", "02:00"], ["20:00", "24:00"]]));
    let open = openings(&branch, date(2026, 12, 1), date(2026, 12, 2));
    assert_eq!(open.len(), 3);
    assert_eq!(open[1].until.duration_since(open[1].from).as_hours(), 6);
}

#[test]
fn every_minute_of_a_clock_change_day_is_shown_as_often_as_the_clock_shows_it() {
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    for (on, in_the_hour) in [(date(2027, 3, 28), 0), (date(2026, 10, 25), 2), (date(2026, 12, 1), 1)] {
        let day = WallDay::of(&zone, on).unwrap();
        for minute in 0..1440 {
            let shown: Vec<_> = day.showing(minute).collect();
            assert_eq!(shown.len(), if (120..180).contains(&minute) { in_the_hour } else { 1 });
            for second in shown {
                let clock = zone.to_datetime(jiff::Timestamp::from_second(second).unwrap());
                assert_eq!((clock.date(), clock.hour() as u16 * 60 + clock.minute() as u16), (on, minute));
            }
        }
    }
}
