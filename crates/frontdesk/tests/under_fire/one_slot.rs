//! Everybody wants the same time.

use std::collections::BTreeSet;
use std::sync::Arc;

use frontdesk_testkit::{Heard, World};
use serde_json::{Value, json};

use crate::support::{
    Dice, PEOPLE, SERVICES, assert_answered, assert_nobody_is_in_two_places, ms, name_of, number_of, scaled, stored,
    world_of,
};

/// Calls of one round.
fn callers() -> usize {
    scaled(1000)
}

/// Everybody calls `book_appointment` at once, each in a call of his own; the answers in the order of the wishes.
async fn all_at_once(world: &Arc<World>, wishes: Vec<Value>) -> Vec<Heard> {
    let calls = wishes.into_iter().enumerate().map(|(number, mut wish)| {
        let world = Arc::clone(world);
        tokio::spawn(async move {
            wish["customer_name"] = name_of(number).into();
            world.caller(&number_of(number)).asks("book_appointment", wish).await
        })
    });
    let calls: Vec<_> = calls.collect();
    let mut heard = Vec::with_capacity(calls.len());
    for call in calls {
        heard.push(call.await.unwrap());
    }
    heard
}

/// Booked answers that an active appointment stands behind, which is all of them; everybody else was refused.
fn booked<'h>(world: &World, all: &'h [Heard]) -> Vec<&'h Heard> {
    let stored = stored(world);
    for heard in all {
        assert_answered(heard);
        if heard.booked() {
            heard.expect("booked", "ok");
            let one = &stored[heard.text("appointment/id")];
            assert!(one.active && one.start_ms == ms(heard.text("appointment/start")), "{}", heard.json);
        } else {
            assert_eq!(heard.status(), "unavailable", "{}", heard.json);
        }
    }
    all.iter().filter(|heard| heard.booked()).collect()
}

/// A day the house is open, another one for each round.
fn day(round: usize) -> String {
    let days = jiff::Span::new().days(i64::try_from(round + round / 6).unwrap());
    // Six rounds a week, from Monday to Saturday.
    (jiff::civil::date(2026, 12, 7) + days).to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_slot_of_one_person_is_booked_once_in_every_round() {
    let world = world_of(1).await;
    for round in 0..scaled(30) {
        let wish = json!({"service_name": "Herrenhaarschnitt", "date": day(round), "time": "10:00"});
        let heard = all_at_once(&world, vec![wish; callers()]).await;
        assert_eq!(booked(&world, &heard).len(), 1, "round {round}");
        for refused in heard.iter().filter(|heard| !heard.booked()) {
            refused.expect("unavailable", "slot_taken");
        }
    }
    assert_nobody_is_in_two_places(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_slot_of_five_people_is_booked_five_times_once_with_each() {
    let world = world_of(5).await;
    for round in 0..scaled(30) {
        let anybody = json!({"service_name": "Dauerwelle", "date": day(round), "time": "10:00"});
        let wishes = (0..callers()).map(|number| {
            let mut wish = anybody.clone();
            // In every second round some want a certain person; the others leave nobody without work.
            if round % 2 == 1 && number % 4 == 0 {
                wish["staff_name"] = PEOPLE[number / 4 % PEOPLE.len()].into();
            }
            wish
        });
        let wishes: Vec<Value> = wishes.collect();
        let heard = all_at_once(&world, wishes.clone()).await;
        let won = booked(&world, &heard);
        let people: BTreeSet<&str> = won.iter().map(|heard| heard.text("appointment/staff")).collect();
        assert_eq!((won.len(), people.len()), (5, 5), "round {round}");
        for (wish, heard) in
            wishes.iter().zip(&heard).filter(|(wish, heard)| wish["staff_name"].is_string() && heard.booked())
        {
            assert_eq!(heard.text("appointment/staff"), wish["staff_name"].as_str().unwrap());
        }
    }
    assert_nobody_is_in_two_places(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn services_of_all_lengths_never_overlap_on_one_person_and_nobody_is_refused_a_free_time() {
    let world = world_of(1).await;
    let mut dice = Dice(1);
    for round in 0..scaled(30) {
        let wishes: Vec<Value> = (0..callers())
            .map(|_| {
                let minutes = dice.roll(12) * 15;
                let time = format!("{}:{:02}", 10 + minutes / 60, minutes % 60);
                let mut wish = json!({"date": day(round), "time": time});
                match dice.roll(7) {
                    // Two services of one person in one visit.
                    5 => wish["services"] = json!(["Herrenhaarschnitt", "Bartpflege"]),
                    6 => wish["services"] = json!(["Ansatzfarbe", "Damenhaarschnitt"]),
                    service => wish["service_name"] = SERVICES[service].into(),
                }
                wish
            })
            .collect();
        let heard = all_at_once(&world, wishes.clone()).await;
        let won = booked(&world, &heard).len();
        assert!((1..=14).contains(&won), "round {round}: {won} booked in four hours");
        // Bookings only add up, so what was taken when it was refused is taken now.
        for (wish, heard) in wishes.into_iter().zip(&heard).filter(|(_, heard)| !heard.booked()).take(20) {
            assert_eq!(heard.code(), "slot_taken", "{}", heard.json);
            let caller = world.anonymous();
            caller.asks("check_availability", wish).await.expect("unavailable", "slot_taken");
        }
    }
    assert_nobody_is_in_two_places(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_processing_gap_is_filled_by_one_and_its_buffer_by_nobody() {
    let world = world_of(1).await;
    for round in 0..scaled(30) {
        let colour = json!({"service_name": "Ansatzfarbe", "date": day(round), "time": "10:00"});
        let cut = |minutes: usize| {
            let time = format!("{}:{:02}", 10 + minutes / 60, minutes % 60);
            json!({"service_name": "Herrenhaarschnitt", "date": day(round), "time": time})
        };
        let first = world.anonymous().asks("book_appointment", with_name(colour)).await;
        first.expect("booked", "ok");
        // 30 minutes busy, 30 free, 30 busy, 10 to clean up.
        let wishes: Vec<Value> = (0..callers()).map(|number| cut([0, 15, 30, 45, 60, 75, 90][number % 7])).collect();
        let heard = all_at_once(&world, wishes).await;
        let won = booked(&world, &heard);
        let starts: Vec<&str> = won.iter().map(|heard| &heard.text("appointment/start")[14..16]).collect();
        assert_eq!(starts, ["30"], "round {round}: in the gap, once");
    }
    assert_nobody_is_in_two_places(&world).await;
}

fn with_name(mut wish: Value) -> Value {
    wish["customer_name"] = "Karla Farbe".into();
    wish
}
