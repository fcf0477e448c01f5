//! The seeded simulator: the whole product over the fake Cal.com on virtual time, with everything that can go wrong, and
//! checkers for every guarantee of the booking protocol.
//!
//! **Start reading** at [`run`], then [`plan`] (what a seed decides) and [`checkers`] (what must hold).

pub mod checkers;
mod dice;
mod network;
mod people;
pub mod plan;
mod process;
pub mod slant;
mod story;

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use frontdesk::cli::{Apply, Exit, Premises, StoreCommand};
use frontdesk::tenant_file;
use frontdesk_domain::calendar::rules::Rules;
use frontdesk_fake_calcom::world::Hook;
use frontdesk_fake_calcom::{FakeCalcom, World as Salon};
use frontdesk_store::{Store, TenantScope};

use crate::clock::{FrozenClock, VirtualClock};
use crate::world::FIXTURE_CLOCK;
use checkers::Evidence;
use dice::Dice;
use network::Network;
use people::Stage;
use plan::{Plan, ProcessPlan};
use process::Process;
use story::Story;

/// Faults stop, and so long later both sides must agree.
const QUIET: Duration = Duration::from_secs(300);
/// A process that stopped is started again after at most so long.
const DOWN_MS: u64 = 5_000;

/// What came of a seed.
#[derive(Clone, Debug)]
pub struct Ran {
    /// The same only if everything was the same.
    pub trace: u64,
    /// What was wrong.
    pub wrong: Vec<String>,
    /// What happened.
    pub story: Vec<String>,
    /// The edges each process passed.
    pub edges: Vec<Vec<String>>,
    /// Requests to the calendar.
    pub requests: usize,
    /// Questions on the phone.
    pub questions: usize,
}

/// Runs one plan by these rules, on this thread, on virtual time.
pub fn run(plan: &Plan, rules: Rules) -> Ran {
    let template = template(plan);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    let ran = runtime.block_on(play(plan, rules, &template));
    runtime.shutdown_background();
    ran
}

/// A database with the salon applied, for copying.
struct Template {
    store: Store,
    scope: TenantScope,
}

thread_local! {
    static TEMPLATES: RefCell<HashMap<(bool, bool, bool), Rc<Template>>> = RefCell::default();
}

fn template(plan: &Plan) -> Rc<Template> {
    let variant = (plan.local_first, plan.no_hosts, plan.rebook);
    let known = TEMPLATES.with_borrow(|templates| templates.get(&variant).cloned());
    known.unwrap_or_else(|| {
        let fresh = Rc::new(made(plan));
        TEMPLATES.with_borrow_mut(|templates| templates.insert(variant, Rc::clone(&fresh)));
        fresh
    })
}

