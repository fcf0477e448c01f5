//! What callers and their agents say: functions, services, people, languages, names and other text.

use frontdesk_testkit::{Caller, Heard, World};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::houses::{TUESDAY_MORNING, active, customer_with, house, salon_and, salon_with, taken_by, world};

const HANNELORE: &str = "+491713920017";
const IDA: &str = "+4915155500077";

/// One text of every entry of a list.
pub fn texts<'a>(heard: &'a Heard, list: &str, key: &str) -> Vec<&'a str> {
    heard
        .at(list)
        .as_array()
        .unwrap_or_else(|| panic!("{list} in {}", heard.json))
        .iter()
        .map(|entry| entry[key].as_str().unwrap())
        .collect()
}

/// Checks with whatever arguments.
pub async fn checks_with(caller: &Caller<'_>, args: Value) -> Heard {
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
        assert!(!("2026-12-07".."2026-12-12").contains(&start), "he is away: {start}");
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
