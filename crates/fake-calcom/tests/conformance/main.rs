//! The fake against the recordings of a real Cal.com in `contracts/calcom`, in the order they were made.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod compare;
mod races;
mod recordings;
mod replay;
mod unrecorded;

use replay::Replay;

/// What is not imitated, and why. A line here that would pass fails the test.
const NOT_IMITATED: &[(&str, &str)] =
    &[("bookings-calendar-links", "links for other calendars are made for people; nothing reads them")];

/// Recordings in which nothing was asked.
const NO_EXCHANGE: &[(&str, &str)] =
    &[("latency-loopback", "durations of one machine; the fake has a knob for latency instead")];

#[test]
fn the_fake_answers_as_the_recordings_do() {
    let mut replay = Replay::new();
    let mut wrong = Vec::new();
    let mut count = 0;
    for name in recordings::order() {
        count += 1;
        if NO_EXCHANGE.iter().any(|(listed, _)| *listed == name) {
            let recording = recordings::read(&name);
            assert!(recording.get("request").is_none() && recording.get("example_request").is_none(), "{name}");
            unrecorded::before(&mut replay, &name, &recording);
            continue;
        }
        let differences = replay.play(&name);
        let reason = NOT_IMITATED.iter().find(|(listed, _)| *listed == name);
        match (differences.is_empty(), reason) {
            (false, None) => wrong.push(format!("{name}:\n    {}", differences.join("\n    "))),
            (true, Some(_)) => wrong.push(format!("{name}: is listed as not imitated, and passes")),
            _ => {}
        }
    }
    for (listed, _) in NOT_IMITATED {
        assert!(recordings::order().iter().any(|name| name == listed), "{listed} is not among the recordings");
    }
    assert_eq!(count, 207);
    assert!(wrong.is_empty(), "{} of {count} recordings differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_recorded_signatures_are_what_we_sign() {
    let mut vectors = 0;
    for name in recordings::order() {
        let recording = recordings::read(&name);
        let Some(raw) = recording["request"]["body_raw"].as_str() else { continue };
        let signature = recording["request"]["headers"]["X-Cal-Signature-256"].as_str().expect("it is signed");
        assert_eq!(frontdesk_fake_calcom::sign(replay::SECRET, raw.as_bytes()), signature, "{name}");
        vectors += 1;
    }
    assert_eq!(vectors, 6);
}

#[test]
fn the_recorded_world_can_be_read_whole() {
    let world = frontdesk_fake_calcom::World::read(&recordings::world().to_string()).unwrap();
    let of = |id: u64| world.event_types.iter().find(|it| it.id == id).unwrap();
    assert_eq!((world.users.len(), world.event_types.len(), world.webhooks.len()), (4, 10, 3));
    assert!(of(9).email_optional() && of(6).pending_blocks() && of(10).is_round_robin() && of(4).seats.is_some());
}
