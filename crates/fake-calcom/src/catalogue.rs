//! Users, schedules, teams and event types.

use serde_json::{Map, Value, json};

use crate::errors::Trouble;
use crate::fake::Reply;
use crate::state::{Person, State};
use crate::wire::{Call, Version};
use crate::world::{EventType, Schedule, Team};

/// Whatever is asked about people and what they offer.
pub(crate) fn answer(state: &mut State, call: &Call) -> Result<Reply, Trouble> {
    let path = call.path();
    match (call.method.as_str(), path.as_slice()) {
        (_, ["v2", "me"]) => me(state, call),
        ("GET", ["v2", "schedules"]) => {
            let person = caller(state, call)?;
            Ok(Reply::success(200, person.user.schedule.iter().map(|it| schedule(it, person.user.id)).collect()))
        }
        ("POST", ["v2", "schedules"]) => create_schedule(state, call),
        ("GET", ["v2", "event-types"]) => list_event_types(state, call),
        ("POST", ["v2", "event-types"]) => {
            let owner = caller(state, call)?.user.id;
            create_event_type(state, call, Some(owner), None)
        }
        (_, ["v2", "event-types", id]) => one_event_type(state, call, id, None),
        ("GET", ["v2", "teams"]) => {
            let user = caller(state, call)?.user.id;
            let own = state.teams.values().filter(|it| it.members.iter().any(|member| member.user_id == user));
            Ok(Reply::success(200, own.map(team).collect()))
        }
        (_, ["v2", "teams", id, rest @ ..]) => {
            let missing = || Trouble::not_found(format!("Team with id {id} not found"));
            let id = id.parse().ok().filter(|id| state.teams.contains_key(id)).ok_or_else(missing)?;
            of_team(state, call, id, rest)
        }
        _ => Err(Trouble::no_route(&call.method, &call.target)),
    }
}

fn of_team(state: &mut State, call: &Call, id: u64, rest: &[&str]) -> Result<Reply, Trouble> {
    match (call.method.as_str(), rest) {
        ("GET", ["memberships"]) => Ok(Reply::success(200, memberships(state, id))),
        ("GET", ["event-types"]) => {
            let own = state.event_types.values().filter(|it| it.team_id == Some(id));
            Ok(Reply::success(200, own.map(|it| event_type(state, it)).collect()))
        }
        ("POST", ["event-types"]) => {
            leader(state, call, id)?;
            create_event_type(state, call, None, Some(id))
        }
        (_, ["event-types", event_type]) => one_event_type(state, call, event_type, Some(id)),
        _ => Err(Trouble::no_route(&call.method, &call.target)),
    }
}

fn caller<'a>(state: &'a State, call: &Call) -> Result<&'a Person, Trouble> {
    call.caller.user().and_then(|id| state.users.get(&id)).ok_or_else(crate::route::unknown_key)
}

fn leader(state: &State, call: &Call, team: u64) -> Result<(), Trouble> {
    let leads = call.caller.user().is_some_and(|user| state.leads(user, team));
    if leads { Ok(()) } else { Err(Trouble::forbidden("RolesGuard - User does not lead this team")) }
}

fn me(state: &State, call: &Call) -> Result<Reply, Trouble> {
    let user = &caller(state, call)?.user;
    Ok(Reply::success(
        200,
        json!({
            "id": user.id,
            "email": user.email,
            "name": user.name,
            "avatarUrl": null,
            "bio": null,
            "timeFormat": user.time_format,
            "defaultScheduleId": user.schedule.as_ref().map(|it| it.id),
            "weekStart": user.week_start,
            "timeZone": user.time_zone,
            "username": user.username,
            "organizationId": null,
        }),
    ))
}

fn schedule(schedule: &Schedule, owner: u64) -> Value {
    json!({
        "id": schedule.id,
        "ownerId": owner,
        "name": schedule.name,
        "timeZone": schedule.time_zone,
        "availability": schedule.availability,
        "isDefault": true,
        "overrides": schedule.overrides,
    })
}

/// A user has one schedule here; a new one takes the place of the old one.
fn create_schedule(state: &mut State, call: &Call) -> Result<Reply, Trouble> {
    let mut user = caller(state, call)?.user.clone();
    let mut body = call.body.clone();
    if let Some(body) = body.as_object_mut() {
        body.insert("id".to_owned(), json!(state.next_schedule));
        body.entry("availability").or_insert_with(|| json!([]));
    }
    let new: Schedule = serde_json::from_value(body)
        .map_err(|error| Trouble::property("schedule", &format!("schedule is not understood: {error}")))?;
    let reply = Reply::success(201, schedule(&new, user.id));
    user.schedule = Some(new);
    state.add_user(user);
    Ok(reply)
}

