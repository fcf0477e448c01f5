//! What callers and their agents say, and what they hear: words, wishes, times and the way forward.

use frontdesk_testkit::{Caller, Heard, World};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::houses::{
    TUESDAY_MORNING, active, customer_with, house, salon_and, salon_with, salon_with_policy, taken_by, world,
};

const HANNELORE: &str = "+491713920017";
const IDA: &str = "+4915155500077";

/// The first offered start and all others, as local times.
fn offered(heard: &Heard) -> Vec<&str> {
    heard.at("slot/start").as_str().into_iter().chain(heard.alternatives()).collect()
}

fn texts<'a>(heard: &'a Heard, list: &str, key: &str) -> Vec<&'a str> {
    heard
        .at(list)
        .as_array()
        .unwrap_or_else(|| panic!("{list} in {}", heard.json))
        .iter()
        .map(|entry| entry[key].as_str().unwrap())
        .collect()
}

async fn checks_with(caller: &Caller<'_>, args: Value) -> Heard {
    caller.asks("check_availability", args).await
}

// ---- Names of functions and arguments ----------------------------------------------------------------------------

#[tokio::test]
async fn german_and_older_names_of_functions_and_arguments_are_understood() {
    let world = World::fresh().await;
    let caller = world.caller(HANNELORE);
    for (function, args, status) in [
        ("check_customer", json!({}), "ok"),
        ("initialize_call", json!({"call_id": "{{call_id}}"}), "ok"),
        (
            "verfuegbarkeit_pruefen",
            json!({"dienstleistung": "Herrenhaarschnitt", "datum": "2026-12-07", "uhrzeit": "12 Uhr"}),
            "available",
        ),
        (
            "check_availability",
            json!({"service": "Herrenhaarschnitt", "appointment_date": "2026-12-07", "appointment_time": "12:00"}),
            "available",
        ),
        (
            "check_availability",
            json!({"serviceName": "Herrenhaarschnitt", "Datum": "07.12.2026", "Uhrzeit": "12"}),
            "available",
        ),
        ("check_availability", json!({"leistung": "Herrenhaarschnitt", "datetime": "2026-12-07T12:00"}), "available"),
        ("get_alternatives", json!({"behandlung": "Herrenhaarschnitt", "wunschtermin": "2026-12-07"}), "found"),
        ("get_available_services", json!({"kategorie": "Farbe"}), "found"),
        ("oeffnungszeiten", json!({"tag": "Samstag"}), "found"),
        ("get_customer_appointments", json!({"kundenname": "Hannelore Brückner"}), "found"),
        ("query_appointment", json!({"datum": "2026-12-03"}), "found"),
        (
            "termin_verschieben",
            json!({"altes_datum": "2026-12-03", "neues_datum": "2026-12-10", "neue_uhrzeit": "11:00"}),
            "rescheduled",
        ),
        ("termin_absagen", json!({"termin_datum": "2026-12-10", "grund": "krank"}), "cancelled"),
        (
            "termin_buchen",
            json!({"dienstleistung": "Damenhaarschnitt", "datum": "2026-12-10", "zeit": "11:00", "kundenname": "Hannelore Brückner"}),
            "booked",
        ),
        ("rueckruf", json!({"anliegen": "Frage zur Farbe", "rückrufnummer": "0171 3920017"}), "ok"),
        ("update_email", json!({"mail": "hannelore@example.org"}), "ok"),
    ] {
        let heard = caller.asks(function, args.clone()).await;
        assert_eq!((heard.http, heard.status()), (200, status), "{function} {args}: {}", heard.json);
        assert!(!heard.spoken().is_empty(), "{function}");
    }
    world.assert_at_rest().await;
}

#[tokio::test]
async fn a_version_at_a_functions_name_is_no_other_function() {
    let world = World::fresh().await;
    let caller = world.caller(IDA);
    let args = json!({"service_name": "Herrenhaarschnitt", "date": "2026-12-07", "time": "12:00", "customer_name": "Ida Falk"});
    caller.asks("check_availability_v12", args.clone()).await.expect("available", "ok");
    caller.asks("book_appointment_v17", args.clone()).await.expect("booked", "ok");
    // A tool whose address lags behind its name is still the same function, and the same wish.
    let body = caller.body("book_appointment_v18", &args);
    caller.sends("book_appointment", body).await.expect("booked", "ok");
    assert_eq!(active(&world), 6);
}

