//! Deliveries the platform repeats: the same invocation of the same function with the same arguments.

use std::sync::Arc;

use frontdesk_store::StoreError;
use frontdesk_store::appointments::{self, Appointment};
use frontdesk_store::idempotency;

use crate::case::Case;
use crate::wishkey;

/// The appointment this very invocation made or changed before, as it is now. Its words are not read again: by now
/// they may mean another appointment.
pub(crate) async fn effect(case: &Arc<Case>) -> Result<Option<Appointment>, StoreError> {
    let Some(invocation) = case.call.invocation.clone() else { return Ok(None) };
    let reader = Arc::clone(case);
    case.store
        .read(&case.scope, move |tx| {
            Box::pin(async move {
                let function = reader.call.function.name();
                let hash = wishkey::args_hash(&reader.call.args);
                match idempotency::find_replay(tx, &reader.call_id, &invocation, function, &hash).await? {
                    Some(id) => appointments::load(tx, &id).await,
                    None => Ok(None),
                }
            })
        })
        .await
}
