//! Ids of every kind, real ones of others and invented ones, through every function that takes one: equal answers.
//!
//! With `FRONTDESK_FULL=1` ten thousand invented ids of each kind go through each function at each of the two companies;
//! otherwise a tenth of that.

use frontdesk_testkit::{Caller, Heard, World};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::{Dice, scaled};

const SALON: (&str, &str) = ("ep_5Jq0demo", "key_frontdesk_fixture_4c1b7e90d2a8");
const BARBER: (&str, &str) = ("ep_8Hh2demo", "key_frontdesk_fixture_hafen_5b1d03");

/// Invented ids of each kind, for each function and company.
const GUESSES: usize = 10_000;

/// One guess.
struct Question<'f> {
    function: &'f str,
    at_the_barber: bool,
    withheld: bool,
    args: Value,
}

/// Whoever guesses, with a number of its own each time: the third miss of one number ends its look-ups.
fn guesser<'w>(world: &'w World, number: usize, question: &Question<'_>) -> Caller<'w> {
    let from = if question.withheld { "anonymous".to_owned() } else { format!("+4917188{number:06}") };
    let caller = world.caller(&from);
    if question.at_the_barber { caller.at_the_barber() } else { caller }
}

/// A made-up id that looks like ours.
fn invented(dice: &mut Dice, prefix: &str, length: usize) -> String {
    const LETTERS: &[u8] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let letters = (0..length).map(|_| char::from(*dice.pick(LETTERS)));
    format!("{prefix}{}", letters.collect::<String>())
}

/// Everything the two companies have that a stranger could try to name, in one world.
struct Things {
    /// Appointments of the salon and of the barber.
    appointments: [String; 2],
    /// Living offers of somebody else's call: held, and agreed cancellation or move.
    tokens: Vec<String>,
    /// Calls that made an appointment and hold a time, of the salon and of the barber.
    calls: [String; 2],
}

async fn things(world: &World) -> Things {
    let mut appointments = Vec::new();
    let mut tokens = Vec::new();
    let mut calls = Vec::new();
    for at_the_barber in [false, true] {
        let caller = world.caller("+491715550001");
        let caller = if at_the_barber { caller.at_the_barber() } else { caller };
        let booked = caller.books("Herrenhaarschnitt", "2026-12-03", "14:00", "Wanda Opfer").await;
        appointments.push(booked.expect("booked", "ok").text("appointment/id").to_owned());
        let offers = caller.checks("Herrenhaarschnitt", "2026-12-07", "14:00").await;
        let moves =
            caller.asks("reschedule_appointment", json!({"new_date": "2026-12-08", "new_time": "vormittags"})).await;
        tokens.push(moves.expect("need_more", "exact_time").text("alternatives/0/token").to_owned());
        tokens.push(offers.expect("available", "ok").text("slot/token").to_owned());
        let held = caller.checks("Herrenhaarschnitt", "2026-12-07", "16:00").await;
        tokens.push(held.expect("available", "ok").text("slot/token").to_owned());
        calls.push(caller.call_id.clone());
    }
    Things { appointments: appointments.try_into().unwrap(), tokens, calls: calls.try_into().unwrap() }
}

/// Everything that is stored of appointments and taken time.
fn kept(world: &World) -> Vec<String> {
    let mut rows = world.rows("SELECT * FROM appointment ORDER BY 2");
    rows.extend(world.rows("SELECT * FROM occupancy ORDER BY 1, 2, 3"));
    rows.extend(world.rows("SELECT * FROM appointment_change ORDER BY 1, 2, 3"));
    rows
}

/// What nobody may hear of who is not Wanda.
fn assert_tells_nothing(heard: &Heard, what: &str) {
    let text = heard.json.to_string();
    for secret in ["Wanda", "Opfer", "apt_", "2026-12-03T14", "2026-12-07T1", "5550001"] {
        assert!(!text.contains(secret), "{what}: {text}");
    }
}