#[tokio::test]
async fn start_booking_holds_and_confirm_booking_books_what_is_held() {
    let world = World::fresh().await;
    let caller = world.anonymous();
    caller.asks("confirm_booking", json!({"customer_name": "Max Stadler"})).await.expect("need_more", "missing_fields");
    let args = json!({"service": "Herrenhaarschnitt", "datum": "2026-12-07", "uhrzeit": "12:00", "function_name": "start_booking"});
    caller.asks("start_booking", args).await.expect("held", "ok");
    assert_eq!(active(&world), 5, "holding books nothing");
    let booked = caller.asks("confirm_booking", json!({"name": "Max Stadler"})).await;
    assert_eq!(booked.expect("booked", "ok").text("appointment/start"), "2026-12-07T12:00:00+01:00");
    world.assert_at_rest().await;
}

// ---- Services ----------------------------------------------------------------------------------------------------

#[tokio::test]
async fn two_services_are_one_visit_with_a_leg_each() {
    let world = World::fresh().await;
    let caller = world.anonymous();
    let visit = json!({"services": ["Herrenhaarschnitt", "Damenhaarschnitt"], "date": "2026-12-07", "time": "12:00"});
    let offer = checks_with(&caller, visit.clone()).await;
    offer.expect("available", "ok");
    assert_eq!(offer.text("slot/end"), "2026-12-07T13:15:00+01:00");
    let args = json!({"token": offer.text("slot/token"), "customer_name": "Max Stadler"});
    let booked = caller.asks("book_appointment", args).await;
    booked.expect("booked", "ok");
    assert_eq!(booked.at("appointment/services"), &json!(["Herrenhaarschnitt", "Damenhaarschnitt"]));
    let staff = booked.text("appointment/staff");
    assert!(staff.starts_with("Fabian Krüger + "), "nobody here does both: {staff}");
    assert_eq!(taken_by(&world, booked.text("appointment/id")).len(), 2);
    // One person for both where there is one.
    let one = json!({"services": ["Damenhaarschnitt", "Ansatzfarbe"], "date": "2026-12-08", "time": "12:00"});
    let offer = checks_with(&world.anonymous(), one).await;
    assert!(["Emma Winkler", "Leyla Aydin"].contains(&offer.expect("available", "ok").text("slot/staff")));
    world.assert_at_rest().await;
}

#[tokio::test]
async fn several_services_in_one_sentence_are_recognised_and_a_comma_splits_none() {
    let world = World::fresh().await;
    let caller = world.anonymous();
    let both = caller.checks("Herrenhaarschnitt und Ansatzfarbe", "2026-12-07", "12:00").await;
    assert_eq!(both.expect("available", "ok").text("slot/end"), "2026-12-07T14:00:00+01:00");
    let one = caller.checks("Waschen, Schneiden, Föhnen", "2026-12-07", "12:00").await;
    assert_eq!(one.expect("available", "ok").text("slot/end"), "2026-12-07T13:00:00+01:00");
}

#[tokio::test]
async fn spellings_of_a_service_are_the_service() {
    let world = World::fresh().await;
    for (said, minutes) in [
        ("Herren Haarschnitt", 30),
        ("herrenhaarschnitt", 30),
        ("Herrnhaarschnitt", 30),
        ("Haarschnitt für Männer", 30),
        ("Strehnen", 120),
        ("Straehnen", 120),
        ("Ansatz färben", 90),
        ("women's haircut", 45),
        ("Herrenhaarschnitt mit Bart", 60),
        ("svc_konturen", 15),
    ] {
        let heard = world.anonymous().checks(said, "2026-12-07", "12:00").await;
        assert_eq!((said, heard.status()), (said, "available"), "{}", heard.json);
        let (start, end): (jiff::Timestamp, jiff::Timestamp) =
            (heard.text("slot/start").parse().unwrap(), heard.text("slot/end").parse().unwrap());
        assert_eq!(end.duration_since(start).as_mins(), minutes, "{said}");
        world.advance(SignedDuration::from_mins(5));
    }
}

