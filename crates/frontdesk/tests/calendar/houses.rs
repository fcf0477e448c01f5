//! Many houses, each with a calendar and a key of its own in the same fake.

use std::sync::Arc;

use frontdesk_fake_calcom::world::{EventType, Hook, Schedule, User};
use frontdesk_fake_calcom::{FakeCalcom, World as Calendar};
use frontdesk_store::StoreError;
use frontdesk_store::syncs::{self, SyncRow};
use frontdesk_testkit::{Caller, Heard, World};
use jiff::SignedDuration;
use serde_json::json;

use crate::salon::{Mode, NOW, SECRET, now, timed};

/// So many half hours a house has in a day.
pub const PLACES: usize = 20;

/// All houses, over one desk.
pub struct Houses {
    pub world: Arc<World>,
    pub houses: Vec<House>,
}

/// One of them: one person, one service of half an hour.
pub struct House {
    pub slug: String,
    pub api_key: String,
    endpoint: String,
    line: String,
    agent: String,
    voice_key: String,
}

/// So many houses.
pub async fn houses(count: usize, mode: Mode) -> Houses {
    let mut calendar = Calendar::salon();
    let all: Vec<House> = (0..count).map(House::new).collect();
    for (number, house) in (0..).zip(&all) {
        calendar.users.push(house.user(100 + number));
        calendar.event_types.push(EventType {
            id: 1000 + number,
            slug: format!("schnitt-{number}"),
            title: "Schnitt".to_owned(),
            length_in_minutes: 30,
            slot_interval: Some(15),
            owner_id: Some(100 + number),
            hosts: vec![100 + number],
            locations: json!([]),
            ..EventType::default()
        });
    }
    let world = World::with_calcom(FakeCalcom::new(calendar, 1), NOW, &[]).await;
    for (number, house) in (0..).zip(&all) {
        world.apply(&house.file(1000 + number, mode)).await;
        let hook: Hook = serde_json::from_value(json!({
            "userId": 100 + number, "subscriberUrl": format!("http://desk.invalid/v1/calcom/{}/events", house.endpoint),
            "active": true, "secret": SECRET,
            "triggers": ["BOOKING_CREATED", "BOOKING_RESCHEDULED", "BOOKING_CANCELLED"],
        }))
        .unwrap();
        world.calcom().fake.add_webhook(hook, now(&world));
    }
    Houses { world, houses: all }
}

impl House {
    fn new(number: usize) -> Self {
        Self {
            slug: format!("haus-{number:02}"),
            api_key: format!("cal_invented_for_house_{number:02}"),
            endpoint: format!("ep_haus{number:02}demo"),
            line: format!("+4930231{:05}", 30_000 + number),
            agent: format!("agent_invented_haus_{number:02}"),
            voice_key: format!("key_frontdesk_fixture_haus_{number:02}"),
        }
    }

    fn user(&self, id: u64) -> User {
        let schedule: Schedule = serde_json::from_value(json!({
            "id": id, "name": "Haus", "timeZone": "Europe/Berlin",
            "availability": [{"days": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"],
                "startTime": "09:00", "endTime": "19:00"}],
        }))
        .unwrap();
        serde_json::from_value::<User>(json!({
            "id": id, "username": self.slug, "name": "Ina Haus", "email": format!("{}@haus.example", self.slug),
            "timeZone": "Europe/Berlin", "apiKey": self.api_key, "schedule": schedule,
        }))
        .unwrap()
    }

    fn file(&self, event_type: u64, mode: Mode) -> String {
        let Self { slug, api_key, endpoint, line, agent, voice_key } = self;
        let mode = if mode == Mode::LocalFirst { "local-first" } else { "calendar-first" };
        format!(
            r#"
slug = "{slug}"
name = "Haus {slug}"
zone = "Europe/Berlin"
endpoint = "{endpoint}"
mode = "{mode}"

[calendar]
kind = "calcom"
url = "http://127.0.0.1:4010"
private = true
api_key = "{api_key}"
webhook_secrets = ["{SECRET}"]

[[calendar.event_type]]
service = "Schnitt"
staff = "Ina Haus"
id = {event_type}

[voice.retell]
keys = ["{voice_key}"]

[[branch]]
id = "haus"
name = "Haus"
state = "none"
hours = {{ mon-fri = "09:00-19:00" }}

[[branch.line]]
number = "{line}"
retell_agent = "{agent}"

[[service]]
id = "schnitt"
name = "Schnitt"
minutes = 30

[[staff]]
id = "ina"
name = "Ina Haus"
services = ["Schnitt"]
"#
        )
    }

    /// Somebody rings the house; each place has a number of its own.
    pub fn caller<'w>(&self, world: &'w World, place: usize) -> Caller<'w> {
        let number = format!("+49151{:07}", 1_000_000 + place);
        world.caller(&number).at(&self.line, &self.agent, &self.endpoint, &self.voice_key)
    }

    /// Somebody books one of the house's half hours, from Thursday on; with how long it took to be answered.
    pub async fn books(&self, world: &World, place: usize) -> (Heard, SignedDuration) {
        let caller = self.caller(world, place);
        // Two weekdays, two weeks.
        let date = ["2026-12-03", "2026-12-04", "2026-12-07", "2026-12-08", "2026-12-09", "2026-12-10"][place / PLACES];
        let minutes = 9 * 60 + place % PLACES * 30;
        let time = format!("{:02}:{:02}", minutes / 60, minutes % 60);
        timed(world, caller.books("Schnitt", date, &time, "Hannelore Brückner")).await
    }

    /// What does not agree with the house's calendar.
    pub async fn open(&self, world: &World) -> Vec<SyncRow> {
        let (scope, _) = world.store().tenant(&self.slug).await.unwrap().unwrap();
        world.store().read::<_, StoreError, _>(&scope, |tx| Box::pin(syncs::not_agreed(tx))).await.unwrap()
    }
}

/// All of them at the same time, on this thread.
pub async fn all_at_once<T>(all: Vec<impl Future<Output = T>>) -> Vec<T> {
    let mut waiting: Vec<_> = all.into_iter().map(|one| (Box::pin(one), None)).collect();
    std::future::poll_fn(|context| {
        let mut open = false;
        for (one, came) in &mut waiting {
            if came.is_none() {
                match one.as_mut().poll(context) {
                    std::task::Poll::Ready(value) => *came = Some(value),
                    std::task::Poll::Pending => open = true,
                }
            }
        }
        if open { std::task::Poll::Pending } else { std::task::Poll::Ready(()) }
    })
    .await;
    waiting.into_iter().filter_map(|(_, came)| came).collect()
}
