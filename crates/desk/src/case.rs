//! One function call being worked on: tenant, branch, caller, clock, and how its outcome is committed.

use std::sync::Arc;

use frontdesk_domain::caller::number::CallerNumber;
use frontdesk_domain::calling::FunctionCall;
use frontdesk_domain::ids::{AppointmentId, BranchId, CallId, OfferToken};
use frontdesk_domain::lang::Lang;
use frontdesk_domain::pii::Phone;
use frontdesk_domain::ports::Ctx;
use frontdesk_domain::reply::{Answer, Failure, Reply};
use frontdesk_domain::slots::Visit;
use frontdesk_domain::speech::{self, Voice};
use frontdesk_domain::tenant::{Branch, Tenant};
use frontdesk_store::calls::{self, CallSeen};
use frontdesk_store::tenants::Door;
use frontdesk_store::timeline::{self, Event};
use frontdesk_store::wishes::{self, Wish};
use frontdesk_store::{Body, Store, StoreError, TenantScope, Tx};
use jiff::{Timestamp, Zoned};
use serde_json::json;

use crate::known::{self, Known};
use crate::line::Line;
use crate::sync::Syncer;
use crate::undecided::{Effect, Undecided};

/// After so many misses a person must help.
const MISSES_ALLOWED: i64 = 3;

/// Everything one function call is answered from. Shared with transaction bodies, never changed.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) scope: TenantScope,
    pub(crate) tenant: Arc<Tenant>,
    /// The branch that is spoken of: the rung one, or that of the appointment to move.
    pub(crate) branch: Arc<Branch>,
    /// The branch that was rung.
    rung: BranchId,
    pub(crate) call: FunctionCall,
    pub(crate) call_id: CallId,
    /// The customer's number; `None`: withheld, missing, or not to be believed (args-only bodies).
    pub(crate) number: Option<Phone>,
    pub(crate) lang: Lang,
    pub(crate) now: Timestamp,
    pub(crate) known: Known,
    pub(crate) store: Store,
    pub(crate) sync: Arc<Syncer>,
}

/// Why a plan was not carried out.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// Somebody was faster: plan again.
    Conflict,
    /// The store failed; nothing happened.
    Store(StoreError),
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// What carrying out a plan came to.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) reply: Reply,
    /// What was asked for in vain.
    pub(crate) unmet: Option<Unmet>,
    /// A look-up found nothing of the caller's.
    pub(crate) miss: bool,
}

impl From<Reply> for Outcome {
    fn from(reply: Reply) -> Self {
        Self { reply, unmet: None, miss: false }
    }
}

/// A wish that was not met, for the list of unfulfilled wishes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Unmet {
    pub(crate) service: Option<String>,
    pub(crate) staff: Option<String>,
    pub(crate) wished: Option<Timestamp>,
}

impl Case {
    /// Looks up what is known and binds it together; a reply where the call cannot be worked on.
    pub(crate) async fn open(
        store: &Store,
        sync: &Arc<Syncer>,
        door: &Door,
        call: FunctionCall,
        line: Line<'_>,
        call_id: CallId,
        number: Option<Phone>,
    ) -> Result<Arc<Self>, StoreError> {
        let now = store.ctx().now();
        let known = known::look_up(store, &door.scope, &call, &call_id, number.as_ref(), now).await?;
        let asked = call.args.language.as_deref().and_then(Lang::from_tag);
        let sticky = known.row.as_ref().and_then(|row| row.language.as_deref()).and_then(Lang::from_tag);
        let lang = asked.or(sticky).or(line.language).unwrap_or(door.tenant.language);
        // A call stays at the branch it first rang at.
        let branch = known.row.as_ref().and_then(|row| door.tenant.branch(&row.branch)).unwrap_or(line.branch);
        Ok(Arc::new(Self {
            scope: door.scope.clone(),
            tenant: Arc::clone(&door.tenant),
            rung: branch.id.clone(),
            branch: Arc::new(branch.clone()),
            call,
            call_id,
            number,
            lang,
            now,
            known,
            store: store.clone(),
            sync: Arc::clone(sync),
        }))
    }

