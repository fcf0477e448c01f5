//! Which day or days the words about a day mean.

use jiff::civil::{Date, Weekday};

use super::AskTime;
use super::days::coming;
use super::items::{Day, Shift, Span, SpanKind, plus};
use super::periods::week;
use super::resolve::{date_of, next_day_of_month};
use super::slots::DayPick;
use super::tokens::Which;

/// A day farther off than this was misheard.
pub(super) const FARTHEST_YEARS: i16 = 20;

/// What was picked.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Picked {
    Nothing,
    Day(Date),
    Span(Span),
    /// Every such weekday in a longer time.
    Weekdays(Weekday, Span),
}

/// Picks the day. `after`: a bare weekday comes after this day ("Donnerstag oder Freitag"); `today_over`: the time
/// said with it has passed today, so today is not meant.
pub(super) fn pick(days: &DayPick, today: Date, after: Option<Date>, today_over: bool) -> Result<Picked, AskTime> {
    let found = match (&days.day, days.weekday, days.span, days.shift) {
        (None, None, None, None) => return Ok(Picked::Nothing),
        (Some(day), weekday, span, shift) => Picked::Day(named(day, weekday, span, shift, today)?),
        (None, Some((weekday, which)), Some(span), None) => in_span(weekday, which, span, today)?,
        (None, Some((weekday, which)), None, None) => Picked::Day(bare(weekday, which, today, after, today_over)?),
        (None, Some((weekday, which)), None, Some(shift)) => Picked::Day(shifted(weekday, which, shift, today)?),
        (None, None, Some(span), None) => Picked::Span(span),
        (None, None, None, Some(shift)) => Picked::Day(from_today(shift, today)?),
        (None, _, Some(_), Some(_)) => return Err(AskTime::Unclear),
    };
    match found {
        Picked::Day(date) if date < today => Err(AskTime::Past),
        Picked::Day(date) if date.year() > today.year() + FARTHEST_YEARS => Err(AskTime::Unclear),
        Picked::Span(span) if span.until <= today => Err(AskTime::Past),
        found => Ok(found),
    }
}

fn named(
    day: &Day,
    weekday: Option<(Weekday, Option<Which>)>,
    span: Option<Span>,
    shift: Option<Shift>,
    today: Date,
) -> Result<Date, AskTime> {
    let weekday = weekday.map(|(weekday, _)| weekday);
    let date = match (day, span) {
        (Day::OneOf(dates), _) => {
            let mut fitting = dates.iter().flatten().filter(|date| weekday.is_none_or(|said| said == date.weekday()));
            match (fitting.next(), fitting.next()) {
                (Some(one), None) => *one,
                (None, _) => {
                    return Err(AskTime::WeekdayContradicts { said: first_of(dates).ok_or(AskTime::Unclear)? });
                }
                _ => return date_of(day, today),
            }
        }
        (Day::Monthly(number), Some(span)) => day_inside(*number, span)?,
        (Day::Yearly { day, month }, Some(span)) if span.kind == SpanKind::Year => {
            let number = |n: u8| i8::try_from(n).unwrap_or(0);
            Date::new(span.from.year(), number(*month), number(*day)).map_err(|_| AskTime::NoSuchDay)?
        }
        (Day::Monthly(number), None) => {
            let next = next_day_of_month(*number, today).ok_or(AskTime::NoSuchDay)?;
            if next == today && weekday.is_none() {
                // Said on the very day: today or a month on.
                let tomorrow = plus(today, 1).ok_or(AskTime::Unclear)?;
                let later = next_day_of_month(*number, tomorrow).ok_or(AskTime::NoSuchDay)?;
                return Err(AskTime::WhichDay(vec![today, later]));
            }
            next
        }
        _ => date_of(day, today)?,
    };
    if weekday.is_some_and(|said| said != date.weekday()) {
        return Err(AskTime::WeekdayContradicts { said: date });
    }
    if span.is_some_and(|span| date < span.from || date >= span.until) {
        return Err(AskTime::Unclear);
    }
    match shift {
        // "heute in acht Tagen" is in a week.
        Some(Shift { eight: true, .. }) => plus(date, 7).ok_or(AskTime::Unclear),
        Some(shift) => add(date, shift),
        None => Ok(date),
    }
}

