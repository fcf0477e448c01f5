use jiff::civil::{date, time};

use proptest::prelude::*;

use super::samples::{berlin, now};
use crate::lang::Lang;
use crate::speech::when::{Case, de_clock, de_day, en_clock, en_day, spoken_now, spoken_when};

#[test]
fn german_days_bend_with_their_case() {
    let day = |case| de_day(date(2026, 12, 3), case, &now());
    assert_eq!(day(Case::Nominative), "Donnerstag, der dritte Dezember");
    assert_eq!(day(Case::Dative), "Donnerstag, dem dritten Dezember");
    assert_eq!(day(Case::Accusative), "Donnerstag, den dritten Dezember");
}

#[test]
fn every_day_of_the_month_has_its_german_ordinal() {
    let january: Vec<String> = (1..=31).map(|day| de_day(date(2026, 1, day), Case::Nominative, &now())).collect();
    let words: Vec<&str> = january.iter().map(|day| day.split(' ').nth(2).unwrap()).collect();
    assert_eq!(
        words.join(" "),
        "erste zweite dritte vierte fünfte sechste siebte achte neunte zehnte elfte zwölfte dreizehnte vierzehnte \
         fünfzehnte sechzehnte siebzehnte achtzehnte neunzehnte zwanzigste einundzwanzigste zweiundzwanzigste \
         dreiundzwanzigste vierundzwanzigste fünfundzwanzigste sechsundzwanzigste siebenundzwanzigste \
         achtundzwanzigste neunundzwanzigste dreißigste einunddreißigste"
    );
    assert_eq!(january[0], "Donnerstag, der erste Januar");
    assert_eq!(january[30], "Samstag, der einunddreißigste Januar");
}

#[test]
fn every_month_has_its_name() {
    let german: Vec<String> = (1..=12).map(|m| de_day(date(2026, m, 1), Case::Nominative, &now())).collect();
    let english: Vec<String> = (1..=12).map(|m| en_day(date(2026, m, 1), &now())).collect();
    let last = |days: &[String]| days.iter().map(|day| day.rsplit(' ').next().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(
        last(&german).join(" "),
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"
    );
    assert_eq!(
        last(&english).join(" "),
        "January February March April May June July August September October November December"
    );
}

#[test]
fn the_year_is_said_only_where_it_differs() {
    assert_eq!(
        spoken_when(&berlin("2027-01-08T12:05"), Lang::De, &now()),
        "Freitag, der achte Januar 2027, um 12 Uhr 5"
    );
    assert_eq!(
        spoken_when(&berlin("2027-01-08T12:05"), Lang::En, &now()),
        "Friday, the eighth of January 2027, at 12 oh 5 p.m."
    );
    assert_eq!(
        spoken_when(&berlin("2026-12-31T01:00"), Lang::De, &now()),
        "Donnerstag, der einunddreißigste Dezember, um 1 Uhr"
    );
}

#[test]
fn clock_times_are_said_without_a_colon() {
    let times = [(0, 0), (0, 15), (1, 0), (9, 5), (10, 0), (11, 15), (12, 0), (12, 30), (15, 30), (23, 59)];
    let said = |clock: fn(jiff::civil::Time) -> String| {
        times.map(|(hour, minute)| clock(time(hour, minute, 0, 0))).join(" | ")
    };
    assert_eq!(
        said(de_clock),
        "0 Uhr | 0 Uhr 15 | 1 Uhr | 9 Uhr 5 | 10 Uhr | 11 Uhr 15 | 12 Uhr | 12 Uhr 30 | 15 Uhr 30 | 23 Uhr 59"
    );
    assert_eq!(
        said(en_clock),
        "midnight | 12 15 a.m. | 1 a.m. | 9 oh 5 a.m. | 10 a.m. | 11 15 a.m. | noon | 12 30 p.m. | 3 30 p.m. | 11 59 p.m."
    );
}

#[test]
fn the_present_is_said_in_both_languages() {
    assert_eq!(spoken_now(&now(), Lang::De), "Dienstag, der erste Dezember, 9 Uhr 12");
    assert_eq!(spoken_now(&now(), Lang::En), "Tuesday, the first of December, 9 12 a.m.");
}

proptest! {
    #[test]
    fn every_moment_can_be_said_without_digits_for_day_or_month(
        seconds in 1_600_000_000_i64..4_000_000_000,
        english in any::<bool>(),
    ) {
        let zone = jiff::tz::TimeZone::get("Europe/Berlin").unwrap();
        let moment = jiff::Timestamp::from_second(seconds).unwrap().to_zoned(zone);
        let lang = if english { Lang::En } else { Lang::De };
        let said = spoken_when(&moment, lang, &now());
        prop_assert!(!said.contains([':', '-']) || said.contains("twenty-") || said.contains("thirty-"), "{said}");
        prop_assert!(!said.contains("  ") && !said.contains(" ,"), "{said}");
        let numbers: Vec<i64> = said.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok()).collect();
        prop_assert_eq!(numbers.contains(&i64::from(moment.year())), moment.year() != 2026, "{}", said);
        prop_assert!(numbers.iter().all(|n| *n < 60 || *n == i64::from(moment.year())), "{said}");
    }
}
