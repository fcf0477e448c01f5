//! The table of what each recorded answer proves. Every recording of a question that the client asks is in it.

use std::collections::BTreeSet;
use std::time::Duration;

use frontdesk_connect::calendar::calcom::classify::{self, Endpoint};
use frontdesk_connect::http::{Answer, HttpError};
use frontdesk_domain::calendar::{EventType, Refusal, RemoteBooking, RemoteUid, SlotQuery, Told};

use crate::kit::{answer, at, booking, hearing, hold, recorded, transcript};

const AMPLE: Duration = Duration::from_secs(1);

/// Which question a recording is of; `None`: one the client never asks.
fn asked(method: &str, path: &str) -> Option<Endpoint> {
    let path = path.split('?').next().unwrap();
    let below: Vec<&str> = path.trim_start_matches("/v2/").split('/').collect();
    match (method, below.as_slice()) {
        ("GET", ["slots"]) => Some(Endpoint::Slots),
        ("POST", ["bookings"]) => Some(Endpoint::Create),
        ("GET", ["bookings"]) => Some(Endpoint::List),
        ("GET", ["bookings", _]) => Some(Endpoint::Get),
        ("POST", ["bookings", _, "cancel"]) => Some(Endpoint::Cancel),
        ("POST", ["bookings", _, "reschedule"]) => Some(Endpoint::Move),
        ("POST", ["bookings", _, "attendees"]) => Some(Endpoint::Attendees),
        ("POST", ["bookings", _, "guests"]) => Some(Endpoint::Guests),
        _ => None,
    }
}

/// What the client tells, in a few words.
async fn told(asked: Endpoint, heard: Result<Answer, HttpError>) -> String {
    if matches!(asked, Endpoint::Attendees | Endpoint::Guests | Endpoint::Catalogue) {
        return words(classify::told(asked, heard, |_| Some(())), |()| "done".to_owned());
    }
    let (calendar, _) = hearing(vec![heard]);
    let uid = RemoteUid::new("u1");
    match asked {
        Endpoint::Slots => {
            let query = SlotQuery {
                event_type: EventType(1),
                from: at("2026-11-01T00:00:00Z"),
                until: at("2027-03-01T00:00:00Z"),
                moving: None,
            };
            words(calendar.free_slots(&query).await, |slots| format!("{} starts", slots.len()))
        }
        Endpoint::Create => words(calendar.create(&hold(), &booking(), AMPLE).await, |one| standing(&one)),
        Endpoint::Move => {
            words(calendar.move_to(&uid, at("2026-12-01T13:00:00Z"), "because", AMPLE).await, |one| standing(&one))
        }
        Endpoint::Get => {
            words(calendar.get(&uid).await, |one| one.map_or_else(|| "none".to_owned(), |one| standing(&one)))
        }
        Endpoint::List => words(calendar.list_changed(at("2026-11-21T00:00:00Z"), 0).await, |page| {
            format!("{}{}", page.bookings.len(), if page.more { " and more" } else { "" })
        }),
        _ => words(calendar.cancel(&uid, "because").await, |()| "done".to_owned()),
    }
}

fn standing(one: &RemoteBooking) -> String {
    let start = one.start.to_string();
    let name =
        |uid: &Option<RemoteUid>, word| uid.as_ref().map_or(String::new(), |uid| format!(" {word} {}", uid.reveal()));
    format!("{:?} {}{}{}", one.status, &start[..16], name(&one.moved_from, "from"), name(&one.moved_to, "to"))
}

fn words<T>(told: Told<T>, done: impl FnOnce(T) -> String) -> String {
    match told {
        Told::Done(value) => done(value),
        Told::Refused(Refusal::Invalid(what)) => format!("invalid: {what}"),
        Told::Refused(Refusal::MovedAway(to)) => format!("moved_away: {}", to.as_ref().map_or("-", RemoteUid::reveal)),
        other => other.error_code().unwrap_or("?").to_owned(),
    }
}

