//! The house's rules of change: deadlines, fees with a yes, quotas, and which layer wins.

use frontdesk_testkit::World;
use jiff::SignedDuration;
use serde_json::json;

use crate::changing::{cancels, moves};
use crate::houses::{
    TUESDAY_MORNING, customer_with, salon_and, salon_with, salon_with_policy, stored, taken_by, world,
};

const HANNELORE: &str = "+491713920017";
const KARIN: &str = "+491713920021";
const IDA: &str = "+4915155500077";

const DAY_BEFORE: &str = "cancel_deadline_hours = 24\nmove_deadline_hours = 24";

#[tokio::test]
async fn exactly_at_the_deadline_it_still_goes_and_a_second_later_not() {
    for (function, args, done, refused) in [
        ("cancel_appointment", json!({}), "cancelled", "too_late_to_cancel"),
        (
            "reschedule_appointment",
            json!({"new_date": "2026-12-07", "new_time": "10:00"}),
            "rescheduled",
            "too_late_to_move",
        ),
    ] {
        let on_time = world(&salon_with_policy(DAY_BEFORE), "2026-12-02T10:00:00+01:00").await;
        on_time.caller(HANNELORE).asks(function, args.clone()).await.expect(done, "ok");
        on_time.assert_at_rest().await;

        let late = world(&salon_with_policy(DAY_BEFORE), "2026-12-02T10:00:01+01:00").await;
        let before = (stored(&late, "apt_01JDVX7"), taken_by(&late, "apt_01JDVX7"));
        let heard = late.caller(HANNELORE).asks(function, args.clone()).await;
        heard.expect("refused", refused);
        assert_eq!(heard.at("deadline_hours"), &json!(24));
        let mut agreed = args.clone();
        agreed["confirm"] = json!(true);
        late.caller(HANNELORE).asks(function, agreed).await.expect("refused", refused);
        assert_eq!((stored(&late, "apt_01JDVX7"), taken_by(&late, "apt_01JDVX7")), before);
        late.assert_at_rest().await;
    }
}

#[tokio::test]
async fn what_this_very_call_made_may_be_taken_back_whatever_the_deadline() {
    let world = world(&salon_with_policy(DAY_BEFORE), TUESDAY_MORNING).await;
    for from in ["anonymous", IDA] {
        let caller = world.caller(from);
        caller.books("Damenhaarschnitt", "heute", "15:00", "Ida Falk").await.expect("booked", "ok");
        let moved = moves(&caller, json!({"new_date": "heute", "new_time": "15:30"})).await;
        moved.expect("rescheduled", "ok");
        cancels(&caller, json!({})).await.expect("cancelled", "ok");
        // In the next call the house's rule holds.
        caller.books("Damenhaarschnitt", "heute", "16:00", "Ida Falk").await.expect("booked", "ok");
        if from == IDA {
            cancels(&world.caller(from), json!({})).await.expect("refused", "too_late_to_cancel");
        }
    }
    world.assert_at_rest().await;
}

const FEES: &str = "cancel_fee = { within_hours = 48, amount = \"15 EUR\" }\n\
                    move_fee = { within_hours = 48, amount = \"12,50 EUR\" }";

fn change_rows(world: &World) -> Vec<String> {
    let mut rows = world.rows("SELECT * FROM appointment ORDER BY 1, 2");
    rows.extend(world.rows("SELECT * FROM occupancy ORDER BY 1, 2, 3"));
    rows.extend(world.rows("SELECT * FROM appointment_change ORDER BY 1, 2, 3"));
    rows.extend(world.rows("SELECT * FROM idempotency ORDER BY 1, 2, 3"));
    rows
}

#[tokio::test]
async fn a_fee_is_told_first_and_only_a_yes_or_its_token_cancels() {
    for by_token in [true, false] {
        let world = world(&salon_with_policy(FEES), TUESDAY_MORNING).await;
        world.advance(SignedDuration::from_hours(2));
        let caller = world.caller(HANNELORE);
        let before = change_rows(&world);
        let asked = cancels(&caller, json!({})).await;
        asked.expect("need_more", "confirm_cancel");
        assert_eq!(asked.at("fee_cents"), &json!(1500));
        assert!(asked.spoken().contains("15 Euro"), "{}", asked.spoken());
        for no in [json!({}), json!({"confirm": false}), json!({"token": "slot_invented00"}), json!({"token": "ja"})] {
            cancels(&caller, no).await.expect("need_more", "confirm_cancel");
        }
        assert_eq!(change_rows(&world), before, "a preview stores nothing");
        let yes = if by_token { json!({"token": asked.text("token")}) } else { json!({"confirm": true}) };
        cancels(&caller, yes.clone()).await.expect("cancelled", "ok");
        cancels(&caller, yes).await.expect("cancelled", "ok");
        world.assert_at_rest().await;
    }
}

