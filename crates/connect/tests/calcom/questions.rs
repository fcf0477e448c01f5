//! What goes over the wire for each question, and what is made of the answer.

use std::collections::BTreeMap;
use std::time::Duration;

use frontdesk_connect::http::{HttpError, Method};
use frontdesk_domain::calendar::{
    Carried, Doubt, EventType, Find, Host, Refusal, RemoteStatus, RemoteUid, SlotQuery, Told, Unsent,
};
use frontdesk_domain::pii::{Email, Phone, Pii};
use frontdesk_domain::ports::SlotHold;
use serde_json::json;

use crate::kit::{answer, at, attendee, body, booking, hearing, hold, only, recorded};

const AMPLE: Duration = Duration::from_secs(1);

#[tokio::test]
async fn free_starts_are_asked_for_in_utc_and_only_those_in_the_window_come_back() {
    let (calendar, sent) = hearing(vec![recorded("slots-timezone-berlin")]);
    let query = SlotQuery {
        event_type: EventType(1),
        from: at("2026-12-01T10:00:00+01:00"),
        until: at("2026-12-01T11:00:00+01:00"),
        moving: Some(RemoteUid::new("abc")),
    };
    let told = calendar.free_slots(&query).await;
    assert_eq!(told, Told::Done(vec![at("2026-12-01T09:00:00Z"), at("2026-12-01T09:30:00Z")]));
    let (request, deadline) = only(&sent);
    assert_eq!(request.method, Method::Get);
    assert_eq!(
        request.url,
        "https://api.cal.com/v2/slots?eventTypeId=1&start=2026-12-01T09:00:00Z&end=2026-12-01T10:00:00Z\
         &bookingUidToReschedule=abc"
    );
    assert_eq!(request.header("cal-api-version"), Some("2024-09-04"));
    assert_eq!(request.header("authorization"), Some("Bearer cal_secret"));
    assert_eq!((request.body, deadline), (None, Duration::from_secs(1)));
}

