//! The world a fake has when nobody describes another.

use serde_json::Value;

use crate::world::{EventType, Hours, Member, Schedule, Server, Team, User, World, german, monday};

impl World {
    /// The salon of the examples: four people, their services of 15 to 120 minutes, and one service anybody does.
    #[must_use]
    pub fn salon() -> Self {
        let people = [
            (1, "emma", "Emma Winkler"),
            (2, "fabian", "Fabian Krüger"),
            (3, "leyla", "Leyla Aydin"),
            (4, "nele", "Nele Hartwig"),
        ];
        let users = people
            .map(|(id, username, name)| User {
                id,
                username: username.to_owned(),
                name: name.to_owned(),
                email: format!("{username}@salon-morgenrot.example"),
                time_zone: BERLIN.to_owned(),
                locale: german(),
                time_format: 24,
                week_start: monday(),
                api_key: format!("cal_demo_{username}"),
                rate_limit_per_60s: None,
                schedule: Some(salon_hours(id)),
            })
            .to_vec();
        let services = [
            (1, 1, "damenhaarschnitt-45", "Damenhaarschnitt", 45),
            (2, 1, "waschen-schneiden-foehnen-60", "Waschen, Schneiden, Föhnen", 60),
            (3, 2, "herrenhaarschnitt-30", "Herrenhaarschnitt", 30),
            (4, 2, "konturen-15", "Konturen", 15),
            (5, 3, "damenhaarschnitt-45", "Damenhaarschnitt", 45),
            (6, 3, "straehnen-120", "Strähnen", 120),
            (7, 4, "herrenhaarschnitt-30", "Herrenhaarschnitt", 30),
        ];
        let mut event_types = services
            .map(|(id, owner, slug, title, minutes)| EventType {
                id,
                slug: slug.to_owned(),
                title: title.to_owned(),
                length_in_minutes: minutes,
                slot_interval: Some(15),
                owner_id: Some(owner),
                hosts: vec![owner],
                locations: salon_address(),
                ..EventType::default()
            })
            .to_vec();
        event_types.push(EventType {
            id: 8,
            slug: "haarschnitt-30".to_owned(),
            title: "Haarschnitt bei irgendwem".to_owned(),
            length_in_minutes: 30,
            slot_interval: Some(15),
            team_id: Some(1),
            hosts: vec![1, 2, 3],
            locations: salon_address(),
            scheduling_type: Some("roundRobin".to_owned()),
            rr_host_subset_enabled: true,
            ..EventType::default()
        });
        let member = |membership_id, user_id, role: &str| Member { membership_id, user_id, role: role.to_owned() };
        let team = Team {
            id: 1,
            name: "Salon Morgenrot".to_owned(),
            slug: "salon-morgenrot".to_owned(),
            time_zone: BERLIN.to_owned(),
            week_start: monday(),
            members: vec![
                member(1, 1, "OWNER"),
                member(2, 2, "MEMBER"),
                member(3, 3, "MEMBER"),
                member(4, 4, "MEMBER"),
            ],
        };
        Self { server: Server::default(), users, teams: vec![team], event_types, webhooks: Vec::new() }
    }
}

const BERLIN: &str = "Europe/Berlin";

fn salon_address() -> Value {
    serde_json::json!([{ "type": "address", "address": "Torstr. 12, Berlin", "public": true }])
}

fn salon_hours(id: u64) -> Schedule {
    let days = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let hours = |names: &[&str], from: &str, until: &str| Hours {
        days: days(names),
        start_time: from.to_owned(),
        end_time: until.to_owned(),
    };
    Schedule {
        id,
        name: "Salon".to_owned(),
        time_zone: BERLIN.to_owned(),
        availability: vec![
            hours(&["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"], "09:00", "19:00"),
            hours(&["Saturday"], "09:00", "14:00"),
        ],
        overrides: Vec::new(),
    }
}
