//! What the desk says in German: formal, short, never a technical word.

pub(super) mod lists;
pub(super) mod measures;
mod offers;
pub(super) mod questions;

use jiff::Zoned;

use super::Voice;
use super::when::{Case, de_clock, de_day};
use super::words::{first_names, joined};
use crate::reply::{AppointmentView, CallContext, Change, Consent, Failure, NothingFound, PromiseView, Refusal, Reply};
use crate::tenant::Business;
use measures::{euros, hours};

/// The sentence of a reply.
pub(super) fn sentence(reply: &Reply, voice: &Voice<'_>) -> String {
    match reply {
        Reply::Booked { appointment, .. } => {
            format!("Ihr Termin ist {} eingetragen.", on_at_by(appointment, voice.now))
        }
        Reply::Noted { appointment } => noted(appointment, voice),
        Reply::Available { offer } => offers::free(offer, voice.now),
        Reply::Choices { offers, .. } => offers::choice(offers, voice.now),
        Reply::Held { offer } => offers::held(offer, voice.now),
        Reply::Unavailable { why, wished, offers, callback } => {
            offers::unavailable(why, wished.as_ref(), offers, callback.as_ref(), voice)
        }
        Reply::Alternatives { offers, .. } => offers::choice_of(offers, voice.now),
        Reply::NeedMore { missing } => questions::missing(missing),
        Reply::Ask(ask) => questions::ask(ask, voice),
        Reply::Consent(consent) => self::consent(consent, voice.now),
        Reply::Rescheduled { appointment, .. } => {
            format!("Ihr Termin ist jetzt {}.", on_at_by(appointment, voice.now))
        }
        Reply::Cancelled { appointment } => {
            format!("Ihr Termin {} ist abgesagt.", on_at(&appointment.visit.start, voice.now))
        }
        Reply::Appointments { list, total } => lists::appointments(list, *total, voice.now),
        Reply::Services { list, categories, category } => lists::services(list, categories, category.as_deref()),
        Reply::Hours { days, asked } => lists::hours(days, *asked, voice),
        Reply::NotFound(NothingFound::Appointment) => {
            "Ich finde zu Ihrer Rufnummer keinen kommenden Termin. Möchten Sie einen vereinbaren?".to_owned()
        }
        Reply::NotFound(NothingFound::Service) => {
            "Dazu finde ich bei uns leider nichts. Was möchten Sie machen lassen?".to_owned()
        }
        Reply::Refused(refusal) => refused(refusal, voice),
        Reply::CallbackTaken { promise, phone_known, .. } => callback_taken(promise, *phone_known, voice.now),
        Reply::EmailSaved => "Danke, die E-Mail-Adresse ist eingetragen.".to_owned(),
        Reply::Context(context) => greeting(context),
        Reply::Failed(failure) => failed(*failure, voice.business),
    }
}

/// " bei Emma und Leyla"; nothing where nobody is named.
pub(super) fn by(staff: &[String]) -> String {
    if staff.is_empty() { String::new() } else { format!(" bei {}", joined(&first_names(staff), "und")) }
}

/// "am Mittwoch, dem zweiten Dezember".
fn on(start: &Zoned, now: &Zoned) -> String {
    format!("am {}", de_day(start.date(), Case::Dative, now))
}

/// "um 10 Uhr".
fn at(start: &Zoned) -> String {
    format!("um {}", de_clock(start.time()))
}

/// "am Mittwoch, dem zweiten Dezember, um 10 Uhr".
fn on_at(start: &Zoned, now: &Zoned) -> String {
    format!("{}, {}", on(start, now), at(start))
}

/// "am Mittwoch, dem zweiten Dezember, um 10 Uhr bei Fabian".
fn on_at_by(appointment: &AppointmentView, now: &Zoned) -> String {
    format!("{}{}", on_at(&appointment.visit.start, now), by(&appointment.visit.staff))
}

/// "Mittwoch, den zweiten Dezember, um 10 Uhr".
fn day_at(start: &Zoned, now: &Zoned) -> String {
    format!("{}, {}", de_day(start.date(), Case::Accusative, now), at(start))
}

fn noted(appointment: &AppointmentView, voice: &Voice<'_>) -> String {
    let visit = &appointment.visit;
    let what = format!("{}{}", day_at(&visit.start, voice.now), by(&visit.staff));
    let then = if voice.anonymous {
        "unter welcher Nummer dürfen wir Ihnen Bescheid geben?"
    } else {
        "die Bestätigung folgt."
    };
    format!("Ich habe {what} für Sie vorgemerkt. Fest ist der Termin noch nicht, {then}")
}

