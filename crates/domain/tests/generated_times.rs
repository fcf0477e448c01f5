//! Phrases made from the grammar's own description: a day, a clock time and a frame, each with its meaning, put
//! together in thousands of ways. What is said so is understood so.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "tests"
)]

mod phrases;

use std::time::Instant;

use frontdesk_domain::lang::Lang;
use frontdesk_domain::spoken::{AskTime, Grain, TimeContext, Understood, understand};
use frontdesk_domain::tenant::hours::DayParts;
use jiff::Zoned;
use jiff::civil::{Date, Time};

use phrases::{Dice, clock_time, day, in_frame};

/// In `cargo test`; the ignored test makes more.
const MADE: u32 = 6_000;

const PRESENTS: [&str; 5] = [
    "2026-11-16T07:30:00+01:00[Europe/Berlin]",
    "2026-11-20T08:10:00+01:00[Europe/Berlin]",
    "2026-12-29T06:00:00+01:00[Europe/Berlin]",
    "2027-03-24T08:00:00+01:00[Europe/Berlin]",
    "2027-06-13T08:45:00+02:00[Europe/Berlin]",
];

fn context<'a>(now: &'a Zoned, parts: &'a DayParts, lang: Lang) -> TimeContext<'a> {
    TimeContext { now, hours: (9 * 60, 18 * 60), day_parts: parts, lang }
}

fn instant(date: Date, time: Time, now: &Zoned) -> Zoned {
    date.to_datetime(time).to_zoned(now.time_zone().clone()).unwrap()
}

/// A phrase and its meaning.
fn made(dice: &mut Dice, lang: Lang, now: &Zoned) -> (String, Understood) {
    let german = lang == Lang::De;
    let (day_said, date) = day(dice, lang, now.date());
    let (clock_said, time) = clock_time(dice, lang, 9 * 60..17 * 60 + 45);
    let at = |time| instant(date, time, now);
    let exact = |at| Understood::Instant { at, around: None };
    let (bare, at_clock) = (clock_said.bare, clock_said.at);
    let (core, meaning) = match dice.below(12) {
        0 => (day_said, Understood::Day(date)),
        1..=3 => (format!("{day_said} {at_clock}"), exact(at(time))),
        4 => (format!("{at_clock} {day_said}"), exact(at(time))),
        5 => {
            let words: &[&str] = if german {
                &["ab", "nicht vor", "frühestens um", "erst nach"]
            } else {
                &["after", "not before", "starting at"]
            };
            let from = at(time);
            (format!("{day_said} {} {bare}", dice.one(words)), Understood::After { from, grain: Grain::Minute })
        }
        6 => {
            let words: &[&str] = if german {
                &["bis", "vor", "spätestens um", "bis spätestens"]
            } else {
                &["before", "until", "no later than"]
            };
            let until = at(time);
            (format!("{day_said} {} {bare}", dice.one(words)), Understood::Before { until, grain: Grain::Minute })
        }
        7 => {
            let words: &[&str] = if german {
                &["gegen", "so gegen", "ungefähr um", "circa"]
            } else {
                &["around", "about", "at around"]
            };
            (format!("{day_said} {} {bare}", dice.one(words)), Understood::Instant { at: at(time), around: Some(30) })
        }
        8 => {
            let first = 9 + dice.below(4);
            let last = first + 1 + dice.below(3);
            let (from, until) = (Time::new(first as i8, 0, 0, 0).unwrap(), Time::new(last as i8, 0, 0, 0).unwrap());
            let hour = |hour| phrases::hour_word(hour, lang);
            let said = match (german, dice.below(2)) {
                (true, 0) => format!("zwischen {} und {}", hour(first), hour(last)),
                (true, _) => format!("von {} bis {}", hour(first), hour(last)),
                (false, 0) => format!("between {} and {}", hour(first), hour(last)),
                (false, _) => format!("from {} to {}", hour(first), hour(last)),
            };
            (
                format!("{day_said} {said}"),
                Understood::Stretch { from: at(from), until: at(until), grain: Grain::Minute },
            )
        }
        9 => {
            // A correction of the hour.
            let (wrong, _) = clock_time(dice, lang, 9 * 60..17 * 60 + 45);
            let words: &[&str] = if german {
                &["nein doch lieber", "ach nein", "quatsch", "nee warte nein"]
            } else {
                &["no", "no sorry", "no wait", "actually"]
            };
            (format!("{day_said} {} {} {at_clock}", wrong.at, dice.one(words)), exact(at(time)))
        }
        10 => {
            // A correction of the day: an other day named in full.
            let (wrong, other) = phrases::dated(dice, lang, now.date());
            let (right, date) = phrases::dated(dice, lang, now.date());
            let words: &[&str] = if german { &["nein", "ach nein", "quatsch"] } else { &["no", "no sorry", "no wait"] };
            let said = if other == date { right } else { format!("{wrong} {} {right}", dice.one(words)) };
            (format!("{said} {at_clock}"), exact(instant(date, time, now)))
        }
        _ => {
            let (later_said, later) = clock_time(dice, lang, 9 * 60..17 * 60 + 45);
            let or = if german { "oder" } else { "or" };
            let meaning = if later == time {
                exact(at(time))
            } else {
                Understood::OneOf(vec![exact(at(time)), exact(at(later))])
            };
            (format!("{day_said} {at_clock} {or} {}", later_said.at), meaning)
        }
    };
    (in_frame(dice, lang, &core), meaning)
}

