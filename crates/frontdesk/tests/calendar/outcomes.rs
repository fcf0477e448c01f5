//! What may come of a booking in the calendar, one conversation each, in both modes: what the caller hears, how the
//! appointment stands after five minutes, and what the calendar has.

use std::sync::Arc;

use frontdesk_connect::http::HttpError;
use frontdesk_domain::review::Kind;
use frontdesk_fake_calcom::{Operation, Status, World as Calendar};
use frontdesk_testkit::{Tamper, World};
use serde_json::{Value, json};

use crate::salon::{
    BOOKED, BOTH, EMMA, LONGEST_ANSWER, Mode, NOTED, TAKEN, alarming, assert_converged, assert_sound, books_at,
    calendar_first, changes_asked, fake, fault, live, local_first, minutes, on_the_web, open, ours, rings, sagas, said,
    salon, salon_with, seconds, somebody_books, starts, sync_of, tasks, thursday, timed, waiting,
};

const BUDGET: (&str, &str) = ("api_key = \"cal_demo_emma\"", "per_minute = 10\napi_key = \"cal_demo_emma\"");

/// Changes the answer to the next create, once.
fn next_create(change: impl Fn(&mut Value) + Send + Sync + 'static) -> Tamper {
    let left = std::sync::atomic::AtomicBool::new(true);
    Arc::new(move |operation, mut answer| {
        if operation == Operation::Create && left.swap(false, std::sync::atomic::Ordering::Relaxed) {
            let mut body = serde_json::from_slice(&answer.body).unwrap();
            change(&mut body);
            answer.body = serde_json::to_vec(&body).unwrap();
        }
        Ok(answer)
    })
}

/// A question without a clear answer, and whether the booking came about nevertheless.
const UNCLEAR: [(&str, bool); 11] = [
    ("lost-answer,op=create,times=1", true),
    ("late-effect=1.6,op=create,times=1", true),
    ("late-effect=19,op=create,times=1", true),
    ("hang-after=19,op=create,times=1", true),
    ("hang=19,op=create,times=1", false),
    ("error-before=500,op=create,times=1", false),
    ("error-before=503,op=create,times=1", false),
    ("error-after=500,op=create,times=1", true),
    ("error-after=502,op=create,times=1", true),
    ("error-before=408,op=create,times=1", false),
    ("too-many,op=create,times=1", false),
];

