//! Who may hear of, move and cancel what. Nothing found, not yours and another tenant's are one and the same answer.

use frontdesk_testkit::{Caller, Heard, World};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::houses::{TUESDAY_MORNING, customer_with, salon_and, salon_with, stored, world};

const HANNELORE: &str = "+491713920017";
const KARIN: &str = "+491713920021";
const MIRIAM: &str = "+491713920022";
const STRANGER: &str = "+4915155501234";

/// Ids of a list answer.
fn listed(heard: &Heard) -> Vec<&str> {
    let list = heard.at("appointments").as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter().map(|entry| entry["id"].as_str().unwrap()).collect()
}

async fn lists(caller: &Caller<'_>) -> Heard {
    caller.asks("list_appointments", json!({})).await
}

/// A number that two people share: Hannelore with her appointment on Thursday, Otto with his on Friday.
async fn family() -> World {
    let otto = customer_with(
        "cus_otto",
        "Otto Brückner",
        HANNELORE,
        &[("apt_otto", "Herrenhaarschnitt", "Fabian Krüger", "2026-12-04T11:00:00")],
    );
    world(&salon_and(&otto), TUESDAY_MORNING).await
}

#[tokio::test]
async fn a_known_number_hears_moves_and_cancels_its_own_appointment() {
    let world = World::fresh().await;
    let caller = world.caller(HANNELORE);
    let found = lists(&caller).await;
    found.expect("found", "ok");
    assert_eq!(listed(&found), ["apt_01JDVX7"]);
    assert_eq!(found.text("appointments/0/staff"), "Emma Winkler");
    let moved = caller.asks("reschedule_appointment", json!({"new_date": "2026-12-04", "new_time": "11:00"})).await;
    moved.expect("rescheduled", "ok");
    assert_eq!(moved.text("appointment/id"), "apt_01JDVX7");
    let gone = caller.asks("cancel_appointment", json!({"date": "2026-12-04", "time": "11:00"})).await;
    assert_eq!(gone.expect("cancelled", "ok").text("appointment/id"), "apt_01JDVX7");
    lists(&caller).await.expect("not_found", "no_appointment");
    world.assert_at_rest().await;
}

#[tokio::test]
async fn a_known_number_in_other_spellings_is_the_same_number() {
    let world = World::fresh().await;
    for spelling in ["+49 171 3920017", "0049 171 3920017", "01713920017", "0171/3920017"] {
        assert_eq!(listed(&lists(&world.caller(spelling)).await), ["apt_01JDVX7"], "{spelling}");
    }
    // The last digits alone are somebody else's.
    for other in ["+493713920017", "+41713920017", "3920017"] {
        assert_ne!(lists(&world.caller(other)).await.status(), "found", "{other}");
    }
}

#[tokio::test]
async fn a_family_number_is_asked_for_whom_and_then_tells_only_of_that_person() {
    let world = family().await;
    let caller = world.caller(HANNELORE);
    for (function, args) in [
        ("list_appointments", json!({})),
        ("cancel_appointment", json!({})),
        ("cancel_appointment", json!({"date": "2026-12-03", "time": "10:00"})),
        ("reschedule_appointment", json!({"new_date": "2026-12-09", "new_time": "10:00"})),
    ] {
        let asked = caller.asks(function, args.clone()).await;
        asked.expect("need_more", "which_person");
        assert!(!asked.json.to_string().contains("apt_"), "{function} {args}: {}", asked.json);
    }
    let otto = caller.asks("list_appointments", json!({"customer_name": "Otto Brückner"})).await;
    assert_eq!(listed(&otto), ["apt_otto"]);
    let hers = json!({"customer_name": "Otto Brückner", "date": "2026-12-03", "time": "10:00"});
    let slip = caller.asks("cancel_appointment", hers).await;
    slip.expect("ambiguous", "ambiguous_appointment");
    assert_eq!(listed(&slip), ["apt_otto"], "a slip of one's own day is told what there is, of that person alone");
    let gone = caller.asks("cancel_appointment", json!({"customer_name": "Otto Brückner"})).await;
    assert_eq!(gone.expect("cancelled", "ok").text("appointment/id"), "apt_otto");
    assert!(stored(&world, "apt_01JDVX7").starts_with("confirmed|"), "hers is untouched");
    world.assert_at_rest().await;
}

