//! Houses with other rules than the contract's salon, which they are made from.

use frontdesk_testkit::World;
use std::path::PathBuf;

/// The clock of the fixtures: Tuesday, 1 December 2026, 9:12 in Berlin.
pub const TUESDAY_MORNING: &str = "2026-12-01T09:12:31+01:00";

/// A tenant file of the examples.
pub fn example(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../../examples/{name}.toml"));
    std::fs::read_to_string(path).unwrap()
}

/// The contract's salon with some of its text replaced; each piece must be there.
pub fn salon_with(changes: &[(&str, &str)]) -> String {
    let mut text = example("salon-morgenrot");
    for (from, to) in changes {
        assert!(text.contains(from), "the salon's file has no {from:?} any more");
        text = text.replacen(from, to, 1);
    }
    text
}

/// The salon with other company-wide rules.
pub fn salon_with_policy(policy: &str) -> String {
    salon_with(&[("cancel_deadline_hours = 0", policy)])
}

/// The salon with more entries at its end.
pub fn salon_and(more: &str) -> String {
    format!("{}\n{more}", example("salon-morgenrot"))
}

/// A small house behind the salon's endpoint, line and key: `top` are company settings, `branch` those of the one
/// branch (its hours at least), `rest` are services and people.
pub fn house(top: &str, branch: &str, rest: &str) -> String {
    format!(
        r#"
slug = "kleines-haus"
name = "Kleines Haus"
language = "de"
country = "DE"
zone = "Europe/Berlin"
slot_grid_minutes = 15
endpoint = "ep_5Jq0demo"
{top}

[voice.retell]
keys = ["key_frontdesk_fixture_4c1b7e90d2a8"]

[[branch]]
id = "haus"
name = "Haus"
{branch}

[[branch.line]]
number = "+49 30 23125101"
retell_agent = "agent_7c1e0a94b2d84f6395ab20c7d1"

{rest}
"#
    )
}

/// One house on disk at a time.
pub async fn world(text: &str, clock: &str) -> World {
    World::of_texts_on_disk(&[text], clock).await
}

/// Somebody with a number of his own and an appointment each, at home in the salon: `[[customer]]` and
/// `[[appointment]]` entries.
pub fn customer_with(id: &str, name: &str, phone: &str, appointments: &[(&str, &str, &str, &str)]) -> String {
    let mut text = format!("[[customer]]\nid = \"{id}\"\nname = \"{name}\"\nphone = \"{phone}\"\n");
    for (appointment, service, staff, start) in appointments {
        text.push_str(&format!(
            "[[appointment]]\nid = \"{appointment}\"\nbranch = \"mitte\"\ncustomer = \"{id}\"\n\
             service = \"{service}\"\nstaff = \"{staff}\"\nstart = {start}\n"
        ));
    }
    text
}

/// State and start of one appointment, as stored.
pub fn stored(world: &World, id: &str) -> String {
    let rows = world.rows(&format!("SELECT saga, start_ms, moves FROM appointment WHERE appointment_id = '{id}'"));
    assert_eq!(rows.len(), 1, "{id}");
    rows[0].clone()
}

/// The stretches an appointment takes up, with whom.
pub fn taken_by(world: &World, id: &str) -> Vec<String> {
    world.rows(&format!(
        "SELECT resource, from_ms, until_ms FROM occupancy WHERE owner = '{id}' ORDER BY resource, from_ms"
    ))
}

/// Appointments that take up time, all of the house's.
pub fn active(world: &World) -> usize {
    world.rows("SELECT 1 FROM appointment WHERE saga <> 'cancelled'").len()
}
