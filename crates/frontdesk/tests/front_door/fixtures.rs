//! Every fixture of the platform's contract, on the contract's own world, judged by the manifest.

use frontdesk_domain::ids::{AppointmentId, CallId};
use frontdesk_store::appointments::{self, Appointment};
use frontdesk_store::customers::{self, Customer};
use frontdesk_store::{StoreError, TenantScope};
use frontdesk_testkit::{Heard, World, contract};
use serde_json::Value;

fn manifest() -> Vec<Value> {
    let text = std::fs::read_to_string(contract("retell/manifest.json")).unwrap();
    let manifest: Value = serde_json::from_str(&text).unwrap();
    manifest["fixtures"].as_array().unwrap().clone()
}

fn key_for(path: &str) -> &'static str {
    if path.contains("ep_8Hh2demo") {
        "key_frontdesk_fixture_hafen_5b1d03"
    } else {
        "key_frontdesk_fixture_4c1b7e90d2a8"
    }
}

async fn play(world: &World, fixture: &Value) -> Heard {
    let body = std::fs::read(contract("retell").join(fixture["file"].as_str().unwrap())).unwrap();
    let path = fixture["path"].as_str().unwrap();
    let heard = world.post_signed(path, body, key_for(path)).await;
    world.settle().await;
    heard
}

async fn scope(world: &World, slug: &str) -> TenantScope {
    world.store().tenant(slug).await.unwrap().unwrap().0
}

/// The appointments a call made, each with its customer.
async fn made(world: &World, slug: &str, call_id: &str) -> Vec<(Appointment, Customer)> {
    let call_id = CallId::from(call_id);
    world
        .store()
        .read::<_, StoreError, _>(&scope(world, slug).await, move |tx| {
            Box::pin(async move {
                let mut all = Vec::new();
                for appointment in appointments::made_by(tx, &call_id).await? {
                    let customer = customers::load(tx, &appointment.customer).await?.unwrap();
                    all.push((appointment, customer));
                }
                Ok(all)
            })
        })
        .await
        .unwrap()
}

async fn stored(world: &World, slug: &str, id: &str) -> Option<Appointment> {
    let id = AppointmentId::from(id);
    world
        .store()
        .read::<_, StoreError, _>(&scope(world, slug).await, move |tx| {
            Box::pin(async move { appointments::load(tx, &id).await })
        })
        .await
        .unwrap()
}

fn call_id_of(fixture: &Value) -> String {
    let body = std::fs::read(contract("retell").join(fixture["file"].as_str().unwrap())).unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap();
    let id = body.pointer("/call/call_id").or_else(|| body.get("call_id"));
    id.and_then(Value::as_str).unwrap().to_owned()
}

/// Whether an RFC 3339 start is a local time as the manifest writes it (`2026-12-02T10:00`).
fn is_local(start: &str, local: &str) -> bool {
    start.starts_with(local)
}

#[tokio::test]
async fn every_function_fixture_ends_as_the_manifest_says() {
    let fixtures = manifest();
    let by_file = |file: &Value| fixtures.iter().find(|fixture| &fixture["file"] == file).unwrap();
    let mut played = 0;
    for fixture in fixtures.iter().filter(|fixture| fixture["kind"] == "function") {
        let expect = &fixture["expect"];
        let name = fixture["file"].as_str().unwrap();
        let world = World::fresh().await;
        let mut first = None;
        for before in [&expect["idempotent_with"], &expect["distinct_customer_from"]] {
            if before.is_string() {
                first = Some((by_file(before), play(&world, by_file(before)).await));
            }
        }
        let heard = play(&world, fixture).await;
        assert_eq!(heard.http, 200, "{name}: {}", heard.json);
        judge(&world, name, fixture, expect, &heard).await;
        if let Some((fixture_before, heard_before)) = first {
            judge_beside(&world, name, fixture, expect, (&heard, fixture_before, &heard_before)).await;
        }
        world.assert_at_rest().await;
        played += 1;
    }
    assert_eq!(played, 29, "a fixture is missing");
}

