use serde_json::json;

use super::world::*;

#[test]
fn starts_follow_the_grid_from_opening_until_the_last_that_ends_by_closing() {
    let salon = salon();
    let found = between(&search(&salon, &["colour/emma"], NOW, &taken(&[])), "2026-12-02 00:00", "2026-12-03 00:00");
    assert_eq!(found.first().unwrap(), "2026-12-02 09:00");
    assert_eq!(found.last().unwrap(), "2026-12-02 17:30");
    assert_eq!(found.len(), 35);
}

#[test]
fn adjacent_appointments_stay_possible() {
    let salon = salon();
    let busy = taken(&[
        ("fabian", "2026-12-02 09:00", "2026-12-02 10:00"),
        ("fabian", "2026-12-02 10:30", "2026-12-02 19:00"),
    ]);
    let search = search(&salon, &["cut"], NOW, &busy);
    assert_eq!(between(&search, "2026-12-02 00:00", "2026-12-03 00:00"), ["2026-12-02 10:00"]);
    assert_eq!(search.at(moment("2026-12-02 10:00")).len(), 1);
    assert!(search.at(moment("2026-12-02 10:15")).is_empty());
}

#[test]
fn the_whole_length_must_be_free_not_just_the_start() {
    let salon = salon();
    let busy = taken(&[("fabian", "2026-12-02 15:00", "2026-12-02 16:00")]);
    let search = search(&salon, &["beard"], NOW, &busy);
    assert!(search.at(moment("2026-12-02 14:45")).is_empty());
    assert_eq!(search.at(moment("2026-12-02 14:00")).len(), 1);
}

#[test]
fn the_grid_counts_from_each_opening_span() {
    let mut value = salon_value();
    value["slot_grid_minutes"] = json!(20);
    value["branches"][0]["hours"]["wednesday"] = json!([["09:10", "10:30"], ["13:05", "14:00"]]);
    let salon = read(value);
    let found = between(&search(&salon, &["cut"], NOW, &taken(&[])), "2026-12-02 00:00", "2026-12-03 00:00");
    let expected = ["09:10", "09:30", "09:50", "13:05", "13:25"].map(|clock| format!("2026-12-02 {clock}"));
    assert_eq!(found, expected);
}

#[test]
fn the_end_of_an_appointment_off_the_grid_is_no_extra_start() {
    let salon = salon();
    let busy = taken(&[("fabian", "2026-12-02 09:00", "2026-12-02 09:20")]);
    let found = between(&search(&salon, &["cut"], NOW, &busy), "2026-12-02 00:00", "2026-12-02 10:00");
    assert_eq!(found, ["2026-12-02 09:30", "2026-12-02 09:45"]);
}

#[test]
fn a_start_exactly_at_the_end_of_the_notice_is_allowed() {
    let mut value = salon_value();
    value["policy"] = json!({ "notice_minutes": 120 });
    value["services"][0]["policy"] = json!({ "notice_minutes": 60 });
    let salon = read(value);
    let free = taken(&[]);
    let on_time = search(&salon, &["cut"], "2026-12-02 09:00", &free);
    assert_eq!(between(&on_time, "2026-12-02 00:00", "2026-12-02 10:30"), ["2026-12-02 10:00", "2026-12-02 10:15"]);
    let barely_late = search(&salon, &["cut"], "2026-12-02 08:00:01Z", &free);
    assert_eq!(between(&barely_late, "2026-12-02 00:00", "2026-12-02 10:30"), ["2026-12-02 10:15"]);
    assert!(barely_late.at(moment("2026-12-02 10:00")).is_empty());
}

#[test]
fn the_strictest_notice_of_all_legs_holds_for_the_visit() {
    let mut value = salon_value();
    value["services"][2]["policy"] = json!({ "notice_minutes": 180 });
    let salon = read(value);
    let search = search(&salon, &["cut", "trim"], "2026-12-02 09:00", &taken(&[]));
    assert_eq!(between(&search, "2026-12-02 00:00", "2026-12-02 12:30")[0], "2026-12-02 12:00");
}

