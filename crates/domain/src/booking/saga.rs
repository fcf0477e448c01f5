//! The state of an appointment's booking, as one column and one pure table.
//!
//! With the built-in calendar our commit is the confirmation, so the table has three states. An external
//! calendar adds the remote steps between [`State::Held`] and [`State::Confirmed`].

use serde::{Deserialize, Serialize};

/// Where the booking of an appointment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Ours alone; not yet promised to anybody.
    Held,
    /// Promised: the caller heard, or may hear, "booked".
    Confirmed,
    /// Taken back; its time is free again.
    Cancelled,
}

/// Something that happened to an appointment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The calendar that decides accepted it.
    Accepted,
    /// The customer, the business or a refusal took it back.
    TakenBack,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Held, Self::Confirmed, Self::Cancelled];

    /// The word in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Confirmed => "confirmed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads the word of the store.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Whether the appointment takes up time.
    pub fn is_active(self) -> bool {
        !matches!(self, Self::Cancelled)
    }
}

/// The state after an outcome; `None` where that outcome cannot happen, so nothing else may be written.
pub fn apply(state: State, outcome: Outcome) -> Option<State> {
    match (state, outcome) {
        (State::Held, Outcome::Accepted) => Some(State::Confirmed),
        (State::Held | State::Confirmed, Outcome::TakenBack) => Some(State::Cancelled),
        (State::Confirmed, Outcome::Accepted) | (State::Cancelled, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cancelled_appointment_never_comes_back_and_no_state_is_a_dead_end_but_that() {
        for state in State::ALL {
            assert_eq!(State::parse(state.as_str()), Some(state));
            for outcome in [Outcome::Accepted, Outcome::TakenBack] {
                let next = apply(state, outcome);
                assert!(state.is_active() || next.is_none(), "{state:?} must stay");
                assert_ne!(next, Some(state), "an outcome that changes nothing is no outcome");
            }
            assert_eq!(apply(state, Outcome::TakenBack).is_some(), state.is_active());
        }
    }
}