#[tokio::test]
async fn an_unclear_service_is_asked_about_and_an_unknown_one_is_never_replaced() {
    let world = World::fresh().await;
    let caller = world.anonymous();
    let unclear = caller.checks("Haarschnitt", "2026-12-07", "12:00").await;
    unclear.expect("ambiguous", "ambiguous_service");
    let candidates = texts(&unclear, "candidates", "service");
    assert!(candidates.contains(&"Herrenhaarschnitt") && candidates.contains(&"Damenhaarschnitt"), "{candidates:?}");
    assert!((2..=5).contains(&candidates.len()), "{candidates:?}");
    for said in ["Massage", "Reifenwechsel", "irgendwas", "X"] {
        let unknown = caller.books(said, "2026-12-07", "12:00", "Max Stadler").await;
        unknown.expect("need_more", "unknown_service");
        let examples = texts(&unknown, "candidates", "service");
        assert!((1..=5).contains(&examples.len()), "{said}: {}", unknown.json);
    }
    // Nobody at this branch does it: Nele works elsewhere, and her branch has no colours.
    assert_eq!(active(&world), 5);
}

const ONE_SERVICE: &str = r#"
[[service]]
name = "Beratung"
minutes = 30

[[staff]]
name = "Paula Kern"
services = ["Beratung"]
"#;

#[tokio::test]
async fn a_house_with_one_service_needs_no_word_about_it() {
    let text = house("", "hours = { mon-fri = \"09:00-18:00\" }", ONE_SERVICE);
    let world = world(&text, TUESDAY_MORNING).await;
    let caller = world.anonymous();
    checks_with(&caller, json!({"date": "2026-12-07", "time": "12:00"})).await.expect("available", "ok");
    let args = json!({"date": "2026-12-07", "time": "12:00", "customer_name": "Max Stadler"});
    let booked = caller.asks("book_appointment", args).await;
    assert_eq!(booked.expect("booked", "ok").text("appointment/service"), "Beratung");
    let nothing = checks_with(&caller, json!({})).await;
    assert_eq!(nothing.expect("need_more", "missing_fields").at("missing"), &json!(["date", "time"]));
}

// ---- People ------------------------------------------------------------------------------------------------------

const THREE_PEOPLE: &str = r#"
[[service]]
name = "Schnitt"
minutes = 30

[[service]]
name = "Farbe"
minutes = 60

[[staff]]
name = "Anna Berg"
services = ["Schnitt"]

[[staff]]
name = "Anna Lund"
services = ["Schnitt", "Farbe"]

[[staff]]
name = "Jonas Wirth"
services = ["Schnitt"]
[[staff.absences]]
from = 2026-12-07
until = 2026-12-11
"#;

fn three_people() -> String {
    house("", "hours = { mon-fri = \"09:00-18:00\" }", THREE_PEOPLE)
}

async fn wishes(caller: &Caller<'_>, staff: &str, date: &str) -> Heard {
    checks_with(caller, json!({"service_name": "Schnitt", "date": date, "time": "12:00", "staff_name": staff})).await
}

#[tokio::test]
async fn a_wished_person_is_checked_and_booked_and_nobody_else() {
    let world = world(&three_people(), TUESDAY_MORNING).await;
    let caller = world.anonymous();
    for wish in ["Jonas", "beim Jonas", "zu Herrn Wirth", "Jonas Wirth", "Jonnas"] {
        assert_eq!(
            wishes(&caller, wish, "2026-12-04").await.expect("available", "ok").text("slot/staff"),
            "Jonas Wirth",
            "{wish}"
        );
    }
    let args = json!({"service_name": "Schnitt", "date": "2026-12-04", "time": "12:00", "staff_name": "Jonas", "customer_name": "Max Stadler"});
    assert_eq!(
        caller.asks("book_appointment", args).await.expect("booked", "ok").text("appointment/staff"),
        "Jonas Wirth"
    );
    // Taken: others are free then, but they are not what was wished.
    let other = world.anonymous();
    let taken = wishes(&other, "Jonas", "2026-12-04").await;
    taken.expect("unavailable", "staff_taken");
    assert_eq!(taken.text("wished_staff"), "Jonas Wirth");
    let token = taken.text("alternatives/0/token");
    let args = json!({"token": token, "customer_name": "Otto Brandt"});
    let booked = other.asks("book_appointment", args).await;
    assert_eq!(booked.expect("booked", "ok").text("appointment/staff"), "Jonas Wirth");
    world.assert_at_rest().await;
}

