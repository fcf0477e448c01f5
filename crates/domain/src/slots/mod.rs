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
