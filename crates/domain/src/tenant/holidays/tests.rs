#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use jiff::civil::date;

use super::*;

const STATES: [State; 16] = [
    State::Bw,
    State::By,
    State::Be,
    State::Bb,
    State::Hb,
    State::Hh,
    State::He,
    State::Mv,
    State::Ni,
    State::Nw,
    State::Rp,
    State::Sl,
    State::Sn,
    State::St,
    State::Sh,
    State::Th,
];

fn days_of(year: i16) -> impl Iterator<Item = Date> {
    date(year, 1, 1).series(jiff::ToSpan::days(1)).take_while(move |day| day.year() == year)
}

fn names(state: State, year: i16) -> Vec<&'static str> {
    days_of(year).filter_map(|day| holiday(state, day)).map(|found| found.de).collect()
}

fn de(state: State, year: i16, month: i8, day: i8) -> Option<&'static str> {
    holiday(state, date(year, month, day)).map(|found| found.de)
}

#[test]
fn easter_falls_on_its_known_days() {
    let known = [
        (2020, 4, 12),
        (2021, 4, 4),
        (2024, 3, 31),
        (2025, 4, 20),
        (2026, 4, 5),
        (2027, 3, 28),
        (2028, 4, 16),
        (2035, 3, 25),
        (2038, 4, 25),
        (2049, 4, 18),
        (1981, 4, 19),
        (1954, 4, 18),
    ];
    for (year, month, day) in known {
        assert_eq!(easter(year), date(year, month, day));
    }
}

#[test]
fn easter_is_always_a_sunday_between_22_march_and_25_april() {
    for year in 1900..2200 {
        let day = easter(year);
        assert_eq!(day.weekday(), Weekday::Sunday);
        assert!((date(year, 3, 22)..=date(year, 4, 25)).contains(&day), "{day}");
    }
}

#[test]
fn each_state_has_its_number_of_holidays_in_2026() {
    let counts = STATES.map(|state| names(state, 2026).len());
    //                    BW  BY  BE  BB  HB  HH  HE  MV  NI  NW  RP  SL  SN  ST  SH  TH
    assert_eq!(counts, [12, 12, 10, 12, 10, 10, 10, 11, 10, 11, 11, 12, 11, 11, 10, 11]);
}

#[test]
fn no_state_has_fewer_than_9_or_more_than_14_holidays_a_year_and_all_share_nine() {
    let everywhere = [
        "Neujahr",
        "Karfreitag",
        "Ostermontag",
        "Tag der Arbeit",
        "Christi Himmelfahrt",
        "Pfingstmontag",
        "Tag der Deutschen Einheit",
        "Erster Weihnachtstag",
        "Zweiter Weihnachtstag",
    ];
    for year in 2020..=2050 {
        for state in STATES {
            let found = names(state, year);
            assert!((9..=14).contains(&found.len()), "{state:?} {year}: {found:?}");
            assert!(everywhere.iter().all(|name| found.contains(name)), "{state:?} {year}: {found:?}");
        }
    }
}

#[test]
fn the_moveable_feasts_of_2026_are_on_their_days() {
    assert_eq!(de(State::Be, 2026, 4, 3), Some("Karfreitag"));
    assert_eq!(de(State::Be, 2026, 4, 6), Some("Ostermontag"));
    assert_eq!(de(State::Be, 2026, 5, 14), Some("Christi Himmelfahrt"));
    assert_eq!(de(State::Be, 2026, 5, 25), Some("Pfingstmontag"));
    assert_eq!(de(State::By, 2026, 6, 4), Some("Fronleichnam"));
    assert_eq!(de(State::Be, 2026, 6, 4), None);
    assert_eq!(de(State::Th, 2026, 6, 4), None);
    assert_eq!(de(State::Sn, 2026, 6, 4), None);
}

#[test]
fn easter_and_whit_sunday_are_named_in_brandenburg_alone() {
    for state in STATES {
        let expected = (state == State::Bb).then_some(["Ostersonntag", "Pfingstsonntag"]);
        assert_eq!(de(state, 2026, 4, 5), expected.map(|names| names[0]), "{state:?}");
        assert_eq!(de(state, 2026, 5, 24), expected.map(|names| names[1]), "{state:?}");
    }
}

#[test]
fn younger_holidays_begin_with_their_law() {
    assert_eq!(de(State::Be, 2018, 3, 8), None);
    assert_eq!(de(State::Be, 2019, 3, 8), Some("Internationaler Frauentag"));
    assert_eq!(de(State::Mv, 2022, 3, 8), None);
    assert_eq!(de(State::Mv, 2023, 3, 8), Some("Internationaler Frauentag"));
    assert_eq!(de(State::Th, 2018, 9, 20), None);
    assert_eq!(de(State::Th, 2019, 9, 20), Some("Weltkindertag"));
    assert_eq!(de(State::Hh, 2016, 10, 31), None);
    assert_eq!(de(State::Hh, 2020, 10, 31), Some("Reformationstag"));
}

#[test]
fn reformation_day_is_in_the_north_and_east_and_all_saints_in_the_south_and_west() {
    let on = |month, day| STATES.into_iter().filter(|state| de(*state, 2026, month, day).is_some()).collect::<Vec<_>>();
    use State::*;
    assert_eq!(on(10, 31), [Bb, Hb, Hh, Mv, Ni, Sn, St, Sh, Th]);
    assert_eq!(on(11, 1), [Bw, By, Nw, Rp, Sl]);
    assert_eq!(on(1, 6), [Bw, By, St]);
    assert_eq!(on(8, 15), [Sl]);
}

#[test]
fn repentance_day_is_the_wednesday_before_23_november_in_saxony() {
    for (year, day) in [(2022, 16), (2023, 22), (2025, 19), (2026, 18), (2027, 17)] {
        assert_eq!(de(State::Sn, year, 11, day), Some("Buß- und Bettag"));
        assert_eq!(de(State::By, year, 11, day), None);
    }
    for year in 2020..=2050 {
        assert_eq!(names(State::Sn, year).iter().filter(|name| **name == "Buß- und Bettag").count(), 1);
    }
}

#[test]
fn berlins_anniversaries_are_holidays_once() {
    for (year, month, day) in [(2020, 5, 8), (2025, 5, 8), (2028, 6, 17)] {
        assert!(de(State::Be, year, month, day).is_some());
        assert_eq!(de(State::Bb, year, month, day), None);
        assert_eq!(de(State::Be, year + 1, month, day), None);
    }
}
