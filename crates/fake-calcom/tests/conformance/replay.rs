//! Sends what was recorded, with the clock where it stood.

use frontdesk_fake_calcom::{Answer, Delivery, FakeCalcom, Request, World};
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use serde_json::{Value, json};

use crate::compare::Names;
use crate::{races, recordings, unrecorded};

/// The secret the recorded webhooks were signed with.
pub const SECRET: &str = "whsec-testsecret-123";
pub const OWNER: &str = "cal_<API_KEY_owner>";

/// A fake on its way through the recordings.
pub struct Replay {
    pub fake: FakeCalcom,
    pub names: Names,
    pub now: Timestamp,
    pub deliveries: Vec<Delivery>,
}

impl Replay {
    pub fn new() -> Self {
        let mut world = recordings::world();
        // Schedules, event types and webhooks come into being in the recordings themselves.
        for user in world["users"].as_array_mut().unwrap() {
            user["schedule"] = Value::Null;
        }
        world["event_types"] = json!([]);
        world["webhooks"] = json!([]);
        let world = World::read(&world.to_string()).expect("the world is readable");
        Self {
            fake: FakeCalcom::new(world, 1),
            names: Names::default(),
            now: Timestamp::UNIX_EPOCH,
            deliveries: Vec::new(),
        }
    }

    /// Plays one recording and says what is different.
    pub fn play(&mut self, name: &str) -> Vec<String> {
        let recording = recordings::read(name);
        if let Some(now) = time_of(&recording) {
            self.now = now;
        }
        unrecorded::before(self, name, &recording);
        if name.starts_with("race-") {
            return races::run(self, name, &recording);
        }
        if name.starts_with("webhook-") {
            return self.compare_delivery(&recording);
        }
        let answer = self.send_recorded(&recording["request"]);
        self.compare_answer(name, &recording, &answer)
    }

    fn compare_answer(&mut self, name: &str, recording: &Value, answer: &Answer) -> Vec<String> {
        let mut out = Vec::new();
        let recorded = &recording["response"];
        if recorded["status"] != json!(answer.status) {
            out.push(format!("status {} was recorded, not {}", recorded["status"], answer.status));
        }
        let body = with_secret(&recorded["body"].to_string());
        let body: Value = serde_json::from_str(&body).unwrap();
        self.names.differences("body", &body, &answer.json(), &mut out);
        let exact = name.starts_with("rate-limit");
        for header in ["Limit", "Remaining", "Reset"] {
            let header = format!("X-RateLimit-{header}-Default");
            let (left, right) = (recorded["headers"][&header].as_str(), answer.header_value(&header));
            let same =
                if exact || header.contains("Limit-D") { left == right } else { left.is_some() == right.is_some() };
            if !same {
                out.push(format!("{header}: {left:?} was recorded, not {right:?}"));
            }
        }
        out
    }

    fn compare_delivery(&mut self, recording: &Value) -> Vec<String> {
        let raw = recording["request"]["body_raw"].as_str().unwrap();
        let recorded: Value = serde_json::from_str(raw).unwrap();
        let bodies = self.deliveries.iter().rev().map(|it| (it, serde_json::from_slice::<Value>(&it.body).unwrap()));
        let found = bodies.clone().find(|(_, body)| body["triggerEvent"] == recorded["triggerEvent"]);
        let Some((delivery, own)) = found else { return vec!["nothing of that kind was delivered".to_owned()] };
        let mut out = Vec::new();
        let signature = delivery.headers.iter().find(|(name, _)| name == "X-Cal-Signature-256").unwrap();
        assert_eq!(signature.1, frontdesk_fake_calcom::sign(SECRET, &delivery.body));
        self.names.differences("payload", &recorded, &own, &mut out);
        out
    }

    /// A request of the recording, with the fake's own names in it.
    pub fn request(&self, recorded: &Value) -> Request {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let target = self.names.translate(&text(&recorded["path"]));
        let mut request = Request::new(&text(&recorded["method"]), &target, self.now);
        for (name, value) in recorded["headers"].as_object().unwrap() {
            request = request.header(name, value.as_str().unwrap());
        }
        request.body = match &recorded["body"] {
            Value::Null => Vec::new(),
            Value::String(raw) => raw.clone().into_bytes(),
            body => with_secret(&self.names.translate(&body.to_string())).into_bytes(),
        };
        request
    }

    fn send_recorded(&mut self, recorded: &Value) -> Answer {
        let request = self.request(recorded);
        self.send(&request)
    }

    pub fn send(&mut self, request: &Request) -> Answer {
        let answer = self.fake.handle(request);
        self.deliveries.extend(answer.webhooks.iter().cloned());
        answer
    }
}

fn with_secret(text: &str) -> String {
    text.replace("<WEBHOOK_SECRET>", SECRET)
}

/// Where the clock stood: the time in an error's body, else the answer's date, else the webhook's.
fn time_of(recording: &Value) -> Option<Timestamp> {
    if let Some(exact) = recording["response"]["body"]["timestamp"].as_str() {
        return Some(exact.parse().unwrap());
    }
    if let Some(date) = recording["response"]["headers"]["Date"].as_str() {
        return Some(rfc2822::parse(date).unwrap().timestamp());
    }
    let raw: Value = serde_json::from_str(recording["request"]["body_raw"].as_str()?).unwrap();
    Some(raw["createdAt"].as_str()?.parse().unwrap())
}
