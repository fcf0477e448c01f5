//! What is not ours is never adopted, moved or cancelled, however much it looks like ours.

use frontdesk_domain::calendar::stamp::{MAC, OP};
use frontdesk_domain::review::Kind;
use frontdesk_fake_calcom::{Booking, Foreign, Operation};
use frontdesk_testkit::World;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use crate::salon::{
    EMMA, alarming, assert_converged, berlin, books_at, calendar_first, change, fake, live, minutes, now, ours, rings,
    rows, said, seconds, somebody_books, starts, thursday, waiting,
};

/// A tenth of the numbers in CI, all of them for a release.
fn scaled(full: usize) -> usize {
    if std::env::var("FRONTDESK_FULL").is_ok_and(|value| value == "1") { full } else { full / 10 }
}

fn theirs(world: &World) -> Vec<Booking> {
    fake(world).ledger().into_iter().filter(|booking| booking.foreign).collect()
}

/// Half-hour starts from Wednesday morning on, Sundays left out.
fn half_hours(count: usize) -> Vec<Timestamp> {
    let mut starts = Vec::new();
    let mut day = berlin("2026-12-02T09:00:00").to_zoned(jiff::tz::TimeZone::get("Europe/Berlin").unwrap());
    while starts.len() < count {
        let places = match day.weekday() {
            jiff::civil::Weekday::Sunday => 0,
            jiff::civil::Weekday::Saturday => 10,
            _ => 20,
        };
        starts.extend((0..places).map(|place| day.timestamp() + SignedDuration::from_mins(30 * place)));
        day = day.tomorrow().unwrap();
    }
    starts.truncate(count);
    starts
}

#[tokio::test(start_paused = true)]
async fn of_pairs_with_the_same_address_and_time_each_stays_whose_it_is() {
    let world = calendar_first().await;
    let pairs = scaled(1_000);
    let mut booked = Vec::new();
    for (place, start) in half_hours(pairs).into_iter().enumerate() {
        let email = format!("familie{place}@example.org");
        let there = |world: &World, host_id| {
            let foreign = Foreign {
                event_type_id: 8,
                start,
                host_id: Some(host_id),
                minutes: None,
                name: "Hannelore Brückner".to_owned(),
                email: email.clone(),
                metadata: Map::new(),
            };
            fake(world).book_foreign(&foreign, now(world)).unwrap();
        };
        // Theirs before or after ours; and of ours every third answer is lost, so that it has to be looked up.
        if place % 2 == 0 {
            there(&world, 1);
        }
        if place % 3 == 0 {
            fake(&world).add_fault("lost-answer,op=create,times=1".parse().unwrap());
        }
        let local = start.to_zoned(jiff::tz::TimeZone::get("Europe/Berlin").unwrap());
        let caller = world.calcom_caller(&format!("+49151{:07}", 1_000_000 + place));
        let heard = caller
            .asks(
                "book_appointment",
                json!({"service_name": "Haarschnitt", "date": local.date().to_string(),
                    "time": local.strftime("%H:%M").to_string(), "customer_name": "Hannelore Brückner",
                    "customer_email": email}),
            )
            .await;
        if place % 2 == 1 {
            there(&world, 3);
            assert_ne!(said(&heard).0, "unavailable", "{place}: {}", heard.json);
        } else {
            assert_ne!(said(&heard).0, "booked", "{place}: told theirs as ours: {}", heard.json);
        }
        booked.push(start);
        fake(&world).clear_faults();
        seconds(&world, 4).await;
    }
    assert_converged(&world).await;
    let theirs = theirs(&world);
    assert_eq!(theirs.len(), pairs);
    assert!(theirs.iter().all(|booking| booking.status.is_live() && booking.rescheduled_to_uid.is_none()));
    let named = rows(&world, "SELECT uid FROM remote_uid").await;
    assert!(theirs.iter().all(|booking| !named.contains(&booking.uid)), "none of theirs has a row as ours");
    assert_eq!(ours(&world).len(), pairs / 2, "where ours was first, it is there");
    let wished: Vec<Timestamp> = booked.into_iter().skip(1).step_by(2).collect();
    let mut there = starts(&world);
    there.sort();
    assert_eq!(there, wished);
}

