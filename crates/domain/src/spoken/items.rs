//! From tokens to items: each item is one thing said about time, or a word that joins such things.

use jiff::civil::{Date, Weekday};
use jiff::{ToSpan, Zoned};

use super::tokens::{Edge, Part, Tok, Unit, Which};
use super::{AskTime, Grain, TimeContext, clock, days, periods};

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
    Comma,
    Anytime,
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
    let moving = toks.iter().any(moves);
    let mut items: Vec<Item> = Vec::with_capacity(toks.len() + 2);
    let mut at = 0;
    while let Some(rest) = toks.get(at..).filter(|rest| !rest.is_empty()) {
        let before = at.checked_sub(1).and_then(|i| toks.get(i)).copied();
        let used = greeting(rest)
            .map(|n| (None, n))
            .or_else(|| fixed_phrase(rest, &mut items))
            .or_else(|| negated_bound(rest).map(|(item, n)| (Some(item), n)))
            .or_else(|| days::read(rest, before, scope).map(|(item, n)| (Some(item), n)))
            .or_else(|| periods::read(rest, scope).map(|(item, n)| (Some(item), n)))
            .or_else(|| clock::read(rest, before, scope).map(|(item, n)| (Some(item), n)))
            .or_else(|| part(rest, before, &items, scope).map(|(item, n)| (Some(item), n)));
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

/// A word for moving an appointment: "to" names the new time.
fn moves(tok: &Tok<'_>) -> bool {
    matches!(
        tok,
        Tok::Other("move" | "moved" | "reschedule" | "change" | "push" | "shift" | "postpone" | "rebook" | "switch")
    )
}

/// "Guten Morgen", "good afternoon": says nothing about the wish.
fn greeting(toks: &[Tok<'_>]) -> Option<usize> {
    match toks {
        [
            Tok::Other("guten" | "schoenen" | "good" | "gute"),
            Tok::Other("guten" | "gute"),
            Tok::Part(_) | Tok::Morgen | Tok::Unit { .. },
            ..,
        ] => Some(3),
        [Tok::Other("guten" | "schoenen" | "good" | "gute"), Tok::Part(_) | Tok::Morgen | Tok::Unit { .. }, ..] => {
            Some(2)
        }
        _ => None,
    }
}

/// Idioms; some push two items themselves.
fn fixed_phrase(toks: &[Tok<'_>], items: &mut Vec<Item>) -> Option<(Option<Item>, usize)> {
    let free = |word: &str| word.starts_with("frei") || word.starts_with("moeglich") || word.starts_with("verfuegbar");
    let soon = |word: &str| matches!(word, "schnell" | "bald" | "soon" | "zeitnah" | "rasch");
    let any = |n| Some((Some(Item::Anytime), n));
    match toks {
        [Tok::Other("egal" | "wurscht" | "wurst" | "gleichgueltig"), Tok::Other("wann"), ..] => any(2),
        [
            Tok::Other("egal" | "flexibel" | "flexible" | "jederzeit" | "whenever" | "anytime" | "sofort" | "asap"),
            ..,
        ]
        | [
            Tok::Other(
                "baldmoeglichst" | "schnellstmoeglich" | "ehestmoeglich" | "zeitnah" | "bald" | "soonest" | "gleich"
                | "jetzt" | "now",
            ),
            ..,
        ] => any(1),
        [Tok::Since, Tok::Other("sofort" | "jetzt"), ..] => any(2),
        [Tok::Other("any" | "anything" | "everything" | "alles"), Tok::But, ..] => Some((Some(Item::Not), 2)),
        [Tok::Other("any"), Tok::Unit { unit: Unit::Day, .. } | Tok::Soft, Tok::But, ..] => Some((Some(Item::Not), 3)),
        [Tok::Other("any"), Tok::Soft | Tok::Unit { unit: Unit::Day, .. }, ..] => any(2),
        [Tok::Other("wann"), Tok::Soft, Tok::Other("wollen" | "moechten"), ..] => any(3),
        [Tok::Other("wann" | "when"), Tok::Other("immer" | "ever"), ..] => any(2),
        // "so schnell wie möglich", "as soon as possible", "möglichst früh"
        [Tok::Other(word), Tok::Soft, Tok::Soft, ..] if soon(word) => any(3),
        [Tok::Part(Part::Morning) | Tok::Early, Tok::Soft, Tok::Soft, ..] => any(3),
        [Tok::Other("as"), Tok::Other("soon") | Tok::Early, Tok::Other("as"), ..] => any(3),
        [Tok::Other("moeglichst"), Tok::Other(word), ..] if soon(word) => any(2),
        [Tok::Other("moeglichst"), Tok::Part(Part::Morning), ..] => any(2),
        [Tok::Which(Which::Next | Which::Coming) | Tok::Ord(1), Tok::Other(word), ..] if free(word) => any(2),
        [Tok::Which(Which::Next), Tok::Other("available" | "opening" | "slot"), ..] => any(2),
        [Tok::Ord(1), Tok::Other("available" | "opening" | "slot"), ..] => any(2),
        [Tok::Which(Which::Next) | Tok::Ord(1), Tok::Soft, ..] if items.is_empty() => any(2),
        [Tok::Other(word), ..]
            if word.starts_with("naechstmoegl")
                || word.starts_with("fruehestmoegl")
                || word.starts_with("fruehstmoegl")
                || word.starts_with("schnellstmoegl")
                || word.starts_with("fruehest")
                || *word == "earliest"
                || *word == "naechstbeste" =>
        {
            any(1)
        }
        // "just a second"
        [Tok::A | Tok::Card { value: 1, figures: 0 }, Tok::Ord(2), follow @ ..]
            if !matches!(follow.first(), Some(Tok::Month(_) | Tok::WeakMonth(_))) =>
        {
            Some((Some(Item::Gap), 2))
        }
        // "um 17 Uhr oder später": a bound on what was just said
        [Tok::Or, tok @ (Tok::Late | Tok::Later | Tok::Early | Tok::Earlier), follow @ ..]
            if !matches!(follow.first(), Some(Tok::Part(_)))
                && matches!(
                    items.last(),
                    Some(Item::Clock(_) | Item::Day(_) | Item::Weekday(..) | Item::Bare { .. })
                ) =>
        {
            let later = matches!(tok, Tok::Late | Tok::Later);
            let at = items.len().saturating_sub(1);
            if !matches!(at.checked_sub(1).and_then(|i| items.get(i)), Some(Item::Bound(_) | Item::To)) {
                items.insert(at, Item::Bound(if later { Bound::Since } else { Bound::Until }));
            }
            Some((Some(Item::Soft), 2))
        }
        // "gleich als erstes", "first thing"
        [Tok::Other("als"), Tok::Ord(1), ..] | [Tok::Ord(1), Tok::Other("thing"), ..] => {
            Some((Some(Item::Part(Part::Morning)), 2))
        }
        [
            Tok::After | Tok::Before,
            Tok::Other("arbeit" | "work" | "feierabend" | "dienst" | "buero" | "job" | "dienstschluss"),
            ..,
        ] => {
            let after = matches!(toks.first(), Some(Tok::After));
            let (bound, minute) = if after { (Bound::Since, 17 * 60) } else { (Bound::Before, 8 * 60 + 30) };
            items.push(Item::Bound(bound));
            let clock = Clock { minute, twelve: false, written: false, around: None };
            Some((Some(Item::Clock(clock)), 2))
        }
        [Tok::After, Tok::Other("hause" | "oben" | "unten" | "wie"), ..] => Some((Some(Item::Gap), 2)),
        _ => None,
    }
}

/// "nicht vor", "not before", "no later than", "früher als".
fn negated_bound(toks: &[Tok<'_>]) -> Option<(Item, usize)> {
    let than = |tok: &Tok<'_>| matches!(tok, Tok::Instead | Tok::Other("als"));
    Some(match toks {
        [Tok::Not | Tok::No, Tok::Early | Tok::Earlier, word, ..] if than(word) => (Item::Bound(Bound::Since), 3),
        [Tok::Not | Tok::No, Tok::Late | Tok::Later, word, ..] if than(word) => (Item::Bound(Bound::Until), 3),
        [Tok::Not, Tok::Before, ..] => (Item::Bound(Bound::Since), 2),
        [Tok::Not, Tok::After, ..] => (Item::Bound(Bound::Until), 2),
        [Tok::Not, Tok::Until, ..] => (Item::Bound(Bound::Since), 2),
        [Tok::Early | Tok::Earlier, word, ..] if than(word) => (Item::Bound(Bound::Before), 2),
        [Tok::Late | Tok::Later, word, ..] if than(word) => (Item::Bound(Bound::After), 2),
        _ => return None,
    })
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
        Tok::Until | Tok::To => Item::To,
        Tok::Between => Item::Between,
        Tok::And => Item::And,
        Tok::From => Item::From,
        Tok::Von => Item::Von,
        Tok::Unit { .. } => Item::Unit,
        Tok::Or => Item::Or,
        Tok::OnTo => Item::OnTo,
        Tok::Not => Item::Not,
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
        Tok::Soft => Item::Soft,
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
