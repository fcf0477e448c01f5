//! Retell AI. What it sends and takes, each rule with its standing: `contracts/retell/CONTRACT.md`.
//!
//! In the order of a request: [`verify`] the raw bytes, then [`decode_function_call`], [`decode_event`] or
//! [`decode_inbound`], then [`encode_answer`] or [`encode_inbound`].

mod decode;
mod encode;
mod events;
mod sign;
mod verify;
mod wire;

pub use decode::{DecodeError, decode_function_call};
pub use encode::{InboundAnswer, encode_answer, encode_inbound, encode_inbound_trouble};
pub use events::{decode_event, decode_inbound, event_key};
pub use sign::sign;
pub use verify::{SignatureProblem, verify};

/// The header that carries the signature.
pub const SIGNATURE_HEADER: &str = "x-retell-signature";
