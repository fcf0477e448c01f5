//! Function calls: every fixture, every shape, and bodies nobody means.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod contract;

use contract::{bytes, fixtures, json};
use frontdesk_connect::voice::retell::{DecodeError, decode_function_call};
use frontdesk_domain::calling::{Args, Direction, Function, FunctionCall, Platform};
use frontdesk_domain::pii::Pii;
use proptest::prelude::*;
use serde_json::{Value, json as value};
use sha2::{Digest, Sha256};

fn decode(body: &Value, path: Option<&str>) -> Result<FunctionCall, DecodeError> {
    decode_function_call(body.to_string().as_bytes(), path)
}

fn known_caller() -> Value {
    json("function-calls/book_appointment.known-caller.json")
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn pii(text: &str) -> Option<Pii<String>> {
    Some(Pii::new(text.to_owned()))
}

fn herrenhaarschnitt() -> Args {
    Args {
        service_name: some("Herrenhaarschnitt"),
        date: some("2026-12-02"),
        time: some("10:00"),
        customer_name: pii("Hannelore Brückner"),
        customer_email: pii("h.brueckner@example.org"),
        ..Args::default()
    }
}

#[test]
fn the_fixtures_are_the_ones_of_the_manifest_to_the_byte() {
    let manifest = json("manifest.json");
    let listed = manifest["fixtures"].as_array().unwrap();
    for entry in listed {
        let file = entry["file"].as_str().unwrap();
        let sum: String = Sha256::digest(bytes(file)).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(sum, entry["sha256"].as_str().unwrap(), "{file}");
    }
    for folder in ["function-calls", "webhooks", "inbound", "responses", "config"] {
        for file in fixtures(folder) {
            assert!(listed.iter().any(|entry| entry["file"] == file), "{file} is not in the manifest");
        }
    }
}

#[test]
fn every_fixture_is_decoded_as_it_was_written() {
    for file in fixtures("function-calls") {
        let manifest = json("manifest.json");
        let entry =
            manifest["fixtures"].as_array().unwrap().iter().find(|entry| entry["file"] == file).unwrap().clone();
        let path_name = entry["path"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        let body = json(&file);
        let call =
            decode_function_call(&bytes(&file), Some(&path_name)).unwrap_or_else(|error| panic!("{file}: {error}"));
        let text = |value: &Value| value.as_str().map(str::to_owned);

        assert_eq!(call.platform, Platform::Retell, "{file}");
        assert_eq!(call.function.name(), path_name, "{file}");
        assert_eq!(call.args_only, body["call"].is_null(), "{file}");
        if call.args_only {
            continue;
        }
        let (wire, facts) = (&body["call"], &call.facts);
        assert_eq!(facts.call_id.as_ref().map(|id| id.as_str().to_owned()), text(&wire["call_id"]), "{file}");
        assert_eq!(
            facts.from_number.as_ref().map(|number| number.reveal().clone()),
            text(&wire["from_number"]),
            "{file}"
        );
        assert_eq!(facts.to_number.as_ref().map(|number| number.reveal().clone()), text(&wire["to_number"]), "{file}");
        assert_eq!(facts.agent_id, text(&wire["agent_id"]), "{file}");
        assert_eq!(facts.call_ref, text(&wire["metadata"]["frontdesk_call_ref"]), "{file}");
        assert_eq!(facts.branch, text(&wire["metadata"]["branch"]), "{file}");
        assert_eq!(facts.web, wire["call_type"] == "web_call", "{file}");
        assert_eq!(facts.direction == Direction::Outbound, wire["direction"] == "outbound", "{file}");
        assert_eq!(facts.started_at.unwrap().as_millisecond(), wire["start_timestamp"].as_i64().unwrap(), "{file}");
        assert_eq!(facts.status.as_deref(), Some("ongoing"), "{file}");
        let last = wire["transcript_with_tool_calls"].as_array().unwrap().last().unwrap();
        assert_eq!(call.invocation, text(&last["tool_call_id"]), "{file}");
        for (key, read) in [
            ("service_name", call.args.service_name.clone()),
            ("staff_name", call.args.staff_name.clone()),
            ("old_date", call.args.old_date.clone()),
            ("new_time", call.args.new_time.clone()),
            ("customer_email", call.args.customer_email.as_ref().map(|email| email.reveal().clone())),
            ("reason", call.args.reason.as_ref().map(|reason| reason.reveal().clone())),
        ] {
            if let Some(written) = body["args"][key].as_str() {
                assert_eq!(read, some(written).filter(|text| !text.is_empty()), "{file} {key}");
            }
        }
    }
}

#[test]
fn the_known_caller_books_with_all_that_was_said() {
    let body = bytes("function-calls/book_appointment.known-caller.json");
    let call = decode_function_call(&body, None).unwrap();
    assert_eq!(call.function, Function::BookAppointment);
    assert_eq!(call.args, herrenhaarschnitt());
    assert_eq!(call.invocation.as_deref(), Some("b35e77a1c0d84f62"));
    assert_eq!(call.facts.line_number(), Some("+493023125101"));
    assert_eq!(call.facts.customer_number(), Some("+491713920017"));
}

#[test]
fn german_names_mean_the_same() {
    let call = decode(&json("function-calls/book_appointment.german-arg-names.json"), None).unwrap();
    let expected = Args { date: some("morgen"), time: some("zehn Uhr"), customer_email: None, ..herrenhaarschnitt() };
    assert_eq!(call.args, expected);
}

#[test]
fn alternatives_are_counted_and_new_times_are_read() {
    let call = decode(&json("function-calls/find_alternatives.json"), None).unwrap();
    assert_eq!(call.args.count, Some(3));
    let call = decode(&json("function-calls/reschedule_appointment.json"), None).unwrap();
    assert_eq!((call.args.old_date, call.args.old_time), (some("2026-12-03"), some("10:00")));
    assert_eq!((call.args.new_date, call.args.new_time), (some("Freitag"), some("viertel nach elf")));
}

#[test]
fn a_call_id_invented_by_the_model_is_not_believed() {
    let call = decode(&json("function-calls/book_appointment.hallucinated-call-id.json"), None).unwrap();
    assert_eq!(call.facts.call_id.unwrap().as_str(), "call_c19d6e07a84b4f25b3f70a1ed56");
    assert_eq!(call.args.call_id.as_deref(), Some("call_001"));
    let no_call = decode(&value!({"name": "book_appointment", "args": {"call_id": "call_001"}}), None).unwrap();
    assert_eq!(no_call.facts.call_id, None);
}

#[test]
fn bare_arguments_take_the_function_from_the_path_and_the_call_from_themselves() {
    let body = json("function-calls/book_appointment.args-only.json");
    let call = decode(&body, Some("book_appointment")).unwrap();
    assert!(call.args_only);
    assert_eq!(call.facts.call_id.as_ref().unwrap().as_str(), "call_5b1f0c7a9e2d4863b0ce7f1a24d");
    assert_eq!(Args { call_id: None, ..call.args }, herrenhaarschnitt());
    assert_eq!(call.invocation, None);
    assert_eq!(decode(&body, None), Err(DecodeError::NotACall));
}

#[test]
fn in_bare_arguments_a_name_is_the_customers() {
    let bare = value!({"name": "Hannelore Brückner", "datum": "morgen", "call_id": "{{call_id}}"});
    let call = decode(&bare, Some("book_appointment_v17")).unwrap();
    assert_eq!(call.args.customer_name, pii("Hannelore Brückner"));
    assert_eq!(call.facts.call_id, None);
    let function = value!({"name": "list_appointments"});
    assert_eq!(decode(&function, None).unwrap().args, Args::default());
    assert!(matches!(decode(&function, Some("book_appointment")), Err(DecodeError::FunctionMismatch { .. })));
}

#[test]
fn every_shape_gives_the_same_arguments() {
    let original = known_caller();
    let (call, args) = (&original["call"], &original["args"]);
    let as_text = Value::String(args.to_string());
    let shapes = [
        value!({"name": "book_appointment", "args": args, "call": call}),
        value!({"function_name": "book_appointment", "parameters": args, "call": call}),
        value!({"name": "book_appointment", "arguments": args, "call": call}),
        value!({"name": "book_appointment", "arguments": as_text, "call": call}),
        value!({"name": "book_appointment", "args": as_text, "call": call}),
        value!({"tool": {"name": "book_appointment", "arguments": args}, "call": call}),
        value!({"function": {"name": "book_appointment", "arguments": as_text}, "call": call}),
        value!({"tool": "collect_appointment_data_v3", "args": args, "call": call}),
    ];
    let first = decode(&original, None).unwrap();
    for shape in &shapes {
        let call = decode(shape, None).unwrap_or_else(|error| panic!("{error}: {shape}"));
        assert_eq!(call.args, first.args);
        assert_eq!(call.facts, first.facts);
        assert_eq!(call.function, first.function);
        assert!(!call.args_only);
    }
    let bare = decode(args, Some("book_appointment")).unwrap();
    assert_eq!(bare.args, first.args);
}

#[test]
fn the_path_and_the_body_must_mean_the_same_function() {
    let body = known_caller();
    assert_eq!(decode(&body, Some("termin_buchen")).unwrap().function, Function::BookAppointment);
    assert_eq!(
        decode(&body, Some("cancel_appointment")),
        Err(DecodeError::FunctionMismatch {
            path: "cancel_appointment".to_owned(),
            body: "book_appointment".to_owned()
        })
    );
    let mut nameless = known_caller();
    nameless["name"] = Value::Null;
    assert_eq!(decode(&nameless, Some("book_appointment")).unwrap().args, herrenhaarschnitt());
    assert_eq!(decode(&nameless, None), Err(DecodeError::NotACall));
}

#[test]
fn an_unknown_function_is_named_harmlessly() {
    let mut body = known_caller();
    body["name"] = value!(format!("drop <b>\n{}", "x".repeat(100)));
    let Err(DecodeError::UnknownFunction(name)) = decode(&body, Some("book_appointment")) else { panic!("known?") };
    assert_eq!(name.len(), 64);
    assert!(name.starts_with("drop??b??x"), "{name}");
    assert_eq!(decode(&value!({"service": "Bart"}), Some("fly")), Err(DecodeError::UnknownFunction("fly".to_owned())));
}

#[test]
fn what_is_not_a_call_is_refused_by_kind() {
    for (body, error) in [
        (&b""[..], DecodeError::NotJson),
        (b"{", DecodeError::NotJson),
        (b"{} {}", DecodeError::NotJson),
        (b"name=book_appointment", DecodeError::NotJson),
        (b"{\"name\": \"book_appointment\", \"args\": {\"notes\": \"\xff\"}}", DecodeError::NotJson),
        (b"{\"name\": \"book_appointment\", \"transcript\": \"\xc3\"}", DecodeError::NotJson),
        (b"[]", DecodeError::NotACall),
        (b"\"book_appointment\"", DecodeError::NotACall),
        (b"null", DecodeError::NotACall),
        (b"{}", DecodeError::NotACall),
    ] {
        assert_eq!(decode_function_call(body, None), Err(error), "{}", String::from_utf8_lossy(body));
    }
}

#[test]
fn odd_types_and_repeated_keys_do_no_harm() {
    let body = br#"{"name": "cancel_appointment", "name": "book_appointment", "extra": [1, {"a": {}}],
        "args": [], "args": {"service": 7, "date": 20261202, "time": null, "count": "3", "notes": {"deep": 1},
                 "staff": {"name": "Emma"}, "confirm": "ja", "customer_name": true, "services": {"value": ["A"]}},
        "call": {"call_id": 12345, "agent_version": "fourteen", "from_number": 491713920017, "to_number": false,
                 "direction": 3, "metadata": "none", "start_timestamp": "1796112751204", "call_analysis": 1,
                 "transcript_with_tool_calls": {"role": "agent"}, "agent_id": ["a"], "direction": "OUTBOUND"}}"#;
    let call = decode_function_call(body, None).unwrap();
    assert_eq!(call.function, Function::BookAppointment);
    assert_eq!(call.args.service_name.as_deref(), Some("7"));
    assert_eq!(call.args.date.as_deref(), Some("20261202"));
    assert_eq!((&call.args.time, &call.args.notes, &call.args.customer_name), (&None, &None, &None));
    assert_eq!((call.args.count, call.args.confirm), (Some(3), Some(true)));
    assert_eq!(call.args.staff_name.as_deref(), Some("Emma"));
    assert_eq!(call.facts.call_id.unwrap().as_str(), "12345");
    assert_eq!(call.facts.from_number, pii("491713920017"));
    assert_eq!(call.facts.direction, Direction::Outbound);
    assert_eq!(call.facts.started_at.unwrap().as_millisecond(), 1_796_112_751_204);
}

#[test]
fn half_a_letter_cut_by_the_platform_does_not_lose_the_call() {
    let body =
        br#"{"name": "book_appointment", "args": {"notes": "gern \ud83d\ude00 oder \ud83d", "service": "C:\\ud83d"},
                    "call": {"call_id": "call_1"}}"#;
    let call = decode_function_call(body, None).unwrap();
    assert_eq!(call.args.notes, pii("gern 😀 oder \u{fffd}"));
    assert_eq!(call.args.service_name.as_deref(), Some("C:\\ud83d"));
}

