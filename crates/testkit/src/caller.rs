//! Somebody on the phone, through the platform's eyes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};

use crate::heard::Heard;
use crate::world::World;

/// One call of one caller. Every question is a signed function call through the real door.
#[derive(Clone, Debug)]
pub struct Caller<'w> {
    world: &'w World,
    /// The platform's id of this call.
    pub call_id: String,
    from: Value,
    to: String,
    agent: String,
    endpoint: String,
    key: String,
    asked: Arc<AtomicU32>,
}

impl<'w> Caller<'w> {
    pub(crate) fn new(world: &'w World, call_id: String, from: Value) -> Self {
        Self {
            world,
            call_id,
            from,
            to: "+493023125101".into(),
            agent: "agent_7c1e0a94b2d84f6395ab20c7d1".into(),
            endpoint: "ep_5Jq0demo".into(),
            key: "key_frontdesk_fixture_4c1b7e90d2a8".into(),
            asked: Arc::default(),
        }
    }

    /// Rings the barber instead of the salon.
    pub fn at_the_barber(mut self) -> Self {
        self.to = "+494066969201".into();
        self.agent = "agent_91b4c07de3564f0fa8d22ab6c5".into();
        self.endpoint = "ep_8Hh2demo".into();
        self.key = "key_frontdesk_fixture_hafen_5b1d03".into();
        self
    }

    /// Rings the salon that keeps its calendar in Cal.com.
    pub fn at_the_calcom_salon(mut self) -> Self {
        self.to = "+493023125170".into();
        self.agent = "agent_invented_calcom".into();
        self.endpoint = "ep_7Cc1demo".into();
        self.key = "key_frontdesk_fixture_5e82c04f17b3".into();
        self
    }

    /// Rings somebody else: their line, the agent that answers it, its endpoint and key.
    pub fn at(mut self, line: &str, agent: &str, endpoint: &str, key: &str) -> Self {
        (self.to, self.agent) = (line.into(), agent.into());
        (self.endpoint, self.key) = (endpoint.into(), key.into());
        self
    }

    /// The call object as the platform sends it now.
    pub fn call_object(&self) -> Value {
        json!({
            "call_id": self.call_id, "call_type": "phone_call", "agent_id": self.agent, "agent_version": 14,
            "call_status": "ongoing", "from_number": self.from, "to_number": self.to, "direction": "inbound",
            "start_timestamp": 1_796_112_751_204_i64,
        })
    }

    /// The body of a function call with a fresh invocation id.
    pub fn body(&self, function: &str, args: &Value) -> Vec<u8> {
        let invocation = format!("{}-{}", self.call_id, self.asked.fetch_add(1, Ordering::Relaxed));
        self.body_of(function, args, &invocation)
    }

    /// The body of one certain invocation.
    pub fn body_of(&self, function: &str, args: &Value, invocation: &str) -> Vec<u8> {
        let mut call = self.call_object();
        call["transcript_with_tool_calls"] = json!([{
            "role": "tool_call_invocation", "tool_call_id": invocation, "name": function,
            "arguments": args.to_string(), "type": "custom",
        }]);
        serde_json::to_vec(&json!({"name": function, "args": args, "call": call})).unwrap()
    }

    /// Calls a function.
    pub async fn asks(&self, function: &str, args: Value) -> Heard {
        self.sends(function, self.body(function, &args)).await
    }

    /// Calls a function with an invocation id of one's own: the platform's retry.
    pub async fn repeats(&self, function: &str, args: Value, invocation: &str) -> Heard {
        self.sends(function, self.body_of(function, &args, invocation)).await
    }

    /// Sends a body to a function's path, signed.
    pub async fn sends(&self, function: &str, body: Vec<u8>) -> Heard {
        let path = format!("/v1/retell/{}/functions/{function}", self.endpoint);
        self.world.post_signed(&path, body, &self.key).await
    }

    /// Tells an event of this call.
    pub async fn tells(&self, event: &str, more: Value) -> Heard {
        let mut call = self.call_object();
        if let (Some(call), Some(more)) = (call.as_object_mut(), more.as_object()) {
            call.extend(more.clone());
        }
        let body = serde_json::to_vec(&json!({"event": event, "call": call})).unwrap();
        let heard = self.world.post_signed(&format!("/v1/retell/{}/events", self.endpoint), body, &self.key).await;
        self.world.settle().await;
        heard
    }

    /// Hangs up.
    pub async fn hangs_up(&self) {
        let ended = json!({"call_status": "ended", "end_timestamp": 1_796_112_814_684_i64, "duration_ms": 63_480});
        assert_eq!(self.tells("call_ended", ended).await.http, 204);
    }

    /// Books, expecting whatever comes.
    pub async fn books(&self, service: &str, date: &str, time: &str, name: &str) -> Heard {
        let args = json!({"service_name": service, "date": date, "time": time, "customer_name": name});
        self.asks("book_appointment", args).await
    }

    /// Checks a time.
    pub async fn checks(&self, service: &str, date: &str, time: &str) -> Heard {
        self.asks("check_availability", json!({"service_name": service, "date": date, "time": time})).await
    }
}