#[rustfmt::skip]
const TABLE: &[(&str, &str)] = &[
    ("bookings-attendees-add", "not_supported"),
    ("bookings-cancel", "done"),
    ("bookings-cancel-empty-json", "invalid: "),
    ("bookings-cancel-no-body", "invalid: "),
    ("bookings-cancel-noauth", "done"),
    ("bookings-cancel-old-uid-after-reschedule", "already_cancelled"),
    ("bookings-cancel-twice", "already_cancelled"),
    ("bookings-cancel-unknown", "not_found"),
    ("bookings-create", "Accepted 2026-12-01T09:00"),
    ("bookings-create-bad-event-type", "not_found"),
    ("bookings-create-bad-key", "key_refused"),
    ("bookings-create-bad-language", "invalid: attendee, language"),
    ("bookings-create-full", "Accepted 2027-02-02T13:00"),
    ("bookings-create-gateway-style", "Accepted 2026-12-02T13:30"),
    ("bookings-create-host-choice-routing", "Accepted 2026-12-29T10:00"),
    ("bookings-create-host-choice-routing-busy", "taken"),
    ("bookings-create-idempotency-key-header", "taken"),
    ("bookings-create-into-slot-reserved-by-other", "Accepted 2026-12-11T09:00"),
    ("bookings-create-invalid-email", "invalid: email, responses"),
    ("bookings-create-invalid-phone", "Accepted 2026-12-02T12:00"),
    ("bookings-create-invalid-phone-phone-required-type", "Accepted 2026-12-14T11:00"),
    ("bookings-create-local-start-no-offset", "Accepted 2026-12-03T12:00"),
    ("bookings-create-malformed-json", "invalid: "),
    ("bookings-create-metadata-number", "invalid: metadata.n"),
    ("bookings-create-metadata-too-many-keys", "invalid: metadata"),
    ("bookings-create-missing-attendee", "invalid: attendee"),
    ("bookings-create-missing-email", "invalid: attendee, attendee email or phone"),
    ("bookings-create-missing-event-type", "invalid: eventTypeId or eventTypeSlug + username"),
    ("bookings-create-missing-start", "invalid: start"),
    ("bookings-create-missing-timezone", "invalid: attendee, timeZone"),
    ("bookings-create-national-phone", "Accepted 2026-12-02T13:00"),
    ("bookings-create-no-seconds", "Accepted 2027-02-02T12:00"),
    ("bookings-create-no-version-header", "invalid: timeZone, language, metadata"),
    ("bookings-create-noauth", "Accepted 2026-12-17T09:00"),
    ("bookings-create-null-email", "invalid: attendee, attendee email or phone"),
    ("bookings-create-off-grid", "Accepted 2026-12-01T10:07"),
    ("bookings-create-offset-start", "Accepted 2026-12-03T09:00"),
    ("bookings-create-other-users-key", "Accepted 2026-12-17T10:00"),
    ("bookings-create-outside-hours", "taken"),
    ("bookings-create-overlap-sequential", "taken"),
    ("bookings-create-past", "too_soon"),
    ("bookings-create-phone-missing-email-given-phone-required-type", "Accepted 2026-12-14T10:00"),
    ("bookings-create-phone-only", "invalid: email, responses"),
    ("bookings-create-phone-only-email-optional-type", "Accepted 2026-12-14T09:00"),
    ("bookings-create-placeholder-email", "Accepted 2027-02-02T14:00"),
    ("bookings-create-recurring", "Accepted 2026-12-16T09:00"),
    ("bookings-create-requires-confirmation", "Pending 2026-12-14T13:00"),
    ("bookings-create-round-robin-1", "Accepted 2026-12-21T09:00"),
    ("bookings-create-round-robin-2", "Accepted 2026-12-21T09:00"),
    ("bookings-create-round-robin-3", "taken"),
    ("bookings-create-same-slot-other-attendee", "taken"),
    ("bookings-create-same-slot-same-attendee", "taken"),
    ("bookings-create-seated-1", "Accepted 2026-12-15T09:00"),
    ("bookings-create-seated-2", "Accepted 2026-12-15T09:00"),
    ("bookings-create-seated-full", "taken"),
    ("bookings-create-second-pending-same-slot", "taken"),
    ("bookings-create-too-far", "Accepted 2027-06-14T12:00"),
    ("bookings-create-too-soon", "too_soon"),
    ("bookings-create-unknown-body-property", "invalid: foo"),
    ("bookings-create-unknown-version", "invalid: timeZone, language, metadata"),
    ("bookings-create-weekend", "taken"),
    ("bookings-get", "Accepted 2026-12-01T09:00"),
    ("bookings-get-cancelled", "Cancelled 2026-12-02T14:00"),
    ("bookings-get-no-version", "Accepted 2026-12-01T09:00"),
    ("bookings-get-noauth", "Accepted 2026-12-01T09:00"),
    ("bookings-get-old-after-reschedule", "Cancelled 2026-12-01T09:00 to nnBaRmrKVyGyGQdjNmZ1ZM"),
    ("bookings-get-other-users-key", "Accepted 2026-12-01T09:00"),
    ("bookings-get-unknown", "none"),
    ("bookings-guests-add", "done"),
    ("bookings-guests-add-duplicate", "invalid: "),
    ("bookings-list-after-created", "1 and more"),
    ("bookings-list-after-updated", "1 and more"),
    ("bookings-list-bad-status", "invalid: status"),
    ("bookings-list-by-attendee-email", "3 and more"),
    ("bookings-list-by-attendee-name", "0"),
    ("bookings-list-by-uid", "1"),
    ("bookings-list-metadata-filter", "11"),
    ("bookings-list-noauth", "key_refused"),
    ("bookings-list-other-users-key", "0"),
    ("bookings-list-recovery-query", "1"),
    ("bookings-list-take", "2 and more"),
    ("bookings-list-upcoming-event-type", "3"),
    ("bookings-reschedule", "Accepted 2026-12-01T13:00 from sMU7ZL9cdkTJVackTx1KtC"),
    ("bookings-reschedule-after-guests", "Accepted 2027-02-04T09:00 from 32cUvBhzZAEjgmxjDtghWA"),
    ("bookings-reschedule-cancelled", "already_cancelled"),
    ("bookings-reschedule-conflict", "taken"),
    ("bookings-reschedule-missing-start", "invalid: start"),
    ("bookings-reschedule-noauth", "Accepted 2026-12-01T13:30 from nnBaRmrKVyGyGQdjNmZ1ZM"),
    ("bookings-reschedule-old-uid-again", "moved_away: nnBaRmrKVyGyGQdjNmZ1ZM"),
    ("bookings-reschedule-outside", "taken"),
    ("bookings-reschedule-same-time", "Accepted 2026-12-01T15:00 from 6jErN7igWzPhADYyqRiV84"),
    ("bookings-reschedule-unknown", "not_found"),
    ("slots-bad-event-type", "not_found"),
    ("slots-bad-key", "key_refused"),
    ("slots-bad-timezone", "invalid: timeZone"),
    ("slots-by-slug", "16 starts"),
    ("slots-cache-1-before-reserve", "16 starts"),
    ("slots-cache-3-same-query-within-2s-is-stale", "16 starts"),
    ("slots-cache-4-after-2s-is-fresh", "15 starts"),
    ("slots-date", "16 starts"),
    ("slots-datetime-window", "4 starts"),
    ("slots-datetime-window-offset", "4 starts"),
    ("slots-host-choice-rr", "15 starts"),
    ("slots-missing-end", "invalid: end"),
    ("slots-no-auth", "16 starts"),
    ("slots-no-version-header", "not_supported"),
    ("slots-one-day-utc-vs-local", "15 starts"),
    ("slots-past", "0 starts"),
    ("slots-range", "16 starts"),
    ("slots-reschedule-exclude-own", "14 starts"),
    ("slots-round-robin", "16 starts"),
    ("slots-seated", "15 starts"),
    ("slots-timezone-berlin", "16 starts"),
    ("slots-unknown-query-param", "invalid: foo"),
    ("slots-week", "80 starts"),
    ("slots-weekend-empty", "0 starts"),
];

