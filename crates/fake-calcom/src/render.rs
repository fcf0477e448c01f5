//! Bookings as the API writes them.

use serde_json::{Map, Value, json};

use crate::bookings::{Attendee, Booking, Status};
use crate::state::State;
use crate::time::written;

/// A booking in version 2024-08-13.
pub(crate) fn booking(state: &State, booking: &Booking) -> Value {
    let seated = state.event_types.get(&booking.event_type_id).is_some_and(|event_type| event_type.seats.is_some());
    let mut out = shared(state, booking);
    let mut put = |name: &str, value: Value| out.insert(name.to_owned(), value);
    put("cancellationReason", json!(booking.cancellation_reason.as_deref().unwrap_or_default()));
    if let Some(reason) = &booking.rescheduling_reason {
        put("reschedulingReason", json!(reason));
    }
    if booking.recurring_uid.is_none() {
        put("rescheduledByEmail", json!(booking.rescheduled_by));
    }
    for (name, uid) in [
        ("rescheduledFromUid", &booking.rescheduled_from_uid),
        ("rescheduledToUid", &booking.rescheduled_to_uid),
        ("recurringBookingUid", &booking.recurring_uid),
    ] {
        if let Some(uid) = uid {
            put(name, json!(uid));
        }
    }
    put("attendees", booking.attendees.iter().map(|who| attendee(who, seated)).collect());
    if seated {
        put("description", Value::Null);
        return Value::Object(out);
    }
    put("description", json!(booking.description));
    put("cancelledByEmail", json!(""));
    put("metadata", Value::Object(booking.metadata.clone()));
    let guests = booking.guests();
    if !guests.is_empty() {
        put("guests", json!(guests));
    }
    put("bookingFieldsResponses", responses(booking));
    Value::Object(out)
}

/// A booking of an event type with seats, as the one hears it who got this seat.
pub(crate) fn with_seat(state: &State, of: &Booking, seat: usize) -> Value {
    let mut out = booking(state, of);
    if let (Some(uid), Some(out)) = (of.attendees.get(seat).and_then(|who| who.seat_uid.as_ref()), out.as_object_mut())
    {
        out.insert("seatUid".to_owned(), json!(uid));
    }
    out
}

fn shared(state: &State, booking: &Booking) -> Map<String, Value> {
    let slug = state.event_types.get(&booking.event_type_id).map(|event_type| event_type.slug.as_str());
    let hosts: Vec<Value> = state
        .users
        .get(&booking.host_id)
        .map(|person| {
            let user = &person.user;
            json!({
                "id": user.id, "name": user.name, "email": user.email, "username": user.username,
                "timeZone": user.time_zone,
            })
        })
        .into_iter()
        .collect();
    let minutes = booking.end.duration_since(booking.start).as_mins();
    let Value::Object(out) = json!({
        "id": booking.id,
        "uid": booking.uid,
        "title": booking.title,
        "hosts": hosts,
        "status": booking.status.word(),
        "start": written(booking.start),
        "end": written(booking.end),
        "duration": minutes,
        "eventTypeId": booking.event_type_id,
        "eventType": { "id": booking.event_type_id, "slug": slug },
        "meetingUrl": booking.location,
        "location": booking.location,
        "absentHost": false,
        "createdAt": written(booking.created_at),
        "updatedAt": written(booking.updated_at),
        "rating": null,
        "icsUid": booking.ics_uid,
    }) else {
        return Map::new();
    };
    out
}

/// Somebody who comes, as the API writes it.
pub(crate) fn attendee(who: &Attendee, seated: bool) -> Value {
    let mut out = json!({
        "name": who.name, "email": who.email, "timeZone": who.time_zone, "language": who.language, "absent": false,
    });
    if let Some(out) = out.as_object_mut() {
        if let Some(phone) = &who.phone_number {
            out.insert("phoneNumber".to_owned(), json!(phone));
        }
        if seated {
            out.insert("seatUid".to_owned(), json!(who.seat_uid));
            out.insert("bookingFieldsResponses".to_owned(), json!({ "name": who.name, "guests": [] }));
            out.insert("metadata".to_owned(), Value::Object(who.metadata.clone()));
        }
    }
    out
}

fn responses(booking: &Booking) -> Value {
    let mut out = booking.responses.clone();
    if let Some(first) = booking.attendees.first() {
        out.insert("email".to_owned(), json!(first.email));
        out.insert("name".to_owned(), json!(first.name));
        if let Some(phone) = &first.phone_number {
            out.insert("attendeePhoneNumber".to_owned(), json!(phone));
        }
    }
    let guests = booking.guests();
    if !guests.is_empty() {
        out.insert("guests".to_owned(), json!(guests));
    }
    if let Some(reason) = &booking.rescheduling_reason {
        out.insert("rescheduledReason".to_owned(), json!(reason));
    }
    Value::Object(out)
}

/// A booking in version 2024-04-15, which a request without a version hears.
pub(crate) fn oldest(state: &State, booking: &Booking) -> Value {
    let user = state.users.get(&booking.host_id).map(|person| &person.user);
    let event_type = state.event_types.get(&booking.event_type_id);
    let attendees: Vec<Value> = booking
        .attendees
        .iter()
        .map(|who| json!({ "name": who.name, "email": who.email, "timeZone": who.time_zone, "phoneNumber": who.phone_number }))
        .collect();
    json!({
        "title": booking.title,
        "id": booking.id,
        "uid": booking.uid,
        "description": booking.description,
        "customInputs": {},
        "smsReminderNumber": null,
        "recurringEventId": booking.recurring_uid,
        "startTime": written(booking.start),
        "endTime": written(booking.end),
        "location": booking.location,
        "status": shouted(booking.status),
        "metadata": booking.metadata,
        "cancellationReason": booking.cancellation_reason,
        "cancelledBy": null,
        "responses": responses(booking),
        "rejectionReason": booking.rejection_reason,
        "userPrimaryEmail": user.map(|user| &user.email),
        "fromReschedule": booking.rescheduled_from_uid,
        "rescheduled": booking.rescheduled_to_uid.as_ref().map(|_| true),
        "rescheduledBy": booking.rescheduled_by,
        "user": user.map(|user| json!({
            "id": user.id, "name": user.name, "email": user.email, "username": user.username,
            "timeZone": user.time_zone, "avatarUrl": null,
        })),
        "attendees": attendees,
        "eventTypeId": booking.event_type_id,
        "eventType": {
            "eventName": null, "slug": event_type.map(|it| &it.slug), "timeZone": null,
            "schedulingType": event_type.and_then(|it| it.scheduling_type.as_ref()), "hideOrganizerEmail": false,
        },
        "seatsReferences": [],
        "tracking": null,
    })
}

/// A status as the database and the webhooks write it.
pub(crate) fn shouted(status: Status) -> String {
    status.word().to_ascii_uppercase()
}
