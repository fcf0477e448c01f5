//! What is true: the rules and words of the booking desk.
//!
//! **For**: every decision that can be made from its arguments alone: who a caller is, what a phrase
//! means, when a chair is free, which sentence answers.
//! **Not in here**: I/O, SQL, HTTP, a clock, randomness. Time, ids and random bytes come in through
//! [`ports::Ctx`]; the only place that knows async is [`ports`].
//! **Start reading** at [`calling`] (what a caller asks) and [`reply`] (what the desk answers).

pub mod alarm;
pub mod booking;
pub mod calendar;
pub mod callback;
pub mod caller;
pub mod calling;
pub mod ids;
pub mod lang;
pub mod pii;
pub mod ports;
pub mod reply;
pub mod review;
pub mod slots;
pub mod speech;
pub mod spoken;
pub mod tenant;
