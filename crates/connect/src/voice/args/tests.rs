#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use proptest::prelude::*;
use serde::de::DeserializeSeed;
use serde_json::{Value, json};

use super::super::sieve::{Keep, Sieve};
use super::*;

// proptest takes a brace in an assertion for a placeholder.
const OPEN: char = '{';
const CLOSE: char = '}';

fn read(arguments: Value) -> Args {
    read_text(&arguments.to_string())
}

fn read_text(text: &str) -> Args {
    let mut json = serde_json::Deserializer::from_str(text);
    match Sieve(&Keep::Arguments).deserialize(&mut json).unwrap() {
        Node::Arguments(arguments) => arguments.into_args(),
        _ => panic!("no arguments"),
    }
}

#[test]
fn no_spelling_names_two_arguments() {
    let mut seen = BTreeMap::new();
    for (field, spellings) in SPELLINGS {
        for spelling in *spellings {
            let earlier = seen.insert(folded(spelling), *field);
            assert_eq!(earlier, None, "{spelling}");
            assert!(spelling.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{spelling} can be found");
            assert_eq!(field_of(spelling).unwrap().0, *field, "{spelling}");
        }
    }
}

#[test]
fn the_names_of_the_published_functions_are_canonical() {
    for name in [
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
    ] {
        assert_eq!(field_of(name).unwrap().1, 0, "{name}");
    }
}

#[test]
fn case_hyphens_and_umlauts_do_not_count() {
    for key in
        ["bestaetigung", "Bestätigung", "BESTÄTIGUNG", "besta\u{308}tigung", "bestae-tigung", "confirm", " Confirm "]
    {
        assert_eq!(read(json!({key: true})).confirm, Some(true), "{key}");
    }
    for key in ["service_name", "serviceName", "Service-Name", "SERVICE NAME", "dienstleistung", "Leistung"] {
        assert_eq!(read(json!({key: "Bart"})).service_name.as_deref(), Some("Bart"), "{key}");
    }
    assert_eq!(read(json!({"rückrufzeit": "abends"})).window.as_deref(), Some("abends"));
    assert_eq!(read(json!({"services_name": "Bart", "serv": "Bart", "": "Bart"})), Args::default());
}

#[test]
fn the_canonical_name_wins_in_either_order_unless_it_is_empty() {
    for text in [r#"{"date": "heute", "datum": "morgen"}"#, r#"{"datum": "morgen", "date": "heute"}"#] {
        assert_eq!(read_text(text).date.as_deref(), Some("heute"), "{text}");
    }
    for nothing in ["null", r#""""#, r#"" ""#, r#""null""#, "{}", "[]", r#""{{date}}""#, "false", "[null]"] {
        let text = format!(r#"{{"datum": "morgen", "date": {nothing}}}"#);
        assert_eq!(read_text(&text).date.as_deref(), Some("morgen"), "{text}");
        let text = format!(r#"{{"date": {nothing}, "datum": "morgen"}}"#);
        assert_eq!(read_text(&text).date.as_deref(), Some("morgen"), "{text}");
    }
    assert_eq!(read_text(r#"{"date": "heute", "date": "morgen"}"#).date.as_deref(), Some("morgen"));
}

#[test]
fn what_models_write_for_nothing_is_nothing() {
    for nothing in [
        "",
        "  ",
        "null",
        "NULL",
        "None",
        "undefined",
        "n/a",
        "N/A",
        "{{customer_name}}",
        " {{first}} {{last}} ",
        "\0",
        "\u{200b}",
        "{}",
    ] {
        assert_eq!(read(json!({"customer_name": nothing, "notes": nothing})), Args::default(), "{nothing:?}");
    }
    let named = read(json!({"customer_name": "Nonette Null"}));
    assert_eq!(named.customer_name.unwrap().reveal(), "Nonette Null");
}

#[test]
fn texts_lose_what_cannot_be_spoken() {
    let args = read(json!({
        "service": "\u{feff} Bart\0\u{7}pflege \u{202e}", "time": "halb\ndrei", "staff": "{{Emma}} oder {{Fabian}} bitte",
        "notes": "<b>Bitte</b> <script>alert(1)</script>leise, Kind < 3, <<i>script> {{call_id}}",
        "email": "Max <max@example.org>",
    }));
    assert_eq!(args.service_name.as_deref(), Some("Bartpflege"));
    assert_eq!(args.time.as_deref(), Some("halb drei"));
    assert_eq!(args.staff_name.as_deref(), Some("Emma oder Fabian bitte"));
    assert_eq!(args.notes.unwrap().reveal(), "Bitte alert(1)leise, Kind  3, script call_id");
    assert_eq!(args.customer_email.unwrap().reveal(), "Max <max@example.org>");
}

#[test]
fn a_comma_never_splits_a_service() {
    let args = read(json!({"service_name": "Waschen, Schneiden, Föhnen", "services": "Waschen, Schneiden"}));
    assert_eq!(args.service_name.as_deref(), Some("Waschen, Schneiden, Föhnen"));
    assert_eq!(args.services, ["Waschen, Schneiden"]);
}

#[test]
fn several_services_come_in_every_wrapping() {
    for services in [
        json!({"services": ["Schnitt", "Farbe"]}),
        json!({"dienstleistungen": [{"name": "Schnitt"}, {"service_name": "Farbe", "minutes": 30}, null, ""]}),
        json!({"services": r#"["Schnitt", "Farbe"]"#}),
        json!({"services": r#"[{"name": "Schnitt"}, "Farbe"]"#}),
        json!({"service_name": ["Schnitt", "Farbe"]}),
    ] {
        let args = read(services.clone());
        assert_eq!(args.services, ["Schnitt", "Farbe"], "{services}");
        assert_eq!(args.service_name, None, "{services}");
    }
    assert_eq!(read(json!({"service": ["Schnitt"]})).service_name.as_deref(), Some("Schnitt"));
    assert_eq!(read(json!({"service": {"name": "Schnitt", "id": 3}})).service_name.as_deref(), Some("Schnitt"));
}

#[test]
fn a_moment_fills_what_date_and_time_leave_open() {
    let read = |text| {
        let args = read_text(text);
        (args.date.unwrap_or_default(), args.time.unwrap_or_default())
    };
    let pair = |date: &str, time: &str| (date.to_owned(), time.to_owned());
    assert_eq!(read(r#"{"start": "2026-12-02T10:00"}"#), pair("2026-12-02T10:00", ""));
    assert_eq!(read(r#"{"datetime": "2026-12-02", "time": "halb drei"}"#), pair("2026-12-02", "halb drei"));
    assert_eq!(read(r#"{"date": "morgen", "start_time": "14:30"}"#), pair("morgen", "14:30"));
    assert_eq!(read(r#"{"date": "morgen", "start": "2026-12-02T10:00"}"#), pair("2026-12-02T10:00", ""));
    assert_eq!(read(r#"{"date": "a", "time": "b", "start": "2026-12-02T10:00"}"#), pair("a", "b"));
}

#[test]
fn a_number_is_text_unless_it_lost_a_digit() {
    let args = read_text(r#"{"date": 20261202, "time": 14.30, "phone": 491713920017, "service": 3.0}"#);
    assert_eq!((args.date.as_deref(), args.time.as_deref()), (Some("20261202"), None));
    assert_eq!(args.phone.unwrap().reveal(), "491713920017");
    assert_eq!(args.service_name.as_deref(), Some("3"));
}

#[test]
fn yes_and_counts_are_read_from_anything_sensible() {
    for (value, yes) in [
        (json!(true), Some(true)),
        (json!("Ja"), Some(true)),
        (json!("yes"), Some(true)),
        (json!(1), Some(true)),
        (json!({"value": true}), Some(true)),
        (json!(false), Some(false)),
        (json!("nein"), Some(false)),
        (json!("0"), Some(false)),
        (json!("vielleicht"), None),
        (json!(2), None),
    ] {
        assert_eq!(read(json!({"bestätigung": value.clone()})).confirm, yes, "{value}");
    }
    for (value, count) in [
        (json!(3), Some(3)),
        (json!("3"), Some(3)),
        (json!(3.0), Some(3)),
        (json!(1e300), None),
        (json!(99), Some(10)),
        (json!(0), None),
        (json!(-1), None),
        (json!("drei"), None),
        (json!([2]), Some(2)),
    ] {
        assert_eq!(read(json!({"anzahl": value.clone()})).count, count, "{value}");
    }
}

proptest! {
    #[test]
    fn whatever_is_said_stays_short_and_clean(text in any::<String>(), key in "[a-zA-Zäöü_ -]{0,20}") {
        let args = read(json!({key: &text, "service": &text, "notes": &text, "services": [&text], "date": &text}));
        let notes = args.notes.as_ref().map(|notes| notes.reveal().clone());
        prop_assert!(!notes.iter().any(|notes| notes.contains(['<', '>'])));
        for said in args.service_name.iter().chain(&args.services).chain(&args.date).chain(&notes) {
            prop_assert!(!said.is_empty() && said.trim() == said && said.chars().count() <= NOTES_CHARS);
            prop_assert!(!said.chars().any(|letter| letter.is_control() || matches!(letter, OPEN | CLOSE)));
        }
    }
}