fn list_event_types(state: &State, call: &Call) -> Result<Reply, Trouble> {
    let owner = match call.query("username") {
        Some(name) => state.users.values().find(|person| person.user.username == name).map(|person| person.user.id),
        None => call.caller.user(),
    };
    let slug = call.query("eventSlug");
    let own = state
        .event_types
        .values()
        .filter(|it| it.owner_id.is_some() && it.owner_id == owner && slug.is_none_or(|slug| it.slug == slug));
    Ok(Reply::success(200, own.map(|it| event_type(state, it)).collect()))
}

fn one_event_type(state: &mut State, call: &Call, id: &str, team: Option<u64>) -> Result<Reply, Trouble> {
    let missing = || Trouble::not_found(format!("Event type with id {id} not found"));
    let found = id.parse().ok().and_then(|id| state.event_types.get(&id));
    let mut found = found.filter(|it| team.is_none() || it.team_id == team).ok_or_else(missing)?.clone();
    if call.method == "GET" {
        return Ok(Reply::success(200, event_type(state, &found)));
    }
    match found.team_id {
        Some(team) => leader(state, call, team)?,
        None if found.owner_id != call.caller.user() => {
            return Err(Trouble::forbidden("User is not the owner of the event type"));
        }
        None => {}
    }
    if call.method == "DELETE" {
        state.event_types.remove(&found.id);
        return Ok(Reply::success(
            200,
            json!({ "id": found.id, "lengthInMinutes": found.length_in_minutes, "title": found.title, "slug": found.slug }),
        ));
    }
    change(&mut found, &call.body)?;
    let reply = Reply::success(200, event_type(state, &found));
    state.event_types.insert(found.id, found);
    Ok(reply)
}

fn create_event_type(state: &mut State, call: &Call, owner: Option<u64>, team: Option<u64>) -> Result<Reply, Trouble> {
    if call.version != Version::EventTypes && team.is_none() {
        return Err(oldest_version(&call.body));
    }
    for name in ["title", "slug"] {
        if call.text(name).is_none() {
            return Err(Trouble::property(name, &format!("{name} must be a string")));
        }
    }
    if call.number("lengthInMinutes").is_none_or(|minutes| minutes < 1) {
        return Err(Trouble::property("lengthInMinutes", "lengthInMinutes must not be less than 1"));
    }
    let hides_email = call.body.get("bookingFields").and_then(Value::as_array).is_some_and(|fields| {
        fields.iter().any(|field| {
            field.get("type").and_then(Value::as_str) == Some("email")
                && (field.get("required").and_then(Value::as_bool) == Some(false)
                    || field.get("hidden").and_then(Value::as_bool) == Some(true))
        })
    });
    if hides_email && team.is_none() {
        return Err(Trouble::bad_request(
            "checkIsEmailUserAccessible - Email booking field must be required and visible",
        ));
    }
    let mut new = EventType {
        id: state.event_types.keys().next_back().copied().unwrap_or_default() + 1,
        owner_id: owner,
        team_id: team,
        hosts: owner.into_iter().collect(),
        locations: json!([]),
        minimum_booking_notice: 120,
        ..EventType::default()
    };
    change(&mut new, &call.body)?;
    let mut shown = event_type(state, &new);
    if let (Some(team), Some(shown)) = (team, shown.as_object_mut()) {
        shown.insert("team".to_owned(), json!({ "id": team }));
    }
    state.event_types.insert(new.id, new);
    Ok(Reply::success(201, shown))
}

/// Takes over what a body says about an event type.
fn change(event_type: &mut EventType, body: &Value) -> Result<(), Trouble> {
    let mut patch = body.as_object().cloned().unwrap_or_default();
    for name in ["id", "ownerId", "teamId", "bookingFields"] {
        patch.remove(name);
    }
    if let Some(hosts) = patch.remove("hosts").as_ref().and_then(Value::as_array) {
        event_type.hosts = hosts.iter().filter_map(|host| host.get("userId").and_then(Value::as_u64)).collect();
    }
    for name in ["seats", "recurrence", "confirmationPolicy"] {
        if patch.get(name).is_some_and(|value| value.get("disabled").and_then(Value::as_bool) == Some(true)) {
            patch.insert(name.to_owned(), Value::Null);
        }
    }
    let wrong = |error: serde_json::Error| Trouble::bad_request(format!("event type is not understood: {error}"));
    let mut whole = serde_json::to_value(&*event_type).map_err(wrong)?;
    if let Some(whole) = whole.as_object_mut() {
        whole.extend(patch);
    }
    *event_type = serde_json::from_value(whole).map_err(wrong)?;
    Ok(())
}

