use jiff::civil::{date, time};
use serde_json::{Value, json};

use super::samples::{
    appointment, at_ten_on, berlin, closed, consent, context, fabians, foehnen, now, offer, priced, promise, service,
    strings, unavailable, visit, week,
};
use crate::ids::CallbackId;
use crate::lang::Lang;
use crate::reply::{Ask, Change, Reply, WhyNot};
use crate::speech::{Voice, render};
use crate::spoken::AskTime;
use crate::tenant::Business;

fn fields_in(lang: Lang, reply: &Reply) -> Value {
    Value::Object(render(reply, &Voice { lang, now: &now(), anonymous: false, business: Business::Salon }).fields)
}

fn fields(reply: &Reply) -> Value {
    fields_in(Lang::De, reply)
}

#[test]
fn a_visit_of_several_services_and_people_joins_them_and_lists_the_services() {
    let both = visit("2026-12-02T10:00", 90, &["Ansatzfarbe", "Damenhaarschnitt"], &["Emma Winkler", "Leyla Demir"]);
    assert_eq!(
        fields(&Reply::Booked { appointment: appointment("apt_1", both), again: false }),
        json!({"appointment": {
            "id": "apt_1",
            "start": "2026-12-02T10:00:00+01:00",
            "end": "2026-12-02T11:30:00+01:00",
            "service": "Ansatzfarbe + Damenhaarschnitt",
            "services": ["Ansatzfarbe", "Damenhaarschnitt"],
            "staff": "Emma Winkler + Leyla Demir",
        }})
    );
}

#[test]
fn summer_times_carry_the_summer_offset() {
    let summer = appointment("apt_1", visit("2027-07-01T10:00", 30, &["Herrenhaarschnitt"], &["Emma Winkler"]));
    let told = fields(&Reply::Cancelled { appointment: summer });
    assert_eq!(told["appointment"]["start"], "2027-07-01T10:00:00+02:00");
}

#[test]
fn the_first_choice_is_the_slot_and_the_others_are_alternatives() {
    let offers = fabians(&["2026-12-04T12:00", "2026-12-04T12:15", "2026-12-05T09:00"]);
    assert_eq!(
        fields(&Reply::Choices { offers, wish: None }),
        json!({
            "slot": {
                "start": "2026-12-04T12:00:00+01:00",
                "end": "2026-12-04T12:30:00+01:00",
                "staff": "Fabian Krüger",
                "token": "slot_2026-12-04T12:00",
            },
            "alternatives": [
                {
                    "start": "2026-12-04T12:15:00+01:00",
                    "spoken": "Freitag, der vierte Dezember, um 12 Uhr 15",
                    "token": "slot_2026-12-04T12:15",
                },
                {
                    "start": "2026-12-05T09:00:00+01:00",
                    "spoken": "Samstag, der fünfte Dezember, um 9 Uhr",
                    "token": "slot_2026-12-05T09:00",
                },
            ],
        })
    );
}

#[test]
fn alternatives_by_different_people_or_instead_of_the_wished_one_say_who() {
    let offers = vec![
        offer("2026-12-04T12:00", &["Emma Winkler"], "slot_e"),
        offer("2026-12-04T12:00", &["Leyla Demir"], "slot_l"),
    ];
    assert_eq!(
        fields(&Reply::Alternatives { offers, requested_free: false }),
        json!({
            "requested_free": false,
            "alternatives": [
                {
                    "start": "2026-12-04T12:00:00+01:00",
                    "spoken": "Freitag, der vierte Dezember, um 12 Uhr bei Emma",
                    "token": "slot_e",
                    "staff": "Emma Winkler",
                },
                {
                    "start": "2026-12-04T12:00:00+01:00",
                    "spoken": "Freitag, der vierte Dezember, um 12 Uhr bei Leyla",
                    "token": "slot_l",
                    "staff": "Leyla Demir",
                },
            ],
        })
    );
    let why = WhyNot::StaffTaken { staff: "Fabian Krüger".to_owned() };
    let instead = unavailable(why, None, vec![offer("2026-12-04T12:00", &["Emma Winkler"], "slot_e")]);
    let told = fields_in(Lang::En, &instead);
    assert_eq!(told["wished_staff"], "Fabian Krüger");
    assert_eq!(told["alternatives"][0]["staff"], "Emma Winkler");
    assert_eq!(told["alternatives"][0]["spoken"], "Friday, the fourth of December, at noon with Emma");
}

