//! What the demo plays with a salon whose calendar is in Cal.com: well, hanging, gone, and back.

use std::time::Duration;

use frontdesk_connect::http::Client;
use frontdesk_domain::booking::saga::State;
use frontdesk_domain::ids::AppointmentId;
use secrecy::SecretString;
use serde_json::{Value, json};

use super::ledgers::Ours;
use super::outside::Outside;
use super::phone::Line;
use super::scenes::{Days, said, text};
use super::stage::{Stage, span};
use crate::world::Stopwatch;

/// Callers, with numbers of a range kept for fiction.
const MARTHA: &str = "+491713920041";
const OTTO: &str = "+491713920042";
const PAUL: &str = "+491713920043";
const GRETA: &str = "+491713920044";
const KERSTIN: &str = "+491713920045";

/// No caller waits longer, whatever a calendar does.
const LONGEST: Duration = Duration::from_secs(2);
/// How long the demo's Cal.com is away.
const AWAY: Duration = Duration::from_millis(700);

/// The salon whose calendar is in Cal.com.
pub(super) struct Linked {
    pub(super) line: Line,
    pub(super) days: Days,
    pub(super) outside: Outside,
    pub(super) ours: Ours,
    pub(super) http: Client,
    /// Emma's key in Cal.com.
    pub(super) key: SecretString,
}

/// Plays all scenes.
pub(super) async fn play(stage: &mut Stage, salon: &mut Linked) -> Result<(), String> {
    let cancelled_later = booked_while_the_caller_waits(stage, salon).await;
    two_at_once(stage, salon).await;
    outage(stage, salon).await?;
    cancelled_over_there(stage, salon, &cancelled_later).await?;
    both_ledgers(stage, salon).await
}

async fn booked_while_the_caller_waits(stage: &mut Stage, salon: &Linked) -> AppointmentId {
    stage.scene("Cal.com confirms while the caller waits", "\"booked\" is said only once the calendar has it, too");
    let call = salon.line.ring(Some(MARTHA));
    let day = said(salon.days.first);
    stage.says(&format!("Einmal Waschen, Schneiden, Föhnen {day} um zehn. Martha Engel."));
    let wish = wish("Waschen, Schneiden, Föhnen", &salon.days.first.to_string(), "zehn", "Martha Engel");
    let booked = stage.hears(&call, "book_appointment", &wish, "booked").await;
    let there = salon.outside.living();
    stage.check("it is in Cal.com's ledger", there.len() == 1);
    stage.remember(&call);
    id_in(&booked)
}

async fn two_at_once(stage: &mut Stage, salon: &Linked) {
    stage.scene("Two callers want one time in Cal.com at the same moment", "one gets it, the other hears what is free");
    let (otto, paul) = (salon.line.ring(Some(OTTO)), salon.line.ring(Some(PAUL)));
    let day = said(salon.days.first);
    stage.says(&format!("(both) Einen Haarschnitt {day} um 12 Uhr bei Fabian, bitte."));
    let wish = |name: &str| {
        json!({"service_name": "Haarschnitt", "date": salon.days.first.to_string(), "time": "12:00",
               "staff_name": "Fabian", "customer_name": name})
    };
    let (otto_wish, paul_wish) = (wish("Otto Brandt"), wish("Paul Lindner"));
    let (one, two) = tokio::join!(otto.ask("book_appointment", &otto_wish), paul.ask("book_appointment", &paul_wish));
    let (one, two) = (stage.heard("book_appointment", one), stage.heard("book_appointment", two));
    let statuses = [text(&one, "/status"), text(&two, "/status")];
    stage.check("exactly one is booked", statuses.iter().filter(|status| **status == "booked").count() == 1);
    let lost = if statuses.first() == Some(&"booked") { &two } else { &one };
    stage.check("the other is offered other times", lost.pointer("/alternatives/0/token").is_some());
    stage.check("Cal.com has one booking more, not two", salon.outside.living().len() == 2);
}

