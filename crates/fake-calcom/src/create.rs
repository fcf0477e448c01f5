//! New bookings: the check, and later the insert.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::bookings::{Attendee, Booking, Status};
use crate::errors::Trouble;
use crate::fake::Reply;
use crate::slots::{is_free, seated_at};
use crate::state::State;
use crate::time::minutes_later;
use crate::wanted::{attendee, event_type, metadata, oldest_version, required_start, with_email};
use crate::wire::{Call, Version};
use crate::world::EventType;
use crate::{payload, render, webhooks};

const KNOWN: &[&str] = &[
    "start",
    "attendee",
    "bookingFieldsResponses",
    "eventTypeId",
    "eventTypeSlug",
    "username",
    "teamSlug",
    "organizationSlug",
    "guests",
    "meetingUrl",
    "location",
    "metadata",
    "lengthInMinutes",
    "routing",
    "emailVerificationCode",
    "recurrenceCount",
];
/// A booking that passed the check and is not yet inserted.
#[derive(Debug)]
pub(crate) struct NewBooking {
    pub(crate) event_type_id: u64,
    pub(crate) host: u64,
    /// Start and end; several for a series.
    pub(crate) times: Vec<(Timestamp, Timestamp)>,
    pub(crate) status: Status,
    pub(crate) attendee: Attendee,
    pub(crate) guests: Vec<String>,
    pub(crate) metadata: Map<String, Value>,
    pub(crate) responses: Map<String, Value>,
    pub(crate) notes: String,
    pub(crate) kind: Into,
}

/// What the insert makes of it.
#[derive(Debug)]
pub(crate) enum Into {
    /// A booking of its own.
    Own,
    /// A seat of a booking there is.
    Seat(String),
    /// Nothing: the same person has this slot of a round robin already, and hears of that booking.
    Existing(String),
    /// The new place of a booking there is.
    Move { from: String, by: Option<String>, reason: Option<String> },
}

/// The first phase.
pub(crate) fn check(state: &mut State, call: &Call) -> Result<NewBooking, Trouble> {
    if call.version != Version::Bookings {
        return Err(oldest_version(&call.body));
    }
    call.only(KNOWN)?;
    let start = required_start(call)?;
    if call.number("eventTypeId").is_none() && call.text("eventTypeSlug").is_none() {
        return Err(Trouble::property(
            "eventTypeId or eventTypeSlug + username",
            "Either eventTypeId or eventTypeSlug + username or eventTypeSlug + teamSlug must be provided",
        ));
    }
    let attendee = attendee(&call.body)?;
    let metadata = metadata(&call.body)?;
    let event_type = event_type(state, call)?;
    if let Some((key, value)) = metadata.iter().find(|(_, value)| !value.is_string()) {
        let found = match value {
            Value::Number(_) => "number",
            Value::Bool(_) => "boolean",
            Value::Array(_) => "array",
            Value::Null => "null",
            _ => "object",
        };
        return Err(Trouble::response(format!("metadata.{key} - Expected string, received {found}, ")));
    }
    let attendee = with_email(attendee, &event_type)?;
    if call.number("lengthInMinutes").is_some_and(|minutes| minutes != event_type.length_in_minutes) {
        return Err(Trouble::bad_request(
            "Can't specify 'lengthInMinutes' because event type does not have multiple possible lengths. Please, \
             remove the 'lengthInMinutes' field from the request.",
        ));
    }
    let end = minutes_later(start, event_type.length_in_minutes);
    if event_type.is_round_robin()
        && let Some(existing) = state.all().find(|other| is_same(other, &event_type, start, &attendee.email))
    {
        let (uid, host) = (existing.uid.clone(), existing.host_id);
        return Ok(plan(call, &event_type, host, vec![(start, end)], attendee, metadata, Into::Existing(uid)));
    }
    in_time(&event_type, start, call.now)?;
    if let Some(seats) = event_type.seats
        && let Some(booking) = seated_at(state, &event_type, start, None)
    {
        if booking.attendees.len() >= seats.seats_per_time_slot {
            return Err(no_seats());
        }
        let (uid, host) = (booking.uid.clone(), booking.host_id);
        return Ok(plan(call, &event_type, host, vec![(start, end)], attendee, metadata, Into::Seat(uid)));
    }
    let wanted: Vec<u64> = call
        .body
        .pointer("/routing/teamMemberIds")
        .and_then(Value::as_array)
        .map(|ids| ids.iter().filter_map(Value::as_u64).collect())
        .unwrap_or_default();
    let times = occurrences(&event_type, start, end, call.number("recurrenceCount"));
    let host = choose_host(state, &event_type, &wanted, &times, "").ok_or_else(|| busy(&event_type))?;
    Ok(plan(call, &event_type, host, times, attendee, metadata, Into::Own))
}

