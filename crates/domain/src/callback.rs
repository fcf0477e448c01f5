//! When somebody will call back: an honest promise computed from opening hours.

use jiff::Timestamp;

use crate::tenant::Branch;

/// A promise to call back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    /// At the latest then: within opening hours, or `minutes` after the next opening.
    pub by: Timestamp,
    /// The branch is open at the time of asking.
    pub open_now: bool,
}

/// Promises a call back within `minutes` of opening time; skips closed hours, holidays and closures.
pub fn promise(branch: &Branch, now: Timestamp, minutes: u16) -> Promise {
    let _ = (branch, now, minutes);
    todo!("callback promise")
}
