//! Webhooks: who wants to be told, and what leaves for them.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use sha2::Sha256;

use crate::bookings::Booking;
use crate::errors::Trouble;
use crate::fake::Reply;
use crate::state::{State, StoredHook};
use crate::time::written;
use crate::wire::{Call, Delivery};
use crate::world::Hook;

const TRIGGERS: &[&str] = &[
    "BOOKING_CREATED",
    "BOOKING_PAYMENT_INITIATED",
    "BOOKING_PAID",
    "BOOKING_RESCHEDULED",
    "BOOKING_REQUESTED",
    "BOOKING_CANCELLED",
    "BOOKING_REJECTED",
    "BOOKING_NO_SHOW_UPDATED",
    "FORM_SUBMITTED",
    "MEETING_ENDED",
    "MEETING_STARTED",
    "RECORDING_READY",
    "INSTANT_MEETING",
    "RECORDING_TRANSCRIPTION_GENERATED",
    "OOO_CREATED",
    "AFTER_HOSTS_CAL_VIDEO_NO_SHOW",
    "AFTER_GUESTS_CAL_VIDEO_NO_SHOW",
    "FORM_SUBMITTED_NO_EVENT",
    "DELEGATION_CREDENTIAL_ERROR",
];

/// The signature of a body: lowercase hex of HMAC-SHA256, with neither prefix nor time.
#[must_use]
pub fn sign(secret: &str, body: &[u8]) -> String {
    use std::fmt::Write as _;

    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(body);
    mac.finalize().into_bytes().iter().fold(String::with_capacity(64), |mut text, byte| {
        let _infallible = write!(text, "{byte:02x}");
        text
    })
}

/// What leaves for the subscribers of a host, an event type or its team's people.
pub(crate) fn tell(
    state: &State,
    trigger: &str,
    booking: &Booking,
    payload: impl FnOnce() -> Map<String, Value>,
    now: Timestamp,
) -> Vec<Delivery> {
    let concerned = |hook: &&Hook| {
        hook.active
            && hook.triggers.iter().any(|wanted| wanted == trigger)
            && (hook.user_id == Some(booking.host_id) || hook.event_type_id == Some(booking.event_type_id))
    };
    let mut wanted = state.hooks.iter().map(|stored| &stored.hook).filter(concerned).peekable();
    if wanted.peek().is_none() {
        return Vec::new();
    }
    let body =
        json!({ "triggerEvent": trigger, "createdAt": written(now), "payload": payload() }).to_string().into_bytes();
    let delivery = |hook: &Hook| {
        let signature =
            hook.secret.as_ref().map_or_else(|| "no-secret-provided".to_owned(), |secret| sign(secret, &body));
        Delivery {
            url: hook.subscriber_url.clone(),
            headers: vec![
                ("Content-Type".to_owned(), "application/json".to_owned()),
                ("X-Cal-Signature-256".to_owned(), signature),
            ],
            body: body.clone(),
            after: Duration::ZERO,
        }
    };
    wanted.map(delivery).collect()
}

pub(crate) fn add(state: &mut State, mut hook: Hook, now: Timestamp) {
    if hook.id.is_empty() {
        hook.id = state.rng.uuid();
    }
    state.hooks.push(StoredHook { hook, created_at: now });
}

/// Whose webhooks a request is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
    User(u64),
    EventType(u64),
}

impl Owner {
    fn owns(self, hook: &Hook) -> bool {
        match self {
            Self::User(id) => hook.user_id == Some(id),
            Self::EventType(id) => hook.event_type_id == Some(id),
        }
    }
}

/// `/v2/webhooks`.
pub(crate) fn of_user(state: &mut State, call: &Call, id: Option<&str>) -> Result<Reply, Trouble> {
    let user = call.caller.user().ok_or(Trouble::Throttled)?;
    answer(state, call, Owner::User(user), id)
}

/// `/v2/event-types/{id}/webhooks`.
pub(crate) fn of_event_type(
    state: &mut State,
    call: &Call,
    event_type: &str,
    id: Option<&str>,
) -> Result<Reply, Trouble> {
    let missing = || Trouble::not_found(format!("Event type with id {event_type} not found"));
    let found = event_type.parse().ok().and_then(|id| state.event_types.get(&id)).ok_or_else(missing)?;
    let user = call.caller.user().unwrap_or_default();
    if found.owner_id != Some(user) && !found.team_id.is_some_and(|team| state.leads(user, team)) {
        return Err(Trouble::forbidden(format!("User with id {user} does not own event type with id {event_type}")));
    }
    let owner = Owner::EventType(found.id);
    answer(state, call, owner, id)
}

