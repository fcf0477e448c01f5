//! Commands on a data folder that a running desk holds.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

use frontdesk::app::App;
use frontdesk::cli::{Apply, CommandOutput, Exit, StoreCommand};
use frontdesk::config::Config;
use frontdesk::control::{self, ControlError};
use frontdesk::doctor::Finding;
use frontdesk::tenant_file;
use frontdesk::world::SystemClock;
use serde_json::Value;

const LINKED: &str = include_str!("../../../examples/salon-mit-calcom.toml");
const BARBER: &str = include_str!("../../../examples/barbier-am-hafen.toml");

fn running(folder: &Path) -> Arc<App> {
    let mut config = Config::load(None, std::iter::empty()).unwrap();
    config.data.dir = folder.to_owned();
    let app = App::open(config, Arc::new(SystemClock::new())).unwrap();
    control::open(Arc::clone(&app), folder).unwrap();
    app
}

async fn apply(folder: &Path, text: &str) -> CommandOutput {
    let file = tenant_file::read(text, "barber.toml").unwrap();
    let command = StoreCommand::TenantApply(Box::new(Apply::new(file, true)));
    control::ask(folder, &command).await.unwrap()
}

#[tokio::test]
async fn applying_twice_changes_nothing_the_second_time_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let _app = running(folder.path());
    let told = |output: CommandOutput| -> Value {
        assert_eq!((output.exit, output.err.as_str()), (Exit::Ok, ""));
        serde_json::from_str(&output.out).unwrap()
    };
    let first = told(apply(folder.path(), BARBER).await);
    assert_eq!((&first["new"], &first["changed"]), (&Value::Bool(true), &Value::Bool(true)));
    assert_eq!(first["urls"]["events"], "http://127.0.0.1:8080/v1/retell/ep_8Hh2demo/events");
    let second = told(apply(folder.path(), BARBER).await);
    assert_eq!((&second["new"], &second["changed"]), (&Value::Bool(false), &Value::Bool(false)));
    assert_eq!(second["changes"], Value::Array(Vec::new()));
    let renamed =
        BARBER.replace("name = \"Bartpflege\"", "name = \"Bartschnitt\"").replace("\"Bartpflege\"", "\"Bartschnitt\"");
    let third = told(apply(folder.path(), &renamed).await);
    assert_eq!(third["changed"], Value::Bool(true));
}

#[tokio::test]
async fn a_line_of_another_tenant_is_refused_and_nothing_is_applied() {
    let folder = tempfile::tempdir().unwrap();
    let _app = running(folder.path());
    apply(folder.path(), BARBER).await;
    let thief =
        BARBER.replace("slug = \"barbier-am-hafen\"", "slug = \"dieb\"").replace("ep_8Hh2demo", "ep_dieb00demo");
    let output = apply(folder.path(), &thief).await;
    assert_eq!(output.exit, Exit::Refused);
    assert!(output.err.contains("belongs to another tenant"), "{}", output.err);
    let list = control::ask(folder.path(), &StoreCommand::TenantList { json: false }).await.unwrap();
    assert!(!list.out.contains("dieb"), "{}", list.out);
}

#[tokio::test]
async fn a_new_tenant_is_called_at_once_although_its_endpoint_was_guessed_before() {
    let folder = tempfile::tempdir().unwrap();
    let app = running(folder.path());
    assert!(app.desk.doors().find("ep_8Hh2demo").await.unwrap().is_none());
    apply(folder.path(), BARBER).await;
    assert!(app.desk.doors().find("ep_8Hh2demo").await.unwrap().is_some());
}

#[tokio::test]
async fn the_socket_is_its_owners_alone_and_a_stale_one_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("control.sock");
    std::fs::write(&socket, "left by a crash").unwrap();
    let _app = running(folder.path());
    assert_eq!(socket.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let output = control::ask(folder.path(), &StoreCommand::Migrate).await.unwrap();
    assert_eq!(output.exit, Exit::Ok, "{}", output.err);
    control::close(folder.path());
    let nobody = control::ask(folder.path(), &StoreCommand::Migrate).await;
    assert!(matches!(nobody, Err(ControlError::Unreachable(_))));
}

#[tokio::test]
async fn a_backup_is_made_beside_the_running_desk_and_overwrites_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let _app = running(&folder.path().join("data"));
    let target = folder.path().join("copy.db");
    let command = || StoreCommand::Backup { target: target.clone() };
    let first = control::ask(&folder.path().join("data"), &command()).await.unwrap();
    assert_eq!((first.exit, target.is_file()), (Exit::Ok, true), "{}", first.err);
    let second = control::ask(&folder.path().join("data"), &command()).await.unwrap();
    assert_eq!(second.exit, Exit::Refused);
}

#[tokio::test]
async fn keys_are_rotated_beside_the_running_desk_which_goes_on_knowing_its_callers() {
    let folder = tempfile::tempdir().unwrap();
    let app = running(folder.path());
    apply(folder.path(), BARBER).await;
    let output = control::ask(folder.path(), &StoreCommand::KeysRotate).await.unwrap();
    assert_eq!((output.exit, output.err.as_str()), (Exit::Ok, ""));
    assert!(output.out.contains("has 2 keys now; 1 stored secret is sealed with it"), "{}", output.out);
    assert!(output.out.contains(&folder.path().join("keys/ring").display().to_string()), "{}", output.out);
    app.desk.doors().forget();
    let door = app.desk.doors().find("ep_8Hh2demo").await.unwrap().unwrap();
    assert_eq!(door.retell_keys.len(), 1);
}

