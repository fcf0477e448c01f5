//! Cases that systems of this kind are known to get wrong, by their names.

use frontdesk_domain::review::Kind;
use frontdesk_fake_calcom::{Foreign, Operation};
use serde_json::{Map, json};

use crate::salon::{
    BOOKED, BOTH, LONGEST_ANSWER, Mode, NOTED, TAKEN, alarming, assert_converged, books_at, calendar_first, change,
    changes_asked, fake, fault, live, local_first, minutes, now, open, ours, passes, rings, rows, sagas, said, salon,
    seconds, starts, sync_of, tasks, thursday, timed, waiting,
};

#[tokio::test(start_paused = true)]
async fn booked_there_and_not_saved_here_is_noted_and_confirmed_once_it_can_be_saved() {
    let world = calendar_first().await;
    change(
        &world,
        "CREATE TRIGGER broken BEFORE UPDATE OF saga ON appointment BEGIN SELECT RAISE(ABORT, 'broken'); END",
    )
    .await;
    let caller = rings(&world);
    let (heard, waited) = timed(&world, books_at(&caller, "10:00")).await;
    assert_eq!(said(&heard), NOTED, "{}", heard.json);
    assert!(waited <= LONGEST_ANSWER, "{waited}");
    minutes(&world, 2).await;
    assert_eq!((sagas(&world).await, ours(&world).len()), (vec!["held".to_owned()], 1), "never said, never lost");
    change(&world, "DROP TRIGGER broken").await;
    assert_converged(&world).await;
    assert_eq!((sagas(&world).await, starts(&world)), (vec!["confirmed".to_owned()], vec![thursday("10:00")]));
    assert_eq!(world.calcom().times(Operation::Create), 1);
}

#[tokio::test(start_paused = true)]
async fn booked_there_not_saved_here_and_not_wanted_any_more_is_cancelled_there_however_often_that_fails() {
    let world = calendar_first().await;
    change(
        &world,
        "CREATE TRIGGER broken BEFORE UPDATE ON remote WHEN NEW.state = 'live'
         BEGIN SELECT RAISE(ABORT, 'broken'); END",
    )
    .await;
    let caller = rings(&world);
    assert_eq!(said(&books_at(&caller, "10:00").await), NOTED);
    assert_eq!(said(&caller.asks("cancel_appointment", json!({})).await).0, "cancelled");
    change(&world, "DROP TRIGGER broken").await;
    fault(&world, "error-before=500,op=cancel,times=4");
    seconds(&world, 65).await;
    assert!(world.calcom().times(Operation::Cancel) >= 3, "it is tried again and again");
    assert_eq!(alarming(&world).await, ["absence_overdue"], "somebody hears of it");
    minutes(&world, 10).await;
    assert_converged(&world).await;
    assert_eq!((sagas(&world).await, live(&world).len()), (vec!["cancelled".to_owned()], 0));
    assert_eq!(alarming(&world).await, [""; 0], "and that it is over");
}

#[tokio::test(start_paused = true)]
async fn an_absence_that_does_not_come_about_is_alarmed_within_a_minute() {
    let world = local_first().await;
    let caller = rings(&world);
    books_at(&caller, "10:00").await;
    seconds(&world, 5).await;
    fault(&world, "error-before=500,op=cancel");
    caller.asks("cancel_appointment", json!({})).await;
    seconds(&world, 65).await;
    assert_eq!(alarming(&world).await, ["absence_overdue"], "a minute after it was due");
    assert!(waiting(&world).await.contains(&Kind::PushFailed));
}

#[tokio::test(start_paused = true)]
async fn somebody_elses_booking_told_as_ours_is_refused_and_left_alone() {
    let world = calendar_first().await;
    // A round robin answers with whatever booking has the same address and start.
    let theirs = Foreign {
        event_type_id: 8,
        start: thursday("10:00"),
        host_id: Some(1),
        minutes: None,
        name: "Hannelore Brückner".to_owned(),
        email: "hannelore@example.org".to_owned(),
        metadata: Map::new(),
    };
    let theirs = fake(&world).book_foreign(&theirs, now(&world)).unwrap();
    let caller = rings(&world);
    let heard = caller
        .asks(
            "book_appointment",
            json!({"service_name": "Haarschnitt", "date": "2026-12-03", "time": "10:00",
                "customer_name": "Hannelore Brückner", "customer_email": "hannelore@example.org"}),
        )
        .await;
    assert_eq!(said(&heard), TAKEN, "{}", heard.json);
    assert_converged(&world).await;
    assert_eq!(sagas(&world).await, ["released"]);
    assert_eq!(live(&world), [theirs], "neither adopted nor cancelled");
}

