//! Hostile requests: who is not the platform touches nothing; who is may send anything and hears a sentence.

use frontdesk_connect::voice::retell::sign;
use frontdesk_domain::calling::Function;
use frontdesk_testkit::{Heard, World};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::houses::active;

const KEY: &str = "key_frontdesk_fixture_4c1b7e90d2a8";
const BARBERS_KEY: &str = "key_frontdesk_fixture_hafen_5b1d03";
const PATHS: [&str; 5] = ["functions/book_appointment", "functions", "events", "inbound", ""];

fn path(endpoint: &str, rest: &str) -> String {
    format!("/v1/retell/{endpoint}/{rest}").trim_end_matches('/').to_owned()
}

/// A body that would book, were it let in.
fn booking(world: &World) -> Vec<u8> {
    let args = json!({"service_name": "Herrenhaarschnitt", "date": "2026-12-07", "time": "10:00", "customer_name": "Max Stadler"});
    world.caller("anonymous").body("book_appointment", &args)
}

#[tokio::test]
async fn whoever_is_not_the_platform_gets_401_without_a_word_and_touches_nothing() {
    let world = World::fresh().await;
    let body = booking(&world);
    let now = world.store().ctx().now();
    let late = now.checked_sub(SignedDuration::from_millis(300_001)).unwrap();
    let early = now.checked_add(SignedDuration::from_millis(300_001)).unwrap();
    let good = sign(&body, &KEY.to_owned().into(), now);
    let mut flipped = good.clone();
    let last = flipped.pop().unwrap();
    flipped.push(if last == '0' { '1' } else { '0' });
    let signatures: Vec<(&str, Option<String>)> = vec![
        ("none", None),
        ("empty", Some(String::new())),
        ("another tenant's key", Some(sign(&body, &BARBERS_KEY.to_owned().into(), now))),
        ("no key", Some(sign(&body, &String::new().into(), now))),
        ("too old", Some(sign(&body, &KEY.to_owned().into(), late))),
        ("of the future", Some(sign(&body, &KEY.to_owned().into(), early))),
        ("another body's", Some(sign(b"{}", &KEY.to_owned().into(), now))),
        ("one digit off", Some(flipped)),
        ("upper case", Some(good.to_uppercase())),
        ("bare digest", Some(good.split("d=").nth(1).unwrap().to_owned())),
        ("old form", Some(good.replace("v=", "t=").replace("d=", "v1="))),
        ("twice", Some(format!("{good},{good}"))),
        ("text", Some("v=NaN,d=zz".to_owned())),
    ];
    let before = world.row_counts();
    for rest in PATHS {
        for (what, signature) in &signatures {
            let mut headers = vec![("content-type", "application/json")];
            headers.extend(signature.as_deref().map(|signature| ("x-retell-signature", signature)));
            let heard = world.post(&path("ep_5Jq0demo", rest), body.clone(), &headers).await;
            world.settle().await;
            assert_eq!((heard.http, heard.bytes.as_slice()), (401, &b""[..]), "{rest}: {what}");
        }
        // Nobody's endpoint, and a right signature at another tenant's: the same silence.
        for endpoint in ["ep_nobody00", "ep_8Hh2demo", "EP_5JQ0DEMO", "ep_5Jq0dem", "'%20OR%20''='", "..", "%00"] {
            let heard = world.post_signed(&path(endpoint, rest), body.clone(), KEY).await;
            world.settle().await;
            assert_eq!((heard.http, heard.bytes.as_slice()), (401, &b""[..]), "{rest}: {endpoint}");
        }
    }
    assert_eq!(world.row_counts(), before, "something was written");
    let heard = world.post_signed(&path("ep_5Jq0demo", PATHS[0]), body, KEY).await;
    heard.expect("booked", "ok");
}

