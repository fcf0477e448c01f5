//! How operators see and mend what is not in the calendar: sync, review, explain, agenda.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::sync::Arc;

use frontdesk::cli::{CommandOutput, Decision, Exit, Premises, StoreCommand, Way};
use frontdesk_fake_calcom::{Booking, FakeCalcom, Kind, Operation, Rule, World as Calendar};
use frontdesk_testkit::World;
use jiff::SignedDuration;
use serde_json::{Value, json};

const NOW: &str = "2026-12-01T09:12:31+01:00";
const NAME: &str = "Hannelore Brückner";
const NUMBER: &str = "+4915112345678";
const SALON: &str = "salon-mit-calcom";
const LOCAL_FIRST: (&str, &str) = ("mode = \"calendar-first\"", "mode = \"local-first\"");

async fn salon(changes: &[(&str, &str)]) -> Arc<World> {
    World::with_calcom(FakeCalcom::new(Calendar::salon(), 1), NOW, changes).await
}

async fn run(world: &World, command: StoreCommand) -> CommandOutput {
    let premises = Premises { store: world.store(), base_url: "http://desk.invalid", served: false };
    command.run_beside(&premises, Some(world.app.desk.sync())).await
}

async fn told(world: &World, command: StoreCommand) -> Value {
    let output = run(world, command).await;
    assert_eq!(output.exit, Exit::Ok, "{}", output.err);
    serde_json::from_str(&output.out).unwrap()
}

fn status(json: bool) -> StoreCommand {
    StoreCommand::SyncStatus { tenant: Some(SALON.to_owned()), json }
}

fn reviews(all: bool, json: bool) -> StoreCommand {
    StoreCommand::ReviewList { tenant: None, all, json }
}

async fn resolve(world: &World, id: &str, way: Way, uid: Option<&str>) -> CommandOutput {
    let decision = Decision { id: id.to_owned(), way, uid: uid.map(str::to_owned), note: Some("geklärt".to_owned()) };
    run(world, StoreCommand::ReviewResolve(decision)).await
}

fn fails(world: &World, kind: Kind) {
    world.calcom().fake.add_fault(Rule::always(kind).on(Operation::Create));
}

fn living(world: &World) -> Vec<Booking> {
    world.calcom().fake.ledger().into_iter().filter(|booking| booking.status.is_live()).collect()
}

/// A salon that promised an appointment which its calendar does not take for a minute; the call that made it.
async fn with_an_outage() -> (Arc<World>, String, String) {
    let world = salon(&[LOCAL_FIRST]).await;
    fails(&world, Kind::ErrorBefore(500));
    let caller = world.calcom_caller(NUMBER);
    let heard = caller.books("Damenhaarschnitt", "2026-12-03", "10:00", NAME).await;
    assert_eq!(heard.json["status"], "booked", "{}", heard.json);
    let (call, id) = (caller.call_id.clone(), heard.json["appointment"]["id"].as_str().unwrap().to_owned());
    world.work_for(SignedDuration::from_secs(300)).await;
    (world, call, id)
}

