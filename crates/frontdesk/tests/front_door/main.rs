//! The desk through its front door: signed requests in, answers out, a real database behind, the clock standing still.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod booking;
mod canaries;
mod changing;
mod fixtures;
mod hostile;
mod houses;
mod ownership;
mod talking;
mod webhooks;
