//! Moving, cancelling, confirming and declining.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::bookings::{Booking, Status};
use crate::create::{Into, NewBooking, busy, choose_host, in_time};
use crate::errors::Trouble;
use crate::fake::Reply;
use crate::state::State;
use crate::time::written;
use crate::wanted::required_start;
use crate::wire::{Call, Delivery};
use crate::{payload, render, webhooks};

/// A cancellation that passed the check.
#[derive(Debug)]
pub(crate) struct Cancellation {
    uids: Vec<String>,
    reason: String,
    series: bool,
}

pub(crate) fn check_move(state: &mut State, call: &Call) -> Result<NewBooking, Trouble> {
    call.only(&["start", "rescheduledBy", "reschedulingReason", "emailVerificationCode"])?;
    let start = required_start(call)?;
    let uid = uid_of(call);
    let old = state.find(uid).ok_or_else(|| not_in_database(uid))?;
    if !old.status.is_live() {
        return Err(Trouble::bad_request(match &old.rescheduled_to_uid {
            Some(new) => format!(
                "Can't reschedule booking with uid={uid} because it has been cancelled and rescheduled already to \
                 booking with uid={new}. You probably want to reschedule {new} instead by passing it within the \
                 request URL."
            ),
            None => format!(
                "Can't reschedule booking with uid={uid} because it has been cancelled. Please provide uid of a \
                 booking that is not cancelled."
            ),
        }));
    }
    let event_type = state.event_types.get(&old.event_type_id).ok_or_else(|| not_in_database(uid))?;
    let end = start.checked_add(old.end.duration_since(old.start)).unwrap_or(Timestamp::MAX);
    in_time(event_type, start, call.now)?;
    let same_host = !event_type.is_round_robin() || event_type.reschedule_with_same_round_robin_host;
    let wanted = if same_host { vec![old.host_id] } else { Vec::new() };
    let times = vec![(start, end)];
    let host = choose_host(state, event_type, &wanted, &times, uid).ok_or_else(|| busy(event_type))?;
    let attendee = old.attendees.first().cloned().ok_or_else(|| not_in_database(uid))?;
    let text = |name: &str| call.text(name).map(str::to_owned);
    Ok(NewBooking {
        event_type_id: event_type.id,
        host,
        times,
        status: old.status,
        attendee,
        guests: old.guests().into_iter().map(str::to_owned).collect(),
        metadata: old.metadata.clone(),
        responses: old.responses.clone(),
        notes: old.description.clone(),
        kind: Into::Move { from: uid.to_owned(), by: text("rescheduledBy"), reason: text("reschedulingReason") },
    })
}

pub(crate) fn check_cancel(state: &mut State, call: &Call) -> Result<Cancellation, Trouble> {
    call.only(&["cancellationReason", "cancelSubsequentBookings", "seatUid"])?;
    let uid = uid_of(call);
    let booking = state.find(uid).ok_or_else(|| Trouble::not_found(format!("Booking with uid={uid} not found")))?;
    if !booking.status.is_live() {
        return Err(Trouble::bad_request(format!(
            "Can't cancel booking with uid={uid} because it has been cancelled already. Please provide uid of a \
             booking that is not cancelled."
        )));
    }
    let reason = call.text("cancellationReason").unwrap_or_default();
    if reason.is_empty() && call.caller.user() == Some(booking.host_id) {
        return Err(Trouble::Flat {
            status: 400,
            message: "Cancellation reason is required when you are the host".to_owned(),
        });
    }
    let series = call.body.get("cancelSubsequentBookings").and_then(Value::as_bool) == Some(true);
    let uids = match &booking.recurring_uid {
        Some(id) if series => state
            .all()
            .filter(|other| other.recurring_uid.as_ref() == Some(id) && other.start >= booking.start)
            .filter(|other| other.status.is_live())
            .map(|other| other.uid.clone())
            .collect(),
        _ => vec![uid.to_owned()],
    };
    Ok(Cancellation { uids, reason: reason.to_owned(), series })
}

