//! A calendar outside, as the desk speaks of it: what is asked, and what is known afterwards. Four outcomes, never two.

pub mod breaker;
pub mod budget;
pub mod difference;
pub mod event;
pub mod link;
pub mod retry;
pub mod rules;
pub mod stamp;

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::lang::Lang;
use crate::pii::{Email, PersonName, Phone, Pii};
use stamp::Stamp;

/// A calendar's own number of something that can be booked there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct EventType(pub u64);

/// A calendar's own number of a person who can be booked there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Host(pub u64);

/// What a calendar calls one of its bookings. Whoever knows it can read and cancel the booking, so it is masked, never
/// spoken, and never taken from a caller.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RemoteUid(String);

impl RemoteUid {
    /// Takes it as the calendar wrote it.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the calendar and the store.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for RemoteUid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("•••")
    }
}

/// Where a remote booking stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RemoteStatus {
    /// It takes place.
    Accepted,
    /// It waits for somebody there to say yes.
    Pending,
    /// It does not take place (any more).
    Cancelled,
    /// Somebody there said no.
    Rejected,
}

impl RemoteStatus {
    /// Whether it takes up time there.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Accepted | Self::Pending)
    }
}

/// A booking as the calendar tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteBooking {
    /// Its name there, new with every move.
    pub uid: RemoteUid,
    /// Its number there.
    pub number: Option<i64>,
    /// Its name that survives moves.
    pub ics_uid: Option<String>,
    /// What was booked.
    pub event_type: Option<EventType>,
    /// From when.
    pub start: Timestamp,
    /// Until when.
    pub end: Timestamp,
    /// Where it stands.
    pub status: RemoteStatus,
    /// Who serves: number and name there.
    pub hosts: Vec<(Option<Host>, String)>,
    /// Our mark, if it carries one; whether it is true only the desk can tell.
    pub stamp: Option<Stamp>,
    /// Where it was moved to, if it was.
    pub moved_to: Option<RemoteUid>,
    /// What it was moved from.
    pub moved_from: Option<RemoteUid>,
    /// When it was made there.
    pub created: Option<Timestamp>,
    /// When it was last changed there.
    pub updated: Option<Timestamp>,
}

/// What is known after a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told<T> {
    /// It happened, and this is what came back.
    Done(T),
    /// It did not happen, for certain.
    Refused(Refusal),
    /// It never left us: no effect, for certain.
    Unsent(Unsent),
    /// It was sent; whether it had its effect is not known.
    Unknown(Doubt),
}

impl<T> Told<T> {
    /// The same with another value inside.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Told<U> {
        match self {
            Self::Done(value) => Told::Done(change(value)),
            Self::Refused(refusal) => Told::Refused(refusal),
            Self::Unsent(unsent) => Told::Unsent(unsent),
            Self::Unknown(doubt) => Told::Unknown(doubt),
        }
    }

    /// A short word for logs, metrics and `sync_error_code`; `None`: done.
    pub fn error_code(&self) -> Option<&'static str> {
        match self {
            Self::Done(_) => None,
            Self::Refused(refusal) => Some(refusal.code()),
            Self::Unsent(unsent) => Some(unsent.code()),
            Self::Unknown(doubt) => Some(doubt.code()),
        }
    }
}

/// Why a calendar certainly did not do it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Somebody has that time, or nobody works then.
    Taken,
    /// That time is over, or too soon by the calendar's own rule.
    TooSoon,
    /// The key is not (or no longer) good for this.
    KeyRefused,
    /// No such event type or booking.
    NotFound,
    /// The booking was cancelled before.
    AlreadyCancelled,
    /// The booking was moved before; there it is now, if the calendar said so.
    MovedAway(Option<RemoteUid>),
    /// The calendar cannot do this at all (no such endpoint, a primary attendee that stays).
    NotSupported,
    /// The calendar found our request wrong; which field, in its words without values.
    Invalid(String),
}

impl Refusal {
    /// The word in logs, metrics and `sync_error_code`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::TooSoon => "too_soon",
            Self::KeyRefused => "key_refused",
            Self::NotFound => "not_found",
            Self::AlreadyCancelled => "already_cancelled",
            Self::MovedAway(_) => "moved_away",
            Self::NotSupported => "not_supported",
            Self::Invalid(_) => "invalid",
        }
    }
}

/// Why a request never left us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unsent {
    /// The calendar failed too often lately.
    BreakerOpen,
    /// As many requests as the key allows were sent in the last minute.
    Budget,
    /// Too many requests of this tenant are under way.
    Bulkhead,
    /// No connection came about.
    NoConnection,
    /// Another booking of the same pool is under way.
    Queued,
    /// No time was left before the caller had to be answered.
    NoTime,
    /// There is no usable key or address for this calendar.
    NotSetUp,
}

