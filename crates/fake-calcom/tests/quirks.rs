//! What the recordings do not show and the contract says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use frontdesk_fake_calcom::{Answer, FakeCalcom, Request, World};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

const MONDAY_TEN: &str = "2030-01-07T09:00:00Z";
const ROUND_ROBIN: u64 = 8;

fn now() -> Timestamp {
    "2030-01-02T08:00:00Z".parse().unwrap()
}

struct Client {
    fake: FakeCalcom,
    key: &'static str,
    now: Timestamp,
}

impl Client {
    fn new() -> Self {
        Self { fake: FakeCalcom::new(World::salon(), 7), key: "cal_demo_emma", now: now() }
    }

    fn request(&self, method: &str, target: &str, body: &Value) -> Request {
        let version = if target.contains("slots") {
            "2024-09-04"
        } else if target.contains("event-types") {
            "2024-06-14"
        } else {
            "2024-08-13"
        };
        let request = Request::new(method, target, self.now)
            .header("authorization", &format!("Bearer {}", self.key))
            .header("CAL-API-VERSION", version);
        if body.is_null() { request } else { request.json(body) }
    }

    fn send(&self, method: &str, target: &str, body: &Value) -> Answer {
        self.fake.handle(&self.request(method, target, body))
    }

    fn book(&self, event_type: u64, start: &str, email: &str) -> Answer {
        self.send("POST", "/v2/bookings", &wish(event_type, start, email))
    }

    fn slots(&self, query: &str) -> Vec<String> {
        let answer = self.send("GET", &format!("/v2/slots?{query}"), &Value::Null);
        assert_eq!(answer.status, 200, "{}", answer.json());
        let days = answer.json()["data"].as_object().unwrap().clone();
        days.values()
            .flat_map(|day| day.as_array().unwrap())
            .map(|slot| slot["start"].as_str().unwrap().to_owned())
            .collect()
    }
}

fn wish(event_type: u64, start: &str, email: &str) -> Value {
    json!({
        "eventTypeId": event_type,
        "start": start,
        "attendee": { "name": "Karl", "email": email, "timeZone": "Europe/Berlin" },
    })
}

fn uid(answer: &Answer) -> String {
    answer.json()["data"]["uid"].as_str().unwrap_or_else(|| panic!("{}", answer.json())).to_owned()
}

fn message(answer: &Answer) -> String {
    let body = answer.json();
    body["error"]["message"].as_str().or(body["message"].as_str()).unwrap_or_default().to_owned()
}

#[test]
fn a_round_robin_gives_the_same_address_somebody_elses_booking_again() {
    let client = Client::new();
    let first = uid(&client.book(ROUND_ROBIN, MONDAY_TEN, "shared@invalid.invalid"));
    let again = client.book(ROUND_ROBIN, MONDAY_TEN, "shared@invalid.invalid");
    assert_eq!((again.status, uid(&again)), (201, first.clone()));
    assert!(again.webhooks.is_empty());
    assert_ne!(uid(&client.book(ROUND_ROBIN, MONDAY_TEN, "other@invalid.invalid")), first);
    assert_eq!(client.fake.ledger().len(), 2);
}

#[test]
fn a_round_robin_is_full_when_every_host_is_and_subsets_are_seen() {
    let client = Client::new();
    let hosts: Vec<Value> = ["a@b.example", "c@d.example", "e@f.example"]
        .map(|email| client.book(ROUND_ROBIN, MONDAY_TEN, email).json()["data"]["hosts"][0]["id"].clone())
        .to_vec();
    assert_eq!(hosts, [1, 2, 3]);
    let full = client.book(ROUND_ROBIN, MONDAY_TEN, "g@h.example");
    assert!(message(&full).starts_with("One of the hosts either already"), "{}", full.json());
    let day = "eventTypeId=8&start=2030-01-08&end=2030-01-08";
    client.send("POST", "/v2/bookings", &{
        let mut body = wish(ROUND_ROBIN, "2030-01-08T09:00:00Z", "i@j.example");
        body["routing"] = json!({ "responseId": 0, "teamMemberIds": [2] });
        body
    });
    let at_ten = "2030-01-08T09:00:00.000Z".to_owned();
    assert!(client.slots(day).contains(&at_ten), "the others are free");
    assert!(!client.slots(&format!("{day}&rrHostSubsetIds[]=2")).contains(&at_ten));
}

