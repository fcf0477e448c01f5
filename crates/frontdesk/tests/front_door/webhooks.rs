//! Webhooks: any order, doubled, late or lost; the call is the same in the end, and no transcript is kept.

use frontdesk_domain::ids::CallId;
use frontdesk_store::calls::{self, CallRow};
use frontdesk_store::{StoreError, timeline};
use frontdesk_testkit::{Caller, Heard, World};
use jiff::SignedDuration;
use serde_json::{Value, json};

const HANNELORE: &str = "+491713920017";
const KEY: &str = "key_frontdesk_fixture_4c1b7e90d2a8";

async fn stored(world: &World, caller: &Caller<'_>) -> Option<CallRow> {
    let scope = world.store().tenant("salon-morgenrot").await.unwrap().unwrap().0;
    let call_id = CallId::from(caller.call_id.as_str());
    world
        .store()
        .read::<_, StoreError, _>(&scope, move |tx| Box::pin(async move { calls::load(tx, &call_id).await }))
        .await
        .unwrap()
}

async fn told_events(world: &World, caller: &Caller<'_>) -> Vec<String> {
    let scope = world.store().tenant("salon-morgenrot").await.unwrap().unwrap().0;
    let call_id = CallId::from(caller.call_id.as_str());
    let events = world
        .store()
        .read::<_, StoreError, _>(&scope, move |tx| Box::pin(async move { timeline::of_call(tx, &call_id).await }))
        .await
        .unwrap();
    events.into_iter().filter(|event| event.kind == "webhook").map(|event| event.name).collect()
}

/// What the platform tells at each of the three moments.
fn facts(event: &str) -> Value {
    let start = json!({"call_status": "ongoing", "start_timestamp": 1_796_112_751_204_i64});
    let end = json!({"call_status": "ended", "start_timestamp": 1_796_112_751_204_i64,
        "end_timestamp": 1_796_112_814_684_i64, "duration_ms": 63_480, "disconnection_reason": "user_hangup"});
    let mut analyzed = end.clone();
    analyzed["call_analysis"] = json!({"call_successful": true, "user_sentiment": "Positive",
        "call_summary": "KANARIE-ZUSAMMENFASSUNG"});
    match event {
        "call_started" => start,
        "call_ended" => end,
        _ => analyzed,
    }
}

async fn tells(caller: &Caller<'_>, event: &str) {
    let heard = caller.tells(event, facts(event)).await;
    assert_eq!((heard.http, heard.bytes.len()), (204, 0), "{event}");
}

#[tokio::test]
async fn all_orders_doubled_or_with_one_lost_leave_the_same_call() {
    let events = ["call_started", "call_ended", "call_analyzed"];
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    let world = World::fresh().await;
    let mut seen: Option<CallRow> = None;
    for order in orders {
        for doubled in [false, true] {
            for lost in [None, Some("call_started"), Some("call_ended")] {
                let caller = world.caller(HANNELORE);
                for event in order.map(|at| events[at]).into_iter().filter(|event| Some(*event) != lost) {
                    tells(&caller, event).await;
                    if doubled {
                        tells(&caller, event).await;
                    }
                }
                if doubled {
                    tells(&caller, events[order[0]]).await;
                }
                let expected =
                    if lost == Some(events[order[0]]) && doubled { 3 } else { 3 - usize::from(lost.is_some()) };
                assert_eq!(told_events(&world, &caller).await.len(), expected, "each told once: {order:?} {lost:?}");
                let row = stored(&world, &caller).await.unwrap();
                let row = CallRow { call_id: CallId::from("any"), ..row };
                assert_eq!(
                    *seen.get_or_insert_with(|| row.clone()),
                    row,
                    "{order:?} doubled: {doubled} lost: {lost:?}"
                );
            }
        }
    }
    let row = seen.unwrap();
    assert_eq!((row.status.as_deref(), row.duration_ms), (Some("ended"), Some(63_480)));
    assert_eq!((row.platform_successful, row.disconnection_reason.as_deref()), (Some(true), Some("user_hangup")));
    assert_eq!((row.started_ms, row.ended_ms), (Some(1_796_112_751_204), Some(1_796_112_814_684)));
    assert_eq!(row.number.unwrap().reveal(), HANNELORE);
    world.assert_at_rest().await;
}

