//! Feasts people name instead of a date, with the days they cover.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::tokens::{Tok, Which};

/// First and last day of a feast, by the year it lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Feast {
    /// Month and day.
    Fixed(i8, i8),
    /// Days from Easter Sunday.
    Easter(i32),
    /// Several fixed days: first, and last in days after it.
    Days(i8, i8, i32),
    /// Sundays of Advent, 1 to 4.
    Advent(u8),
    /// "Buß- und Bettag".
    Repentance,
    MothersDay,
}

impl Feast {
    /// The feast's first and last day in that year.
    pub(super) fn days(self, year: i16) -> Option<(Date, Date)> {
        let one = |day: Option<Date>| day.map(|day| (day, day));
        match self {
            Self::Fixed(month, day) => one(Date::new(year, month, day).ok()),
            Self::Easter(days) => one(easter(year)?.checked_add(days.days()).ok()),
            Self::Days(month, day, more) => {
                let first = Date::new(year, month, day).ok()?;
                Some((first, first.checked_add(more.days()).ok()?))
            }
            Self::Advent(nth) => {
                let fourth = sunday_before(Date::new(year, 12, 25).ok()?)?;
                one(fourth.checked_sub((7 * (4 - i32::from(nth.min(4)))).days()).ok())
            }
            // The Wednesday before 23 November.
            Self::Repentance => {
                let mut day = Date::new(year, 11, 22).ok()?;
                while day.weekday() != Weekday::Wednesday {
                    day = day.yesterday().ok()?;
                }
                one(Some(day))
            }
            Self::MothersDay => {
                let first = Date::new(year, 5, 1).ok()?;
                one(first.nth_weekday_of_month(2, Weekday::Sunday).ok())
            }
        }
    }

    /// The coming one: its first and last day, the last not before `today`.
    pub(super) fn coming(self, today: Date) -> Option<(Date, Date)> {
        self.days(today.year()).filter(|(_, last)| *last >= today).or_else(|| self.days(today.year() + 1))
    }
}

fn sunday_before(day: Date) -> Option<Date> {
    day.nth_weekday(-1, Weekday::Sunday).ok()
}

