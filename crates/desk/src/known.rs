//! What the store knows of a call and its caller before anything is done, read at once: every read is a way to another
//! thread and back, and the caller waits for each.

use frontdesk_domain::calling::FunctionCall;
use frontdesk_domain::ids::{CallId, OfferToken};
use frontdesk_domain::pii::Phone;
use frontdesk_store::appointments::{self, Appointment};
use frontdesk_store::calls::{self, CallRow};
use frontdesk_store::customers::{self, Customer};
use frontdesk_store::offers::{self, Offer};
use frontdesk_store::{Store, StoreError, TenantScope};
use jiff::Timestamp;

use crate::replay::Delivery;

/// Misses older than this no longer count against a number.
const MISS_WINDOW_MS: i64 = 60 * 60 * 1000;

/// What the store knows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    pub(crate) row: Option<CallRow>,
    /// Everybody on the calling number.
    pub(crate) by_number: Vec<Customer>,
    /// Everybody this call booked for.
    pub(crate) of_call: Vec<Customer>,
    /// Everything this call made, cancelled ones too, oldest first.
    pub(crate) made: Vec<Appointment>,
    /// Misses of this number within the last hour, this call's included.
    pub(crate) misses: i64,
    /// What this very invocation made or changed before.
    pub(crate) effect: Option<Appointment>,
    /// The living offer of the token that was said, if it was told to this call.
    pub(crate) offer: Option<Offer>,
}

/// Looks all of it up in one snapshot.
pub(crate) async fn look_up(
    store: &Store,
    scope: &TenantScope,
    call: &FunctionCall,
    call_id: &CallId,
    number: Option<&Phone>,
    now: Timestamp,
) -> Result<Known, StoreError> {
    let (call_id, number, now_ms) = (call_id.clone(), number.cloned(), now.as_millisecond());
    let (token, delivery) = (call.args.token.as_deref().map(OfferToken::from), Delivery::of(call));
    store
        .read(scope, move |tx| {
            Box::pin(async move {
                let mut known = Known::default();
                if let Some(number) = &number {
                    let since_ms = now_ms.saturating_sub(MISS_WINDOW_MS);
                    known.by_number = customers::by_phone(tx, number).await?;
                    known.misses = calls::misses_of_number(tx, number, since_ms).await?;
                }
                // All else hangs on the call's row; a call that is new has nothing of it.
                let Some(row) = calls::load(tx, &call_id).await? else { return Ok(known) };
                known.misses = known.misses.max(row.misses);
                known.row = Some(row);
                known.of_call = customers::of_call(tx, &call_id).await?;
                known.made = appointments::made_by(tx, &call_id).await?;
                if let Some(delivery) = &delivery {
                    known.effect = delivery.effect(tx, &call_id).await?;
                }
                if let Some(token) = &token {
                    known.offer = offers::load(tx, token, &call_id, now_ms).await?;
                }
                Ok(known)
            })
        })
        .await
}
