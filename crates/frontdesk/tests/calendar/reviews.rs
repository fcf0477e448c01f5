//! What a person decides about what did not come right by itself.

use frontdesk_desk::sync::Resolved;
use frontdesk_domain::calendar::RemoteUid;
use frontdesk_domain::review::{Kind, Resolution};
use frontdesk_testkit::World;

use crate::salon::{
    BOOKED, EMMA, alarming, appointed, assert_converged, books_at, fake, live, local_first, minutes, now, ours,
    reviews_of, rings, rows, sagas, said, scope, somebody_books, starts, sync_of, tasks, thursday, waiting,
};

/// A promise the calendar refused, because somebody had the time there; with their booking.
async fn refused() -> (std::sync::Arc<World>, String) {
    let world = local_first().await;
    let caller = rings(&world);
    caller.checks("Damenhaarschnitt", "2026-12-03", "10:00").await;
    let theirs = somebody_books(&world, EMMA, thursday("10:00"));
    assert_eq!(said(&books_at(&caller, "10:00").await), BOOKED);
    minutes(&world, 3).await;
    assert!(waiting(&world).await.contains(&Kind::Refused));
    (world, theirs.uid)
}

async fn decides(world: &World, kind: Kind, way: Resolution, uid: Option<&str>) {
    let review = reviews_of(world).await.into_iter().find(|review| review.kind == kind).unwrap();
    let (scope, tenant) = (scope(world).await, world.store().tenant("salon-mit-calcom").await.unwrap().unwrap().1);
    let uid = uid.map(RemoteUid::new);
    let resolved = world.app.desk.sync().resolve(&scope, &tenant, &review.id, way, uid, None).await;
    assert_eq!(resolved.unwrap(), Resolved::Done);
}

#[tokio::test(start_paused = true)]
async fn once_there_is_room_a_refused_one_can_be_tried_again() {
    let (world, theirs) = refused().await;
    assert!(fake(&world).cancel_foreign(&theirs, now(&world)));
    decides(&world, Kind::Refused, Resolution::Retry, None).await;
    assert_converged(&world).await;
    assert_eq!((starts(&world), sync_of(&world).await.status), (vec![thursday("10:00")], "synced".to_owned()));
    assert_eq!((waiting(&world).await.len(), alarming(&world).await.len()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_refused_one_can_be_taken_back() {
    let (world, _theirs) = refused().await;
    decides(&world, Kind::Refused, Resolution::Cancel, None).await;
    assert_converged(&world).await;
    assert_eq!((sagas(&world).await, live(&world).len(), ours(&world).len()), (vec!["cancelled".to_owned()], 1, 0));
}

#[tokio::test(start_paused = true)]
async fn a_booking_somebody_made_by_hand_can_be_linked_and_is_ours_from_then_on() {
    let (world, theirs) = refused().await;
    minutes(&world, 2).await;
    decides(&world, Kind::Refused, Resolution::Link, Some(&theirs)).await;
    minutes(&world, 5).await;
    assert_eq!(sync_of(&world).await.status, "synced");
    let mut open = waiting(&world).await;
    open.retain(|kind| *kind != Kind::Overlap);
    assert!(open.is_empty(), "{open:?}");
    assert_eq!(rows(&world, "SELECT uid FROM busy").await, [""; 0], "its time is not somebody else's any more");
    assert_eq!(waiting(&world).await, [], "and it does not overlap itself");
    let caller = rings(&world);
    let moved =
        caller.asks("reschedule_appointment", serde_json::json!({"new_date": "2026-12-03", "new_time": "14:00"})).await;
    assert_eq!(said(&moved).0, "rescheduled", "{}", moved.json);
    minutes(&world, 5).await;
    assert_eq!(live(&world).iter().map(|booking| booking.start).collect::<Vec<_>>(), [thursday("14:00")]);
    assert_eq!((appointed(&world).await, sync_of(&world).await.status), (vec![thursday("14:00")], "synced".to_owned()));
    assert_eq!(tasks(&world).await, [""; 0]);
}
