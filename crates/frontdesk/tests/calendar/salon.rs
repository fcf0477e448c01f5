//! The salon, its fake calendar, and what must be true of the two when nothing runs.

use std::sync::Arc;
use std::time::Duration;

use frontdesk_domain::calendar::stamp::OP;
use frontdesk_domain::review::Kind;
use frontdesk_fake_calcom::world::Hook;
use frontdesk_fake_calcom::{Booking, FakeCalcom, Foreign, Operation, Request, World as Calendar};
use frontdesk_store::reviews::Review;
use frontdesk_store::syncs::{self, SyncRow};
use frontdesk_store::{StoreError, TenantScope, alarms, reviews};
use frontdesk_testkit::{Caller, Heard, World};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

pub const NOW: &str = "2026-12-01T09:12:31+01:00";
pub const EVENTS: &str = "/v1/calcom/ep_7Cc1demo/events";
pub const SECRET: &str = "whk_frontdesk_fixture_7d20e1";
/// Emma's event type for a Damenhaarschnitt.
pub const EMMA: u64 = 1;
/// Nobody waits longer than this for an answer.
pub const LONGEST_ANSWER: SignedDuration = SignedDuration::from_secs(2);

const LOCAL_FIRST: (&str, &str) = ("mode = \"calendar-first\"", "mode = \"local-first\"");

/// Who has the last word about a booking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    CalendarFirst,
    LocalFirst,
}

pub const BOTH: [Mode; 2] = [Mode::CalendarFirst, Mode::LocalFirst];

/// The salon where the calendar confirms while the caller waits.
pub async fn calendar_first() -> Arc<World> {
    salon(Mode::CalendarFirst).await
}

/// The salon that promises at once and carries over.
pub async fn local_first() -> Arc<World> {
    salon(Mode::LocalFirst).await
}

/// The salon in either mode.
pub async fn salon(mode: Mode) -> Arc<World> {
    salon_with(mode, Calendar::salon(), &[]).await
}

/// The salon with another calendar, and other text in its file. Webhooks tell of everything its people hold.
pub async fn salon_with(mode: Mode, calendar: Calendar, changes: &[(&str, &str)]) -> Arc<World> {
    let mut all = Vec::new();
    if mode == Mode::LocalFirst {
        all.push(LOCAL_FIRST);
    }
    all.extend_from_slice(changes);
    let world = World::with_calcom(FakeCalcom::new(calendar, 1), NOW, &all).await;
    for user in 1..=3 {
        let hook: Hook = serde_json::from_value(serde_json::json!({
            "userId": user, "subscriberUrl": format!("http://desk.invalid{EVENTS}"), "active": true, "secret": SECRET,
            "triggers": ["BOOKING_CREATED", "BOOKING_RESCHEDULED", "BOOKING_CANCELLED", "BOOKING_REQUESTED",
                "BOOKING_REJECTED"],
        }))
        .unwrap();
        fake(&world).add_webhook(hook, now(&world));
    }
    world.app.desk.sync().wake_sweeps().await.unwrap();
    world
}

pub fn fake(world: &World) -> &FakeCalcom {
    &world.calcom().fake
}

pub fn now(world: &World) -> Timestamp {
    world.store().ctx().now()
}

/// Lets something go wrong, written as `KIND[=VALUE][,op=OPERATION][,p=0.1][,times=3]`.
pub fn fault(world: &World, rule: &str) {
    fake(world).add_fault(rule.parse().unwrap());
}

/// Somebody who rings.
pub fn rings(world: &World) -> Caller<'_> {
    world.calcom_caller("+4915112345678")
}

/// The usual wish: a haircut by Emma on Thursday, at a quarter of an hour.
pub async fn books_at(caller: &Caller<'_>, time: &str) -> Heard {
    caller.books("Damenhaarschnitt", "2026-12-03", time, "Hannelore Brückner").await
}

/// An answer with how long the caller waited for it.
pub async fn timed<T>(world: &World, answer: impl Future<Output = T>) -> (T, SignedDuration) {
    let before = now(world);
    let answer = answer.await;
    (answer, now(world).duration_since(before))
}

/// The calendar's living bookings that carry our mark.
pub fn ours(world: &World) -> Vec<Booking> {
    live(world).into_iter().filter(|booking| booking.metadata.contains_key(OP)).collect()
}

/// The calendar's living bookings.
pub fn live(world: &World) -> Vec<Booking> {
    fake(world).ledger().into_iter().filter(|booking| booking.status.is_live()).collect()
}