#[test]
fn the_last_day_of_the_horizon_is_bookable_to_its_end() {
    let mut value = salon_value();
    value["policy"] = json!({ "horizon_days": 3 });
    let salon = read(value);
    let search = search(&salon, &["cut"], "2026-12-01 18:00", &taken(&[]));
    let found = between(&search, "2026-12-01 00:00", "2027-01-01 00:00");
    assert_eq!(found.last().unwrap(), "2026-12-04 18:30");
}

#[test]
fn a_search_stops_at_its_limit_and_keeps_to_its_stretch() {
    let salon = salon();
    let search = search(&salon, &["cut"], NOW, &taken(&[]));
    let found = search.within(moment("2026-12-02 10:00"), moment("2026-12-02 11:00"), 3);
    assert_eq!(starts(&found), ["2026-12-02 10:00", "2026-12-02 10:15", "2026-12-02 10:30"]);
    let all = between(&search, "2026-12-02 10:00", "2026-12-02 11:00");
    assert_eq!(all.last().unwrap(), "2026-12-02 10:45", "the end of the stretch is not in it");
    assert!(search.within(moment("2026-12-02 11:00"), moment("2026-12-02 10:00"), 3).is_empty());
}

#[test]
fn holidays_closures_and_special_days_hold_for_people_with_their_own_hours() {
    let mut value = salon_value();
    value["staff"][0]["hours"] = daily(json!([["08:00", "20:00"]]));
    value["branches"][0]["closures"] = json!([{ "from": "2026-12-28", "until": "2026-12-30" }]);
    value["branches"][0]["special_days"] = json!([
        { "date": "2026-12-24", "hours": [["10:00", "11:00"]] }, { "date": "2026-12-29", "hours": [["15:00", "15:30"]] },
    ]);
    let salon = read(value);
    let found = between(&search(&salon, &["cut"], NOW, &taken(&[])), "2026-12-24 00:00", "2026-12-31 00:00");
    let expected = ["2026-12-24 10:00", "2026-12-24 10:15", "2026-12-24 10:30", "2026-12-29 15:00"];
    assert_eq!(found, expected, "Christmas is closed, so are Sunday and the closure but for the special day");
}

#[test]
fn own_hours_and_absences_narrow_the_opening() {
    let mut value = salon_value();
    value["staff"][0]["hours"] = daily(json!([["07:00", "09:45"], ["18:00", "22:00"]]));
    value["staff"][0]["absences"] = json!([{ "from": "2026-12-02T18:30", "until": "2026-12-03T18:15" }]);
    let salon = read(value);
    let found = between(&search(&salon, &["cut"], NOW, &taken(&[])), "2026-12-02 00:00", "2026-12-04 00:00");
    let expected = ["2026-12-02 09:00", "2026-12-02 09:15", "2026-12-02 18:00", "2026-12-03 18:15", "2026-12-03 18:30"];
    assert_eq!(found, expected);
}

#[test]
fn services_that_are_inactive_or_of_another_branch_are_never_free() {
    let mut value = salon_value();
    value["services"][0]["active"] = json!(false);
    value["services"][1]["branches"] = json!(["elsewhere"]);
    let salon = read(value);
    let free = taken(&[]);
    for service in ["cut", "beard"] {
        assert!(search(&salon, &[service], NOW, &free).at(moment("2026-12-02 10:00")).is_empty());
    }
    assert_eq!(search(&salon, &["trim"], NOW, &free).at(moment("2026-12-02 10:00")).len(), 2);
}

#[test]
fn a_visit_may_cross_midnight_where_the_shop_stays_open() {
    let shop = round_the_clock(30);
    let search = search(&shop, &["cut", "cut"], NOW, &taken(&[]));
    assert_eq!(search.at(moment("2026-12-02 23:30")).len(), 1);
    let found = between(&search, "2026-12-02 23:00", "2026-12-03 01:00");
    assert_eq!(found, ["2026-12-02 23:00", "2026-12-02 23:30", "2026-12-03 00:00", "2026-12-03 00:30"]);
}
