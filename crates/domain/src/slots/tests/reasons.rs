use serde_json::json;

use super::world::*;
use crate::reply::WhyNot;
use crate::tenant::Tenant;

fn why(tenant: &Tenant, legs: &[&str], start: &str, busy: &[(&str, &str, &str)]) -> WhyNot {
    search(tenant, legs, NOW, &taken(busy)).why_not(&berlin(start))
}

#[test]
fn past_and_notice_come_first_then_the_horizon() {
    let mut value = salon_value();
    value["policy"] = json!({ "notice_minutes": 30, "horizon_days": 10 });
    value["staff"][1]["policy"] = json!({ "notice_minutes": 240 });
    let salon = read(value);
    let soon = WhyNot::TooSoon { notice_minutes: 30 };
    assert_eq!(why(&salon, &["ladies"], "2026-11-29 10:00", &[]), soon, "a closed Sunday, but past");
    assert_eq!(why(&salon, &["ladies"], "2026-12-01 09:30", &[]), soon, "the mildest of those who could");
    let emma = WhyNot::TooSoon { notice_minutes: 240 };
    assert_eq!(why(&salon, &["ladies/emma"], "2026-12-01 10:00", &[]), emma);
    assert_eq!(why(&salon, &["ladies"], "2026-12-12 10:00", &[]), WhyNot::TooFar { horizon_days: 10 });
    assert_eq!(why(&salon, &["ladies"], "2026-12-13 03:00", &[]), WhyNot::TooFar { horizon_days: 10 });
}

#[test]
fn holidays_are_named_and_other_closed_times_are_closed() {
    let salon = salon();
    let christmas = WhyNot::Holiday { de: "Erster Weihnachtstag", en: "Christmas Day" };
    assert_eq!(why(&salon, &["cut/emma"], "2026-12-25 10:00", &[]), christmas);
    assert_eq!(why(&salon, &["cut"], "2026-12-06 10:00", &[]), WhyNot::Closed);
    assert_eq!(why(&salon, &["cut"], "2026-12-02 08:00", &[]), WhyNot::Closed);
    assert_eq!(why(&salon, &["cut"], "2026-12-02 18:45", &[]), WhyNot::ClosesBefore, "it would end after closing");
}

#[test]
fn a_start_between_the_possible_ones_is_off_the_grid() {
    assert_eq!(why(&salon(), &["cut"], "2026-12-02 10:05", &[]), WhyNot::OffGrid);
}

#[test]
fn a_wished_person_cannot_or_is_away_or_is_taken() {
    let mut value = salon_value();
    value["staff"][2]["absences"] = json!([{ "from": "2026-12-02T09:00", "until": "2026-12-02T12:00" }]);
    let salon = read(value);
    let name = || "leyla Muster".to_owned();
    let busy = [("leyla", "2026-12-02 10:00", "2026-12-02 14:00")];
    let cannot = WhyNot::StaffCannot { staff: name(), service: "cut".to_owned() };
    assert_eq!(why(&salon, &["cut/leyla"], "2026-12-02 10:00", &busy), cannot);
    assert_eq!(why(&salon, &["ladies/leyla"], "2026-12-02 10:00", &busy), WhyNot::StaffAway { staff: name() });
    assert_eq!(why(&salon, &["ladies/leyla"], "2026-12-02 12:00", &busy), WhyNot::StaffTaken { staff: name() });
    assert_eq!(why(&salon, &["trim", "ladies/leyla"], "2026-12-02 13:00", &busy), WhyNot::StaffTaken { staff: name() });
}

#[test]
fn buffers_of_a_wished_person_are_her_own_time() {
    let mut value = salon_value();
    value["services"][3]["buffer_after"] = json!(15);
    let salon = read(value);
    let busy = [("leyla", "2026-12-02 12:45", "2026-12-02 14:00")];
    let taken = WhyNot::StaffTaken { staff: "leyla Muster".to_owned() };
    assert_eq!(why(&salon, &["ladies/leyla"], "2026-12-02 12:00", &busy), taken);
}

#[test]
fn taken_means_somebody_would_work_then_and_nothing_free_that_nobody_does() {
    let mut value = salon_value();
    value["staff"][0]["hours"] = daily(json!([["09:00", "12:00"]]));
    let salon = read(value);
    let busy = [("fabian", "2026-12-02 10:00", "2026-12-02 11:00")];
    assert_eq!(why(&salon, &["cut"], "2026-12-02 10:30", &busy), WhyNot::Taken);
    assert_eq!(why(&salon, &["cut"], "2026-12-02 14:00", &busy), WhyNot::NothingFree);
}
