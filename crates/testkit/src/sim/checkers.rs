//! What must hold, whatever happened: the guarantees, held against rows, ledger, and what people heard.

use std::collections::BTreeMap;

use frontdesk_domain::booking::saga::State;
use frontdesk_domain::calendar::stamp::{MAC, OP, Stamp};
use frontdesk_domain::ids::AppointmentId;
use frontdesk_domain::slots::Visit;
use frontdesk_fake_calcom::{Booking, Operation};
use frontdesk_store::agenda::Promise;
use frontdesk_store::appointments::{Appointment, Change};
use frontdesk_store::remotes::RemoteRow;
use frontdesk_store::reviews::Review;
use frontdesk_store::syncs::SyncRow;
use frontdesk_store::{Store, StoreError, TenantScope, agenda, appointments, remotes, reviews, syncs};
use jiff::{SignedDuration, Timestamp};

use super::people::{Stage, Told};
use super::plan::Plan;

/// Requests of one key in a minute.
const PER_MINUTE: usize = 120;
/// The longest that somebody on the phone waits.
const PATIENCE: SignedDuration = SignedDuration::from_secs(2);

/// Everything we know about one appointment.
#[derive(Debug)]
struct Known {
    appointment: Appointment,
    rows: Vec<RemoteRow>,
    history: Vec<Change>,
    sync: Option<SyncRow>,
}

/// Everything there is to look at.
pub struct Evidence {
    appointments: Vec<Known>,
    reviews: Vec<Review>,
    promises: Vec<Promise>,
    ledger: Vec<Booking>,
}

impl Evidence {
    /// Reads it all.
    pub async fn gather(store: &Store, scope: &TenantScope, ledger: Vec<Booking>) -> Self {
        let (appointments, reviews, promises) = store
            .read::<_, StoreError, _>(scope, |tx| {
                Box::pin(async move {
                    let mut all = Vec::new();
                    for entry in agenda::starting(tx, 0, i64::MAX).await? {
                        let Some(appointment) = appointments::load(tx, &entry.id).await? else { continue };
                        all.push(Known {
                            rows: remotes::of_appointment(tx, &entry.id).await?,
                            history: appointments::history(tx, &entry.id).await?,
                            sync: syncs::load(tx, &entry.id).await?,
                            appointment,
                        });
                    }
                    Ok((all, reviews::list(tx, true).await?, agenda::open_promises(tx).await?))
                })
            })
            .await
            .unwrap();
        Self { appointments, reviews, promises, ledger }
    }

    /// A line for each appointment and booking, for the story.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for known in &self.appointments {
            let own = &known.appointment;
            lines.push(format!(
                "= {} {:?} {} {:?} {:?} sync {}",
                own.id,
                own.saga,
                own.visit.start,
                own.services,
                own.staff,
                known
                    .sync
                    .as_ref()
                    .map_or("-".to_owned(), |sync| format!("{} {} {:?}", sync.status, sync.attempts, sync.error_code))
            ));
            for row in &known.rows {
                lines.push(format!(
                    "=   {} {:?} desired {} start {} at {:?} attempt {} uid {:?}",
                    row.op,
                    row.remote.state,
                    row.remote.desired,
                    row.remote.start,
                    row.remote.at.map(|at| at.to_string()),
                    row.remote.attempt,
                    row.uid.as_ref().map(|uid| uid.reveal().to_owned())
                ));
            }
            for change in &known.history {
                let at = Timestamp::from_millisecond(change.at_ms).unwrap();
                let to = Timestamp::from_millisecond(change.start_ms).unwrap();
                lines.push(format!("=   {at} {} {to}", change.what));
            }
        }
        for booking in &self.ledger {
            lines.push(format!(
                "= calendar {} {:?} {} {} host {} type {} {} → {:?}",
                booking.uid,
                booking.status,
                booking.start,
                booking.created_at,
                booking.host_id,
                booking.event_type_id,
                booking.metadata.get(OP).and_then(|op| op.as_str()).unwrap_or("not ours"),
                booking.rescheduled_to_uid
            ));
        }
        for review in &self.reviews {
            let open = if review.resolved_ms.is_none() { "open" } else { "closed" };
            lines.push(format!("= review {:?} {} {} {open}", review.kind, review.subject, review.code));
        }
        for promise in &self.promises {
            lines.push(format!("= callback {} {:?}", promise.cause, promise.call_id));
        }
        lines
    }
}

