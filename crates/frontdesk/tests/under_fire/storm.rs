//! Many callers who do everything at once, and afterwards each of them was told the truth.

use std::collections::BTreeMap;
use std::sync::Arc;

use frontdesk_testkit::{Caller, Heard, World};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::{
    Dice, PEOPLE, SERVICES, assert_answered, assert_nobody_is_in_two_places, ms, name_of, scaled, stored, world_of,
};

const DAYS: [&str; 5] = ["2026-12-02", "2026-12-03", "2026-12-04", "2026-12-05", "2026-12-07"];

/// What a caller was told last of an appointment.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Told {
    active: bool,
    start_ms: i64,
}

/// Somebody who calls again and again, and remembers everything.
struct Seat {
    dice: Dice,
    number: String,
    name: String,
    told: BTreeMap<String, Told>,
    /// Appointments this caller may still speak of.
    own: Vec<String>,
    token: Option<String>,
    said: BTreeMap<String, usize>,
}

impl Seat {
    fn new(seat: usize) -> Self {
        let number = if seat.is_multiple_of(4) { "anonymous".to_owned() } else { format!("+4917166{seat:06}") };
        Self {
            dice: Dice(u64::try_from(seat).unwrap() + 20_261_201),
            number,
            name: name_of(seat * 7),
            told: BTreeMap::new(),
            own: Vec::new(),
            token: None,
            said: BTreeMap::new(),
        }
    }

    fn wish(&mut self) -> Value {
        let minutes = self.dice.roll(40) * 15;
        let mut wish = json!({
            "date": self.dice.pick(&DAYS), "time": format!("{:02}:{:02}", 9 + minutes / 60, minutes % 60),
        });
        match self.dice.roll(8) {
            0 => wish["services"] = json!([self.dice.pick(&SERVICES), self.dice.pick(&SERVICES)]),
            _ => wish["service_name"] = json!(self.dice.pick(&SERVICES)),
        }
        if self.dice.roll(3) == 0 {
            wish["staff_name"] = json!(self.dice.pick(&PEOPLE[..3]));
        }
        wish
    }

    fn an_own_active(&mut self) -> Option<String> {
        let active: Vec<String> = self.own.iter().filter(|id| self.told[*id].active).cloned().collect();
        (!active.is_empty()).then(|| self.dice.pick(&active).clone())
    }

