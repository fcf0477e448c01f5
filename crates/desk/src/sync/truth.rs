//! What the calendar tells of a booking, held against our rows: echo, change by others, stray, or none of ours.

use frontdesk_domain::booking::remote::{Outcome, Remote, State, apply};
use frontdesk_domain::booking::saga;
use frontdesk_domain::calendar::rules::Rules;
use frontdesk_domain::calendar::{RemoteBooking, RemoteStatus, RemoteUid};
use frontdesk_domain::ids::StaffId;
use frontdesk_domain::ports::Ctx;
use frontdesk_domain::review::Kind;
use frontdesk_domain::slots::{Interval, Leg, Visit};
use frontdesk_domain::tenant::Tenant;
use frontdesk_store::appointments::Appointment;
use frontdesk_store::remotes::RemoteRow;
use frontdesk_store::syncs::Origin;
use frontdesk_store::{Store, StoreError, Tx, alarms, appointments, busy, moves, occupancy, remotes, reviews, syncs};
use jiff::SignedDuration;

use super::{intent, settle};

/// What a booking turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// Nothing new.
    Known,
    /// Taken over.
    Changed,
    /// Somebody else's.
    Foreign,
    /// Ours, live, and should not be: to be cancelled, by this name.
    Stray(RemoteUid),
    /// With our mark, and no row of it: never touched.
    NoRow,
}

impl Seen {
    pub(super) fn as_str(&self) -> &'static str {
        match self {
            Self::Known => "known",
            Self::Changed => "changed",
            Self::Foreign => "foreign",
            Self::Stray(_) => "stray",
            Self::NoRow => "no_row",
        }
    }
}

/// Takes in the truth about one booking.
pub(super) async fn take_in(
    tx: &mut Tx,
    store: &Store,
    tenant: &Tenant,
    told: &RemoteBooking,
    rules: &Rules,
) -> Result<Seen, StoreError> {
    let ctx = store.ctx();
    let stamp = told.stamp.as_ref().filter(|stamp| store.keys().stamped(&tenant.id, stamp));
    let Some(stamp) = stamp else {
        if let Some(row) = linked(tx, told).await? {
            return ours(tx, ctx, tenant, row, told, rules).await;
        }
        if told.stamp.is_some() {
            let message = "a booking carries a mark that is not ours; it is treated as somebody else's";
            let subject = told.uid.reveal();
            reviews::open(tx, &ctx.id("rev_"), Kind::Forged, subject, "forged", message, ctx.now_ms()).await?;
        }
        return foreign(tx, ctx, tenant, told).await;
    };
    let Some(row) = remotes::by_op(tx, &stamp.op).await? else {
        if told.status.is_live() {
            let message =
                "a booking carries our mark, but no appointment here knows of it; was an old backup restored?";
            reviews::open(tx, &ctx.id("rev_"), Kind::NoRow, told.uid.reveal(), "no_row", message, ctx.now_ms()).await?;
            alarms::raise(tx, "no_row", told.uid.reveal(), message, ctx.now_ms()).await?;
        }
        // Whoever made it comes: its time is nobody else's.
        foreign(tx, ctx, tenant, told).await?;
        return Ok(Seen::NoRow);
    };
    ours(tx, ctx, tenant, row, told, rules).await
}

/// The row of a booking without our mark that a person linked to an appointment, by the name it has or had.
async fn linked(tx: &mut Tx, told: &RemoteBooking) -> Result<Option<RemoteRow>, StoreError> {
    for uid in [Some(&told.uid), told.moved_from.as_ref()].into_iter().flatten() {
        if let Some(row) = remotes::by_uid(tx, uid).await? {
            return Ok(Some(row));
        }
    }
    Ok(None)
}

async fn ours(
    tx: &mut Tx,
    ctx: &Ctx,
    tenant: &Tenant,
    row: RemoteRow,
    told: &RemoteBooking,
    rules: &Rules,
) -> Result<Seen, StoreError> {
    if told.status.is_live() {
        live(tx, ctx, tenant, row, told, rules).await
    } else {
        gone(tx, ctx, tenant, row, told, rules).await
    }
}

