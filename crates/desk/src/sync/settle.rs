//! What follows for an appointment from what happened to its bookings in the calendar; always in the same transaction.

use frontdesk_domain::booking::remote::{Outcome, Remote, State, apply};
use frontdesk_domain::booking::saga;
use frontdesk_domain::calendar::Refusal;
use frontdesk_domain::calendar::link::Part;
use frontdesk_domain::calendar::retry::FLAGGED_AFTER;
use frontdesk_domain::calendar::rules::Rules;
use frontdesk_domain::ids::AppointmentId;
use frontdesk_domain::ports::Ctx;
use frontdesk_domain::review::Kind;
use frontdesk_domain::tenant::Tenant;
use frontdesk_store::appointments::Appointment;
use frontdesk_store::moves::Move;
use frontdesk_store::remotes::RemoteRow;
use frontdesk_store::syncs::Origin;
use frontdesk_store::{
    StoreError, Tx, alarms, appointments, busy, moves, occupancy, remotes, reviews, syncs, timeline,
};
use jiff::Timestamp;

use super::picture::{NEXT_PART, Picture};
use super::tell::{self, News};
use super::{chronicle, intent};

/// After this long without success an absence that is due raises an alarm.
const OVERDUE_MS: i64 = 60_000;

/// How an appointment and its calendar stand after a run.
pub(super) enum Report {
    /// They agree; since the change that made them differ, if they did.
    Agreed {
        after: Option<std::time::Duration>,
    },
    Open {
        failed_tries: u32,
        flagged: bool,
        /// A booking that should be gone is alarmed from then on: looking once more is due by then.
        alarm_at: Option<Timestamp>,
    },
    LeaseLost,
}

/// Draws the consequences: promised, given up, taken back, moved.
pub(super) async fn after_outcome(
    tx: &mut Tx,
    ctx: &Ctx,
    tenant: &Tenant,
    id: &AppointmentId,
    rules: &Rules,
    caller_waits: bool,
) -> Result<(), StoreError> {
    let Some(picture) = Picture::load(tx, id).await? else { return Ok(()) };
    match (picture.appointment.saga, &picture.going) {
        (saga::State::Held, _) => held(tx, ctx, tenant, &picture, rules, caller_waits).await,
        (saga::State::Confirmed, Some(going)) => moving(tx, ctx, tenant, &picture, going, rules, caller_waits).await,
        (saga::State::Confirmed, None) if picture.rows.iter().any(was_taken_away) => {
            taken_back_there(tx, ctx, tenant, &picture, rules).await
        }
        _ => Ok(()),
    }
}

/// It should be there, and is not any more: somebody took it away in the calendar.
fn was_taken_away(row: &RemoteRow) -> bool {
    row.remote.desired && row.remote.state == State::Gone
}

async fn held(
    tx: &mut Tx,
    ctx: &Ctx,
    tenant: &Tenant,
    picture: &Picture,
    rules: &Rules,
    caller_waits: bool,
) -> Result<(), StoreError> {
    let remotes: Vec<Remote> = picture.rows.iter().filter(|row| row.remote.desired).map(|row| row.remote).collect();
    let Some(verdict) = saga::verdict(&remotes) else { return Ok(()) };
    let appointment = &picture.appointment;
    let Some(next) = saga::apply(appointment.saga, verdict) else { return Ok(()) };
    if next == saga::State::Released {
        return give_up(tx, ctx, tenant, picture, rules, caller_waits).await;
    }
    if appointments::set_state(tx, appointment, next, None, None, ctx.now_ms()).await? {
        chronicle::say(tx, ctx, &appointment.id, next.as_str()).await?;
    }
    Ok(())
}

