//! The desk through its front door: signed requests in, answers out, a real database behind, the clock standing still.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod asides;
mod booking;
mod canaries;
mod changing;
mod fixtures;
mod hostile;
mod house_rules;
mod houses;
mod ownership;
mod talking;
mod times;
mod webhooks;