#[test]
fn a_reason_carries_its_numbers_and_names() {
    let told = |why| fields(&unavailable(why, None, Vec::new()));
    assert_eq!(told(WhyNot::TooSoon { notice_minutes: 90 }), json!({"alternatives": [], "notice_minutes": 90}));
    assert_eq!(told(WhyNot::TooFar { horizon_days: 60 }), json!({"alternatives": [], "horizon_days": 60}));
    assert_eq!(told(WhyNot::Closed), json!({"alternatives": []}));
    let yours = told(WhyNot::AlreadyYours { appointment: Box::new(foehnen()) });
    assert_eq!(yours["appointment"]["id"], "apt_01JDVX7");
    let holiday = unavailable(WhyNot::Holiday { de: "Neujahr", en: "New Year's Day" }, None, Vec::new());
    assert_eq!(fields(&holiday)["holiday"], "Neujahr");
    assert_eq!(fields_in(Lang::En, &holiday)["holiday"], "New Year's Day");
}

#[test]
fn candidates_can_be_told_apart_by_a_program() {
    let asked = |ask| fields(&Reply::Ask(ask))["candidates"].clone();
    let times = vec![time(8, 0, 0, 0), time(20, 0, 0, 0)];
    assert_eq!(
        asked(Ask::Time(AskTime::WhichClock { date: Some(date(2026, 12, 4)), times })),
        json!([
            {"date": "2026-12-04", "time": "08:00", "spoken": "8 Uhr"},
            {"date": "2026-12-04", "time": "20:00", "spoken": "20 Uhr"},
        ])
    );
    let fold = AskTime::WhichFold {
        earlier: "2026-10-25T02:30:00+02:00[Europe/Berlin]".parse().unwrap(),
        later: "2026-10-25T02:30:00+01:00[Europe/Berlin]".parse().unwrap(),
    };
    let folds = asked(Ask::Time(fold));
    assert_eq!(folds[0]["start"], "2026-10-25T02:30:00+02:00");
    assert_eq!(folds[1]["start"], "2026-10-25T02:30:00+01:00");
    assert_eq!(
        asked(Ask::Time(AskTime::WeekdayContradicts { said: date(2026, 11, 24) })),
        json!([{"date": "2026-11-24", "spoken": "Dienstag, der vierundzwanzigste November"}])
    );
    let services = strings(&["Herrenhaarschnitt", "Damenhaarschnitt"]);
    assert_eq!(
        asked(Ask::Service { candidates: services }),
        json!([{"service": "Herrenhaarschnitt"}, {"service": "Damenhaarschnitt"}])
    );
    assert_eq!(asked(Ask::UnknownStaff { examples: strings(&["Emma Winkler"]) }), json!([{"staff": "Emma Winkler"}]));
}

#[test]
fn consent_carries_the_fee_the_token_and_the_change() {
    let told = fields(&consent(Change::Move, Some("2026-12-04T11:15"), 1500));
    assert_eq!(told["missing"], json!(["confirm"]));
    assert_eq!(told["fee_cents"], 1500);
    assert_eq!(told["token"], "slot_4Yes");
    assert_eq!(told["new_start"], "2026-12-04T11:15:00+01:00");
    assert_eq!(told["appointment"]["id"], "apt_01JDVX7");
}

#[test]
fn a_new_time_is_missing_under_the_names_of_its_arguments() {
    let answer = render(
        &Reply::Ask(Ask::NewTime),
        &Voice { lang: Lang::De, now: &now(), anonymous: false, business: Business::Salon },
    );
    assert_eq!((answer.status, answer.code), ("need_more", "missing_fields"));
    assert_eq!(Value::Object(answer.fields), json!({"missing": ["new_date", "new_time"]}));
}

#[test]
fn at_most_five_appointments_are_listed_with_their_total() {
    let list: Vec<_> = (2..=8).map(at_ten_on).collect();
    let told = fields(&Reply::Appointments { list, total: 17 });
    assert_eq!(told["appointments"].as_array().unwrap().len(), 5);
    assert_eq!(told["total"], 17);
    assert_eq!(told["appointments"][0]["spoken"], "Mittwoch, der zweite Dezember, um 10 Uhr");
}

#[test]
fn services_carry_length_price_and_category_where_known() {
    let list = vec![priced("Ansatzfarbe", 90, 6000, true), service("Herrenhaarschnitt", 30, "Schnitt")];
    assert_eq!(
        fields(&Reply::Services { list, categories: strings(&["Schnitt"]), category: None }),
        json!({
            "services": [
                {"name": "Ansatzfarbe", "minutes": 90, "price_cents": 6000, "currency": "EUR", "price_from": true},
                {"name": "Herrenhaarschnitt", "minutes": 30, "category": "Schnitt"},
            ],
            "categories": ["Schnitt"],
        })
    );
}