    pub(crate) fn ctx(&self) -> &Ctx {
        self.store.ctx()
    }

    pub(crate) fn now_ms(&self) -> i64 {
        self.now.as_millisecond()
    }

    /// An instant on the branch's wall clock.
    pub(crate) fn local(&self, at: Timestamp) -> Zoned {
        at.to_zoned(self.branch.zone.clone())
    }

    /// The same case at the branch of an appointment: it is moved and spoken of where it is.
    pub(crate) fn at(self: &Arc<Self>, branch: &BranchId) -> Arc<Self> {
        match self.tenant.branch(branch) {
            Some(branch) if branch.id != self.branch.id => {
                Arc::new(Self { branch: Arc::new(branch.clone()), ..(**self).clone() })
            }
            _ => Arc::clone(self),
        }
    }

    /// An instant on the wall clock of one of the tenant's branches.
    pub(crate) fn local_at(&self, branch: &BranchId, at: Timestamp) -> Zoned {
        at.to_zoned(self.tenant.branch(branch).map_or_else(|| self.branch.zone.clone(), |own| own.zone.clone()))
    }

    /// Whether this call, or its number within the hour, missed too often to look anything up.
    pub(crate) fn too_many_misses(&self) -> bool {
        self.known.misses >= MISSES_ALLOWED
    }

    pub(crate) fn render(&self, reply: &Reply) -> Answer {
        let now = self.local(self.now);
        speech::render(
            reply,
            &Voice { lang: self.lang, now: &now, anonymous: self.number.is_none(), business: self.tenant.business },
        )
    }

    /// Commits a reply that has no other effect.
    pub(crate) async fn reply(self: &Arc<Self>, outcome: impl Into<Outcome>) -> Result<Answer, Trouble> {
        let outcome = outcome.into();
        self.commit(move |_, _| Box::pin(async move { Ok(outcome) })).await
    }

