use super::world::*;

#[test]
fn no_visit_starts_in_the_hour_the_clock_skips() {
    let shop = round_the_clock(30);
    let search = search(&shop, &["cut"], "2027-03-27 12:00", &taken(&[]));
    let found = between(&search, "2027-03-28 00:00", "2027-03-29 00:00");
    assert_eq!(found.len(), 46);
    assert_eq!(found[2..6], ["2027-03-28 01:00", "2027-03-28 01:30", "2027-03-28 03:00", "2027-03-28 03:30"]);
    let across = search.at(moment("2027-03-28 01:30")).remove(0);
    assert_eq!(across.end, moment("2027-03-28 03:00"));
}

#[test]
fn the_hour_the_clock_repeats_has_its_starts_twice() {
    let shop = round_the_clock(30);
    let search = search(&shop, &["cut"], "2026-10-24 12:00", &taken(&[]));
    let found = search.within(moment("2026-10-25 00:00"), moment("2026-10-26 00:00"), usize::MAX);
    assert_eq!(found.len(), 50);
    let twice: Vec<_> = found[4..8].iter().map(|visit| visit.start).collect();
    let expected = ["02:00+02:00", "02:30+02:00", "02:00+01:00", "02:30+01:00"];
    assert_eq!(twice, expected.map(|clock| moment(&format!("2026-10-25 {clock}"))));
    for start in twice {
        assert_eq!(search.at(start).len(), 1, "{start}");
    }
}

#[test]
fn a_booking_in_one_of_the_repeated_hours_leaves_the_other_free() {
    let shop = round_the_clock(30);
    let busy = taken(&[("fabian", "2026-10-25 02:00+02:00", "2026-10-25 02:30+02:00")]);
    let search = search(&shop, &["cut"], "2026-10-24 12:00", &busy);
    assert!(search.at(moment("2026-10-25 02:00+02:00")).is_empty());
    assert_eq!(search.at(moment("2026-10-25 02:00+01:00")).len(), 1);
}

#[test]
fn a_day_is_found_whole_when_the_clock_changed_around_it() {
    let shop = round_the_clock(60);
    let free = taken(&[]);
    let search = search(&shop, &["cut"], "2026-10-20 12:00", &free);
    for day in 24..28 {
        let found = between(&search, &format!("2026-10-{day} 00:00"), &format!("2026-10-{} 00:00", day + 1));
        assert_eq!(found.len(), if day == 25 { 25 } else { 24 });
        assert!(found.iter().all(|start| start.starts_with(&format!("2026-10-{day}"))));
    }
}
