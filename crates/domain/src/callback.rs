//! When somebody will call back: an honest promise computed from opening hours.

use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::tenant::Branch;
use crate::tenant::hours::openings;

#[cfg(test)]
mod tests;

/// How far ahead opening time is looked for.
const LONGEST_WAIT_DAYS: i32 = 30;

/// A promise to call back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    /// At the latest then: within opening hours, or `minutes` after the next opening.
    pub by: Timestamp,
    /// The branch is open at the time of asking.
    pub open_now: bool,
}

/// Promises a call back within `minutes` of opening time; skips closed hours, holidays and closures.
///
/// Only open time counts: asked at 18:30 with 120 minutes and closing at 19:00, the promise is 90 minutes after the
/// next opening. A branch that is not open for that long within 30 days promises a day from now.
pub fn promise(branch: &Branch, now: Timestamp, minutes: u16) -> Promise {
    let today = branch.zone.to_datetime(now).date();
    let open = openings(branch, today, today.saturating_add(LONGEST_WAIT_DAYS.days()));
    let open_now = open.iter().any(|opening| opening.from <= now && now < opening.until);
    let mut missing = SignedDuration::from_mins(i64::from(minutes));
    for opening in open.iter().filter(|opening| opening.until > now) {
        let begin = opening.from.max(now);
        let length = opening.until.duration_since(begin);
        if missing <= length {
            let by = begin.checked_add(missing).unwrap_or(opening.until);
            return Promise { by, open_now };
        }
        missing -= length;
    }
    let by = now.checked_add(SignedDuration::from_hours(24)).unwrap_or(Timestamp::MAX);
    Promise { by, open_now }
}
