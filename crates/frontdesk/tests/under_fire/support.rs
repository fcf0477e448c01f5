//! What all of it is made of: dice that fall the same in every run, a house, and the truth as the database has it.

use std::collections::BTreeMap;
use std::sync::Arc;

use frontdesk_testkit::{Heard, World};
use jiff::Timestamp;
use serde_json::Value;

/// Tuesday, 1 December 2026, 9:12 in Berlin.
pub const TUESDAY_MORNING: &str = "2026-12-01T09:12:31+01:00";

/// The house's people, in the order of its file.
pub const PEOPLE: [&str; 5] = ["Emma Winkler", "Leyla Aydin", "Fabian Krüger", "Nele Hartwig", "Jonas Albrecht"];

/// The house's services: plain ones of three lengths, one with a pause and time to clean up, one with preparation.
pub const SERVICES: [&str; 5] = ["Herrenhaarschnitt", "Damenhaarschnitt", "Dauerwelle", "Ansatzfarbe", "Bartpflege"];

/// The full number of a release, or a tenth of it.
pub fn scaled(full: usize) -> usize {
    let all = std::env::var("FRONTDESK_FULL").is_ok_and(|value| value == "1");
    if all { full } else { (full / 10).max(1) }
}

/// A house where so many people do everything, behind the salon's endpoint, line and key.
pub fn house(people: usize) -> String {
    let mut text = String::from(
        r#"
slug = "haus-im-feuer"
name = "Haus im Feuer"
language = "de"
country = "DE"
zone = "Europe/Berlin"
slot_grid_minutes = 15
endpoint = "ep_5Jq0demo"

[voice.retell]
keys = ["key_frontdesk_fixture_4c1b7e90d2a8"]

[[branch]]
id = "haus"
name = "Haus"
state = "none"
hours = { mon-sat = "09:00-19:00" }

[[branch.line]]
number = "+49 30 23125101"
retell_agent = "agent_7c1e0a94b2d84f6395ab20c7d1"

[[service]]
name = "Herrenhaarschnitt"
synonyms = ["Herrenschnitt"]
minutes = 30

[[service]]
name = "Damenhaarschnitt"
minutes = 45

[[service]]
name = "Dauerwelle"
minutes = 60

[[service]]
name = "Ansatzfarbe"
phases = [{ minutes = 30 }, { minutes = 30, free = true }, { minutes = 30 }]
buffer_after = 10

[[service]]
name = "Bartpflege"
minutes = 20
buffer_before = 5
"#,
    );
    for person in &PEOPLE[..people] {
        text.push_str(&format!("\n[[staff]]\nname = \"{person}\"\nservices = {SERVICES:?}\n"));
    }
    text
}

/// That house on a real database file.
pub async fn world_of(people: usize) -> Arc<World> {
    Arc::new(World::of_texts_on_disk(&[&house(people)], TUESDAY_MORNING).await)
}

/// SplitMix64: chance that repeats.
pub struct Dice(pub u64);

impl Dice {
    /// A number below `sides`.
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(sides).unwrap()).unwrap()
    }

    /// One of these.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.roll(from.len())]
    }
}

/// A pronounceable name for a number, since digits are no name.
pub fn name_of(number: usize) -> String {
    const FIRST: [&str; 10] = ["Ada", "Bruno", "Clara", "David", "Emil", "Frieda", "Gustav", "Helga", "Ingo", "Jutta"];
    const LAST: [&str; 10] = ["Ba", "De", "Fi", "Go", "Lu", "Ma", "Ne", "Ri", "So", "Tu"];
    let digit = |place: usize| number / place % 10;
    let last = format!("{}{}{}", LAST[digit(1000)], LAST[digit(100)], LAST[digit(10)]);
    let mut letters = last.chars();
    let first_letter: String = letters.next().into_iter().collect();
    format!("{} {first_letter}{}", FIRST[digit(1)], letters.as_str().to_lowercase())
}

/// The calling number of a number: every third caller withholds it.
pub fn number_of(number: usize) -> String {
    if number.is_multiple_of(3) { "anonymous".to_owned() } else { format!("+4917155{number:06}") }
}

/// Nobody may ever hear of a failure: nothing failed.
pub fn assert_answered(heard: &Heard) {
    assert_eq!(heard.http, 200, "{}", heard.json);
    assert_ne!(heard.status(), "error", "{}", heard.json);
    assert!(!heard.spoken().is_empty(), "{}", heard.json);
}

/// An appointment as the database has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    pub active: bool,
    pub start_ms: i64,
    pub moves: i64,
    pub visit: Value,
}

/// All appointments by id.
pub fn stored(world: &World) -> BTreeMap<String, Stored> {
    let rows = world.rows("SELECT appointment_id, saga, start_ms, moves, visit FROM appointment");
    let read = |row: String| {
        let mut cells = row.splitn(5, '|');
        let mut next = || cells.next().unwrap().to_owned();
        let id = next();
        let active = next() != "cancelled";
        let (start_ms, moves) = (next().parse().unwrap(), next().parse().unwrap());
        (id, Stored { active, start_ms, moves, visit: serde_json::from_str(&next()).unwrap() })
    };
    rows.into_iter().map(read).collect()
}

/// Milliseconds since 1970 of a start as told.
pub fn ms(start: &str) -> i64 {
    start.parse::<Timestamp>().unwrap().as_millisecond()
}

/// One stretch of one person's time: who, from, until, and for what.
type Busy = (String, i64, i64, String);

/// What people are busy with by their active appointments, without asking the table that excludes.
fn busy_by_appointments(world: &World) -> Vec<Busy> {
    let mut all = Vec::new();
    for (id, stored) in stored(world).into_iter().filter(|(_, stored)| stored.active) {
        for leg in stored.visit["legs"].as_array().unwrap() {
            for busy in leg["busy"].as_array().unwrap() {
                let at = |key: &str| ms(busy[key].as_str().unwrap());
                all.push((leg["staff"].as_str().unwrap().to_owned(), at("from"), at("until"), id.clone()));
            }
        }
    }
    all.sort();
    all
}

/// At rest: nobody's time is taken twice, by the appointments themselves and by the rows that exclude; both say the
/// same. And no customer is expected at two places.
pub async fn assert_nobody_is_in_two_places(world: &World) {
    world.assert_at_rest().await;
    let busy = busy_by_appointments(world);
    for pair in busy.windows(2) {
        let ((one, _, until, first), (other, from, _, second)) = (&pair[0], &pair[1]);
        assert!(one != other || until <= from, "{one} has {first} and {second} at once");
    }
    let rows = world.rows("SELECT resource, from_ms, until_ms, owner FROM occupancy ORDER BY 1, 2");
    let told: Vec<String> =
        busy.iter().map(|(person, from, until, id)| format!("{person}|{from}|{until}|{id}")).collect();
    assert_eq!(rows, told);
    let clashes = world.rows(
        "SELECT one.appointment_id, other.appointment_id FROM appointment one JOIN appointment other
         USING (tenant_id, customer_id)
         WHERE one.saga <> 'cancelled' AND other.saga <> 'cancelled' AND one.appointment_id < other.appointment_id
           AND one.start_ms < other.end_ms AND other.start_ms < one.end_ms",
    );
    assert_eq!(clashes, Vec::<String>::new(), "somebody sits in two chairs");
}
