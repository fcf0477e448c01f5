//! reschedule_appointment: find, understand, availability, rules, consent, move. One row, kept with its history.

use std::sync::Arc;

use frontdesk_domain::booking::saga::State;
use frontdesk_domain::reply::{Answer, Ask, Change, Consent, Missing, NothingFound, Reply, WhyNot};
use frontdesk_domain::slots::Visit;
use frontdesk_domain::spoken::Wish;
use frontdesk_domain::tenant::Mode;
use frontdesk_store::appointments::{self, Appointment};
use frontdesk_store::idempotency::{self, Done};
use frontdesk_store::moves::{self, Move};
use frontdesk_store::offers::{self, Offer, Purpose};
use frontdesk_store::{StoreError, Tx, busy, occupancy, remotes};
use jiff::{Timestamp, Zoned};

use crate::availability::{self, Exactly};
use crate::case::{Case, Outcome, Trouble};
use crate::mine::{self, Meant};
use crate::sync::intent;
use crate::undecided::{Committed, Effect, Undecided};
use crate::wanted::{self, Wanted};
use crate::{own, persons, rules, wishkey};

/// Free times offered where no exact time was said.
const CHOICES: usize = 4;

/// Moves the one appointment that is meant.
pub(crate) async fn reschedule(case: &Arc<Case>) -> Result<Answer, Trouble> {
    if let Some(before) = &case.known.effect {
        return present_truth(case, before).await;
    }
    if let Some((appointment, offer)) = by_token(case).await? {
        let case = &case.at(&appointment.branch);
        let start = case.local(offer.visit.start);
        let wanted = Wanted::of_visit(&offer.visit, true);
        let agreed = matches!(offer.purpose, Purpose::AgreedMove(_));
        return move_to(case, appointment, wanted, start, agreed).await;
    }
    let args = &case.call.args;
    // Agents that know `date` from every other function say the old day with it.
    let meant = Meant {
        date: args.old_date.as_deref().or(args.date.as_deref()),
        time: args.old_time.as_deref().or(args.time.as_deref()),
        id: args.appointment_id.as_deref(),
    };
    if let Some(moved) = moved_before(case, &meant).await? {
        return present_truth(case, &moved).await;
    }
    let appointment = match mine::one(case, &meant).await? {
        Ok(appointment) => appointment,
        // The other delivery of this wish may have been faster than this look-up.
        Err(outcome) => match moved_before(case, &meant).await? {
            Some(moved) => return present_truth(case, &moved).await,
            None => return case.reply(*outcome).await,
        },
    };
    let case = &case.at(&appointment.branch);
    if let Some(offer) = checked(case, &appointment) {
        let start = case.local(offer.visit.start);
        return move_to(case, appointment, Wanted::of_visit(&offer.visit, true), start, false).await;
    }
    let wanted = match whom(case, &appointment) {
        Ok(wanted) => wanted,
        Err(question) => return case.reply(*question).await,
    };
    match new_time(case, &appointment) {
        Wish::Exact(start) => move_to(case, appointment, wanted, start, false).await,
        Wish::Within(stretches) => offer_inside(case, appointment, wanted, stretches).await,
        Wish::Ask(question) => case.reply(Reply::Ask(Ask::Time(question))).await,
        Wish::Unsaid => case.reply(Reply::Ask(Ask::NewTime)).await,
        Wish::ClockWithoutDay(_) => case.reply(Reply::NeedMore { missing: vec![Missing::NewDate] }).await,
    }
}

/// A token of this call that stands for a move, with its appointment.
async fn by_token(case: &Arc<Case>) -> Result<Option<(Appointment, Offer)>, StoreError> {
    let Some(offer) = case.known.offer.clone() else { return Ok(None) };
    case.store
        .read(&case.scope, move |tx| {
            Box::pin(async move {
                let (Purpose::Change(id) | Purpose::AgreedMove(id)) = &offer.purpose else { return Ok(None) };
                let appointment = appointments::load(tx, id).await?.filter(|own| own.saga.is_active());
                Ok(appointment.map(|appointment| (appointment, offer)))
            })
        })
        .await
}