/// A booking of ours that is there.
async fn live(
    tx: &mut Tx,
    ctx: &Ctx,
    tenant: &Tenant,
    mut row: RemoteRow,
    told: &RemoteBooking,
    rules: &Rules,
) -> Result<Seen, StoreError> {
    let pending = told.status == RemoteStatus::Pending;
    let known_name = row.uid.as_ref() == Some(&told.uid);
    let moved_from_ours = match &told.moved_from {
        Some(from) => row.uid.as_ref() == Some(from) || is_a_name_of(tx, from, &row.op).await?,
        None => false,
    };
    match row.remote.state {
        // A look-up is under way and finds it, with whatever else there may be; waking it is enough.
        State::Sent => {
            intent::wake(tx, ctx, &row.appointment).await?;
            Ok(Seen::Known)
        }
        State::Moving if told.start == row.remote.start || !known_name => {
            intent::wake(tx, ctx, &row.appointment).await?;
            Ok(Seen::Known)
        }
        State::Moving => Ok(Seen::Known),
        State::Live | State::Pending if known_name || moved_from_ours => {
            let confirmed = row.remote.state == State::Pending && !pending;
            if row.remote.at == Some(told.start) && known_name && !confirmed {
                return Ok(Seen::Known);
            }
            let elsewhere = row.remote.at != Some(told.start);
            let at = told.start;
            let Some(mut now) = apply(&row.remote, Outcome::There { at, pending }, ctx.now(), rules) else {
                return Ok(Seen::Known);
            };
            // Moved by others: that is where it should be from now on; we never move it back.
            if elsewhere && row.remote.at == Some(row.remote.start) {
                now = Remote { start: told.start, ..now };
                row.end = told.end;
                remotes::save(tx, &mut row, now, Some(told), ctx.now_ms()).await?;
                moved_there(tx, ctx, tenant, &row, told).await?;
            } else {
                remotes::save(tx, &mut row, now, Some(told), ctx.now_ms()).await?;
            }
            settle::after_outcome(tx, ctx, tenant, &row.appointment, rules, false).await?;
            intent::wake(tx, ctx, &row.appointment).await?;
            Ok(Seen::Changed)
        }
        // An old name of it, seen late; or what became of one that was moved more than once, of which only the last move
        // has been told so far. The others follow, and then it is known.
        State::Live | State::Pending if told.moved_from.is_some() || is_a_name_of(tx, &told.uid, &row.op).await? => {
            Ok(Seen::Known)
        }
        // A second one of the same operation: the row knows which one stays.
        State::Live | State::Pending => Ok(Seen::Stray(told.uid.clone())),
        // Given up, and yet there: what should be decides whether it stays.
        State::Wanted | State::Refused | State::Gone => {
            if let Some(now) = apply(&row.remote, Outcome::There { at: told.start, pending }, ctx.now(), rules) {
                remotes::save(tx, &mut row, now, Some(told), ctx.now_ms()).await?;
                syncs::open(tx, &row.appointment, Origin::Frontdesk, ctx.now_ms()).await?;
                intent::wake(tx, ctx, &row.appointment).await?;
            }
            Ok(Seen::Changed)
        }
    }
}

/// A booking of ours that is not there any more.
async fn gone(
    tx: &mut Tx,
    ctx: &Ctx,
    tenant: &Tenant,
    mut row: RemoteRow,
    told: &RemoteBooking,
    rules: &Rules,
) -> Result<Seen, StoreError> {
    if row.uid.as_ref() != Some(&told.uid) {
        return Ok(Seen::Known);
    }
    if !matches!(row.remote.state, State::Live | State::Pending | State::Moving) {
        return Ok(Seen::Known);
    }
    // Left by a move: what it became is told of by itself, and must be known by its name then, live or not.
    if let Some(next) = &told.moved_to {
        remotes::rename(tx, &mut row, next, ctx.now_ms()).await?;
        return Ok(Seen::Known);
    }
    let Some(now) = apply(&row.remote, Outcome::Cancelled, ctx.now(), rules) else { return Ok(Seen::Known) };
    remotes::save(tx, &mut row, now, Some(told), ctx.now_ms()).await?;
    settle::after_outcome(tx, ctx, tenant, &row.appointment, rules, false).await?;
    intent::wake(tx, ctx, &row.appointment).await?;
    Ok(Seen::Changed)
}

async fn is_a_name_of(tx: &mut Tx, uid: &RemoteUid, op: &str) -> Result<bool, StoreError> {
    Ok(remotes::by_uid(tx, uid).await?.is_some_and(|row| row.op == op))
}

