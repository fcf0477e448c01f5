//! The fake on a port: what only a connection can show.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use frontdesk_fake_calcom::{FakeCalcom, World, server};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

fn now() -> Timestamp {
    "2030-01-02T08:00:00Z".parse().unwrap()
}

async fn served() -> (Arc<FakeCalcom>, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let fake = Arc::new(FakeCalcom::new(World::salon(), 7));
    let serving = server::serve(listener, Arc::clone(&fake), Arc::new(now), Duration::ZERO);
    #[allow(clippy::disallowed_methods, reason = "ends with the test's runtime")]
    tokio::spawn(serving);
    (fake, address)
}

async fn send(to: SocketAddr, method: &str, target: &str, body: &str) -> TcpStream {
    let mut stream = TcpStream::connect(to).await.unwrap();
    let version = if target.contains("slots") { "2024-09-04" } else { "2024-08-13" };
    let request = format!(
        "{method} {target} HTTP/1.1\r\nHost: {to}\r\nConnection: close\r\nAuthorization: Bearer cal_demo_fabian\r\n\
         cal-api-version: {version}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

/// Everything that came back until the connection closed.
async fn heard(mut stream: TcpStream) -> String {
    let mut text = Vec::new();
    let _reset_counts_as_end = stream.read_to_end(&mut text).await;
    String::from_utf8(text).unwrap()
}

/// One whole request, as long as it says it is.
async fn request_read(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    loop {
        let length = text.split_once("\r\n\r\n").and_then(|(head, body)| {
            let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: "))?;
            Some(body.len() >= length.parse().ok()?)
        });
        if length == Some(true) {
            return text;
        }
        let mut bytes = [0u8; 4096];
        let count = stream.read(&mut bytes).await.unwrap();
        assert!(count > 0, "it breaks off: {text}");
        text.push_str(std::str::from_utf8(&bytes[..count]).unwrap());
    }
}

fn body_of(answer: &str) -> Value {
    serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap()).unwrap()
}

fn booking(start: &str) -> String {
    json!({
        "eventTypeId": 3,
        "start": start,
        "attendee": { "name": "Karl", "email": "k@b.example", "timeZone": "Europe/Berlin" },
    })
    .to_string()
}

#[tokio::test]
async fn it_answers_with_the_headers_of_the_real_one() {
    let (_fake, at) = served().await;
    let answer = heard(send(at, "GET", "/v2/slots?eventTypeId=3&start=2030-01-07&end=2030-01-07", "").await).await;
    let head = answer.split("\r\n\r\n").next().unwrap().to_ascii_lowercase();
    assert!(head.starts_with("http/1.1 200"), "{answer}");
    for header in [
        "keep-alive: timeout=5",
        "x-ratelimit-limit-default: 120",
        "x-ratelimit-remaining-default: 119",
        "x-request-id: ",
        "date: ",
    ] {
        assert!(head.contains(header), "{header} is missing in {head}");
    }
    assert_eq!(body_of(&answer)["data"]["2030-01-07"][0]["start"], "2030-01-07T08:00:00.000Z");
}

#[tokio::test]
async fn a_lost_answer_is_not_one_byte_long_and_the_booking_exists() {
    let (fake, at) = served().await;
    let added = heard(send(at, "POST", "/_fake/faults", "lost-answer,op=create,times=1").await).await;
    assert!(added.starts_with("HTTP/1.1 201"), "{added}");
    assert_eq!(heard(send(at, "POST", "/v2/bookings", &booking("2030-01-07T09:00:00Z")).await).await, "");
    assert_eq!(fake.ledger().len(), 1);
    let ledger = body_of(&heard(send(at, "GET", "/_fake/bookings", "").await).await);
    assert_eq!(ledger[0]["attendees"][0]["email"], "k@b.example");
}

#[tokio::test]
async fn a_webhook_arrives_before_the_answer_and_the_answer_waits_for_the_subscriber() {
    let (fake, at) = served().await;
    let subscriber = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let hook = json!({
        "active": true,
        "subscriberUrl": format!("http://{}/hook?a=1", subscriber.local_addr().unwrap()),
        "triggers": ["BOOKING_CREATED"],
        "secret": "geheim",
    });
    let made = heard(send(at, "POST", "/v2/webhooks", &hook.to_string()).await).await;
    assert!(made.starts_with("HTTP/1.1 201"), "{made}");
    let client = send(at, "POST", "/v2/bookings", &booking("2030-01-07T09:00:00Z")).await;

    let (mut told, _) = subscriber.accept().await.unwrap();
    let text = request_read(&mut told).await;
    assert_eq!(fake.ledger().len(), 1, "the booking is there before its webhook");
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /hook?a=1 HTTP/1.1"), "{head}");
    let signature = frontdesk_fake_calcom::sign("geheim", body.as_bytes());
    assert!(head.contains(&format!("X-Cal-Signature-256: {signature}")), "{head}");
    let mut nothing = [0u8; 1];
    assert!(client.try_read(&mut nothing).is_err(), "no answer while the subscriber thinks");

    told.write_all(b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n").await.unwrap();
    drop(told);
    client.readable().await.unwrap();
    assert!(heard(client).await.starts_with("HTTP/1.1 201"), "whatever the subscriber says");
}

#[tokio::test]
async fn a_client_that_goes_away_does_not_stop_its_booking() {
    let (fake, at) = served().await;
    let subscriber = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let hook = json!({
        "active": true,
        "subscriberUrl": format!("http://{}/hook", subscriber.local_addr().unwrap()),
        "triggers": ["BOOKING_CREATED"],
    });
    heard(send(at, "POST", "/v2/webhooks", &hook.to_string()).await).await;
    drop(send(at, "POST", "/v2/bookings", &booking("2030-01-07T09:00:00Z")).await);
    let _told = subscriber.accept().await.unwrap();
    assert_eq!(fake.ledger().len(), 1);
}

#[tokio::test]
async fn foreign_bookings_and_faults_can_be_made_from_outside() {
    let (_fake, at) = served().await;
    let foreign = r#"{"eventTypeId":3,"start":"2030-01-07T09:00:00Z"}"#;
    let made = heard(send(at, "POST", "/_fake/bookings", foreign).await).await;
    assert!(made.starts_with("HTTP/1.1 201") && body_of(&made)["foreign"] == true, "{made}");
    let refused = heard(send(at, "POST", "/v2/bookings", &booking("2030-01-07T09:00:00Z")).await).await;
    assert!(refused.starts_with("HTTP/1.1 400"), "{refused}");
    let rules = heard(send(at, "POST", "/_fake/faults", r#"{"rule":"hang=2,op=get"}"#).await).await;
    assert_eq!(body_of(&rules)["rules"][0], "hang=2,op=get");
    assert!(heard(send(at, "POST", "/_fake/faults", "singing").await).await.starts_with("HTTP/1.1 400"));
    assert_eq!(body_of(&heard(send(at, "DELETE", "/_fake/faults", "").await).await)["rules"], json!([]));
    assert!(heard(send(at, "GET", "/_fake/nothing", "").await).await.starts_with("HTTP/1.1 404"));
}
