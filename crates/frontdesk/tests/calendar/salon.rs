//! The salon, its fake calendar, and what must be true of the two when nothing runs.

use std::sync::Arc;

use frontdesk_domain::calendar::stamp::OP;
use frontdesk_fake_calcom::world::Hook;
use frontdesk_fake_calcom::{Booking, FakeCalcom, World as Calendar};
use frontdesk_testkit::{Heard, World};
use jiff::{SignedDuration, Timestamp};

pub const NOW: &str = "2026-12-01T09:12:31+01:00";
const LOCAL_FIRST: (&str, &str) = ("mode = \"calendar-first\"", "mode = \"local-first\"");

/// The salon where the calendar confirms while the caller waits.
pub async fn calendar_first() -> Arc<World> {
    salon(&[]).await
}

/// The salon that promises at once and carries over.
pub async fn local_first() -> Arc<World> {
    salon(&[LOCAL_FIRST]).await
}

async fn salon(changes: &[(&str, &str)]) -> Arc<World> {
    let fake = FakeCalcom::new(Calendar::salon(), 1);
    let world = World::with_calcom(fake, NOW, changes).await;
    let hook: Hook = serde_json::from_value(serde_json::json!({
        "userId": 1, "subscriberUrl": "http://desk.invalid/v1/calcom/ep_7Cc1demo/events", "active": true,
        "triggers": ["BOOKING_CREATED", "BOOKING_RESCHEDULED", "BOOKING_CANCELLED", "BOOKING_REQUESTED", "BOOKING_REJECTED"],
        "secret": "whk_frontdesk_fixture_7d20e1",
    }))
    .unwrap();
    world.calcom().fake.add_webhook(hook, world.store().ctx().now());
    world
}

/// The calendar's living bookings that carry our mark.
pub fn ours(world: &World) -> Vec<Booking> {
    live(world).into_iter().filter(|booking| booking.metadata.contains_key(OP)).collect()
}

/// The calendar's living bookings.
pub fn live(world: &World) -> Vec<Booking> {
    world.calcom().fake.ledger().into_iter().filter(|booking| booking.status.is_live()).collect()
}

pub fn said(heard: &Heard) -> (&str, &str, bool) {
    let text = |key: &str| heard.json[key].as_str().unwrap_or_default();
    (text("status"), text("code"), heard.json["booked"].as_bool().unwrap_or_default())
}

pub fn berlin(text: &str) -> Timestamp {
    format!("{text}+01:00").parse().unwrap()
}

/// Lets everything settle, and checks that both sides agree: each active appointment has exactly its bookings, each
/// inactive one none, and nobody's time is taken twice.
pub async fn assert_converged(world: &World) {
    world.work_for(SignedDuration::from_mins(5)).await;
    let (scope, _) = world.store().tenant("salon-mit-calcom").await.unwrap().unwrap();
    let open = world
        .store()
        .read::<_, frontdesk_store::StoreError, _>(&scope, |tx| Box::pin(frontdesk_store::syncs::not_agreed(tx)))
        .await
        .unwrap();
    assert!(open.is_empty(), "not agreed: {open:#?}\n{:#?}", world.store().waiting_jobs().await.unwrap());
    assert_eq!(world.store().overlaps().await.unwrap(), 0, "somebody's time is taken twice");
    let strays = world.store().strays().await.unwrap();
    let strays: Vec<_> = strays.iter().filter(|stray| !stray.starts_with("expired hold")).collect();
    assert!(strays.is_empty(), "left wrongly at rest: {strays:?}");
}
