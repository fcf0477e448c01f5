//! Is this body from Retell, and of now?

use std::fmt;

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use subtle::{Choice, ConstantTimeEq};

use super::sign::digest;

/// How far a signature's time may be from ours, both ways, edge included, in milliseconds.
const WINDOW_MS: u64 = 300_000;

/// Why a signature was not accepted; for counters, never for the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SignatureProblem {
    /// No header, or an empty one.
    Missing,
    /// Not `v=<digits>,d=<64 lower-case hex digits>`.
    Malformed,
    /// Signed more than five minutes ago or ahead: an old copy, or a clock that is wrong.
    Stale,
    /// Signed with another key, or the body was changed on the way.
    Mismatch,
}

impl SignatureProblem {
    /// The word for metrics and logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Malformed => "malformed",
            Self::Stale => "stale",
            Self::Mismatch => "mismatch",
        }
    }
}

impl fmt::Display for SignatureProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::error::Error for SignatureProblem {}

/// Checks the signature header against the raw body and every key that is valid now (two while rotating).
///
/// The header's value is matched strictly: blanks around it were taken off by the HTTP server, and a second
/// trim here would accept what the official verifiers refuse. Without a key, as behind an endpoint that does not
/// exist, the same work is done against a dummy, so that the time tells nothing.
///
/// # Errors
/// Says which of the four things was wrong.
pub fn verify(
    header: Option<&str>,
    body: &[u8],
    keys: &[SecretString],
    now: Timestamp,
) -> Result<(), SignatureProblem> {
    let header = header.filter(|value| !value.is_empty()).ok_or(SignatureProblem::Missing)?;
    let (millis, claimed) = parts(header).ok_or(SignatureProblem::Malformed)?;
    let signed_at: i64 = millis.parse().map_err(|_| SignatureProblem::Stale)?;
    if now.as_millisecond().abs_diff(signed_at) > WINDOW_MS {
        return Err(SignatureProblem::Stale);
    }
    // An empty key is a forgotten setting, and everybody knows it.
    let mut usable = keys.iter().filter(|key| !key.expose_secret().is_empty()).peekable();
    if usable.peek().is_none() {
        let dummy = SecretString::from("no key is set for this endpoint");
        let _ = digest(body, millis, &dummy).ct_eq(&claimed);
        return Err(SignatureProblem::Mismatch);
    }
    // Every key is tried, also after one fits: which one it was stays unknown outside.
    let fits = usable.fold(Choice::from(0), |fits, key| fits | digest(body, millis, key).ct_eq(&claimed));
    if bool::from(fits) { Ok(()) } else { Err(SignatureProblem::Mismatch) }
}

/// The digits of the time and the digest of a header of exactly the documented form.
fn parts(header: &str) -> Option<(&str, [u8; 32])> {
    let (millis, hex) = header.strip_prefix("v=")?.split_once(",d=")?;
    if millis.is_empty() || !millis.bytes().all(|byte| byte.is_ascii_digit()) || hex.len() != 64 {
        return None;
    }
    let mut digest = [0; 32];
    let (pairs, _) = hex.as_bytes().as_chunks::<2>();
    for (byte, [high, low]) in digest.iter_mut().zip(pairs) {
        *byte = nibble(*high)? << 4 | nibble(*low)?;
    }
    Some((millis, digest))
}

/// The value of a lower-case hex digit. The claimed digest is no secret, so this may branch.
fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}