#[tokio::test]
async fn a_family_number_is_greeted_without_anybodys_name_or_appointment() {
    let world = family().await;
    let heard = world.caller(HANNELORE).asks("start_call", json!({})).await;
    heard.expect("ok", "ok");
    assert_eq!(heard.at("caller_known"), &Value::Bool(true));
    let text = heard.json.to_string();
    assert!(!text.contains("Brückner") && !text.contains("apt_"), "{text}");
}

#[tokio::test]
async fn a_withheld_number_sees_and_changes_only_what_this_call_made() {
    let world = World::fresh().await;
    for withheld in ["anonymous", "Unknown", "sip:anonymous@anonymous.invalid", "+266696687", ""] {
        let caller = world.caller(withheld);
        lists(&caller).await.expect("refused", "verification_required");
        for args in [
            json!({"customer_name": "Hannelore Brückner", "date": "2026-12-03", "time": "10:00"}),
            json!({"appointment_id": "apt_01JDVX7"}),
        ] {
            caller.asks("cancel_appointment", args).await.expect("refused", "verification_required");
        }
    }
    let caller = world.anonymous();
    let mine = caller.books("Damenhaarschnitt", "2026-12-09", "10:00", "Hannelore Brückner").await;
    let mine = mine.expect("booked", "ok").text("appointment/id").to_owned();
    assert_eq!(listed(&lists(&caller).await), [mine.as_str()], "the name opens nothing else");
    caller
        .asks(
            "cancel_appointment",
            json!({"date": "2026-12-03", "time": "10:00", "customer_name": "Hannelore Brückner"}),
        )
        .await
        .expect("refused", "verification_required");
    let moved = caller.asks("reschedule_appointment", json!({"new_date": "2026-12-09", "new_time": "10:30"})).await;
    assert_eq!(moved.expect("rescheduled", "ok").text("appointment/id"), mine);
    assert_eq!(listed(&lists(&world.caller(HANNELORE)).await), ["apt_01JDVX7"], "it is not hers either");
    // Another withheld call under the same name does not see it.
    let other = world.anonymous();
    let args = json!({"customer_name": "Hannelore Brückner"});
    other.asks("list_appointments", args).await.expect("refused", "verification_required");
    assert!(stored(&world, "apt_01JDVX7").starts_with("confirmed|"));
    world.assert_at_rest().await;
}

#[tokio::test]
async fn an_unknown_number_and_anothers_name_hear_to_the_byte_what_nothing_at_all_is_told() {
    let empty = customer_with("cus_empty", "Lisa Leer", "+491713920077", &[]);
    let world = world(&salon_and(&empty), TUESDAY_MORNING).await;
    let hannelore = json!("Hannelore Brückner");
    for (function, args) in [
        ("list_appointments", json!({})),
        ("list_appointments", json!({"date": "2026-12-03"})),
        ("cancel_appointment", json!({"date": "2026-12-03", "time": "10:00"})),
        ("reschedule_appointment", json!({"old_date": "2026-12-03", "new_date": "2026-12-07", "new_time": "10:00"})),
    ] {
        let nothing = world.caller("+491713920077").asks(function, args.clone()).await;
        nothing.expect("not_found", "no_appointment");
        let mut named = args.clone();
        named["customer_name"] = hannelore.clone();
        // A new number each time: the third miss of one number would end its look-ups.
        let stranger = world.caller("+4915155500001").asks(function, args.clone()).await;
        let stranger_who_knows_the_name = world.caller("+4915155500002").asks(function, named.clone()).await;
        let karin_for_hannelore = world.caller(KARIN).asks(function, named).await;
        for heard in [stranger, stranger_who_knows_the_name, karin_for_hannelore] {
            assert_eq!(heard.bytes, nothing.bytes, "{function} {args}");
        }
        world.advance(SignedDuration::from_mins(61));
    }
}