/// Cancels what passed the check, also what another request cancelled meanwhile: each of them tells the subscribers.
pub(crate) fn cancel(state: &mut State, plan: &Cancellation, now: Timestamp) -> Result<Reply, Trouble> {
    let mut told = Vec::new();
    let mut done = Vec::new();
    for uid in &plan.uids {
        let booking = state
            .change(uid, now, |booking| {
                booking.status = Status::Cancelled;
                booking.cancellation_reason = Some(plan.reason.clone());
                booking.ics_sequence += 1;
            })
            .ok_or_else(|| not_in_database(uid))?;
        told.extend(webhooks::tell(state, "BOOKING_CANCELLED", &booking, || payload::cancelled(state, &booking), now));
        done.push(render::booking(state, &booking));
    }
    let data = if plan.series { Value::Array(done) } else { done.into_iter().next().unwrap_or_default() };
    Ok(Reply::success(200, data).telling(told))
}

/// Confirming, declining, giving to another host, marking as absent.
pub(crate) fn decide(state: &mut State, call: &Call, uid: &str, decision: &str) -> Result<Reply, Trouble> {
    let booking = state.find(uid).ok_or_else(|| not_in_database(uid))?.clone();
    may_change(state, call, &booking)?;
    match decision {
        "confirm" | "decline" => confirm_or_decline(state, call, &booking, decision == "confirm"),
        "reassign" => reassign(state, call, &booking),
        _ if call.now < booking.start => Err(Trouble::bad_request(format!(
            "Bookings can only be marked as absent after their scheduled start time. Current time in UTC+0: {}, \
             Booking start time in UTC+0: {}",
            written(call.now),
            written(booking.start)
        ))),
        _ => Ok(Reply::success(200, render::booking(state, &booking))),
    }
}

fn confirm_or_decline(state: &mut State, call: &Call, booking: &Booking, yes: bool) -> Result<Reply, Trouble> {
    if booking.status != Status::Pending {
        return Err(Trouble::bad_request("Booking already confirmed"));
    }
    if yes && state.key_is_taken(booking.start, booking.end, booking.host_id, &booking.uid) {
        return Err(Trouble::raced());
    }
    let reason = call.text("reason").map(str::to_owned);
    let changed = state.change(&booking.uid, call.now, |booking| {
        booking.status = if yes { Status::Accepted } else { Status::Rejected };
        booking.rejection_reason = reason;
    });
    let booking = changed.ok_or_else(|| not_in_database(&booking.uid))?;
    let trigger = if yes { "BOOKING_CREATED" } else { "BOOKING_REJECTED" };
    let told: Vec<Delivery> = webhooks::tell(state, trigger, &booking, || payload::decided(state, &booking), call.now);
    Ok(Reply::success(200, render::booking(state, &booking)).telling(told))
}

fn reassign(state: &mut State, call: &Call, booking: &Booking) -> Result<Reply, Trouble> {
    let event_type = state.event_types.get(&booking.event_type_id).ok_or_else(|| not_in_database(&booking.uid))?;
    let others: Vec<u64> = event_type.hosts.iter().copied().filter(|host| *host != booking.host_id).collect();
    let times = [(booking.start, booking.end)];
    let host = if others.is_empty() { None } else { choose_host(state, event_type, &others, &times, &booking.uid) };
    let host = host.ok_or_else(|| busy(event_type))?;
    state.change(&booking.uid, call.now, |booking| booking.host_id = host);
    let user = state.users.get(&host).map(|person| {
        json!({
            "id": person.user.id, "name": person.user.name, "email": person.user.email,
        })
    });
    Ok(Reply::success(200, json!({ "bookingUid": booking.uid, "reassignedTo": user })))
}

/// Only the host and those who lead the host's team decide about a booking.
pub(crate) fn may_change(state: &State, call: &Call, booking: &Booking) -> Result<(), Trouble> {
    let team = state.event_types.get(&booking.event_type_id).and_then(|event_type| event_type.team_id);
    let may = call
        .caller
        .user()
        .is_some_and(|user| user == booking.host_id || team.is_some_and(|team| state.leads(user, team)));
    if may { Ok(()) } else { Err(Trouble::forbidden("BookingUidGuard - user does not have access to this booking")) }
}

pub(crate) fn not_in_database(uid: &str) -> Trouble {
    Trouble::not_found(format!("Booking with uid={uid} was not found in the database"))
}

fn uid_of(call: &Call) -> &str {
    call.segments.get(2).map(String::as_str).unwrap_or_default()
}
