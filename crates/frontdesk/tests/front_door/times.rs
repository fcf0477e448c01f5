//! When: what is said about time, what is free then, and what is offered instead.

use frontdesk_testkit::{Heard, World};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::houses::{TUESDAY_MORNING, active, house, salon_with, salon_with_policy, world};
use crate::talking::{checks_with, texts};

const HANNELORE: &str = "+491713920017";
const IDA: &str = "+4915155500077";

/// The first offered start and all others, as local times.
fn offered(heard: &Heard) -> Vec<&str> {
    heard.at("slot/start").as_str().into_iter().chain(heard.alternatives()).collect()
}

// ---- Times -------------------------------------------------------------------------------------------------------

#[tokio::test]
async fn a_part_of_a_day_is_answered_with_free_times_inside_it() {
    let world = World::fresh().await;
    for (date, time, from, until) in [
        ("2026-12-04", "vormittags", "2026-12-04T09:00", "2026-12-04T12:00"),
        ("2026-12-04", "nach 17 Uhr", "2026-12-04T17:00", "2026-12-04T19:00"),
        ("2026-12-04", "zwischen zwei und vier", "2026-12-04T14:00", "2026-12-04T16:00"),
        ("Freitagnachmittag", "", "2026-12-04T12:00", "2026-12-04T18:00"),
        ("2026-12-05", "", "2026-12-05T09:00", "2026-12-05T14:00"),
        ("nächste Woche", "abends", "2026-12-07T18:00", "2026-12-12T21:00"),
    ] {
        let heard = world.anonymous().checks("Herrenhaarschnitt", date, time).await;
        heard.expect("available", "ok");
        let starts = offered(&heard);
        assert!(starts.len() >= 2, "{date} {time}: {}", heard.json);
        for start in &starts {
            assert!(from <= *start && *start < until, "{date} {time}: {start}");
            let clock = &start[11..16];
            assert!(time != "abends" || clock >= "18:00", "{start}");
        }
        let mut unique = starts.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), starts.len(), "no time twice: {starts:?}");
    }
}

#[tokio::test]
async fn what_is_missing_is_asked_for_and_never_made_up() {
    let world = World::fresh().await;
    let caller = world.anonymous();
    for (args, missing) in [
        (json!({}), json!(["service_name", "date", "time"])),
        (json!({"service_name": "Herrenhaarschnitt"}), json!(["date", "time"])),
        (json!({"service_name": "Herrenhaarschnitt", "time": "14:00"}), json!(["date"])),
        (json!({"date": "morgen", "time": "14:00"}), json!(["service_name"])),
        (json!({"service_name": "", "date": null, "time": "null"}), json!(["service_name", "date", "time"])),
    ] {
        let checked = checks_with(&caller, args.clone()).await;
        assert_eq!(checked.expect("need_more", "missing_fields").at("missing"), &missing, "{args}");
        let mut named = args.clone();
        named["customer_name"] = json!("Max Stadler");
        let booked = caller.asks("book_appointment", named).await;
        assert_eq!(booked.expect("need_more", "missing_fields").at("missing"), &missing, "{args}");
    }
    let day_only = json!({"service_name": "Herrenhaarschnitt", "date": "2026-12-04", "customer_name": "Max Stadler"});
    let asked = caller.asks("book_appointment", day_only).await;
    asked.expect("need_more", "exact_time");
    assert!(asked.alternatives().iter().all(|start| start.starts_with("2026-12-04")), "{}", asked.json);
    let nameless = json!({"service_name": "Herrenhaarschnitt", "date": "2026-12-04", "time": "14:00"});
    let asked = caller.asks("book_appointment", nameless).await;
    assert_eq!(asked.expect("need_more", "missing_fields").at("missing"), &json!(["customer_name"]));
    assert_eq!(active(&world), 5);
}

#[tokio::test]
async fn a_known_caller_need_not_say_the_name() {
    let world = World::fresh().await;
    let args = json!({"service_name": "Herrenhaarschnitt", "date": "2026-12-04", "time": "14:00"});
    world.caller(HANNELORE).asks("book_appointment", args).await.expect("booked", "ok");
    assert_eq!(world.rows("SELECT COUNT(*) FROM appointment WHERE customer_id = 'cus_01JD0A1'"), ["2"]);
}