fn oldest_version(body: &Value) -> Trouble {
    let mut target = Map::new();
    for name in ["title", "slug"] {
        if let Some(value) = body.get(name) {
            target.insert(name.to_owned(), value.clone());
        }
    }
    Trouble::Invalid {
        errors: json!([{
            "target": target,
            "property": "length",
            "children": [],
            "constraints": {
                "min": "length must not be less than 1",
                "isNumber": "length must be a number conforming to the specified constraints",
            },
        }]),
    }
}

fn event_type(state: &State, it: &EventType) -> Value {
    let off = || json!({ "disabled": true });
    let on = |value: Value| {
        let mut value = value;
        if let Some(value) = value.as_object_mut() {
            value.insert("disabled".to_owned(), json!(false));
        }
        value
    };
    let mut out = json!({
        "id": it.id,
        "ownerId": it.owner_id,
        "lengthInMinutes": it.length_in_minutes,
        "title": it.title,
        "slug": it.slug,
        "description": "",
        "locations": it.locations,
        "recurrence": it.recurrence.as_ref().map(|recurrence| on(json!(recurrence))),
        "slotInterval": it.slot_interval,
        "minimumBookingNotice": it.minimum_booking_notice,
        "beforeEventBuffer": it.before_event_buffer,
        "afterEventBuffer": it.after_event_buffer,
        "metadata": {},
        "price": 0,
        "currency": "usd",
        "scheduleId": null,
        "bookingWindow": it.booking_window.clone().unwrap_or_else(off),
        "confirmationPolicy": it.confirmation_policy.clone().unwrap_or_else(off),
        "seats": it.seats.map_or_else(off, |seats| on(json!(seats))),
        "hidden": false,
    });
    let Some(fields) = out.as_object_mut() else { return out };
    let people = |id: &u64| state.users.get(id).map(|person| &person.user);
    if let Some(team) = it.team_id {
        let hosts: Vec<Value> = it
            .hosts
            .iter()
            .filter_map(people)
            .map(|user| {
                json!({
                    "userId": user.id, "name": user.name, "username": user.username, "avatarUrl": null,
                    "mandatory": false, "priority": "medium",
                })
            })
            .collect();
        fields.insert("hosts".to_owned(), json!(hosts));
        fields.insert("teamId".to_owned(), json!(team));
        fields.insert("schedulingType".to_owned(), json!(it.scheduling_type));
        fields.insert("rrHostSubsetEnabled".to_owned(), json!(it.rr_host_subset_enabled));
        fields.insert("rescheduleWithSameRoundRobinHost".to_owned(), json!(it.reschedule_with_same_round_robin_host));
        let short = state.teams.get(&team).map(|team| json!({ "id": team.id, "name": team.name, "slug": team.slug }));
        fields.insert("team".to_owned(), json!(short));
    } else {
        let users: Vec<Value> = it
            .hosts
            .iter()
            .filter_map(people)
            .map(|user| {
                json!({
                    "id": user.id, "name": user.name, "username": user.username, "avatarUrl": null,
                    "weekStart": user.week_start, "metadata": {},
                })
            })
            .collect();
        fields.insert("users".to_owned(), json!(users));
    }
    out
}

fn team(team: &Team) -> Value {
    json!({
        "id": team.id, "parentId": null, "name": team.name, "slug": team.slug, "timeZone": team.time_zone,
        "weekStart": team.week_start, "isOrganization": false, "isPrivate": false, "metadata": {},
    })
}

fn memberships(state: &State, id: u64) -> Value {
    let members = state.teams.get(&id).map(|team| team.members.as_slice()).unwrap_or_default();
    members
        .iter()
        .map(|member| {
            let user = state.users.get(&member.user_id).map(|person| {
                json!({
                    "avatarUrl": null, "username": person.user.username, "name": person.user.name,
                    "email": person.user.email, "bio": null,
                })
            });
            json!({
                "id": member.membership_id, "userId": member.user_id, "teamId": id, "accepted": true,
                "role": member.role, "disableImpersonation": false, "user": user,
            })
        })
        .collect()
}
