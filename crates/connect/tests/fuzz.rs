//! Targets for coverage-guided fuzzing: everything that reads what strangers send. In `cargo test` each runs some
//! thousand random inputs with a fixed seed; CONTRIBUTING.md says how to run one for hours.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod contract;

use bolero::check;
use contract::{bytes, fixtures};
use frontdesk_connect::voice::retell::{
    DecodeError, decode_event, decode_function_call, decode_inbound, event_key, sign, verify,
};
use frontdesk_domain::calling::{Args, CallEventKind, CallFacts};
use frontdesk_domain::pii::Pii;
use jiff::Timestamp;
use secrecy::SecretString;

/// Identifiers longer than this are none.
const IDENTIFIER_BYTES: usize = 200;
/// The longest text of an argument, in characters.
const TEXT_CHARS: usize = 2_000;

/// Recorded bodies, for a random input to start from.
fn recorded(folders: &[&str]) -> Vec<Vec<u8>> {
    folders.iter().flat_map(|folder| fixtures(folder)).map(|file| bytes(&file)).collect()
}

/// A body from an input: one half of them as it is, the other a recorded body with damages. Each damage is a place,
/// a way and a byte.
fn body(input: &[u8], recorded: &[Vec<u8>]) -> Vec<u8> {
    let Some((&[kind, which], rest)) = input.split_first_chunk::<2>() else { return input.to_vec() };
    if kind.is_multiple_of(2) {
        return rest.to_vec();
    }
    let mut body = recorded[usize::from(which) % recorded.len()].clone();
    for damage in rest.chunks_exact(4).take(12) {
        let at = usize::from(u16::from_le_bytes([damage[0], damage[1]])) % (body.len() + 1);
        match damage[2] % 5 {
            0 => body.truncate(at.max(1)),
            1 => body.insert(at, damage[3]),
            2 if at < body.len() => drop(body.remove(at)),
            3 if at < body.len() => body[at] = damage[3],
            // The tail once more: keys that repeat, braces that do not fit.
            _ => {
                let tail = body[at..].iter().take(usize::from(damage[3]) * 4).copied().collect::<Vec<_>>();
                body.splice(at..at, tail);
            }
        }
    }
    body
}

fn assert_identifier(id: Option<&str>) {
    if let Some(id) = id {
        assert!(!id.is_empty() && id.len() <= IDENTIFIER_BYTES, "{} bytes", id.len());
        assert!(!id.chars().any(char::is_control), "{id:?}");
    }
}

fn assert_facts_are_bounded(facts: &CallFacts) {
    let texts = [&facts.agent_id, &facts.branch, &facts.call_ref, &facts.disconnection_reason, &facts.status];
    for text in texts.into_iter().chain([&facts.sentiment]) {
        assert_identifier(text.as_deref());
    }
    assert_identifier(facts.call_id.as_ref().map(|id| id.as_str()));
    for number in [&facts.from_number, &facts.to_number].into_iter().flatten() {
        assert!(number.reveal().chars().count() <= TEXT_CHARS);
    }
}

fn assert_args_are_bounded(args: &Args) {
    let plain = [
        &args.service_name,
        &args.date,
        &args.time,
        &args.staff_name,
        &args.token,
        &args.old_date,
        &args.old_time,
        &args.new_date,
        &args.new_time,
        &args.appointment_id,
        &args.category,
        &args.window,
        &args.language,
        &args.call_id,
    ];
    let personal = [&args.customer_name, &args.customer_email, &args.phone, &args.reason, &args.notes];
    let plain = plain.into_iter().flatten().chain(&args.services).map(String::as_str);
    for text in plain.chain(personal.into_iter().flatten().map(|text: &Pii<String>| text.reveal().as_str())) {
        assert!(!text.is_empty() && text.chars().count() <= TEXT_CHARS, "{} bytes", text.len());
    }
    assert!(args.services.len() <= 20);
}

fn assert_harmless(error: &DecodeError) {
    let names = match error {
        DecodeError::UnknownFunction(name) => vec![name],
        DecodeError::FunctionMismatch { path, body } => vec![path, body],
        DecodeError::NotJson | DecodeError::TooDeep | DecodeError::NotACall => Vec::new(),
    };
    for name in names {
        let safe = name.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-?".contains(letter));
        assert!(safe && name.len() <= 64, "{name:?}");
    }
}

