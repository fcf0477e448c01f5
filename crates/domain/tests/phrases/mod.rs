//! The parts phrases are made from, each with its meaning.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::ops::Range;

use frontdesk_domain::lang::Lang;
use jiff::ToSpan;
use jiff::civil::{Date, Time, Weekday};

/// Seeded numbers, the same in every run.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mixed = (self.0 >> 33) ^ (self.0 >> 17);
        mixed % limit.max(1)
    }

    pub fn one<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        let at = self.below(all.len() as u64) as usize;
        &all[at]
    }
}

const DE_SMALL: [&str; 20] = [
    "null",
    "eins",
    "zwei",
    "drei",
    "vier",
    "fünf",
    "sechs",
    "sieben",
    "acht",
    "neun",
    "zehn",
    "elf",
    "zwölf",
    "dreizehn",
    "vierzehn",
    "fünfzehn",
    "sechzehn",
    "siebzehn",
    "achtzehn",
    "neunzehn",
];
const EN_SMALL: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];

/// A number to 59 in words.
pub fn number(n: u64, lang: Lang) -> String {
    let (small, tens) = match lang {
        Lang::De => (DE_SMALL, ["zwanzig", "dreißig", "vierzig", "fünfzig"]),
        Lang::En => (EN_SMALL, ["twenty", "thirty", "forty", "fifty"]),
    };
    if n < 20 {
        return small[n as usize].to_owned();
    }
    let ten = tens[(n / 10 - 2) as usize];
    match (n % 10, lang) {
        (0, _) => ten.to_owned(),
        (1, Lang::De) => format!("einund{ten}"),
        (unit, Lang::De) => format!("{}und{ten}", small[unit as usize]),
        (unit, Lang::En) => format!("{ten} {}", small[unit as usize]),
    }
}

fn ordinal(n: u64, lang: Lang) -> String {
    match (n, lang) {
        (1, Lang::De) => "ersten".to_owned(),
        (3, Lang::De) => "dritten".to_owned(),
        (7, Lang::De) => "siebten".to_owned(),
        (8, Lang::De) => "achten".to_owned(),
        (n, Lang::De) if n < 20 => format!("{}ten", number(n, lang)),
        (n, Lang::De) => format!("{}sten", number(n, lang)),
        (n, Lang::En) => {
            let first = [
                "", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
                "eleventh", "twelfth",
            ];
            match n {
                1..=12 => first[n as usize].to_owned(),
                13..=19 => format!("{}th", number(n, lang)),
                20 => "twentieth".to_owned(),
                30 => "thirtieth".to_owned(),
                _ => format!("{} {}", number(n / 10 * 10, lang), first[(n % 10) as usize]),
            }
        }
    }
}

/// An hour as it is said of the twelve on the dial.
pub fn hour_word(hour: u64, lang: Lang) -> String {
    number(if hour > 12 { hour - 12 } else { hour }, lang)
}

/// A clock time: after "um" or a bound, and with the "um" it takes.
pub struct Said {
    pub bare: String,
    pub at: String,
}

/// A clock time of the range (minutes since midnight), to five minutes.
pub fn clock_time(dice: &mut Dice, lang: Lang, range: Range<u64>) -> (Said, Time) {
    let minutes = range.start + dice.below((range.end - range.start) / 5) * 5;
    let (hour, minute) = (minutes / 60, minutes % 60);
    let hour_said = hour_word(hour, lang);
    let next = hour_word(if hour == 12 { 1 } else { hour + 1 }, lang);
    let min = |n| number(n, lang);
    let full = if hour == 1 { "ein".to_owned() } else { number(hour, lang) };
    let mut ways = match lang {
        Lang::De => {
            let mut ways = vec![
                format!("{hour}:{minute:02}"),
                format!("{hour}:{minute:02} uhr"),
                format!("{hour}.{minute:02} uhr"),
            ];
            if minute == 0 {
                ways = vec![hour_said, format!("{hour} uhr"), format!("{full} uhr"), format!("{hour}:00 uhr")];
            } else {
                ways.push(format!("{full} uhr {}", min(minute)));
                ways.push(format!("{hour} uhr {minute}"));
                match minute {
                    5 | 10 | 20 => ways.push(format!("{} nach {hour_said}", min(minute))),
                    15 => ways.extend([format!("viertel nach {hour_said}"), format!("viertel {next}")]),
                    25 => ways.push(format!("fünf vor halb {next}")),
                    30 => ways.extend([format!("halb {next}"), format!("halb{next}")]),
                    35 => ways.push(format!("fünf nach halb {next}")),
                    45 => ways.extend([format!("viertel vor {next}"), format!("dreiviertel {next}")]),
                    40 | 50 | 55 => ways.push(format!("{} vor {next}", min(60 - minute))),
                    _ => {}
                }
            }
            ways
        }
        Lang::En => {
            let (twelve, half) = (if hour > 12 { hour - 12 } else { hour }, if hour < 12 { "am" } else { "pm" });
            let mut ways = vec![format!("{twelve}:{minute:02} {half}"), format!("{twelve}:{minute:02}")];
            match minute {
                0 => ways = vec![format!("{twelve} {half}"), format!("{hour_said} {half}"), hour_said],
                15 => ways.extend([format!("quarter past {hour_said}"), format!("a quarter past {hour_said}")]),
                30 => ways.extend([format!("half past {hour_said}"), format!("{hour_said} thirty")]),
                45 => ways.push(format!("quarter to {next}")),
                5 | 10 | 20 | 25 => ways.push(format!("{} past {hour_said}", min(minute))),
                _ => ways.push(format!("{} to {next}", min(60 - minute))),
            }
            ways
        }
    };
    let bare = ways.swap_remove(dice.below(ways.len() as u64) as usize);
    let at = match lang {
        Lang::De => format!("um {bare}"),
        Lang::En => format!("at {bare}"),
    };
    (Said { bare, at }, Time::new(hour as i8, minute as i8, 0, 0).unwrap())
}

