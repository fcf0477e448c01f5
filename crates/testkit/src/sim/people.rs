//! Callers on the phone, and people in the calendar itself.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use frontdesk_domain::calendar::stamp::{MAC, OP};
use frontdesk_domain::ids::TenantId;
use frontdesk_domain::ports::Clock;
use frontdesk_fake_calcom::{Booking, Foreign};
use frontdesk_store::Store;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::dice::Dice;
use super::network::Network;
use super::plan::{CallPlan, PEOPLE, SERVICES, Step, Visit};
use super::process::Process;
use crate::clock::VirtualClock;
use crate::heard::Heard;

const ENDPOINT: &str = "ep_7Cc1demo";
const KEY: &str = "key_frontdesk_fixture_5e82c04f17b3";
const EMMA: &str = "cal_demo_emma";
/// The day everybody wants.
pub const DAY: &str = "2026-12-03";

/// An instant of that day.
pub fn at(time: &str) -> Timestamp {
    format!("{DAY}T{time}:00+01:00").parse().unwrap()
}

/// What somebody asked on the phone, and heard.
#[derive(Clone, Debug)]
pub struct Told {
    /// Which call.
    pub call_id: String,
    /// Which function.
    pub function: String,
    /// When it was asked.
    pub asked: Timestamp,
    /// When it was answered.
    pub heard: Timestamp,
    /// Which process answered.
    pub process: usize,
    /// What was wished, of a booking by words: the service and the start.
    pub wish: Option<(String, Timestamp)>,
    /// The answer; `None`: the line went dead.
    pub answer: Option<Heard>,
}

impl Told {
    /// A field of the answer, empty if it is not there.
    pub fn text(&self, path: &str) -> &str {
        self.answer.as_ref().and_then(|heard| heard.at(path).as_str()).unwrap_or_default()
    }
}

/// Everybody's surroundings.
pub struct Stage {
    /// The network with the calendar.
    pub network: Arc<Network>,
    /// The clock.
    pub clock: Arc<VirtualClock>,
    /// The database, seen by nobody's process.
    pub database: Store,
    /// The salon.
    pub tenant: TenantId,
    /// The processes that are up.
    pub up: Mutex<Vec<Arc<Process>>>,
    /// What was heard.
    pub told: Mutex<Vec<Told>>,
    /// Names of bookings that people of the calendar made.
    pub theirs: Mutex<Vec<String>>,
    /// Names of our bookings that people of the calendar changed.
    pub meddled: Mutex<Vec<String>>,
    /// Chance of whatever is decided on the way.
    pub dice: Mutex<Dice>,
}

impl Stage {
    fn any_process(&self) -> Option<Arc<Process>> {
        let up = self.up.lock().unwrap();
        let place = self.dice.lock().unwrap().below(up.len());
        up.get(place).cloned()
    }

    fn tell(&self, line: impl std::fmt::Display) {
        self.network.story.tell(line);
    }
}

/// One call.
struct Call {
    stage: Arc<Stage>,
    id: String,
    name: &'static str,
    from: &'static str,
    asked: usize,
    last: Option<(String, Value, String)>,
    first_booking: Option<(String, Value, String)>,
    token: Option<String>,
}

/// Rings and goes through the plan.
pub async fn rings(stage: Arc<Stage>, number: usize, plan: CallPlan) {
    tokio::time::sleep(plan.begins).await;
    let (from, name) = PEOPLE[plan.person];
    let id = format!("call_{number:027x}");
    let mut call = Call { stage, id, name, from, asked: 0, last: None, first_booking: None, token: None };
    for (pause, step) in plan.steps {
        tokio::time::sleep(pause).await;
        call.does(step).await;
    }
}

impl Call {
    async fn does(&mut self, step: Step) {
        let booking = |call: &Self, service: usize, time: &str| json!({"service_name": SERVICES[service].0, "date": DAY, "time": time, "customer_name": call.name});
        match step {
            Step::Check { service, time } => {
                let args = json!({"service_name": SERVICES[service].0, "date": DAY, "time": time});
                let heard = self.asks("check_availability", args).await;
                self.token = heard.and_then(|heard| heard.at("slot/token").as_str().map(str::to_owned));
            }
            Step::BookOffered => {
                let args = match self.token.take() {
                    Some(token) => json!({"token": token, "customer_name": self.name}),
                    None => booking(self, 0, "09:00"),
                };
                self.books(args).await;
            }
            Step::Book { service, time, staff } => {
                let mut args = booking(self, service, &time);
                if let Some(staff) = staff {
                    args["staff_name"] = json!(staff);
                }
                self.books(args).await;
            }
            Step::BookWithEmail { service, time } => {
                let mut args = booking(self, service, &time);
                args["customer_email"] = json!(email_of(self.name));
                self.books(args).await;
            }
            Step::Twice { service, time } => {
                let args = booking(self, service, &time);
                let invocation = self.invocation();
                self.first_booking.get_or_insert(("book_appointment".to_owned(), args.clone(), invocation.clone()));
                let one = self.sends("book_appointment", &args, &invocation);
                let other = self.sends("book_appointment", &args, &invocation);
                let _both = tokio::join!(one, other);
            }
            Step::SameAgain => {
                if let Some((function, args, invocation)) = self.last.clone() {
                    self.sends(&function, &args, &invocation).await;
                }
            }
            Step::FirstBookingAgain => {
                if let Some((function, args, invocation)) = self.first_booking.clone() {
                    self.sends(&function, &args, &invocation).await;
                }
            }
            Step::SayAgain => {
                if let Some((function, args, _)) = self.last.clone() {
                    self.asks(&function, args).await;
                }
            }
            Step::Move { time } => {
                self.asks("reschedule_appointment", json!({"new_date": DAY, "new_time": time})).await;
            }
            Step::Cancel => {
                self.asks("cancel_appointment", json!({})).await;
            }
            Step::Email => {
                self.asks("update_customer_email", json!({"customer_email": email_of(self.name)})).await;
            }
            Step::List => {
                self.asks("list_appointments", json!({})).await;
            }
            Step::HangUp => self.hangs_up().await,
        }
    }

