//! What the import and `doctor` learn of a calendar.

use frontdesk_domain::calendar::{Doubt, EventType, Host, Refusal, Scheduling, Told};

use crate::kit::{answer, at, hearing, recorded};

#[tokio::test]
async fn everything_that_can_be_booked_is_listed_with_who_serves_and_what_the_form_demands() {
    let (calendar, sent) = hearing(vec![
        recorded("me"),
        recorded("event-types-list"),
        recorded("teams-list"),
        recorded("teams-event-types-list"),
        recorded("webhooks-list"),
    ]);
    let Told::Done(catalogue) = calendar.catalogue().await else { panic!("no catalogue") };
    assert_eq!(catalogue.owner, Some((Host(1), "Olga Owner".to_owned(), "Europe/Berlin".to_owned())));
    assert_eq!(catalogue.clock.map(|clock| clock > at("2026-11-21T00:00:00Z")), Some(true));
    assert_eq!(catalogue.per_minute, Some(1_000_000));
    assert_eq!(catalogue.webhooks, [("http://127.0.0.1:58080/hook".to_owned(), true)]);
    let [own, team] = catalogue.event_types.as_slice() else { panic!("{:?}", catalogue.event_types) };
    assert_eq!((own.id, own.slug.as_str(), own.minutes), (EventType(1), "beratung-30", 30));
    assert_eq!((own.scheduling, own.team, own.confirmation, own.seats), (Scheduling::Own, None, false, None));
    assert_eq!(own.hosts, [(Host(1), "Olga Owner".to_owned())]);
    assert_eq!((team.scheduling, team.team), (Scheduling::RoundRobin, Some(2)));
    assert_eq!(team.hosts, [(Host(2), "Anna Staff".to_owned()), (Host(3), "Bernd Staff".to_owned())]);
    assert!(team.required_fields.is_empty(), "a hidden title is not demanded: {:?}", team.required_fields);
    let asked: Vec<(String, Option<String>)> = sent
        .lock()
        .unwrap()
        .iter()
        .map(|(request, _)| {
            let path = request.url.trim_start_matches("https://api.cal.com").to_owned();
            (path, request.header("cal-api-version").map(str::to_owned))
        })
        .collect();
    let version = || Some("2024-06-14".to_owned());
    assert_eq!(
        asked,
        [
            ("/v2/me".to_owned(), None),
            ("/v2/event-types?username=owner".to_owned(), version()),
            ("/v2/teams".to_owned(), None),
            ("/v2/teams/2/event-types".to_owned(), version()),
            ("/v2/webhooks".to_owned(), None),
        ]
    );
}

#[tokio::test]
async fn a_template_seats_confirmation_and_demanded_fields_are_seen() {
    let types = r#"{"status":"success","data":[
        {"id":5,"title":"Vorlage","slug":"v","lengthInMinutes":45,"schedulingType":"MANAGED","beforeEventBuffer":5,"afterEventBuffer":10,"hidden":true},
        {"id":6,"title":"Kurs","slug":"k","lengthInMinutes":60,"schedulingType":"collective","seats":{"seatsPerTimeSlot":8},
         "confirmationPolicy":{"type":"always"},"bookingFields":[
            {"slug":"title","type":"text","required":true,"hidden":false},
            {"slug":"attendeePhoneNumber","type":"phone","required":true},
            {"slug":"notes","required":false}, {"type":"split","required":true}]},
        {"id":7,"title":null,"slug":7,"lengthInMinutes":"x","users":null}
    ]}"#;
    let empty = || answer(200, r#"{"status":"success","data":[]}"#);
    let refused = || answer(403, r#"{"statusCode":403,"message":"no"}"#);
    let (calendar, _) = hearing(vec![recorded("me"), answer(200, types), refused(), empty()]);
    let Told::Done(catalogue) = calendar.catalogue().await else { panic!("no catalogue") };
    let [template, course, odd] = catalogue.event_types.as_slice() else { panic!("{:?}", catalogue.event_types) };
    assert_eq!((template.scheduling, template.buffers, template.hidden), (Scheduling::ManagedParent, (5, 10), true));
    assert_eq!((course.scheduling, course.seats, course.confirmation), (Scheduling::Collective, Some(8), true));
    assert_eq!((course.required_fields.as_slice(), course.phone_required), (["title".to_owned()].as_slice(), true));
    assert_eq!((odd.id, odd.minutes), (EventType(7), 0));
}

#[tokio::test]
async fn a_catalogue_with_holes_is_none() {
    let (calendar, _) = hearing(vec![recorded("auth-bad-key")]);
    assert_eq!(calendar.catalogue().await, Told::Refused(Refusal::KeyRefused));
    let (calendar, _) = hearing(vec![recorded("me"), answer(200, "{}")]);
    assert_eq!(calendar.catalogue().await, Told::Unknown(Doubt::Unreadable));
    let (calendar, _) = hearing(vec![recorded("me"), recorded("event-types-list"), recorded("rate-limit-exceeded")]);
    assert_eq!(calendar.catalogue().await, Told::Unknown(Doubt::RateLimited));
}