/// What was only noted does not come about. Somebody tells, unless a caller is just about to hear of it and nobody heard
/// "noted" before.
async fn give_up(
    tx: &mut Tx,
    ctx: &Ctx,
    tenant: &Tenant,
    picture: &Picture,
    rules: &Rules,
    caller_waits: bool,
) -> Result<(), StoreError> {
    let appointment = &picture.appointment;
    let Some(next) = saga::apply(appointment.saga, saga::Outcome::Declined) else { return Ok(()) };
    if !appointments::set_state(tx, appointment, next, None, None, ctx.now_ms()).await? {
        return Ok(());
    }
    chronicle::say(tx, ctx, &appointment.id, next.as_str()).await?;
    occupancy::release_appointment(tx, &appointment.id).await?;
    intent::of_none(tx, ctx, &appointment.id, rules).await?;
    let heard_noted = match &appointment.call_id {
        Some(call) => timeline::was_told(tx, call, "noted", appointment.id.as_str()).await?,
        None => false,
    };
    if !caller_waits || heard_noted {
        tell::customer(tx, ctx, tenant, picture, News::NotBooked).await?;
    }
    Ok(())
}

async fn moving(
    tx: &mut Tx,
    ctx: &Ctx,
    tenant: &Tenant,
    picture: &Picture,
    going: &Move,
    rules: &Rules,
    caller_waits: bool,
) -> Result<(), StoreError> {
    // Cancelled there while it was on its way: then there is nothing left to move.
    if picture.rows.iter().any(|row| row.part < NEXT_PART && was_taken_away(row)) {
        occupancy::release_next(tx, &picture.appointment.id).await?;
        moves::end(tx, &picture.appointment.id).await?;
        return taken_back_there(tx, ctx, tenant, picture, rules).await;
    }
    let wanted = || picture.rows.iter().filter(|row| row.remote.desired);
    if wanted().any(|row| matches!(row.remote.state, State::Refused | State::Gone)) {
        return abort_move(tx, ctx, tenant, picture, rules, caller_waits).await;
    }
    if !wanted().all(|row| row.remote.state == State::Live && row.remote.at == Some(row.remote.start)) {
        return Ok(());
    }
    let appointment = &picture.appointment;
    if !occupancy::replace(tx, &going.visit, &appointment.id, ctx.now_ms()).await? {
        return Err(StoreError::Constraint("the time of a move was taken although it was ours".to_owned()));
    }
    appointments::move_to(tx, appointment, &going.visit, &going.staff, going.call_id.as_ref(), ctx.now_ms()).await?;
    moves::end(tx, &appointment.id).await?;
    let parts = intent::parts(tenant, &going.visit).unwrap_or_default();
    for row in &picture.rows {
        if row.part >= NEXT_PART {
            remotes::set_part(tx, &row.op, row.part - NEXT_PART).await?;
        } else if !parts.iter().any(|part| is_for(row, part)) {
            intent::unwant(tx, ctx, &mut row.clone(), rules).await?;
        }
    }
    Ok(())
}

fn is_for(row: &RemoteRow, part: &Part) -> bool {
    row.event_type == part.event_type && row.host == part.host && row.remote.start == part.start
}

/// The appointment stays where it was: what the move would have needed is given back.
async fn abort_move(
    tx: &mut Tx,
    ctx: &Ctx,
    tenant: &Tenant,
    picture: &Picture,
    rules: &Rules,
    caller_waits: bool,
) -> Result<(), StoreError> {
    let appointment = &picture.appointment;
    occupancy::release_next(tx, &appointment.id).await?;
    moves::end(tx, &appointment.id).await?;
    let parts = intent::parts(tenant, &appointment.visit).unwrap_or_default();
    for row in &picture.rows {
        let mut row = row.clone();
        if row.part >= NEXT_PART {
            intent::unwant(tx, ctx, &mut row, rules).await?;
        } else if let Some(part) = parts.iter().find(|part| row.event_type == part.event_type && row.host == part.host)
        {
            row.end = part.end;
            let back = Remote { start: part.start, ..row.remote };
            remotes::save(tx, &mut row, back, None, ctx.now_ms()).await?;
        }
    }
    if caller_waits {
        return Ok(());
    }
    let (subject, message) = (appointment.id.as_str(), "the calendar would not have the noted move");
    reviews::open(tx, &ctx.id("rev_"), Kind::MoveRefused, subject, "taken", message, ctx.now_ms()).await?;
    tell::customer(tx, ctx, tenant, picture, News::NotMoved).await
}

