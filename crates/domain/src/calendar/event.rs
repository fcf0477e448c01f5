//! What a calendar says has happened there. A hint, never the truth: that is fetched.

use jiff::Timestamp;

use super::stamp::Stamp;
use super::{EventType, RemoteStatus, RemoteUid};

/// Something that happened in a calendar, without anybody's name, address or number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarEvent {
    /// What happened.
    pub kind: EventKind,
    /// The booking's name there; after a move, its new one.
    pub uid: Option<RemoteUid>,
    /// After a move, the name it had before.
    pub previous: Option<RemoteUid>,
    /// Its name that survives moves, where it is told.
    pub ics_uid: Option<String>,
    /// What is booked.
    pub event_type: Option<EventType>,
    /// From when.
    pub start: Option<Timestamp>,
    /// Until when.
    pub end: Option<Timestamp>,
    /// Where it stands now.
    pub status: Option<RemoteStatus>,
    /// Our mark, if it was told (not with cancellations); whether it is true only the desk can tell.
    pub stamp: Option<Stamp>,
    /// When the calendar wrote this.
    pub created_at: Option<Timestamp>,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// A booking takes place; also once one that waited was confirmed.
    Created,
    /// It was moved, and has a new name.
    Rescheduled,
    /// It was cancelled.
    Cancelled,
    /// It waits for somebody there to say yes.
    Requested,
    /// Somebody there said no.
    Rejected,
    /// Only a test of the line.
    Ping,
    /// Something else, by its name there, cut to 64 harmless characters: stored and counted, nothing more.
    Unknown(String),
}

impl EventKind {
    /// Reads the trigger's name, written `BOOKING_CREATED` or `BOOKING.CREATED`.
    pub fn from_trigger(name: &str) -> Self {
        let plain = name.trim().to_ascii_uppercase().replace('.', "_");
        match plain.as_str() {
            "BOOKING_CREATED" => Self::Created,
            "BOOKING_RESCHEDULED" => Self::Rescheduled,
            "BOOKING_CANCELLED" | "BOOKING_CANCELED" => Self::Cancelled,
            "BOOKING_REQUESTED" => Self::Requested,
            "BOOKING_REJECTED" => Self::Rejected,
            "PING" => Self::Ping,
            _ => {
                let safe =
                    |letter: char| if letter.is_ascii_alphanumeric() || "_.-".contains(letter) { letter } else { '?' };
                Self::Unknown(name.trim().chars().take(64).map(safe).collect())
            }
        }
    }

    /// The word in logs and metrics: one of a few, whatever was sent.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Rescheduled => "rescheduled",
            Self::Cancelled => "cancelled",
            Self::Requested => "requested",
            Self::Rejected => "rejected",
            Self::Ping => "ping",
            Self::Unknown(_) => "unknown",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_of_a_trigger_mean_the_same_and_others_are_kept_harmless() {
        for name in ["BOOKING_CREATED", "BOOKING.CREATED", "booking.created", " BOOKING_CREATED "] {
            assert_eq!(EventKind::from_trigger(name), EventKind::Created, "{name}");
        }
        assert_eq!(EventKind::from_trigger("BOOKING.CANCELLED"), EventKind::Cancelled);
        assert_eq!(EventKind::from_trigger("BOOKING_PAID"), EventKind::Unknown("BOOKING_PAID".to_owned()));
        assert_eq!(EventKind::from_trigger("a b\n<x>"), EventKind::Unknown("a?b??x?".to_owned()));
        let long = EventKind::from_trigger(&"é".repeat(100));
        assert_eq!(long, EventKind::Unknown("?".repeat(64)));
        assert_eq!(long.code(), "unknown");
    }
}
