//! A bad hour for many houses at once: everybody is answered in time, and everything comes out right afterwards.

use std::collections::BTreeMap;

use frontdesk_domain::calendar::stamp::OP;
use frontdesk_fake_calcom::Booking;
use frontdesk_testkit::World;
use jiff::SignedDuration;

use crate::houses::{Houses, PLACES, all_at_once, houses};
use crate::salon::{BOTH, LONGEST_ANSWER, Mode, fake, fault, ours, passes, rows, said};

/// For each of our operations, how many living bookings carry it.
fn living(bookings: &[Booking]) -> BTreeMap<String, usize> {
    let mut all = BTreeMap::new();
    for booking in bookings {
        *all.entry(booking.metadata[OP].as_str().unwrap().to_owned()).or_default() += 1;
    }
    all
}

/// Every operation of every house, as its rows have it.
async fn wanted(world: &World) -> Vec<String> {
    rows(
        world,
        "SELECT r.op FROM remote r JOIN appointment a USING (tenant_id, appointment_id)
         WHERE r.desired = 1 AND a.saga = 'confirmed' ORDER BY r.op",
    )
    .await
}

#[tokio::test(start_paused = true)]
async fn a_thousand_calls_without_clear_answers_end_well() {
    for mode in BOTH {
        // A release takes all houses' whole days, every other run a fifth of them.
        let places = if std::env::var("FRONTDESK_FULL").is_ok_and(|value| value == "1") { PLACES } else { PLACES / 5 };
        let Houses { world, houses } = houses(50, mode).await;
        world.app.start_working();
        for rule in [
            "lost-answer,op=create,p=0.3",
            "late-effect=1.6,op=create,p=0.2",
            "late-effect=19,op=create,p=0.1",
            "error-after=502,op=create,p=0.1",
            "error-before=500,op=create,p=0.1",
            "latency=0.2",
        ] {
            fault(&world, rule);
        }
        // One after the other in each house, all houses at once.
        let days = houses.iter().map(|house| {
            let world = &world;
            async move {
                let mut heard = Vec::new();
                for place in 0..places {
                    heard.push(house.books(world, place).await);
                }
                heard
            }
        });
        let heard: Vec<_> = all_at_once(days.collect()).await.into_iter().flatten().collect();
        assert_eq!(heard.len(), 50 * places);
        for (heard, waited) in &heard {
            assert!(["booked", "noted"].contains(&heard.status()), "{mode:?}: {}", heard.json);
            assert!(*waited <= LONGEST_ANSWER, "{mode:?}: {waited}");
        }
        let noted = heard.iter().filter(|(heard, _)| heard.status() == "noted").count();
        assert!(mode == Mode::LocalFirst || noted > 10 * places, "there was doubt enough: {noted}");
        fake(&world).clear_faults();
        passes(120).await;
        for house in &houses {
            let open = house.open(&world).await;
            assert!(open.is_empty(), "{mode:?} {}: {open:#?}", house.slug);
        }
        let there = living(&ours(&world));
        assert!(there.values().all(|count| *count == 1), "{mode:?}: a duplicate");
        assert_eq!(there.into_keys().collect::<Vec<_>>(), wanted(&world).await, "{mode:?}: an orphan, or one missing");
        assert_eq!(world.store().overlaps().await.unwrap(), 0);
        if mode == Mode::LocalFirst {
            assert_eq!(wanted(&world).await.len(), 50 * places);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn on_one_key_the_rush_waits_its_turn_and_the_calendars_limit_is_kept() {
    for mode in BOTH {
        let Houses { world, houses } = houses(1, mode).await;
        world.app.start_working();
        let house = &houses[0];
        fault(&world, "latency=0.1");
        let rush = (0..6 * PLACES).map(|place| house.books(&world, place)).collect();
        let heard: Vec<_> = all_at_once(rush).await;
        for (heard, waited) in &heard {
            assert!(["booked", "noted"].contains(&heard.status()), "{mode:?}: {}", heard.json);
            assert!(*waited <= LONGEST_ANSWER, "{mode:?}: {waited}");
        }
        if mode == Mode::CalendarFirst {
            let unsent = heard.iter().filter(|(heard, _)| said(heard).0 == "noted").count();
            assert!(unsent > 0, "with one key not everybody can be served at once");
        }
        passes(10 * 60).await;
        assert!(house.open(&world).await.is_empty(), "{mode:?}: {:#?}", house.open(&world).await);
        assert_eq!(ours(&world).len(), 6 * PLACES, "{mode:?}");
        let asked: Vec<_> = world.calcom().asked().into_iter().map(|(_, at)| at).collect();
        for (place, from) in asked.iter().enumerate() {
            let inside =
                asked[place..].iter().take_while(|at| at.duration_since(*from) < SignedDuration::from_secs(60));
            let inside = inside.count();
            assert!(inside <= 120, "{mode:?}: {inside} requests in a minute");
        }
    }
}