#[tokio::test]
async fn a_function_call_makes_the_call_and_the_webhook_only_enriches_it() {
    let world = World::fresh().await;
    let caller = world.caller(HANNELORE);
    assert_eq!(stored(&world, &caller).await, None);
    caller.checks("Herrenhaarschnitt", "2026-12-07", "10:00").await.expect("available", "ok");
    let made = stored(&world, &caller).await.unwrap();
    assert_eq!((made.branch.as_str(), made.platform.as_str(), made.direction.as_str()), ("mitte", "retell", "inbound"));
    world.advance(SignedDuration::from_secs(33));
    tells(&caller, "call_started").await;
    let enriched = stored(&world, &caller).await.unwrap();
    assert_eq!((enriched.started_ms, enriched.created_ms), (Some(1_796_112_751_204), made.created_ms));
    assert_eq!(world.rows("SELECT COUNT(*) FROM call"), ["1"]);
    // No webhook ever: all the same.
    let silent = world.caller(HANNELORE);
    silent.books("Herrenhaarschnitt", "2026-12-07", "12:00", "Hannelore Brückner").await.expect("booked", "ok");
}

#[tokio::test]
async fn a_late_start_does_not_bring_an_ended_call_back_to_life() {
    let world = World::fresh().await;
    let caller = world.caller(HANNELORE);
    tells(&caller, "call_ended").await;
    tells(&caller, "call_started").await;
    caller.asks("opening_hours", json!({})).await.expect("found", "ok");
    let row = stored(&world, &caller).await.unwrap();
    assert_eq!((row.status.as_deref(), row.ended_ms), (Some("ended"), Some(1_796_112_814_684)));
}

#[tokio::test]
async fn the_branch_of_a_call_never_changes() {
    let world = World::fresh().await;
    let caller = world.caller(HANNELORE);
    caller.asks("start_call", json!({})).await.expect("ok", "ok");
    // Later messages name the other branch's line, or its agent, or nothing.
    for more in [
        json!({"to_number": "+493023125102"}),
        json!({"to_number": null, "agent_id": "agent_2fd86b3170e94ac8b7c5119e40"}),
    ] {
        let mut call = caller.call_object();
        call.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let body = json!({"event": "call_ended", "call": call}).to_string().into_bytes();
        assert_eq!(world.post_signed("/v1/retell/ep_5Jq0demo/events", body, KEY).await.http, 204);
        world.settle().await;
        let body = json!({"name": "start_call", "args": {}, "call": call}).to_string().into_bytes();
        let heard = caller.sends("start_call", body).await;
        assert_eq!(heard.expect("ok", "ok").text("branch"), "Mitte");
        assert_eq!(stored(&world, &caller).await.unwrap().branch.as_str(), "mitte");
    }
    assert_eq!(world.rows("SELECT COUNT(*) FROM call"), ["1"]);
}

#[tokio::test]
async fn the_end_of_a_call_frees_what_it_held_and_the_analysis_alone_does_not() {
    let world = World::fresh().await;
    let (caller, other) = (world.anonymous(), world.caller(HANNELORE));
    caller.checks("Herrenhaarschnitt", "2026-12-07", "10:00").await.expect("available", "ok");
    other.checks("Herrenhaarschnitt", "2026-12-07", "10:00").await.expect("unavailable", "slot_taken");
    tells(&caller, "call_ended").await;
    other.checks("Herrenhaarschnitt", "2026-12-07", "10:00").await.expect("available", "ok");
    other.hangs_up().await;
    assert!(world.rows("SELECT 1 FROM occupancy WHERE expires_ms IS NOT NULL").is_empty());
    world.assert_at_rest().await;
}

