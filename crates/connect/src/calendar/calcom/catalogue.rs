//! What can be booked with a key, whose it is, and where webhooks go: for the import and for `doctor`.

use frontdesk_domain::calendar::{Catalogue, EventType, EventTypeInfo, Host, Refusal, Scheduling, Told};
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use serde::de::DeserializeOwned;

use super::classify::{Endpoint, told};
use super::client::{Calcom, EVENT_TYPES, Path};
use super::{deadlines, wire};
use crate::http::{Answer, Method};

/// Teams looked into, one request each; nobody's key has more, and a minute has only so many requests.
const TEAMS: usize = 20;

/// Asks for everything, one request after the other. Whose key it is and its event types must be told; teams and
/// webhooks may be closed to it.
pub(super) async fn read(calcom: &Calcom) -> Told<Catalogue> {
    let mut catalogue = Catalogue::default();
    let me = calcom.ask(Method::Get, "/v2/me", None, None, deadlines::LOOK).await;
    let owner = told(Endpoint::Catalogue, me, |answer| {
        catalogue.clock = clock(answer);
        catalogue.per_minute = answer.header("x-ratelimit-limit-default").and_then(|limit| limit.parse().ok());
        data::<wire::Owner>(answer)
    });
    let owner = match owner {
        Told::Done(owner) => owner,
        other => return other.map(|_| Catalogue::default()),
    };

    let mut own = Path::new("/v2/event-types");
    if let Some(username) = &owner.username {
        own.pair("username", username);
    }
    match event_types(calcom, own.as_str(), None).await {
        Told::Done(found) => catalogue.event_types = found,
        other => return other.map(|_| Catalogue::default()),
    }
    let teams: Vec<wire::Team> = match list(calcom, "/v2/teams").await {
        Told::Done(teams) => teams,
        other => return other.map(|_| Catalogue::default()),
    };
    for team in teams.into_iter().take(TEAMS) {
        let path = format!("/v2/teams/{}/event-types", team.id);
        match event_types(calcom, &path, Some(team.id)).await {
            Told::Done(found) => catalogue.event_types.extend(found),
            Told::Refused(Refusal::KeyRefused | Refusal::NotFound | Refusal::NotSupported) => {}
            other => return other.map(|_| Catalogue::default()),
        }
    }
    // The same event type may be in the own list and in a team's; what the team says has the hosts.
    catalogue.event_types.reverse();
    let mut seen = std::collections::BTreeSet::new();
    catalogue.event_types.retain(|event_type| seen.insert(event_type.id));
    catalogue.event_types.sort_by_key(|event_type| event_type.id);

    let webhooks: Vec<wire::Webhook> = match list(calcom, "/v2/webhooks").await {
        Told::Done(webhooks) => webhooks,
        other => return other.map(|_| Catalogue::default()),
    };
    let signed = |webhook: &wire::Webhook| webhook.secret.as_ref().is_some_and(|secret| !secret.is_empty());
    catalogue.webhooks =
        webhooks.into_iter().filter(|of| of.active).map(|of| (of.subscriber_url.clone(), signed(&of))).collect();
    catalogue.owner = Some((Host(owner.id), owner.name, owner.time_zone));
    Told::Done(catalogue)
}

/// A list that may be closed to this key: then it is empty.
async fn list<T: DeserializeOwned>(calcom: &Calcom, path: &str) -> Told<Vec<T>> {
    let answer = calcom.ask(Method::Get, path, None, None, deadlines::LOOK).await;
    match told(Endpoint::Catalogue, answer, data::<Vec<T>>) {
        Told::Refused(Refusal::KeyRefused | Refusal::NotFound | Refusal::NotSupported) => Told::Done(Vec::new()),
        other => other,
    }
}

async fn event_types(calcom: &Calcom, path: &str, team: Option<u64>) -> Told<Vec<EventTypeInfo>> {
    let answer = calcom.ask(Method::Get, path, Some(EVENT_TYPES), None, deadlines::LOOK).await;
    told(Endpoint::Catalogue, answer, data::<Vec<wire::EventType>>)
        .map(|found| found.into_iter().map(|event_type| info(event_type, team)).collect())
}

fn data<T: DeserializeOwned>(answer: &Answer) -> Option<T> {
    serde_json::from_slice::<wire::Success<T>>(&answer.body).ok().map(|success| success.data)
}

/// The time in the `Date` header, to the second.
fn clock(answer: &Answer) -> Option<Timestamp> {
    rfc2822::DateTimeParser::new().parse_timestamp(answer.header("date")?).ok()
}

/// An event type in our words.
fn info(of: wire::EventType, team: Option<u64>) -> EventTypeInfo {
    let scheduling = match of.scheduling_type.as_deref().map(str::to_ascii_lowercase).as_deref() {
        Some("managed") => Scheduling::ManagedParent,
        Some("roundrobin" | "round_robin") => Scheduling::RoundRobin,
        Some("collective") => Scheduling::Collective,
        _ => Scheduling::Own,
    };
    let host = |person: wire::Person| Some((Host(person.user_id.or(person.id)?), person.name.unwrap_or_default()));
    let people = if of.hosts.is_empty() { of.users } else { of.hosts };
    let demanded = |field: &&wire::Field| field.required && !field.hidden;
    let phone_required = of.booking_fields.iter().filter(demanded).any(|field| field.slug == PHONE);
    let beside = |field: &&wire::Field| !["", "name", "email", PHONE].contains(&field.slug.as_str());
    EventTypeInfo {
        id: EventType(of.id),
        title: of.title,
        slug: of.slug,
        minutes: of.length_in_minutes,
        buffers: (of.before_event_buffer, of.after_event_buffer),
        team: of.team_id.or(team),
        scheduling,
        hosts: people.into_iter().filter_map(host).collect(),
        confirmation: of.confirmation_policy.is_some_and(|policy| !policy.disabled),
        seats: of.seats.filter(|seats| !seats.disabled).and_then(|seats| seats.seats_per_time_slot),
        required_fields: of.booking_fields.iter().filter(demanded).filter(beside).map(|of| of.slug.clone()).collect(),
        phone_required,
        hidden: of.hidden,
    }
}

/// The form's own name for a telephone number.
const PHONE: &str = "attendeePhoneNumber";