/// All answers are one answer, and nothing is changed by any of the questions.
async fn all_alike(world: &World, what: &str, questions: Vec<Question<'_>>) {
    let before = kept(world);
    let mut first: [Option<(u16, Vec<u8>)>; 4] = Default::default();
    for (number, question) in questions.into_iter().enumerate() {
        let Question { function, at_the_barber, withheld, ref args } = question;
        let heard = guesser(world, number, &question).asks(function, args.clone()).await;
        assert_tells_nothing(&heard, what);
        // A withheld number and a shown one hear different sentences, and so do the two companies' callers.
        let kind = usize::from(withheld) + 2 * usize::from(at_the_barber);
        let told = (heard.http, heard.bytes.clone());
        let same = first[kind].get_or_insert_with(|| told.clone());
        assert_eq!(*same, told, "{what}: {function} {args}: {}", heard.json);
        if number % 100 == 99 {
            assert_eq!(kept(world), before, "{what}");
        }
    }
    assert!(first.iter().all(Option::is_some), "{what}: every kind of caller asked");
    assert_eq!(kept(world), before, "{what}");
}

/// Each id at both companies: the first ones, the real ids of others among them, from a shown and from a withheld
/// number, all others by turns.
fn asked_everywhere<'f>(function: &'f str, ids: &[String], args: impl Fn(&str) -> Value) -> Vec<Question<'f>> {
    const FIRST: usize = 30;
    let mut questions = Vec::new();
    for (number, id) in ids.iter().enumerate() {
        for at_the_barber in [false, true] {
            for withheld in [false, true] {
                if number < FIRST || withheld == number.is_multiple_of(2) {
                    questions.push(Question { function, at_the_barber, withheld, args: args(id) });
                }
            }
        }
    }
    questions
}

#[tokio::test]
async fn appointment_ids_of_others_and_invented_ones_are_answered_alike() {
    let world = World::fresh().await;
    let things = things(&world).await;
    let mut dice = Dice(10);
    let mut ids = things.appointments.to_vec();
    ids.extend(["apt_01JDVX7", "cus_01JD0A1", "", " ", "%", "' OR 1=1 --", "apt_"].map(str::to_owned));
    ids.extend((0..scaled(GUESSES)).map(|_| invented(&mut dice, "apt_", 26)));
    let plain = |id: &str| json!({"appointment_id": id});
    let moving = |id: &str| json!({"appointment_id": id, "new_date": "2026-12-09", "new_time": "10:00"});
    all_alike(&world, "cancel", asked_everywhere("cancel_appointment", &ids, plain)).await;
    all_alike(&world, "move", asked_everywhere("reschedule_appointment", &ids, moving)).await;
    let vague = |id: &str| json!({"appointment_id": id, "new_date": "2026-12-09"});
    all_alike(&world, "move to a day", asked_everywhere("reschedule_appointment", &ids[..20], vague)).await;
    all_alike(&world, "list", asked_everywhere("list_appointments", &ids[..20], plain)).await;
    world.assert_at_rest().await;
}

#[tokio::test]
async fn tokens_of_others_and_invented_ones_are_answered_alike() {
    let world = World::fresh().await;
    let things = things(&world).await;
    let mut dice = Dice(11);
    let mut ids = things.tokens.clone();
    ids.extend(things.appointments);
    ids.extend(["slot_", "%", "slot_%"].map(str::to_owned));
    ids.extend((0..scaled(GUESSES)).map(|_| invented(&mut dice, "slot_", 10)));
    let named = |id: &str| json!({"token": id, "customer_name": "Otto Fremd"});
    for function in ["confirm_booking", "book_appointment", "reschedule_appointment", "cancel_appointment"] {
        all_alike(&world, function, asked_everywhere(function, &ids, named)).await;
    }
    for function in ["hold_appointment", "check_availability"] {
        all_alike(&world, function, asked_everywhere(function, &ids[..30], named)).await;
    }
    world.assert_at_rest().await;
}

/// A question in a call that somebody else is having: the id is known, the company is another one.
async fn asks_as(
    world: &World,
    endpoint: (&str, &str),
    line: [&str; 2],
    call_id: &str,
    name: &str,
    args: Value,
) -> Heard {
    let body = json!({"name": name, "args": args, "call": {
        "call_id": call_id, "agent_id": line[1], "from_number": "anonymous", "to_number": line[0],
        "direction": "inbound", "call_type": "phone_call", "call_status": "ongoing",
    }});
    let body = serde_json::to_vec(&body).unwrap();
    world.post_signed(&format!("/v1/retell/{}/functions/{name}", endpoint.0), body, endpoint.1).await
}

