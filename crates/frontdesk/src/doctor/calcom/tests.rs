#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use frontdesk_domain::calendar::{EventType, Host, Scheduling};

use super::*;
use crate::doctor::Level;
use crate::tenant_file;

const LINKED: &str = include_str!("../../../../../examples/salon-mit-calcom.toml");
const EVENTS: &str = "https://desk.example.org/v1/calcom/ep_1/events";

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_796_200_000 + second).unwrap()
}

fn info(id: u64, title: &str, minutes: u16, scheduling: Scheduling, hosts: &[(u64, &str)]) -> EventTypeInfo {
    EventTypeInfo {
        id: EventType(id),
        title: title.to_owned(),
        slug: String::new(),
        minutes,
        buffers: (0, 0),
        team: (scheduling == Scheduling::RoundRobin).then_some(1),
        scheduling,
        hosts: hosts.iter().map(|(id, name)| (Host(*id), (*name).to_owned())).collect(),
        confirmation: false,
        seats: None,
        required_fields: Vec::new(),
        phone_required: false,
        hidden: false,
    }
}

/// Everything as it should be.
fn catalogue() -> Catalogue {
    let emma = (1, "Emma Winkler");
    Catalogue {
        event_types: vec![
            info(1, "Damenhaarschnitt", 45, Scheduling::Own, &[emma]),
            info(2, "Waschen, Schneiden, Föhnen", 60, Scheduling::Own, &[emma]),
            info(8, "Haarschnitt", 30, Scheduling::RoundRobin, &[emma, (2, "Fabian Krüger"), (3, "Leyla Aydin")]),
        ],
        webhooks: vec![("https://elsewhere.example".to_owned(), false), (EVENTS.to_owned(), true)],
        clock: Some(at(0)),
        per_minute: Some(120),
        owner: Some((Host(1), "Emma Winkler".to_owned(), "Europe/Berlin".to_owned())),
    }
}

fn found(text: &str, read: Result<Catalogue, Trouble>, webhook_secrets: usize, now: Timestamp) -> Vec<Finding> {
    let tenant = tenant_file::read(text, "t.toml").unwrap_or_else(|errors| panic!("{errors}")).tenant;
    let link = tenant.calendar.as_ref().unwrap();
    calendar(&CalendarFacts { tenant: &tenant, link, events_url: EVENTS, webhook_secrets, read, now })
}

/// Level, check and words of everything that is not well.
fn bad(found: &[Finding]) -> Vec<(Level, String, String)> {
    let bad = found.iter().filter(|one| one.level != Level::Ok);
    bad.map(|one| {
        assert!(
            one.why.is_some() && one.mend.is_some() && one.tenant.as_deref() == Some("salon-mit-calcom"),
            "{one:?}"
        );
        (one.level, one.check.clone(), one.what.clone())
    })
    .collect()
}

#[test]
fn a_calendar_in_order_has_nothing_to_mend() {
    let found = found(LINKED, Ok(catalogue()), 1, at(4));
    assert_eq!(bad(&found), []);
    let checks: Vec<&str> = found.iter().map(|one| one.check.as_str()).collect();
    assert_eq!(checks, ["calendar_key", "calendar_clock", "calendar_rate", "calendar_webhook", "event_types"]);
    assert_eq!(found[0].what, "http://127.0.0.1:4010 takes the key; it is Emma Winkler's, in Europe/Berlin");
    assert_eq!(found[4].what, "all 3 mapped event types are there and fit");
}

#[test]
fn a_calendar_that_is_not_read_is_one_error_with_its_way_out() {
    let trouble = Trouble { what: "Cal.com does not take the key".to_owned(), mend: "make a new one".to_owned() };
    let found = found(LINKED, Err(trouble), 1, at(0));
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].level, found[0].check.as_str()), (Level::Error, "calendar_key"));
    assert_eq!(found[0].mend.as_deref(), Some("make a new one"));
}

#[test]
fn everything_of_the_account_that_does_not_fit_is_found() {
    type Spoil = fn(&mut Catalogue);
    let cases: &[(Spoil, usize, i64, Level, &str, &str)] = &[
        (|_| {}, 1, 5, Level::Error, "calendar_clock", "Cal.com's clock and ours are 5 seconds apart"),
        (|_| {}, 1, -5, Level::Error, "calendar_clock", "5 seconds apart"),
        (
            |c| c.per_minute = Some(60),
            1,
            0,
            Level::Error,
            "calendar_rate",
            "may ask 60 times a minute, but per_minute is 120",
        ),
        (|c| c.webhooks.truncate(1), 1, 0, Level::Warn, "calendar_webhook", "Cal.com has no webhook to https://desk"),
        (
            |c| c.webhooks[1].0 = "https://old.example/v1/calcom/ep_0/events".to_owned(),
            1,
            0,
            Level::Warn,
            "calendar_webhook",
            "Cal.com's webhook has another address than https://desk",
        ),
        (|c| c.webhooks[1].1 = false, 1, 0, Level::Error, "calendar_webhook", "is not signed"),
        (|_| {}, 0, 0, Level::Error, "calendar_webhook", "has no webhook_secrets"),
    ];
    for (spoil, secrets, second, level, check, what) in cases {
        let mut spoiled = catalogue();
        spoil(&mut spoiled);
        let found = bad(&found(LINKED, Ok(spoiled), *secrets, at(*second)));
        assert_eq!(found.len(), 1, "{check}: {found:?}");
        assert_eq!((found[0].0, found[0].1.as_str()), (*level, *check));
        assert!(found[0].2.contains(what), "{what}: {found:?}");
    }
    let unknown = Catalogue { per_minute: None, clock: None, ..catalogue() };
    assert_eq!(bad(&found(LINKED, Ok(unknown.clone()), 1, at(0))), []);
    let more = LINKED.replace("private = true", "private = true\nper_minute = 300");
    assert_eq!(bad(&found(&more, Ok(unknown), 1, at(0)))[0].1, "calendar_rate");
}

