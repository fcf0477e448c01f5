//! The calls between the recorded ones that changed the world, as `WORLD.json` tells them.

use frontdesk_fake_calcom::world::{EventType, Hook};
use frontdesk_fake_calcom::{Answer, Request};
use jiff::SignedDuration;
use jiff::civil::Weekday;
use serde_json::{Value, json};

use crate::recordings;
use crate::replay::{OWNER, Replay};

const BOOKINGS: &str = "2024-08-13";
const SLOTS: &str = "2024-09-04";
const PHONE: &str = "+4915112345678";

pub fn before(replay: &mut Replay, name: &str, recording: &Value) {
    match name {
        "slots-cache-1-before-reserve" => {
            reserve(replay, json!({ "eventTypeId": 1, "slotStart": "2026-12-02T10:00:00Z" }))
        }
        "webhooks-create" => {
            let uid = recordings::read("slots-cache-2-reserve")["response"]["body"]["data"]["reservationUid"].clone();
            let target = replay.names.translate(&format!("/v2/slots/reservations/{}", uid.as_str().unwrap()));
            call(replay, "DELETE", &target, SLOTS, &Value::Null, 200);
        }
        "bookings-reschedule-conflict" => {
            let uid = book(replay, 1, "2026-12-01T15:00:00Z", "b@example.test", json!({ "phone": PHONE }));
            replay.names.same("6jErN7igWzPhADYyqRiV84", &uid);
        }
        "bookings-cancel" => {
            let more = json!({ "phone": PHONE, "metadata": { "k": "v" } });
            let uid = book(replay, 1, "2026-12-02T14:00:00Z", "max@example.test", more);
            replay.names.same("tAJhMudtidyuEvYM4ZDBj8", &uid);
        }
        "bookings-cancel-no-body" => {
            let uid = book(replay, 1, "2026-12-02T14:00:00Z", "max@example.test", json!({ "phone": PHONE }));
            replay.names.same("wpqpiRFKU2q61j4dedSwTz", &uid);
        }
        "race-reservations-20-same-slot-b" | "event-types-create-60min" => {
            // All reservations of the race before are deleted; they had five minutes, so later is the same.
            replay.now += SignedDuration::from_mins(if name.starts_with("race") { 6 } else { 0 });
        }
        "race-reschedule-into-same-slot" => {
            let first = book(replay, 1, "2026-12-10T09:00:00Z", "r0@example.test", json!({}));
            let second = book(replay, 1, "2026-12-10T10:00:00Z", "r1@example.test", json!({}));
            same_as_in_path(replay, &recording["example_request"], &first);
            replay.names.same("the second of race-reschedule-into-same-slot", &second);
        }
        "race-cancel-5-same-booking" => {
            let uid = book(replay, 1, "2026-12-10T11:00:00Z", "c@example.test", json!({}));
            same_as_in_path(replay, &recording["example_request"], &uid);
        }
        "race-reschedule-5-same-booking" => {
            let uid = book(replay, 1, "2026-12-10T12:00:00Z", "c@example.test", json!({}));
            same_as_in_path(replay, &recording["example_request"], &uid);
        }
        "bookings-create-into-slot-reserved-by-other" => {
            let body = json!({ "eventTypeId": 1, "slotStart": "2026-12-11T09:00:00Z" });
            let answer = call(replay, "POST", "/v2/slots/reservations", SLOTS, &body, 201);
            let own = answer.json()["data"]["reservationUid"].as_str().unwrap().to_owned();
            replay.names.same("8dd80ec6-715a-470f-8b7e-a8608d9e0958", &own);
        }
        "bookings-create-phone-only-email-optional-type" => {
            let types = recordings::world()["event_types"].clone();
            let ninth = types.as_array().unwrap().iter().find(|it| it["id"] == 9).unwrap().clone();
            replay.fake.put_event_type(serde_json::from_value::<EventType>(ninth).unwrap());
        }
        _ => later(replay, name, recording),
    }
}

