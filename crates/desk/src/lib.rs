//! What we do: one file per verb, from a decoded function call to the reply.
//!
//! **For**: decisions that need memory: who is calling, whose appointment it is, what is free now, what was done
//! before. Plan with the pure rules of the domain, then execute in one transaction.
//! **Not in here**: SQL text, HTTP, JSON of platforms, sentences.
//! **Start reading** at [`answer`] (call → reply, the one match), then [`book`].

pub mod doors;

mod answer;
mod availability;
mod book;
mod calendars;
mod callback;
mod cancel;
mod case;
mod check;
mod email;
mod events;
mod info;
mod known;
mod line;
mod list;
mod mine;
mod own;
mod persons;
mod replay;
mod reschedule;
mod rules;
pub mod sync;
mod undecided;
mod views;
mod wanted;
mod wishkey;

pub use answer::{Answered, CallerKind, Desk, EventTaken, InboundContext};
pub use calendars::{Calendars, GuardState, Guarded, Observe, OpenCalendar, Operation, SyncEvent};
