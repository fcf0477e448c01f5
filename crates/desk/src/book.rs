//! book_appointment and confirm_booking: the one way an appointment comes into the world.
//!
//! Everything is one transaction: call, customer, idempotency row, occupancy, appointment, timeline. With the built-in
//! calendar its commit is the confirmation.

use std::sync::Arc;

use frontdesk_domain::booking::saga::{self, State};
use frontdesk_domain::calendar::link::Part;
use frontdesk_domain::caller::name::{clean_text, name_key};
use frontdesk_domain::ids::{AppointmentId, OfferToken};
use frontdesk_domain::pii::{PersonName, Pii};
use frontdesk_domain::reply::{Answer, Ask, Missing, Reply, WhyNot};
use frontdesk_domain::slots::Visit;
use frontdesk_domain::spoken::Wish;
use frontdesk_store::appointments::{self, Appointment};
use frontdesk_store::idempotency::{self, Done};
use frontdesk_store::occupancy::{self, Owner};
use frontdesk_store::offers::{self, Offer, Purpose};
use frontdesk_store::{StoreError, Tx, busy};
use jiff::Zoned;

use crate::availability::{self, Exactly};
use crate::case::{Case, Outcome, Trouble};
use crate::check::{self, Asked};
use crate::sync::intent;
use crate::undecided::{Committed, Effect, Undecided};
use crate::wanted::{self, Wanted};
use crate::{own, persons, wishkey};

/// Characters of a caller's note that are kept.
const NOTES: usize = 500;
/// Free times offered where the wish was not exact.
const CHOICES: usize = 4;

/// Books by token, or by service, day and time.
pub(crate) async fn book(case: &Arc<Case>) -> Result<Answer, Trouble> {
    // "Only check" is not a booking, however the function is called.
    if case.call.args.confirm == Some(false) {
        return check::check(case, Asked::Check).await;
    }
    if let Some(answer) = exact_replay(case).await? {
        return Ok(answer);
    }
    match by_token(case) {
        Some(offer) => book_offer(case, offer).await,
        None => book_words(case).await,
    }
}

/// Books what a token offers; without one, what the call holds.
pub(crate) async fn confirm(case: &Arc<Case>) -> Result<Answer, Trouble> {
    if let Some(answer) = exact_replay(case).await? {
        return Ok(answer);
    }
    let args = &case.call.args;
    let offer = match by_token(case) {
        Some(offer) => Some(offer),
        None => latest_held(case).await?,
    };
    if offer.is_none()
        && let Some(made) = made_before(case).await?
    {
        return case.reply(present_truth(case, &made)).await;
    }
    match offer {
        Some(offer) => book_offer(case, offer).await,
        None if args.service_name.is_some() && args.date.is_some() => book_words(case).await,
        None if args.token.is_some() => {
            let (why, wished) = (WhyNot::OfferGone, None);
            case.reply(Reply::Unavailable { why, wished, offers: Vec::new(), callback: None }).await
        }
        None => case.reply(Reply::NeedMore { missing: vec![Missing::Token] }).await,
    }
}

/// The time to book that the token of this call offers.
pub(crate) fn by_token(case: &Case) -> Option<Offer> {
    case.known.offer.clone().filter(|offer| offer.purpose == Purpose::Book)
}

/// What a repeat of a confirmation means: the time its token once stood for, or without a token the last thing this
/// call made, if nothing was held since.
async fn made_before(case: &Arc<Case>) -> Result<Option<Appointment>, StoreError> {
    let reader = Arc::clone(case);
    let token = case.call.args.token.as_deref().map(OfferToken::from);
    if token.is_none() && (case.call.args.service_name.is_some() || case.call.args.date.is_some()) {
        return Ok(None);
    }
    case.store
        .read(&case.scope, move |tx| {
            Box::pin(async move {
                let stood_for = match &token {
                    Some(token) => match offers::visit_of(tx, token, &reader.call_id).await? {
                        Some(visit) => Some(visit),
                        None => return Ok(None),
                    },
                    None => None,
                };
                let made = appointments::made_by(tx, &reader.call_id).await?.into_iter();
                let mut active = made.filter(|own| own.saga.is_active());
                Ok(match stood_for {
                    Some(visit) => active.find(|own| own.visit == visit),
                    None => active.next_back(),
                })
            })
        })
        .await
}

