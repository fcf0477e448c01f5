//! What an appointment needs in the calendar, written in the transaction of what it follows from.

use frontdesk_domain::booking::remote::{Outcome, Remote, State, apply};
use frontdesk_domain::calendar::link::Part;
use frontdesk_domain::calendar::rules::Rules;
use frontdesk_domain::ids::AppointmentId;
use frontdesk_domain::pii::Email;
use frontdesk_domain::ports::Ctx;
use frontdesk_domain::slots::Visit;
use frontdesk_domain::tenant::Tenant;
use frontdesk_store::appointments::Appointment;
use frontdesk_store::jobs::{self, Lease};
use frontdesk_store::remotes::{self, RemoteRow};
use frontdesk_store::syncs::{self, Origin};
use frontdesk_store::{StoreError, Tx};

use super::picture::NEXT_PART;
use super::{LEASE_MS, SYNC, chronicle};

/// Addresses that lead nowhere: no mail to them ever leaves a calendar's mail server for somebody.
const NOWHERE: &str = "frontdesk.invalid";

/// The bookings a visit needs in the calendar; empty without one, `None` where a leg is not mapped.
pub(crate) fn parts(tenant: &Tenant, visit: &Visit) -> Option<Vec<Part>> {
    match &tenant.calendar {
        Some(link) => link.parts(visit, |service| tenant.service(service)),
        None => Some(Vec::new()),
    }
}

/// Writes the intent of a new appointment.
pub(crate) async fn of_new(
    tx: &mut Tx,
    ctx: &Ctx,
    appointment: &Appointment,
    parts: &[Part],
    rules: &Rules,
) -> Result<(), StoreError> {
    let now_ms = ctx.now_ms();
    for (place, part) in (0..).zip(parts) {
        let row = row_of(ctx, &appointment.id, place, part, appointment.email.as_ref(), rules);
        remotes::add(tx, &row, now_ms).await?;
    }
    if parts.is_empty() {
        return Ok(());
    }
    chronicle::say(tx, ctx, &appointment.id, "wanted").await?;
    syncs::open(tx, &appointment.id, Origin::Frontdesk, now_ms).await
}

/// Makes an appointment's remote bookings unwanted: it does not take place.
pub(crate) async fn of_none(tx: &mut Tx, ctx: &Ctx, id: &AppointmentId, rules: &Rules) -> Result<bool, StoreError> {
    let rows = remotes::of_appointment(tx, id).await?;
    if rows.is_empty() {
        return Ok(false);
    }
    for mut row in rows {
        unwant(tx, ctx, &mut row, rules).await?;
    }
    chronicle::say(tx, ctx, id, "not_wanted_any_more").await?;
    syncs::open(tx, id, Origin::Frontdesk, ctx.now_ms()).await?;
    Ok(true)
}

pub(crate) async fn unwant(tx: &mut Tx, ctx: &Ctx, row: &mut RemoteRow, rules: &Rules) -> Result<(), StoreError> {
    if row.remote.desired
        && let Some(now) = apply(&row.remote, Outcome::Unwanted, ctx.now(), rules)
    {
        remotes::save(tx, row, now, None, ctx.now_ms()).await?;
    }
    Ok(())
}

/// Brings the remote bookings to where a visit needs them. Those of the same event type and host are moved, the others
/// made anew; with `agreed` what is no longer needed goes at once, without it only once the move came about.
pub(crate) async fn of_move(
    tx: &mut Tx,
    ctx: &Ctx,
    appointment: &Appointment,
    parts: &[Part],
    agreed: bool,
    rules: &Rules,
) -> Result<(), StoreError> {
    let now_ms = ctx.now_ms();
    let mut old: Vec<RemoteRow> =
        remotes::of_appointment(tx, &appointment.id).await?.into_iter().filter(|row| row.remote.desired).collect();
    for (place, part) in (0..).zip(parts) {
        let same = old.iter().position(|row| row.event_type == part.event_type && row.host == part.host);
        match same.map(|place| old.remove(place)) {
            Some(mut row) => {
                row.end = part.end;
                let now = Remote { start: part.start, ..row.remote };
                remotes::save(tx, &mut row, now, None, now_ms).await?;
            }
            None => {
                let place = if agreed { place } else { place + NEXT_PART };
                let row = row_of(ctx, &appointment.id, place, part, appointment.email.as_ref(), rules);
                remotes::add(tx, &row, now_ms).await?;
            }
        }
    }
    if agreed {
        for mut row in old {
            unwant(tx, ctx, &mut row, rules).await?;
        }
    }
    if !parts.is_empty() {
        chronicle::say(tx, ctx, &appointment.id, "wanted_elsewhere").await?;
    }
    syncs::open(tx, &appointment.id, Origin::Frontdesk, now_ms).await
}

/// Wakes the job that brings an appointment and its calendar together, due now.
pub(crate) async fn wake(tx: &mut Tx, ctx: &Ctx, id: &AppointmentId) -> Result<(), StoreError> {
    let now_ms = ctx.now_ms();
    jobs::wake(tx, &ctx.id("job_"), SYNC, id.as_str(), now_ms, now_ms).await
}

/// The same, and takes its lease: whoever commits this does the work itself, while a caller waits. `None` if a worker
/// has it; then the worker does.
pub(crate) async fn wake_and_take(tx: &mut Tx, ctx: &Ctx, id: &AppointmentId) -> Result<Option<Lease>, StoreError> {
    wake(tx, ctx, id).await?;
    let (token, now_ms) = (ctx.token("lease_", 16), ctx.now_ms());
    jobs::take(tx, SYNC, id.as_str(), &token, now_ms.saturating_add(LEASE_MS), now_ms).await
}

pub(crate) fn row_of(
    ctx: &Ctx,
    id: &AppointmentId,
    place: i64,
    part: &Part,
    email: Option<&Email>,
    rules: &Rules,
) -> RemoteRow {
    let op = ctx.id("op_");
    // One address of its own for each booking: with a shared one a calendar may answer with somebody else's booking.
    let nobody = if rules.own_address_and_stamp { op.replace('_', "-") } else { "anonymous".to_owned() };
    let attendee = email.cloned().unwrap_or_else(|| Email::from_canonical(format!("{nobody}@{NOWHERE}")));
    RemoteRow {
        op,
        appointment: id.clone(),
        part: place,
        event_type: part.event_type,
        host: part.host,
        pooled: part.pooled,
        staff: part.staff.clone(),
        end: part.end,
        fields: part.fields.clone(),
        remote: Remote {
            state: State::Wanted,
            desired: true,
            start: part.start,
            at: None,
            attempt: 0,
            sent: None,
            email_due: false,
        },
        uid: None,
        number: None,
        attendee: Some(attendee),
        email_due: None,
        verified_ms: None,
    }
}