#[tokio::test(start_paused = true)]
async fn what_waits_is_told_with_why_and_when_and_without_the_bookings_name() {
    let (world, _, id) = with_an_outage().await;
    let all = told(&world, status(true)).await;
    let salon = &all["tenants"][0];
    assert_eq!((&salon["tenant"], &salon["calendar"]["kind"]), (&json!(SALON), &json!("calcom")));
    assert_eq!(salon["counts"], json!({ "synced": 0, "pending": 0, "failed": 1 }));
    assert!(salon["oldest_unsynced"]["age_seconds"].as_i64().unwrap() >= 300);
    let one = &salon["waiting"][0];
    assert_eq!(
        (&one["appointment"], &one["sync_status"], &one["sync_origin"]),
        (&json!(id), &json!("failed"), &json!("frontdesk"))
    );
    assert!(one["sync_attempt_count"].as_i64().unwrap() >= 3, "{one}");
    assert_eq!((&one["requires_manual_review"], &one["sync_verified_at"]), (&json!(true), &Value::Null));
    assert!(one["sync_error_code"].is_string() && one["next_try"].is_string(), "{one}");
    let text = run(&world, status(false)).await.out;
    assert!(text.contains("0 synced, 0 pending, 1 failed") && text.contains(&id), "{text}");
    assert!(text.contains("next step  frontdesk review list --tenant salon-mit-calcom"), "{text}");
    for shown in [text, all.to_string()] {
        assert!(!shown.contains(NAME) && !shown.contains(NUMBER), "{shown}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_review_names_the_customer_the_appointment_and_the_next_step() {
    let (world, _, id) = with_an_outage().await;
    let text = run(&world, reviews(false, false)).await.out;
    for part in [NAME, NUMBER, "Thursday, 2026-12-03 10:00", "Damenhaarschnitt", "next step", "frontdesk doctor", &id] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let listed = told(&world, reviews(false, true)).await;
    let review = listed["reviews"][0]["id"].as_str().unwrap();
    assert_eq!(listed["reviews"].as_array().unwrap().len(), 1);
    let shown = told(&world, StoreCommand::ReviewShow { id: review.to_owned(), json: true }).await;
    assert_eq!((&shown["kind"], &shown["appointment"]["id"]), (&json!("push_failed"), &json!(id)));
    assert_eq!(shown["customer"]["phone"], NUMBER);
    assert_eq!(run(&world, StoreCommand::ReviewShow { id: "rev_0".to_owned(), json: false }).await.exit, Exit::Wrong);
}

#[tokio::test(start_paused = true)]
async fn run_brings_everything_there_once_the_calendar_answers_and_says_so() {
    let (world, _, _) = with_an_outage().await;
    let run_now = || StoreCommand::SyncRun { tenant: Some(SALON.to_owned()) };
    let still = run(&world, run_now()).await;
    assert_eq!(still.exit, Exit::Wrong, "{}{}", still.out, still.err);
    assert!(still.err.contains("frontdesk sync status"), "{}", still.err);
    world.calcom().fake.clear_faults();
    world.work_for(SignedDuration::from_secs(70)).await;
    let caller = world.calcom_caller("+4915112345679");
    caller.books("Damenhaarschnitt", "2026-12-04", "10:00", "Karin Vogt").await;
    let done = run(&world, run_now()).await;
    assert_eq!(done.exit, Exit::Ok, "{}{}", done.out, done.err);
    assert_eq!(living(&world).len(), 2);
    assert_eq!(told(&world, status(true)).await["tenants"][0]["counts"]["synced"], 2);
    let nothing = run(&world, run_now()).await;
    assert!(nothing.out.starts_with("Nothing waits"), "{}", nothing.out);
    assert!(run(&world, reviews(false, false)).await.out.starts_with("Nothing waits for a person"));
    let before = told(&world, reviews(true, true)).await;
    assert_eq!(before["reviews"][0]["resolution"], "by_itself");
}

#[tokio::test(start_paused = true)]
async fn retry_tries_one_appointment_and_knows_when_there_is_nothing_to_do() {
    let (world, _, id) = with_an_outage().await;
    world.calcom().fake.clear_faults();
    world.work_for(SignedDuration::from_secs(1)).await;
    let retry = |id: &str| StoreCommand::SyncRetry { appointment: id.to_owned() };
    // The breaker may still be open; it lets one try after a minute.
    tokio::time::sleep(std::time::Duration::from_secs(75)).await;
    let tried = run(&world, retry(&id)).await;
    assert_eq!(tried.exit, Exit::Ok, "{}", tried.err);
    assert_eq!(living(&world).len(), 1);
    assert!(run(&world, retry(&id)).await.out.contains("nothing to do"));
    assert_eq!(run(&world, retry("apt_0")).await.exit, Exit::Wrong);
}

#[tokio::test(start_paused = true)]
async fn each_way_out_of_a_review_does_what_it_says() {
    for way in [Way::Retry, Way::Cancel, Way::Keep, Way::Done] {
        let (world, _, id) = with_an_outage().await;
        let listed = told(&world, reviews(false, true)).await;
        let review = listed["reviews"][0]["id"].as_str().unwrap().to_owned();
        world.calcom().fake.clear_faults();
        tokio::time::sleep(std::time::Duration::from_secs(75)).await;
        let output = resolve(&world, &review, way, None).await;
        assert_eq!(output.exit, Exit::Ok, "{way:?}: {}", output.err);
        let again = resolve(&world, &review, way, None).await;
        assert_eq!(again.exit, Exit::Refused, "{way:?}: {}", again.out);
        let shown = told(&world, StoreCommand::ReviewShow { id: review, json: true }).await;
        assert_eq!(shown["note"], "geklärt");
        world.work_for(SignedDuration::from_mins(5)).await;
        let state = shown_state(&world, &id).await;
        match way {
            Way::Cancel => assert_eq!((state.as_str(), living(&world).len()), ("cancelled", 0)),
            _ => assert_eq!((state.as_str(), living(&world).len()), ("confirmed", 1)),
        }
        let callbacks = told(&world, StoreCommand::CallbacksList { tenant: None, json: true }).await;
        assert_eq!(callbacks["callbacks"].as_array().unwrap().len(), usize::from(way == Way::Keep), "{way:?}");
    }
}

async fn shown_state(world: &World, id: &str) -> String {
    let date = Some("2026-12-03".parse().unwrap());
    let agenda = told(world, StoreCommand::Agenda { tenant: None, date, days: 1, json: true }).await;
    let one = agenda["appointments"].as_array().unwrap().iter().find(|one| one["id"] == id).unwrap();
    one["state"].as_str().unwrap().to_owned()
}

#[tokio::test(start_paused = true)]
async fn a_booking_made_by_hand_is_linked_and_no_second_one_is_made() {
    let (world, _, _) = with_an_outage().await;
    let listed = told(&world, reviews(false, true)).await;
    let review = listed["reviews"][0]["id"].as_str().unwrap().to_owned();
    let now = world.store().ctx().now();
    let type_id = world.calcom().fake.event_types().iter().find(|one| one.title.contains("Damen")).map(|one| one.id);
    let foreign = json!({ "eventTypeId": type_id, "start": "2026-12-03T09:00:00Z" });
    let by_hand = world.calcom().fake.book_foreign(&serde_json::from_value(foreign).unwrap(), now).unwrap();
    let nothing = resolve(&world, &review, Way::Link, Some("nirgends")).await;
    assert_eq!(nothing.exit, Exit::Wrong, "{}", nothing.out);
    let output = resolve(&world, &review, Way::Link, Some(&by_hand.uid)).await;
    assert_eq!(output.exit, Exit::Ok, "{}", output.err);
    world.calcom().fake.clear_faults();
    world.work_for(SignedDuration::from_mins(3)).await;
    assert_eq!(living(&world).len(), 1, "{:#?}", living(&world));
    assert_eq!(told(&world, status(true)).await["tenants"][0]["counts"]["synced"], 1);
}

#[tokio::test(start_paused = true)]
async fn a_way_that_does_not_fit_is_refused_with_the_one_that_does() {
    let world = salon(&[]).await;
    let caller = world.calcom_caller(NUMBER);
    let heard = caller.books("Damenhaarschnitt", "2026-12-03", "10:00", NAME).await;
    assert_eq!(heard.json["status"], "booked", "{}", heard.json);
    let (scope, _) = world.store().tenant(SALON).await.unwrap().unwrap();
    let id = heard.json["appointment"]["id"].as_str().unwrap().to_owned();
    let kind = frontdesk_domain::review::Kind::Overlap;
    world
        .store()
        .run::<_, frontdesk_store::StoreError, _>(&scope, move |tx| {
            Box::pin(async move { frontdesk_store::reviews::open(tx, "rev_1", kind, &id, "overlap", "so", 1).await })
        })
        .await
        .unwrap();
    let output = resolve(&world, "rev_1", Way::Retry, None).await;
    assert_eq!(output.exit, Exit::Refused);
    assert!(output.err.contains("which of the two gives way"), "{}", output.err);
    assert_eq!(resolve(&world, "rev_1", Way::Done, None).await.exit, Exit::Ok);
}

#[tokio::test(start_paused = true)]
async fn explain_tells_what_the_calendar_did_and_the_agenda_marks_what_is_not_there() {
    let (world, call, id) = with_an_outage().await;
    let date = || Some("2026-12-03".parse().unwrap());
    let agenda = || StoreCommand::Agenda { tenant: None, date: date(), days: 1, json: false };
    let text = run(&world, agenda()).await.out;
    assert!(text.contains(&format!("{id}  [NOT in the calendar: frontdesk review list]")), "{text}");
    world.calcom().fake.clear_faults();
    world.work_for(SignedDuration::from_mins(10)).await;
    let text = run(&world, agenda()).await.out;
    assert!(text.contains(&id) && !text.contains("[NOT"), "{text}");
    let explained = told(&world, StoreCommand::Explain { call_id: call.clone(), json: true }).await;
    let events = explained["calls"][0]["events"].as_array().unwrap().clone();
    let calendar: Vec<&str> = events
        .iter()
        .filter(|event| event["kind"] == "calendar")
        .map(|event| event["name"].as_str().unwrap())
        .collect();
    assert_eq!(calendar[..3], ["wanted", "sent", "no_clear_answer"], "{calendar:?}");
    assert_eq!(*calendar.last().unwrap(), "accepted", "{calendar:?}");
    assert_eq!(explained["calls"][0]["appointments"][0]["sync_status"], "synced");
    let text = run(&world, StoreCommand::Explain { call_id: call, json: false }).await.out;
    assert!(text.contains("calendar: no clear answer"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_house_with_the_built_in_calendar_has_nothing_to_sync() {
    let barber = include_str!("../../../examples/barbier-am-hafen.toml");
    let world = World::of_texts(&[barber], NOW).await;
    let text = run(&world, StoreCommand::SyncStatus { tenant: None, json: false }).await.out;
    assert!(text.contains("built in; there is nothing to sync"), "{text}");
    let none = run(&world, StoreCommand::SyncStatus { tenant: Some("nobody".to_owned()), json: false }).await;
    assert_eq!(none.exit, Exit::Wrong);
    assert_eq!(run(&world, StoreCommand::SyncRun { tenant: None }).await.exit, Exit::Ok);
}
