//! Which request means what.

use jiff::Timestamp;

use crate::errors::Trouble;
use crate::state::State;
use crate::wire::{Call, Caller, Request, Version, split};

/// What a request wants, as fault rules name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Free slots.
    Slots,
    /// Reservations of slots.
    Reserve,
    /// A new booking.
    Create,
    /// One booking.
    Get,
    /// Many bookings.
    List,
    /// Cancelling.
    Cancel,
    /// Moving.
    Reschedule,
    /// Confirming, declining and reassigning.
    Decide,
    /// Guests and attendees.
    Attendees,
    /// Event types, teams, schedules and users.
    Catalogue,
    /// Webhooks.
    Webhooks,
    /// What there is no route for.
    Nothing,
}

const NAMES: &[(Operation, &str)] = &[
    (Operation::Slots, "slots"),
    (Operation::Reserve, "reserve"),
    (Operation::Create, "create"),
    (Operation::Get, "get"),
    (Operation::List, "list"),
    (Operation::Cancel, "cancel"),
    (Operation::Reschedule, "reschedule"),
    (Operation::Decide, "decide"),
    (Operation::Attendees, "attendees"),
    (Operation::Catalogue, "catalogue"),
    (Operation::Webhooks, "webhooks"),
    (Operation::Nothing, "nothing"),
];

impl Operation {
    /// Its name in fault rules.
    #[must_use]
    pub fn word(self) -> &'static str {
        NAMES.iter().find(|(operation, _)| *operation == self).map_or("nothing", |(_, name)| name)
    }

    /// The operation of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        NAMES.iter().find(|(_, word)| *word == name).map(|(operation, _)| *operation)
    }
}

/// Who may come through a door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Door {
    /// Anybody: the uid of a booking is all it takes.
    Open,
    /// Only somebody with a key; else 401.
    Keyed,
    /// Only somebody with a key; else 403.
    Guarded,
}

/// Where a request leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) operation: Operation,
    pub(crate) door: Door,
}

fn route(operation: Operation, door: Door) -> Option<Route> {
    Some(Route { operation, door })
}

/// The route of a request; none where the real one answers "Cannot GET ...".
pub(crate) fn find(method: &str, path: &[&str], version: Version, attendees_endpoint: bool) -> Option<Route> {
    use Door::{Guarded, Keyed, Open};
    let bookings = version == Version::Bookings;
    match (method, path) {
        ("GET", ["v2", "slots"]) if version == Version::Slots => route(Operation::Slots, Open),
        ("POST", ["v2", "slots", "reservations"]) if version == Version::Slots => route(Operation::Reserve, Open),
        ("GET" | "PATCH" | "DELETE", ["v2", "slots", "reservations", _]) if version == Version::Slots => {
            route(Operation::Reserve, Open)
        }
        ("POST", ["v2", "bookings"]) => route(Operation::Create, Open),
        ("GET", ["v2", "bookings"]) if bookings => route(Operation::List, Guarded),
        ("GET", ["v2", "bookings", _]) => route(Operation::Get, Open),
        ("GET", ["v2", "bookings", _, "references" | "calendar-links"]) if bookings => route(Operation::Get, Guarded),
        ("POST", ["v2", "bookings", _, "cancel"]) if bookings => route(Operation::Cancel, Open),
        ("POST", ["v2", "bookings", _, "reschedule"]) if bookings => route(Operation::Reschedule, Open),
        ("POST", ["v2", "bookings", _, "confirm" | "decline" | "reassign" | "mark-absent"]) if bookings => {
            route(Operation::Decide, Guarded)
        }
        ("POST", ["v2", "bookings", _, "guests"]) if bookings => route(Operation::Attendees, Guarded),
        ("GET" | "POST", ["v2", "bookings", _, "attendees"]) | ("DELETE", ["v2", "bookings", _, "attendees", _])
            if bookings && attendees_endpoint =>
        {
            route(Operation::Attendees, Guarded)
        }
        ("GET", ["v2", "me"]) => route(Operation::Catalogue, Keyed),
        ("GET" | "POST", ["v2", "schedules"]) if version == Version::Schedules => route(Operation::Catalogue, Keyed),
        ("GET", ["v2", "event-types"]) | ("GET" | "PATCH" | "DELETE", ["v2", "event-types", _])
            if version == Version::EventTypes =>
        {
            route(Operation::Catalogue, if method == "GET" { Open } else { Keyed })
        }
        ("POST", ["v2", "event-types"])
        | ("GET", ["v2", "teams"] | ["v2", "teams", _, "memberships"])
        | ("GET" | "POST", ["v2", "teams", _, "event-types"])
        | ("GET" | "PATCH" | "DELETE", ["v2", "teams", _, "event-types", _]) => route(Operation::Catalogue, Keyed),
        ("GET" | "POST", ["v2", "webhooks"] | ["v2", "event-types", _, "webhooks"])
        | ("GET" | "PATCH" | "DELETE", ["v2", "webhooks", _] | ["v2", "event-types", _, "webhooks", _]) => {
            route(Operation::Webhooks, Keyed)
        }
        _ => None,
    }
}

