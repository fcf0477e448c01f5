//! Breaker, places, budget and key.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use frontdesk_domain::calendar::breaker::Position;
use frontdesk_domain::calendar::budget::Priority;
use frontdesk_domain::calendar::{Doubt, EventType, Refusal, RemoteUid, SlotQuery, Told, Unsent};
use frontdesk_domain::ids::TenantId;
use tokio::task::JoinSet;

use super::super::{Calendars, Guarded, Operation};
use super::world::{Does, HANGS, World, link, settle, tenant};

const OPEN: Told<()> = Told::Unsent(Unsent::BreakerOpen);

async fn cancel(guarded: &Guarded) -> Told<()> {
    guarded.cancel(Priority::Caller, &RemoteUid::new("uid"), "ill").await
}

/// So many at once; what each was told.
async fn together(guarded: &Arc<Guarded>, callers: usize) -> JoinSet<Told<()>> {
    let mut all = JoinSet::new();
    for _ in 0..callers {
        let guarded = Arc::clone(guarded);
        all.spawn(async move { cancel(&guarded).await });
    }
    settle().await;
    all
}

fn count(told: &[Told<()>], what: &Told<()>) -> usize {
    told.iter().filter(|told| *told == what).count()
}

fn position(guarded: &Guarded, operation: Operation) -> Position {
    guarded.state().breakers.into_iter().find(|(found, _)| *found == operation).unwrap().1
}

#[tokio::test]
async fn five_failures_open_the_breaker_of_that_operation_alone() {
    let world = World::new();
    let guarded = world.guarded("ten_1", "cal_a");
    let failures = [HANGS, Does::NoConnection, Does::Doubts(Doubt::Lost), Does::Doubts(Doubt::ServerError), HANGS];
    world.fake.next(failures);
    for _ in 0..5 {
        assert_ne!(cancel(&guarded).await, OPEN);
    }
    assert_eq!(cancel(&guarded).await, OPEN);
    assert_eq!(world.fake.calls(), 5);
    assert_eq!(position(&guarded, Operation::Read), Position::Closed);
    assert_eq!(guarded.get(Priority::Work, &RemoteUid::new("uid")).await, Told::Done(None));
}

#[tokio::test]
async fn half_of_twenty_open_it_and_refusals_never_do() {
    let world = World::new();
    let guarded = world.with_link("ten_1", "cal_a", &link(10_000));
    world.fake.always(Does::Refuses(Refusal::Taken));
    for _ in 0..30 {
        cancel(&guarded).await;
    }
    world.fake.always(Does::Doubts(Doubt::Unreadable));
    for _ in 0..30 {
        cancel(&guarded).await;
    }
    assert_eq!(position(&guarded, Operation::Cancel), Position::Closed);
    world.fake.next([HANGS, Does::Answers].into_iter().cycle().take(20));
    let mut sent = 0;
    while cancel(&guarded).await != OPEN {
        sent += 1;
    }
    assert_eq!(sent, 19, "the tenth failure");
}

#[tokio::test]
async fn of_five_hundred_waiting_callers_exactly_one_tries_after_the_minute() {
    let world = World::new();
    let guarded = world.guarded("ten_1", "cal_a");
    world.fake.next(vec![HANGS; 5]);
    for _ in 0..5 {
        cancel(&guarded).await;
    }
    world.clock.advance(100.0);
    world.fake.hold();
    let all = together(&guarded, 500).await;
    assert_eq!(world.fake.calls(), 6);
    assert!(!guarded.take_recovered());
    world.fake.release(1);
    let told = all.join_all().await;
    assert_eq!((count(&told, &Told::Done(())), count(&told, &OPEN)), (1, 499));
    assert!(guarded.take_recovered() && !guarded.take_recovered());
    world.fake.release(1);
    assert_eq!(cancel(&guarded).await, Told::Done(()));
}

#[tokio::test]
async fn a_try_that_is_dropped_leaves_the_next_one_to_somebody_else() {
    let world = World::new();
    let guarded = world.guarded("ten_1", "cal_a");
    world.fake.next(vec![HANGS; 5]);
    for _ in 0..5 {
        cancel(&guarded).await;
    }
    world.clock.advance(100.0);
    world.fake.hold();
    let mut all = together(&guarded, 1).await;
    assert_eq!(cancel(&guarded).await, OPEN);
    all.shutdown().await;
    world.fake.release(1);
    assert_eq!(cancel(&guarded).await, Told::Done(()));
}

