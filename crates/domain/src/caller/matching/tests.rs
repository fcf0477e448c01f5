#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn service(id: &str, name: &str, synonyms: &[&str]) -> Service {
    let phases = json!([{"minutes": 30}]);
    serde_json::from_value(json!({"id": id, "name": name, "synonyms": synonyms, "phases": phases})).unwrap()
}

fn person(id: &str, name: &str, synonyms: &[&str]) -> Staff {
    let staff = json!({"id": id, "name": name, "synonyms": synonyms, "branch": "mitte", "services": []});
    serde_json::from_value(staff).unwrap()
}

fn salon() -> Vec<Service> {
    vec![
        service(
            "svc_herren",
            "Herrenhaarschnitt",
            &["Herrenschnitt", "Haarschnitt für Männer", "Männerhaarschnitt", "men's haircut"],
        ),
        service(
            "svc_damen",
            "Damenhaarschnitt",
            &["Damenschnitt", "Haarschnitt für Frauen", "women's haircut", "ladies' haircut"],
        ),
        service(
            "svc_wsf",
            "Waschen, Schneiden, Föhnen",
            &["Waschen Schneiden Föhnen", "Waschen und Schneiden mit Föhnen", "wash, cut and blow-dry"],
        ),
        service("svc_ansatz", "Ansatzfarbe", &["Ansatz färben", "Ansatz", "root colour"]),
        service("svc_straehnen", "Strähnen", &["Strähnchen", "Foliensträhnen", "highlights"]),
        service("svc_herrenbart", "Herrenhaarschnitt mit Bart", &["Haare und Bart"]),
        service("svc_konturen", "Konturen", &["Konturen nachschneiden"]),
    ]
}

fn barber() -> Vec<Service> {
    vec![
        service("svc_bart", "Bartpflege", &["Bart", "Bart trimmen", "beard trim"]),
        service("svc_herren", "Herrenhaarschnitt", &["Herrenschnitt"]),
    ]
}

/// The ids a phrase means: one, several joined by `|`, or nothing.
fn meant(said: &str, services: &[Service]) -> String {
    let offered: Vec<&Service> = services.iter().collect();
    match match_service(said, &offered) {
        Match::One(service) => service.id.to_string(),
        Match::Several(several) => several.iter().map(|service| service.id.as_str()).collect::<Vec<_>>().join("|"),
        Match::None => String::new(),
    }
}

fn visit(said: &str, services: &[Service]) -> String {
    let offered: Vec<&Service> = services.iter().collect();
    match_services(said, &offered).iter().map(|service| service.id.as_str()).collect::<Vec<_>>().join("+")
}

