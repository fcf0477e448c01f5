//! Webhooks doubled, in any order and with some missing: in the end both sides say what the calendar says, and nothing
//! went back and forth.

use std::sync::{Arc, Mutex};

use frontdesk_fake_calcom::Delivery;
use frontdesk_testkit::World;
use jiff::SignedDuration;
use serde_json::json;

use crate::hints::deliver;
use crate::salon::{
    BOOKED, EMMA, Mode, assert_sound, books_at, books_on_the_web, cancels_on_the_web, changes_asked, live,
    moves_on_the_web, now, open, ours, rings, rows, sagas, said, salon, seconds, thursday,
};

/// Dice that fall the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

/// A lively quarter of an hour in the calendar: ours and theirs, moved and cancelled on the web. Nothing is delivered
/// yet; what would have been is told.
async fn lively(world: &World, dice: &mut Dice) -> Vec<Delivery> {
    let kept: Arc<Mutex<Vec<Delivery>>> = Arc::default();
    let keeper = Arc::clone(&kept);
    world.calcom().deliver_with(Arc::new(move |delivery| {
        keeper.lock().unwrap().push(delivery);
        Box::pin(async {})
    }));
    let caller = rings(world);
    for time in ["10:00", "12:00", "14:00"] {
        assert_eq!(said(&books_at(&caller, time).await), BOOKED);
    }
    seconds(world, 2).await;
    caller
        .asks(
            "reschedule_appointment",
            json!({"date": "2026-12-03", "time": "12:00", "new_date": "2026-12-03", "new_time": "16:00"}),
        )
        .await;
    seconds(world, 2).await;
    // What is done on the web from here on is known by webhook or sweep only.
    let mut uids: Vec<String> = ours(world).into_iter().map(|booking| booking.uid).collect();
    uids.sort();
    let moved = dice.below(uids.len());
    let to = thursday(["11:00", "17:00", "17:45"][dice.below(3)]);
    let mut told = Vec::new();
    told.extend(on_the_web_kept(world, Web::Move(&uids[moved], to)).await);
    let cancelled = (moved + 1 + dice.below(uids.len() - 1)) % uids.len();
    told.extend(on_the_web_kept(world, Web::Cancel(&uids[cancelled])).await);
    told.extend(on_the_web_kept(world, Web::Book).await);
    let mut all = kept.lock().unwrap().clone();
    all.extend(told);
    all
}

enum Web<'a> {
    Move(&'a str, jiff::Timestamp),
    Cancel(&'a str),
    Book,
}

/// Does something on the web and keeps its webhooks.
async fn on_the_web_kept(world: &World, what: Web<'_>) -> Vec<Delivery> {
    use frontdesk_fake_calcom::Request;
    let (path, body) = match what {
        Web::Move(uid, start) => (format!("/v2/bookings/{uid}/reschedule"), json!({"start": start.to_string()})),
        Web::Cancel(uid) => (format!("/v2/bookings/{uid}/cancel"), json!({"cancellationReason": "verhindert"})),
        Web::Book => (
            "/v2/bookings".to_owned(),
            json!({"eventTypeId": EMMA, "start": thursday("09:00").to_string(),
                "attendee": {"name": "Web Besuch", "email": "web@besuch.example", "timeZone": "Europe/Berlin"}}),
        ),
    };
    let request = Request::new("POST", &path, now(world))
        .header("authorization", "Bearer cal_demo_emma")
        .header("cal-api-version", "2024-08-13")
        .json(&body);
    let answer = world.calcom().fake.handle(&request);
    assert!(answer.status < 300, "{path}: {}", answer.json());
    answer.webhooks
}

#[tokio::test(start_paused = true)]
async fn in_whatever_order_webhooks_come_the_end_is_what_the_calendar_says() {
    let rounds = if std::env::var("FRONTDESK_FULL").is_ok_and(|value| value == "1") { 10_000 } else { 200 };
    for round in 0..rounds {
        let mut dice = Dice(round);
        let mode = if round % 2 == 0 { Mode::CalendarFirst } else { Mode::LocalFirst };
        let world = salon(mode).await;
        let told = lively(&world, &mut dice).await;
        let changes = changes_asked(&world);
        let mut shuffled: Vec<Delivery> = told.iter().chain(&told).cloned().collect();
        for place in (1..shuffled.len()).rev() {
            shuffled.swap(place, dice.below(place + 1));
        }
        for delivery in &shuffled {
            if dice.below(10) < 3 {
                continue;
            }
            deliver(&world, delivery).await;
            if dice.below(2) == 0 {
                world.work_for(SignedDuration::from_millis(i64::try_from(dice.below(1_500)).unwrap())).await;
            }
        }
        seconds(&world, 120).await;
        let open = open(&world).await;
        assert!(open.is_empty(), "round {round}: {open:#?}");
        assert_eq!(changes_asked(&world), changes, "round {round}: something was sent back");
        let mut sagas = sagas(&world).await;
        sagas.sort();
        assert_eq!(sagas, ["cancelled", "confirmed", "confirmed"], "round {round}");
        assert_sound(&world).await;
        let busy = rows(&world, "SELECT CAST(from_ms AS TEXT) FROM busy").await;
        assert_eq!(busy, [thursday("09:00").as_millisecond().to_string()], "round {round}");
        assert_eq!(live(&world).len(), 3, "round {round}");
    }
}

#[tokio::test(start_paused = true)]
async fn there_and_back_again_on_the_web_does_not_set_anything_swinging() {
    for mode in [Mode::CalendarFirst, Mode::LocalFirst] {
        let world = salon(mode).await;
        let caller = rings(&world);
        books_at(&caller, "10:00").await;
        seconds(&world, 5).await;
        let changes = changes_asked(&world);
        let mut uid = ours(&world)[0].uid.clone();
        for to in ["12:00", "10:00", "12:00", "14:00", "10:00"] {
            uid = moves_on_the_web(&world, &uid, thursday(to)).await;
            seconds(&world, 1).await;
        }
        seconds(&world, 120).await;
        assert_eq!(changes_asked(&world), changes, "{mode:?}");
        assert_sound(&world).await;
        assert!(open(&world).await.is_empty());
        assert_eq!(crate::salon::appointed(&world).await, [thursday("10:00")]);
        cancels_on_the_web(&world, &uid).await;
        let theirs = books_on_the_web(&world, EMMA, thursday("10:00")).await;
        seconds(&world, 120).await;
        assert_eq!(changes_asked(&world), changes, "{mode:?}");
        assert_eq!(live(&world).iter().map(|booking| booking.uid.clone()).collect::<Vec<_>>(), [theirs]);
        assert_eq!(sagas(&world).await, ["cancelled"]);
    }
}
