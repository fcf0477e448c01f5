//! How long each question may take, all of it: connecting (at most 0.5 s, see `http`), sending, reading.

use std::time::Duration;

/// Free starts: a caller waits.
pub(super) const SLOTS: Duration = Duration::from_millis(1_000);
/// A new booking, at most; usually less is given.
pub(super) const CREATE: Duration = Duration::from_millis(1_500);
/// A move, at most; usually less is given.
pub(super) const MOVE: Duration = Duration::from_millis(1_500);
/// Looking something up, one request.
pub(super) const LOOK: Duration = Duration::from_millis(2_000);
/// Bringing an address to a booking, one request.
pub(super) const ATTENDEE: Duration = Duration::from_millis(2_000);
/// A cancellation; nobody waits for it.
pub(super) const CANCEL: Duration = Duration::from_millis(3_000);