async fn latest_held(case: &Arc<Case>) -> Result<Option<Offer>, StoreError> {
    let reader = Arc::clone(case);
    case.store
        .read(&case.scope, move |tx| {
            Box::pin(async move { offers::held_by(tx, &reader.call_id, reader.now_ms()).await })
        })
        .await
}

async fn book_offer(case: &Arc<Case>, offer: Offer) -> Result<Answer, Trouble> {
    let Some(name) = name_to_book_under(case) else {
        return case.reply(ask_for_name(case, Vec::new())).await;
    };
    let start = case.local(offer.visit.start);
    let wanted = Wanted::of_visit(&offer.visit, offer.staff_wished);
    place(case, wanted, start, name, Some(offer.visit)).await
}

async fn book_words(case: &Arc<Case>) -> Result<Answer, Trouble> {
    let args = &case.call.args;
    let wanted = match wanted::read(case) {
        Err(question) => return case.reply(*question).await,
        Ok(wanted) => wanted,
    };
    let wish = wanted::time(case, args.date.as_deref(), args.time.as_deref());
    let name = name_to_book_under(case);
    let mut missing: Vec<Missing> = wanted.is_none().then_some(Missing::Service).into_iter().collect();
    missing.extend(wanted::missing_time(&wish));
    if let Wish::Ask(question) = wish {
        return case.reply(Reply::Ask(Ask::Time(question))).await;
    }
    match (wanted, wish, name) {
        (Some(wanted), Wish::Exact(start), Some(name)) => place(case, wanted, start, name, None).await,
        (Some(wanted), Wish::Within(stretches), _) => ask_exact_time(case, wanted, stretches).await,
        (_, _, Some(_)) => case.reply(Reply::NeedMore { missing }).await,
        (_, _, None) => case.reply(ask_for_name(case, missing)).await,
    }
}

/// The name as given, else the one customer's on this number.
fn name_to_book_under(case: &Case) -> Option<PersonName> {
    wanted::given_name(case).or_else(|| match case.known.by_number.as_slice() {
        [one] => Some(one.name.clone()),
        _ => None,
    })
}

/// Asks for the name with whatever else is missing; what was given instead of a name is asked about by itself.
fn ask_for_name(case: &Case, mut missing: Vec<Missing>) -> Reply {
    if missing.is_empty() && case.call.args.customer_name.is_some() {
        return Reply::Ask(Ask::Name);
    }
    missing.push(Missing::CustomerName);
    Reply::NeedMore { missing }
}

async fn ask_exact_time(case: &Arc<Case>, wanted: Wanted, stretches: Vec<(Zoned, Zoned)>) -> Result<Answer, Trouble> {
    let free = availability::inside(case, &wanted, &stretches, CHOICES, None).await?;
    if free.is_empty() {
        return check::check(case, Asked::Check).await;
    }
    case.commit(move |tx, case| {
        Box::pin(async move {
            let staff_wished = wanted.names_people();
            let offers = availability::offer_all(tx, &case, &free, &Purpose::Book, staff_wished).await?;
            Ok(Reply::Ask(Ask::ExactTime { offers }).into())
        })
    })
    .await
}

/// An invocation that had its effect before is answered with the present truth, whatever its words mean now.
async fn exact_replay(case: &Arc<Case>) -> Result<Option<Answer>, Trouble> {
    match &case.known.effect {
        Some(appointment) => case.reply(present_truth(case, appointment)).await.map(Some),
        None => Ok(None),
    }
}

/// What a repeat hears: the appointment as it is now.
fn present_truth(case: &Case, appointment: &Appointment) -> Reply {
    let view = crate::views::appointment(case, appointment);
    match appointment.saga {
        State::Confirmed => Reply::Booked { appointment: view, again: true },
        State::Held => Reply::Noted { appointment: view },
        State::Cancelled => Reply::Cancelled { appointment: view },
        State::Released => {
            let wished = Some(case.local_at(&appointment.branch, appointment.visit.start));
            Reply::Unavailable { why: WhyNot::Taken, wished, offers: Vec::new(), callback: None }
        }
    }
}

