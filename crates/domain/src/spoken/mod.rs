//! What callers and models say about time: from a phrase to an [`Understood`], pure and clockless.
//!
//! A wrong answer is worse than asking back: whatever has two readings that matter becomes [`Understood::Ask`].

mod clock;
mod combine;
mod company;
mod dates;
mod days;
mod doubt;
mod feasts;
mod figures;
mod fill;
mod glued;
mod hours;
mod idioms;
mod items;
mod latest;
mod lexicon;
mod numbers;
mod periods;
mod pick;
#[cfg(test)]
mod properties;
mod resolve;
mod share;
mod slots;
#[cfg(test)]
mod tests;
mod tokens;
pub mod vocabulary;
mod wishes;

use jiff::Zoned;
use jiff::civil::{Date, Time};

use crate::lang::Lang;
use crate::tenant::hours::DayParts;

use items::{Item, Role};

/// What a phrase is understood against.
#[derive(Clone, Debug)]
pub struct TimeContext<'a> {
    /// The present, in the branch's zone.
    pub now: &'a Zoned,
    /// Earliest opening and latest closing in minutes since midnight: "um drei" is 15 Uhr with 9 to 18.
    pub hours: (u16, u16),
    /// What the parts of a day mean for this tenant.
    pub day_parts: &'a DayParts,
    /// The call's language, for the words of a question back; phrases of both languages are always understood.
    pub lang: Lang,
}

/// What a phrase says about time. Instants are in the zone of [`TimeContext::now`]; ends are exclusive.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "each variant says what its fields are")]
pub enum Understood {
    /// One moment; `around`: minutes to either side that suit as well ("gegen zwölf").
    Instant { at: Zoned, around: Option<u16> },
    /// One whole day.
    Day(Date),
    /// A clock time on no named day.
    Clock { time: Time, around: Option<u16> },
    /// A stretch between two moments: weeks, months, "mitte Dezember", "morgen zwischen zehn und zwölf".
    Stretch { from: Zoned, until: Zoned, grain: Grain },
    /// A named part of one day.
    PartOfDay { date: Date, part: &'static str, from: Time, until: Time },
    /// A named part of any day.
    PartOfAnyDay { part: &'static str, from: Time, until: Time },
    /// From then on, open end.
    After { from: Zoned, grain: Grain },
    /// Until then, open start.
    Before { until: Zoned, grain: Grain },
    /// Clock bounds on no named day.
    ClockAfter(Time),
    /// Clock bounds on no named day.
    ClockBefore(Time),
    /// Clock bounds on no named day.
    ClockBetween(Time, Time),
    /// Several wishes, in the order said.
    OneOf(Vec<Understood>),
    /// Weekdays (1 = Monday) and/or a daily window, perhaps inside a stretch.
    Pattern { weekdays: Vec<i8>, daily: Option<Box<Understood>>, within: Option<(Zoned, Zoned)> },
    /// "Egal wann."
    Anytime,
    /// Only asking back is right.
    Ask(AskTime),
    /// Nothing about time in it.
    Nothing,
}

/// How coarse a bound is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the words say it")]
pub enum Grain {
    Minute,
    Hour,
    Day,
    Week,
    Month,
}

/// Why a time must be asked back, with what the question needs.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "each variant says what its fields are")]
pub enum AskTime {
    /// Two or three days are meant equally well ("nächsten Freitag" said on a Tuesday, "15.1" from speech).
    WhichDay(Vec<Date>),
    /// Morning or evening ("um acht" with hours 9 to 18 is nobody's time).
    WhichClock { date: Option<Date>, times: Vec<Time> },
    /// The wall clock shows this time twice that night: earlier and later instant.
    WhichFold { earlier: Zoned, later: Zoned },
    /// The wall clock skips this time that night.
    SkippedByClockChange { date: Date, time: Time },
    /// Already over.
    Past,
    /// "31. November".
    NoSuchDay,
    /// "Montag, der 24." where the 24th is a Tuesday.
    WeekdayContradicts { said: Date },
    /// A year long gone, as models without a clock invent it.
    StaleYear,
    /// Date and time arguments contradict each other, or the phrase cannot be made out.
    Unclear,
}

/// What a pair of `date` and `time` arguments asks for, ready for the calendar.
#[derive(Clone, Debug, PartialEq)]
pub enum Wish {
    /// One exact start.
    Exact(Zoned),
    /// Starts inside any of these stretches suit, earliest wish first; never in the past.
    Within(Vec<(Zoned, Zoned)>),
    /// A clock time without a day.
    ClockWithoutDay(Time),
    /// Neither day nor time was said.
    Unsaid,
    /// Must be asked back.
    Ask(AskTime),
}

/// Understands a whole phrase; words of other matters are skipped ("meine Tochter ist acht und bräuchte morgen
/// um vier einen Termin").
pub fn understand(text: &str, context: &TimeContext<'_>) -> Understood {
    combine::combine(combine::read(text, Role::Free, context), context)
}

/// Combines the `date` and `time` arguments of a function call into one wish. Either may hold both parts, be
/// missing, or contradict the other.
pub fn wish(date: Option<&str>, time: Option<&str>, context: &TimeContext<'_>) -> Wish {
    let said = |argument: Option<&str>| argument.is_some_and(|text| !text.trim().is_empty());
    let mut items = match date {
        Some(text) if said(date) => combine::read(text, Role::Date, context),
        _ => Vec::new(),
    };
    if let Some(text) = time
        && said(time)
    {
        let beside_day = items.iter().any(slots::is_day);
        items.push(Item::Comma);
        items.extend(combine::read(text, Role::Time { beside_day }, context));
    }
    wishes::wish_of(combine::combine(items, context), context)
}
