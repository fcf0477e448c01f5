//! cancel_appointment: find, rules, consent, take back.

use std::sync::Arc;

use frontdesk_domain::booking::saga::{self, State};
use frontdesk_domain::caller::name::clean_text;
use frontdesk_domain::ids::OfferToken;
use frontdesk_domain::reply::{Answer, Change, Consent, Refusal, Reply};
use frontdesk_store::appointments::{self, Appointment};
use frontdesk_store::idempotency::{self, Done};
use frontdesk_store::occupancy;
use frontdesk_store::offers::{self, Purpose};
use frontdesk_store::{StoreError, Tx, moves};

use crate::case::{Case, Outcome, Trouble};
use crate::mine::{self, Meant};
use crate::sync::intent;
use crate::{availability, persons, rules, wanted, wishkey};

/// Characters of a reason that are kept.
const REASON: usize = 200;
/// How far back cancellations count against a customer's quota.
const QUOTA_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// Cancels the one appointment that is meant.
pub(crate) async fn cancel(case: &Arc<Case>) -> Result<Answer, Trouble> {
    if let Some(before) = &case.known.effect {
        let appointment = crate::views::appointment(case, before);
        return case.reply(Reply::Cancelled { appointment }).await;
    }
    let args = &case.call.args;
    let meant = Meant { date: args.date.as_deref(), time: args.time.as_deref(), id: args.appointment_id.as_deref() };
    let agreed_to = consented(case, args.token.as_deref()).await?;
    let agreed = agreed_to.is_some();
    let found = match agreed_to {
        Some(appointment) => Ok(appointment),
        None => mine::one(case, &meant).await?,
    };
    let appointment = match found {
        Ok(appointment) => appointment,
        Err(outcome) => {
            // A repeat finds nothing to cancel, because it was cancelled: the same answer again.
            return match cancelled_before(case, &meant).await? {
                Some(before) => {
                    let appointment = crate::views::appointment(case, &before);
                    case.reply(Reply::Cancelled { appointment }).await
                }
                None => case.reply(*outcome).await,
            };
        }
    };
    case.commit(move |tx, case| Box::pin(async move { take_back(tx, &case, appointment, agreed).await })).await
}

/// The appointment whose cancellation a token of this call agrees to.
async fn consented(case: &Arc<Case>, token: Option<&str>) -> Result<Option<Appointment>, StoreError> {
    let Some(token) = token.map(OfferToken::from) else { return Ok(None) };
    let reader = Arc::clone(case);
    case.store
        .read(&case.scope, move |tx| {
            Box::pin(async move {
                let offer = offers::load(tx, &token, &reader.call_id, reader.now_ms()).await?;
                let Some(Purpose::AgreedCancel(id)) = offer.map(|offer| offer.purpose) else { return Ok(None) };
                Ok(appointments::load(tx, &id).await?.filter(|own| own.saga.is_active()))
            })
        })
        .await
}

/// The appointment this call cancelled before, if the words may mean it.
async fn cancelled_before(case: &Arc<Case>, meant: &Meant<'_>) -> Result<Option<Appointment>, StoreError> {
    let reader = Arc::clone(case);
    let function = case.call.function.name();
    let cancelled: Vec<Appointment> = case
        .store
        .read::<_, StoreError, _>(&case.scope, move |tx| {
            Box::pin(async move {
                let mut all = Vec::new();
                for id in idempotency::effects_of(tx, &reader.call_id, function).await? {
                    all.extend(appointments::load(tx, &id).await?.filter(|own| own.saga == State::Cancelled));
                }
                Ok(all)
            })
        })
        .await?;
    // The name decides among the people of one number, as it did when the look-up found nothing.
    let named = wanted::given_name(case).map(|name| {
        persons::named(&name, if case.number.is_some() { &case.known.by_number } else { &case.known.of_call })
    });
    let owned =
        |own: &Appointment| named.is_none_or(|customer| customer.is_some_and(|customer| customer.id == own.customer));
    Ok(cancelled.into_iter().find(|own| mine::may_mean(case, meant, own) && owned(own)))
}

/// A plain yes counts once the fee of this very cancellation was told in this call.
async fn said_yes(tx: &mut Tx, case: &Case, appointment: &Appointment) -> Result<bool, StoreError> {
    if case.call.args.confirm != Some(true) {
        return Ok(false);
    }
    let purpose = Purpose::AgreedCancel(appointment.id.clone());
    offers::told(tx, &case.call_id, &purpose, appointment.visit.start, case.now_ms()).await
}

async fn take_back(tx: &mut Tx, case: &Case, appointment: Appointment, agreed: bool) -> Result<Outcome, Trouble> {
    // As it is now: another call may have moved or cancelled it meanwhile.
    let Some(appointment) = appointments::load(tx, &appointment.id).await? else { return Err(Trouble::Conflict) };
    let view = crate::views::appointment(case, &appointment);
    let Some(next) = saga::apply(appointment.saga, saga::Outcome::TakenBack) else {
        return Ok(Reply::Cancelled { appointment: view }.into());
    };
    let policy = rules::of(case, &appointment);
    let since_ms = case.now_ms().saturating_sub(QUOTA_MS);
    let cancels = appointments::cancels_of(tx, &appointment.customer, since_ms).await?;
    // What this very call made may always be taken back: the caller has only just said yes.
    let made_here = appointment.call_id.as_ref() == Some(&case.call_id);
    if let Err(refusal) = rules::may_cancel(case, &appointment, &policy, cancels)
        && (!made_here || refusal == Refusal::AlreadyStarted)
    {
        return Ok(Reply::Refused(refusal).into());
    }
    let args = &case.call.args;
    let fee = if made_here { None } else { rules::fee(case, &appointment, policy.cancel_fee) };
    let unsure = args.confirm == Some(false);
    if unsure || (fee.is_some() && !(agreed || said_yes(tx, case, &appointment).await?)) {
        let fee_cents = fee.unwrap_or(0);
        let purpose = Purpose::AgreedCancel(appointment.id.clone());
        let offer = availability::new_offer(case, &appointment.visit, purpose, false);
        offers::add(tx, &offer, case.now_ms()).await?;
        let (change, new_start, token) = (Change::Cancel, None, Some(offer.token));
        return Ok(Reply::Consent(Consent { change, appointment: view, new_start, fee_cents, token }).into());
    }
    let reason = args.reason.as_ref().and_then(|reason| clean_text(reason.reveal(), REASON));
    if !appointments::set_state(tx, &appointment, next, reason.as_deref(), Some(&case.call_id), case.now_ms()).await? {
        return Err(Trouble::Conflict);
    }
    occupancy::release_appointment(tx, &appointment.id).await?;
    occupancy::release_next(tx, &appointment.id).await?;
    moves::end(tx, &appointment.id).await?;
    if intent::of_none(tx, case.ctx(), &appointment.id, &case.sync.rules).await? {
        intent::wake(tx, case.ctx(), &appointment.id).await?;
    }
    let done = Done {
        call_id: &case.call_id,
        meaning: &wishkey::cancelling(&appointment.id),
        function: case.call.function.name(),
        args_hash: &wishkey::args_hash(args),
        invocation: case.call.invocation.as_deref(),
        appointment: &appointment.id,
    };
    idempotency::record(tx, &done, case.now_ms()).await?;
    Ok(Reply::Cancelled { appointment: view }.into())
}