#[tokio::test]
async fn every_shape_of_free_starts_is_read() {
    let query = SlotQuery {
        event_type: EventType(1),
        from: at("2026-12-01T00:00:00Z"),
        until: at("2026-12-02T00:00:00Z"),
        moving: None,
    };
    let nine = Told::Done(vec![at("2026-12-01T09:00:00Z")]);
    for (shape, expected) in [
        (r#"{"data":{"2026-12-01":[{"start":"2026-12-01T10:00:00.000+01:00"}]}}"#, nine.clone()),
        (r#"{"data":{"2026-12-01":["2026-12-01T09:00:00Z"]}}"#, nine.clone()),
        (r#"{"data":{"slots":{"2026-12-01":[{"time":"2026-12-01T09:00:00.000Z"}]}}}"#, nine.clone()),
        (r#"{"data":["2026-12-01T09:00:00Z",{"start":"2026-12-01T09:00:00Z","x":1}]}"#, nine.clone()),
        (r#"{"data":[{"start":"2026-12-01T09:00:00Z"},{"start":"tomorrow"}]}"#, nine),
        (r#"{"data":{"2026-12-01":[{"start":"2026-12-01T09:00:00Z","seatsRemaining":0}]}}"#, Told::Done(vec![])),
        (r#"{"data":{}}"#, Told::Done(vec![])),
        // Without an offset nobody knows when that is.
        (r#"{"data":[{"start":"2026-12-01T09:00:00"}]}"#, Told::Unknown(Doubt::Unreadable)),
        (r#"{"data":null}"#, Told::Unknown(Doubt::Unreadable)),
        ("<html>", Told::Unknown(Doubt::Unreadable)),
    ] {
        let (calendar, _) = hearing(vec![answer(200, shape)]);
        assert_eq!(calendar.free_slots(&query).await, expected, "{shape}");
    }
}

#[tokio::test]
async fn a_new_booking_carries_our_stamp_and_nothing_that_cal_com_would_refuse() {
    let (calendar, sent) = hearing(vec![recorded("bookings-create")]);
    let told = calendar.create(&hold(), &booking(), Duration::from_millis(900)).await;
    let Told::Done(made) = told else { panic!("{told:?}") };
    assert_eq!(made.uid.reveal(), "sMU7ZL9cdkTJVackTx1KtC");
    assert_eq!((made.number, made.event_type, made.status), (Some(1), Some(EventType(1)), RemoteStatus::Accepted));
    assert_eq!(made.ics_uid.as_deref(), Some("sMU7ZL9cdkTJVackTx1KtC@Cal.com"));
    assert_eq!(made.hosts, [(Some(Host(1)), "Olga Owner".to_owned())]);
    assert_eq!(made.stamp, None, "the recorded booking carries other keys than ours");
    assert_eq!(made.created, Some(at("2026-11-21T02:09:03.643Z")));
    let (request, deadline) = only(&sent);
    assert_eq!((request.method, request.url.as_str()), (Method::Post, "https://api.cal.com/v2/bookings"));
    assert_eq!(request.header("cal-api-version"), Some("2024-08-13"));
    assert_eq!(deadline, Duration::from_millis(900));
    assert_eq!(
        body(&request),
        json!({
            "start": "2026-12-01T09:00:00Z",
            "eventTypeId": 7,
            "attendee": {
                "name": "Max Mustermann", "email": "max+a@example.test", "timeZone": "Europe/Berlin", "language": "de"
            },
            "metadata": {"frontdesk_op": "op_1", "frontdesk_mac": "ab12"}
        })
    );
}

#[tokio::test]
async fn fields_notes_host_and_a_real_number_go_where_they_belong() {
    let mut full = booking();
    full.host = Some(Host(2));
    full.fields = BTreeMap::from([("title".to_owned(), "Termin".to_owned())]);
    full.notes = Some(Pii::new("ä".repeat(600)));
    full.attendee.phone = Some(Phone::from_canonical("+4915112345678"));
    let (calendar, sent) = hearing(vec![recorded("bookings-create-recurring")]);
    let told = calendar.create(&hold(), &full, Duration::from_secs(9)).await;
    assert!(matches!(&told, Told::Done(first) if first.number == Some(145)), "{told:?}");
    let (request, deadline) = only(&sent);
    assert_eq!(deadline, Duration::from_millis(1500), "nobody waits longer");
    let body = body(&request);
    assert_eq!(body["routing"], json!({"responseId": 0, "teamMemberIds": [2]}));
    assert_eq!(body["bookingFieldsResponses"]["title"], "Termin");
    assert_eq!(body["bookingFieldsResponses"]["notes"].as_str().unwrap().chars().count(), 500);
    assert_eq!(body["attendee"]["phoneNumber"], "+4915112345678");
    assert_eq!(body.get("title"), None);
    for odd in ["anonymous_1732_ab12", "015112345678", "+0151", "+49 151", ""] {
        full.attendee.phone = Some(Phone::from_canonical(odd));
        let (calendar, sent) = hearing(vec![recorded("bookings-create")]);
        calendar.create(&hold(), &full, AMPLE).await;
        assert_eq!(self::body(&only(&sent).0)["attendee"].get("phoneNumber"), None, "{odd}");
    }
}

#[tokio::test]
async fn nothing_is_created_for_another_intent_or_without_time() {
    let (calendar, sent) = hearing(vec![]);
    let other = SlotHold::of_the_store("op_2");
    assert_eq!(calendar.create(&other, &booking(), AMPLE).await, Told::Unsent(Unsent::NotSetUp));
    assert_eq!(calendar.create(&hold(), &booking(), Duration::ZERO).await, Told::Unsent(Unsent::NoTime));
    let uid = RemoteUid::new("abc");
    let told = calendar.move_to(&uid, at("2026-12-01T09:00:00Z"), "", Duration::ZERO).await;
    assert_eq!(told, Told::Unsent(Unsent::NoTime));
    assert!(sent.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_booking_is_sought_by_address_a_day_around_its_start() {
    let (calendar, sent) = hearing(vec![recorded("bookings-list-recovery-query")]);
    let sought = Find {
        event_type: EventType(1),
        attendee: Email::from_canonical("na+x@example.test"),
        start: at("2026-12-17T09:00:00Z"),
    };
    let Told::Done(found) = calendar.find(&sought).await else { panic!("not found") };
    assert_eq!(found.len(), 1);
    let (request, deadline) = only(&sent);
    assert_eq!(
        request.url,
        "https://api.cal.com/v2/bookings?eventTypeId=1&attendeeEmail=na%2Bx%40example.test\
         &afterStart=2026-12-16T09:00:00Z&beforeEnd=2026-12-19T09:00:00Z&sortCreated=desc&take=100"
    );
    assert_eq!((request.header("cal-api-version"), deadline), (Some("2024-08-13"), Duration::from_secs(2)));
}

#[tokio::test]
async fn cancelled_bookings_are_found_too_because_no_status_is_asked_for() {
    let (calendar, sent) = hearing(vec![recorded("bookings-list-by-attendee-email")]);
    let sought = Find { event_type: EventType(1), attendee: attendee().email, start: at("2026-12-01T09:00:00Z") };
    let Told::Done(found) = calendar.find(&sought).await else { panic!("not found") };
    let live: Vec<bool> = found.iter().map(|booking| booking.status.is_live()).collect();
    assert_eq!(live, [false, true, false]);
    assert!(!only(&sent).0.url.contains("status"));
}

#[tokio::test]
async fn one_unreadable_booking_spoils_a_search_but_not_the_list_of_changes() {
    let good = recorded("bookings-get").unwrap();
    let good: serde_json::Value = serde_json::from_slice(&good.body).unwrap();
    let page = json!({"status": "success", "data": [good["data"], {"uid": "x", "status": "dancing"}]}).to_string();
    let (calendar, _) = hearing(vec![answer(200, &page), answer(200, &page)]);
    let sought = Find { event_type: EventType(1), attendee: attendee().email, start: at("2026-12-17T09:00:00Z") };
    assert_eq!(calendar.find(&sought).await, Told::Unknown(Doubt::Unreadable));
    let Told::Done(page) = calendar.list_changed(at("2026-12-17T09:00:00Z"), 0).await else { panic!("no page") };
    assert_eq!((page.bookings.len(), page.more), (1, false));
}

#[tokio::test]
async fn changes_come_oldest_first_page_by_page() {
    let (calendar, sent) = hearing(vec![recorded("bookings-list-after-updated")]);
    let Told::Done(page) = calendar.list_changed(at("2026-11-21T00:00:00Z"), 200).await else { panic!("no page") };
    assert!(page.more);
    assert_eq!(page.bookings[0].updated, Some(at("2026-11-21T02:10:21.760Z")));
    assert_eq!(
        only(&sent).0.url,
        "https://api.cal.com/v2/bookings?afterUpdatedAt=2026-11-21T00:00:00Z&sortUpdatedAt=asc&take=100&skip=200"
    );
}

#[tokio::test]
async fn one_booking_is_read_with_where_it_was_moved_to() {
    let (calendar, sent) = hearing(vec![recorded("bookings-get-old-after-reschedule")]);
    let uid = RemoteUid::new("sMU7ZL9cdkTJVackTx1KtC");
    let Told::Done(Some(old)) = calendar.get(&uid).await else { panic!("not found") };
    assert_eq!(old.status, RemoteStatus::Cancelled);
    assert_eq!(old.moved_to, Some(RemoteUid::new("nnBaRmrKVyGyGQdjNmZ1ZM")));
    assert_eq!(only(&sent).0.url, "https://api.cal.com/v2/bookings/sMU7ZL9cdkTJVackTx1KtC");
}

#[tokio::test]
async fn a_cancellation_always_has_a_reason() {
    let (calendar, sent) = hearing(vec![recorded("bookings-cancel")]);
    assert_eq!(calendar.cancel(&RemoteUid::new("abc"), " ").await, Told::Done(()));
    let (request, deadline) = only(&sent);
    assert_eq!(request.url, "https://api.cal.com/v2/bookings/abc/cancel");
    assert_eq!((body(&request), deadline), (json!({"cancellationReason": "Frontdesk"}), Duration::from_secs(3)));
}

#[tokio::test]
async fn a_move_gives_the_new_name_and_the_old() {
    let (calendar, sent) = hearing(vec![recorded("bookings-reschedule")]);
    let uid = RemoteUid::new("sMU7ZL9cdkTJVackTx1KtC");
    let told = calendar.move_to(&uid, at("2026-12-01T14:00:00+01:00"), "Kunde hat angerufen", AMPLE).await;
    let Told::Done(moved) = told else { panic!("{told:?}") };
    assert_eq!((moved.uid.reveal(), moved.moved_from), ("nnBaRmrKVyGyGQdjNmZ1ZM", Some(uid)));
    let (request, _) = only(&sent);
    assert_eq!(request.url, "https://api.cal.com/v2/bookings/sMU7ZL9cdkTJVackTx1KtC/reschedule");
    assert_eq!(body(&request), json!({"start": "2026-12-01T13:00:00Z", "reschedulingReason": "Kunde hat angerufen"}));
}

#[tokio::test]
async fn an_address_goes_as_attendee_where_the_server_can_and_as_guest_else_and_it_is_asked_only_once() {
    let (calendar, sent) = hearing(vec![
        recorded("bookings-attendees-add"),
        recorded("bookings-guests-add"),
        recorded("bookings-guests-add"),
    ]);
    let uid = RemoteUid::new("32cUvBhzZAEjgmxjDtghWA");
    assert_eq!(calendar.set_email(&uid, &attendee()).await, Told::Done(Carried::Guest));
    assert_eq!(calendar.set_email(&uid, &attendee()).await, Told::Done(Carried::Guest));
    let sent = sent.lock().unwrap().clone();
    let below: Vec<&str> = sent.iter().map(|(request, _)| request.url.rsplit('/').next().unwrap()).collect();
    assert_eq!(below, ["attendees", "guests", "guests"]);
    let guest = json!({"email": "max+a@example.test", "name": "Max Mustermann", "timeZone": "Europe/Berlin"});
    assert_eq!(body(&sent[1].0), json!({"guests": [guest]}));
    let (calendar, _) = hearing(vec![answer(201, r#"{"status":"success","data":{"id":1}}"#)]);
    assert_eq!(calendar.set_email(&uid, &attendee()).await, Told::Done(Carried::Attendee));
}

#[tokio::test]
async fn an_address_that_was_there_before_is_found_in_the_booking_and_another_complaint_stays_one() {
    let uid = RemoteUid::new("32cUvBhzZAEjgmxjDtghWA");
    let mut guest = attendee();
    for (address, expected) in [
        ("GAST@example.test", Told::Done(Carried::Before)),
        ("new@example.test", Told::Refused(Refusal::Invalid(String::new()))),
    ] {
        guest.email = Email::from_canonical(address);
        let (calendar, _) = hearing(vec![
            recorded("bookings-attendees-add"),
            recorded("bookings-guests-add-duplicate"),
            recorded("bookings-guests-add"),
        ]);
        assert_eq!(calendar.set_email(&uid, &guest).await, expected, "{address}");
    }
    let nowhere = || answer(404, r#"{"status":"error","error":{"code":"x","message":"Cannot POST /v2/x"}}"#);
    let (calendar, _) = hearing(vec![nowhere(), nowhere()]);
    assert_eq!(calendar.set_email(&uid, &guest).await, Told::Refused(Refusal::NotSupported));
}

#[tokio::test]
async fn a_uid_that_leads_elsewhere_is_not_asked_for() {
    let (calendar, sent) = hearing(vec![]);
    for odd in ["", "..", "../me", "a/b", "a?b", "a%2fb", "a b", "ä", &"a".repeat(129)] {
        let uid = RemoteUid::new(odd);
        let refused = || Refusal::Invalid("uid".to_owned());
        assert_eq!(calendar.get(&uid).await, Told::Refused(refused()), "{odd}");
        assert_eq!(calendar.cancel(&uid, "x").await, Told::Refused(refused()), "{odd}");
    }
    assert!(sent.lock().unwrap().is_empty());
}

#[tokio::test]
async fn what_the_wire_does_is_told_as_what_is_known() {
    for (error, expected) in [
        (HttpError::NotSent, Told::Unsent(Unsent::NoConnection)),
        (HttpError::TimedOut, Told::Unknown(Doubt::TimedOut)),
        (HttpError::Unclear, Told::Unknown(Doubt::Lost)),
    ] {
        let (calendar, _) = hearing(vec![Err(error)]);
        assert_eq!(calendar.cancel(&RemoteUid::new("abc"), "x").await, expected);
    }
}