#[test]
fn the_attendees_endpoint_adds_and_never_removes_the_first() {
    let client = Client::new();
    let booking = uid(&client.book(1, MONDAY_TEN, "placeholder@x.invalid"));
    let target = format!("/v2/bookings/{booking}/attendees");
    let new = json!({ "name": "Karl", "email": "karl@mail.example", "timeZone": "Europe/Berlin" });
    assert_eq!(message(&client.send("POST", &target, &new)), format!("Cannot POST {target}"));
    client.fake.set_attendees_endpoint(true);
    assert_eq!(client.send("POST", &target, &new).status, 201);
    assert_eq!(client.send("POST", &target, &new).status, 400, "twice the same address");
    let all = client.send("GET", &target, &Value::Null).json()["data"].clone();
    let ids: Vec<u64> = all.as_array().unwrap().iter().map(|who| who["id"].as_u64().unwrap()).collect();
    let first = client.send("DELETE", &format!("{target}/{}", ids[0]), &Value::Null);
    assert_eq!((first.status, message(&first).as_str()), (400, "cannot_remove_primary_attendee"));
    assert_eq!(client.send("DELETE", &format!("{target}/{}", ids[1]), &Value::Null).status, 200);
    for _ in 0..3 {
        client.send("POST", &target, &new);
    }
    assert_eq!(client.send("POST", &target, &new).status, 429, "five a minute");
}

#[test]
fn every_schedule_keeps_its_wall_times_through_the_change_of_the_clocks() {
    let client = Client::new();
    // The last Sunday of March 2030 is the 31st; on Monday the salon opens an hour earlier in UTC.
    let friday = client.slots("eventTypeId=3&start=2030-03-29&end=2030-03-29");
    let monday = client.slots("eventTypeId=3&start=2030-04-01&end=2030-04-01");
    assert_eq!((friday[0].as_str(), monday[0].as_str()), ("2030-03-29T08:00:00.000Z", "2030-04-01T07:00:00.000Z"));
    assert_eq!(friday.len(), monday.len());
}

#[test]
fn slots_of_today_begin_on_the_grid_after_now() {
    let mut client = Client::new();
    client.now = "2030-01-07T09:07:30Z".parse().unwrap();
    assert_eq!(client.slots("eventTypeId=3&start=2030-01-07&end=2030-01-07")[0], "2030-01-07T09:15:00.000Z");
}

#[test]
fn a_cancelled_time_is_free_at_once_and_the_same_query_hears_so_two_seconds_later() {
    let mut client = Client::new();
    let booking = uid(&client.book(3, MONDAY_TEN, "a@b.example"));
    let day = "eventTypeId=3&start=2030-01-07&end=2030-01-07";
    let ten = "2030-01-07T09:00:00.000Z".to_owned();
    assert!(!client.slots(day).contains(&ten));
    client.key = "cal_demo_fabian";
    let target = format!("/v2/bookings/{booking}/cancel");
    assert_eq!(
        message(&client.send("POST", &target, &json!({}))),
        "Cancellation reason is required when you are the host"
    );
    assert_eq!(client.send("POST", &target, &json!({ "cancellationReason": "x" })).status, 200);
    assert!(!client.slots(day).contains(&ten), "stale");
    assert!(client.slots("eventTypeId=3&start=2030-01-07&end=2030-01-07T23:59:58Z").contains(&ten), "another query");
    client.now += SignedDuration::from_secs(2);
    assert!(client.slots(day).contains(&ten));
}

#[test]
fn guests_and_decisions_are_for_the_host_and_the_team_only() {
    let mut client = Client::new();
    let booking = uid(&client.book(ROUND_ROBIN, MONDAY_TEN, "a@b.example"));
    let guests = json!({ "guests": [{ "email": "g@h.example" }] });
    client.key = "cal_demo_nele";
    assert_eq!(client.send("POST", &format!("/v2/bookings/{booking}/guests"), &guests).status, 403);
    client.key = "cal_demo_emma";
    assert_eq!(client.send("POST", &format!("/v2/bookings/{booking}/guests"), &guests).status, 200);
}

#[test]
fn lists_page_and_show_only_what_the_key_may_see() {
    let mut client = Client::new();
    for hour in 9..14 {
        client.book(3, &format!("2030-01-07T{hour:02}:00:00Z"), "a@b.example");
    }
    assert!(client.send("GET", "/v2/bookings", &Value::Null).json()["data"].as_array().unwrap().is_empty());
    client.key = "cal_demo_fabian";
    let page = client.send("GET", "/v2/bookings?take=2&skip=2&sortStart=desc", &Value::Null).json();
    assert_eq!(page["data"][0]["start"], "2030-01-07T11:00:00.000Z");
    let told = &page["pagination"];
    assert_eq!(
        (&told["currentPage"], &told["remainingItems"], &told["hasPreviousPage"]),
        (&json!(2), &json!(1), &json!(true))
    );
    let none = client.send("GET", "/v2/bookings?status=past,cancelled", &Value::Null).json();
    assert_eq!(none["pagination"]["totalItems"], 0);
}

#[test]
fn the_same_seed_and_requests_give_the_same_bytes() {
    let run = || {
        let client = Client::new();
        let one = client.book(3, MONDAY_TEN, "a@b.example");
        let move_it = client.send(
            "POST",
            &format!("/v2/bookings/{}/reschedule", uid(&one)),
            &json!({ "start": "2030-01-07T12:00:00Z" }),
        );
        (one.headers, one.body, move_it.body)
    };
    assert_eq!(run(), run());
}