/// Somebody cancelled one of its bookings in the calendar: the appointment does not take place.
async fn taken_back_there(
    tx: &mut Tx,
    ctx: &Ctx,
    tenant: &Tenant,
    picture: &Picture,
    rules: &Rules,
) -> Result<(), StoreError> {
    let appointment = &picture.appointment;
    let Some(next) = saga::apply(appointment.saga, saga::Outcome::TakenBack) else { return Ok(()) };
    let reason = Some("im Kalender abgesagt");
    if !appointments::set_state(tx, appointment, next, reason, None, ctx.now_ms()).await? {
        return Ok(());
    }
    occupancy::release_appointment(tx, &appointment.id).await?;
    intent::of_none(tx, ctx, &appointment.id, rules).await?;
    syncs::open(tx, &appointment.id, Origin::Calendar, ctx.now_ms()).await?;
    intent::wake(tx, ctx, &appointment.id).await?;
    tell::customer(tx, ctx, tenant, picture, News::CancelledThere).await
}

/// Why a booking was refused.
pub(super) struct Refused {
    pub(super) code: &'static str,
    pub(super) message: String,
    /// Later it may not be refused any more.
    pub(super) may_pass: bool,
}

/// The calendar refused for certain. Where it was promised here it is tried on if that may help, else a person must
/// look; where it was not promised, or belongs to a move that is only noted, it stays refused.
pub(super) async fn promised_and_refused(
    tx: &mut Tx,
    ctx: &Ctx,
    row: &mut RemoteRow,
    refused_why: &Refused,
    rules: &Rules,
) -> Result<(), StoreError> {
    let promised = appointments::load(tx, &row.appointment).await?;
    let promised = promised.is_some_and(|own| own.saga == saga::State::Confirmed);
    if !promised || moves::load(tx, &row.appointment).await?.is_some() {
        return Ok(());
    }
    if refused_why.may_pass
        && let Some(now) = apply(&row.remote, Outcome::TryAgain, ctx.now(), rules)
    {
        return remotes::save(tx, row, now, None, ctx.now_ms()).await;
    }
    refused(tx, ctx, &row.appointment, refused_why.code, &refused_why.message).await
}

/// The calendar refused for certain what a customer was promised: a person must look. Nothing where nothing was.
pub(super) async fn refused(
    tx: &mut Tx,
    ctx: &Ctx,
    id: &AppointmentId,
    code: &str,
    message: &str,
) -> Result<(), StoreError> {
    let promised = appointments::load(tx, id).await?.is_some_and(|own| own.saga == saga::State::Confirmed);
    if !promised {
        return Ok(());
    }
    syncs::failed(tx, id, code, message).await?;
    syncs::flag(tx, id, ctx.now_ms()).await?;
    reviews::open(tx, &ctx.id("rev_"), Kind::Refused, id.as_str(), code, message, ctx.now_ms()).await?;
    let text = format!("the calendar refused an appointment that was promised ({code}); see frontdesk review list");
    alarms::raise(tx, "refused", id.as_str(), &text, ctx.now_ms()).await
}

/// The calendar would not move a booking. `true`: the move is given up; `false`: it was promised, so it goes on.
pub(super) async fn move_refused(
    tx: &mut Tx,
    ctx: &Ctx,
    tenant: &Tenant,
    id: &AppointmentId,
    code: &str,
    message: &str,
    rules: &Rules,
    caller_waits: bool,
) -> Result<bool, StoreError> {
    let Some(picture) = Picture::load(tx, id).await? else { return Ok(true) };
    if picture.going.is_some() {
        abort_move(tx, ctx, tenant, &picture, rules, caller_waits).await?;
        return Ok(true);
    }
    // Only noted, and not to be had where it was moved to: it does not come about, and what is there goes again.
    if picture.appointment.saga == saga::State::Held {
        give_up(tx, ctx, tenant, &picture, rules, caller_waits).await?;
        intent::wake(tx, ctx, id).await?;
        return Ok(true);
    }
    refused(tx, ctx, id, code, message).await?;
    Ok(false)
}