#[test]
fn everything_of_an_event_type_that_does_not_fit_is_found() {
    type Spoil = fn(&mut Vec<EventTypeInfo>);
    let (error, warn) = (Level::Error, Level::Warn);
    let cases: &[(Spoil, Level, &str, &str)] = &[
        (|all| drop(all.remove(0)), error, "event_type_missing", "event type 1 for \"Damenhaarschnitt\" is not there"),
        (
            |all| all[0].minutes = 60,
            error,
            "event_type_length",
            "event type 1 takes 60 minutes, \"Damenhaarschnitt\" takes 45",
        ),
        (|all| all[0].scheduling = Scheduling::ManagedParent, error, "event_type_managed", "is a managed template"),
        (|all| all[0].scheduling = Scheduling::Collective, error, "event_type_collective", "all its people at once"),
        (|all| all[0].required_fields = vec!["title".into(), "age".into()], error, "event_type_fields", "title, age"),
        (|all| all[0].phone_required = true, warn, "event_type_phone", "demands a telephone number"),
        (|all| all[0].confirmation = true, warn, "event_type_confirmation", "say yes"),
        (|all| all[0].seats = Some(5), warn, "event_type_seats", "has 5 seats"),
        (|all| all[0].buffers = (0, 10), warn, "event_type_buffers", "0 minutes before and 10 after"),
        (|all| all[0].title = "Schnitt (1 von 2)".into(), warn, "event_type_segment", "part 1 of 2"),
        (|all| all[0].hosts = vec![(Host(9), "Jo Neu".into())], error, "event_type_owner", "neither Emma Winkler's"),
        (
            |all| {
                all[0].hosts = vec![(Host(2), "Fabian Krüger".into())];
                all[0].team = Some(1);
            },
            error,
            "event_type_host",
            "is mapped to Emma Winkler, but in Cal.com it is Fabian Krüger's",
        ),
        (
            |all| {
                all[0].hosts = all[2].hosts.clone();
                all[0].scheduling = Scheduling::RoundRobin;
            },
            error,
            "event_type_host",
            "is mapped to Emma Winkler alone, but several people share it",
        ),
        (|all| drop(all[2].hosts.remove(1)), error, "event_type_host", "Fabian Krüger is not host 2 of event type 8"),
    ];
    for (spoil, level, check, what) in cases {
        let mut spoiled = catalogue();
        spoil(&mut spoiled.event_types);
        let found = bad(&found(LINKED, Ok(spoiled), 1, at(0)));
        assert_eq!(found.len(), 1, "{check}: {found:?}");
        assert_eq!((found[0].0, found[0].1.as_str()), (*level, *check));
        assert!(found[0].2.contains(what), "{what}: {found:?}");
    }
}

#[test]
fn what_the_file_says_otherwise_is_found_too() {
    let fields = LINKED.replace("id = 1\n", "id = 1\nfields = { title = \"Termin\" }\n");
    let mut demanding = catalogue();
    demanding.event_types[0].required_fields = vec!["title".to_owned()];
    assert_eq!(bad(&found(&fields, Ok(demanding), 1, at(0))), [], "what is said is not missing");
    for (from, to, level, check, what) in [
        (", leyla = 3 }", " }", Level::Warn, "mapping", "no event type stands for \"Haarschnitt\" with Leyla Aydin"),
        (
            "hosts = { emma = 1, fabian = 2, leyla = 3 }\n",
            "",
            Level::Warn,
            "event_type_host",
            "Cal.com chooses who serves",
        ),
        ("staff = \"Emma Winkler\"\nid = 1\n", "id = 1\n", Level::Error, "event_type_host", "is one person's own"),
    ] {
        assert!(LINKED.contains(from), "{from}");
        let found = bad(&found(&LINKED.replace(from, to), Ok(catalogue()), 1, at(0)));
        assert_eq!(found.len(), 1, "{check}: {found:?}");
        assert_eq!((found[0].0, found[0].1.as_str()), (level, check));
        assert!(found[0].2.contains(what), "{what}: {found:?}");
    }
}
