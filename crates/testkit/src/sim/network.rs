//! The way between our processes and the fake Cal.com: what is refused, late or lost, and everything that was asked.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use frontdesk_connect::http::{self, Client, HttpError};
use frontdesk_domain::calendar::stamp::OP;
use frontdesk_domain::ports::Clock;
use frontdesk_fake_calcom::{Answer, Delivery, FakeCalcom, Operation, Request};
use jiff::Timestamp;
use serde_json::Value;

use super::dice::Dice;
use super::plan::Plan;
use super::process::{Life, Process};
use super::story::Story;
use crate::clock::VirtualClock;

/// One request of ours.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Which process.
    pub process: usize,
    /// When.
    pub at: Timestamp,
    /// What.
    pub operation: Operation,
    /// The booking it is about, by its name.
    pub uid: Option<String>,
    /// Our operation, of a create.
    pub op: Option<String>,
}

/// The network with the calendar at its other end.
pub struct Network {
    /// The calendar.
    pub fake: FakeCalcom,
    /// What happened.
    pub story: Arc<Story>,
    clock: Arc<VirtualClock>,
    dice: Mutex<Dice>,
    trouble: Mutex<(f64, f64)>,
    asked: Mutex<Vec<Asked>>,
    /// Where webhooks go.
    doors: Mutex<Vec<Arc<Process>>>,
}

impl Network {
    /// To this fake, with the plan's troubles.
    pub fn new(fake: FakeCalcom, story: Arc<Story>, clock: Arc<VirtualClock>, plan: &Plan) -> Self {
        Self {
            fake,
            story,
            clock,
            dice: Mutex::new(Dice::new(plan.seed, 2)),
            trouble: Mutex::new((plan.refused, plan.arrives_late)),
            asked: Mutex::default(),
            doors: Mutex::default(),
        }
    }

    /// The processes that are up.
    pub fn opens(&self, doors: Vec<Arc<Process>>) {
        *self.doors.lock().unwrap() = doors;
    }

    /// Everything asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// No more trouble on the way or at the calendar.
    pub fn calms(&self) {
        *self.trouble.lock().unwrap() = (0.0, 0.0);
        self.fake.clear_faults();
    }

    /// The client of one process.
    pub fn client(self: &Arc<Self>, process: usize, life: &Arc<Life>) -> Client {
        let (network, life) = (Arc::clone(self), Arc::clone(life));
        Client::in_process(Arc::new(move |request: http::Request, deadline: Duration| {
            let (network, life) = (Arc::clone(&network), Arc::clone(&life));
            Box::pin(async move { network.carry(process, &life, request, deadline).await })
        }))
    }

    async fn carry(
        self: Arc<Self>,
        process: usize,
        life: &Life,
        request: http::Request,
        deadline: Duration,
    ) -> Result<http::Answer, HttpError> {
        let label = label(&request);
        if life.passes(&format!("before {label}")) {
            std::future::pending::<()>().await;
        }
        let (refused, late) = {
            let trouble = *self.trouble.lock().unwrap();
            let mut dice = self.dice.lock().unwrap();
            (dice.happens(trouble.0), dice.happens(trouble.1).then(|| dice.millis(800, 19_000)))
        };
        self.story.tell(format_args!(
            "p{process} → {label}{}{}",
            if refused { " (no connection)" } else { "" },
            late.map(|time| format!(" (arrives {time:?} late)")).unwrap_or_default()
        ));
        if refused {
            return Err(HttpError::NotSent);
        }
        let network = Arc::clone(&self);
        let told = label.clone();
        let served = tokio::spawn(async move {
            if let Some(time) = late {
                tokio::time::sleep(time).await;
            }
            network.serve(process, &request, &told).await
        });
        let answer = match tokio::time::timeout(deadline, served).await {
            Err(_late) => Err(HttpError::TimedOut),
            Ok(Err(_panicked)) => Err(HttpError::Unclear),
            Ok(Ok(answer)) if answer.fault.lose_answer => Err(HttpError::Unclear),
            Ok(Ok(answer)) => Ok(http::Answer { status: answer.status, headers: answer.headers, body: answer.body }),
        };
        if life.passes(&format!("after {label}")) {
            std::future::pending::<()>().await;
        }
        if let Err(error) = &answer {
            self.story.tell(format_args!("p{process} ← {label}: {error}"));
        }
        answer
    }

