//! Behaviour of the built-in calendar, on a small salon and on shops that never close.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod alternatives;
mod clock_changes;
mod invariants;
mod openings;
mod reasons;
mod starts;
mod visits;
mod world;
