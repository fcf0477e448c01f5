//! Conversations of three callers in any order, beside a calendar that is too simple to be wrong.

use frontdesk_domain::ids::CallId;
use frontdesk_store::{StoreError, appointments};
use frontdesk_testkit::{Caller, Heard, World};
use jiff::SignedDuration;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use crate::naive::{Appointment, Booking, Customer, Day, SERVICES, STAFF, Wish};
use crate::support::{TUESDAY_MORNING, assert_answered, scaled};

const HOUSE: &str = r#"
slug = "modellhaus"
name = "Modellhaus"
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
hours = { mon-fri = "09:00-12:00" }

[[branch.line]]
number = "+49 30 23125101"
retell_agent = "agent_7c1e0a94b2d84f6395ab20c7d1"

[[service]]
name = "Herrenhaarschnitt"
minutes = 30

[[service]]
name = "Dauerwelle"
minutes = 60

[[service]]
name = "Ansatzfarbe"
phases = [{ minutes = 30 }, { minutes = 30, free = true }, { minutes = 30 }]
buffer_after = 10

[[staff]]
name = "Emma Winkler"
services = ["Herrenhaarschnitt", "Dauerwelle", "Ansatzfarbe"]

[[staff]]
name = "Leyla Aydin"
services = ["Herrenhaarschnitt", "Ansatzfarbe"]
"#;

const DAYS: [&str; 2] = ["2026-12-02", "2026-12-03"];
/// Number and name; the last one withholds the number.
const SEATS: [(&str, &str); 3] =
    [("+491715570001", "Ada Berger"), ("+491715570002", "Bruno Falk"), ("anonymous", "Clara Stamm")];

/// Something somebody says or does.
#[derive(Clone, Copy, Debug)]
enum Turn {
    Checks(usize, Wish),
    Holds(usize, Wish),
    Books(usize, Wish),
    ConfirmsToken(usize),
    ConfirmsHeld(usize),
    Moves(usize, usize, usize, i64),
    Cancels(usize, usize),
    HangsUp(usize),
    TimePasses(i64),
}

fn wishes() -> impl Strategy<Value = Wish> {
    // One quarter of an hour before opening, and up to closing.
    (0..SERVICES.len(), proptest::option::weighted(0.3, 0..STAFF.len()), 0..DAYS.len(), -1_i64..13)
        .prop_map(|(service, staff, day, quarter)| Wish { service, staff, day, start: quarter * 15 })
}

fn turns() -> impl Strategy<Value = Turn> {
    let seat = 0..SEATS.len();
    prop_oneof![
        4 => (seat.clone(), wishes()).prop_map(|(seat, wish)| Turn::Checks(seat, wish)),
        1 => (seat.clone(), wishes()).prop_map(|(seat, wish)| Turn::Holds(seat, wish)),
        4 => (seat.clone(), wishes()).prop_map(|(seat, wish)| Turn::Books(seat, wish)),
        2 => seat.clone().prop_map(Turn::ConfirmsToken),
        2 => seat.clone().prop_map(Turn::ConfirmsHeld),
        3 => (seat.clone(), any::<usize>(), 0..DAYS.len(), 0_i64..12)
            .prop_map(|(seat, which, day, quarter)| Turn::Moves(seat, which, day, quarter * 15)),
        2 => (seat.clone(), any::<usize>()).prop_map(|(seat, which)| Turn::Cancels(seat, which)),
        1 => seat.prop_map(Turn::HangsUp),
        2 => prop_oneof![4 => 1_i64..5, 1 => Just(31)].prop_map(Turn::TimePasses),
    ]
}

/// The desk, and the simple calendar beside it.
struct Beside<'w> {
    world: &'w World,
    day: Day,
    /// The present call of each seat, and its index in `calls`.
    seats: Vec<(usize, Caller<'w>)>,
    /// The ids of all calls so far.
    calls: Vec<String>,
}

impl<'w> Beside<'w> {
    fn new(world: &'w World) -> Self {
        let mut beside = Self { world, day: Day::default(), seats: Vec::new(), calls: Vec::new() };
        for (number, _) in SEATS {
            let caller = beside.calls_from(number);
            beside.seats.push(caller);
        }
        beside
    }

    fn calls_from(&mut self, number: &str) -> (usize, Caller<'w>) {
        let caller = self.world.caller(number);
        self.calls.push(caller.call_id.clone());
        (self.calls.len() - 1, caller)
    }

