#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use frontdesk_domain::calendar::{Doubt, EventType, EventTypeInfo, Host, Refusal, Scheduling, Told, Unsent};

use super::*;
use crate::calendars::scripted::Scripted;
use crate::tenant_file;

const LINKED: &str = include_str!("../../../../../examples/salon-mit-calcom.toml");

fn tenant(text: &str) -> Tenant {
    tenant_file::read(text, "t.toml").unwrap_or_else(|errors| panic!("{errors}\n{text}")).tenant
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

/// What the example's calendar has.
fn catalogue() -> Catalogue {
    let emma = (1, "Emma Winkler");
    Catalogue {
        event_types: vec![
            info(1, "Damenhaarschnitt", 45, Scheduling::Own, &[emma]),
            info(2, "Waschen, Schneiden, Föhnen", 60, Scheduling::Own, &[emma]),
            info(8, "Haarschnitt", 30, Scheduling::RoundRobin, &[emma, (2, "Fabian Krüger"), (3, "Leyla Aydin")]),
        ],
        ..Catalogue::default()
    }
}

fn told(text: &str, catalogue: &Catalogue) -> (String, String) {
    let tenant = tenant(text);
    let told = compared(&tenant, tenant.calendar.as_ref().unwrap(), catalogue);
    let text_of = |key: &str| told[key].as_str().unwrap().to_owned();
    (text_of("text"), text_of("snippet"))
}

#[test]
fn a_calendar_that_fits_leaves_nothing_to_paste() {
    let (text, snippet) = told(LINKED, &catalogue());
    let head = "salon-mit-calcom and Cal.com at http://127.0.0.1:4010\n";
    assert_eq!(text, format!("{head}\nBoth say the same: 3 event types.\n"));
    assert_eq!(snippet, "");
}

#[test]
fn what_is_new_may_be_pasted_and_then_fits() {
    let mut catalogue = catalogue();
    let mut new = info(9, "Kinder \"Schnitt\"", 20, Scheduling::Own, &[(1, "Emma Winkler")]);
    new.buffers = (0, 5);
    new.required_fields = vec!["title".to_owned()];
    catalogue.event_types.push(new);
    let fabians = info(10, "Damenhaarschnitt", 45, Scheduling::Own, &[(2, "Fabian")]);
    catalogue.event_types.push(fabians);
    let (text, snippet) = told(LINKED, &catalogue);
    assert!(
        text.contains("New in Cal.com (2)\n  9 \"Kinder \"Schnitt\"\", 20 minutes, Emma Winkler: a service"),
        "{text}"
    );
    let wanted = r#"[[service]]
name = "Kinder \"Schnitt\""
minutes = 20
buffer_after = 5

# 9 "Kinder "Schnitt"", 20 minutes, Emma Winkler: a service that is not known here
# add "Kinder \"Schnitt\"" to the services of Emma Winkler first
[[calendar.event_type]]
service = "Kinder \"Schnitt\""
staff = "emma"
id = 9
fields = { "title" = "Kinder \"Schnitt\"" }

# 10 "Damenhaarschnitt", 45 minutes, Fabian Krüger: seems to be "Damenhaarschnitt"
# add "damenhaarschnitt" to the services of Fabian Krüger first
[[calendar.event_type]]
service = "damenhaarschnitt"
staff = "fabian"
id = 10

"#;
    assert_eq!(snippet, wanted);
    let pasted = format!("{LINKED}\n{snippet}")
        .replace("Föhnen\", \"Haarschnitt\"]", "Föhnen\", \"Haarschnitt\", \"Kinder \\\"Schnitt\\\"\"]")
        .replace(
            "name = \"Fabian Krüger\"\nservices = [",
            "name = \"Fabian Krüger\"\nservices = [\"Damenhaarschnitt\", ",
        );
    let (text, snippet) = told(&pasted, &catalogue);
    assert!(text.contains("Both say the same: 5 event types"), "{text}\n{snippet}");
}

#[test]
fn what_cannot_be_pasted_is_a_comment() {
    let mut catalogue = catalogue();
    catalogue.event_types.extend([
        info(20, "Auswaschen (3 von 4)", 10, Scheduling::Own, &[(1, "Emma Winkler")]),
        info(21, "Damenhaarschnitt", 45, Scheduling::ManagedParent, &[]),
        info(22, "Beratung zu zweit\nmit Zeile", 45, Scheduling::Collective, &[(1, "Emma Winkler")]),
        info(23, "Damenhaarschnitt", 45, Scheduling::Own, &[(1, "Emma Winkler")]),
        info(24, "Damenhaarschnitt", 45, Scheduling::Own, &[(9, "Jo Neu")]),
    ]);
    let (_, snippet) = told(LINKED, &catalogue);
    assert!(snippet.lines().all(|line| line.is_empty() || line.starts_with("# ")), "{snippet}");
    for part in [
        "# 20 \"Auswaschen (3 von 4)\", 10 minutes, Emma Winkler: part 3 of 4 of a service with phases; no service",
        "# 21 \"Damenhaarschnitt\", 45 minutes: a managed template, which cannot be booked",
        "# 22 \"Beratung zu zweit mit Zeile\", 45 minutes, Emma Winkler: several people together",
        "# damenhaarschnitt by Emma Winkler has another event type already; one is enough\n\n#",
        "# nobody here is called Jo Neu; add them to the staff, or correct the name\n",
    ] {
        assert!(snippet.contains(part), "{part}\n---\n{snippet}");
    }
}

#[test]
fn holes_and_what_no_longer_fits_are_told() {
    let spoiled = LINKED.replace(", leyla = 3 }", " }");
    let mut catalogue = catalogue();
    catalogue.event_types[0].minutes = 50;
    catalogue.event_types.remove(1);
    catalogue.event_types[1].hosts.remove(1);
    let (text, snippet) = told(&spoiled, &catalogue);
    for part in [
        "Not offered, for no event type stands for it (1)\n  \"Haarschnitt\" with Leyla Aydin: event type 8 may be meant\n",
        "Gone from Cal.com, or not seen with this key (1)\n  2 for \"Waschen, Schneiden, Föhnen\" by Emma Winkler: ",
        "Of another length (1)\n  1 for \"Damenhaarschnitt\": 45 minutes here, 50 there; correct one of the two\n",
        "Hosts who are not there (1)\n  Fabian Krüger is host 2 of event type 8 (\"Haarschnitt\") here",
    ] {
        assert!(text.contains(part), "{part}\n---\n{text}");
    }
    assert_eq!(snippet, "# Leyla Aydin is in event type 8 too; add to its hosts: leyla = 3\n\n");
}

#[test]
fn what_stands_in_the_place_of_something_gone_is_said_so() {
    let mut catalogue = catalogue();
    catalogue.event_types[0].id = EventType(11);
    let (_, snippet) = told(LINKED, &catalogue);
    let wanted = "# 11 \"Damenhaarschnitt\", 45 minutes, Emma Winkler: seems to be \"Damenhaarschnitt\"\n\
                  # event type 1 of damenhaarschnitt by Emma Winkler is gone; if this one is meant, write 11 in its place\n\n";
    assert_eq!(snippet, wanted);
}

#[test]
fn the_additions_are_written_once_and_never_over_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("additions.toml");
    let found = json!({ "tenant": "a", "text": "One.\n", "snippet": "# two\n" });
    let output = shown(found.clone(), Some(&file), false);
    assert_eq!((output.exit, std::fs::read_to_string(&file).unwrap().as_str()), (Exit::Ok, "# two\n"));
    assert_eq!(output.out, format!("One.\n\nThe additions are in {}.\n", file.display()));
    assert_eq!(shown(found.clone(), Some(&file), false).exit, Exit::Wrong);
    let printed = shown(found.clone(), None, false).out;
    assert_eq!(printed, "One.\n\nTo look at and paste into the tenant's file:\n\n# two\n");
    let nothing = json!({ "text": "One.\n", "snippet": "" });
    let other = folder.path().join("other.toml");
    assert_eq!(shown(nothing, Some(&other), false).out, "One.\n\nThere is nothing to add, so no file was written.\n");
    assert!(!other.exists());
    let as_json: Value = serde_json::from_str(&shown(found, None, true).out).unwrap();
    assert_eq!(as_json, json!({ "tenant": "a", "snippet": "# two\n" }));
}

#[tokio::test]
async fn whatever_a_calendar_tells_instead_has_a_way_to_mend_it() {
    assert_eq!(calendars::read(&Scripted(Told::Done(catalogue()))).await.unwrap(), catalogue());
    for (told, what, mend) in [
        (Told::Refused(Refusal::KeyRefused), "does not take the key", "make a new one"),
        (Told::Refused(Refusal::NotFound), "no Cal.com API", "correct url"),
        (Told::Refused(Refusal::Taken), "(taken)", "try again"),
        (Told::Unsent(Unsent::NoConnection), "cannot be reached", "ca-certificates"),
        (Told::Unsent(Unsent::Budget), "(rate_budget)", "wait a minute"),
        (Told::Unknown(Doubt::Unreadable), "does not read", "check url"),
        (Told::Unknown(Doubt::RateLimited), "asked too much", "wait a minute"),
        (Told::Unknown(Doubt::TimedOut), "(timed_out)", "try again"),
    ] {
        let trouble = calendars::read(&Scripted(told)).await.unwrap_err();
        assert!(trouble.what.contains(what) && trouble.mend.contains(mend), "{trouble:?}");
    }
}
