//! What waits for a person: the kinds of things that do not come right by themselves, and how a person resolves them.

/// What kind of thing waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An appointment could not be brought into the calendar three times; the work goes on.
    PushFailed,
    /// The calendar refused what the caller was promised.
    Refused,
    /// One of ours and somebody else's booking overlap.
    Overlap,
    /// A booking carries our mark, but there is no row of it: data was lost, perhaps an old backup.
    NoRow,
    /// A booking carries a mark that is not ours or another tenant's.
    Forged,
    /// A customer's e-mail address could not be carried to the booking.
    EmailNotCarried,
    /// The sweep would have cancelled more than it may by itself.
    ManyCancels,
    /// Somebody changed one of our bookings in the calendar to what we cannot follow.
    RemoteChange,
    /// A move was noted and the calendar would not have it.
    MoveRefused,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
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

    /// The word in the store and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PushFailed => "push_failed",
            Self::Refused => "refused",
            Self::Overlap => "overlap",
            Self::NoRow => "no_row",
            Self::Forged => "forged",
            Self::EmailNotCarried => "email_not_carried",
            Self::ManyCancels => "many_cancels",
            Self::RemoteChange => "remote_change",
            Self::MoveRefused => "move_refused",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// What a person does next.
    pub fn next_step(self) -> &'static str {
        match self {
            Self::PushFailed => {
                "check the calendar with `frontdesk doctor`; it is tried on by itself, `retry` tries at once"
            }
            Self::Refused => "ring the customer and agree on another time, or make room in the calendar and `retry`",
            Self::Overlap => "decide which of the two gives way, ring that customer, and `cancel` ours or move theirs",
            Self::NoRow => "compare with the last backup; `link` it to its appointment, or `cancel` it in the calendar",
            Self::Forged => "look at the booking in the calendar; it is not one of ours, and we never touch it",
            Self::EmailNotCarried => "write the address into the booking by hand, then resolve as `done`",
            Self::ManyCancels => "look at the list; if they should really go, resolve with `cancel`",
            Self::RemoteChange => "compare both sides and ring the customer; then `keep` or `cancel`",
            Self::MoveRefused => "ring the customer: the appointment is still at its old time",
        }
    }
}

/// How a person resolved it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Resolution {
    /// Try again now.
    Retry,
    /// This booking in the calendar is the one.
    Link,
    /// Take the appointment (or the booking) back.
    Cancel,
    /// Leave everything as it is and tell the customer.
    Keep,
    /// Done by hand.
    Done,
    /// It came right by itself.
    ByItself,
}

impl Resolution {
    /// Every way.
    pub const ALL: [Self; 6] = [Self::Retry, Self::Link, Self::Cancel, Self::Keep, Self::Done, Self::ByItself];

    /// The word in the store and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Retry => "retry",
            Self::Link => "link",
            Self::Cancel => "cancel",
            Self::Keep => "keep",
            Self::Done => "done",
            Self::ByItself => "by_itself",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back() {
        assert!(Kind::ALL.iter().all(|kind| Kind::parse(kind.as_str()) == Some(*kind) && !kind.next_step().is_empty()));
        assert!(Resolution::ALL.iter().all(|way| Resolution::parse(way.as_str()) == Some(*way)));
    }
}