#[tokio::test]
async fn eight_of_a_tenant_are_under_way_at_once_and_a_dropped_one_frees_its_place() {
    let world = World::new();
    let (ours, theirs) = (world.guarded("ten_1", "cal_a"), world.guarded("ten_2", "cal_b"));
    world.fake.hold();
    let mut all = together(&ours, 20).await;
    assert_eq!((world.fake.in_flight(), ours.state().in_flight), (8, 8));
    assert_eq!(cancel(&ours).await, Told::Unsent(Unsent::Bulkhead));
    let others = together(&theirs, 1).await;
    assert_eq!(world.fake.in_flight(), 9, "another tenant has places of its own");
    all.shutdown().await;
    assert_eq!(ours.state().in_flight, 0);
    world.fake.release(2);
    assert_eq!(cancel(&ours).await, Told::Done(()));
    assert_eq!(others.join_all().await, [Told::Done(())]);
    assert_eq!(position(&ours, Operation::Cancel), Position::Closed, "dropping is no failure");
}

#[tokio::test]
async fn background_work_leaves_places_to_callers() {
    let world = World::new();
    let guarded = world.guarded("ten_1", "cal_a");
    world.fake.hold();
    let mut work = JoinSet::new();
    for _ in 0..8 {
        let guarded = Arc::clone(&guarded);
        work.spawn(async move { guarded.get(Priority::Work, &RemoteUid::new("uid")).await });
    }
    settle().await;
    assert_eq!(guarded.state().in_flight, 4);
    together(&guarded, 8).await.detach_all();
    assert_eq!(world.fake.most.load(Ordering::SeqCst), 8);
}

#[tokio::test]
async fn five_hundred_callers_of_tenants_with_one_key_never_send_more_than_it_allows() {
    let world = World::new();
    let slot = SlotQuery {
        event_type: EventType(1),
        from: "2026-12-01T00:00:00Z".parse().unwrap(),
        until: "2026-12-02T00:00:00Z".parse().unwrap(),
        moving: None,
    };
    let mut sent = Vec::new();
    for round in 0..10 {
        let before = world.fake.calls();
        for caller in 0..50 {
            let guarded = world.guarded(["ten_1", "ten_2", "ten_3"][caller % 3], "cal_shared");
            guarded.free_slots(Priority::CallerRead, &slot).await;
        }
        sent.push((round * 10, world.fake.calls() - before));
        world.clock.advance(10.0);
    }
    let worst = sent.iter().map(|(from, _)| {
        sent.iter().filter(|(at, _)| (*from..from + 60).contains(at)).map(|(_, sent)| sent).sum::<usize>()
    });
    assert!(worst.max().unwrap() <= 120, "{sent:?}");
    assert!(world.fake.calls() > 120, "the budget fills up again: {sent:?}");
    let other = world.guarded("ten_4", "cal_other");
    assert_eq!(other.free_slots(Priority::Warm, &slot).await, Told::Done(Vec::new()), "another key has its own");
}

#[tokio::test]
async fn bookings_go_through_when_questions_and_background_work_have_used_their_part() {
    let world = World::new();
    let guarded = world.guarded("ten_1", "cal_a");
    let uid = RemoteUid::new("uid");
    while guarded.get(Priority::Warm, &uid).await == Told::Done(None) {}
    assert_eq!(guarded.get(Priority::Work, &uid).await, Told::Done(None));
    while guarded.get(Priority::Work, &uid).await == Told::Done(None) {}
    while guarded.get(Priority::CallerRead, &uid).await == Told::Done(None) {}
    assert_eq!(guarded.get(Priority::CallerRead, &uid).await, Told::Unsent(Unsent::Budget));
    assert_eq!(cancel(&guarded).await, Told::Done(()));
    assert!(guarded.state().budget_left > 0);
}

