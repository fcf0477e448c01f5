//! Webhooks as they were delivered.

use frontdesk_connect::calendar::calcom::webhook::{BadSignature, SIGNATURE_HEADER, Unreadable, decode, verify};
use frontdesk_domain::calendar::event::EventKind;
use frontdesk_domain::calendar::stamp::Stamp;
use frontdesk_domain::calendar::{EventType, RemoteStatus, RemoteUid};
use secrecy::SecretString;

use crate::kit::{at, transcript};

const RECORDED: [(&str, EventKind, RemoteStatus); 6] = [
    ("webhook-booking-created", EventKind::Created, RemoteStatus::Accepted),
    ("webhook-booking-created-on-confirm", EventKind::Created, RemoteStatus::Accepted),
    ("webhook-booking-rescheduled", EventKind::Rescheduled, RemoteStatus::Accepted),
    ("webhook-booking-cancelled", EventKind::Cancelled, RemoteStatus::Cancelled),
    ("webhook-booking-requested", EventKind::Requested, RemoteStatus::Pending),
    ("webhook-booking-rejected", EventKind::Rejected, RemoteStatus::Rejected),
];

/// The raw body of a recording, and its signature.
fn delivered(name: &str) -> (Vec<u8>, String) {
    let request = transcript(name)["request"].clone();
    let headers = request["headers"].as_object().unwrap();
    let (_, signature) = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(SIGNATURE_HEADER)).unwrap();
    (request["body_raw"].as_str().unwrap().as_bytes().to_vec(), signature.as_str().unwrap().to_owned())
}

fn secrets(texts: &[&str]) -> Vec<SecretString> {
    texts.iter().map(|text| SecretString::from((*text).to_owned())).collect()
}

const SECRET: &str = "whsec-testsecret-123";

#[test]
fn every_recorded_delivery_verifies_with_its_secret_also_while_another_comes_in() {
    for (name, ..) in RECORDED {
        let (body, signature) = delivered(name);
        for good in [&[SECRET][..], &["new", SECRET], &[SECRET, "old"], &["", SECRET]] {
            assert_eq!(verify(Some(&signature), &body, &secrets(good)), Ok(()), "{name}");
        }
        for bad in [&[][..], &[""], &["other"], &["", "other"]] {
            assert_eq!(verify(Some(&signature), &body, &secrets(bad)), Err(BadSignature::Mismatch), "{name}");
        }
    }
}

#[test]
fn what_is_unsigned_misspelt_or_changed_on_the_way_is_refused() {
    let (mut body, signature) = delivered("webhook-booking-created");
    let good = secrets(&[SECRET]);
    assert_eq!(verify(None, &body, &good), Err(BadSignature::Missing));
    assert_eq!(verify(Some(""), &body, &good), Err(BadSignature::Missing));
    assert_eq!(verify(Some("no-secret-provided"), &body, &good), Err(BadSignature::NoSecret));
    assert_eq!(
        verify(Some("no-secret-provided"), &body, &secrets(&["no-secret-provided"])),
        Err(BadSignature::NoSecret)
    );
    for odd in [
        format!("sha256={signature}"),
        signature.to_uppercase(),
        format!(" {signature}"),
        signature[1..].to_owned(),
        format!("{signature}0"),
        "ä".repeat(32),
        "g".repeat(64),
    ] {
        assert_eq!(verify(Some(&odd), &body, &good), Err(BadSignature::Malformed), "{odd}");
    }
    assert_eq!(verify(Some(&"0".repeat(64)), &body, &good), Err(BadSignature::Mismatch));
    body.push(b' ');
    assert_eq!(verify(Some(&signature), &body, &good), Err(BadSignature::Mismatch));
}

#[test]
fn every_recorded_delivery_is_read() {
    for (name, kind, status) in RECORDED {
        let (body, _) = delivered(name);
        let event = decode(&body).unwrap();
        assert_eq!((event.kind, event.status), (kind, Some(status)), "{name}");
        assert!(event.uid.is_some() && event.start < event.end && event.event_type.is_some(), "{name}");
        assert_eq!(event.stamp, None, "{name} carries other keys than ours");
    }
}

#[test]
fn a_move_has_both_names_and_a_cancellation_the_one_that_lasts() {
    let moved = decode(&delivered("webhook-booking-rescheduled").0).unwrap();
    assert_eq!(moved.uid, Some(RemoteUid::new("2ownVnovUqK2jByctrFyhU")));
    assert_eq!(moved.previous, Some(RemoteUid::new("2FKfruP5Lk1wduBE5f6unj")));
    assert_eq!((moved.start, moved.ics_uid), (Some(at("2026-12-18T10:00:00Z")), None));
    assert_eq!(moved.created_at, Some(at("2026-11-21T02:15:36.587Z")));
    let cancelled = decode(&delivered("webhook-booking-cancelled").0).unwrap();
    assert_eq!(cancelled.uid, Some(RemoteUid::new("2ownVnovUqK2jByctrFyhU")));
    assert_eq!(cancelled.ics_uid.as_deref(), Some("2FKfruP5Lk1wduBE5f6unj@Cal.com"));
    assert_eq!((cancelled.start, cancelled.event_type), (Some(at("2026-12-18T10:00:00Z")), Some(EventType(1))));
    let shown = format!("{cancelled:?}");
    for personal in ["Mustermann", "wh@example.test", "+49", "Olga", "hat abgesagt"] {
        assert!(!shown.contains(personal), "{shown}");
    }
}

#[test]
fn our_stamp_is_read_also_where_it_was_encoded_twice() {
    let ours = Some(Stamp { op: "op_1".to_owned(), mac: "ab".to_owned() });
    for (metadata, expected) in [
        (r#"{"frontdesk_op":"op_1","frontdesk_mac":"ab","x":1}"#, ours.clone()),
        (r#""{\"frontdesk_op\":\"op_1\",\"frontdesk_mac\":\"ab\"}""#, ours),
        (r#"{"frontdesk_op":"op_1"}"#, None),
        (r#"{"frontdesk_op":1,"frontdesk_mac":"ab"}"#, None),
        (r#""\"x\"""#, None),
        ("null", None),
        ("[]", None),
    ] {
        let body = format!(r#"{{"triggerEvent":"BOOKING.CREATED","payload":{{"uid":"u","metadata":{metadata}}}}}"#);
        let event = decode(body.as_bytes()).unwrap();
        assert_eq!((event.kind, event.stamp), (EventKind::Created, expected), "{metadata}");
    }
}

#[test]
fn a_body_that_is_no_webhook_is_refused_and_an_odd_one_is_read_as_far_as_it_goes() {
    for body in ["", "null", "[]", "{", r#"{"payload":{}}"#, r#"{"triggerEvent":7}"#] {
        assert_eq!(decode(body.as_bytes()), Err(Unreadable), "{body}");
    }
    let ping =
        decode(br#"{"triggerEvent":"PING","createdAt":"now","payload":{"uid":"","status":"?","startTime":"x"}}"#);
    let ping = ping.unwrap();
    assert_eq!((ping.kind, ping.uid, ping.status, ping.start), (EventKind::Ping, None, None, None));
    let paid = decode(br#"{"triggerEvent":"BOOKING_PAID","payload":"custom"}"#).unwrap();
    assert_eq!(paid.kind, EventKind::Unknown("BOOKING_PAID".to_owned()));
}