    async fn serve(&self, process: usize, request: &http::Request, label: &str) -> Answer {
        let arrived = arrive(request, self.clock.now());
        let pending = self.fake.begin(&arrived);
        let body: Value = serde_json::from_slice(&arrived.body).unwrap_or_default();
        let op = body["metadata"][OP].as_str().map(str::to_owned);
        let uid = arrived.target.split(['/', '?']).nth(3).filter(|uid| !uid.is_empty()).map(str::to_owned);
        let asked = Asked { process, at: arrived.now, operation: pending.operation(), uid, op };
        self.asked.lock().unwrap().push(asked);
        let fault = pending.fault().clone();
        wait(fault.wait_before).await;
        let answer = self.fake.finish(pending, self.clock.now());
        let faults = if fault.is_none() { String::new() } else { format!(" {}", short(&fault)) };
        self.story.tell(format_args!("   calendar: {label} {}{faults}", answer.status));
        self.deliver(answer.webhooks.clone()).await;
        wait(fault.wait_after).await;
        answer
    }

    /// Somebody else asks something of the calendar, without any trouble.
    pub async fn asks(&self, method: &str, target: &str, key: Option<&str>, body: Value) -> Answer {
        let mut request = Request::new(method, target, self.clock.now()).header("cal-api-version", "2024-08-13");
        if let Some(key) = key {
            request = request.header("authorization", &format!("Bearer {key}"));
        }
        let mut pending = self.fake.begin(&request.json(&body));
        pending.without_fault();
        let answer = self.fake.finish(pending, self.clock.now());
        self.deliver(answer.webhooks.clone()).await;
        answer
    }

    /// Takes webhooks to one of the processes; whoever is down misses them.
    pub async fn deliver(&self, deliveries: Vec<Delivery>) {
        for delivery in deliveries {
            let door = {
                let doors = self.doors.lock().unwrap();
                let place = self.dice.lock().unwrap().below(doors.len());
                doors.get(place).cloned()
            };
            let Some(door) = door else { continue };
            if delivery.after.is_zero() {
                take(&door, delivery).await;
            } else {
                tokio::spawn(async move {
                    tokio::time::sleep(delivery.after).await;
                    take(&door, delivery).await;
                });
            }
        }
    }
}

async fn take(door: &Process, delivery: Delivery) {
    let path = delivery.url.splitn(4, '/').nth(3).unwrap_or_default();
    let headers: Vec<(&str, &str)> =
        delivery.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let _nobody_cares = door.post(&format!("/{path}"), delivery.body, &headers).await;
}

async fn wait(time: Duration) {
    if !time.is_zero() {
        tokio::time::sleep(time).await;
    }
}

fn arrive(request: &http::Request, now: Timestamp) -> Request {
    let rest = request.url.splitn(4, '/').nth(3).unwrap_or_default();
    let mut arrived = Request::new(request.method.as_str(), &format!("/{rest}"), now);
    for (name, value) in &request.headers {
        arrived = arrived.header(name, value);
    }
    arrived.body = request.body.clone().unwrap_or_default();
    arrived
}

/// What a request is, in a few words: the method, the end of the path, the start or operation.
fn label(request: &http::Request) -> String {
    let rest = request.url.splitn(4, '/').nth(3).unwrap_or_default();
    let path = rest.split('?').next().unwrap_or_default().trim_start_matches("v2/");
    let body: Value = request.body.as_ref().and_then(|body| serde_json::from_slice(body).ok()).unwrap_or_default();
    let start = body["start"].as_str().map(|start| format!(" {}", &start[5..16])).unwrap_or_default();
    let op = body["metadata"][OP].as_str().map(|op| format!(" …{}", &op[op.len() - 5..])).unwrap_or_default();
    format!("{} {path}{start}{op}", request.method.as_str())
}

fn short(fault: &frontdesk_fake_calcom::Fault) -> String {
    let mut words = Vec::new();
    if !fault.wait_before.is_zero() {
        words.push(format!("effect {:?} late", fault.wait_before));
    }
    words.extend(fault.before_effect.map(|failure| format!("{failure:?} instead")));
    if !fault.wait_after.is_zero() {
        words.push(format!("answer {:?} late", fault.wait_after));
    }
    words.extend(fault.after_effect.map(|failure| format!("{failure:?} after the effect")));
    if fault.lose_answer {
        words.push("answer lost".to_owned());
    }
    if fault.webhooks != frontdesk_fake_calcom::Fault::default().webhooks {
        words.push("webhooks troubled".to_owned());
    }
    format!("[{}]", words.join(", "))
}
