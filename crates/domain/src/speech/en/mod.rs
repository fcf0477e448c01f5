//! What the desk says in English: polite, short, never a technical word.

pub(super) mod lists;
pub(super) mod measures;
mod offers;
pub(super) mod questions;

use jiff::Zoned;

use super::Voice;
use super::when::{en_clock, en_day};
use super::words::{first_names, joined, stop};
use crate::reply::{AppointmentView, CallContext, Change, Consent, Failure, NothingFound, PromiseView, Refusal, Reply};
use crate::tenant::Business;
use measures::{euros, hours};

/// The sentence of a reply.
pub(super) fn sentence(reply: &Reply, voice: &Voice<'_>) -> String {
    match reply {
        Reply::Booked { appointment, .. } => {
            stop(format!("Your appointment is booked for {}", day_at_by(appointment, voice.now)))
        }
        Reply::Noted { appointment } => noted(appointment, voice),
        Reply::Available { offer } => offers::free(offer, voice.now),
        Reply::Choices { offers, .. } | Reply::Alternatives { offers, .. } => offers::choice(offers, voice.now),
        Reply::Held { offer } => offers::held(offer, voice.now),
        Reply::Unavailable { why, wished, offers, callback } => {
            offers::unavailable(why, wished.as_ref(), offers, callback.as_ref(), voice)
        }
        Reply::NeedMore { missing } => questions::missing(missing),
        Reply::Ask(ask) => questions::ask(ask, voice),
        Reply::Consent(consent) => self::consent(consent, voice.now),
        Reply::Rescheduled { appointment, .. } => {
            stop(format!("Your appointment is now on {}", day_at_by(appointment, voice.now)))
        }
        Reply::Cancelled { appointment } => {
            format!("Your appointment on {} is cancelled.", day_at(&appointment.visit.start, voice.now))
        }
        Reply::Appointments { list, total } => lists::appointments(list, *total, voice.now),
        Reply::Services { list, categories, category } => lists::services(list, categories, category.as_deref()),
        Reply::Hours { days, asked } => lists::hours(days, *asked, voice),
        Reply::NotFound(NothingFound::Appointment) => {
            "I can't find an upcoming appointment under your number. Would you like to make one?".to_owned()
        }
        Reply::NotFound(NothingFound::Service) => {
            "I'm afraid we have nothing like that. What would you like to have done?".to_owned()
        }
        Reply::Refused(refusal) => refused(refusal, voice),
        Reply::CallbackTaken { promise, phone_known, .. } => callback_taken(promise, *phone_known, voice.now),
        Reply::EmailSaved => "Thank you, I have your e-mail address.".to_owned(),
        Reply::Context(context) => greeting(context),
        Reply::Failed(failure) => failed(*failure, voice.business),
    }
}

/// " with Emma and Leyla"; nothing where nobody is named.
pub(super) fn by(staff: &[String]) -> String {
    if staff.is_empty() { String::new() } else { format!(" with {}", joined(&first_names(staff), "and")) }
}

/// "at 10 a.m.".
fn at(start: &Zoned) -> String {
    format!("at {}", en_clock(start.time()))
}

/// "Wednesday, the second of December, at 10 a.m.".
fn day_at(start: &Zoned, now: &Zoned) -> String {
    format!("{}, {}", en_day(start.date(), now), at(start))
}

/// "Wednesday, the second of December, at 10 a.m. with Fabian".
fn day_at_by(appointment: &AppointmentView, now: &Zoned) -> String {
    format!("{}{}", day_at(&appointment.visit.start, now), by(&appointment.visit.staff))
}

fn noted(appointment: &AppointmentView, voice: &Voice<'_>) -> String {
    let what = day_at_by(appointment, voice.now);
    let then = if voice.anonymous { "on which number may we let you know?" } else { "the confirmation will follow." };
    format!("I have noted {what} for you. It is not certain yet, {then}")
}

