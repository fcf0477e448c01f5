//! What the demo plays: a few calls, each with what must come of it.

use frontdesk_domain::tenant::Branch;
use frontdesk_domain::tenant::hours::opening_on;
use jiff::civil::Date;
use jiff::{ToSpan, Zoned};
use serde_json::{Value, json};

use super::phone::Line;
use super::stage::Stage;

/// A known customer's number, of a range kept for fiction.
const HANNELORE: &str = "+491713920017";
/// Two more callers.
const OTTO: &str = "+491713920031";
const PAUL: &str = "+491713920032";

/// Plays all scenes.
pub(super) async fn play(stage: &mut Stage, line: &Line, days: &Days) {
    withheld_number(stage, line, days).await;
    known_number(stage, line, days).await;
    two_at_once(stage, line, days).await;
    asked_twice(stage, line, days).await;
    while_the_dye_works(stage, line, days).await;
}

/// The days the demo speaks of: open ones, so that it ends the same on every day of the year.
pub(super) struct Days {
    pub(super) first: Date,
    pub(super) second: Date,
}

impl Days {
    /// The first two open days at least two days ahead.
    pub(super) fn ahead(branch: &Branch, now: &Zoned) -> Option<Self> {
        let mut open = (2..30_i64)
            .filter_map(|ahead| now.date().checked_add(ahead.days()).ok())
            .filter(|day| opening_on(branch, *day).is_ok_and(|spans| !spans.is_empty()));
        Some(Self { first: open.next()?, second: open.next()? })
    }
}

/// A day as a German caller says it: "Donnerstag, den 3.12.".
pub(super) fn said(day: Date) -> String {
    use jiff::civil::Weekday;
    let weekday = match day.weekday() {
        Weekday::Monday => "Montag",
        Weekday::Tuesday => "Dienstag",
        Weekday::Wednesday => "Mittwoch",
        Weekday::Thursday => "Donnerstag",
        Weekday::Friday => "Freitag",
        Weekday::Saturday => "Samstag",
        Weekday::Sunday => "Sonntag",
    };
    format!("{weekday}, den {}.{}.", day.day(), day.month())
}

async fn withheld_number(stage: &mut Stage, line: &Line, days: &Days) {
    stage.scene("A caller who withholds the number books", "always a new customer, no e-mail, a placeholder phone");
    let call = line.ring(None);
    let when = said(days.first);
    stage.says(&format!("Haben Sie {when} vormittags etwas für einen Herrenhaarschnitt?"));
    let args = json!({"service_name": "Herrenhaarschnitt", "date": when, "time": "vormittags"});
    let free = stage.hears(&call, "check_availability", &args, "available").await;
    stage.says("Dann halb elf, beim Thomas. Max Stadler ist mein Name.");
    let args = json!({"service_name": "Herrenhaarschnitt", "date": when, "time": "halb elf", "staff_name": "beim Thomas",
                      "customer_name": "Max Stadler", "customer_email": ""});
    let booked = stage.hears(&call, "book_appointment", &args, "booked").await;
    stage.check("a free time was offered before", !text(&free, "/slot/token").is_empty());
    stage.check("\"halb elf\" is 10:30", text(&booked, "/appointment/start").contains("T10:30"));
    stage.check("the wished person has it", text(&booked, "/appointment/staff") == "Thomas Krüger");
    stage.remember(&call);
}

async fn known_number(stage: &mut Stage, line: &Line, days: &Days) {
    stage.scene("A known caller books, moves and cancels", "known by number; owns what she changes");
    let first = line.ring(Some(HANNELORE));
    let (day, other) = (said(days.first), said(days.second));
    stage.says(&format!("Einen Damenhaarschnitt {day} um viertel nach drei, Hannelore Brückner."));
    let args = json!({"service_name": "Damenschnitt", "date": day, "time": "viertel nach drei",
                      "customer_name": "Hannelore Brückner", "customer_email": "h punkt brückner ät example punkt org"});
    stage.hears(&first, "book_appointment", &args, "booked").await;
    stage.note("She rings again.");
    let again = line.ring(Some(HANNELORE));
    let context = stage.hears(&again, "start_call", &json!({}), "ok").await;
    stage.says(&format!("Ich muss leider verschieben, auf {other} um elf."));
    let moved = stage
        .hears(&again, "reschedule_appointment", &json!({"new_date": other, "new_time": "elf"}), "rescheduled")
        .await;
    stage.says("Ach nein, sagen Sie ihn doch ganz ab.");
    stage.hears(&again, "cancel_appointment", &json!({"reason": "krank"}), "cancelled").await;
    stage.note("Somebody with a withheld number tries to cancel it, too.");
    let stranger = line.ring(None);
    let args = json!({"customer_name": "Hannelore Brückner", "date": other});
    stage.hears(&stranger, "cancel_appointment", &args, "refused").await;
    stage.check("she was known at her second call", context.pointer("/caller_known") == Some(&Value::Bool(true)));
    stage.check("the move kept the appointment", text(&moved, "/appointment/start").contains("T11:00"));
    stage.remember(&again);
}

