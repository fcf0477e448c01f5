//! The guard and the cache against a calendar that says what it is told to.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod guard;
mod world;