fn made(plan: &Plan) -> Template {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../examples/salon-mit-calcom.toml");
    let mut text = std::fs::read_to_string(path).unwrap();
    let mut change = |from: &str, to: &str| {
        assert!(text.contains(from), "the example has no {from:?}");
        text = text.replace(from, to);
    };
    if plan.local_first {
        change("mode = \"calendar-first\"", "mode = \"local-first\"");
    }
    if plan.no_hosts {
        change("hosts = { emma = 1, fabian = 2, leyla = 3 }", "");
    }
    if plan.rebook {
        change("private = true", "rebook_for_email = true\nprivate = true");
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(async {
        let store = Store::in_memory(FrozenClock::at(FIXTURE_CLOCK).ctx(7)).unwrap();
        let file = tenant_file::read(&text, "salon.toml").unwrap_or_else(|errors| panic!("{errors}"));
        let premises = Premises { store: &store, base_url: "http://desk.invalid", served: true };
        let applied = StoreCommand::TenantApply(Box::new(Apply::new(file, false))).run(&premises).await;
        assert_eq!(applied.exit, Exit::Ok, "{}", applied.err);
        let (scope, _) = store.tenant("salon-mit-calcom").await.unwrap().unwrap();
        Template { store, scope }
    })
}

async fn play(plan: &Plan, rules: Rules, template: &Template) -> Ran {
    let clock = VirtualClock::at(FIXTURE_CLOCK);
    let story = Arc::new(Story::new());
    let database = template.store.copied(clock.ctx(plan.seed)).unwrap();
    let network = Arc::new(Network::new(calendar(plan, &clock), Arc::clone(&story), Arc::clone(&clock), plan));
    let stage = Arc::new(Stage {
        network: Arc::clone(&network),
        clock: Arc::clone(&clock),
        database: database.clone(),
        tenant: template.scope.tenant().clone(),
        up: Mutex::default(),
        told: Mutex::default(),
        theirs: Mutex::default(),
        meddled: Mutex::default(),
        dice: Mutex::new(Dice::new(plan.seed, 3)),
    });
    let everyone: Arc<Mutex<Vec<Arc<Process>>>> = Arc::default();
    let start = {
        let (plan, stage, everyone) = (plan.clone(), Arc::clone(&stage), Arc::clone(&everyone));
        move || {
            let number = everyone.lock().unwrap().len();
            let fate = plan.processes.get(number).cloned().unwrap_or_default();
            start(&stage, &everyone, number, fate, &plan, rules)
        }
    };
    for _ in 0..plan.replicas {
        let (start, stage) = (start.clone(), Arc::clone(&stage));
        tokio::spawn(async move {
            loop {
                let process = start();
                process.life.until_dead().await;
                leave(&stage, &process);
                let pause = stage.dice.lock().unwrap().millis(0, DOWN_MS);
                tokio::time::sleep(pause).await;
            }
        });
    }
    tokio::task::yield_now().await;
    let mut playing = Vec::new();
    for (number, call) in plan.calls.iter().enumerate() {
        playing.push(tokio::spawn(people::rings(Arc::clone(&stage), number + 1, call.clone())));
    }
    playing.push(tokio::spawn(people::meddles(Arc::clone(&stage), plan.visits.clone())));
    let mut wrong = Vec::new();
    let began = tokio::time::Instant::now();
    let mut calm = false;
    loop {
        tokio::time::sleep(Duration::from_secs(10)).await;
        let seen = Evidence::gather(&database, &template.scope, Vec::new()).await;
        wrong.extend(checkers::overlaps(&seen));
        let over = playing.iter().all(tokio::task::JoinHandle::is_finished);
        calm = calm || began.elapsed() >= plan.faults_until;
        if over && calm {
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(1200), "the script never ends");
    }
    story.tell("faults stop");
    network.calms();
    let held = network.fake.take_held_webhooks();
    network.deliver(held).await;
    for process in everyone.lock().unwrap().iter() {
        process.calm();
    }
    tokio::time::sleep(QUIET + Duration::from_secs(5)).await;
    let evidence = Evidence::gather(&database, &template.scope, network.fake.ledger()).await;
    for line in evidence.lines() {
        story.tell(line);
    }
    wrong.extend(checkers::all(plan, &stage, &evidence));
    wrong.sort();
    wrong.dedup();
    let (trace, lines) = story.so_far();
    let edges = everyone.lock().unwrap().iter().map(|process| process.life.edges()).collect();
    let questions = stage.told.lock().unwrap().len();
    // The processes hold the network, and the network holds them.
    network.opens(Vec::new());
    stage.up.lock().unwrap().clear();
    Ran { trace, wrong, story: lines, edges, requests: network.asked().len(), questions }
}

fn start(
    stage: &Arc<Stage>,
    everyone: &Arc<Mutex<Vec<Arc<Process>>>>,
    number: usize,
    fate: ProcessPlan,
    plan: &Plan,
    rules: Rules,
) -> Arc<Process> {
    let process = Process::start(number, fate, &stage.database, &stage.clock, &stage.network, rules, plan.seed);
    everyone.lock().unwrap().push(Arc::clone(&process));
    let mut up = stage.up.lock().unwrap();
    up.push(Arc::clone(&process));
    stage.network.opens(up.clone());
    drop(up);
    process.work(plan.workers);
    process
}

fn leave(stage: &Stage, process: &Arc<Process>) {
    let mut up = stage.up.lock().unwrap();
    up.retain(|other| other.number != process.number);
    stage.network.opens(up.clone());
}

fn calendar(plan: &Plan, clock: &Arc<VirtualClock>) -> FakeCalcom {
    use frontdesk_domain::ports::Clock;
    let fake = FakeCalcom::new(Salon::salon(), plan.seed);
    fake.set_attendees_endpoint(plan.attendees_endpoint);
    fake.set_read_lag(plan.read_lag);
    for rule in &plan.faults {
        fake.add_fault(*rule);
    }
    let hook: Hook = serde_json::from_value(serde_json::json!({
        "userId": 1, "subscriberUrl": "http://desk.invalid/v1/calcom/ep_7Cc1demo/events", "active": true,
        "triggers": ["BOOKING_CREATED", "BOOKING_RESCHEDULED", "BOOKING_CANCELLED", "BOOKING_REQUESTED", "BOOKING_REJECTED"],
        "secret": "whk_frontdesk_fixture_7d20e1",
    }))
    .unwrap();
    fake.add_webhook(hook, clock.now());
    fake
}