#[tokio::test]
async fn two_readings_of_a_time_are_asked_back() {
    let world = World::fresh().await;
    let caller = world.anonymous();
    let day = caller.checks("Herrenhaarschnitt", "nächsten Freitag", "10:00").await;
    assert_eq!(texts(day.expect("ambiguous", "ambiguous_date"), "candidates", "date"), ["2026-12-04", "2026-12-11"]);
    let mismatch = caller.checks("Herrenhaarschnitt", "Montag, den 8. Dezember", "10:00").await;
    mismatch.expect("ambiguous", "weekday_mismatch");
    caller.checks("Herrenhaarschnitt", "31. November", "10:00").await.expect("need_more", "no_such_day");
    caller.checks("Herrenhaarschnitt", "2023-10-04", "10:00").await.expect("need_more", "stale_year");
    caller.checks("Herrenhaarschnitt", "heute", "08:00").await.expect("need_more", "in_the_past");
    assert_eq!(active(&world), 5);
}

#[tokio::test]
async fn spoken_german_times_are_understood_within_opening_hours() {
    let world = World::fresh().await;
    for (said, clock) in [
        ("halb drei", "14:30"),
        ("viertel vor vier", "15:45"),
        ("dreiviertel elf", "10:45"),
        ("um drei", "15:00"),
        ("15 Uhr 30", "15:30"),
        ("zwölf Uhr mittags", "12:00"),
    ] {
        let heard = world.anonymous().checks("Herrenhaarschnitt", "2026-12-07", said).await;
        assert_eq!((said, heard.status()), (said, "available"), "{}", heard.json);
        assert_eq!(&heard.text("slot/start")[11..16], clock, "{said}");
        world.advance(SignedDuration::from_mins(5));
    }
}

#[tokio::test]
async fn a_closed_day_an_off_grid_minute_and_too_far_ahead_are_said_for_what_they_are() {
    let world = World::fresh().await;
    let caller = world.anonymous();
    for (date, time, code) in [
        ("2026-12-06", "10:00", "closed"),
        ("2026-12-07", "20:00", "closed"),
        ("2026-12-07", "18:45", "closes_before"),
        ("2026-12-07", "10:07", "off_grid"),
        ("2027-03-15", "10:00", "too_far"),
    ] {
        let heard = caller.checks("Herrenhaarschnitt", date, time).await;
        heard.expect("unavailable", code);
        assert!(!heard.alternatives().is_empty(), "{date} {time}: {}", heard.json);
        let booked = caller.books("Herrenhaarschnitt", date, time, "Max Stadler").await;
        booked.expect("unavailable", code);
    }
    let closed = caller.checks("Herrenhaarschnitt", "Sonntag", "").await;
    closed.expect("unavailable", "closed");
    assert_eq!(caller.checks("Herrenhaarschnitt", "2027-03-15", "10:00").await.at("horizon_days"), &json!(90));
    assert_eq!(active(&world), 5);
}

#[tokio::test]
async fn notice_is_one_rule_for_check_offers_and_booking() {
    let world = world(&salon_with(&[("notice_minutes = 0", "notice_minutes = 120")]), TUESDAY_MORNING).await;
    let caller = world.anonymous();
    for heard in [
        caller.checks("Herrenhaarschnitt", "heute", "11:00").await,
        caller.books("Herrenhaarschnitt", "heute", "11:00", "Max Stadler").await,
    ] {
        heard.expect("unavailable", "too_soon");
        assert_eq!(heard.at("notice_minutes"), &json!(120));
    }
    let found = caller
        .asks("find_alternatives", json!({"service_name": "Herrenhaarschnitt", "date": "heute", "count": 5}))
        .await;
    for start in found.expect("found", "ok").alternatives() {
        assert!(start >= "2026-12-01T11:12:31", "{start}");
    }
    // A quarter past eleven is just far enough; tomorrow the rule is not even mentioned.
    caller.checks("Herrenhaarschnitt", "heute", "11:15").await.expect("available", "ok");
    caller.checks("Herrenhaarschnitt", "morgen", "09:00").await.expect("unavailable", "slot_taken");
}

