//! What the people of a house ask the desk: who is coming, whom to call back, which wishes were not met.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use frontdesk::cli::{CommandOutput, Exit, Premises, StoreCommand};
use frontdesk_testkit::World;
use jiff::SignedDuration;
use serde_json::{Value, json};

const HANNELORE: &str = "+491713920017";

async fn run(world: &World, command: StoreCommand) -> CommandOutput {
    command.run(&Premises { store: world.store(), base_url: "http://desk.invalid", served: true }).await
}

async fn told(world: &World, command: StoreCommand) -> Value {
    let output = run(world, command).await;
    assert_eq!(output.exit, Exit::Ok, "{}", output.err);
    serde_json::from_str(&output.out).unwrap()
}

fn salon() -> Option<String> {
    Some("salon-morgenrot".to_owned())
}

fn agenda(date: &str, days: u16, json: bool) -> StoreCommand {
    StoreCommand::Agenda { tenant: salon(), date: Some(date.parse().unwrap()), days, json }
}

fn callbacks() -> StoreCommand {
    StoreCommand::CallbacksList { tenant: salon(), json: true }
}

fn done(tenant: &str, id: &str) -> StoreCommand {
    StoreCommand::CallbackDone { tenant: Some(tenant.to_owned()), id: id.to_owned(), json: true }
}

#[tokio::test]
async fn the_agenda_tells_each_persons_day_in_order_on_the_branchs_clock() {
    let world = World::fresh().await;
    let caller = world.anonymous();
    caller.books("Herrenhaarschnitt", "2026-12-02", "10:30", "Max Stadler").await.expect("booked", "ok");
    let day = told(&world, agenda("2026-12-02", 1, true)).await;
    let lines: Vec<String> = day["appointments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| format!("{} {} {} {}", one["start"].as_str().unwrap(), one["staff"], one["customer"], one["phone"]))
        .collect();
    assert_eq!(
        lines,
        [
            r#"2026-12-02T09:30:00+01:00 "Emma Winkler" "Karin Vogt" "+491713920021""#,
            r#"2026-12-02T09:00:00+01:00 "Fabian Krüger" "Tobias Reuter" "+491713920023""#,
            r#"2026-12-02T10:30:00+01:00 "Fabian Krüger" "Max Stadler" null"#,
            r#"2026-12-02T11:00:00+01:00 "Fabian Krüger" "Jens Albers" "+491713920024""#,
            r#"2026-12-02T09:00:00+01:00 "Leyla Aydin" "Miriam Celik" "+491713920022""#,
        ]
    );
    caller.asks("cancel_appointment", json!({})).await.expect("cancelled", "ok");
    let text = run(&world, agenda("2026-12-01", 2, false)).await.out;
    assert!(text.contains("Tuesday, 2026-12-01\n  nobody"), "{text}");
    assert!(text.contains("10:30–11:00  Herrenhaarschnitt  Max Stadler  withheld number  cancelled"), "{text}");
}

#[tokio::test]
async fn a_promise_is_listed_until_it_is_done_and_only_to_its_own_house() {
    let world = World::fresh().await;
    let late = world.caller(HANNELORE);
    late.asks("request_callback", json!({"reason": "Frage zur Farbe", "window": "nachmittags"})).await;
    world.advance(SignedDuration::from_mins(40));
    world.anonymous().asks("request_callback", json!({"customer_name": "Max Stadler"})).await.expect("ok", "ok");
    let open = told(&world, callbacks()).await;
    let first = &open["callbacks"][0];
    assert_eq!(open["callbacks"].as_array().unwrap().len(), 2);
    assert_eq!(
        (&first["name"], &first["phone"], &first["reason"], &first["wished"], &first["due"], &first["overdue"]),
        (
            &json!("Hannelore Brückner"),
            &json!(HANNELORE),
            &json!("Frage zur Farbe"),
            &json!("nachmittags"),
            &json!("2026-12-01T11:12:31+01:00"),
            &json!(false)
        )
    );
    let id = first["id"].as_str().unwrap();
    let explained =
        told(&world, StoreCommand::Explain { call_id: late.call_id.clone(), json: true }).await["calls"][0].clone();
    assert_eq!((&explained["callbacks"][0]["id"], &explained["callbacks"][0]["open"]), (&json!(id), &json!(true)));

    assert_eq!(run(&world, done("barbier-am-hafen", id)).await.exit, Exit::Wrong, "another house's promise");
    assert_eq!(told(&world, callbacks()).await["callbacks"].as_array().unwrap().len(), 2);
    assert_eq!(told(&world, done("salon-morgenrot", id)).await["changed"], json!(true));
    assert_eq!(told(&world, done("salon-morgenrot", id)).await["changed"], json!(false));
    world.advance(SignedDuration::from_hours(5));
    let left = told(&world, callbacks()).await;
    assert_eq!(left["callbacks"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&left["callbacks"][0]["name"], &left["callbacks"][0]["overdue"]),
        (&json!("Max Stadler"), &json!(true))
    );
    let text = run(&world, StoreCommand::Explain { call_id: late.call_id.clone(), json: false }).await.out;
    assert!(text.contains(&format!("{id}  by 2026-12-01 11:12  done")), "{text}");
}

#[tokio::test]
async fn unmet_wishes_are_counted_by_service_and_reason_and_old_ones_are_left_out() {
    let world = World::fresh().await;
    for _ in 0..2 {
        let caller = world.anonymous();
        caller.checks("Strähnen", "2026-12-02", "09:00").await;
        caller.checks("Strähnen", "2026-12-02", "09:00").await;
    }
    world.anonymous().checks("Herrenhaarschnitt", "2026-12-06", "10:00").await;
    let wishes = |days| StoreCommand::Wishes { tenant: salon(), days, json: true };
    let told_now = told(&world, wishes(7)).await;
    let kinds: Vec<(&Value, &Value, &Value)> = told_now["wishes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|wish| (&wish["service"], &wish["calls"], &wish["times"]))
        .collect();
    assert_eq!(
        kinds,
        [(&json!("Strähnen"), &json!(2), &json!(4)), (&json!("Herrenhaarschnitt"), &json!(1), &json!(1))]
    );
    assert_eq!(told_now["wishes"][1]["code"], "closed");
    world.advance(SignedDuration::from_hours(24 * 8));
    assert_eq!(told(&world, wishes(7)).await["wishes"], json!([]));
    assert_eq!(told(&world, wishes(9)).await["wishes"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn the_tenant_may_be_left_out_where_there_is_only_one() {
    let both = World::fresh().await;
    let command = || StoreCommand::CallbacksList { tenant: None, json: false };
    let output = run(&both, command()).await;
    assert_eq!(output.exit, Exit::Usage);
    assert!(output.err.contains("barbier-am-hafen") && output.err.contains("--tenant"), "{}", output.err);
    let one = World::of(&["salon-morgenrot"], "2026-12-01T09:12:31+01:00").await;
    assert_eq!(run(&one, command()).await.exit, Exit::Ok);
    let unknown = StoreCommand::Wishes { tenant: Some("nobody".to_owned()), days: 7, json: false };
    assert_eq!(run(&one, unknown).await.exit, Exit::Wrong);
}
