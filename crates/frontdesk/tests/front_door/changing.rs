//! Moving and cancelling: find, understand, availability, rules, consent, effect.

use frontdesk_domain::ids::AppointmentId;
use frontdesk_store::{StoreError, appointments};
use frontdesk_testkit::{Caller, Heard, World};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::houses::{TUESDAY_MORNING, active, customer_with, salon_and, salon_with, stored, taken_by, world};

const HANNELORE: &str = "+491713920017";
const KARIN: &str = "+491713920021";
const IDA: &str = "+4915155500077";

/// Asks for a move.
pub async fn moves(caller: &Caller<'_>, args: Value) -> Heard {
    caller.asks("reschedule_appointment", args).await
}

/// Asks for a cancellation.
pub async fn cancels(caller: &Caller<'_>, args: Value) -> Heard {
    caller.asks("cancel_appointment", args).await
}

async fn history(world: &World, id: &str) -> Vec<appointments::Change> {
    let scope = world.store().tenant("salon-morgenrot").await.unwrap().unwrap().0;
    let id = AppointmentId::from(id);
    world
        .store()
        .read::<_, StoreError, _>(&scope, move |tx| Box::pin(async move { appointments::history(tx, &id).await }))
        .await
        .unwrap()
}

#[tokio::test]
async fn a_move_keeps_the_appointment_with_its_id_and_its_history() {
    let world = World::fresh().await;
    let caller = world.caller(IDA);
    let booked = caller.books("Damenhaarschnitt", "2026-12-09", "10:00", "Ida Falk").await;
    let id = booked.expect("booked", "ok").text("appointment/id").to_owned();
    let later = world.caller(IDA);
    let moved = moves(&later, json!({"new_date": "2026-12-10", "new_time": "14:00"})).await;
    moved.expect("rescheduled", "ok");
    assert_eq!(moved.text("appointment/id"), id);
    assert_eq!(moved.text("previous/start"), "2026-12-09T10:00:00+01:00");
    assert_eq!(moved.text("appointment/start"), "2026-12-10T14:00:00+01:00");
    let again = moves(&later, json!({"new_date": "2026-12-11", "new_time": "14:00"})).await;
    assert_eq!(again.expect("rescheduled", "ok").text("appointment/id"), id);
    let past: Vec<(String, Option<i64>)> =
        history(&world, &id).await.into_iter().map(|change| (change.what, change.previous_start_ms)).collect();
    let whats: Vec<&str> = past.iter().map(|(what, _)| what.as_str()).collect();
    assert_eq!(whats, ["booked", "moved", "moved"]);
    assert!(past[1].1.unwrap() < past[2].1.unwrap(), "each start is kept: {past:?}");
    assert_eq!(world.rows("SELECT COUNT(*) FROM appointment WHERE customer_id NOT LIKE 'cus_01JD%'"), ["1"]);
    world.assert_at_rest().await;
}

#[tokio::test]
async fn an_appointment_is_not_in_the_way_of_its_own_move() {
    let world = World::fresh().await;
    let caller = world.caller(HANNELORE);
    // An hour from ten, moved by half an hour each way: both overlap where it is.
    for time in ["10:30", "10:00", "09:30"] {
        let moved = moves(&caller, json!({"new_date": "2026-12-03", "new_time": time})).await;
        assert_eq!(moved.expect("rescheduled", "ok").text("appointment/staff"), "Emma Winkler", "{time}");
    }
    assert_eq!(taken_by(&world, "apt_01JDVX7").len(), 1);
    world.assert_at_rest().await;
}

#[tokio::test]
async fn a_clock_time_alone_moves_within_the_appointments_own_day() {
    let world = World::fresh().await;
    let moved = moves(&world.caller(HANNELORE), json!({"new_time": "15 Uhr"})).await;
    assert_eq!(moved.expect("rescheduled", "ok").text("appointment/start"), "2026-12-03T15:00:00+01:00");
}