#[tokio::test(start_paused = true)]
async fn without_a_clear_answer_the_caller_hears_noted_and_the_truth_is_found_out() {
    for (rule, came_about) in UNCLEAR {
        let world = calendar_first().await;
        fault(&world, rule);
        let caller = rings(&world);
        let (heard, waited) = timed(&world, books_at(&caller, "10:00")).await;
        assert_eq!(said(&heard), NOTED, "{rule}: {}", heard.json);
        assert!(waited <= LONGEST_ANSWER, "{rule}: {waited}");
        assert_eq!(sagas(&world).await, ["held"], "{rule}");
        assert_converged(&world).await;
        let creates = world.calcom().times(Operation::Create);
        assert_eq!(creates, 1, "{rule}: what was told as noted is asked for once, and then looked up");
        if came_about {
            assert_eq!((sagas(&world).await, starts(&world)), (vec!["confirmed".to_owned()], vec![thursday("10:00")]));
            assert_eq!(tasks(&world).await, [""; 0], "{rule}");
        } else {
            assert_eq!((sagas(&world).await, live(&world).len()), (vec!["released".to_owned()], 0), "{rule}");
            assert_eq!(tasks(&world).await, ["not_booked"], "{rule}: somebody rings the caller");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn in_the_salon_that_promises_at_once_every_unclear_push_becomes_exactly_one_booking() {
    for (rule, _) in UNCLEAR {
        let world = local_first().await;
        fault(&world, rule);
        let caller = rings(&world);
        let (heard, waited) = timed(&world, books_at(&caller, "10:00")).await;
        assert_eq!(said(&heard), BOOKED, "{rule}: {}", heard.json);
        assert!(waited <= LONGEST_ANSWER, "{rule}: {waited}");
        assert_converged(&world).await;
        assert_eq!((sagas(&world).await, starts(&world)), (vec!["confirmed".to_owned()], vec![thursday("10:00")]));
        assert_eq!((tasks(&world).await, waiting(&world).await), (vec![], vec![]), "{rule}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_success_that_does_not_read_is_no_success_and_no_failure() {
    for mode in BOTH {
        for garbage in
            ["<html>200 OK</html>", "{\"status\":\"success\"}", "", "{\"status\":\"success\",\"data\":{\"uid\":7}}"]
        {
            let world = salon(mode).await;
            world.calcom().tamper_with(Some(Arc::new(move |operation, mut answer| {
                if operation == Operation::Create {
                    answer.body = garbage.into();
                }
                Ok(answer)
            })));
            let caller = rings(&world);
            let heard = books_at(&caller, "10:00").await;
            assert_eq!(said(&heard), if mode == Mode::LocalFirst { BOOKED } else { NOTED }, "{garbage}");
            assert_converged(&world).await;
            assert_eq!((sagas(&world).await, starts(&world)), (vec!["confirmed".to_owned()], vec![thursday("10:00")]));
            assert_eq!(world.calcom().times(Operation::Create), 1, "{mode:?} {garbage}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_somebody_took_on_the_web_after_our_look_is_said_to_be_taken_with_times_that_can_be_had() {
    let world = calendar_first().await;
    let caller = rings(&world);
    let checked = caller.checks("Damenhaarschnitt", "2026-12-03", "10:00").await;
    assert_eq!(checked.status(), "available", "{}", checked.json);
    somebody_books(&world, EMMA, thursday("10:00"));
    let (heard, waited) = timed(&world, books_at(&caller, "10:00")).await;
    assert_eq!(said(&heard), TAKEN, "{}", heard.json);
    assert!(waited <= LONGEST_ANSWER, "{waited}");
    assert_eq!((sagas(&world).await, ours(&world).len()), (vec!["released".to_owned()], 0));
    let offered: Vec<String> = heard.alternatives().iter().map(|start| (*start).to_owned()).collect();
    assert!(!offered.is_empty(), "a refusal gives a way forward: {}", heard.json);
    assert_converged(&world).await;
    // The first one named is really to be had, in the calendar too.
    let token = heard.text("alternatives/0/token").to_owned();
    let booked = caller.asks("book_appointment", json!({"token": token, "customer_name": "Hannelore Brückner"})).await;
    assert_eq!(said(&booked), BOOKED, "offered {offered:?}: {}", booked.json);
    assert_converged(&world).await;
}

#[tokio::test(start_paused = true)]
async fn no_time_is_offered_that_overlaps_what_the_calendar_just_refused() {
    let world = calendar_first().await;
    let caller = rings(&world);
    caller.checks("Damenhaarschnitt", "2026-12-03", "10:00").await;
    somebody_books(&world, EMMA, thursday("10:00"));
    let heard = books_at(&caller, "10:00").await;
    assert_eq!(said(&heard), TAKEN, "{}", heard.json);
    for start in heard.alternatives() {
        let start: jiff::Timestamp = start.parse().unwrap();
        let minutes = start.duration_since(thursday("10:00")).as_mins().abs();
        assert!(minutes >= 45, "{start} is offered although somebody sits there: {}", heard.json);
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_push_of_what_was_promised_is_flagged_alarmed_and_never_given_up_silently() {
    let world = local_first().await;
    let caller = rings(&world);
    caller.checks("Damenhaarschnitt", "2026-12-03", "10:00").await;
    somebody_books(&world, EMMA, thursday("10:00"));
    assert_eq!(said(&books_at(&caller, "10:00").await), BOOKED, "our commit is the promise");
    seconds(&world, 60).await;
    assert!(waiting(&world).await.contains(&Kind::Refused), "{:?}", waiting(&world).await);
    assert!(alarming(&world).await.contains(&"refused".to_owned()), "{:?}", alarming(&world).await);
    minutes(&world, 5).await;
    let sync = sync_of(&world).await;
    assert_eq!((sync.status.as_str(), sync.requires_manual_review), ("failed", true), "{sync:?}");
    assert_eq!(sync.error_code.as_deref(), Some("taken"), "{sync:?}");
    assert_eq!(sagas(&world).await, ["confirmed"], "a person decides, not we");
    assert_eq!((live(&world).len(), ours(&world).len()), (1, 0), "theirs stays");
}

#[tokio::test(start_paused = true)]
async fn ours_at_another_start_is_cancelled_and_taken_for_a_refusal() {
    for mode in BOTH {
        let world = salon(mode).await;
        world.calcom().tamper_with(Some(next_create(|body| {
            body["data"]["start"] = json!("2026-12-03T11:15:00.000Z");
            body["data"]["end"] = json!("2026-12-03T12:00:00.000Z");
        })));
        let caller = rings(&world);
        let heard = books_at(&caller, "10:00").await;
        minutes(&world, 5).await;
        match mode {
            Mode::CalendarFirst => {
                assert_eq!(said(&heard), TAKEN, "{}", heard.json);
                assert_eq!(sagas(&world).await, ["released"]);
                assert!(open(&world).await.is_empty());
                assert_sound(&world).await;
                assert_eq!(live(&world).len(), 0, "it does not stay where nobody wanted it");
            }
            // What was promised is tried on, and the next try comes out as it should.
            Mode::LocalFirst => {
                assert_eq!(said(&heard), BOOKED);
                assert_eq!((sagas(&world).await, waiting(&world).await), (vec!["confirmed".to_owned()], vec![]));
                let starts: Vec<_> = live(&world).iter().map(|booking| booking.start).collect();
                assert_eq!(starts, [thursday("10:00")], "only where it was promised");
            }
        }
    }
}

/// The salon whose haircuts wait for the host's yes.
async fn hesitant_salon(mode: Mode) -> Arc<World> {
    let mut calendar = Calendar::salon();
    calendar.event_types[0].confirmation_policy =
        Some(json!({"type": "always", "blockUnconfirmedBookingsInBooker": true}));
    salon_with(mode, calendar, &[]).await
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_the_hosts_yes_is_noted_until_it_comes() {
    let world = hesitant_salon(Mode::CalendarFirst).await;
    let caller = rings(&world);
    assert_eq!(said(&books_at(&caller, "10:00").await), NOTED);
    minutes(&world, 5).await;
    assert_eq!(sagas(&world).await, ["held"], "five minutes are no yes");
    assert_eq!(ours(&world).iter().map(|booking| booking.status).collect::<Vec<_>>(), [Status::Pending]);
    assert_eq!(said(&books_at(&caller, "10:00").await), NOTED, "asked again, the truth is the same");
    let uid = ours(&world)[0].uid.clone();
    on_the_web(&world, "POST", &format!("/v2/bookings/{uid}/confirm"), json!({})).await;
    assert_converged(&world).await;
    assert_eq!(sagas(&world).await, ["confirmed"]);
    assert_eq!(said(&books_at(&caller, "10:00").await).0, "booked");
    assert_eq!(changes_asked(&world), 1, "all that was a single create");
}

#[tokio::test(start_paused = true)]
async fn the_hosts_no_releases_the_time_and_lets_the_caller_be_rung() {
    let world = hesitant_salon(Mode::CalendarFirst).await;
    let caller = rings(&world);
    assert_eq!(said(&books_at(&caller, "10:00").await), NOTED);
    seconds(&world, 10).await;
    let uid = ours(&world)[0].uid.clone();
    on_the_web(&world, "POST", &format!("/v2/bookings/{uid}/decline"), json!({"reason": "keine Zeit"})).await;
    assert_converged(&world).await;
    assert_eq!((sagas(&world).await, live(&world).len()), (vec!["released".to_owned()], 0));
    assert_eq!(tasks(&world).await, ["not_booked"]);
    assert_eq!(said(&books_at(&caller, "10:00").await).0, "noted", "the time is free for a new wish");
}

#[tokio::test(start_paused = true)]
async fn without_a_connection_the_booking_waits_and_goes_out_once_when_there_is_one() {
    for mode in BOTH {
        let world = salon(mode).await;
        world.calcom().refuse_connections(true);
        let caller = rings(&world);
        let (heard, waited) = timed(&world, books_at(&caller, "10:00")).await;
        assert_eq!(said(&heard), if mode == Mode::LocalFirst { BOOKED } else { NOTED }, "{}", heard.json);
        assert!(waited <= LONGEST_ANSWER, "{waited}");
        minutes(&world, 5).await;
        let before = sagas(&world).await;
        assert_eq!(before, [if mode == Mode::LocalFirst { "confirmed" } else { "held" }], "nothing is given up");
        assert!(sync_of(&world).await.requires_manual_review, "after three tries a person may look");
        world.calcom().refuse_connections(false);
        minutes(&world, 20).await;
        assert_converged(&world).await;
        assert_eq!((sagas(&world).await, starts(&world)), (vec!["confirmed".to_owned()], vec![thursday("10:00")]));
        assert_eq!(world.calcom().times(Operation::Create), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn behind_an_open_breaker_nothing_is_sent_and_everything_follows_once_it_closes() {
    for mode in BOTH {
        let world = salon(mode).await;
        let caller = rings(&world);
        caller.checks("Damenhaarschnitt", "2026-12-03", "10:00").await;
        fault(&world, "error-before=503,op=create");
        for (name, time) in [("A", "12:00"), ("B", "13:00"), ("C", "14:00"), ("D", "15:00"), ("E", "16:00")] {
            caller.books("Damenhaarschnitt", "2026-12-03", time, &format!("Frau Kunz{name}")).await;
            world.work().await;
        }
        let creates = world.calcom().times(Operation::Create);
        assert_eq!(creates, 5);
        let (heard, waited) = timed(&world, books_at(&caller, "10:00")).await;
        assert_eq!(said(&heard), if mode == Mode::LocalFirst { BOOKED } else { NOTED }, "{}", heard.json);
        assert!(waited.as_millis() < 100, "nobody waits for a calendar that is left alone: {waited}");
        world.work().await;
        assert_eq!(world.calcom().times(Operation::Create), creates, "not sent");
        fake(&world).clear_faults();
        minutes(&world, 5).await;
        assert_converged(&world).await;
        assert!(starts(&world).contains(&thursday("10:00")), "{:?}", starts(&world));
    }
}

#[tokio::test(start_paused = true)]
async fn a_key_that_is_not_taken_loses_nothing() {
    for mode in BOTH {
        let world = salon(mode).await;
        fake(&world).revoke_key("cal_demo_emma");
        let caller = rings(&world);
        let heard = books_at(&caller, "10:00").await;
        assert_eq!(said(&heard), if mode == Mode::LocalFirst { BOOKED } else { NOTED }, "{}", heard.json);
        minutes(&world, 3).await;
        let sync = sync_of(&world).await;
        assert_eq!((sync.status.as_str(), ours(&world).len()), ("failed", 0), "{sync:?}");
        assert!(sync.error_message.as_deref().is_some_and(|message| message.contains("key")), "{sync:?}");
        fake(&world).restore_key("cal_demo_emma");
        minutes(&world, 10).await;
        assert_converged(&world).await;
        assert_eq!(starts(&world), [thursday("10:00")]);
    }
}

#[tokio::test(start_paused = true)]
async fn with_the_keys_budget_used_up_nothing_is_sent_and_nobody_waits() {
    for mode in BOTH {
        let world = salon_with(mode, Calendar::salon(), &[BUDGET]).await;
        let caller = rings(&world);
        let mut heard = Vec::new();
        for time in
            ["09:00", "09:45", "10:30", "11:15", "12:00", "12:45", "13:30", "14:15", "15:00", "15:45", "16:30", "17:15"]
        {
            let (answer, waited) = timed(&world, books_at(&caller, time)).await;
            assert!(waited.as_millis() < 100, "{mode:?} {time}: {waited}");
            heard.push(said(&answer).0.to_owned());
        }
        let asked = world.calcom().asked().len();
        assert!(asked <= 10, "{asked} of 10 a minute");
        match mode {
            Mode::CalendarFirst => {
                assert!(heard.contains(&"noted".to_owned()) && heard.contains(&"booked".to_owned()), "{heard:?}");
            }
            Mode::LocalFirst => assert!(heard.iter().all(|status| status == "booked"), "{heard:?}"),
        }
        minutes(&world, 15).await;
        assert_converged(&world).await;
        assert_eq!(ours(&world).len(), 12, "{mode:?}");
        assert!(waiting(&world).await.is_empty(), "{mode:?}: waiting for one's turn is no failure");
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_torn_off_is_looked_up() {
    let world = calendar_first().await;
    world.calcom().tamper_with(Some(Arc::new(|operation, answer| match operation {
        Operation::Create => Err(HttpError::Unclear),
        _ => Ok(answer),
    })));
    let caller = rings(&world);
    assert_eq!(said(&books_at(&caller, "10:00").await), NOTED);
    assert_converged(&world).await;
    assert_eq!((sagas(&world).await, starts(&world)), (vec!["confirmed".to_owned()], vec![thursday("10:00")]));
}