async fn judge(world: &World, name: &str, fixture: &Value, expect: &Value, heard: &Heard) {
    for field in ["status", "code"] {
        if let Some(wanted) = expect[field].as_str() {
            assert_eq!(heard.text(field), wanted, "{name}: {}", heard.json);
        }
    }
    let slug = if key_for(fixture["path"].as_str().unwrap()).contains("hafen") {
        "barbier-am-hafen"
    } else {
        "salon-morgenrot"
    };
    if let Some(slug) = expect["tenant"].as_str() {
        assert!(!made(world, slug, &call_id_of(fixture)).await.is_empty(), "{name}");
    }
    if let Some(wanted) = expect["slot_local"].as_str() {
        let start = heard.at("slot/start").as_str().or(heard.at("appointment/start").as_str()).unwrap();
        assert!(is_local(start, wanted), "{name}: {start}");
    }
    if let Some(staff) = expect["staff"].as_str() {
        assert_eq!(heard.text("slot/staff"), staff, "{name}");
    }
    if let Some([from, until]) = expect["range_local"].as_array().map(Vec::as_slice) {
        let start = heard.text("slot/start");
        assert!(from.as_str().unwrap() <= start && start < until.as_str().unwrap(), "{name}: {start}");
    }
    if let Some(wanted) = expect["alternatives_include_local"].as_array() {
        for wanted in wanted {
            let starts = heard.alternatives();
            assert!(starts.iter().any(|start| is_local(start, wanted.as_str().unwrap())), "{name}: {starts:?}");
        }
        assert_eq!(heard.at("requested_free"), &expect["requested_free"], "{name}");
    }
    if let Some(id) = expect["appointment_id"].as_str() {
        let told = heard.at("appointment/id").as_str().or(heard.at("appointments/0/id").as_str());
        assert_eq!(told, Some(id), "{name}: {}", heard.json);
    }
    if let Some(id) = expect["unchanged_appointment_id"].as_str() {
        assert!(stored(world, slug, id).await.unwrap().saga.is_active(), "{name}");
    }
    if let Some(new) = expect["new_slot_local"].as_str() {
        assert!(is_local(heard.text("appointment/start"), new), "{name}");
        assert!(is_local(heard.text("previous/start"), expect["old_slot_local"].as_str().unwrap()), "{name}");
    }
    if heard.status() == "booked" {
        judge_booking(world, name, fixture, expect, (slug, heard)).await;
    }
}

async fn judge_booking(world: &World, name: &str, fixture: &Value, expect: &Value, (slug, heard): (&str, &Heard)) {
    let call_id = expect["call_id"].as_str().map_or_else(|| call_id_of(fixture), str::to_owned);
    let made = made(world, slug, &call_id).await;
    let [(appointment, customer)] = made.as_slice() else { panic!("{name}: {made:?}") };
    assert_eq!(appointment.id.as_str(), heard.text("appointment/id"), "{name}");
    let email = customer.email.as_ref().map(|email| email.reveal().to_owned());
    if let Some(wanted) = expect.get("email") {
        assert_eq!(email.as_deref(), wanted.as_str(), "{name}");
    }
    if let Some(any) = expect["email_any_of"].as_array() {
        assert!(any.iter().any(|wanted| email.as_deref() == wanted.as_str()), "{name}: {email:?}");
    }
    if let Some(phone) = expect["phone"].as_str() {
        assert_eq!(customer.phone.reveal(), phone, "{name}");
    }
    if expect["phone_pattern"].is_string() {
        assert_placeholder(customer.phone.reveal());
        assert_eq!(customer.source, "retell_webhook_anonymous", "{name}");
    }
    match expect["identity"].as_str() {
        Some("anonymous") => assert!(customer.phone.reveal().starts_with("anonymous_"), "{name}"),
        Some("known") => assert_eq!(customer.id.as_str(), "cus_01JD0A1", "{name}"),
        _ => {}
    }
    if let Some(branch) = expect["branch"].as_str() {
        assert_eq!(appointment.branch.as_str(), branch, "{name}");
    }
}

/// `^anonymous_\d+_[0-9a-f]{8,}$`
fn assert_placeholder(phone: &str) {
    let parts: Vec<&str> = phone.split('_').collect();
    let [anonymous, seconds, random] = parts.as_slice() else { panic!("{phone}") };
    assert_eq!(*anonymous, "anonymous");
    assert!(!seconds.is_empty() && seconds.bytes().all(|b| b.is_ascii_digit()), "{phone}");
    assert!(random.len() >= 8 && random.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)), "{phone}");
}

async fn judge_beside(
    world: &World,
    name: &str,
    fixture: &Value,
    expect: &Value,
    (heard, fixture_before, before): (&Heard, &Value, &Heard),
) {
    if expect["idempotent_with"].is_string() {
        assert_eq!(heard.json, before.json, "{name}: a repeat hears the same");
    } else {
        let (one, two) = (
            made(world, "salon-morgenrot", &call_id_of(fixture_before)).await,
            made(world, "salon-morgenrot", &call_id_of(fixture)).await,
        );
        assert_ne!(one[0].1.id, two[0].1.id, "{name}: two anonymous callers are two customers");
        assert_eq!(one[0].1.name.reveal().to_lowercase(), two[0].1.name.reveal().to_lowercase());
    }
}

