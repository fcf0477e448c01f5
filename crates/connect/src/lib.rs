//! Who we talk to: voice platforms and calendars, each in one folder, and the only HTTP client.
//!
//! **For**: turning bytes of others into words of the domain and back. Platforms are pure and synchronous;
//! only [`http`] (and later the calendars on top of it) waits for a network.
//! **Not in here**: decisions. What a call means, whether a time is free, which sentence answers: domain and desk.
//! **Start reading** at [`voice::retell`], the platform every other one is measured by.

pub mod calendar;
pub mod guard;
pub mod http;
pub mod voice;
