//! Moving what is in the calendar: the old time is given up only once the new one is proven.

use frontdesk_domain::review::Kind;
use frontdesk_fake_calcom::{Operation, Request};
use frontdesk_testkit::{Caller, Heard, World};
use serde_json::{Value, json};

use crate::salon::{
    BOOKED, EMMA, LONGEST_ANSWER, NOTED, TAKEN, appointed, assert_converged, books_at, calendar_first, fake, fault,
    live, local_first, minutes, now, open, ours, rings, sagas, said, seconds, somebody_books, starts, sync_of, tasks,
    thursday, timed, waiting,
};

pub const MOVED: (&str, &str, bool) = ("rescheduled", "ok", false);

async fn moves_to(caller: &Caller<'_>, time: &str) -> Heard {
    caller.asks("reschedule_appointment", json!({"new_date": "2026-12-03", "new_time": time})).await
}

/// Somebody moves a booking on the web and no webhook comes.
fn silently_moved_on_the_web(world: &World, uid: &str, start: jiff::Timestamp) {
    let request = Request::new("POST", &format!("/v2/bookings/{uid}/reschedule"), now(world))
        .header("authorization", "Bearer cal_demo_emma")
        .header("cal-api-version", "2024-08-13")
        .json(&json!({"start": start.to_string()}));
    let answer = fake(world).handle(&request);
    assert_eq!(answer.status, 201, "{}", answer.json());
}

#[tokio::test(start_paused = true)]
async fn a_move_to_what_somebody_just_took_stays_where_it_was_and_offers_other_times() {
    let world = calendar_first().await;
    let caller = rings(&world);
    books_at(&caller, "10:00").await;
    seconds(&world, 30).await;
    caller.checks("Damenhaarschnitt", "2026-12-03", "14:00").await;
    somebody_books(&world, EMMA, thursday("14:00"));
    let (heard, waited) = timed(&world, moves_to(&caller, "14:00")).await;
    assert_eq!(said(&heard), TAKEN, "{}", heard.json);
    assert!(waited <= LONGEST_ANSWER, "{waited}");
    assert!(!heard.alternatives().is_empty(), "{}", heard.json);
    for start in heard.alternatives() {
        let start: jiff::Timestamp = start.parse().unwrap();
        let apart = start.duration_since(thursday("14:00")).as_mins().abs();
        assert!(apart >= 45, "{start} was just refused: {}", heard.json);
    }
    assert_converged(&world).await;
    assert_eq!((appointed(&world).await, starts(&world)), (vec![thursday("10:00")], vec![thursday("10:00")]));
    let token = heard.text("alternatives/0/token").to_owned();
    let then = caller.asks("reschedule_appointment", json!({"token": token})).await;
    assert_eq!(said(&then), MOVED, "{}", then.json);
    assert_converged(&world).await;
    assert_eq!(appointed(&world).await, starts(&world));
}

#[tokio::test(start_paused = true)]
async fn a_refused_move_of_what_was_promised_is_somebodys_task() {
    let world = local_first().await;
    let caller = rings(&world);
    books_at(&caller, "10:00").await;
    seconds(&world, 30).await;
    caller.checks("Damenhaarschnitt", "2026-12-03", "14:00").await;
    somebody_books(&world, EMMA, thursday("14:00"));
    assert_eq!(said(&moves_to(&caller, "14:00").await), MOVED, "our commit is the promise");
    minutes(&world, 5).await;
    assert!(waiting(&world).await.contains(&Kind::Refused), "{:?}", waiting(&world).await);
    assert!(sync_of(&world).await.requires_manual_review);
    assert_eq!(starts(&world), [thursday("10:00")], "the booking stays until a person decides");
    assert_eq!(appointed(&world).await, [thursday("14:00")], "a confirmed time is never changed by the system");
}

#[tokio::test(start_paused = true)]
async fn a_move_without_a_clear_answer_is_noted_keeps_both_times_and_comes_out_the_same_on_both_sides() {
    for rule in [
        "lost-answer,op=reschedule,times=1",
        "error-after=500,op=reschedule,times=1",
        "hang-after=19,op=reschedule,times=1",
        "late-effect=1.6,op=reschedule,times=1",
        "late-effect=19,op=reschedule,times=1",
        "error-before=500,op=reschedule,times=1",
        "hang=19,op=reschedule,times=1",
        "too-many,op=reschedule,times=1",
    ] {
        let world = calendar_first().await;
        let caller = rings(&world);
        books_at(&caller, "10:00").await;
        seconds(&world, 30).await;
        fault(&world, rule);
        let (heard, waited) = timed(&world, moves_to(&caller, "14:00")).await;
        assert_eq!(said(&heard), NOTED, "{rule}: {}", heard.json);
        assert!(waited <= LONGEST_ANSWER, "{rule}: {waited}");
        let other = world.calcom_caller("+4915112345680");
        for time in ["10:00", "14:00"] {
            let heard = books_at(&other, time).await;
            assert_ne!(said(&heard).0, "booked", "{rule}: {time} may still be the first caller's");
        }
        minutes(&world, 5).await;
        assert_converged(&world).await;
        let appointed = appointed(&world).await;
        assert_eq!((appointed[0], starts(&world)[0]), (thursday("14:00"), thursday("14:00")), "{rule}");
        assert_eq!(ours(&world).len(), 1, "{rule}");
        assert_eq!(said(&books_at(&other, "10:00").await), BOOKED, "{rule}: the old time is free again");
    }
}

