//! The platform delivers one wish several times, at once or later, in other words or the same. It has one effect.

use std::sync::Arc;

use frontdesk_testkit::{Caller, Heard, World};
use serde_json::{Value, json};

use crate::support::{Dice, PEOPLE, assert_nobody_is_in_two_places, name_of, number_of, scaled, stored, world_of};

/// Deliveries of each wish.
const DELIVERIES: usize = 5;

/// Days, in the words of callers and models.
const DAYS: [[&str; 5]; 4] = [
    ["2026-12-02", "morgen", "Mittwoch", "02.12.2026", "2. Dezember"],
    ["2026-12-03", "übermorgen", "Donnerstag", "03.12.2026", "3. Dezember"],
    ["2026-12-04", "Freitag", "04.12.", "04.12.2026", "vierter Dezember"],
    ["2026-12-05", "Samstag", "05.12.", "5.12.2026", "am 5. Dezember"],
];

/// Full hours, in the same way.
const HOURS: [[&str; 5]; 10] = [
    ["09:00", "9 Uhr", "neun Uhr", "09:00:00", "um neun"],
    ["10:00", "10 Uhr", "zehn Uhr", "10.00 Uhr", "um zehn"],
    ["11:00", "11 Uhr", "elf Uhr", "11:00 Uhr", "um elf"],
    ["12:00", "12 Uhr", "zwölf Uhr", "12.00 Uhr", "um zwölf"],
    ["13:00", "13 Uhr", "dreizehn Uhr", "13:00 Uhr", "um 13 Uhr"],
    ["14:00", "14 Uhr", "vierzehn Uhr", "14:00:00", "um 14 Uhr"],
    ["15:00", "15 Uhr", "fünfzehn Uhr", "15.00 Uhr", "um 15 Uhr"],
    ["16:00", "16 Uhr", "sechzehn Uhr", "16:00 Uhr", "um 16 Uhr"],
    ["17:00", "17 Uhr", "siebzehn Uhr", "17:00 Uhr", "um 17 Uhr"],
    ["18:00", "18 Uhr", "achtzehn Uhr", "18:00:00", "um 18 Uhr"],
];

/// One of 200 wishes that all have room in a house of five: day, hour and person.
#[derive(Clone, Copy)]
struct Slot(usize);

impl Slot {
    fn day(self) -> [&'static str; 5] {
        DAYS[self.0 / PEOPLE.len() / HOURS.len() % DAYS.len()]
    }

    fn hour(self) -> [&'static str; 5] {
        HOURS[self.0 / PEOPLE.len() % HOURS.len()]
    }

    fn person(self) -> &'static str {
        PEOPLE[self.0 % PEOPLE.len()]
    }

    fn booking(self, spelling: usize) -> Value {
        let name = name_of(self.0);
        let name = match spelling % 3 {
            0 => name,
            1 => name.to_lowercase(),
            _ => format!("  {}  ", name.to_uppercase()),
        };
        let service = ["Herrenhaarschnitt", "Herrenschnitt", "herrenhaarschnitt"][spelling % 3];
        json!({
            "service_name": service,
            "date": self.day()[spelling], "time": self.hour()[spelling],
            "staff_name": self.person(), "customer_name": name,
        })
    }

    /// The same hour and person, on the other side of the week.
    fn move_away(self, spelling: usize) -> Value {
        let days = [
            ["2026-12-08", "08.12.2026"],
            ["2026-12-09", "09.12.2026"],
            ["2026-12-10", "10.12.2026"],
            ["2026-12-11", "11.12.2026"],
        ];
        let day = days[self.0 / PEOPLE.len() / HOURS.len() % DAYS.len()];
        let new_time = self.hour()[(spelling + 1) % 5];
        json!({
            "old_date": self.day()[spelling], "old_time": self.hour()[spelling],
            "new_date": day[spelling % 2], "new_time": new_time,
        })
    }

    fn cancellation(self, spelling: usize) -> Value {
        match spelling {
            0 => json!({}),
            _ => json!({"date": self.day()[spelling], "time": self.hour()[spelling]}),
        }
    }
}

/// Five deliveries of one wish: twice the same invocation in the same words, then new ones in other words; at once
/// or one after the other.
async fn delivered(caller: &Caller<'_>, function: &str, wish: impl Fn(usize) -> Value, at_once: bool) -> Vec<Heard> {
    let mut bodies: Vec<Vec<u8>> = Vec::new();
    for delivery in 0..DELIVERIES {
        let spelling = if delivery == 1 { 0 } else { delivery };
        let invocation = format!("{}-{function}-{spelling}", caller.call_id);
        bodies.push(caller.body_of(function, &wish(spelling), &invocation));
    }
    let mut bodies = bodies.into_iter();
    let mut next = || caller.sends(function, bodies.next().unwrap());
    if at_once {
        let (one, two, three, four, five) = tokio::join!(next(), next(), next(), next(), next());
        return vec![one, two, three, four, five];
    }
    let mut heard = Vec::new();
    for _ in 0..DELIVERIES {
        heard.push(next().await);
    }
    heard
}

