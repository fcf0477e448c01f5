//! The people, services and rules a fake begins with, as a file describes them.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A whole world, written like the `WORLD.json` of the recordings.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct World {
    /// The server's own rules.
    pub server: Server,
    /// Who has a calendar and a key.
    pub users: Vec<User>,
    /// Who works together.
    pub teams: Vec<Team>,
    /// What can be booked.
    pub event_types: Vec<EventType>,
    /// Who is told.
    pub webhooks: Vec<Hook>,
}

/// The rules of the server.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(default)]
pub struct Server {
    /// How long the same slot query hears the same answer, in milliseconds.
    pub slots_cache_ttl_ms: i64,
    /// How long a reservation holds unless it says otherwise, in minutes.
    pub reservation_default_minutes: i64,
    /// Requests a key has in 60 seconds.
    pub default_rate_limit_per_60s: u32,
    /// How long a key that asked too often hears nothing but 429, in seconds.
    pub block_after_limit_s: i64,
    /// Requests without a key in 60 seconds.
    pub unauthenticated_rate_limit_per_60s: u32,
    /// Whether bookings have an attendees endpoint, as from 2026 on.
    pub attendees_endpoint: bool,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            slots_cache_ttl_ms: 2000,
            reservation_default_minutes: 5,
            default_rate_limit_per_60s: 120,
            block_after_limit_s: 60,
            unauthenticated_rate_limit_per_60s: 120,
            attendees_endpoint: false,
        }
    }
}

/// A user with a key.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// The number.
    pub id: u64,
    /// The name in addresses.
    pub username: String,
    /// The name people see.
    pub name: String,
    /// The address.
    pub email: String,
    /// The IANA zone.
    pub time_zone: String,
    /// The language.
    #[serde(default = "german")]
    pub locale: String,
    /// 12 or 24.
    #[serde(default = "twenty_four")]
    pub time_format: u8,
    /// The first day of the week.
    #[serde(default = "monday")]
    pub week_start: String,
    /// The key, with its prefix `cal_`.
    pub api_key: String,
    /// Requests in 60 seconds, where it is not the server's number.
    #[serde(default, rename = "rate_limit_per_60s")]
    pub rate_limit_per_60s: Option<u32>,
    /// When this user works.
    #[serde(default)]
    pub schedule: Option<Schedule>,
}

/// When somebody works.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Schedule {
    /// The number.
    pub id: u64,
    /// The name.
    pub name: String,
    /// The IANA zone of the times.
    pub time_zone: String,
    /// Working hours by weekday.
    pub availability: Vec<Hours>,
    /// Other hours on single dates.
    #[serde(default)]
    pub overrides: Vec<Override>,
}

/// Working hours on some weekdays.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hours {
    /// English names of weekdays.
    pub days: Vec<String>,
    /// `HH:MM`.
    pub start_time: String,
    /// `HH:MM`.
    pub end_time: String,
}

/// The hours of one date.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Override {
    /// `YYYY-MM-DD`.
    pub date: String,
    /// `HH:MM`.
    pub start_time: String,
    /// `HH:MM`; the same as the start for a day off.
    pub end_time: String,
}

/// People who share event types.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Team {
    /// The number.
    pub id: u64,
    /// The name.
    pub name: String,
    /// The name in addresses.
    pub slug: String,
    /// The IANA zone.
    pub time_zone: String,
    /// The first day of the week.
    #[serde(default = "sunday")]
    pub week_start: String,
    /// Who belongs to it.
    pub members: Vec<Member>,
}

/// One member of a team.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// The number of the membership.
    pub membership_id: u64,
    /// Who.
    pub user_id: u64,
    /// `OWNER`, `ADMIN` or `MEMBER`.
    pub role: String,
}

