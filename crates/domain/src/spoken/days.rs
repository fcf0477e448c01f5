//! Days: today and tomorrow, weekdays, dates in words and figures, feasts, "in drei Tagen".

use jiff::civil::{Date, Weekday};
use jiff::{ToSpan, Zoned};

use super::feasts;
use super::items::{Day, Item, Scope, Shift, Span, SpanKind, plus};
use super::tokens::{Tok, Unit, Which};
use super::{AskTime, Grain, dates};

/// Reads what names a day at the start of `toks`.
pub(super) fn read(toks: &[Tok<'_>], before: Option<Tok<'_>>, scope: &Scope<'_>) -> Option<(Item, usize)> {
    past(toks)
        .or_else(|| relative(toks, scope))
        .or_else(|| feast(toks, scope))
        .or_else(|| weekday_of_month(toks, scope))
        .or_else(|| weekday(toks))
        .or_else(|| dates::figures(toks, before, scope))
        .or_else(|| dates::words(toks, before, scope))
}

/// Today and so many days.
pub(super) fn offset(scope: &Scope<'_>, days: i32) -> Day {
    plus(scope.today, days).map_or(Day::Gone, Day::Fixed)
}

/// "100000 Jahre", "hundert Wochen": amounts that are no numbers here and must not get lost.
pub(super) fn beyond_counting(toks: &[Tok<'_>]) -> Option<usize> {
    let big = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_digit())
            || ["hundert", "tausend", "million", "milliard", "hundred", "thousand", "billion", "dutzend", "dozen"]
                .iter()
                .any(|big| word.contains(big))
    };
    match toks {
        [Tok::Other(word), Tok::Unit { .. }, ..] if big(word) => Some(2),
        [Tok::Card { .. }, Tok::Card { figures: 3.., .. }, Tok::Unit { .. }, ..] => Some(3),
        _ => None,
    }
}

