//! Deliveries the platform repeats: the same invocation of the same function with the same arguments.

use frontdesk_domain::calling::FunctionCall;
use frontdesk_domain::ids::CallId;
use frontdesk_store::appointments::{self, Appointment};
use frontdesk_store::{StoreError, Tx, idempotency};

use crate::wishkey;

/// What tells one delivery from another.
pub(crate) struct Delivery {
    invocation: String,
    function: &'static str,
    args_hash: String,
}

impl Delivery {
    /// Of this call; `None` if the platform does not number its invocations.
    pub(crate) fn of(call: &FunctionCall) -> Option<Self> {
        Some(Self {
            invocation: call.invocation.clone()?,
            function: call.function.name(),
            args_hash: wishkey::args_hash(&call.args),
        })
    }

    /// The appointment this very invocation made or changed before, as it is now. Its words are not read again: by
    /// now they may mean another appointment.
    pub(crate) async fn effect(&self, tx: &mut Tx, call_id: &CallId) -> Result<Option<Appointment>, StoreError> {
        match idempotency::find_replay(tx, call_id, &self.invocation, self.function, &self.args_hash).await? {
            Some(id) => appointments::load(tx, &id).await,
            None => Ok(None),
        }
    }
}
