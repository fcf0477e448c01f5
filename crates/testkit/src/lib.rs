//! The rehearsal: the whole desk in process, callers who ring it through its real HTTP door, and a clock that stands
//! still until it is told to move.
//!
//! **For**: tests that read as conversations. **Not in here**: anything the product needs.
//! **Start reading** at [`World`], then [`Caller`].

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests only")]
#![allow(clippy::disallowed_methods, reason = "tests own their time and their tasks")]

mod calcom;
mod caller;
mod clock;
mod heard;
pub mod sim;
mod world;

pub use calcom::{Calcom, Delay, Deliver, Tamper};
pub use caller::Caller;
pub use clock::{FrozenClock, VirtualClock};
pub use heard::Heard;
pub use world::{Folder, World, contract, rows_of};
