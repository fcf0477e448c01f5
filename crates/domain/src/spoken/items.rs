//! From tokens to items: each item is one thing said about time, or a word that joins such things.

use jiff::civil::{Date, Weekday};
use jiff::{ToSpan, Zoned};

use super::tokens::{Edge, Part, Tok, Which};
use super::{AskTime, Grain, TimeContext, clock, days, doubt, idioms, periods};

/// Where a phrase comes from: it decides what a bare number means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A whole phrase.
    Free,
    /// The `date` argument of a function call.
    Date,
    /// The `time` argument of a function call; `beside_day`: the other argument names a day.
    Time { beside_day: bool },
}

/// What the rules see: the context, today, and the role of the phrase.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) context: &'a TimeContext<'a>,
    pub(super) today: Date,
    pub(super) role: Role,
}

/// One thing said.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Item {
    Day(Day),
    Weekday(Weekday, Option<Which>),
    /// Bits 1 to 7: Monday to Sunday.
    Recurring(u8),
    Span(Span),
    /// "in einer Woche": counted from the day beside it, or from today.
    Shift(Shift),
    Moment(Zoned),
    Clock(Clock),
    /// A number that is a clock time only in the right company; `figures`: its digits, 0 for words.
    Bare {
        value: u16,
        figures: u8,
    },
    Part(Part),
    Bound(Bound),
    Between,
    And,
    /// "bis", a dash, "to" between two things; a bound where nothing stands before it.
    To,
    /// A dash: joins two of a kind, else nothing.
    Dash,
    /// "from", a bound where no "to" follows.
    From,
    /// "von", nothing where no "bis" or "auf" follows.
    Von,
    /// "von … an": closes an opened [`Item::Von`].
    Onward,
    Or,
    OnTo,
    Not,
    But,
    Instead,
    Rather,
    No,
    /// What was said before is unfit.
    Unfit,
    /// "danach"
    Afterwards,
    /// "ich arbeite"
    Works,
    /// "vorher"
    Beforehand,
    /// Bounded by something only the caller knows.
    Vague,
    Comma,
    Anytime,
    /// The end of a day.
    Latest,
    Ask(AskTime),
    Soft,
    /// "Wochen", "Stunden": what a number before it counts.
    Unit,
    Gap,
}

/// A day, named.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Day {
    Fixed(Date),
    /// A day and a month.
    Yearly {
        day: u8,
        month: u8,
    },
    /// A day of a month not named.
    Monthly(u8),
    /// Yesterday and before: only ever said about the past.
    Gone,
    /// "15.1", "03/12": one of these.
    OneOf([Option<Date>; 2]),
}

/// Days from `from` on, the first not among them `until`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) from: Date,
    pub(super) until: Date,
    pub(super) grain: Grain,
    pub(super) kind: SpanKind,
}

/// What a span may be narrowed by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SpanKind {
    Week,
    Month,
    Year,
    /// Saturday and Sunday.
    Weekend,
    /// The end of a longer time: "vor Ende der Woche" reaches into it.
    Ending,
    Other,
}

/// So much later than the day beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shift {
    pub(super) days: i32,
    pub(super) months: i32,
    /// "in acht Tagen": a week to most, eight days to some.
    pub(super) eight: bool,
    /// Said as weeks: "Mittwoch in einer Woche" has two readings.
    pub(super) weeks: bool,
    /// Said from the day on ("a week on Tuesday"): one reading.
    pub(super) sure: bool,
}

/// A clock time, perhaps with two readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clock {
    /// Minutes since midnight; the earlier reading where there are two.
    pub(super) minute: u16,
    /// Twelve hours later is meant as well.
    pub(super) twelve: bool,
    /// Written as figures with minutes: taken as written where that is inside the hours.
    pub(super) written: bool,
    /// Said with "Uhr": taken as said where neither reading is inside the hours.
    pub(super) uhr: bool,
    /// Minutes to either side that suit as well.
    pub(super) around: Option<u16>,
}

/// Which side of a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bound {
    /// "nach": the day itself not included.
    After,
    /// "ab": the day included.
    Since,
    /// "vor": the day not included.
    Before,
    /// "bis": the day included.
    Until,
}