fn check_all(services: &[Service], cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .map(|(said, expected)| (said, expected, meant(said, services)))
        .filter(|(_, expected, got)| *expected != got)
        .map(|(said, expected, got)| format!("{said:?}: expected {expected:?}, got {got:?}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_exact_name_or_synonym_or_id_wins() {
    check_all(
        &salon(),
        &[
            ("Herrenhaarschnitt", "svc_herren"),
            ("herrenhaarschnitt mit bart", "svc_herrenbart"),
            ("Waschen, Schneiden, Föhnen", "svc_wsf"),
            ("waschen schneiden foehnen", "svc_wsf"),
            ("women's haircut", "svc_damen"),
            ("Mens haircut", "svc_herren"),
            ("Haare und Bart", "svc_herrenbart"),
            ("svc_konturen", "svc_konturen"),
            ("STRAEHNEN", "svc_straehnen"),
        ],
    );
}

#[test]
fn spelling_spacing_order_and_fillers_do_not_matter() {
    check_all(
        &salon(),
        &[
            ("Herren Haarschnitt", "svc_herren"),
            ("Herren-Haarschnitt", "svc_herren"),
            ("Herrnhaarschnitt", "svc_herren"),
            ("einen Haarschnitt für Männer bitte", "svc_herren"),
            ("Ich hätte gerne einen Termin für einen Herrenhaarschnitt am Freitag", "svc_herren"),
            ("Haarschnitt für Herren", "svc_herren"),
            ("Haarschnitt für meinen Mann", "svc_herren"),
            ("Frauenhaarschnitt", "svc_damen"),
            ("Haarschnitt Damen", "svc_damen"),
            ("Ansatz färben", "svc_ansatz"),
            ("Ansatz Farbe", "svc_ansatz"),
            ("den Ansatz nachfärben lassen", "svc_ansatz"),
            ("Strehnchen", "svc_straehnen"),
            ("Schneiden, Waschen und Föhnen", "svc_wsf"),
            ("Herrenschnitt mit Bart", "svc_herrenbart"),
            ("Herrenhaarschnitt und Bart", "svc_herrenbart"),
            ("I would like a men's haircut please", "svc_herren"),
            ("Konturen nach schneiden", "svc_konturen"),
        ],
    );
}

#[test]
fn a_word_that_fits_several_is_asked_back() {
    check_all(
        &salon(),
        &[
            ("Haarschnitt", "svc_herren|svc_damen"),
            ("einen Haarschnitt bitte", "svc_herren|svc_damen"),
            ("Haar schnitt", "svc_herren|svc_damen"),
            ("haircut", "svc_herren|svc_damen"),
            ("Strähnen und Konturen", "svc_straehnen|svc_konturen"),
        ],
    );
}

#[test]
fn what_is_not_offered_is_never_bent_into_what_is() {
    check_all(
        &salon(),
        &[
            ("Kinderhaarschnitt", ""),
            ("Dauerwelle", ""),
            ("Beratung", ""),
            ("Maniküre", ""),
            ("", ""),
            ("   ", ""),
            ("einen Termin bitte", ""),
            ("asdf qwer", ""),
            ("morgen um zehn", ""),
        ],
    );
    check_all(
        &barber(),
        &[
            ("Damenhaarschnitt", ""),
            ("Haarschnitt für Frauen", ""),
            ("Haarpflege", ""),
            ("Haarschnitt", "svc_herren"),
            ("Bart", "svc_bart"),
            ("Bart schneiden", "svc_bart"),
            ("Bartflege", "svc_bart"),
        ],
    );
}

#[test]
fn numbers_in_a_name_must_agree() {
    let massages = [
        service("m30", "Massage 30 Minuten", &[]),
        service("m60", "Massage 60 Minuten", &[]),
        service("d", "Dauerwelle", &[]),
    ];
    check_all(
        &massages,
        &[
            ("Massage dreißig Minuten", "m30"),
            ("Masage 60 Minuten", "m60"),
            ("Massage 90 Minuten", ""),
            ("Massage", "m30|m60"),
            ("Dauerwele", "d"),
        ],
    );
}

#[test]
fn several_services_are_read_from_one_sentence_and_commas_do_not_split_a_name() {
    let services = salon();
    for (said, expected) in [
        ("Waschen, Schneiden, Föhnen", "svc_wsf"),
        ("Waschen, Schneiden, Föhnen und Ansatzfarbe", "svc_wsf+svc_ansatz"),
        ("Strähnen, Waschen, Schneiden, Föhnen", "svc_straehnen+svc_wsf"),
        ("Herrenhaarschnitt mit Bart und Konturen", "svc_herrenbart+svc_konturen"),
        ("Haare und Bart", "svc_herrenbart"),
        ("einen Damenhaarschnitt und danach Strähnchen bitte", "svc_damen+svc_straehnen"),
        ("Damenhaarschnitt & Ansatz färben", "svc_damen+svc_ansatz"),
        ("Waschen und irgendwas", ""),
        ("Damenhaarschnitt und Dauerwelle", ""),
        ("Haarschnitt und Strähnen", ""),
        ("", ""),
        (",,,", ""),
    ] {
        assert_eq!(visit(said, &services), expected, "{said}");
    }
    let single = [service("w", "Waschen", &[]), service("a", "Ansatzfarbe", &[])];
    assert_eq!(visit("Waschen und Ansatzfarbe", &single), "w+a");
}

#[test]
fn more_than_four_services_are_no_visit() {
    let said = "Strähnen, Konturen, Ansatz, Damenschnitt, Herrenschnitt";
    assert_eq!(visit(said, &salon()), "");
}

fn team() -> Vec<Staff> {
    vec![
        person("stf_fabian", "Fabian Krüger", &[]),
        person("stf_emma", "Emma Winkler", &["Emmi"]),
        person("stf_leyla", "Leyla Aydin", &[]),
        person("stf_nele", "Nele Hartwig", &[]),
        person("stf_nina", "Nina Winkler", &[]),
    ]
}

fn wished(said: &str) -> String {
    let team = team();
    let people: Vec<&Staff> = team.iter().collect();
    match match_staff(said, &people) {
        Ok(Some(person)) => person.id.to_string(),
        Ok(None) => "anybody".to_owned(),
        Err(Match::Several(several)) => several.iter().map(|person| person.id.as_str()).collect::<Vec<_>>().join("|"),
        Err(_) => "nobody".to_owned(),
    }
}

#[test]
fn a_person_is_found_by_id_name_first_name_and_sound() {
    for (said, expected) in [
        ("stf_emma", "stf_emma"),
        ("Emma Winkler", "stf_emma"),
        ("Winkler, Emma", "stf_emma"),
        ("bei der Emma", "stf_emma"),
        ("zum Fabian bitte", "stf_fabian"),
        ("Herr Krüger", "stf_fabian"),
        ("bei Herrn Krueger", "stf_fabian"),
        ("ich möchte gerne zu Leila", "stf_leyla"),
        ("Frau Aidin", "stf_leyla"),
        ("Emmi", "stf_emma"),
        ("Fabian Kruger", "stf_fabian"),
        ("egal, aber am liebsten Nele", "stf_nele"),
        ("with Leyla please", "stf_leyla"),
    ] {
        assert_eq!(wished(said), expected, "{said}");
    }
}

#[test]
fn a_person_that_is_not_clear_is_asked_back_and_nobody_else_is_put_in_the_place() {
    for (said, expected) in [
        ("Frau Winkler", "stf_emma|stf_nina"),
        ("Emma oder Leyla", "stf_emma|stf_leyla"),
        ("Emma Schulz", "nobody"),
        ("Mario", "nobody"),
        ("nicht Fabian", "nobody"),
        ("egal, nur nicht Fabian", "anybody"),
    ] {
        assert_eq!(wished(said), expected, "{said}");
    }
}

#[test]
fn anybody_is_a_wish_too() {
    for said in [
        "egal",
        "ist mir egal",
        "irgendwer",
        "anybody",
        "anyone is fine",
        "keine Präferenz",
        "no preference",
        "wer gerade frei ist",
        "",
        "null",
        "n/a",
        "spielt keine Rolle",
        "doesn't matter",
        "-",
    ] {
        assert_eq!(wished(said), "anybody", "{said}");
    }
}

proptest! {
    #[test]
    fn a_services_own_name_always_means_it(names in prop::collection::btree_set("[A-ZÄÖÜ][a-zäöüß]{2,12}( [A-Za-zäöü]{3,10})?", 1..8)) {
        let mut keys = std::collections::BTreeSet::new();
        let distinct: Vec<&String> = names.iter().filter(|name| keys.insert(words(name).concat())).collect();
        let candidates: Vec<(&str, &[String])> = distinct.iter().map(|name| (name.as_str(), [].as_slice())).collect();
        for (place, (name, _)) in candidates.iter().enumerate() {
            prop_assert_eq!(match_text(name, &candidates), MatchText::One(place));
        }
    }

    #[test]
    fn no_text_is_too_strange(said in "\\PC{0,200}|[\\x00-\\x7f]{0,300}|(.|\u{202e}|\u{0}){0,200}") {
        let services = salon();
        let offered: Vec<&Service> = services.iter().collect();
        let _ = match_service(&said, &offered);
        let _ = match_services(&said, &offered);
        let team = team();
        let _ = match_staff(&said, &team.iter().collect::<Vec<_>>());
    }
}

#[test]
fn ten_thousand_characters_do_not_hold_up_a_call() {
    let services = salon();
    let offered: Vec<&Service> = services.iter().collect();
    for said in ["Haarschnitt und ".repeat(700), "a ".repeat(5_000), "ä".repeat(10_000), ",".repeat(10_000)] {
        let _ = match_service(&said, &offered);
        assert!(match_services(&said, &offered).is_empty());
    }
}
