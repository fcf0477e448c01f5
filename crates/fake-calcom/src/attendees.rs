//! Guests, and the attendees endpoint of 2026.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::bookings::{Attendee, Booking};
use crate::change::{may_change, not_in_database};
use crate::create::guest;
use crate::errors::Trouble;
use crate::fake::Reply;
use crate::render;
use crate::state::State;
use crate::wanted::is_email;
use crate::wire::Call;

/// Changes of attendees a key has in 60 seconds, where there is the endpoint of 2026.
const CHANGES_PER_MINUTE: u32 = 5;

/// `POST /v2/bookings/{uid}/guests`: adds; it never changes or removes.
pub(crate) fn add_guests(state: &mut State, call: &Call, uid: &str) -> Result<Reply, Trouble> {
    call.only(&["guests"])?;
    let booking = state.find(uid).ok_or_else(|| not_in_database(uid))?.clone();
    may_change(state, call, &booking)?;
    pace(state, call, "guests")?;
    let guests = call.body.get("guests").and_then(Value::as_array).cloned().unwrap_or_default();
    if guests.is_empty() {
        return Err(Trouble::property("guests", "guests must contain at least 1 elements"));
    }
    let mut new = Vec::new();
    for entry in &guests {
        let text = |name: &str| entry.get(name).and_then(Value::as_str);
        let email = text("email")
            .filter(|email| is_email(email))
            .ok_or_else(|| Trouble::property("guests", " email property is wrong,email must be an email"))?;
        if booking.attendees.iter().chain(&new).any(|known: &Attendee| known.email == email) {
            continue;
        }
        let first = booking.attendees.first();
        let zone = text("timeZone").or(first.map(|first| first.time_zone.as_str())).unwrap_or("UTC");
        let language = text("language").or(first.map(|first| first.language.as_str())).unwrap_or("en");
        new.push(guest(state.attendee_id(), text("name").unwrap_or_default(), email, zone, language));
    }
    if new.is_empty() {
        return Err(Trouble::Bare {
            status: 400,
            code: "TRPCError",
            message: "Bad request: Please check your request data and try again".to_owned(),
        });
    }
    let changed = state.change(uid, call.now, |booking| booking.attendees.extend(new));
    let booking = changed.ok_or_else(|| not_in_database(uid))?;
    Ok(Reply::success(200, render::booking(state, &booking)))
}

/// `/v2/bookings/{uid}/attendees`: lists, adds, and removes all but the first.
pub(crate) fn attendees(state: &mut State, call: &Call, uid: &str, id: Option<&str>) -> Result<Reply, Trouble> {
    let booking = state.find(uid).ok_or_else(|| not_in_database(uid))?.clone();
    may_change(state, call, &booking)?;
    match call.method.as_str() {
        "GET" => Ok(Reply::success(200, booking.attendees.iter().map(|who| numbered(who, &booking)).collect())),
        "POST" => add(state, call, &booking),
        _ => remove(state, call, &booking, id.unwrap_or_default()),
    }
}

fn add(state: &mut State, call: &Call, booking: &Booking) -> Result<Reply, Trouble> {
    call.only(&["name", "email", "timeZone", "phoneNumber", "language"])?;
    pace(state, call, "attendees-add")?;
    let needed =
        |name: &str| call.text(name).ok_or_else(|| Trouble::property(name, &format!("{name} must be a string")));
    let (name, email, zone) = (needed("name")?, needed("email")?, needed("timeZone")?);
    if booking.attendees.iter().any(|known| known.email == email) {
        return Err(Trouble::bad_request("Attendee with this email already exists on this booking"));
    }
    let mut new = guest(state.attendee_id(), name, email, zone, call.text("language").unwrap_or("en"));
    new.phone_number = call.text("phoneNumber").map(str::to_owned);
    let shown = numbered(&new, booking);
    state.change(&booking.uid, call.now, |booking| booking.attendees.push(new));
    Ok(Reply::success(201, shown))
}

fn remove(state: &mut State, call: &Call, booking: &Booking, id: &str) -> Result<Reply, Trouble> {
    pace(state, call, "attendees-remove")?;
    let place = booking.attendees.iter().position(|who| id.parse() == Ok(who.id));
    match place {
        None => Err(Trouble::not_found(format!("Attendee with id {id} not found"))),
        Some(0) => Err(Trouble::bad_request("cannot_remove_primary_attendee")),
        Some(place) => {
            let gone = booking.attendees.get(place).map(|who| numbered(who, booking));
            state.change(&booking.uid, call.now, |booking| {
                booking.attendees.remove(place);
            });
            Ok(Reply::success(200, gone.unwrap_or_default()))
        }
    }
}

fn numbered(who: &Attendee, booking: &Booking) -> Value {
    let mut out = render::attendee(who, false);
    if let Some(out) = out.as_object_mut() {
        out.insert("id".to_owned(), json!(who.id));
        out.insert("bookingId".to_owned(), json!(booking.id));
        out.insert("displayEmail".to_owned(), json!(who.email));
    }
    out
}

/// From 2026 on a key may change attendees only five times a minute; each way of changing is counted by itself.
fn pace(state: &mut State, call: &Call, what: &str) -> Result<(), Trouble> {
    if !state.server.attendees_endpoint {
        return Ok(());
    }
    let name = format!("{what} of user {}", call.caller.user().unwrap_or_default());
    let tally = state.limits.count(&name, CHANGES_PER_MINUTE, SignedDuration::from_secs(60), call.now);
    if tally.refused { Err(Trouble::Throttled) } else { Ok(()) }
}
