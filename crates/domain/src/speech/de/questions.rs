//! Questions back in German.

use jiff::civil::Time;

use super::super::Voice;
use super::super::when::{Case, de_clock, de_date, de_day, weekday_name};
use super::super::words::{capital, first_names, joined, small};
use super::measures::number;
use super::{by, offers, on_at};
use crate::lang::Lang;
use crate::reply::{AppointmentView, Ask, Missing};
use crate::spoken::AskTime;

/// One natural question for whatever is missing; two where it is a lot.
pub(super) fn missing(missing: &[Missing]) -> String {
    let lacks = |field| missing.contains(&field);
    let visit = match (lacks(Missing::Service), lacks(Missing::Date), lacks(Missing::Time)) {
        (true, true, true) => Some("Für welche Leistung und wann möchten Sie kommen?"),
        (true, true, false) => Some("Für welche Leistung und an welchem Tag möchten Sie kommen?"),
        (true, false, true) => Some("Für welche Leistung und um wie viel Uhr möchten Sie kommen?"),
        (true, false, false) => Some("Für welche Leistung möchten Sie kommen?"),
        (false, true, true) => Some("Wann möchten Sie kommen?"),
        (false, true, false) => Some("An welchem Tag möchten Sie kommen?"),
        (false, false, true) => Some("Um wie viel Uhr möchten Sie kommen?"),
        (false, false, false) => None,
    };
    let token = lacks(Missing::Token).then_some("Welche der genannten Zeiten darf es sein?");
    let change = match (lacks(Missing::NewDate), lacks(Missing::NewTime)) {
        (true, true) => Some("Auf wann möchten Sie den Termin verlegen?"),
        (true, false) => Some("Auf welchen Tag möchten Sie den Termin verlegen?"),
        (false, true) => Some("Auf welche Uhrzeit möchten Sie den Termin verlegen?"),
        (false, false) => None,
    };
    let contact = match (lacks(Missing::CustomerName), lacks(Missing::Phone), lacks(Missing::CustomerEmail)) {
        (true, true, true) => Some("Wie heißen Sie, und wie lauten Ihre Telefonnummer und Ihre E-Mail-Adresse?"),
        (true, true, false) => Some("Wie heißen Sie, und unter welcher Nummer erreichen wir Sie?"),
        (true, false, true) => Some("Wie heißen Sie, und wie lautet Ihre E-Mail-Adresse?"),
        (true, false, false) => Some("Wie heißen Sie, bitte?"),
        (false, true, true) => Some("Wie lauten Ihre Telefonnummer und Ihre E-Mail-Adresse?"),
        (false, true, false) => Some("Unter welcher Nummer erreichen wir Sie?"),
        (false, false, true) => Some("Wie lautet Ihre E-Mail-Adresse?"),
        (false, false, false) => None,
    };
    let wishes: Vec<&str> = [visit, token, change].into_iter().flatten().map(|q| q.trim_end_matches('?')).collect();
    match (wishes.split_first(), contact) {
        (None, None) => "Was kann ich für Sie tun?".to_owned(),
        (None, Some(contact)) => contact.to_owned(),
        (Some((first, rest)), contact) => {
            let mut question = (*first).to_owned();
            for other in rest {
                question.push_str(", und ");
                question.push_str(&small(other));
            }
            question.push('?');
            if let Some(contact) = contact {
                question.push(' ');
                question.push_str(&format!("Und {}", small(contact)));
            }
            question
        }
    }
}

/// A question back.
pub(super) fn ask(ask: &Ask, voice: &Voice<'_>) -> String {
    match ask {
        Ask::Time(ask) => about_time(ask, voice),
        Ask::ExactTime { offers } => offers::clock_choice(offers, voice.now),
        Ask::Service { candidates } => which(candidates, "Welche Leistung meinen Sie?"),
        Ask::UnknownService { examples } if examples.is_empty() => {
            "Diese Leistung kenne ich leider nicht. Was möchten Sie machen lassen?".to_owned()
        }
        Ask::UnknownService { examples } => {
            let some: Vec<&String> = examples.iter().take(5).collect();
            format!("Diese Leistung kenne ich leider nicht. Wie wäre es mit {}?", joined(&some, "oder"))
        }
        Ask::Staff { candidates } => which(&first_names(candidates), "Zu wem möchten Sie?"),
        Ask::UnknownStaff { examples } if examples.is_empty() => {
            "Diesen Namen finde ich bei uns leider nicht. Zu wem möchten Sie?".to_owned()
        }
        Ask::UnknownStaff { examples } => {
            let some: Vec<&str> = first_names(examples).into_iter().take(5).collect();
            format!("Diesen Namen finde ich bei uns leider nicht. Möchten Sie zu {}?", joined(&some, "oder"))
        }
        Ask::Name => "Ihren Namen habe ich leider nicht verstanden. Wie heißen Sie, bitte?".to_owned(),
        Ask::Email => "Die E-Mail-Adresse habe ich leider nicht verstanden. \
             Würden Sie sie bitte noch einmal langsam sagen?"
            .to_owned(),
        Ask::Appointment { candidates, total } => which_appointment(candidates, *total, voice),
        Ask::Person => "Um wessen Termin geht es? Nennen Sie mir bitte Vor- und Nachnamen.".to_owned(),
        Ask::NewTime => "Auf wann möchten Sie den Termin verlegen?".to_owned(),
    }
}