#[tokio::test]
async fn what_the_platform_thinks_of_a_call_is_kept_beside_what_we_know() {
    let world = World::fresh().await;
    let caller = world.anonymous();
    caller.books("Herrenhaarschnitt", "2026-12-07", "10:00", "Max Stadler").await.expect("booked", "ok");
    let mut analysis = facts("call_analyzed");
    analysis["call_analysis"]["call_successful"] = json!(false);
    caller.tells("call_analyzed", analysis).await;
    assert_eq!(stored(&world, &caller).await.unwrap().platform_successful, Some(false));
    let listed = world.caller("anonymous").asks("list_appointments", json!({})).await;
    listed.expect("refused", "verification_required");
    assert_eq!(world.rows("SELECT saga FROM appointment WHERE call_id IS NOT NULL"), ["confirmed"]);
}

#[tokio::test]
async fn events_of_unknown_lines_and_events_nobody_knows_are_taken_and_not_stored() {
    let world = World::fresh().await;
    let before = world.row_counts();
    for call in [
        json!({"call_id": "call_x", "from_number": HANNELORE, "to_number": "+4930999999", "agent_id": "agent_nobody"}),
        json!({"call_id": "call_x", "from_number": HANNELORE, "to_number": "+494066969201", "agent_id": "agent_nobody"}),
        json!({"call_id": "call_x"}),
        json!({"from_number": HANNELORE, "to_number": "+493023125101"}),
        json!({}),
        Value::Null,
    ] {
        let body = json!({"event": "call_started", "call": call}).to_string().into_bytes();
        let heard = world.post_signed("/v1/retell/ep_5Jq0demo/events", body, KEY).await;
        world.settle().await;
        assert_eq!(heard.http, 204, "{call}");
    }
    let caller = world.caller(HANNELORE);
    for event in ["chat_started", "transcript_updated", "call_teleported", "chat_analyzed"] {
        let heard = caller.tells(event, json!({"transcript": "KANARIE"})).await;
        assert_eq!(heard.http, 204, "{event}");
    }
    assert_eq!(world.row_counts(), before);
}

#[tokio::test]
async fn ringing_makes_no_call_and_the_call_that_comes_is_one() {
    let world = World::fresh().await;
    let before = world.row_counts();
    let ringing = json!({"event": "call_inbound", "call_inbound": {"agent_id": "agent_7c1e0a94b2d84f6395ab20c7d1",
        "from_number": HANNELORE, "to_number": "+493023125101", "call_id": "call_000000000000000000000000001"}});
    let asks = |body: Value| world.post_signed("/v1/retell/ep_5Jq0demo/inbound", body.to_string().into_bytes(), KEY);
    let told = asks(ringing.clone()).await;
    assert_eq!(told.text("call_inbound/dynamic_variables/customer_name"), "Hannelore Brückner");
    asks(ringing).await;
    assert_eq!(world.row_counts(), before, "asking who rings writes nothing");
    let caller = world.caller(HANNELORE);
    tells(&caller, "call_started").await;
    caller.asks("start_call", json!({})).await.expect("ok", "ok");
    assert_eq!(world.rows("SELECT COUNT(*) FROM call"), ["1"]);
    // A line of nobody here: an empty yes, and nobody's name.
    let stranger =
        asks(json!({"event": "call_inbound", "call_inbound": {"from_number": HANNELORE, "to_number": "+4930999999"}}))
            .await;
    assert_eq!((stranger.http, &stranger.json), (200, &json!({"call_inbound": {}})));
}