#[tokio::test]
async fn every_recorded_answer_is_told_as_what_it_proves() {
    let mut wrong = Vec::new();
    for (name, expected) in TABLE {
        let request = transcript(name)["request"].clone();
        let asked = asked(request["method"].as_str().unwrap(), request["path"].as_str().unwrap()).expect(name);
        let told = told(asked, recorded(name)).await;
        if told != *expected {
            wrong.push(format!("{name}: {told:?}, not {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_recording_of_our_questions_is_forgotten() {
    let known: BTreeSet<&str> = TABLE.iter().map(|(name, _)| *name).collect();
    assert_eq!(known.len(), TABLE.len(), "one is there twice");
    let folder = format!("{}/../../contracts/calcom/transcripts", env!("CARGO_MANIFEST_DIR"));
    let mut forgotten = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        let name = file.trim_end_matches(".json");
        let recording = transcript(name);
        let request = &recording["request"];
        let (Some(method), Some(path)) = (request["method"].as_str(), request["path"].as_str()) else { continue };
        if recording["response"].is_object() && asked(method, path).is_some() && !known.contains(name) {
            forgotten.push(name.to_owned());
        }
    }
    assert!(forgotten.is_empty(), "{forgotten:?}");
}

const ALL: [Endpoint; 9] = [
    Endpoint::Slots,
    Endpoint::Create,
    Endpoint::Move,
    Endpoint::Cancel,
    Endpoint::Get,
    Endpoint::List,
    Endpoint::Attendees,
    Endpoint::Guests,
    Endpoint::Catalogue,
];

#[tokio::test]
async fn what_says_nothing_about_the_effect_is_unknown_whatever_was_asked() {
    let flat = r#"{"statusCode":500,"message":"Internal server error"}"#;
    for endpoint in ALL {
        for (status, body, expected) in [
            (500, flat, "server_error"),
            (502, "<html>bad gateway</html>", "server_error"),
            (503, "", "server_error"),
            (408, "", "timed_out"),
            (429, "", "rate_limited"),
            (401, "", "key_refused"),
            (403, "<html>", "key_refused"),
            // A gateway's own word says nothing of what stands behind it.
            (400, "<html>400 Bad Request</html>", "unreadable"),
            (404, "404 page not found", "unreadable"),
            (404, "{}", "unreadable"),
            (409, "[]", "unreadable"),
            (301, "", "unreadable"),
            (307, r#"{"statusCode":307,"message":"moved"}"#, "unreadable"),
            (418, r#"{"statusCode":418,"message":"teapot"}"#, "unreadable"),
            (0, "", "unreadable"),
        ] {
            assert_eq!(told(endpoint, answer(status, body)).await, expected, "{endpoint:?} {status} {body}");
        }
        assert_eq!(told(endpoint, recorded("rate-limit-exceeded")).await, "rate_limited", "{endpoint:?}");
    }
    for endpoint in ALL
        .into_iter()
        .filter(|endpoint| !matches!(endpoint, Endpoint::Attendees | Endpoint::Guests | Endpoint::Catalogue))
    {
        for body in ["", "{}", r#"{"status":"success"}"#, r#"{"status":"success","data":7}"#, "<html>welcome</html>"] {
            let told = told(endpoint, answer(200, body)).await;
            // A cancellation answers with whatever it likes, as long as it is Cal.com's envelope.
            let fine = endpoint == Endpoint::Cancel && body.contains("data");
            assert_eq!(told, if fine { "done" } else { "unreadable" }, "{endpoint:?} {body}");
        }
    }
}

#[tokio::test]
async fn losing_a_recorded_race_is_a_taken_time() {
    let mut lost = 0;
    for (name, endpoint) in [
        ("race-bookings-2-same-slot", Endpoint::Create),
        ("race-bookings-20-same-slot-same-attendee", Endpoint::Create),
        ("race-bookings-round-robin-10-for-2-hosts", Endpoint::Create),
        ("race-bookings-seated-10-for-2-seats", Endpoint::Create),
        ("race-reschedule-5-same-booking", Endpoint::Move),
        ("race-reschedule-into-same-slot", Endpoint::Move),
    ] {
        for outcome in transcript(name)["outcomes"].as_array().unwrap() {
            let status = u16::try_from(outcome["status"].as_u64().unwrap()).unwrap();
            if status == 201 {
                continue;
            }
            assert_eq!(told(endpoint, answer(status, outcome["message"].as_str().unwrap())).await, "taken", "{name}");
            lost += 1;
        }
    }
    assert_eq!(lost, 6);
}

#[tokio::test]
async fn what_was_sent_never_comes_back_in_a_refusal() {
    let echo = r#"{"status":"error","error":{"code":"BadRequestException","message":"name Max Mustermann, max@example.test is wrong - really",
        "details":{"errors":[{"target":{"email":"max@example.test"},"value":"max@example.test","property":"email"}]}}}"#;
    assert_eq!(told(Endpoint::Create, answer(400, echo)).await, "invalid: email");
}
