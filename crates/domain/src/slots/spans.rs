//! Sorted lists of stretches of time, in whole seconds: the arithmetic everything about free time rests on.
//!
//! A list is *merged* when it is sorted and no two of its stretches touch; every function here keeps that.

use jiff::Timestamp;

use super::Interval;

/// A half-open stretch in seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span {
    /// First second inside.
    pub(crate) from: i64,
    /// First second outside.
    pub(crate) until: i64,
}

impl Span {
    /// The whole seconds an interval touches.
    pub(crate) fn around(interval: &Interval) -> Self {
        Self { from: floor(interval.from), until: ceil(interval.until) }
    }

    /// The same stretch as instants; `None` when empty or beyond the calendar's ends.
    pub(crate) fn interval(self) -> Option<Interval> {
        if self.from >= self.until {
            return None;
        }
        Some(Interval { from: moment(self.from)?, until: moment(self.until)? })
    }

    /// The same length, later by so many seconds.
    pub(crate) fn later(self, seconds: i64) -> Self {
        Self { from: self.from + seconds, until: self.until + seconds }
    }

    /// What the two have in common; empty (`from` not before `until`) if nothing.
    pub(crate) fn common(self, other: Self) -> Self {
        Self { from: self.from.max(other.from), until: self.until.min(other.until) }
    }

    /// Whether a second is inside.
    pub(crate) fn contains(self, second: i64) -> bool {
        (self.from..self.until).contains(&second)
    }

    /// Its length in seconds, 0 when empty.
    pub(crate) fn seconds(self) -> i64 {
        (self.until - self.from).max(0)
    }
}

/// An instant from seconds since 1970; `None` beyond the calendar's ends.
pub(crate) fn moment(second: i64) -> Option<Timestamp> {
    Timestamp::from_second(second).ok()
}

/// The last whole second not after an instant.
pub(crate) fn floor(at: Timestamp) -> i64 {
    at.as_second() - i64::from(at.subsec_nanosecond() < 0)
}

/// The first whole second not before an instant.
pub(crate) fn ceil(at: Timestamp) -> i64 {
    at.as_second() + i64::from(at.subsec_nanosecond() > 0)
}

/// Sorts, drops what is empty, joins what overlaps or touches.
pub(crate) fn merge(mut spans: Vec<Span>) -> Vec<Span> {
    spans.retain(|span| span.from < span.until);
    spans.sort_unstable();
    let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.from <= last.until => last.until = last.until.max(span.until),
            _ => merged.push(span),
        }
    }
    merged
}

/// What is in both of two merged lists.
pub(crate) fn intersect(left: &[Span], right: &[Span]) -> Vec<Span> {
    let (mut left, mut right) = (left.iter().peekable(), right.iter().peekable());
    let mut both = Vec::new();
    while let (Some(&&a), Some(&&b)) = (left.peek(), right.peek()) {
        let common = a.common(b);
        if common.from < common.until {
            both.push(common);
        }
        if a.until <= b.until {
            left.next();
        } else {
            right.next();
        }
    }
    both
}

/// What of a merged list is left after taking out another merged list.
pub(crate) fn subtract(spans: &[Span], gone: &[Span]) -> Vec<Span> {
    let mut left = Vec::with_capacity(spans.len());
    for &span in spans {
        let mut from = span.from;
        for hole in overlapping(gone, span) {
            if from < hole.from {
                left.push(Span { from, until: hole.from });
            }
            from = hole.until;
        }
        if from < span.until {
            left.push(Span { from, until: span.until });
        }
    }
    left
}

/// The part of a merged list that shares a second with `span`.
pub(crate) fn overlapping(spans: &[Span], span: Span) -> &[Span] {
    let first = spans.partition_point(|other| other.until <= span.from);
    let end = spans.partition_point(|other| other.from < span.until);
    spans.get(first..end).unwrap_or_default()
}

/// Whether one stretch of a merged list holds all of `span`.
pub(crate) fn covers(spans: &[Span], span: Span) -> bool {
    let after = spans.partition_point(|other| other.from <= span.from);
    after.checked_sub(1).and_then(|at| spans.get(at)).is_some_and(|holder| span.until <= holder.until)
}