#[test]
fn a_function_call_is_bounded_whatever_it_is() {
    let recorded = recorded(&["function-calls"]);
    check!().with_iterations(3_000).for_each(|input: &[u8]| {
        let body = body(input, &recorded);
        for path in [None, Some("book_appointment")] {
            let decoded = decode_function_call(&body, path);
            assert_eq!(decoded, decode_function_call(&body, path), "the same bytes are the same call");
            match decoded {
                Ok(call) => {
                    assert_facts_are_bounded(&call.facts);
                    assert_args_are_bounded(&call.args);
                    assert_identifier(call.invocation.as_deref());
                    // Of bare arguments nothing is believed but the call's id.
                    let bare = CallFacts { call_id: call.facts.call_id.clone(), ..CallFacts::default() };
                    assert!(!call.args_only || call.facts == bare);
                }
                Err(error) => assert_harmless(&error),
            }
        }
    });
}

#[test]
fn an_event_is_bounded_and_one_without_a_call_has_no_key() {
    let recorded = recorded(&["webhooks"]);
    check!().with_iterations(3_000).for_each(|input: &[u8]| {
        let Ok(event) = decode_event(&body(input, &recorded)) else { return };
        assert_facts_are_bounded(&event.facts);
        if let CallEventKind::Transfer(word) | CallEventKind::Other(word) = &event.kind {
            assert_identifier(Some(word));
        }
        match (&event.facts.call_id, event_key(&event)) {
            (Some(call_id), Some(key)) => assert!(key.contains(call_id.as_str())),
            (None, Some(key)) => panic!("{key:?} is the key of no call"),
            (_, None) => {}
        }
    });
}

#[test]
fn an_inbound_call_is_bounded() {
    let recorded = recorded(&["inbound"]);
    check!().with_iterations(3_000).for_each(|input: &[u8]| {
        if let Ok(call) = decode_inbound(&body(input, &recorded)) {
            assert_facts_are_bounded(&call.facts);
        }
    });
}

#[test]
fn a_signature_fits_its_own_body_and_key_and_no_other() {
    let now = Timestamp::from_millisecond(1_796_112_814_684).unwrap();
    let key = SecretString::from("key_of_this_endpoint");
    let keys = [key.clone()];
    // A body, a place in it, a place in the header, and a byte to put there.
    check!().with_iterations(3_000).with_type::<(Vec<u8>, u16, u8, u8)>().for_each(
        |(body, in_body, in_header, byte)| {
            let header = sign(body, &key, now);
            assert_eq!(verify(Some(&header), body, &keys, now), Ok(()));

            let mut other = header.clone().into_bytes();
            let at = usize::from(*in_header) % other.len();
            other[at] = *byte;
            if let Ok(other) = String::from_utf8(other)
                && other != header
            {
                assert!(verify(Some(&other), body, &keys, now).is_err(), "{other}");
            }
            let mut longer = body.clone();
            longer.insert(usize::from(*in_body) % (body.len() + 1), *byte);
            assert!(verify(Some(&header), &longer, &keys, now).is_err());
            if let Some((last, shorter)) = body.split_last() {
                assert!(verify(Some(&header), shorter, &keys, now).is_err());
                let mut changed = shorter.to_vec();
                changed.push(last ^ byte.max(&1));
                assert!(verify(Some(&header), &changed, &keys, now).is_err());
            }
            let guessed = [SecretString::from(format!("key_{byte}"))];
            assert!(verify(Some(&header), body, &guessed, now).is_err());
            assert!(verify(Some(&header), body, &[], now).is_err());
        },
    );
}

#[test]
fn no_header_that_somebody_makes_up_is_a_signature() {
    let now = Timestamp::from_millisecond(1_796_112_814_684).unwrap();
    let keys = [SecretString::from("key_of_this_endpoint")];
    check!().with_iterations(3_000).with_type::<(String, [u8; 32], bool)>().for_each(|(text, digest, formed)| {
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let header = if *formed { format!("v={},d={hex}", now.as_millisecond()) } else { text.clone() };
        assert!(verify(Some(&header), text.as_bytes(), &keys, now).is_err(), "{header}");
    });
}
