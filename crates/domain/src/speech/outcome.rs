//! Status and code of every reply; the same for both languages.

use crate::reply::{Ask, Change, Failure, NothingFound, Refusal, Reply, WhyNot};
use crate::spoken::AskTime;

/// What is answered where a list that must not be empty is: the truth of it, nothing.
pub(super) fn stand_in(reply: &Reply) -> Option<Reply> {
    match reply {
        Reply::Choices { offers, .. } | Reply::Alternatives { offers, .. } if offers.is_empty() => {
            Some(Reply::Unavailable { why: WhyNot::NothingFree, wished: None, offers: Vec::new(), callback: None })
        }
        Reply::Appointments { list, .. } if list.is_empty() => Some(Reply::NotFound(NothingFound::Appointment)),
        Reply::Services { list, categories, .. } if list.is_empty() && categories.is_empty() => {
            Some(Reply::NotFound(NothingFound::Service))
        }
        _ => None,
    }
}

/// `status` and `code`.
pub(super) fn of(reply: &Reply) -> (&'static str, &'static str) {
    match reply {
        Reply::Booked { .. } => ("booked", "ok"),
        Reply::Noted { .. } => ("noted", "confirmation_pending"),
        Reply::Available { .. } | Reply::Choices { .. } => ("available", "ok"),
        Reply::Held { .. } => ("held", "ok"),
        Reply::Unavailable { why, .. } => ("unavailable", why_not(why)),
        Reply::Alternatives { .. } | Reply::Appointments { .. } | Reply::Services { .. } | Reply::Hours { .. } => {
            ("found", "ok")
        }
        Reply::NeedMore { .. } => ("need_more", "missing_fields"),
        Reply::Ask(ask) => question(ask),
        Reply::Consent(consent) => match consent.change {
            Change::Move => ("need_more", "confirm_move"),
            Change::Cancel => ("need_more", "confirm_cancel"),
        },
        Reply::Rescheduled { .. } => ("rescheduled", "ok"),
        Reply::Cancelled { .. } => ("cancelled", "ok"),
        Reply::NotFound(NothingFound::Appointment) => ("not_found", "no_appointment"),
        Reply::NotFound(NothingFound::Service) => ("not_found", "no_service"),
        Reply::Refused(refusal) => ("refused", refused(refusal)),
        Reply::CallbackTaken { .. } | Reply::EmailSaved | Reply::Context(_) => ("ok", "ok"),
        Reply::Failed(failure) => ("error", failed(*failure)),
    }
}

fn why_not(why: &WhyNot) -> &'static str {
    match why {
        WhyNot::Taken => "slot_taken",
        WhyNot::NothingFree => "nothing_free",
        WhyNot::Closed => "closed",
        WhyNot::ClosesBefore => "closes_before",
        WhyNot::Holiday { .. } => "holiday",
        WhyNot::StaffAway { .. } => "staff_away",
        WhyNot::StaffTaken { .. } => "staff_taken",
        WhyNot::StaffCannot { .. } => "staff_cannot",
        WhyNot::TooSoon { .. } => "too_soon",
        WhyNot::TooFar { .. } => "too_far",
        WhyNot::OffGrid => "off_grid",
        WhyNot::AlreadyYours { .. } => "already_yours",
        WhyNot::OfferGone => "offer_gone",
    }
}

fn question(ask: &Ask) -> (&'static str, &'static str) {
    match ask {
        Ask::Time(AskTime::WhichDay(_)) => ("ambiguous", "ambiguous_date"),
        Ask::Time(AskTime::WhichClock { .. } | AskTime::WhichFold { .. }) => ("ambiguous", "ambiguous_time"),
        Ask::Time(AskTime::WeekdayContradicts { .. }) => ("ambiguous", "weekday_mismatch"),
        Ask::Time(AskTime::SkippedByClockChange { .. }) => ("need_more", "no_such_time"),
        Ask::Time(AskTime::Past) => ("need_more", "in_the_past"),
        Ask::Time(AskTime::NoSuchDay) => ("need_more", "no_such_day"),
        Ask::Time(AskTime::StaleYear) => ("need_more", "stale_year"),
        Ask::Time(AskTime::Unclear) => ("need_more", "unclear_time"),
        Ask::ExactTime { .. } => ("need_more", "exact_time"),
        Ask::Service { .. } => ("ambiguous", "ambiguous_service"),
        Ask::UnknownService { .. } => ("need_more", "unknown_service"),
        Ask::Staff { .. } => ("ambiguous", "ambiguous_staff"),
        Ask::UnknownStaff { .. } => ("need_more", "unknown_staff"),
        Ask::Name => ("need_more", "name_unclear"),
        Ask::Email => ("need_more", "email_unclear"),
        Ask::Appointment { .. } => ("ambiguous", "ambiguous_appointment"),
        Ask::Person => ("need_more", "which_person"),
        Ask::NewTime => ("need_more", "missing_fields"),
    }
}

fn refused(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::UnknownLine => "unknown_line",
        Refusal::VerificationRequired => "verification_required",
        Refusal::TooLateToCancel { .. } => "too_late_to_cancel",
        Refusal::TooLateToMove { .. } => "too_late_to_move",
        Refusal::TooManyCancels => "too_many_cancels",
        Refusal::TooManyMoves => "too_many_moves",
        Refusal::AlreadyStarted => "already_started",
    }
}

fn failed(failure: Failure) -> &'static str {
    match failure {
        Failure::CalendarUnavailable => "calendar_unavailable",
        Failure::CallRequired => "call_required",
        Failure::UnknownFunction => "unknown_function",
        Failure::FunctionMismatch => "function_mismatch",
        Failure::Internal => "internal",
    }
}
