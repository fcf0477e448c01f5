//! Booking, moving and cancelling while the calendar is well.

use frontdesk_fake_calcom::Operation;
use jiff::SignedDuration;
use serde_json::json;

use crate::salon::{assert_converged, berlin, calendar_first, live, local_first, ours, said};

#[tokio::test(start_paused = true)]
async fn a_caller_books_and_the_calendar_has_it_before_booked_is_said() {
    let world = calendar_first().await;
    let caller = world.calcom_caller("+4915112345678");
    let heard = caller.books("Damenhaarschnitt", "2026-12-03", "10:00", "Hannelore Brückner").await;
    assert_eq!(said(&heard), ("booked", "ok", true), "{}", heard.json);
    let there = ours(&world);
    assert_eq!(there.len(), 1);
    assert_eq!(there[0].start, berlin("2026-12-03T10:00:00"));
    assert_converged(&world).await;
    assert_eq!(live(&world).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn local_first_says_booked_at_once_and_the_push_follows() {
    let world = local_first().await;
    let caller = world.calcom_caller("+4915112345678");
    let heard = caller.books("Damenhaarschnitt", "2026-12-03", "10:00", "Hannelore Brückner").await;
    assert_eq!(said(&heard), ("booked", "ok", true), "{}", heard.json);
    assert_eq!(ours(&world).len(), 0, "the caller did not wait for the calendar");
    world.work().await;
    assert_eq!(ours(&world).len(), 1);
    assert_converged(&world).await;
}

#[tokio::test(start_paused = true)]
async fn a_move_moves_the_booking_and_a_cancellation_takes_it_away() {
    for world in [calendar_first().await, local_first().await] {
        let caller = world.calcom_caller("+4915112345678");
        caller.books("Damenhaarschnitt", "2026-12-03", "10:00", "Hannelore Brückner").await;
        let moved = caller.asks("reschedule_appointment", json!({"new_date": "2026-12-03", "new_time": "10:30"})).await;
        assert_eq!(said(&moved).0, "rescheduled", "{}", moved.json);
        world.work_for(SignedDuration::from_secs(10)).await;
        let there = ours(&world);
        assert_eq!(there.len(), 1);
        assert_eq!(there[0].start, berlin("2026-12-03T10:30:00"));
        let gone = caller.asks("cancel_appointment", json!({})).await;
        assert_eq!(said(&gone).0, "cancelled", "{}", gone.json);
        assert_converged(&world).await;
        assert_eq!(live(&world).len(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn once_a_call_begins_the_free_times_are_fetched_and_a_check_asks_the_calendar_for_nothing() {
    let world = calendar_first().await;
    let caller = world.calcom_caller("+4915112345678");
    caller.asks("start_call", json!({})).await;
    let fetched = world.app.desk.sync().warm().await;
    assert!(fetched > 0);
    let asked = world.calcom().times(Operation::Slots);
    let heard = caller.checks("Damenhaarschnitt", "2026-12-03", "10:00").await;
    assert_eq!(said(&heard).0, "available", "{}", heard.json);
    assert_eq!(world.calcom().times(Operation::Slots), asked, "it was known already");
    assert_eq!(world.app.desk.sync().warm().await, 0, "what is fresh is not fetched again");
}
