//! What goes wrong on purpose goes wrong in exactly the way it was asked to.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::time::Duration;

use frontdesk_fake_calcom::world::Hook;
use frontdesk_fake_calcom::{Answer, FakeCalcom, Foreign, Operation, Request, Rule, Status, World};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

const MONDAY_TEN: &str = "2030-01-07T09:00:00Z";

fn now() -> Timestamp {
    "2030-01-02T08:00:00Z".parse().unwrap()
}

fn salon() -> FakeCalcom {
    FakeCalcom::new(World::salon(), 7)
}

fn request(method: &str, target: &str) -> Request {
    let version = if target.contains("slots") { "2024-09-04" } else { "2024-08-13" };
    Request::new(method, target, now())
        .header("Authorization", "Bearer cal_demo_fabian")
        .header("cal-api-version", version)
}

fn create(start: &str, email: &str) -> Request {
    request("POST", "/v2/bookings").json(&json!({
        "eventTypeId": 3,
        "start": start,
        "attendee": { "name": "Karl", "email": email, "timeZone": "Europe/Berlin" },
        "metadata": { "frontdesk_op": email },
    }))
}

fn rule(text: &str) -> Rule {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn hears(fake: &FakeCalcom) {
    let hook = Hook {
        id: String::new(),
        user_id: Some(2),
        event_type_id: None,
        subscriber_url: "http://127.0.0.1:9/hook".to_owned(),
        active: true,
        triggers: vec!["BOOKING_CREATED".to_owned()],
        secret: Some("s".to_owned()),
    };
    fake.add_webhook(hook, now());
}

fn told(answer: &Answer) -> Vec<String> {
    answer
        .webhooks
        .iter()
        .map(|it| serde_json::from_slice::<Value>(&it.body).unwrap()["payload"]["attendees"][0]["email"].to_string())
        .collect()
}

#[test]
fn an_error_before_has_no_effect_and_an_error_after_has_one() {
    let fake = salon();
    fake.add_fault(rule("error-before=503,op=create,times=1"));
    assert_eq!(fake.handle(&create(MONDAY_TEN, "a@b.example")).status, 503);
    assert!(fake.ledger().is_empty());
    fake.add_fault(rule("error-after=500,op=create,times=1"));
    let answer = fake.handle(&create(MONDAY_TEN, "a@b.example"));
    assert_eq!((answer.status, answer.json()["message"].as_str()), (500, Some("Internal server error")));
    assert_eq!(fake.ledger()[0].metadata["frontdesk_op"], "a@b.example");
    assert_eq!(fake.handle(&create(MONDAY_TEN, "a@b.example")).status, 400, "both faults are used up");
}

#[test]
fn a_lost_answer_is_marked_and_its_effect_stays() {
    let fake = salon();
    fake.add_fault(rule("lost-answer,op=create"));
    assert!(fake.handle(&create(MONDAY_TEN, "a@b.example")).fault.lose_answer);
    assert_eq!(fake.ledger().len(), 1);
    let other = fake.handle(&request("GET", "/v2/bookings"));
    assert!(other.fault.is_none() && other.json()["data"].as_array().unwrap().len() == 1);
}

#[test]
fn a_hang_has_no_effect_and_a_late_effect_comes_when_it_is_finished() {
    let fake = salon();
    fake.add_fault(rule("hang=19,op=create,times=1"));
    let pending = fake.begin(&create(MONDAY_TEN, "a@b.example"));
    assert_eq!((pending.operation(), pending.fault().wait_before), (Operation::Create, Duration::from_secs(19)));
    assert!(fake.finish(pending, now()).fault.lose_answer && fake.ledger().is_empty());

    fake.add_fault(rule("late-effect=30,op=create,times=1"));
    let pending = fake.begin(&create(MONDAY_TEN, "a@b.example"));
    assert!(fake.ledger().is_empty(), "nothing before its time");
    let later = now() + SignedDuration::from_secs(30);
    assert!(fake.finish(pending, later).fault.lose_answer);
    assert_eq!(fake.ledger()[0].created_at, later);
}

#[test]
fn a_hang_after_the_effect_waits_with_the_answer_only() {
    let fake = salon();
    fake.add_fault(rule("hang-after=19,op=create"));
    let answer = fake.handle(&create(MONDAY_TEN, "a@b.example"));
    assert_eq!((answer.status, answer.fault.wait_after), (201, Duration::from_secs(19)));
}

#[test]
fn two_requests_may_pass_the_check_before_either_is_in() {
    let fake = salon();
    let one = fake.begin(&create(MONDAY_TEN, "a@b.example"));
    let other = fake.begin(&create("2030-01-07T09:15:00Z", "c@d.example"));
    let same = fake.begin(&create(MONDAY_TEN, "e@f.example"));
    assert_eq!(fake.finish(one, now()).status, 201);
    assert_eq!(fake.finish(other, now()).status, 201, "an overlap that is not the same time is not noticed");
    let same = fake.finish(same, now());
    assert_eq!((same.status, same.json()), (409, json!({ "statusCode": 409, "message": "booking_conflict_error" })));
}

#[test]
fn storms_and_revoked_keys_look_like_the_real_ones() {
    let fake = salon();
    fake.add_fault(rule("too-many,op=list,times=1"));
    let answer = fake.handle(&request("GET", "/v2/bookings"));
    assert_eq!((answer.status, answer.json()["error"]["code"].as_str()), (429, Some("ThrottlerException")));
    fake.revoke_key("cal_demo_fabian");
    assert_eq!(fake.handle(&request("GET", "/v2/bookings")).status, 401);
    fake.restore_key("cal_demo_fabian");
    assert_eq!(fake.handle(&request("GET", "/v2/bookings")).status, 200);
    fake.add_fault(rule("key-revoked"));
    assert_eq!(fake.handle(&request("GET", "/v2/bookings")).status, 401);
    fake.clear_faults();
    assert_eq!(fake.handle(&request("GET", "/v2/bookings")).status, 200);
}

#[test]
fn reads_that_lag_see_the_past_until_it_is_over() {
    let fake = salon();
    fake.set_read_lag(Duration::from_secs(10));
    let uid = fake.handle(&create(MONDAY_TEN, "a@b.example")).json()["data"]["uid"].as_str().unwrap().to_owned();
    let at = |seconds: i64, target: &str| {
        let mut request = request("GET", target);
        request.now += SignedDuration::from_secs(seconds);
        fake.handle(&request)
    };
    assert_eq!(at(9, &format!("/v2/bookings/{uid}")).status, 404);
    assert!(at(9, "/v2/bookings").json()["data"].as_array().unwrap().is_empty());
    assert_eq!(at(10, &format!("/v2/bookings/{uid}")).json()["data"]["status"], "accepted");
    let mut cancel = request("POST", &format!("/v2/bookings/{uid}/cancel")).json(&json!({ "cancellationReason": "x" }));
    cancel.now += SignedDuration::from_secs(20);
    assert_eq!(fake.handle(&cancel).status, 200, "a change sees the present");
    assert_eq!(at(29, &format!("/v2/bookings/{uid}")).json()["data"]["status"], "accepted");
    assert_eq!(at(30, &format!("/v2/bookings/{uid}")).json()["data"]["status"], "cancelled");
}

#[test]
fn webhooks_come_twice_or_not_or_late_or_in_another_order() {
    let fake = salon();
    hears(&fake);
    let hours = ["2030-01-07T09:00:00Z", "2030-01-07T10:00:00Z", "2030-01-07T11:00:00Z", "2030-01-07T12:00:00Z"];
    fake.add_fault(rule("webhook-double,times=1"));
    assert_eq!(told(&fake.handle(&create(hours[0], "a@b.example"))).len(), 2);
    fake.add_fault(rule("webhook-drop,times=1"));
    assert!(told(&fake.handle(&create(hours[1], "a@b.example"))).is_empty());
    fake.add_fault(rule("webhook-reorder,times=1"));
    assert!(told(&fake.handle(&create(hours[2], "first@b.example"))).is_empty());
    fake.add_fault(rule("webhook-delay=4,times=1"));
    let answer = fake.handle(&create(hours[3], "second@b.example"));
    assert_eq!(told(&answer), ["\"second@b.example\"", "\"first@b.example\""]);
    assert_eq!(answer.webhooks[0].after, Duration::from_secs(4));
    fake.add_fault(rule("webhook-reorder"));
    fake.handle(&create("2030-01-07T13:00:00Z", "kept@b.example"));
    assert_eq!(fake.take_held_webhooks().len(), 1);
    assert!(fake.take_held_webhooks().is_empty());
}

#[test]
fn the_same_seed_throws_the_same_dice() {
    let outcomes = |seed: u64| {
        let fake = FakeCalcom::new(World::salon(), seed);
        fake.add_fault(rule("error-before=500,p=0.5"));
        (0..64).map(|_| fake.handle(&request("GET", "/v2/bookings")).status).collect::<Vec<_>>()
    };
    assert_eq!(outcomes(3), outcomes(3));
    assert_ne!(outcomes(3), outcomes(4));
    let failed = outcomes(3).iter().filter(|status| **status == 500).count();
    assert!((16..48).contains(&failed), "{failed} of 64");
}

#[test]
fn a_foreign_booking_takes_the_time_and_stands_in_the_ledger() {
    let fake = salon();
    let foreign = Foreign {
        event_type_id: 3,
        start: MONDAY_TEN.parse().unwrap(),
        host_id: None,
        minutes: None,
        name: "Web".to_owned(),
        email: "w@x.example".to_owned(),
        metadata: Map::new(),
    };
    let booked = fake.book_foreign(&foreign, now()).unwrap();
    assert_eq!(fake.handle(&create(MONDAY_TEN, "a@b.example")).status, 400);
    assert!(fake.cancel_foreign(&booked.uid, now()));
    assert_eq!(fake.handle(&create(MONDAY_TEN, "a@b.example")).status, 201);
    let ledger = fake.ledger();
    assert_eq!(
        ledger.iter().map(|it| (it.status, it.foreign)).collect::<Vec<_>>(),
        [(Status::Cancelled, true), (Status::Accepted, false)]
    );
    assert!(fake.book_foreign(&Foreign { event_type_id: 99, ..foreign }, now()).is_err());
}

#[test]
fn rules_are_written_as_they_are_read_and_nonsense_is_named() {
    for text in [
        "latency=0.25",
        "hang=19,op=create,times=1",
        "error-after=502,op=cancel,p=0.1",
        "late-effect=30,op=reschedule,p=0.5,times=2",
        "webhook-delay=3",
    ] {
        assert_eq!(rule(text).to_string(), text);
    }
    assert_eq!(rule("error-before").to_string(), "error-before=500");
    for (text, part) in [
        ("singing", "there are: latency"),
        ("hang", "`hang` needs seconds"),
        ("hang=-1", "seconds"),
        ("error-before=200", "400 to 599"),
        ("lost-answer,op=sing", "`op=sing`"),
        ("lost-answer,p=2", "`p=2`"),
        ("lost-answer,when=now", "`when=now`"),
    ] {
        let error = text.parse::<Rule>().unwrap_err().to_string();
        assert!(error.contains(part), "{text}: {error}");
    }
}
