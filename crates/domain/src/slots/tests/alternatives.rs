use serde_json::json;

use super::world::*;
use crate::slots::alternatives::{Near, alternatives};
use crate::slots::free::Search;

fn near(search: &Search<'_>, wished: &str, count: usize) -> Vec<String> {
    starts(&alternatives(search, &Near { wished: &berlin(wished), count, within: None }))
}

fn near_within(search: &Search<'_>, wished: &str, count: usize, stretches: &[(&str, &str)]) -> Vec<String> {
    let stretches: Vec<_> = stretches.iter().map(|(from, until)| (moment(from), moment(until))).collect();
    starts(&alternatives(search, &Near { wished: &berlin(wished), count, within: Some(&stretches) }))
}

#[test]
fn the_two_nearest_free_times_of_the_day_come_first() {
    let salon = salon();
    let busy = taken(&[
        ("fabian", "2026-12-02 09:00", "2026-12-02 10:00"),
        ("fabian", "2026-12-02 10:00", "2026-12-02 10:30"),
        ("fabian", "2026-12-02 11:00", "2026-12-02 11:15"),
    ]);
    let search = search(&salon, &["cut"], NOW, &busy);
    assert_eq!(near(&search, "2026-12-02 10:00", 2), ["2026-12-02 10:30", "2026-12-02 11:15"]);
}

#[test]
fn a_long_service_is_offered_where_all_of_it_fits() {
    let salon = salon();
    let busy =
        taken(&[("emma", "2026-12-02 09:30", "2026-12-02 11:00"), ("leyla", "2026-12-02 09:00", "2026-12-02 11:00")]);
    let search = search(&salon, &["colour"], NOW, &busy);
    assert_eq!(near(&search, "2026-12-02 10:00", 3)[0], "2026-12-02 11:00");
}

#[test]
fn nearer_times_come_first_on_both_sides_and_of_two_equally_near_the_later() {
    let salon = salon();
    let busy = taken(&[("fabian", "2026-12-02 12:45", "2026-12-02 13:45")]);
    let search = search(&salon, &["cut"], NOW, &busy);
    let found = near(&search, "2026-12-02 13:00", 4);
    assert_eq!(found, ["2026-12-02 13:45", "2026-12-02 12:15", "2026-12-02 14:00", "2026-12-02 12:00"]);
}

#[test]
fn a_free_wish_is_never_its_own_alternative() {
    let salon = salon();
    let search = search(&salon, &["cut"], NOW, &taken(&[]));
    let found = near(&search, "2026-12-02 13:00", 10);
    assert_eq!(found.len(), 10);
    assert!(!found.contains(&"2026-12-02 13:00".to_owned()));
}

#[test]
fn on_a_full_day_the_same_clock_time_of_the_next_days_comes_before_what_is_next() {
    let salon = salon();
    let busy = taken(&[
        ("fabian", "2026-12-04 09:00", "2026-12-04 19:00"),
        ("fabian", "2026-12-08 13:00", "2026-12-08 13:30"),
    ]);
    let search = search(&salon, &["cut"], NOW, &busy);
    let found = near(&search, "2026-12-04 13:00", 3);
    assert_eq!(found, ["2026-12-05 13:00", "2026-12-07 13:00", "2026-12-09 13:00"], "no Sunday, no taken Tuesday");
    let many = near(&search, "2026-12-04 13:00", 15);
    assert_eq!(many[10..13], ["2026-12-18 13:00", "2026-12-05 09:00", "2026-12-05 09:15"]);
}

#[test]
fn times_the_same_clock_never_reaches_are_found_over_the_whole_horizon() {
    let salon = salon();
    let busy = taken(&[("fabian", "2026-12-01 00:00", "2027-02-20 13:30")]);
    let search = search(&salon, &["cut"], NOW, &busy);
    assert_eq!(near(&search, "2026-12-04 13:00", 2), ["2027-02-20 13:30", "2027-02-22 09:00"]);
}

#[test]
fn a_stated_half_day_is_kept_to_while_it_holds_anything() {
    let salon = salon();
    let free = taken(&[]);
    let afternoon = [("2026-12-04 12:00", "2026-12-04 18:00")];
    let full_but_one = taken(&[("fabian", "2026-12-04 12:00", "2026-12-04 17:30")]);
    let open = search(&salon, &["cut"], NOW, &free);
    assert_eq!(
        near_within(&open, "2026-12-04 12:15", 3, &afternoon),
        ["2026-12-04 12:30", "2026-12-04 12:00", "2026-12-04 12:45"]
    );
    let full = search(&salon, &["cut"], NOW, &full_but_one);
    assert_eq!(near_within(&full, "2026-12-04 13:00", 3, &afternoon), ["2026-12-04 17:30", "2026-12-04 17:45"]);
    let none = taken(&[("fabian", "2026-12-04 12:00", "2026-12-04 18:30")]);
    let search = search(&salon, &["cut"], NOW, &none);
    assert_eq!(near_within(&search, "2026-12-04 13:00", 2, &afternoon), ["2026-12-04 11:30", "2026-12-04 11:15"]);
}

#[test]
fn several_stretches_are_searched_also_before_the_wished_day() {
    let salon = salon();
    let busy = taken(&[("fabian", "2026-12-03 09:00", "2026-12-03 19:00")]);
    let search = search(&salon, &["cut"], NOW, &busy);
    let mornings = [("2026-12-03 09:00", "2026-12-03 12:00"), ("2026-12-02 09:00", "2026-12-02 10:00")];
    assert_eq!(near_within(&search, "2026-12-03 10:00", 2, &mornings), ["2026-12-02 09:45", "2026-12-02 09:30"]);
}

#[test]
fn a_wish_of_the_past_is_answered_with_the_future() {
    let salon = salon();
    let search = search(&salon, &["cut"], NOW, &taken(&[]));
    assert_eq!(near(&search, "2026-12-01 09:00", 2), ["2026-12-01 09:15", "2026-12-01 09:30"]);
    assert_eq!(near(&search, "2026-11-10 10:00", 2), ["2026-12-01 10:00", "2026-12-02 10:00"]);
}

#[test]
fn a_wish_beyond_the_horizon_is_answered_with_the_last_bookable_times() {
    let mut value = salon_value();
    value["policy"] = json!({ "horizon_days": 7 });
    let salon = read(value);
    let search = search(&salon, &["cut"], NOW, &taken(&[]));
    assert_eq!(near(&search, "2027-06-01 10:00", 2), ["2026-12-08 18:30", "2026-12-08 18:15"]);
}

#[test]
fn the_same_clock_time_holds_across_a_clock_change() {
    let shop = round_the_clock(30);
    let busy = taken(&[("fabian", "2026-10-24 00:00", "2026-10-25 00:00")]);
    let search = search(&shop, &["cut"], "2026-10-24 00:00", &busy);
    assert_eq!(near(&search, "2026-10-24 10:00", 2), ["2026-10-25 10:00", "2026-10-26 10:00"]);
}
