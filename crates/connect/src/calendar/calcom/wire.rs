//! Cal.com's words, as far as we read them. Unknown fields are ignored, and a known one of an odd shape counts as
//! absent, unless nothing can be said without it.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// Reads a value, or its default where the shape is another.
fn lax<'de, D: Deserializer<'de>, T: DeserializeOwned + Default>(from: D) -> Result<T, D::Error> {
    Ok(serde_json::from_value(Value::deserialize(from)?).unwrap_or_default())
}

/// The envelope of every success.
#[derive(Deserialize)]
pub(super) struct Success<T> {
    pub data: T,
    #[serde(default, deserialize_with = "lax")]
    pub pagination: Option<Pagination>,
}

/// Where in a list we are.
#[derive(Deserialize)]
pub(super) struct Pagination {
    #[serde(rename = "hasNextPage", default)]
    pub more: bool,
}

/// One booking, or the several that one call made.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum OneOrMany {
    One(Box<Booking>),
    Many(Vec<Booking>),
}

impl OneOrMany {
    pub fn first(self) -> Option<Booking> {
        match self {
            Self::One(booking) => Some(*booking),
            Self::Many(bookings) => bookings.into_iter().next(),
        }
    }
}

/// A booking; the second spelling of some fields is that of older versions and of webhooks.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Booking {
    pub uid: String,
    #[serde(default, deserialize_with = "lax")]
    pub id: Option<i64>,
    #[serde(default, deserialize_with = "lax")]
    pub ics_uid: Option<String>,
    #[serde(default, rename = "iCalUID", deserialize_with = "lax")]
    pub ical_uid: Option<String>,
    #[serde(default, deserialize_with = "lax")]
    pub event_type_id: Option<u64>,
    #[serde(default, deserialize_with = "lax")]
    pub event_type: Option<Numbered>,
    #[serde(default, deserialize_with = "lax")]
    pub start: Option<String>,
    #[serde(default, deserialize_with = "lax")]
    pub start_time: Option<String>,
    #[serde(default, deserialize_with = "lax")]
    pub end: Option<String>,
    #[serde(default, deserialize_with = "lax")]
    pub end_time: Option<String>,
    #[serde(default, deserialize_with = "lax")]
    pub status: Option<String>,
    #[serde(default, deserialize_with = "lax")]
    pub hosts: Vec<Person>,
    #[serde(default, deserialize_with = "lax")]
    pub metadata: Value,
    #[serde(default, deserialize_with = "lax")]
    pub rescheduled_to_uid: Option<String>,
    #[serde(default, deserialize_with = "lax")]
    pub rescheduled_from_uid: Option<String>,
    #[serde(default, deserialize_with = "lax")]
    pub created_at: Option<String>,
    #[serde(default, deserialize_with = "lax")]
    pub updated_at: Option<String>,
    #[serde(default, deserialize_with = "lax")]
    pub attendees: Vec<Addressed>,
    #[serde(default, deserialize_with = "lax")]
    pub guests: Vec<String>,
}

/// Something of which only the number counts.
#[derive(Deserialize)]
pub(super) struct Numbered {
    #[serde(default)]
    pub id: Option<u64>,
}

/// Somebody who serves. The number may be missing or, on old servers, a text.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Person {
    #[serde(default, deserialize_with = "lax")]
    pub id: Option<u64>,
    #[serde(default, deserialize_with = "lax")]
    pub user_id: Option<u64>,
    #[serde(default, deserialize_with = "lax")]
    pub name: Option<String>,
}

/// Somebody with an address.
#[derive(Deserialize)]
pub(super) struct Addressed {
    #[serde(default, deserialize_with = "lax")]
    pub email: Option<String>,
}

/// A free start: bare, or with whatever else is said of it.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Slot {
    Bare(String),
    Full(FullSlot),
}

/// A free start with details.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FullSlot {
    #[serde(default, deserialize_with = "lax")]
    pub start: Option<String>,
    #[serde(default, deserialize_with = "lax")]
    pub time: Option<String>,
    #[serde(default, deserialize_with = "lax")]
    pub seats_remaining: Option<i64>,
    #[serde(default, deserialize_with = "lax")]
    pub away: bool,
}

