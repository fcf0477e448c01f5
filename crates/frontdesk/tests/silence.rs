//! What callers say is in no log and no metric, however much is logged. A test binary of its own: the log is global.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::io;
use std::sync::{Arc, Mutex};

use frontdesk_testkit::{Caller, World};
use serde_json::{Value, json};
use tracing_subscriber::fmt::MakeWriter;

const KEY: &str = "key_frontdesk_fixture_4c1b7e90d2a8";

/// Every one of them is sent somewhere below, and none may come out.
const CANARIES: [&str; 14] = [
    "Kanarius",
    "Vogelsang",
    "491719990001",
    "01719990002",
    "1719990003",
    "kanarius@vogelsang.example",
    "geheime-notiz",
    "geheimer-grund",
    "geheimes-transkript",
    "access_token_canary",
    "kanarischer-dienst",
    "kanarische-person",
    "Brückner",
    KEY,
];

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

async fn say_everything(world: &World, caller: &Caller<'_>) {
    let name = "Kanarius Vogelsang";
    caller.asks("start_call", json!({})).await;
    caller.checks("Herrenhaarschnitt", "morgen", "10 Uhr").await;
    let wish = json!({
        "service_name": "Herrenhaarschnitt", "date": "morgen", "time": "10 Uhr", "customer_name": name,
        "customer_email": "kanarius@vogelsang.example", "notes": "geheime-notiz", "call_id": "Kanarius",
    });
    caller.asks("book_appointment", wish.clone()).await;
    caller.asks("book_appointment", wish).await;
    caller.books("kanarischer-dienst", "geheime-notiz", "Vogelsang", "Kanarius").await;
    let staff = json!({ "service_name": "Herrenhaarschnitt", "date": "morgen", "staff_name": "kanarische-person" });
    caller.asks("check_availability", staff).await;
    caller.asks("list_appointments", json!({ "customer_name": name })).await;
    caller.asks("update_customer_email", json!({ "customer_email": "kanarius@vogelsang.example" })).await;
    let moved = json!({ "new_date": "übermorgen", "new_time": "11 Uhr", "customer_name": name });
    caller.asks("reschedule_appointment", moved).await;
    caller.asks("cancel_appointment", json!({ "customer_name": name, "reason": "geheimer-grund" })).await;
    let ring = json!({ "customer_name": name, "phone": "01719990002", "reason": "geheimer-grund" });
    caller.asks("request_callback", ring).await;
    caller.asks("order_pizza", json!({ "customer_name": name })).await;

    let transcript = json!({
        "transcript": "geheimes-transkript", "access_token": "access_token_canary",
        "transcript_object": [{ "role": "user", "content": "geheimes-transkript" }],
        "call_analysis": { "call_summary": "geheimes-transkript", "call_successful": true },
    });
    for event in ["call_started", "transcript_updated", "call_analyzed", "call_of_the_future"] {
        caller.tells(event, transcript.clone()).await;
    }
    let bare = json!({ "name": name, "service_name": "Herrenhaarschnitt", "call_id": "Kanarius" });
    caller.sends("book_appointment", serde_json::to_vec(&bare).unwrap()).await;
    let inbound = json!({ "event": "call_inbound", "call_inbound": caller.call_object() });
    let path = "/v1/retell/ep_5Jq0demo/inbound";
    world.post_signed(path, serde_json::to_vec(&inbound).unwrap(), KEY).await;
    for body in ["Kanarius no json", r#"{"Kanarius":"Vogelsang"}"#] {
        world.post_signed("/v1/retell/ep_5Jq0demo/functions", body.into(), KEY).await;
        world.post("/v1/retell/ep_5Jq0demo/functions", body.into(), &[("x-retell-signature", "v=1,d=Kanarius")]).await;
        world.post("/v1/retell/Kanarius/functions/Vogelsang", body.into(), &[]).await;
        world.post("/v1/Kanarius", body.into(), &[]).await;
    }
    caller.hangs_up().await;
}

#[tokio::test]
async fn nothing_a_caller_says_is_in_the_log_or_the_metrics() {
    let log = Log::default();
    let everything = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone());
    everything.with_ansi(false).init();

    let world = World::fresh().await;
    for from in [json!("+491719990001"), json!("+491713920017"), json!("anonymous"), Value::Null, json!("1719990003")] {
        say_everything(&world, &world.caller(from.as_str().unwrap_or_default())).await;
    }
    world.settle().await;

    let written = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(written.lines().filter(|line| line.contains("answered")).count() > 20, "the log works: {written}");
    assert!(!written.contains("panicked"), "{written}");
    let metrics = world.app.metrics.text();
    for canary in CANARIES {
        let leak = written.lines().chain(metrics.lines()).find(|line| line.contains(canary));
        assert_eq!(leak, None, "{canary}");
    }
}
