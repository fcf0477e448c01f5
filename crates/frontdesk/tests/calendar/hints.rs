//! What the calendar tells by itself, and what is found out when it does not.

use std::sync::{Arc, Mutex};

use frontdesk_domain::review::Kind;
use frontdesk_fake_calcom::{Delivery, World as Calendar, sign};
use frontdesk_testkit::{Heard, World};
use serde_json::{Value, json};

use crate::salon::{
    BOOKED, BOTH, EMMA, EVENTS, Mode, SECRET, TAKEN, alarming, appointed, assert_converged, assert_sound, books_at,
    books_on_the_web, calendar_first, cancels_on_the_web, change, changes_asked, fake, live, minutes, moves_on_the_web,
    now, on_the_web, open, ours, rings, rows, sagas, said, salon, salon_with, seconds, somebody_books, starts, sync_of,
    tasks, thursday, waiting,
};

const STORED: &str = "SELECT trigger_name FROM calendar_event ORDER BY received_ms, trigger_name";

async fn tells(world: &World, path: &str, body: &Value, signature: Option<&str>) -> Heard {
    let body = serde_json::to_vec(body).unwrap();
    let headers: Vec<(&str, &str)> =
        signature.map(|signature| ("x-cal-signature-256", signature)).into_iter().collect();
    world.post(path, body, &headers).await
}

fn created(uid: &str) -> Value {
    json!({"triggerEvent": "BOOKING_CREATED", "createdAt": "2026-12-01T08:12:31.000Z", "payload": {"uid": uid}})
}

#[tokio::test(start_paused = true)]
async fn what_is_not_signed_with_our_secret_is_refused_and_leaves_no_trace() {
    let world = calendar_first().await;
    let body = created("abc");
    let bytes = serde_json::to_vec(&body).unwrap();
    let right = sign(SECRET, &bytes);
    let wrong = sign("another secret", &bytes);
    let jobs = world.store().waiting_jobs().await.unwrap().len();
    let mut answers = Vec::new();
    for signature in [None, Some(""), Some("no-secret-provided"), Some(wrong.as_str()), Some(&right[..63])] {
        answers.push(tells(&world, EVENTS, &body, signature).await);
    }
    answers.push(tells(&world, EVENTS, &created("abd"), Some(&right)).await);
    answers.push(tells(&world, EVENTS, &body, Some(&right.to_uppercase())).await);
    answers.push(tells(&world, "/v1/calcom/ep_nobody/events", &body, Some(&right)).await);
    for heard in &answers {
        assert_eq!((heard.http, heard.bytes.len()), (401, 0), "{heard:?}");
    }
    assert_eq!(rows(&world, STORED).await, [""; 0]);
    assert_eq!(world.store().waiting_jobs().await.unwrap().len(), jobs);
    assert_eq!(tells(&world, EVENTS, &body, Some(&right)).await.http, 204, "and what is, is not");
    assert_eq!(rows(&world, STORED).await, ["created"]);
}

