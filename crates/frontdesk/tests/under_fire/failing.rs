//! The database fails in the middle: nobody is told that something happened, and nothing did.

use std::sync::Arc;

use frontdesk_testkit::{Caller, Heard, World};
use serde_json::{Value, json};

use crate::support::{assert_nobody_is_in_two_places, name_of, number_of, scaled, stored, world_of};

/// What a function call writes, and the call with everything it needs.
struct Work {
    function: &'static str,
    args: Value,
    /// The status where nothing fails.
    done: &'static str,
    /// The tables it puts rows into.
    writes: &'static [&'static str],
    /// The tables it takes rows out of or changes them in.
    changes: &'static [&'static str],
}

fn all_work(held: &str) -> Vec<Work> {
    let wish =
        json!({"service_name": "Dauerwelle", "date": "2026-12-04", "time": "11:00", "customer_name": "Neu Angerufen"});
    vec![
        Work {
            function: "book_appointment",
            args: wish.clone(),
            done: "booked",
            writes: &[
                "call",
                "customer",
                "call_customer",
                "occupancy",
                "appointment",
                "appointment_change",
                "idempotency",
                "call_event",
            ],
            changes: &["occupancy"],
        },
        Work {
            function: "confirm_booking",
            args: json!({"token": held, "customer_name": "Neu Angerufen"}),
            done: "booked",
            writes: &[
                "call",
                "customer",
                "call_customer",
                "occupancy",
                "appointment",
                "appointment_change",
                "idempotency",
                "call_event",
            ],
            changes: &["occupancy"],
        },
        Work {
            function: "check_availability",
            args: wish.clone(),
            done: "available",
            writes: &["call", "occupancy", "offer", "call_event"],
            changes: &["occupancy"],
        },
        Work {
            function: "hold_appointment",
            args: wish,
            done: "held",
            writes: &["call", "occupancy", "offer", "call_event"],
            changes: &["occupancy"],
        },
        Work {
            function: "reschedule_appointment",
            args: json!({"new_date": "2026-12-04", "new_time": "15:00"}),
            done: "rescheduled",
            writes: &["call", "occupancy", "appointment_change", "idempotency", "call_event"],
            changes: &["occupancy", "appointment"],
        },
        Work {
            function: "cancel_appointment",
            args: json!({"reason": "krank"}),
            done: "cancelled",
            writes: &["call", "appointment_change", "idempotency", "call_event"],
            changes: &["occupancy", "appointment"],
        },
        Work {
            function: "request_callback",
            args: json!({"reason": "Frage"}),
            done: "ok",
            writes: &["call", "callback", "call_event"],
            changes: &[],
        },
    ]
}

/// Everything in the database but what only counts.
fn everything(world: &World) -> Vec<String> {
    let tables =
        world.rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1");
    let rows = |table: &String| {
        let mut rows = world.rows(&format!("SELECT '{table}', * FROM {table}"));
        rows.sort();
        rows
    };
    tables.iter().flat_map(rows).collect()
}

/// A caller in the middle of a call: an appointment of an earlier call, a hold of this one.
async fn in_a_call(world: &World) -> (Caller<'_>, String) {
    let number = "+491715560001";
    let before = world.caller(number).books("Herrenhaarschnitt", "2026-12-03", "10:00", "Alma Stamm").await;
    before.expect("booked", "ok");
    let caller = world.caller(number);
    let held = caller.checks("Damenhaarschnitt", "2026-12-03", "14:00").await;
    let token = held.expect("available", "ok").text("slot/token").to_owned();
    (caller, token)
}

fn assert_honest_failure(heard: &Heard, what: &str) {
    assert_eq!((heard.http, heard.status()), (200, "error"), "{what}: {}", heard.json);
    assert!(
        !heard.booked() && heard.at("appointment").is_null() && heard.at("slot").is_null(),
        "{what}: {}",
        heard.json
    );
    let spoken = heard.spoken();
    assert!(spoken.split_whitespace().count() > 3, "{what}: a sentence: {spoken}");
    for word in ["broken", "trigger", "SQL", "constraint", "RAISE", "database"] {
        assert!(!spoken.contains(word), "{what}: {spoken}");
    }
}

