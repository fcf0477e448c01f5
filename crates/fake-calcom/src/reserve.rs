//! Reservations: a courtesy that hides a slot for some minutes. They are no lock, here as there.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::bookings::Status;
use crate::errors::Trouble;
use crate::fake::Reply;
use crate::state::{Reservation, State};
use crate::time::{instant, minutes_later, written};
use crate::wire::Call;
use crate::world::EventType;

const KNOWN: &[&str] = &["eventTypeId", "slotStart", "slotDuration", "reservationDuration"];

/// A reservation that passed the check.
#[derive(Debug)]
pub(crate) struct NewReservation {
    event_type_id: u64,
    host: Option<u64>,
    start: Timestamp,
    minutes: i64,
    hold: i64,
}

pub(crate) fn check(state: &mut State, call: &Call) -> Result<NewReservation, Trouble> {
    let plan = read(state, call)?;
    let end = minutes_later(plan.start, plan.minutes);
    let Some(event_type) = state.event_types.get(&plan.event_type_id) else { return Err(no_event_type(0)) };
    let held = |host: Option<u64>| {
        state
            .live_reservations(call.now)
            .any(|other| other.event_type_id == event_type.id && other.start == plan.start && other.host_id == host)
    };
    let booked = |host: Option<u64>| {
        state.all().any(|other| {
            other.event_type_id == event_type.id
                && other.start == plan.start
                && other.end == end
                && other.status == Status::Accepted
                && host.is_none_or(|host| other.host_id == host)
        })
    };
    if event_type.is_round_robin() {
        let free = event_type.hosts.iter().copied().find(|host| !held(Some(*host)) && !booked(Some(*host)));
        let host = free.ok_or_else(|| {
            Trouble::unprocessable(
                "Can't reserve the slot because the round robin event type has no available hosts left at this time slot.",
            )
        })?;
        return Ok(NewReservation { host: Some(host), ..plan });
    }
    let host = event_type.hosts.first().copied();
    if event_type.seats.is_none() && booked(None) {
        return Err(Trouble::unprocessable("Can't reserve a slot if the event is already booked."));
    }
    if event_type.seats.is_none() && held(host) {
        return Err(Trouble::unprocessable(
            "This time slot is already reserved by another user. Please choose a different time.",
        ));
    }
    Ok(NewReservation { host, ..plan })
}

fn read(state: &State, call: &Call) -> Result<NewReservation, Trouble> {
    call.only(KNOWN)?;
    let id = call
        .number("eventTypeId")
        .ok_or_else(|| Trouble::property("eventTypeId", "eventTypeId must be an integer number"))?;
    let start = call
        .text("slotStart")
        .and_then(instant)
        .ok_or_else(|| Trouble::property("slotStart", "slotStart must be a valid ISO 8601 date string"))?;
    let found = u64::try_from(id).ok().and_then(|id| state.event_types.get(&id));
    let hold = call.number("reservationDuration");
    if hold.is_some() && call.caller.user().is_none() {
        return Err(Trouble::unauthorized(
            "reservationDuration can only be used for authenticated requests - use access token, api key or OAuth credentials",
        ));
    }
    let event_type = found.ok_or_else(|| no_event_type(id))?;
    if hold.is_some() && !call.caller.user().is_some_and(|user| may_hold(state, event_type, user)) {
        return Err(Trouble::forbidden(
            "reservationDuration can only be used for event types of your own or of your team",
        ));
    }
    Ok(NewReservation {
        event_type_id: event_type.id,
        host: None,
        start,
        minutes: call.number("slotDuration").unwrap_or(event_type.length_in_minutes),
        hold: hold.unwrap_or(state.server.reservation_default_minutes),
    })
}

fn may_hold(state: &State, event_type: &EventType, user: u64) -> bool {
    event_type.owner_id == Some(user)
        || event_type
            .team_id
            .and_then(|team| state.teams.get(&team))
            .is_some_and(|team| team.members.iter().any(|member| member.user_id == user))
}

fn no_event_type(id: i64) -> Trouble {
    Trouble::not_found(format!("Event Type with ID={id} not found"))
}

/// The insert has no unique key: whoever passed the check in time gets a reservation.
pub(crate) fn insert(state: &mut State, plan: &NewReservation, now: Timestamp) -> Reply {
    let uid = state.rng.uuid();
    let kept = keep(plan, uid, now);
    let data = written_out(plan, &kept);
    state.reservations.retain(|other| now < other.until);
    state.reservations.push(kept);
    Reply::success(201, data)
}

fn keep(plan: &NewReservation, uid: String, now: Timestamp) -> Reservation {
    Reservation {
        uid,
        event_type_id: plan.event_type_id,
        host_id: plan.host,
        start: plan.start,
        end: minutes_later(plan.start, plan.minutes),
        until: minutes_later(now, plan.hold),
    }
}

fn written_out(plan: &NewReservation, kept: &Reservation) -> Value {
    let mut out = seen(kept);
    if let Some(out) = out.as_object_mut() {
        out.insert("reservationDuration".to_owned(), json!(plan.hold));
    }
    out
}

fn seen(kept: &Reservation) -> Value {
    json!({
        "eventTypeId": kept.event_type_id,
        "slotStart": written(kept.start),
        "slotEnd": written(kept.end),
        "slotDuration": kept.end.duration_since(kept.start).as_mins(),
        "reservationUid": kept.uid,
        "reservationUntil": written(kept.until),
    })
}

/// `GET`, `PATCH` and `DELETE` of one reservation.
pub(crate) fn other(state: &mut State, call: &Call, uid: &str) -> Result<Reply, Trouble> {
    let place = state.reservations.iter().position(|kept| kept.uid == uid && call.now < kept.until);
    match call.method.as_str() {
        "GET" => {
            let kept = place.and_then(|place| state.reservations.get(place));
            Ok(Reply::success(200, kept.map_or(Value::Null, seen)))
        }
        "DELETE" => {
            state.reservations.retain(|kept| kept.uid != uid);
            Ok(Reply::raw(200, json!({ "status": "success" })))
        }
        _ => {
            let plan = read(state, call)?;
            let kept = place.and_then(|place| state.reservations.get_mut(place));
            let kept = kept.ok_or_else(|| Trouble::not_found(format!("Reservation with uid={uid} not found")))?;
            *kept = Reservation { host_id: kept.host_id, ..keep(&plan, uid.to_owned(), call.now) };
            let data = written_out(&plan, kept);
            Ok(Reply::success(200, data))
        }
    }
}