fn answer(state: &mut State, call: &Call, owner: Owner, id: Option<&str>) -> Result<Reply, Trouble> {
    let place =
        id.and_then(|id| state.hooks.iter().position(|stored| stored.hook.id == id && owner.owns(&stored.hook)));
    let missing = || Trouble::not_found(format!("Webhook ({}) not found", id.unwrap_or_default()));
    match (call.method.as_str(), id) {
        ("GET", None) => {
            let own = state.hooks.iter().filter(|stored| owner.owns(&stored.hook)).map(|stored| shown(&stored.hook));
            Ok(Reply::success(200, own.collect()))
        }
        ("GET", Some(_)) => {
            let stored = place.and_then(|place| state.hooks.get(place)).ok_or_else(missing)?;
            Ok(Reply::success(200, whole(stored)))
        }
        ("DELETE", Some(_)) => {
            let stored = state.hooks.remove(place.ok_or_else(missing)?);
            Ok(Reply::success(200, shown(&stored.hook)))
        }
        ("PATCH", Some(_)) => {
            let triggers = triggers(call)?;
            let stored = place.and_then(|place| state.hooks.get_mut(place)).ok_or_else(missing)?;
            let hook = &mut stored.hook;
            if let Some(triggers) = triggers {
                hook.triggers = triggers;
            }
            if let Some(url) = call.text("subscriberUrl") {
                url.clone_into(&mut hook.subscriber_url);
            }
            if let Some(active) = call.body.get("active").and_then(Value::as_bool) {
                hook.active = active;
            }
            if let Some(secret) = call.text("secret") {
                hook.secret = Some(secret.to_owned());
            }
            Ok(Reply::success(200, shown(hook)))
        }
        _ => create(state, call, owner),
    }
}

fn create(state: &mut State, call: &Call, owner: Owner) -> Result<Reply, Trouble> {
    let triggers = triggers(call)?.ok_or_else(|| Trouble::property("triggers", "triggers must be an array"))?;
    let url = call
        .text("subscriberUrl")
        .ok_or_else(|| Trouble::property("subscriberUrl", "subscriberUrl must be a string"))?;
    if state.hooks.iter().any(|stored| owner.owns(&stored.hook) && stored.hook.subscriber_url == url) {
        let whose = if matches!(owner, Owner::User(_)) { "user" } else { "event type" };
        return Err(Trouble::conflict(format!("Webhook with this subscriber url already exists for this {whose}")));
    }
    let hook = Hook {
        id: state.rng.uuid(),
        user_id: if let Owner::User(id) = owner { Some(id) } else { None },
        event_type_id: if let Owner::EventType(id) = owner { Some(id) } else { None },
        subscriber_url: url.to_owned(),
        active: call.body.get("active").and_then(Value::as_bool).unwrap_or(true),
        triggers,
        secret: call.text("secret").map(str::to_owned),
    };
    let reply = Reply::success(201, shown(&hook));
    add(state, hook, call.now);
    Ok(reply)
}

fn triggers(call: &Call) -> Result<Option<Vec<String>>, Trouble> {
    let Some(value) = call.body.get("triggers") else { return Ok(None) };
    let names: Option<Vec<String>> =
        value.as_array().and_then(|names| names.iter().map(|name| name.as_str().map(str::to_owned)).collect());
    match names {
        Some(names) if names.iter().all(|name| TRIGGERS.contains(&name.as_str())) => Ok(Some(names)),
        _ => Err(Trouble::Invalid {
            errors: json!([{
                "target": call.body,
                "value": value,
                "property": "triggers",
                "children": [],
                "constraints": {
                    "isEnum": format!(
                        "each value in triggers must be one of the following values: {}", TRIGGERS.join(", ")
                    ),
                },
            }]),
        }),
    }
}

fn shown(hook: &Hook) -> Value {
    let mut out = json!({
        "id": hook.id,
        "payloadTemplate": null,
        "triggers": hook.triggers,
        "subscriberUrl": hook.subscriber_url,
        "active": hook.active,
        "secret": hook.secret,
    });
    if let Some(out) = out.as_object_mut() {
        if let Some(user) = hook.user_id {
            out.insert("userId".to_owned(), json!(user));
        }
        if let Some(event_type) = hook.event_type_id {
            out.insert("eventTypeId".to_owned(), json!(event_type));
        }
    }
    out
}

fn whole(stored: &StoredHook) -> Value {
    let hook = &stored.hook;
    json!({
        "id": hook.id,
        "userId": hook.user_id,
        "teamId": null,
        "eventTypeId": hook.event_type_id,
        "subscriberUrl": hook.subscriber_url,
        "payloadTemplate": null,
        "createdAt": written(stored.created_at),
        "active": hook.active,
        "appId": null,
        "secret": hook.secret,
        "platform": false,
        "time": null,
        "timeUnit": null,
        "version": "2021-10-20",
        "triggers": hook.triggers,
        "oAuthClientId": null,
    })
}