/// Pairs of active appointments that share somebody's time; asked at any time.
pub fn overlaps(evidence: &Evidence) -> Vec<String> {
    let active: Vec<&Appointment> =
        evidence.appointments.iter().map(|known| &known.appointment).filter(|own| own.saga.is_active()).collect();
    let mut wrong = Vec::new();
    for (place, one) in active.iter().enumerate() {
        for other in &active[place + 1..] {
            if shares(&one.visit, &other.visit) {
                wrong.push(format!("G1 {} and {} share somebody's time", one.id, other.id));
            }
        }
    }
    wrong
}

fn shares(one: &Visit, other: &Visit) -> bool {
    one.legs.iter().any(|leg| {
        other
            .legs
            .iter()
            .filter(|theirs| theirs.staff == leg.staff)
            .any(|theirs| leg.busy.iter().any(|a| theirs.busy.iter().any(|b| a.from < b.until && b.from < a.until)))
    })
}

/// Everything that is wrong at the end.
pub fn all(plan: &Plan, stage: &Stage, evidence: &Evidence) -> Vec<String> {
    let told = stage.told.lock().unwrap().clone();
    let mut wrong = overlaps(evidence);
    wrong.extend(crowded(evidence, stage));
    wrong.extend(once(evidence));
    wrong.extend(never_denied(evidence, &told));
    wrong.extend(truthful(plan, stage, evidence, &told));
    wrong.extend(convergent(plan, stage, evidence));
    wrong.extend(no_collateral(stage, evidence));
    wrong.extend(patient(stage, &told));
    wrong.extend(polite(stage));
    wrong
}

/// G1 in the calendar itself: two of ours of one shared event type never overlap on one person there.
fn crowded(evidence: &Evidence, stage: &Stage) -> Vec<String> {
    let meddled = stage.meddled.lock().unwrap();
    let live = |booking: &&Booking| {
        booking.status.is_live()
            && is_stamped(stage, booking)
            && booking.event_type_id == 8
            && !meddled.contains(&booking.uid)
    };
    let ours: Vec<&Booking> = evidence.ledger.iter().filter(live).collect();
    let mut wrong = Vec::new();
    for (place, one) in ours.iter().enumerate() {
        for other in &ours[place + 1..] {
            if one.host_id == other.host_id && one.overlaps(other.start, other.end) {
                wrong.push(format!("G1 {} and {} share a host there", one.uid, other.uid));
            }
        }
    }
    wrong
}

/// G3: nobody hears "taken" of what is theirs.
fn never_denied(evidence: &Evidence, told: &[Told]) -> Vec<String> {
    let mut wrong = Vec::new();
    for one in told.iter().filter(|one| one.text("status") == "unavailable" && one.text("code") == "slot_taken") {
        let Some((service, start)) = &one.wish else { continue };
        let theirs = evidence.appointments.iter().map(|known| &known.appointment).find(|own| {
            own.call_id.as_ref().is_some_and(|call| call.as_str() == one.call_id)
                && own.saga.is_active()
                && own.visit.start == *start
                && own.services.contains(service)
                && own.created_ms <= one.heard.as_millisecond()
        });
        if let Some(theirs) = theirs.filter(|own| !asked_again(told, one, own)) {
            wrong.push(format!("G3 {} heard that {} is taken, by {} itself", one.call_id, start, theirs.id));
        }
    }
    wrong
}

/// Whether the same call heard of it truly, before or after.
fn asked_again(told: &[Told], one: &Told, own: &Appointment) -> bool {
    told.iter().any(|other| other.call_id == one.call_id && other.text("appointment/id") == own.id.as_str())
}