fn weekday_name(weekday: Weekday, lang: Lang) -> &'static str {
    let german = ["montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"];
    let english = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let at = weekday.to_monday_zero_offset() as usize;
    if lang == Lang::De { german[at] } else { english[at] }
}

fn month_name(date: Date, lang: Lang) -> &'static str {
    let german = [
        "januar",
        "februar",
        "märz",
        "april",
        "mai",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "dezember",
    ];
    let english = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let at = date.month() as usize - 1;
    if lang == Lang::De { german[at] } else { english[at] }
}

/// A day to come named by its date.
pub fn dated(dice: &mut Dice, lang: Lang, today: Date) -> (String, Date) {
    let date = today.checked_add((3 + dice.below(300) as i64).days()).unwrap();
    let (day, month) = (date.day() as u64, month_name(date, lang));
    let weekday = weekday_name(date.weekday(), lang);
    let said = match (lang, dice.below(7)) {
        (Lang::De, 0) => format!("am {} {month}", ordinal(day, lang)),
        (Lang::De, 1) => format!("am {} {}", ordinal(day, lang), ordinal(date.month() as u64, lang)),
        (Lang::De, 2) => format!("{weekday} den {} {month}", ordinal(day, lang)),
        (Lang::De, 3) => format!("am {day}. {month}"),
        (Lang::De, 4) => format!("am {day}.{}.", date.month()),
        (Lang::De, 5) => format!("{day:02}.{:02}.{}", date.month(), date.year()),
        (Lang::De, _) => format!("den {} {month} {}", ordinal(day, lang), date.year()),
        (Lang::En, 0) => format!("on {weekday} the {} of {month}", ordinal(day, lang)),
        (Lang::En, 1) => format!("on {month} {day}"),
        (Lang::En, 2) => format!("on the {} of {month}", ordinal(day, lang)),
        (Lang::En, 3) => format!("{month} {}", ordinal(day, lang)),
        (Lang::En, _) => format!("{date}"),
    };
    (said, date)
}

