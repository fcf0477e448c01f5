//! From a function call to an answer: the one match over all functions.

use std::collections::BTreeMap;

use frontdesk_domain::calling::{CallEvent, FunctionCall, InboundCall, Platform};
use frontdesk_domain::reply::{Answer, Failure};
use frontdesk_store::tenants::Door;
use frontdesk_store::{Store, StoreError};

use crate::doors::Doors;

/// The desk: everything a call needs, shared by all of them.
pub struct Desk {
    store: Store,
    doors: Doors,
}

/// Who is on the line, as metrics and logs may say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CallerKind {
    /// A number of one or several customers.
    Known,
    /// A number nobody here has.
    UnknownNumber,
    /// Withheld, missing or no number.
    Anonymous,
}

impl CallerKind {
    /// The word in metrics and logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Known => "known",
            Self::UnknownNumber => "unknown_number",
            Self::Anonymous => "anonymous",
        }
    }
}

/// An answer with what metrics want to know.
#[derive(Clone, Debug)]
pub struct Answered {
    /// What goes to the agent.
    pub answer: Answer,
    /// Who asked.
    pub caller: CallerKind,
    /// A last wall of the database had to hold: code before it let something through.
    pub constraint_violated: bool,
}

/// What became of a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventTaken {
    /// Merged into the call.
    Stored,
    /// Delivered before.
    Repeated,
    /// Nothing to store: transcripts, chats, unknown events, calls of nobody here.
    Ignored,
}

/// What the inbound webhook answers with; values are strings only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InboundContext {
    /// The agent that should take the call, if the branch has one for this platform.
    pub agent_id: Option<String>,
    /// Variables for the agent's prompt.
    pub variables: BTreeMap<String, String>,
    /// Our reference, back in every later message of the call.
    pub call_ref: Option<String>,
}

impl Desk {
    /// A desk over a store.
    pub fn new(store: Store) -> Self {
        Self { doors: Doors::new(store.clone()), store }
    }

    /// The store behind the desk.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The cache of endpoint tokens.
    pub fn doors(&self) -> &Doors {
        &self.doors
    }

    /// Answers a function call. Never fails: what goes wrong is an answer, too.
    pub async fn answer(&self, door: &Door, call: FunctionCall) -> Answered {
        let _ = (door, call);
        todo!("answer")
    }

    /// The answer to a body that is signed but names no function we know, or two.
    pub fn misconfigured(&self, door: &Door, failure: Failure) -> Answer {
        let _ = (door, failure);
        todo!("misconfigured")
    }

    /// Takes in a call event; `event_key` is the platform's identity of it (dedupe).
    pub async fn event(&self, door: &Door, event: CallEvent, event_key: &str) -> Result<EventTaken, StoreError> {
        let _ = (door, event, event_key);
        todo!("event")
    }

    /// Who is calling, while it rings: a read-only routing decision, no call is made.
    pub async fn inbound(&self, door: &Door, call: InboundCall) -> Result<InboundContext, StoreError> {
        let _ = (door, call, Platform::Retell);
        todo!("inbound")
    }
}
