//! An address of the owner's, called as <https://www.standardwebhooks.com> says, so that ready-made libraries verify it.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use frontdesk_domain::alarm::News;
use frontdesk_domain::ports::{Alarm, Telling};
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretSlice};
use serde_json::json;
use sha2::Sha256;

use super::{WITHIN, heard};
use crate::guard::Reach;
use crate::http::{Client, Method, Request};

/// What the secret begins with; the rest is its bytes in base 64.
const PREFIX: &str = "whsec_";
/// As long as a secret must be, in bytes.
const BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// What both sides know.
#[derive(Clone)]
pub struct WebhookSecret(SecretSlice<u8>);

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSecret(•••)")
    }
}

impl WebhookSecret {
    /// Reads `whsec_…`; `None` if that is none: 24 to 64 bytes in base 64.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = STANDARD.decode(text.strip_prefix(PREFIX)?).ok()?;
        BYTES.contains(&bytes.len()).then(|| Self(bytes.into()))
    }

    /// The signature over a delivery: `v1,` and base 64.
    pub fn sign(&self, id: &str, seconds: i64, body: &[u8]) -> String {
        // Unwrap safety: this MAC takes keys of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.0.expose_secret()) else { return String::new() };
        mac.update(format!("{id}.{seconds}.").as_bytes());
        mac.update(body);
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

/// Calls an address with each alarm.
#[derive(Clone, Debug)]
pub struct Webhook {
    http: Client,
    url: String,
    secret: WebhookSecret,
}

impl Webhook {
    /// Calls this address; the owner named it, so it may be on this machine or in this network.
    pub fn new(http: Client, url: String, secret: WebhookSecret) -> Self {
        Self { http, url, secret }
    }
}

impl Alarm for Webhook {
    fn name(&self) -> &'static str {
        "webhook"
    }

    fn tell<'a>(&'a self, news: &'a News) -> Telling<'a> {
        Box::pin(async move {
            let body = json!({
                "type": if news.over { "alarm.resolved" } else { "alarm.raised" },
                "timestamp": news.now.to_string(),
                "data": {
                    "alarm_id": news.thread,
                    "kind": news.kind.as_str(),
                    "severity": if news.kind.is_critical() { "critical" } else { "warning" },
                    "tenant": news.tenant,
                    "subject": news.subject,
                    "message": news.message,
                    "next_step": news.next_step,
                    "since": news.since.to_string(),
                },
            });
            let body = body.to_string().into_bytes();
            let seconds = news.now.as_second();
            let headers = vec![
                ("webhook-id", news.id.clone()),
                ("webhook-timestamp", seconds.to_string()),
                ("webhook-signature", self.secret.sign(&news.id, seconds, &body)),
            ];
            let url = self.url.clone();
            let request = Request { method: Method::Post, url, headers, body: Some(body), reach: Reach::Private };
            heard(self.http.send(request, WITHIN).await)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_the_one_that_the_standard_describes() {
        // Computed with OpenSSL from the definition: HMAC-SHA256 over "id.timestamp.body", in base 64.
        let secret = WebhookSecret::parse("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=").unwrap();
        assert_eq!(
            secret.sign("msg_1", 1_796_112_751, b"{\"a\":1}"),
            "v1,f4RoLSIAO6j2beulbiHumF1JLhn7zECZK+g8u0aCeI0="
        );
    }

    #[test]
    fn what_is_no_secret_is_refused_and_none_is_printed() {
        for text in ["", "whsec_", "whsec_c2hvcnQ=", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", "whsec_§"] {
            assert!(WebhookSecret::parse(text).is_none(), "{text}");
        }
        let secret = WebhookSecret::parse("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=").unwrap();
        assert_eq!(format!("{secret:?}"), "WebhookSecret(•••)");
    }
}
