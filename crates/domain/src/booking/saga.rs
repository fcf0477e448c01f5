//! Where an appointment stands, as one column and one pure table.
//!
//! With the built-in calendar and in local-first mode our commit is the confirmation. In calendar-first mode an
//! appointment is held until every booking it needs in the calendar is there; see [`super::remote`] for those.

use serde::{Deserialize, Serialize};

use super::remote::{self, Remote};
use crate::tenant::Mode;

/// Where the booking of an appointment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Ours alone; noted, not yet promised.
    Held,
    /// Promised: the caller heard, or may hear, "booked".
    Confirmed,
    /// Taken back; its time is free again.
    Cancelled,
    /// Never promised and given up: the calendar refused it, or nothing came of it. Its time is free again.
    Released,
}

/// Something that happened to an appointment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The calendar that decides accepted it.
    Accepted,
    /// The calendar that decides will not have it.
    Declined,
    /// The customer, the business or the calendar's owner took it back.
    TakenBack,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Held, Self::Confirmed, Self::Cancelled, Self::Released];

    /// The word in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Confirmed => "confirmed",
            Self::Cancelled => "cancelled",
            Self::Released => "released",
        }
    }

    /// Reads the word of the store.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Whether the appointment takes up time.
    pub fn is_active(self) -> bool {
        matches!(self, Self::Held | Self::Confirmed)
    }
}

/// The state after an outcome; `None` where that outcome cannot happen, so nothing else may be written.
pub fn apply(state: State, outcome: Outcome) -> Option<State> {
    match (state, outcome) {
        (State::Held, Outcome::Accepted) => Some(State::Confirmed),
        (State::Held, Outcome::Declined) => Some(State::Released),
        (State::Held | State::Confirmed, Outcome::TakenBack) => Some(State::Cancelled),
        (State::Confirmed, Outcome::Accepted | Outcome::Declined) | (State::Cancelled | State::Released, _) => None,
    }
}

/// The state a new appointment begins with.
pub fn first(mode: Mode) -> State {
    match mode {
        Mode::LocalFirst => State::Confirmed,
        Mode::CalendarFirst => State::Held,
    }
}

/// What the remote bookings of a held appointment come to: accepted once all are there, declined once one is refused
/// or something sent has provably come to nothing.
pub fn verdict(remotes: &[Remote]) -> Option<Outcome> {
    let came_to_nothing = |remote: &Remote| match remote.state {
        remote::State::Refused | remote::State::Gone => true,
        remote::State::Wanted => remote.attempt > 0,
        _ => false,
    };
    if remotes.iter().any(came_to_nothing) {
        Some(Outcome::Declined)
    } else if remotes.iter().all(|remote| remote.state == remote::State::Live && remote.at == Some(remote.start)) {
        Some(Outcome::Accepted)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_appointment_that_was_given_up_never_comes_back_and_no_state_is_a_dead_end_but_that() {
        for state in State::ALL {
            assert_eq!(State::parse(state.as_str()), Some(state));
            for outcome in [Outcome::Accepted, Outcome::Declined, Outcome::TakenBack] {
                let next = apply(state, outcome);
                assert!(state.is_active() || next.is_none(), "{state:?} must stay");
                assert_ne!(next, Some(state), "an outcome that changes nothing is no outcome");
            }
            assert_eq!(apply(state, Outcome::TakenBack).is_some(), state.is_active());
        }
    }

    #[test]
    fn what_was_promised_is_never_declined() {
        assert_eq!(apply(State::Confirmed, Outcome::Declined), None);
    }
}
