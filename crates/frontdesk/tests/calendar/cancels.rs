//! Cancelling: said at once, and carried into the calendar until it is proven there.

use std::time::Duration;

use frontdesk_fake_calcom::{Operation, Request, Status};
use serde_json::json;

use crate::salon::{
    BOTH, NOTED, assert_converged, books_at, calendar_first, fake, fault, live, minutes, now, ours, rings, sagas, said,
    salon, seconds, starts, tasks, thursday, timed,
};

const CANCELLED: (&str, &str, bool) = ("cancelled", "ok", false);

#[tokio::test(start_paused = true)]
async fn the_calendar_is_told_with_a_reason_once() {
    for mode in BOTH {
        let world = salon(mode).await;
        let caller = rings(&world);
        books_at(&caller, "10:00").await;
        seconds(&world, 10).await;
        let heard = caller.asks("cancel_appointment", json!({"reason": "krank geworden"})).await;
        assert_eq!(said(&heard), CANCELLED, "{}", heard.json);
        assert_converged(&world).await;
        let ledger = fake(&world).ledger();
        let [booking] = ledger.as_slice() else { panic!("{ledger:#?}") };
        assert_eq!(booking.status, Status::Cancelled);
        assert!(booking.cancellation_reason.as_deref().is_some_and(|reason| !reason.is_empty()), "{booking:?}");
        assert!(
            !format!("{booking:?}").contains("krank geworden"),
            "why is the salon's to know, not the calendar's mails'"
        );
        assert_eq!(world.calcom().times(Operation::Cancel), 1);
        assert_eq!(said(&caller.asks("cancel_appointment", json!({})).await), CANCELLED, "asked again, the same truth");
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_cancelled_there_already_counts_as_done() {
    for mode in BOTH {
        let world = salon(mode).await;
        let caller = rings(&world);
        books_at(&caller, "10:00").await;
        seconds(&world, 10).await;
        let uid = ours(&world)[0].uid.clone();
        assert!(fake(&world).cancel_foreign(&uid, now(&world)));
        assert_eq!(said(&caller.asks("cancel_appointment", json!({})).await), CANCELLED);
        assert_converged(&world).await;
        assert_eq!((sagas(&world).await, live(&world).len()), (vec!["cancelled".to_owned()], 0));
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_moved_there_is_cancelled_by_its_new_name() {
    for mode in BOTH {
        let world = salon(mode).await;
        let caller = rings(&world);
        books_at(&caller, "10:00").await;
        seconds(&world, 10).await;
        for to in ["12:00", "15:00"] {
            let uid = ours(&world)[0].uid.clone();
            let request = Request::new("POST", &format!("/v2/bookings/{uid}/reschedule"), now(&world))
                .header("authorization", "Bearer cal_demo_emma")
                .header("cal-api-version", "2024-08-13")
                .json(&json!({"start": thursday(to).to_string()}));
            assert_eq!(fake(&world).handle(&request).status, 201);
        }
        assert_eq!(said(&caller.asks("cancel_appointment", json!({})).await), CANCELLED);
        seconds(&world, 5).await;
        assert_eq!(live(&world).len(), 0, "{mode:?}: at once, not only when the sweep comes by");
        assert_converged(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn with_the_calendar_down_it_is_said_at_once_and_goes_out_later() {
    for how in ["refused", "error-before=503", "hang=19", "too-many", "lost-answer,op=cancel"] {
        for mode in BOTH {
            let world = salon(mode).await;
            let caller = rings(&world);
            books_at(&caller, "10:00").await;
            seconds(&world, 10).await;
            if how == "refused" {
                world.calcom().refuse_connections(true);
            } else {
                fault(&world, how);
            }
            let (heard, waited) = timed(&world, caller.asks("cancel_appointment", json!({}))).await;
            assert_eq!(said(&heard), CANCELLED, "{how}: {}", heard.json);
            assert!(waited < Duration::from_millis(100).try_into().unwrap(), "{how}: {waited}");
            minutes(&world, 3).await;
            world.calcom().refuse_connections(false);
            fake(&world).clear_faults();
            minutes(&world, 10).await;
            assert_converged(&world).await;
            assert_eq!((sagas(&world).await, live(&world).len()), (vec!["cancelled".to_owned()], 0), "{how} {mode:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_cancel_while_nobody_knows_whether_it_was_booked_leaves_nothing() {
    for rule in [
        "lost-answer,op=create,times=1",
        "late-effect=1.6,op=create,times=1",
        "late-effect=19,op=create,times=1",
        "late-effect=55,op=create,times=1",
        "hang-after=19,op=create,times=1",
        "error-after=500,op=create,times=1",
        "error-before=500,op=create,times=1",
    ] {
        for mode in BOTH {
            let world = salon(mode).await;
            fault(&world, rule);
            let caller = rings(&world);
            books_at(&caller, "10:00").await;
            world.work().await;
            assert_eq!(said(&caller.asks("cancel_appointment", json!({})).await), CANCELLED);
            assert_converged(&world).await;
            assert_eq!((sagas(&world).await, live(&world).len()), (vec!["cancelled".to_owned()], 0), "{rule} {mode:?}");
            assert_eq!(tasks(&world).await, [""; 0], "{rule}: who cancelled need not be rung");
            let again = books_at(&caller, "10:00").await;
            assert_eq!(said(&again).0, "booked", "{rule} {mode:?}: a new wish: {}", again.json);
            assert_converged(&world).await;
            assert_eq!(starts(&world), [thursday("10:00")]);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_cancel_while_a_move_is_in_doubt_leaves_neither() {
    for rule in
        ["lost-answer,op=reschedule,times=1", "late-effect=19,op=reschedule,times=1", "hang=19,op=reschedule,times=1"]
    {
        let world = calendar_first().await;
        let caller = rings(&world);
        books_at(&caller, "10:00").await;
        seconds(&world, 10).await;
        fault(&world, rule);
        let moved = caller.asks("reschedule_appointment", json!({"new_date": "2026-12-03", "new_time": "14:00"})).await;
        assert_eq!(said(&moved), NOTED, "{rule}: {}", moved.json);
        assert_eq!(said(&caller.asks("cancel_appointment", json!({})).await), CANCELLED);
        assert_converged(&world).await;
        assert_eq!((sagas(&world).await, live(&world).len()), (vec!["cancelled".to_owned()], 0), "{rule}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_booking_that_comes_after_its_settling_time_is_found_and_taken_away() {
    // Later than anybody could expect: the absence was taken for proven, the caller was told.
    let world = calendar_first().await;
    fault(&world, "late-effect=90,op=create,times=1");
    let caller = rings(&world);
    assert_eq!(said(&books_at(&caller, "10:00").await), NOTED);
    seconds(&world, 80).await;
    assert_eq!(sagas(&world).await, ["released"]);
    assert_converged(&world).await;
    assert_eq!(live(&world).len(), 0, "found by its webhook or the sweep, and taken away");
}
