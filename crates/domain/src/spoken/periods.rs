//! Longer times: weeks, months, weekends, their beginnings and ends, "KW 50", "die nächsten zwei Wochen".

use jiff::ToSpan;
use jiff::civil::{Date, ISOWeekDate, Weekday};

use super::Grain;
use super::items::{Day, Item, Scope, Span, SpanKind, edge_of, plus};
use super::tokens::{Edge, Tok, Unit, Which};
use super::{AskTime, days};

/// Reads a longer time at the start of `toks`.
pub(super) fn read(toks: &[Tok<'_>], scope: &Scope<'_>) -> Option<(Item, usize)> {
    match toks {
        // "Anfang oder Mitte Dezember"
        [Tok::Edge(edge), Tok::Or, Tok::Edge(_), rest @ ..] => edge_in(*edge, rest, scope).map(|(item, _)| (item, 1)),
        // "Anfang bis Mitte Dezember"
        [Tok::Edge(first), Tok::Until | Tok::To | Tok::Dash, Tok::Edge(last), rest @ ..] => {
            let (Item::Span(first), _) = edge_in(*first, rest, scope)? else { return None };
            let (Item::Span(last), n) = edge_in(*last, rest, scope)? else { return None };
            (first.from < last.until)
                .then_some((Item::Span(Span { until: last.until, kind: SpanKind::Other, ..first }), n + 3))
        }
        [nth, Tok::Half | Tok::Other("haelfte"), rest @ ..] if matches!(nth.ordinal(), Some(1 | 2)) => {
            half_of(nth.ordinal() == Some(1), rest, scope).map(|(item, n)| (item, n + 2))
        }
        [Tok::Edge(edge), rest @ ..] => edge_in(*edge, rest, scope).map(|(item, n)| (item, n + 1)),
        [Tok::Early, rest @ ..] if matches!(rest.first(), Some(Tok::Which(_) | Tok::Month(_))) => {
            edge_in(Edge::Start, rest, scope).map(|(item, n)| (item, n + 1))
        }
        [Tok::Late, rest @ ..] if matches!(rest.first(), Some(Tok::Which(_) | Tok::Month(_))) => {
            edge_in(Edge::End, rest, scope).map(|(item, n)| (item, n + 1))
        }
        _ => whole(toks, scope),
    }
}

fn edge_in(edge: Edge, toks: &[Tok<'_>], scope: &Scope<'_>) -> Option<(Item, usize)> {
    let skipped = usize::from(matches!(toks.first(), Some(Tok::In | Tok::From | Tok::Von)));
    let toks = toks.get(skipped..)?;
    let (item, n) = match toks {
        [Tok::Unit { unit: Unit::Week, .. }, ..] => (Item::Span(week(scope.today, 0)?), 1),
        [Tok::Unit { unit: Unit::Month, .. }, ..] => (Item::Span(month(scope.today, 0)?), 1),
        [Tok::Unit { unit: Unit::Year, .. }, ..] => {
            // The beginning of a year is said of the coming one.
            (Item::Span(year(scope.today, i16::from(edge == Edge::Start))?), 1)
        }
        _ => whole(toks, scope)?,
    };
    match item {
        Item::Span(span) => Some((begun(edge_of(span, edge)?, edge, scope.today), n + skipped)),
        Item::Ask(_) | Item::Day(Day::Gone) => Some((item, n + skipped)),
        _ => None,
    }
}

/// "erste Hälfte Dezember".
fn half_of(first: bool, toks: &[Tok<'_>], scope: &Scope<'_>) -> Option<(Item, usize)> {
    let skipped = usize::from(matches!(toks.first(), Some(Tok::In | Tok::From | Tok::Von)));
    let (Item::Span(span), n) = whole(toks.get(skipped..)?, scope)? else { return None };
    if span.kind != SpanKind::Month {
        return None;
    }
    let middle = plus(span.from, 15)?;
    let (from, until) = if first { (span.from, middle) } else { (middle, span.until) };
    let item = Item::Span(Span { from: from.max(scope.today), until, grain: Grain::Day, kind: SpanKind::Other });
    Some((item, n + skipped))
}

/// An edge that has begun goes on from today; a beginning that has begun may mean the next one.
fn begun(span: Span, edge: Edge, today: Date) -> Item {
    if span.from >= today || span.until <= today {
        return Item::Span(span);
    }
    if edge == Edge::Start {
        return Item::Ask(AskTime::Unclear);
    }
    Item::Span(Span { from: today, ..span })
}

fn whole(toks: &[Tok<'_>], scope: &Scope<'_>) -> Option<(Item, usize)> {
    let today = scope.today;
    let found = |span: Option<Span>, n| span.map(|span| (Item::Span(span), n));
    match toks {
        [Tok::Which(which), Tok::Or, Tok::Which(_), Tok::Unit { unit, .. }, ..] => {
            counted(*which, *unit, today).map(|item| (item, 1))
        }
        [Tok::Which(Which::Next | Which::Coming), Tok::Card { value, .. }, Tok::Unit { unit, .. }, ..] => {
            found(ahead(today, i32::from(*value), *unit), 3)
        }
        [Tok::Which(Which::Next | Which::Coming), Tok::Other("paar" | "few"), Tok::Unit { unit, .. }, ..] => {
            found(ahead(today, 5, *unit), 3)
        }
        [Tok::Which(Which::Next | Which::Coming), Tok::Unit { unit, plural: true }, ..] => {
            found(ahead(today, if *unit == Unit::Day { 5 } else { 3 }, *unit), 2)
        }
        [Tok::Which(which), Tok::Unit { unit, .. }, ..] => counted(*which, *unit, today).map(|item| (item, 2)),
        [Tok::Unit { unit: Unit::Week, .. }, Tok::After, Tok::Which(Which::Next), ..] => found(week(today, 2), 3),
        [Tok::Which(which), Tok::Weekend, ..] => weekend(*which, today).map(|item| (item, 2)),
        [Tok::Weekend, ..] => weekend(Which::This, today).map(|item| (item, 1)),
        [Tok::Other("laufe" | "verlauf" | "lauf"), Tok::Unit { unit: unit @ (Unit::Week | Unit::Month), .. }, ..] => {
            counted(Which::This, *unit, today).map(|item| (item, 2))
        }
        [Tok::Other("neuen" | "neues" | "new"), Tok::Unit { unit: Unit::Year, .. }, ..] => found(year(today, 1), 2),
        [Tok::In, Tok::Other("new"), Tok::Unit { unit: Unit::Year, .. }, ..] => found(year(today, 1), 3),
        [Tok::WeekNumber | Tok::Unit { unit: Unit::Week, .. }, tok, ..]
            if tok.number().or(tok.ordinal().map(u16::from)).is_some() =>
        {
            let number = tok.number().or(tok.ordinal().map(u16::from))?;
            Some((numbered_week(number, today), 2))
        }
        // "in der neunundvierzigsten Woche"; "die zweite Woche" is one of a month
        [tok, Tok::Unit { unit: Unit::Week, plural: false }, follow @ ..]
            if tok.ordinal().is_some_and(|n| n > 5) && !matches!(follow.first(), Some(Tok::In)) =>
        {
            Some((numbered_week(u16::from(tok.ordinal()?), today), 2))
        }
        [Tok::Later, Tok::Which(Which::This), Tok::Unit { unit: unit @ (Unit::Week | Unit::Month), .. }, ..] => {
            let Item::Span(span) = counted(Which::This, *unit, today)? else { return None };
            found(Some(Span { from: today, grain: Grain::Day, ..span }), 3)
        }
        [Tok::In, Tok::Other(name), ..] if season(name).is_some() => found(coming_season(season(name)?, today), 2),
        [Tok::Which(which), Tok::Other(name), ..]
            if season(name).is_some() && matches!(which, Which::This | Which::Coming) =>
        {
            found(coming_season(season(name)?, today), 2)
        }
        [tok, Tok::WeekNumber, ..] if tok.ordinal().is_some() => {
            Some((numbered_week(u16::from(tok.ordinal()?), today), 2))
        }
        [Tok::Unit { unit: Unit::Week, .. }, Tok::From | Tok::Von | Tok::Since, rest @ ..] => {
            match days::read(rest, None, scope)? {
                (Item::Day(day), n) => {
                    let date = super::resolve::date_of(&day, today).ok()?;
                    found(week(date, 0), n + 2)
                }
                _ => None,
            }
        }
        [tok, Tok::MonthWeek(month), ..] => found(week_of_month(rank(*tok)?, *month, today), 2),
        [tok, Tok::Unit { unit: Unit::Week, .. }, Tok::In, Tok::Month(month), ..] => {
            found(week_of_month(rank(*tok)?, *month, today), 4)
        }
        [tok, Tok::Unit { unit: Unit::Week, .. }, Tok::Month(month), ..] => {
            found(week_of_month(rank(*tok)?, *month, today), 3)
        }
        [Tok::Month(month), year, ..] if year.year().is_some() => found(month_of(year.year()?, *month), 2),
        [Tok::Month(month), ..] => found(coming_month(*month, today), 1),
        [Tok::In, Tok::WeakMonth(month), ..] => found(coming_month(*month, today), 2),
        _ => None,
    }
}

/// The first month of a season.
fn season(name: &str) -> Option<u8> {
    Some(match name {
        "fruehling" | "fruehjahr" | "spring" => 3,
        "sommer" | "summer" => 6,
        "herbst" | "autumn" | "fall" => 9,
        "winter" => 12,
        _ => return None,
    })
}

/// The season under way or the next such one, three whole months.
fn coming_season(first: u8, today: Date) -> Option<Span> {
    let of = |year: i16| {
        let from = month_of(year, first)?.from;
        let until = from.checked_add(3.months()).ok()?;
        Some(Span { from, until, grain: Grain::Day, kind: SpanKind::Other })
    };
    let span = (-1..=1).find_map(|ahead| of(today.year() + ahead).filter(|span| span.until > today))?;
    Some(Span { from: span.from.max(today), ..span })
}

fn rank(tok: Tok<'_>) -> Option<i8> {
    match tok {
        Tok::Which(Which::Last) => Some(-1),
        _ => i8::try_from(tok.ordinal()?).ok().filter(|n| *n <= 5),
    }
}

fn counted(which: Which, unit: Unit, today: Date) -> Option<Item> {
    let steps = match which {
        Which::This => 0,
        Which::Coming | Which::Next => 1,
        Which::AfterNext => 2,
        Which::Last => return Some(Item::Day(Day::Gone)),
    };
    match unit {
        Unit::Week => week(today, steps).map(Item::Span),
        Unit::Month => month(today, steps).map(Item::Span),
        Unit::Year => year(today, i16::try_from(steps).ok()?).map(Item::Span),
        Unit::Day if which == Which::This => Some(Item::Day(Day::Fixed(today))),
        _ => None,
    }
}

/// The ISO week so many weeks on.
pub(super) fn week(day: Date, weeks: i32) -> Option<Span> {
    let from = plus(monday_of(day)?, 7 * weeks)?;
    Some(Span { from, until: plus(from, 7)?, grain: Grain::Week, kind: SpanKind::Week })
}

/// The Monday of a day's ISO week.
pub(super) fn monday_of(day: Date) -> Option<Date> {
    plus(day, -i32::from(day.weekday().to_monday_zero_offset()))
}

fn month(day: Date, months: i32) -> Option<Span> {
    let from = day.first_of_month().checked_add(months.months()).ok()?;
    Some(Span { from, until: from.checked_add(1.month()).ok()?, grain: Grain::Month, kind: SpanKind::Month })
}

fn month_of(year: i16, number: u8) -> Option<Span> {
    month(Date::new(year, i8::try_from(number).ok()?, 1).ok()?, 0)
}

fn coming_month(number: u8, today: Date) -> Option<Span> {
    month_of(today.year(), number).filter(|span| span.until > today).or_else(|| month_of(today.year() + 1, number))
}

fn year(day: Date, years: i16) -> Option<Span> {
    let from = Date::new(day.year().checked_add(years)?, 1, 1).ok()?;
    Some(Span { from, until: from.checked_add(1.year()).ok()?, grain: Grain::Month, kind: SpanKind::Year })
}

/// From today on.
fn ahead(today: Date, count: i32, unit: Unit) -> Option<Span> {
    let until = match unit {
        Unit::Day => plus(today, count.saturating_add(1))?,
        Unit::Week => plus(today, count.saturating_mul(7).saturating_add(1))?,
        Unit::Fortnight => plus(today, count.saturating_mul(14).saturating_add(1))?,
        Unit::Month => today.checked_add(count.months()).ok()?,
        _ => return None,
    };
    Some(Span { from: today, until, grain: Grain::Day, kind: SpanKind::Other })
}

fn numbered_week(number: u16, today: Date) -> Item {
    let in_year = |year: i16| {
        let week_number = i8::try_from(number).ok()?;
        week(ISOWeekDate::new(year, week_number, Weekday::Monday).ok()?.date(), 0)
    };
    let this = today.iso_week_date().year();
    let span = in_year(this).filter(|span| span.until > today).or_else(|| in_year(this + 1));
    span.map_or(Item::Ask(AskTime::NoSuchDay), Item::Span)
}

/// The weeks of a month, each counted to the month its Thursday lies in.
fn week_of_month(nth: i8, number: u8, today: Date) -> Option<Span> {
    let of = |month: Span| {
        let thursday = month.from.nth_weekday_of_month(nth, Weekday::Thursday).ok()?;
        let from = monday_of(thursday)?;
        Some(Span { from, until: plus(from, 7)?, grain: Grain::Day, kind: SpanKind::Week })
    };
    let month = coming_month(number, today)?;
    of(month).filter(|span| span.until > today).or_else(|| of(month_of(month.from.year() + 1, number)?))
}

fn weekend(which: Which, today: Date) -> Option<Item> {
    let saturday = |weeks: i32| plus(monday_of(today)?, 5 + 7 * weeks);
    let began = today.weekday().to_monday_zero_offset() >= 5;
    let from = match which {
        Which::This => saturday(0)?,
        Which::Coming => saturday(i32::from(began))?,
        Which::Next if began => saturday(1)?,
        // The coming one, or the one after it.
        Which::Next => return Some(Item::Ask(AskTime::WhichDay(vec![saturday(0)?, saturday(1)?]))),
        Which::AfterNext if began => saturday(2)?,
        Which::AfterNext => return Some(Item::Ask(AskTime::WhichDay(vec![saturday(1)?, saturday(2)?]))),
        Which::Last => return Some(Item::Day(Day::Gone)),
    };
    Some(Item::Span(Span { from, until: plus(from, 2)?, grain: Grain::Day, kind: SpanKind::Weekend }))
}
