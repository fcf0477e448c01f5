//! The identity of a wish: what makes two function calls of one call mean the same.

use std::fmt::Write;

use frontdesk_domain::calling::Args;
use frontdesk_domain::ids::{AppointmentId, ServiceId};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// A booking: the same services at the same start for the same name.
pub(crate) fn booking(services: &[ServiceId], start: Timestamp, name_key: &str) -> String {
    let services: Vec<&str> = services.iter().map(ServiceId::as_str).collect();
    hash(&["book", &services.join("\u{1f}"), &start.as_millisecond().to_string(), name_key])
}

/// A cancellation of one appointment.
pub(crate) fn cancelling(appointment: &AppointmentId) -> String {
    hash(&["cancel", appointment.as_str()])
}

/// A move of one appointment to one start.
pub(crate) fn moving(appointment: &AppointmentId, start: Timestamp) -> String {
    hash(&["move", appointment.as_str(), &start.as_millisecond().to_string()])
}

/// The arguments as they came, for telling an exact replay from a reused invocation id. Hashed, so that nothing
/// personal is stored twice.
pub(crate) fn args_hash(args: &Args) -> String {
    let pii = |value: &Option<frontdesk_domain::pii::Pii<String>>| value.as_ref().map(|v| v.reveal().clone());
    let fields = [
        args.service_name.clone(),
        Some(args.services.join("\u{1f}")),
        args.date.clone(),
        args.time.clone(),
        args.staff_name.clone(),
        pii(&args.customer_name),
        args.token.clone(),
        args.old_date.clone(),
        args.old_time.clone(),
        args.new_date.clone(),
        args.new_time.clone(),
        args.appointment_id.clone(),
        args.confirm.map(|yes| yes.to_string()),
    ];
    let fields: Vec<String> = fields.into_iter().map(Option::unwrap_or_default).collect();
    hash(&fields.iter().map(String::as_str).collect::<Vec<_>>())
}

fn hash(parts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.len().to_le_bytes());
        digest.update(part.as_bytes());
    }
    let mut text = String::with_capacity(32);
    for byte in digest.finalize().iter().take(16) {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