#[tokio::test]
async fn the_ambiguous_and_taken_answers_are_the_contracts_own() {
    let world = World::fresh().await;
    let other = world.caller("+491713920099");
    assert!(other.books("Herrenhaarschnitt", "2026-12-02", "10:00", "Otto Brandt").await.booked());
    let caller = world.caller("+491713920017");
    let taken = caller.books("Herrenhaarschnitt", "2026-12-02", "10:00", "Hannelore Brückner").await;
    assert_eq!(without_tokens(taken.json), without_tokens(response("slot_taken")));
    let ambiguous = caller.checks("Herrenhaarschnitt", "nächsten Freitag", "10:00").await;
    assert_eq!(ambiguous.json, response("ambiguous"));
    let missing = caller.asks("book_appointment", serde_json::json!({})).await;
    assert_eq!(missing.json, response("missing_fields"));
    let nobody = world.caller("+491713920098").asks("list_appointments", serde_json::json!({})).await;
    assert_eq!(nobody.json, response("not_found"));
    let found = caller.asks("list_appointments", serde_json::json!({})).await;
    assert_eq!(found.json, response("found"));
}

#[tokio::test]
async fn an_available_time_is_told_and_held_as_in_the_contract() {
    let world = World::fresh().await;
    let caller = world.caller("+491713920017");
    let available = caller.checks("Herrenhaarschnitt", "morgen", "10:00").await;
    assert_eq!(without_tokens(available.json), without_tokens(with_hold(response("available"))));
    let held = caller
        .asks(
            "hold_appointment",
            serde_json::json!({"service_name": "Herrenhaarschnitt", "date": "morgen", "time": "10"}),
        )
        .await;
    held.expect("held", "ok");
    assert!(held.text("slot/held_until").starts_with("2026-12-01T09:16:31"));
}

fn response(name: &str) -> Value {
    let text = std::fs::read_to_string(contract("retell/responses").join(format!("{name}.json"))).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// We also say until when a checked time is held.
fn with_hold(mut available: Value) -> Value {
    available["slot"]["held_until"] = "2026-12-01T09:16:31+01:00".into();
    available
}

fn without_tokens(mut answer: Value) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(object) => {
                object.remove("token");
                object.values_mut().for_each(strip);
            }
            Value::Array(list) => list.iter_mut().for_each(strip),
            _ => {}
        }
    }
    strip(&mut answer);
    answer
}

#[tokio::test]
async fn the_inbound_webhook_answers_as_in_the_contract() {
    let world = World::fresh().await;
    for fixture in manifest().iter().filter(|fixture| fixture["kind"] == "inbound") {
        let heard = play(&world, fixture).await;
        assert_eq!(heard.http, 200, "{fixture}");
        let variables = heard.at("call_inbound/dynamic_variables");
        assert!(variables.as_object().unwrap().values().all(Value::is_string), "strings only: {variables}");
        assert!(heard.text("call_inbound/metadata/frontdesk_call_ref").starts_with("fd_"));
        let wanted = match fixture["file"].as_str().unwrap() {
            "inbound/request.anonymous-sip.json" => "response.anonymous",
            _ => "response.known-caller",
        };
        let text = std::fs::read_to_string(contract("retell/inbound").join(format!("{wanted}.json"))).unwrap();
        let wanted: Value = serde_json::from_str(&text).unwrap();
        for (name, value) in wanted.pointer("/call_inbound/dynamic_variables").unwrap().as_object().unwrap() {
            assert_eq!(&variables[name], value, "{name} in {fixture}");
        }
    }
}

#[tokio::test]
async fn every_webhook_fixture_is_taken_with_204_and_no_transcript_is_kept() {
    let world = World::fresh().await;
    for fixture in manifest().iter().filter(|fixture| fixture["kind"] == "webhook") {
        let heard = play(&world, fixture).await;
        assert_eq!((heard.http, heard.bytes.len()), (204, 0), "{fixture}");
    }
    let database = std::fs::read(world.store().database().unwrap()).unwrap();
    let wal = std::fs::read(world.store().database().unwrap().with_extension("db-wal")).unwrap_or_default();
    for bytes in [database, wal] {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("Brückner mit Ü") && !text.contains("guten Morgen!"), "a transcript was kept");
    }
}
