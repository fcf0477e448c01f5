//! What the calendar offers: kept, shared, forgotten in time.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use frontdesk_domain::calendar::{Doubt, EventType, Refusal, RemoteUid};
use frontdesk_domain::slots::free::{LegWish, Search};
use frontdesk_domain::slots::openings::Openings;
use frontdesk_domain::tenant::Tenant;
use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinHandle;

use super::super::Guarded;
use super::super::openings::openings;
use super::world::{Does, HANGS, World, link, settle, tenant};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A question about so many days from now on: service or service/person.
async fn ask_for(guarded: &Arc<Guarded>, tenant: &Tenant, leg: &str, days: i64, moving: Option<&str>) -> Openings {
    let from = at("2026-12-01T08:00:00Z");
    let moving = moving.map(RemoteUid::new);
    let window = (from, from + SignedDuration::from_hours(24 * days));
    openings(guarded, tenant, &tenant.branches[0], &wish(tenant, leg), window, moving.as_ref()).await
}

fn wish<'t>(tenant: &'t Tenant, leg: &str) -> Vec<LegWish<'t>> {
    let (service, person) = leg.split_once('/').map_or((leg, None), |(service, person)| (service, Some(person)));
    let staff = person.map(|person| tenant.staff(&person.into()).unwrap());
    vec![LegWish { service: tenant.service(&service.into()).unwrap(), staff }]
}

async fn ask(guarded: &Arc<Guarded>, leg: &str, days: i64) -> Openings {
    ask_for(guarded, &tenant(), leg, days, None).await
}

/// Whether a start may be booked by what the calendar says and nothing else.
fn allows(openings: &Openings, leg: &str, start: &str) -> bool {
    let tenant = tenant();
    let now = at("2026-12-01T08:00:00Z");
    let search = Search::new(&tenant, &tenant.branches[0], wish(&tenant, leg), now, &[].into()).offered_by(openings);
    !search.at(at(start)).is_empty()
}

#[allow(clippy::disallowed_methods, reason = "callers of a test end with it")]
fn spawned(guarded: &Arc<Guarded>, leg: &'static str, days: i64) -> JoinHandle<Openings> {
    let guarded = Arc::clone(guarded);
    tokio::spawn(async move { ask(&guarded, leg, days).await })
}

const TEN: &str = "2026-12-02T10:00:00Z";
const ELEVEN: &str = "2026-12-02T11:00:00Z";
const NEXT_WEEK: &str = "2026-12-09T10:00:00Z";

#[tokio::test]
async fn an_answer_is_good_for_a_minute_and_asked_for_once() {
    let world = World::new();
    let guarded = world.guarded("ten_1", "cal_a");
    world.fake.offers(1, &[TEN]);
    let first = ask(&guarded, "cut/anna", 2).await;
    assert!(allows(&first, "cut/anna", TEN) && !allows(&first, "cut/anna", ELEVEN));
    world.fake.offers(1, &[ELEVEN]);
    world.clock.advance(59.0);
    assert_eq!(ask(&guarded, "cut/anna", 2).await, first);
    assert_eq!(world.fake.calls(), 1);
    world.clock.advance(1.0);
    assert!(allows(&ask(&guarded, "cut/anna", 2).await, "cut/anna", ELEVEN));
    assert_eq!(world.fake.calls(), 2);
}

#[tokio::test]
async fn a_whole_week_is_asked_for_in_one_call() {
    let world = World::new();
    let guarded = world.guarded("ten_1", "cal_a");
    ask(&guarded, "cut/anna", 2).await;
    let asked = world.fake.asked.lock().unwrap();
    assert_eq!((asked[0].from, asked[0].until), (at("2026-11-30T00:00:00Z"), at("2026-12-07T00:00:00Z")));
    assert_eq!(asked.len(), 1);
}

#[tokio::test]
async fn tenants_with_equal_event_types_do_not_see_each_others_times() {
    let world = World::new();
    let (ours, theirs) = (world.guarded("ten_1", "cal_a"), world.guarded("ten_2", "cal_b"));
    world.fake.offers(1, &[TEN]);
    ask(&ours, "cut/anna", 2).await;
    world.fake.offers(1, &[ELEVEN]);
    assert!(!allows(&ask(&theirs, "cut/anna", 2).await, "cut/anna", TEN));
    assert_eq!(world.fake.calls(), 2);
}

