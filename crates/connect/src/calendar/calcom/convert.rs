//! Cal.com's words ↔ ours.

use std::collections::BTreeMap;

use frontdesk_domain::calendar::stamp::{self, Stamp};
use frontdesk_domain::calendar::{self, EventType, Host, RemoteBooking, RemoteStatus, RemoteUid};
use frontdesk_domain::lang::Lang;
use frontdesk_domain::pii::Phone;
use jiff::Timestamp;
use serde_json::Value;

use super::wire;

/// The longest text a form's field or a metadata value may have there.
const TEXT_CHARS: usize = 500;

/// An instant, with `Z`: Cal.com takes a time without an offset for UTC, and we leave it no choice.
pub(super) fn written(instant: Timestamp) -> String {
    instant.to_string()
}

/// An instant with whatever offset; a time without one is none.
pub(super) fn instant(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

/// A booking; `None` if it lacks what nothing can be said without: name, times, standing.
pub(super) fn booking(from: wire::Booking) -> Option<RemoteBooking> {
    let time = |one: &Option<String>, other: &Option<String>| instant(one.as_deref().or(other.as_deref())?);
    let start = time(&from.start, &from.start_time)?;
    let end = time(&from.end, &from.end_time)?;
    let status = status(from.status.as_deref()?)?;
    let event_type = from.event_type_id.or(from.event_type.and_then(|of| of.id)).map(EventType);
    let host = |person: wire::Person| (person.id.or(person.user_id).map(Host), person.name.unwrap_or_default());
    Some(RemoteBooking {
        uid: uid(Some(from.uid))?,
        number: from.id,
        ics_uid: from.ics_uid.or(from.ical_uid).filter(|name| !name.is_empty()),
        event_type,
        start,
        end,
        status,
        hosts: from.hosts.into_iter().map(host).collect(),
        stamp: stamp(&from.metadata),
        moved_to: uid(from.rescheduled_to_uid),
        moved_from: uid(from.rescheduled_from_uid),
        created: from.created_at.as_deref().and_then(instant),
        updated: from.updated_at.as_deref().and_then(instant),
    })
}

/// A uid, where there is one.
pub(super) fn uid(text: Option<String>) -> Option<RemoteUid> {
    text.filter(|uid| !uid.is_empty()).map(RemoteUid::new)
}

/// Where a booking stands, in small letters or, in old versions and webhooks, in large ones.
pub(super) fn status(word: &str) -> Option<RemoteStatus> {
    match word.to_ascii_lowercase().as_str() {
        "accepted" => Some(RemoteStatus::Accepted),
        "pending" | "awaiting_host" => Some(RemoteStatus::Pending),
        "cancelled" | "canceled" => Some(RemoteStatus::Cancelled),
        "rejected" => Some(RemoteStatus::Rejected),
        _ => None,
    }
}

/// Our mark in a booking's metadata, also where those were written as a text.
pub(super) fn stamp(metadata: &Value) -> Option<Stamp> {
    if let Value::String(text) = metadata {
        let inner: Value = serde_json::from_str(text).ok()?;
        return if inner.is_object() { stamp(&inner) } else { None };
    }
    let text = |key: &str| metadata.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    Some(Stamp { op: text(stamp::OP)?.to_owned(), mac: text(stamp::MAC)?.to_owned() })
}

/// Free starts between two instants, in order; `None` if there are some and none reads.
pub(super) fn slots(from: wire::Slots, first: Timestamp, until: Timestamp) -> Option<Vec<Timestamp>> {
    let all: Vec<wire::Slot> = match from {
        wire::Slots::Deeper { slots } | wire::Slots::ByDay(slots) => slots.into_values().flatten().collect(),
        wire::Slots::Flat(slots) => slots,
    };
    let any = !all.is_empty();
    let mut readable = false;
    let mut starts = Vec::new();
    for slot in all {
        let (start, free) = match slot {
            wire::Slot::Bare(start) => (instant(&start), true),
            wire::Slot::Full(slot) => {
                let free = !slot.away && slot.seats_remaining.is_none_or(|seats| seats > 0);
                (slot.start.or(slot.time).as_deref().and_then(instant), free)
            }
        };
        readable |= start.is_some();
        starts.extend(start.filter(|start| free && (first..until).contains(start)));
    }
    if any && !readable {
        return None;
    }
    starts.sort_unstable();
    starts.dedup();
    Some(starts)
}

/// The body of a new booking.
pub(super) fn new_booking(of: &calendar::NewBooking) -> wire::NewBooking<'_> {
    let mut fields: BTreeMap<&str, &str> = BTreeMap::new();
    if let Some(notes) = &of.notes {
        fields.insert("notes", first_chars(notes.reveal(), TEXT_CHARS));
    }
    // What the operator set for the form counts more than what the caller said.
    fields.extend(of.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    wire::NewBooking {
        start: written(of.start),
        event_type_id: of.event_type.0,
        attendee: attendee(&of.attendee),
        metadata: BTreeMap::from([(stamp::OP, of.stamp.op.as_str()), (stamp::MAC, of.stamp.mac.as_str())]),
        booking_fields_responses: fields,
        routing: of.host.map(|host| wire::Routing { response_id: 0, team_member_ids: [host.0] }),
    }
}

/// Whom a booking is for, in their words.
pub(super) fn attendee(of: &calendar::Attendee) -> wire::Attendee<'_> {
    wire::Attendee {
        name: of.name.reveal(),
        email: of.email.reveal(),
        time_zone: &of.zone,
        language: match of.lang {
            Lang::De => "de",
            Lang::En => "en",
        },
        phone_number: of.phone.as_ref().and_then(dialable),
    }
}

/// A number as everybody can dial it; Cal.com checks nothing and would keep a placeholder.
fn dialable(phone: &Phone) -> Option<&str> {
    let digits = phone.reveal().strip_prefix('+')?;
    let fits = (7..=15).contains(&digits.len())
        && !digits.starts_with('0')
        && digits.bytes().all(|byte| byte.is_ascii_digit());
    fits.then_some(phone.reveal())
}

fn first_chars(text: &str, most: usize) -> &str {
    text.char_indices().nth(most).and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}