#[test]
fn of_two_waiting_invocations_neither_is_guessed() {
    let step = |id: &str, name: &str| value!({"role": "tool_call_invocation", "tool_call_id": id, "name": name});
    let result = |id: &str| value!({"role": "tool_call_result", "tool_call_id": id});
    let invocation = |steps: Value| {
        let body = value!({"name": "book_appointment", "args": {}, "call": {"call_id": "c", "transcript_with_tool_calls": steps}});
        decode(&body, None).unwrap().invocation
    };
    let book = "book_appointment";
    assert_eq!(invocation(value!([step("1", book)])).as_deref(), Some("1"));
    assert_eq!(invocation(value!([step("1", book), result("1"), step("2", book)])).as_deref(), Some("2"));
    assert_eq!(invocation(value!([step("1", book), step("2", "check_availability")])).as_deref(), Some("1"));
    assert_eq!(invocation(value!([step("1", book), step("2", book)])), None);
    assert_eq!(invocation(value!([step("1", book), result("1")])), None);
    assert_eq!(invocation(value!([])), None);
}

#[test]
fn nothing_said_in_the_call_is_kept() {
    const CANARY: &str = "KANARIENVOGEL";
    let mut body = known_caller();
    let call = body["call"].as_object_mut().unwrap();
    for key in [
        "transcript",
        "access_token",
        "recording_url",
        "public_log_url",
        "agent_name",
        "scrubbed_transcript",
        "call_cost",
    ] {
        call.insert(key.to_owned(), value!(CANARY));
    }
    for key in ["transcript_object", "scrubbed_transcript_object", "pre_session_transcript"] {
        call.insert(key.to_owned(), value!([{"role": "user", "content": CANARY, "words": [{"word": CANARY}]}]));
    }
    for key in ["latency", "retell_llm_dynamic_variables", "custom_sip_headers", "telephony_identifier"] {
        call.insert(key.to_owned(), value!({CANARY: {"x": CANARY}}));
    }
    call.insert("call_analysis".to_owned(), value!({"call_summary": CANARY, "custom_analysis_data": {"a": CANARY}}));
    call["metadata"]["note"] = value!(CANARY);
    for step in call["transcript_with_tool_calls"].as_array_mut().unwrap() {
        step["content"] = value!(CANARY);
        step["arguments"] = value!(CANARY);
        step["words"] = value!([{"word": CANARY}]);
    }
    body[CANARY] = value!(CANARY);
    body["args"]["unknown_argument"] = value!({"a": CANARY});
    let decoded = decode(&body, None).unwrap();
    assert!(!format!("{decoded:?}").contains(CANARY));
    assert_eq!(decoded, decode(&known_caller(), None).unwrap());
}