    async fn asks(&self, seat: usize, function: &str, mut args: Value) -> Heard {
        args["customer_name"] = SEATS[seat].1.into();
        let heard = self.seats[seat].1.asks(function, args).await;
        assert_answered(&heard);
        heard
    }

    async fn plays(&mut self, turn: Turn) {
        match turn {
            Turn::Checks(seat, wish) => self.checks(seat, wish, "check_availability", "available").await,
            Turn::Holds(seat, wish) => self.checks(seat, wish, "hold_appointment", "held").await,
            Turn::Books(seat, wish) => self.books(seat, wish, "book_appointment", said(wish)).await,
            Turn::ConfirmsToken(seat) => self.confirms_token(seat).await,
            Turn::ConfirmsHeld(seat) => self.confirms_held(seat).await,
            Turn::Moves(seat, which, day, start) => self.moves(seat, which, day, start).await,
            Turn::Cancels(seat, which) => self.cancels(seat, which).await,
            Turn::HangsUp(seat) => {
                let call = self.seats[seat].0;
                self.seats[seat].1.hangs_up().await;
                self.day.lets_go(call);
                self.seats[seat] = self.calls_from(SEATS[seat].0);
            }
            Turn::TimePasses(minutes) => {
                self.world.advance(SignedDuration::from_mins(minutes));
                self.day.now += minutes;
            }
        }
        self.compares().await;
    }

    async fn checks(&mut self, seat: usize, wish: Wish, function: &str, positive: &str) {
        let call = self.seats[seat].0;
        let heard = self.asks(seat, function, said(wish)).await;
        if !self.day.in_the_way(wish, self.customer(seat)).is_empty() {
            heard.expect("unavailable", "already_yours");
            return self.day.lets_go(call);
        }
        let free = self.day.free(wish, call, None);
        if free.is_empty() {
            return self.hears_no(seat, wish, &heard, None);
        }
        heard.expect(positive, "ok");
        assert_eq!(heard.text("slot/start"), start_of(wish.day, wish.start));
        let staff = staff_of(heard.text("slot/staff"));
        assert!(free.contains(&staff), "{} is not free: {}", STAFF[staff], heard.json);
        self.day.holds(heard.text("slot/token"), call, wish, staff);
    }

    /// Not that time: the call's hold is gone, and what is offered instead is free.
    fn hears_no(&mut self, seat: usize, wish: Wish, heard: &Heard, moving: Option<usize>) {
        assert_eq!(heard.status(), "unavailable", "{}", heard.json);
        assert_ne!(heard.code(), "already_yours", "{}", heard.json);
        let call = self.seats[seat].0;
        self.day.lets_go(call);
        let instead = heard.at("alternatives").as_array().unwrap();
        for offer in instead {
            let start = offer["start"].as_str().unwrap();
            let minutes = i64::from(start[11..13].parse::<u8>().unwrap()) * 60
                + i64::from(start[14..16].parse::<u8>().unwrap())
                - 540;
            let Some(day) = DAYS.iter().position(|day| *day == &start[..10]) else { continue };
            let told = Wish { day, start: minutes, staff: None, ..wish };
            assert!(!self.day.free(told, call, moving).is_empty(), "{start} is not free: {}", heard.json);
            let clashes = self.day.in_the_way(told, self.customer(seat));
            assert!(
                clashes.iter().all(|own| Some(*own) == moving),
                "the caller sits elsewhere at {start}: {}",
                heard.json
            );
            // With whom is not told; a wished person stays the wish.
            if wish.staff.is_none() && moving.is_none() {
                self.day.offers(offer["token"].as_str().unwrap(), call, told, None);
            }
        }
    }

    async fn books(&mut self, seat: usize, wish: Wish, function: &str, args: Value) {
        let call = self.seats[seat].0;
        let must = self.day.booking(wish, call, self.customer(seat));
        let heard = self.asks(seat, function, args).await;
        match must {
            Booking::Again(at) => self.hears_again(at, &heard),
            Booking::AlreadyYours => {
                heard.expect("unavailable", "already_yours");
                self.day.lets_go(call);
            }
            Booking::Unavailable => self.hears_no(seat, wish, &heard, None),
            Booking::New(free) => {
                heard.expect("booked", "ok");
                assert_eq!(heard.text("appointment/start"), start_of(wish.day, wish.start));
                let staff = staff_of(heard.text("appointment/staff"));
                assert!(free.contains(&staff), "{} is not free: {}", STAFF[staff], heard.json);
                let id = heard.text("appointment/id").to_owned();
                assert!(self.day.appointments.iter().all(|own| own.id != id), "a new wish is a new appointment");
                let Wish { service, day, start, .. } = wish;
                let (customer, made_at) = (self.customer(seat), self.day.now);
                self.day.books(
                    wish,
                    Appointment { id, seat, call, customer, made_at, service, staff, day, start, active: true },
                );
            }
        }
    }

