//! What is asked beside a booking: services, hours, the greeting, a call back, an address.

use frontdesk_testkit::World;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::talking::texts;

const HANNELORE: &str = "+491713920017";
const IDA: &str = "+4915155500077";

// ---- Lists, hours, greeting --------------------------------------------------------------------------------------

#[tokio::test]
async fn many_services_are_told_by_category_and_one_category_by_name() {
    let world = World::fresh().await;
    let caller = world.anonymous();
    let all = caller.asks("list_services", json!({})).await;
    all.expect("found", "ok");
    assert_eq!(texts(&all, "services", "name").len(), 7);
    assert_eq!(all.at("categories"), &json!(["Schnitt", "Farbe"]));
    assert!(all.spoken().contains("Schnitt") && !all.spoken().contains("Strähnen"), "{}", all.spoken());
    let colours = caller.asks("list_services", json!({"category": "farbe"})).await;
    assert_eq!(texts(&colours, "services", "name"), ["Ansatzfarbe", "Strähnen"]);
    assert!(colours.spoken().contains("Strähnen"), "{}", colours.spoken());
    caller.asks("list_services", json!({"category": "Massage"})).await.expect("not_found", "no_service");
}

#[tokio::test]
async fn opening_hours_come_from_the_branch_for_a_day_or_a_week() {
    let world = World::fresh().await;
    let caller = world.anonymous();
    let week = caller.asks("opening_hours", json!({})).await;
    assert_eq!(week.expect("found", "ok").at("hours").as_array().unwrap().len(), 7);
    assert!(week.spoken().contains("19 Uhr") && week.spoken().contains("Sonntag"), "{}", week.spoken());
    for (said, date, open) in [
        ("Samstag", "2026-12-05", json!([["09:00", "14:00"]])),
        ("Sonntag", "2026-12-06", json!([])),
        ("heute", "2026-12-01", json!([["09:00", "19:00"]])),
        ("nächsten Samstag", "2026-12-05", json!([["09:00", "14:00"]])),
    ] {
        let day = caller.asks("opening_hours", json!({"date": said})).await;
        day.expect("found", "ok");
        assert_eq!((day.text("hours/0/date"), day.at("hours/0/open")), (date, &open), "{said}");
    }
    // After closing the question about today is still a fair one.
    world.advance(SignedDuration::from_hours(12));
    let today = world.anonymous().asks("opening_hours", json!({"date": "heute"})).await;
    assert_eq!(today.expect("found", "ok").text("hours/0/date"), "2026-12-01");
}

#[tokio::test]
async fn the_greeting_knows_the_day_and_a_known_caller_and_nothing_of_an_unknown_one() {
    let world = World::fresh().await;
    let known = world.caller(HANNELORE).asks("start_call", json!({})).await;
    known.expect("ok", "ok");
    assert_eq!(
        (known.text("today"), known.text("weekday"), known.text("tomorrow")),
        ("2026-12-01", "Dienstag", "2026-12-02")
    );
    assert_eq!(known.at("next_7_days").as_array().unwrap().len(), 7);
    assert_eq!(known.text("customer/name"), "Hannelore Brückner");
    assert_eq!(known.text("next_appointment/id"), "apt_01JDVX7");
    assert!(
        known.spoken().contains("Hannelore Brückner") && known.spoken().contains("Salon Morgenrot"),
        "{}",
        known.spoken()
    );
    for from in ["anonymous", IDA] {
        let unknown = world.caller(from).asks("start_call", json!({})).await;
        unknown.expect("ok", "ok");
        assert_eq!((unknown.at("caller_known"), unknown.at("customer")), (&json!(false), &Value::Null));
    }
}

// ---- Callbacks, e-mail -------------------------------------------------------------------------------------------

#[tokio::test]
async fn a_callback_is_one_task_however_often_it_is_asked_for() {
    let world = World::fresh().await;
    let caller = world.caller(HANNELORE);
    let first = caller.asks("request_callback", json!({"reason": "Frage zur Farbe"})).await;
    first.expect("ok", "ok");
    assert_eq!(first.text("callback/by"), "2026-12-01T11:12:31+01:00");
    assert!(first.spoken().contains("11 Uhr"), "{}", first.spoken());
    world.advance(SignedDuration::from_mins(3));
    let again = caller.asks("request_callback", json!({"reason": "Frage zur Farbe", "window": "nachmittags"})).await;
    assert_eq!(again.at("callback"), first.at("callback"));
    let next_call = world.caller(HANNELORE).asks("request_callback", json!({"reason": "noch einmal"})).await;
    assert_eq!(next_call.at("callback"), first.at("callback"));
    assert_eq!(
        world.rows("SELECT customer_id, phone, wished, cause, state FROM callback"),
        ["cus_01JD0A1|+491713920017|nachmittags|requested|open"]
    );
    world.advance(SignedDuration::from_mins(31));
    caller.asks("start_call", json!({})).await;
    let later = world.caller(HANNELORE).asks("request_callback", json!({})).await;
    assert_ne!(later.at("callback/id"), first.at("callback/id"), "after half an hour it is a new wish");
}

