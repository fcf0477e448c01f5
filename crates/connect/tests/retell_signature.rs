//! Signatures: the vectors of the official SDKs, key rotation, and our own signing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod contract;

use contract::{bytes, json};
use frontdesk_connect::voice::retell::{SignatureProblem, sign, verify};
use jiff::Timestamp;
use secrecy::SecretString;

fn key(text: &str) -> SecretString {
    SecretString::from(text)
}

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap()
}

#[test]
fn every_vector_is_judged_as_the_contract_says() {
    let file = json("signature-vectors.json");
    let vectors = file["vectors"].as_array().unwrap();
    assert_eq!(vectors.len(), 23);
    for vector in vectors {
        let body = match vector["body_file"].as_str() {
            Some(file) => bytes(file),
            None => vector["body"].as_str().unwrap().as_bytes().to_vec(),
        };
        let keys = [key(vector["api_key"].as_str().unwrap())];
        let now = at(vector["now_ms"].as_i64().unwrap());
        let verdict = verify(vector["header"].as_str(), &body, &keys, now);
        // Where the contract leaves it open we refuse: Retell never sends it.
        let expected = vector["expect_valid"].as_bool().unwrap_or(false);
        assert_eq!(verdict.is_ok(), expected, "{}: {verdict:?}", vector["id"]);
    }
}

#[test]
fn the_reason_of_a_refusal_is_told_apart() {
    let (keys, now) = ([key("secret")], at(1_796_112_761_204));
    let good = sign(b"{}", &keys[0], now);
    let why = |header: Option<&str>, body: &[u8], now| verify(header, body, &keys, now).unwrap_err();
    assert_eq!(why(None, b"{}", now), SignatureProblem::Missing);
    assert_eq!(why(Some(""), b"{}", now), SignatureProblem::Missing);
    for odd in [
        "v=,d=",
        "v=1",
        "d=00",
        "bearer x",
        &good.to_uppercase(),
        &good.replace("v=", "v=-"),
        &good.replace("v=", "v=+"),
        &format!("{good}0"),
        &format!("{good} "),
        &format!(" {good}"),
        &format!("{good},d=00"),
        &format!("v=1,{good}"),
    ] {
        assert_eq!(why(Some(odd), b"{}", now), SignatureProblem::Malformed, "{odd}");
    }
    let endless = format!("v={},d={}", "9".repeat(400), "0".repeat(64));
    assert_eq!(why(Some(&endless), b"{}", now), SignatureProblem::Stale);
    assert_eq!(why(Some(&good), b"{}", at(1_796_112_761_204 + 300_001)), SignatureProblem::Stale);
    assert_eq!(why(Some(&good), b"{} ", now), SignatureProblem::Mismatch);
}

#[test]
fn while_rotating_both_keys_are_good_and_a_third_is_not() {
    let now = at(1_796_112_761_204);
    let (old, new) = (key("old"), key("new"));
    for signer in [&old, &new] {
        let header = sign(b"body", signer, now);
        assert_eq!(verify(Some(&header), b"body", &[new.clone(), old.clone()], now), Ok(()));
    }
    let header = sign(b"body", &key("third"), now);
    assert_eq!(verify(Some(&header), b"body", &[new, old], now), Err(SignatureProblem::Mismatch));
}

#[test]
fn without_a_key_nothing_is_good() {
    let now = at(1_796_112_761_204);
    for forgotten in ["", "no key is set for this endpoint"] {
        let header = sign(b"body", &key(forgotten), now);
        assert_eq!(verify(Some(&header), b"body", &[], now), Err(SignatureProblem::Mismatch));
        assert_eq!(verify(Some(&header), b"body", &[key("")], now), Err(SignatureProblem::Mismatch));
    }
}

#[test]
fn our_own_signature_is_the_one_of_the_official_sdk() {
    let file = json("signature-vectors.json");
    let vector = &file["vectors"][0];
    let signed = sign(
        vector["body"].as_str().unwrap().as_bytes(),
        &key(vector["api_key"].as_str().unwrap()),
        at(vector["now_ms"].as_i64().unwrap()),
    );
    assert_eq!(signed, vector["header"].as_str().unwrap());
}
