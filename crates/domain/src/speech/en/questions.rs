//! Questions back in English.

use super::super::Voice;
use super::super::when::{en_clock, en_date, en_day, weekday_name};
use super::super::words::{capital, first_names, joined, small};
use super::measures::number;
use super::{by, day_at, offers};
use crate::lang::Lang;
use crate::reply::{AppointmentView, Ask, Missing};
use crate::spoken::AskTime;

/// One natural question for whatever is missing; two where it is a lot.
pub(super) fn missing(missing: &[Missing]) -> String {
    let lacks = |field| missing.contains(&field);
    let visit = match (lacks(Missing::Service), lacks(Missing::Date), lacks(Missing::Time)) {
        (true, true, true) => Some("What would you like to have done, and when would you like to come?"),
        (true, true, false) => Some("What would you like to have done, and on which day?"),
        (true, false, true) => Some("What would you like to have done, and at what time?"),
        (true, false, false) => Some("What would you like to have done?"),
        (false, true, true) => Some("When would you like to come?"),
        (false, true, false) => Some("On which day would you like to come?"),
        (false, false, true) => Some("At what time would you like to come?"),
        (false, false, false) => None,
    };
    let token = lacks(Missing::Token).then_some("Which of the times would you like?");
    let change = match (lacks(Missing::NewDate), lacks(Missing::NewTime)) {
        (true, true) => Some("To when would you like to move the appointment?"),
        (true, false) => Some("To which day would you like to move the appointment?"),
        (false, true) => Some("To what time would you like to move the appointment?"),
        (false, false) => None,
    };
    let contact = match (lacks(Missing::CustomerName), lacks(Missing::Phone), lacks(Missing::CustomerEmail)) {
        (true, true, true) => Some("What are your name, your telephone number and your e-mail address?"),
        (true, true, false) => Some("What is your name, and on which number can we reach you?"),
        (true, false, true) => Some("What are your name and your e-mail address?"),
        (true, false, false) => Some("What is your name, please?"),
        (false, true, true) => Some("What are your telephone number and your e-mail address?"),
        (false, true, false) => Some("On which number can we reach you?"),
        (false, false, true) => Some("What is your e-mail address?"),
        (false, false, false) => None,
    };
    let wishes: Vec<&str> = [visit, token, change].into_iter().flatten().map(|q| q.trim_end_matches('?')).collect();
    match (wishes.split_first(), contact) {
        (None, None) => "What can I do for you?".to_owned(),
        (None, Some(contact)) => contact.to_owned(),
        (Some((first, rest)), contact) => {
            let mut question = (*first).to_owned();
            for other in rest {
                question.push_str(", and ");
                question.push_str(&small(other));
            }
            question.push('?');
            if let Some(contact) = contact {
                question.push_str(&format!(" And {}", small(contact)));
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
        Ask::Service { candidates } => which(candidates, "Which service do you mean?"),
        Ask::UnknownService { examples } if examples.is_empty() => {
            "I'm afraid I don't know that service. What would you like to have done?".to_owned()
        }
        Ask::UnknownService { examples } => {
            let some: Vec<&String> = examples.iter().take(5).collect();
            format!("I'm afraid I don't know that service. How about {}?", joined(&some, "or"))
        }
        Ask::Staff { candidates } => which(&first_names(candidates), "Who would you like to see?"),
        Ask::UnknownStaff { examples } if examples.is_empty() => {
            "I'm afraid I can't find that name here. Who would you like to see?".to_owned()
        }
        Ask::UnknownStaff { examples } => {
            let some: Vec<&str> = first_names(examples).into_iter().take(5).collect();
            format!("I'm afraid I can't find that name here. Would you like to see {}?", joined(&some, "or"))
        }
        Ask::Name => "I'm afraid I didn't catch your name. What is your name, please?".to_owned(),
        Ask::Email => {
            "I'm afraid I didn't catch the e-mail address. Could you say it once more, slowly, please?".to_owned()
        }
        Ask::Appointment { candidates, total } => which_appointment(candidates, *total, voice),
        Ask::Person => "Whose appointment is it about? Please give me first and last name.".to_owned(),
        Ask::NewTime => "To when would you like to move the appointment?".to_owned(),
    }
}

fn which<S: AsRef<str>>(candidates: &[S], otherwise: &str) -> String {
    let some: Vec<&str> = candidates.iter().take(5).map(AsRef::as_ref).collect();
    if some.is_empty() { otherwise.to_owned() } else { format!("Do you mean {}?", joined(&some, "or")) }
}

/// At most three aloud.
fn which_appointment(candidates: &[AppointmentView], total: usize, voice: &Voice<'_>) -> String {
    let same_start = candidates.windows(2).any(|pair| matches!(pair, [a, b] if a.visit.start == b.visit.start));
    let mut named: Vec<String> = candidates
        .iter()
        .take(3)
        .map(|entry| {
            let staff = if same_start { by(&entry.visit.staff) } else { String::new() };
            format!("the one on {}{staff}", day_at(&entry.visit.start, voice.now))
        })
        .collect();
    if named.is_empty() {
        return "Which appointment do you mean?".to_owned();
    }
    let total = total.max(candidates.len());
    if total > named.len() {
        named.push("another one".to_owned());
    }
    let last = named.pop().unwrap_or_default();
    let question = if named.is_empty() {
        format!("Do you mean {last}?")
    } else {
        format!("Do you mean {} or {last}?", named.join(", "))
    };
    if total > 1 { format!("You have {} appointments. {question}", number(total)) } else { question }
}

/// About a day or clock time.
pub(in super::super) fn about_time(ask: &AskTime, voice: &Voice<'_>) -> String {
    match ask {
        AskTime::WhichDay(dates) => {
            let days: Vec<String> = dates.iter().map(|date| en_day(*date, voice.now)).collect();
            match days.split_last() {
                None => "Which day do you mean?".to_owned(),
                Some((last, [])) => format!("Do you mean {last}?"),
                Some((last, others)) => format!("Do you mean {}, or {last}?", others.join(", ")),
            }
        }
        AskTime::WhichClock { times, .. } => {
            let clocks: Vec<String> = times.iter().map(|time| en_clock(*time)).collect();
            which(&clocks, "What time do you mean?")
        }
        AskTime::WhichFold { earlier, .. } => format!(
            "The clock shows {} twice that night, as it is put back. Do you mean before or after that?",
            en_clock(earlier.time())
        ),
        AskTime::SkippedByClockChange { date, time } => format!(
            "On {}, there is no {}, as the clock is put forward. What time suits you?",
            en_day(*date, voice.now),
            en_clock(*time)
        ),
        AskTime::Past => "I'm afraid that time is over already. When would you like to come?".to_owned(),
        AskTime::NoSuchDay => "There is no such day in the calendar. Which day do you mean?".to_owned(),
        AskTime::WeekdayContradicts { said } => format!(
            "{} is a {}. Which day do you mean?",
            capital(&en_date(*said, voice.now)),
            weekday_name(said.weekday(), Lang::En)
        ),
        AskTime::StaleYear => "That date is long past. On which day would you like to come?".to_owned(),
        AskTime::Unclear => {
            "I'm afraid I didn't catch the time. On which day and at what time would you like to come?".to_owned()
        }
    }
}