#[tokio::test]
async fn somebody_elses_id_another_tenants_id_and_no_id_at_all_are_told_alike() {
    let world = World::fresh().await;
    let barber = world.caller("+491713920051").at_the_barber();
    let theirs = barber.books("Herrenhaarschnitt", "2026-12-03", "10:00", "Jörn Petersen").await;
    let theirs = theirs.expect("booked", "ok").text("appointment/id").to_owned();
    for from in [KARIN, STRANGER, "anonymous"] {
        for (function, more) in [
            ("cancel_appointment", json!({})),
            ("reschedule_appointment", json!({"new_date": "2026-12-09", "new_time": "10:00"})),
        ] {
            let mut answers = Vec::new();
            for id in
                ["apt_01JDVX7", &theirs, "apt_00000000000000000000", "'; DROP TABLE appointment; --", "cus_01JD0A1"]
            {
                let mut args = more.clone();
                args["appointment_id"] = id.into();
                answers.push(world.caller(from).asks(function, args).await.bytes);
                world.advance(SignedDuration::from_mins(61));
            }
            assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{from} {function}");
        }
    }
    assert_eq!(stored(&world, "apt_01JDVX7").split('|').next(), Some("confirmed"));
    assert_eq!(stored(&world, &theirs).split('|').next(), Some("confirmed"));
    world.assert_at_rest().await;
}

#[tokio::test]
async fn the_right_number_rings_the_wrong_company_and_is_nobody_there() {
    let world = World::fresh().await;
    let caller = world.caller(HANNELORE).at_the_barber();
    lists(&caller).await.expect("not_found", "no_appointment");
    let context = caller.asks("start_call", json!({})).await;
    assert_eq!(context.at("caller_known"), &Value::Bool(false));
    assert!(!context.json.to_string().contains("Hannelore"), "{}", context.json);
}

#[tokio::test]
async fn three_misses_end_look_ups_for_the_call_and_for_its_number_for_an_hour() {
    let world = World::fresh().await;
    let guessing = world.caller(KARIN);
    for name in ["Hannelore Brückner", "Miriam Celik", "Tobias Reuter"] {
        let args = json!({"customer_name": name});
        guessing.asks("list_appointments", args).await.expect("not_found", "no_appointment");
    }
    // Her own, right question comes too late now.
    for (function, args) in [
        ("list_appointments", json!({"customer_name": "Karin Vogt"})),
        ("list_appointments", json!({})),
        ("cancel_appointment", json!({"date": "2026-12-02", "time": "09:30"})),
        ("reschedule_appointment", json!({"new_date": "2026-12-09", "new_time": "10:00"})),
    ] {
        guessing.asks(function, args).await.expect("refused", "verification_required");
    }
    let again = world.caller(KARIN);
    lists(&again).await.expect("refused", "verification_required");
    // Others are not concerned, here or elsewhere.
    assert_eq!(listed(&lists(&world.caller(MIRIAM)).await), ["apt_01JDVK2"]);
    let elsewhere = world.caller(KARIN).at_the_barber();
    lists(&elsewhere).await.expect("not_found", "no_appointment");
    world.advance(SignedDuration::from_mins(61));
    assert_eq!(listed(&lists(&world.caller(KARIN)).await), ["apt_01JDVK1"]);
    lists(&guessing).await.expect("refused", "verification_required");
    assert!(stored(&world, "apt_01JDVK1").starts_with("confirmed|"));
    world.assert_at_rest().await;
}

#[tokio::test]
async fn misses_are_added_up_over_the_calls_of_one_number() {
    let world = World::fresh().await;
    for _ in 0..3 {
        let args = json!({"customer_name": "Hannelore Brückner"});
        world.caller(KARIN).asks("list_appointments", args).await.expect("not_found", "no_appointment");
    }
    lists(&world.caller(KARIN)).await.expect("refused", "verification_required");
}

#[tokio::test]
async fn after_three_misses_a_call_may_still_change_what_it_made_itself() {
    let world = World::fresh().await;
    let caller = world.caller(STRANGER);
    let mine = caller.books("Damenhaarschnitt", "2026-12-09", "10:00", "Ida Falk").await;
    for name in ["Hannelore Brückner", "Miriam Celik", "Tobias Reuter", "Jens Albers"] {
        caller.asks("list_appointments", json!({"customer_name": name, "date": "2026-12-03"})).await;
    }
    let gone = caller.asks("cancel_appointment", json!({"date": "2026-12-09", "time": "10:00"})).await;
    assert_eq!(gone.expect("cancelled", "ok").text("appointment/id"), mine.text("appointment/id"));
    world.assert_at_rest().await;
}

