//! What one alternative of a phrase says: a day, a time of day, bounds; filled item by item.

use jiff::Zoned;
use jiff::civil::Weekday;

use super::AskTime;
use super::items::{Bound, Clock, Day, Item, Shift, Span, SpanKind};
use super::tokens::{Part, Which};

/// Everything said about the day.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct DayPick {
    pub(super) day: Option<Day>,
    pub(super) weekday: Option<(Weekday, Option<Which>)>,
    pub(super) span: Option<Span>,
    pub(super) shift: Option<Shift>,
}

/// Everything said about the time of day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Hours {
    At(Clock),
    After(Clock),
    Before(Clock),
    Between(Clock, Clock),
}

impl Hours {
    /// The same but for "Uhr".
    pub(super) fn same_as(self, other: Self) -> bool {
        let bare = |clock: Clock| Clock { uhr: false, ..clock };
        let stripped = |hours: Self| match hours {
            Self::At(clock) => Self::At(bare(clock)),
            Self::After(clock) => Self::After(bare(clock)),
            Self::Before(clock) => Self::Before(bare(clock)),
            Self::Between(from, until) => Self::Between(bare(from), bare(until)),
        };
        stripped(self) == stripped(other)
    }
}

/// A bound on days, with the clock time said at it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum DayBound {
    From(Bound, DayPick, Option<Clock>),
    To(Bound, DayPick, Option<Clock>),
    Between(DayPick, DayPick),
}

/// One alternative.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Slots {
    pub(super) days: DayPick,
    pub(super) bounds: Vec<DayBound>,
    pub(super) hours: Option<Hours>,
    pub(super) part: Option<Part>,
    pub(super) recurring: u8,
    pub(super) moment: Option<Zoned>,
    pub(super) anytime: bool,
    /// The end of what is said otherwise.
    pub(super) latest: bool,
    /// Bounded by something only the caller knows; a clock time said with it is exact enough.
    pub(super) vague: bool,
    pub(super) ask: Option<AskTime>,
}

impl DayPick {
    /// Nothing about the day.
    pub(super) fn is_empty(&self) -> bool {
        self.day.is_none() && self.weekday.is_none() && self.span.is_none() && self.shift.is_none()
    }

    /// This day said in place of `old`, with what the correction leaves: week, month, "übernächsten". `None` when
    /// nobody can tell whether it was left ("nächste Woche, nein Donnerstag"); `rather`: it was only made exacter.
    pub(super) fn corrected_from(&self, old: &Self, rather: bool, today: jiff::civil::Date) -> Option<Self> {
        let mut days = self.clone();
        match (&self.day, self.weekday, self.span, self.shift) {
            (None, Some((weekday, None)), None, None) => {
                let week = old.span.filter(|span| span.kind != SpanKind::Weekend);
                if old.weekday.is_none() && !rather && week.is_some_and(|week| week.from > today) {
                    return None;
                }
                let which = old.weekday.and_then(|(_, which)| which);
                days = Self { weekday: Some((weekday, which)), span: week, shift: old.shift, day: None };
            }
            (Some(Day::Monthly(day)), None, None, None) => match old.day {
                Some(Day::Yearly { month, .. }) => days.day = Some(Day::Yearly { day: *day, month }),
                Some(Day::Fixed(date)) => {
                    let same_month = i8::try_from(*day).ok().and_then(|day| date.with().day(day).build().ok());
                    days.day = same_month.filter(|date| *date >= today).map(Day::Fixed).or(days.day);
                }
                Some(Day::Monthly(_)) => days.span = old.span,
                _ => {}
            },
            _ => {}
        }
        Some(days)
    }

