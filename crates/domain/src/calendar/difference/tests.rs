#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use serde_json::json;

use super::*;

fn tenant() -> Tenant {
    let service = |id: &str, name: &str, phases: serde_json::Value| json!({ "id": id, "name": name, "phases": phases, "synonyms": [] });
    let staff = |id: &str, name: &str, services: &[&str]| json!({ "id": id, "name": name, "branch": "mitte", "services": services });
    serde_json::from_value(json!({
        "id": "ten_1", "slug": "a", "name": "Salon", "language": "de", "country": "DE", "mode": "calendar-first",
        "slot_grid_minutes": 15, "default_branch": "mitte",
        "branches": [{ "id": "mitte", "name": "Mitte", "zone": "Europe/Berlin", "hours": {}, "lines": [] }],
        "services": [
            service("herren", "Herrenhaarschnitt", json!([{ "minutes": 30 }])),
            service("bart", "Herrenhaarschnitt mit Bart", json!([{ "minutes": 60 }])),
            service("farbe", "Ansatzfarbe", json!([{ "minutes": 30 }, { "minutes": 40, "staff_free": true }, { "minutes": 20 }])),
        ],
        "staff": [
            staff("emma", "Emma Winkler", &["herren", "farbe"]),
            staff("fabian", "Fabian Krüger", &["herren", "bart"]),
        ],
    }))
    .unwrap()
}

fn link(event_types: serde_json::Value) -> CalendarLink {
    let link = json!({ "provider": "calcom", "url": "https://api.cal.com", "event_types": event_types });
    serde_json::from_value(link).unwrap()
}

fn info(id: u64, title: &str, minutes: u16, scheduling: Scheduling, hosts: &[(u64, &str)]) -> EventTypeInfo {
    EventTypeInfo {
        id: EventType(id),
        title: title.to_owned(),
        slug: String::new(),
        minutes,
        buffers: (0, 0),
        team: None,
        scheduling,
        hosts: hosts.iter().map(|(id, name)| (Host(*id), (*name).to_owned())).collect(),
        confirmation: false,
        seats: None,
        required_fields: Vec::new(),
        phone_required: false,
        hidden: false,
    }
}

fn compared(event_types: serde_json::Value, infos: Vec<EventTypeInfo>) -> Difference {
    let catalogue = Catalogue { event_types: infos, ..Catalogue::default() };
    difference(&tenant(), &link(event_types), &catalogue)
}

/// Everything is mapped and there.
fn complete() -> (serde_json::Value, Vec<EventTypeInfo>) {
    let mapped = json!([
        { "service": "herren", "staff": "emma", "ids": [1] },
        { "service": "herren", "staff": "fabian", "ids": [2] },
        { "service": "bart", "ids": [3], "hosts": { "fabian": 12 } },
        { "service": "farbe", "staff": "emma", "ids": [4, 5] },
    ]);
    let infos = vec![
        info(1, "Herrenhaarschnitt", 30, Scheduling::Own, &[(11, "Emma Winkler")]),
        info(2, "Herrenhaarschnitt", 30, Scheduling::Own, &[(12, "Fabian Krüger")]),
        info(3, "Herrenhaarschnitt mit Bart", 60, Scheduling::RoundRobin, &[(12, "Fabian Krüger")]),
        info(4, "Ansatzfarbe (1 von 2)", 30, Scheduling::Own, &[(11, "Emma Winkler")]),
        info(5, "Ansatzfarbe (2 von 2)", 20, Scheduling::Own, &[(11, "Emma Winkler")]),
    ];
    (mapped, infos)
}

#[test]
fn a_catalogue_that_says_the_same_makes_no_difference() {
    let (mapped, infos) = complete();
    assert_eq!(compared(mapped, infos), Difference::default());
}

#[test]
fn a_new_event_type_is_what_its_name_and_kind_say() {
    let known = |id: &str| Seems::Known(id.into());
    let cases = [
        ("Herrenhaarschnitt", Scheduling::Own, known("herren")),
        ("HERRENHAARSCHNITT MIT BART bei Fabian", Scheduling::Own, known("bart")),
        ("Kinderhaarschnitt", Scheduling::Own, Seems::Unknown),
        ("Auswaschen (3 von 4)", Scheduling::Own, Seems::Segment { number: 3, of: 4, service: None }),
        (
            "Ansatzfarbe: Auswaschen (3/4)",
            Scheduling::Own,
            Seems::Segment { number: 3, of: 4, service: Some("farbe".into()) },
        ),
        ("Herrenhaarschnitt", Scheduling::ManagedParent, Seems::Template),
        ("Herrenhaarschnitt", Scheduling::Collective, Seems::Together),
    ];
    for (title, scheduling, seems) in cases {
        let (mapped, mut infos) = complete();
        infos.push(info(9, title, 30, scheduling, &[(11, "emma winkler"), (77, "Jo Neu")]));
        let found = compared(mapped, infos);
        assert_eq!(found.fresh.len(), 1);
        assert_eq!(found.fresh[0].seems, seems, "{title}");
        assert_eq!(found.fresh[0].served_by.known, [("emma".into(), Host(11))].into());
        assert_eq!(found.fresh[0].served_by.unknown, ["Jo Neu"]);
        assert_eq!(found.fresh[0].served_by.shared, scheduling != Scheduling::Own);
    }
}

