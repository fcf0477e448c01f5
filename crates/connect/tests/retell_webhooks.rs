//! Webhooks in, answers out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod contract;

use std::collections::BTreeMap;

use contract::{bytes, fixtures, json};
use frontdesk_connect::voice::retell::{
    DecodeError, InboundAnswer, decode_event, decode_inbound, encode_answer, encode_inbound, encode_inbound_trouble,
    event_key,
};
use frontdesk_domain::calling::{CallEvent, CallEventKind, CallFacts, Direction};
use frontdesk_domain::reply::Answer;
use serde_json::{Value, json as value};

fn event(file: &str) -> CallEvent {
    decode_event(&bytes(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

#[test]
fn every_event_is_told_apart() {
    let kinds: BTreeMap<String, CallEventKind> =
        fixtures("webhooks").into_iter().map(|file| (file.replace("webhooks/", ""), event(&file).kind)).collect();
    let other = |word: &str| CallEventKind::Other(word.to_owned());
    let expected = BTreeMap::from(
        [
            ("call_analyzed.json", CallEventKind::Analyzed),
            ("call_ended.json", CallEventKind::Ended),
            ("call_ended.not-connected.json", CallEventKind::Ended),
            ("call_started.anonymous.json", CallEventKind::Started),
            ("call_started.json", CallEventKind::Started),
            ("chat_ended.json", other("chat_ended")),
            ("transcript_updated.json", CallEventKind::Transcript),
            ("transfer_started.json", CallEventKind::Transfer("transfer_started".to_owned())),
            ("unknown_event.json", other("call_teleported")),
        ]
        .map(|(file, kind)| (file.to_owned(), kind)),
    );
    assert_eq!(kinds, expected);
}

#[test]
fn the_same_event_has_the_same_key() {
    let manifest = json("manifest.json");
    let mut seen = 0;
    for entry in manifest["fixtures"].as_array().unwrap() {
        if let Some(key) = entry["expect"]["dedupe_key"].as_str() {
            assert_eq!(event_key(&event(entry["file"].as_str().unwrap())).as_deref(), Some(key));
            seen += 1;
        }
    }
    assert_eq!(seen, 3);
    assert_eq!(
        event_key(&event("webhooks/transfer_started.json")).as_deref(),
        Some("transfer_started:call_5b1f0c7a9e2d4863b0ce7f1a24d:1796112751204")
    );
    assert_eq!(event_key(&event("webhooks/transcript_updated.json")), None);
    assert_eq!(event_key(&event("webhooks/chat_ended.json")), None);
}

#[test]
fn an_ended_call_tells_how_it_went() {
    let facts = event("webhooks/call_ended.json").facts;
    assert_eq!(facts.status.as_deref(), Some("ended"));
    assert_eq!(facts.disconnection_reason.as_deref(), Some("user_hangup"));
    assert_eq!(facts.duration_ms, Some(63_480));
    assert_eq!(facts.started_at.unwrap().as_millisecond(), 1_796_112_751_204);
    assert_eq!(facts.ended_at.unwrap().as_millisecond(), 1_796_112_814_684);
    assert_eq!(facts.call_ref.as_deref(), Some("fd_01JDWQ3"));
    assert_eq!((facts.platform_successful, facts.sentiment), (None, None));

    let facts = event("webhooks/call_ended.not-connected.json").facts;
    assert_eq!(facts.direction, Direction::Outbound);
    assert_eq!(facts.line_number(), Some("+493023125101"));
    assert_eq!((facts.started_at, facts.duration_ms), (None, None));
}

#[test]
fn of_the_analysis_only_two_words_are_read() {
    let file = "webhooks/call_analyzed.json";
    let analysis = json(file)["call"]["call_analysis"].clone();
    let analyzed = event(file);
    assert_eq!(analyzed.facts.platform_successful, analysis["call_successful"].as_bool());
    assert!(analyzed.facts.platform_successful.is_some());
    assert_eq!(analyzed.facts.sentiment.as_deref(), analysis["user_sentiment"].as_str());

    const CANARY: &str = "KANARIENVOGEL";
    let mut body = json(file);
    for key in ["call_summary", "custom_analysis_data", "in_voicemail"] {
        body["call"]["call_analysis"][key] = value!({CANARY: CANARY});
    }
    for key in ["transcript", "recording_url", "collected_dynamic_variables", "call_cost", "transcript_with_tool_calls"]
    {
        body["call"][key] = value!(CANARY);
    }
    body["transfer_option"] = value!({"message": CANARY});
    let decoded = decode_event(body.to_string().as_bytes()).unwrap();
    assert!(!format!("{decoded:?}").contains(CANARY));
    assert_eq!(decoded, analyzed);
}

#[test]
fn a_transfer_says_where_to() {
    assert_eq!(event("webhooks/transfer_started.json").transfer_to.as_deref(), Some("+493023125199"));
    for (destination, expected) in [
        (value!("+4930"), Some("+4930")),
        (value!({"sip_uri": "sip:team@example.org"}), Some("sip:team@example.org")),
        (value!(null), None),
        (value!([1]), None),
    ] {
        let body = value!({"event": "transfer_ended", "call": {"call_id": "c", "transfer_destination": destination}});
        assert_eq!(decode_event(body.to_string().as_bytes()).unwrap().transfer_to.as_deref(), expected);
    }
}

#[test]
fn what_names_no_event_is_none() {
    for body in ["{}", r#"{"event": null}"#, r#"{"event": ["call_started"]}"#, "[]"] {
        assert_eq!(decode_event(body.as_bytes()), Err(DecodeError::NotACall), "{body}");
    }
    assert_eq!(decode_event(b"event=call_started"), Err(DecodeError::NotJson));
    // Without its call an event is still answered, and has no key.
    assert_eq!(event_key(&decode_event(br#"{"event": "call_ended", "call": 3}"#).unwrap()), None);
}

#[test]
fn who_is_ringing_is_read_from_all_fixtures() {
    let facts = |file: &str| decode_inbound(&bytes(file)).unwrap().facts;
    let known = facts("inbound/request.known-caller.json");
    assert_eq!(known.call_id.as_ref().unwrap().as_str(), "call_5b1f0c7a9e2d4863b0ce7f1a24d");
    assert_eq!(known.agent_id.as_deref(), Some("agent_7c1e0a94b2d84f6395ab20c7d1"));
    assert_eq!(known.customer_number(), Some("+491713920017"));
    assert_eq!(known.line_number(), Some("+493023125101"));
    assert_eq!(facts("inbound/request.no-call-id.json"), CallFacts { call_id: None, ..known });
    let withheld = facts("inbound/request.anonymous-sip.json");
    assert_eq!(
        (withheld.agent_id, withheld.to_number.as_ref().map(|number| number.reveal().as_str())),
        (None, Some("+493023125102"))
    );
    for body in [r#"{"event": "chat_inbound", "chat_inbound": {}}"#, "{}", r#"{"call_inbound": "x"}"#] {
        assert_eq!(decode_inbound(body.as_bytes()), Err(DecodeError::NotACall), "{body}");
    }
}

#[test]
fn inbound_answers_are_as_the_platform_takes_them() {
    let parsed = |bytes: Vec<u8>| serde_json::from_slice::<Value>(&bytes).unwrap();
    for file in ["inbound/response.known-caller.json", "inbound/response.anonymous.json"] {
        let expected = json(file);
        let call = &expected["call_inbound"];
        let answer = InboundAnswer {
            override_agent_id: call["override_agent_id"].as_str().map(str::to_owned),
            dynamic_variables: serde_json::from_value(call["dynamic_variables"].clone()).unwrap(),
            call_ref: call["metadata"]["frontdesk_call_ref"].as_str().map(str::to_owned),
        };
        assert!(!format!("{answer:?}").contains("Hannelore"));
        assert_eq!(parsed(encode_inbound(&answer)), expected);
    }
    assert_eq!(encode_inbound_trouble(), br#"{"call_inbound":{}}"#);
}

#[test]
fn an_answer_is_one_flat_object() {
    for file in fixtures("responses") {
        let expected = json(&file);
        let mut fields = expected.as_object().unwrap().clone();
        let text = |value: Option<Value>| -> &'static str { String::leak(value.unwrap().as_str().unwrap().to_owned()) };
        let answer = Answer {
            status: text(fields.remove("status")),
            code: text(fields.remove("code")),
            booked: fields.remove("booked").unwrap().as_bool().unwrap(),
            spoken: text(fields.remove("spoken")).to_owned(),
            fields,
        };
        assert_eq!(serde_json::from_slice::<Value>(&encode_answer(&answer)).unwrap(), expected, "{file}");
    }
}

#[test]
fn an_answer_too_long_loses_its_tail_and_never_its_sentence() {
    let alternative = |n: usize| value!({"start": "2026-12-02T10:30:00+01:00", "spoken": "ä".repeat(50), "token": n});
    let list: Vec<Value> = (0..1000).map(alternative).collect();
    let mut fields = serde_json::Map::new();
    fields.insert("alternatives".to_owned(), Value::Array(list));
    fields.insert("question".to_owned(), value!("Wann?"));
    let mut answer = Answer {
        status: "unavailable",
        code: "slot_taken",
        booked: false,
        spoken: "Leider vergeben.".to_owned(),
        fields,
    };
    let short: Value = serde_json::from_slice(&encode_answer(&answer)).unwrap();
    assert!(short.to_string().chars().count() < 15_000);
    assert_eq!(short["alternatives"][0]["token"], 0);
    assert!(short["alternatives"].as_array().unwrap().len() > 10);
    assert_eq!((&short["spoken"], &short["question"]), (&value!("Leider vergeben."), &value!("Wann?")));

    answer.fields.insert("blob".to_owned(), value!("x".repeat(100_000)));
    answer.spoken = "lang ".repeat(100_000);
    let short: Value = serde_json::from_slice(&encode_answer(&answer)).unwrap();
    assert!(short.to_string().chars().count() < 15_000);
    assert_eq!(short["status"], "unavailable");
    assert!(short["spoken"].as_str().unwrap().starts_with("lang lang"));
}