#[tokio::test]
async fn a_fee_is_told_first_and_only_a_yes_or_its_token_moves() {
    for by_token in [true, false] {
        let world = world(&salon_with_policy(FEES), TUESDAY_MORNING).await;
        world.advance(SignedDuration::from_hours(2));
        let caller = world.caller(HANNELORE);
        let before = change_rows(&world);
        let wish = json!({"new_date": "2026-12-07", "new_time": "10:00"});
        let asked = moves(&caller, wish.clone()).await;
        asked.expect("need_more", "confirm_move");
        assert_eq!((asked.at("fee_cents"), asked.text("new_start")), (&json!(1250), "2026-12-07T10:00:00+01:00"));
        assert!(asked.spoken().contains("12 Euro 50"), "{}", asked.spoken());
        for no in [json!({"confirm": false}), json!({"token": "slot_invented00"})] {
            let mut again = wish.clone();
            again.as_object_mut().unwrap().extend(no.as_object().unwrap().clone());
            moves(&caller, again).await.expect("need_more", "confirm_move");
        }
        assert_eq!(change_rows(&world), before, "a preview stores nothing");
        let yes = if by_token {
            json!({"token": asked.text("token")})
        } else {
            json!({"new_date": "2026-12-07", "new_time": "10:00", "confirm": true})
        };
        let moved = moves(&caller, yes.clone()).await;
        assert_eq!(moved.expect("rescheduled", "ok").text("appointment/start"), "2026-12-07T10:00:00+01:00");
        let again = moves(&caller, yes).await;
        assert_eq!(again.expect("rescheduled", "ok").text("appointment/start"), "2026-12-07T10:00:00+01:00");
        world.assert_at_rest().await;
    }
}

#[tokio::test]
async fn a_free_time_chosen_from_a_list_is_no_yes_to_a_fee_nobody_spoke_of() {
    let world = world(&salon_with_policy(FEES), TUESDAY_MORNING).await;
    world.advance(SignedDuration::from_hours(2));
    let caller = world.caller(HANNELORE);
    let taken = moves(&caller, json!({"new_date": "2026-12-02", "new_time": "09:30"})).await;
    let offer = taken.at("alternatives/0").clone();
    let asked = moves(&caller, json!({"token": offer["token"]})).await;
    asked.expect("need_more", "confirm_move");
    assert_eq!(asked.text("new_start"), offer["start"].as_str().unwrap());
    let moved = moves(&caller, json!({"token": asked.text("token")})).await;
    assert_eq!(moved.expect("rescheduled", "ok").text("appointment/start"), offer["start"].as_str().unwrap());
    world.assert_at_rest().await;
}

#[tokio::test]
async fn a_token_for_a_move_never_cancels_and_one_for_a_booking_is_no_yes() {
    let world = world(&salon_with_policy(FEES), TUESDAY_MORNING).await;
    world.advance(SignedDuration::from_hours(2));
    let caller = world.caller(HANNELORE);
    let to_move = moves(&caller, json!({"new_date": "2026-12-07", "new_time": "10:00"})).await;
    let to_book = caller.checks("Damenhaarschnitt", "2026-12-09", "10:00").await;
    for token in [to_move.text("token"), to_book.expect("available", "ok").text("slot/token")] {
        cancels(&caller, json!({"token": token})).await.expect("need_more", "confirm_cancel");
    }
    let wish = json!({"new_date": "2026-12-08", "new_time": "10:00", "token": to_book.text("slot/token")});
    moves(&caller, wish).await.expect("need_more", "confirm_move");
    assert!(stored(&world, "apt_01JDVX7").starts_with("confirmed|") && stored(&world, "apt_01JDVX7").ends_with("|0"));
}

#[tokio::test]
async fn exactly_at_the_fees_edge_a_change_is_free() {
    for (function, args, done) in [
        ("cancel_appointment", json!({}), "cancelled"),
        ("reschedule_appointment", json!({"new_date": "2026-12-07", "new_time": "10:00"}), "rescheduled"),
    ] {
        let free = world(&salon_with_policy(FEES), "2026-12-01T10:00:00+01:00").await;
        free.caller(HANNELORE).asks(function, args.clone()).await.expect(done, "ok");
        let late = world(&salon_with_policy(FEES), "2026-12-01T10:00:01+01:00").await;
        assert_eq!(late.caller(HANNELORE).asks(function, args).await.status(), "need_more");
    }
}