/// G2: one wish of one call, at most one active appointment.
fn once(evidence: &Evidence) -> Vec<String> {
    let mut wishes: BTreeMap<String, Vec<&AppointmentId>> = BTreeMap::new();
    for known in &evidence.appointments {
        let own = &known.appointment;
        let first = known.history.first().map_or(0, |change| change.start_ms);
        if own.saga.is_active() {
            let wish = format!("{:?} {:?} {first} {}", own.call_id, own.services, own.customer.as_str());
            wishes.entry(wish).or_default().push(&own.id);
        }
    }
    wishes
        .into_iter()
        .filter(|(_, ids)| ids.len() > 1)
        .map(|(wish, ids)| format!("G2 one wish has {} active appointments: {wish} {ids:?}", ids.len()))
        .collect()
}

/// G3: what was heard was so, and stays so unless somebody is told.
fn truthful(plan: &Plan, stage: &Stage, evidence: &Evidence, told: &[Told]) -> Vec<String> {
    let mut wrong = Vec::new();
    for one in told {
        let Some(answer) = &one.answer else { continue };
        let id = one.text("appointment/id");
        let what = format!("{} heard {} of {id} at {}", one.call_id, one.text("status"), one.heard);
        if answer.http != 200 {
            wrong.push(format!("G3 {} was answered {}", one.function, answer.http));
        }
        if !matches!(one.text("status"), "booked" | "noted" | "rescheduled" | "cancelled") {
            continue;
        }
        let Some(known) = evidence.appointments.iter().find(|known| known.appointment.id.as_str() == id) else {
            wrong.push(format!("G3 {what}, and there is none"));
            continue;
        };
        let heard_ms = one.heard.as_millisecond();
        let had = |word: &str| known.history.iter().any(|change| change.what == word && change.at_ms <= heard_ms);
        match one.text("status") {
            "booked" => {
                if !(plan.local_first || had("confirmed")) {
                    wrong.push(format!("G3 {what}, and it was not confirmed"));
                }
                if !plan.local_first && !was_there(known, evidence, one.heard) {
                    wrong.push(format!("G3 {what}, and the calendar had no booking of it"));
                }
            }
            "cancelled" if known.appointment.saga.is_active() => {
                wrong.push(format!("G3 {what}, and it is {:?}", known.appointment.saga));
            }
            _ => {}
        }
        if one.text("status") == "cancelled" {
            continue;
        }
        match known.appointment.saga {
            State::Released if !is_told(evidence, known, "not_booked") && !heard_no(told, one) => {
                wrong.push(format!("G3 {what}, it came to nothing, and nobody tells"));
            }
            State::Cancelled => {
                let by_caller = told.iter().any(|other| {
                    other.function == "cancel_appointment" && (other.answer.is_none() || other.asked >= one.asked)
                });
                let there = known.rows.iter().any(|row| meddled(stage, evidence, row));
                if !(by_caller || there && is_told(evidence, known, "cancelled_in_calendar")) {
                    wrong.push(format!("G3 {what}, it was cancelled by nobody, or nobody tells"));
                }
            }
            _ => {}
        }
    }
    wrong
}

/// Whether a later answer of the same call said plainly that it is not booked.
fn heard_no(told: &[Told], one: &Told) -> bool {
    told.iter()
        .any(|other| other.call_id == one.call_id && other.heard >= one.heard && other.text("status") == "unavailable")
}

fn meddled(stage: &Stage, evidence: &Evidence, row: &RemoteRow) -> bool {
    let meddled = stage.meddled.lock().unwrap();
    evidence.ledger.iter().any(|booking| op_of(booking) == Some(row.op.as_str()) && meddled.contains(&booking.uid))
}

fn is_told(evidence: &Evidence, known: &Known, cause: &str) -> bool {
    evidence.promises.iter().any(|promise| promise.cause == cause && promise.call_id == known.appointment.call_id)
}

/// Whether the calendar had a live booking of this appointment just then.
fn was_there(known: &Known, evidence: &Evidence, then: Timestamp) -> bool {
    evidence.ledger.iter().any(|booking| {
        known.rows.iter().any(|row| op_of(booking) == Some(row.op.as_str()))
            && booking.created_at <= then
            && (booking.status.is_live()
                || booking.updated_at.saturating_add(SignedDuration::from_secs(20)).unwrap() >= then
                || booking.rescheduled_to_uid.is_some())
    })
}

fn op_of(booking: &Booking) -> Option<&str> {
    booking.metadata.get(OP).and_then(|op| op.as_str())
}

