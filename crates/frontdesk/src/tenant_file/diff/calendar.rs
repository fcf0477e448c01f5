//! What changes in the calendar outside. Its keys are no part of a tenant, so none can be told here.

use frontdesk_domain::calendar::link::{CalendarLink, Mapped, Provider};

use super::{Said, words};

/// The link before and now.
pub(super) fn calendar(old: Option<&CalendarLink>, new: Option<&CalendarLink>, said: &mut Said) {
    let (old, new) = match (old, new) {
        (None, None) => return,
        (None, Some(new)) => {
            said.0.push(format!("calendar: {} connected, {}", name(new), counted(new.event_types.len())));
            return;
        }
        (Some(old), None) => {
            said.0.push(format!("calendar: {} taken off; the built-in one decides now", name(old)));
            return;
        }
        (Some(old), Some(new)) => (old, new),
    };
    // Taken apart whole, so that a new field cannot be forgotten here.
    let CalendarLink { provider: Provider::Calcom, url, private, event_types, per_minute, rebook_for_email } = new;
    said.value("calendar", "address", (&old.url, url), String::clone);
    said.value("calendar", "in a private network", (&old.private, private), words::yes_no);
    said.value("calendar", "requests a minute", (&old.per_minute, per_minute), u32::to_string);
    let rebook = (&old.rebook_for_email, rebook_for_email);
    said.value("calendar", "rebooks to change an e-mail address", rebook, words::yes_no);
    said.list("calendar", "event type", (&old.event_types, event_types), mapped);
}

fn name(link: &CalendarLink) -> String {
    let provider = match link.provider {
        Provider::Calcom => "Cal.com",
    };
    format!("{provider} at {}", link.url)
}

fn counted(event_types: usize) -> String {
    format!("{event_types} event type{}", if event_types == 1 { "" } else { "s" })
}

/// "123 for herrenhaarschnitt by emma", "300 for beratung (emma 11, mario 12), title \"Termin\"".
fn mapped(mapped: &Mapped) -> String {
    let ids: Vec<String> = mapped.ids.iter().map(|id| id.0.to_string()).collect();
    let mut text = format!("{} for {}", ids.join(" + "), mapped.service);
    if let Some(person) = &mapped.staff {
        text.push_str(&format!(" by {person}"));
    }
    if !mapped.hosts.is_empty() {
        let hosts: Vec<String> = mapped.hosts.iter().map(|(person, host)| format!("{person} {}", host.0)).collect();
        text.push_str(&format!(" ({})", hosts.join(", ")));
    }
    for (name, value) in &mapped.fields {
        text.push_str(&format!(", {name} \"{value}\""));
    }
    text
}