#[tokio::test]
async fn the_same_clock_time_on_another_day_is_a_move_and_the_identical_instant_is_none() {
    let world = World::fresh().await;
    let caller = world.caller(HANNELORE);
    let before = stored(&world, "apt_01JDVX7");
    let same = moves(&caller, json!({"old_date": "2026-12-03", "new_date": "2026-12-03", "new_time": "10:00"})).await;
    same.expect("rescheduled", "ok");
    assert_eq!(same.text("appointment/start"), "2026-12-03T10:00:00+01:00");
    assert_eq!(stored(&world, "apt_01JDVX7"), before, "nothing was to do");
    let other_day =
        moves(&caller, json!({"old_date": "2026-12-03", "new_date": "2026-12-04", "new_time": "10:00"})).await;
    assert_eq!(other_day.expect("rescheduled", "ok").text("appointment/start"), "2026-12-04T10:00:00+01:00");
    world.assert_at_rest().await;
}

#[tokio::test]
async fn onto_a_taken_time_nothing_moves_and_an_alternatives_token_does() {
    let world = World::fresh().await;
    let caller = world.caller(HANNELORE);
    let before = (stored(&world, "apt_01JDVX7"), taken_by(&world, "apt_01JDVX7"));
    let taken = moves(&caller, json!({"new_date": "2026-12-02", "new_time": "09:30"})).await;
    assert_eq!(taken.status(), "unavailable", "{}", taken.json);
    assert_eq!((stored(&world, "apt_01JDVX7"), taken_by(&world, "apt_01JDVX7")), before);
    let offer = taken.at("alternatives/0").clone();
    let moved = moves(&caller, json!({"token": offer["token"]})).await;
    assert_eq!(moved.expect("rescheduled", "ok").text("appointment/start"), offer["start"].as_str().unwrap());
    assert_eq!(moved.text("appointment/id"), "apt_01JDVX7");
    world.assert_at_rest().await;
}

/// Ida with two appointments of her own, Thursday ten and Friday three.
fn ida_twice() -> String {
    customer_with(
        "cus_ida",
        "Ida Falk",
        IDA,
        &[
            ("apt_ida1", "Herrenhaarschnitt", "Fabian Krüger", "2026-12-03T10:00:00"),
            ("apt_ida2", "Damenhaarschnitt", "Leyla Aydin", "2026-12-04T15:00:00"),
        ],
    )
}

#[tokio::test]
async fn of_several_appointments_the_meant_one_is_asked_for_and_none_is_guessed() {
    let world = world(&salon_and(&ida_twice()), TUESDAY_MORNING).await;
    let caller = world.caller(IDA);
    for heard in [
        cancels(&caller, json!({})).await,
        cancels(&caller, json!({"date": "diese Woche"})).await,
        moves(&caller, json!({"new_date": "2026-12-09", "new_time": "10:00"})).await,
    ] {
        heard.expect("ambiguous", "ambiguous_appointment");
        assert_eq!(heard.at("total"), &json!(2));
        let ids: Vec<&Value> = heard.at("appointments").as_array().unwrap().iter().map(|own| &own["id"]).collect();
        assert_eq!(ids, ["apt_ida1", "apt_ida2"]);
    }
    assert_eq!(active(&world), 7);
    let by_day = moves(&caller, json!({"old_date": "Freitag", "new_date": "2026-12-09", "new_time": "10:00"})).await;
    // "Freitag" is the coming one; where it has two readings both are looked at.
    assert_eq!(by_day.expect("rescheduled", "ok").text("appointment/id"), "apt_ida2");
    let by_clock = cancels(&caller, json!({"date": "2026-12-03", "time": "zehn Uhr"})).await;
    assert_eq!(by_clock.expect("cancelled", "ok").text("appointment/id"), "apt_ida1");
    let by_id = cancels(&caller, json!({"appointment_id": "apt_ida2"})).await;
    by_id.expect("cancelled", "ok");
    world.assert_at_rest().await;
}

#[tokio::test]
async fn more_appointments_than_are_read_out_are_all_found() {
    let many: Vec<(String, String)> =
        (0..8).map(|n| (format!("apt_many{n}"), format!("2026-12-{:02}T16:00:00", 7 + n + n / 5 * 2))).collect();
    let rows: Vec<(&str, &str, &str, &str)> =
        many.iter().map(|(id, start)| (id.as_str(), "Damenhaarschnitt", "Leyla Aydin", start.as_str())).collect();
    let world = world(&salon_and(&customer_with("cus_many", "Ida Falk", IDA, &rows)), TUESDAY_MORNING).await;
    let caller = world.caller(IDA);
    let list = caller.asks("list_appointments", json!({})).await;
    list.expect("found", "ok");
    assert_eq!((list.at("appointments").as_array().unwrap().len(), list.at("total")), (5, &json!(8)));
    let (last, start) = many.last().unwrap();
    let gone = cancels(&caller, json!({"date": &start[..10]})).await;
    assert_eq!(gone.expect("cancelled", "ok").text("appointment/id"), last);
}