#[tokio::test]
async fn all_who_wait_for_the_same_week_wait_for_one_call() {
    let world = World::new();
    let guarded = world.guarded("ten_1", "cal_a");
    world.fake.offers(1, &[TEN]);
    world.fake.hold();
    let mut waiting: Vec<_> = (0..50).map(|_| spawned(&guarded, "cut/anna", 2)).collect();
    settle().await;
    assert_eq!(world.fake.calls(), 1);
    // Whoever began it hangs up: the others get their answer.
    waiting.remove(0).abort();
    settle().await;
    world.fake.release(1);
    for waiting in waiting {
        assert!(allows(&waiting.await.unwrap(), "cut/anna", TEN));
    }
    assert_eq!(world.fake.calls(), 1);
}

#[tokio::test]
async fn a_question_everybody_gave_up_on_holds_no_place_and_is_asked_anew() {
    let world = World::new();
    let guarded = world.guarded("ten_1", "cal_a");
    world.fake.hold();
    let waiting = spawned(&guarded, "cut/anna", 2);
    settle().await;
    waiting.abort();
    settle().await;
    assert_eq!((world.fake.in_flight(), guarded.state().in_flight), (0, 0));
    world.fake.release(1);
    ask(&guarded, "cut/anna", 2).await;
    assert_eq!(world.fake.calls(), 2);
}

#[tokio::test]
async fn weeks_and_people_are_asked_about_at_once_and_never_one_after_the_other() {
    let world = World::new();
    let guarded = world.guarded("ten_1", "cal_a");
    for event_type in 1..=3 {
        world.fake.offers(event_type, &[TEN, NEXT_WEEK]);
    }
    world.fake.hold();
    let waiting = spawned(&guarded, "cut", 20);
    settle().await;
    assert_eq!(world.fake.in_flight(), 6, "all that one question may ask, in one round");
    world.fake.release(6);
    let first = waiting.await.unwrap();
    assert_eq!(world.fake.calls(), 6);
    let asked: BTreeSet<_> =
        world.fake.asked.lock().unwrap().iter().map(|asked| (asked.from, asked.event_type)).collect();
    let nearest = [at("2026-11-30T00:00:00Z"), at("2026-12-07T00:00:00Z")];
    let expected = nearest.iter().flat_map(|monday| (1..=3).map(|id| (*monday, EventType(id)))).collect();
    assert_eq!(asked, expected, "the nearest weeks first");
    assert!(allows(&first, "cut", NEXT_WEEK));
    assert!(!allows(&first, "cut", "2026-12-16T10:00:00Z"), "nothing is said about weeks that were not asked for");

    world.fake.release(6);
    ask(&guarded, "cut", 20).await;
    assert_eq!(world.fake.calls(), 12, "the next question brings the other two weeks");
    ask(&guarded, "cut", 20).await;
    assert_eq!((world.fake.calls(), world.fake.most.load(Ordering::SeqCst)), (12, 6));
}

#[tokio::test]
async fn a_shared_event_type_is_asked_for_once_for_all_its_people() {
    let world = World::new();
    let guarded = world.guarded("ten_1", "cal_a");
    world.fake.offers(9, &[TEN]);
    let openings = ask(&guarded, "wash", 2).await;
    assert_eq!(world.fake.calls(), 1);
    assert!(["wash/anna", "wash/bea", "wash/cleo"].iter().all(|leg| allows(&openings, leg, TEN)));
}

#[tokio::test]
async fn what_is_not_mapped_is_never_offered_and_costs_no_call() {
    let world = World::new();
    let guarded = world.guarded("ten_1", "cal_a");
    let openings = ask(&guarded, "beard", 2).await;
    assert!(!allows(&openings, "beard", TEN));
    assert_eq!(world.fake.calls(), 0);
}

#[tokio::test]
async fn a_service_in_two_bookings_needs_both_and_the_second_only_its_time() {
    let world = World::new();
    let guarded = world.guarded("ten_1", "cal_a");
    world.fake.offers(11, &[TEN, "2026-12-02T10:15:00Z", ELEVEN, "2026-12-02T12:00:00Z"]);
    // Needed 75 to 105 minutes after the start: from 11:15 on, 11:30, 12:15 and 13:15.
    world.fake.offers(12, &["2026-12-02T11:15:00Z", "2026-12-02T12:00:00Z", "2026-12-02T12:30:00Z"]);
    let openings = ask(&guarded, "colour/anna", 2).await;
    assert!(allows(&openings, "colour/anna", TEN));
    assert!(!allows(&openings, "colour/anna", "2026-12-02T10:15:00Z"), "from 11:45 on the second is not offered");
    assert!(allows(&openings, "colour/anna", ELEVEN), "12:15 to 12:45 lies in two offered times");
    assert!(!allows(&openings, "colour/anna", "2026-12-02T12:00:00Z"));
}

