//! Who gets through to a calendar: places, breakers and the budget of its key.

use std::collections::BTreeMap;
use std::sync::Mutex;

use frontdesk_domain::calendar::breaker::{Admission, Breaker, Outcome, Position, Ticket, Turned};
use frontdesk_domain::calendar::budget::{Budget, Priority};
use frontdesk_domain::calendar::{Doubt, Refusal, Told, Unsent};
use frontdesk_domain::ids::TenantId;
use frontdesk_domain::ports::Ctx;
use jiff::Timestamp;

use super::{SharedBudget, lock};

/// What is asked of a calendar. Each has a breaker of its own: that looking up hangs says nothing about booking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    /// Free times.
    Slots,
    /// Making a booking.
    Create,
    /// Moving one.
    Move,
    /// Cancelling one.
    Cancel,
    /// Looking bookings up.
    Read,
    /// Bringing an e-mail address to one.
    Email,
    /// What can be booked there.
    Catalogue,
}

impl Operation {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Slots, Self::Create, Self::Move, Self::Cancel, Self::Read, Self::Email, Self::Catalogue];

    /// The word in metrics and logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Slots => "slots",
            Self::Create => "create",
            Self::Move => "move",
            Self::Cancel => "cancel",
            Self::Read => "read",
            Self::Email => "email",
            Self::Catalogue => "catalogue",
        }
    }

    /// Requests it may take at most; the budget counts them all, whether they come about or not.
    fn requests(self) -> u32 {
        match self {
            Self::Slots | Self::Create | Self::Move => 1,
            // What became of a booking that was moved before, a second way to look one up.
            Self::Cancel | Self::Read => 2,
            // Several ways are tried in turn.
            Self::Email => 4,
            // Who, event types, webhooks, teams with theirs.
            Self::Catalogue => 8,
        }
    }
}

/// Requests of a tenant that may be under way, by priority: background work leaves places to callers.
fn places(priority: Priority) -> usize {
    match priority {
        Priority::Caller => 8,
        Priority::CallerRead => 6,
        Priority::Work => 4,
        Priority::Warm => 2,
    }
}

/// How a calendar's guard stands, for metrics and `doctor`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuardState {
    /// Each operation's breaker.
    pub breakers: Vec<(Operation, Position)>,
    /// Requests its key may still make for callers in this minute.
    pub budget_left: u32,
    /// The calendar said that too much was asked; until then nothing is sent.
    pub blocked_until: Option<Timestamp>,
    /// Requests under way.
    pub in_flight: usize,
    /// Since when the calendar does not take the key.
    pub key_refused_since: Option<Timestamp>,
    /// Why it is not set up, if it is not.
    pub not_set_up: Option<String>,
}

/// Changes of attendees that calendars take in a minute; whoever asks for more is refused these for another minute, and
/// nothing else.
const ADDRESSES_PER_MINUTE: u32 = 5;

/// Lets requests of one tenant through, or not, and learns from what comes of them.
pub(super) struct Gate {
    ctx: Ctx,
    tenant: TenantId,
    budget: SharedBudget,
    /// Beside the budget of all requests, that of the addresses among them.
    addresses: Mutex<Budget>,
    watch: Mutex<Watch>,
}

#[derive(Default)]
struct Watch {
    breakers: BTreeMap<Operation, Breaker>,
    /// Operations the key was refused for, since when; one that works takes itself off.
    refused: BTreeMap<Operation, Timestamp>,
    in_flight: usize,
}

/// What a request taught.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Learnt {
    /// Nothing that others wait for.
    Nothing,
    /// It works again: the breaker closed, or the key is taken again.
    WorksAgain,
}

/// A request that was let through; its place is free again when this goes, and a breaker's only try is given back.
pub(super) struct Passed<'g> {
    gate: &'g Gate,
    operation: Operation,
    ticket: Option<Ticket>,
}

impl Gate {
    pub(super) fn new(ctx: Ctx, tenant: TenantId, budget: SharedBudget) -> Self {
        let addresses = Mutex::new(Budget::new(ADDRESSES_PER_MINUTE));
        Self { ctx, tenant, budget, addresses, watch: Mutex::default() }
    }

