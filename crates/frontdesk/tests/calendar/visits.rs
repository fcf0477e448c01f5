//! Visits of several services are several bookings: all of them, or none.

use frontdesk_fake_calcom::Operation;
use frontdesk_testkit::{Caller, Heard};
use serde_json::json;

use crate::moves::MOVED;
use crate::salon::{
    BOOKED, BOTH, EMMA, LONGEST_ANSWER, Mode, NOTED, TAKEN, alarming, appointed, assert_converged, calendar_first,
    fault, live, local_first, minutes, ours, rings, sagas, said, salon, seconds, somebody_books, starts, tasks,
    thursday, timed, waiting,
};

async fn books_both(caller: &Caller<'_>, time: &str) -> Heard {
    caller
        .asks(
            "book_appointment",
            json!({"services": ["Damenhaarschnitt", "Waschen, Schneiden, Föhnen"], "date": "2026-12-03", "time": time,
                "customer_name": "Hannelore Brückner"}),
        )
        .await
}

#[tokio::test(start_paused = true)]
async fn two_services_are_two_bookings_one_after_the_other() {
    for mode in BOTH {
        let world = salon(mode).await;
        let caller = rings(&world);
        let (heard, waited) = timed(&world, books_both(&caller, "10:00")).await;
        assert_eq!(said(&heard), BOOKED, "{}", heard.json);
        assert!(waited <= LONGEST_ANSWER, "{waited}");
        assert_converged(&world).await;
        assert_eq!(starts(&world), [thursday("10:00"), thursday("10:45")]);
        let moved = caller.asks("reschedule_appointment", json!({"new_date": "2026-12-03", "new_time": "14:00"})).await;
        assert_eq!(said(&moved), MOVED, "{}", moved.json);
        assert_converged(&world).await;
        assert_eq!(starts(&world), [thursday("14:00"), thursday("14:45")]);
        assert_eq!(said(&caller.asks("cancel_appointment", json!({})).await).0, "cancelled");
        assert_converged(&world).await;
        assert_eq!(live(&world).len(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn if_the_second_is_refused_the_first_is_taken_back() {
    let world = calendar_first().await;
    let caller = rings(&world);
    let both =
        json!({"services": ["Damenhaarschnitt", "Waschen, Schneiden, Föhnen"], "date": "2026-12-03", "time": "10:00"});
    caller.asks("check_availability", both).await;
    somebody_books(&world, EMMA, thursday("11:15"));
    let (heard, waited) = timed(&world, books_both(&caller, "10:00")).await;
    assert_eq!(said(&heard), TAKEN, "{}", heard.json);
    assert!(waited <= LONGEST_ANSWER, "{waited}");
    assert_converged(&world).await;
    assert_eq!((sagas(&world).await, ours(&world).len(), live(&world).len()), (vec!["released".to_owned()], 0, 1));
}

#[tokio::test(start_paused = true)]
async fn taking_back_the_first_is_tried_until_it_is_done_and_alarmed_meanwhile() {
    let world = calendar_first().await;
    let caller = rings(&world);
    let both =
        json!({"services": ["Damenhaarschnitt", "Waschen, Schneiden, Föhnen"], "date": "2026-12-03", "time": "10:00"});
    caller.asks("check_availability", both).await;
    somebody_books(&world, EMMA, thursday("11:15"));
    fault(&world, "error-before=500,op=cancel,times=5");
    let (heard, waited) = timed(&world, books_both(&caller, "10:00")).await;
    assert_eq!(said(&heard), TAKEN, "{}", heard.json);
    assert!(waited <= LONGEST_ANSWER, "{waited}");
    seconds(&world, 65).await;
    assert_eq!(alarming(&world).await, ["absence_overdue"]);
    minutes(&world, 5).await;
    assert_converged(&world).await;
    assert_eq!((ours(&world).len(), alarming(&world).await.len()), (0, 0));
    assert!(world.calcom().times(Operation::Cancel) > 5);
}

#[tokio::test(start_paused = true)]
async fn a_doubt_about_one_of_them_is_a_doubt_about_the_visit() {
    for (rule, there) in [
        ("lost-answer,op=create,times=1", true),
        ("late-effect=19,op=create,times=1", true),
        ("error-before=500,op=create,times=1", false),
    ] {
        for mode in BOTH {
            let world = salon(mode).await;
            fault(&world, rule);
            let caller = rings(&world);
            let heard = books_both(&caller, "10:00").await;
            assert_eq!(said(&heard), if mode == Mode::LocalFirst { BOOKED } else { NOTED }, "{rule}: {}", heard.json);
            assert_converged(&world).await;
            if there || mode == Mode::LocalFirst {
                assert_eq!(sagas(&world).await, ["confirmed"], "{rule} {mode:?}");
                let mut starts = starts(&world);
                starts.sort();
                assert_eq!(starts, [thursday("10:00"), thursday("10:45")], "{rule} {mode:?}");
            } else {
                assert_eq!((sagas(&world).await, ours(&world).len()), (vec!["released".to_owned()], 0), "{rule}");
                assert_eq!(tasks(&world).await, ["not_booked"]);
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn if_one_of_them_cannot_be_moved_none_is() {
    let world = calendar_first().await;
    let caller = rings(&world);
    assert_eq!(said(&books_both(&caller, "10:00").await), BOOKED);
    seconds(&world, 30).await;
    let both =
        json!({"services": ["Damenhaarschnitt", "Waschen, Schneiden, Föhnen"], "date": "2026-12-03", "time": "14:00"});
    caller.asks("check_availability", both).await;
    somebody_books(&world, EMMA, thursday("15:15"));
    let heard = caller.asks("reschedule_appointment", json!({"new_date": "2026-12-03", "new_time": "14:00"})).await;
    assert_eq!(said(&heard), TAKEN, "{}", heard.json);
    assert_converged(&world).await;
    let mut starts = starts(&world);
    starts.sort();
    assert_eq!(starts, [thursday("10:00"), thursday("10:45")], "the one that had moved came back");
    assert_eq!(appointed(&world).await, [thursday("10:00")]);
}

#[tokio::test(start_paused = true)]
async fn a_promised_visit_of_which_one_part_is_refused_is_somebodys_task() {
    let world = local_first().await;
    let caller = rings(&world);
    let both =
        json!({"services": ["Damenhaarschnitt", "Waschen, Schneiden, Föhnen"], "date": "2026-12-03", "time": "10:00"});
    caller.asks("check_availability", both).await;
    somebody_books(&world, EMMA, thursday("11:15"));
    assert_eq!(said(&books_both(&caller, "10:00").await), BOOKED);
    minutes(&world, 5).await;
    assert!(waiting(&world).await.contains(&frontdesk_domain::review::Kind::Refused));
    assert_eq!((sagas(&world).await, starts(&world)), (vec!["confirmed".to_owned()], vec![thursday("10:00")]));
}
