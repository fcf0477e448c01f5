//! Reading bookings.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::bookings::{Booking, Status};
use crate::change::not_in_database;
use crate::errors::Trouble;
use crate::fake::Reply;
use crate::render;
use crate::state::State;
use crate::time::instant;
use crate::wire::{Call, Version};

const STATUSES: &[&str] = &["upcoming", "recurring", "past", "cancelled", "unconfirmed"];

/// `GET /v2/bookings/{uid}`: for anybody who knows the uid, whoever asks.
pub(crate) fn get(state: &State, call: &Call, uid: &str) -> Result<Reply, Trouble> {
    let booking = state.find_seen(uid, call.now).ok_or_else(|| not_in_database(uid))?;
    Ok(Reply::success(
        200,
        match call.version {
            Version::Bookings => render::booking(state, booking),
            _ => render::oldest(state, booking),
        },
    ))
}

/// What hangs on a booking: there are no external calendars, so there is nothing.
pub(crate) fn about(state: &State, call: &Call, uid: &str) -> Result<Reply, Trouble> {
    state.find_seen(uid, call.now).map(|_| Reply::success(200, json!([]))).ok_or_else(|| not_in_database(uid))
}

/// `GET /v2/bookings`: what the key's user may see. What it does not know in the query, it ignores.
pub(crate) fn list(state: &State, call: &Call) -> Result<Reply, Trouble> {
    let statuses = call.query_list("status");
    if statuses.iter().any(|status| !STATUSES.contains(status)) {
        return Err(Trouble::Invalid {
            errors: json!([{
                "target": { "status": statuses },
                "value": statuses,
                "property": "status",
                "children": [],
                "constraints": {
                    "isEnum": format!("Invalid status. Allowed are {}", STATUSES.join(", ")),
                },
            }]),
        });
    }
    let filter = Filter::read(call)?;
    let mut found: Vec<&Booking> = state
        .all_seen(call.now)
        .filter(|booking| may_see(state, call, booking))
        .filter(|booking| statuses.is_empty() || statuses.iter().any(|status| has(booking, status, call.now)))
        .filter(|booking| filter.fits(state, booking))
        .collect();
    sort(&mut found, call);
    let total = found.len();
    let number = |name: &str| call.query(name).and_then(|text| text.parse::<usize>().ok());
    let take = number("take").unwrap_or(100).clamp(1, 250);
    let skip = number("skip").unwrap_or(0);
    let page: Vec<Value> =
        found.into_iter().skip(skip).take(take).map(|booking| render::booking(state, booking)).collect();
    let returned = page.len();
    let remaining = total.saturating_sub(skip + returned);
    let pages = total.div_ceil(take);
    let current = if total == 0 { 0 } else { skip / take + 1 };
    Ok(Reply::raw(
        200,
        json!({
            "status": "success",
            "data": page,
            "pagination": {
                "returnedItems": returned,
                "totalItems": total,
                "itemsPerPage": take,
                "remainingItems": remaining,
                "currentPage": current,
                "totalPages": pages,
                "hasNextPage": remaining > 0,
                "hasPreviousPage": skip > 0 && total > 0,
            },
        }),
    ))
}

/// What one hosts, attends, or leads the team of.
fn may_see(state: &State, call: &Call, booking: &Booking) -> bool {
    let Some(person) = call.caller.user().and_then(|id| state.users.get(&id)) else { return false };
    let team = state.event_types.get(&booking.event_type_id).and_then(|event_type| event_type.team_id);
    booking.host_id == person.user.id
        || booking.attendees.iter().any(|who| who.email == person.user.email)
        || team.is_some_and(|team| state.leads(person.user.id, team))
}

fn has(booking: &Booking, status: &str, now: Timestamp) -> bool {
    match status {
        "upcoming" => booking.end >= now && booking.status.is_live(),
        "recurring" => booking.end >= now && booking.status.is_live() && booking.recurring_uid.is_some(),
        "past" => booking.end <= now && booking.status.is_live(),
        "cancelled" => !booking.status.is_live(),
        _ => booking.end >= now && booking.status == Status::Pending,
    }
}

/// The filters of one query.
struct Filter<'a> {
    attendee_email: Option<&'a str>,
    attendee_name: Option<&'a str>,
    uid: Option<&'a str>,
    event_types: Vec<&'a str>,
    teams: Vec<&'a str>,
    times: Vec<(Column, bool, Timestamp)>,
}

#[derive(Clone, Copy)]
enum Column {
    Start,
    End,
    Created,
    Updated,
}

impl Column {
    fn of(self, booking: &Booking) -> Timestamp {
        match self {
            Self::Start => booking.start,
            Self::End => booking.end,
            Self::Created => booking.created_at,
            Self::Updated => booking.updated_at,
        }
    }
}

impl<'a> Filter<'a> {
    fn read(call: &'a Call) -> Result<Self, Trouble> {
        let mut event_types = call.query_list("eventTypeIds");
        event_types.extend(call.query("eventTypeId"));
        let mut teams = call.query_list("teamsIds");
        teams.extend(call.query("teamId"));
        let mut times = Vec::new();
        for (name, column, after) in [
            ("afterStart", Column::Start, true),
            ("beforeEnd", Column::End, false),
            ("afterCreatedAt", Column::Created, true),
            ("beforeCreatedAt", Column::Created, false),
            ("afterUpdatedAt", Column::Updated, true),
            ("beforeUpdatedAt", Column::Updated, false),
        ] {
            if let Some(text) = call.query(name) {
                let complaint = format!("{name} must be a valid ISO 8601 date string");
                let at = instant(text).or_else(|| instant(&format!("{text}T00:00:00Z")));
                times.push((column, after, at.ok_or_else(|| Trouble::property(name, &complaint))?));
            }
        }
        Ok(Self {
            attendee_email: call.query("attendeeEmail"),
            attendee_name: call.query("attendeeName"),
            uid: call.query("bookingUid"),
            event_types,
            teams,
            times,
        })
    }

    fn fits(&self, state: &State, booking: &Booking) -> bool {
        let listed = |wanted: &[&str], number: u64| wanted.iter().any(|id| id.parse() == Ok(number));
        let team = || state.event_types.get(&booking.event_type_id).and_then(|event_type| event_type.team_id);
        self.attendee_email.is_none_or(|email| booking.attendees.iter().any(|who| who.email == email))
            && self.attendee_name.is_none_or(|name| booking.attendees.iter().any(|who| who.name == name))
            && self.uid.is_none_or(|uid| booking.uid == uid)
            && (self.event_types.is_empty() || listed(&self.event_types, booking.event_type_id))
            && (self.teams.is_empty() || team().is_some_and(|team| listed(&self.teams, team)))
            && self.times.iter().all(|(column, after, bound)| {
                let at = column.of(booking);
                if *after { at >= *bound } else { at <= *bound }
            })
    }
}

fn sort(found: &mut [&Booking], call: &Call) {
    let orders = [
        ("sortStart", Column::Start),
        ("sortEnd", Column::End),
        ("sortCreated", Column::Created),
        ("sortUpdatedAt", Column::Updated),
    ];
    let wanted = orders.into_iter().find_map(|(name, column)| call.query(name).map(|way| (column, way == "desc")));
    let (column, down) = wanted.unwrap_or((Column::Start, false));
    found.sort_by(|one, other| {
        let order = column.of(one).cmp(&column.of(other));
        // Of two at the same time the younger comes first, whichever way.
        if down { order.reverse() } else { order }.then(other.id.cmp(&one.id))
    });
}
