//! Who gets in at the door, and what is said to everybody else.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use axum::response::Response;
use frontdesk::app::App;
use frontdesk::config::Config;
use frontdesk::http::{metrics_router, router};
use frontdesk_connect::voice::retell::sign;
use frontdesk_testkit::World;
use http_body_util::BodyExt;
use jiff::SignedDuration;
use secrecy::SecretString;
use tower::ServiceExt;

const KEY: &str = "key_frontdesk_fixture_hafen_5b1d03";
const FUNCTIONS: &str = "/v1/retell/ep_8Hh2demo/functions";
const EVENTS: &str = "/v1/retell/ep_8Hh2demo/events";
const INBOUND: &str = "/v1/retell/ep_8Hh2demo/inbound";
const CLOCK: &str = "2026-12-01T09:12:31+01:00";
const NOBODY: &str = "/v1/retell/ep_nobody/functions";

async fn world() -> World {
    World::of(&["barbier-am-hafen"], CLOCK).await
}

fn signature(world: &World, body: &[u8]) -> String {
    sign(body, &SecretString::from(KEY), world.app.now())
}

/// The value of one line of the metrics; 0 if there is no such line.
fn counted(app: &App, line: &str) -> u64 {
    let text = app.metrics.text();
    let found = text.lines().find_map(|one| one.strip_prefix(line)?.trim().parse().ok());
    found.unwrap_or(0)
}

async fn raw(app: &std::sync::Arc<App>, request: Request<Body>) -> Response {
    router(std::sync::Arc::clone(app)).oneshot(request).await.unwrap()
}

#[tokio::test]
async fn every_way_of_not_being_signed_is_one_silent_401() {
    let world = world().await;
    let body = br#"{"name":"start_call","args":{},"call":{"call_id":"call_1"}}"#.to_vec();
    let good = signature(&world, &body);
    let foreign = sign(&body, &SecretString::from("key_of_somebody_else"), world.app.now());
    let old = sign(&body, &SecretString::from(KEY), world.app.now() - SignedDuration::from_secs(301));
    let cases = [
        ("missing", FUNCTIONS, Vec::<(&str, &str)>::new()),
        ("malformed", FUNCTIONS, vec![("x-retell-signature", "v=1,d=zz")]),
        ("mismatch", FUNCTIONS, vec![("x-retell-signature", &foreign)]),
        ("stale", FUNCTIONS, vec![("x-retell-signature", &old)]),
        ("unknown_endpoint", NOBODY, vec![("x-retell-signature", &good)]),
        ("mismatch", FUNCTIONS, vec![("x-retell-signature", &foreign), ("content-type", "text/plain")]),
    ];
    for (reason, path, headers) in &cases {
        let metric = format!("frontdesk_signature_refused_total{{reason=\"{reason}\"}}");
        let before = counted(&world.app, &metric);
        let heard = world.post(path, body.clone(), headers).await;
        assert_eq!((heard.http, heard.bytes.len()), (401, 0), "{reason}");
        assert_eq!(counted(&world.app, &metric), before + 1, "{reason}");
    }
}

#[tokio::test]
async fn a_401_tells_nothing_about_whether_the_endpoint_exists() {
    let world = world().await;
    let ask = |path: &str| Request::post(path).header("x-retell-signature", "v=1,d=0").body(Body::from("{}")).unwrap();
    let known = raw(&world.app, ask(FUNCTIONS)).await;
    let unknown = raw(&world.app, ask(NOBODY)).await;
    assert_eq!(known.status(), unknown.status());
    assert_eq!(known.headers(), unknown.headers());
}

#[tokio::test]
async fn a_body_that_was_changed_after_signing_is_refused() {
    let world = world().await;
    let signed = br#"{"name":"start_call","call":{"call_id":"call_1"}}"#;
    let header = signature(&world, signed);
    let changed = br#"{"name":"start_call","call":{"call_id":"call_2"}}"#.to_vec();
    assert_eq!(world.post(FUNCTIONS, changed, &[("x-retell-signature", &header)]).await.http, 401);
}

