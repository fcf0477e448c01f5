//! Public holidays of the 16 German states.

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

#[cfg(test)]
mod tests;

/// A German federal state, by its ISO 3166-2 letters (`BE` in `DE-BE`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the letters are the documentation: ISO 3166-2:DE")]
#[serde(rename_all = "UPPERCASE")]
pub enum State {
    Bw,
    By,
    Be,
    Bb,
    Hb,
    Hh,
    He,
    Mv,
    Ni,
    Nw,
    Rp,
    Sl,
    Sn,
    St,
    Sh,
    Th,
}

/// A public holiday, by its names in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holiday {
    /// German name.
    pub de: &'static str,
    /// English name.
    pub en: &'static str,
}

/// The public holiday of that state on that day, by the law in force in that year; right for 2020 to 2050 as far as
/// the laws are passed.
///
/// Only what holds in the whole state: Mariä Himmelfahrt is a holiday in most Bavarian communities but not in all,
/// Fronleichnam in a few of Saxony and Thuringia, the Friedensfest in Augsburg alone. A branch there enters its day as
/// a closure. Hesse's law counts every Sunday among the holidays; here Easter and Whit Sunday are named only for
/// Brandenburg, and whether a branch opens on Sundays is said by its week.
pub fn holiday(state: State, date: Date) -> Option<Holiday> {
    movable(state, date).or_else(|| fixed(state, date)).or_else(|| only_once(state, date))
}

/// Feasts counted from Easter, and the Wednesday before 23 November.
fn movable(state: State, date: Date) -> Option<Holiday> {
    use State::{Bb, Bw, By, He, Nw, Rp, Sl, Sn};
    let after_easter = date.day_of_year() - easter(date.year()).day_of_year();
    match after_easter {
        -2 => named("Karfreitag", "Good Friday"),
        0 if state == Bb => named("Ostersonntag", "Easter Sunday"),
        1 => named("Ostermontag", "Easter Monday"),
        39 => named("Christi Himmelfahrt", "Ascension Day"),
        49 if state == Bb => named("Pfingstsonntag", "Whit Sunday"),
        50 => named("Pfingstmontag", "Whit Monday"),
        60 if matches!(state, Bw | By | He | Nw | Rp | Sl) => named("Fronleichnam", "Corpus Christi"),
        _ if state == Sn
            && date.month() == 11
            && (16..=22).contains(&date.day())
            && date.weekday() == Weekday::Wednesday =>
        {
            named("Buß- und Bettag", "Day of Repentance and Prayer")
        }
        _ => None,
    }
}

/// Holidays with a date of their own, since the year their law came into force.
fn fixed(state: State, date: Date) -> Option<Holiday> {
    use State::{Bb, Be, Bw, By, Hb, Hh, Mv, Ni, Nw, Rp, Sh, Sl, Sn, St, Th};
    let year = date.year();
    match (date.month(), date.day()) {
        (1, 1) => named("Neujahr", "New Year's Day"),
        (1, 6) if matches!(state, Bw | By | St) => named("Heilige Drei Könige", "Epiphany"),
        (3, 8) if (state == Be && year >= 2019) || (state == Mv && year >= 2023) => {
            named("Internationaler Frauentag", "International Women's Day")
        }
        (5, 1) => named("Tag der Arbeit", "Labour Day"),
        (8, 15) if state == Sl => named("Mariä Himmelfahrt", "Assumption Day"),
        (9, 20) if state == Th && year >= 2019 => named("Weltkindertag", "World Children's Day"),
        (10, 3) => named("Tag der Deutschen Einheit", "German Unity Day"),
        (10, 31) if matches!(state, Bb | Mv | Sn | St | Th) => named("Reformationstag", "Reformation Day"),
        (10, 31) if matches!(state, Hb | Hh | Ni | Sh) && year >= 2018 => named("Reformationstag", "Reformation Day"),
        (11, 1) if matches!(state, Bw | By | Nw | Rp | Sl) => named("Allerheiligen", "All Saints' Day"),
        (12, 25) => named("Erster Weihnachtstag", "Christmas Day"),
        (12, 26) => named("Zweiter Weihnachtstag", "Boxing Day"),
        _ => None,
    }
}

/// Berlin's anniversaries, each a holiday in one year only.
fn only_once(state: State, date: Date) -> Option<Holiday> {
    match (state, date.year(), date.month(), date.day()) {
        (State::Be, 2020 | 2025, 5, 8) => named("Tag der Befreiung", "Liberation Day"),
        (State::Be, 2028, 6, 17) => named("Jahrestag des Volksaufstands", "Anniversary of the 1953 Uprising"),
        _ => None,
    }
}

fn named(de: &'static str, en: &'static str) -> Option<Holiday> {
    Some(Holiday { de, en })
}

/// Easter Sunday: the Sunday after the first full moon of spring, both as the Gregorian church calendar counts them.
fn easter(year: i16) -> Date {
    let year = i32::from(year);
    let century = year / 100;
    let moon_year = year % 19;
    // Leap days the Gregorian calendar drops, and the moon's own drift against nineteen years.
    let epact = (century - century / 4 - (8 * century + 13) / 25 + 19 * moon_year + 15) % 30;
    // Days from 21 March to the full moon; the two latest cases are pulled in so that it stays before 19 April.
    let full_moon = epact - (epact / 28) * (1 - (29 / (epact + 1)) * ((21 - moon_year) / 11));
    let weekday = (year + year / 4 + full_moon + 2 - century + century / 4) % 7;
    // Counted in March, so that the 32nd is the first of April.
    let day = full_moon - weekday + 28;
    let (month, day) = if day <= 31 { (3, day) } else { (4, day - 31) };
    Date::new(year as i16, month, day as i8).unwrap_or(Date::MIN)
}
