use serde_json::{Value, json};

use super::world::*;
use crate::slots::Interval;

#[test]
fn of_several_free_people_the_one_with_less_to_do_that_day_comes_first() {
    let salon = salon();
    let busy =
        taken(&[("emma", "2026-12-02 09:00", "2026-12-02 10:00"), ("leyla", "2026-12-03 09:00", "2026-12-03 10:00")]);
    let search = search(&salon, &["ladies"], NOW, &busy);
    let by = |start: &str| search.at(moment(start)).iter().map(|visit| people(visit)[0].to_owned()).collect::<Vec<_>>();
    assert_eq!(by("2026-12-02 12:00"), ["leyla", "emma"]);
    assert_eq!(by("2026-12-03 12:00"), ["emma", "leyla"]);
    assert_eq!(by("2026-12-04 12:00"), ["emma", "leyla"], "file order decides last");
}

#[test]
fn one_person_for_the_whole_visit_comes_before_handing_over() {
    let salon = salon();
    let busy = taken(&[("emma", "2026-12-02 09:00", "2026-12-02 10:00")]);
    let found = search(&salon, &["ladies", "trim"], NOW, &busy).at(moment("2026-12-02 12:00"));
    let choices: Vec<_> = found.iter().map(people).collect();
    let expected = [["emma", "emma"], ["leyla", "fabian"], ["emma", "fabian"], ["leyla", "emma"]];
    assert_eq!(choices, expected);
}

#[test]
fn two_people_share_a_visit_nobody_can_do_alone() {
    let salon = salon();
    let found = search(&salon, &["highlights", "cut"], NOW, &taken(&[])).at(moment("2026-12-02 10:00"));
    assert_eq!(found.len(), 1);
    let visit = &found[0];
    assert_eq!(people(visit), ["leyla", "fabian"]);
    assert_eq!((visit.start, visit.end), (moment("2026-12-02 10:00"), moment("2026-12-02 12:30")));
    assert_eq!(visit.legs[1].start, visit.legs[0].end);
    let fabian_busy = taken(&[("fabian", "2026-12-02 12:15", "2026-12-02 13:00")]);
    let search = search(&salon, &["highlights", "cut"], NOW, &fabian_busy);
    assert!(search.at(moment("2026-12-02 10:00")).is_empty());
    assert_eq!(search.at(moment("2026-12-02 09:45")).len(), 1);
}

#[test]
fn a_short_service_fits_into_the_processing_gap_of_another() {
    let mut value = salon_value();
    value["staff"] = json!([person("emma", &["perm", "cut"])]);
    let salon = read(value);
    let perm = search(&salon, &["perm"], NOW, &taken(&[])).at(moment("2026-12-02 10:00")).remove(0);
    let expected = [interval("2026-12-02 10:00", "2026-12-02 10:30"), interval("2026-12-02 11:15", "2026-12-02 11:45")];
    assert_eq!(perm.legs[0].busy, expected);
    assert_eq!(perm.end, moment("2026-12-02 11:45"));
    let busy = [("emma".into(), perm.legs[0].busy.clone())].into();
    let cuts = search(&salon, &["cut"], NOW, &busy);
    let found = between(&cuts, "2026-12-02 09:30", "2026-12-02 12:00");
    let expected = ["09:30", "10:30", "10:45", "11:45"].map(|clock| format!("2026-12-02 {clock}"));
    assert_eq!(found, expected);
}

#[test]
fn the_busy_ends_of_a_composite_are_checked_against_everything_taken() {
    let salon = salon();
    let in_the_gap = taken(&[("emma", "2026-12-02 10:30", "2026-12-02 11:15")]);
    assert_eq!(search(&salon, &["perm"], NOW, &in_the_gap).at(moment("2026-12-02 10:00")).len(), 1);
    let at_the_end = taken(&[("emma", "2026-12-02 10:30", "2026-12-02 11:16")]);
    assert!(search(&salon, &["perm"], NOW, &at_the_end).at(moment("2026-12-02 10:00")).is_empty());
}

#[test]
fn a_processing_gap_never_spans_a_closing() {
    let mut value = salon_value();
    value["branches"][0]["hours"]["wednesday"] = json!([["09:00", "12:00"], ["12:30", "18:00"]]);
    let salon = read(value);
    let search = search(&salon, &["perm"], NOW, &taken(&[]));
    assert!(search.at(moment("2026-12-02 11:30")).is_empty(), "busy 11:30 and 12:45, but the customer sits inside");
    let found = between(&search, "2026-12-02 00:00", "2026-12-02 13:00");
    let expected = ["09:00", "09:15", "09:30", "09:45", "10:00", "10:15", "12:30", "12:45"];
    assert_eq!(found, expected.map(|clock| format!("2026-12-02 {clock}")));
}

/// A salon where a cut needs 10 minutes before and 20 after it.
fn buffered() -> Value {
    let mut value = salon_value();
    value["services"][0]["buffer_before"] = json!(10);
    value["services"][0]["buffer_after"] = json!(20);
    value
}