    /// Runs the effect of a call and writes call, timeline, misses and unmet wishes in the same transaction.
    pub(crate) async fn commit<F>(self: &Arc<Self>, effect: F) -> Result<Answer, Trouble>
    where
        F: for<'t> FnOnce(&'t mut Tx, Arc<Self>) -> Body<'t, Outcome, Trouble> + Send + 'static,
    {
        let case = Arc::clone(self);
        self.store
            .run(&self.scope, move |tx| {
                Box::pin(async move {
                    calls::see(tx, &case.seen()).await?;
                    let outcome = effect(tx, Arc::clone(&case)).await?;
                    case.tell(tx, &outcome).await
                })
            })
            .await
    }

    /// The same for an effect that a calendar may have to decide; then nothing is told yet.
    pub(crate) async fn commit_effect<F>(
        self: &Arc<Self>,
        effect: F,
    ) -> Result<(Option<Answer>, Option<Undecided>), Trouble>
    where
        F: for<'t> FnOnce(&'t mut Tx, Arc<Self>) -> Body<'t, Effect, Trouble> + Send + 'static,
    {
        let case = Arc::clone(self);
        self.store
            .run(&self.scope, move |tx| {
                Box::pin(async move {
                    calls::see(tx, &case.seen()).await?;
                    match effect(tx, Arc::clone(&case)).await? {
                        Effect::Told(outcome) => Ok((Some(case.tell(tx, &outcome).await?), None)),
                        Effect::Undecided(undecided) => Ok((None, Some(undecided))),
                    }
                })
            })
            .await
    }

    /// Renders an outcome and writes it into the call's timeline, with misses and unmet wishes.
    async fn tell(&self, tx: &mut Tx, outcome: &Outcome) -> Result<Answer, Trouble> {
        let answer = self.render(&outcome.reply);
        let seq = timeline::add(tx, &self.call_id, &self.event(&outcome.reply, &answer)).await?;
        if outcome.miss {
            calls::count_miss(tx, &self.call_id).await?;
        }
        if let Some(unmet) = &outcome.unmet {
            self.record_unmet(tx, seq, answer.code, unmet).await?;
        }
        Ok(answer)
    }

    fn seen(&self) -> CallSeen<'_> {
        CallSeen {
            call_id: &self.call_id,
            platform: self.call.platform,
            branch: &self.rung,
            number: self.number.as_ref(),
            facts: &self.call.facts,
            language: self.call.args.language.as_deref().filter(|tag| Lang::from_tag(tag).is_some()),
            now_ms: self.now_ms(),
        }
    }

    fn event(&self, reply: &Reply, answer: &Answer) -> Event {
        let args = &self.call.args;
        let said = json!({
            "service": args.service_name, "services": args.services, "date": args.date, "time": args.time,
            "new_date": args.new_date, "new_time": args.new_time, "staff": args.staff_name, "token": args.token,
        });
        let said: serde_json::Map<_, _> = said
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(_, value)| !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty()))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        let detail = json!({
            "said": said,
            "offers": crate::views::offered(reply).map(|offer| json!({
                "token": offer.token.as_str(),
                "start": offer.visit.start.timestamp().to_string(),
                "held": offer.held_until.is_some(),
            })).collect::<Vec<_>>(),
            "appointment": crate::views::appointment_of(reply).map(AppointmentId::as_str),
        });
        Event {
            at_ms: self.now_ms(),
            kind: "function".to_owned(),
            name: self.call.function.name().to_owned(),
            invocation: self.call.invocation.clone(),
            status: Some(answer.status.to_owned()),
            code: Some(answer.code.to_owned()),
            spoken: Some(answer.spoken.clone()),
            detail: Some(detail.to_string()),
            micros: Some(self.ctx().now().duration_since(self.now).as_micros().try_into().unwrap_or(i64::MAX)),
        }
    }

    async fn record_unmet(&self, tx: &mut Tx, seq: i64, code: &str, unmet: &Unmet) -> Result<(), StoreError> {
        let args = &self.call.args;
        let said = [&args.date, &args.time, &args.new_date, &args.new_time];
        let said: Vec<&str> = said.into_iter().flatten().map(String::as_str).collect();
        let said = said.join(" ");
        let wish = Wish {
            call_id: &self.call_id,
            seq,
            function: self.call.function.name(),
            code,
            service: unmet.service.as_deref().or(args.service_name.as_deref()),
            staff: unmet.staff.as_deref(),
            wished_ms: unmet.wished.map(|at| at.as_millisecond()),
            said: (!said.is_empty()).then_some(said.as_str()),
        };
        wishes::add(tx, &wish, self.now_ms()).await
    }

    /// A fresh token for an offer.
    pub(crate) fn fresh_token(&self) -> OfferToken {
        OfferToken::new(self.ctx().token("slot_", 10))
    }

    /// The names of a visit's services, in order.
    pub(crate) fn service_names(&self, visit: &Visit) -> Vec<String> {
        let name = |leg: &frontdesk_domain::slots::Leg| {
            self.tenant.service(&leg.service).map_or_else(|| leg.service.to_string(), |service| service.name.clone())
        };
        visit.legs.iter().map(name).collect()
    }

    /// The names of a visit's people, in order, each once.
    pub(crate) fn staff_names(&self, visit: &Visit) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for leg in &visit.legs {
            let name = self.tenant.staff(&leg.staff).map_or_else(|| leg.staff.to_string(), |staff| staff.name.clone());
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}

/// The customer's number; `None`: withheld, missing, or not to be believed (args-only bodies).
pub(crate) fn number_of(call: &FunctionCall, country: &str) -> Option<Phone> {
    match CallerNumber::read(call.facts.customer_number(), country) {
        CallerNumber::Known(number) if !call.args_only => Some(number),
        _ => None,
    }
}

/// The reply to a failure of ours, logged where it is handled.
pub(crate) fn failed(error: &StoreError) -> Reply {
    match error {
        StoreError::Constraint(_) | StoreError::Unreadable(_) => Reply::Failed(Failure::Internal),
        StoreError::Busy | StoreError::CommitUnknown(_) | StoreError::Engine(_) | StoreError::Closed => {
            Reply::Failed(Failure::CalendarUnavailable)
        }
    }
}