/// Everybody heard of the same appointment in the same state.
fn one_outcome<'h>(heard: &'h [Heard], status: &str, what: &str) -> &'h str {
    for one in heard {
        one.expect(status, "ok");
        assert_eq!(one.at("appointment"), heard[0].at("appointment"), "{what}");
        assert_eq!(one.spoken(), heard[0].spoken(), "{what}");
    }
    heard[0].text("appointment/id")
}

/// What was done to an appointment.
fn history(world: &World, id: &str) -> Vec<String> {
    world.rows(&format!("SELECT what FROM appointment_change WHERE appointment_id = '{id}' ORDER BY seq"))
}

async fn a_wish(world: &World, number: usize) -> usize {
    let caller = world.caller(&number_of(number));
    let (slot, at_once) = (Slot(number), number.is_multiple_of(2));
    let booked = delivered(&caller, "book_appointment", |spelling| slot.booking(spelling), at_once).await;
    let id = one_outcome(&booked, "booked", "book").to_owned();
    assert_eq!(history(world, &id), ["booked"]);
    if number % 2 == 1 {
        let moved = delivered(
            &caller,
            "reschedule_appointment",
            |spelling| slot.move_away(spelling),
            at_once || number % 4 == 1,
        )
        .await;
        assert_eq!(one_outcome(&moved, "rescheduled", "move"), id);
        assert_eq!(history(world, &id), ["booked", "moved"]);
        return 0;
    }
    if number % 4 == 2 {
        let at_once = number % 8 == 2;
        let gone = delivered(&caller, "cancel_appointment", |spelling| slot.cancellation(spelling), at_once).await;
        assert_eq!(one_outcome(&gone, "cancelled", "cancel"), id);
        assert_eq!(history(world, &id), ["booked", "cancelled"]);
        return 1;
    }
    0
}