/// Somebody moved one of our bookings in the calendar: the appointment follows, if its new time is free here.
async fn moved_there(
    tx: &mut Tx,
    ctx: &Ctx,
    tenant: &Tenant,
    row: &RemoteRow,
    told: &RemoteBooking,
) -> Result<(), StoreError> {
    let Some(appointment) = appointments::load(tx, &row.appointment).await? else { return Ok(()) };
    if !appointment.saga.is_active() {
        return Ok(());
    }
    let rows = remotes::of_appointment(tx, &row.appointment).await?;
    let alone = rows.iter().filter(|other| other.remote.desired).count() == 1;
    let whole = moves::load(tx, &appointment.id).await?.is_none();
    if alone && whole && follow(tx, ctx, tenant, &appointment, told).await? {
        return syncs::open(tx, &appointment.id, Origin::Calendar, ctx.now_ms()).await;
    }
    let message = "a booking was moved in the calendar to where the appointment cannot follow by itself";
    let subject = appointment.id.as_str();
    syncs::open(tx, &appointment.id, Origin::Calendar, ctx.now_ms()).await?;
    reviews::open(tx, &ctx.id("rev_"), Kind::RemoteChange, subject, "moved", message, ctx.now_ms()).await
}

/// Shifts an appointment of one leg to where its booking is now; `false`: somebody has that time here.
async fn follow(
    tx: &mut Tx,
    ctx: &Ctx,
    tenant: &Tenant,
    appointment: &Appointment,
    told: &RemoteBooking,
) -> Result<bool, StoreError> {
    let by = told.start.duration_since(appointment.visit.start);
    let Some(visit) = shifted(&appointment.visit, by) else { return Ok(false) };
    occupancy::release_appointment(tx, &appointment.id).await?;
    let owner = occupancy::Owner::Appointment(&appointment.id);
    if !occupancy::take(tx, &visit, &owner, ctx.now_ms()).await? {
        // Its old time was free a moment ago, in this very transaction.
        if !occupancy::take(tx, &appointment.visit, &owner, ctx.now_ms()).await? {
            return Err(StoreError::Constraint("an appointment lost its time while it was moved".to_owned()));
        }
        return Ok(false);
    }
    let _unchanged = tenant;
    appointments::move_to(tx, appointment, &visit, &appointment.staff, None, ctx.now_ms()).await
}

fn shifted(visit: &Visit, by: SignedDuration) -> Option<Visit> {
    let shift = |at: jiff::Timestamp| at.checked_add(by).ok();
    let legs = visit.legs.iter().map(|leg| {
        let busy = leg.busy.iter().map(|busy| Some(Interval { from: shift(busy.from)?, until: shift(busy.until)? }));
        Some(Leg { start: shift(leg.start)?, end: shift(leg.end)?, busy: busy.collect::<Option<_>>()?, ..leg.clone() })
    });
    Some(Visit { start: shift(visit.start)?, end: shift(visit.end)?, legs: legs.collect::<Option<_>>()? })
}

/// Somebody else's booking: our people's time in it is taken, and where it overlaps ours a person is asked to look.
async fn foreign(tx: &mut Tx, ctx: &Ctx, tenant: &Tenant, told: &RemoteBooking) -> Result<Seen, StoreError> {
    if !told.status.is_live() {
        let was = busy::remove(tx, &told.uid).await?;
        if was {
            settle::end_overlaps(tx, ctx).await?;
        }
        return Ok(if was { Seen::Changed } else { Seen::Foreign });
    }
    if let Some(left) = &told.moved_from
        && busy::remove(tx, left).await?
    {
        settle::end_overlaps(tx, ctx).await?;
    }
    let time = Interval { from: told.start, until: told.end };
    for staff in people_in(tenant, told) {
        busy::put(tx, &told.uid, &staff, time, ctx.now_ms()).await?;
        for overlapped in busy::overlapped(tx, &staff, time).await? {
            let promised =
                appointments::load(tx, &overlapped).await?.is_some_and(|own| own.saga == saga::State::Confirmed);
            if promised {
                let message = "somebody else's booking in the calendar overlaps this appointment";
                let subject = overlapped.as_str();
                reviews::open(tx, &ctx.id("rev_"), Kind::Overlap, subject, "overlap", message, ctx.now_ms()).await?;
                alarms::raise(tx, "overlap", subject, message, ctx.now_ms()).await?;
            }
        }
    }
    Ok(Seen::Foreign)
}

/// Our people whose time a booking takes: by the event type that is theirs, or by their numbers there.
fn people_in(tenant: &Tenant, told: &RemoteBooking) -> Vec<StaffId> {
    let Some(link) = &tenant.calendar else { return Vec::new() };
    let mut people: Vec<StaffId> = Vec::new();
    for mapped in &link.event_types {
        let own = mapped.staff.iter().filter(|_| told.event_type.is_some_and(|id| mapped.ids.contains(&id))).cloned();
        let hosts = mapped
            .hosts
            .iter()
            .filter(|(_, host)| told.hosts.iter().any(|(id, _)| id.as_ref() == Some(host)))
            .map(|(staff, _)| staff.clone());
        people.extend(own.chain(hosts));
    }
    people.sort();
    people.dedup();
    people
}