#[tokio::test]
async fn a_misheard_name_on_the_right_number_is_good_enough_and_on_a_wrong_one_the_right_name_is_not() {
    let world = World::fresh().await;
    for name in ["Hannelore Bruckner", "Hannelore Brückne", "Frau Brückner", "hannelore brueckner"] {
        let found = world.caller(HANNELORE).asks("list_appointments", json!({"customer_name": name})).await;
        assert_eq!(listed(&found), ["apt_01JDVX7"], "{name}: {}", found.json);
    }
    let exact = json!({"customer_name": "Hannelore Brückner", "date": "2026-12-03", "time": "10:00"});
    world.caller(STRANGER).asks("list_appointments", exact).await.expect("not_found", "no_appointment");
}

#[tokio::test]
async fn a_strict_house_wants_name_and_day_before_it_tells_or_changes_anything() {
    let text = salon_with(&[("default_branch = \"mitte\"", "default_branch = \"mitte\"\nstrict_ownership = true")]);
    let world = world(&text, TUESDAY_MORNING).await;
    let caller = world.caller(HANNELORE);
    let name = "Hannelore Brückner";
    for (function, args) in [
        ("start_call", json!({})),
        ("list_appointments", json!({})),
        ("list_appointments", json!({"date": "2026-12-03"})),
        ("list_appointments", json!({"customer_name": name})),
        ("list_appointments", json!({"customer_name": name, "time": "10:00"})),
        ("cancel_appointment", json!({})),
        ("cancel_appointment", json!({"date": "2026-12-03", "time": "10:00"})),
        ("cancel_appointment", json!({"customer_name": name})),
        ("cancel_appointment", json!({"customer_name": name, "time": "10:00"})),
        ("cancel_appointment", json!({"customer_name": name, "appointment_id": "apt_01JDVX7"})),
        ("reschedule_appointment", json!({"customer_name": name, "new_date": "2026-12-09", "new_time": "10:00"})),
        ("check_availability", json!({"service_name": "Damenhaarschnitt", "date": "2026-12-03", "time": "10:00"})),
    ] {
        let heard = caller.asks(function, args.clone()).await;
        let text = heard.json.to_string();
        assert!(!text.contains("apt_01JDVX7"), "{function} {args}: {text}");
        assert!(!["found", "cancelled", "rescheduled"].contains(&heard.status()), "{function} {args}: {text}");
    }
    let number = json!({"event": "call_inbound", "call_inbound": {"from_number": HANNELORE, "to_number": "+493023125101",
        "agent_id": "agent_7c1e0a94b2d84f6395ab20c7d1"}});
    let inbound = world
        .post_signed(
            "/v1/retell/ep_5Jq0demo/inbound",
            number.to_string().into_bytes(),
            "key_frontdesk_fixture_4c1b7e90d2a8",
        )
        .await;
    assert_eq!(inbound.http, 200);
    assert_eq!(inbound.at("call_inbound/dynamic_variables/next_appointment"), &Value::Null, "{}", inbound.json);
    let both = json!({"customer_name": name, "date": "2026-12-03"});
    assert_eq!(listed(&caller.asks("list_appointments", both.clone()).await), ["apt_01JDVX7"]);
    caller.asks("cancel_appointment", both).await.expect("cancelled", "ok");
    // What this very call made needs no proof.
    let made = caller.books("Damenhaarschnitt", "2026-12-09", "10:00", name).await;
    let gone = caller.asks("cancel_appointment", json!({})).await;
    assert_eq!(gone.expect("cancelled", "ok").text("appointment/id"), made.text("appointment/id"));
    world.assert_at_rest().await;
}

