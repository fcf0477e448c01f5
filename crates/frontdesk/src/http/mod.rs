//! The way of a call through the door.
//!
//! `voice` checks who sends (endpoint, signature, size, type) and hands decoded calls to the desk; it decides
//! nothing else. `problem` is the one place that knows the status codes of refusals. `ops` is for machines that
//! watch: health, readiness, metrics.

mod body;
mod calcom;
mod ops;
mod patience;
mod problem;
mod router;
mod voice;
mod webhook;

pub use patience::{Patient, PatientListener};
pub use router::{metrics_router, router};
