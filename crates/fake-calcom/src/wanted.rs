//! What the body of a new booking says, and what is wrong with it.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::bookings::Attendee;
use crate::create::guest;
use crate::errors::Trouble;
use crate::slots::by_slug;
use crate::state::State;
use crate::time::{instant, zone};
use crate::wire::Call;
use crate::world::EventType;

const ATTENDEE: &[&str] = &["name", "email", "timeZone", "phoneNumber", "language"];
/// The languages the real one lists, in its order.
const LANGUAGES: &str = "ar, ca, de, es, eu, he, id, ja, lv, pl, ro, sr, th, vi, az, cs, el, es-419, fi, hr, it, km, \
nl, pt, ru, sv, tr, zh-CN, bg, da, en, et, fr, hu, iw, ko, no, pt-BR, sk, ta, uk, zh-TW, bn";

pub(crate) fn required_start(call: &Call) -> Result<Timestamp, Trouble> {
    call.text("start")
        .and_then(instant)
        .ok_or_else(|| Trouble::property("start", "start must be a valid ISO 8601 date string"))
}

pub(crate) fn event_type(state: &State, call: &Call) -> Result<EventType, Trouble> {
    if let Some(id) = call.number("eventTypeId") {
        let found = u64::try_from(id).ok().and_then(|id| state.event_types.get(&id));
        return found.cloned().ok_or_else(|| Trouble::not_found(format!("Event type with id {id} not found.")));
    }
    let slug = call.text("eventTypeSlug").unwrap_or_default();
    by_slug(state, slug, call.text("username"), call.text("teamSlug"))
        .cloned()
        .ok_or_else(|| Trouble::not_found(format!("Event type with slug {slug} not found.")))
}

pub(crate) fn attendee(body: &Value) -> Result<Attendee, Trouble> {
    let wrong = |name: &str, complaint: &str| {
        Trouble::bad_request(format!("attendee property is wrong, {name} property is wrong,{complaint} "))
    };
    let Some(attendee) = body.get("attendee").and_then(Value::as_object) else {
        return Err(Trouble::property("attendee", "attendee should not be null or undefined"));
    };
    if let Some(key) = attendee.keys().find(|key| !ATTENDEE.contains(&key.as_str())) {
        return Err(wrong(key, &format!("property {key} should not exist")));
    }
    let text = |name: &str| attendee.get(name).and_then(Value::as_str);
    let Some(name) = text("name") else { return Err(wrong("name", "name must be a string")) };
    let time_zone = text("timeZone")
        .filter(|name| zone(name).is_some())
        .ok_or_else(|| wrong("timeZone", "timeZone must be a valid IANA time-zone"))?;
    if text("email").is_none() && text("phoneNumber").is_none() {
        let complaint = "Attendee must have at least one contact method (email or phone number)";
        return Err(wrong("attendee email or phone", complaint));
    }
    let language = attendee.get("language").filter(|value| !value.is_null()).map_or(Some("en"), Value::as_str);
    let language = language
        .filter(|language| LANGUAGES.split(", ").any(|known| known == *language))
        .ok_or_else(|| wrong("language", &format!("language must be one of the following values: {LANGUAGES}")))?;
    let mut attendee = guest(0, name, text("email").unwrap_or_default(), time_zone, language);
    attendee.phone_number = text("phoneNumber").map(str::to_owned);
    Ok(attendee)
}

/// An event type wants an e-mail address unless somebody edited it on its web page; then one is made of the number.
pub(crate) fn with_email(mut attendee: Attendee, event_type: &EventType) -> Result<Attendee, Trouble> {
    if attendee.email.is_empty() {
        if !event_type.email_optional() {
            return Err(Trouble::response("responses - {email}error_required_field, "));
        }
        let digits = attendee.phone_number.as_deref().unwrap_or_default().trim_start_matches('+');
        attendee.email = format!("{digits}@sms.cal.com");
    } else if !is_email(&attendee.email) {
        return Err(Trouble::response("responses - {email}email_validation_error, "));
    }
    Ok(attendee)
}

pub(crate) fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.') && !text.contains(' ')
    })
}

pub(crate) fn metadata(body: &Value) -> Result<Map<String, Value>, Trouble> {
    let Some(value) = body.get("metadata").filter(|value| !value.is_null()) else { return Ok(Map::new()) };
    let complaint =
        "Metadata must have at most 50 keys, each key up to 40 characters, and string values up to 500 characters.";
    let wrong = || Trouble::property("metadata", complaint);
    let metadata = value.as_object().ok_or_else(wrong)?;
    let short = |text: &str, most: usize| text.encode_utf16().count() <= most;
    let fits = metadata.len() <= 50
        && metadata.iter().all(|(key, value)| short(key, 40) && value.as_str().is_none_or(|text| short(text, 500)));
    if fits { Ok(metadata.clone()) } else { Err(wrong()) }
}

/// What the oldest version says about a body of today.
pub(crate) fn oldest_version(body: &Value) -> Trouble {
    let mut target = Map::new();
    for name in ["eventTypeId", "start"] {
        if let Some(value) = body.get(name) {
            target.insert(name.to_owned(), value.clone());
        }
    }
    let missing: Vec<Value> = [
        ("timeZone", "isTimeZone", "timeZone must be a valid IANA time-zone"),
        ("language", "isString", "language must be a string"),
        ("metadata", "isObject", "metadata must be an object"),
    ]
    .into_iter()
    .filter(|(property, ..)| body.get(property).is_none())
    .map(|(property, rule, complaint)| {
        json!({ "target": target, "property": property, "children": [], "constraints": { rule: complaint } })
    })
    .collect();
    if missing.is_empty() {
        return Trouble::Flat { status: 501, message: "The fake does not know bookings of 2024-04-15".to_owned() };
    }
    Trouble::Invalid { errors: Value::Array(missing) }
}