    async fn confirms_token(&mut self, seat: usize) {
        let Some((offer, counts)) = self.day.last_offer(self.seats[seat].0) else { return };
        let args = json!({"token": offer.token});
        if counts {
            return self.books(seat, offer.wish, "confirm_booking", args).await;
        }
        let heard = self.asks(seat, "confirm_booking", args).await;
        match self.day.made_before(self.seats[seat].0, Some(&offer)) {
            Some(at) => self.hears_again(at, &heard),
            // An alternative is told without its person: the very same visit may have been booked since.
            None if heard.booked() => {
                let any = self.day.appointments.iter().position(|own| own.id == heard.text("appointment/id")).unwrap();
                self.hears_again(any, &heard);
            }
            None => assert_eq!(heard.expect("unavailable", "offer_gone").at("alternatives"), &json!([])),
        }
    }

    async fn confirms_held(&mut self, seat: usize) {
        let call = self.seats[seat].0;
        if let Some(offer) = self.day.held_by(call).cloned() {
            return self.books(seat, offer.wish, "confirm_booking", json!({})).await;
        }
        let heard = self.asks(seat, "confirm_booking", json!({})).await;
        match self.day.made_before(call, None) {
            Some(at) => self.hears_again(at, &heard),
            None => assert_eq!(heard.status(), "need_more", "{}", heard.json),
        }
    }

    /// Booked before, and told as it is now.
    fn hears_again(&self, at: usize, heard: &Heard) {
        heard.expect("booked", "ok");
        let own = &self.day.appointments[at];
        assert!(own.active, "it was cancelled: {}", heard.json);
        let told = (heard.text("appointment/id"), heard.text("appointment/start"));
        assert_eq!(told, (own.id.as_str(), start_of(own.day, own.start).as_str()));
    }

    fn customer(&self, seat: usize) -> Customer {
        (seat, is_anonymous(seat).then_some(self.seats[seat].0))
    }

    /// One of the appointments this caller may speak of.
    fn an_own(&self, seat: usize, which: usize) -> Option<usize> {
        let call = self.seats[seat].0;
        let mine = |own: &Appointment| if is_anonymous(seat) { own.call == call } else { own.seat == seat };
        let all = self.day.appointments.iter().enumerate().filter(|(_, own)| own.active && mine(own));
        let all: Vec<usize> = all.map(|(at, _)| at).collect();
        (!all.is_empty()).then(|| all[which % all.len()])
    }

    async fn moves(&mut self, seat: usize, which: usize, day: usize, start: i64) {
        let Some(at) = self.an_own(seat, which) else { return };
        let own = self.day.appointments[at].clone();
        let wish = Wish { service: own.service, staff: Some(own.staff), day, start };
        let call = self.seats[seat].0;
        let args = json!({"appointment_id": own.id, "new_date": DAYS[day], "new_time": clock(start)});
        let heard = self.asks(seat, "reschedule_appointment", args).await;
        let stays = (own.day, own.start) == (day, start);
        if !stays && self.day.free(wish, call, Some(at)).is_empty() {
            return self.hears_no(seat, wish, &heard, Some(at));
        }
        if self.day.sits_elsewhere(at, wish) {
            heard.expect("unavailable", "already_yours");
            return self.day.lets_go(call);
        }
        heard.expect("rescheduled", "ok");
        let told = (heard.text("appointment/id"), heard.text("appointment/start"));
        assert_eq!(told, (own.id.as_str(), start_of(day, start).as_str()));
        if !stays {
            self.day.lets_go(call);
            self.day.appointments[at] = Appointment { day, start, ..own };
        }
    }

