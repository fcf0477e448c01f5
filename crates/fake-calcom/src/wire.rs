//! What goes in and what comes out.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use crate::errors::Trouble;
use crate::faults::Fault;

/// A request as it reached the fake.
#[derive(Debug, Clone)]
pub struct Request {
    /// `GET`, `POST`, `PATCH` or `DELETE`.
    pub method: String,
    /// The path with its query, as sent.
    pub target: String,
    /// Header names in any case, with their values.
    pub headers: Vec<(String, String)>,
    /// The body's bytes; empty for none.
    pub body: Vec<u8>,
    /// When it arrives.
    pub now: Timestamp,
}

impl Request {
    /// A request without headers and body.
    #[must_use]
    pub fn new(method: &str, target: &str, now: Timestamp) -> Self {
        Self { method: method.to_owned(), target: target.to_owned(), headers: Vec::new(), body: Vec::new(), now }
    }

    /// With one more header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With this JSON as its body.
    #[must_use]
    pub fn json(mut self, body: &Value) -> Self {
        self.body = body.to_string().into_bytes();
        self
    }

    /// The value of a header, whatever the case of its name.
    #[must_use]
    pub fn header_value(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// The answer to one request.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The headers this API is known for; `Content-Type` among them, `Content-Length` and `Date` not.
    pub headers: Vec<(String, String)>,
    /// The body's bytes.
    pub body: Vec<u8>,
    /// The webhooks this request caused, in the order of delivery. The real one delivers them before it answers.
    pub webhooks: Vec<Delivery>,
    /// What went wrong on purpose. A caller in process applies the waiting and the losing itself: where
    /// [`Fault::lose_answer`] is set, the client must never see this answer.
    pub fault: Fault,
}

impl Answer {
    /// The body as JSON; null where it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// The value of a header, whatever the case of its name.
    #[must_use]
    pub fn header_value(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// A webhook on its way to a subscriber: a `POST` with these headers and this body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The subscriber's address.
    pub url: String,
    /// Its headers, the signature among them.
    pub headers: Vec<(String, String)>,
    /// The signed bytes.
    pub body: Vec<u8>,
    /// How long after the request's end it leaves; zero means before the answer.
    pub after: Duration,
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Caller {
    Nobody,
    User(u64),
}

impl Caller {
    pub(crate) fn user(self) -> Option<u64> {
        match self {
            Self::User(id) => Some(id),
            Self::Nobody => None,
        }
    }
}

/// A request that was read: who asks what.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) segments: Vec<String>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: Value,
    pub(crate) caller: Caller,
    pub(crate) version: Version,
    pub(crate) now: Timestamp,
}

/// The `cal-api-version` of a request, as far as it matters: anything else means the oldest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    Oldest,
    Schedules,
    EventTypes,
    Bookings,
    Slots,
}

impl Version {
    pub(crate) fn read(header: Option<&str>) -> Self {
        match header {
            Some("2024-06-11") => Self::Schedules,
            Some("2024-06-14") => Self::EventTypes,
            Some("2024-08-13") => Self::Bookings,
            Some("2024-09-04") => Self::Slots,
            _ => Self::Oldest,
        }
    }
}

impl Call {
    pub(crate) fn path(&self) -> Vec<&str> {
        self.segments.iter().map(String::as_str).collect()
    }

    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// All values of a query parameter, also where it was sent as a list.
    pub(crate) fn query_list(&self, name: &str) -> Vec<&str> {
        self.query
            .iter()
            .filter(|(key, _)| key.strip_suffix("[]").unwrap_or(key) == name)
            .flat_map(|(_, value)| value.split(','))
            .filter(|value| !value.is_empty())
            .collect()
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.body.get(name).and_then(Value::as_str)
    }

    pub(crate) fn number(&self, name: &str) -> Option<i64> {
        self.body.get(name).and_then(Value::as_i64)
    }

    /// Refuses what the body has and this route does not know.
    pub(crate) fn only(&self, known: &[&str]) -> Result<(), Trouble> {
        let Some(body) = self.body.as_object() else { return Ok(()) };
        match body.keys().find(|key| !known.contains(&key.as_str())) {
            Some(key) => Err(Trouble::unknown_property(key)),
            None => Ok(()),
        }
    }
}

/// Splits a target into the parts of its path and the pairs of its query, both decoded.
pub(crate) fn split(target: &str) -> (Vec<String>, Vec<(String, String)>) {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let segments = path.split('/').filter(|part| !part.is_empty()).map(decoded).collect();
    let pairs = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(key), decoded(value))
        })
        .collect();
    (segments, pairs)
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'+' {
            bytes.push(b' ');
        } else if byte == b'%' {
            let mut ahead = rest.clone();
            let digits = (ahead.next().and_then(hex), ahead.next().and_then(hex));
            if let (Some(high), Some(low)) = digits {
                bytes.push(high * 16 + low);
                rest = ahead;
            } else {
                bytes.push(byte);
            }
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}
