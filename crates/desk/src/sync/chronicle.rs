//! What the calendar did for an appointment, entered into the timeline of the call it follows from.

use frontdesk_domain::booking::remote::{Outcome, State};
use frontdesk_domain::ids::AppointmentId;
use frontdesk_domain::ports::Ctx;
use frontdesk_store::remotes::RemoteRow;
use frontdesk_store::timeline::{self, Event};
use frontdesk_store::{StoreError, Tx, appointments, moves};
use serde_json::json;

/// The kind of these entries.
const KIND: &str = "calendar";

/// Enters what happened to a booking there, `was`: where it stood before.
pub(super) async fn outcome(
    tx: &mut Tx,
    ctx: &Ctx,
    row: &RemoteRow,
    was: State,
    outcome: Outcome,
) -> Result<(), StoreError> {
    let Some(word) = word(was, outcome) else { return Ok(()) };
    let detail =
        json!({ "appointment": row.appointment, "at": row.remote.start.to_string(), "try": row.remote.attempt });
    add(tx, ctx, &row.appointment, word, Some(detail.to_string())).await
}

/// Enters a word about an appointment.
pub(super) async fn say(tx: &mut Tx, ctx: &Ctx, id: &AppointmentId, word: &str) -> Result<(), StoreError> {
    add(tx, ctx, id, word, Some(json!({ "appointment": id }).to_string())).await
}

async fn add(tx: &mut Tx, ctx: &Ctx, id: &AppointmentId, word: &str, detail: Option<String>) -> Result<(), StoreError> {
    let going = moves::load(tx, id).await?.and_then(|going| going.call_id);
    let call = match going {
        Some(call) => Some(call),
        None => appointments::last_call(tx, id).await?,
    };
    let Some(call) = call else { return Ok(()) };
    let event = Event { at_ms: ctx.now_ms(), kind: KIND.to_owned(), name: word.to_owned(), detail, ..Event::default() };
    timeline::add(tx, &call, &event).await.map(|_| ())
}

fn word(was: State, outcome: Outcome) -> Option<&'static str> {
    let moving = matches!(was, State::Live | State::Moving);
    Some(match outcome {
        Outcome::Sending if moving => "move_sent",
        Outcome::Sending => "sent",
        Outcome::NotSent => "not_sent",
        Outcome::There { pending: true, .. } => "waits_for_a_yes_there",
        Outcome::There { .. } if moving => "moved",
        Outcome::There { .. } => "accepted",
        Outcome::Refused => "refused",
        Outcome::Doubtful => "no_clear_answer",
        Outcome::Nothing => "looked_up_and_not_there",
        Outcome::Cancelled => "cancelled",
        Outcome::EmailDone => "email_carried",
        Outcome::Unwanted | Outcome::TryAgain => return None,
    })
}
