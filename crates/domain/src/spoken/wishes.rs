//! From what was understood to stretches the calendar can search.

use jiff::civil::{Date, Time};
use jiff::{ToSpan, Zoned};

use super::{AskTime, Grain, TimeContext, Understood, Wish};

/// How far a wish without a day reaches.
const COMING_DAYS: i32 = 14;
/// The longest stretch searched.
const LONGEST_WEEKS: i32 = 8;
/// A pattern over a long time is searched this many days from its start.
const PATTERN_DAYS: i32 = 7 * LONGEST_WEEKS;

type Stretches = Vec<(Zoned, Zoned)>;

/// What is wished, with everything before the present cut off.
pub(super) fn wish_of(understood: Understood, context: &TimeContext<'_>) -> Wish {
    match understood {
        Understood::Nothing => Wish::Unsaid,
        Understood::Ask(why) => Wish::Ask(why),
        Understood::Clock { time, .. } => Wish::ClockWithoutDay(time),
        Understood::Instant { at, .. } if at < *context.now => Wish::Ask(AskTime::Past),
        Understood::Instant { at, .. } => Wish::Exact(at),
        other => match stretches(&other, context) {
            Some(found) if found.is_empty() => Wish::Ask(AskTime::Past),
            Some(found) => Wish::Within(found),
            None => Wish::Ask(AskTime::Unclear),
        },
    }
}

fn stretches(understood: &Understood, context: &TimeContext<'_>) -> Option<Stretches> {
    let now = context.now;
    let today = now.date();
    Some(match understood {
        Understood::Nothing | Understood::Ask(_) => Vec::new(),
        Understood::Instant { at, .. } => clip(at.clone(), at.checked_add(1.minute()).ok()?, context),
        Understood::Day(date) => clip(midnight(*date, now)?, midnight(date.tomorrow().ok()?, now)?, context),
        Understood::Stretch { from, until, .. } => clip(from.clone(), until.clone(), context),
        Understood::PartOfDay { date, from, until, .. } => {
            clip(at(*date, *from, now)?, at(*date, *until, now)?, context)
        }
        // "morgen nach 17 Uhr" ends with the day, "ab Montag" does not.
        Understood::After { from, grain: Grain::Minute } => {
            clip(from.clone(), midnight(from.date().tomorrow().ok()?, now)?, context)
        }
        Understood::After { from, .. } => {
            let from = from.max(now).clone();
            let until = from.checked_add(LONGEST_WEEKS.weeks()).ok()?;
            clip(from, until, context)
        }
        Understood::Before { until, grain: Grain::Minute } => {
            clip(midnight(until.date(), now)?, until.clone(), context)
        }
        Understood::Before { until, .. } => clip(now.clone(), until.clone(), context),
        Understood::Anytime => clip(now.clone(), now.checked_add(COMING_DAYS.days()).ok()?, context),
        Understood::Clock { .. }
        | Understood::PartOfAnyDay { .. }
        | Understood::ClockAfter(_)
        | Understood::ClockBefore(_)
        | Understood::ClockBetween(..) => daily(understood, today, COMING_DAYS, &[], None, context)?,
        Understood::Pattern { weekdays, daily: time, within } => {
            let time = time.as_deref().unwrap_or(&Understood::Anytime);
            match within {
                None => daily(time, today, COMING_DAYS, weekdays, None, context)?,
                Some((from, until)) => {
                    let first = from.max(now).date();
                    daily(time, first, PATTERN_DAYS, weekdays, Some((from, until)), context)?
                }
            }
        }
        Understood::OneOf(wishes) => {
            let mut all = Vec::new();
            for wish in wishes {
                all.extend(stretches(wish, context)?);
            }
            all
        }
    })
}

/// One stretch a day for the days wanted.
fn daily(
    time: &Understood,
    first: Date,
    days: i32,
    weekdays: &[i8],
    within: Option<(&Zoned, &Zoned)>,
    context: &TimeContext<'_>,
) -> Option<Stretches> {
    let now = context.now;
    let mut all = Vec::new();
    for ahead in 0..days {
        let date = first.checked_add(ahead.days()).ok()?;
        if !weekdays.is_empty() && !weekdays.contains(&date.weekday().to_monday_one_offset()) {
            continue;
        }
        let next = midnight(date.tomorrow().ok()?, now)?;
        let (mut from, mut until) = match time {
            Understood::Clock { time, .. } => {
                let from = at(date, *time, now)?;
                let until = from.checked_add(1.minute()).ok()?;
                (from, until)
            }
            Understood::PartOfAnyDay { from, until, .. } | Understood::ClockBetween(from, until) => {
                (at(date, *from, now)?, at(date, *until, now)?)
            }
            Understood::ClockAfter(from) => (at(date, *from, now)?, next),
            Understood::ClockBefore(until) => (midnight(date, now)?, at(date, *until, now)?),
            _ => (midnight(date, now)?, next),
        };
        if let Some((start, end)) = within {
            if from >= *end {
                break;
            }
            from = from.max(start.clone());
            until = until.min(end.clone());
        }
        all.extend(clip(from, until, context));
    }
    Some(all)
}

/// The stretch from now on and not longer than is searched; empty when it is over.
fn clip(from: Zoned, until: Zoned, context: &TimeContext<'_>) -> Stretches {
    let from = from.max(context.now.clone());
    let longest = from.checked_add(LONGEST_WEEKS.weeks()).unwrap_or_else(|_| until.clone());
    let until = until.min(longest);
    if from < until { vec![(from, until)] } else { Vec::new() }
}

fn midnight(date: Date, now: &Zoned) -> Option<Zoned> {
    date.to_zoned(now.time_zone().clone()).ok()
}

/// The bound of a window; one in a clock change's gap moves with the clocks.
fn at(date: Date, time: Time, now: &Zoned) -> Option<Zoned> {
    date.to_datetime(time).to_zoned(now.time_zone().clone()).ok()
}
