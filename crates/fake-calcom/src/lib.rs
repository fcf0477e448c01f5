//! A stateful fake of the Cal.com API v2: slots, bookings, reservations, webhooks, rate limits, and the quirks that
//! were observed on a real one. The recordings in `contracts/calcom` are what it is held against.
//!
//! One core, two ways in. [`FakeCalcom`] is a plain state machine: a [`Request`] with its time goes in, an [`Answer`]
//! with the webhooks to deliver comes out; nothing sleeps, and the same seed and requests give the same answers.
//! [`server::serve`] puts it behind a real port, where latency is waited for and webhooks are delivered.
//!
//! A change has two phases, as in the real one: it checks, and later it inserts. [`FakeCalcom::begin`] is the first,
//! [`FakeCalcom::finish`] the second, so that two requests may pass the check before either inserts.
//!
//! Nothing here may know the desk, read the machine's clock or throw real dice. Start reading in `fake.rs`, then
//! `create.rs`; `route.rs` says what there is.

mod attendees;
mod bookings;
mod catalogue;
mod change;
mod control;
mod create;
mod cut;
mod errors;
mod fake;
mod faults;
mod limits;
mod list;
mod payload;
mod render;
mod reserve;
mod rng;
mod route;
mod salon;
pub mod server;
mod slots;
mod state;
mod time;
mod wanted;
mod webhooks;
mod wire;
pub mod world;

pub use bookings::{Attendee, Booking, Status};
pub use control::Foreign;
pub use fake::{FakeCalcom, Pending};
pub use faults::{Failure, Fault, Kind, NotARule, Rule};
pub use route::Operation;
pub use webhooks::sign;
pub use wire::{Answer, Delivery, Request};
pub use world::World;