#[tokio::test]
async fn tokens_of_another_call_change_nothing_there_or_here() {
    let text = crate::houses::salon_with_policy(
        "cancel_fee = { within_hours = 96, amount = \"15 EUR\" }\nmove_fee = { within_hours = 96, amount = \"10 EUR\" }",
    );
    let world = world(&text, TUESDAY_MORNING).await;
    let owner = world.caller(HANNELORE);
    let to_move = owner.asks("reschedule_appointment", json!({"new_date": "2026-12-07", "new_time": "10:00"})).await;
    let to_cancel = owner.asks("cancel_appointment", json!({})).await;
    let tokens = [
        to_move.expect("need_more", "confirm_move").text("token").to_owned(),
        to_cancel.expect("need_more", "confirm_cancel").text("token").to_owned(),
    ];
    for from in ["anonymous", STRANGER, KARIN, HANNELORE] {
        for token in &tokens {
            let thief = world.caller(from);
            for function in ["cancel_appointment", "reschedule_appointment", "confirm_booking", "book_appointment"] {
                let heard = thief.asks(function, json!({"token": token, "customer_name": "Hannelore Brückner"})).await;
                let status = heard.status();
                assert!(!["cancelled", "rescheduled", "booked"].contains(&status), "{from} {function}: {}", heard.json);
            }
            world.advance(SignedDuration::from_mins(61));
        }
    }
    assert!(stored(&world, "apt_01JDVX7").starts_with("confirmed|"));
    assert_eq!(stored(&world, "apt_01JDVX7").split('|').next_back(), Some("0"), "never moved");
    assert!(stored(&world, "apt_01JDVK1").starts_with("confirmed|"), "nor the thief's own");
    world.assert_at_rest().await;
}

/// SplitMix64: a thousand attempts that are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(sides).unwrap()).unwrap()
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.roll(from.len())]
    }
}

/// What an attacker may know from elsewhere: real names, days, times, ids, numbers, addresses.
fn attempt(dice: &mut Dice) -> (&'static str, Value) {
    const FUNCTIONS: [&str; 12] = [
        "list_appointments",
        "cancel_appointment",
        "reschedule_appointment",
        "update_customer_email",
        "start_call",
        "check_availability",
        "find_alternatives",
        "confirm_booking",
        "get_customer_appointments",
        "termin_absagen",
        "move_appointment",
        "request_callback",
    ];
    const NAMES: [&str; 9] = [
        "Hannelore Brückner",
        "Miriam Celik",
        "Tobias Reuter",
        "Jens Albers",
        "Brückner",
        "Frau Celik",
        "hannelore",
        "Karin Vogt",
        "%",
    ];
    const DATES: [&str; 7] =
        ["2026-12-03", "2026-12-02", "morgen", "Donnerstag", "übermorgen", "diese Woche", "2026-12-03T10:00"];
    const TIMES: [&str; 6] = ["10:00", "09:00", "11:00", "zehn Uhr", "vormittags", "9"];
    const IDS: [&str; 8] = [
        "apt_01JDVX7",
        "apt_01JDVK2",
        "apt_01JDVK3",
        "apt_01JDVK4",
        "cus_01JD0A1",
        "apt_%",
        "apt_01JDVX7' OR '1'='1",
        "1",
    ];
    const NUMBERS: [&str; 3] = ["+491713920017", "0171 3920022", "+491713920023"];
    let mut args = json!({});
    for key in [
        "customer_name",
        "date",
        "time",
        "appointment_id",
        "phone",
        "old_date",
        "old_time",
        "new_date",
        "new_time",
        "service_name",
        "staff_name",
        "customer_email",
        "token",
        "confirm",
        "call_id",
        "reason",
    ] {
        if dice.roll(3) > 0 {
            continue;
        }
        args[key] = match key {
            "customer_name" => json!(dice.pick(&NAMES)),
            "date" | "old_date" => json!(dice.pick(&DATES)),
            "time" | "old_time" => json!(dice.pick(&TIMES)),
            "appointment_id" => json!(dice.pick(&IDS)),
            "phone" => json!(dice.pick(&NUMBERS)),
            "new_date" => json!("2026-12-10"),
            "new_time" => json!(dice.pick(&["10:00", "12:00", "15:30"])),
            "service_name" => json!(dice.pick(&["Damenhaarschnitt", "Strähnen", "Herrenhaarschnitt", "Konturen"])),
            "staff_name" => json!(dice.pick(&["Emma", "Leyla", "Fabian"])),
            "customer_email" => json!("angreifer@example.net"),
            "token" => json!(dice.pick(&["slot_7Kd2mQ4xB1", "apt_01JDVX7", "slot_"])),
            "confirm" => json!(true),
            "call_id" => json!("call_000000000000000000000000001"),
            _ => json!("egal"),
        };
    }
    (FUNCTIONS[dice.roll(FUNCTIONS.len())], args)
}

