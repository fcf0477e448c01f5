//! What is wrong is told within a minute, once, and its end, too; and never with anything about a customer.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]
#![allow(clippy::disallowed_methods, reason = "tests own their time and their tasks")]

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, Uri};
use frontdesk::config::Config;
use frontdesk::watch::Watch;
use frontdesk_connect::alarm::WebhookSecret;
use frontdesk_fake_calcom::{FakeCalcom, Kind, Rule, World as Calendar};
use frontdesk_testkit::World;
use jiff::SignedDuration;
use serde_json::Value;

const NOW: &str = "2026-12-01T09:12:31+01:00";
const NAME: &str = "Hannelore Brückner";
const NUMBER: &str = "+4915112345678";
const SECRET: &str = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
const LOCAL_FIRST: (&str, &str) = ("mode = \"calendar-first\"", "mode = \"local-first\"");

/// One delivery as it came in.
#[derive(Clone, Debug)]
struct Came {
    path: String,
    headers: HeaderMap,
    body: Vec<u8>,
    json: Value,
}

/// Somebody on this machine who hears of alarms, and answers as scripted.
#[derive(Clone, Default)]
struct Receiver {
    came: Arc<Mutex<Vec<Came>>>,
    answers: Arc<Mutex<Vec<StatusCode>>>,
}

impl Receiver {
    async fn listening() -> (Self, String) {
        let receiver = Self::default();
        let own = receiver.clone();
        let handler = move |uri: Uri, headers: HeaderMap, body: Bytes| {
            let own = own.clone();
            async move {
                let json = serde_json::from_slice(&body).unwrap_or_default();
                let came = Came { path: uri.path().to_owned(), headers, body: body.to_vec(), json };
                own.came.lock().unwrap().push(came);
                own.answers.lock().unwrap().pop().unwrap_or(StatusCode::ACCEPTED)
            }
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, Router::new().fallback(handler)).await });
        (receiver, address)
    }

    /// What came since this was last asked, as `path kind type`.
    fn heard(&self) -> Vec<Came> {
        std::mem::take(&mut *self.came.lock().unwrap())
    }
}

/// What is logged meanwhile.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> tracing_subscriber::fmt::MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

fn watch(address: &str) -> Watch {
    let variables = [
        ("FRONTDESK__ALARM__WEBHOOK_URL", format!("{address}/hook")),
        ("FRONTDESK__ALARM__WEBHOOK_SECRET", SECRET.to_owned()),
        ("FRONTDESK__ALARM__PAGERDUTY_URL", format!("{address}/pagerduty")),
        ("FRONTDESK__ALARM__PAGERDUTY_KEY", "pd_geheim".to_owned()),
    ];
    let variables = variables.into_iter().map(|(name, value)| (name.to_owned(), value));
    Watch::new(&Config::load(None, variables).unwrap().alarm)
}

/// One look of the watch. It talks over real sockets, so time runs while it does.
async fn look(world: &World, watch: &Watch) {
    tokio::time::resume();
    watch.look(&world.app.desk, &world.app.metrics.calendars).await.unwrap();
    tokio::time::pause();
}

/// Works on with a look every ten seconds, as the server does.
async fn time_passes(world: &World, watch: &Watch, seconds: i64) {
    for _ in 0..seconds / 10 {
        world.work_for(SignedDuration::from_secs(10)).await;
        look(world, watch).await;
    }
}

async fn booked_in_an_outage(fault: Kind) -> Arc<World> {
    let world = World::with_calcom(FakeCalcom::new(Calendar::salon(), 1), NOW, &[LOCAL_FIRST]).await;
    world.app.desk.sync().wake_sweeps().await.unwrap();
    world.calcom().fake.add_fault(Rule::always(fault));
    let heard = world.calcom_caller(NUMBER).books("Damenhaarschnitt", "2026-12-03", "10:00", NAME).await;
    assert_eq!(heard.json["status"], "booked", "{}", heard.json);
    world
}

fn of_hook(came: &[Came]) -> Vec<(String, String)> {
    let hook = came.iter().filter(|came| came.path == "/hook");
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    hook.map(|came| (word(&came.json["type"]), word(&came.json["data"]["kind"]))).collect()
}

fn pair(kind: &str, about: &str) -> (String, String) {
    (format!("alarm.{kind}"), about.to_owned())
}

