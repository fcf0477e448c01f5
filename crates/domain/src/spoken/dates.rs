//! Dates in figures and words: "24.12.", "2026-12-24", "03/12", "am vierundzwanzigsten zwölften", "December 24th".

use jiff::civil::Date;

use super::AskTime;
use super::items::{Day, Item, Role, Scope};
use super::tokens::Tok;

/// Reads a date in figures at the start of `toks`.
pub(super) fn figures(toks: &[Tok<'_>], before: Option<Tok<'_>>, scope: &Scope<'_>) -> Option<(Item, usize)> {
    match toks {
        [Tok::Ymd { year, month, day }, rest @ ..] => {
            let Some(date) = date(*year, *month, *day) else {
                return Some((Item::Ask(AskTime::NoSuchDay), 1));
            };
            match rest {
                [Tok::StampTime { hour, minute, offset: Some(offset) }, ..] => {
                    let civil = date.at(i8::try_from(*hour).ok()?, i8::try_from(*minute).ok()?, 0, 0);
                    let offset = jiff::tz::Offset::from_seconds(*offset).ok()?;
                    let at = offset.to_timestamp(civil).ok()?.to_zoned(scope.context.now.time_zone().clone());
                    Some((Item::Moment(at), 2))
                }
                _ => Some((Item::Day(Day::Fixed(date)), 1)),
            }
        }
        [Tok::Dotted { first, second, figures, year, closed }, rest @ ..] => {
            if year.is_none() && is_clock(*first, *second, *figures, *closed, before, rest.first(), scope) {
                return None;
            }
            Some((dotted(*first, *second, *year, *closed, scope), 1))
        }
        [Tok::Slashed { first, second, year }, ..] => Some((slashed(*first, *second, *year, scope), 1)),
        _ => None,
    }
}

fn date(year: i16, month: u8, day: u8) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// "14.30" is a clock time with "Uhr", after "um", or where it cannot be a date.
fn is_clock(
    first: u8,
    second: u8,
    figures: u8,
    closed: bool,
    before: Option<Tok<'_>>,
    next: Option<&Tok<'_>>,
    scope: &Scope<'_>,
) -> bool {
    let fits = figures == 2 && first < 24 && second < 60;
    let no_date = !(1..=31).contains(&first) || !(1..=12).contains(&second);
    let said = matches!(next, Some(Tok::Uhr | Tok::Am | Tok::Pm | Tok::AmOrOn))
        || matches!(before, Some(Tok::At | Tok::Around | Tok::Sharp))
        || matches!(scope.role, Role::Time { .. });
    fits && !closed && (no_date || said)
}

fn dotted(first: u8, second: u8, year: Option<i16>, closed: bool, scope: &Scope<'_>) -> Item {
    if let Some(year) = year {
        return date(year, second, first).map_or(Item::Ask(AskTime::NoSuchDay), |date| Item::Day(Day::Fixed(date)));
    }
    if !real_day(first, second) {
        return Item::Ask(AskTime::NoSuchDay);
    }
    // "fünfzehnte Punkt eins" is written "15.1": the 15th, or 15 January.
    if !closed && second == 1 {
        let month = super::resolve::next_day_of_month(first, scope.today);
        let january = super::resolve::next_day_month(first, second, scope.today).ok();
        if month != january {
            return Item::Day(Day::OneOf([month, january]));
        }
    }
    Item::Day(Day::Yearly { day: first, month: second })
}

/// Day first here, month first for an American: both where both are dates.
fn slashed(first: u8, second: u8, year: Option<i16>, scope: &Scope<'_>) -> Item {
    let just_over = |day: u8, month: u8| {
        real_day(day, month) && super::resolve::next_day_month(day, month, scope.today) == Err(AskTime::Past)
    };
    if year.is_none() && (just_over(first, second) || just_over(second, first)) {
        return Item::Ask(AskTime::Past);
    }
    let reading = |day: u8, month: u8| match year {
        Some(year) => date(year, month, day),
        None if real_day(day, month) => super::resolve::next_day_month(day, month, scope.today).ok(),
        None => None,
    };
    let readings = (reading(first, second), reading(second, first));
    // A day gone by is not offered beside one to come.
    let to_come = |date: Option<Date>| date.filter(|date| *date >= scope.today);
    let ahead = (to_come(readings.0), to_come(readings.1));
    match if ahead == (None, None) { (readings.0.or(readings.1), None) } else { ahead } {
        (Some(day_first), Some(month_first)) if day_first != month_first => {
            Item::Day(Day::OneOf([Some(day_first), Some(month_first)]))
        }
        (Some(date), _) | (None, Some(date)) => Item::Day(Day::Fixed(date)),
        (None, None) => Item::Ask(AskTime::NoSuchDay),
    }
}

/// The day exists in some year.
fn real_day(day: u8, month: u8) -> bool {
    date(2024, month, day).is_some()
}

/// Reads a date in words at the start of `toks`.
pub(super) fn words(toks: &[Tok<'_>], before: Option<Tok<'_>>, scope: &Scope<'_>) -> Option<(Item, usize)> {
    let dated = |day: u8, month: u8, n: usize| {
        let rest = toks.get(n..).unwrap_or_default();
        let (year, n) = match rest {
            [year, ..] if year.year().is_some() => (year.year(), n + 1),
            [Tok::Comma, year, ..] if year.year().is_some() => (year.year(), n + 2),
            _ => (None, n),
        };
        let item = match year {
            Some(year) => date(year, month, day).map(|date| Item::Day(Day::Fixed(date))),
            None => real_day(day, month).then_some(Item::Day(Day::Yearly { day, month })),
        };
        Some((item.unwrap_or(Item::Ask(AskTime::NoSuchDay)), n))
    };
    match toks {
        [Tok::Broken, Tok::Month(_), ..] => Some((Item::Ask(AskTime::NoSuchDay), 2)),
        [tok, Tok::Month(month) | Tok::WeakMonth(month), ..] if tok.ordinal().is_some() => {
            dated(tok.ordinal()?, *month, 2)
        }
        [Tok::Card { value, .. }, Tok::Month(month) | Tok::WeakMonth(month), ..] => {
            dated(u8::try_from(*value).ok().filter(|n| *n < 100)?, *month, 2)
        }
        [Tok::Month(month) | Tok::WeakMonth(month), tok, ..] if tok.ordinal().is_some() => {
            dated(tok.ordinal()?, *month, 2)
        }
        [Tok::Month(month) | Tok::WeakMonth(month), Tok::Card { value: day @ 1..=31, .. }, follow @ ..]
            if !matches!(follow.first(), Some(Tok::Uhr | Tok::Am | Tok::Pm)) =>
        {
            dated(u8::try_from(*day).ok()?, *month, 2)
        }
        // "am vierundzwanzigsten zwölften", "24. 12."
        [first, second, follow @ ..]
            if first.ordinal().is_some()
                && second.ordinal().is_some_and(|n| n <= 12)
                && !matches!(follow.first(), Some(Tok::Month(_) | Tok::Weekday(_) | Tok::MonthWeek(_) | Tok::Uhr)) =>
        {
            dated(first.ordinal()?, second.ordinal()?, 2)
        }
        // "fünfzehnte Punkt eins": as "15.1"; "am fünfzehnten Punkt zwölf" may be the hour.
        [first, Tok::Sharp, second, ..]
            if first.ordinal().is_some() && second.number().or(second.ordinal().map(u16::from)) == Some(1) =>
        {
            Some((dotted(first.ordinal()?, 1, None, false, scope), 3))
        }
        [first, Tok::Sharp, Tok::Card { value: 1..=12, .. }, ..] if first.ordinal().is_some() => {
            Some((Item::Ask(AskTime::Unclear), 3))
        }
        // "am fünfzehnten eins"
        [Tok::Ord(_), Tok::Card { value: 1..=12, .. }, follow @ ..]
            if !matches!(
                follow.first(),
                Some(
                    Tok::Uhr
                        | Tok::Am
                        | Tok::Pm
                        | Tok::AmOrOn
                        | Tok::Card { .. }
                        | Tok::After
                        | Tok::Before
                        | Tok::Viertel
                        | Tok::Other(_)
                        | Tok::Unit { .. }
                )
            ) =>
        {
            Some((Item::Ask(AskTime::Unclear), 2))
        }
        // "24. 12": the month, or twelve o'clock.
        [Tok::NumberDot(_), Tok::Card { value: 1..=12, figures: 2.. }, follow @ ..]
            if !matches!(follow.first(), Some(Tok::Uhr | Tok::Am | Tok::Pm | Tok::Month(_) | Tok::Unit { .. })) =>
        {
            Some((Item::Ask(AskTime::Unclear), 2))
        }
        [Tok::NumberDot(_), ..]
            if matches!(before, Some(Tok::At | Tok::Around | Tok::Until | Tok::After)) && toks.len() == 1 =>
        {
            None
        }
        [tok, follow @ ..] if tok.ordinal().is_some() => {
            let led = matches!(
                before,
                Some(Tok::AmOrOn | Tok::Weekday(_) | Tok::Since | Tok::Until | Tok::Von | Tok::OnTo | Tok::Between)
            );
            let day = Some((Item::Day(Day::Monthly(tok.ordinal()?)), 1));
            match follow.first() {
                Some(Tok::Unit { .. } | Tok::MonthWeek(_) | Tok::WeekNumber | Tok::Weekday(_)) => None,
                Some(Tok::Half | Tok::Other("haelfte")) => None,
                // "der zweite Termin" is no day; "am zweiten vorbeikommen" is.
                Some(Tok::Other(_)) if !led => None,
                Some(Tok::Soft | Tok::Appointment)
                    if matches!(
                        before,
                        None | Some(Tok::Soft | Tok::Appointment | Tok::A | Tok::Other(_) | Tok::Which(_))
                    ) =>
                {
                    None
                }
                _ => day,
            }
        }
        _ => None,
    }
}
