//! Booking: once, truthfully, for the right person. The first five tests are the cases the predecessor failed.

use std::collections::BTreeSet;

use frontdesk_domain::ids::CallId;
use frontdesk_store::StoreError;
use frontdesk_store::appointments;
use frontdesk_store::customers::{self, Customer};
use frontdesk_testkit::{Caller, Heard, World};
use jiff::SignedDuration;
use serde_json::json;

/// The people a call booked for.
async fn customers_of(world: &World, caller: &Caller<'_>) -> Vec<Customer> {
    let scope = world.store().tenant("salon-morgenrot").await.unwrap().unwrap().0;
    let call_id = CallId::from(caller.call_id.as_str());
    world
        .store()
        .read::<_, StoreError, _>(&scope, move |tx| Box::pin(async move { customers::of_call(tx, &call_id).await }))
        .await
        .unwrap()
}

async fn bookings_of(world: &World, caller: &Caller<'_>) -> usize {
    let scope = world.store().tenant("salon-morgenrot").await.unwrap().unwrap().0;
    let call_id = CallId::from(caller.call_id.as_str());
    world
        .store()
        .read::<_, StoreError, _>(&scope, move |tx| {
            Box::pin(async move {
                let made = appointments::made_by(tx, &call_id).await?;
                Ok(made.iter().filter(|own| own.saga.is_active()).count())
            })
        })
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_callers_for_one_slot_at_once_exactly_one_is_booked() {
    let world = World::fresh().await;
    for day in ["2026-12-03", "2026-12-04", "2026-12-07", "2026-12-08"] {
        let (one, two) = (world.caller("+491713920031"), world.caller("+491713920032"));
        let (first, second) = tokio::join!(
            one.books("Herrenhaarschnitt", day, "10:00", "Otto Brandt"),
            two.books("Herrenhaarschnitt", day, "10:00", "Paul Lindner"),
        );
        let (won, lost) = if first.booked() { (first, second) } else { (second, first) };
        won.expect("booked", "ok");
        lost.expect("unavailable", "slot_taken");
        assert!(!lost.alternatives().is_empty(), "the loser is offered something: {}", lost.json);
    }
    world.assert_at_rest().await;
}

#[tokio::test]
async fn an_anonymous_caller_becomes_a_new_customer_with_placeholder_phone_and_no_email() {
    let world = World::fresh().await;
    let caller = world.anonymous();
    let args = json!({"service_name": "Damenhaarschnitt", "date": "2026-12-02", "time": "15:30",
                      "customer_name": "Max Stadler", "customer_email": ""});
    caller.asks("book_appointment", args).await.expect("booked", "ok");
    let customers = customers_of(&world, &caller).await;
    let [customer] = customers.as_slice() else { panic!("{customers:?}") };
    assert!(customer.phone.reveal().starts_with("anonymous_1796112751_"), "{}", customer.phone.reveal());
    assert_eq!(customer.email, None);
    assert_eq!(customer.source, "retell_webhook_anonymous");
    assert_eq!(customer.name.reveal(), "Max Stadler");
}

#[tokio::test]
async fn two_anonymous_callers_of_one_name_are_two_customers() {
    let world = World::fresh().await;
    let (one, two) = (world.anonymous(), world.caller("Unknown"));
    one.books("Damenhaarschnitt", "2026-12-02", "15:30", "Max Stadler").await.expect("booked", "ok");
    two.books("Damenhaarschnitt", "2026-12-02", "16:30", "Max Stadler").await.expect("booked", "ok");
    let (one, two) = (customers_of(&world, &one).await, customers_of(&world, &two).await);
    assert_ne!(one[0].id, two[0].id);
    assert_ne!(one[0].phone, two[0].phone);
}

#[tokio::test]
async fn booking_succeeds_while_nothing_remote_is_asked() {
    // The built-in calendar is the calendar: the whole conversation runs in process, with no network at all.
    let world = World::fresh().await;
    let caller = world.caller("+491713920017");
    let offer = caller.checks("Herrenhaarschnitt", "morgen", "10:00").await;
    offer.expect("available", "ok");
    let args = json!({"service_name": "Herrenhaarschnitt", "date": "morgen", "time": "10:00",
                      "customer_name": "Hannelore Brückner", "token": offer.text("slot/token")});
    let booked = caller.asks("book_appointment", args).await;
    booked.expect("booked", "ok");
    assert_eq!(booked.text("appointment/start"), offer.text("slot/start"));
    assert_eq!(booked.text("appointment/staff"), offer.text("slot/staff"));
}

#[tokio::test]
async fn when_the_customer_cannot_be_made_there_is_no_appointment_and_a_spoken_error() {
    let world = World::fresh().await;
    world.break_database("CREATE TRIGGER broken BEFORE INSERT ON customer BEGIN SELECT RAISE(ABORT, 'broken'); END");
    let caller = world.anonymous();
    let heard = caller.books("Damenhaarschnitt", "2026-12-02", "15:30", "Max Stadler").await;
    heard.expect("error", "internal");
    assert!(!heard.spoken().is_empty() && !heard.spoken().contains("broken"), "{}", heard.spoken());
    assert_eq!(bookings_of(&world, &caller).await, 0);
    world.break_database("DROP TRIGGER broken");
    caller.books("Damenhaarschnitt", "2026-12-02", "15:30", "Max Stadler").await.expect("booked", "ok");
    world.assert_at_rest().await;
}

#[tokio::test]
async fn a_repeat_hears_the_first_booking_whatever_words_it_uses() {
    let world = World::fresh().await;
    let caller = world.caller("+491713920017");
    let first = caller.books("Herrenhaarschnitt", "morgen", "10:00", "Hannelore Brückner").await;
    first.expect("booked", "ok");
    for (date, time, name) in [
        ("2026-12-02", "10 Uhr", "Hannelore Brückner"),
        ("Mittwoch", "zehn", "hannelore brueckner"),
        ("02.12.2026", "10:00", "Frau Brückner"),
    ] {
        let again = caller.books("Herrenschnitt", date, time, name).await;
        again.expect("booked", "ok");
        assert_eq!(again.at("appointment"), first.at("appointment"), "{date} {time} {name}");
    }
    assert_eq!(bookings_of(&world, &caller).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_wish_at_the_same_moment_is_one_appointment_told_twice() {
    let world = World::fresh().await;
    for who in ["+491713920041", "anonymous"] {
        let caller = world.caller(who);
        let body = |n| {
            caller.body_of("book_appointment", &json!({"service_name": "Damenhaarschnitt",
            "date": "2026-12-04", "time": if who == "anonymous" { "16:00" } else { "12:00" }, "customer_name": "Ida Falk"}), n)
        };
        let (one, two, three) = tokio::join!(
            caller.sends("book_appointment", body("a")),
            caller.sends("book_appointment", body("b")),
            caller.sends("book_appointment", body("a")),
        );
        for heard in [&one, &two, &three] {
            heard.expect("booked", "ok");
            assert_eq!(heard.text("appointment/id"), one.text("appointment/id"));
        }
        assert_eq!(bookings_of(&world, &caller).await, 1);
        assert_eq!(customers_of(&world, &caller).await.len(), 1);
    }
}

#[tokio::test]
async fn two_children_at_two_times_in_one_call_are_two_bookings() {
    let world = World::fresh().await;
    let caller = world.anonymous();
    let first = caller.books("Herrenhaarschnitt", "2026-12-03", "14:00", "Tim Meier").await;
    let second = caller.books("Herrenhaarschnitt", "2026-12-03", "14:30", "Tom Meier").await;
    assert_ne!(
        first.expect("booked", "ok").text("appointment/id"),
        second.expect("booked", "ok").text("appointment/id")
    );
    let names: BTreeSet<String> =
        customers_of(&world, &caller).await.iter().map(|customer| customer.name.reveal().to_owned()).collect();
    assert_eq!(names, BTreeSet::from(["Tim Meier".to_owned(), "Tom Meier".to_owned()]));
    // The same name again in the same call is the same customer.
    caller.books("Herrenhaarschnitt", "2026-12-03", "15:30", "Tim Meier").await.expect("booked", "ok");
    assert_eq!(customers_of(&world, &caller).await.len(), 2);
}

#[tokio::test]
async fn a_repeat_after_the_appointment_was_cancelled_is_a_new_wish() {
    let world = World::fresh().await;
    let caller = world.anonymous();
    let first = caller.books("Herrenhaarschnitt", "2026-12-03", "14:00", "Tim Meier").await;
    caller.asks("cancel_appointment", json!({"date": "2026-12-03", "time": "14:00"})).await.expect("cancelled", "ok");
    let again = caller.books("Herrenhaarschnitt", "2026-12-03", "14:00", "Tim Meier").await;
    again.expect("booked", "ok");
    assert_ne!(first.text("appointment/id"), again.text("appointment/id"));
    assert_eq!(bookings_of(&world, &caller).await, 1);
    world.assert_at_rest().await;
}

#[tokio::test]
async fn an_exact_replay_hears_what_became_of_its_booking() {
    let world = World::fresh().await;
    let caller = world.anonymous();
    let args =
        json!({"service_name": "Herrenhaarschnitt", "date": "morgen", "time": "14:00", "customer_name": "Tim Meier"});
    let first = caller.repeats("book_appointment", args.clone(), "inv-1").await;
    let moved = json!({"new_date": "2026-12-03", "new_time": "16:00"});
    caller.asks("reschedule_appointment", moved).await.expect("rescheduled", "ok");
    let replay = caller.repeats("book_appointment", args, "inv-1").await;
    assert_eq!(replay.text("appointment/id"), first.text("appointment/id"));
    assert!(replay.text("appointment/start").starts_with("2026-12-03T16:00"), "the present truth: {}", replay.json);
}

#[tokio::test]
async fn a_free_answer_holds_its_time_for_the_call_and_for_nobody_else() {
    let world = World::fresh().await;
    let (asking, other) = (world.anonymous(), world.caller("+491713920044"));
    let offer = asking.checks("Herrenhaarschnitt", "2026-12-03", "10:00").await;
    offer.expect("available", "ok");
    other.checks("Herrenhaarschnitt", "2026-12-03", "10:00").await.expect("unavailable", "slot_taken");
    other.books("Herrenhaarschnitt", "2026-12-03", "10:00", "Otto Brandt").await.expect("unavailable", "slot_taken");
    asking.checks("Herrenhaarschnitt", "2026-12-03", "10:00").await.expect("available", "ok");
    asking.checks("Herrenhaarschnitt", "2026-12-03", "11:00").await.expect("available", "ok");
    other.checks("Herrenhaarschnitt", "2026-12-03", "10:00").await.expect("available", "ok");
    let confirmed = json!({"token": asking.checks("Herrenhaarschnitt", "2026-12-03", "12:00").await.text("slot/token"),
                           "customer_name": "Ida Falk"});
    asking.asks("confirm_booking", confirmed.clone()).await.expect("booked", "ok");
    asking.asks("confirm_booking", confirmed).await.expect("booked", "ok");
    assert_eq!(bookings_of(&world, &asking).await, 1);
    world.assert_at_rest().await;
}

#[tokio::test]
async fn a_hold_ends_after_four_minutes_and_with_the_call() {
    let world = World::fresh().await;
    let (asking, other) = (world.anonymous(), world.caller("+491713920044"));
    asking.checks("Herrenhaarschnitt", "2026-12-03", "10:00").await.expect("available", "ok");
    world.advance(SignedDuration::from_secs(239));
    other.checks("Herrenhaarschnitt", "2026-12-03", "10:00").await.expect("unavailable", "slot_taken");
    world.advance(SignedDuration::from_secs(1));
    other.checks("Herrenhaarschnitt", "2026-12-03", "10:00").await.expect("available", "ok");
    other.hangs_up().await;
    asking.checks("Herrenhaarschnitt", "2026-12-03", "10:00").await.expect("available", "ok");
}

#[tokio::test]
async fn a_token_is_worthless_in_another_call() {
    let world = World::fresh().await;
    let (asking, thief) = (world.anonymous(), world.anonymous());
    let offer = asking.checks("Herrenhaarschnitt", "2026-12-03", "10:00").await;
    let stolen = json!({"token": offer.text("slot/token"), "customer_name": "Otto Brandt"});
    thief.asks("confirm_booking", stolen).await.expect("unavailable", "offer_gone");
    assert_eq!(bookings_of(&world, &thief).await, 0);
}

#[tokio::test]
async fn an_alternative_is_booked_by_its_token_on_its_own_day() {
    let world = World::fresh().await;
    let caller = world.caller("+491713920017");
    let taken = caller.checks("Ansatzfarbe", "2026-12-02", "10:00").await;
    taken.expect("unavailable", "slot_taken");
    let offers = taken.at("alternatives").as_array().unwrap().clone();
    for offer in &offers {
        assert!(offer["start"].as_str().unwrap() > "2026-12-02T", "{offer}");
    }
    let last = offers.last().unwrap();
    let args = json!({"token": last["token"], "customer_name": "Hannelore Brückner"});
    let booked = caller.asks("book_appointment", args).await;
    booked.expect("booked", "ok");
    assert_eq!(booked.text("appointment/start"), last["start"].as_str().unwrap());
}

#[tokio::test]
async fn check_never_books_and_book_without_consent_only_checks() {
    let world = World::fresh().await;
    let caller = world.caller("+491713920017");
    let args = json!({"dienstleistung": "Herrenhaarschnitt", "datum": "morgen", "uhrzeit": "10:00",
                      "name": "Hannelore Brückner", "bestaetigung": false});
    caller.asks("collect_appointment_data", args).await.expect("available", "ok");
    assert_eq!(bookings_of(&world, &caller).await, 0);
}

#[tokio::test]
async fn a_new_name_on_a_known_number_is_a_new_person_and_nobody_is_overwritten() {
    let world = World::fresh().await;
    let caller = world.caller("+491713920021");
    let args = json!({"service_name": "Herrenhaarschnitt", "date": "2026-12-03", "time": "16:00",
                      "customer_name": "Bernd Vogt", "customer_email": "bernd@example.org"});
    caller.asks("book_appointment", args).await.expect("booked", "ok");
    let [bernd] = &customers_of(&world, &caller).await[..] else { panic!() };
    assert_eq!((bernd.name.reveal(), bernd.phone.reveal()), ("Bernd Vogt", "+491713920021"));
    let second = world.caller("+491713920021");
    let args = json!({"service_name": "Damenhaarschnitt", "date": "2026-12-03", "time": "17:00",
                      "customer_name": "Karin Vogt", "customer_email": "other@example.org"});
    second.asks("book_appointment", args).await.expect("booked", "ok");
    let [karin] = &customers_of(&world, &second).await[..] else { panic!() };
    assert_eq!(karin.id.as_str(), "cus_01JD0A2");
    assert_eq!(karin.email.as_ref().unwrap().reveal(), "k.vogt@example.org", "an address on file is never overwritten");
}

#[tokio::test]
async fn nobody_is_booked_into_two_chairs() {
    let world = World::fresh().await;
    let caller = world.caller("+491713920017");
    let clash = caller.books("Damenhaarschnitt", "2026-12-03", "10:30", "Hannelore Brückner").await;
    clash.expect("unavailable", "already_yours");
    caller.checks("Damenhaarschnitt", "2026-12-03", "10:15").await.expect("unavailable", "already_yours");
    // Adjacent is fine.
    caller.books("Damenhaarschnitt", "2026-12-03", "11:00", "Hannelore Brückner").await.expect("booked", "ok");
}

#[tokio::test]
async fn where_nothing_is_free_somebody_is_asked_to_ring_back() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/barbier-am-hafen.toml"))
        .unwrap()
        .replace("horizon_days = 90", "horizon_days = 1");
    // Saturday after closing, and tomorrow is Sunday.
    let world = World::of_texts(&[&text], "2026-12-05T19:45:00+01:00").await;
    let caller = world.caller("+491713920050").at_the_barber();
    let heard = caller.asks("find_alternatives", json!({"service_name": "Herrenhaarschnitt"})).await;
    heard.expect("unavailable", "nothing_free");
    assert!(heard.spoken().contains("zurück") || heard.spoken().contains("ruft"), "{}", heard.spoken());
    caller.checks("Herrenhaarschnitt", "heute", "19:30").await.expect("need_more", "in_the_past");
}

fn one_booked(all: &[Heard]) -> usize {
    all.iter().filter(|heard| heard.booked()).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_callers_for_one_slot_one_is_booked_and_nobody_sees_a_lock() {
    let world = std::sync::Arc::new(World::fresh().await);
    for (round, day) in ["2026-12-03", "2026-12-04", "2026-12-07"].into_iter().enumerate() {
        let mut all = Vec::new();
        let mut running = Vec::new();
        for number in 0..1000 {
            let world = std::sync::Arc::clone(&world);
            running.push(tokio::spawn(async move {
                let from =
                    if number % 3 == 0 { "anonymous".to_owned() } else { format!("+4917139{:05}", 30_000 + number) };
                let caller = world.caller(&from);
                let args = json!({"service_name": "Herrenhaarschnitt", "date": day, "time": "10:00",
                                  "customer_name": format!("Gast {}", name_of(number))});
                let body = caller.body("book_appointment", &args);
                caller.sends("book_appointment", body).await
            }));
        }
        for task in running {
            all.push(task.await.unwrap());
        }
        assert_eq!(one_booked(&all), 1, "round {round}");
        for heard in all.iter().filter(|heard| !heard.booked()) {
            heard.expect("unavailable", "slot_taken");
        }
    }
    world.assert_at_rest().await;
}

/// A pronounceable name for a number, since digits are no name.
fn name_of(number: usize) -> String {
    let syllables = ["ba", "de", "fi", "go", "lu", "ma", "ne", "ri", "so", "tu"];
    [number / 100 % 10, number / 10 % 10, number % 10].iter().map(|digit| syllables[*digit]).collect()
}