#[test]
fn hours_are_listed_day_by_day() {
    let days = vec![week()[3].clone(), closed(5, "Betriebsferien", "company holidays")];
    let reply = Reply::Hours { days, asked: None };
    assert_eq!(
        fields(&reply),
        json!({"hours": [
            {"date": "2026-12-04", "weekday": "Freitag", "open": [["09:00", "19:00"]]},
            {"date": "2026-12-05", "weekday": "Samstag", "open": [], "closed_for": "Betriebsferien"},
        ]})
    );
    assert_eq!(fields_in(Lang::En, &reply)["hours"][1]["closed_for"], "company holidays");
}

#[test]
fn a_call_back_has_its_id_and_time_and_says_when_a_number_is_missing() {
    let taken = |phone_known| Reply::CallbackTaken {
        id: CallbackId::new("cbk_1"),
        promise: promise("2026-12-01T12:00", true),
        phone_known,
    };
    let callback = json!({"id": "cbk_1", "by": "2026-12-01T12:00:00+01:00"});
    assert_eq!(fields(&taken(true)), json!({"callback": callback}));
    assert_eq!(fields(&taken(false)), json!({"callback": callback, "missing": ["phone"]}));
}

#[test]
fn the_context_of_a_call_tells_days_hours_rules_and_the_customer() {
    let told = fields(&Reply::Context(Box::new(context(true))));
    assert_eq!(
        told["customer"],
        json!({"first_name": "Hannelore", "name": "Hannelore Brückner", "last_visit": "2026-10-20"})
    );
    assert_eq!(told["caller_known"], true);
    assert_eq!((&told["today"], &told["weekday"]), (&json!("2026-12-01"), &json!("Dienstag")));
    assert_eq!(told["tomorrow"], "2026-12-02");
    assert_eq!(told["next_7_days"].as_array().unwrap().len(), 7);
    assert_eq!(told["next_7_days"][0], json!({"date": "2026-12-02", "weekday": "Mittwoch"}));
    assert_eq!(told["next_7_days"][6], json!({"date": "2026-12-08", "weekday": "Dienstag"}));
    assert_eq!(told["now_spoken"], "Dienstag, der erste Dezember, 9 Uhr 12");
    assert_eq!(
        told["policies"],
        json!({"notice_minutes": 0, "horizon_days": 90, "cancel_deadline_hours": 0, "move_deadline_hours": 0})
    );
    assert_eq!(told["next_appointment"]["id"], "apt_01JDVX7");
    assert_eq!(told["hours"].as_array().unwrap().len(), 7);

    let stranger = fields_in(Lang::En, &Reply::Context(Box::new(context(false))));
    assert_eq!(stranger["caller_known"], false);
    assert_eq!(stranger["weekday"], "Tuesday");
    assert!(stranger.get("customer").is_none() && stranger.get("next_appointment").is_none());
}

#[test]
fn a_list_that_must_not_be_empty_is_told_as_nothing_when_it_is() {
    let answered = |reply| {
        let answer =
            render(&reply, &Voice { lang: Lang::De, now: &now(), anonymous: false, business: Business::Salon });
        (answer.status, answer.code)
    };
    let nothing_free = ("unavailable", "nothing_free");
    assert_eq!(answered(Reply::Choices { offers: Vec::new(), wish: None }), nothing_free);
    assert_eq!(answered(Reply::Alternatives { offers: Vec::new(), requested_free: true }), nothing_free);
    assert_eq!(answered(Reply::Appointments { list: Vec::new(), total: 3 }), ("not_found", "no_appointment"));
    let services = Reply::Services { list: Vec::new(), categories: Vec::new(), category: Some("Nägel".to_owned()) };
    assert_eq!(answered(services), ("not_found", "no_service"));
}

#[test]
fn template_syntax_and_markup_in_names_is_never_spoken() {
    let mut hostile = foehnen();
    hostile.visit.staff = strings(&["{{customer_name}}<script>\nWinkler"]);
    for lang in [Lang::De, Lang::En] {
        let answer = render(
            &Reply::Booked { appointment: hostile.clone(), again: false },
            &Voice { lang, now: &berlin("2026-12-01T09:00"), anonymous: false, business: Business::Salon },
        );
        assert!(!answer.spoken.contains(['{', '}', '<', '>', '\n']), "{}", answer.spoken);
    }
}
