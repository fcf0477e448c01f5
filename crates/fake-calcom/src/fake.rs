//! The state machine: requests in, answers out, in two phases.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::bookings::Booking;
use crate::control::{self, Foreign};
use crate::create::NewBooking;
use crate::errors::Trouble;
use crate::faults::{Failure, Fault, Rule};
use crate::limits::Tally;
use crate::reserve::NewReservation;
use crate::route::{self, Claim, Operation};
use crate::state::State;
use crate::wire::{Answer, Call, Delivery, Request, Version};
use crate::world::{EventType, Hook, User, World};
use crate::{attendees, catalogue, change, create, list, reserve, slots, webhooks};

/// The fake Cal.com. It may be shared between threads; every call takes the one lock for a moment.
#[derive(Debug)]
pub struct FakeCalcom {
    state: Mutex<State>,
}

/// A request between its check and its effect.
#[derive(Debug)]
pub struct Pending {
    operation: Operation,
    fault: Fault,
    path: String,
    headers: Vec<(String, String)>,
    step: Step,
}

impl Pending {
    /// What the request wants.
    #[must_use]
    pub fn operation(&self) -> Operation {
        self.operation
    }

    /// What will go wrong with it.
    #[must_use]
    pub fn fault(&self) -> &Fault {
        &self.fault
    }

    /// Nothing goes wrong with it after all: a question of somebody whose way is not the one under test.
    pub fn without_fault(&mut self) {
        self.fault = Fault::default();
    }
}

/// What the check decided.
#[derive(Debug)]
enum Step {
    /// No effect any more: the answer is known.
    Refuse(Trouble),
    /// The whole work is left for the second phase.
    Whole(Box<Call>),
    /// Bookings that passed the check.
    Create(Box<NewBooking>),
    /// A cancellation that passed the check.
    Cancel(Box<change::Cancellation>),
    /// A reservation that passed the check.
    Reserve(Box<NewReservation>),
}

/// An answer that is no refusal, with the webhooks it causes.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Value,
    pub(crate) webhooks: Vec<Delivery>,
}

impl Reply {
    /// `{status: "success", data}`.
    pub(crate) fn success(status: u16, data: Value) -> Self {
        Self { status, body: json!({ "status": "success", "data": data }), webhooks: Vec::new() }
    }

    pub(crate) fn raw(status: u16, body: Value) -> Self {
        Self { status, body, webhooks: Vec::new() }
    }

    pub(crate) fn telling(mut self, webhooks: Vec<Delivery>) -> Self {
        self.webhooks = webhooks;
        self
    }
}