/// The starts of the calendar's living bookings that carry our mark.
pub fn starts(world: &World) -> Vec<Timestamp> {
    ours(world).iter().map(|booking| booking.start).collect()
}

pub fn said(heard: &Heard) -> (&str, &str, bool) {
    let text = |key: &str| heard.json[key].as_str().unwrap_or_default();
    (text("status"), text("code"), heard.json["booked"].as_bool().unwrap_or_default())
}

pub const BOOKED: (&str, &str, bool) = ("booked", "ok", true);
pub const NOTED: (&str, &str, bool) = ("noted", "confirmation_pending", false);
pub const TAKEN: (&str, &str, bool) = ("unavailable", "slot_taken", false);

/// A time on Thursday in Berlin.
pub fn thursday(time: &str) -> Timestamp {
    berlin(&format!("2026-12-03T{time}:00"))
}

pub fn berlin(text: &str) -> Timestamp {
    format!("{text}+01:00").parse().unwrap()
}

/// Somebody's booking, made without anybody telling us.
pub fn somebody_books(world: &World, event_type: u64, start: Timestamp) -> Booking {
    let foreign = Foreign {
        event_type_id: event_type,
        start,
        host_id: None,
        minutes: None,
        name: "Web Besuch".to_owned(),
        email: "web@besuch.example".to_owned(),
        metadata: Map::new(),
    };
    fake(world).book_foreign(&foreign, now(world)).unwrap()
}

/// Somebody uses Cal.com itself; webhooks arrive before the answer. What it answers.
pub async fn on_the_web(world: &World, method: &str, path: &str, body: Value) -> Value {
    let request = Request::new(method, path, now(world))
        .header("authorization", "Bearer cal_demo_emma")
        .header("cal-api-version", "2024-08-13")
        .json(&body);
    let answer = fake(world).handle(&request);
    assert!(answer.status < 300, "{method} {path}: {}", answer.json());
    for delivery in &answer.webhooks {
        let headers: Vec<(&str, &str)> =
            delivery.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let heard = world.post(EVENTS, delivery.body.clone(), &headers).await;
        assert_eq!(heard.http, 204);
    }
    answer.json()
}

/// Somebody books on the web page; webhooks arrive.
pub async fn books_on_the_web(world: &World, event_type: u64, start: Timestamp) -> String {
    let body = serde_json::json!({
        "eventTypeId": event_type, "start": start.to_string(),
        "attendee": {"name": "Web Besuch", "email": "web@besuch.example", "timeZone": "Europe/Berlin"},
    });
    on_the_web(world, "POST", "/v2/bookings", body).await["data"]["uid"].as_str().unwrap().to_owned()
}

pub async fn moves_on_the_web(world: &World, uid: &str, start: Timestamp) -> String {
    let body = serde_json::json!({"start": start.to_string(), "reschedulingReason": "passt besser"});
    let path = format!("/v2/bookings/{uid}/reschedule");
    on_the_web(world, "POST", &path, body).await["data"]["uid"].as_str().unwrap().to_owned()
}

pub async fn cancels_on_the_web(world: &World, uid: &str) {
    let body = serde_json::json!({"cancellationReason": "verhindert"});
    on_the_web(world, "POST", &format!("/v2/bookings/{uid}/cancel"), body).await;
}

pub async fn scope(world: &World) -> TenantScope {
    world.store().tenant("salon-mit-calcom").await.unwrap().unwrap().0
}

/// Rows of one text column.
pub async fn rows(world: &World, sql: &str) -> Vec<String> {
    let sql: &'static str = Box::leak(sql.to_owned().into_boxed_str());
    let scope = scope(world).await;
    let read = world.store().read::<_, StoreError, _>(&scope, move |tx| {
        Box::pin(async move { tx.query(sql, &[]).await?.iter().map(|row| row.text(0)).collect::<Result<Vec<_>, _>>() })
    });
    read.await.unwrap()
}

/// Changes the database behind the desk's back.
pub async fn change(world: &World, sql: &str) {
    let sql: &'static str = Box::leak(sql.to_owned().into_boxed_str());
    let scope = scope(world).await;
    let run = world
        .store()
        .run::<_, StoreError, _>(&scope, move |tx| Box::pin(async move { tx.execute(sql, &[]).await.map(|_| ()) }));
    run.await.unwrap();
}

