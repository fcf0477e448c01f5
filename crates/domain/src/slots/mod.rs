//! The built-in calendar's arithmetic: from opening hours, absences and what is taken to free visits.

pub mod alternatives;
pub mod free;
pub mod openings;
mod shape;
pub(crate) mod spans;
#[cfg(test)]
mod tests;
mod timeline;
mod why;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::{ServiceId, StaffId};

/// A half-open stretch of time: `from` is inside, `until` is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Interval {
    /// First instant inside.
    pub from: Timestamp,
    /// First instant outside; after `from`.
    pub until: Timestamp,
}

impl Interval {
    /// Whether the two share an instant; adjacent ones do not.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.from < other.until && other.from < self.until
    }
}

/// A visit at exact times: who does what when. The same value is offered, held, booked and spoken.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Visit {
    /// When the customer comes: start of the first leg, buffers not counted.
    pub start: Timestamp,
    /// When the customer leaves: end of the last leg, buffers not counted.
    pub end: Timestamp,
    /// One per service, one after the other without gaps; at least one.
    pub legs: Vec<Leg>,
}

/// One service of a visit, by one person.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Leg {
    /// Which service.
    pub service: ServiceId,
    /// By whom.
    pub staff: StaffId,
    /// Start of the service.
    pub start: Timestamp,
    /// End of the service.
    pub end: Timestamp,
    /// When the person is taken: busy phases with the buffers, sorted, with holes where the person is free.
    pub busy: Vec<Interval>,
}

impl Visit {
    /// The same visit, busy only where another one is not: what a move has to take beside what it has.
    #[must_use]
    pub fn besides(&self, other: &Self) -> Self {
        let mut rest = self.clone();
        for leg in &mut rest.legs {
            let theirs: Vec<Interval> =
                other.legs.iter().filter(|own| own.staff == leg.staff).flat_map(|own| own.busy.clone()).collect();
            leg.busy = leg.busy.iter().flat_map(|busy| without(*busy, &theirs)).collect();
        }
        rest
    }
}

/// What is left of a stretch without others.
fn without(stretch: Interval, others: &[Interval]) -> Vec<Interval> {
    let mut left = vec![stretch];
    for other in others {
        left = left
            .into_iter()
            .flat_map(|piece| {
                let before = Interval { from: piece.from, until: piece.until.min(other.from) };
                let after = Interval { from: piece.from.max(other.until), until: piece.until };
                [before, after].into_iter().filter(|piece| piece.from < piece.until)
            })
            .collect();
    }
    left
}

#[cfg(test)]
mod besides {
    use super::*;

    fn stretch(from: i64, until: i64) -> Interval {
        let at = |minute: i64| Timestamp::from_second(minute * 60).unwrap();
        Interval { from: at(from), until: at(until) }
    }

    #[test]
    fn a_stretch_without_others_is_what_they_leave() {
        let hour = stretch(0, 60);
        assert_eq!(without(hour, &[]), [hour]);
        assert_eq!(without(hour, &[stretch(15, 30)]), [stretch(0, 15), stretch(30, 60)]);
        assert_eq!(without(hour, &[stretch(-10, 20), stretch(50, 90)]), [stretch(20, 50)]);
        assert_eq!(without(hour, &[stretch(60, 90)]), [hour], "what only touches takes nothing");
        assert_eq!(without(hour, &[stretch(0, 60)]), []);
    }
}
