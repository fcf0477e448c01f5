//! A target for coverage-guided fuzzing: what callers say about time. In `cargo test` it runs some thousand random
//! inputs with a fixed seed; CONTRIBUTING.md says how to run it for hours.
#![allow(clippy::unwrap_used, reason = "tests")]

use bolero::check;
use frontdesk_domain::lang::Lang;
use frontdesk_domain::spoken::{TimeContext, Understood, Wish, understand, wish};
use frontdesk_domain::tenant::hours::DayParts;
use jiff::{ToSpan, Zoned};

/// Beyond it nothing is booked, and no stretch is so long.
const LONGEST_STRETCH_WEEKS: i64 = 8;

/// Phrases a random input starts from: one of each kind of rule.
const SAID: &[&str] = &[
    "morgen um zehn",
    "nächsten Freitag gegen halb drei",
    "am 24.12. zwischen 10 und 12 Uhr",
    "übermorgen früh oder Montag abends",
    "in zwei Wochen, aber nicht dienstags",
    "Ende Dezember nachmittags",
    "2027-03-28T02:30",
    "next Tuesday at half past four pm",
    "Ostermontag ab dreiviertel neun",
    "KW 50 egal wann",
];

/// Two texts from an input: as it is, or a phrase with some letters put in.
fn texts(input: &[u8]) -> (String, String) {
    let (head, rest) = input.split_at(input.len().min(3));
    let said = |at: usize| SAID.get(usize::from(head.get(at).copied().unwrap_or_default()) % (SAID.len() * 2));
    let (left, right) = rest.split_at(rest.len() / 2);
    let text = |at: usize, bytes: &[u8]| {
        let free = String::from_utf8_lossy(bytes);
        let Some(said) = said(at) else { return free.into_owned() };
        let mut words: Vec<String> = said.split(' ').map(str::to_owned).collect();
        for (at, word) in free.split(' ').take(4).enumerate().filter(|(_, word)| !word.is_empty()) {
            words.insert((at * 7 + word.len()) % (words.len() + 1), word.chars().take(12).collect());
        }
        words.join(" ")
    };
    (text(0, left), text(1, right))
}

/// Any minute of four years, clock changes and leap day among them.
fn present(minutes: u32) -> Zoned {
    let start: Zoned = "2026-01-01T00:00:00+01:00[Europe/Berlin]".parse().unwrap();
    start.checked_add(i64::from(minutes % (4 * 366 * 24 * 60)).minutes()).unwrap()
}

#[test]
fn a_time_that_is_understood_is_never_before_the_present() {
    check!().with_iterations(2_000).with_type::<(Vec<u8>, u32, bool)>().for_each(|(input, minutes, german)| {
        let now = present(*minutes);
        let day_parts = DayParts::default();
        let lang = if *german { Lang::De } else { Lang::En };
        let context = TimeContext { now: &now, hours: (9 * 60, 18 * 60), day_parts: &day_parts, lang };
        let (date, time) = texts(input);
        if let Understood::Instant { at, .. } = understand(&date, &context) {
            assert!(at >= now, "{date:?} at {now}: {at}");
        }
        for (date, time) in [(Some(&*date), Some(&*time)), (Some(&*date), None), (None, Some(&*time))] {
            match wish(date, time, &context) {
                Wish::Exact(at) => assert!(at >= now, "{date:?} {time:?} at {now}: {at}"),
                Wish::Within(stretches) => {
                    assert!(!stretches.is_empty(), "{date:?} {time:?} at {now}");
                    for (from, until) in stretches {
                        assert!(from >= now && from < until, "{date:?} {time:?} at {now}: {from} {until}");
                        assert!(until <= from.checked_add(LONGEST_STRETCH_WEEKS.weeks()).unwrap());
                    }
                }
                Wish::ClockWithoutDay(_) | Wish::Unsaid | Wish::Ask(_) => {}
            }
        }
    });
}