fn is_stamped(stage: &Stage, booking: &Booking) -> bool {
    let text = |key: &str| booking.metadata.get(key).and_then(|value| value.as_str()).map(str::to_owned);
    let (Some(op), Some(mac)) = (text(OP), text(MAC)) else { return false };
    stage.database.keys().stamped(&stage.tenant, &Stamp { op, mac })
}

/// G4 and G6: both sides agree, or a person is asked to look.
fn convergent(plan: &Plan, stage: &Stage, evidence: &Evidence) -> Vec<String> {
    let mut wrong = Vec::new();
    for known in &evidence.appointments {
        let own = &known.appointment;
        if own.saga == State::Held {
            wrong.push(format!("G4 {} is still held", own.id));
        }
        let open =
            evidence.reviews.iter().any(|review| review.subject == own.id.as_str() && review.resolved_ms.is_none());
        for row in &known.rows {
            let wanted = own.saga.is_active() && row.remote.desired;
            let there = living(evidence, row);
            match (wanted, there.as_slice()) {
                (false, []) => {}
                (false, some) => wrong.push(format!("G4 {} is {:?} and has {} bookings", own.id, own.saga, some.len())),
                (true, [one]) => {
                    let right = own.visit.legs.iter().any(|leg| leg.start == one.start);
                    if !right && !open {
                        wrong.push(format!("G4 {} is at {} there, and nobody looks", own.id, one.start));
                    }
                }
                (true, []) => {
                    // Promised here, and somebody has that time there: a person must look, and nothing else can be done.
                    if !(plan.local_first && open && is_blocked(evidence, row)) {
                        wrong.push(format!("G4 {} is {:?} and the calendar has nothing", own.id, own.saga));
                    }
                }
                (true, some) => wrong.push(format!("G4 {} has {} bookings", own.id, some.len())),
            }
        }
        let legs = own.visit.legs.len();
        let desired = known.rows.iter().filter(|row| row.remote.desired).count();
        if own.saga.is_active() && legs != desired {
            wrong.push(format!("G4 {} needs {legs} bookings and wants {desired}", own.id));
        }
        let right = known.rows.iter().filter(|row| row.remote.desired).all(|row| living(evidence, row).len() == 1);
        if own.saga.is_active() && right && known.rows.iter().any(|row| row.remote.desired && row.remote.at.is_none()) {
            wrong.push(format!("G4 {} is there, and we do not know it", own.id));
        }
        let agrees = known.sync.as_ref().is_none_or(|sync| sync.status == "synced");
        if !agrees && !open {
            wrong.push(format!("G6 {} does not agree, and nobody looks", own.id));
        }
        if own.saga == State::Confirmed {
            wrong.extend(unseen_overlap(known, evidence, stage));
        }
    }
    for booking in evidence.ledger.iter().filter(|booking| booking.status.is_live() && is_stamped(stage, booking)) {
        let rows = evidence.appointments.iter().flat_map(|known| &known.rows);
        let known = rows.into_iter().any(|row| op_of(booking) == Some(row.op.as_str()));
        let theirs = stage.theirs.lock().unwrap().contains(&booking.uid);
        let seen = evidence.reviews.iter().any(|review| review.subject == booking.uid);
        if !(known || theirs && seen) {
            wrong.push(format!("G4 {} carries our mark and has no row", booking.uid));
        }
    }
    wrong
}

/// Whether somebody has the time of a row in the calendar.
fn is_blocked(evidence: &Evidence, row: &RemoteRow) -> bool {
    let (from, until) = (row.remote.start, row.end);
    let host = |booking: &Booking| match (row.host, row.pooled) {
        (Some(host), _) => booking.host_id == host.0,
        (None, false) => booking.host_id == 1,
        (None, true) => true,
    };
    // A shared event type tells somebody who books the same start again of the booking there is.
    let again = |booking: &Booking| {
        let address = row.attendee.as_ref().map(|email| email.reveal());
        row.pooled
            && booking.start == from
            && booking.attendees.iter().any(|guest| Some(guest.email.as_str()) == address)
    };
    let others = |booking: &&Booking| booking.status.is_live() && op_of(booking) != Some(row.op.as_str());
    evidence
        .ledger
        .iter()
        .filter(others)
        .any(|booking| again(booking) || booking.overlaps(from, until) && host(booking))
}

