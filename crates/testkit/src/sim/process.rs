//! One process of ours: the whole App over the shared database, with edges where it stops or freezes.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use frontdesk::app::App;
use frontdesk::config::Config;
use frontdesk::http::router;
use frontdesk_connect::voice::retell::sign;
use frontdesk_desk::sync::Worked;
use frontdesk_domain::calendar::rules::Rules;
use frontdesk_domain::ports::Ctx;
use frontdesk_store::Store;
use frontdesk_store::edge::{Fate, Moment};
use http_body_util::BodyExt;
use tokio::sync::Notify;
use tower::ServiceExt;

use super::dice::Dice;
use super::network::Network;
use super::plan::ProcessPlan;
use super::story::Story;
use crate::clock::VirtualClock;
use crate::heard::Heard;

tokio::task_local! {
    /// Set in workers: only they freeze; nobody waits for them.
    static WORKER: ();
}

/// Whether a process lives, and where it stops living.
pub struct Life {
    number: usize,
    plan: ProcessPlan,
    story: Arc<Story>,
    dead: AtomicBool,
    died: Notify,
    edges: AtomicUsize,
    listed: Mutex<Vec<String>>,
    dice: Mutex<Dice>,
    /// Faults are over: nothing freezes or stops any more.
    calm: AtomicBool,
}

impl Life {
    fn new(number: usize, plan: ProcessPlan, story: Arc<Story>, seed: u64) -> Self {
        Self {
            number,
            plan,
            story,
            dead: AtomicBool::new(false),
            died: Notify::new(),
            edges: AtomicUsize::new(0),
            listed: Mutex::default(),
            dice: Mutex::new(Dice::new(seed, 100 + number as u64)),
            calm: AtomicBool::new(false),
        }
    }

    /// Whether it is over.
    pub fn is_dead(&self) -> bool {
        self.dead.load(Ordering::Relaxed)
    }

    /// Ends it.
    pub fn stop(&self) {
        self.dead.store(true, Ordering::Relaxed);
        self.died.notify_waiters();
    }

    /// Waits until it is over.
    pub async fn until_dead(&self) {
        loop {
            let died = self.died.notified();
            if self.is_dead() {
                return;
            }
            died.await;
        }
    }

    /// Never comes back if the process is over.
    pub async fn only_alive(&self) {
        if self.is_dead() {
            std::future::pending::<()>().await;
        }
    }

    /// An edge that counts; whether the process is over now.
    pub fn passes(&self, edge: &str) -> bool {
        if self.is_dead() {
            return true;
        }
        if self.calm.load(Ordering::Relaxed) {
            return false;
        }
        let count = self.edges.fetch_add(1, Ordering::Relaxed) + 1;
        self.listed.lock().unwrap().push(edge.to_owned());
        if self.plan.crash_at == Some(count) {
            self.story.tell(format_args!("process {} stops at edge {count} ({edge})", self.number));
            self.stop();
            return true;
        }
        false
    }

    /// The edges so far.
    pub fn edges(&self) -> Vec<String> {
        self.listed.lock().unwrap().clone()
    }

    fn at(&self, moment: Moment) -> Fate {
        let name = match moment {
            Moment::Read if self.is_dead() => return Fate::Never,
            Moment::Read => return Fate::GoOn,
            Moment::BeforeCommit => "before a commit",
            Moment::AfterCommit => "after a commit",
        };
        if self.passes(name) {
            return Fate::Never;
        }
        if self.calm.load(Ordering::Relaxed) {
            return Fate::GoOn;
        }
        let mut dice = self.dice.lock().unwrap();
        match moment {
            Moment::BeforeCommit
                if self.plan.freeze > 0.0 && WORKER.try_with(|()| ()).is_ok() && dice.happens(self.plan.freeze) =>
            {
                let time = dice.millis(20_000, 70_000);
                self.story.tell(format_args!("a worker of process {} freezes for {time:?}", self.number));
                Fate::Wait(time)
            }
            Moment::AfterCommit if self.plan.unknown > 0.0 && dice.happens(self.plan.unknown) => {
                self.story.tell(format_args!("process {}: a commit's outcome is unknown", self.number));
                Fate::Unknown
            }
            _ => Fate::GoOn,
        }
    }
}