#[tokio::test]
async fn a_public_holiday_is_named() {
    let world = world(&salon_with(&[("state = \"none\"", "state = \"BE\"")]), TUESDAY_MORNING).await;
    let caller = world.anonymous();
    for (date, name) in [("2026-12-25", "Weihnachts"), ("2027-01-01", "Neujahr")] {
        let heard = caller.checks("Herrenhaarschnitt", date, "10:00").await;
        heard.expect("unavailable", "holiday");
        assert!(heard.text("holiday").contains(name) && heard.spoken().contains(name), "{}", heard.json);
        for start in heard.alternatives() {
            assert!(
                !start.starts_with("2026-12-25")
                    && !start.starts_with("2026-12-26")
                    && !start.starts_with("2027-01-01")
            );
        }
        caller.books("Herrenhaarschnitt", date, "10:00", "Max Stadler").await.expect("unavailable", "holiday");
        let whole_day = caller.checks("Herrenhaarschnitt", date, "").await;
        whole_day.expect("unavailable", "holiday");
        let hours = caller.asks("opening_hours", json!({"date": date})).await;
        assert!(hours.text("hours/0/closed_for").contains(name), "{}", hours.json);
    }
}

const NIGHT: &str = r#"
[[service]]
name = "Nachtdienst"
minutes = 30

[[staff]]
name = "Nora Nacht"
services = ["Nachtdienst"]
"#;

#[tokio::test]
async fn the_hour_the_clock_skips_is_refused_with_a_sentence() {
    let text = house("", "hours = { mon-sun = \"00:00-06:00\" }", NIGHT);
    let world = world(&text, "2027-03-26T01:00:00+01:00").await;
    let caller = world.anonymous();
    for heard in [
        checks_with(&caller, json!({"date": "2027-03-28", "time": "02:30"})).await,
        caller
            .asks("book_appointment", json!({"date": "2027-03-28", "time": "02:30", "customer_name": "Max Stadler"}))
            .await,
    ] {
        heard.expect("need_more", "no_such_time");
        assert!(!heard.spoken().is_empty());
    }
    // Half past one and three o'clock are half an hour apart in truth.
    let before = checks_with(&caller, json!({"date": "2027-03-28", "time": "01:30"})).await;
    assert_eq!(before.expect("available", "ok").text("slot/end"), "2027-03-28T03:00:00+02:00");
    let after = checks_with(&caller, json!({"date": "2027-03-28", "time": "03:00"})).await;
    assert_eq!(after.expect("available", "ok").text("slot/start"), "2027-03-28T03:00:00+02:00");
    assert_eq!(active(&world), 0);
}

#[tokio::test]
async fn the_hour_the_clock_shows_twice_is_asked_back_and_both_can_be_had() {
    let text = house("", "hours = { mon-sun = \"00:00-06:00\" }", NIGHT);
    let world = world(&text, "2026-10-22T01:00:00+02:00").await;
    let caller = world.anonymous();
    let asked = checks_with(&caller, json!({"date": "2026-10-25", "time": "02:30"})).await;
    asked.expect("ambiguous", "ambiguous_time");
    let both: Vec<String> = texts(&asked, "candidates", "start").into_iter().map(str::to_owned).collect();
    assert_eq!(both, ["2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"]);
    for (start, name) in both.iter().zip(["Tim Meier", "Tom Meier"]) {
        let args = json!({"date": start, "customer_name": name});
        let booked = caller.asks("book_appointment", args).await;
        assert_eq!(booked.expect("booked", "ok").text("appointment/start"), start);
    }
    assert_eq!(active(&world), 2);
    world.assert_at_rest().await;
}

// ---- What is offered ---------------------------------------------------------------------------------------------