fn consent(consent: &Consent, now: &Zoned) -> String {
    let start = &consent.appointment.visit.start;
    let fee = euros(i64::from(consent.fee_cents));
    let charge = match consent.change {
        _ if consent.fee_cents == 0 => String::new(),
        Change::Move => format!("Moving it at such short notice costs {fee}. "),
        Change::Cancel => format!("Cancelling at such short notice costs {fee}. "),
    };
    let question = match (consent.change, &consent.new_start) {
        (Change::Move, Some(new)) => format!("Shall I move your appointment to {}?", day_at(new, now)),
        (Change::Move, None) => format!("Shall I move your appointment on {}?", day_at(start, now)),
        (Change::Cancel, _) => format!("Shall I really cancel your appointment on {}?", day_at(start, now)),
    };
    format!("{charge}{question}")
}

fn house(business: Business) -> &'static str {
    match business {
        Business::Team => "the team",
        Business::Salon => "the salon",
        Business::Practice => "the practice",
        Business::Workshop => "the workshop",
        Business::Studio => "the studio",
    }
}

fn refused(refusal: &Refusal, voice: &Voice<'_>) -> String {
    let person = format!("Shall somebody from {} call you back?", house(voice.business));
    match refusal {
        Refusal::UnknownLine => {
            "I'm afraid I can't make appointments on this number. Please try the number you know us by.".to_owned()
        }
        Refusal::VerificationRequired if voice.anonymous => {
            format!("Without your number I can't change any appointments. {person}")
        }
        Refusal::VerificationRequired => format!("I'm afraid I can't look that up on the phone any more. {person}"),
        Refusal::TooLateToCancel { hours: limit } => {
            format!("On the phone you can cancel up to {} before the appointment. {person}", hours(*limit))
        }
        Refusal::TooLateToMove { hours: limit } => {
            format!("On the phone you can move an appointment up to {} before it. {person}", hours(*limit))
        }
        Refusal::TooManyCancels => {
            format!("You have cancelled several appointments lately, so I can't do that here. {person}")
        }
        Refusal::TooManyMoves => {
            format!("This appointment has been moved several times already, so I can't do that here. {person}")
        }
        Refusal::AlreadyStarted => {
            format!("This appointment has already begun, so I can't change it any more. {person}")
        }
    }
}

/// "by noon today", "on Monday, the seventh of December, by 11 a.m.".
fn until(promise: &PromiseView, now: &Zoned) -> String {
    let clock = en_clock(promise.by.time());
    if promise.by.date() == now.date() {
        format!("today by {clock}")
    } else {
        format!("on {}, by {clock}", en_day(promise.by.date(), now))
    }
}

fn callback_taken(promise: &PromiseView, phone_known: bool, now: &Zoned) -> String {
    let closed = if promise.open_now { "" } else { "We are closed just now. " };
    format!("{closed}{}", call_back(promise, phone_known, now))
}

/// The promise of a call back; without a number to ring there is none to give, so it is asked for.
fn call_back(promise: &PromiseView, phone_known: bool, now: &Zoned) -> String {
    if phone_known {
        stop(format!("Somebody will call you back {}", until(promise, now)))
    } else {
        format!("On which number may somebody call you back {}?", until(promise, now))
    }
}

/// The first words of a call: the customer by full name, the company.
pub(super) fn greeting(context: &CallContext) -> String {
    let hello = match context.now.hour() {
        0..=11 => "Good morning",
        12..=17 => "Good afternoon",
        _ => "Good evening",
    };
    match &context.customer_name {
        Some(name) => format!("{hello}, {name}, this is {}. What can I do for you?", context.company),
        None => format!("{hello}, {}. What can I do for you?", context.company),
    }
}

fn failed(failure: Failure, business: Business) -> String {
    let sentence = match failure {
        Failure::CalendarUnavailable => {
            let house = house(business);
            return format!("I can't look into the calendar just now. May somebody from {house} call you back?");
        }
        Failure::CallRequired => "I'm afraid I can't place this call just now. May somebody call you back?",
        Failure::UnknownFunction | Failure::FunctionMismatch => {
            "I'm afraid I can't help with that just now. May somebody call you back?"
        }
        Failure::Internal => "I'm afraid that didn't work just now. May somebody call you back?",
    };
    sentence.to_owned()
}
