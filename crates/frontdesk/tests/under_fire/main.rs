//! The desk under fire: many callers at once, repeats, guesses, a failing database. What must hold, holds anyway.
//!
//! The numbers are a tenth of what a release runs; `FRONTDESK_FULL=1` runs all of them.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod conversations;
mod failing;
mod guesses;
mod naive;
mod one_slot;
mod repeats;
mod storm;
mod support;
