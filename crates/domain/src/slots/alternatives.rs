//! Alternatives near a wish: verified free times, ranked by nearness.

use jiff::{Timestamp, Zoned};

use super::Visit;
use super::free::Search;

/// What alternatives are sought near to.
#[derive(Clone, Debug)]
pub struct Near<'a> {
    /// The wished start; never among the alternatives.
    pub wished: &'a Zoned,
    /// How many.
    pub count: usize,
    /// Keep to these stretches (a stated half-day); if they hold nothing, look outside them.
    pub within: Option<&'a [(Timestamp, Timestamp)]>,
}

/// Free visits near a wish, best first, no two at the same instant: on the same day by distance (a tie goes to the
/// later one), then the same clock time on the next days, then whatever comes next, over the whole horizon.
pub fn alternatives(search: &Search<'_>, near: &Near<'_>) -> Vec<Visit> {
    let _ = (search, near);
    todo!("alternatives")
}