/// Reads a request: its path, its body, its version. Who asks comes later.
pub(crate) fn read(request: &Request) -> Result<Call, Trouble> {
    let (segments, query) = split(&request.target);
    let body = if request.body.is_empty() {
        serde_json::Value::Null
    } else {
        serde_json::from_slice(&request.body).map_err(|_| Trouble::bad_request(not_json(&request.body)))?
    };
    Ok(Call {
        method: request.method.clone(),
        target: request.target.clone(),
        segments,
        query,
        body,
        caller: Caller::Nobody,
        version: Version::read(request.header_value("cal-api-version")),
        now: request.now,
    })
}

/// The complaint of a JavaScript engine about a body that ends too early.
fn not_json(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    if text.trim_end().ends_with(',') {
        format!("Expected double-quoted property name in JSON at position {}", text.encode_utf16().count())
    } else {
        "Unexpected end of JSON input".to_owned()
    }
}

/// Who a request says it is, before anybody counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Claim {
    Nobody,
    User { id: u64, key: String },
    UnknownKey,
    OtherToken(String),
}

pub(crate) fn claim(state: &State, request: &Request) -> Claim {
    let Some(header) = request.header_value("authorization") else { return Claim::Nobody };
    let Some(token) = header.strip_prefix("Bearer ") else { return Claim::Nobody };
    if !token.starts_with("cal_") {
        return Claim::OtherToken(token.to_owned());
    }
    match state.keys.get(token) {
        Some(id) if !state.revoked.contains(token) => Claim::User { id: *id, key: token.to_owned() },
        _ => Claim::UnknownKey,
    }
}

impl Claim {
    /// Under which name requests are counted, and how many there may be.
    pub(crate) fn counted_as(&self, state: &State) -> (String, u32) {
        match self {
            Self::Nobody | Self::UnknownKey => ("nobody".to_owned(), state.server.unauthenticated_rate_limit_per_60s),
            Self::User { id, key } => {
                let own = state.users.get(id).and_then(|person| person.user.rate_limit_per_60s);
                (key.clone(), own.unwrap_or(state.server.default_rate_limit_per_60s))
            }
            Self::OtherToken(token) => (token.clone(), 500),
        }
    }

    /// Who comes in, or why not.
    pub(crate) fn admitted(&self, door: Door) -> Result<Caller, Trouble> {
        match (self, door) {
            (Self::User { id, .. }, _) => Ok(Caller::User(*id)),
            (Self::Nobody | Self::OtherToken(_), Door::Open) => Ok(Caller::Nobody),
            (Self::OtherToken(_), _) => Err(Trouble::unauthorized("Invalid Access Token.")),
            (Self::UnknownKey, _) => Err(unknown_key()),
            (Self::Nobody, Door::Keyed) => Err(Trouble::unauthorized(
                "ApiAuthStrategy - No authentication method provided. Either pass an API key as 'Bearer' header or \
                 OAuth client credentials as 'x-cal-secret-key' and 'x-cal-client-id' headers",
            )),
            (Self::Nobody, Door::Guarded) => Err(Trouble::forbidden(
                "PermissionsGuard - no authentication provided. Provide either authorization bearer token containing \
                 managed user access token or oAuth client id in 'x-cal-client-id' header.",
            )),
        }
    }
}

pub(crate) fn unknown_key() -> Trouble {
    Trouble::unauthorized("CustomThrottlerGuard - Invalid API Key")
}

/// Refuses a request of somebody who asked too often.
pub(crate) fn throttled(state: &mut State, claim: &Claim, now: Timestamp) -> crate::limits::Tally {
    let (name, limit) = claim.counted_as(state);
    let block = jiff::SignedDuration::from_secs(state.server.block_after_limit_s);
    state.limits.count(&name, limit, block, now)
}