#[tokio::test(start_paused = true)]
async fn unknown_triggers_are_stored_by_their_names_and_both_spellings_are_read() {
    let world = calendar_first().await;
    for trigger in ["BOOKING_PAID", "meeting.ended", "BOOKING.CREATED", "PING", "booking_cancelled"] {
        let body = json!({"triggerEvent": trigger, "createdAt": "2026-12-01T08:12:31.000Z", "payload": {"uid": "u"}});
        let signature = sign(SECRET, &serde_json::to_vec(&body).unwrap());
        assert_eq!(tells(&world, EVENTS, &body, Some(&signature)).await.http, 204, "{trigger}");
    }
    let mut stored = rows(&world, STORED).await;
    stored.sort();
    assert_eq!(stored, ["BOOKING_PAID", "cancelled", "created", "meeting.ended", "ping"]);
    minutes(&world, 2).await;
    assert_eq!(sagas(&world).await, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn somebodys_booking_on_the_web_takes_the_time_until_it_moves_or_goes() {
    let world = calendar_first().await;
    let uid = books_on_the_web(&world, EMMA, thursday("10:00")).await;
    seconds(&world, 3).await;
    let caller = rings(&world);
    // Nothing of this comes from asking the calendar: only what it told is known.
    world.calcom().refuse_connections(true);
    assert_eq!(said(&books_at(&caller, "10:00").await), TAKEN);
    assert_eq!(said(&books_at(&caller, "10:30").await), TAKEN);
    world.calcom().refuse_connections(false);
    let moved = moves_on_the_web(&world, &uid, thursday("14:00")).await;
    seconds(&world, 3).await;
    world.calcom().refuse_connections(true);
    assert_eq!(said(&books_at(&caller, "14:00").await), TAKEN);
    world.calcom().refuse_connections(false);
    assert_eq!(
        rows(&world, "SELECT CAST(from_ms AS TEXT) FROM busy").await,
        [thursday("14:00").as_millisecond().to_string()]
    );
    cancels_on_the_web(&world, &moved).await;
    seconds(&world, 70).await;
    assert_eq!(rows(&world, "SELECT uid FROM busy").await, [""; 0]);
    assert_eq!(said(&books_at(&caller, "14:00").await), BOOKED);
    assert_converged(&world).await;
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_a_yes_on_the_web_takes_the_time_until_the_no() {
    let mut calendar = Calendar::salon();
    calendar.event_types[0].confirmation_policy =
        Some(json!({"type": "always", "blockUnconfirmedBookingsInBooker": true}));
    let world = salon_with(Mode::CalendarFirst, calendar, &[]).await;
    let uid = books_on_the_web(&world, EMMA, thursday("10:00")).await;
    seconds(&world, 3).await;
    assert_eq!(rows(&world, "SELECT resource FROM busy").await, ["emma"]);
    on_the_web(&world, "POST", &format!("/v2/bookings/{uid}/decline"), json!({})).await;
    seconds(&world, 3).await;
    assert_eq!(rows(&world, "SELECT resource FROM busy").await, [""; 0]);
    assert_eq!(rows(&world, STORED).await, ["requested", "rejected"]);
}

#[tokio::test(start_paused = true)]
async fn a_cancellation_there_is_ours_and_somebody_asks_the_customer() {
    for mode in BOTH {
        for told in [true, false] {
            let world = salon(mode).await;
            let caller = rings(&world);
            books_at(&caller, "10:00").await;
            seconds(&world, 10).await;
            let uid = ours(&world)[0].uid.clone();
            if told {
                cancels_on_the_web(&world, &uid).await;
                seconds(&world, 3).await;
            } else {
                assert!(fake(&world).cancel_foreign(&uid, now(&world)));
                seconds(&world, 65).await;
            }
            assert_eq!(
                (sagas(&world).await, tasks(&world).await),
                (vec!["cancelled".to_owned()], vec!["cancelled_in_calendar".to_owned()])
            );
            let changes = changes_asked(&world);
            assert_converged(&world).await;
            assert_eq!(changes_asked(&world), changes, "{mode:?}: nothing is sent back");
            assert_eq!(sync_of(&world).await.origin, "calendar");
            assert_eq!(said(&books_at(&caller, "10:00").await), BOOKED, "the time is free again");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_move_there_is_followed() {
    for mode in BOTH {
        let world = salon(mode).await;
        let caller = rings(&world);
        books_at(&caller, "10:00").await;
        seconds(&world, 10).await;
        let uid = ours(&world)[0].uid.clone();
        let changes = changes_asked(&world);
        let uid = moves_on_the_web(&world, &uid, thursday("14:00")).await;
        seconds(&world, 3).await;
        assert_eq!(appointed(&world).await, [thursday("14:00")], "{mode:?}");
        assert_eq!(sync_of(&world).await.origin, "calendar");
        // Once more at once, and without a word about it.
        let again = moves_on_the_web(&world, &uid, thursday("16:00")).await;
        assert_ne!(uid, again);
        assert_converged(&world).await;
        assert_eq!((appointed(&world).await, starts(&world)), (vec![thursday("16:00")], vec![thursday("16:00")]));
        assert_eq!(changes_asked(&world), changes, "{mode:?}: nothing is sent back");
        assert_eq!(said(&books_at(&world.calcom_caller("+4915112345680"), "10:00").await), BOOKED);
        assert_converged(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_move_there_that_the_appointment_cannot_follow_is_somebodys_task() {
    let world = calendar_first().await;
    let caller = rings(&world);
    let both = json!({"services": ["Damenhaarschnitt", "Waschen, Schneiden, Föhnen"], "date": "2026-12-03", "time": "10:00",
        "customer_name": "Hannelore Brückner"});
    assert_eq!(said(&caller.asks("book_appointment", both).await), BOOKED);
    seconds(&world, 10).await;
    let first = ours(&world).iter().find(|booking| booking.event_type_id == EMMA).unwrap().uid.clone();
    let changes = changes_asked(&world);
    moves_on_the_web(&world, &first, thursday("15:00")).await;
    minutes(&world, 3).await;
    assert_eq!(waiting(&world).await, [Kind::RemoteChange]);
    assert_eq!(appointed(&world).await, [thursday("10:00")], "a visit is not torn apart by itself");
    assert_eq!(changes_asked(&world), changes, "and theirs is not undone");
    assert_sound(&world).await;
}

#[tokio::test(start_paused = true)]
async fn somebody_elses_booking_over_ours_is_flagged_and_neither_is_touched() {
    for told in [true, false] {
        let world = calendar_first().await;
        let caller = rings(&world);
        books_at(&caller, "10:00").await;
        seconds(&world, 70).await;
        // Inside the calendar's own gap between check and insert.
        let theirs = somebody_books(&world, EMMA, thursday("10:15"));
        if told {
            let body = created(&theirs.uid);
            let signature = sign(SECRET, &serde_json::to_vec(&body).unwrap());
            assert_eq!(tells(&world, EVENTS, &body, Some(&signature)).await.http, 204);
            seconds(&world, 3).await;
        } else {
            seconds(&world, 65).await;
        }
        assert_eq!(waiting(&world).await, [Kind::Overlap], "told: {told}");
        assert_eq!(alarming(&world).await, ["overlap"]);
        minutes(&world, 5).await;
        assert_eq!((live(&world).len(), sagas(&world).await), (2, vec!["confirmed".to_owned()]));
        assert_eq!(reviews_count(&world).await, 1, "once, however often it shows");
    }
}

async fn reviews_count(world: &World) -> usize {
    rows(world, "SELECT review_id FROM review").await.len()
}

#[tokio::test(start_paused = true)]
async fn what_no_webhook_told_the_sweep_finds_within_a_minute() {
    let world = calendar_first().await;
    fake(&world).add_fault("webhook-drop".parse().unwrap());
    let caller = rings(&world);
    books_at(&caller, "10:00").await;
    books_at(&caller, "12:00").await;
    seconds(&world, 10).await;
    let uids: Vec<String> = ours(&world).into_iter().map(|booking| booking.uid).collect();
    moves_on_the_web(&world, &uids[0], thursday("15:00")).await;
    cancels_on_the_web(&world, &uids[1]).await;
    books_on_the_web(&world, EMMA, thursday("16:00")).await;
    assert_eq!(rows(&world, STORED).await, [""; 0]);
    seconds(&world, 65).await;
    let mut sagas = sagas(&world).await;
    sagas.sort();
    assert_eq!(sagas, ["cancelled", "confirmed"]);
    assert!(appointed(&world).await.contains(&thursday("15:00")));
    assert_eq!(rows(&world, "SELECT resource FROM busy").await, ["emma"]);
    assert_converged(&world).await;
}

/// Keeps all webhooks instead of delivering them.
fn kept(world: &World) -> Arc<Mutex<Vec<Delivery>>> {
    let kept: Arc<Mutex<Vec<Delivery>>> = Arc::default();
    let keeper = Arc::clone(&kept);
    world.calcom().deliver_with(Arc::new(move |delivery| {
        keeper.lock().unwrap().push(delivery);
        Box::pin(async {})
    }));
    kept
}

pub async fn deliver(world: &World, delivery: &Delivery) {
    let headers: Vec<(&str, &str)> =
        delivery.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(world.post(EVENTS, delivery.body.clone(), &headers).await.http, 204);
}

#[tokio::test(start_paused = true)]
async fn old_webhooks_played_again_in_any_order_change_nothing() {
    let world = calendar_first().await;
    let kept = kept(&world);
    let caller = rings(&world);
    books_at(&caller, "10:00").await;
    caller.asks("reschedule_appointment", json!({"new_date": "2026-12-03", "new_time": "14:00"})).await;
    seconds(&world, 10).await;
    caller.asks("cancel_appointment", json!({})).await;
    minutes(&world, 2).await;
    books_at(&caller, "10:00").await;
    minutes(&world, 2).await;
    let told = kept.lock().unwrap().clone();
    assert_eq!(told.len(), 4);
    let (changes, before) = (changes_asked(&world), (sagas(&world).await, live(&world)));
    for delivery in told.iter().rev().chain(&told).chain(told.iter().rev()) {
        deliver(&world, delivery).await;
        seconds(&world, 2).await;
    }
    assert_converged(&world).await;
    assert_eq!((sagas(&world).await, live(&world)), before);
    assert_eq!(changes_asked(&world), changes, "no word of it went out");
    assert_eq!(rows(&world, STORED).await.len(), 4, "each is kept once");
}

#[tokio::test(start_paused = true)]
async fn a_webhook_is_answered_while_everything_is_in_flight() {
    // It comes before the calendar's own answer: whoever waited for the booking's row would wait for himself.
    let world = calendar_first().await;
    let caller = rings(&world);
    fake(&world).add_fault("latency=0.3,op=create".parse().unwrap());
    let heard = books_at(&caller, "10:00").await;
    assert_eq!(said(&heard), BOOKED, "{}", heard.json);
    assert_eq!(rows(&world, STORED).await, ["created"], "it was stored before the answer came");
    assert_converged(&world).await;
    assert!(open(&world).await.is_empty());
    change(&world, "DELETE FROM calendar_event").await;
}

#[tokio::test(start_paused = true)]
async fn an_overlap_that_is_over_is_nobodys_task_any_more() {
    for ours_goes in [true, false] {
        let world = calendar_first().await;
        let caller = rings(&world);
        books_at(&caller, "10:00").await;
        seconds(&world, 70).await;
        let theirs = somebody_books(&world, EMMA, thursday("10:15"));
        seconds(&world, 65).await;
        assert_eq!(waiting(&world).await, [Kind::Overlap]);
        if ours_goes {
            caller.asks("reschedule_appointment", json!({"new_date": "2026-12-03", "new_time": "14:00"})).await;
        } else {
            cancels_on_the_web(&world, &theirs.uid).await;
        }
        seconds(&world, 65).await;
        assert_eq!((waiting(&world).await.len(), alarming(&world).await.len()), (0, 0), "ours goes: {ours_goes}");
    }
}