#[tokio::test(start_paused = true)]
async fn an_outage_is_told_once_to_everybody_with_a_right_signature_and_its_end_too() {
    let (receiver, address) = Receiver::listening().await;
    let watch = watch(&address);
    let world = booked_in_an_outage(Kind::ErrorBefore(500)).await;
    time_passes(&world, &watch, 250).await;
    let came = receiver.heard();
    let mut told = of_hook(&came);
    told.sort();
    assert_eq!(told, [pair("raised", "breaker_open"), pair("raised", "push_failed")]);
    for one in came.iter().filter(|came| came.path == "/hook") {
        let header = |name: &str| one.headers.get(name).unwrap().to_str().unwrap();
        let seconds: i64 = header("webhook-timestamp").parse().unwrap();
        let right = WebhookSecret::parse(SECRET).unwrap().sign(header("webhook-id"), seconds, &one.body);
        assert_eq!(header("webhook-signature"), right);
        assert!(one.json["data"]["next_step"].as_str().unwrap().contains("salon-mit-calcom"), "{}", one.json);
    }
    let pages: Vec<&Came> = came.iter().filter(|came| came.path == "/pagerduty").collect();
    assert_eq!(pages.len(), 2);
    assert!(pages.iter().all(|page| page.json["event_action"] == "trigger"));

    time_passes(&world, &watch, 300).await;
    let later = receiver.heard();
    assert_eq!(of_hook(&later), [pair("raised", "unsynced")], "nothing is told twice");

    world.calcom().fake.clear_faults();
    time_passes(&world, &watch, 300).await;
    let over = receiver.heard();
    let mut told = of_hook(&over);
    told.sort();
    let all = ["breaker_open", "push_failed", "unsynced"].map(|kind| pair("resolved", kind));
    assert_eq!(told, all);
    let mut opened: Vec<Value> = came.iter().chain(&later).map(|came| came.json["dedup_key"].clone()).collect();
    let mut closed: Vec<Value> = over.iter().map(|came| came.json["dedup_key"].clone()).collect();
    opened.sort_by_key(ToString::to_string);
    closed.sort_by_key(ToString::to_string);
    assert_eq!(opened, closed, "the end is told in the thread of its beginning");
    assert!(over.iter().filter(|came| came.path == "/pagerduty").all(|came| came.json["event_action"] == "resolve"));
    time_passes(&world, &watch, 60).await;
    assert!(receiver.heard().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_receiver_that_fails_hears_it_later_with_the_same_id_and_the_other_only_once() {
    let (receiver, address) = Receiver::listening().await;
    let watch = watch(&address);
    let world = booked_in_an_outage(Kind::KeyRevoked).await;
    // The first to be told is the webhook.
    receiver.answers.lock().unwrap().push(StatusCode::INTERNAL_SERVER_ERROR);
    time_passes(&world, &watch, 50).await;
    let came = receiver.heard();
    let key =
        |came: &&Came| came.json["data"]["kind"] == "key_refused" || came.json["payload"]["class"] == "key_refused";
    let ids: Vec<&str> = came
        .iter()
        .filter(key)
        .filter_map(|came| came.headers.get("webhook-id"))
        .map(|id| id.to_str().unwrap())
        .collect();
    assert_eq!(ids.len(), 2, "{came:#?}");
    assert_eq!(ids[0], ids[1]);
    assert_eq!(came.iter().filter(key).filter(|came| came.path == "/pagerduty").count(), 1);
}

#[tokio::test(start_paused = true)]
async fn nobody_is_named_in_alarms_metrics_and_logs() {
    let log = Log::default();
    let lines = || tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false);
    // While there are two, no other test's thread decides for all that nobody listens.
    let _second = tracing::Dispatch::new(lines().with_writer(std::io::sink).finish());
    let lines = lines().with_writer(log.clone());
    let _until_the_end = tracing::subscriber::set_default(lines.finish());
    let (receiver, address) = Receiver::listening().await;
    let watch = watch(&address);
    let world = booked_in_an_outage(Kind::ErrorAfter(500)).await;
    time_passes(&world, &watch, 400).await;
    let came = receiver.heard();
    assert!(!came.is_empty());
    let metrics = world.app.metrics.text();
    let logged = log.text();
    let ledger = world.calcom().fake.ledger();
    assert!(!ledger.is_empty(), "the bookings came about, unheard");
    let mut canaries = vec!["Hannelore", "Brückner", "15112345678", "cal_demo", "geheim", "whsec_"];
    canaries.extend(ledger.iter().map(|booking| booking.uid.as_str()));
    for canary in canaries {
        // PagerDuty's own key is how it knows whose event it is.
        let told = came.iter().any(|came| came.path == "/hook" && String::from_utf8_lossy(&came.body).contains(canary));
        assert!(!told && !metrics.contains(canary), "{canary}");
        let line = logged.lines().find(|line| line.contains(" frontdesk") && line.contains(canary));
        assert_eq!(line, None, "{canary}");
    }
    assert!(logged.contains("alarm=\"push_failed\"") && logged.contains("next_step="), "{logged}");
    assert!(!metrics.contains("salon"), "no tenant is a label");
}

#[tokio::test(start_paused = true)]
async fn metrics_tell_what_was_asked_how_long_it_took_and_what_waits() {
    let (_, address) = Receiver::listening().await;
    let watch = watch(&address);
    let world = booked_in_an_outage(Kind::ErrorBefore(500)).await;
    time_passes(&world, &watch, 60).await;
    let text = world.app.metrics.text();
    let value = |name: &str| -> f64 {
        let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("{name}:\n{text}"));
        line.trim().parse().unwrap()
    };
    assert!(value("frontdesk_calendar_requests_total{operation=\"create\",code=\"server_error\"}") >= 1.0);
    assert!(value("frontdesk_sync_failures_total{code=\"server_error\"}") >= 1.0);
    assert_eq!(value("frontdesk_sync_appointments{status=\"failed\"}"), 1.0);
    assert!(value("frontdesk_sync_oldest_unsynced_seconds") >= 50.0);
    assert_eq!(value("frontdesk_reviews_open{kind=\"push_failed\"}"), 1.0);
    assert!(value("frontdesk_jobs_waiting{kind=\"sync\"}") >= 1.0);
    assert_eq!(value("frontdesk_sync_seconds_count"), 0.0);
    world.calcom().fake.clear_faults();
    time_passes(&world, &watch, 300).await;
    let text = world.app.metrics.text();
    for line in [
        "frontdesk_sync_seconds_count 1",
        "frontdesk_sync_oldest_unsynced_seconds 0",
        "frontdesk_sync_appointments{status=\"failed\"} 0",
        "frontdesk_alarms_untold 0",
        "frontdesk_calendar_breakers{operation=\"create\",state=\"closed\"} 1",
    ] {
        assert!(text.contains(line), "{line}:\n{text}");
    }
}