#[tokio::test]
async fn so_many_cancellations_in_thirty_days_and_no_more() {
    let three = customer_with(
        "cus_ida",
        "Ida Falk",
        IDA,
        &[
            ("apt_a", "Herrenhaarschnitt", "Fabian Krüger", "2026-12-07T10:00:00"),
            ("apt_b", "Herrenhaarschnitt", "Fabian Krüger", "2026-12-08T10:00:00"),
            ("apt_c", "Herrenhaarschnitt", "Fabian Krüger", "2027-01-11T10:00:00"),
        ],
    );
    let text = salon_and(&three).replace("cancel_deadline_hours = 0", "max_cancels_per_30_days = 2");
    let world = world(&text, TUESDAY_MORNING).await;
    let caller = world.caller(IDA);
    cancels(&caller, json!({"date": "2026-12-07"})).await.expect("cancelled", "ok");
    // A repeat is no second one.
    cancels(&caller, json!({"date": "2026-12-07"})).await.expect("cancelled", "ok");
    cancels(&world.caller(IDA), json!({"date": "2026-12-08"})).await.expect("cancelled", "ok");
    cancels(&world.caller(IDA), json!({})).await.expect("refused", "too_many_cancels");
    assert!(stored(&world, "apt_c").starts_with("confirmed|"));
    // Others have a count of their own.
    cancels(&world.caller(HANNELORE), json!({})).await.expect("cancelled", "ok");
    world.advance(SignedDuration::from_hours(24 * 31));
    cancels(&world.caller(IDA), json!({})).await.expect("cancelled", "ok");
    world.assert_at_rest().await;
}

#[tokio::test]
async fn so_many_moves_of_one_appointment_and_no_more() {
    let world = world(&salon_with_policy("max_moves_per_appointment = 1"), TUESDAY_MORNING).await;
    moves(&world.caller(HANNELORE), json!({"new_date": "2026-12-04", "new_time": "10:00"}))
        .await
        .expect("rescheduled", "ok");
    let more = json!({"new_date": "2026-12-07", "new_time": "10:00"});
    moves(&world.caller(HANNELORE), more).await.expect("refused", "too_many_moves");
    // Where it is already, there is nothing to refuse.
    let same = json!({"new_date": "2026-12-04", "new_time": "10:00"});
    moves(&world.caller(HANNELORE), same).await.expect("rescheduled", "ok");
    cancels(&world.caller(HANNELORE), json!({})).await.expect("cancelled", "ok");
    world.assert_at_rest().await;
}

#[tokio::test]
async fn a_services_rule_wins_over_the_companys_key_by_key() {
    let wsf =
        "synonyms = [\"Waschen Schneiden Föhnen\", \"Waschen und Schneiden mit Föhnen\", \"wash, cut and blow-dry\"]";
    let text = salon_with(&[
        ("cancel_deadline_hours = 0", DAY_BEFORE),
        (wsf, &format!("{wsf}\n[service.policy]\ncancel_deadline_hours = 1")),
    ]);
    let world = world(&text, "2026-12-02T08:00:00+01:00").await;
    // Hers is the service with its own rule; what it does not say, the company says.
    world.advance(SignedDuration::from_hours(25));
    let soon = world.caller(HANNELORE);
    let wish = json!({"new_date": "2026-12-07", "new_time": "10:00"});
    moves(&soon, wish).await.expect("refused", "too_late_to_move");
    cancels(&soon, json!({})).await.expect("cancelled", "ok");
    world.assert_at_rest().await;
}

#[tokio::test]
async fn a_persons_rule_wins_over_everything() {
    let fabian = "services = [\"Herrenhaarschnitt\", \"Herrenhaarschnitt mit Bart\", \"Konturen\"]";
    let text = salon_with(&[(fabian, &format!("{fabian}\n[staff.policy]\ncancel_deadline_hours = 48"))]);
    let world = world(&text, TUESDAY_MORNING).await;
    // Konturen with Fabian, tomorrow at eleven; Ansatzfarbe with Emma before that.
    cancels(&world.caller("+491713920024"), json!({})).await.expect("refused", "too_late_to_cancel");
    cancels(&world.caller(KARIN), json!({})).await.expect("cancelled", "ok");
}