fn living<'e>(evidence: &'e Evidence, row: &RemoteRow) -> Vec<&'e Booking> {
    let all = evidence.ledger.iter();
    all.filter(|booking| op_of(booking) == Some(row.op.as_str()) && booking.status.is_live()).collect()
}

/// A foreign booking over one of ours must have been seen by somebody.
fn unseen_overlap(known: &Known, evidence: &Evidence, stage: &Stage) -> Vec<String> {
    let own = &known.appointment;
    let seen = evidence.reviews.iter().any(|review| review.subject == own.id.as_str());
    let live = evidence.ledger.iter().filter(|booking| booking.status.is_live() && !is_stamped(stage, booking));
    let hosts = |staff: &str| match staff {
        "emma" => 1,
        "fabian" => 2,
        _ => 3,
    };
    live.filter(|booking| {
        own.visit
            .legs
            .iter()
            .any(|leg| booking.host_id == hosts(leg.staff.as_str()) && booking.overlaps(leg.start, leg.end))
    })
    .filter(|booking| !(seen || booking.event_type_id == 8 && known.rows.iter().any(|row| row.host.is_none())))
    .map(|booking| format!("G6 {} overlaps their {}, and nobody looks", own.id, booking.uid))
    .collect()
}

/// G5: we change only what carries our mark and has a row.
fn no_collateral(stage: &Stage, evidence: &Evidence) -> Vec<String> {
    let changes = [Operation::Cancel, Operation::Reschedule, Operation::Attendees];
    let mut wrong = Vec::new();
    for asked in stage.network.asked().iter().filter(|asked| changes.contains(&asked.operation)) {
        let Some(booking) = evidence.ledger.iter().find(|booking| Some(&booking.uid) == asked.uid.as_ref()) else {
            continue;
        };
        let row = evidence
            .appointments
            .iter()
            .flat_map(|known| &known.rows)
            .any(|row| op_of(booking) == Some(row.op.as_str()));
        if !row || !is_stamped(stage, booking) {
            wrong.push(format!("G5 {:?} of {}, which is not ours", asked.operation, booking.uid));
        }
    }
    wrong
}

/// Nobody waits longer than two seconds, and nothing is tried twice meanwhile.
fn patient(stage: &Stage, told: &[Told]) -> Vec<String> {
    let mut wrong = Vec::new();
    let asked = stage.network.asked();
    for one in told.iter().filter(|one| one.answer.is_some()) {
        let waited = one.heard.duration_since(one.asked);
        if waited > PATIENCE {
            wrong.push(format!("patience: {} waited {waited:?} for {}", one.call_id, one.function));
        }
        let mut creates: BTreeMap<&str, usize> = BTreeMap::new();
        let during = |at: Timestamp| one.asked <= at && at <= one.heard;
        for create in asked.iter().filter(|asked| asked.process == one.process && during(asked.at)) {
            if let (Operation::Create, Some(op)) = (create.operation, &create.op) {
                *creates.entry(op).or_default() += 1;
            }
        }
        if let Some((op, count)) = creates.into_iter().find(|(_, count)| *count > 1) {
            wrong.push(format!("patience: {op} was tried {count} times while {} waited", one.call_id));
        }
    }
    wrong
}

/// Never more requests in a minute than the calendar allows.
fn polite(stage: &Stage) -> Vec<String> {
    let mut by_process: BTreeMap<usize, Vec<Timestamp>> = BTreeMap::new();
    for asked in stage.network.asked() {
        by_process.entry(asked.process).or_default().push(asked.at);
    }
    let mut wrong = Vec::new();
    for (process, mut times) in by_process {
        times.sort_unstable();
        let too_many = times.windows(PER_MINUTE + 1).any(|window| {
            let (first, last) = (window[0], window[PER_MINUTE]);
            last.duration_since(first) < SignedDuration::from_secs(60)
        });
        if too_many {
            wrong.push(format!("rate: process {process} asked more than {PER_MINUTE} times in a minute"));
        }
    }
    wrong
}