#[tokio::test]
async fn after_a_429_nothing_is_sent_with_that_key_for_a_minute() {
    let world = World::new();
    let (ours, theirs) = (world.guarded("ten_1", "cal_shared"), world.guarded("ten_2", "cal_shared"));
    world.fake.next([Does::Doubts(Doubt::RateLimited)]);
    assert_eq!(cancel(&ours).await, Told::Unknown(Doubt::RateLimited));
    assert_eq!(cancel(&theirs).await, Told::Unsent(Unsent::Budget));
    assert!(theirs.state().blocked_until.is_some());
    world.clock.advance(62.0);
    assert_eq!(cancel(&theirs).await, Told::Done(()));
    assert_eq!(position(&ours, Operation::Cancel), Position::Closed);
}

#[tokio::test]
async fn a_refused_key_is_remembered_until_it_works_again() {
    let world = World::new();
    let guarded = world.guarded("ten_1", "cal_a");
    let first = world.store.ctx().now();
    world.fake.next([Does::Refuses(Refusal::KeyRefused)]);
    cancel(&guarded).await;
    world.clock.advance(10.0);
    world.fake.next([Does::Refuses(Refusal::KeyRefused)]);
    cancel(&guarded).await;
    assert_eq!(guarded.state().key_refused_since, Some(first));
    assert_eq!(guarded.get(Priority::Work, &RemoteUid::new("uid")).await, Told::Done(None));
    assert_eq!(guarded.state().key_refused_since, Some(first), "looking up is not cancelling");
    assert!(!guarded.take_recovered());
    cancel(&guarded).await;
    assert_eq!(guarded.state().key_refused_since, None);
    world.calendars.until_recovered().await;
    assert_eq!(world.calendars.take_recovered(), [TenantId::from("ten_1")]);
    assert_eq!(world.calendars.take_recovered(), []);
}

#[tokio::test]
async fn a_calendar_is_opened_once_and_again_when_its_key_or_link_changes() {
    let world = World::new();
    let first = world.guarded("ten_1", "cal_a");
    assert!(Arc::ptr_eq(&first, &world.guarded("ten_1", "cal_a")));
    assert!(!Arc::ptr_eq(&first, &world.guarded("ten_2", "cal_a")));
    assert_eq!(world.opened.load(Ordering::SeqCst), 2);
    assert!(world.calendars.take_recovered().is_empty());
    let second = world.guarded("ten_1", "cal_b");
    assert!(!Arc::ptr_eq(&first, &second));
    assert!(second.take_recovered(), "what waited for the old key may go");
    assert!(!Arc::ptr_eq(&second, &world.with_link("ten_1", "cal_b", &link(60))));
    assert_eq!(world.opened.load(Ordering::SeqCst), 4);
}

#[tokio::test]
async fn a_calendar_opened_again_has_not_got_its_requests_back() {
    let world = World::new();
    let mut guarded = world.guarded("ten_1", "cal_a");
    while cancel(&guarded).await == Told::Done(()) {}
    guarded = world.with_link("ten_1", "cal_a", &link(119));
    assert_eq!(cancel(&guarded).await, Told::Unsent(Unsent::Budget));
}

#[tokio::test]
async fn a_tenant_with_the_built_in_calendar_has_none_and_one_without_a_key_is_not_taken_for_it() {
    let world = World::new();
    let mut salon = tenant();
    let apply = |tenant| frontdesk_store::tenants::Apply {
        tenant,
        endpoint: None,
        calendar_keys: None,
        voice_keys: Vec::new(),
        customers: Vec::new(),
        appointments: Vec::new(),
    };
    world.store.apply_tenant(apply(salon.clone())).await.unwrap();
    let (scope, known) = world.store.tenant("salon").await.unwrap().unwrap();
    for calendars in [Calendars::none(world.store.clone()), Calendars::new(world.store.clone(), open_never())] {
        let guarded = calendars.of(&scope, &known).await.unwrap();
        assert_eq!(cancel(&guarded).await, Told::Unsent(Unsent::NotSetUp));
        assert!(guarded.state().not_set_up.is_some());
        assert!(Arc::ptr_eq(&guarded, &calendars.of(&scope, &known).await.unwrap()));
        calendars.forget(scope.tenant());
        assert!(
            Arc::ptr_eq(&guarded, &calendars.of(&scope, &known).await.unwrap()),
            "the same key is the same calendar"
        );
    }
    salon.calendar = None;
    assert!(world.calendars.of(&scope, &salon).await.is_none());
}

fn open_never() -> super::super::OpenCalendar {
    Arc::new(|_, _| panic!("there is no key to open it with"))
}
