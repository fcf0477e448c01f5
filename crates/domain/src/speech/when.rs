//! Days and clock times as they are said: no digits with a colon, no ISO date, the year only where it differs
//! from the present one. One formatter for everything spoken.

use jiff::Zoned;
use jiff::civil::{Date, Time, Weekday};

use crate::lang::Lang;

/// The grammatical case of a German date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// "Donnerstag, der dritte Dezember".
    Nominative,
    /// "(am) Donnerstag, dem dritten Dezember".
    Dative,
    /// "Donnerstag, den dritten Dezember".
    Accusative,
}

/// "Mittwoch, der zweite Dezember, um 10 Uhr"; "Wednesday, the second of December, at 10 a.m.".
pub fn spoken_when(start: &Zoned, lang: Lang, now: &Zoned) -> String {
    match lang {
        Lang::De => format!("{}, um {}", de_day(start.date(), Case::Nominative, now), de_clock(start.time())),
        Lang::En => format!("{}, at {}", en_day(start.date(), now), en_clock(start.time())),
    }
}

/// The present: "Dienstag, der erste Dezember, 9 Uhr 12"; "Tuesday, the first of December, 9 12 a.m.".
pub fn spoken_now(now: &Zoned, lang: Lang) -> String {
    match lang {
        Lang::De => format!("{}, {}", de_day(now.date(), Case::Nominative, now), de_clock(now.time())),
        Lang::En => format!("{}, {}", en_day(now.date(), now), en_clock(now.time())),
    }
}

/// "Mittwoch, der zweite Dezember"; "Wednesday, the second of December".
pub fn spoken_day(date: Date, lang: Lang, now: &Zoned) -> String {
    match lang {
        Lang::De => de_day(date, Case::Nominative, now),
        Lang::En => en_day(date, now),
    }
}

/// "10 Uhr 30"; "10 30 a.m.".
pub fn spoken_clock(time: Time, lang: Lang) -> String {
    match lang {
        Lang::De => de_clock(time),
        Lang::En => en_clock(time),
    }
}

/// "Mittwoch"; "Wednesday".
pub fn weekday_name(weekday: Weekday, lang: Lang) -> &'static str {
    let (de, en) = match weekday {
        Weekday::Monday => ("Montag", "Monday"),
        Weekday::Tuesday => ("Dienstag", "Tuesday"),
        Weekday::Wednesday => ("Mittwoch", "Wednesday"),
        Weekday::Thursday => ("Donnerstag", "Thursday"),
        Weekday::Friday => ("Freitag", "Friday"),
        Weekday::Saturday => ("Samstag", "Saturday"),
        Weekday::Sunday => ("Sonntag", "Sunday"),
    };
    match lang {
        Lang::De => de,
        Lang::En => en,
    }
}

/// A German day in the wished case, weekday first.
pub(super) fn de_day(date: Date, case: Case, now: &Zoned) -> String {
    format!("{}, {}", weekday_name(date.weekday(), Lang::De), de_date(date, case, now))
}

/// "der dritte Dezember", "dem dritten Dezember 2027".
pub(super) fn de_date(date: Date, case: Case, now: &Zoned) -> String {
    let (article, ending) = match case {
        Case::Nominative => ("der", "e"),
        Case::Dative => ("dem", "en"),
        Case::Accusative => ("den", "en"),
    };
    let stem = DE_ORDINAL_STEMS.get(place(date.day())).copied().unwrap_or_default();
    let month = DE_MONTHS.get(place(date.month())).copied().unwrap_or_default();
    format!("{article} {stem}{ending} {month}{}", year_where_it_differs(date, now))
}

/// "Wednesday, the second of December".
pub(super) fn en_day(date: Date, now: &Zoned) -> String {
    format!("{}, {}", weekday_name(date.weekday(), Lang::En), en_date(date, now))
}

/// "the second of December".
pub(super) fn en_date(date: Date, now: &Zoned) -> String {
    let ordinal = EN_ORDINALS.get(place(date.day())).copied().unwrap_or_default();
    let month = EN_MONTHS.get(place(date.month())).copied().unwrap_or_default();
    format!("the {ordinal} of {month}{}", year_where_it_differs(date, now))
}

/// "10 Uhr", "10 Uhr 30", "1 Uhr".
pub(super) fn de_clock(time: Time) -> String {
    de_minute_of_day(minute_of_day(time))
}

/// The same from minutes since midnight; the end of a day is "24 Uhr".
pub(super) fn de_minute_of_day(minute: u16) -> String {
    match (minute / 60, minute % 60) {
        (hour, 0) => format!("{hour} Uhr"),
        (hour, minute) => format!("{hour} Uhr {minute}"),
    }
}

/// "10 a.m.", "11 15 a.m.", "9 oh 5 p.m.", "noon", "midnight".
pub(super) fn en_clock(time: Time) -> String {
    en_minute_of_day(minute_of_day(time))
}

/// The same from minutes since midnight.
pub(super) fn en_minute_of_day(minute: u16) -> String {
    let hour = minute / 60 % 24;
    let half = if hour < 12 { "a.m." } else { "p.m." };
    let spoken_hour = if hour.is_multiple_of(12) { 12 } else { hour % 12 };
    match (hour, minute % 60) {
        (0, 0) => "midnight".to_owned(),
        (12, 0) => "noon".to_owned(),
        (_, 0) => format!("{spoken_hour} {half}"),
        (_, minute @ 1..=9) => format!("{spoken_hour} oh {minute} {half}"),
        (_, minute) => format!("{spoken_hour} {minute} {half}"),
    }
}

fn minute_of_day(time: Time) -> u16 {
    u16::try_from(i16::from(time.hour()) * 60 + i16::from(time.minute())).unwrap_or_default()
}

fn year_where_it_differs(date: Date, now: &Zoned) -> String {
    if date.year() == now.year() { String::new() } else { format!(" {}", date.year()) }
}

/// The place of a day or month, counted from one, in its table.
fn place(number: i8) -> usize {
    usize::try_from(number).unwrap_or_default().saturating_sub(1)
}

const DE_ORDINAL_STEMS: [&str; 31] = [
    "erst",
    "zweit",
    "dritt",
    "viert",
    "fünft",
    "sechst",
    "siebt",
    "acht",
    "neunt",
    "zehnt",
    "elft",
    "zwölft",
    "dreizehnt",
    "vierzehnt",
    "fünfzehnt",
    "sechzehnt",
    "siebzehnt",
    "achtzehnt",
    "neunzehnt",
    "zwanzigst",
    "einundzwanzigst",
    "zweiundzwanzigst",
    "dreiundzwanzigst",
    "vierundzwanzigst",
    "fünfundzwanzigst",
    "sechsundzwanzigst",
    "siebenundzwanzigst",
    "achtundzwanzigst",
    "neunundzwanzigst",
    "dreißigst",
    "einunddreißigst",
];

const DE_MONTHS: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];

const EN_ORDINALS: [&str; 31] = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
    "twenty-first",
    "twenty-second",
    "twenty-third",
    "twenty-fourth",
    "twenty-fifth",
    "twenty-sixth",
    "twenty-seventh",
    "twenty-eighth",
    "twenty-ninth",
    "thirtieth",
    "thirty-first",
];

const EN_MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