impl FakeCalcom {
    /// A fake of this world; the seed decides ids and dice.
    #[must_use]
    pub fn new(world: World, seed: u64) -> Self {
        Self { state: Mutex::new(State::new(world, seed)) }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Both phases at once: what one request alone would hear.
    pub fn handle(&self, request: &Request) -> Answer {
        let pending = self.begin(request);
        self.finish(pending, request.now)
    }

    /// The first phase: who asks, how often, what goes wrong, and whether the wish is possible now.
    pub fn begin(&self, request: &Request) -> Pending {
        begin(&mut self.lock(), request)
    }

    /// The second phase: the effect, if there is one, and the answer.
    pub fn finish(&self, pending: Pending, now: Timestamp) -> Answer {
        finish(&mut self.lock(), pending, now)
    }

    /// Adds a fault.
    pub fn add_fault(&self, rule: Rule) {
        self.lock().faults.rules.push(rule);
    }

    /// The faults in force, with how often each is left.
    pub fn faults(&self) -> Vec<Rule> {
        self.lock().faults.rules.clone()
    }

    /// Ends all faults and the lag of reads. Webhooks held back stay so; see [`Self::take_held_webhooks`].
    pub fn clear_faults(&self) {
        self.lock().faults = crate::faults::Faults::default();
    }

    /// Lets lists, gets and slots see only what was there so long ago.
    pub fn set_read_lag(&self, lag: Duration) {
        self.lock().faults.read_lag = lag;
    }

    /// Webhooks that a reordering still holds back, oldest first; they are gone from the fake then.
    pub fn take_held_webhooks(&self) -> Vec<Delivery> {
        std::mem::take(&mut self.lock().held)
    }

    /// Makes a key invalid.
    pub fn revoke_key(&self, key: &str) {
        self.lock().revoked.insert(key.to_owned());
    }

    /// Makes a revoked key valid again.
    pub fn restore_key(&self, key: &str) {
        self.lock().revoked.remove(key);
    }

    /// Switches the attendees endpoint of 2026 on or off.
    pub fn set_attendees_endpoint(&self, on: bool) {
        self.lock().server.attendees_endpoint = on;
    }

    /// Everything that was ever booked, cancelled ones included, in the order of making.
    pub fn ledger(&self) -> Vec<Booking> {
        self.lock().all().cloned().collect()
    }

    /// Books past all checks, as somebody on the web page who was faster.
    ///
    /// # Errors
    /// Says which event type or host there is not.
    pub fn book_foreign(&self, foreign: &Foreign, now: Timestamp) -> Result<Booking, String> {
        control::book_foreign(&mut self.lock(), foreign, now)
    }

    /// Cancels past all checks and without a webhook; false if there is no such booking.
    pub fn cancel_foreign(&self, uid: &str, now: Timestamp) -> bool {
        control::cancel_foreign(&mut self.lock(), uid, now)
    }

    /// Adds or replaces a user.
    pub fn put_user(&self, user: User) {
        self.lock().add_user(user);
    }

    /// Adds or replaces an event type.
    pub fn put_event_type(&self, event_type: EventType) {
        self.lock().event_types.insert(event_type.id, event_type);
    }

    /// Adds a webhook.
    pub fn add_webhook(&self, hook: Hook, now: Timestamp) {
        webhooks::add(&mut self.lock(), hook, now);
    }

    /// The event types, by number.
    pub fn event_types(&self) -> Vec<EventType> {
        self.lock().event_types.values().cloned().collect()
    }

    /// The users, by number.
    pub fn users(&self) -> Vec<User> {
        self.lock().users.values().map(|person| person.user.clone()).collect()
    }
}

fn begin(state: &mut State, request: &Request) -> Pending {
    let request_id = state.rng.uuid();
    let mut pending = Pending {
        operation: Operation::Nothing,
        fault: Fault::default(),
        path: request.target.clone(),
        headers: vec![
            ("Content-Type".to_owned(), "application/json; charset=utf-8".to_owned()),
            ("X-Request-Id".to_owned(), request_id),
            ("Access-Control-Allow-Origin".to_owned(), "*".to_owned()),
        ],
        step: Step::Refuse(Trouble::Throttled),
    };
    let mut call = match route::read(request) {
        Ok(call) => call,
        Err(trouble) => {
            pending.step = Step::Refuse(trouble);
            return pending;
        }
    };
    let path = call.path();
    let Some(route) = route::find(&call.method, &path, call.version, state.server.attendees_endpoint) else {
        pending.step = Step::Refuse(Trouble::no_route(&call.method, &call.target));
        return pending;
    };
    pending.operation = route.operation;
    pending.fault = {
        let State { faults, rng, .. } = state;
        faults.decide(route.operation, rng)
    };
    let claim = route::claim(state, request);
    if claim == Claim::UnknownKey {
        pending.step = Step::Refuse(route::unknown_key());
        return pending;
    }
    let tally = route::throttled(state, &claim, request.now);
    pending.headers.extend(rate_headers(tally));
    if tally.refused {
        return pending;
    }
    pending.step = match claim.admitted(route.door) {
        Err(trouble) => Step::Refuse(trouble),
        Ok(caller) => {
            call.caller = caller;
            match pending.fault.before_effect {
                Some(failure) => Step::Refuse(failed(failure)),
                None => check(state, call, route.operation).unwrap_or_else(Step::Refuse),
            }
        }
    };
    pending
}

fn check(state: &mut State, call: Call, operation: Operation) -> Result<Step, Trouble> {
    Ok(match operation {
        Operation::Create => Step::Create(Box::new(create::check(state, &call)?)),
        Operation::Reschedule => Step::Create(Box::new(change::check_move(state, &call)?)),
        Operation::Cancel => Step::Cancel(Box::new(change::check_cancel(state, &call)?)),
        Operation::Reserve if call.method == "POST" => Step::Reserve(Box::new(reserve::check(state, &call)?)),
        _ => Step::Whole(Box::new(call)),
    })
}

fn finish(state: &mut State, pending: Pending, now: Timestamp) -> Answer {
    let Pending { fault, path, headers, step, .. } = pending;
    let result = match step {
        Step::Refuse(trouble) => Err(trouble),
        Step::Whole(mut call) => {
            call.now = now;
            whole(state, &call)
        }
        Step::Create(plan) => create::insert(state, *plan, now),
        Step::Cancel(plan) => change::cancel(state, &plan, now),
        Step::Reserve(plan) => Ok(reserve::insert(state, &plan, now)),
    };
    let (mut status, mut body, told) = match result {
        Ok(reply) => (reply.status, reply.body, reply.webhooks),
        Err(trouble) => (trouble.status(), trouble.body(&path, now), Vec::new()),
    };
    if let Some(failure) = fault.after_effect {
        let trouble = failed(failure);
        (status, body) = (trouble.status(), trouble.body(&path, now));
    }
    let webhooks = fault.webhooks.apply(told, &mut state.held);
    Answer { status, headers, body: body.to_string().into_bytes(), webhooks, fault }
}

fn whole(state: &mut State, call: &Call) -> Result<Reply, Trouble> {
    let path = call.path();
    match (call.method.as_str(), path.as_slice()) {
        ("GET", ["v2", "slots"]) => slots::get(state, call).map(|body| Reply::raw(200, body)),
        (_, ["v2", "slots", "reservations", uid]) => reserve::other(state, call, uid),
        ("GET", ["v2", "bookings"]) => list::list(state, call),
        ("GET", ["v2", "bookings", uid]) => list::get(state, call, uid),
        ("GET", ["v2", "bookings", uid, _])
            if call.version == Version::Bookings && path.last() != Some(&"attendees") =>
        {
            list::about(state, call, uid)
        }
        ("POST", ["v2", "bookings", uid, "guests"]) => attendees::add_guests(state, call, uid),
        (_, ["v2", "bookings", uid, "attendees", rest @ ..]) => {
            attendees::attendees(state, call, uid, rest.first().copied())
        }
        ("POST", ["v2", "bookings", uid, decision]) => change::decide(state, call, uid, decision),
        (_, ["v2", "webhooks", rest @ ..]) => webhooks::of_user(state, call, rest.first().copied()),
        (_, ["v2", "event-types", id, "webhooks", rest @ ..]) => {
            webhooks::of_event_type(state, call, id, rest.first().copied())
        }
        _ => catalogue::answer(state, call),
    }
}

pub(crate) fn failed(failure: Failure) -> Trouble {
    match failure {
        Failure::Status(status) => {
            let message = match status {
                500 => "Internal server error",
                502 => "Bad Gateway",
                503 => "Service Unavailable",
                504 => "Gateway Timeout",
                _ => "Fault on purpose",
            };
            Trouble::Flat { status, message: message.to_owned() }
        }
        Failure::Unauthorized => route::unknown_key(),
        Failure::TooMany => Trouble::Throttled,
    }
}

fn rate_headers(tally: Tally) -> [(String, String); 3] {
    [
        ("X-RateLimit-Limit-Default".to_owned(), tally.limit.to_string()),
        ("X-RateLimit-Remaining-Default".to_owned(), tally.remaining.to_string()),
        ("X-RateLimit-Reset-Default".to_owned(), tally.reset_seconds.to_string()),
    ]
}
