//! A calendar that hangs: nobody who rings waits for it longer than two seconds, and nobody else notices.

use std::sync::Arc;
use std::time::Duration;

use frontdesk_fake_calcom::Operation;
use frontdesk_testkit::World;
use jiff::SignedDuration;

use crate::houses::{Houses, all_at_once, houses};
use crate::salon::{
    BOOKED, LONGEST_ANSWER, Mode, NOTED, assert_converged, books_at, calendar_first, fake, fault, passes, rings, said,
    seconds, timed,
};

#[tokio::test(start_paused = true)]
async fn no_answer_takes_more_than_two_seconds_whatever_hangs() {
    for rule in ["hang=19", "hang-after=19", "late-effect=19", "hang=19,op=slots", "hang=19,op=create", "latency=0.9"] {
        let world = calendar_first().await;
        fault(&world, rule);
        let caller = rings(&world);
        let args = serde_json::json!({"service_name": "Damenhaarschnitt", "date": "2026-12-03", "time": "10:00"});
        for (function, args) in [
            ("check_availability", args.clone()),
            ("find_alternatives", args),
            (
                "book_appointment",
                serde_json::json!({"service_name": "Damenhaarschnitt", "date": "2026-12-03",
                "time": "10:00", "customer_name": "Hannelore Brückner"}),
            ),
            ("reschedule_appointment", serde_json::json!({"new_date": "2026-12-03", "new_time": "14:00"})),
            ("update_customer_email", serde_json::json!({"customer_email": "hannelore@example.org"})),
            ("cancel_appointment", serde_json::json!({})),
            (
                "book_appointment",
                serde_json::json!({"services": ["Damenhaarschnitt", "Waschen, Schneiden, Föhnen"],
                "date": "2026-12-03", "time": "15:00", "customer_name": "Hannelore Brückner"}),
            ),
        ] {
            let (heard, waited) = timed(&world, caller.asks(function, args)).await;
            assert_eq!(heard.http, 200);
            assert_ne!(heard.status(), "error", "{rule} {function}: {}", heard.json);
            assert!(waited <= LONGEST_ANSWER, "{rule} {function}: {waited}");
        }
        fake(&world).clear_faults();
        seconds(&world, 1200).await;
        assert_converged(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_known_answers_at_once_while_the_calendar_hangs() {
    let world = calendar_first().await;
    let caller = rings(&world);
    caller.checks("Damenhaarschnitt", "2026-12-03", "10:00").await;
    fault(&world, "hang=19");
    let mut waits = Vec::new();
    for hour in 10..18 {
        let (heard, waited) =
            timed(&world, caller.checks("Damenhaarschnitt", "2026-12-03", &format!("{hour}:00"))).await;
        assert_eq!(heard.status(), "available", "{}", heard.json);
        waits.push(waited);
    }
    assert!(waits.iter().all(|waited| *waited <= SignedDuration::from_millis(300)), "{waits:?}");
}

#[tokio::test(start_paused = true)]
async fn while_a_caller_waits_nothing_is_tried_twice() {
    for rule in ["hang=19,op=create", "error-before=503,op=create", "lost-answer,op=create", "error-before=500"] {
        let world = calendar_first().await;
        let caller = rings(&world);
        fault(&world, rule);
        let heard = books_at(&caller, "10:00").await;
        assert_eq!(said(&heard), NOTED, "{rule}: {}", heard.json);
        assert_eq!(world.calcom().times(Operation::Create), 1, "{rule}");
        let asked = world.calcom().asked();
        assert!(
            asked.iter().all(|(operation, _)| [Operation::Slots, Operation::Create].contains(operation)),
            "{asked:?}"
        );
        assert!(world.calcom().times(Operation::Slots) <= 4, "{rule}: each week once, {asked:?}");
    }
}

async fn asks_all(world: &World, callers: usize) -> Vec<SignedDuration> {
    let rings = (0..callers).map(|place| async move {
        let caller = world.calcom_caller(&format!("+49151{:07}", 2_000_000 + place));
        let (heard, waited) = timed(world, books_at(&caller, "10:00")).await;
        assert_eq!(heard.http, 200);
        assert!(["noted", "booked", "unavailable"].contains(&heard.status()), "{}", heard.json);
        waited
    });
    all_at_once(rings.collect()).await
}

#[tokio::test(start_paused = true)]
async fn of_many_callers_one_tries_whether_it_works_again() {
    let world = calendar_first().await;
    fault(&world, "hang=19");
    // Asking for free times and booking each fail often enough to be left alone.
    for place in 0..6 {
        let caller = world.calcom_caller(&format!("+49151{:07}", 1_000_000 + place));
        caller.books("Damenhaarschnitt", "2026-12-04", &format!("{}:00", 10 + place), "Hannelore Brückner").await;
    }
    let failed = world.calcom().times(Operation::Slots);
    assert!((5..8).contains(&failed), "then nobody asks any more: {failed}");
    let waits = asks_all(&world, 50).await;
    assert!(waits.iter().all(|waited| waited.as_millis() <= 1_600), "{waits:?}");
    assert_eq!(world.calcom().times(Operation::Slots), failed, "left alone");
    passes(75).await;
    let before = (world.calcom().times(Operation::Slots), world.calcom().times(Operation::Create));
    let waits = asks_all(&world, 500).await;
    assert!(waits.iter().all(|waited| *waited <= LONGEST_ANSWER), "{:?}", waits.iter().max());
    let probes =
        (world.calcom().times(Operation::Slots) - before.0, world.calcom().times(Operation::Create) - before.1);
    assert!(probes.0 <= 1 && probes.1 <= 1, "one probe of each kind at most for 500 callers: {probes:?}");
}

#[tokio::test(start_paused = true)]
async fn one_houses_hanging_calendar_is_not_anothers() {
    let Houses { world, houses } = houses(2, Mode::CalendarFirst).await;
    let (slow, quick) = (&houses[0], &houses[1]);
    let key = slow.api_key.clone();
    world.calcom().delay_with(Some(Arc::new(move |request| {
        let theirs = request.header("authorization").is_some_and(|value| value.ends_with(&key));
        if theirs { Duration::from_secs(19) } else { Duration::ZERO }
    })));
    let (slow_answers, quick_answers) = tokio::join!(
        all_at_once((0..10).map(|place| slow.books(&world, place)).collect()),
        all_at_once((0..6).map(|place| quick.books(&world, place)).collect()),
    );
    for (heard, waited) in &slow_answers {
        assert_eq!(said(heard), NOTED, "{}", heard.json);
        assert!(*waited <= LONGEST_ANSWER, "{waited}");
    }
    for (heard, waited) in &quick_answers {
        assert_eq!(said(heard), BOOKED, "{}", heard.json);
        assert!(waited.as_millis() < 100, "{waited}");
    }
}