    async fn books(&mut self, args: Value) {
        let invocation = self.invocation();
        let asked = ("book_appointment".to_owned(), args, invocation);
        self.first_booking.get_or_insert(asked.clone());
        self.last = Some(asked.clone());
        self.sends(&asked.0, &asked.1, &asked.2).await;
    }

    async fn asks(&mut self, function: &str, args: Value) -> Option<Heard> {
        let invocation = self.invocation();
        self.last = Some((function.to_owned(), args.clone(), invocation.clone()));
        self.sends(function, &args, &invocation).await
    }

    fn invocation(&mut self) -> String {
        self.asked += 1;
        format!("{}-{}", self.id, self.asked)
    }

    async fn sends(&self, function: &str, args: &Value, invocation: &str) -> Option<Heard> {
        let mut call = self.call_object();
        call["transcript_with_tool_calls"] = json!([{
            "role": "tool_call_invocation", "tool_call_id": invocation, "name": function,
            "arguments": args.to_string(), "type": "custom",
        }]);
        let body = serde_json::to_vec(&json!({"name": function, "args": args, "call": call})).unwrap();
        let path = format!("/v1/retell/{ENDPOINT}/functions/{function}");
        let stage = &self.stage;
        let process = stage.any_process()?;
        let short = args.as_object().map(|args| {
            let words: Vec<&str> = args.values().filter_map(Value::as_str).collect();
            words.join(", ")
        });
        let who = format!("{} ({})", &invocation[29..], self.name);
        stage.tell(format_args!("☎ {who} asks p{} {function}({})", process.number, short.unwrap_or_default()));
        let asked = stage.clock.now();
        let answer = process.post_signed(&path, body, KEY).await;
        let told = Told {
            call_id: self.id.clone(),
            function: function.to_owned(),
            asked,
            heard: stage.clock.now(),
            process: process.number,
            wish: wish_of(function, args),
            answer,
        };
        match &told.answer {
            Some(_) => {
                let id = told.text("appointment/id");
                let id = id.get(id.len().saturating_sub(5)..).unwrap_or_default();
                stage.tell(format_args!(
                    "☎ {who} hears {} {} …{id} {}",
                    told.text("status"),
                    told.text("code"),
                    told.text("appointment/start")
                ));
            }
            None => stage.tell(format_args!("☎ {who} hears nothing: p{} is gone", process.number)),
        }
        let answer = told.answer.clone();
        stage.told.lock().unwrap().push(told);
        answer
    }

    fn call_object(&self) -> Value {
        json!({
            "call_id": self.id, "call_type": "phone_call", "agent_id": "agent_invented_calcom", "agent_version": 14,
            "call_status": "ongoing", "from_number": self.from, "to_number": "+493023125170",
            "direction": "inbound", "start_timestamp": 1_796_112_751_204_i64,
        })
    }

    async fn hangs_up(&self) {
        let mut call = self.call_object();
        call["call_status"] = json!("ended");
        call["end_timestamp"] = json!(1_796_112_814_684_i64);
        let body = serde_json::to_vec(&json!({"event": "call_ended", "call": call})).unwrap();
        if let Some(process) = self.stage.any_process() {
            process.post_signed(&format!("/v1/retell/{ENDPOINT}/events"), body, KEY).await;
        }
    }
}

fn wish_of(function: &str, args: &Value) -> Option<(String, Timestamp)> {
    let (service, time) = (args["service_name"].as_str()?, args["time"].as_str()?);
    (function == "book_appointment").then(|| (service.to_owned(), at(time)))
}

fn email_of(name: &str) -> String {
    let last = name.rsplit(' ').next().unwrap_or_default().to_lowercase().replace('ü', "ue");
    format!("{last}@post.example")
}

/// Goes through what happens in the calendar itself.
pub async fn meddles(stage: Arc<Stage>, visits: Vec<(Duration, Visit)>) {
    let mut passed = Duration::ZERO;
    for (when, visit) in visits {
        tokio::time::sleep(when.saturating_sub(passed)).await;
        passed = when;
        visits_once(&stage, visit).await;
    }
}

