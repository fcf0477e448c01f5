//! Appointments: their states and what may happen to them, here and in a calendar outside.

pub mod remote;
pub mod saga;
#[cfg(test)]
mod walk;