#[tokio::test]
async fn while_the_calendar_fails_what_was_known_has_to_do_for_half_an_hour_and_then_our_own_truth() {
    let world = World::new();
    let guarded = world.guarded("ten_1", "cal_a");
    world.fake.offers(1, &[TEN]);
    ask(&guarded, "cut/anna", 2).await;
    world.fake.always(HANGS);
    world.clock.advance(61.0);
    for _ in 0..8 {
        let stale = ask(&guarded, "cut/anna", 2).await;
        assert!(allows(&stale, "cut/anna", TEN) && !allows(&stale, "cut/anna", ELEVEN));
    }
    assert_eq!(world.fake.calls(), 6, "after five failures the breaker is open");
    world.clock.advance(29.0 * 60.0);
    let unknown = ask(&guarded, "cut/anna", 2).await;
    assert!(allows(&unknown, "cut/anna", ELEVEN), "nothing better is known");
}

#[tokio::test]
async fn whatever_keeps_the_calendar_from_saying_is_no_no_and_a_missing_event_type_is() {
    for (does, free) in [
        (HANGS, true),
        (Does::Doubts(Doubt::Unreadable), true),
        (Does::Doubts(Doubt::RateLimited), true),
        (Does::NoConnection, true),
        (Does::Refuses(Refusal::KeyRefused), true),
        (Does::Refuses(Refusal::NotFound), false),
        (Does::Answers, false),
    ] {
        let world = World::new();
        world.fake.next([does.clone()]);
        let openings = ask(&world.guarded("ten_1", "cal_a"), "cut/anna", 2).await;
        assert_eq!(allows(&openings, "cut/anna", TEN), free, "{does:?}");
    }
}

#[tokio::test]
async fn one_week_that_fails_does_not_make_another_unknown() {
    let world = World::new();
    let guarded = world.guarded("ten_1", "cal_a");
    world.fake.offers(1, &[TEN]);
    world.fake.next([Does::Answers, HANGS]);
    let openings = ask(&guarded, "cut/anna", 8).await;
    assert!(allows(&openings, "cut/anna", NEXT_WEEK) && !allows(&openings, "cut/anna", ELEVEN));
}

#[tokio::test]
async fn after_a_change_the_calendar_is_asked_again_but_not_before_it_tells_the_new() {
    let world = World::new();
    let guarded = world.guarded("ten_1", "cal_a");
    world.fake.offers(1, &[TEN]);
    ask(&guarded, "cut/anna", 8).await;
    assert_eq!(world.fake.calls(), 2);
    guarded.invalidate(EventType(1), at(TEN));
    world.fake.offers(1, &[ELEVEN]);
    world.clock.advance(2.4);
    ask(&guarded, "cut/anna", 8).await;
    assert_eq!(world.fake.calls(), 2, "it would only repeat what it said before");
    world.clock.advance(0.1);
    let after = ask(&guarded, "cut/anna", 8).await;
    assert!(allows(&after, "cut/anna", ELEVEN) && !allows(&after, "cut/anna", TEN));
    assert_eq!(world.fake.calls(), 3, "only the week that changed");
}

#[tokio::test]
async fn an_answer_asked_for_before_a_change_is_not_kept_as_the_present() {
    let world = World::new();
    let guarded = world.guarded("ten_1", "cal_a");
    world.fake.offers(1, &[TEN]);
    world.fake.hold();
    let before = spawned(&guarded, "cut/anna", 2);
    settle().await;
    world.fake.offers(1, &[ELEVEN]);
    guarded.invalidate(EventType(1), at(TEN));
    world.clock.advance(3.0);
    let after = spawned(&guarded, "cut/anna", 2);
    settle().await;
    assert_eq!(world.fake.calls(), 2, "who asks after the change does not wait for an answer from before");
    world.fake.release(2);
    assert!(allows(&before.await.unwrap(), "cut/anna", TEN));
    assert!(allows(&after.await.unwrap(), "cut/anna", ELEVEN));
    assert!(allows(&ask(&guarded, "cut/anna", 2).await, "cut/anna", ELEVEN));
    assert_eq!(world.fake.calls(), 2);
}