#[tokio::test]
async fn without_a_number_the_task_stands_and_the_number_is_asked_for() {
    let world = World::fresh().await;
    let caller = world.anonymous();
    let asked = caller.asks("request_callback", json!({"customer_name": "Max Stadler", "reason": "Frage"})).await;
    asked.expect("ok", "ok");
    assert_eq!(asked.at("missing"), &json!(["phone"]));
    assert_eq!(world.rows("SELECT name, phone FROM callback"), ["Max Stadler|-"]);
    let given = caller
        .asks("request_callback", json!({"phone": "null eins sieben eins drei neun zwei null null neun neun"}))
        .await;
    assert_eq!(given.at("missing"), &Value::Null, "{}", given.json);
    assert_eq!(world.rows("SELECT name, phone FROM callback"), ["Max Stadler|+491713920099"]);
}

#[tokio::test]
async fn at_night_nobody_is_promised_a_call_before_the_house_opens() {
    for (clock, by) in [
        ("2026-12-01T22:00:00+01:00", "2026-12-02T11:00:00+01:00"),
        ("2026-12-05T13:30:00+01:00", "2026-12-07T10:30:00+01:00"),
        ("2026-12-06T12:00:00+01:00", "2026-12-07T11:00:00+01:00"),
    ] {
        let world = World::of(&["salon-morgenrot"], clock).await;
        let heard = world.caller(HANNELORE).asks("request_callback", json!({"reason": "Frage"})).await;
        assert_eq!(heard.expect("ok", "ok").text("callback/by"), by, "{clock}");
    }
}

#[tokio::test]
async fn an_email_is_stored_for_the_caller_and_nobody_else() {
    let world = World::fresh().await;
    let known = world.caller(HANNELORE);
    let spoken = json!({"customer_email": "hannelore punkt brückner ät beispiel punkt de"});
    let heard = known.asks("update_customer_email", spoken).await;
    assert!(["ok", "need_more"].contains(&heard.status()), "{}", heard.json);
    known
        .asks("update_customer_email", json!({"customer_email": "hannelore at example punkt org"}))
        .await
        .expect("ok", "ok");
    assert_eq!(world.rows("SELECT email FROM customer WHERE customer_id = 'cus_01JD0A1'"), ["hannelore@example.org"]);
    assert_eq!(
        world.rows("SELECT email FROM appointment WHERE appointment_id = 'apt_01JDVX7'"),
        ["hannelore@example.org"]
    );
    known.asks("update_customer_email", json!({})).await.expect("need_more", "missing_fields");
    for hopeless in ["keine", "hannelore", "@", "a@b", "ich sage es Ihnen später"] {
        known
            .asks("update_customer_email", json!({"customer_email": hopeless}))
            .await
            .expect("need_more", "email_unclear");
    }
    assert_eq!(world.rows("SELECT email FROM customer WHERE customer_id = 'cus_01JD0A1'"), ["hannelore@example.org"]);

    let withheld = world.anonymous();
    let email = json!({"customer_email": "max@example.org"});
    withheld.asks("update_customer_email", email.clone()).await.expect("refused", "verification_required");
    withheld.books("Herrenhaarschnitt", "2026-12-07", "12:00", "Max Stadler").await.expect("booked", "ok");
    withheld.asks("update_customer_email", email.clone()).await.expect("ok", "ok");
    assert_eq!(world.rows("SELECT email FROM customer WHERE name = 'Max Stadler'"), ["max@example.org"]);
    let stranger = world.caller(IDA).asks("update_customer_email", email).await;
    assert_ne!(stranger.status(), "ok");
}

#[tokio::test]
async fn another_name_on_a_known_number_never_overwrites_the_owners_email() {
    let world = World::fresh().await;
    let caller = world.caller("+491713920021");
    let args = json!({"customer_name": "Bernd Vogt", "customer_email": "bernd@example.org"});
    let heard = caller.asks("update_customer_email", args).await;
    assert_ne!(heard.status(), "ok", "{}", heard.json);
    assert_eq!(world.rows("SELECT email FROM customer WHERE customer_id = 'cus_01JD0A2'"), ["k.vogt@example.org"]);
}