/// A free time that a check of this call offered for the same services: as good as saying its day and time.
fn checked(case: &Case, appointment: &Appointment) -> Option<Offer> {
    let services = |visit: &Visit| visit.legs.iter().map(|leg| leg.service.clone()).collect::<Vec<_>>();
    crate::book::by_token(case)
        .filter(|offer| services(&offer.visit) == services(&appointment.visit) && offer.branch == appointment.branch)
}

/// The new time: a clock without a day means the appointment's own day.
fn new_time(case: &Case, appointment: &Appointment) -> Wish {
    let args = &case.call.args;
    match wanted::time(case, args.new_date.as_deref(), args.new_time.as_deref()) {
        Wish::ClockWithoutDay(_) => {
            let day = case.local(appointment.visit.start).date().to_string();
            wanted::time(case, Some(&day), args.new_time.as_deref().or(args.new_date.as_deref()))
        }
        wish => wish,
    }
}

/// The same services; the person asked for now, else the one who has it.
fn whom(case: &Case, appointment: &Appointment) -> Result<Wanted, Box<Reply>> {
    let kept = Wanted::of_visit(&appointment.visit, true);
    if case.call.args.staff_name.is_none() {
        return Ok(kept);
    }
    Ok(Wanted::by(case, kept.services, wanted::read_staff(case)?.as_ref()))
}

/// A repeat: this call moved the meant appointment to just that time before. Another one at the same time, another
/// person's or to somebody else is a wish of its own.
async fn moved_before(case: &Arc<Case>, meant: &Meant<'_>) -> Result<Option<Appointment>, StoreError> {
    let args = &case.call.args;
    let Wish::Exact(start) = wanted::time(case, args.new_date.as_deref(), args.new_time.as_deref()) else {
        return Ok(None);
    };
    let (reader, function) = (Arc::clone(case), case.call.function.name());
    let moved: Vec<(Appointment, Vec<Timestamp>)> = case
        .store
        .read::<_, StoreError, _>(&case.scope, move |tx| {
            Box::pin(async move {
                let mut all = Vec::new();
                for id in idempotency::effects_of(tx, &reader.call_id, function).await? {
                    if let Some(own) = appointments::load(tx, &id).await?
                        && own.saga.is_active()
                        && own.visit.start == start.timestamp()
                    {
                        let changes = appointments::history(tx, &id).await?.into_iter();
                        let before =
                            changes.filter_map(|change| Timestamp::from_millisecond(change.previous_start_ms?).ok());
                        all.push((own, before.collect()));
                    }
                }
                Ok(all)
            })
        })
        .await?;
    let named = wanted::given_name(case).map(|name| {
        persons::named(&name, if case.number.is_some() { &case.known.by_number } else { &case.known.of_call })
    });
    let repeated = |(own, before): &(Appointment, Vec<Timestamp>)| {
        let was = |start: &Timestamp| {
            let visit = Visit { start: *start, ..own.visit.clone() };
            mine::may_mean(case, meant, &Appointment { visit, ..own.clone() })
        };
        (mine::may_mean(case, meant, own) || before.iter().any(was))
            && named.is_none_or(|customer| customer.is_some_and(|customer| customer.id == own.customer))
            && whom(case, own).is_ok_and(|wanted| wanted.is_with(&own.visit))
    };
    Ok(moved.into_iter().find(repeated).map(|(own, _)| own))
}

/// What a repeat of a move hears: the appointment as it is now.
async fn present_truth(case: &Arc<Case>, appointment: &Appointment) -> Result<Answer, Trouble> {
    let going = going(case, appointment).await?;
    case.reply(as_it_stands(case, appointment, going.as_ref())).await
}

fn as_it_stands(case: &Case, appointment: &Appointment, going: Option<&Move>) -> Reply {
    match (appointment.saga, going) {
        (State::Held, _) => Reply::Noted { appointment: crate::views::appointment(case, appointment) },
        (State::Confirmed, Some(going)) => noted(case, appointment, going),
        (State::Confirmed, None) => told_again(case, appointment),
        (State::Cancelled | State::Released, _) => {
            Reply::Cancelled { appointment: crate::views::appointment(case, appointment) }
        }
    }
}