/// Closes what was flagged as overlapping somebody else's booking and does not any more.
pub(super) async fn end_overlaps(tx: &mut Tx, ctx: &Ctx) -> Result<(), StoreError> {
    for open in reviews::list(tx, false).await?.iter().filter(|open| open.kind == Kind::Overlap) {
        if let Some(own) = appointments::load(tx, &AppointmentId::from(open.subject.as_str())).await? {
            end_overlap(tx, ctx, &own).await?;
        }
    }
    Ok(())
}

async fn end_overlap(tx: &mut Tx, ctx: &Ctx, own: &Appointment) -> Result<(), StoreError> {
    if own.saga.is_active() && busy::hinders(tx, &own.visit).await? {
        return Ok(());
    }
    reviews::close(tx, Kind::Overlap, own.id.as_str(), ctx.now_ms()).await?;
    alarms::clear(tx, "overlap", own.id.as_str(), ctx.now_ms()).await
}

/// Writes how a run ended. From the third failed try on a person is asked to look; the work goes on.
pub(super) async fn report(
    tx: &mut Tx,
    ctx: &Ctx,
    id: &AppointmentId,
    failed: Option<(&str, &str)>,
) -> Result<Report, StoreError> {
    let Some(picture) = Picture::load(tx, id).await? else { return Ok(Report::Agreed { after: None }) };
    let now_ms = ctx.now_ms();
    if picture.agrees() {
        let differed = syncs::load(tx, id).await?.filter(|row| row.status != "synced");
        let waited = differed.and_then(|row| u64::try_from(now_ms.saturating_sub(row.pending_since_ms)).ok());
        syncs::agreed(tx, id, now_ms).await?;
        for kind in [Kind::PushFailed, Kind::Refused] {
            reviews::close(tx, kind, id.as_str(), now_ms).await?;
        }
        for kind in ["refused", "absence_overdue"] {
            alarms::clear(tx, kind, id.as_str(), now_ms).await?;
        }
        end_overlap(tx, ctx, &picture.appointment).await?;
        return Ok(Report::Agreed { after: waited.map(std::time::Duration::from_millis) });
    }
    let Some((code, message)) = failed else {
        return Ok(Report::Open { failed_tries: 0, flagged: false, alarm_at: None });
    };
    let tries = u32::try_from(syncs::failed(tx, id, code, message).await?).unwrap_or(u32::MAX);
    if tries >= FLAGGED_AFTER {
        syncs::flag(tx, id, now_ms).await?;
        if code == Refusal::Taken.code() {
            let text =
                format!("the calendar refuses an appointment that was promised ({code}); see frontdesk review list");
            reviews::open(tx, &ctx.id("rev_"), Kind::Refused, id.as_str(), code, message, now_ms).await?;
            alarms::raise(tx, "refused", id.as_str(), &text, now_ms).await?;
        } else {
            reviews::open(tx, &ctx.id("rev_"), Kind::PushFailed, id.as_str(), code, message, now_ms).await?;
        }
    }
    let leaves_over = picture.rows.iter().any(|row| !row.remote.desired && row.remote.state != State::Gone);
    let since = syncs::load(tx, id).await?.map_or(now_ms, |row| row.pending_since_ms);
    let overdue_ms = since.saturating_add(OVERDUE_MS);
    if leaves_over && now_ms >= overdue_ms {
        let text = format!("a booking that should be gone is still in the calendar ({code}); it is tried on");
        alarms::raise(tx, "absence_overdue", id.as_str(), &text, now_ms).await?;
    }
    let alarm_at = Timestamp::from_millisecond(overdue_ms).ok().filter(|_| leaves_over && now_ms < overdue_ms);
    Ok(Report::Open { failed_tries: tries, flagged: tries >= FLAGGED_AFTER, alarm_at })
}
