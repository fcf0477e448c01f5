//! The calendar client without a network: what it sends is kept, what it hears comes from the recordings.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use frontdesk_connect::calendar::open;
use frontdesk_connect::http::{Answer, Client, HttpError, Request};
use frontdesk_domain::calendar::link::{CalendarLink, Provider};
use frontdesk_domain::calendar::stamp::Stamp;
use frontdesk_domain::calendar::{Attendee, EventType, NewBooking};
use frontdesk_domain::lang::Lang;
use frontdesk_domain::pii::{Email, PersonName};
use frontdesk_domain::ports::{Calendar, SlotHold};
use jiff::Timestamp;
use serde_json::Value;

/// Everything sent so far, with its deadline.
pub type Sent = Arc<Mutex<Vec<(Request, Duration)>>>;

pub fn link(url: &str, private: bool) -> CalendarLink {
    CalendarLink {
        provider: Provider::Calcom,
        url: url.to_owned(),
        private,
        event_types: Vec::new(),
        per_minute: 120,
        rebook_for_email: false,
    }
}

/// A calendar that gives these answers one after the other.
pub fn hearing(answers: Vec<Result<Answer, HttpError>>) -> (Arc<dyn Calendar>, Sent) {
    let sent: Sent = Arc::default();
    let answers = Arc::new(Mutex::new(answers.into_iter()));
    let seen = Arc::clone(&sent);
    let client = Client::in_process(Arc::new(move |request, deadline| {
        seen.lock().unwrap().push((request, deadline));
        let answer = answers.lock().unwrap().next().expect("one more question than answers");
        Box::pin(async move { answer })
    }));
    let calendar = open(&link("https://api.cal.com", false), "cal_secret".to_owned().into(), &client).unwrap();
    (calendar, sent)
}

/// A recorded exchange.
pub fn transcript(name: &str) -> Value {
    let path = format!("{}/../../contracts/calcom/transcripts/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_slice(&text).unwrap()
}

/// The answer of a recorded exchange.
pub fn recorded(name: &str) -> Result<Answer, HttpError> {
    let response = transcript(name)["response"].clone();
    let headers = response["headers"].as_object().unwrap();
    Ok(Answer {
        status: u16::try_from(response["status"].as_u64().unwrap()).unwrap(),
        headers: headers.iter().map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect(),
        body: serde_json::to_vec(&response["body"]).unwrap(),
    })
}

/// An answer that was not recorded.
pub fn answer(status: u16, body: &str) -> Result<Answer, HttpError> {
    Ok(Answer { status, headers: Vec::new(), body: body.as_bytes().to_vec() })
}

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn attendee() -> Attendee {
    Attendee {
        name: PersonName::from_canonical("Max Mustermann"),
        email: Email::from_canonical("max+a@example.test"),
        phone: None,
        zone: "Europe/Berlin".to_owned(),
        lang: Lang::De,
    }
}

pub fn booking() -> NewBooking {
    NewBooking {
        stamp: Stamp { op: "op_1".to_owned(), mac: "ab12".to_owned() },
        event_type: EventType(7),
        start: at("2026-12-01T10:00:00+01:00"),
        attendee: attendee(),
        host: None,
        fields: std::collections::BTreeMap::new(),
        notes: None,
    }
}

pub fn hold() -> SlotHold {
    SlotHold::of_the_store("op_1")
}

/// The only request sent.
pub fn only(sent: &Sent) -> (Request, Duration) {
    let sent = sent.lock().unwrap();
    assert_eq!(sent.len(), 1, "one request");
    sent[0].clone()
}

pub fn body(request: &Request) -> Value {
    serde_json::from_slice(request.body.as_deref().expect("a body")).unwrap()
}
