//! A calendar outside has its say in every search.

use std::sync::Arc;

use super::world::*;
use crate::ids::{ServiceId, StaffId};
use crate::reply::WhyNot;
use crate::slots::alternatives::{Near, alternatives};
use crate::slots::openings::{Openings, Starts};

/// Offers of (service, person, starts) each; whatever is not named is never offered.
fn openings(offers: &[(&str, &str, &[&str])]) -> Openings {
    let mut openings = Openings::default();
    for (service, person, clocks) in offers {
        let starts = Arc::new(Starts::of(clocks.iter().map(|clock| moment(clock))));
        let always = interval("2026-01-01 00:00", "2028-01-01 00:00");
        openings.offer_between(ServiceId::from(*service), StaffId::from(*person), &always, starts);
    }
    openings
}

#[test]
fn only_starts_the_calendar_offers_and_nobody_has_taken_here_are_free() {
    let salon = salon();
    let busy = taken(&[("fabian", "2026-12-02 11:00", "2026-12-02 11:30")]);
    let offers: &[&str] = &["2026-12-02 10:00", "2026-12-02 11:00", "2026-12-02 12:00"];
    let openings = openings(&[("cut", "fabian", offers)]);
    let search = search(&salon, &["cut"], NOW, &busy).offered_by(&openings);
    let free = between(&search, "2026-12-02 00:00", "2026-12-03 00:00");
    assert_eq!(free, ["2026-12-02 10:00", "2026-12-02 12:00"]);
    assert_eq!(search.at(moment("2026-12-02 10:00")).len(), 1);
    assert_eq!(search.at(moment("2026-12-02 10:15")), []);
}

#[test]
fn somebody_else_is_tried_where_the_calendar_does_not_offer_the_first() {
    let salon = salon();
    let openings = openings(&[("ladies", "emma", &[]), ("ladies", "leyla", &["2026-12-02 10:00"])]);
    let search = search(&salon, &["ladies"], NOW, &Taken::new()).offered_by(&openings);
    let visits = search.at(moment("2026-12-02 10:00"));
    assert_eq!(visits.iter().map(people).collect::<Vec<_>>(), [["leyla"]]);
    assert_eq!(search.within(moment("2026-12-02 10:00"), moment("2026-12-02 10:15"), 5), visits);
}

#[test]
fn each_leg_of_a_visit_has_to_be_offered() {
    let salon = salon();
    let openings = openings(&[
        ("trim", "emma", &["2026-12-02 10:00", "2026-12-02 12:00"]),
        ("ladies", "emma", &["2026-12-02 12:15"]),
        ("ladies", "leyla", &[]),
    ]);
    let search = search(&salon, &["trim", "ladies"], NOW, &Taken::new()).offered_by(&openings);
    assert_eq!(between(&search, "2026-12-02 00:00", "2026-12-03 00:00"), ["2026-12-02 12:00"]);
}

#[test]
fn alternatives_are_only_such_the_calendar_offers() {
    let salon = salon();
    let offers: &[&str] = &["2026-12-02 15:30", "2026-12-04 10:00", "2026-12-05 13:00"];
    let openings = openings(&[("cut", "fabian", offers)]);
    let search = search(&salon, &["cut"], NOW, &Taken::new()).offered_by(&openings);
    let near = Near { wished: &berlin("2026-12-02 10:00"), count: 5, within: None };
    assert_eq!(starts(&alternatives(&search, &near)), offers);
}

#[test]
fn where_only_the_calendar_objects_the_time_is_taken() {
    let salon = salon();
    let openings = openings(&[("cut", "fabian", &["2026-12-02 15:30"])]);
    let search = search(&salon, &["cut/fabian"], NOW, &Taken::new()).offered_by(&openings);
    assert_eq!(search.why_not(&berlin("2026-12-02 10:00")), WhyNot::Taken);
    assert_eq!(search.why_not(&berlin("2026-12-06 10:00")), WhyNot::Closed, "our own reasons come first");
}

#[test]
fn what_the_calendar_could_not_be_asked_about_is_free_by_our_own_truth() {
    let salon = salon();
    let mut openings = openings(&[]);
    openings.unknown("cut".into(), "fabian".into());
    let busy = taken(&[("fabian", "2026-12-02 10:00", "2026-12-02 10:30")]);
    let search = search(&salon, &["cut"], NOW, &busy).offered_by(&openings);
    let free = between(&search, "2026-12-02 10:00", "2026-12-02 11:00");
    assert_eq!(free, ["2026-12-02 10:30", "2026-12-02 10:45"]);
}
