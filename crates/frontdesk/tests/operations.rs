//! What people who run it rely on: readiness, honest counters, a database strangers cannot reach, a sweep that sweeps.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use std::sync::mpsc::Sender;
use std::time::Duration;

use frontdesk_store::{StoreError, TenantScope, Tx};
use frontdesk_testkit::World;
use jiff::SignedDuration;
use serde_json::json;
use tokio::task::JoinHandle;

/// Work of the store that stands still until told to go on.
struct Standstill {
    go: Sender<()>,
    work: JoinHandle<Result<(), StoreError>>,
}

impl Standstill {
    /// Occupies the writer, or one of the readers.
    async fn of(world: &World, scope: &TenantScope, writer: bool) -> Self {
        let (begun, has_begun) = tokio::sync::oneshot::channel();
        let (go, may_go) = std::sync::mpsc::channel();
        let (store, scope) = (world.store().clone(), scope.clone());
        let stand = move |_: &mut Tx| {
            begun.send(()).unwrap();
            // An error says that the test is over, which is as good.
            let _told = may_go.recv();
        };
        let work = tokio::spawn(async move {
            if writer {
                store
                    .run::<_, StoreError, _>(&scope, move |tx| {
                        stand(tx);
                        Box::pin(async { Ok(()) })
                    })
                    .await
            } else {
                store
                    .read::<_, StoreError, _>(&scope, move |tx| {
                        stand(tx);
                        Box::pin(async { Ok(()) })
                    })
                    .await
            }
        });
        has_begun.await.unwrap();
        Self { go, work }
    }

    async fn end(self) {
        self.go.send(()).unwrap();
        self.work.await.unwrap().unwrap();
    }
}

async fn salon(world: &World) -> TenantScope {
    world.store().tenant("salon-morgenrot").await.unwrap().unwrap().0
}

fn counted(world: &World, name: &str) -> u64 {
    let text = world.app.metrics.text();
    text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok()).unwrap()
}

#[tokio::test]
async fn a_writer_that_stands_still_makes_it_unready_and_a_reader_alone_is_not_enough() {
    let world = World::fresh().await;
    assert_eq!(world.get("/readyz").await.http, 200);
    let standstill = Standstill::of(&world, &salon(&world).await, true).await;
    let unready = world.get("/readyz").await;
    assert_eq!(unready.http, 503);
    assert_eq!(unready.json["reasons"], json!(["database's writer: no answer in time"]));
    standstill.end().await;
    assert_eq!(world.get("/readyz").await.http, 200);
}

#[tokio::test]
async fn a_function_call_that_the_database_fails_is_counted_as_its_failure() {
    let world = World::fresh().await;
    let caller = world.caller("+491715560001");
    world.break_database("CREATE TRIGGER broken BEFORE INSERT ON call BEGIN SELECT RAISE(ABORT, 'broken'); END");
    assert_eq!(caller.asks("start_call", json!({})).await.status(), "error");
    assert_eq!(counted(&world, "frontdesk_store_errors_total"), 1);
    world.break_database("DROP TRIGGER broken");
    assert_ne!(caller.asks("start_call", json!({})).await.status(), "error");
    assert_eq!(caller.asks("sing_a_song", json!({})).await.status(), "error");
    assert_eq!(counted(&world, "frontdesk_store_errors_total"), 1, "only the store's failures are its failures");
}

#[tokio::test]
async fn until_its_signature_is_accepted_a_request_reaches_no_more_than_one_cached_look_up() {
    let world = World::fresh().await;
    let paths: Vec<String> = ["ep_5Jq0demo", "ep_nobody"]
        .iter()
        .flat_map(|endpoint| {
            ["", "/functions", "/functions/book_appointment", "/events", "/inbound"]
                .map(|path| format!("/v1/retell/{endpoint}{path}"))
        })
        .collect();
    let body = world.caller("+491715560001").body("start_call", &json!({}));
    let headers = [("content-type", "application/json"), ("x-retell-signature", "v=1796112000000,d=00")];
    // The one look-up each.
    for path in &paths {
        assert_eq!(world.post(path, body.clone(), &headers).await.http, 401, "{path}");
    }
    let before = world.row_counts();
    let scope = salon(&world).await;
    let mut standing = vec![Standstill::of(&world, &scope, true).await];
    for _ in 0..2 {
        standing.push(Standstill::of(&world, &scope, false).await);
    }
    for path in &paths {
        let refused = tokio::time::timeout(Duration::from_secs(20), world.post(path, body.clone(), &headers)).await;
        assert_eq!(refused.expect("it waits for the database").http, 401, "{path}");
    }
    for one in standing {
        one.end().await;
    }
    world.settle().await;
    assert_eq!(world.row_counts(), before);
}

#[tokio::test]
async fn a_call_that_nobody_ended_is_closed_after_four_hours_and_one_that_was_ended_stays_as_it_is() {
    let world = World::fresh().await;
    world.caller("+491715560001").asks("start_call", json!({})).await;
    let ended = world.caller("+491715560002");
    ended.asks("start_call", json!({})).await;
    ended.hangs_up().await;
    world.settle().await;
    let calls = || world.rows("SELECT caller_number, disconnection_reason FROM call ORDER BY caller_number");
    let before = calls();
    world.advance(SignedDuration::from_mins(4 * 60 - 1));
    assert_eq!(world.store().sweep().await.unwrap().calls, 0);
    assert_eq!(calls(), before);
    world.advance(SignedDuration::from_mins(2));
    assert_eq!(world.store().sweep().await.unwrap().calls, 1);
    assert_eq!(calls(), ["+491715560001|no_end_was_told".to_owned(), before[1].clone()]);
    assert_eq!(world.rows("SELECT status FROM call WHERE caller_number = '+491715560001'"), ["ended"]);
    world.advance(SignedDuration::from_hours(10));
    assert_eq!(world.store().sweep().await.unwrap().calls, 0, "closed once");
}

#[tokio::test]
async fn offers_go_a_day_after_they_expired_and_the_keys_of_events_after_a_week() {
    let world = World::fresh().await;
    let caller = world.caller("+491715560001");
    caller.checks("Herrenhaarschnitt", "2026-12-03", "10:00").await.expect("available", "ok");
    caller.hangs_up().await;
    world.settle().await;
    let left = async |hours: i64| {
        world.advance(SignedDuration::from_hours(hours));
        world.store().sweep().await.unwrap();
        let count = |table: &str| world.rows(&format!("SELECT COUNT(*) > 0 FROM {table}"))[0] == "1";
        (count("offer"), count("seen_event"))
    };
    assert_eq!(left(23).await, (true, true));
    assert_eq!(left(25).await, (false, true));
    assert_eq!(left(5 * 24 - 1).await, (false, true));
    assert_eq!(left(2).await, (false, false));
}
