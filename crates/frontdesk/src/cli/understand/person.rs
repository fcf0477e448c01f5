//! E-mail addresses, names, telephone numbers, services and people.

use frontdesk_domain::caller::email::parse_email;
use frontdesk_domain::caller::matching::{Match, match_service, match_staff};
use frontdesk_domain::caller::name::{NameGiven, read_name};
use frontdesk_domain::caller::number::parse_phone;
use frontdesk_domain::reply::{Ask, Reply};
use frontdesk_domain::tenant::Staff;
use frontdesk_domain::tenant::catalog::Service;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::Case;
use super::time::Context;

pub(super) fn email(case: &Case, context: &Context) -> Value {
    match parse_email(&case.text) {
        Some(email) => value(email.reveal()),
        None if case.text.trim().is_empty() => json!({ "kind": "none" }),
        None => asked(&context.question(&Reply::Ask(Ask::Email)), &[]),
    }
}

pub(super) fn name(case: &Case, context: &Context) -> Value {
    let staff: Vec<&str> = case.candidates.iter().map(|candidate| candidate.name.as_str()).collect();
    match read_name(&case.text, &staff) {
        NameGiven::Name(name) => value(name.reveal()),
        NameGiven::StaffWish(_) => asked(&context.question(&Reply::Ask(Ask::Name)), &[]),
        NameGiven::NoName => json!({ "kind": "none" }),
    }
}

pub(super) fn phone(case: &Case, country: &str) -> Value {
    parse_phone(&case.text, country).map_or_else(|| json!({ "kind": "none" }), |phone| value(phone.reveal()))
}

pub(super) fn service(case: &Case, context: &Context) -> Result<Value, String> {
    let services: Vec<Service> = candidates(case, &[("phases", json!([{ "minutes": 30 }]))])?;
    let among: Vec<&Service> = services.iter().collect();
    Ok(match match_service(&case.text, &among) {
        Match::One(service) => value(&service.name),
        Match::Several(several) => {
            let names: Vec<String> = several.iter().map(|service| service.name.clone()).collect();
            asked(&context.question(&Reply::Ask(Ask::Service { candidates: names.clone() })), &names)
        }
        Match::None => json!({ "kind": "none" }),
    })
}

pub(super) fn staff(case: &Case, context: &Context) -> Result<Value, String> {
    let people: Vec<Staff> = candidates(case, &[("branch", json!("here")), ("services", json!([]))])?;
    let among: Vec<&Staff> = people.iter().collect();
    Ok(match match_staff(&case.text, &among) {
        Ok(Some(person)) | Err(Match::One(person)) => value(&person.name),
        Err(Match::Several(several)) => {
            let names: Vec<String> = several.iter().map(|person| person.name.clone()).collect();
            asked(&context.question(&Reply::Ask(Ask::Staff { candidates: names.clone() })), &names)
        }
        Ok(None) | Err(Match::None) => json!({ "kind": "none" }),
    })
}

/// Services or people with the candidates' names, and otherwise as plain as can be.
fn candidates<T: DeserializeOwned>(case: &Case, plain: &[(&str, Value)]) -> Result<Vec<T>, String> {
    (1..)
        .zip(&case.candidates)
        .map(|(number, candidate)| {
            let own = [
                ("id", format!("candidate-{number}").into()),
                ("name", candidate.name.clone().into()),
                ("synonyms", candidate.synonyms.clone().into()),
            ];
            let fields = plain.iter().cloned().chain(own).map(|(key, value)| (key.to_owned(), value));
            serde_json::from_value(Value::Object(fields.collect())).map_err(|error| error.to_string())
        })
        .collect()
}

fn value(text: &str) -> Value {
    json!({ "kind": "value", "value": text, "spoken": text })
}

fn asked(question: &str, candidates: &[String]) -> Value {
    json!({ "kind": "ask", "question": question, "candidates": candidates, "spoken": question })
}
