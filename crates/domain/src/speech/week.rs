//! A week's opening hours as they are said: equal days together, exceptions apart.

use jiff::civil::{Date, Weekday};

use crate::reply::DayHours;
use crate::tenant::hours::DaySpan;

/// Weekdays in a row with the same hours.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SameHours<'a> {
    /// The first of them.
    pub first: Weekday,
    /// The last of them; may be the first.
    pub last: Weekday,
    /// Their hours; empty: closed.
    pub spans: &'a [DaySpan],
}

impl SameHours<'_> {
    /// How many days.
    pub fn days(&self) -> i8 {
        self.last.to_monday_zero_offset() - self.first.to_monday_zero_offset() + 1
    }
}

/// The regular days from Monday to Sunday, runs of equal days together; days closed for a reason are left out.
pub(super) fn regular(days: &[DayHours]) -> Vec<SameHours<'_>> {
    let mut sorted: Vec<&DayHours> = days.iter().filter(|day| day.closed_for.is_none()).collect();
    sorted.sort_by_key(|day| day.date.weekday().to_monday_zero_offset());
    let mut runs: Vec<SameHours<'_>> = Vec::new();
    for day in sorted {
        let weekday = day.date.weekday();
        match runs.last_mut() {
            Some(run) if run.last.next() == weekday && run.spans == day.spans.as_slice() => run.last = weekday,
            _ => runs.push(SameHours { first: weekday, last: weekday, spans: &day.spans }),
        }
    }
    runs
}

/// Days in a row closed for the same reason.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ClosedRun<'a> {
    /// The first of them.
    pub first: Date,
    /// The last of them; may be the first.
    pub last: Date,
    /// Why, (German, English).
    pub reason: &'a (String, String),
}

/// Days closed for a reason, in the order of their dates.
pub(super) fn exceptions(days: &[DayHours]) -> Vec<ClosedRun<'_>> {
    let mut runs: Vec<ClosedRun<'_>> = Vec::new();
    for day in days {
        let Some(reason) = &day.closed_for else { continue };
        match runs.last_mut() {
            Some(run) if run.last.tomorrow().ok() == Some(day.date) && run.reason == reason => run.last = day.date,
            _ => runs.push(ClosedRun { first: day.date, last: day.date, reason }),
        }
    }
    runs
}
