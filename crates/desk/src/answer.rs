//! From a function call to an answer: the one match over all functions.

use std::collections::BTreeMap;
use std::sync::Arc;

use frontdesk_domain::calendar::rules::Rules;
use frontdesk_domain::calling::{CallEvent, Function, FunctionCall, InboundCall};
use frontdesk_domain::ids::CallId;
use frontdesk_domain::pii::Phone;
use frontdesk_domain::reply::{Answer, Failure, Refusal, Reply, WhyNot};
use frontdesk_store::tenants::Door;
use frontdesk_store::{Store, StoreError};

use crate::calendars::Calendars;
use crate::case::{Case, Trouble, failed};
use crate::check::Asked;
use crate::doors::Doors;
use crate::sync::Syncer;
use crate::{book, callback, cancel, case, check, email, events, info, line, list, reschedule};

/// The desk: everything a call needs, shared by all of them.
pub struct Desk {
    store: Store,
    doors: Doors,
    sync: Arc<Syncer>,
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
    /// A desk over a store, for tenants with the built-in calendar.
    pub fn new(store: Store) -> Self {
        let calendars = Arc::new(Calendars::none(store.clone()));
        Self::with_calendars(store, calendars, Rules::SOUND)
    }

    /// A desk over a store and the tenants' calendars outside, by these rules (the product's are [`Rules::SOUND`]).
    pub fn with_calendars(store: Store, calendars: Arc<Calendars>, rules: Rules) -> Self {
        let sync = Arc::new(Syncer::new(store.clone(), calendars, rules));
        Self { doors: Doors::new(store.clone()), store, sync }
    }

    /// What brings appointments and calendars together.
    pub fn sync(&self) -> &Arc<Syncer> {
        &self.sync
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
        self.called(door);
        let number = case::number_of(&call, &door.tenant.country);
        let mut caller = if number.is_some() { CallerKind::UnknownNumber } else { CallerKind::Anonymous };
        match self.work_on(door, call, number, &mut caller).await {
            Ok(answer) => Answered { answer, caller, constraint_violated: false },
            Err(error) => {
                let constraint_violated = matches!(error, StoreError::Constraint(_));
                tracing::error!(%error, tenant = door.tenant.slug, "a call could not be answered from the store; check disk and database");
                Answered {
                    answer: events::bare_answer(door, &self.store, &failed(&error)),
                    caller,
                    constraint_violated,
                }
            }
        }
    }

    async fn work_on(
        &self,
        door: &Door,
        call: FunctionCall,
        number: Option<Phone>,
        caller: &mut CallerKind,
    ) -> Result<Answer, StoreError> {
        let bare = |reply: Reply| Ok(events::bare_answer(door, &self.store, &reply));
        let Some(call_id) = call_id(&call) else { return bare(Reply::Failed(Failure::CallRequired)) };
        let line = line::find(&self.store, door, call.platform, &call.facts, call.args_only).await?;
        let Some(line) = line else {
            tracing::warn!(
                tenant = door.tenant.slug,
                call_id = call_id.as_str(),
                "a call came in on a line that is not this tenant's; add its number or agent to the tenant file"
            );
            return bare(Reply::Refused(Refusal::UnknownLine));
        };
        let case = Case::open(&self.store, &self.sync, door, call, line, call_id, number).await?;
        if !case.known.by_number.is_empty() {
            *caller = CallerKind::Known;
        }
        let answered = dispatch(&case).await;
        if case.tenant.calendar.is_some() {
            self.sync.ring();
        }
        match answered {
            Ok(answer) => Ok(answer),
            // Only for proving that it must not be done so: nobody knows whether it happened.
            Err(Trouble::Store(StoreError::CommitUnknown(_))) if !self.sync.rules.commit_unknown_is_no_failure => {
                let (why, offers) = (WhyNot::Taken, Vec::new());
                Ok(case.render(&Reply::Unavailable { why, wished: None, offers, callback: None }))
            }
            Err(Trouble::Store(error)) => Err(error),
            // A verb plans again by itself; what still conflicts changed under our hands.
            Err(Trouble::Conflict) => Ok(case.render(&Reply::Failed(Failure::CalendarUnavailable))),
        }
    }

    /// The answer to a body that is signed but names no function we know, or two.
    pub fn misconfigured(&self, door: &Door, failure: Failure) -> Answer {
        events::bare_answer(door, &self.store, &Reply::Failed(failure))
    }

    /// Takes in a call event; `event_key` is the platform's identity of it (dedupe).
    pub async fn event(&self, door: &Door, event: CallEvent, event_key: &str) -> Result<EventTaken, StoreError> {
        self.called(door);
        events::take_in(&self.store, door, event, event_key).await
    }

    /// Who is calling, while it rings: a read-only routing decision, no call is made.
    pub async fn inbound(&self, door: &Door, call: InboundCall) -> Result<InboundContext, StoreError> {
        self.called(door);
        events::inbound(&self.store, door, call).await
    }

    fn called(&self, door: &Door) {
        if door.tenant.calendar.is_some() {
            self.sync.called(&door.scope);
        }
    }
}

/// The envelope's call id; the argument's only where there is no envelope. Ids are opaque but not endless.
fn call_id(call: &FunctionCall) -> Option<CallId> {
    let own = call.facts.call_id.clone();
    let id = if call.args_only {
        own.or_else(|| call.args.call_id.as_deref().filter(|id| likely(id)).map(CallId::from))
    } else {
        own
    };
    id.filter(|id| !id.as_str().is_empty() && id.as_str().len() <= 128)
}

/// Whether a call id given as an argument can be a platform's: models make up "1", "call_001" or leave a template, and
/// two callers with the same invention would be one call.
fn likely(id: &str) -> bool {
    id.len() >= 20 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

async fn dispatch(case: &Arc<Case>) -> Result<Answer, Trouble> {
    match case.call.function {
        Function::StartCall => info::start_call(case).await,
        Function::CheckAvailability => check::check(case, Asked::Check).await,
        Function::HoldAppointment => check::check(case, Asked::Hold).await,
        Function::FindAlternatives => check::find_alternatives(case).await,
        Function::BookAppointment => book::book(case).await,
        Function::ConfirmBooking => book::confirm(case).await,
        Function::ListAppointments => list::list(case).await,
        Function::RescheduleAppointment => reschedule::reschedule(case).await,
        Function::CancelAppointment => cancel::cancel(case).await,
        Function::ListServices => info::services(case).await,
        Function::OpeningHours => info::hours(case).await,
        Function::RequestCallback => callback::request(case).await,
        Function::UpdateCustomerEmail => email::update(case).await,
    }
}