/// A running process.
pub struct Process {
    /// Its place in the order of starts.
    pub number: usize,
    /// Whether it lives.
    pub life: Arc<Life>,
    app: Arc<App>,
    router: Router,
}

impl Process {
    /// Starts one over the database of others.
    pub fn start(
        number: usize,
        plan: ProcessPlan,
        database: &Store,
        clock: &Arc<VirtualClock>,
        network: &Arc<Network>,
        rules: Rules,
        seed: u64,
    ) -> Arc<Self> {
        let life = Arc::new(Life::new(number, plan, Arc::clone(&network.story), seed));
        let edge = Arc::clone(&life);
        let store = database.another(ctx(clock, &life, seed), Arc::new(move |moment| edge.at(moment))).unwrap();
        let config = Config::load(None, std::iter::empty()).unwrap();
        let app = App::with_calendars(config, store, Some(network.client(number, &life)), rules);
        let router = router(Arc::clone(&app));
        Arc::new(Self { number, life, app, router })
    }

    /// Starts its workers and its sweeps.
    pub fn work(self: &Arc<Self>, workers: usize) {
        for _ in 0..workers {
            let process = Arc::clone(self);
            tokio::spawn(WORKER.scope((), async move { process.works().await }));
        }
        let process = Arc::clone(self);
        tokio::spawn(async move {
            let sync = process.app.desk.sync();
            loop {
                sync.until_recovered().await;
                let _later = sync.after_recovery().await;
            }
        });
        let process = Arc::clone(self);
        tokio::spawn(async move {
            loop {
                process.app.sweep().await;
                tokio::time::sleep(Duration::from_secs(30)).await;
            }
        });
    }

    async fn works(&self) {
        let sync = self.app.desk.sync();
        let _later = sync.wake_sweeps().await;
        while !self.life.is_dead() {
            match sync.work().await {
                Ok(Worked::Something) => {}
                Ok(Worked::Nothing) => {
                    // As the product's workers, but without looking four times a second where nothing is due.
                    let now = self.app.now().as_millisecond();
                    let due = self.app.store().next_job_due().await.ok().flatten().unwrap_or(i64::MAX);
                    let pause = due.saturating_sub(now).clamp(20, 1_500) as u64;
                    let _either =
                        tokio::time::timeout(Duration::from_millis(pause), sync.until_rung(Duration::from_secs(3600)))
                            .await;
                }
                Err(_) => tokio::time::sleep(Duration::from_secs(1)).await,
            }
        }
    }

    /// From now on nothing happens to it any more.
    pub fn calm(&self) {
        self.life.calm.store(true, Ordering::Relaxed);
    }

    /// Sends a signed body of the voice platform; `None`: the process went away before it answered.
    pub async fn post_signed(&self, path: &str, body: Vec<u8>, key: &str) -> Option<Heard> {
        let signature = sign(&body, &key.to_owned().into(), self.app.now());
        let headers = [("content-type", "application/json"), ("x-retell-signature", signature.as_str())];
        self.post(path, body, &headers).await
    }

    /// Sends a body; `None`: the process went away before it answered.
    pub async fn post(&self, path: &str, body: Vec<u8>, headers: &[(&str, &str)]) -> Option<Heard> {
        let mut request = Request::post(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body)).unwrap();
        let answering = async {
            let response = self.router.clone().oneshot(request).await.unwrap();
            let http = response.status().as_u16();
            let bytes = response.into_body().collect().await.unwrap().to_bytes().to_vec();
            Heard { http, json: serde_json::from_slice(&bytes).unwrap_or_default(), bytes }
        };
        tokio::select! {
            biased;
            () = self.life.until_dead() => None,
            heard = answering => Some(heard),
        }
    }
}

fn ctx(clock: &Arc<VirtualClock>, life: &Arc<Life>, seed: u64) -> Ctx {
    let life = Arc::clone(life);
    let number = life.number as u64;
    clock.ctx(seed.wrapping_mul(64).wrapping_add(number + 1)).sleeping(Arc::new(move |time| {
        let life = Arc::clone(&life);
        Box::pin(async move {
            tokio::time::sleep(time).await;
            life.only_alive().await;
        })
    }))
}