#[test]
fn parts_of_a_service_are_recognised_by_their_count() {
    for (title, wanted) in [
        ("Auswaschen (3 von 4)", Some((3, 4))),
        ("Farbe [1 of 2]", Some((1, 2))),
        ("Schnitt 2/3", Some((2, 3))),
        ("Schnitt (2/3)", Some((2, 3))),
        ("Schnitt", None),
        ("Schnitt 5 von 4", None),
        ("Schnitt 0 von 4", None),
        ("Schnitt 1 von 1", None),
        ("Balayage 2026/27", None),
        ("Waschen und/oder Föhnen", None),
        ("30 45", None),
    ] {
        assert_eq!(segment(title), wanted, "{title}");
    }
}

#[test]
fn a_person_without_an_event_type_is_a_hole_and_what_may_fill_it_is_named() {
    let (mapped, infos) = complete();
    let without = |place: usize| {
        let mut mapped = mapped.clone();
        mapped.as_array_mut().unwrap().remove(place);
        compared(mapped, infos.clone())
    };
    let hole = |service: &str, staff: &str, candidates: Vec<(EventType, Option<Host>)>| {
        vec![Hole { service: service.into(), staff: staff.into(), candidates }]
    };
    assert_eq!(without(0).holes, hole("herren", "emma", vec![(EventType(1), None)]));
    assert_eq!(without(2).holes, hole("bart", "fabian", vec![(EventType(3), Some(Host(12)))]));
    assert_eq!(without(3).holes, hole("farbe", "emma", Vec::new()), "parts are no whole");
    let mut absent = tenant();
    absent.staff[0].active = false;
    let catalogue = Catalogue { event_types: infos.clone(), ..Catalogue::default() };
    let found = difference(&absent, &link(json!([mapped[1], mapped[2]])), &catalogue);
    assert_eq!(found.holes, Vec::new(), "who is not there needs none");
}

#[test]
fn what_is_gone_of_another_length_or_without_its_host_is_told() {
    let (mapped, mut infos) = complete();
    infos.remove(0);
    infos[0].minutes = 45;
    infos[1].hosts = vec![(Host(99), "Jo Neu".to_owned())];
    infos[3].minutes = 25;
    let found = compared(mapped, infos);
    assert_eq!(found.gone, [Gone { id: EventType(1), service: "herren".into(), staff: Some("emma".into()) }]);
    let length = |id, service: &str, ours, theirs| Length { id: EventType(id), service: service.into(), ours, theirs };
    assert_eq!(found.lengths, [length(2, "herren", 30, 45), length(5, "farbe", 20, 25)]);
    let stranger = Stranger { id: EventType(3), service: "bart".into(), staff: "fabian".into(), host: Host(12) };
    assert_eq!(found.strangers, [stranger]);
    assert!(found.fresh.is_empty() && found.holes.is_empty());
}

#[test]
fn a_first_name_is_enough_where_only_one_has_it() {
    let mut people = tenant().staff;
    assert_eq!(person_named("Fabian", &people).unwrap().id.as_str(), "fabian");
    assert_eq!(person_named("Fabian Krueger", &people).unwrap().id.as_str(), "fabian");
    assert!(person_named("Fabian Neu", &people).is_none());
    people[0].name = "Fabian Winkler".to_owned();
    assert!(person_named("Fabian", &people).is_none());
}

#[test]
fn what_event_types_are_expected_is_what_a_visit_puts_into_them() {
    let at = |minute: i64| jiff::Timestamp::from_second(1_796_200_000 + minute * 60).unwrap();
    for phases in [
        json!([{ "minutes": 30 }]),
        json!([{ "minutes": 30 }, { "minutes": 40, "staff_free": true }, { "minutes": 20 }]),
        json!([{ "minutes": 10 }, { "minutes": 20 }, { "minutes": 5, "staff_free": true }, { "minutes": 15 }]),
        json!([{ "minutes": 10 }, { "minutes": 5, "staff_free": true }]),
    ] {
        let mut service = tenant().services[2].clone();
        service.phases = serde_json::from_value(phases.clone()).unwrap();
        let count = busy_minutes(&service).len();
        let minutes = i64::from(service.minutes());
        let leg = crate::slots::Leg {
            service: service.id.clone(),
            staff: "emma".into(),
            start: at(0),
            end: at(minutes),
            busy: Vec::new(),
        };
        let visit = crate::slots::Visit { start: at(0), end: at(minutes), legs: vec![leg] };
        for ids in [vec![1], (1..=count as u64).collect::<Vec<_>>()] {
            let link = link(json!([{ "service": "farbe", "staff": "emma", "ids": ids }]));
            let parts = link.parts(&visit, |_| Some(&service)).unwrap();
            let length = |part: &super::super::link::Part| part.end.duration_since(part.start).as_mins();
            let lengths: Vec<i64> = parts.iter().map(length).collect();
            let expected: Vec<i64> =
                expected_minutes(&link.event_types[0], &service).into_iter().map(i64::from).collect();
            assert_eq!(lengths, expected, "{phases} in {count}");
        }
    }
}