#[tokio::test]
async fn every_offered_time_is_free_ahead_within_hours_and_can_be_booked() {
    let world = World::fresh().await;
    for (date, time) in [("heute", "09:15"), ("2026-12-02", "09:30"), ("2026-12-05", "13:45"), ("2026-12-06", "10:00")]
    {
        let caller = world.anonymous();
        let args = json!({"service_name": "Ansatzfarbe", "date": date, "time": time, "count": 6});
        let found = caller.asks("find_alternatives", args).await;
        found.expect("found", "ok");
        let offers = found.at("alternatives").as_array().unwrap().clone();
        for (seat, offer) in offers.iter().enumerate() {
            let start = offer["start"].as_str().unwrap();
            assert!(start > "2026-12-01T09:12:31", "never past: {start}");
            let (day, clock) = (&start[..10], &start[11..16]);
            let last = if ["2026-12-05", "2026-12-12"].contains(&day) { "12:30" } else { "17:30" };
            assert!(("09:00"..=last).contains(&clock) && day != "2026-12-06", "within hours: {start}");
            if seat == 0 {
                let args = json!({"token": offer["token"], "customer_name": "Max Stadler"});
                let booked = caller.asks("book_appointment", args).await;
                assert_eq!(booked.expect("booked", "ok").text("appointment/start"), start);
            }
        }
        let mut starts = found.alternatives();
        starts.sort_unstable();
        starts.dedup();
        assert_eq!(starts.len(), offers.len(), "no time twice");
    }
    world.assert_at_rest().await;
}

#[tokio::test]
async fn find_alternatives_gives_as_many_as_asked_and_holds_none() {
    let world = World::fresh().await;
    let (caller, other) = (world.anonymous(), world.caller(IDA));
    for (asked, given) in
        [(json!(1), 1), (json!(5), 5), (json!("4"), 4), (json!(99), 10), (Value::Null, 3), (json!(-2), 3)]
    {
        let args = json!({"service_name": "Damenhaarschnitt", "date": "2026-12-07", "time": "10:00", "count": asked});
        let found = caller.asks("find_alternatives", args).await;
        assert_eq!(found.expect("found", "ok").alternatives().len(), given, "{asked}");
        assert_eq!(found.at("requested_free"), &json!(true));
    }
    assert!(world.rows("SELECT 1 FROM occupancy WHERE expires_ms IS NOT NULL").is_empty());
    other.checks("Damenhaarschnitt", "2026-12-07", "10:00").await.expect("available", "ok");
}

#[tokio::test]
async fn times_lie_back_to_back_and_a_whole_service_must_fit_between() {
    let world = World::fresh().await;
    let caller = world.anonymous();
    caller.books("Herrenhaarschnitt", "2026-12-07", "10:00", "Max Stadler").await.expect("booked", "ok");
    for time in ["09:45", "10:15"] {
        caller.checks("Herrenhaarschnitt", "2026-12-07", time).await.expect("unavailable", "slot_taken");
    }
    let other = world.caller(IDA);
    other.books("Herrenhaarschnitt", "2026-12-07", "10:30", "Ida Falk").await.expect("booked", "ok");
    other.books("Herrenhaarschnitt", "2026-12-07", "09:30", "Udo Falk").await.expect("booked", "ok");
    // An hour does not fit into the half hour from nine.
    other.checks("Herrenhaarschnitt mit Bart", "2026-12-07", "09:00").await.expect("unavailable", "slot_taken");
    other.checks("Konturen", "2026-12-07", "09:15").await.expect("available", "ok");
    world.assert_at_rest().await;
}

