//! What the real one does not have: the ledger, foreign bookings, and switches for faults, at `/_fake/...`.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::bookings::{Booking, Status};
use crate::create::{address, guest};
use crate::fake::FakeCalcom;
use crate::faults::Rule;
use crate::state::State;
use crate::time::minutes_later;

/// A booking that somebody else makes, past all checks.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Foreign {
    /// What.
    pub event_type_id: u64,
    /// When.
    pub start: Timestamp,
    /// With whom; the first host where it is not said.
    #[serde(default)]
    pub host_id: Option<u64>,
    /// How long; the event type's length where it is not said.
    #[serde(default)]
    pub minutes: Option<i64>,
    /// Who comes.
    #[serde(default = "somebody")]
    pub name: String,
    /// Their address.
    #[serde(default = "some_address")]
    pub email: String,
    /// What is noted, in case it should look like somebody's.
    #[serde(default)]
    pub metadata: Map<String, Value>,
}

fn somebody() -> String {
    "Web Besuch".to_owned()
}

fn some_address() -> String {
    "web@besuch.example".to_owned()
}

pub(crate) fn book_foreign(state: &mut State, foreign: &Foreign, now: Timestamp) -> Result<Booking, String> {
    let event_type = state.event_types.get(&foreign.event_type_id).cloned();
    let event_type = event_type.ok_or_else(|| format!("there is no event type {}", foreign.event_type_id))?;
    let host = foreign.host_id.or_else(|| event_type.hosts.first().copied());
    let person = host.and_then(|host| state.users.get(&host)).ok_or("there is no such host")?;
    let (host_id, host_name, zone) = (person.user.id, person.user.name.clone(), person.user.time_zone.clone());
    let uid = state.rng.uid();
    let attendee = guest(state.attendee_id(), &foreign.name, &foreign.email, &zone, "de");
    let booking = Booking {
        id: state.next_booking(),
        ics_uid: format!("{uid}@Cal.com"),
        uid,
        event_type_id: event_type.id,
        host_id,
        status: Status::Accepted,
        start: foreign.start,
        end: minutes_later(foreign.start, foreign.minutes.unwrap_or(event_type.length_in_minutes)),
        created_at: now,
        updated_at: now,
        title: format!("{} between {host_name} and {}", event_type.title, foreign.name),
        description: String::new(),
        location: address(&event_type),
        cancellation_reason: None,
        rejection_reason: None,
        rescheduling_reason: None,
        rescheduled_by: None,
        rescheduled_from_uid: None,
        rescheduled_to_uid: None,
        attendees: vec![attendee],
        metadata: foreign.metadata.clone(),
        responses: Map::new(),
        recurring_uid: None,
        ics_sequence: 0,
        foreign: true,
    };
    state.insert(booking.clone());
    Ok(booking)
}

pub(crate) fn cancel_foreign(state: &mut State, uid: &str, now: Timestamp) -> bool {
    let cancelled = state.change(uid, now, |booking| {
        booking.status = Status::Cancelled;
        booking.cancellation_reason = Some("cancelled behind the client's back".to_owned());
    });
    cancelled.is_some()
}

/// Answers `/_fake/...`: status and body. None if there is nothing there.
pub(crate) fn answer(
    fake: &FakeCalcom,
    method: &str,
    path: &[&str],
    body: &[u8],
    now: Timestamp,
) -> Option<(u16, Value)> {
    let wrong = |error: String| (400, json!({ "error": error }));
    let json_body = || serde_json::from_slice::<Value>(body).unwrap_or_default();
    Some(match (method, path) {
        ("GET", ["bookings"]) => (200, json!(fake.ledger())),
        ("POST", ["bookings"]) => match serde_json::from_slice::<Foreign>(body) {
            Ok(foreign) => fake.book_foreign(&foreign, now).map_or_else(wrong, |booking| (201, json!(booking))),
            Err(error) => wrong(error.to_string()),
        },
        ("DELETE", ["bookings", uid]) => {
            if fake.cancel_foreign(uid, now) {
                (200, json!({ "cancelled": uid }))
            } else {
                wrong(format!("no booking {uid}"))
            }
        }
        ("GET", ["faults"]) => (200, faults(fake)),
        ("POST", ["faults"]) => {
            // One rule in its written form, bare or as {"rule": "..."}.
            let written = json_body().get("rule").and_then(Value::as_str).map(str::to_owned);
            let text = written.unwrap_or_else(|| String::from_utf8_lossy(body).trim().to_owned());
            match text.parse::<Rule>() {
                Ok(rule) => {
                    fake.add_fault(rule);
                    (201, faults(fake))
                }
                Err(error) => wrong(error.to_string()),
            }
        }
        ("DELETE", ["faults"]) => {
            fake.clear_faults();
            (200, faults(fake))
        }
        ("POST", ["read-lag"]) => {
            match json_body().get("seconds").and_then(Value::as_f64).map(Duration::try_from_secs_f64) {
                Some(Ok(lag)) => {
                    fake.set_read_lag(lag);
                    (200, json!({ "seconds": lag.as_secs_f64() }))
                }
                _ => wrong("send {\"seconds\": 2.5}".to_owned()),
            }
        }
        ("POST", ["attendees-endpoint"]) => match json_body().get("on").and_then(Value::as_bool) {
            Some(on) => {
                fake.set_attendees_endpoint(on);
                (200, json!({ "on": on }))
            }
            None => wrong("send {\"on\": true}".to_owned()),
        },
        ("POST", ["keys", "revoke" | "restore"]) => match json_body().get("key").and_then(Value::as_str) {
            Some(key) => {
                let revoke = path.last() == Some(&"revoke");
                if revoke {
                    fake.revoke_key(key)
                } else {
                    fake.restore_key(key)
                }
                (200, json!({ "revoked": revoke }))
            }
            None => wrong("send {\"key\": \"cal_...\"}".to_owned()),
        },
        ("GET", ["event-types"]) => (200, json!(fake.event_types())),
        _ => return None,
    })
}

fn faults(fake: &FakeCalcom) -> Value {
    json!({ "rules": fake.faults().iter().map(ToString::to_string).collect::<Vec<_>>() })
}