#[tokio::test]
async fn a_vague_new_time_is_answered_with_free_times_and_their_token_moves() {
    let world = World::fresh().await;
    let caller = world.caller(HANNELORE);
    let before = stored(&world, "apt_01JDVX7");
    let asked = moves(&caller, json!({"new_date": "2026-12-07", "new_time": "nachmittags"})).await;
    asked.expect("need_more", "exact_time");
    for start in asked.alternatives() {
        assert!(("2026-12-07T12:00".."2026-12-07T18:00").contains(&start), "{start}");
    }
    assert_eq!(stored(&world, "apt_01JDVX7"), before);
    let last = asked.at("alternatives").as_array().unwrap().last().unwrap().clone();
    let moved = moves(&caller, json!({"token": last["token"]})).await;
    assert_eq!(moved.expect("rescheduled", "ok").text("appointment/start"), last["start"].as_str().unwrap());
    moves(&caller, json!({})).await.expect("need_more", "missing_fields");
    world.assert_at_rest().await;
}

#[tokio::test]
async fn the_person_stays_unless_the_caller_asks_for_another() {
    let world = World::fresh().await;
    let caller = world.caller(KARIN);
    let kept = moves(&caller, json!({"new_date": "2026-12-04", "new_time": "10:00"})).await;
    assert_eq!(kept.expect("rescheduled", "ok").text("appointment/staff"), "Emma Winkler");
    let changed =
        moves(&caller, json!({"new_date": "2026-12-04", "new_time": "10:00", "staff_name": "bei Leyla"})).await;
    assert_eq!(changed.expect("rescheduled", "ok").text("appointment/staff"), "Leyla Aydin");
    let cannot = moves(&caller, json!({"new_date": "2026-12-07", "new_time": "10:00", "staff_name": "Fabian"})).await;
    cannot.expect("unavailable", "staff_cannot");
    let nobody = moves(&caller, json!({"new_date": "2026-12-07", "new_time": "10:00", "staff_name": "Mario"})).await;
    nobody.expect("need_more", "unknown_staff");
    assert_eq!(world.rows("SELECT staff FROM appointment WHERE appointment_id = 'apt_01JDVK1'"), ["[\"Leyla Aydin\"]"]);
    world.assert_at_rest().await;
}

#[tokio::test]
async fn two_people_of_one_number_move_to_the_same_time_one_after_the_other() {
    let children = customer_with(
        "cus_tim",
        "Tim Falk",
        IDA,
        &[("apt_tim", "Damenhaarschnitt", "Emma Winkler", "2026-12-03T15:00:00")],
    ) + &customer_with(
        "cus_tom",
        "Tom Falk",
        IDA,
        &[("apt_tom", "Damenhaarschnitt", "Leyla Aydin", "2026-12-04T15:00:00")],
    );
    let world = world(&salon_and(&children), TUESDAY_MORNING).await;
    let caller = world.caller(IDA);
    let to = |name: &str| json!({"customer_name": name, "new_date": "2026-12-09", "new_time": "10:00"});
    let tim = moves(&caller, to("Tim Falk")).await;
    let tom = moves(&caller, to("Tom Falk")).await;
    assert_eq!(tim.expect("rescheduled", "ok").text("appointment/id"), "apt_tim");
    assert_eq!(tom.expect("rescheduled", "ok").text("appointment/id"), "apt_tom");
    // A repeat is still one, also by the day it was moved from.
    let mut again = to("Tim Falk");
    again["old_date"] = json!("2026-12-03");
    assert_eq!(moves(&caller, again).await.text("appointment/id"), "apt_tim");
    assert_eq!(world.rows("SELECT SUM(moves) FROM appointment"), ["2"]);
    world.assert_at_rest().await;
}