#[tokio::test]
async fn a_body_over_the_limit_is_413_for_everybody() {
    let world = world().await;
    let limit = world.app.config.server.body_limit_bytes;
    for path in [FUNCTIONS, NOBODY, EVENTS] {
        let heard = world.post(path, vec![b' '; limit + 1], &[]).await;
        assert_eq!((heard.http, heard.text("error")), (413, "too_large"), "{path}");
    }
    let heard = world.post_signed(FUNCTIONS, vec![b' '; limit], KEY).await;
    assert_eq!(heard.http, 400, "a body of exactly the limit is read");
}

#[tokio::test]
async fn a_signed_body_of_another_type_is_415() {
    let world = world().await;
    let body = b"{}".to_vec();
    let header = signature(&world, &body);
    let send = async |kind: &'static str| {
        world.post(FUNCTIONS, body.clone(), &[("x-retell-signature", &header), ("content-type", kind)]).await
    };
    assert_eq!(send("application/x-www-form-urlencoded").await.http, 415);
    assert_eq!(send("application/json; charset=utf-8").await.http, 400);
}

#[tokio::test]
async fn a_signed_body_that_is_no_call_is_400_and_names_no_inner_word() {
    let world = world().await;
    let deep = "[".repeat(10_000).into_bytes();
    let bodies: [&[u8]; 6] = [b"", b"no json", b"[]", b"{}", b"\"x\"", &deep];
    for path in [FUNCTIONS, EVENTS] {
        for body in bodies {
            let heard = world.post_signed(path, body.to_vec(), KEY).await;
            assert_eq!((heard.http, heard.text("error")), (400, "not_a_call"), "{path}");
        }
    }
    assert_eq!(world.post_signed(INBOUND, b"no json".to_vec(), KEY).await.http, 400);
}

#[tokio::test]
async fn a_function_nobody_knows_is_a_spoken_error_and_never_looks_like_success() {
    let world = world().await;
    let body = br#"{"name":"order_pizza","args":{},"call":{"call_id":"call_1"}}"#.to_vec();
    let heard = world.post_signed(FUNCTIONS, body, KEY).await;
    heard.expect("error", "unknown_function");
    assert!(!heard.spoken().is_empty());
    let metric = r#"frontdesk_answers_total{function="unknown",status="error",code="unknown_function"}"#;
    assert_eq!(counted(&world.app, metric), 1);

    let path = format!("{FUNCTIONS}/book_appointment");
    let body = br#"{"name":"cancel_appointment","args":{},"call":{"call_id":"call_1"}}"#.to_vec();
    world.post_signed(&path, body, KEY).await.expect("error", "function_mismatch");
}

