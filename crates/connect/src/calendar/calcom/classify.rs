//! What an answer proves: one table, endpoint × status × words → what is told. Every row names a recorded answer that
//! it was made for, or says that there is none.

use frontdesk_domain::calendar::{Doubt, Refusal, RemoteUid, Told};
use serde_json::Value;

use crate::http::{Answer, HttpError};

/// What was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// Free starts.
    Slots,
    /// A new booking.
    Create,
    /// Another start for a booking.
    Move,
    /// The end of a booking.
    Cancel,
    /// One booking.
    Get,
    /// Several bookings.
    List,
    /// A further attendee, on servers of 2026 and later.
    Attendees,
    /// A guest.
    Guests,
    /// What can be booked, whose key it is, where webhooks go.
    Catalogue,
}

impl Endpoint {
    /// The word in logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Slots => "slots",
            Self::Create => "create",
            Self::Move => "move",
            Self::Cancel => "cancel",
            Self::Get => "get",
            Self::List => "list",
            Self::Attendees => "attendees",
            Self::Guests => "guests",
            Self::Catalogue => "catalogue",
        }
    }
}

/// What a row says, before details are filled in from the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Means {
    Taken,
    TooSoon,
    KeyRefused,
    NotFound,
    AlreadyCancelled,
    MovedAway,
    NotSupported,
    Invalid,
    Unknown(Doubt),
}

/// A row: which questions, which statuses, which words in the message.
struct Row {
    asked: &'static [Endpoint],
    status: (u16, u16),
    words: &'static str,
    means: Means,
}

use Endpoint::{Attendees, Cancel, Catalogue, Create, Get, Guests, List, Move, Slots};

const ANY: &[Endpoint] = &[Slots, Create, Move, Cancel, Get, List, Attendees, Guests, Catalogue];
const PLACING: &[Endpoint] = &[Create, Move];
const ADDRESSING: &[Endpoint] = &[Attendees, Guests];
const CHANGING: &[Endpoint] = &[Move, Cancel, Attendees, Guests];

const fn row(asked: &'static [Endpoint], status: (u16, u16), words: &'static str, means: Means) -> Row {
    Row { asked, status, words, means }
}

/// The first row that fits counts. What no row fits is not known: see [`failed`].
const TABLE: &[Row] = &[
    // Whatever the body says, if there is one that reads at all.
    row(ANY, (429, 429), "", Means::Unknown(Doubt::RateLimited)), // rate-limit-exceeded
    row(ANY, (401, 401), "", Means::KeyRefused),                  // bookings-create-bad-key, slots-bad-key
    row(ANY, (403, 403), "", Means::KeyRefused),                  // bookings-list-noauth
    row(ANY, (408, 408), "", Means::Unknown(Doubt::TimedOut)),    // never seen; a gateway's word
    row(ANY, (500, 599), "", Means::Unknown(Doubt::ServerError)), // never recorded; flat {statusCode, message}
    // From here on only in Cal.com's own words: another's 4xx does not say what Cal.com did.
    row(ANY, (404, 404), "Cannot ", Means::NotSupported), // bookings-attendees-add, slots-no-version-header
    row(ANY, (404, 404), "", Means::NotFound),            // bookings-get-unknown, bookings-create-bad-event-type
    row(PLACING, (409, 409), "", Means::Taken),           // race-bookings-2-same-slot, bookings-create-seated-full
    // bookings-create-same-slot-other-attendee, -outside-hours, -weekend, -round-robin-3, bookings-reschedule-conflict
    row(PLACING, (400, 400), "already has booking at this time or is not available", Means::Taken),
    row(PLACING, (400, 400), "book a meeting in the past", Means::TooSoon), // bookings-create-past
    row(PLACING, (400, 400), "can't be booked at the \"start\" time", Means::TooSoon), // bookings-create-too-soon
    // The same by their inner names, as newer servers may let them through: read in its source, not recorded.
    row(PLACING, (400, 400), "unavailable_for_booking", Means::Taken),
    row(PLACING, (400, 400), "no_available_users_found_error", Means::Taken),
    row(PLACING, (400, 400), "booking_time_out_of_bounds_error", Means::TooSoon),
    // bookings-reschedule-old-uid-again; before the next one, whose words it has too
    row(CHANGING, (400, 400), "rescheduled already to booking with uid=", Means::MovedAway),
    // bookings-cancel-twice, bookings-cancel-old-uid-after-reschedule, bookings-reschedule-cancelled
    row(CHANGING, (400, 400), "because it has been cancelled", Means::AlreadyCancelled),
    row(ANY, (400, 400), "", Means::Invalid), // bookings-create-phone-only, slots-missing-end, bookings-guests-add-duplicate
    row(ADDRESSING, (409, 409), "", Means::Invalid), // never seen; whether it was there before is looked up
    row(ANY, (422, 422), "", Means::Invalid), // slots-reserve-conflict: not asked by us
];

/// The statuses whose meaning does not hang on the body.
fn speaks_for_itself(status: u16) -> bool {
    matches!(status, 401 | 403 | 408 | 429 | 500..=599)
}

