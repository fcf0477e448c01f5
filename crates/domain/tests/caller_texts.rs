//! A table of what callers say for e-mail addresses, names, services and people, with what it means: a value, several
//! to choose from (joined by " | "), or nothing, which is asked back.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::collections::BTreeMap;

use frontdesk_domain::caller::email::parse_email;
use frontdesk_domain::caller::matching::{MatchText, PersonWish, match_person, match_text};
use frontdesk_domain::caller::name::{NameGiven, read_name};
use serde_json::Value;

const TABLE: &str = include_str!("caller_texts.jsonl");

const TEAM: [(&str, &[&str]); 5] =
    [("Emma Winkler", &[]), ("Fabian Krüger", &[]), ("Mario", &[]), ("Anna Schmidt", &[]), ("Anna Schmitt", &[])];

const SERVICES: [(&str, &[&str]); 7] = [
    ("Herrenhaarschnitt", &["Herrenschnitt", "Haarschnitt für Männer", "men's haircut"]),
    ("Damenhaarschnitt", &["Damenschnitt", "Haarschnitt für Frauen", "women's haircut", "ladies' haircut"]),
    ("Herrenhaarschnitt mit Bart", &["Haare und Bart"]),
    ("Waschen, Schneiden, Föhnen", &["Waschen Schneiden Föhnen", "wash, cut and blow-dry"]),
    ("Ansatzfarbe", &["Ansatz färben", "root colour"]),
    ("Strähnen", &["Strähnchen", "highlights"]),
    ("Dauerwelle", &["perm"]),
];

type Named = (&'static str, Vec<String>);

fn named(all: &[(&'static str, &[&str])]) -> Vec<Named> {
    all.iter().map(|(name, synonyms)| (*name, synonyms.iter().map(|s| (*s).to_owned()).collect())).collect()
}

fn chosen(found: MatchText, all: &[Named]) -> String {
    match found {
        MatchText::One(at) => all[at].0.to_owned(),
        MatchText::Several(several) => several.iter().map(|at| all[*at].0).collect::<Vec<_>>().join(" | "),
        MatchText::None => String::new(),
    }
}

fn heard(kind: &str, said: &str) -> String {
    match kind {
        "email" => parse_email(said).map(|email| email.reveal().to_owned()).unwrap_or_default(),
        "name" => match read_name(said, &TEAM.map(|(name, _)| name)) {
            NameGiven::Name(name) => name.reveal().to_owned(),
            NameGiven::StaffWish(wish) => format!("wish: {wish}"),
            NameGiven::NoName => "-".to_owned(),
        },
        "service" => {
            let all = named(&SERVICES);
            let offered: Vec<(&str, &[String])> = all.iter().map(|(name, s)| (*name, s.as_slice())).collect();
            chosen(match_text(said, &offered), &all)
        }
        "staff" => {
            let all = named(&TEAM);
            let people: Vec<(&str, &[String])> = all.iter().map(|(name, s)| (*name, s.as_slice())).collect();
            match match_person(said, &people) {
                PersonWish::Anybody => "anybody".to_owned(),
                PersonWish::Somebody(found) => chosen(found, &all),
            }
        }
        other => panic!("no such kind: {other}"),
    }
}

#[test]
fn what_callers_say_is_heard_or_asked_back() {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for case in TABLE.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()) {
        let text = |key: &str| case[key].as_str().unwrap().to_owned();
        let (kind, said, meant) = (text("kind"), text("said"), text("meant"));
        let got = heard(&kind, &said);
        *counts.entry(format!("{kind} {}", text("lang"))).or_default() += 1;
        if got != meant {
            wrong.push(format!("{kind} {said:?}: {got:?}, meant {meant:?}"));
        }
    }
    assert!(counts.values().sum::<usize>() >= 150 && counts.len() == 8, "{counts:?}");
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