/// The free starts by day, in one list, or by day one level deeper.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Slots {
    Deeper { slots: BTreeMap<String, Vec<Slot>> },
    ByDay(BTreeMap<String, Vec<Slot>>),
    Flat(Vec<Slot>),
}

/// A booking to be made.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewBooking<'a> {
    pub start: String,
    pub event_type_id: u64,
    pub attendee: Attendee<'a>,
    pub metadata: BTreeMap<&'static str, &'a str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub booking_fields_responses: BTreeMap<&'a str, &'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub routing: Option<Routing>,
}

/// Whom a booking is for.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Attendee<'a> {
    pub name: &'a str,
    pub email: &'a str,
    pub time_zone: &'a str,
    pub language: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<&'a str>,
}

/// Chooses who serves where several could. The number of the form's response is not checked there.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Routing {
    pub response_id: u64,
    pub team_member_ids: [u64; 1],
}

/// Another start.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Reschedule<'a> {
    pub start: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub rescheduling_reason: &'a str,
}

/// The end.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Cancel<'a> {
    pub cancellation_reason: &'a str,
}

/// Guests to be added.
#[derive(Serialize)]
pub(super) struct Guests<'a> {
    pub guests: [Guest<'a>; 1],
}

/// One of them.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Guest<'a> {
    pub email: &'a str,
    pub name: &'a str,
    pub time_zone: &'a str,
}

/// Whose key it is.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Owner {
    pub id: u64,
    #[serde(default, deserialize_with = "lax")]
    pub name: String,
    #[serde(default, deserialize_with = "lax")]
    pub username: Option<String>,
    #[serde(default, deserialize_with = "lax")]
    pub time_zone: String,
}

/// A team.
#[derive(Deserialize)]
pub(super) struct Team {
    pub id: u64,
}

/// Where something is told of what happens.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Webhook {
    #[serde(default, deserialize_with = "lax")]
    pub subscriber_url: String,
    #[serde(default, deserialize_with = "lax")]
    pub active: bool,
    #[serde(default, deserialize_with = "lax")]
    pub secret: Option<String>,
}

/// Something that can be booked.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EventType {
    pub id: u64,
    #[serde(default, deserialize_with = "lax")]
    pub title: String,
    #[serde(default, deserialize_with = "lax")]
    pub slug: String,
    #[serde(default, deserialize_with = "lax")]
    pub length_in_minutes: u16,
    #[serde(default, deserialize_with = "lax")]
    pub before_event_buffer: u16,
    #[serde(default, deserialize_with = "lax")]
    pub after_event_buffer: u16,
    #[serde(default, deserialize_with = "lax")]
    pub team_id: Option<u64>,
    #[serde(default, deserialize_with = "lax")]
    pub scheduling_type: Option<String>,
    #[serde(default, deserialize_with = "lax")]
    pub hosts: Vec<Person>,
    #[serde(default, deserialize_with = "lax")]
    pub users: Vec<Person>,
    #[serde(default, deserialize_with = "lax")]
    pub confirmation_policy: Option<Switch>,
    #[serde(default, deserialize_with = "lax")]
    pub seats: Option<Switch>,
    #[serde(default, deserialize_with = "lax")]
    pub booking_fields: Vec<Field>,
    #[serde(default, deserialize_with = "lax")]
    pub hidden: bool,
}

/// Something that is on unless it says that it is off.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Switch {
    #[serde(default, deserialize_with = "lax")]
    pub disabled: bool,
    #[serde(default, deserialize_with = "lax")]
    pub seats_per_time_slot: Option<u32>,
}

/// A field of the form; those without a short name are Cal.com's own and not asked of us.
#[derive(Deserialize)]
pub(super) struct Field {
    #[serde(default, deserialize_with = "lax")]
    pub slug: String,
    #[serde(default, deserialize_with = "lax")]
    pub required: bool,
    #[serde(default, deserialize_with = "lax")]
    pub hidden: bool,
}
