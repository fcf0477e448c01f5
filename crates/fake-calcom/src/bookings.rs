//! A booking and who comes.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};

/// Where a booking stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It stands.
    Accepted,
    /// It waits for the host's yes.
    Pending,
    /// It was cancelled or moved away.
    Cancelled,
    /// The host said no.
    Rejected,
}

impl Status {
    /// As the API writes it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Pending => "pending",
            Self::Cancelled => "cancelled",
            Self::Rejected => "rejected",
        }
    }

    /// Whether it stands or may yet stand.
    #[must_use]
    pub fn is_live(self) -> bool {
        matches!(self, Self::Accepted | Self::Pending)
    }
}

/// A booking, live or not, as the ledger shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Booking {
    /// The number.
    pub id: u64,
    /// What a client calls it; a move makes a new one.
    pub uid: String,
    /// What stays through moves.
    pub ics_uid: String,
    /// What was booked.
    pub event_type_id: u64,
    /// Who holds it.
    pub host_id: u64,
    /// Where it stands.
    pub status: Status,
    /// When it begins.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// What people see.
    pub title: String,
    /// The notes.
    pub description: String,
    /// Where.
    pub location: String,
    /// Why it was cancelled.
    pub cancellation_reason: Option<String>,
    /// Why it was refused.
    pub rejection_reason: Option<String>,
    /// Why it was moved here.
    pub rescheduling_reason: Option<String>,
    /// Who moved it here.
    pub rescheduled_by: Option<String>,
    /// Where it was moved from.
    pub rescheduled_from_uid: Option<String>,
    /// Where it was moved to.
    pub rescheduled_to_uid: Option<String>,
    /// Who comes; the first one booked.
    pub attendees: Vec<Attendee>,
    /// What the client noted.
    pub metadata: Map<String, Value>,
    /// What else was filled in.
    pub responses: Map<String, Value>,
    /// The series it belongs to.
    pub recurring_uid: Option<String>,
    /// How often it was changed.
    pub ics_sequence: u32,
    /// Whether it was made behind the client's back.
    pub foreign: bool,
}

impl Booking {
    /// Whether the two share time.
    #[must_use]
    pub fn overlaps(&self, start: Timestamp, end: Timestamp) -> bool {
        self.start < end && start < self.end
    }

    pub(crate) fn guests(&self) -> Vec<&str> {
        self.attendees.iter().skip(1).map(|guest| guest.email.as_str()).collect()
    }
}

/// Somebody who comes.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Attendee {
    /// The number.
    pub id: u64,
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
    /// The zone.
    pub time_zone: String,
    /// The language.
    pub language: String,
    /// The telephone number, as it was sent.
    pub phone_number: Option<String>,
    /// The seat.
    pub seat_uid: Option<String>,
    /// What the client noted for this seat.
    pub metadata: Map<String, Value>,
}