fn plan(
    call: &Call,
    event_type: &EventType,
    host: u64,
    times: Vec<(Timestamp, Timestamp)>,
    attendee: Attendee,
    metadata: Map<String, Value>,
    kind: Into,
) -> NewBooking {
    let mut responses = call.body.get("bookingFieldsResponses").and_then(Value::as_object).cloned().unwrap_or_default();
    if call.body.pointer("/location/type").and_then(Value::as_str) == Some("address") {
        responses.insert("location".to_owned(), json!({ "value": "inPerson", "optionValue": "" }));
    }
    let notes = responses.get("notes").and_then(Value::as_str).unwrap_or_default().to_owned();
    let guests = call
        .body
        .get("guests")
        .and_then(Value::as_array)
        .map(|guests| guests.iter().filter_map(Value::as_str).map(str::to_owned).collect());
    NewBooking {
        event_type_id: event_type.id,
        host,
        times,
        status: if event_type.needs_confirmation() { Status::Pending } else { Status::Accepted },
        attendee,
        guests: guests.unwrap_or_default(),
        metadata,
        responses,
        notes,
        kind,
    }
}

/// The second phase: where the unique key decides who was faster.
pub(crate) fn insert(state: &mut State, plan: NewBooking, now: Timestamp) -> Result<Reply, Trouble> {
    match &plan.kind {
        Into::Existing(uid) => {
            let booking = state.find(uid).ok_or_else(Trouble::raced)?;
            Ok(Reply::success(201, render::booking(state, booking)))
        }
        Into::Seat(uid) => {
            let uid = uid.clone();
            take_seat(state, plan, &uid, now)
        }
        Into::Move { from, .. } => {
            let from = from.clone();
            make_room(state, &plan, &from)?;
            let booking = insert_one(state, &plan, 0, None, now).ok_or_else(Trouble::raced)?;
            let old = state.change(&from, now, |old| {
                old.status = Status::Cancelled;
                old.rescheduled_to_uid = Some(booking.uid.clone());
                old.rescheduled_by.clone_from(&booking.rescheduled_by);
            });
            let reply = Reply::success(201, render::booking(state, &booking));
            Ok(reply.telling(webhooks::tell(
                state,
                "BOOKING_RESCHEDULED",
                &booking,
                || payload::moved(state, &booking, old.as_ref()),
                now,
            )))
        }
        Into::Own => {
            make_room(state, &plan, "")?;
            let series = (plan.times.len() > 1).then(|| state.rng.uuid());
            let mut told = Vec::new();
            let mut made = Vec::new();
            for index in 0..plan.times.len() {
                let booking = insert_one(state, &plan, index, series.clone(), now).ok_or_else(Trouble::raced)?;
                let trigger = if booking.status == Status::Pending { "BOOKING_REQUESTED" } else { "BOOKING_CREATED" };
                told.extend(webhooks::tell(state, trigger, &booking, || payload::created(state, &booking), now));
                made.push(booking);
            }
            let data = match (series.is_some(), made.first()) {
                (false, Some(booking)) => render::with_seat(state, booking, 0),
                _ => made.iter().map(|booking| render::booking(state, booking)).collect(),
            };
            Ok(Reply::success(201, data).telling(told))
        }
    }
}

/// The unique key covers what is accepted only: pending ones may pile up.
fn make_room(state: &State, plan: &NewBooking, but_not: &str) -> Result<(), Trouble> {
    let raced = plan.status == Status::Accepted
        && plan.times.iter().any(|(start, end)| state.key_is_taken(*start, *end, plan.host, but_not));
    if raced { Err(Trouble::raced()) } else { Ok(()) }
}

fn insert_one(
    state: &mut State,
    plan: &NewBooking,
    index: usize,
    series: Option<String>,
    now: Timestamp,
) -> Option<Booking> {
    let (start, end) = plan.times.get(index).copied()?;
    let event_type = state.event_types.get(&plan.event_type_id)?.clone();
    let host = state.users.get(&plan.host)?.user.name.clone();
    let uid = state.rng.uid();
    let (from, by, reason) = match &plan.kind {
        Into::Move { from, by, reason } => (Some(from.clone()), by.clone(), reason.clone()),
        _ => (None, None, None),
    };
    let earlier = from.as_ref().and_then(|from| state.find(from));
    let ics_sequence = earlier.map_or(0, |earlier| earlier.ics_sequence + 1);
    let ics_uid = match earlier {
        Some(earlier) => earlier.ics_uid.clone(),
        None if event_type.seats.is_some() => format!("{}@Cal.com", state.rng.uid()),
        None => format!("{uid}@Cal.com"),
    };
    let mut first = plan.attendee.clone();
    first.id = state.attendee_id();
    if event_type.seats.is_some() {
        first.seat_uid = Some(state.rng.uuid());
        first.metadata.clone_from(&plan.metadata);
    }
    let mut attendees = vec![first];
    for email in &plan.guests {
        let id = state.attendee_id();
        attendees.push(guest(id, "", email, &plan.attendee.time_zone, "en"));
    }
    let booking = Booking {
        id: state.next_booking(),
        uid,
        ics_uid,
        event_type_id: event_type.id,
        host_id: plan.host,
        status: plan.status,
        start,
        end,
        created_at: now,
        updated_at: now,
        title: format!("{} between {host} and {}", event_type.title, plan.attendee.name),
        description: plan.notes.clone(),
        location: address(&event_type),
        cancellation_reason: None,
        rejection_reason: None,
        rescheduling_reason: reason,
        rescheduled_by: by,
        rescheduled_from_uid: from,
        rescheduled_to_uid: None,
        attendees,
        metadata: plan.metadata.clone(),
        responses: plan.responses.clone(),
        recurring_uid: series,
        ics_sequence,
        foreign: false,
    };
    state.insert(booking.clone());
    Some(booking)
}