#[tokio::test]
async fn a_call_that_was_never_connected_is_told_as_such() {
    let world = World::fresh().await;
    let caller = world.caller(HANNELORE);
    let failed =
        json!({"call_status": "not_connected", "disconnection_reason": "dial_no_answer", "start_timestamp": null});
    assert_eq!(caller.tells("call_ended", failed.clone()).await.http, 204);
    assert_eq!(caller.tells("call_analyzed", failed).await.http, 204);
    let row = stored(&world, &caller).await.unwrap();
    assert_eq!((row.status.as_deref(), row.started_ms), (Some("not_connected"), None));
    assert_eq!(row.disconnection_reason.as_deref(), Some("dial_no_answer"));
    tells(&caller, "call_started").await;
    assert_eq!(stored(&world, &caller).await.unwrap().status.as_deref(), Some("not_connected"));
}

#[tokio::test]
async fn a_call_nobody_ended_is_closed_after_hours_of_silence() {
    let world = World::fresh().await;
    let caller = world.caller(HANNELORE);
    tells(&caller, "call_started").await;
    assert_eq!(stored(&world, &caller).await.unwrap().status.as_deref(), Some("ongoing"));
    world.advance(SignedDuration::from_hours(24));
    world.store().sweep().await.unwrap();
    assert_eq!(stored(&world, &caller).await.unwrap().status.as_deref(), Some("ended"));
}

#[tokio::test]
async fn one_address_for_everything_serves_what_the_body_is() {
    let world = World::fresh().await;
    let caller = world.caller(HANNELORE);
    let posts = |body: Value| world.post_signed("/v1/retell/ep_5Jq0demo", body.to_string().into_bytes(), KEY);
    let event = posts(json!({"event": "call_started", "call": caller.call_object()})).await;
    assert_eq!(event.http, 204);
    world.settle().await;
    assert!(stored(&world, &caller).await.is_some());
    let function: Heard = posts(json!({"name": "opening_hours", "args": {}, "call": caller.call_object()})).await;
    function.expect("found", "ok");
}

#[tokio::test]
async fn nothing_anybody_said_in_a_call_is_in_the_database() {
    const CANARIES: [&str; 6] = [
        "KANARIE-GESPROCHEN",
        "KANARIE-WORT",
        "KANARIE-ZUSAMMENFASSUNG",
        "KANARIE-AUFNAHME",
        "KANARIE-TOKEN",
        "KANARIE-WERKZEUG",
    ];
    let world = World::fresh().await;
    let caller = world.caller(HANNELORE);
    let spoken = json!({
        "transcript": "User: KANARIE-GESPROCHEN", "access_token": "KANARIE-TOKEN",
        "transcript_object": [{"role": "user", "content": "KANARIE-GESPROCHEN", "words": [{"word": "KANARIE-WORT"}]}],
        "transcript_with_tool_calls": [
            {"role": "user", "content": "KANARIE-GESPROCHEN"},
            {"role": "tool_call_invocation", "tool_call_id": "t1", "name": "opening_hours", "arguments": "{\"x\":\"KANARIE-WERKZEUG\"}"},
        ],
        "recording_url": "https://example.org/KANARIE-AUFNAHME.wav",
        "call_analysis": {"call_summary": "KANARIE-ZUSAMMENFASSUNG", "call_successful": true},
        "retell_llm_dynamic_variables": {"x": "KANARIE-GESPROCHEN"},
    });
    let mut call = caller.call_object();
    call.as_object_mut().unwrap().extend(spoken.as_object().unwrap().clone());
    let body = json!({"name": "opening_hours", "args": {"unknown": "KANARIE-GESPROCHEN"}, "call": call}).to_string();
    caller.sends("opening_hours", body.into_bytes()).await.expect("found", "ok");
    for event in ["call_started", "transcript_updated", "call_ended", "call_analyzed", "transfer_started"] {
        assert_eq!(caller.tells(event, spoken.clone()).await.http, 204);
    }
    let file = world.store().database().unwrap();
    let mut kept = std::fs::read(file).unwrap();
    kept.extend(std::fs::read(file.with_extension("db-wal")).unwrap_or_default());
    let kept = String::from_utf8_lossy(&kept);
    assert!(kept.contains(&caller.call_id), "the call is there");
    for canary in CANARIES {
        assert!(!kept.contains(canary), "{canary} was kept");
    }
}