fn later(replay: &mut Replay, name: &str, recording: &Value) {
    match name {
        "webhook-booking-created" => {
            for start in ["2026-12-17T12:00:00Z", "2026-12-17T13:00:00Z", "2026-12-17T14:00:00Z"] {
                book(replay, 1, start, "dc@example.test", json!({}));
            }
            let metadata = json!({ "frontdesk_appointment_id": "a-1", "frontdesk_origin": "frontdesk" });
            let more = json!({ "phone": PHONE, "metadata": metadata });
            let uid = book(replay, 1, "2026-12-18T09:00:00Z", "wh@example.test", more);
            replay.names.same("2FKfruP5Lk1wduBE5f6unj", &uid);
        }
        "webhook-booking-rescheduled" => {
            let target = replay.names.translate("/v2/bookings/2FKfruP5Lk1wduBE5f6unj/reschedule");
            let body = json!({
                "start": "2026-12-18T10:00:00Z", "rescheduledBy": "wh@example.test",
                "reschedulingReason": "passt besser",
            });
            call(replay, "POST", &target, BOOKINGS, &body, 201);
        }
        "webhook-booking-cancelled" => {
            let target = replay.names.translate("/v2/bookings/2ownVnovUqK2jByctrFyhU/cancel");
            call(replay, "POST", &target, BOOKINGS, &json!({ "cancellationReason": "Kunde hat abgesagt" }), 200);
        }
        "webhook-booking-requested" => {
            book(replay, 6, "2026-12-18T11:00:00Z", "wh@example.test", json!({}));
        }
        "bookings-decline" => {
            let uid = book(replay, 6, "2026-12-18T12:00:00Z", "wh@example.test", json!({}));
            same_as_in_path(replay, &recording["request"], &uid);
        }
        "teams-list" => {
            let first = book(replay, 1, "2026-12-18T13:00:00Z", "wh@example.test", json!({}));
            book(replay, 1, "2026-12-18T14:00:00Z", "wh@example.test", json!({}));
            replay.names.same("2vCHLSnnrW4jpbUcGbJ1Cv", &first);
        }
        "bookings-reassign-auto" => {
            let uid = book(replay, 10, "2026-12-22T09:00:00Z", "ra@example.test", json!({}));
            replay.names.same("v4n4A46NECqDm3MZotcbwn", &uid);
        }
        "slots-reschedule-exclude-own" => {
            book(replay, 10, "2026-12-22T10:00:00Z", "rh@example.test", json!({ "host": 3 }));
            for (hour, host) in (8..14).zip([2, 3].into_iter().cycle()) {
                let start = format!("2026-12-28T{hour:02}:00:00Z");
                book(replay, 10, &start, "rh@example.test", json!({ "host": host }));
            }
        }
        "slots-unknown-query-param" => {
            // Of the latency run only its reservations are left: at 13:00 on 30 working days from 2027-01-04 on.
            let mut day = jiff::civil::date(2027, 1, 4);
            for _ in 0..30 {
                reserve(replay, json!({ "eventTypeId": 1, "slotStart": format!("{day}T13:00:00Z") }));
                day = day.tomorrow().unwrap();
                while matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
                    day = day.tomorrow().unwrap();
                }
            }
        }
        "rate-limit-headers" => ask_who_i_am(replay, 100, 2),
        "rate-limit-exceeded" => ask_who_i_am(replay, 19, 0),
        "bookings-create-overlap-sequential" => {
            book(replay, 1, "2027-02-02T09:00:00Z", "o@example.test", json!({}));
        }
        "webhooks-update" => {
            let target = replay.names.translate("/v2/event-types/1/webhooks/8d2dad28-9a19-4bdc-9dee-9c4dc59221a2");
            call(replay, "DELETE", &target, "", &Value::Null, 200);
        }
        "webhooks-delete" => {
            let hook = Hook {
                id: "c34d8270-4a44-41ae-b613-d542f958ed94".to_owned(),
                user_id: Some(1),
                event_type_id: None,
                subscriber_url: "http://127.0.0.1:58080/hook".to_owned(),
                active: true,
                triggers: vec!["BOOKING_CREATED".to_owned()],
                secret: None,
            };
            replay.fake.add_webhook(hook, replay.now);
            book(replay, 1, "2027-02-03T09:00:00Z", "ns@example.test", json!({}));
            let unsigned = &replay.deliveries.last().unwrap().headers;
            assert!(unsigned.iter().any(|(_, value)| value == "no-secret-provided"));
        }
        "bookings-reschedule-after-guests" => {
            let target = replay.names.translate("/v2/bookings/32cUvBhzZAEjgmxjDtghWA/guests");
            for index in 0..7 {
                let body = json!({ "guests": [{ "email": format!("gg{index}@example.test") }] });
                call(replay, "POST", &target, BOOKINGS, &body, 200);
            }
        }
        "slots-host-choice-rr" => {
            let body = json!({ "rrHostSubsetEnabled": true });
            call(replay, "PATCH", "/v2/teams/2/event-types/10", "2024-06-14", &body, 200);
            let body = booking(10, "2026-12-29T10:00:00Z", "q@example.test", &json!({ "host": 2 }));
            call(replay, "POST", "/v2/bookings", BOOKINGS, &body, 400);
        }
        _ => {}
    }
}

fn booking(event_type: u64, start: &str, email: &str, more: &Value) -> Value {
    let mut body = json!({
        "eventTypeId": event_type,
        "start": start,
        "attendee": { "name": "Max Mustermann", "email": email, "timeZone": "Europe/Berlin", "language": "de" },
    });
    if let Some(phone) = more.get("phone") {
        body["attendee"]["phoneNumber"] = phone.clone();
    }
    if let Some(metadata) = more.get("metadata") {
        body["metadata"] = metadata.clone();
    }
    if let Some(host) = more.get("host") {
        body["routing"] = json!({ "responseId": 0, "teamMemberIds": [host] });
    }
    body
}

fn book(replay: &mut Replay, event_type: u64, start: &str, email: &str, more: Value) -> String {
    let body = booking(event_type, start, email, &more);
    let answer = call(replay, "POST", "/v2/bookings", BOOKINGS, &body, 201);
    answer.json()["data"]["uid"].as_str().unwrap().to_owned()
}

fn reserve(replay: &mut Replay, body: Value) {
    call(replay, "POST", "/v2/slots/reservations", SLOTS, &body, 201);
}

fn ask_who_i_am(replay: &mut Replay, times: u32, seconds_ago: i64) {
    for _ in 0..times {
        let then = replay.now - SignedDuration::from_secs(seconds_ago);
        let request = Request::new("GET", "/v2/me", then).header("Authorization", "Bearer cal_<API_KEY_outsider>");
        assert_eq!(replay.fake.handle(&request).status, 200);
    }
}

fn same_as_in_path(replay: &mut Replay, request: &Value, own: &str) {
    let recorded = request["path"].as_str().unwrap().split('/').nth(3).unwrap().to_owned();
    replay.names.same(&recorded, own);
}

fn call(replay: &mut Replay, method: &str, target: &str, version: &str, body: &Value, expected: u16) -> Answer {
    let mut request = Request::new(method, target, replay.now)
        .header("Authorization", &format!("Bearer {OWNER}"))
        .header("cal-api-version", version);
    if !body.is_null() {
        request = request.json(body);
    }
    let answer = replay.send(&request);
    assert_eq!(answer.status, expected, "{method} {target} {body}: {}", answer.json());
    answer
}
