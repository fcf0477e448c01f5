//! What alternatives share: a day, an hour or a month said once for several of them.

use super::items::Day;
use super::slots::{DayPick, Slots};

/// What was said once for several alternatives: "Donnerstag oder Freitag nachmittag", "morgen um neun oder elf".
pub(super) fn share(alternatives: &mut Vec<Slots>) {
    let count = alternatives.len();
    for at in 1..count {
        let Some((before, rest)) = alternatives.split_at_mut_checked(at) else { return };
        let (Some(previous), Some(this)) = (before.last(), rest.first_mut()) else { return };
        if !this.has_day() && this.has_time() {
            this.days = previous.days.clone();
            this.bounds = previous.bounds.clone();
            this.recurring = previous.recurring;
        }
        share_month(&previous.days, &mut this.days);
        if this.part.is_none() && this.hours.is_some() && previous.hours.is_some() && this.days == previous.days {
            this.part = previous.part;
        }
    }
    for at in (1..count).rev() {
        let Some((before, rest)) = alternatives.split_at_mut_checked(at) else { return };
        let (Some(previous), Some(next)) = (before.last_mut(), rest.first()) else { return };
        if !previous.has_time() && previous.has_day() {
            previous.hours = next.hours;
            previous.part = next.part;
            previous.latest = next.latest;
        }
        if !previous.has_day() && previous.has_time() {
            previous.days = next.days.clone();
            previous.bounds = next.bounds.clone();
            previous.recurring = next.recurring;
        }
        share_month(&next.days, &mut previous.days);
        if previous.part.is_none() && previous.hours.is_some() && next.hours.is_some() && previous.days == next.days {
            previous.part = next.part;
        }
    }
    // "dienstags oder donnerstags" is one pattern.
    if alternatives.len() > 1 && alternatives.iter().all(|slots| slots.recurring != 0 && slots.days.is_empty()) {
        let all = alternatives.iter().fold(0, |days, slots| days | slots.recurring);
        let same = alternatives
            .windows(2)
            .all(|pair| matches!(pair, [one, other] if one.hours == other.hours && one.part == other.part));
        if same {
            alternatives.truncate(1);
            if let Some(slots) = alternatives.first_mut() {
                slots.recurring = all;
            }
        }
    }
}

/// A week or month said with one day counts for a bare weekday or number beside it.
fn share_month(from: &DayPick, to: &mut DayPick) {
    if to.span.is_none() && to.shift.is_none() && to.day.is_none() && matches!(to.weekday, Some((_, None))) {
        to.span = from.span.filter(|_| from.weekday.is_some());
    }
    if let (Some(Day::Monthly(day)), Some(Day::Yearly { month, .. })) = (&to.day, &from.day) {
        to.day = Some(Day::Yearly { day: *day, month: *month });
    }
    if let (Some(Day::Monthly(_)), Some(Day::Monthly(_)), None) = (&to.day, &from.day, &to.span) {
        to.span = from.span;
    }
}