/// Where it is now is where it should be.
fn told_again(case: &Case, appointment: &Appointment) -> Reply {
    Reply::Rescheduled {
        appointment: crate::views::appointment(case, appointment),
        previous_start: case.local_at(&appointment.branch, appointment.visit.start),
        previous_end: case.local_at(&appointment.branch, appointment.visit.end),
    }
}

async fn offer_inside(
    case: &Arc<Case>,
    appointment: Appointment,
    wanted: Wanted,
    stretches: Vec<(Zoned, Zoned)>,
) -> Result<Answer, Trouble> {
    let free = availability::inside(case, &wanted, &stretches, CHOICES, Some(&appointment.id)).await?;
    let first = stretches.into_iter().next().map(|(from, _)| from);
    let instead = match (&first, free.is_empty()) {
        (Some(first), true) => availability::near(case, &wanted, first, None, 3, Some(&appointment.id)).await?,
        _ => Vec::new(),
    };
    case.commit(move |tx, case| {
        Box::pin(async move {
            let purpose = Purpose::Change(appointment.id.clone());
            if free.is_empty() {
                let why = WhyNot::NothingFree;
                return availability::unavailable(tx, &case, &wanted, None, why, &instead, &purpose).await;
            }
            let offers = availability::offer_all(tx, &case, &free, &purpose, true).await?;
            Ok(Reply::Ask(Ask::ExactTime { offers }).into())
        })
    })
    .await
}

async fn move_to(
    case: &Arc<Case>,
    mut appointment: Appointment,
    wanted: Wanted,
    start: Zoned,
    agreed: bool,
) -> Result<Answer, Trouble> {
    if let Some(going) = going(case, &appointment).await? {
        return case.reply(noted(case, &appointment, &going)).await;
    }
    // Only the identical instant with the identical people is nothing to do.
    if appointment.visit.start == start.timestamp() && wanted.is_with(&appointment.visit) {
        return case.reply(as_it_stands(case, &appointment, None)).await;
    }
    for _ in 0..3 {
        let plan = match availability::exactly(case, &wanted, &start, Some(&appointment.id)).await? {
            Exactly::Free(visits) => Plan::To(visits),
            Exactly::Not { why, instead } => Plan::Not { why, instead },
        };
        let hoped = match &plan {
            Plan::To(visits) => visits.first().cloned(),
            Plan::Not { .. } => None,
        };
        let (planned, wanted, start) = (appointment.clone(), wanted.clone(), start.clone());
        let (again, then) = (wanted.clone(), start.clone());
        let moved = case
            .commit_and_ask(move |tx, case| {
                Box::pin(async move { plan.carry_out(tx, &case, planned, again, then, agreed).await })
            })
            .await;
        match moved {
            Err(Trouble::Conflict) => {}
            Err(trouble) => return Err(trouble),
            Ok(Committed::Answer(answer)) => return Ok(answer),
            Ok(Committed::Driven(stands)) => {
                return as_it_came_out(case, &appointment, wanted, start, hoped.as_ref(), &stands).await;
            }
        }
        if let Some(going) = going(case, &appointment).await? {
            return case.reply(noted(case, &appointment, &going)).await;
        }
        // Somebody took the time, or another call changed the appointment itself: plan from where it is now.
        match as_it_is(case, &appointment).await? {
            Some(now) => appointment = now,
            None => return case.reply(Reply::NotFound(NothingFound::Appointment)).await,
        }
    }
    availability::gone(case, wanted, start, Purpose::Change(appointment.id)).await
}

/// The move of an appointment that the calendar has not decided about yet. Until it did there is no other: both times
/// are kept, and whatever is wished meanwhile hears of this one.
async fn going(case: &Arc<Case>, appointment: &Appointment) -> Result<Option<Move>, StoreError> {
    if case.tenant.calendar.is_none() {
        return Ok(None);
    }
    let id = appointment.id.clone();
    case.store.read(&case.scope, move |tx| Box::pin(async move { moves::load(tx, &id).await })).await
}

