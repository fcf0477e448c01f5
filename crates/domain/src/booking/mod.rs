//! Appointments: their states and what may happen to them.

pub mod saga;
