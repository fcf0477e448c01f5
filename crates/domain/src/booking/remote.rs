//! One booking of ours in a calendar outside: where it stands, what to do next, and what an outcome makes of it.
//!
//! A pure table. What cannot be known is a state of its own ([`State::Sent`], [`State::Moving`]): it is left only by
//! proof, never by a time-out. Desired absence is no special path: the same table, the other way round.

use jiff::Timestamp;

use crate::calendar::rules::Rules;

/// What is known of a remote booking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// To be made; nothing that was sent can still come of it.
    Wanted,
    /// A create was sent; whether it had its effect is not known.
    Sent,
    /// There, waiting for somebody in the calendar to say yes.
    Pending,
    /// There.
    Live,
    /// There; a move was sent and it is not known whether it had its effect.
    Moving,
    /// The calendar said no.
    Refused,
    /// Not there.
    Gone,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 7] =
        [Self::Wanted, Self::Sent, Self::Pending, Self::Live, Self::Moving, Self::Refused, Self::Gone];

    /// The word in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wanted => "wanted",
            Self::Sent => "sent",
            Self::Pending => "pending",
            Self::Live => "live",
            Self::Moving => "moving",
            Self::Refused => "refused",
            Self::Gone => "gone",
        }
    }

    /// Reads the word of the store.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// A remote booking as far as the table looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Remote {
    /// What is known of it.
    pub state: State,
    /// Whether it should exist.
    pub desired: bool,
    /// When it should start.
    pub start: Timestamp,
    /// When it was last proven to start.
    pub at: Option<Timestamp>,
    /// Creates and moves sent so far.
    pub attempt: u32,
    /// When the last of them was sent.
    pub sent: Option<Timestamp>,
    /// An e-mail address waits to be carried there.
    pub email_due: bool,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Nothing: it is as it should be, or a person must decide.
    Rest,
    /// Make it.
    Create,
    /// Find out what became of what was sent.
    LookUp,
    /// Bring it to the start where it should be.
    Move,
    /// Take it away.
    Cancel,
    /// Bring an e-mail address to it.
    CarryEmail,
}

/// What happened to a remote booking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// A create or move is about to be sent.
    Sending,
    /// It never left us.
    NotSent,
    /// The calendar has it, at this start; `pending`: it waits for a yes there.
    There {
        /// Its start there.
        at: Timestamp,
        /// It waits for a yes.
        pending: bool,
    },
    /// The calendar said no.
    Refused,
    /// It was sent, and nothing is known.
    Doubtful,
    /// A look-up found nothing of ours, or the move without effect.
    Nothing,
    /// It was cancelled, by us or before.
    Cancelled,
    /// The address is there, or cannot come there.
    EmailDone,
    /// It should not exist (any more).
    Unwanted,
    /// A person wants a refused one tried again.
    TryAgain,
}

/// The next step. Looking up comes before everything else: what is not known is not acted upon.
pub fn next(remote: &Remote) -> Step {
    match (remote.state, remote.desired) {
        (State::Sent | State::Moving, _) => Step::LookUp,
        (State::Wanted, true) => Step::Create,
        (State::Live | State::Pending, false) => Step::Cancel,
        (State::Live, true) if remote.at != Some(remote.start) => Step::Move,
        (State::Live, true) if remote.email_due => Step::CarryEmail,
        (State::Wanted, false) | (State::Live | State::Pending, true) | (State::Refused | State::Gone, _) => Step::Rest,
    }
}

/// The remote booking after an outcome; `None` where that outcome cannot happen, so nothing may be written.
pub fn apply(remote: &Remote, outcome: Outcome, now: Timestamp, rules: &Rules) -> Option<Remote> {
    let to = |state: State| Some(Remote { state, ..*remote });
    match (remote.state, outcome) {
        (State::Wanted | State::Live, Outcome::Sending) => Some(Remote {
            state: if remote.state == State::Live { State::Moving } else { State::Sent },
            attempt: remote.attempt.saturating_add(1),
            sent: Some(now),
            ..*remote
        }),
        // Meanwhile it may have become unwanted: then there is nothing to make and nothing to take away.
        (State::Sent, Outcome::NotSent) => Some(Remote {
            state: if remote.desired { State::Wanted } else { State::Gone },
            attempt: remote.attempt.saturating_sub(1),
            ..*remote
        }),
        (State::Moving, Outcome::NotSent) => {
            Some(Remote { state: State::Live, attempt: remote.attempt.saturating_sub(1), ..*remote })
        }
        (State::Sent | State::Pending, Outcome::There { at, pending }) => {
            Some(Remote { state: if pending { State::Pending } else { State::Live }, at: Some(at), ..*remote })
        }
        (State::Live, Outcome::There { at, .. }) => Some(Remote { at: Some(at), ..*remote }),
        // Still where it was proves nothing before the move had its time to arrive.
        (State::Moving, Outcome::There { at, .. }) if at == remote.start || settled(remote, now, rules) => {
            Some(Remote { state: State::Live, at: Some(at), ..*remote })
        }
        // It came about although we had given it up: it is there, whatever should be.
        (State::Wanted | State::Refused | State::Gone, Outcome::There { at, pending }) => {
            Some(Remote { state: if pending { State::Pending } else { State::Live }, at: Some(at), ..*remote })
        }
        (State::Sent, Outcome::Refused) if is_final(remote, rules) => {
            to(if remote.desired { State::Refused } else { State::Gone })
        }
        (State::Moving, Outcome::Refused) if is_final(remote, rules) => to(State::Live),
        (State::Sent, Outcome::Doubtful) if !rules.doubt_is_no_refusal => to(State::Refused),
        // What was sent last is answered, and what was sent before settled before that: nothing is under way any more, so
        // that whatever a look-up finds now is so.
        (State::Sent | State::Moving, Outcome::Refused) => Some(Remote { sent: None, ..*remote }),
        (State::Sent | State::Moving, Outcome::Doubtful) => to(remote.state),
        (State::Sent, Outcome::Nothing) if settled(remote, now, rules) => {
            to(if remote.desired { State::Wanted } else { State::Gone })
        }
        (State::Sent | State::Moving, Outcome::Nothing | Outcome::There { .. }) => to(remote.state),
        (State::Live | State::Pending | State::Moving | State::Sent, Outcome::Cancelled) => to(State::Gone),
        (State::Live, Outcome::EmailDone) => Some(Remote { email_due: false, ..*remote }),
        (State::Refused, Outcome::TryAgain) => Some(Remote { state: State::Wanted, attempt: 0, ..*remote }),
        (State::Wanted | State::Refused, Outcome::Unwanted) => {
            Some(Remote { state: State::Gone, desired: false, ..*remote })
        }
        (_, Outcome::Unwanted) => Some(Remote { desired: false, ..*remote }),
        _ => None,
    }
}

/// Whether what was sent last has arrived by now, if it ever does.
pub fn settled(remote: &Remote, now: Timestamp, rules: &Rules) -> bool {
    remote.sent.is_none_or(|sent| now.duration_since(sent) >= rules.settle)
}

/// When looking again is worth it: once it settles at the latest.
pub fn settles_at(remote: &Remote, rules: &Rules) -> Option<Timestamp> {
    remote.sent.and_then(|sent| sent.checked_add(rules.settle).ok())
}

/// A refusal of the first thing ever sent is certain. Later ones may be our own earlier try in its own way.
fn is_final(remote: &Remote, rules: &Rules) -> bool {
    remote.attempt <= 1 || !rules.refusal_final_on_first_attempt_only
}