    /// Lets a request through or says at once why not. Nobody waits here.
    pub(super) fn pass(&self, operation: Operation, priority: Priority) -> Result<Passed<'_>, Unsent> {
        let now = self.ctx.now();
        let mut watch = lock(&self.watch);
        if watch.in_flight >= places(priority) {
            return Err(Unsent::Bulkhead);
        }
        let Admission::Go(ticket) = watch.breakers.entry(operation).or_default().ask(now) else {
            return Err(Unsent::BreakerOpen);
        };
        watch.in_flight += 1;
        drop(watch);
        // From here on whatever was taken is given back when `passed` goes.
        let passed = Passed { gate: self, operation, ticket: Some(ticket) };
        if operation == Operation::Email && !lock(&self.addresses).take(1, Priority::Caller, now) {
            return Err(Unsent::Budget);
        }
        if lock(&self.budget).take(operation.requests(), priority, now) { Ok(passed) } else { Err(Unsent::Budget) }
    }

    pub(super) fn state(&self) -> GuardState {
        let (budget_left, blocked_until) = {
            let mut budget = lock(&self.budget);
            (budget.left(Priority::Caller, self.ctx.now()), budget.blocked_until())
        };
        let watch = lock(&self.watch);
        let position = |operation| watch.breakers.get(&operation).map_or(Position::Closed, Breaker::position);
        GuardState {
            breakers: Operation::ALL.iter().map(|operation| (*operation, position(*operation))).collect(),
            budget_left,
            blocked_until,
            in_flight: watch.in_flight,
            key_refused_since: watch.refused.values().min().copied(),
            not_set_up: None,
        }
    }

    fn record(&self, operation: Operation, ticket: Ticket, outcome: Outcome) -> Turned {
        let [dice] = self.ctx.random::<1>();
        let now = self.ctx.now();
        let turned = lock(&self.watch).breakers.entry(operation).or_default().record(ticket, outcome, now, dice);
        let (operation, tenant) = (operation.as_str(), &self.tenant);
        match turned {
            Turned::Opened => {
                tracing::warn!(%tenant, operation, "the calendar fails too often and is left alone for a minute");
            }
            Turned::Closed => tracing::info!(%tenant, operation, "the calendar answers again"),
            Turned::No => {}
        }
        turned
    }
}

impl Passed<'_> {
    /// Learns from what came of it.
    pub(super) fn told<T>(mut self, told: &Told<T>) -> Learnt {
        let now = self.gate.ctx.now();
        if matches!(told, Told::Unknown(Doubt::RateLimited)) {
            match self.operation {
                Operation::Email => lock(&self.gate.addresses).block(now, None),
                _ => lock(&self.gate.budget).block(now, None),
            }
        }
        let turned = match self.ticket.take() {
            Some(ticket) => self.gate.record(self.operation, ticket, health(told)),
            None => Turned::No,
        };
        let mut watch = lock(&self.gate.watch);
        let mended = match told {
            Told::Refused(Refusal::KeyRefused) => {
                watch.refused.entry(self.operation).or_insert(now);
                false
            }
            Told::Done(_) => watch.refused.remove(&self.operation).is_some(),
            _ => false,
        };
        if turned == Turned::Closed || mended { Learnt::WorksAgain } else { Learnt::Nothing }
    }
}

impl Drop for Passed<'_> {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket.take() {
            self.gate.record(self.operation, ticket, Outcome::Untold);
        }
        let mut watch = lock(&self.gate.watch);
        watch.in_flight = watch.in_flight.saturating_sub(1);
    }
}

/// What an outcome says about the calendar's health. That it refuses, or sends what does not read, is no illness.
fn health<T>(told: &Told<T>) -> Outcome {
    match told {
        Told::Done(_) | Told::Refused(_) => Outcome::Answered,
        Told::Unknown(Doubt::TimedOut | Doubt::Lost | Doubt::ServerError) | Told::Unsent(Unsent::NoConnection) => {
            Outcome::Failed
        }
        Told::Unknown(Doubt::RateLimited | Doubt::Unreadable) | Told::Unsent(_) => Outcome::Untold,
    }
}
