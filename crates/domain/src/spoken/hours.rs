//! Which reading of a clock time is meant: by the part of the day said, by the opening hours, by the present.

use super::items::{Bound, Clock};
use super::tokens::Part;
use super::{AskTime, TimeContext};

const HALF_DAY: u16 = 12 * 60;
/// The last minute of a day; times cannot say 24 Uhr.
const LAST: u16 = 24 * 60 - 1;

/// A reading this many minutes outside the hours may be meant, if the other is [`FAR`] outside.
const NEAR: u16 = 30;
const FAR: u16 = 120;

/// From here on a morning hour is believed as it was said.
const EARLY: u16 = 6 * 60;

/// Why no reading could be chosen.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Unsettled {
    Past,
    Which(Vec<u16>),
    Unclear,
}

/// The name, first minute and first minute outside of a part of the day.
pub(super) fn window(part: Part, context: &TimeContext<'_>) -> (&'static str, u16, u16) {
    let parts = context.day_parts;
    let (morning, afternoon, evening) = (parts.morning, parts.afternoon, parts.evening);
    let (name, from, until) = match part {
        Part::EarlyMorning => ("early_morning", morning.from.saturating_sub(120), morning.from + 60),
        Part::Morning => ("morning", morning.from, morning.until),
        Part::EarlyForenoon => ("early_forenoon", morning.from, (morning.from + 90).min(morning.until)),
        Part::Forenoon => ("forenoon", morning.from, morning.until),
        Part::LateMorning => ("late_morning", morning.until.saturating_sub(120).max(morning.from), morning.until),
        Part::Noon => ("noon", 12 * 60, 14 * 60),
        Part::Lunch => ("lunch", 12 * 60, 13 * 60 + 30),
        Part::EarlyAfternoon => ("early_afternoon", afternoon.from, (afternoon.from + 180).min(afternoon.until)),
        Part::Afternoon => ("afternoon", afternoon.from, afternoon.until),
        Part::LateAfternoon => {
            ("late_afternoon", afternoon.until.saturating_sub(120).max(afternoon.from), afternoon.until)
        }
        Part::EarlyEvening => ("early_evening", evening.from.saturating_sub(60), evening.from + 60),
        Part::Evening => ("evening", evening.from, evening.until),
        Part::LateEvening => ("late_evening", (evening.from + 120).min(evening.until), evening.until + 60),
        Part::Night => ("night", evening.until.min(22 * 60), LAST),
    };
    let until = until.min(LAST);
    (name, from.min(until.saturating_sub(1)), until)
}

/// The clock time a part of the day stands for in "ab mittag", "bis abends", "nach der Mittagspause".
pub(super) fn part_bound(part: Part, bound: Bound, context: &TimeContext<'_>) -> Clock {
    let (_, from, until) = window(part, context);
    let minute = match (bound, part) {
        (Bound::After, Part::Noon) => 13 * 60,
        (Bound::After, _) => until,
        _ => from,
    };
    Clock { minute, twelve: false, written: false, uhr: false, around: None }
}

/// The minutes of the day a clock time may mean.
fn readings(clock: Clock) -> Vec<u16> {
    if clock.twelve { vec![clock.minute, clock.minute + HALF_DAY] } else { vec![clock.minute] }
}

/// The reading meant; `now` is the present minute where the day is today.
pub(super) fn settle(clock: Clock, part: Option<Part>, now: Option<u16>, hours: (u16, u16)) -> Result<u16, Unsettled> {
    let minute = clock.minute;
    if let Some(part) = part {
        let chosen = if clock.twelve { by_part(minute, part)? } else { minute };
        return if fits(chosen, part) { Ok(chosen) } else { Err(Unsettled::Unclear) };
    }
    if !clock.twelve {
        return Ok(minute);
    }
    let (open, close) = hours;
    let all = readings(clock);
    let ahead = |minute: u16| now.is_none_or(|now| minute >= now);
    if !all.iter().copied().any(ahead) {
        return Err(Unsettled::Past);
    }
    // Nobody comes at half past midnight.
    if minute < 60 {
        return if ahead(minute + HALF_DAY) { Ok(minute + HALF_DAY) } else { Err(Unsettled::Past) };
    }
    // "8:00" is eight in the morning; "3:30" only where that is inside the hours.
    if clock.written && (minute >= EARLY || open <= minute && minute < close && ahead(minute)) {
        return if ahead(minute) { Ok(minute) } else { Err(Unsettled::Past) };
    }
    let strict: Vec<u16> = all.iter().copied().filter(|m| open <= *m && *m < close).collect();
    match strict.as_slice() {
        [one] => return if ahead(*one) { Ok(*one) } else { Err(Unsettled::Past) },
        [_, late] => {
            return if ahead(minute) { Err(Unsettled::Which(all)) } else { Ok(*late) };
        }
        _ => {}
    }
    // The closing time itself, or a reading just outside the hours while the other is far off: "halb neun" before nine.
    let distance = |m: u16| if m < open { open - m } else { m.saturating_sub(close) };
    let near = |m: u16, other: u16| distance(m) <= NEAR && distance(other) >= FAR && ahead(m);
    match all.as_slice() {
        [early, late] if near(*early, *late) => Ok(*early),
        [early, late] if near(*late, *early) => Ok(*late),
        // All that is left today is outside the hours.
        [early, _] if !ahead(*early) => Err(Unsettled::Past),
        [early, _] if clock.uhr && *early >= EARLY => Ok(*early),
        _ => Err(Unsettled::Which(all.into_iter().filter(|m| ahead(*m)).collect())),
    }
}