#[tokio::test(start_paused = true)]
async fn an_older_booking_of_ours_told_as_the_new_one_is_refused_and_stays_the_first_callers() {
    for mode in BOTH {
        let world = salon(mode).await;
        let wish = |name: &str| {
            json!({"service_name": "Haarschnitt", "date": "2026-12-03", "time": "10:00", "customer_name": name,
                "customer_email": "familie@example.org"})
        };
        let first = rings(&world);
        assert_eq!(said(&first.asks("book_appointment", wish("Hannelore Brückner")).await), BOOKED);
        seconds(&world, 5).await;
        passes(35 * 60).await;
        let before = ours(&world);
        let second = world.calcom_caller("+4915112345679");
        let heard = second.asks("book_appointment", wish("Rolf Brückner")).await;
        minutes(&world, 5).await;
        match mode {
            Mode::CalendarFirst => {
                assert_eq!(said(&heard), TAKEN, "{}", heard.json);
                assert_eq!(sagas(&world).await, ["confirmed", "released"]);
                assert!(open(&world).await.is_empty());
            }
            Mode::LocalFirst => assert_eq!(waiting(&world).await, [Kind::Refused], "promised: a person must look"),
        }
        assert_eq!(ours(&world), before, "{mode:?}: the first caller's booking is the first caller's");
    }
}

#[tokio::test(start_paused = true)]
async fn a_calendar_that_hangs_for_19_seconds_costs_nobody_more_than_two() {
    for rule in ["hang-after=19,op=create,times=1", "late-effect=19,op=create,times=1"] {
        let world = calendar_first().await;
        fault(&world, rule);
        let caller = rings(&world);
        let (heard, waited) = timed(&world, books_at(&caller, "10:00")).await;
        assert_eq!(said(&heard), NOTED, "{rule}: {}", heard.json);
        assert!(waited <= LONGEST_ANSWER, "{rule}: {waited}");
        assert_converged(&world).await;
        assert_eq!(sagas(&world).await, ["confirmed"], "{rule}");
        assert_eq!((starts(&world), live(&world).len()), (vec![thursday("10:00")], 1), "{rule}: exactly once");
    }
}

#[tokio::test(start_paused = true)]
async fn three_failed_pushes_ask_for_a_person_keep_what_was_wrong_and_go_on() {
    let world = local_first().await;
    world.calcom().refuse_connections(true);
    assert_eq!(said(&books_at(&rings(&world), "10:00").await), BOOKED);
    seconds(&world, 2).await;
    let sync = sync_of(&world).await;
    assert_eq!((sync.status.as_str(), sync.requires_manual_review), ("pending", false), "{sync:?}");
    seconds(&world, 60).await;
    let sync = sync_of(&world).await;
    assert_eq!((sync.status.as_str(), sync.requires_manual_review), ("failed", true), "{sync:?}");
    assert!(sync.attempts >= 3 && sync.flagged_ms.is_some(), "{sync:?}");
    assert_eq!(sync.error_code.as_deref(), Some("no_connection"), "{sync:?}");
    assert!(sync.error_message.as_deref().is_some_and(|message| message.contains("address")), "{sync:?}");
    assert_eq!(waiting(&world).await, [Kind::PushFailed]);
    let attempts = sync.attempts;
    minutes(&world, 10).await;
    assert!(sync_of(&world).await.attempts > attempts, "a flag never stops the work");
    world.calcom().refuse_connections(false);
    minutes(&world, 20).await;
    let sync = sync_of(&world).await;
    assert_eq!((sync.status.as_str(), sync.requires_manual_review, sync.attempts), ("synced", false, 0), "{sync:?}");
    assert_eq!((sync.error_code, sync.error_message), (None, None));
    assert!(sync.booking_id.is_some());
    assert_eq!(waiting(&world).await, [], "nobody has to look any more");
    assert_converged(&world).await;
}

#[tokio::test(start_paused = true)]
async fn the_echo_of_our_own_booking_changes_nothing_anywhere() {
    for mode in BOTH {
        let world = salon(mode).await;
        let caller = rings(&world);
        books_at(&caller, "10:00").await;
        minutes(&world, 5).await;
        let told = "SELECT trigger_name || ' ' || COALESCE(outcome, '-') FROM calendar_event";
        assert_eq!(rows(&world, told).await, ["created known"], "the webhook came, and was ours");
        assert_eq!(changes_asked(&world), 1, "{mode:?}: nothing but the create itself was ever sent");
        let sync = sync_of(&world).await;
        assert_eq!((sync.origin.as_str(), sync.status.as_str()), ("frontdesk", "synced"));
        caller.asks("reschedule_appointment", json!({"new_date": "2026-12-03", "new_time": "11:00"})).await;
        caller.asks("cancel_appointment", json!({})).await;
        minutes(&world, 5).await;
        assert!(changes_asked(&world) <= 3, "{mode:?}: one each, and no echo of an echo");
        assert_converged(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_in_the_calendar_already_is_not_made_a_second_time() {
    for mode in BOTH {
        let world = salon(mode).await;
        let caller = rings(&world);
        books_at(&caller, "10:00").await;
        minutes(&world, 2).await;
        for _ in 0..3 {
            assert_eq!(said(&books_at(&caller, "10:00").await).0, "booked", "the same wish hears the same truth");
            change(
                &world,
                "INSERT INTO job (job_id, tenant_id, kind, unique_key, due_ms, created_ms)
                 SELECT 'job_again', tenant_id, 'sync', appointment_id, 0, 0 FROM appointment",
            )
            .await;
            change(&world, "UPDATE sync SET synced_ms = NULL").await;
            minutes(&world, 2).await;
        }
        assert_eq!(world.calcom().times(Operation::Create), 1, "{mode:?}");
        assert_eq!((ours(&world).len(), tasks(&world).await.len()), (1, 0));
        assert_converged(&world).await;
    }
}