    /// Adds one more item about the same day; `false` when it contradicts what was said.
    pub(super) fn add(&mut self, item: &Item, today: jiff::civil::Date) -> bool {
        match item {
            Item::Day(day) => match &self.day {
                None => self.day = Some(day.clone()),
                Some(Day::Gone) => self.day = Some(day.clone()),
                Some(_) if *day == Day::Gone => {}
                Some(said) if said == day => {}
                Some(said) => match same_day(said, day, today) {
                    Some(more_exact) => self.day = Some(more_exact),
                    None => return false,
                },
            },
            Item::Weekday(weekday, which) => match &mut self.weekday {
                None => self.weekday = Some((*weekday, *which)),
                Some((said, said_which)) if said == weekday => *said_which = said_which.or(*which),
                Some(_) => return false,
            },
            Item::Span(span) => match &self.span {
                None => self.span = Some(*span),
                Some(said) => match narrower(*said, *span) {
                    Some(both) => self.span = Some(both),
                    None => return false,
                },
            },
            Item::Shift(shift) => match &self.shift {
                None => self.shift = Some(*shift),
                Some(said) => return said == shift,
            },
            _ => return false,
        }
        true
    }
}

/// The more exact of two namings of one day; `None` if they name two days.
fn same_day(one: &Day, other: &Day, today: jiff::civil::Date) -> Option<Day> {
    let number = |day: &Day| match day {
        Day::Fixed(date) => u8::try_from(date.day()).ok(),
        Day::Yearly { day, .. } | Day::Monthly(day) => Some(*day),
        Day::Gone | Day::OneOf(_) => None,
    };
    match (one, other) {
        (Day::Monthly(day), exact) | (exact, Day::Monthly(day)) => (number(exact)? == *day).then(|| exact.clone()),
        (Day::OneOf(dates), exact) | (exact, Day::OneOf(dates)) => {
            let date = super::resolve::date_of(exact, today).ok()?;
            dates.contains(&Some(date)).then_some(Day::Fixed(date))
        }
        _ => {
            let first = super::resolve::date_of(one, today).ok()?;
            (first == super::resolve::date_of(other, today).ok()?).then_some(Day::Fixed(first))
        }
    }
}

fn narrower(one: Span, other: Span) -> Option<Span> {
    let inside = |small: Span, big: Span| big.from <= small.from && small.until <= big.until;
    // A weekend belongs to the week or month said beside it.
    if one.kind == SpanKind::Weekend && other.kind == SpanKind::Week && !inside(one, other) {
        return moved_weekend(other);
    }
    if other.kind == SpanKind::Weekend && one.kind == SpanKind::Week && !inside(other, one) {
        return moved_weekend(one);
    }
    if inside(one, other) {
        Some(one)
    } else if inside(other, one) {
        Some(other)
    } else {
        None
    }
}

fn moved_weekend(week: Span) -> Option<Span> {
    let from = super::items::plus(week.from, 5)?;
    Some(Span { from, until: week.until, grain: super::Grain::Day, kind: SpanKind::Weekend })
}

impl Slots {
    /// Nothing said at all.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// A time of day in any form.
    pub(super) fn has_time(&self) -> bool {
        self.hours.is_some() || self.part.is_some() || self.latest || self.moment.is_some()
    }

    /// A day in any form.
    pub(super) fn has_day(&self) -> bool {
        !self.days.is_empty() || !self.bounds.is_empty() || self.recurring != 0 || self.moment.is_some()
    }

    /// Forgets the day.
    pub(super) fn clear_day(&mut self) {
        self.days = DayPick::default();
        self.bounds.clear();
        self.recurring = 0;
        self.moment = None;
    }

    /// Forgets the time of day.
    pub(super) fn clear_time(&mut self) {
        self.hours = None;
        self.latest = false;
        self.part = None;
        self.moment = None;
    }
}

/// Whether an item is about the day.
pub(super) fn is_day(item: &Item) -> bool {
    matches!(item, Item::Day(_) | Item::Weekday(..) | Item::Span(_) | Item::Shift(_) | Item::Recurring(_))
}

/// Whether an item is about the time of day.
pub(super) fn is_time(item: &Item) -> bool {
    matches!(item, Item::Clock(_) | Item::Part(_) | Item::Moment(_) | Item::Latest)
}
