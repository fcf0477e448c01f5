//! The seeded simulator: thousands of worlds, each with its own troubles; every one must keep every guarantee.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "tests"
)]

mod crashes;
mod mutants;
mod seeds;