/// What can be booked.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EventType {
    /// The number.
    pub id: u64,
    /// The name in addresses.
    pub slug: String,
    /// The name people see.
    pub title: String,
    /// How long it takes.
    pub length_in_minutes: i64,
    /// Minutes between two starts; the length where it is not given.
    pub slot_interval: Option<i64>,
    /// Minutes kept free before.
    pub before_event_buffer: i64,
    /// Minutes kept free after.
    pub after_event_buffer: i64,
    /// Minutes a booking must be made ahead.
    pub minimum_booking_notice: i64,
    /// Whose it is; none for a team's.
    pub owner_id: Option<u64>,
    /// Which team's it is.
    pub team_id: Option<u64>,
    /// Who can hold it.
    pub hosts: Vec<u64>,
    /// Where it takes place, as the API writes it.
    pub locations: Value,
    /// `roundRobin` for a team's that any one host holds.
    pub scheduling_type: Option<String>,
    /// Whether a move keeps the host.
    pub reschedule_with_same_round_robin_host: bool,
    /// Whether slots can be asked for some hosts only.
    pub rr_host_subset_enabled: bool,
    /// Seats of one slot.
    pub seats: Option<Seats>,
    /// How a series repeats.
    pub recurrence: Option<Recurrence>,
    /// Whether a booking waits for the host's yes, as the API writes it.
    pub confirmation_policy: Option<Value>,
    /// How far ahead slots are shown, as the API writes it; not enforced on bookings.
    pub booking_window: Option<Value>,
    /// Which fields a booking needs.
    pub booking_fields: Option<Fields>,
}

impl EventType {
    /// Whether any one of several hosts holds it.
    #[must_use]
    pub fn is_round_robin(&self) -> bool {
        self.scheduling_type.as_deref() == Some("roundRobin")
    }

    /// Whether a booking begins as pending.
    #[must_use]
    pub fn needs_confirmation(&self) -> bool {
        self.policy("type").and_then(Value::as_str) == Some("always")
    }

    /// Whether a pending booking keeps others away.
    #[must_use]
    pub fn pending_blocks(&self) -> bool {
        self.policy("blockUnconfirmedBookingsInBooker").and_then(Value::as_bool).unwrap_or(false)
    }

    /// Whether somebody without an e-mail address can book it.
    #[must_use]
    pub fn email_optional(&self) -> bool {
        self.booking_fields.as_ref().and_then(|fields| fields.email).is_some_and(|email| !email.required)
    }

    /// Minutes between two starts.
    #[must_use]
    pub fn interval(&self) -> i64 {
        self.slot_interval.filter(|minutes| *minutes > 0).unwrap_or(self.length_in_minutes).max(1)
    }

    fn policy(&self, name: &str) -> Option<&Value> {
        self.confirmation_policy.as_ref()?.get(name)
    }
}

/// Seats of one slot.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Seats {
    /// How many.
    pub seats_per_time_slot: usize,
    /// Whether guests see each other.
    #[serde(default)]
    pub show_attendee_info: bool,
    /// Whether the slots say how many are left.
    #[serde(default)]
    pub show_availability_count: bool,
}

/// How a series repeats.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Recurrence {
    /// Every how many.
    pub interval: i64,
    /// How often.
    pub occurrences: i64,
    /// `daily`, `weekly`, `monthly` or `yearly`; months and years are not imitated.
    pub frequency: String,
}

/// Which fields a booking needs.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Fields {
    /// The e-mail address.
    pub email: Option<Field>,
    /// The telephone number.
    pub attendee_phone_number: Option<Field>,
}

/// Whether a field must be filled.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Field {
    /// Whether it must.
    pub required: bool,
    /// Whether people see it.
    #[serde(default)]
    pub hidden: bool,
}

/// Who is told of changes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hook {
    /// The id; made up where it is empty.
    #[serde(default)]
    pub id: String,
    /// Told of everything this user hosts.
    #[serde(default)]
    pub user_id: Option<u64>,
    /// Told of this event type's bookings.
    #[serde(default)]
    pub event_type_id: Option<u64>,
    /// Where to.
    pub subscriber_url: String,
    /// Whether it is told now.
    pub active: bool,
    /// Of what, like `BOOKING_CREATED`.
    pub triggers: Vec<String>,
    /// What the body is signed with.
    #[serde(default)]
    pub secret: Option<String>,
}

pub(crate) fn german() -> String {
    "de".to_owned()
}

fn twenty_four() -> u8 {
    24
}

pub(crate) fn monday() -> String {
    "Monday".to_owned()
}

fn sunday() -> String {
    "Sunday".to_owned()
}

impl World {
    /// Reads a world from JSON.
    ///
    /// # Errors
    /// What the reader says, with line and column.
    pub fn read(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| format!("this is no world for the fake Cal.com: {error}"))
    }
}