#[tokio::test]
async fn an_answer_that_arrives_late_does_not_replace_a_newer_one() {
    let world = World::new();
    let guarded = world.guarded("ten_1", "cal_a");
    world.fake.offers(1, &[TEN]);
    world.fake.hold();
    let before = spawned(&guarded, "cut/anna", 2);
    settle().await;
    guarded.invalidate(EventType(1), at(TEN));
    world.fake.release(1);
    before.await.unwrap();
    world.clock.advance(3.0);
    world.fake.offers(1, &[ELEVEN]);
    world.fake.release(1);
    assert!(allows(&ask(&guarded, "cut/anna", 2).await, "cut/anna", ELEVEN), "the first was not kept as the present");
}

#[tokio::test]
async fn a_change_touches_every_event_type_of_the_same_person_and_nobody_elses() {
    let world = World::new();
    let guarded = world.guarded("ten_1", "cal_a");
    for leg in ["cut/anna", "cut/bea", "colour/anna"] {
        ask(&guarded, leg, 2).await;
    }
    let before = world.fake.calls();
    guarded.invalidate(EventType(1), at(TEN));
    world.clock.advance(3.0);
    for leg in ["cut/anna", "cut/bea", "colour/anna"] {
        ask(&guarded, leg, 2).await;
    }
    let asked = world.fake.asked.lock().unwrap();
    let again: Vec<u64> = asked[before..].iter().map(|asked| asked.event_type.0).collect();
    assert_eq!(again, [1, 11, 12]);
}

#[tokio::test]
async fn a_move_is_asked_for_with_the_booking_that_moves_and_falls_back_on_what_is_known() {
    let world = World::new();
    let guarded = world.guarded("ten_1", "cal_a");
    world.fake.offers(1, &[TEN]);
    ask(&guarded, "cut/anna", 2).await;
    world.fake.offers(1, &[TEN, ELEVEN]);
    assert!(allows(&ask_for(&guarded, &tenant(), "cut/anna", 2, Some("uid")).await, "cut/anna", ELEVEN));
    assert_eq!(world.fake.asked.lock().unwrap()[1].moving, Some(RemoteUid::new("uid")));
    world.fake.next([HANGS]);
    let openings = ask_for(&guarded, &tenant(), "cut/anna", 2, Some("other")).await;
    assert!(allows(&openings, "cut/anna", TEN) && !allows(&openings, "cut/anna", ELEVEN));
}

#[tokio::test]
async fn nothing_is_asked_about_weeks_nobody_can_book() {
    let world = World::new();
    let guarded = world.guarded("ten_1", "cal_a");
    let mut near = tenant();
    near.policy.horizon_days = Some(5);
    ask_for(&guarded, &near, "cut/anna", 400, None).await;
    assert_eq!(world.fake.calls(), 1);
}

#[tokio::test]
async fn warming_fetches_two_weeks_of_everything_and_only_what_got_old() {
    let world = World::new();
    let guarded = world.guarded("ten_1", "cal_a");
    ask(&guarded, "cut/anna", 8).await;
    assert_eq!(guarded.warm().await, 10, "six event types, two weeks, two known");
    assert_eq!(guarded.warm().await, 0);
    world.clock.advance(31.0);
    assert_eq!(guarded.warm().await, 12);
    guarded.invalidate(EventType(9), at(TEN));
    assert_eq!(guarded.warm().await, 0, "the calendar may still tell what was before");
    world.clock.advance(2.5);
    assert_eq!(guarded.warm().await, 1);
    let calls = world.fake.calls();
    ask(&guarded, "cut", 8).await;
    assert_eq!(world.fake.calls(), calls, "a caller finds it all there");
}

#[tokio::test]
async fn warming_leaves_most_of_the_budget_to_others_and_goes_on_with_what_is_oldest() {
    let world = World::new();
    let guarded = world.with_link("ten_1", "cal_a", &link(20));
    assert_eq!(guarded.warm().await, 8);
    assert!(guarded.state().budget_left >= 11);
    assert_eq!(guarded.warm().await, 0);
    world.clock.advance(64.0);
    guarded.warm().await;
    let asked = world.fake.asked.lock().unwrap();
    let all: BTreeSet<_> = asked.iter().map(|asked| (asked.event_type, asked.from)).collect();
    assert_eq!(all.len(), 12);
}

#[tokio::test]
async fn warming_stops_when_the_calendar_fails() {
    let world = World::new();
    let guarded = world.guarded("ten_1", "cal_a");
    world.fake.next([Does::Answers, HANGS]);
    assert_eq!(guarded.warm().await, 1);
    assert_eq!(world.fake.calls(), 2);
}