/// Hangs, is gone, comes back: three scenes that belong together.
async fn outage(stage: &mut Stage, salon: &mut Linked) -> Result<(), String> {
    let day = said(salon.days.second);
    let date = salon.days.second.to_string();

    stage.scene("Cal.com hangs", "it does what it is asked and never answers: nobody can know what came of it");
    let before = salon.outside.living().len();
    let down = Stopwatch::start();
    salon.outside.hangs();
    let greta = salon.line.ring(Some(GRETA));
    stage.says(&format!("Einen Damenhaarschnitt {day} um elf. Greta Maurer."));
    let gretas_wish = wish("Damenhaarschnitt", &date, "elf", "Greta Maurer");
    let noted = stage.hears(&greta, "book_appointment", &gretas_wish, "noted").await;
    stage.note("\"Noted, confirmation follows\": neither \"booked\" nor \"not booked\" would be true.");
    stage.check(&format!("she waited {}, less than 2 s", span(stage.waited())), stage.waited() < LONGEST);
    stage.check("the time is kept for her", salon.ours.state(&id_in(&noted)).await == Some(State::Held));
    if salon.outside.living().len() > before {
        stage.calendar("has her booking in its ledger, but no answer ever came");
    }

    stage.scene("Cal.com is gone", "its port is closed; what cannot be sent leaves nothing in doubt");
    salon.outside.goes_away().await;
    let kerstin = salon.line.ring(Some(KERSTIN));
    stage.says(&format!("Einen Damenhaarschnitt {day} um zwölf. Kerstin Vogt."));
    let kerstins = stage
        .hears(&kerstin, "book_appointment", &wish("Damenhaarschnitt", &date, "zwölf", "Kerstin Vogt"), "noted")
        .await;
    stage.check(
        &format!("she waited {}: without a connection there is nothing to wait for", span(stage.waited())),
        stage.waited() < LONGEST,
    );
    tokio::time::sleep(AWAY).await;

    stage.scene("Cal.com is back", "what was noted is looked up, or sent, and confirmed by itself");
    salon.outside.comes_back()?;
    stage.calendar(&format!("is back after {} without a word", span(down.elapsed())));
    let (hers, other) = (id_in(&noted), id_in(&kerstins));
    let (gretas, kerstins) =
        tokio::join!(salon.ours.comes_to(&hers, State::Confirmed), salon.ours.comes_to(&other, State::Confirmed));
    let mut told = [
        (gretas, "Greta's", "found in Cal.com by the mark we put on it"),
        (kerstins, "Kerstin's", "it was never sent, so it was made now"),
    ];
    told.sort_by_key(|(after, ..)| *after);
    for (after, whose, how) in told {
        if let Some(after) = after {
            stage.here(&format!("{whose} noted appointment is confirmed {} later: {how}", span(after)));
        }
        stage.check(&format!("{whose} is confirmed"), after.is_some());
    }
    stage.note("Greta is still on the line; the agent asks once more, in the same words.");
    stage.hears(&greta, "book_appointment", &gretas_wish, "booked").await;
    stage.check("nothing was booked a second time", salon.outside.living().len() == before + 2);
    stage.remember(&greta);
    Ok(())
}

async fn cancelled_over_there(stage: &mut Stage, salon: &Linked, id: &AppointmentId) -> Result<(), String> {
    stage.scene("Somebody cancels in Cal.com itself", "a webhook hints at it, the truth is fetched, we follow");
    let uid = salon.ours.name_there(id).await.ok_or("the first booking has no name in Cal.com")?;
    salon.outside.cancelled_by_hand(&salon.http, &salon.key, &uid).await?;
    stage.calendar("Emma takes Martha Engel's booking out of her calendar");
    let after = salon.ours.comes_to(id, State::Cancelled).await;
    if let Some(after) = after {
        stage.here(&format!("the appointment is cancelled {} later, its time is free again", span(after)));
    }
    stage.check("the appointment here follows", after.is_some());
    stage.check(
        "ringing Martha is somebody's task now (frontdesk callbacks list)",
        salon.ours.open_promises("cancelled_in_calendar").await == 1,
    );
    Ok(())
}

async fn both_ledgers(stage: &mut Stage, salon: &Linked) -> Result<(), String> {
    stage.scene("The two ledgers, compared", "every appointment against every booking, both ways");
    stage.check("nothing is left to carry over", salon.ours.agrees().await);
    let compared = salon.ours.compared_with(&salon.outside.living()).await?;
    for difference in &compared.differences {
        stage.check(difference, false);
    }
    let counts = format!("{} appointments, {} bookings, none too many", compared.appointments, compared.bookings);
    stage.check(&counts, compared.differences.is_empty() && compared.appointments == 3 && compared.bookings == 3);
    Ok(())
}

fn wish(service: &str, date: &str, time: &str, name: &str) -> Value {
    json!({"service_name": service, "date": date, "time": time, "customer_name": name})
}

fn id_in(answer: &Value) -> AppointmentId {
    AppointmentId::new(text(answer, "/appointment/id"))
}