/// One kind of failure of one statement of one function call; afterwards everything is as before, and mended it works.
async fn one_failure(world: &World, trigger: &str, work: &Work, caller: &Caller<'_>, what: &str) {
    world.break_database(trigger);
    let before = everything(world);
    let body = caller.body(work.function, &work.args);
    assert_honest_failure(&caller.sends(work.function, body.clone()).await, what);
    // The platform tries again, and it fails again.
    assert_honest_failure(&caller.sends(work.function, body.clone()).await, what);
    assert_eq!(everything(world), before, "{what}: something was left behind");
    world.break_database("DROP TRIGGER broken");
    let mended = caller.sends(work.function, body.clone()).await;
    mended.expect(work.done, "ok");
    if ["booked", "rescheduled", "cancelled"].contains(&work.done) {
        assert_eq!(caller.sends(work.function, body).await.at("appointment"), mended.at("appointment"), "{what}");
    }
    assert_nobody_is_in_two_places(world).await;
}

#[tokio::test]
async fn whatever_table_refuses_a_row_the_answer_is_honest_and_nothing_is_left_behind() {
    // The last one is what a full disk does: SQLite gives up the whole transaction, not only the statement.
    for raise in ["RAISE(ABORT, 'broken')", "RAISE(ROLLBACK, 'broken')"] {
        for at in 0..all_work("").len() {
            let tables = all_work("")[at].writes.len();
            for table in 0..tables {
                let world = world_of(2).await;
                let (caller, token) = in_a_call(&world).await;
                let work = &all_work(&token)[at];
                let table = work.writes[table];
                let trigger = format!("CREATE TRIGGER broken BEFORE INSERT ON {table} BEGIN SELECT {raise}; END");
                one_failure(&world, &trigger, work, &caller, &format!("{} {table} {raise}", work.function)).await;
            }
        }
    }
}

#[tokio::test]
async fn whatever_row_cannot_be_changed_or_removed_the_answer_is_honest_and_nothing_is_left_behind() {
    for at in 0..all_work("").len() {
        for table in all_work("")[at].changes {
            let world = world_of(2).await;
            let (caller, token) = in_a_call(&world).await;
            let work = &all_work(&token)[at];
            let how = if *table == "occupancy" { "DELETE" } else { "UPDATE" };
            let trigger =
                format!("CREATE TRIGGER broken AFTER {how} ON {table} BEGIN SELECT RAISE(ABORT, 'broken'); END");
            one_failure(&world, &trigger, work, &caller, &format!("{} {how} {table}", work.function)).await;
        }
    }
}

#[tokio::test]
async fn a_commit_that_fails_at_the_very_end_was_never_told_as_a_success() {
    for at in 0..all_work("").len() {
        let world = world_of(2).await;
        let (caller, token) = in_a_call(&world).await;
        let work = &all_work(&token)[at];
        // Every statement succeeds; what they add up to is only found out by COMMIT.
        world.break_database(
            "CREATE TABLE debt (tenant TEXT REFERENCES tenant (tenant_id) DEFERRABLE INITIALLY DEFERRED)",
        );
        let trigger = "CREATE TRIGGER broken AFTER INSERT ON call_event BEGIN INSERT INTO debt VALUES ('nobody'); END";
        one_failure(&world, trigger, work, &caller, &format!("{} at the commit", work.function)).await;
    }
}

