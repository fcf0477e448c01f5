//! The Cal.com client against recorded answers, without a network.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod anything;
mod catalogue;
mod kit;
mod network;
mod questions;
mod table;
mod webhooks;