#[test]
fn buffers_count_for_the_person_and_not_for_the_visit() {
    let salon = read(buffered());
    let visit = search(&salon, &["cut"], NOW, &taken(&[])).at(moment("2026-12-02 10:00")).remove(0);
    assert_eq!((visit.start, visit.end), (moment("2026-12-02 10:00"), moment("2026-12-02 10:30")));
    assert_eq!(visit.legs[0].busy, [interval("2026-12-02 09:50", "2026-12-02 10:50")]);
    let busy = taken(&[
        ("fabian", "2026-12-02 09:30", "2026-12-02 09:50"),
        ("fabian", "2026-12-02 10:50", "2026-12-02 11:00"),
    ]);
    assert_eq!(search(&salon, &["cut"], NOW, &busy).at(moment("2026-12-02 10:00")).len(), 1);
    let busy = taken(&[("fabian", "2026-12-02 10:49", "2026-12-02 11:00")]);
    assert!(search(&salon, &["cut"], NOW, &busy).at(moment("2026-12-02 10:00")).is_empty());
}

#[test]
fn buffers_stay_inside_working_hours() {
    let salon = read(buffered());
    let found = between(&search(&salon, &["cut"], NOW, &taken(&[])), "2026-12-02 00:00", "2026-12-03 00:00");
    assert_eq!(
        (found.first().unwrap().as_str(), found.last().unwrap().as_str()),
        ("2026-12-02 09:15", "2026-12-02 18:00")
    );
}

#[test]
fn between_two_legs_of_one_person_there_is_no_buffer() {
    let salon = read(buffered());
    let visit = search(&salon, &["cut", "cut"], NOW, &taken(&[])).at(moment("2026-12-02 10:00")).remove(0);
    assert_eq!(visit.legs[0].busy, [interval("2026-12-02 09:50", "2026-12-02 10:30")]);
    assert_eq!(visit.legs[1].busy, [interval("2026-12-02 10:30", "2026-12-02 11:20")]);
}

#[test]
fn between_legs_of_different_people_buffers_stay() {
    let mut value = buffered();
    value["services"][5]["buffer_after"] = json!(15);
    let salon = read(value);
    let visit = search(&salon, &["highlights", "cut"], NOW, &taken(&[])).at(moment("2026-12-02 10:00")).remove(0);
    assert_eq!(visit.legs[0].busy, [interval("2026-12-02 10:00", "2026-12-02 12:15")]);
    assert_eq!(visit.legs[1].busy, [interval("2026-12-02 11:50", "2026-12-02 12:50")]);
}

#[test]
fn buffers_of_one_person_around_anothers_leg_never_overlap() {
    let mut value = buffered();
    value["services"][0]["buffer_after"] = json!(40);
    value["services"][0]["buffer_before"] = json!(40);
    value["services"][2] = service("trim", 15);
    value["staff"] = json!([person("fabian", &["cut"]), person("emma", &["trim"])]);
    let salon = read(value);
    let visit = search(&salon, &["cut", "trim", "cut"], NOW, &taken(&[])).at(moment("2026-12-02 12:00")).remove(0);
    let fabian: Vec<Interval> =
        visit.legs.iter().filter(|leg| leg.staff.as_str() == "fabian").flat_map(|leg| leg.busy.clone()).collect();
    assert_eq!(
        fabian,
        [interval("2026-12-02 11:20", "2026-12-02 12:45"), interval("2026-12-02 12:45", "2026-12-02 13:55")]
    );
}

#[test]
fn a_wished_person_is_the_only_one_asked() {
    let salon = salon();
    let busy = taken(&[("leyla", "2026-12-02 10:00", "2026-12-02 11:00")]);
    assert!(search(&salon, &["ladies/leyla"], NOW, &busy).at(moment("2026-12-02 10:00")).is_empty());
    let found = search(&salon, &["ladies/leyla"], NOW, &busy).at(moment("2026-12-02 11:00"));
    assert_eq!(found.iter().map(people).collect::<Vec<_>>(), [["leyla"]]);
    assert!(search(&salon, &["ladies/fabian"], NOW, &busy).at(moment("2026-12-02 11:00")).is_empty());
}

#[test]
fn at_most_eight_choices_are_told_and_people_without_time_are_not_among_them() {
    let staff: Vec<Value> = (0..20).map(|n| person(&format!("p{n:02}"), &["cut"])).collect();
    let salon = read(tenant_value(salon_week(), json!([service("cut", 30)]), json!(staff)));
    let busy = taken(&[("p00", "2026-12-02 10:00", "2026-12-02 10:30")]);
    let found = search(&salon, &["cut", "cut"], NOW, &busy).at(moment("2026-12-02 10:00"));
    let same: Vec<_> = found.iter().map(|visit| people(visit)[0]).collect();
    assert_eq!(same, ["p01", "p02", "p03", "p04", "p05", "p06", "p07", "p08"]);
    assert!(found.iter().all(|visit| people(visit)[0] == people(visit)[1]));
}

#[test]
fn people_away_of_other_branches_or_inactive_are_no_candidates() {
    let mut value = salon_value();
    value["staff"][1]["active"] = json!(false);
    let salon = read(value);
    let found = search(&salon, &["ladies"], NOW, &taken(&[])).at(moment("2026-12-02 10:00"));
    assert_eq!(found.iter().map(people).collect::<Vec<_>>(), [["leyla"]]);
}
