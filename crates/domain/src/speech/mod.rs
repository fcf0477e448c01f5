//! The sentences: one render function per language, from a [`crate::reply::Reply`] to an
//! [`crate::reply::Answer`].
//!
//! `outcome` and `fields` decide status, code and fields once for both languages; `de` and `en` hold every
//! sentence; `when` says days and times; `offers` and `week` decide what of a list is said aloud.

mod codes;
mod de;
mod en;
mod fields;
mod offers;
mod outcome;
mod week;
pub mod when;
mod words;

#[cfg(test)]
mod tests;

use jiff::Zoned;

use crate::lang::Lang;
use crate::reply::{Answer, AppointmentView, Reply};
use crate::spoken::AskTime;
use crate::tenant::Business;

pub use codes::codes;
pub use when::{spoken_now, spoken_when, weekday_name};

/// In which voice an answer is rendered.
#[derive(Clone, Debug)]
pub struct Voice<'a> {
    /// The call's language.
    pub lang: Lang,
    /// The present in the branch's zone: years are only spoken where they differ.
    pub now: &'a Zoned,
    /// The caller's number is withheld: nobody can ring back without asking for a number.
    pub anonymous: bool,
    /// What kind of house speaks.
    pub business: Business,
}

/// The answer to a reply: status, code, sentence and fields.
pub fn render(reply: &Reply, voice: &Voice<'_>) -> Answer {
    let stand_in = outcome::stand_in(reply);
    let reply = stand_in.as_ref().unwrap_or(reply);
    let (status, code) = outcome::of(reply);
    let spoken = speakable(match voice.lang {
        Lang::De => de::sentence(reply, voice),
        Lang::En => en::sentence(reply, voice),
    });
    let mut fields = fields::of(reply, voice);
    if status == "ambiguous" {
        fields.insert("question".to_owned(), spoken.clone().into());
    }
    Answer { status, code, booked: status == "booked", spoken, fields }
}

/// The question back about a day or time, as [`render`] asks it.
pub fn ask_time_question(ask: &AskTime, voice: &Voice<'_>) -> String {
    match voice.lang {
        Lang::De => de::questions::about_time(ask, voice),
        Lang::En => en::questions::about_time(ask, voice),
    }
}

/// An appointment in one breath, for a platform's variables: "Donnerstag, der dritte Dezember, um 10 Uhr,
/// Waschen, Schneiden, Föhnen bei Emma".
pub fn spoken_appointment(appointment: &AppointmentView, lang: Lang, now: &Zoned) -> String {
    let visit = &appointment.visit;
    let (and, by) = match lang {
        Lang::De => ("und", de::by(&visit.staff)),
        Lang::En => ("and", en::by(&visit.staff)),
    };
    let services = words::joined(&visit.services, and);
    speakable(format!("{}, {services}{by}", spoken_when(&visit.start, lang, now)))
}

/// Names are typed by people: whatever they hold, no template syntax, markup or line break is spoken.
fn speakable(sentence: String) -> String {
    let harmful = |c: char| c.is_control() || matches!(c, '{' | '}' | '<' | '>');
    if sentence.contains(harmful) { sentence.replace(harmful, "") } else { sentence }
}