#[tokio::test]
async fn what_is_no_call_at_all_is_refused_with_a_status_and_touches_nothing() {
    let world = World::fresh().await;
    let before = world.row_counts();
    let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    let bodies: Vec<(&str, Vec<u8>)> = vec![
        ("nothing", Vec::new()),
        ("text", b"hello".to_vec()),
        ("array", b"[]".to_vec()),
        ("number", b"12".to_vec()),
        ("null", b"null".to_vec()),
        ("no text", vec![0xff, 0xfe, 0x00]),
        ("cut off", br#"{"name":"book_appointment","args":{"service_name":"Her"#.to_vec()),
        ("twice", br#"{"name":"opening_hours"}{"name":"opening_hours"}"#.to_vec()),
        ("too deep", format!("{{\"name\":\"opening_hours\",\"args\":{{\"date\":{}}}}}", deep(100_000)).into_bytes()),
    ];
    for (what, body) in bodies {
        for rest in ["functions", "functions/opening_hours", ""] {
            let heard = world.post_signed(&path("ep_5Jq0demo", rest), body.clone(), KEY).await;
            assert_eq!(heard.http, 400, "{what} at {rest}: {}", heard.json);
            assert!(heard.json["message"].as_str().is_some_and(|text| !text.contains("line ")), "{}", heard.json);
        }
    }
    let signed = |body: &[u8]| sign(body, &KEY.to_owned().into(), world.store().ctx().now());
    let body = booking(&world);
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/xml"] {
        let headers = [("content-type", kind), ("x-retell-signature", &signed(&body))];
        assert_eq!(world.post(&path("ep_5Jq0demo", PATHS[0]), body.clone(), &headers).await.http, 415, "{kind}");
    }
    let huge = format!("{{\"name\":\"opening_hours\",\"args\":{{}},\"x\":\"{}\"}}", "a".repeat(4 * 1024 * 1024));
    assert_eq!(world.post_signed(&path("ep_5Jq0demo", "functions"), huge.into_bytes(), KEY).await.http, 413);
    assert_eq!(world.get("/v1/retell/ep_5Jq0demo/functions").await.http, 405);
    assert_eq!(world.get("/v1/retell").await.http, 404);
    assert_eq!(world.row_counts(), before, "something was written");
    // Just below the limit it is read, and the call is made by it.
    let mut large = world.anonymous().call_object();
    large["transcript"] = "a".repeat(3 * 1024 * 1024).into();
    let body = json!({"name": "opening_hours", "args": {}, "call": large}).to_string().into_bytes();
    world.post_signed(&path("ep_5Jq0demo", "functions"), body, KEY).await.expect("found", "ok");
}

#[tokio::test]
async fn unknown_functions_and_wrong_addresses_are_loud_errors_with_a_sentence() {
    let world = World::fresh().await;
    let caller = world.anonymous();
    for name in
        ["book_appointments", "delete_everything", "check_availability_cal", "_v2", "1", "😀", "book appointment"]
    {
        let body = caller.body(name, &json!({}));
        let heard = world.post_signed(&path("ep_5Jq0demo", "functions"), body, KEY).await;
        heard.expect("error", "unknown_function");
        assert!(!heard.spoken().is_empty() && !heard.spoken().contains(name), "{}", heard.spoken());
    }
    let body = caller.body("cancel_appointment", &json!({}));
    caller.sends("book_appointment", body).await.expect("error", "function_mismatch");
    let body = caller.body("termin_absagen_v3", &json!({}));
    caller.sends("cancel_appointment", body).await.expect("refused", "verification_required");
    assert_eq!(active(&world), 5);
}

/// Some forty things nobody means.
fn hostile_values() -> Vec<Value> {
    let nested = |levels: usize| (0..levels).fold(json!("innen"), |inside, _| json!({ "value": inside }));
    let nested_list = |levels: usize| (0..levels).fold(json!("innen"), |inside, _| json!([inside]));
    vec![
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(-1),
        json!(1e308),
        json!(9_007_199_254_740_993_i64),
        json!(u64::MAX),
        json!(14.3),
        json!([]),
        json!({}),
        json!([[]]),
        json!([1, null, {"a": 1}]),
        json!([
            "Herrenhaarschnitt",
            "Herrenhaarschnitt",
            "Herrenhaarschnitt",
            "Herrenhaarschnitt",
            "Konturen",
            "Konturen",
            "Konturen"
        ]),
        json!({"value": {"value": 3}}),
        nested(64),
        nested_list(64),
        json!("' OR 1=1; DROP TABLE customer; --"),
        json!("\" ); DELETE FROM appointment WHERE (\"1\"=\"1"),
        json!("%' UNION SELECT * FROM customer --"),
        json!("<script>alert(1)</script>"),
        json!("<img src=x onerror=alert(1)>"),
        json!("{{customer_name}}"),
        json!("{% for x in y %}"),
        json!("${jndi:ldap://example.org/a}"),
        json!("../../etc/passwd"),
        json!("a".repeat(1024 * 1024)),
        json!("ä😀".repeat(10_000)),
        json!("\u{202e}nerhüS \u{202d}"),
        json!("\u{0}\u{1}\u{7f}"),
        json!("Zeile\r\nZeile: Kopf"),
        json!("\u{feff}\u{200b}\u{2028}"),
        json!("9999-12-31"),
        json!("-0001-01-01"),
        json!("0000-00-00"),
        json!("99999-01-01T99:99:99Z"),
        json!("31.02.2026"),
        json!("2027-03-28T02:30"),
        json!("25:61"),
        json!("in 9999999999999 Tagen"),
        json!("in 100000 Jahren"),
        json!("😀👩‍👩‍👧"),
        json!("%s%n%x"),
        json!("NaN"),
        json!("undefined"),
        json!("٣:٣٠"),
        json!("1️⃣0️⃣ Uhr"),
        json!("vorgestern"),
        json!("-9223372036854775808"),
    ]
}

const ARGUMENTS: [&str; 22] = [
    "service_name",
    "services",
    "date",
    "time",
    "staff_name",
    "customer_name",
    "customer_email",
    "phone",
    "reason",
    "notes",
    "token",
    "confirm",
    "count",
    "old_date",
    "old_time",
    "new_date",
    "new_time",
    "appointment_id",
    "category",
    "window",
    "language",
    "call_id",
];

/// Whatever came in: 200, one JSON object with a status of the list and a sentence without any of our insides.
fn assert_spoken(heard: &Heard, what: &str) {
    const STATUS: [&str; 15] = [
        "booked",
        "available",
        "unavailable",
        "need_more",
        "ambiguous",
        "held",
        "noted",
        "rescheduled",
        "cancelled",
        "found",
        "not_found",
        "refused",
        "ok",
        "error",
        "confirm",
    ];
    assert_eq!(heard.http, 200, "{what}");
    assert!(heard.json.is_object(), "{what}");
    assert!(STATUS.contains(&heard.status()), "{what}: {}", heard.json);
    assert_ne!(heard.code(), "internal", "{what}: {}", heard.json);
    assert!(!heard.spoken().trim().is_empty() && heard.spoken().chars().count() < 600, "{what}: {}", heard.json);
    for inside in ["panic", "SQL", "sqlite", "Error", "{{", "}}", "<script", "unwrap", "RUST"] {
        assert!(!heard.spoken().contains(inside), "{what}: {}", heard.spoken());
    }
    assert!(heard.bytes.len() <= 15_000, "{what}: the platform would cut it");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_function_bears_every_absurd_value_in_every_argument() {
    let world = World::fresh().await;
    let values = hostile_values();
    assert!(values.len() >= 40);
    for function in Function::ALL {
        for (at, value) in values.iter().enumerate() {
            let from = if at % 2 == 0 { "anonymous" } else { "+491713920021" };
            let caller = world.caller(from);
            // All at once (a megabyte only in one, or the body is too long), then in one argument of a call that
            // would otherwise be fine.
            let several = if value.as_str().is_some_and(|text| text.len() > 500_000) { 1 } else { ARGUMENTS.len() };
            let all: Value = ARGUMENTS
                .iter()
                .take(several)
                .map(|key| ((*key).to_owned(), value.clone()))
                .collect::<serde_json::Map<_, _>>()
                .into();
            let mut fine = json!({"service_name": "Herrenhaarschnitt", "date": "2026-12-14", "time": "10:00", "customer_name": "Max Stadler",
                "new_date": "2026-12-15", "new_time": "10:00", "confirm": false});
            fine[ARGUMENTS[at % ARGUMENTS.len()]] = value.clone();
            for args in [all, fine] {
                let label: String = args.to_string().chars().take(120).collect();
                let heard = caller.asks(function.name(), args).await;
                assert_spoken(&heard, &format!("{} {label}", function.name()));
            }
        }
    }
    assert_eq!(
        world.app.metrics.text().lines().find(|line| line.starts_with("frontdesk_panics_total")),
        Some("frontdesk_panics_total 0")
    );
    assert!(world.rows("SELECT name FROM customer").iter().all(|name| !name.contains(['<', '>', '{', '}', '\u{0}'])));
    assert_eq!(world.rows("SELECT COUNT(*) FROM appointment WHERE appointment_id LIKE 'apt_01JDV%'"), ["5"]);
    world.assert_at_rest().await;
}

#[tokio::test]
async fn an_absurd_argument_never_books_another_time_nor_stands_in_the_way_where_it_does_not_matter() {
    // What a booking is made of; everything else may be nonsense and it is booked all the same.
    const MATTERS: [&str; 8] =
        ["service_name", "services", "date", "time", "staff_name", "customer_name", "token", "confirm"];
    let world = World::fresh().await;
    let wished = "2026-12-14T10:00:00+01:00";
    for key in ARGUMENTS {
        for value in hostile_values() {
            let label: String = format!("{key} = {}", value.to_string().chars().take(60).collect::<String>());
            let mut args = json!({"service_name": "Konturen", "date": "2026-12-14", "time": "10:00",
                                  "customer_name": "Max Stadler"});
            args[key] = value;
            let caller = world.anonymous();
            let heard = caller.asks("book_appointment", args).await;
            assert_spoken(&heard, &label);
            assert!(heard.booked() || MATTERS.contains(&key), "{label}: {}", heard.json);
            if !heard.booked() {
                // "Only check" holds the time; the next one wants it.
                caller.hangs_up().await;
                continue;
            }
            assert_ne!(key, "date", "{label}: {}", heard.json);
            let start = heard.text("appointment/start");
            assert!(start == wished || key == "time" && start.starts_with("2026-12-14"), "{label}: {}", heard.json);
            caller.asks("cancel_appointment", json!({})).await.expect("cancelled", "ok");
        }
    }
    assert_eq!(active(&world), 5);
    world.assert_at_rest().await;
}

#[tokio::test]
async fn call_objects_may_be_absurd_too() {
    let world = World::fresh().await;
    for key in [
        "call_id",
        "from_number",
        "to_number",
        "agent_id",
        "direction",
        "call_type",
        "metadata",
        "transcript_with_tool_calls",
        "call_analysis",
        "start_timestamp",
    ] {
        for value in hostile_values() {
            let label: String = value.to_string().chars().take(60).collect();
            let mut call = world.anonymous().call_object();
            call[key] = value;
            let function =
                json!({"name": "list_appointments", "args": {"customer_name": "Hannelore Brückner"}, "call": call});
            let heard =
                world.post_signed(&path("ep_5Jq0demo", "functions"), function.to_string().into_bytes(), KEY).await;
            assert_spoken(&heard, &format!("{key} = {label}"));
            assert_ne!(heard.status(), "found", "{key} = {label}");
            let event = json!({"event": "call_ended", "call": call}).to_string().into_bytes();
            assert_eq!(
                world.post_signed(&path("ep_5Jq0demo", "events"), event, KEY).await.http,
                204,
                "{key} = {label}"
            );
            let inbound = json!({"event": "call_inbound", "call_inbound": call}).to_string().into_bytes();
            let inbound = world.post_signed(&path("ep_5Jq0demo", "inbound"), inbound, KEY).await;
            assert!(
                inbound.http == 200 && inbound.json["call_inbound"].is_object(),
                "{key} = {label}: {}",
                inbound.json
            );
            world.settle().await;
        }
    }
    world.assert_at_rest().await;
}

#[tokio::test]
async fn without_a_call_nothing_is_done_and_no_other_call_is_borrowed() {
    let world = World::fresh().await;
    let running = world.caller("+491713920017");
    running.asks("start_call", json!({})).await.expect("ok", "ok");
    for call in [
        json!({}),
        json!({"call_id": ""}),
        json!({"call_id": null}),
        json!({"from_number": "+491713920017", "to_number": "+493023125101"}),
    ] {
        let body = json!({"name": "list_appointments", "args": {"call_id": running.call_id}, "call": call})
            .to_string()
            .into_bytes();
        let heard = world.post_signed(&path("ep_5Jq0demo", "functions"), body, KEY).await;
        heard.expect("error", "call_required");
    }
    assert_eq!(world.rows("SELECT COUNT(*) FROM call"), ["1"]);
}

#[tokio::test]
async fn a_call_id_in_the_arguments_is_never_believed_beside_the_real_one() {
    let world = World::fresh().await;
    let victim = world.anonymous();
    victim.books("Herrenhaarschnitt", "2026-12-07", "10:00", "Max Stadler").await.expect("booked", "ok");
    let caller = world.anonymous();
    for id in [victim.call_id.as_str(), "call_001", "None", "{{call_id}}", "1", &victim.call_id[..27]] {
        let args = json!({"call_id": id, "retell_call_id": id});
        caller.asks("list_appointments", args.clone()).await.expect("refused", "verification_required");
        caller.asks("cancel_appointment", args).await.expect("refused", "verification_required");
    }
    assert_eq!(active(&world), 6);
}

#[tokio::test]
async fn bare_arguments_are_nobody_and_see_only_what_their_call_made() {
    let world = World::fresh().await;
    let known = world.caller("+491713920017");
    known.asks("start_call", json!({})).await.expect("ok", "ok");
    let sends = |function: &str, args: Value| {
        let path = path("ep_5Jq0demo", &format!("functions/{function}"));
        let world = &world;
        async move { world.post_signed(&path, args.to_string().into_bytes(), KEY).await }
    };
    // The id of Hannelore's running call opens nothing.
    let args = json!({"call_id": known.call_id, "customer_name": "Hannelore Brückner", "date": "2026-12-03"});
    let heard = sends("cancel_appointment", args).await;
    assert_eq!(heard.status(), "refused", "{}", heard.json);
    let nothing = sends("list_appointments", json!({"customer_name": "Hannelore Brückner"})).await;
    nothing.expect("error", "call_required");
    let args = json!({"call_id": "call_bare", "service_name": "Herrenhaarschnitt", "date": "2026-12-07", "time": "10:00", "name": "Max Stadler"});
    sends("book_appointment", args).await.expect("booked", "ok");
    sends("list_appointments", json!({"call_id": "call_bare"})).await.expect("found", "ok");
}

#[tokio::test]
async fn two_companies_with_equal_ids_never_meet() {
    let world = World::fresh().await;
    let salon = world.caller("+491713920051");
    let mut barber = world.caller("+491713920051").at_the_barber();
    barber.call_id.clone_from(&salon.call_id);
    let args = json!({"service_name": "Herrenhaarschnitt", "date": "2026-12-07", "time": "10:00", "customer_name": "Jörn Petersen"});
    // The same call id, invocation, service id, time and name in both.
    let here = salon.repeats("book_appointment", args.clone(), "inv-1").await;
    let there = barber.repeats("book_appointment", args.clone(), "inv-1").await;
    here.expect("booked", "ok");
    there.expect("booked", "ok");
    assert_ne!(here.text("appointment/id"), there.text("appointment/id"));
    assert_eq!((here.text("appointment/staff"), there.text("appointment/staff")), ("Fabian Krüger", "Hauke Petersen"));
    for (caller, own) in [(&salon, &here), (&barber, &there)] {
        let list = caller.asks("list_appointments", json!({})).await;
        assert_eq!(
            (list.at("appointments").as_array().unwrap().len(), list.text("appointments/0/id")),
            (1, own.text("appointment/id"))
        );
    }
    let token = salon.checks("Herrenhaarschnitt", "2026-12-08", "10:00").await.text("slot/token").to_owned();
    let stolen = json!({"token": token, "customer_name": "Jörn Petersen"});
    barber.asks("confirm_booking", stolen).await.expect("unavailable", "offer_gone");
    barber.checks("Herrenhaarschnitt", "2026-12-08", "10:00").await.expect("available", "ok");
    barber.hangs_up().await;
    assert_eq!(
        world.rows("SELECT COUNT(*) FROM occupancy WHERE expires_ms IS NOT NULL"),
        ["1"],
        "the other's hold stays"
    );
    let id = there.text("appointment/id");
    let foreign = salon.asks("cancel_appointment", json!({"appointment_id": id})).await;
    foreign.expect("not_found", "no_appointment");
    // The barber's line behind the salon's door is not the salon's.
    // Whichever agent asks, and even if it is our own.
    for agent in ["agent_91b4c07de3564f0fa8d22ab6c5", "agent_7c1e0a94b2d84f6395ab20c7d1"] {
        let mut call = world.caller("+491713920051").call_object();
        call["to_number"] = json!("+494066969201");
        call["agent_id"] = json!(agent);
        let body = json!({"name": "start_call", "args": {}, "call": call}).to_string().into_bytes();
        world.post_signed(&path("ep_5Jq0demo", "functions"), body, KEY).await.expect("refused", "unknown_line");
    }
    world.assert_at_rest().await;
}

#[tokio::test]
async fn two_thousand_invented_ids_open_nothing() {
    let world = World::fresh().await;
    let caller = world.caller("+491713920021");
    let mut state = 0x5EED_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 16
    };
    let mut answers = std::collections::BTreeSet::new();
    for number in 0..2_000 {
        if number % 3 == 0 {
            world.advance(SignedDuration::from_mins(61));
        }
        let id = match number % 4 {
            0 => format!("apt_{:012x}", next()),
            1 => format!("apt_01JDV{:X}", next() % 4096),
            2 => format!("slot_{:x}", next()),
            _ => format!("{}", next()),
        };
        if id.starts_with("apt_01JDVK1") {
            continue;
        }
        let caller = if number % 3 == 0 { world.caller("+491713920021") } else { caller.clone() };
        let heard = caller.asks("cancel_appointment", json!({"appointment_id": id, "date": "2026-12-03"})).await;
        assert!(!heard.json.to_string().contains("apt_"), "{id}: {}", heard.json);
        answers.insert(heard.bytes);
    }
    assert!(answers.len() <= 2, "not found, or no more look-ups: {}", answers.len());
    assert_eq!(active(&world), 5);
}