async fn visits_once(stage: &Stage, visit: Visit) {
    let now = stage.clock.now();
    let fake = &stage.network.fake;
    match visit {
        Visit::Book { event_type, time } => {
            let body = json!({
                "start": at(&time).to_string(), "eventTypeId": event_type,
                "attendee": {"name": "Web Besuch", "email": "web@besuch.example", "timeZone": "Europe/Berlin"},
            });
            let answer = stage.network.asks("POST", "/v2/bookings", None, body).await;
            let uid = answer.json()["data"]["uid"].as_str().map(str::to_owned);
            stage.tell(format_args!(
                "⌨ web books {event_type} at {time}: {} {}",
                answer.status,
                uid.as_deref().unwrap_or("-")
            ));
            stage.theirs.lock().unwrap().extend(uid);
        }
        Visit::BookPastChecks { event_type, host, time } => {
            book(stage, event_type, Some(host), &time, Map::new(), "⌨ web, faster than the check,");
        }
        Visit::Forge { time } => {
            let metadata = [(OP, "op_forged"), (MAC, "k1.00112233445566778899aabbccddeeff")];
            let metadata = metadata.map(|(key, value)| (key.to_owned(), json!(value)));
            book(stage, 2, None, &time, metadata.into_iter().collect(), "⌨ a forged mark:");
        }
        Visit::Unknown { time } => {
            let stamp = stage.database.keys().stamp(&stage.tenant, "op_of_an_old_backup");
            let metadata = [(OP, stamp.op), (MAC, stamp.mac)].map(|(key, value)| (key.to_owned(), json!(value)));
            book(stage, 2, None, &time, metadata.into_iter().collect(), "⌨ a mark of ours without a row:");
        }
        Visit::CancelOwn => {
            if let Some(booking) = pick(stage, |stage, booking| stage.theirs.lock().unwrap().contains(&booking.uid)) {
                stage.tell(format_args!("⌨ web cancels its {}", booking.uid));
                fake.cancel_foreign(&booking.uid, now);
            }
        }
        Visit::MoveOwn { time } => {
            if let Some(booking) = pick(stage, |stage, booking| stage.theirs.lock().unwrap().contains(&booking.uid)) {
                let uid = moves(stage, &booking, &time).await;
                stage.theirs.lock().unwrap().extend(uid);
            }
        }
        Visit::CancelOurs => {
            if let Some(booking) = pick(stage, is_ours) {
                let body = json!({"cancellationReason": "krank"});
                let target = format!("/v2/bookings/{}/cancel", booking.uid);
                let answer = stage.network.asks("POST", &target, Some(EMMA), body).await;
                stage.tell(format_args!("⌨ the house cancels our {}: {}", booking.uid, answer.status));
                stage.meddled.lock().unwrap().push(booking.uid);
            }
        }
        Visit::MoveOurs { time } => {
            if let Some(booking) = pick(stage, is_ours) {
                let uid = moves(stage, &booking, &time).await;
                let mut meddled = stage.meddled.lock().unwrap();
                meddled.push(booking.uid);
                meddled.extend(uid);
            }
        }
    }
}

fn book(stage: &Stage, event_type: u64, host: Option<u64>, time: &str, metadata: Map<String, Value>, who: &str) {
    let foreign = Foreign {
        event_type_id: event_type,
        start: at(time),
        host_id: host,
        minutes: None,
        name: "Web Besuch".to_owned(),
        email: "web@besuch.example".to_owned(),
        metadata,
    };
    let booking = stage.network.fake.book_foreign(&foreign, stage.clock.now()).unwrap();
    stage.tell(format_args!("{who} books {event_type} at {time}: {}", booking.uid));
    stage.theirs.lock().unwrap().push(booking.uid);
}

async fn moves(stage: &Stage, booking: &Booking, time: &str) -> Option<String> {
    let body = json!({"start": at(time).to_string(), "reschedulingReason": "tauscht"});
    let target = format!("/v2/bookings/{}/reschedule", booking.uid);
    let answer = stage.network.asks("POST", &target, Some(EMMA), body).await;
    let uid = answer.json()["data"]["uid"].as_str().map(str::to_owned);
    stage.tell(format_args!("⌨ {} is moved to {time}: {} {uid:?}", booking.uid, answer.status));
    uid
}

fn is_ours(stage: &Stage, booking: &Booking) -> bool {
    booking.metadata.contains_key(OP) && !stage.theirs.lock().unwrap().contains(&booking.uid)
}

fn pick(stage: &Stage, which: impl Fn(&Stage, &Booking) -> bool) -> Option<Booking> {
    let later = stage.clock.now().checked_add(SignedDuration::from_mins(1)).unwrap();
    let all: Vec<Booking> = stage.network.fake.ledger();
    let all: Vec<Booking> = all
        .into_iter()
        .filter(|booking| booking.status.is_live() && booking.start > later && which(stage, booking))
        .collect();
    let place = stage.dice.lock().unwrap().below(all.len());
    all.into_iter().nth(place)
}
