//! What somebody must hear of within a minute: the kinds of alarms, and what to do about each.

use std::fmt;

use jiff::Timestamp;

use crate::review;

/// What kind of thing is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A calendar fails and has been left alone for more than a minute.
    BreakerOpen,
    /// A calendar does not take its key.
    KeyRefused,
    /// Appointments have not been in the calendar for too long.
    Unsynced,
    /// A booking that should be gone is still in the calendar.
    AbsenceOverdue,
    /// See [`review::Kind::PushFailed`].
    PushFailed,
    /// See [`review::Kind::Refused`].
    Refused,
    /// See [`review::Kind::Overlap`].
    Overlap,
    /// See [`review::Kind::NoRow`].
    NoRow,
    /// See [`review::Kind::Forged`].
    Forged,
    /// See [`review::Kind::EmailNotCarried`].
    EmailNotCarried,
    /// See [`review::Kind::ManyCancels`].
    ManyCancels,
    /// See [`review::Kind::RemoteChange`].
    RemoteChange,
    /// See [`review::Kind::MoveRefused`].
    MoveRefused,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 13] = [
        Self::BreakerOpen,
        Self::KeyRefused,
        Self::Unsynced,
        Self::AbsenceOverdue,
        Self::PushFailed,
        Self::Refused,
        Self::Overlap,
        Self::NoRow,
        Self::Forged,
        Self::EmailNotCarried,
        Self::ManyCancels,
        Self::RemoteChange,
        Self::MoveRefused,
    ];

    /// The word in the store, in messages and in metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BreakerOpen => "breaker_open",
            Self::KeyRefused => "key_refused",
            Self::Unsynced => "unsynced",
            Self::AbsenceOverdue => "absence_overdue",
            Self::PushFailed => review::Kind::PushFailed.as_str(),
            Self::Refused => review::Kind::Refused.as_str(),
            Self::Overlap => review::Kind::Overlap.as_str(),
            Self::NoRow => review::Kind::NoRow.as_str(),
            Self::Forged => review::Kind::Forged.as_str(),
            Self::EmailNotCarried => review::Kind::EmailNotCarried.as_str(),
            Self::ManyCancels => review::Kind::ManyCancels.as_str(),
            Self::RemoteChange => review::Kind::RemoteChange.as_str(),
            Self::MoveRefused => review::Kind::MoveRefused.as_str(),
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// The alarm that tells of reviews of a kind.
    pub fn of_review(kind: review::Kind) -> Self {
        match kind {
            review::Kind::PushFailed => Self::PushFailed,
            review::Kind::Refused => Self::Refused,
            review::Kind::Overlap => Self::Overlap,
            review::Kind::NoRow => Self::NoRow,
            review::Kind::Forged => Self::Forged,
            review::Kind::EmailNotCarried => Self::EmailNotCarried,
            review::Kind::ManyCancels => Self::ManyCancels,
            review::Kind::RemoteChange => Self::RemoteChange,
            review::Kind::MoveRefused => Self::MoveRefused,
        }
    }

    /// The reviews behind it, if it tells of reviews.
    pub fn review(self) -> Option<review::Kind> {
        review::Kind::parse(self.as_str())
    }

    /// Whether there is one for each appointment or booking; otherwise one tells of all of a tenant's.
    pub fn is_single(self) -> bool {
        matches!(self, Self::Refused | Self::Overlap | Self::NoRow | Self::AbsenceOverdue)
    }

    /// Whether somebody should get up for it at night.
    pub fn is_critical(self) -> bool {
        !matches!(self, Self::EmailNotCarried | Self::Forged | Self::AbsenceOverdue)
    }

    /// What to do next, for the tenant of that short name.
    pub fn next_step(self, tenant: &str) -> String {
        match self {
            Self::BreakerOpen => format!(
                "look at the calendar's own status, then at `frontdesk doctor --tenant {tenant}`; callers hear \
                 \"noted\" meanwhile, and what waits goes out by itself once it answers"
            ),
            Self::KeyRefused => format!(
                "make a new key in the calendar, put it into the tenant's file and apply it; `frontdesk doctor --tenant \
                 {tenant}` checks it. What waits goes out at once"
            ),
            Self::Unsynced => format!(
                "`frontdesk sync status --tenant {tenant}` says which and why; `frontdesk sync run --tenant {tenant}` \
                 tries all at once"
            ),
            Self::AbsenceOverdue => {
                format!("it is tried on by itself; `frontdesk sync status --tenant {tenant}` says why it fails")
            }
            _ => format!("`frontdesk review list --tenant {tenant}` names the customers to ring and the next step"),
        }
    }
}

/// An alarm on its way to somebody. Ids only: no name, number or address of a customer is ever in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// The same for every try to tell this, another for its end: whoever gets it twice can know.
    pub id: String,
    /// The same from the beginning to the end of what is wrong.
    pub thread: String,
    /// It is right again.
    pub over: bool,
    /// What kind of thing.
    pub kind: Kind,
    /// Whose: the tenant's short name.
    pub tenant: String,
    /// Which: an appointment's id, or a word.
    pub subject: String,
    /// What is wrong.
    pub message: String,
    /// What to do next.
    pub next_step: String,
    /// Since when.
    pub since: Timestamp,
    /// Now.
    pub now: Timestamp,
}

impl News {
    /// One line for people.
    pub fn summary(&self) -> String {
        let (kind, tenant) = (self.kind.as_str(), &self.tenant);
        if self.over { format!("{tenant}: {kind} is over") } else { format!("{tenant}: {}", self.message) }
    }
}

/// Why an alarm was not told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotTold {
    /// Nobody answered.
    Unreachable,
    /// It was answered, and not with a yes.
    Refused(String),
    /// It cannot be told like this at all.
    SetUp(String),
}

impl fmt::Display for NotTold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable => f.write_str("nobody answers there"),
            Self::Refused(answer) => write!(f, "it was refused: {answer}"),
            Self::SetUp(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for NotTold {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back_and_every_kind_says_what_to_do() {
        assert!(Kind::ALL.iter().all(|kind| Kind::parse(kind.as_str()) == Some(*kind)));
        assert!(Kind::ALL.iter().all(|kind| kind.next_step("salon").contains("frontdesk ")));
    }

    #[test]
    fn every_kind_of_review_has_an_alarm() {
        assert!(review::Kind::ALL.iter().all(|kind| Kind::of_review(*kind).review() == Some(*kind)));
    }
}