fn take_seat(state: &mut State, plan: NewBooking, uid: &str, now: Timestamp) -> Result<Reply, Trouble> {
    let seats = state.event_types.get(&plan.event_type_id).and_then(|event_type| event_type.seats);
    let left = seats.map_or(0, |seats| seats.seats_per_time_slot);
    let live = state.find(uid).filter(|booking| booking.status == Status::Accepted).ok_or_else(Trouble::raced)?;
    if live.attendees.len() >= left {
        return Err(no_seats());
    }
    let mut attendee = plan.attendee;
    attendee.id = state.attendee_id();
    attendee.seat_uid = Some(state.rng.uuid());
    attendee.metadata = plan.metadata;
    let booking = state.change(uid, now, |booking| booking.attendees.push(attendee)).ok_or_else(Trouble::raced)?;
    let told = webhooks::tell(state, "BOOKING_CREATED", &booking, || payload::created(state, &booking), now);
    let seat = booking.attendees.len().saturating_sub(1);
    Ok(Reply::success(201, render::with_seat(state, &booking, seat)).telling(told))
}

pub(crate) fn guest(id: u64, name: &str, email: &str, time_zone: &str, language: &str) -> Attendee {
    Attendee {
        id,
        name: name.to_owned(),
        email: email.to_owned(),
        time_zone: time_zone.to_owned(),
        language: language.to_owned(),
        phone_number: None,
        seat_uid: None,
        metadata: Map::new(),
    }
}

/// The first address of an event type.
pub(crate) fn address(event_type: &EventType) -> String {
    event_type.locations.pointer("/0/address").and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn is_same(other: &Booking, event_type: &EventType, start: Timestamp, email: &str) -> bool {
    other.event_type_id == event_type.id
        && other.start == start
        && other.status.is_live()
        && other.attendees.iter().any(|attendee| attendee.email == email)
}

fn occurrences(
    event_type: &EventType,
    start: Timestamp,
    end: Timestamp,
    count: Option<i64>,
) -> Vec<(Timestamp, Timestamp)> {
    let Some(recurrence) = &event_type.recurrence else { return vec![(start, end)] };
    let days = if recurrence.frequency == "daily" { 1 } else { 7 };
    let step = days * recurrence.interval.max(1) * 24 * 60;
    let count = count.unwrap_or(recurrence.occurrences).clamp(1, recurrence.occurrences.max(1));
    (0..count).map(|index| (minutes_later(start, index * step), minutes_later(end, index * step))).collect()
}

/// Who holds it: the only host, or of a round robin the one whose last booking of this kind is the oldest.
pub(crate) fn choose_host(
    state: &State,
    event_type: &EventType,
    wanted: &[u64],
    times: &[(Timestamp, Timestamp)],
    ignore: &str,
) -> Option<u64> {
    let last = |host: u64| {
        state
            .all()
            .filter(|other| other.event_type_id == event_type.id && other.host_id == host)
            .map(|other| other.id)
            .max()
    };
    event_type
        .hosts
        .iter()
        .copied()
        .filter(|host| wanted.is_empty() || wanted.contains(host))
        .filter(|host| times.iter().all(|(start, end)| is_free(state, event_type, *host, *start, *end, ignore)))
        .min_by_key(|host| last(*host))
}

pub(crate) fn busy(event_type: &EventType) -> Trouble {
    let who = if event_type.team_id.is_some() { "One of the hosts" } else { "User" };
    Trouble::bad_request(format!("{who} either already has booking at this time or is not available"))
}

fn no_seats() -> Trouble {
    Trouble::conflict("No more seats left at this seated booking.")
}

/// Neither past nor sooner than the notice; how far ahead is not looked at, as in the real one.
pub(crate) fn in_time(event_type: &EventType, start: Timestamp, now: Timestamp) -> Result<(), Trouble> {
    if start < now {
        return Err(Trouble::bad_request("Attempting to book a meeting in the past."));
    }
    if start < minutes_later(now, event_type.minimum_booking_notice) {
        return Err(Trouble::bad_request(
            "The event type can't be booked at the \"start\" time provided. This could be because it's too soon \
             (violating the minimum booking notice) or too far in the future (outside the event's scheduling \
             window). Try fetching available slots first using the GET /v2/slots endpoint and then make a booking \
             with \"start\" time equal to one of the available slots: https://cal.com/docs/api-reference/v2/slots",
        ));
    }
    Ok(())
}