#[tokio::test]
async fn a_call_nobody_knows_and_a_tenant_nobody_knows_end_with_advice() {
    let folder = tempfile::tempdir().unwrap();
    let _app = running(folder.path());
    let show = StoreCommand::TenantShow { slug: "nobody".to_owned(), json: false };
    let output = control::ask(folder.path(), &show).await.unwrap();
    assert_eq!(output.exit, Exit::Wrong);
    assert!(output.err.contains("frontdesk tenant list"), "{}", output.err);
    let explain = StoreCommand::Explain { call_id: "call_nobody".to_owned(), json: true };
    assert_eq!(control::ask(folder.path(), &explain).await.unwrap().exit, Exit::Wrong);
}

#[tokio::test]
async fn after_connecting_cal_com_its_webhooks_address_and_the_next_step_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let _app = running(folder.path());
    let asked = async |command: StoreCommand| control::ask(folder.path(), &command).await.unwrap();
    let file = tenant_file::read(LINKED, "t.toml").unwrap();
    let applied = asked(StoreCommand::TenantApply(Box::new(Apply::new(file.clone(), false)))).await;
    let slug = || "salon-mit-calcom".to_owned();
    let shown = asked(StoreCommand::TenantShow { slug: slug(), json: false }).await;
    for output in [&applied, &shown] {
        for part in [
            "\nAddress for Cal.com's webhook\n  events     http://127.0.0.1:8080/v1/calcom/ep_7Cc1demo/events\n",
            "\nNext, see that everything fits: frontdesk doctor --tenant salon-mit-calcom\n",
        ] {
            assert!(output.out.contains(part), "{part}: {}", output.out);
        }
        assert!(!output.out.contains("cal_demo") && !output.out.contains("whk_"), "{}", output.out);
    }
    let shown = asked(StoreCommand::TenantShow { slug: slug(), json: true }).await;
    let shown: Value = serde_json::from_str(&shown.out).unwrap();
    assert_eq!(shown["urls"]["calcom_events"], "http://127.0.0.1:8080/v1/calcom/ep_7Cc1demo/events");
    let text = LINKED.replace("cal_demo_emma", "cal_demo_other");
    let other_key = tenant_file::read(&text, "t.toml").unwrap();
    let again = asked(StoreCommand::TenantApply(Box::new(Apply::new(other_key, false)))).await;
    assert!(again.out.starts_with("salon-mit-calcom (changed):\n  The calendar's keys changed.\n"), "{}", again.out);
    apply(folder.path(), BARBER).await;
    let barber = asked(StoreCommand::TenantShow { slug: "barbier-am-hafen".to_owned(), json: false }).await;
    assert!(!barber.out.contains("calcom") && !barber.out.contains("doctor"), "{}", barber.out);
}

#[tokio::test]
async fn the_doctor_looks_at_a_desk_while_it_runs() {
    let folder = tempfile::tempdir().unwrap();
    let _app = running(folder.path());
    // Nothing listens there, whatever else runs on this machine.
    apply(folder.path(), &LINKED.replace(":4010", ":1")).await;
    let asked_at = "2026-12-01T08:00:00Z".parse().unwrap();
    let examine = |tenant: Option<&str>| StoreCommand::Doctor { tenant: tenant.map(str::to_owned), asked_at };
    let output = control::ask(folder.path(), &examine(None)).await.unwrap();
    let findings: Vec<Finding> = serde_json::from_str(&output.out).unwrap();
    let database = findings.iter().find(|finding| finding.check == "database").unwrap();
    assert_eq!(database.what, "the database answers and is of this version; a running server has it open");
    let told = |check: &str, tenant: Option<&str>| {
        findings.iter().any(|finding| finding.check == check && finding.tenant.as_deref() == tenant)
    };
    assert!(told("calendar_key", Some("salon-mit-calcom")) && told("public_url", None), "{findings:?}");
    let import = StoreCommand::CalendarImport { tenant: None };
    let output = control::ask(folder.path(), &import).await.unwrap();
    assert_eq!(output.exit, Exit::Wrong);
    assert!(output.err.starts_with("The calendar was not read: ") && output.err.contains("To mend it: "), "{output:?}");
}

#[tokio::test]
async fn sync_and_review_run_in_the_server_that_has_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let app = running(folder.path());
    // Nothing listens there.
    apply(folder.path(), &LINKED.replace(":4010", ":1")).await;
    let ask = async |command| control::ask(folder.path(), &command).await.unwrap();
    let status = || StoreCommand::SyncStatus { tenant: None, json: true };
    let told: Value = serde_json::from_str(&ask(status()).await.out).unwrap();
    assert_eq!((&told["served"], &told["tenants"][0]["guard"]), (&Value::Bool(true), &Value::Null));
    let (scope, tenant) = app.store().tenant("salon-mit-calcom").await.unwrap().unwrap();
    app.desk.sync().calendars().of(&scope, &tenant).await.unwrap();
    let told: Value = serde_json::from_str(&ask(status()).await.out).unwrap();
    let guard = &told["tenants"][0]["guard"];
    assert_eq!((&guard["breakers"]["create"], &guard["set_up"]), (&Value::from("closed"), &Value::Bool(true)));
    assert!(guard["budget_left"].as_u64().unwrap() > 0, "{guard}");
    assert!(ask(StoreCommand::SyncRun { tenant: None }).await.out.starts_with("Nothing waits"));
    let none = ask(StoreCommand::ReviewList { tenant: None, all: false, json: false }).await;
    assert_eq!(none.out, "Nothing waits for a person.");
}
