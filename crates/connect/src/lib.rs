//! Who we talk to: voice platforms, calendars and whoever must hear of alarms, and the only HTTP client.
//!
//! **For**: turning bytes of others into words of the domain and back. Platforms are pure and synchronous;
//! only [`http`] and the calendars on top of it wait for a network, and [`guard`] says where they may go.
//! **Not in here**: decisions. What a call means, whether a time is free, which sentence answers: domain and desk.
//! **Start reading** at [`voice::retell`], the platform every other one is measured by, or at [`calendar::calcom`].

pub mod alarm;
pub mod calendar;
pub mod guard;
pub mod http;
pub mod voice;