#[tokio::test]
async fn while_the_colour_works_somebody_else_is_served() {
    let rest = r#"
[[service]]
name = "Farbe"
phases = [{ minutes = 30 }, { minutes = 45, free = true }, { minutes = 30 }]

[[service]]
name = "Schnitt"
minutes = 45

[[staff]]
name = "Anna Berg"
services = ["Farbe", "Schnitt"]
"#;
    let world = world(&house("", "hours = { mon-fri = \"09:00-18:00\" }", rest), TUESDAY_MORNING).await;
    let colour = world.anonymous().books("Farbe", "2026-12-07", "10:00", "Max Stadler").await;
    assert_eq!(colour.expect("booked", "ok").text("appointment/end"), "2026-12-07T11:45:00+01:00");
    let other = world.caller(IDA);
    for (time, code) in [("10:15", "slot_taken"), ("10:45", "slot_taken"), ("09:30", "slot_taken")] {
        other.checks("Schnitt", "2026-12-07", time).await.expect("unavailable", code);
    }
    other.books("Schnitt", "2026-12-07", "10:30", "Ida Falk").await.expect("booked", "ok");
    // Now the pause is full.
    world.anonymous().checks("Schnitt", "2026-12-07", "10:30").await.expect("unavailable", "slot_taken");
    world.assert_at_rest().await;
}

#[tokio::test]
async fn time_to_clean_up_is_the_persons_and_is_not_told() {
    let rest = "[[service]]\nname = \"Schnitt\"\nminutes = 30\nbuffer_before = 5\nbuffer_after = 10\n\
                [[staff]]\nname = \"Anna Berg\"\nservices = [\"Schnitt\"]\n";
    let world = world(&house("", "hours = { mon-fri = \"09:00-18:00\" }", rest), TUESDAY_MORNING).await;
    let booked = world.anonymous().books("Schnitt", "2026-12-07", "10:00", "Max Stadler").await;
    assert_eq!(booked.expect("booked", "ok").text("appointment/end"), "2026-12-07T10:30:00+01:00");
    let other = world.caller(IDA);
    other.checks("Schnitt", "2026-12-07", "10:30").await.expect("unavailable", "slot_taken");
    other.checks("Schnitt", "2026-12-07", "09:30").await.expect("unavailable", "slot_taken");
    other.checks("Schnitt", "2026-12-07", "10:45").await.expect("available", "ok");
    other.checks("Schnitt", "2026-12-07", "09:15").await.expect("available", "ok");
}

#[tokio::test]
async fn what_is_not_had_is_kept_as_a_wish_and_what_is_had_is_not() {
    let world = World::fresh().await;
    let caller = world.caller(IDA);
    caller.checks("Ansatzfarbe", "2026-12-06", "zehn Uhr").await.expect("unavailable", "closed");
    let args =
        json!({"service_name": "Herrenhaarschnitt", "date": "2026-12-02", "time": "09:15", "staff_name": "Fabian"});
    assert_eq!(checks_with(&caller, args).await.status(), "unavailable");
    caller.checks("Herrenhaarschnitt", "2026-12-07", "10:00").await.expect("available", "ok");
    caller.checks("Haarschnitt", "2026-12-07", "10:00").await.expect("ambiguous", "ambiguous_service");
    let wishes = world.rows("SELECT function, code, service, staff, said FROM wish ORDER BY at_ms, seq");
    assert_eq!(
        wishes,
        [
            "check_availability|closed|Ansatzfarbe|-|2026-12-06 zehn Uhr",
            "check_availability|staff_taken|Herrenhaarschnitt|Fabian Krüger|2026-12-02 09:15",
        ]
    );
}

#[tokio::test]
async fn where_nothing_is_free_a_person_rings_back_and_the_wish_is_kept() {
    let text = salon_with_policy("cancel_deadline_hours = 0").replace("horizon_days = 90", "horizon_days = 1");
    let world = world(&text, "2026-12-05T13:45:00+01:00").await;
    // Saturday, a quarter before closing; Sunday is closed, and the house plans one day ahead.
    let caller = world.caller(HANNELORE);
    let found = caller.asks("find_alternatives", json!({"service_name": "Herrenhaarschnitt"})).await;
    found.expect("unavailable", "nothing_free");
    assert_eq!(found.text("callback/by"), "2026-12-07T10:45:00+01:00");
    assert!(found.spoken().contains("ruft"), "{}", found.spoken());
    assert_eq!(world.rows("SELECT cause, phone FROM callback"), ["no_free_time|+491713920017"]);
    assert_eq!(world.rows("SELECT code, service FROM wish"), ["nothing_free|Herrenhaarschnitt"]);
}