#[tokio::test(flavor = "multi_thread")]
async fn each_wish_has_one_effect_and_one_outcome_however_often_it_is_delivered() {
    let world = world_of(PEOPLE.len()).await;
    let wishes = scaled(2000).min(200);
    let mut cancelled = 0;
    for eight in 0..wishes / 8 {
        let calls: Vec<_> = (eight * 8..eight * 8 + 8)
            .map(|number| {
                let world = Arc::clone(&world);
                tokio::spawn(async move { a_wish(&world, number).await })
            })
            .collect();
        for call in calls {
            cancelled += call.await.unwrap();
        }
    }
    let all = stored(&world);
    assert_eq!(all.len(), wishes, "one appointment for each wish");
    assert_eq!(all.values().filter(|one| !one.active).count(), cancelled);
    assert_eq!(world.rows("SELECT COUNT(*) FROM customer"), [wishes.to_string()], "one customer for each wish");
    assert_nobody_is_in_two_places(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_invocation_twice_under_new_ids_books_nothing_twice() {
    let world = world_of(PEOPLE.len()).await;
    let wishes = scaled(500).min(200);
    for number in 0..wishes {
        let caller = world.caller(&number_of(number));
        let wish = Slot(number).booking(0);
        let (one, two) =
            tokio::join!(caller.asks("book_appointment", wish.clone()), caller.asks("book_appointment", wish));
        one_outcome(&[one, two], "booked", "twice");
    }
    assert_eq!(stored(&world).len(), wishes);
    assert_nobody_is_in_two_places(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_wishes_of_one_call_stay_two_whatever_they_share() {
    let world = world_of(PEOPLE.len()).await;
    let base = |name: &str, service: &str, time: &str| json!({"service_name": service, "date": "2026-12-03", "time": time, "customer_name": name});
    for (round, from) in ["anonymous", "+491715500001"].into_iter().enumerate() {
        for (what, one, two) in [
            (
                "the time",
                base("Tim Berger", "Herrenhaarschnitt", "10:00"),
                base("Lotte Berger", "Herrenhaarschnitt", "10:00"),
            ),
            (
                "the name",
                base("Tim Berger", "Herrenhaarschnitt", "11:00"),
                base("Tim Berger", "Herrenhaarschnitt", "12:00"),
            ),
            (
                "the name again",
                base("Tim Berger", "Herrenhaarschnitt", "14:00"),
                base("Tim Berger", "Bartpflege", "14:30"),
            ),
        ] {
            let caller = world.caller(from);
            let (first, second) =
                tokio::join!(caller.asks("book_appointment", one), caller.asks("book_appointment", two));
            first.expect("booked", "ok");
            second.expect("booked", "ok");
            assert_ne!(first.text("appointment/id"), second.text("appointment/id"), "they share {what} in {round}");
        }
    }
    assert_eq!(stored(&world).len(), 12);
    assert_nobody_is_in_two_places(&world).await;
}

#[tokio::test]
async fn a_late_delivery_of_a_cancellation_does_not_cancel_what_was_booked_since() {
    let world = world_of(1).await;
    for from in ["anonymous", "+491715500002"] {
        let caller = world.caller(from);
        let book = || caller.books("Herrenhaarschnitt", "2026-12-03", "10:00", "Tim Berger");
        let first = book().await;
        let words = json!({"date": "2026-12-03", "time": "10:00"});
        let gone = caller.repeats("cancel_appointment", words.clone(), "inv-cancel").await;
        gone.expect("cancelled", "ok");
        let second = book().await;
        let second = second.expect("booked", "ok").text("appointment/id").to_owned();
        assert_ne!(second, first.text("appointment/id"));
        let late = caller.repeats("cancel_appointment", words, "inv-cancel").await;
        assert_eq!(late.json, gone.json, "the same delivery is told the same");
        assert!(stored(&world)[&second].active);
        caller.asks("cancel_appointment", json!({})).await.expect("cancelled", "ok");
    }
    assert_nobody_is_in_two_places(&world).await;
}

#[tokio::test]
async fn a_late_delivery_of_a_move_does_not_move_it_back() {
    let world = world_of(1).await;
    for from in ["anonymous", "+491715500003"] {
        let caller = world.caller(from);
        let made = caller.books("Herrenhaarschnitt", "2026-12-03", "10:00", "Tim Berger").await;
        let id = made.expect("booked", "ok").text("appointment/id").to_owned();
        let to = |time: &str| json!({"new_date": "2026-12-03", "new_time": time});
        caller.repeats("reschedule_appointment", to("11:00"), "inv-1").await.expect("rescheduled", "ok");
        let last = caller.repeats("reschedule_appointment", to("12:00"), "inv-2").await;
        let last = last.expect("rescheduled", "ok").text("appointment/start").to_owned();
        let late = caller.repeats("reschedule_appointment", to("11:00"), "inv-1").await;
        late.expect("rescheduled", "ok");
        assert_eq!(late.text("appointment/start"), last, "the present truth");
        assert_eq!(history(&world, &id), ["booked", "moved", "moved"]);
        caller.asks("cancel_appointment", json!({})).await.expect("cancelled", "ok");
        let late = caller.repeats("reschedule_appointment", to("12:00"), "inv-2").await;
        assert!(!["rescheduled", "booked"].contains(&late.status()), "it is cancelled: {}", late.json);
        assert!(!stored(&world)[&id].active);
    }
    assert_nobody_is_in_two_places(&world).await;
}

#[tokio::test]
async fn every_order_of_five_late_deliveries_ends_in_the_same_truth() {
    let mut dice = Dice(5);
    for _ in 0..scaled(40) {
        let world = world_of(1).await;
        let caller = world.caller(["anonymous", "+491715500004"][dice.roll(2)]);
        let book = json!({"service_name": "Herrenhaarschnitt", "date": "2026-12-03", "time": "10:00", "customer_name": "Tim Berger"});
        let deliveries = [
            ("book_appointment", book.clone(), "a"),
            ("reschedule_appointment", json!({"new_date": "2026-12-03", "new_time": "11:00"}), "b"),
            ("reschedule_appointment", json!({"new_date": "2026-12-04", "new_time": "12:00"}), "c"),
            ("cancel_appointment", json!({"date": "2026-12-04", "time": "12:00"}), "d"),
            (
                "book_appointment",
                json!({"service_name": "Dauerwelle", "date": "2026-12-04", "time": "12:00", "customer_name": "Tim Berger"}),
                "e",
            ),
        ];
        for (function, args, invocation) in &deliveries {
            let heard = caller.repeats(function, args.clone(), invocation).await;
            assert!(["booked", "rescheduled", "cancelled"].contains(&heard.status()), "{}", heard.json);
        }
        let before = (stored(&world), world.rows("SELECT * FROM occupancy"));
        for _ in 0..10 {
            let (function, args, invocation) = dice.pick(&deliveries);
            caller.repeats(function, args.clone(), invocation).await;
            assert_eq!((stored(&world), world.rows("SELECT * FROM occupancy")), before, "{function} {args}");
        }
        assert_nobody_is_in_two_places(&world).await;
    }
}