/// The items of a token row.
pub(super) fn items(toks: &[Tok<'_>], scope: &Scope<'_>) -> Vec<Item> {
    let moving = toks.iter().any(idioms::moves);
    let mut items: Vec<Item> = Vec::with_capacity(toks.len() + 2);
    let mut at = 0;
    while let Some(rest) = toks.get(at..).filter(|rest| !rest.is_empty()) {
        let before = at.checked_sub(1).and_then(|i| toks.get(i)).copied();
        let used = idioms::greeting(rest)
            .map(|n| (None, n))
            .or_else(|| days::beyond_counting(rest).map(|n| (Some(Item::Ask(AskTime::Unclear)), n)))
            .or_else(|| doubt::series(rest).map(|n| (Some(Item::Ask(AskTime::Unclear)), n)))
            .or_else(|| doubt::street(rest).map(|n| (Some(Item::Gap), n)))
            .or_else(|| idioms::fixed_phrase(rest, &mut items))
            .or_else(|| idioms::negated_bound(rest).map(|(item, n)| (Some(item), n)))
            .or_else(|| days::read(rest, before, scope).map(|(item, n)| (Some(item), n)))
            .or_else(|| periods::read(rest, scope).map(|(item, n)| (Some(item), n)))
            .or_else(|| clock::read(rest, before, scope).map(|(item, n)| (Some(item), n)))
            .or_else(|| part(rest, before, &items, scope).map(|(item, n)| (Some(item), n)))
            .or_else(|| doubt::vague(rest, before, scope).map(|n| (Some(Item::Vague), n)));
        match used {
            Some((item, n)) => {
                items.extend(item);
                at += n.max(1);
            }
            None => {
                let tok = match rest.first() {
                    // "um halb", and the hour got lost.
                    Some(Tok::Halb | Tok::Half | Tok::Viertel | Tok::Quarter | Tok::Dreiviertel)
                        if before == Some(Tok::At) =>
                    {
                        Tok::Broken
                    }
                    // "move it from Tuesday to Thursday"
                    Some(Tok::To) if moving => Tok::OnTo,
                    tok => tok.copied().unwrap_or(Tok::Soft),
                };
                if let Some(item) = joint(tok, rest.get(1).copied()) {
                    items.push(item);
                }
                at += 1;
            }
        }
    }
    items
}

fn part(toks: &[Tok<'_>], before: Option<Tok<'_>>, items: &[Item], scope: &Scope<'_>) -> Option<(Item, usize)> {
    Some(match toks {
        [Tok::Early, Tok::Part(part), ..] => (Item::Part(early(*part)), 2),
        [Tok::Late, Tok::Part(part), ..] => (Item::Part(late(*part)), 2),
        [Tok::Early, Tok::Morgen, ..] => (Item::Part(Part::EarlyMorning), 2),
        [Tok::Part(Part::Noon), Tok::Other("pause"), ..] => (Item::Part(Part::Lunch), 2),
        [Tok::Part(Part::Lunch), Tok::Other("break" | "hour"), ..] => (Item::Part(Part::Lunch), 2),
        [Tok::Part(Part::Morning), Tok::AmOrOn, Tok::Morgen | Tok::Part(Part::Morning), ..] => {
            (Item::Part(Part::EarlyMorning), 3)
        }
        [Tok::Part(Part::Night), ..] if matches!(before, Some(Tok::Tomorrow | Tok::Weekday(_))) => {
            (Item::Part(Part::Evening), 1)
        }
        [Tok::Part(part), ..] => (Item::Part(*part), 1),
        [Tok::Morgen, ..] => {
            let beside_day =
                matches!(before, Some(Tok::Weekday(_) | Tok::Today | Tok::Every | Tok::AmOrOn | Tok::Overmorrow));
            let lone = scope.role == Role::Time { beside_day: true } && items.is_empty();
            if beside_day || (lone && !matches!(toks.get(1), Some(Tok::Part(_)))) {
                (Item::Part(Part::Morning), 1)
            } else {
                (Item::Day(days::offset(scope, 1)), 1)
            }
        }
        _ => return None,
    })
}

fn early(part: Part) -> Part {
    match part {
        Part::Morning => Part::EarlyMorning,
        Part::Forenoon => Part::EarlyForenoon,
        Part::Afternoon => Part::EarlyAfternoon,
        Part::Evening => Part::EarlyEvening,
        other => other,
    }
}

fn late(part: Part) -> Part {
    match part {
        Part::Morning | Part::Forenoon => Part::LateMorning,
        Part::Afternoon => Part::LateAfternoon,
        Part::Evening => Part::LateEvening,
        other => other,
    }
}

/// The item of a token no rule has taken.
fn joint(tok: Tok<'_>, next: Option<Tok<'_>>) -> Option<Item> {
    Some(match tok {
        Tok::Card { value, figures } => Item::Bare { value, figures: if figures == 1 { 0 } else { figures } },
        Tok::NumberDot(value) => Item::Bare { value: u16::from(value), figures: 2 },
        Tok::Broken => Item::Ask(AskTime::Unclear),
        Tok::After => Item::Bound(Bound::After),
        Tok::Before => Item::Bound(Bound::Before),
        Tok::Since => Item::Bound(Bound::Since),
        // "I have to work"
        Tok::To if matches!(next, None | Some(Tok::Soft | Tok::Other(_) | Tok::Unfit)) => Item::Soft,
        Tok::Until | Tok::To => Item::To,
        Tok::Between => Item::Between,
        Tok::And => Item::And,
        Tok::From => Item::From,
        Tok::Von => Item::Von,
        Tok::Unit { .. } => Item::Unit,
        Tok::Latest => Item::Latest,
        Tok::Or => Item::Or,
        Tok::OnTo => Item::OnTo,
        Tok::Not | Tok::Was => Item::Not,
        Tok::Unfit => Item::Unfit,
        Tok::Afterwards => Item::Afterwards,
        Tok::Beforehand => Item::Beforehand,
        Tok::Works => Item::Works,
        Tok::But => Item::But,
        Tok::Instead => Item::Instead,
        Tok::Rather => Item::Rather,
        Tok::No => Item::No,
        Tok::Comma => Item::Comma,
        Tok::Dash => Item::Dash,
        // "von Montag an"
        Tok::On
            if !matches!(
                next,
                Some(
                    Tok::Weekday(_)
                        | Tok::EveryWeekday(_)
                        | Tok::Which(_)
                        | Tok::Today
                        | Tok::Tomorrow
                        | Tok::Ymd { .. }
                        | Tok::Slashed { .. }
                        | Tok::Ord(_)
                        | Tok::NumberDot(_)
                        | Tok::Dotted { .. }
                        | Tok::A
                        | Tok::Month(_)
                        | Tok::Other(_)
                )
            ) =>
        {
            Item::Onward
        }
        Tok::Soft | Tok::Appointment => Item::Soft,
        Tok::At | Tok::On | Tok::AmOrOn | Tok::In | Tok::Around | Tok::Roundabout | Tok::Sharp | Tok::Uhr => {
            return None;
        }
        _ => Item::Gap,
    })
}

/// A date so many days from another; `None` beyond the calendar.
pub(super) fn plus(date: Date, days: i32) -> Option<Date> {
    date.checked_add(days.days()).ok()
}

/// The beginning, middle or end of a span, as people mean it.
pub(super) fn edge_of(span: Span, edge: Edge) -> Option<Span> {
    let from = span.from;
    let (first, last) = match (span.kind, edge) {
        (SpanKind::Week, Edge::Start) => (from, plus(from, 2)?),
        (SpanKind::Week, Edge::Middle) => (plus(from, 1)?, plus(from, 4)?),
        (SpanKind::Week, Edge::End) => (plus(from, 3)?, plus(from, 6)?),
        (SpanKind::Month, Edge::Start) => (from, plus(from, 10)?),
        (SpanKind::Month, Edge::Middle) => (plus(from, 10)?, plus(from, 20)?),
        (SpanKind::Month, Edge::End) => (plus(from, 20)?, span.until),
        (SpanKind::Year, Edge::Start) => (from, plus(from, 31)?),
        (SpanKind::Year, Edge::Middle) => (plus(from, 151)?, plus(from, 212)?),
        (SpanKind::Year, Edge::End) => (plus(from, 334)?, span.until),
        (SpanKind::Weekend | SpanKind::Ending | SpanKind::Other, _) => return None,
    };
    let kind = if edge == Edge::End { SpanKind::Ending } else { SpanKind::Other };
    Some(Span { from: first, until: last, grain: Grain::Day, kind })
}