#[tokio::test]
async fn a_visit_of_two_services_moves_and_goes_as_a_whole() {
    let world = World::fresh().await;
    let caller = world.caller(IDA);
    let args = json!({"services": ["Herrenhaarschnitt", "Damenhaarschnitt"], "date": "2026-12-09", "time": "10:00",
                      "customer_name": "Ida Falk"});
    let booked = caller.asks("book_appointment", args).await;
    booked.expect("booked", "ok");
    let id = booked.text("appointment/id").to_owned();
    assert_eq!(booked.text("appointment/end"), "2026-12-09T11:15:00+01:00");
    let before = taken_by(&world, &id);
    assert_eq!(before.len(), 2, "one stretch each: {before:?}");
    // By a quarter of an hour: each leg overlaps where it was.
    let moved = moves(&world.caller(IDA), json!({"new_date": "2026-12-09", "new_time": "10:15"})).await;
    moved.expect("rescheduled", "ok");
    assert_eq!(moved.at("appointment/services"), &json!(["Herrenhaarschnitt", "Damenhaarschnitt"]));
    assert_eq!(moved.text("appointment/end"), "2026-12-09T11:30:00+01:00");
    let after = taken_by(&world, &id);
    assert_eq!(after.len(), 2);
    for (before, after) in before.iter().zip(&after) {
        let ms = |row: &str, at: usize| row.split('|').nth(at).unwrap().parse::<i64>().unwrap();
        assert_eq!((ms(after, 1) - ms(before, 1), ms(after, 2) - ms(before, 2)), (900_000, 900_000));
    }
    cancels(&world.caller(IDA), json!({})).await.expect("cancelled", "ok");
    assert!(taken_by(&world, &id).is_empty());
    world.assert_at_rest().await;
}

#[tokio::test]
async fn a_service_with_a_pause_moves_with_its_pause_and_leaves_nothing_behind() {
    let text = salon_with(&[(
        "name = \"Ansatzfarbe\"\nminutes = 90",
        "name = \"Ansatzfarbe\"\nphases = [{ minutes = 15 }, { minutes = 60, free = true }, { minutes = 15 }]",
    )]);
    let world = world(&text, TUESDAY_MORNING).await;
    assert_eq!(taken_by(&world, "apt_01JDVK1").len(), 2, "busy, pause, busy");
    // Somebody sits in the pause; the way around her is still free.
    let other = world.caller(IDA);
    let args = json!({"service_name": "Damenhaarschnitt", "staff_name": "Emma", "date": "2026-12-02", "time": "09:45",
                      "customer_name": "Ida Falk"});
    other.asks("book_appointment", args).await.expect("booked", "ok");
    let blocked = moves(&world.caller(KARIN), json!({"new_date": "2026-12-02", "new_time": "09:45"})).await;
    assert_eq!(blocked.status(), "unavailable", "its first part would sit on Ida: {}", blocked.json);
    let moved = moves(&world.caller(KARIN), json!({"new_date": "2026-12-02", "new_time": "10:30"})).await;
    moved.expect("rescheduled", "ok");
    let taken = taken_by(&world, "apt_01JDVK1");
    assert_eq!(taken.len(), 2, "{taken:?}");
    cancels(&world.caller(KARIN), json!({})).await.expect("cancelled", "ok");
    assert!(taken_by(&world, "apt_01JDVK1").is_empty());
    world.assert_at_rest().await;
}

#[tokio::test]
async fn cancelled_twice_is_cancelled_and_the_time_is_free_for_others() {
    let world = World::fresh().await;
    let caller = world.caller(HANNELORE);
    let first = cancels(&caller, json!({"date": "2026-12-03", "time": "10:00", "reason": "krank"})).await;
    let second = cancels(&caller, json!({"date": "2026-12-03", "time": "10:00", "reason": "krank"})).await;
    first.expect("cancelled", "ok");
    assert_eq!(second.json, first.json);
    let whats: Vec<String> = history(&world, "apt_01JDVX7").await.into_iter().map(|change| change.what).collect();
    assert_eq!(whats.iter().filter(|what| *what == "cancelled").count(), 1, "{whats:?}");
    let args = json!({"service_name": "Waschen, Schneiden, Föhnen", "date": "2026-12-03", "time": "10:00",
                      "customer_name": "Ida Falk"});
    world.caller(IDA).asks("book_appointment", args).await.expect("booked", "ok");
    world.assert_at_rest().await;
}