#[tokio::test]
async fn an_unclear_unknown_absent_or_unable_person_is_said_and_never_replaced_silently() {
    let world = world(&three_people(), TUESDAY_MORNING).await;
    let caller = world.anonymous();
    let unclear = wishes(&caller, "Anna", "2026-12-04").await;
    unclear.expect("ambiguous", "ambiguous_staff");
    assert_eq!(texts(&unclear, "candidates", "staff"), ["Anna Berg", "Anna Lund"]);
    let unknown = wishes(&caller, "Mario", "2026-12-04").await;
    unknown.expect("need_more", "unknown_staff");
    let away = wishes(&caller, "Jonas", "2026-12-07").await;
    away.expect("unavailable", "staff_away");
    assert!(away.spoken().contains("Jonas"), "{}", away.spoken());
    for start in away.alternatives() {
        assert!(start < "2026-12-07" || start >= "2026-12-12", "he is away: {start}");
    }
    let cannot = checks_with(
        &caller,
        json!({"service_name": "Farbe", "date": "2026-12-04", "time": "12:00", "staff_name": "Jonas"}),
    )
    .await;
    cannot.expect("unavailable", "staff_cannot");
    assert_eq!(cannot.text("wished_staff"), "Jonas Wirth");
    assert!(cannot.text("alternatives/0/staff").contains("Anna Lund"), "{}", cannot.json);
    for staff in ["Anna", "Mario", "Jonas"] {
        let args = json!({"service_name": "Farbe", "date": "2026-12-04", "time": "12:00", "staff_name": staff, "customer_name": "Max Stadler"});
        assert!(!caller.asks("book_appointment", args).await.booked() || staff == "Anna", "{staff}");
    }
    for anybody in ["egal", "irgendwer", "anybody"] {
        assert_eq!(wishes(&caller, anybody, "2026-12-04").await.status(), "available", "{anybody}");
    }
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
        ("2026-12-07", "18:45", "closed"),
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

// ---- Languages ---------------------------------------------------------------------------------------------------

#[tokio::test]
async fn an_english_line_is_answered_in_english_and_a_german_one_may_ask_for_it() {
    let text = salon_with(&[("number = \"+49 30 23125101\"", "number = \"+49 30 23125101\"\nlanguage = \"en\"")]);
    let english = world(&text, TUESDAY_MORNING).await;
    let caller = english.caller(IDA);
    let booked = caller.books("men's haircut", "tomorrow", "2 pm", "Ida Falk").await;
    booked.expect("booked", "ok");
    assert_eq!(booked.text("appointment/start"), "2026-12-02T14:00:00+01:00");
    assert!(booked.spoken().contains("appointment") && !booked.spoken().contains("Termin"), "{}", booked.spoken());
    let nothing = checks_with(&caller, json!({})).await;
    assert!(nothing.spoken().contains("you"), "{}", nothing.spoken());

    let german = World::fresh().await;
    let caller = german.caller(IDA);
    let asked = caller.asks("opening_hours", json!({"language": "en"})).await;
    assert!(asked.spoken().contains("Monday"), "{}", asked.spoken());
    // The call stays in that language.
    let later = caller.asks("opening_hours", json!({})).await;
    assert_eq!(later.spoken(), asked.spoken());
    let another = german.caller(IDA).asks("opening_hours", json!({})).await;
    assert!(another.spoken().contains("Montag"), "{}", another.spoken());
}

#[tokio::test]
async fn sentences_are_short_and_speak_no_machine_words() {
    let world = World::fresh().await;
    let caller = world.anonymous();
    let mut all = Vec::new();
    for (function, args) in [
        ("start_call", json!({})),
        ("list_services", json!({})),
        ("opening_hours", json!({})),
        ("list_appointments", json!({})),
        ("check_availability", json!({"service_name": "Herrenhaarschnitt", "date": "2026-12-02", "time": "09:00"})),
        ("check_availability", json!({"service_name": "Herrenhaarschnitt", "date": "2026-12-06"})),
        ("find_alternatives", json!({"service_name": "Strähnen", "count": 10})),
        (
            "book_appointment",
            json!({"service_name": "Herrenhaarschnitt", "date": "2026-12-07", "time": "15:30", "customer_name": "Max Stadler"}),
        ),
        ("request_callback", json!({"reason": "Frage"})),
        ("hold_appointment", json!({"service_name": "Herrenhaarschnitt", "date": "2026-12-07", "time": "16:30"})),
    ] {
        let heard = caller.asks(function, args).await;
        let alternatives = heard.at("alternatives").as_array().cloned().unwrap_or_default();
        all.push((function, heard.spoken().to_owned()));
        all.extend(alternatives.iter().map(|offer| (function, offer["spoken"].as_str().unwrap().to_owned())));
    }
    for (function, spoken) in all {
        for word in
            ["2026", "null", "Token", "token", "slot_", "apt_", "error", "Error", "{", "}", "<", "UTC", "eins Uhr"]
        {
            assert!(!spoken.contains(word), "{function}: {spoken}");
        }
        let digits_with_colon =
            spoken.as_bytes().windows(3).any(|w| w[0].is_ascii_digit() && w[1] == b':' && w[2].is_ascii_digit());
        assert!(!digits_with_colon, "{function}: {spoken}");
        if function != "book_appointment" {
            assert!(!spoken.contains("gebucht") && !spoken.contains("eingetragen."), "{function}: {spoken}");
        }
        assert!(spoken.matches(['.', '?', '!']).count() <= 4, "{function}: {spoken}");
    }
}

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

// ---- Names and other text ----------------------------------------------------------------------------------------

#[tokio::test]
async fn a_time_a_greeting_or_a_wish_for_a_person_is_nobodys_name() {
    let world = World::fresh().await;
    let caller = world.anonymous();
    for no_name in
        ["Acht Uhr", "14:30", "morgen", "Hallo", "ja bitte", "12345", "unbekannt", "bei Fabian", "Fabian Krüger"]
    {
        let heard = caller.books("Herrenhaarschnitt", "2026-12-07", "12:00", no_name).await;
        assert_eq!(heard.status(), "need_more", "{no_name}: {}", heard.json);
        assert_eq!(heard.at("missing"), &json!(["customer_name"]), "{no_name}: {}", heard.json);
    }
    assert_eq!(active(&world), 5);
    assert_eq!(world.rows("SELECT COUNT(*) FROM customer"), ["5"]);
}

#[tokio::test]
async fn a_customer_called_like_somebody_who_works_here_is_believed_on_the_right_number() {
    let fabian = customer_with("cus_fabian", "Fabian Krüger", IDA, &[]);
    let world = world(&salon_and(&fabian), TUESDAY_MORNING).await;
    world.caller(IDA).books("Damenhaarschnitt", "2026-12-07", "12:00", "Fabian Krüger").await.expect("booked", "ok");
    assert_eq!(world.rows("SELECT COUNT(*) FROM appointment WHERE customer_id = 'cus_fabian'"), ["1"]);
}

#[tokio::test]
async fn markup_and_braces_are_stored_nowhere() {
    let world = World::fresh().await;
    let caller = world.anonymous();
    let args = json!({
        "service_name": "Herrenhaarschnitt", "date": "2026-12-07", "time": "12:00",
        "customer_name": "Max <b>Stadler</b><script>alert(1)</script>{{secret}}",
        "notes": "<img src=x onerror=alert(1)>bitte {{system}} kurz & schmerzlos",
    });
    let booked = caller.asks("book_appointment", args).await;
    booked.expect("booked", "ok");
    let reason = json!({"date": "2026-12-07", "time": "12:00", "reason": "<svg/onload=alert(1)> {% raw %} keine Zeit"});
    caller.asks("cancel_appointment", reason).await.expect("cancelled", "ok");
    let window =
        json!({"reason": "<a href=javascript:x>Frage</a>", "window": "{{x}} <i>abends</i>", "phone": "0171 3920099"});
    caller.asks("request_callback", window).await.expect("ok", "ok");
    let mut all = world.rows("SELECT name FROM customer WHERE customer_id NOT LIKE 'cus_01JD%'");
    all.extend(world.rows("SELECT notes, cancel_reason FROM appointment WHERE call_id IS NOT NULL"));
    all.extend(world.rows("SELECT name, reason, wished FROM callback"));
    for text in &all {
        assert!(!text.contains(['<', '>', '{', '}']), "{all:?}");
    }
    assert!(all[0].starts_with("Max Stadler"), "{all:?}");
    assert!(all[1].contains("kurz & schmerzlos") && all[1].contains("keine Zeit"), "{all:?}");
    assert!(all[2].contains("abends"), "{all:?}");
}

#[tokio::test]
async fn only_what_the_caller_wrote_in_a_note_is_kept_and_no_more_than_fits() {
    let world = World::fresh().await;
    let args = json!({"service_name": "Herrenhaarschnitt", "date": "2026-12-07", "time": "12:00", "customer_name": "Max Stadler",
                      "notes": "ä".repeat(5000)});
    world.anonymous().asks("book_appointment", args).await.expect("booked", "ok");
    let kept = world.rows("SELECT LENGTH(notes) FROM appointment WHERE call_id IS NOT NULL");
    assert_eq!(kept, ["500"]);
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