fn which<S: AsRef<str>>(candidates: &[S], otherwise: &str) -> String {
    let some: Vec<&str> = candidates.iter().take(5).map(AsRef::as_ref).collect();
    if some.is_empty() { otherwise.to_owned() } else { format!("Meinen Sie {}?", joined(&some, "oder")) }
}

/// At most three aloud.
fn which_appointment(candidates: &[AppointmentView], total: usize, voice: &Voice<'_>) -> String {
    let start = |entry: &AppointmentView| entry.visit.start.clone();
    let same_start = candidates.windows(2).any(|pair| matches!(pair, [a, b] if start(a) == start(b)));
    let mut named: Vec<String> = candidates
        .iter()
        .take(3)
        .map(|entry| {
            let staff = if same_start { by(&entry.visit.staff) } else { String::new() };
            format!("den {}{staff}", on_at(&entry.visit.start, voice.now))
        })
        .collect();
    if named.is_empty() {
        return "Welchen Termin meinen Sie?".to_owned();
    }
    let total = total.max(candidates.len());
    if total > named.len() {
        named.push("einen anderen".to_owned());
    }
    let last = named.pop().unwrap_or_default();
    let question = if named.is_empty() {
        format!("Meinen Sie {last}?")
    } else {
        format!("Meinen Sie {} oder {last}?", named.join(", "))
    };
    if total > 1 { format!("Sie haben {} Termine. {question}", number(total)) } else { question }
}

/// About a day or clock time.
pub(in super::super) fn about_time(ask: &AskTime, voice: &Voice<'_>) -> String {
    match ask {
        AskTime::WhichDay(dates) => {
            let days: Vec<String> = dates.iter().map(|date| de_day(*date, Case::Accusative, voice.now)).collect();
            match days.split_last() {
                None => "Welchen Tag meinen Sie?".to_owned(),
                Some((last, [])) => format!("Meinen Sie {last}?"),
                Some((last, others)) => format!("Meinen Sie {}, oder {last}?", others.join(", ")),
            }
        }
        AskTime::WhichClock { times, .. } => {
            let clocks: Vec<String> = times.iter().map(|time| de_clock(*time)).collect();
            which(&clocks, "Um wie viel Uhr meinen Sie?")
        }
        AskTime::WhichFold { earlier, .. } => format!(
            "{} gibt es in dieser Nacht zweimal, weil die Uhr zurückgestellt wird. Meinen Sie davor oder danach?",
            de_clock(earlier.time())
        ),
        AskTime::SkippedByClockChange { date, time } => skipped(*date, *time, voice),
        AskTime::Past => "Diese Zeit ist leider schon vorbei. Wann möchten Sie kommen?".to_owned(),
        AskTime::NoSuchDay => "Diesen Tag gibt es im Kalender nicht. Welchen Tag meinen Sie?".to_owned(),
        AskTime::WeekdayContradicts { said } => format!(
            "{} ist ein {}. Welchen Tag meinen Sie?",
            capital(&de_date(*said, Case::Nominative, voice.now)),
            weekday_name(said.weekday(), Lang::De)
        ),
        AskTime::StaleYear => "Dieses Datum liegt weit zurück. An welchem Tag möchten Sie kommen?".to_owned(),
        AskTime::Unclear => {
            "Die Zeit habe ich leider nicht verstanden. An welchem Tag und um wie viel Uhr möchten Sie kommen?"
                .to_owned()
        }
    }
}

fn skipped(date: jiff::civil::Date, time: Time, voice: &Voice<'_>) -> String {
    let day = de_day(date, Case::Dative, voice.now);
    format!("Am {day}, gibt es {} wegen der Zeitumstellung nicht. Welche Uhrzeit passt Ihnen?", de_clock(time))
}
