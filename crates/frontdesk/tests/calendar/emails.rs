//! An e-mail address that comes later, on its way to the bookings.

use std::sync::Arc;

use frontdesk_connect::http;
use frontdesk_domain::review::Kind;
use frontdesk_fake_calcom::Operation;
use frontdesk_testkit::{Caller, World};
use serde_json::json;

use crate::salon::{
    BOTH, Mode, NOTED, assert_converged, assert_sound, books_at, calendar_first, fake, fault, local_first, minutes,
    open, ours, rings, rows, said, salon, salon_with, seconds, thursday, waiting,
};

const ADDRESS: &str = "hannelore@example.org";

async fn says_address(caller: &Caller<'_>) {
    let heard = caller.asks("update_customer_email", json!({"customer_email": ADDRESS})).await;
    assert_eq!((heard.http, heard.code()), (200, "ok"), "{}", heard.json);
}

/// The addresses in each living booking.
fn addresses(world: &World) -> Vec<Vec<String>> {
    let of = |booking: frontdesk_fake_calcom::Booking| {
        booking.attendees.into_iter().map(|attendee| attendee.email).collect::<Vec<_>>()
    };
    ours(world).into_iter().map(of).collect()
}

fn all_have_it(world: &World) -> bool {
    addresses(world).iter().all(|emails| emails.iter().filter(|email| *email == ADDRESS).count() == 1)
}