fn measure(count: u32, seed: u64) {
    let parts = DayParts::default();
    let presents: Vec<Zoned> = PRESENTS.iter().map(|now| now.parse().unwrap()).collect();
    let mut dice = Dice(seed);
    let (mut wrong, mut asked) = (Vec::new(), Vec::new());
    for _ in 0..count {
        let lang = if dice.below(3) == 0 { Lang::En } else { Lang::De };
        let now = dice.one(&presents).clone();
        let (text, meaning) = made(&mut dice, lang, &now);
        let understood = understand(&text, &context(&now, &parts, lang));
        if understood == meaning {
            continue;
        }
        let line = format!("{text:?} at {}: {understood:?}, meant {meaning:?}", now.date());
        match understood {
            Understood::Ask(_) | Understood::Nothing => asked.push(line),
            _ => wrong.push(line),
        }
    }
    println!("{count} made: {} asked, {} wrong", asked.len(), wrong.len());
    let some = |lines: &[String]| lines.iter().take(25).cloned().collect::<Vec<_>>().join("\n");
    assert!(wrong.is_empty(), "{} wrong:\n{}\nasked:\n{}", wrong.len(), some(&wrong), some(&asked));
    // "At twelve thirty three weeks from today" has two readings.
    assert!(asked.len() as u32 <= count / 1_000, "{} asked back:\n{}", asked.len(), some(&asked));
}

#[test]
fn what_is_made_from_the_grammars_description_is_understood_as_made() {
    measure(MADE, 1);
}

#[test]
#[ignore = "long: `cargo test --release -p frontdesk-domain --test generated_times -- --ignored`"]
fn a_hundred_thousand_made_phrases_are_understood_as_made() {
    measure(100_000, 2);
}

/// Any text: letters, figures and marks between words of the grammar.
fn fuzzed(dice: &mut Dice) -> String {
    let mut text = String::new();
    for _ in 0..dice.below(14) {
        match dice.below(5) {
            0 => text.push_str(&dice.below(3_000_000_000).to_string()),
            1 => text.push(char::from_u32(dice.below(0x3000) as u32).unwrap_or('ß')),
            2 => text.push(*dice.one(&['.', ':', '-', '/', ',', '\u{308}', 'T', 'Z', '+'])),
            _ => text.push_str(dice.one::<&str>(phrases::WORDS)),
        }
        if dice.below(4) > 0 {
            text.push(' ');
        }
    }
    text
}

fn fuzz(count: u32, seed: u64) {
    let parts = DayParts::default();
    let presents: Vec<Zoned> = PRESENTS.iter().map(|now| now.parse().unwrap()).collect();
    let mut dice = Dice(seed);
    for _ in 0..count {
        let text = fuzzed(&mut dice);
        let now = dice.one(&presents);
        match understand(&text, &context(now, &parts, Lang::De)) {
            Understood::Instant { at, .. } => assert!(at >= *now, "{text:?}"),
            Understood::Ask(AskTime::WhichDay(days)) => assert!(days.len() > 1, "{text:?}"),
            _ => {}
        }
    }
}

#[test]
fn ten_thousand_fuzzed_texts_do_not_panic() {
    fuzz(10_000, 3);
}

#[test]
#[ignore = "long"]
fn a_hundred_thousand_fuzzed_texts_do_not_panic() {
    fuzz(100_000, 4);
}

#[test]
#[ignore = "a measurement: run it in release with --nocapture"]
fn how_long_a_phrase_takes() {
    let parts = DayParts::default();
    let now: Zoned = PRESENTS[0].parse().unwrap();
    let mut dice = Dice(5);
    let mut taken: Vec<u128> = (0..20_000)
        .map(|_| {
            let (text, _) = made(&mut dice, Lang::De, &now);
            let start = Instant::now();
            std::hint::black_box(understand(&text, &context(&now, &parts, Lang::De)));
            start.elapsed().as_nanos()
        })
        .collect();
    taken.sort_unstable();
    let at = |percent: usize| taken[taken.len() * percent / 100] as f64 / 1000.0;
    println!("p50 {:.1} µs, p99 {:.1} µs", at(50), at(99));
}