/// What an answer that is no success proves. What is not in the table is not known: never a "no" out of thin air.
pub fn failed<T>(asked: Endpoint, status: u16, body: &[u8]) -> Told<T> {
    let complaint = Complaint::read(body);
    if complaint.is_none() && !speaks_for_itself(status) {
        return Told::Unknown(Doubt::Unreadable);
    }
    let complaint = complaint.unwrap_or_default();
    let fits = |row: &&Row| {
        row.asked.contains(&asked)
            && (row.status.0..=row.status.1).contains(&status)
            && complaint.message.contains(row.words)
    };
    let Some(row) = TABLE.iter().find(fits) else { return Told::Unknown(Doubt::Unreadable) };
    Told::Refused(match row.means {
        Means::Taken => Refusal::Taken,
        Means::TooSoon => Refusal::TooSoon,
        Means::KeyRefused => Refusal::KeyRefused,
        Means::NotFound => Refusal::NotFound,
        Means::AlreadyCancelled => Refusal::AlreadyCancelled,
        Means::MovedAway => Refusal::MovedAway(moved_to(&complaint.message)),
        Means::NotSupported => Refusal::NotSupported,
        Means::Invalid => Refusal::Invalid(complaint.fields()),
        Means::Unknown(doubt) => return Told::Unknown(doubt),
    })
}

/// What a request without an answer proves.
pub fn unanswered<T>(error: HttpError) -> Told<T> {
    match error {
        HttpError::NotSent => Told::Unsent(frontdesk_domain::calendar::Unsent::NoConnection),
        HttpError::TimedOut => Told::Unknown(Doubt::TimedOut),
        HttpError::Unclear => Told::Unknown(Doubt::Lost),
    }
}

/// Tells of an exchange: a success if its body reads, else what it proves.
pub fn told<T>(
    asked: Endpoint,
    exchanged: Result<Answer, HttpError>,
    read: impl FnOnce(&Answer) -> Option<T>,
) -> Told<T> {
    let answer = match exchanged {
        Ok(answer) => answer,
        Err(error) => return noted(asked, None, unanswered(error)),
    };
    let told = if (200..300).contains(&answer.status) {
        read(&answer).map_or(Told::Unknown(Doubt::Unreadable), Told::Done)
    } else {
        failed(asked, answer.status, &answer.body)
    };
    noted(asked, Some(&answer), told)
}

/// Leaves a line in the log: never a body, an address or a name.
fn noted<T>(asked: Endpoint, answer: Option<&Answer>, told: Told<T>) -> Told<T> {
    if let Some(code) = told.error_code() {
        let status = answer.map_or(0, |answer| answer.status);
        let request_id = answer.and_then(|answer| answer.header("x-request-id")).map(harmless).unwrap_or_default();
        tracing::info!(provider = "calcom", asked = asked.as_str(), status, code, request_id, "calendar did not do it");
    }
    told
}

/// An id from outside, fit for a log line.
fn harmless(text: &str) -> String {
    text.chars().filter(|letter| letter.is_ascii_alphanumeric() || "-_".contains(*letter)).take(64).collect()
}

/// The uid that follows "to booking with uid=".
fn moved_to(message: &str) -> Option<RemoteUid> {
    let (_, rest) = message.split_once("to booking with uid=")?;
    let uid: String =
        rest.chars().take_while(|letter| letter.is_ascii_alphanumeric() || "-_".contains(*letter)).collect();
    (!uid.is_empty()).then(|| RemoteUid::new(uid))
}

/// The words of an error, from any of the three shapes Cal.com gives it.
#[derive(Default)]
struct Complaint {
    message: String,
    /// Properties of the request that were named one by one.
    properties: Vec<String>,
}

impl Complaint {
    /// Reads `{status, error: {code, message, details}}` and the flat `{statusCode, message}`; anything else is not
    /// Cal.com's.
    fn read(body: &[u8]) -> Option<Self> {
        let body: Value = serde_json::from_slice(body).ok()?;
        let error = body.get("error").filter(|error| error.is_object());
        let message = match error {
            Some(error) => error.get("message"),
            None => body.get("statusCode").and(body.get("message")),
        }?;
        let message = match message {
            Value::String(text) => text.clone(),
            Value::Array(several) => several.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
            _ => return None,
        };
        let errors = error.and_then(|error| error.pointer("/details/errors")).and_then(Value::as_array);
        let property = |error: &Value| error.get("property").and_then(Value::as_str).map(str::to_owned);
        let properties = errors.into_iter().flatten().filter_map(property).collect();
        Some(Self { message, properties })
    }

    /// The names of the fields that were wrong. The rest of the message may repeat what we sent, and is dropped.
    fn fields(&self) -> String {
        let before_is_wrong = self.message.match_indices(" property is wrong").map(|(at, _)| {
            let before = self.message.get(..at).unwrap_or_default();
            before.rsplit(',').next().unwrap_or_default().trim().to_owned()
        });
        let in_braces = self.message.match_indices('{').filter_map(|(at, _)| {
            let (name, _) = self.message.get(at + 1..)?.split_once('}')?;
            Some(name.to_owned())
        });
        let before_dash = self.message.split_once(" - ").map(|(name, _)| name.to_owned());
        let single = in_braces.chain(before_dash).filter(|name| !name.contains(' '));
        let mut names: Vec<String> = Vec::new();
        for name in before_is_wrong.chain(single).chain(self.properties.iter().cloned()) {
            let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-+ ".contains(&byte));
            if plain && (1..=60).contains(&name.len()) && !names.contains(&name) && names.len() < 8 {
                names.push(name);
            }
        }
        names.join(", ")
    }
}