fn first_of(dates: &[Option<Date>; 2]) -> Option<Date> {
    dates.iter().flatten().copied().next()
}

fn day_inside(number: u8, span: Span) -> Result<Date, AskTime> {
    let mut date = span.from;
    while date < span.until {
        if u8::try_from(date.day()) == Ok(number) {
            return Ok(date);
        }
        date = plus(date, 1).ok_or(AskTime::Unclear)?;
    }
    Err(AskTime::NoSuchDay)
}

fn in_span(weekday: Weekday, which: Option<Which>, span: Span, today: Date) -> Result<Picked, AskTime> {
    if matches!(span.kind, SpanKind::Week | SpanKind::Weekend) {
        let mut date = span.from;
        while date < span.until {
            if date.weekday() == weekday {
                return Ok(Picked::Day(date));
            }
            date = plus(date, 1).ok_or(AskTime::Unclear)?;
        }
        return Err(AskTime::Unclear);
    }
    if which.is_some() {
        return Ok(Picked::Day(bare(weekday, which, today, None, false)?));
    }
    Ok(Picked::Weekdays(weekday, span))
}

/// A weekday with nothing but "diesen", "kommenden" or "nächsten".
fn bare(
    weekday: Weekday,
    which: Option<Which>,
    today: Date,
    after: Option<Date>,
    today_over: bool,
) -> Result<Date, AskTime> {
    let first = coming(weekday, today).ok_or(AskTime::Unclear)?;
    let of_week = |weeks: i32| -> Result<Date, AskTime> {
        let monday = week(today, weeks).ok_or(AskTime::Unclear)?.from;
        plus(monday, i32::from(weekday.to_monday_zero_offset())).ok_or(AskTime::Unclear)
    };
    let one_of = |one: Date, other: Date| if one == other { Ok(one) } else { Err(AskTime::WhichDay(vec![one, other])) };
    match which {
        None => match after {
            Some(after) if after >= today => coming(weekday, after).ok_or(AskTime::Unclear),
            _ if today.weekday() != weekday || today_over => Ok(first),
            _ => Err(AskTime::WhichDay(vec![today, first])),
        },
        Some(Which::This) => Ok(of_week(0)?).map(|date| if date < today { first } else { date }),
        Some(Which::Coming) => Ok(first),
        Some(Which::Next) => one_of(first, of_week(1)?),
        Some(Which::AfterNext) => one_of(plus(first, 7).ok_or(AskTime::Unclear)?, of_week(2)?),
        Some(Which::Last) => Err(AskTime::Past),
    }
}

/// "Mittwoch in einer Woche": counted from the coming Wednesday, or the Wednesday of that week.
fn shifted(weekday: Weekday, which: Option<Which>, shift: Shift, today: Date) -> Result<Date, AskTime> {
    let days = if shift.eight { 7 } else { shift.days };
    if shift.months != 0 || days % 7 != 0 {
        return Err(AskTime::Unclear);
    }
    let counted = plus(coming(weekday, today).ok_or(AskTime::Unclear)?, days).ok_or(AskTime::Unclear)?;
    if counted.year() > today.year() + FARTHEST_YEARS {
        return Err(AskTime::Unclear);
    }
    if which.is_some() || shift.sure {
        return Ok(counted);
    }
    let monday = week(today, days / 7).ok_or(AskTime::Unclear)?.from;
    let of_week = plus(monday, i32::from(weekday.to_monday_zero_offset())).ok_or(AskTime::Unclear)?;
    if counted == of_week { Ok(counted) } else { Err(AskTime::WhichDay(vec![of_week, counted])) }
}

fn from_today(shift: Shift, today: Date) -> Result<Date, AskTime> {
    if shift.eight {
        let dates = [7, 8].into_iter().filter_map(|days| plus(today, days)).collect();
        return Err(AskTime::WhichDay(dates));
    }
    add(today, shift)
}

fn add(date: Date, shift: Shift) -> Result<Date, AskTime> {
    let span = jiff::Span::new().try_months(shift.months).and_then(|span| span.try_days(shift.days));
    span.and_then(|span| date.checked_add(span)).map_err(|_| AskTime::Unclear)
}