#[tokio::test]
async fn what_is_over_cannot_be_cancelled_and_what_runs_neither() {
    let world = World::fresh().await;
    world.advance(SignedDuration::from_hours(49));
    // Thursday 10:12, the hour from ten is running.
    let running = world.caller(HANNELORE);
    cancels(&running, json!({})).await.expect("refused", "already_started");
    moves(&running, json!({"new_date": "2026-12-07", "new_time": "10:00"})).await.expect("refused", "already_started");
    world.advance(SignedDuration::from_hours(1));
    let over = world.caller(HANNELORE);
    cancels(&over, json!({})).await.expect("not_found", "no_appointment");
    let named = json!({"date": "2026-12-03", "time": "10:00"});
    assert_ne!(cancels(&over, named).await.status(), "cancelled");
    assert!(stored(&world, "apt_01JDVX7").starts_with("confirmed|"));
    // Nor by the very call that made it.
    let caller = world.anonymous();
    caller.books("Konturen", "heute", "11:15", "Max Stadler").await.expect("booked", "ok");
    world.advance(SignedDuration::from_mins(4));
    cancels(&caller, json!({})).await.expect("refused", "already_started");
    moves(&caller, json!({"new_date": "morgen", "new_time": "11:15"})).await.expect("refused", "already_started");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_calls_that_move_the_same_appointment_at_once_leave_one_appointment_in_one_place() {
    let world = World::fresh().await;
    for (one_day, two_day) in [("2026-12-07", "2026-12-08"), ("2026-12-09", "2026-12-10"), ("2026-12-11", "2026-12-14")]
    {
        let (one, two) = (world.caller(HANNELORE), world.caller(HANNELORE));
        let to = |day: &str| json!({"new_date": day, "new_time": "10:00"});
        let (first, second) = tokio::join!(moves(&one, to(one_day)), moves(&two, to(two_day)));
        // Whoever comes second moves it on from where the first one left it; nobody hears that there is none.
        first.expect("rescheduled", "ok");
        second.expect("rescheduled", "ok");
        let found = world.caller(HANNELORE).asks("list_appointments", json!({})).await;
        assert_eq!(found.at("appointments").as_array().unwrap().len(), 1);
        let now = found.text("appointments/0/start");
        assert!(now.starts_with(one_day) || now.starts_with(two_day), "{now}");
        assert_eq!(taken_by(&world, "apt_01JDVX7").len(), 1);
    }
    world.assert_at_rest().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_and_a_cancellation_at_once_end_in_one_of_the_two() {
    let world = World::fresh().await;
    let (one, two) = (world.caller(HANNELORE), world.caller(HANNELORE));
    let (moved, gone) =
        tokio::join!(moves(&one, json!({"new_date": "2026-12-07", "new_time": "10:00"})), cancels(&two, json!({})));
    let state = stored(&world, "apt_01JDVX7");
    match gone.status() {
        "cancelled" => assert!(state.starts_with("cancelled|"), "{state} {}", moved.json),
        _ => assert!(state.starts_with("confirmed|") && moved.status() == "rescheduled", "{state} {}", gone.json),
    }
    world.assert_at_rest().await;
}

#[tokio::test]
async fn an_outage_is_never_told_as_a_rule() {
    let world = World::fresh().await;
    world.break_database("CREATE TRIGGER broken BEFORE UPDATE ON appointment BEGIN SELECT RAISE(ABORT, 'broken'); END");
    let caller = world.caller(HANNELORE);
    for heard in [
        cancels(&caller, json!({})).await,
        moves(&caller, json!({"new_date": "2026-12-07", "new_time": "10:00"})).await,
    ] {
        assert_eq!(heard.status(), "error", "{}", heard.json);
        assert!(!heard.spoken().contains("broken"));
    }
    world.break_database("DROP TRIGGER broken");
    assert!(stored(&world, "apt_01JDVX7").starts_with("confirmed|"));
    cancels(&caller, json!({})).await.expect("cancelled", "ok");
    world.assert_at_rest().await;
}