/// Books an exact start: plan beside the writer, execute in one transaction, plan again if somebody was faster.
async fn place(
    case: &Arc<Case>,
    wanted: Wanted,
    start: Zoned,
    name: PersonName,
    offered: Option<Visit>,
) -> Result<Answer, Trouble> {
    let name = as_on_file(case, name);
    let meaning = wishkey::booking(&wanted.services, start.timestamp(), &name_key(&name));
    for _ in 0..3 {
        let (visits, why, instead) = match availability::exactly(case, &wanted, &start, None).await? {
            Exactly::Free(visits) => (prefer(offered.as_ref(), visits), WhyNot::Taken, Vec::new()),
            Exactly::Not { why, instead } => (Vec::new(), why, instead),
        };
        let intent = Intent {
            wanted: wanted.clone(),
            start: start.clone(),
            name: name.clone(),
            meaning: meaning.clone(),
            visits,
            why,
            instead,
        };
        let placed =
            case.commit_and_ask(move |tx, case| Box::pin(async move { intent.carry_out(tx, &case).await })).await;
        match placed {
            Err(Trouble::Conflict) => {}
            Err(trouble) => return Err(trouble),
            Ok(Committed::Answer(answer)) => return Ok(answer),
            Ok(Committed::Driven(stands)) => return as_it_came_out(case, wanted, start, &meaning, &stands.0).await,
        }
    }
    availability::gone(case, wanted, start, Purpose::Book).await
}

/// What the calendar decided, or that it has not yet.
async fn as_it_came_out(
    case: &Arc<Case>,
    wanted: Wanted,
    start: Zoned,
    meaning: &str,
    appointment: &Appointment,
) -> Result<Answer, Trouble> {
    if !case.sync.rules.idempotency_with_effect {
        remember_apart(case, meaning, appointment).await?;
    }
    let view = crate::views::appointment(case, appointment);
    match appointment.saga {
        State::Confirmed => case.reply(Reply::Booked { appointment: view, again: false }).await,
        State::Held => case.reply(Reply::Noted { appointment: view }).await,
        State::Cancelled => case.reply(Reply::Cancelled { appointment: view }).await,
        State::Released => {
            availability::refused_there(case, wanted, start, Purpose::Book, Some(&appointment.visit)).await
        }
    }
}

/// Only for proving that it must not be done so: the idempotency row in a transaction of its own.
async fn remember_apart(case: &Arc<Case>, meaning: &str, appointment: &Appointment) -> Result<(), StoreError> {
    let (case, meaning, id) = (Arc::clone(case), meaning.to_owned(), appointment.id.clone());
    let scope = case.scope.clone();
    let store = case.store.clone();
    store.run(&scope, move |tx| Box::pin(async move { remember(tx, &case, &meaning, &id).await })).await
}

async fn remember(tx: &mut Tx, case: &Case, meaning: &str, appointment: &AppointmentId) -> Result<(), StoreError> {
    let done = Done {
        call_id: &case.call_id,
        meaning,
        function: case.call.function.name(),
        args_hash: &wishkey::args_hash(&case.call.args),
        invocation: case.call.invocation.as_deref(),
        appointment,
    };
    idempotency::record(tx, &done, case.now_ms()).await
}

/// The name as it is on file for this number, so that "Frau Brückner" and "Hannelore Brückner" are one wish.
fn as_on_file(case: &Case, name: PersonName) -> PersonName {
    persons::named(&name, &case.known.by_number).map(|customer| customer.name.clone()).unwrap_or(name)
}

/// The offered visit first: the caller heard those names.
fn prefer(offered: Option<&Visit>, visits: Vec<Visit>) -> Vec<Visit> {
    let Some(offered) = offered else { return visits };
    let (mut first, rest): (Vec<Visit>, Vec<Visit>) = visits.into_iter().partition(|visit| visit == offered);
    first.extend(rest);
    first
}

/// A planned booking.
struct Intent {
    wanted: Wanted,
    start: Zoned,
    name: PersonName,
    meaning: String,
    /// Choices of people, best first; empty: not free.
    visits: Vec<Visit>,
    why: WhyNot,
    instead: Vec<Visit>,
}

