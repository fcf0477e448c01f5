//! Cal.com's API v2, its own cloud or self-hosted.
//!
//! **For**: asking it in its words, and telling in ours what is known afterwards.
//! **Not in here**: retries, breaker, rate budget, and whether a booking is really ours; all that is the desk's.
//! **Start reading** at [`classify`], the table that says what each answer proves.

mod catalogue;
pub mod classify;
mod client;
mod convert;
mod deadlines;
pub mod webhook;
mod wire;

pub use client::Calcom;