/// How the appointments stand, in the order of making.
pub async fn sagas(world: &World) -> Vec<String> {
    rows(world, "SELECT saga FROM appointment ORDER BY created_ms, appointment_id").await
}

/// When the appointments are, in the order of making.
pub async fn appointed(world: &World) -> Vec<Timestamp> {
    let rows = rows(world, "SELECT CAST(start_ms AS TEXT) FROM appointment ORDER BY created_ms, appointment_id").await;
    rows.iter().map(|ms| Timestamp::from_millisecond(ms.parse().unwrap()).unwrap()).collect()
}

/// What callers are to be rung about.
pub async fn tasks(world: &World) -> Vec<String> {
    rows(world, "SELECT cause FROM callback ORDER BY created_ms").await
}

/// What waits for a person.
pub async fn waiting(world: &World) -> Vec<Kind> {
    reviews_of(world).await.iter().map(|review| review.kind).collect()
}

pub async fn reviews_of(world: &World) -> Vec<Review> {
    let scope = scope(world).await;
    world.store().read::<_, StoreError, _>(&scope, |tx| Box::pin(reviews::list(tx, false))).await.unwrap()
}

/// What is alarming, told or not.
pub async fn alarming(world: &World) -> Vec<String> {
    world.store().untold_alarms().await.unwrap().into_iter().map(|alarm: alarms::AlarmRow| alarm.kind).collect()
}

/// What does not agree with the calendar.
pub async fn open(world: &World) -> Vec<SyncRow> {
    let scope = scope(world).await;
    world.store().read::<_, StoreError, _>(&scope, |tx| Box::pin(syncs::not_agreed(tx))).await.unwrap()
}

/// How the one appointment stands with the calendar.
pub async fn sync_of(world: &World) -> SyncRow {
    let ids = rows(world, "SELECT appointment_id FROM appointment").await;
    let [id] = ids.as_slice() else { panic!("not one appointment: {ids:?}") };
    let (id, scope) = (frontdesk_domain::ids::AppointmentId::from(id.as_str()), scope(world).await);
    let read =
        world.store().read::<_, StoreError, _>(&scope, move |tx| Box::pin(async move { syncs::load(tx, &id).await }));
    read.await.unwrap().unwrap()
}

/// How often the calendar was asked for something that changes it.
pub fn changes_asked(world: &World) -> usize {
    let changing = [Operation::Create, Operation::Reschedule, Operation::Cancel, Operation::Attendees];
    changing.iter().map(|operation| world.calcom().times(*operation)).sum()
}

pub async fn minutes(world: &World, minutes: i64) {
    world.work_for(SignedDuration::from_mins(minutes)).await;
}

pub async fn seconds(world: &World, seconds: i64) {
    world.work_for(SignedDuration::from_secs(seconds)).await;
}

/// Lets time pass while nobody works.
pub async fn passes(seconds: u64) {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}

/// Lets everything settle, and checks that both sides agree: each active appointment has exactly its bookings, each
/// inactive one none, and nobody's time is taken twice.
pub async fn assert_converged(world: &World) {
    minutes(world, 5).await;
    let open = open(world).await;
    assert!(open.is_empty(), "not agreed: {open:#?}\n{:#?}", world.store().waiting_jobs().await.unwrap());
    assert_sound(world).await;
}

/// What holds whether or not a person must still look: the ledger has, for each of our operations, exactly what its row
/// says, at the time the row says, and nobody's time is taken twice.
pub async fn assert_sound(world: &World) {
    assert_eq!(world.store().overlaps().await.unwrap(), 0, "somebody's time is taken twice");
    let strays = world.store().strays().await.unwrap();
    let strays: Vec<_> = strays.iter().filter(|stray| !stray.starts_with("expired hold")).collect();
    assert!(strays.is_empty(), "left wrongly at rest: {strays:?}");
    let mut wanted = rows(
        world,
        "SELECT r.op || ' ' || r.start_ms FROM remote r JOIN appointment a USING (tenant_id, appointment_id)
         WHERE r.desired = 1 AND a.saga IN ('held', 'confirmed')",
    )
    .await;
    let mark =
        |booking: &Booking| format!("{} {}", booking.metadata[OP].as_str().unwrap(), booking.start.as_millisecond());
    let mut there: Vec<String> = ours(world).iter().map(mark).collect();
    wanted.sort();
    there.sort();
    assert_eq!(there, wanted, "what is in the calendar (left) is not what should be (right)");
}