/// Everything of the victims that is stored.
fn kept(world: &World) -> Vec<String> {
    let mut rows = world.rows(
        "SELECT * FROM customer WHERE customer_id LIKE 'cus_01JD0A%' AND customer_id <> 'cus_01JD0A2' ORDER BY 2",
    );
    rows.extend(world.rows("SELECT * FROM appointment WHERE appointment_id LIKE 'apt_01JDV%' AND appointment_id <> 'apt_01JDVK1' ORDER BY 2"));
    rows.extend(world.rows("SELECT owner, resource, from_ms, until_ms FROM occupancy WHERE owner LIKE 'apt_01JDV%' AND owner <> 'apt_01JDVK1' ORDER BY 1, 3"));
    rows
}

#[tokio::test]
async fn a_thousand_attempts_on_other_peoples_appointments_learn_and_change_nothing() {
    const SECRETS: [&str; 19] = [
        "apt_01JDVX7",
        "apt_01JDVK2",
        "apt_01JDVK3",
        "apt_01JDVK4",
        "cus_01JD0",
        "Brückner",
        "Hannelore",
        "Celik",
        "Miriam",
        "Reuter",
        "Tobias",
        "Albers",
        "Jens",
        "m.celik",
        "t.reuter",
        "3920017",
        "3920022",
        "3920023",
        "3920024",
    ];
    // When and what the victims have: no answer may speak of such an appointment.
    const VISITS: [(&str, &str); 4] = [
        ("2026-12-03T10:00:00+01:00", "Waschen, Schneiden, Föhnen"),
        ("2026-12-02T09:00:00+01:00", "Strähnen"),
        ("2026-12-02T09:00:00+01:00", "Herrenhaarschnitt mit Bart"),
        ("2026-12-02T11:00:00+01:00", "Konturen"),
    ];
    let world = World::fresh().await;
    let before = kept(&world);
    let mut dice = Dice(20_261_201);
    let mut said = std::collections::BTreeMap::<String, usize>::new();
    let froms = ["anonymous", "", "+4915155501234", "+4915155509999", KARIN, "sip:anonymous@anonymous.invalid"];
    let mut callers: Vec<Caller<'_>> = froms.iter().map(|from| world.caller(from)).collect();
    for number in 0..1000 {
        if number % 5 == 0 {
            let seat = dice.roll(callers.len());
            callers[seat] = world.caller(froms[seat]);
        }
        if number % 50 == 0 {
            // Otherwise all but the first would be stopped by the limit of misses.
            world.advance(SignedDuration::from_mins(1));
            callers.iter_mut().zip(froms).for_each(|(caller, from)| {
                let fresh = if from.starts_with("+49151") { format!("+4915155{number:06}") } else { from.to_owned() };
                *caller = world.caller(&fresh);
            });
        }
        let caller = dice.pick(&callers);
        let (function, args) = attempt(&mut dice);
        let heard = caller.asks(function, args.clone()).await;
        assert_eq!(heard.http, 200, "{function} {args}");
        assert_ne!(heard.status(), "error", "{function} {args}");
        let text = heard.json.to_string();
        for secret in SECRETS {
            assert!(!text.contains(secret), "{number}: {function} {args} told {secret}: {text}");
        }
        let told =
            [heard.at("appointment")].into_iter().chain(heard.at("appointments").as_array().into_iter().flatten());
        for appointment in told {
            for (start, service) in VISITS {
                let same = appointment["start"] == start && appointment["service"] == service;
                assert!(!same, "{number}: {function} {args}: {text}");
            }
        }
        *said.entry(format!("{} {}", heard.status(), heard.code())).or_default() += 1;
    }
    assert_eq!(kept(&world), before, "something of the victims changed");
    // The attempts were real: they got to look-ups, misses and refusals.
    for kind in ["not_found no_appointment", "refused verification_required"] {
        assert!(said.get(kind).is_some_and(|count| *count > 20), "{said:?}");
    }
    world.assert_at_rest().await;
}