#[tokio::test(start_paused = true)]
async fn it_reaches_every_coming_booking_as_attendee_or_as_guest() {
    for mode in BOTH {
        for attendees_endpoint in [true, false] {
            let world = salon(mode).await;
            fake(&world).set_attendees_endpoint(attendees_endpoint);
            let caller = rings(&world);
            for time in ["10:00", "12:00", "14:00"] {
                assert_eq!(said(&books_at(&caller, time).await).0, "booked");
            }
            seconds(&world, 10).await;
            assert!(addresses(&world).iter().all(|emails| emails[0].ends_with(".invalid")), "{:?}", addresses(&world));
            says_address(&caller).await;
            minutes(&world, 5).await;
            assert_eq!((ours(&world).len(), all_have_it(&world)), (3, true), "{:?}", addresses(&world));
            assert_eq!(world.calcom().times(Operation::Create), 3, "{mode:?}: nothing was made anew");
            assert_eq!(waiting(&world).await, []);
            assert_converged(&world).await;
            // A new booking has it from the beginning, and moving an old one keeps it.
            books_at(&caller, "16:00").await;
            let args = json!({"date": "2026-12-03", "time": "10:00", "new_date": "2026-12-04", "new_time": "10:00"});
            assert_eq!(said(&caller.asks("reschedule_appointment", args).await).0, "rescheduled");
            assert_converged(&world).await;
            assert_eq!((ours(&world).len(), all_have_it(&world)), (4, true), "{:?}", addresses(&world));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn where_the_calendar_knows_no_way_a_person_writes_it() {
    let world = calendar_first().await;
    world.calcom().tamper_with(Some(Arc::new(|operation, answer| {
        if operation != Operation::Attendees {
            return Ok(answer);
        }
        let body = json!({"status": "error", "error": {"code": "NotFoundException",
            "message": "Cannot POST /v2/bookings/x/guests", "details": {"message": "Cannot POST /v2/bookings/x/guests",
            "error": "Not Found", "statusCode": 404}}});
        Ok(http::Answer { status: 404, headers: Vec::new(), body: serde_json::to_vec(&body).unwrap() })
    })));
    let caller = rings(&world);
    books_at(&caller, "10:00").await;
    seconds(&world, 10).await;
    says_address(&caller).await;
    minutes(&world, 2).await;
    assert_eq!(waiting(&world).await, [Kind::EmailNotCarried]);
    assert!(open(&world).await.is_empty(), "the appointment itself is as it should be");
    assert_sound(&world).await;
    assert_eq!(rows(&world, "SELECT email FROM appointment").await, [ADDRESS], "here it is kept");
}

#[tokio::test(start_paused = true)]
async fn where_the_house_wishes_so_the_booking_is_made_anew_with_it() {
    let rebook = ("per_minute = 120", "per_minute = 120\nrebook_for_email = true");
    let example = include_str!("../../../../examples/salon-mit-calcom.toml");
    let change = if example.contains(rebook.0) {
        rebook
    } else {
        ("api_key = \"cal_demo_emma\"", "rebook_for_email = true\napi_key = \"cal_demo_emma\"")
    };
    let world = salon_with(Mode::CalendarFirst, frontdesk_fake_calcom::World::salon(), &[change]).await;
    world.calcom().tamper_with(Some(Arc::new(|operation, answer| {
        if operation != Operation::Attendees {
            return Ok(answer);
        }
        let body = json!({"status": "error", "error": {"code": "NotFoundException", "message": "Cannot POST /v2/x"}});
        Ok(http::Answer { status: 404, headers: Vec::new(), body: serde_json::to_vec(&body).unwrap() })
    })));
    let caller = rings(&world);
    books_at(&caller, "10:00").await;
    seconds(&world, 10).await;
    says_address(&caller).await;
    assert_converged(&world).await;
    assert_eq!(addresses(&world), [[ADDRESS]]);
    assert_eq!((ours(&world)[0].start, waiting(&world).await.len()), (thursday("10:00"), 0));
}

#[tokio::test(start_paused = true)]
async fn it_is_never_carried_before_the_bookings_name_is_known() {
    for rule in ["lost-answer,op=create,times=1", "late-effect=19,op=create,times=1"] {
        let world = calendar_first().await;
        fault(&world, rule);
        let caller = rings(&world);
        assert_eq!(said(&books_at(&caller, "10:00").await), NOTED);
        says_address(&caller).await;
        assert_eq!(world.calcom().times(Operation::Attendees), 0, "{rule}: there is nothing to carry it to");
        assert_converged(&world).await;
        assert!(all_have_it(&world), "{rule}: {:?}", addresses(&world));
        let asked = world.calcom().asked();
        let place = |sought| asked.iter().position(|(operation, _)| *operation == sought);
        assert!(place(Operation::List) < place(Operation::Attendees), "{rule}: {asked:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_never_sent_is_simply_made_with_it() {
    let world = local_first().await;
    world.calcom().refuse_connections(true);
    let caller = rings(&world);
    books_at(&caller, "10:00").await;
    says_address(&caller).await;
    world.calcom().refuse_connections(false);
    assert_converged(&world).await;
    assert_eq!(addresses(&world), [[ADDRESS]]);
    assert_eq!(world.calcom().times(Operation::Attendees), 0);
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_does_not_carry_it_twice() {
    for rule in
        ["lost-answer,op=attendees,times=1", "error-before=500,op=attendees,times=2", "hang=19,op=attendees,times=1"]
    {
        for attendees_endpoint in [true, false] {
            let world = calendar_first().await;
            fake(&world).set_attendees_endpoint(attendees_endpoint);
            let caller = rings(&world);
            books_at(&caller, "10:00").await;
            seconds(&world, 10).await;
            fault(&world, rule);
            says_address(&caller).await;
            assert_converged(&world).await;
            assert!(all_have_it(&world), "{rule}: {:?}", addresses(&world));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn many_addresses_wait_their_turn_and_keep_nobody_from_booking() {
    // Servers of 2026 take five changes of attendees a minute and then nothing for another.
    for attendees_endpoint in [true, false] {
        let world = calendar_first().await;
        fake(&world).set_attendees_endpoint(attendees_endpoint);
        let caller = rings(&world);
        for hour in 10..18 {
            assert_eq!(said(&books_at(&caller, &format!("{hour}:00")).await).0, "booked");
            seconds(&world, 2).await;
        }
        minutes(&world, 2).await;
        says_address(&caller).await;
        seconds(&world, 5).await;
        let other = world.calcom_caller("+4915112345680");
        let heard = other.books("Damenhaarschnitt", "2026-12-04", "10:00", "Rolf Kunze").await;
        assert_eq!(said(&heard).0, "booked", "attendees endpoint {attendees_endpoint}: {}", heard.json);
        minutes(&world, 15).await;
        assert_converged(&world).await;
        let without = addresses(&world).iter().filter(|emails| !emails.contains(&ADDRESS.to_owned())).count();
        assert_eq!(without, 1, "only the other caller's: {:?}", addresses(&world));
    }
}