/// A day to come, not today, in any way of naming it.
pub fn day(dice: &mut Dice, lang: Lang, today: Date) -> (String, Date) {
    let plus = |days: i64| today.checked_add(days.days()).unwrap();
    let monday = plus(-i64::from(today.weekday().to_monday_zero_offset()));
    let ahead = plus(1 + dice.below(6) as i64);
    let weekday = weekday_name(ahead.weekday(), lang);
    // A day of next week and the one after it.
    let next = monday.checked_add((7 + dice.below(7) as i64).days()).unwrap();
    let next_name = weekday_name(next.weekday(), lang);
    let after_next = next.checked_add(7.days()).unwrap();
    let count = 2 + dice.below(19);
    let count = if count == 8 { 9 } else { count };
    let weeks = 2 + dice.below(4);
    let week = next.iso_week_date().week() as u64;
    match (lang, dice.below(13)) {
        (Lang::De, 0) => ("morgen".to_owned(), plus(1)),
        (Lang::De, 1) => (dice.one(&["übermorgen", "uebermorgen"]).to_string(), plus(2)),
        (Lang::De, 2) => (format!("in {} tagen", number(count, lang)), plus(count as i64)),
        (Lang::De, 3) => (format!("heute in {} wochen", number(weeks, lang)), plus(7 * weeks as i64)),
        (Lang::De, 4) => (dice.one(&["heute in acht tagen", "heute in einer woche"]).to_string(), plus(7)),
        (Lang::De, 5) => (dice.one(&["morgen in vierzehn tagen", "morgen in zwei wochen"]).to_string(), plus(15)),
        (Lang::De, 6) => (format!("{} {weekday}", dice.one(&["am", "kommenden", "am kommenden"])), ahead),
        (Lang::De, 7) => (weekday.to_owned(), ahead),
        (Lang::De, 8) => {
            let how =
                ["nächste woche {}", "{} nächste woche", "am {} in der nächsten woche", "am {} der nächsten woche"];
            (dice.one(&how).replace("{}", next_name), next)
        }
        (Lang::De, 9) => (format!("übernächste woche {next_name}"), after_next),
        (Lang::De, 10) => (format!("{next_name} in kw {week}"), next),
        (Lang::En, 0) => ("tomorrow".to_owned(), plus(1)),
        (Lang::En, 1) => ("the day after tomorrow".to_owned(), plus(2)),
        (Lang::En, 2) => (format!("in {} days", number(count, lang)), plus(count as i64)),
        (Lang::En, 3) => (format!("{} weeks from today", number(weeks, lang)), plus(7 * weeks as i64)),
        (Lang::En, 4) => ("a week from tomorrow".to_owned(), plus(8)),
        (Lang::En, 5 | 6) => (format!("{} {weekday}", dice.one(&["on", "this coming"])), ahead),
        (Lang::En, 7) => (weekday.to_owned(), ahead),
        (Lang::En, 8) => {
            (dice.one(&["next week {}", "{} next week", "on {} of next week"]).replace("{}", next_name), next)
        }
        (Lang::En, 9) => (format!("{next_name} the week after next"), after_next),
        _ => dated(dice, lang, today),
    }
}

/// The phrase inside what callers say around it, perhaps with capitals.
pub fn in_frame(dice: &mut Dice, lang: Lang, core: &str) -> String {
    let frames: &[&str] = match lang {
        Lang::De => &[
            "{}",
            "{} bitte",
            "ja {}",
            "am liebsten {}",
            "guten tag ich hätte gern {} einen termin",
            "hallo schmidt mein name ich bräuchte {} einen haarschnitt",
            "haben sie {} noch was frei",
            "ähm also {} wäre super",
            "geht das auch {}",
            "meine tochter ist acht und bräuchte {} einen termin",
            "ich würde gern bei anna {} vorbeikommen",
            "passt es {} bei ihnen",
            "könnte ich {} kommen",
            "guten morgen ist {} etwas möglich",
        ],
        Lang::En => &[
            "{}",
            "{} please",
            "yes {}",
            "hi i'd like an appointment {} please",
            "do you have anything free {}",
            "could i come in {}",
            "my son is eight and needs a haircut {}",
            "{} would be great",
            "uh {} if possible",
        ],
    };
    let text = dice.one(frames).replace("{}", core);
    match dice.below(6) {
        0 => text.to_uppercase(),
        1 if lang == Lang::De => text.replace('ü', "ue").replace('ä', "ae").replace('ö', "oe").replace('ß', "ss"),
        _ => text,
    }
}

/// Words of the grammar, for texts that mean nothing.
pub const WORDS: &[&str] = &[
    "morgen",
    "heute",
    "übermorgen",
    "nächste",
    "woche",
    "in",
    "acht",
    "tagen",
    "halb",
    "viertel",
    "nach",
    "vor",
    "uhr",
    "um",
    "zwischen",
    "und",
    "oder",
    "nicht",
    "statt",
    "nein",
    "bis",
    "ab",
    "von",
    "kw",
    "anfang",
    "ende",
    "dezember",
    "februar",
    "dienstag",
    "freitags",
    "mittags",
    "letzten",
    "jeden",
    "alle",
    "danach",
    "schlecht",
    "war",
    "frühestens",
    "äh",
    "ostern",
    "zwei",
    "tage",
    "next",
    "the",
    "of",
    "first",
    "week",
    "to",
    "half",
    "past",
    "a.m.",
    "pm",
    "tomorrow",
    "31.",
    "24.12.",
    "2026-11-24",
    "14:30",
    "03/12",
    "15.1",
    "einer",
    "stunde",
    "hundert",
    "sommer",
];
