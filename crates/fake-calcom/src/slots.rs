//! When somebody is free.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde_json::{Map, Value, json};

use crate::bookings::{Booking, Status};
use crate::errors::Trouble;
use crate::state::State;
use crate::time::{bound_from, bound_until, minutes_earlier, minutes_later, offset_minutes, written_in, zone};
use crate::wire::Call;
use crate::world::EventType;

const KNOWN: &[&str] = &[
    "bookingUidToReschedule",
    "start",
    "end",
    "organizationSlug",
    "teamSlug",
    "username",
    "eventTypeSlug",
    "eventTypeId",
    "usernames",
    "format",
    "duration",
    "timeZone",
    "rrHostSubsetIds",
];

/// No query looks further than this.
const FARTHEST_DAYS: i64 = 400;

/// `GET /v2/slots`, with the cache that makes the same query hear the same answer for two seconds.
pub(crate) fn get(state: &mut State, call: &Call) -> Result<Value, Trouble> {
    if let Some((made, kept)) = state.slot_cache.get(&call.target) {
        let age = call.now.duration_since(*made);
        if !age.is_negative() && age < SignedDuration::from_millis(state.server.slots_cache_ttl_ms) {
            return Ok(kept.clone());
        }
    }
    let answer = fresh(state, call)?;
    if state.slot_cache.len() > 10_000 {
        state.slot_cache.clear();
    }
    state.slot_cache.insert(call.target.clone(), (call.now, answer.clone()));
    Ok(answer)
}

fn fresh(state: &State, call: &Call) -> Result<Value, Trouble> {
    let unknown =
        call.query.iter().map(|(key, _)| key.split('[').next().unwrap_or(key)).find(|key| !KNOWN.contains(key));
    if let Some(key) = unknown {
        return Err(Trouble::unknown_property(key));
    }
    let bound = |name: &str, read: fn(&str) -> Option<Timestamp>| {
        let complaint = format!("{name} must be a valid ISO 8601 date string");
        call.query(name).and_then(read).ok_or_else(|| Trouble::property(name, &complaint))
    };
    let from = bound("start", bound_from)?;
    let until = bound("end", bound_until)?;
    let zone = match call.query("timeZone") {
        Some(name) => {
            Some(zone(name).ok_or_else(|| Trouble::property("timeZone", "timeZone must be a valid IANA time-zone"))?)
        }
        None => None,
    };
    let fixed = zone.filter(|zone| !zone.iana_name().is_some_and(|name| name.eq_ignore_ascii_case("utc")));
    let event_type = asked_for(state, call).ok_or_else(|| Trouble::not_found("Event Type not found"))?;
    let length = call.query("duration").and_then(|text| text.parse().ok()).unwrap_or(event_type.length_in_minutes);
    let ignore = call.query("bookingUidToReschedule").unwrap_or_default();
    let wanted: Vec<u64> = call.query_list("rrHostSubsetIds").iter().filter_map(|id| id.parse().ok()).collect();
    let hosts: Vec<u64> = if event_type.rr_host_subset_enabled && !wanted.is_empty() {
        event_type.hosts.iter().copied().filter(|host| wanted.contains(host)).collect()
    } else {
        event_type.hosts.clone()
    };
    let window = Window { from, until, now: call.now, length };
    let mut starts = BTreeMap::new();
    for host in hosts {
        for start in starts_of(state, event_type, host, window, ignore) {
            starts.insert(start, ());
        }
    }
    let range = call.query("format") == Some("range");
    let mut days: Map<String, Value> = Map::new();
    for start in starts.into_keys() {
        let day = fixed.as_ref().unwrap_or(&TimeZone::UTC).to_datetime(start).date().to_string();
        let mut slot = json!({ "start": written_in(start, fixed.as_ref()) });
        if range && let Some(slot) = slot.as_object_mut() {
            slot.insert("end".to_owned(), json!(written_in(minutes_later(start, length), fixed.as_ref())));
        }
        if let (Some(seats), Some(slot)) = (event_type.seats, slot.as_object_mut()) {
            let seated = seated_at(state, event_type, start, Some(call.now));
            let booked = seated.map_or(0, |booking| booking.attendees.len());
            slot.insert("seatsBooked".to_owned(), json!(booked));
            slot.insert("seatsRemaining".to_owned(), json!(seats.seats_per_time_slot.saturating_sub(booked)));
            slot.insert("seatsTotal".to_owned(), json!(seats.seats_per_time_slot));
            if let Some(booking) = seated {
                slot.insert("bookingUid".to_owned(), json!(booking.uid));
            }
        }
        if let Value::Array(slots) = days.entry(day).or_insert_with(|| json!([])) {
            slots.push(slot);
        }
    }
    Ok(json!({ "data": days, "status": "success" }))
}

fn asked_for<'a>(state: &'a State, call: &Call) -> Option<&'a EventType> {
    if let Some(id) = call.query("eventTypeId") {
        return state.event_types.get(&id.parse().ok()?);
    }
    by_slug(state, call.query("eventTypeSlug")?, call.query("username"), call.query("teamSlug"))
}

/// The event type of a user or a team by its name in addresses.
pub(crate) fn by_slug<'a>(
    state: &'a State,
    slug: &str,
    username: Option<&str>,
    team: Option<&str>,
) -> Option<&'a EventType> {
    let owner = username.and_then(|name| state.users.values().find(|person| person.user.username == name));
    let team = team.and_then(|name| state.teams.values().find(|team| team.slug == name));
    state.event_types.values().find(|event_type| {
        event_type.slug == slug
            && (owner.is_some_and(|person| event_type.owner_id == Some(person.user.id))
                || team.is_some_and(|team| event_type.team_id == Some(team.id)))
    })
}