/// Easter Sunday of the Gregorian calendar.
fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let golden = y.rem_euclid(19);
    let century = y.div_euclid(100);
    let epact = (century - century / 4 - (8 * century + 13) / 25 + 19 * golden + 15).rem_euclid(30);
    let full_moon = epact - (epact / 28) * (1 - (29 / (epact + 1)) * ((21 - golden) / 11));
    let weekday = (y + y / 4 + full_moon + 2 - century + century / 4).rem_euclid(7);
    let after = full_moon - weekday;
    let month = 3 + (after + 40) / 44;
    let day = after + 28 - 31 * (month / 4);
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// Reads a feast's name at the start of `toks`: the feast and the number of tokens.
pub(super) fn read(toks: &[Tok<'_>]) -> Option<(Feast, usize)> {
    use Feast::{Advent, Days, Easter, Fixed, Repentance};
    Some(match toks {
        [Tok::Ord(nth @ 1..=4), Tok::Other("advent" | "adventssonntag"), ..] => (Advent(*nth), 2),
        [Tok::Ord(nth @ 1..=2), Tok::Other(name), ..] if christmas_day(name) => {
            (Fixed(12, 24 + i8::try_from(*nth).ok()?), 2)
        }
        [Tok::NumberDot(nth @ 1..=2), Tok::Other(name), ..] if christmas_day(name) => {
            (Fixed(12, 24 + i8::try_from(*nth).ok()?), 2)
        }
        [Tok::NumberDot(nth @ 1..=4), Tok::Other("advent"), ..] => (Advent(*nth), 2),
        [
            Tok::Other("heilige" | "heiligen" | "heilig"),
            Tok::Card { value: 3, .. },
            Tok::Other("koenige" | "koenigen" | "konige"),
            ..,
        ] => (Fixed(1, 6), 3),
        [Tok::Other("heilige" | "heiligen" | "heiliger" | "heilig"), Tok::Part(super::tokens::Part::Evening), ..] => {
            (Fixed(12, 24), 2)
        }
        [Tok::Unit { .. }, Tok::Other("deutschen"), Tok::Other("einheit"), ..] => (Fixed(10, 3), 3),
        [Tok::Unit { .. }, Tok::Other("arbeit"), ..] => (Fixed(5, 1), 2),
        [Tok::Other("mariae" | "maria" | "mariä"), Tok::Other("himmelfahrt"), ..] => (Fixed(8, 15), 2),
        [Tok::Other("christi"), Tok::Other("himmelfahrt"), ..] => (Easter(39), 2),
        [Tok::Other("buss"), Tok::And, Tok::Other("bettag"), ..] => (Repentance, 3),
        [Tok::Other("christmas" | "xmas"), Tok::Other("eve"), ..] => (Fixed(12, 24), 2),
        [Tok::Other("christmas" | "xmas"), Tok::Unit { .. }, ..] => (Fixed(12, 25), 2),
        [Tok::Other("boxing"), Tok::Unit { .. }, ..] => (Fixed(12, 26), 2),
        [Tok::Other("new"), Tok::Other("years"), Tok::Other("eve"), ..] => (Fixed(12, 31), 3),
        [Tok::Other("new"), Tok::Other("years"), Tok::Unit { .. }, ..] => (Fixed(1, 1), 3),
        [Tok::Other("new"), Tok::Other("years"), ..] => (Fixed(1, 1), 2),
        [Tok::Other("good"), Tok::Weekday(Weekday::Friday), ..] => (Easter(-2), 2),
        [Tok::Other("easter"), Tok::Weekday(Weekday::Monday), ..] => (Easter(1), 2),
        [Tok::Other("easter"), Tok::Weekday(Weekday::Sunday), ..] => (Easter(0), 2),
        [Tok::Other("whit"), Tok::Weekday(Weekday::Monday), ..] => (Easter(50), 2),
        [Tok::Other("labour" | "labor"), Tok::Unit { .. }, ..] => (Fixed(5, 1), 2),
        [Tok::Other("jahreswechsel"), ..] => (Days(12, 31, 1), 1),
        [Tok::Between, Tok::Unit { unit: super::tokens::Unit::Year, plural: true }, ..] => (Days(12, 27, 4), 2),
        [Tok::Other(name), ..] => (one_word(name)?, 1),
        [Tok::Which(Which::This | Which::Coming | Which::Next), Tok::Other(name), ..] => (one_word(name)?, 2),
        _ => return None,
    })
}

fn christmas_day(name: &str) -> bool {
    matches!(name, "weihnachtstag" | "weihnachtsfeiertag" | "feiertag")
}

fn one_word(name: &str) -> Option<Feast> {
    use Feast::{Days, Easter, Fixed, MothersDay, Repentance};
    Some(match name {
        "heiligabend" | "heiligabends" => Fixed(12, 24),
        "weihnachten" | "weihnacht" | "christmas" | "xmas" => Days(12, 24, 2),
        "weihnachtsfeiertage"
        | "weihnachtsfeiertagen"
        | "weihnachtstage"
        | "weihnachtstagen"
        | "feiertagen"
        | "feiertage" => Days(12, 24, 2),
        "silvester" | "sylvester" => Fixed(12, 31),
        "neujahr" | "neujahrstag" => Fixed(1, 1),
        "dreikoenig" | "dreikoenige" | "dreikoenigstag" | "epiphany" => Fixed(1, 6),
        "valentinstag" | "valentines" => Fixed(2, 14),
        "rosenmontag" => Easter(-48),
        "faschingsdienstag" | "fastnacht" | "veilchendienstag" => Easter(-47),
        "aschermittwoch" => Easter(-46),
        "gruendonnerstag" => Easter(-3),
        "karfreitag" => Easter(-2),
        "karsamstag" => Easter(-1),
        "ostersonntag" | "ostern" | "easter" => Easter(0),
        "ostermontag" => Easter(1),
        "himmelfahrt" | "vatertag" => Easter(39),
        "pfingsten" | "pfingstsonntag" => Easter(49),
        "pfingstmontag" => Easter(50),
        "fronleichnam" => Easter(60),
        "maifeiertag" => Fixed(5, 1),
        "muttertag" => MothersDay,
        "reformationstag" | "halloween" => Fixed(10, 31),
        "allerheiligen" => Fixed(11, 1),
        "bettag" => Repentance,
        "nikolaus" | "nikolaustag" => Fixed(12, 6),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use jiff::civil::date;

    use super::*;

    #[test]
    fn moving_feasts_lie_where_the_calendar_says() {
        let today = date(2026, 11, 20);
        assert_eq!(Feast::Easter(0).coming(today).unwrap().0, date(2027, 3, 28));
        assert_eq!(Feast::Easter(0).days(2024).unwrap().0, date(2024, 3, 31));
        assert_eq!(Feast::Easter(0).days(2038).unwrap().0, date(2038, 4, 25));
        assert_eq!(Feast::Advent(1).coming(today).unwrap().0, date(2026, 11, 29));
        assert_eq!(Feast::Advent(4).days(2022).unwrap().0, date(2022, 12, 18));
        assert_eq!(Feast::Repentance.days(2026).unwrap().0, date(2026, 11, 18));
        assert_eq!(Feast::MothersDay.days(2026).unwrap().0, date(2026, 5, 10));
    }
}
