#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod contract;
mod english;
mod fields;
mod german;
mod measures;
mod properties;
mod samples;
mod spoken_dates;