#[tokio::test]
async fn a_row_that_is_lost_without_a_word_is_no_booking() {
    for table in ["appointment", "occupancy"] {
        let world = world_of(1).await;
        let trigger = format!("CREATE TRIGGER broken BEFORE INSERT ON {table} BEGIN SELECT RAISE(IGNORE); END");
        world.break_database(&trigger);
        let caller = world.caller("+491715560002");
        let heard = caller.books("Herrenhaarschnitt", "2026-12-03", "10:00", "Alma Stamm").await;
        assert!(!heard.booked(), "{table}: {}", heard.json);
        assert_eq!(heard.http, 200);
        assert!(stored(&world).is_empty(), "{table}");
        world.break_database("DROP TRIGGER broken");
        caller.books("Herrenhaarschnitt", "2026-12-03", "10:00", "Alma Stamm").await.expect("booked", "ok");
        assert_nobody_is_in_two_places(&world).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_callers_failure_takes_nobodys_booking_back_that_was_told() {
    // ABORT costs the one his savepoint; ROLLBACK costs everybody the shared transaction, and everybody is told so.
    for raise in ["ABORT", "ROLLBACK"] {
        let world = world_of(5).await;
        world.break_database(&format!(
            "CREATE TRIGGER broken BEFORE INSERT ON customer WHEN NEW.name LIKE '%Pech' BEGIN SELECT RAISE({raise}, 'broken'); END"
        ));
        let calls: Vec<_> = (0..scaled(1000))
            .map(|number| {
                let world = Arc::clone(&world);
                tokio::spawn(async move {
                    let unlucky = number % 10 == 3;
                    let name = if unlucky { "Paul Pech".to_owned() } else { name_of(number) };
                    let (day, hour) = (2 + number / 10 % 4, 9 + number % 10);
                    let caller = world.caller(&number_of(number));
                    let date = format!("2026-12-{day:02}");
                    let heard = caller.books("Herrenhaarschnitt", &date, &format!("{hour}:00"), &name).await;
                    (unlucky, heard)
                })
            })
            .collect();
        let (mut told, mut failed) = (Vec::new(), 0);
        for call in calls {
            let (unlucky, heard) = call.await.unwrap();
            assert_eq!(heard.http, 200);
            match heard.status() {
                "booked" => told.push(heard.text("appointment/id").to_owned()),
                "error" => failed += 1,
                _ => assert_eq!(heard.status(), "unavailable", "{}", heard.json),
            }
            assert!(!unlucky || heard.status() != "booked", "{}", heard.json);
            assert!(raise == "ROLLBACK" || unlucky || heard.status() != "error", "{}", heard.json);
        }
        told.sort();
        let there: Vec<String> = stored(&world).into_keys().collect();
        assert_eq!(there, told, "{raise}: who was told has it, and who has it was told");
        assert!(!told.is_empty() && failed > 0, "{raise}: {} booked, {failed} failed", told.len());
        assert_nobody_is_in_two_places(&world).await;
    }
}

#[tokio::test]
async fn when_nothing_can_be_read_every_function_apologises_and_comes_back() {
    let world = world_of(1).await;
    let caller = world.caller("+491715560003");
    caller.books("Herrenhaarschnitt", "2026-12-03", "10:00", "Alma Stamm").await.expect("booked", "ok");
    for table in ["call", "customer", "appointment", "occupancy"] {
        world.break_database(&format!("ALTER TABLE {table} RENAME TO gone"));
        for work in all_work("slot_0000000000") {
            let heard = caller.asks(work.function, work.args).await;
            assert_eq!(heard.http, 200, "{} without {table}", work.function);
            assert!(!heard.booked() && !heard.spoken().is_empty(), "{} without {table}: {}", work.function, heard.json);
            // Nothing works without call and customer; a question may do without the rest, but promises nothing.
            let needed = ["call", "customer"].contains(&table);
            assert!(!needed || heard.status() == "error", "{} without {table}: {}", work.function, heard.json);
            assert!(!["rescheduled", "cancelled"].contains(&heard.status()), "{}", heard.json);
        }
        world.break_database(&format!("ALTER TABLE gone RENAME TO {table}"));
    }
    assert_eq!(stored(&world).len(), 1);
    caller.asks("cancel_appointment", json!({})).await.expect("cancelled", "ok");
    assert_nobody_is_in_two_places(&world).await;
}
