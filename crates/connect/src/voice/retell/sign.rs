//! Signs as Retell does: for our own `call` command and for tests.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// The value of the signature header for a body sent now.
pub fn sign(body: &[u8], key: &SecretString, now: Timestamp) -> String {
    let millis = now.as_millisecond().to_string();
    let mut header = format!("v={millis},d=");
    for byte in digest(body, &millis, key) {
        // Writing to a String cannot fail.
        let _ = write!(header, "{byte:02x}");
    }
    header
}

/// HMAC-SHA256 under the key's text over the body and then the digits of the time, without a separator.
pub(super) fn digest(body: &[u8], millis: &str, key: &SecretString) -> [u8; 32] {
    // HMAC takes a key of any length, so there is no error to meet.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.expose_secret().as_bytes()) else { return [0; 32] };
    mac.update(body);
    mac.update(millis.as_bytes());
    mac.finalize().into_bytes().into()
}