fn past(toks: &[Tok<'_>]) -> Option<(Item, usize)> {
    let gone = |n| Some((Item::Day(Day::Gone), n));
    match toks {
        [Tok::Yesterday, ..] => gone(1),
        [Tok::Before, Tok::Card { .. } | Tok::A, Tok::Unit { .. }, ..] => gone(3),
        [
            Tok::Today | Tok::Morgen | Tok::Weekday(_),
            Tok::Before,
            Tok::Card { .. } | Tok::A,
            Tok::Unit { unit, .. },
            ..,
        ] if !matches!(unit, Unit::Minute | Unit::Hour) => gone(4),
        [Tok::Card { .. } | Tok::A, Tok::Unit { .. }, Tok::Other("ago"), ..] => gone(3),
        [
            Tok::Which(Which::Last),
            Tok::Weekday(_),
            Tok::In,
            Tok::Unit { unit: Unit::Month, .. } | Tok::Month(_),
            ..,
        ] => None,
        [Tok::Which(Which::Last), Tok::Weekday(_), Tok::Unit { unit: Unit::Month, .. } | Tok::Month(_), ..] => None,
        [Tok::Which(Which::Last), Tok::Weekday(_), Tok::Which(_), Tok::Unit { unit: Unit::Month, .. }, ..] => None,
        [Tok::Which(Which::Last), Tok::Weekday(_), Tok::In, Tok::Which(_), Tok::Unit { unit: Unit::Month, .. }, ..] => {
            None
        }
        [Tok::Which(Which::Last), Tok::Weekday(_) | Tok::Month(_) | Tok::Unit { .. } | Tok::Weekend, ..] => gone(2),
        _ => None,
    }
}

fn relative(toks: &[Tok<'_>], scope: &Scope<'_>) -> Option<(Item, usize)> {
    let day = |days, n| Some((Item::Day(offset(scope, days)), n));
    match toks {
        [Tok::Later, Tok::Today, ..] => day(0, 2),
        [Tok::Today, Tok::Unit { unit: Unit::Week, plural: false }, ..] => day(7, 2),
        [Tok::Today, ..] => day(0, 1),
        [Tok::Tomorrow, ..] => day(1, 1),
        [Tok::Overmorrow, ..] => day(2, 1),
        [Tok::Ahead(days), ..] => day(i32::from(*days), 1),
        [Tok::Unit { unit: Unit::Day, .. }, Tok::After, Tok::Tomorrow | Tok::Morgen, ..] => day(2, 3),
        [Tok::Unit { unit, plural: false }, side @ (Tok::After | Tok::Before), rest @ ..] => {
            beside(*unit, *side == Tok::After, rest, scope).map(|(item, n)| (item, n + 2))
        }
        [Tok::Card { .. } | Tok::A, Tok::Unit { .. }, Tok::After | Tok::Before, ..] => counted_beside(toks, scope),
        // The part of the day itself is read next.
        [Tok::Which(Which::This), Tok::Part(_), ..] => day(0, 1),
        [Tok::In, Tok::Sharp, rest @ ..] => amount(rest, scope).map(|(item, n)| (item, n + 2)),
        // "come in | three weeks from today"
        [Tok::In, rest @ ..] => counted_from(rest, scope)
            .or_else(|| some_range(rest, scope))
            .or_else(|| amount(rest, scope))
            .map(|(item, n)| (item, n + 1)),
        [Tok::Card { .. } | Tok::A, Tok::Unit { .. }, ..] => counted_from(toks, scope),
        // British: "Tuesday week".
        [Tok::Weekday(weekday), Tok::Unit { unit: Unit::Week, plural: false }, follow @ ..]
            if follow.first() != Some(&Tok::After) =>
        {
            let first = coming(*weekday, scope.today)?;
            Some((Item::Day(Day::Fixed(plus(first, 7)?)), 2))
        }
        _ => None,
    }
}

/// "der Tag vor Heiligabend", "die Woche nach Weihnachten".
fn beside(unit: Unit, after: bool, toks: &[Tok<'_>], scope: &Scope<'_>) -> Option<(Item, usize)> {
    let (first, last, n) = match feast(toks, scope)
        .or_else(|| dates::figures(toks, None, scope))
        .or_else(|| dates::words(toks, None, scope))?
    {
        (Item::Day(day), n) => {
            let date = super::resolve::date_of(&day, scope.today).ok()?;
            (date, date, n)
        }
        (Item::Span(span), n) => (span.from, plus(span.until, -1)?, n),
        _ => return None,
    };
    let item = match (unit, after) {
        (Unit::Day, true) => Item::Day(Day::Fixed(plus(last, 1)?)),
        (Unit::Day, false) => Item::Day(Day::Fixed(plus(first, -1)?)),
        (Unit::Week, true) => Item::Span(super::periods::week(last, 1)?),
        (Unit::Week, false) => Item::Span(super::periods::week(first, -1)?),
        _ => return None,
    };
    Some((item, n))
}

/// "zwei Tage nach Neujahr", "drei Stunden vor Ladenschluss".
fn counted_beside(toks: &[Tok<'_>], scope: &Scope<'_>) -> Option<(Item, usize)> {
    let [count, Tok::Unit { unit, .. }, side, rest @ ..] = toks else { return None };
    let unclear = Some((Item::Ask(AskTime::Unclear), 3));
    let days = match unit {
        // "zehn Minuten nach drei" is a clock time.
        Unit::Minute if matches!(rest.first(), Some(Tok::Other(_) | Tok::Part(_))) => return unclear,
        Unit::Minute => return None,
        Unit::Day => 1,
        Unit::Week => 7,
        Unit::Fortnight => 14,
        Unit::Hour | Unit::Month | Unit::Year => return unclear,
    };
    let count = i32::from(count.number().unwrap_or(1));
    let read =
        feast(rest, scope).or_else(|| dates::figures(rest, None, scope)).or_else(|| dates::words(rest, None, scope));
    let Some((Item::Day(day), n)) = read else { return unclear };
    let Ok(date) = super::resolve::date_of(&day, scope.today) else { return unclear };
    let days = if *side == Tok::After { count * days } else { -count * days };
    Some((Item::Day(Day::Fixed(plus(date, days)?)), n + 3))
}

/// "in zwei bis drei Wochen".
fn some_range(toks: &[Tok<'_>], scope: &Scope<'_>) -> Option<(Item, usize)> {
    let [Tok::Card { value: first, .. }, joint, Tok::Card { value: last, .. }, Tok::Unit { unit, .. }, ..] = toks
    else {
        return None;
    };
    if !matches!(joint, Tok::Until | Tok::To | Tok::Or | Tok::Dash) || first >= last {
        return None;
    }
    let days = match unit {
        Unit::Day => 1,
        Unit::Week => 7,
        _ => return Some((Item::Ask(AskTime::Unclear), 4)),
    };
    let span = Span {
        from: plus(scope.today, days * i32::from(*first))?,
        until: plus(scope.today, days * i32::from(*last) + 1)?,
        grain: Grain::Day,
        kind: SpanKind::Other,
    };
    Some((Item::Span(span), 4))
}

/// Nobody counts more weeks than this.
const MOST_WEEKS: i32 = 26;

/// "a week from tomorrow", "two weeks on Tuesday", "a week today", "three days from now".
fn counted_from(toks: &[Tok<'_>], scope: &Scope<'_>) -> Option<(Item, usize)> {
    let (count, unit) = match toks {
        [Tok::A, Tok::Unit { unit, .. }, ..] => (1, *unit),
        [Tok::Card { value, .. }, Tok::Unit { unit, .. }, ..] => (i32::from(*value), *unit),
        _ => return None,
    };
    let days = match unit {
        Unit::Day => count,
        // "at twelve thirty three weeks from today": which of the numbers belong together?
        Unit::Week if count > MOST_WEEKS => return Some((Item::Ask(AskTime::Unclear), 2)),
        Unit::Week => 7 * count,
        Unit::Fortnight => 14 * count,
        Unit::Month
            if matches!(toks.get(2..4), Some([Tok::From | Tok::Since, Tok::Today | Tok::Other("now" | "jetzt")])) =>
        {
            let shift = Shift { days: 0, months: count, eight: false, weeks: false, sure: true };
            return Some((Item::Shift(shift), 4));
        }
        _ => return None,
    };
    let rest = toks.get(2..)?;
    let (base, n) = match rest {
        [Tok::From | Tok::On | Tok::Since, Tok::Today | Tok::Other("now" | "jetzt"), ..] => (scope.today, 4),
        [Tok::Today, ..] => (scope.today, 3),
        [Tok::From | Tok::On, Tok::Tomorrow, ..] => (plus(scope.today, 1)?, 4),
        [Tok::Tomorrow, ..] => (plus(scope.today, 1)?, 3),
        [Tok::From | Tok::On, Tok::Weekday(weekday), ..] => (coming(*weekday, scope.today)?, 4),
        _ => return None,
    };
    Some((Item::Day(Day::Fixed(plus(base, days)?)), n))
}

/// What follows "in": "drei Tagen", "einer halben Stunde", "ein paar Tagen".
fn amount(toks: &[Tok<'_>], scope: &Scope<'_>) -> Option<(Item, usize)> {
    let (count, unit, n) = match toks {
        [Tok::A, Tok::Halb | Tok::Half, Tok::Unit { unit: Unit::Hour, .. }, ..] => return moment(scope, 30, 3),
        [Tok::Halb | Tok::Half, Tok::A | Tok::On, Tok::Unit { unit: Unit::Hour, .. }, ..] => {
            return moment(scope, 30, 3);
        }
        [Tok::Half, Tok::Other("an"), Tok::Unit { unit: Unit::Hour, .. }, ..] => return moment(scope, 30, 3),
        [Tok::A, Tok::Other("viertelstunde"), ..] => return moment(scope, 15, 2),
        [Tok::A, Tok::Other("dreiviertelstunde"), ..] => return moment(scope, 45, 2),
        [Tok::Other("anderthalb" | "eineinhalb"), Tok::Unit { unit: Unit::Hour, .. }, ..] => {
            return moment(scope, 90, 2);
        }
        [Tok::A, Tok::Other("paar" | "few" | "couple"), Tok::Unit { unit, .. }, ..] => return some(scope, *unit, 3),
        [Tok::Other("paar" | "einigen" | "wenigen"), Tok::Unit { unit, .. }, ..] => return some(scope, *unit, 2),
        [Tok::A | Tok::On, Tok::Unit { unit, .. }, ..] => (1, *unit, 2),
        [Tok::Card { value, .. }, Tok::Unit { unit, .. }, ..] => (i32::from(*value), *unit, 2),
        _ => return None,
    };
    let days = Shift { days: count, months: 0, eight: false, weeks: false, sure: false };
    Some(match unit {
        Unit::Minute => return moment(scope, count, n),
        Unit::Hour => return moment(scope, 60 * count, n),
        Unit::Day => (Item::Shift(Shift { eight: count == 8, ..days }), n),
        Unit::Week => (Item::Shift(Shift { days: 7 * count, weeks: true, ..days }), n),
        Unit::Fortnight => (Item::Shift(Shift { days: 14 * count, weeks: true, ..days }), n),
        Unit::Month => (Item::Shift(Shift { days: 0, months: count, ..days }), n),
        Unit::Year => (Item::Shift(Shift { days: 0, months: 12 * count, ..days }), n),
    })
}

/// So many minutes of real time from now, to the full minute.
fn moment(scope: &Scope<'_>, minutes: i32, n: usize) -> Option<(Item, usize)> {
    let at: Zoned = scope.context.now.checked_add(i64::from(minutes).minutes()).ok()?;
    let at = at.checked_sub(at.duration_since(&at.with().second(0).subsec_nanosecond(0).build().ok()?)).ok()?;
    Some((Item::Moment(at), n))
}

/// "in ein paar Tagen".
fn some(scope: &Scope<'_>, unit: Unit, n: usize) -> Option<(Item, usize)> {
    let (from, until) = match unit {
        Unit::Day => (2, 7),
        Unit::Week => (14, 35),
        _ => return Some((Item::Ask(AskTime::Unclear), n)),
    };
    let span = Span {
        from: plus(scope.today, from)?,
        until: plus(scope.today, until)?,
        grain: Grain::Day,
        kind: SpanKind::Other,
    };
    Some((Item::Span(span), n))
}

fn feast(toks: &[Tok<'_>], scope: &Scope<'_>) -> Option<(Item, usize)> {
    let (feast, n) = feasts::read(toks)?;
    let (first, last) = feast.coming(scope.today)?;
    // "zwischen Weihnachten und Neujahr"
    if first == last {
        return Some((Item::Day(Day::Fixed(first)), n));
    }
    Some((Item::Span(Span { from: first, until: plus(last, 1)?, grain: Grain::Day, kind: SpanKind::Other }), n))
}

/// "letzten Montag im Monat", "ersten Dienstag im Dezember".
fn weekday_of_month(toks: &[Tok<'_>], scope: &Scope<'_>) -> Option<(Item, usize)> {
    let (nth, weekday) = match toks {
        [Tok::Which(Which::Last), Tok::Weekday(weekday), ..] => (-1, *weekday),
        [tok, Tok::Weekday(weekday), ..] => (i8::try_from(tok.ordinal()?).ok().filter(|n| *n <= 5)?, *weekday),
        _ => return None,
    };
    let mut rest = toks.get(2..)?;
    let mut n = 2;
    if let [Tok::In, more @ ..] = rest {
        rest = more;
        n += 1;
    }
    let this = scope.today.first_of_month();
    let (month, repeats, more) = match rest {
        [Tok::Month(month), ..] => {
            let this_year = Date::new(scope.today.year(), i8::try_from(*month).ok()?, 1).ok()?;
            (if this_year < this { this_year.checked_add(1.year()).ok()? } else { this_year }, false, 1)
        }
        [Tok::Unit { unit: Unit::Month, .. }, ..] => (this, true, 1),
        [Tok::Which(Which::This), Tok::Unit { unit: Unit::Month, .. }, ..] => (this, false, 2),
        // "im neuen Jahr"
        [Tok::Other("neuen" | "new") | Tok::Which(Which::Next), Tok::Unit { unit: Unit::Year, .. }, ..] if nth > 0 => {
            (Date::new(scope.today.year() + 1, 1, 1).ok()?, false, 2)
        }
        [Tok::Which(Which::Next | Which::Coming), Tok::Unit { unit: Unit::Month, .. }, ..] => {
            (this.checked_add(1.month()).ok()?, false, 2)
        }
        _ => return None,
    };
    let mut date = month.nth_weekday_of_month(nth, weekday).ok()?;
    if date < scope.today && repeats {
        date = month.checked_add(1.month()).ok()?.nth_weekday_of_month(nth, weekday).ok()?;
    }
    Some((Item::Day(Day::Fixed(date)), n + more))
}

fn weekday(toks: &[Tok<'_>]) -> Option<(Item, usize)> {
    let bit = |weekday: Weekday| 1_u8 << weekday.to_monday_one_offset();
    Some(match toks {
        [Tok::Every, Tok::On | Tok::AmOrOn, Tok::Weekday(day) | Tok::EveryWeekday(day), ..] => {
            (Item::Recurring(bit(*day)), 3)
        }
        [Tok::Every, Tok::Ord(_) | Tok::NumberDot(_), Tok::Weekday(_), ..] => (Item::Ask(AskTime::Unclear), 3),
        [Tok::Every | Tok::A, Tok::Weekday(day) | Tok::EveryWeekday(day), ..] => (Item::Recurring(bit(*day)), 2),
        [Tok::Other("irgendeinen" | "irgendeinem" | "irgendein"), Tok::Weekday(day), ..] => {
            (Item::Recurring(bit(*day)), 2)
        }
        [Tok::EveryWeekday(first), Tok::Until | Tok::Dash, Tok::EveryWeekday(last), ..] => {
            (Item::Recurring(weekdays_between(*first, *last)), 3)
        }
        [Tok::EveryWeekday(day), ..] => (Item::Recurring(bit(*day)), 1),
        [Tok::Every, Tok::AmOrOn, Tok::Weekend, ..] => (Item::Recurring(0b1100_0000), 3),
        [Tok::Every, Tok::Weekend, ..] | [Tok::Other("wochenends" | "weekends"), ..] => {
            (Item::Recurring(0b1100_0000), if matches!(toks.first(), Some(Tok::Every)) { 2 } else { 1 })
        }
        [Tok::Workdays, ..] => (Item::Recurring(0b0011_1110), 1),
        [Tok::Other("unter" | "during" | "waehrend"), Tok::Unit { unit: Unit::Week, .. }, ..] => {
            (Item::Recurring(0b0011_1110), 2)
        }
        [Tok::Which(which), Tok::Weekday(day), ..] if *which != Which::Last => (Item::Weekday(*day, Some(*which)), 2),
        [Tok::Weekday(day), Tok::Which(Which::Coming), follow, ..] if !matches!(follow, Tok::Unit { .. }) => {
            (Item::Weekday(*day, Some(Which::Coming)), 2)
        }
        [Tok::Weekday(day), Tok::After, Tok::Which(Which::Next), ..] => {
            (Item::Weekday(*day, Some(Which::AfterNext)), 3)
        }
        [Tok::Weekday(day), ..] => (Item::Weekday(*day, None), 1),
        _ => return None,
    })
}

fn weekdays_between(first: Weekday, last: Weekday) -> u8 {
    let mut bits = 0;
    for day in first.cycle_forward() {
        bits |= 1 << day.to_monday_one_offset();
        if day == last {
            break;
        }
    }
    bits
}

/// The first such weekday after today.
pub(super) fn coming(weekday: Weekday, today: Date) -> Option<Date> {
    today.nth_weekday(1, weekday).ok()
}
