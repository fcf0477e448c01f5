//! What webhooks carry. The three kinds were built by different hands in the real one, and differ in what they leave
//! out: a move has no `iCalUID`, a cancellation has no metadata, times end in `Z`, `+00:00` or `.000Z`.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::bookings::{Attendee, Booking, Status};
use crate::render::shouted;
use crate::state::State;
use crate::time::{offset_minutes, written, written_short, zone};
use crate::world::EventType;

/// A new booking, accepted or pending.
pub(crate) fn created(state: &State, booking: &Booking) -> Map<String, Value> {
    let mut out = rich(state, booking);
    put(&mut out, "iCalUID", json!(booking.ics_uid));
    out
}

/// A booking at its new time.
pub(crate) fn moved(state: &State, booking: &Booking, old: Option<&Booking>) -> Map<String, Value> {
    let mut out = rich(state, booking);
    if let Some(by) = &booking.rescheduled_by {
        put(&mut out, "rescheduledBy", json!(by));
    }
    put(&mut out, "appsStatus", json!([]));
    if let Some(old) = old {
        put(&mut out, "rescheduleId", json!(old.id));
        put(&mut out, "rescheduleUid", json!(old.uid));
        put(&mut out, "rescheduleStartTime", json!(written_short(old.start)));
        put(&mut out, "rescheduleEndTime", json!(written_short(old.end)));
    }
    out
}

/// A cancelled booking: without its metadata.
pub(crate) fn cancelled(state: &State, booking: &Booking) -> Map<String, Value> {
    let mut out = common(state, booking);
    let odd = |at: Timestamp| written_short(at).replace('Z', "+00:00");
    put(&mut out, "startTime", json!(odd(booking.start)));
    put(&mut out, "endTime", json!(odd(booking.end)));
    put(&mut out, "destinationCalendar", json!([]));
    put(&mut out, "cancellationReason", json!(booking.cancellation_reason));
    put(
        &mut out,
        "seatsPerTimeSlot",
        json!(event_type(state, booking).and_then(|it| it.seats).map(|it| it.seats_per_time_slot)),
    );
    put(&mut out, "seatsShowAttendees", json!(false));
    put(&mut out, "iCalUID", json!(booking.ics_uid));
    put(&mut out, "iCalSequence", json!(booking.ics_sequence));
    put(&mut out, "organizationId", Value::Null);
    put(&mut out, "requiresConfirmation", Value::Null);
    put(&mut out, "price", Value::Null);
    out
}

/// A booking the host said yes or no to.
pub(crate) fn decided(state: &State, booking: &Booking) -> Map<String, Value> {
    let mut out = common(state, booking);
    put(&mut out, "startTime", json!(written(booking.start)));
    put(&mut out, "endTime", json!(written(booking.end)));
    put(&mut out, "destinationCalendar", json!([]));
    put(&mut out, "requiresConfirmation", json!(true));
    put(&mut out, "hideCalendarNotes", json!(false));
    put(&mut out, "hideCalendarEventDetails", json!(false));
    put(&mut out, "organizationId", Value::Null);
    if booking.status == Status::Rejected {
        put(&mut out, "rejectionReason", json!(booking.rejection_reason));
    }
    out
}

fn rich(state: &State, booking: &Booking) -> Map<String, Value> {
    let mut out = common(state, booking);
    let event_type = event_type(state, booking);
    // A number nobody gave is left out here, and null in the others.
    for attendee in out.get_mut("attendees").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(attendee) = attendee.as_object_mut()
            && attendee.get("phoneNumber").is_some_and(Value::is_null)
        {
            attendee.remove("phoneNumber");
        }
    }
    put(&mut out, "startTime", json!(written_short(booking.start)));
    put(&mut out, "endTime", json!(written_short(booking.end)));
    put(&mut out, "hideCalendarNotes", json!(false));
    put(&mut out, "hideCalendarEventDetails", json!(false));
    put(&mut out, "schedulingType", json!(event_type.and_then(|it| it.scheduling_type.as_ref())));
    put(&mut out, "seatsPerTimeSlot", json!(event_type.and_then(|it| it.seats).map(|it| it.seats_per_time_slot)));
    put(&mut out, "seatsShowAttendees", json!(true));
    put(&mut out, "seatsShowAvailabilityCount", json!(true));
    put(&mut out, "disableRescheduling", json!(false));
    put(&mut out, "disableCancelling", json!(false));
    put(&mut out, "destinationCalendar", Value::Null);
    put(&mut out, "iCalSequence", json!(booking.ics_sequence));
    put(&mut out, "requiresConfirmation", json!(event_type.is_some_and(EventType::needs_confirmation)));
    put(&mut out, "oneTimePassword", Value::Null);
    put(&mut out, "hashedLink", Value::Null);
    put(&mut out, "metadata", Value::Object(booking.metadata.clone()));
    out
}

fn common(state: &State, booking: &Booking) -> Map<String, Value> {
    let event_type = event_type(state, booking);
    let attendees: Vec<Value> = booking.attendees.iter().map(|who| attendee(who, booking.start)).collect();
    let first = booking.attendees.first();
    let Value::Object(out) = json!({
        "bookerUrl": "https://cal.com",
        "title": booking.title,
        "type": event_type.map(|it| &it.slug),
        "description": booking.description,
        "additionalNotes": booking.description,
        "customInputs": {},
        "userFieldsResponses": {},
        "responses": {
            "name": { "label": "your_name", "value": first.map(|who| &who.name), "isHidden": false },
            "email": { "label": "email_address", "value": first.map(|who| &who.email), "isHidden": false },
        },
        "organizer": organizer(state, booking),
        "attendees": attendees,
        "uid": booking.uid,
        "bookingId": booking.id,
        "location": booking.location,
        "eventTypeId": booking.event_type_id,
        "hideOrganizerEmail": false,
        "customReplyToEmail": null,
        "eventTitle": event_type.map(|it| &it.title),
        "eventDescription": null,
        "price": 0,
        "currency": "usd",
        "length": booking.end.duration_since(booking.start).as_mins(),
        "status": shouted(booking.status),
    }) else {
        return Map::new();
    };
    out
}

fn put(out: &mut Map<String, Value>, name: &str, value: Value) {
    out.insert(name.to_owned(), value);
}

fn event_type<'a>(state: &'a State, booking: &Booking) -> Option<&'a EventType> {
    state.event_types.get(&booking.event_type_id)
}

fn organizer(state: &State, booking: &Booking) -> Value {
    let Some(person) = state.users.get(&booking.host_id) else { return Value::Null };
    let user = &person.user;
    json!({
        "id": user.id,
        "name": user.name,
        "email": user.email,
        "username": user.username,
        "timeZone": user.time_zone,
        "language": { "locale": user.locale },
        "timeFormat": if user.time_format == 12 { "h:mma" } else { "HH:mm" },
        "utcOffset": offset_minutes(&person.zone, booking.start),
    })
}

fn attendee(who: &Attendee, start: Timestamp) -> Value {
    json!({
        "name": who.name,
        "email": who.email,
        "phoneNumber": who.phone_number,
        "timeZone": who.time_zone,
        "language": { "locale": who.language },
        "utcOffset": zone(&who.time_zone).map(|zone| offset_minutes(&zone, start)),
    })
}