/// The booking whose seats are taken at that time.
pub(crate) fn seated_at<'a>(
    state: &'a State,
    event_type: &EventType,
    start: Timestamp,
    seen_at: Option<Timestamp>,
) -> Option<&'a Booking> {
    let fits = |booking: &&Booking| {
        booking.event_type_id == event_type.id && booking.start == start && booking.status == Status::Accepted
    };
    match seen_at {
        Some(now) => state.all_seen(now).find(fits),
        None => state.all().find(fits),
    }
}

#[derive(Clone, Copy)]
struct Window {
    from: Timestamp,
    until: Timestamp,
    now: Timestamp,
    length: i64,
}

fn starts_of(state: &State, event_type: &EventType, host: u64, window: Window, ignore: &str) -> Vec<Timestamp> {
    let Some(week) = state.users.get(&host).and_then(|person| person.week.as_ref()) else { return Vec::new() };
    let earliest = minutes_later(window.now, event_type.minimum_booking_notice).max(window.from);
    let farthest = window.until.min(minutes_later(window.from, FARTHEST_DAYS * 24 * 60));
    let mut busy = busy(state, event_type, host, ignore, Some(window.now));
    busy.extend(
        state
            .live_reservations(window.now)
            .filter(|held| match held.host_id {
                Some(other) => other == host,
                None => event_type.id == held.event_type_id,
            })
            .map(|held| (held.start, held.end)),
    );
    busy.sort_unstable();
    let mut starts = Vec::new();
    let mut date = week.zone.to_datetime(window.from).date();
    let last = week.zone.to_datetime(farthest).date();
    while date <= last {
        for (open, close) in week.on(date) {
            let (open, close) = (open.max(window.from), close.min(a_second_later(farthest)));
            for (open, close) in free(open, close, &busy) {
                lay_out(&mut starts, event_type, &week.zone, open.max(earliest), close, window.length);
            }
        }
        let Ok(next) = date.checked_add(1.day()) else { break };
        date = next;
    }
    starts
}

/// Lays starts into free time, on the grid of the hour that fits the interval.
fn lay_out(
    starts: &mut Vec<Timestamp>,
    event_type: &EventType,
    zone: &TimeZone,
    open: Timestamp,
    close: Timestamp,
    length: i64,
) {
    let interval = event_type.interval();
    let grid = [60, 30, 15, 10, 5].into_iter().find(|grid| interval % grid == 0).unwrap_or(1);
    let mut start = on_grid(open, grid, zone);
    while minutes_later(start, length) <= close {
        starts.push(start);
        start = minutes_later(start, interval);
    }
}

fn on_grid(instant: Timestamp, grid: i64, zone: &TimeZone) -> Timestamp {
    let step = grid * 60;
    let local = instant.as_second() + i64::from(offset_minutes(zone, instant)) * 60;
    let ahead = if instant.subsec_nanosecond() > 0 { 1 } else { 0 };
    let missing = (step - (local + ahead).rem_euclid(step)) % step;
    Timestamp::from_second(instant.as_second() + ahead + missing).unwrap_or(instant)
}

/// What is left of an opening time.
fn free(open: Timestamp, close: Timestamp, busy: &[(Timestamp, Timestamp)]) -> Vec<(Timestamp, Timestamp)> {
    let mut left = Vec::new();
    let mut from = open;
    for (start, end) in busy {
        if *end <= from || close <= *start {
            continue;
        }
        if from < *start {
            left.push((from, *start));
        }
        from = from.max(*end);
    }
    if from < close {
        left.push((from, close));
    }
    left
}

/// When a host is taken, with the buffers of both sides; seats of the same event type do not take each other's time.
fn busy(
    state: &State,
    event_type: &EventType,
    host: u64,
    ignore: &str,
    seen_at: Option<Timestamp>,
) -> Vec<(Timestamp, Timestamp)> {
    let taken = |booking: &Booking| {
        if booking.host_id != host || booking.uid == ignore || !booking.status.is_live() {
            return None;
        }
        let other = state.event_types.get(&booking.event_type_id);
        if booking.status == Status::Pending && !other.is_some_and(EventType::pending_blocks) {
            return None;
        }
        if event_type.seats.is_some() && booking.event_type_id == event_type.id {
            return None;
        }
        let (before, after) = other.map_or((0, 0), |other| (other.before_event_buffer, other.after_event_buffer));
        Some((
            minutes_earlier(booking.start, before + event_type.after_event_buffer),
            minutes_later(booking.end, after + event_type.before_event_buffer),
        ))
    };
    match seen_at {
        Some(now) => state.all_seen(now).filter_map(taken).collect(),
        None => state.all().filter_map(taken).collect(),
    }
}

/// Whether a host works then and is not taken: the check before an insert.
pub(crate) fn is_free(
    state: &State,
    event_type: &EventType,
    host: u64,
    start: Timestamp,
    end: Timestamp,
    ignore: &str,
) -> bool {
    let works =
        state.users.get(&host).and_then(|person| person.week.as_ref()).is_some_and(|week| week.covers(start, end));
    works && !busy(state, event_type, host, ignore, None).iter().any(|(from, until)| *from < end && start < *until)
}

/// Date-only bounds end at 23:59:59; what ends at midnight still fits.
fn a_second_later(instant: Timestamp) -> Timestamp {
    instant.checked_add(SignedDuration::from_secs(1)).unwrap_or(instant)
}