/// A move that is noted, told by where it leads.
fn noted(case: &Case, appointment: &Appointment, going: &Move) -> Reply {
    let next = Appointment { visit: going.visit.clone(), staff: going.staff.clone(), ..appointment.clone() };
    Reply::Noted { appointment: crate::views::appointment(case, &next) }
}

/// What the calendar made of a move, or that it is not clear yet.
async fn as_it_came_out(
    case: &Arc<Case>,
    before: &Appointment,
    wanted: Wanted,
    start: Zoned,
    hoped: Option<&Visit>,
    stands: &(Appointment, Option<Move>),
) -> Result<Answer, Trouble> {
    let (appointment, going) = stands;
    let view = crate::views::appointment(case, appointment);
    let there = appointment.visit.start == start.timestamp();
    let reply = match (appointment.saga, going) {
        (State::Cancelled, _) => Reply::Cancelled { appointment: view },
        (State::Confirmed, None) if there => Reply::Rescheduled {
            appointment: view,
            previous_start: case.local(before.visit.start),
            previous_end: case.local(before.visit.end),
        },
        (State::Held, None) => Reply::Noted { appointment: view },
        (State::Confirmed, Some(going)) => noted(case, appointment, going),
        _ => {
            let purpose = Purpose::Change(appointment.id.clone());
            return availability::refused_there(case, wanted, start, purpose, hoped).await;
        }
    };
    case.reply(reply).await
}

/// The appointment as it is now, if it still takes place.
async fn as_it_is(case: &Arc<Case>, appointment: &Appointment) -> Result<Option<Appointment>, StoreError> {
    let id = appointment.id.clone();
    case.store
        .read(&case.scope, move |tx| {
            Box::pin(async move { Ok(appointments::load(tx, &id).await?.filter(|own| own.saga.is_active())) })
        })
        .await
}

/// A planned move.
enum Plan {
    To(Vec<Visit>),
    Not { why: WhyNot, instead: Vec<Visit> },
}

impl Plan {
    async fn carry_out(
        self,
        tx: &mut Tx,
        case: &Case,
        planned: Appointment,
        wanted: Wanted,
        start: Zoned,
        agreed: bool,
    ) -> Result<Effect, Trouble> {
        let purpose = Purpose::Change(planned.id.clone());
        let visits = match self {
            Self::To(visits) => visits,
            Self::Not { why, instead } => {
                let told = availability::unavailable(tx, case, &wanted, Some(start), why, &instead, &purpose).await?;
                return Ok(told.into());
            }
        };
        // As it is now; if another call changed it meanwhile, the plan was made for something else.
        let current = appointments::load(tx, &planned.id).await?.filter(|own| own.saga == planned.saga);
        let there = |own: &&Appointment| own.visit.start == start.timestamp() && wanted.is_with(&own.visit);
        if let Some(moved) = current.as_ref().filter(there) {
            let going = moves::load(tx, &moved.id).await?;
            return Ok(Outcome::from(as_it_stands(case, moved, going.as_ref())).into());
        }
        let Some(appointment) = current.filter(|own| own.visit == planned.visit) else {
            return Err(Trouble::Conflict);
        };
        let policy = rules::of(case, &appointment);
        let made_here = appointment.call_id.as_ref() == Some(&case.call_id);
        if let Err(refusal) = rules::may_move(case, &appointment, &policy)
            && (!made_here || refusal == frontdesk_domain::reply::Refusal::AlreadyStarted)
        {
            return Ok(Outcome::from(Reply::Refused(refusal)).into());
        }
        if let Some(own) = own::in_the_way_of_move(tx, case, &appointment, &visits).await? {
            let why = WhyNot::AlreadyYours { appointment: Box::new(crate::views::appointment(case, &own)) };
            let told = availability::unavailable(tx, case, &wanted, Some(start), why, &[], &purpose).await?;
            return Ok(told.into());
        }
        let agreed_before = Purpose::AgreedMove(appointment.id.clone());
        if let Some(fee_cents) = rules::fee(case, &appointment, policy.move_fee)
            && !made_here
            && !(agreed || said_yes(tx, case, &agreed_before, start.timestamp()).await?)
            && let Some(visit) = visits.first()
        {
            let offer = availability::new_offer(case, visit, Purpose::AgreedMove(appointment.id.clone()), true);
            offers::add(tx, &offer, case.now_ms()).await?;
            let view = crate::views::appointment(case, &appointment);
            let consent = Consent {
                change: Change::Move,
                appointment: view,
                new_start: Some(start),
                fee_cents,
                token: Some(offer.token),
            };
            return Ok(Outcome::from(Reply::Consent(consent)).into());
        }
        shift(tx, case, &appointment, &visits).await
    }
}