fn by_part(minute: u16, part: Part) -> Result<u16, Unsettled> {
    let late = minute + HALF_DAY;
    Ok(match part {
        Part::EarlyMorning | Part::EarlyForenoon | Part::Morning | Part::Forenoon | Part::LateMorning => {
            if minute < 60 { late } else { minute }
        }
        Part::Noon | Part::Lunch => {
            if minute >= 10 * 60 {
                minute
            } else {
                late
            }
        }
        Part::EarlyAfternoon | Part::Afternoon | Part::LateAfternoon => late,
        Part::EarlyEvening | Part::Evening | Part::LateEvening if minute >= 4 * 60 => late,
        Part::EarlyEvening | Part::Evening | Part::LateEvening => return Err(Unsettled::Which(vec![minute, late])),
        Part::Night if minute >= 8 * 60 => late,
        Part::Night => minute,
    })
}

/// A clock time that contradicts the part of the day said with it is asked back.
fn fits(minute: u16, part: Part) -> bool {
    let hour = minute / 60;
    match part {
        Part::EarlyMorning | Part::EarlyForenoon | Part::Morning | Part::Forenoon | Part::LateMorning => hour < 13,
        Part::Noon | Part::Lunch => (10..16).contains(&hour),
        Part::EarlyAfternoon | Part::Afternoon | Part::LateAfternoon => (12..20).contains(&hour),
        Part::EarlyEvening | Part::Evening | Part::LateEvening => hour >= 16,
        Part::Night => !(6..20).contains(&hour),
    }
}

/// The reading of an upper bound: "bis sechs" may be the closing time itself.
pub(super) fn settle_end(clock: Clock, part: Option<Part>, hours: (u16, u16)) -> Result<u16, Unsettled> {
    if part.is_some() || !clock.twelve || clock.minute < 60 {
        return settle(clock, part, None, hours);
    }
    let (open, close) = hours;
    let inside: Vec<u16> = readings(clock).into_iter().filter(|m| open <= *m && *m <= close).collect();
    match inside.as_slice() {
        [one] => Ok(*one),
        _ => Err(Unsettled::Which(readings(clock))),
    }
}

/// Both ends of "zwischen acht und zwölf": the end by the hours, the start as late before it as can be.
pub(super) fn settle_between(
    from: Clock,
    until: Clock,
    part: Option<Part>,
    hours: (u16, u16),
) -> Result<(u16, u16), Unsettled> {
    let first_after = |start: u16| readings(until).into_iter().find(|m| *m > start);
    let last_before = |end: u16| readings(from).into_iter().rev().find(|m| *m < end);
    let pair = if !from.twelve {
        first_after(from.minute).map(|end| (from.minute, end))
    } else if part.is_some() {
        let start = settle(from, part, None, hours)?;
        first_after(start).map(|end| (start, end))
    } else {
        match settle_end(until, part, hours) {
            Ok(end) => last_before(end).map(|start| (start, end)),
            Err(_) => {
                let start = settle(from, part, None, hours)?;
                first_after(start).map(|end| (start, end))
            }
        }
    };
    pair.ok_or(Unsettled::Unclear)
}

/// What to ask back.
pub(super) fn ask(unsettled: Unsettled, date: Option<jiff::civil::Date>) -> AskTime {
    match unsettled {
        Unsettled::Past => AskTime::Past,
        Unsettled::Unclear => AskTime::Unclear,
        Unsettled::Which(minutes) => {
            AskTime::WhichClock { date, times: minutes.into_iter().filter_map(super::resolve::time_of).collect() }
        }
    }
}
