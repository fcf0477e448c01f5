//! request_callback: a promise computed from opening hours, kept as somebody's task.

use std::sync::Arc;

use frontdesk_domain::callback::promise;
use frontdesk_domain::caller::name::clean_text;
use frontdesk_domain::caller::number::parse_phone;
use frontdesk_domain::ids::CallbackId;
use frontdesk_domain::pii::{Phone, Pii};
use frontdesk_domain::reply::{Answer, PromiseView, Reply};
use frontdesk_store::callbacks::{self, Callback};
use frontdesk_store::{StoreError, Tx};
use jiff::Timestamp;

use crate::case::{Case, Trouble};
use crate::{persons, wanted};

/// Minutes of opening time within which somebody calls back.
const WITHIN_MINUTES: u16 = 120;
/// Asking again within this time is the same task.
const SAME_TASK_MS: i64 = 30 * 60 * 1000;
/// Characters of a reason that are kept.
const REASON: usize = 300;

/// Promises a call back; without a number the answer asks for one, and the task stands all the same.
pub(crate) async fn request(case: &Arc<Case>) -> Result<Answer, Trouble> {
    case.commit(|tx, case| {
        Box::pin(async move {
            let (id, promise, phone_known) = enter(tx, &case, "requested").await?;
            Ok(Reply::CallbackTaken { id, promise, phone_known }.into())
        })
    })
    .await
}

/// Somebody will ring back, because nothing is free: entered without being asked for.
pub(crate) async fn promise_because_full(tx: &mut Tx, case: &Case) -> Result<PromiseView, StoreError> {
    enter(tx, case, "no_free_time").await.map(|(_, promise, _)| promise)
}

async fn enter(tx: &mut Tx, case: &Case, cause: &'static str) -> Result<(CallbackId, PromiseView, bool), StoreError> {
    let args = &case.call.args;
    let given = args.phone.as_ref().and_then(|phone| parse_phone(phone.reveal(), &case.tenant.country));
    let phone: Option<Phone> = given.or_else(|| case.number.clone());
    let name = wanted::given_name(case);
    let customer = match (&name, case.known.by_number.as_slice()) {
        (Some(name), people) => persons::named(name, people),
        (None, [one]) => Some(one),
        (None, _) => None,
    };
    let promised = promise(&case.branch, case.now, WITHIN_MINUTES);
    let callback = Callback {
        id: CallbackId::new(case.ctx().id("cbk_")),
        branch: case.branch.id.clone(),
        call_id: Some(case.call_id.clone()),
        customer: customer.map(|customer| customer.id.clone()),
        name: name.clone().or_else(|| customer.map(|customer| customer.name.clone())),
        phone: phone.clone(),
        reason: args.reason.as_ref().and_then(|reason| clean_text(reason.reveal(), REASON)).map(Pii::new),
        wished: args.window.as_deref().and_then(|window| clean_text(window, 100)),
        cause,
        promised_ms: promised.by.as_millisecond(),
    };
    let since_ms = case.now_ms().saturating_sub(SAME_TASK_MS);
    // Another call's task is only the caller's own if it is for the number that is calling.
    let calling = phone.as_ref().filter(|phone| case.number.as_ref() == Some(phone));
    let open = callbacks::open_for(tx, Some(&case.call_id), calling, since_ms).await?;
    let (id, by) = match open {
        Some((id, promised_ms)) => {
            callbacks::complete(tx, &id, &callback).await?;
            (id, Timestamp::from_millisecond(promised_ms).unwrap_or(promised.by))
        }
        None => {
            callbacks::add(tx, &callback, case.now_ms()).await?;
            (callback.id.clone(), promised.by)
        }
    };
    Ok((id, PromiseView { by: case.local(by), open_now: promised.open_now }, phone.is_some()))
}