#[tokio::test(start_paused = true)]
async fn forged_marks_are_shown_to_a_person_and_touched_by_nobody() {
    let world = calendar_first().await;
    let caller = rings(&world);
    books_at(&caller, "10:00").await;
    seconds(&world, 5).await;
    let real = ours(&world)[0].metadata.clone();
    let forgeries = scaled(1_000);
    for (place, start) in half_hours(forgeries + 40).into_iter().skip(40).enumerate() {
        let mark = |op: &str, mac: &str| {
            let mut metadata = Map::new();
            metadata.insert(OP.to_owned(), Value::from(op));
            metadata.insert(MAC.to_owned(), Value::from(mac));
            metadata
        };
        let (op, mac) = (real[OP].as_str().unwrap(), real[MAC].as_str().unwrap());
        let metadata = match place % 5 {
            0 => mark(op, "0000000000000000"),
            1 => mark(&format!("op_{place:026}"), mac),
            2 => mark(op, &mac.to_uppercase()),
            3 => mark(op, ""),
            _ => mark(&format!("op_{place:026}"), &"f".repeat(mac.len())),
        };
        let forged = Foreign {
            event_type_id: EMMA,
            start,
            host_id: None,
            minutes: Some(15),
            name: "Web Besuch".to_owned(),
            email: "web@besuch.example".to_owned(),
            metadata,
        };
        fake(&world).book_foreign(&forged, now(&world)).unwrap();
    }
    minutes(&world, 10).await;
    let forged = theirs(&world);
    assert_eq!(forged.len(), forgeries);
    assert!(forged.iter().all(|booking| booking.status.is_live() && booking.rescheduled_to_uid.is_none()));
    assert_eq!(world.calcom().times(Operation::Cancel) + world.calcom().times(Operation::Reschedule), 0);
    assert!(waiting(&world).await.iter().all(|kind| *kind == Kind::Forged) && !waiting(&world).await.is_empty());
    assert_eq!(rows(&world, "SELECT uid FROM remote").await.len(), 1);
    // The caller's own, marked truly, is still ours to cancel.
    caller.asks("cancel_appointment", json!({})).await;
    minutes(&world, 2).await;
    assert_eq!((ours(&world).len(), live(&world).len()), (forgeries, forgeries));
    assert_eq!(world.calcom().times(Operation::Cancel), 1);
}

#[tokio::test(start_paused = true)]
async fn a_true_mark_copied_into_a_second_booking_does_not_make_it_ours_to_lose_the_first() {
    let world = calendar_first().await;
    let caller = rings(&world);
    books_at(&caller, "10:00").await;
    minutes(&world, 2).await;
    let own = ours(&world)[0].clone();
    let copied = Foreign {
        event_type_id: EMMA,
        start: thursday("16:00"),
        host_id: None,
        minutes: None,
        name: "Web Besuch".to_owned(),
        email: "web@besuch.example".to_owned(),
        metadata: own.metadata.clone(),
    };
    fake(&world).book_foreign(&copied, now(&world)).unwrap();
    assert_converged(&world).await;
    assert_eq!(ours(&world), [own], "the row's own one stays; a second one of the same operation is a stray");
}

#[tokio::test(start_paused = true)]
async fn after_an_old_backup_nothing_is_cancelled_and_everything_is_flagged() {
    let world = calendar_first().await;
    let wished: Vec<String> = (10..18).map(|hour| format!("{hour}:00")).collect();
    for (place, time) in wished.iter().enumerate() {
        let caller = world.calcom_caller(&format!("+49151123456{place:02}"));
        assert_eq!(said(&books_at(&caller, time).await).0, "booked");
        seconds(&world, 3).await;
    }
    let before = live(&world);
    assert_eq!(before.len(), wished.len());
    // As it was yesterday: nothing of all this was booked, nor looked through.
    for table in [
        "remote",
        "remote_uid",
        "sync",
        "appointment_change",
        "idempotency",
        "occupancy",
        "appointment",
        "calendar_event",
        "sweep_mark",
    ] {
        change(&world, &format!("DELETE FROM {table}")).await;
    }
    change(&world, "DELETE FROM job WHERE kind = 'sync'").await;
    minutes(&world, 10).await;
    assert_eq!(live(&world), before, "not one of them is touched");
    assert_eq!(world.calcom().times(Operation::Cancel), 0);
    assert_eq!(waiting(&world).await, vec![Kind::NoRow; wished.len()]);
    assert_eq!(alarming(&world).await, vec!["no_row".to_owned(); wished.len()]);
    let caller = world.calcom_caller("+4915199999999");
    let heard = books_at(&caller, "10:00").await;
    assert_eq!(said(&heard).0, "unavailable", "and their time is not given away: {}", heard.json);
}

#[tokio::test(start_paused = true)]
async fn a_backup_without_them_does_not_give_their_time_away_while_the_calendar_is_down() {
    let world = calendar_first().await;
    let caller = rings(&world);
    books_at(&caller, "10:00").await;
    somebody_books(&world, EMMA, thursday("14:00"));
    seconds(&world, 70).await;
    for table in [
        "remote",
        "remote_uid",
        "sync",
        "appointment_change",
        "idempotency",
        "occupancy",
        "appointment",
        "busy",
        "sweep_mark",
    ] {
        change(&world, &format!("DELETE FROM {table}")).await;
    }
    change(&world, "DELETE FROM job WHERE kind = 'sync'").await;
    minutes(&world, 2).await;
    world.calcom().refuse_connections(true);
    let other = world.calcom_caller("+4915112345680");
    for time in ["10:00", "14:00"] {
        let heard = books_at(&other, time).await;
        assert_eq!(said(&heard).0, "unavailable", "{time}: {}", heard.json);
    }
}