fn consent(consent: &Consent, now: &Zoned) -> String {
    let start = &consent.appointment.visit.start;
    let fee = euros(i64::from(consent.fee_cents));
    match (consent.change, &consent.new_start, consent.fee_cents) {
        (Change::Move, Some(new), 0) => format!("Soll ich Ihren Termin auf {} verlegen?", day_at(new, now)),
        (Change::Move, Some(new), _) => {
            format!(
                "So kurzfristig kostet das Verlegen {fee}. Soll ich Ihren Termin auf {} verlegen?",
                day_at(new, now)
            )
        }
        (Change::Move, None, 0) => format!("Soll ich Ihren Termin {} verlegen?", on_at(start, now)),
        (Change::Move, None, _) => {
            format!("So kurzfristig kostet das Verlegen {fee}. Soll ich Ihren Termin {} verlegen?", on_at(start, now))
        }
        (Change::Cancel, _, 0) => format!("Soll ich Ihren Termin {} wirklich absagen?", on_at(start, now)),
        (Change::Cancel, _, _) => format!(
            "So kurzfristig kostet die Absage {fee}. Soll ich Ihren Termin {} trotzdem absagen?",
            on_at(start, now)
        ),
    }
}

fn house(business: Business) -> &'static str {
    match business {
        Business::Team => "dem Team",
        Business::Salon => "dem Salon",
        Business::Practice => "der Praxis",
        Business::Workshop => "der Werkstatt",
        Business::Studio => "dem Studio",
    }
}

fn refused(refusal: &Refusal, voice: &Voice<'_>) -> String {
    let person = format!("Soll jemand aus {} Sie zurückrufen?", house(voice.business));
    match refusal {
        Refusal::UnknownLine => "Unter dieser Nummer kann ich leider keine Termine vergeben. \
             Bitte versuchen Sie es unter der Nummer, die Sie von uns kennen."
            .to_owned(),
        Refusal::VerificationRequired if voice.anonymous => {
            format!("Ohne Ihre Rufnummer kann ich an Terminen nichts ändern. {person}")
        }
        Refusal::VerificationRequired => format!("Dazu kann ich am Telefon leider nichts mehr nachsehen. {person}"),
        Refusal::TooLateToCancel { hours: limit } => {
            format!("Absagen geht am Telefon nur bis {} vor dem Termin. {person}", hours(*limit))
        }
        Refusal::TooLateToMove { hours: limit } => {
            format!("Verlegen geht am Telefon nur bis {} vor dem Termin. {person}", hours(*limit))
        }
        Refusal::TooManyCancels => {
            format!(
                "Sie haben in letzter Zeit schon mehrere Termine abgesagt, hier geht es leider nicht weiter. {person}"
            )
        }
        Refusal::TooManyMoves => {
            format!("Dieser Termin ist schon mehrmals verlegt worden, noch einmal geht es hier leider nicht. {person}")
        }
        Refusal::AlreadyStarted => {
            format!("Dieser Termin hat schon begonnen, daran kann ich leider nichts mehr ändern. {person}")
        }
    }
}

/// "heute bis 12 Uhr", "am Montag, dem siebten Dezember, bis 11 Uhr".
fn until(promise: &PromiseView, now: &Zoned) -> String {
    let clock = de_clock(promise.by.time());
    if promise.by.date() == now.date() {
        format!("heute bis {clock}")
    } else {
        format!("{}, bis {clock}", on(&promise.by, now))
    }
}

fn callback_taken(promise: &PromiseView, phone_known: bool, now: &Zoned) -> String {
    let closed = if promise.open_now { "" } else { "Gerade haben wir geschlossen. " };
    format!("{closed}{}", call_back(promise, phone_known, now))
}

/// The promise of a call back; without a number to ring there is none to give, so it is asked for.
fn call_back(promise: &PromiseView, phone_known: bool, now: &Zoned) -> String {
    if phone_known {
        format!("Jemand ruft Sie {} zurück.", until(promise, now))
    } else {
        format!("Unter welcher Nummer darf jemand Sie {} zurückrufen?", until(promise, now))
    }
}

/// The first words of a call: the customer by full name, the company.
pub(super) fn greeting(context: &CallContext) -> String {
    let hello = match context.now.hour() {
        0..=10 => "Guten Morgen",
        11..=17 => "Guten Tag",
        _ => "Guten Abend",
    };
    match &context.customer_name {
        Some(name) => format!("{hello}, {name}, hier ist {}. Was kann ich für Sie tun?", context.company),
        None => format!("{hello}, {}. Was kann ich für Sie tun?", context.company),
    }
}

fn failed(failure: Failure, business: Business) -> String {
    let sentence = match failure {
        Failure::CalendarUnavailable => {
            let house = house(business);
            return format!("Ich kann gerade nicht in den Kalender schauen. Darf jemand aus {house} Sie zurückrufen?");
        }
        Failure::CallRequired => "Ich kann diesen Anruf gerade leider nicht zuordnen. Darf jemand Sie zurückrufen?",
        Failure::UnknownFunction | Failure::FunctionMismatch => {
            "Dabei kann ich gerade leider nicht helfen. Darf jemand Sie zurückrufen?"
        }
        Failure::Internal => "Das hat gerade leider nicht geklappt. Darf jemand Sie zurückrufen?",
    };
    sentence.to_owned()
}
