//! What is said of a list of free times: at most two, the day once, people only where they differ.

use jiff::Zoned;

use crate::reply::{OfferView, WhyNot};

/// Free times as they are told: all of them in the fields, at most two aloud.
pub(super) struct Told<'a> {
    /// The best.
    pub first: &'a OfferView,
    /// The second best.
    pub second: Option<&'a OfferView>,
    /// Whose time it is must be said.
    pub named: bool,
}

/// The two offers to say; `None` if there is none.
pub(super) fn told<'a>(offers: &'a [OfferView], why: Option<&WhyNot>) -> Option<Told<'a>> {
    let first = offers.first()?;
    Some(Told { first, second: offers.get(1), named: names_staff(offers, why) })
}

/// Whether people are named with each offer: never silent about somebody else than the wished person, and where
/// several people have time, who has which.
pub(super) fn names_staff(offers: &[OfferView], why: Option<&WhyNot>) -> bool {
    let wished = matches!(why, Some(WhyNot::StaffAway { .. } | WhyNot::StaffTaken { .. } | WhyNot::StaffCannot { .. }));
    wished || offers.windows(2).any(|pair| matches!(pair, [a, b] if a.visit.staff != b.visit.staff))
}

/// How close to the wish an offer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Near {
    /// The wished time itself (with somebody else).
    Same,
    /// So many minutes later, at most 30.
    Later(i64),
    /// So many minutes earlier, at most 30.
    Earlier(i64),
}

/// Whether the best offer is framed by its nearness: within 30 minutes, on the same day, of a wish with a clock
/// time. A time that was just taken is not called near, and the wished time itself only when it is with somebody
/// else.
pub(super) fn near(wished: Option<&Zoned>, told: &Told<'_>, why: &WhyNot) -> Option<Near> {
    let start = &told.first.visit.start;
    let wished = wished.filter(|wished| has_clock(wished) && wished.date() == start.date())?;
    let seconds = start.timestamp().as_second() - wished.timestamp().as_second();
    match (why, seconds / 60) {
        (WhyNot::Taken, _) => None,
        (_, 0) => told.named.then_some(Near::Same),
        (_, minutes @ 1..=30) => Some(Near::Later(minutes)),
        (_, minutes @ -30..=-1) => Some(Near::Earlier(-minutes)),
        _ => None,
    }
}

/// Whether the sentence of the reason says the day that was wished.
pub(super) fn names_day(why: &WhyNot) -> bool {
    match why {
        WhyNot::Closed
        | WhyNot::ClosesBefore
        | WhyNot::Holiday { .. }
        | WhyNot::StaffAway { .. }
        | WhyNot::StaffTaken { .. }
        | WhyNot::OffGrid => true,
        WhyNot::Taken
        | WhyNot::NothingFree
        | WhyNot::StaffCannot { .. }
        | WhyNot::TooSoon { .. }
        | WhyNot::TooFar { .. }
        | WhyNot::AlreadyYours { .. }
        | WhyNot::OfferGone => false,
    }
}

/// A wish for a whole day comes as its midnight; nobody wishes to come at midnight.
pub(super) fn has_clock(wished: &Zoned) -> bool {
    (wished.hour(), wished.minute()) != (0, 0)
}
