//! Voice platforms: bytes ↔ [`frontdesk_domain::calling`], one folder each, pure and synchronous.
//!
//! There is no `VoicePlatform` trait yet. A trait needs two implementations to show what is common, so it
//! comes on the day the second platform does; until then the door calls [`retell`] by name. What is shared
//! by nature is shared already: [`args`] holds the one table of argument names, and `sieve` reads a body
//! without keeping what nobody asked for.

pub mod args;
pub mod retell;
mod sieve;