#[tokio::test(start_paused = true)]
async fn an_unclear_push_of_a_promised_move_converges() {
    for rule in
        ["lost-answer,op=reschedule,times=1", "late-effect=19,op=reschedule,times=1", "hang=19,op=reschedule,times=1"]
    {
        let world = local_first().await;
        let caller = rings(&world);
        books_at(&caller, "10:00").await;
        seconds(&world, 30).await;
        fault(&world, rule);
        assert_eq!(said(&moves_to(&caller, "14:00").await), MOVED);
        assert_converged(&world).await;
        assert_eq!(
            (appointed(&world).await, starts(&world)),
            (vec![thursday("14:00")], vec![thursday("14:00")]),
            "{rule}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_booking_that_was_moved_on_the_web_is_followed_by_its_new_name() {
    for world in [calendar_first().await, local_first().await] {
        let caller = rings(&world);
        books_at(&caller, "10:00").await;
        seconds(&world, 10).await;
        let before = ours(&world)[0].uid.clone();
        silently_moved_on_the_web(&world, &before, thursday("16:00"));
        let heard = moves_to(&caller, "14:00").await;
        assert!([NOTED, MOVED].contains(&said(&heard)), "{}", heard.json);
        assert_converged(&world).await;
        assert_eq!((appointed(&world).await, starts(&world)), (vec![thursday("14:00")], vec![thursday("14:00")]));
        assert_ne!(ours(&world)[0].uid, before);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_only_noted_can_be_moved() {
    for rule in ["lost-answer,op=create,times=1", "late-effect=19,op=create,times=1"] {
        let world = calendar_first().await;
        fault(&world, rule);
        let caller = rings(&world);
        assert_eq!(said(&books_at(&caller, "10:00").await), NOTED);
        let heard = moves_to(&caller, "14:00").await;
        assert!([NOTED, MOVED].contains(&said(&heard)), "{rule}: {}", heard.json);
        assert_converged(&world).await;
        assert_eq!(
            (sagas(&world).await, appointed(&world).await),
            (vec!["confirmed".to_owned()], vec![thursday("14:00")])
        );
        assert_eq!(starts(&world), [thursday("14:00")], "{rule}");
        assert_eq!(tasks(&world).await, [""; 0]);
    }
}

async fn haircut_with(caller: &Caller<'_>, staff: &str, time: &str) -> Heard {
    caller
        .asks(
            "book_appointment",
            json!({"service_name": "Haarschnitt", "staff_name": staff, "date": "2026-12-03", "time": time,
                "customer_name": "Hannelore Brückner"}),
        )
        .await
}

fn to_fabian() -> Value {
    json!({"new_date": "2026-12-03", "new_time": "14:00", "staff_name": "Fabian"})
}

#[tokio::test(start_paused = true)]
async fn a_move_to_another_person_keeps_the_old_booking_until_the_new_one_is_proven() {
    for world in [calendar_first().await, local_first().await] {
        let caller = rings(&world);
        assert_eq!(said(&haircut_with(&caller, "Emma", "10:00").await), BOOKED);
        seconds(&world, 30).await;
        assert_eq!(ours(&world).iter().map(|booking| booking.host_id).collect::<Vec<_>>(), [1]);
        let heard = caller.asks("reschedule_appointment", to_fabian()).await;
        assert_eq!(said(&heard), MOVED, "{}", heard.json);
        assert_converged(&world).await;
        let there: Vec<_> = ours(&world).iter().map(|booking| (booking.host_id, booking.start)).collect();
        assert_eq!(there, [(2, thursday("14:00"))]);
    }
    for rule in ["lost-answer,op=create,times=1", "late-effect=19,op=create,times=1"] {
        let world = calendar_first().await;
        let caller = rings(&world);
        haircut_with(&caller, "Emma", "10:00").await;
        seconds(&world, 30).await;
        fault(&world, rule);
        assert_eq!(said(&caller.asks("reschedule_appointment", to_fabian()).await), NOTED, "{rule}");
        assert!(
            ours(&world).iter().any(|booking| booking.host_id == 1),
            "{rule}: the old one is not given up on a doubt"
        );
        assert_eq!(world.calcom().times(Operation::Cancel), 0);
        assert_converged(&world).await;
        let there: Vec<_> = ours(&world).iter().map(|booking| (booking.host_id, booking.start)).collect();
        assert_eq!(there, [(2, thursday("14:00"))], "{rule}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_move_to_another_person_who_is_taken_leaves_everything_as_it_was() {
    let world = calendar_first().await;
    let caller = rings(&world);
    haircut_with(&caller, "Emma", "10:00").await;
    seconds(&world, 30).await;
    let args = json!({"service_name": "Haarschnitt", "staff_name": "Fabian", "date": "2026-12-03", "time": "14:00"});
    caller.asks("check_availability", args).await;
    // Fabian's own haircut for men, on the web.
    somebody_books(&world, 3, thursday("14:00"));
    let before = ours(&world);
    let heard = caller.asks("reschedule_appointment", to_fabian()).await;
    assert_eq!(said(&heard), TAKEN, "{}", heard.json);
    assert_converged(&world).await;
    assert_eq!((ours(&world), appointed(&world).await), (before, vec![thursday("10:00")]));
    assert_eq!(live(&world).len(), 2);
    assert!(open(&world).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_move_in_doubt_asked_for_again_is_the_same_move() {
    let world = calendar_first().await;
    let caller = rings(&world);
    books_at(&caller, "10:00").await;
    seconds(&world, 30).await;
    fault(&world, "late-effect=19,op=reschedule,times=1");
    assert_eq!(said(&moves_to(&caller, "14:00").await), NOTED);
    assert_eq!(said(&moves_to(&caller, "14:00").await), NOTED, "said again, it is as true as before");
    assert_converged(&world).await;
    assert_eq!(said(&moves_to(&caller, "14:00").await), MOVED, "and now it is done");
    assert_eq!(world.calcom().times(Operation::Reschedule), 1);
}

#[tokio::test(start_paused = true)]
async fn another_wish_while_a_move_is_in_doubt_hears_of_that_move_and_never_of_somebody_elses_time() {
    let world = calendar_first().await;
    let caller = rings(&world);
    books_at(&caller, "10:00").await;
    seconds(&world, 30).await;
    fault(&world, "late-effect=19,op=reschedule,times=1");
    assert_eq!(said(&moves_to(&caller, "14:00").await), NOTED);
    for time in ["16:00", "10:00"] {
        let heard = moves_to(&caller, time).await;
        assert_eq!(said(&heard), NOTED, "{time}: {}", heard.json);
        assert_eq!(heard.text("appointment/start"), "2026-12-03T14:00:00+01:00", "{time}: what is on its way, is told");
    }
    assert_converged(&world).await;
    assert_eq!((appointed(&world).await, starts(&world)), (vec![thursday("14:00")], vec![thursday("14:00")]));
    assert_eq!(said(&moves_to(&caller, "16:00").await), MOVED, "then it can be moved on");
}

#[tokio::test(start_paused = true)]
async fn the_platforms_retry_of_a_move_in_doubt_hears_what_is_true_then() {
    let world = calendar_first().await;
    let caller = rings(&world);
    books_at(&caller, "10:00").await;
    seconds(&world, 30).await;
    fault(&world, "late-effect=19,op=reschedule,times=1");
    let args = || json!({"new_date": "2026-12-03", "new_time": "14:00"});
    for _ in 0..2 {
        let heard = caller.repeats("reschedule_appointment", args(), "tool_1").await;
        assert_eq!(said(&heard), NOTED, "{}", heard.json);
        assert_eq!(heard.text("appointment/start"), "2026-12-03T14:00:00+01:00");
    }
    assert_converged(&world).await;
    assert_eq!(said(&caller.repeats("reschedule_appointment", args(), "tool_1").await), MOVED);
    assert_eq!(world.calcom().times(Operation::Reschedule), 1);
}

#[tokio::test(start_paused = true)]
async fn a_repeated_move_of_what_is_only_noted_stays_noted() {
    let world = calendar_first().await;
    fault(&world, "late-effect=19,op=create,times=1");
    let caller = rings(&world);
    books_at(&caller, "10:00").await;
    for _ in 0..2 {
        let heard = moves_to(&caller, "14:00").await;
        assert_eq!(said(&heard), NOTED, "{}", heard.json);
    }
    assert_converged(&world).await;
    assert_eq!(said(&moves_to(&caller, "14:00").await), MOVED);
    assert_eq!(starts(&world), [thursday("14:00")]);
}
