//! Parallel runs: all check before any inserts, and the outcomes must be the recorded ones.

use std::collections::BTreeMap;

use frontdesk_fake_calcom::{Answer, Pending, Request};
use serde_json::{Value, json};

use crate::replay::Replay;

/// Runs one race and says what came out differently.
pub fn run(replay: &mut Replay, name: &str, recording: &Value) -> Vec<String> {
    let parallel = usize::try_from(recording["parallel"].as_u64().unwrap()).unwrap();
    let before = replay.fake.ledger().len();
    let requests: Vec<Request> = (0..parallel)
        .map(|index| {
            let mut request = recording["example_request"].clone();
            vary(replay, name, index, &mut request);
            replay.request(&request)
        })
        .collect();
    // Reservations have no unique key: as many get one as pass the check before the first is in.
    let first = if name.starts_with("race-reservations") { made(recording) } else { parallel };
    let mut answers = Vec::new();
    for wave in [&requests[..first], &requests[first..]] {
        let pending: Vec<Pending> = wave.iter().map(|request| replay.fake.begin(request)).collect();
        answers.extend(pending.into_iter().map(|pending| replay.fake.finish(pending, replay.now)));
    }
    replay.deliveries.extend(answers.iter().flat_map(|answer| answer.webhooks.iter().cloned()));
    let mut out = Vec::new();
    let (recorded, own) = (recorded(recording), counted(&answers));
    if recorded != own {
        out.push(format!("{recorded:?} was recorded, not {own:?}"));
    }
    let told: usize = answers.iter().map(|answer| answer.webhooks.len()).sum();
    if name == "race-cancel-5-same-booking" && told != 5 {
        out.push(format!("five cancellations were told, not {told}"));
    }
    let grown = replay.fake.ledger().len() - before;
    let expected = match name {
        _ if name.starts_with("race-reservations") || name.starts_with("race-cancel") => 0,
        _ => usize::try_from(recording["distinct_uids_created"].as_u64().unwrap()).unwrap(),
    };
    if grown != expected {
        out.push(format!("{expected} bookings were made, not {grown}"));
    }
    out
}

/// What made one request of the race different from the others.
fn vary(replay: &Replay, name: &str, index: usize, request: &mut Value) {
    let body = &mut request["body"];
    if name != "race-bookings-20-same-slot-same-attendee" && body.get("attendee").is_some() {
        let email = body["attendee"]["email"].as_str().unwrap().replace("0@", &format!("{index}@"));
        body["attendee"]["email"] = json!(email);
    }
    match (name, index) {
        ("race-bookings-overlap-off-grid", 1) => body["start"] = json!("2026-12-08T11:15:00Z"),
        ("race-bookings-two-event-types-same-host-30-and-60", 1) => body["eventTypeId"] = json!(2),
        ("race-bookings-two-event-types-same-host-30-and-30", 1) => body["eventTypeId"] = json!(3),
        ("race-bookings-adjacent-with-buffers", 1) => body["start"] = json!("2027-02-01T09:30:00Z"),
        ("race-reschedule-into-same-slot", 1) => {
            let uid = replay.names.translate("the second of race-reschedule-into-same-slot");
            request["path"] = json!(format!("/v2/bookings/{uid}/reschedule"));
        }
        _ => {}
    }
}

type Outcomes = BTreeMap<(u64, String), u64>;

fn recorded(recording: &Value) -> Outcomes {
    let mut out = Outcomes::new();
    for outcome in recording["outcomes"].as_array().unwrap() {
        let message = outcome["message"].as_str().unwrap();
        let flat = serde_json::from_str::<Value>(message).ok();
        let message = flat.and_then(|flat| flat["message"].as_str().map(str::to_owned)).unwrap_or(message.to_owned());
        out.insert((outcome["status"].as_u64().unwrap(), message), outcome["count"].as_u64().unwrap());
    }
    out
}

fn made(recording: &Value) -> usize {
    let made = recorded(recording).into_iter().find(|((status, _), _)| *status == 201).map(|(_, count)| count);
    usize::try_from(made.unwrap()).unwrap()
}

fn counted(answers: &[Answer]) -> Outcomes {
    let mut out = Outcomes::new();
    for answer in answers {
        let body = answer.json();
        let message = body["message"].as_str().or(body["error"]["message"].as_str()).unwrap_or("ok").to_owned();
        *out.entry((u64::from(answer.status), message)).or_default() += 1;
    }
    out
}