    async fn cancels(&mut self, seat: usize, which: usize) {
        let Some(at) = self.an_own(seat, which) else { return };
        let args = json!({"appointment_id": self.day.appointments[at].id});
        let heard = self.asks(seat, "cancel_appointment", args).await;
        assert_eq!(heard.expect("cancelled", "ok").text("appointment/id"), self.day.appointments[at].id);
        self.day.appointments[at].active = false;
    }

    /// What is stored is what the simple calendar has, neither more nor less, and nothing overlaps.
    async fn compares(&self) {
        let store = self.world.store();
        assert_eq!(store.overlaps().await.unwrap(), 0);
        let scope = store.tenant("modellhaus").await.unwrap().unwrap().0;
        let calls: Vec<CallId> = self.calls.iter().map(|call| CallId::from(call.as_str())).collect();
        let mut stored = store
            .read::<_, StoreError, _>(&scope, move |tx| {
                Box::pin(async move {
                    let mut all = Vec::new();
                    for call in &calls {
                        all.extend(appointments::made_by(tx, call).await?);
                    }
                    Ok(all)
                })
            })
            .await
            .unwrap();
        stored.sort_by(|one, other| one.id.cmp(&other.id));
        let stored: Vec<String> = stored
            .iter()
            .map(|one| format!("{} {} {} {:?}", one.id.as_str(), one.saga.is_active(), one.visit.start, one.staff))
            .collect();
        let mut wanted: Vec<&Appointment> = self.day.appointments.iter().collect();
        wanted.sort_by(|one, other| one.id.cmp(&other.id));
        let wanted: Vec<String> = wanted
            .iter()
            .map(|one| {
                let start: jiff::Timestamp = start_of(one.day, one.start).parse().unwrap();
                format!("{} {} {start} {:?}", one.id, one.active, [STAFF[one.staff]])
            })
            .collect();
        assert_eq!(stored, wanted);
    }
}

fn is_anonymous(seat: usize) -> bool {
    SEATS[seat].0 == "anonymous"
}

fn clock(start: i64) -> String {
    format!("{:02}:{:02}", (start + 540) / 60, (start + 540) % 60)
}

fn start_of(day: usize, start: i64) -> String {
    format!("{}T{}:00+01:00", DAYS[day], clock(start))
}

fn staff_of(name: &str) -> usize {
    STAFF.iter().position(|staff| *staff == name).unwrap()
}

fn said(wish: Wish) -> Value {
    let mut args = json!({"service_name": SERVICES[wish.service], "date": DAYS[wish.day], "time": clock(wish.start)});
    if let Some(staff) = wish.staff {
        args["staff_name"] = STAFF[staff].into();
    }
    args
}

#[test]
fn whatever_three_callers_say_in_any_order_the_desk_agrees_with_a_simple_calendar() {
    let cases = u32::try_from(scaled(500)).unwrap();
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 400, ..Config::default() };
    // The same conversations in every run: what fails here fails again.
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let result = runner.run(&proptest::collection::vec(turns(), 1..60), |turns| {
        runtime.block_on(async {
            let world = World::of_texts(&[HOUSE], TUESDAY_MORNING).await;
            let mut beside = Beside::new(&world);
            for turn in turns {
                beside.plays(turn).await;
            }
            world.assert_at_rest().await;
        });
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

#[tokio::test]
async fn nobody_is_moved_into_two_chairs() {
    let world = World::of_texts(&[HOUSE], TUESDAY_MORNING).await;
    for (number, name) in SEATS {
        let caller = world.caller(number);
        caller.books("Dauerwelle", DAYS[0], "09:00", name).await.expect("booked", "ok");
        let other = json!({"service_name": "Herrenhaarschnitt", "staff_name": STAFF[1], "date": DAYS[0], "time": "11:00", "customer_name": name});
        let other = caller.asks("book_appointment", other).await;
        let args =
            |time: &str| json!({"appointment_id": other.text("appointment/id"), "new_date": DAYS[0], "new_time": time});
        // Leyla is free then, but the customer sits with Emma.
        caller.asks("reschedule_appointment", args("09:30")).await.expect("unavailable", "already_yours");
        caller.asks("reschedule_appointment", args("10:00")).await.expect("rescheduled", "ok");
        let first = caller.asks("cancel_appointment", json!({"date": DAYS[0], "time": "09:00"})).await;
        first.expect("cancelled", "ok");
        caller.asks("cancel_appointment", json!({})).await.expect("cancelled", "ok");
    }
    world.assert_at_rest().await;
}