#[tokio::test]
async fn a_call_of_another_company_is_nobodys_call_here() {
    let world = World::fresh().await;
    let things = things(&world).await;
    let mut dice = Dice(12);
    let lines =
        [["+493023125101", "agent_7c1e0a94b2d84f6395ab20c7d1"], ["+494066969201", "agent_91b4c07de3564f0fa8d22ab6c5"]];
    let before = kept(&world);
    let (all, few) = (scaled(GUESSES), scaled(GUESSES / 100));
    for (name, args, guesses) in [
        ("list_appointments", json!({}), all),
        ("list_appointments", json!({"customer_name": "Wanda Opfer", "call_id": things.calls[0]}), few),
        ("cancel_appointment", json!({}), all),
        ("reschedule_appointment", json!({"new_date": "2026-12-09", "new_time": "10:00"}), all),
        ("confirm_booking", json!({"customer_name": "Wanda Opfer"}), all),
        ("confirm_booking", json!({"customer_name": "Wanda Opfer", "call_id": things.calls[1]}), few),
        ("update_customer_email", json!({"customer_email": "fremd@example.net"}), all),
        ("start_call", json!({}), all),
    ] {
        // The salon's call at the barber's door, and the other way round; then invented calls at both.
        for (at, (endpoint, line)) in [SALON, BARBER].into_iter().zip(lines).enumerate() {
            let stolen = asks_as(&world, endpoint, line, &things.calls[1 - at], name, args.clone()).await;
            assert_tells_nothing(&stolen, name);
            for _ in 0..guesses {
                let call_id = invented(&mut dice, "call_", 27);
                let nobody = asks_as(&world, endpoint, line, &call_id, name, args.clone()).await;
                assert_eq!(nobody, stolen, "{name} {args}");
            }
            // Three misses in one call end its look-ups, in that company.
            world.advance(SignedDuration::from_secs(1));
            world.break_database("UPDATE call SET misses = 0");
        }
    }
    for (at, (endpoint, line)) in [SALON, BARBER].into_iter().zip(lines).enumerate() {
        let ended = json!({"event": "call_ended", "call": {
            "call_id": things.calls[1 - at], "agent_id": line[1], "from_number": "anonymous", "to_number": line[0],
            "direction": "inbound", "call_status": "ended", "end_timestamp": 1_796_112_814_684_i64,
        }});
        let path = format!("/v1/retell/{}/events", endpoint.0);
        let heard = world.post_signed(&path, ended.to_string().into_bytes(), endpoint.1).await;
        assert_eq!(heard.http, 204);
    }
    assert_eq!(kept(&world), before, "the other company's holds outlive the end of a call it never had");
    world.assert_at_rest().await;
}

#[tokio::test]
async fn a_call_id_in_the_arguments_opens_nothing() {
    let world = World::fresh().await;
    let things = things(&world).await;
    let before = kept(&world);
    for function in ["list_appointments", "cancel_appointment", "confirm_booking", "start_call"] {
        for from in ["anonymous", "+491715550099"] {
            let stolen = json!({"call_id": things.calls[0], "customer_name": "Wanda Opfer"});
            let plain = json!({"call_id": "call_nobody", "customer_name": "Wanda Opfer"});
            let stolen = world.caller(from).asks(function, stolen).await;
            let plain = world.caller(from).asks(function, plain).await;
            assert_eq!(stolen.bytes, plain.bytes, "{function} {from}");
            assert_tells_nothing(&stolen, function);
            world.advance(SignedDuration::from_mins(61));
        }
    }
    assert_eq!(kept(&world), before);
}

#[tokio::test]
async fn endpoint_tokens_of_others_and_invented_ones_are_all_the_same_401() {
    let world = World::fresh().await;
    let caller = world.caller("+491715550001");
    let body = caller.body("list_appointments", &json!({}));
    let mut dice = Dice(13);
    let mut tokens: Vec<String> = (0..scaled(GUESSES)).map(|_| invented(&mut dice, "ep_", 8)).collect();
    tokens.extend(["ep_", "%", "ep_5Jq0demo%20", "ep_5jq0demo", "salon-morgenrot", "ten_1"].map(str::to_owned));
    let before = world.row_counts();
    let mut answers = Vec::new();
    for (token, key) in
        tokens.iter().map(|token| (token.as_str(), SALON.1)).chain([(BARBER.0, SALON.1), (SALON.0, BARBER.1)])
    {
        for route in ["functions", "functions/list_appointments", "events", "inbound"] {
            let heard = world.post_signed(&format!("/v1/retell/{token}/{route}"), body.clone(), key).await;
            assert_eq!((heard.http, heard.bytes.len()), (401, 0), "{token} {route}");
            answers.push(heard);
        }
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(world.row_counts(), before, "nobody gets as far as the tables");
}