    async fn does_something<'w>(&mut self, world: &'w World, caller: &mut Caller<'w>) {
        match self.dice.roll(20) {
            0..=4 => self.asks(caller, "check_availability").await,
            5..=6 => self.asks(caller, "hold_appointment").await,
            7 => self.asks(caller, "find_alternatives").await,
            8..=11 => self.books(caller, json!({})).await,
            12..=14 => {
                let token = self.token.clone();
                self.books(caller, token.map_or_else(|| json!({}), |token| json!({"token": token}))).await;
            }
            15..=16 => self.changes(caller, "reschedule_appointment").await,
            17..=18 => self.changes(caller, "cancel_appointment").await,
            _ => {
                caller.hangs_up().await;
                *caller = world.caller(&self.number);
                self.token = None;
                if self.number == "anonymous" {
                    self.own.clear();
                }
            }
        }
    }

    async fn asks(&mut self, caller: &Caller<'_>, function: &str) {
        let wish = self.wish();
        let heard = caller.asks(function, wish).await;
        self.hears(&heard);
    }

    async fn books(&mut self, caller: &Caller<'_>, with: Value) {
        let mut args = if with["token"].is_string() { with } else { self.wish() };
        args["customer_name"] = self.name.clone().into();
        let function = if args["token"].is_string() { "confirm_booking" } else { "book_appointment" };
        let body = caller.body(function, &args);
        let heard = caller.sends(function, body.clone()).await;
        self.hears(&heard);
        if self.dice.roll(4) == 0 {
            let again = caller.sends(function, body).await;
            if heard.booked() {
                assert_eq!(again.json, heard.json, "a repeat is told the same");
            }
            self.hears(&again);
        }
    }

    async fn changes(&mut self, caller: &Caller<'_>, function: &str) {
        let Some(id) = self.an_own_active() else { return };
        let wish = self.wish();
        let args = json!({"appointment_id": id, "new_date": wish["date"], "new_time": wish["time"]});
        let heard = caller.asks(function, args).await;
        assert!(!["not_found", "refused"].contains(&heard.status()), "{function} of an own one: {}", heard.json);
        if let Some(told) = heard.at("appointment/id").as_str().filter(|_| heard.status() != "unavailable") {
            assert_eq!(told, id);
        }
        self.hears(&heard);
    }

    /// Remembers what was told, and that it does not contradict what was told before.
    fn hears(&mut self, heard: &Heard) {
        assert_answered(heard);
        *self.said.entry(heard.status().to_owned()).or_default() += 1;
        let token = heard.at("slot/token").as_str().or(heard.at("alternatives/0/token").as_str());
        self.token = token.map(str::to_owned).or(self.token.take());
        let told = |active| {
            let start_ms = ms(heard.text("appointment/start"));
            (heard.text("appointment/id").to_owned(), Told { active, start_ms })
        };
        match heard.status() {
            "booked" => {
                let (id, told) = told(true);
                match self.told.get(&id) {
                    Some(before) => assert_eq!(*before, told, "booked again, but told otherwise before"),
                    None => self.own.push(id.clone()),
                }
                self.told.insert(id, told);
            }
            "rescheduled" => self.told.extend([told(true)]),
            "cancelled" => self.told.extend([told(false)]),
            _ => assert!(!heard.booked(), "{}", heard.json),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_storm_of_everything_each_caller_was_told_the_truth() {
    let world = world_of(3).await;
    let (seats, turns) = (20, scaled(1300));
    let calls: Vec<_> = (0..seats)
        .map(|seat| {
            let world = Arc::clone(&world);
            tokio::spawn(async move {
                let mut seat = Seat::new(seat);
                let mut caller = world.caller(&seat.number);
                for turn in 0..turns {
                    seat.does_something(&world, &mut caller).await;
                    // Some holds run out while others are asked about.
                    if turn % 10 == 0 {
                        world.advance(SignedDuration::from_secs(4));
                    }
                }
                seat
            })
        })
        .collect();
    let mut told = BTreeMap::new();
    let mut said = BTreeMap::<String, usize>::new();
    for call in calls {
        let seat = call.await.unwrap();
        told.extend(seat.told);
        seat.said.into_iter().for_each(|(status, count)| *said.entry(status).or_default() += count);
    }
    let stored = stored(&world).into_iter();
    let stored: BTreeMap<String, Told> =
        stored.map(|(id, one)| (id, Told { active: one.active, start_ms: one.start_ms })).collect();
    assert_eq!(stored, told, "what callers heard last is what is there, and there is nothing else");
    // It was a storm: everything that can be told was told.
    for status in ["available", "held", "booked", "rescheduled", "cancelled", "unavailable", "found"] {
        assert!(said.get(status).is_some_and(|count| *count > 10), "{said:?}");
    }
    assert_nobody_is_in_two_places(&world).await;
}

/// Two calls of one number, about one appointment.
async fn one_number_twice(world: &World, round: usize) -> (Caller<'_>, Caller<'_>, String) {
    let number = format!("+4917177{round:06}");
    let first = world.caller(&number);
    let time = format!("{:02}:00", 9 + round % 10);
    let made =
        first.books("Herrenhaarschnitt", &format!("2026-12-{:02}", 14 + round / 10 % 5), &time, "Ida Falk").await;
    let id = made.expect("booked", "ok").text("appointment/id").to_owned();
    (first, world.caller(&number), id)
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_move_and_a_cancellation_at_once_the_cancellation_stays() {
    let world = world_of(1).await;
    for round in 0..scaled(300) {
        let (one, two, id) = one_number_twice(&world, round).await;
        let to =
            json!({"appointment_id": id, "new_date": DAYS[round % 3], "new_time": format!("{}:00", 9 + round % 10)});
        let (moved, cancelled) = tokio::join!(
            one.asks("reschedule_appointment", to),
            two.asks("cancel_appointment", json!({"appointment_id": id})),
        );
        cancelled.expect("cancelled", "ok");
        assert!(["rescheduled", "not_found"].contains(&moved.status()), "{}", moved.json);
        let now = &stored(&world)[&id];
        assert!(!now.active, "told to be cancelled: {now:?}");
        assert_eq!(now.start_ms, ms(cancelled.text("appointment/start")));
        assert_eq!(now.moves, i64::from(moved.status() == "rescheduled"), "{}", moved.json);
    }
    assert_nobody_is_in_two_places(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_moves_at_once_the_last_one_told_is_where_it_is() {
    let world = world_of(1).await;
    for round in 0..scaled(200) {
        let (one, two, id) = one_number_twice(&world, round).await;
        let to =
            |date: &str| json!({"appointment_id": id, "new_date": date, "new_time": format!("{}:00", 9 + round % 10)});
        let (one, two) = tokio::join!(
            one.asks("reschedule_appointment", to(DAYS[0])),
            two.asks("reschedule_appointment", to(DAYS[1])),
        );
        let told: Vec<i64> = [&one, &two]
            .into_iter()
            .filter(|heard| heard.status() == "rescheduled")
            .map(|heard| ms(heard.text("appointment/start")))
            .collect();
        let now = &stored(&world)[&id];
        assert!(told.contains(&now.start_ms), "{} {} {now:?}", one.json, two.json);
        assert_eq!(i64::try_from(told.len()).unwrap(), now.moves);
        for heard in [&one, &two] {
            assert!(["rescheduled", "not_found"].contains(&heard.status()), "{}", heard.json);
        }
        makes_room(&world, &id).await;
    }
    assert_nobody_is_in_two_places(&world).await;
}

/// Makes room for the next round.
async fn makes_room(world: &World, id: &str) {
    let number = world.rows(&format!(
        "SELECT c.phone FROM appointment a JOIN customer c USING (tenant_id, customer_id) WHERE appointment_id = '{id}'"
    ));
    world.caller(&number[0]).asks("cancel_appointment", json!({"appointment_id": id})).await.expect("cancelled", "ok");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_cancellations_at_once_both_are_told_and_one_is_recorded() {
    let world = world_of(1).await;
    for round in 0..scaled(200) {
        let (one, two, id) = one_number_twice(&world, round).await;
        let args = json!({"appointment_id": id});
        let (one, two) =
            tokio::join!(one.asks("cancel_appointment", args.clone()), two.asks("cancel_appointment", args));
        one_told(&one, &two);
        let changes =
            world.rows(&format!("SELECT what FROM appointment_change WHERE appointment_id = '{id}' ORDER BY seq"));
        assert_eq!(changes, ["booked", "cancelled"]);
    }
    assert_nobody_is_in_two_places(&world).await;
}

/// At least one hears of the cancellation; the other too, unless it came so late that there was nothing to find.
fn one_told(one: &Heard, two: &Heard) {
    let told = [one, two].into_iter().filter(|heard| heard.status() == "cancelled").count();
    assert!(told >= 1);
    for heard in [one, two] {
        assert!(["cancelled", "not_found"].contains(&heard.status()), "{}", heard.json);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_calls_of_one_person_for_one_time_one_is_booked() {
    let world = world_of(2).await;
    for round in 0..scaled(200) {
        let number = format!("+4917178{round:06}");
        let (one, two) = (world.caller(&number), world.caller(&number));
        let (date, time) = (DAYS[round / 10 % 5], format!("{:02}:00", 9 + round % 10));
        let (first, second) = tokio::join!(
            one.books("Dauerwelle", date, &time, "Ida Falk"),
            two.books("Herrenhaarschnitt", date, &time, "Ida Falk"),
        );
        let (won, lost) = if first.booked() { (first, second) } else { (second, first) };
        won.expect("booked", "ok");
        lost.expect("unavailable", "already_yours");
        assert_eq!(world.rows(&format!("SELECT COUNT(*) FROM customer WHERE phone = '{number}'")), ["1"]);
        makes_room(&world, won.text("appointment/id")).await;
    }
    assert_nobody_is_in_two_places(&world).await;
}