/// A plain yes counts once the fee of this very move was told in this call.
async fn said_yes(tx: &mut Tx, case: &Case, purpose: &Purpose, start: Timestamp) -> Result<bool, StoreError> {
    if case.call.args.confirm != Some(true) {
        return Ok(false);
    }
    offers::told(tx, &case.call_id, purpose, start, case.now_ms()).await
}

/// Takes the new time for the old one. Where a calendar decides about a promised appointment, both are kept until it
/// did; otherwise the old one is freed in the same transaction, and the calendar follows.
async fn shift(tx: &mut Tx, case: &Case, appointment: &Appointment, visits: &[Visit]) -> Result<Effect, Trouble> {
    let there = remotes::of_appointment(tx, &appointment.id).await?.iter().any(|row| row.remote.desired);
    let calendar_decides = there && case.tenant.mode == Mode::CalendarFirst;
    let keeps_both = calendar_decides && appointment.saga == State::Confirmed;
    if moves::load(tx, &appointment.id).await?.is_some() {
        return Err(Trouble::Conflict);
    }
    occupancy::release_holds_of(tx, &case.call_id, case.number.as_ref()).await?;
    for visit in visits {
        let Some(parts) = intent::parts(&case.tenant, visit).filter(|parts| !there || !parts.is_empty()) else {
            continue;
        };
        if there && busy::hinders(tx, visit).await? {
            continue;
        }
        let taken = if keeps_both {
            occupancy::take_next(tx, visit, &appointment.visit, &appointment.id, case.now_ms()).await?
        } else {
            occupancy::replace(tx, visit, &appointment.id, case.now_ms()).await?
        };
        if !taken {
            continue;
        }
        let staff = case.staff_names(visit);
        if keeps_both {
            let going = Move { visit: visit.clone(), staff: staff.clone(), call_id: Some(case.call_id.clone()) };
            moves::add(tx, &appointment.id, &going, case.now_ms()).await?;
        } else if !appointments::move_to(tx, appointment, visit, &staff, Some(&case.call_id), case.now_ms()).await? {
            return Err(Trouble::Conflict);
        }
        remember(tx, case, appointment, visit.start).await?;
        if there {
            intent::of_move(tx, case.ctx(), appointment, &parts, !keeps_both, &case.sync.rules).await?;
        }
        if calendar_decides {
            let lease = intent::wake_and_take(tx, case.ctx(), &appointment.id).await?;
            return Ok(Effect::Undecided(Undecided { appointment: appointment.id.clone(), lease }));
        }
        if there {
            intent::wake(tx, case.ctx(), &appointment.id).await?;
        }
        let moved = Appointment { visit: visit.clone(), staff, ..appointment.clone() };
        let moved = Reply::Rescheduled {
            appointment: crate::views::appointment(case, &moved),
            previous_start: case.local(appointment.visit.start),
            previous_end: case.local(appointment.visit.end),
        };
        return Ok(Outcome::from(moved).into());
    }
    // Whatever was freed on the way is undone with the whole transaction.
    Err(Trouble::Conflict)
}

async fn remember(tx: &mut Tx, case: &Case, appointment: &Appointment, start: Timestamp) -> Result<(), StoreError> {
    let done = Done {
        call_id: &case.call_id,
        meaning: &wishkey::moving(&appointment.id, start),
        function: case.call.function.name(),
        args_hash: &wishkey::args_hash(&case.call.args),
        invocation: case.call.invocation.as_deref(),
        appointment: &appointment.id,
    };
    idempotency::record(tx, &done, case.now_ms()).await
}
