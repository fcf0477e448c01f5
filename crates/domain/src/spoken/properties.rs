//! What holds for every phrase.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::*;

fn with_context<T>(now: &Zoned, run: impl FnOnce(&TimeContext<'_>) -> T) -> T {
    let day_parts = DayParts::default();
    run(&TimeContext { now, hours: (9 * 60, 18 * 60), day_parts: &day_parts, lang: Lang::De })
}

fn nows() -> impl Strategy<Value = Zoned> {
    (0_i64..4 * 366 * 24 * 60).prop_map(|minutes| {
        let start: Zoned = "2026-01-01T00:00:00+01:00[Europe/Berlin]".parse().unwrap();
        start.checked_add(minutes.minutes()).unwrap()
    })
}

/// Words of the grammar in any order, so that every rule meets every other.
fn phrases() -> impl Strategy<Value = String> {
    let words = [
        "morgen",
        "heute",
        "übermorgen",
        "gestern",
        "dienstag",
        "freitag",
        "sonntags",
        "nächsten",
        "nächste",
        "diese",
        "woche",
        "monat",
        "wochenende",
        "in",
        "zwei",
        "acht",
        "tagen",
        "stunden",
        "einer",
        "um",
        "gegen",
        "halb",
        "viertel",
        "dreiviertel",
        "vor",
        "nach",
        "bis",
        "ab",
        "zwischen",
        "und",
        "oder",
        "nicht",
        "sondern",
        "statt",
        "lieber",
        "von",
        "auf",
        "uhr",
        "zehn",
        "dreißig",
        "14:30",
        "3",
        "24.12.",
        "15.1",
        "31.",
        "dezember",
        "februar",
        "der",
        "dritte",
        "mittags",
        "abends",
        "früh",
        "anfang",
        "ende",
        "kw",
        "50",
        "2026-12-24",
        "2027-03-28T02:30",
        "ostermontag",
        "weihnachten",
        "egal",
        "wann",
        "from",
        "to",
        "at",
        "half",
        "past",
        "tomorrow",
        "pm",
        "am",
        ",",
        "jeden",
        "unter",
        "letzten",
        "tag",
        "12",
        "29.2.",
        "kurz",
        "rum",
        "2027-10-31",
        "2:30",
        "-",
        "03/12",
    ];
    prop::collection::vec(prop::sample::select(words.to_vec()), 1..9).prop_map(|words| words.join(" "))
}

/// The first moment an understanding promises, where it promises one.
fn promised(understood: &Understood, now: &Zoned) -> Vec<Zoned> {
    match understood {
        Understood::Instant { at, .. } => vec![at.clone()],
        Understood::Day(date) => vec![date.tomorrow().unwrap().to_zoned(now.time_zone().clone()).unwrap()],
        Understood::PartOfDay { date, until, .. } => {
            vec![date.to_datetime(*until).to_zoned(now.time_zone().clone()).unwrap()]
        }
        Understood::Stretch { until, .. } | Understood::Before { until, .. } => vec![until.clone()],
        Understood::OneOf(all) => all.iter().flat_map(|one| promised(one, now)).collect(),
        _ => Vec::new(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,120}", now in nows()) {
        with_context(&now, |context| {
            understand(&text, context);
            wish(Some(&text), Some(&text), context);
        });
    }

    #[test]
    fn no_figures_make_it_panic(text in "[0-9:./ tz+-]{0,40}", now in nows()) {
        with_context(&now, |context| {
            understand(&text, context);
            wish(Some(&text), Some("10:00"), context);
        });
    }

    #[test]
    fn what_is_understood_lies_ahead(text in phrases(), now in nows()) {
        let understood = with_context(&now, |context| understand(&text, context));
        for moment in promised(&understood, &now) {
            prop_assert!(moment >= now, "{text:?} at {now}: {understood:?}");
        }
    }

    #[test]
    fn what_is_wished_lies_ahead_and_is_never_longer_than_eight_weeks(date in phrases(), time in phrases(), now in nows()) {
        match with_context(&now, |context| wish(Some(&date), Some(&time), context)) {
            Wish::Exact(at) => prop_assert!(at >= now, "{date:?} {time:?} at {now}: {at}"),
            Wish::Within(all) => {
                prop_assert!(!all.is_empty());
                for (from, until) in all {
                    prop_assert!(from >= now && from < until, "{date:?} {time:?} at {now}: {from} {until}");
                    prop_assert!(until <= from.checked_add(8.weeks()).unwrap());
                }
            }
            _ => {}
        }
    }

    #[test]
    fn a_date_to_come_reads_back_from_every_spelling(days in 3_i32..300, hour in 9_i8..18, minute in 0_i8..60) {
        let now: Zoned = "2026-11-20T08:30:00+01:00[Europe/Berlin]".parse().unwrap();
        let day: Date = date(2026, 11, 20).checked_add(days.days()).unwrap();
        let months = ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober",
            "November", "Dezember"];
        let weekdays = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"];
        let month = months[day.month() as usize - 1];
        let weekday = weekdays[day.weekday().to_monday_zero_offset() as usize];
        let (d, m, y) = (day.day(), day.month(), day.year());
        for text in [
            format!("{day}"),
            format!("{d}.{m}."),
            format!("am {d:02}.{m:02}."),
            format!("{d}.{m}.{y}"),
            format!("{d:02}.{m:02}.{}", y % 100),
            format!("{d}. {month}"),
            format!("{weekday}, den {d}. {month}"),
            format!("{weekday} {d}.{m}."),
            day.strftime("%B %-d, %Y").to_string(),
            day.strftime("the %-dth of %B").to_string(),
            format!("{y}/{m:02}/{d:02}"),
        ] {
            let understood = with_context(&now, |context| understand(&text, context));
            prop_assert_eq!(&understood, &Understood::Day(day), "{}", text);
            let at = with_context(&now, |context| wish(Some(&text), Some(&format!("{hour:02}:{minute:02}")), context));
            prop_assert_eq!(at, Wish::Exact(day.at(hour, minute, 0, 0).to_zoned(now.time_zone().clone()).unwrap()));
        }
    }

    #[test]
    fn a_clock_time_of_the_open_hours_reads_back_from_every_spelling(hour in 9_i8..18, minute in 0_i8..60) {
        let now: Zoned = "2026-11-20T08:30:00+01:00[Europe/Berlin]".parse().unwrap();
        let time = Time::new(hour, minute, 0, 0).unwrap();
        let english = time.strftime("%-I:%M %p").to_string();
        for text in [
            format!("{hour:02}:{minute:02}"),
            format!("um {hour}:{minute:02} Uhr"),
            format!("{hour}.{minute:02} Uhr"),
            format!("{hour} Uhr {minute:02}"),
            format!("{hour}h{minute:02}"),
            english,
        ] {
            let understood = with_context(&now, |context| understand(&text, context));
            prop_assert_eq!(understood, Understood::Clock { time, around: None }, "{}", text);
        }
    }
}

#[test]
fn very_long_texts_are_cut_and_quickly_done() {
    let now: Zoned = "2026-11-20T09:30:00+01:00[Europe/Berlin]".parse().unwrap();
    for unit in ["morgen um zehn ", "ä", "1.", "nicht ", "zwischen ", "oder 3 ", "\u{1F600}", "von bis "] {
        let text = unit.repeat(10_000 / unit.len());
        with_context(&now, |context| {
            understand(&text, context);
            wish(Some(&text), Some(&text), context);
        });
    }
    let far = format!("{} morgen um zehn", "x ".repeat(300));
    assert_eq!(with_context(&now, |context| understand(&far, context)), Understood::Nothing);
}