impl Intent {
    async fn carry_out(self, tx: &mut Tx, case: &Case) -> Result<Effect, Trouble> {
        // First of all: was this very wish met before? A repeat must not find itself in its own way.
        if let Some(id) = idempotency::find(tx, &case.call_id, &self.meaning).await?
            && let Some(before) = appointments::load(tx, &id).await?
            && before.saga.is_active()
        {
            return Ok(Outcome::from(present_truth(case, &before)).into());
        }
        let coming = own::coming_of(tx, case, &self.name).await?;
        if let Some(own) = own::in_the_way(&coming, case, &self.wanted, self.start.timestamp()) {
            let same_wish = own.visit.legs.iter().map(|leg| &leg.service).eq(&self.wanted.services)
                && own.visit.start == self.start.timestamp();
            if same_wish && own.call_id.as_ref() == Some(&case.call_id) {
                return Ok(Outcome::from(present_truth(case, own)).into());
            }
            let why = WhyNot::AlreadyYours { appointment: Box::new(crate::views::appointment(case, own)) };
            let (wanted, wished) = (&self.wanted, Some(self.start));
            return Ok(availability::unavailable(tx, case, wanted, wished, why, &[], &Purpose::Book).await?.into());
        }
        if self.visits.is_empty() {
            let (wanted, wished, instead) = (&self.wanted, Some(self.start), &self.instead);
            let told = availability::unavailable(tx, case, wanted, wished, self.why, instead, &Purpose::Book).await?;
            return Ok(told.into());
        }
        let customer = persons::to_book_for(tx, case, &self.name).await?;
        occupancy::release_holds_of(tx, &case.call_id, case.number.as_ref()).await?;
        let id = AppointmentId::new(case.ctx().id("apt_"));
        let Some((visit, parts)) = take_first(tx, case, &self.visits, &id).await? else {
            return Err(Trouble::Conflict);
        };
        let args = &case.call.args;
        let appointment = Appointment {
            id,
            branch: case.branch.id.clone(),
            customer: customer.id,
            call_id: Some(case.call_id.clone()),
            saga: if parts.is_empty() { State::Confirmed } else { saga::first(case.tenant.mode) },
            services: case.service_names(visit),
            staff: case.staff_names(visit),
            visit: visit.clone(),
            email: persons::given_email(case).or(customer.email),
            notes: args.notes.as_ref().and_then(|notes| clean_text(notes.reveal(), NOTES)).map(Pii::new),
            moves: 0,
            source: "call".to_owned(),
            created_ms: case.now_ms(),
        };
        if !appointments::add(tx, &appointment).await? {
            return Err(StoreError::Constraint("an appointment's row was not taken".to_owned()).into());
        }
        if case.sync.rules.idempotency_with_effect {
            remember(tx, case, &self.meaning, &appointment.id).await?;
        }
        let (ctx, rules) = (case.ctx(), &case.sync.rules);
        intent::of_new(tx, ctx, &appointment, &parts, rules).await?;
        if appointment.saga == State::Held {
            let lease = intent::wake_and_take(tx, ctx, &appointment.id).await?;
            return Ok(Effect::Undecided(Undecided { appointment: appointment.id, lease }));
        }
        if !parts.is_empty() {
            intent::wake(tx, ctx, &appointment.id).await?;
        }
        let appointment = crate::views::appointment(case, &appointment);
        Ok(Outcome::from(Reply::Booked { appointment, again: false }).into())
    }
}

/// Takes the first visit that can be had and carried into the calendar, with what it needs there.
async fn take_first<'v>(
    tx: &mut Tx,
    case: &Case,
    visits: &'v [Visit],
    id: &AppointmentId,
) -> Result<Option<(&'v Visit, Vec<Part>)>, StoreError> {
    for visit in visits {
        let Some(parts) = intent::parts(&case.tenant, visit) else { continue };
        if !parts.is_empty() && busy::hinders(tx, visit).await? {
            continue;
        }
        if !case.sync.rules.time_before_call
            || occupancy::take(tx, visit, &Owner::Appointment(id), case.now_ms()).await?
        {
            return Ok(Some((visit, parts)));
        }
    }
    Ok(None)
}
