//! A salon that keeps its calendar in Cal.com: the product's own code straight into the stateful fake, on virtual time.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests"
)]

mod booking;
mod canaries;
mod cancels;
mod emails;
mod foreign;
mod hanging;
mod hints;
mod houses;
mod many;
mod moves;
mod named;
mod outcomes;
mod reviews;
mod salon;
mod shuffled;
mod visits;
