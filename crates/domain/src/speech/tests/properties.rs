use std::collections::BTreeSet;

use super::samples::{every_ask_time, every_reply, now};
use crate::lang::Lang;
use crate::reply::{Answer, Ask, Reply};
use crate::speech::{Voice, ask_time_question, codes, render};
use crate::tenant::Business;

const LANGS: [Lang; 2] = [Lang::De, Lang::En];

fn every_answer() -> impl Iterator<Item = (Reply, Lang, Answer)> {
    let voices = LANGS.into_iter().flat_map(|lang| [(lang, false), (lang, true)]);
    voices.flat_map(|(lang, anonymous)| {
        every_reply().into_iter().map(move |reply| {
            let answer = render(&reply, &Voice { lang, now: &now(), anonymous, business: Business::Salon });
            (reply, lang, answer)
        })
    })
}

/// Ends of sentences; the stops of "a.m." are none.
fn sentences(spoken: &str) -> usize {
    let spoken = spoken.replace("a.m.", "am").replace("p.m.", "pm");
    let rest = if spoken.ends_with(['.', '?', '!']) { 0 } else { 1 };
    spoken.chars().filter(|c| matches!(c, '.' | '?' | '!')).count() + rest
}

#[test]
fn every_answer_is_short_and_ends_like_a_sentence() {
    for (reply, _, answer) in every_answer() {
        let limit = if matches!(reply, Reply::Hours { .. } | Reply::Context(_)) { 3 } else { 2 };
        let count = sentences(&answer.spoken);
        assert!((1..=limit).contains(&count), "{count} sentences: {}", answer.spoken);
        assert!(answer.spoken.ends_with(['.', '?']), "{}", answer.spoken);
        assert!(!answer.spoken.contains("..") && !answer.spoken.contains("  "), "{}", answer.spoken);
        assert!(!answer.spoken.contains(",.") && !answer.spoken.contains(" ."), "{}", answer.spoken);
        let first = answer.spoken.chars().next().unwrap();
        assert!(first.is_uppercase() || first.is_ascii_digit(), "{}", answer.spoken);
    }
}

#[test]
fn nothing_that_is_not_speech_is_spoken() {
    let technical = [
        "token",
        "slot",
        "id",
        "api",
        "error",
        "fehler",
        "system",
        "server",
        "timeout",
        "http",
        "null",
        "none",
        "undefined",
        "json",
        "webhook",
        "backend",
        "database",
        "datenbank",
        "sync",
        "status",
        "code",
        "function",
        "funktion",
        "parameter",
        "exception",
        "technisch",
        "technical",
        "request",
        "invalid",
        "ungültig",
        "tenant",
    ];
    for (reply, _, answer) in every_answer() {
        let spoken = &answer.spoken;
        assert!(!spoken.contains(['{', '}', '<', '>', '_', '[', '\n']), "{spoken}");
        let letters: Vec<char> = spoken.chars().collect();
        for triple in letters.windows(3) {
            let [before, between, after] = triple else { continue };
            let digits = before.is_ascii_digit() && after.is_ascii_digit();
            assert!(!(digits && matches!(between, ':' | '-' | '.' | '+')), "{spoken}");
        }
        for word in spoken.to_lowercase().split(|c: char| !c.is_alphanumeric()) {
            assert!(!technical.contains(&word), "{word:?} in {spoken} of {reply:?}");
        }
    }
}

#[test]
fn booked_is_said_when_it_is_and_never_else() {
    for (reply, _, answer) in every_answer() {
        let committed = matches!(reply, Reply::Booked { .. });
        assert_eq!(answer.booked, committed);
        assert_eq!(answer.status == "booked", committed);
        let spoken = answer.spoken.to_lowercase();
        let claims = ["gebucht", "booked", "eingetragen", "reserviert", "reserved", "confirmed", "bestätigt"];
        let claimed = claims.iter().any(|claim| spoken.contains(claim));
        assert_eq!(claimed, committed || (reply == Reply::EmailSaved && spoken.contains("eingetragen")), "{spoken}");
    }
}

#[test]
fn germans_are_addressed_formally_and_each_language_keeps_to_itself() {
    for (_, lang, answer) in every_answer() {
        let lower = answer.spoken.to_lowercase();
        let words: BTreeSet<&str> = lower.split(|c: char| !c.is_alphabetic()).collect();
        let foreign: &[&str] = match lang {
            Lang::De => &["du", "dir", "dein", "deine", "dich", "the", "you", "your", "at", "and", "with"],
            Lang::En => &["und", "oder", "uhr", "bei", "sie", "ihr", "der", "dem", "den", "um", "ist"],
        };
        for word in foreign {
            assert!(!words.contains(word), "{word:?} in {}", answer.spoken);
        }
    }
}

#[test]
fn a_refused_time_always_comes_with_a_way_forward() {
    for (reply, _, answer) in every_answer() {
        let Reply::Unavailable { offers, callback, .. } = &reply else { continue };
        let listed = answer.fields["alternatives"].as_array().unwrap().len();
        assert_eq!(listed, offers.len());
        assert_eq!(answer.fields.contains_key("callback"), callback.is_some());
        let asks = answer.spoken.ends_with('?');
        assert!(asks || listed > 0 || callback.is_some(), "{}", answer.spoken);
    }
}

#[test]
fn every_status_carries_what_it_needs() {
    for (_, _, answer) in every_answer() {
        let has = |key: &str| answer.fields.contains_key(key);
        match answer.status {
            "booked" | "noted" | "cancelled" | "rescheduled" => assert!(has("appointment")),
            "available" | "held" => assert!(has("slot")),
            "unavailable" => assert!(has("alternatives")),
            "need_more" => assert!(has("missing")),
            "ambiguous" => {
                assert_eq!(answer.fields["question"], answer.spoken.as_str());
                assert!(has("candidates") || has("appointments"));
                assert!(answer.spoken.ends_with('?'));
            }
            "found" => assert!(["appointments", "services", "hours", "alternatives"].into_iter().any(has)),
            "not_found" | "refused" | "ok" | "error" => {}
            other => panic!("{other} is no status"),
        }
        for instant in ["start", "end"] {
            let Some(text) = answer.fields.get("slot").and_then(|slot| slot[instant].as_str()) else { continue };
            assert!(text.parse::<jiff::Timestamp>().is_ok() && !text.contains('['), "{text}");
        }
    }
}

#[test]
fn the_list_of_codes_is_complete_and_holds_nothing_else() {
    let answered: BTreeSet<&str> = every_answer().map(|(_, _, answer)| answer.code).collect();
    let listed: BTreeSet<&str> = codes().iter().map(|(code, _)| *code).collect();
    assert_eq!(answered, listed);
    assert_eq!(codes().len(), listed.len(), "a code is listed twice");
    for (code, meaning) in codes() {
        assert!(meaning.ends_with('.') && !meaning.contains('\n'), "{code}: {meaning}");
    }
}

#[test]
fn a_question_about_time_is_the_same_alone() {
    for lang in LANGS {
        let now = now();
        let voice = Voice { lang, now: &now, anonymous: false, business: Business::Salon };
        for ask in every_ask_time() {
            assert_eq!(ask_time_question(&ask, &voice), render(&Reply::Ask(Ask::Time(ask)), &voice).spoken);
        }
    }
}