#[test]
fn bombs_are_met_calmly() {
    let deep =
        |opening: &str, closing: &str, levels: usize| format!("{}1{}", opening.repeat(levels), closing.repeat(levels));
    let around = |args: &str, transcript: &str| {
        format!(r#"{{"name":"book_appointment","args":{args},"call":{{"call_id":"c","transcript":{transcript}}}}}"#)
    };
    // What is skipped is skipped without recursion, however deep.
    for (opening, closing) in [("[", "]"), (r#"{"a":"#, "}")] {
        let body = around("{}", &deep(opening, closing, 200_000));
        assert!(decode_function_call(body.as_bytes(), None).is_ok());
    }
    for (opening, closing) in [("[", "]"), (r#"{"value":"#, "}")] {
        let body = around(&format!(r#"{{"service":{}}}"#, deep(opening, closing, 200_000)), "1");
        assert_eq!(decode_function_call(body.as_bytes(), None), Err(DecodeError::TooDeep));
    }
    let open = "[".repeat(500_000);
    assert!(decode_function_call(open.as_bytes(), None).is_err());
    assert!(decode_function_call(around("{}", &open).as_bytes(), None).is_err());

    let long = "ä".repeat(512 * 1024);
    let body = value!({
        "name": "book_appointment",
        "args": {"service": long, "notes": long, "customer_name": long, "services": vec![long.clone(); 3], long.clone(): 1},
        "call": {"call_id": long, "agent_id": long, "from_number": long, "transcript": long},
    });
    let call = decode(&body, None).unwrap();
    assert_eq!(call.args.service_name.unwrap().chars().count(), 500);
    assert_eq!(call.args.notes.unwrap().reveal().chars().count(), 2_000);
    assert_eq!(call.args.services.len(), 3);
    // A cut identifier would be another one.
    assert_eq!((call.facts.call_id, call.facts.agent_id), (None, None));
    let bare = decode(&value!({"call_id": long}), Some("list_appointments")).unwrap();
    assert_eq!(bare.facts.call_id, None);
    let many = value!({"name": "book_appointment", "args": {"services": vec!["a"; 100_000]}});
    assert_eq!(decode(&many, None).unwrap().args.services.len(), 10);
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(body in proptest::collection::vec(any::<u8>(), 0..400), path in proptest::option::of(".{0,12}")) {
        let _ = decode_function_call(&body, path.as_deref());
    }

    #[test]
    fn no_escapes_make_it_panic(body in r#"\{"name":"book_appointment","args":\{"notes":"(\\|u|d83d|\\ud83d|\\udc00|ä|"|n){0,12}"\}\}"#) {
        let _ = decode_function_call(body.as_bytes(), None);
    }

    #[test]
    fn no_damage_on_the_way_makes_it_panic(
        which in 0usize..1000, at in 0usize..20_000, with in any::<u8>(), cut in 0usize..40_000,
    ) {
        let files = fixtures("function-calls");
        let mut body = bytes(&files[which % files.len()]);
        let at = at % body.len();
        body[at] = with;
        body.truncate(cut.max(1));
        let _ = decode_function_call(&body, Some("book_appointment"));
    }
}
