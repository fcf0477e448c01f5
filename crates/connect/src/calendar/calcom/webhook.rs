//! Cal.com's webhooks, without I/O: whether one is really from there, and what it says happened.

use std::fmt;

use frontdesk_domain::calendar::EventType;
use frontdesk_domain::calendar::event::{CalendarEvent, EventKind};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};

use super::convert;

/// The header that carries the signature.
pub const SIGNATURE_HEADER: &str = "x-cal-signature-256";
/// What Cal.com sends in that header for a webhook that was set up without a secret.
const UNSIGNED: &str = "no-secret-provided";

/// Why a webhook was not accepted; for counters, never for the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BadSignature {
    /// No header, or an empty one.
    Missing,
    /// The webhook has no secret there: it must be given one.
    NoSecret,
    /// Not 64 lower-case hex digits.
    Malformed,
    /// Signed with another secret, or the body was changed on the way.
    Mismatch,
}

impl BadSignature {
    /// The word for metrics and logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::NoSecret => "no_secret",
            Self::Malformed => "malformed",
            Self::Mismatch => "mismatch",
        }
    }
}

impl fmt::Display for BadSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::error::Error for BadSignature {}

/// Checks the signature header against the raw body and every secret that is valid now (two while rotating).
///
/// The signature has no time in it: an old delivery sent again is seen only by what it says. Without a secret the same
/// work is done against a dummy, so that the time tells nothing.
///
/// # Errors
/// Says which of the four things was wrong.
pub fn verify(header: Option<&str>, body: &[u8], secrets: &[SecretString]) -> Result<(), BadSignature> {
    let header = header.filter(|value| !value.is_empty()).ok_or(BadSignature::Missing)?;
    if header == UNSIGNED {
        return Err(BadSignature::NoSecret);
    }
    let claimed = bytes(header).ok_or(BadSignature::Malformed)?;
    // An empty secret is a forgotten setting, and everybody knows it.
    let mut usable = secrets.iter().filter(|secret| !secret.expose_secret().is_empty()).peekable();
    if usable.peek().is_none() {
        let dummy = SecretString::from("no secret is set for this endpoint");
        let _ = digest(body, &dummy).ct_eq(&claimed);
        return Err(BadSignature::Mismatch);
    }
    // Every secret is tried, also after one fits: which one it was stays unknown outside.
    let fits = usable.fold(Choice::from(0), |fits, secret| fits | digest(body, secret).ct_eq(&claimed));
    if bool::from(fits) { Ok(()) } else { Err(BadSignature::Mismatch) }
}

fn digest(body: &[u8], secret: &SecretString) -> [u8; 32] {
    // HMAC takes a key of any length, so there is no error to meet.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()) else { return [0; 32] };
    mac.update(body);
    mac.finalize().into_bytes().into()
}

fn bytes(hex: &str) -> Option<[u8; 32]> {
    if hex.len() != 64 {
        return None;
    }
    let mut digest = [0; 32];
    let (pairs, _) = hex.as_bytes().as_chunks::<2>();
    for (byte, [high, low]) in digest.iter_mut().zip(pairs) {
        *byte = nibble(*high)? << 4 | nibble(*low)?;
    }
    Some(digest)
}

/// The value of a lower-case hex digit. The claimed digest is no secret, so this may branch.
fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

/// The body of a webhook does not read: no JSON, or no trigger in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Unreadable;

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the body is no webhook of Cal.com's")
    }
}

impl std::error::Error for Unreadable {}

/// Reads the body of a webhook. Of what it says about people nothing is kept.
///
/// # Errors
/// The body is not JSON or names no trigger. Whatever else is missing is `None`.
pub fn decode(body: &[u8]) -> Result<CalendarEvent, Unreadable> {
    let body: Value = serde_json::from_slice(body).map_err(|_| Unreadable)?;
    let trigger = body.get("triggerEvent").and_then(Value::as_str).ok_or(Unreadable)?;
    let payload = body.get("payload").unwrap_or(&Value::Null);
    let text = |names: &[&str]| {
        let found = names.iter().find_map(|name| payload.get(name).and_then(Value::as_str));
        found.filter(|text| !text.is_empty())
    };
    let uid = |names: &[&str]| convert::uid(text(names).map(str::to_owned));
    Ok(CalendarEvent {
        kind: EventKind::from_trigger(trigger),
        uid: uid(&["uid"]),
        previous: uid(&["rescheduleUid"]),
        ics_uid: text(&["iCalUID", "icsUid"]).map(str::to_owned),
        event_type: payload.get("eventTypeId").and_then(Value::as_u64).map(EventType),
        start: text(&["startTime", "start"]).and_then(convert::instant),
        end: text(&["endTime", "end"]).and_then(convert::instant),
        status: text(&["status"]).and_then(convert::status),
        stamp: payload.get("metadata").and_then(convert::stamp),
        created_at: body.get("createdAt").and_then(Value::as_str).and_then(convert::instant),
    })
}