#[tokio::test]
async fn events_nobody_stores_are_taken_with_204_and_counted() {
    let world = world().await;
    for body in [&br#"{"event":"chat_ended","chat":{"chat_id":"c"}}"#[..], br#"{"event":"of_the_future"}"#] {
        let heard = world.post_signed(EVENTS, body.to_vec(), KEY).await;
        assert_eq!((heard.http, heard.bytes.len()), (204, 0));
    }
    assert_eq!(counted(&world.app, r#"frontdesk_webhooks_total{event="other",outcome="ignored"}"#), 2);
}

#[tokio::test]
async fn a_text_message_is_no_call_and_gets_no_opinion() {
    let world = world().await;
    let body = br#"{"event":"chat_inbound","chat_inbound":{"from_number":"+491711234567"}}"#.to_vec();
    let heard = world.post_signed(INBOUND, body, KEY).await;
    assert_eq!((heard.http, heard.json.to_string().as_str()), (200, r#"{"call_inbound":{}}"#));
}

#[tokio::test]
async fn one_address_for_everything_tells_functions_from_events_by_the_body() {
    let world = world().await;
    let path = "/v1/retell/ep_8Hh2demo";
    let event = br#"{"event":"of_the_future"}"#.to_vec();
    assert_eq!(world.post_signed(path, event, KEY).await.http, 204);
    let text = br#"{"event":"chat_inbound","chat_inbound":{}}"#.to_vec();
    assert_eq!(world.post_signed(path, text, KEY).await.http, 200);
    let function = br#"{"name":"order_pizza","args":{},"call":{"call_id":"call_1"}}"#.to_vec();
    world.post_signed(path, function, KEY).await.expect("error", "unknown_function");
}

#[tokio::test]
async fn unknown_paths_are_equal_404s_and_counted_below_v1() {
    let world = world().await;
    let first = world.post("/v1/retell/ep_8Hh2demo/function", b"{}".to_vec(), &[]).await;
    let second = world.post("/v1/retell/ep_nobody/function", b"{}".to_vec(), &[]).await;
    let third = world.get("/wp-login.php").await;
    assert_eq!(first, second);
    assert_eq!((first.http, third.http), (404, 404));
    assert_eq!(counted(&world.app, "frontdesk_not_found_total"), 2);
    assert_eq!(world.get(FUNCTIONS).await.http, 405, "calls are posted");
}

#[tokio::test]
async fn health_says_what_runs_and_readiness_ends_with_the_program() {
    let world = world().await;
    let health = world.get("/healthz").await;
    assert_eq!((health.http, health.text("status")), (200, "ok"));
    assert_eq!(health.text("build"), frontdesk::about::build_id());
    assert_eq!(health.text("version"), env!("CARGO_PKG_VERSION"));
    assert_eq!(world.get("/readyz").await.http, 200);
    world.app.end();
    let ready = world.get("/readyz").await;
    assert_eq!((ready.http, ready.at("reasons/0").as_str()), (503, Some("shutting down")));
}

#[tokio::test]
async fn metrics_are_for_this_machine_or_the_token() {
    let store = world().await.store().clone();
    let mut config = Config::load(None, std::iter::empty()).unwrap();
    config.metrics.token = Some(SecretString::from("geheim"));
    let app = App::over(config, store);
    let ask = |peer: Option<&str>, headers: &[(&str, &str)]| {
        let mut request = Request::get("/metrics");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(peer) = peer {
            request = request.extension(ConnectInfo(peer.parse::<SocketAddr>().unwrap()));
        }
        request.body(Body::empty()).unwrap()
    };
    let local = Some("127.0.0.1:5");
    let away = Some("192.0.2.1:5");
    let cases = [
        (401, local, &[][..]),
        (401, local, &[("x-forwarded-for", "192.0.2.1")]),
        (401, away, &[]),
        (401, None, &[]),
        (401, away, &[("authorization", "Bearer falsch")]),
        (401, away, &[("authorization", "Bearer ")]),
        (200, away, &[("authorization", "Bearer geheim")]),
    ];
    for (wanted, peer, headers) in cases {
        let response = raw(&app, ask(peer, headers)).await;
        assert_eq!(response.status().as_u16(), wanted, "{peer:?} {headers:?}");
    }
    let response = metrics_router(app).oneshot(ask(away, &[])).await.unwrap();
    assert_eq!(response.status().as_u16(), 401, "the token holds on the metrics' own address, too");
}

#[tokio::test]
async fn metrics_name_no_tenant_and_no_guess_of_a_stranger() {
    let world = world().await;
    world.post("/v1/retell/ep_geraten/functions/heinz", b"{\"name\":\"heinz\"}".to_vec(), &[]).await;
    world.post_signed(FUNCTIONS, b"{\"name\":\"heinz\",\"args\":{}}".to_vec(), KEY).await;
    let text = world.app.metrics.text();
    for word in ["heinz", "geraten", "barbier", "ep_8Hh2demo", KEY] {
        assert!(!text.contains(word), "{word} in {text}");
    }
}

#[tokio::test]
async fn no_answer_names_the_server() {
    let world = world().await;
    let response = raw(&world.app, Request::get("/healthz").body(Body::empty()).unwrap()).await;
    assert!(response.headers().get("server").is_none());
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert!(serde_json::from_slice::<serde_json::Value>(&body).is_ok());
}
