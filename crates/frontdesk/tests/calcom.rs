//! The example salon and the fake Cal.com fit: what its file says is there, and what is spoiled is found.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::sync::Arc;
use std::time::Duration;

use frontdesk::app::App;
use frontdesk::cli::{Apply, CommandOutput, Exit, Premises, StoreCommand};
use frontdesk::config::Config;
use frontdesk::doctor::{Finding, Level};
use frontdesk::tenant_file;
use frontdesk::world::SystemClock;
use frontdesk_domain::ports::Clock;
use frontdesk_fake_calcom::{FakeCalcom, World, server};
use serde_json::Value;

const LINKED: &str = include_str!("../../../examples/salon-mit-calcom.toml");
const EVENTS: &str = "https://desk.example.org/v1/calcom/ep_7Cc1demo/events";

/// The example's file for a fake that listens now, with a webhook that is signed, or is not.
async fn salon(secret: Option<&str>) -> String {
    let hook = serde_json::json!({
        "userId": 1, "subscriberUrl": EVENTS, "active": true, "triggers": ["BOOKING_CREATED"], "secret": secret,
    });
    let world = World { webhooks: vec![serde_json::from_value(hook).unwrap()], ..World::salon() };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let now = || SystemClock::new().now();
    let fake = Arc::new(FakeCalcom::new(world, 1));
    tokio::spawn(server::serve(listener, fake, Arc::new(now), Duration::ZERO));
    LINKED.replace("127.0.0.1:4010", &address)
}

async fn run(app: &App, command: StoreCommand) -> CommandOutput {
    command.run(&Premises { store: app.store(), base_url: "https://desk.example.org", served: true }).await
}

/// Level and check of everything about the salon that is not well, and what the import says.
async fn looked_at(text: &str) -> (Vec<(Level, String)>, CommandOutput) {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::load(None, std::iter::empty()).unwrap();
    config.data.dir = folder.path().to_owned();
    let app = App::open(config, Arc::new(SystemClock::new())).unwrap();
    let file = tenant_file::read(text, "t.toml").unwrap_or_else(|errors| panic!("{errors}"));
    let applied = run(&app, StoreCommand::TenantApply(Box::new(Apply::new(file, true)))).await;
    assert_eq!(applied.exit, Exit::Ok, "{}", applied.err);
    let asked_at = SystemClock::new().now();
    let output = run(&app, StoreCommand::Doctor { tenant: None, asked_at }).await;
    let findings: Vec<Finding> = serde_json::from_str(&output.out).unwrap();
    let bad = findings.into_iter().filter(|finding| finding.level != Level::Ok);
    (
        bad.map(|finding| (finding.level, finding.check)).collect(),
        run(&app, StoreCommand::CalendarImport { tenant: None }).await,
    )
}

#[tokio::test]
async fn the_example_fits_the_fake_and_leaves_nothing_to_mend_or_to_paste() {
    let (bad, import) = looked_at(&salon(Some("whk_frontdesk_fixture_7d20e1")).await).await;
    assert_eq!(bad, []);
    let import: Value = serde_json::from_str(&import.out).unwrap();
    assert_eq!((&import["same"], &import["event_types"]), (&Value::Bool(true), &Value::from(3)));
}

#[tokio::test]
async fn a_wrong_key_an_unsigned_webhook_and_a_wrong_number_are_found() {
    let error = |check: &str| vec![(Level::Error, check.to_owned())];
    let salon = salon(None).await;
    let (bad, import) = looked_at(&salon.replace("cal_demo_emma", "cal_demo_nobody")).await;
    assert_eq!((bad, import.exit), (error("calendar_key"), Exit::Wrong));
    assert!(import.err.contains("does not take the key"), "{}", import.err);
    let (bad, _) = looked_at(&salon).await;
    assert_eq!(bad, error("calendar_webhook"));
    let (bad, import) = looked_at(&salon.replace("\nid = 2\n", "\nid = 3\n")).await;
    assert_eq!(bad, [error("calendar_webhook"), error("event_type_missing")].concat());
    assert!(import.out.contains("is gone; if this one is meant, write 2 in its place"), "{}", import.out);
}