async fn two_at_once(stage: &mut Stage, line: &Line, days: &Days) {
    stage.scene(
        "Two callers want the same chair at the same moment",
        "exactly one gets it, the other hears what is free",
    );
    let (otto, paul) = (line.ring(Some(OTTO)), line.ring(Some(PAUL)));
    let day = said(days.second);
    let wish = |name: &str| {
        json!({"service_name": "Herrenhaarschnitt", "date": day, "time": "14:00", "staff_name": "Thomas",
               "customer_name": name})
    };
    stage.says(&format!("(both) {day} um 14 Uhr bei Thomas, bitte."));
    let (otto_wish, paul_wish) = (wish("Otto Brandt"), wish("Paul Lindner"));
    let (one, two) = tokio::join!(otto.ask("book_appointment", &otto_wish), paul.ask("book_appointment", &paul_wish));
    let (one, two) = (stage.heard("book_appointment", one), stage.heard("book_appointment", two));
    let statuses = [text(&one, "/status"), text(&two, "/status")];
    stage.check("exactly one is booked", statuses.iter().filter(|status| **status == "booked").count() == 1);
    let lost = if statuses.first() == Some(&"booked") { &two } else { &one };
    stage.check("the other is offered other times", lost.pointer("/alternatives/0/token").is_some());
}

async fn asked_twice(stage: &mut Stage, line: &Line, days: &Days) {
    stage.scene("The platform repeats a call after a time-out", "the wish is met once, and told again");
    let call = line.ring(Some(PAUL));
    let day = said(days.second);
    let args =
        json!({"service_name": "Herrenhaarschnitt", "date": day, "time": "16:30", "customer_name": "Paul Lindner"});
    stage.says(&format!("Einen Herrenhaarschnitt {day} um 16 Uhr 30, Paul Lindner."));
    let first = stage.hears(&call, "book_appointment", &args, "booked").await;
    stage.note("No answer came through in time, so the model asks again, in other words.");
    let args = json!({"service_name": "Herrenschnitt", "date": days.second.to_string(), "time": "halb fünf",
                      "customer_name": "paul lindner"});
    let second = stage.hears(&call, "book_appointment", &args, "booked").await;
    stage.check(
        "both hear of the same appointment",
        text(&first, "/appointment/id") == text(&second, "/appointment/id"),
    );
}

async fn while_the_dye_works(stage: &mut Stage, line: &Line, days: &Days) {
    stage.scene(
        "While the dye works, the hairdresser cuts somebody else's hair",
        "30 minutes work, 45 minutes waiting, 30 minutes work",
    );
    let (colour, cut) = (line.ring(None), line.ring(None));
    let day = said(days.second);
    let args = json!({"service_name": "Ansatz färben", "date": day, "time": "9:00", "customer_name": "Greta Maurer"});
    stage.says(&format!("Ansatz färben {day} um neun, Greta Maurer."));
    stage.hears(&colour, "book_appointment", &args, "booked").await;
    stage.says(&format!("Einen Damenhaarschnitt {day} um halb zehn bei Emma, Lena Brandt."));
    let args = json!({"service_name": "Damenhaarschnitt", "date": day, "time": "9:30", "staff_name": "Emma",
                      "customer_name": "Lena Brandt"});
    let inside = stage.hears(&cut, "book_appointment", &args, "booked").await;
    stage.check("Emma does both", text(&inside, "/appointment/staff") == "Emma Winkler");
    stage.says("Dasselbe bitte auch für mich, Ida Falk.");
    let args = json!({"service_name": "Damenhaarschnitt", "date": day, "time": "9:30", "staff_name": "Emma",
                      "customer_name": "Ida Falk"});
    stage.hears(&line.ring(None), "book_appointment", &args, "unavailable").await;
}

pub(super) fn text<'v>(answer: &'v Value, pointer: &str) -> &'v str {
    answer.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}