impl Unsent {
    /// The word in logs, metrics and `sync_error_code`.
    pub fn code(self) -> &'static str {
        match self {
            Self::BreakerOpen => "breaker_open",
            Self::Budget => "rate_budget",
            Self::Bulkhead => "bulkhead",
            Self::NoConnection => "no_connection",
            Self::Queued => "queued",
            Self::NoTime => "no_time",
            Self::NotSetUp => "not_set_up",
        }
    }
}

/// Why it is not known whether a request had its effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Doubt {
    /// No answer before the deadline.
    TimedOut,
    /// The connection broke after sending.
    Lost,
    /// The server failed (5xx).
    ServerError,
    /// The server said that too much was asked, after the request was sent.
    RateLimited,
    /// The answer does not read.
    Unreadable,
}

impl Doubt {
    /// The word in logs, metrics and `sync_error_code`.
    pub fn code(self) -> &'static str {
        match self {
            Self::TimedOut => "timed_out",
            Self::Lost => "lost",
            Self::ServerError => "server_error",
            Self::RateLimited => "rate_limited",
            Self::Unreadable => "unreadable",
        }
    }
}

/// Which free starts to ask for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SlotQuery {
    /// Of what.
    pub event_type: EventType,
    /// First instant asked for.
    pub from: Timestamp,
    /// First instant not asked for any more.
    pub until: Timestamp,
    /// A booking that is to be moved, and so is not in its own way.
    pub moving: Option<RemoteUid>,
}

/// A booking to be made.
#[derive(Clone, Debug, PartialEq)]
pub struct NewBooking {
    /// Our mark on it.
    pub stamp: Stamp,
    /// Of what.
    pub event_type: EventType,
    /// From when.
    pub start: Timestamp,
    /// For whom.
    pub attendee: Attendee,
    /// By whom, where the calendar would choose otherwise.
    pub host: Option<Host>,
    /// What the calendar's own form wants to know, by its field names.
    pub fields: BTreeMap<String, String>,
    /// What the caller wanted known.
    pub notes: Option<Pii<String>>,
}

/// Who a remote booking is for.
#[derive(Clone, Debug, PartialEq)]
pub struct Attendee {
    /// As known here.
    pub name: PersonName,
    /// The customer's address, or one of ours that leads nowhere, unique for this booking.
    pub email: Email,
    /// A real number; placeholders are never sent.
    pub phone: Option<Phone>,
    /// IANA name of the branch's zone.
    pub zone: String,
    /// The language mails go out in.
    pub lang: Lang,
}

/// How a booking of ours is looked for when nothing but our own rows is known of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Find {
    /// Of what.
    pub event_type: EventType,
    /// The address it was made with.
    pub attendee: Email,
    /// When it should start.
    pub start: Timestamp,
}

/// A page of bookings that changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The bookings, by the time of their change.
    pub bookings: Vec<RemoteBooking>,
    /// There are more behind these.
    pub more: bool,
}

/// How an e-mail address came to a remote booking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carried {
    /// As a further attendee.
    Attendee,
    /// As a guest.
    Guest,
    /// It was there already.
    Before,
}

/// What a calendar offers, for the import and for `doctor`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Catalogue {
    /// Everything that can be booked with this key.
    pub event_types: Vec<EventTypeInfo>,
    /// Where our webhooks are sent to there, with whether they are signed.
    pub webhooks: Vec<(String, bool)>,
    /// The calendar's clock when it answered.
    pub clock: Option<Timestamp>,
    /// Requests a minute this key may make, if the calendar says.
    pub per_minute: Option<u32>,
    /// Whose key it is: number, name, zone.
    pub owner: Option<(Host, String, String)>,
}

/// Something that can be booked in a calendar.
#[derive(Clone, Debug, PartialEq)]
pub struct EventTypeInfo {
    /// Its number.
    pub id: EventType,
    /// Its name.
    pub title: String,
    /// Its short name in addresses.
    pub slug: String,
    /// Its length in minutes.
    pub minutes: u16,
    /// Minutes kept free before and after.
    pub buffers: (u16, u16),
    /// The team it belongs to.
    pub team: Option<u64>,
    /// How hosts are chosen.
    pub scheduling: Scheduling,
    /// Who serves: number and name.
    pub hosts: Vec<(Host, String)>,
    /// Somebody there must say yes first.
    pub confirmation: bool,
    /// Seats of one booking, if there are several.
    pub seats: Option<u32>,
    /// Names of the fields its form demands beside name and e-mail.
    pub required_fields: Vec<String>,
    /// A phone number is demanded.
    pub phone_required: bool,
    /// Hidden from the public page.
    pub hidden: bool,
}

/// How a calendar chooses who serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheduling {
    /// One person's own.
    Own,
    /// The calendar picks one of several.
    RoundRobin,
    /// All of them together.
    Collective,
    /// A template that cannot be booked itself.
    ManagedParent,
}
