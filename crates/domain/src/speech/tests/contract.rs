//! The answers the voice platforms' fixtures expect, to the letter: one test per documented answer.

use jiff::civil::date;
use serde_json::{Value, json};

use super::samples::{berlin, foehnen, herren, now, offer, unavailable, visit};
use crate::lang::Lang;
use crate::reply::{AppointmentView, Ask, Failure, Missing, NothingFound, OfferView, Refusal, Reply, WhyNot};
use crate::speech::{Voice, render, spoken_appointment, spoken_now, spoken_when, weekday_name};
use crate::spoken::AskTime;
use crate::tenant::Business;

fn assert_answers(reply: &Reply, expected: &Value) {
    let answer = render(reply, &Voice { lang: Lang::De, now: &now(), anonymous: false, business: Business::Salon });
    assert_eq!(&answer.to_json(), expected);
}

#[test]
fn a_booking_is_told_as_the_contract_says() {
    assert_answers(
        &Reply::Booked { appointment: herren(), again: false },
        &json!({
            "status": "booked",
            "code": "ok",
            "booked": true,
            "spoken": "Ihr Termin ist am Mittwoch, dem zweiten Dezember, um 10 Uhr bei Fabian eingetragen.",
            "appointment": {
                "id": "apt_01JDWQ4",
                "start": "2026-12-02T10:00:00+01:00",
                "end": "2026-12-02T10:30:00+01:00",
                "service": "Herrenhaarschnitt",
                "staff": "Fabian Krüger"
            }
        }),
    );
}

#[test]
fn an_exact_free_time_is_told_as_the_contract_says() {
    assert_answers(
        &Reply::Available { offer: offer("2026-12-02T10:00", &["Fabian Krüger"], "slot_7Kd2mQ4xB1") },
        &json!({
            "status": "available",
            "code": "ok",
            "booked": false,
            "spoken": "Am Mittwoch, dem zweiten Dezember, um 10 Uhr ist bei Fabian frei. Soll ich das für Sie eintragen?",
            "slot": {
                "start": "2026-12-02T10:00:00+01:00",
                "end": "2026-12-02T10:30:00+01:00",
                "staff": "Fabian Krüger",
                "token": "slot_7Kd2mQ4xB1"
            }
        }),
    );
}

#[test]
fn a_held_time_is_told_as_the_contract_says() {
    assert_answers(
        &Reply::Held {
            offer: OfferView {
                held_until: Some(berlin("2026-12-01T09:16:55.123")),
                ..offer("2026-12-02T10:00", &["Fabian Krüger"], "slot_7Kd2mQ4xB1")
            },
        },
        &json!({
            "status": "held",
            "code": "ok",
            "booked": false,
            "spoken": "Ich halte Ihnen Mittwoch, den zweiten Dezember, um 10 Uhr bei Fabian frei. Soll ich das für Sie eintragen?",
            "slot": {
                "start": "2026-12-02T10:00:00+01:00",
                "end": "2026-12-02T10:30:00+01:00",
                "staff": "Fabian Krüger",
                "token": "slot_7Kd2mQ4xB1",
                "held_until": "2026-12-01T09:16:55+01:00"
            }
        }),
    );
}

#[test]
fn a_taken_time_is_told_as_the_contract_says() {
    assert_answers(
        &unavailable(
            WhyNot::Taken,
            Some("2026-12-02T10:00"),
            vec![
                offer("2026-12-02T10:30", &["Fabian Krüger"], "slot_9Tw5nR8cC2"),
                offer("2026-12-02T11:15", &["Fabian Krüger"], "slot_2Hf6vL3zD3"),
            ],
        ),
        &json!({
            "status": "unavailable",
            "code": "slot_taken",
            "booked": false,
            "spoken": "Um 10 Uhr ist leider gerade vergeben worden. Frei wäre es am Mittwoch, dem zweiten Dezember, um 10 Uhr 30 oder um 11 Uhr 15.",
            "alternatives": [
                {
                    "start": "2026-12-02T10:30:00+01:00",
                    "spoken": "Mittwoch, der zweite Dezember, um 10 Uhr 30",
                    "token": "slot_9Tw5nR8cC2"
                },
                {
                    "start": "2026-12-02T11:15:00+01:00",
                    "spoken": "Mittwoch, der zweite Dezember, um 11 Uhr 15",
                    "token": "slot_2Hf6vL3zD3"
                }
            ]
        }),
    );
}

#[test]
fn two_possible_days_are_asked_back_as_the_contract_says() {
    assert_answers(
        &Reply::Ask(Ask::Time(AskTime::WhichDay(vec![date(2026, 12, 4), date(2026, 12, 11)]))),
        &json!({
            "status": "ambiguous",
            "code": "ambiguous_date",
            "booked": false,
            "spoken": "Meinen Sie Freitag, den vierten Dezember, oder Freitag, den elften Dezember?",
            "question": "Meinen Sie Freitag, den vierten Dezember, oder Freitag, den elften Dezember?",
            "candidates": [
                {
                    "date": "2026-12-04",
                    "spoken": "Freitag, der vierte Dezember"
                },
                {
                    "date": "2026-12-11",
                    "spoken": "Freitag, der elfte Dezember"
                }
            ]
        }),
    );
}

#[test]
fn missing_arguments_are_asked_for_as_the_contract_says() {
    assert_answers(
        &Reply::NeedMore { missing: vec![Missing::Service, Missing::Date, Missing::Time] },
        &json!({
            "status": "need_more",
            "code": "missing_fields",
            "booked": false,
            "missing": [
                "service_name",
                "date",
                "time"
            ],
            "spoken": "Für welche Leistung und wann möchten Sie kommen?"
        }),
    );
}

#[test]
fn a_noted_appointment_is_told_as_the_contract_says() {
    assert_answers(
        &Reply::Noted { appointment: herren() },
        &json!({
            "status": "noted",
            "code": "confirmation_pending",
            "booked": false,
            "spoken": "Ich habe Mittwoch, den zweiten Dezember, um 10 Uhr bei Fabian für Sie vorgemerkt. Fest ist der Termin noch nicht, die Bestätigung folgt.",
            "appointment": {
                "id": "apt_01JDWQ4",
                "start": "2026-12-02T10:00:00+01:00",
                "end": "2026-12-02T10:30:00+01:00",
                "service": "Herrenhaarschnitt",
                "staff": "Fabian Krüger"
            }
        }),
    );
}

#[test]
fn a_cancellation_is_told_as_the_contract_says() {
    assert_answers(
        &Reply::Cancelled { appointment: foehnen() },
        &json!({
            "status": "cancelled",
            "code": "ok",
            "booked": false,
            "spoken": "Ihr Termin am Donnerstag, dem dritten Dezember, um 10 Uhr ist abgesagt.",
            "appointment": {
                "id": "apt_01JDVX7",
                "start": "2026-12-03T10:00:00+01:00",
                "end": "2026-12-03T11:00:00+01:00",
                "service": "Waschen, Schneiden, Föhnen",
                "staff": "Emma Winkler"
            }
        }),
    );
}

#[test]
fn a_move_is_told_as_the_contract_says() {
    assert_answers(
        &Reply::Rescheduled {
            appointment: AppointmentView {
                visit: visit("2026-12-04T11:15", 60, &["Waschen, Schneiden, Föhnen"], &["Emma Winkler"]),
                ..foehnen()
            },
            previous_start: berlin("2026-12-03T10:00"),
            previous_end: berlin("2026-12-03T11:00"),
        },
        &json!({
            "status": "rescheduled",
            "code": "ok",
            "booked": false,
            "spoken": "Ihr Termin ist jetzt am Freitag, dem vierten Dezember, um 11 Uhr 15 bei Emma.",
            "appointment": {
                "id": "apt_01JDVX7",
                "start": "2026-12-04T11:15:00+01:00",
                "end": "2026-12-04T12:15:00+01:00",
                "service": "Waschen, Schneiden, Föhnen",
                "staff": "Emma Winkler"
            },
            "previous": {
                "start": "2026-12-03T10:00:00+01:00",
                "end": "2026-12-03T11:00:00+01:00"
            }
        }),
    );
}

#[test]
fn the_only_appointment_is_told_as_the_contract_says() {
    assert_answers(
        &Reply::Appointments { list: vec![foehnen()], total: 1 },
        &json!({
            "status": "found",
            "code": "ok",
            "booked": false,
            "spoken": "Ihr nächster Termin ist am Donnerstag, dem dritten Dezember, um 10 Uhr bei Emma.",
            "appointments": [
                {
                    "id": "apt_01JDVX7",
                    "start": "2026-12-03T10:00:00+01:00",
                    "end": "2026-12-03T11:00:00+01:00",
                    "service": "Waschen, Schneiden, Föhnen",
                    "staff": "Emma Winkler",
                    "spoken": "Donnerstag, der dritte Dezember, um 10 Uhr"
                }
            ]
        }),
    );
}

#[test]
fn nothing_found_is_told_as_the_contract_says() {
    assert_answers(
        &Reply::NotFound(NothingFound::Appointment),
        &json!({
            "status": "not_found",
            "code": "no_appointment",
            "booked": false,
            "spoken": "Ich finde zu Ihrer Rufnummer keinen kommenden Termin. Möchten Sie einen vereinbaren?"
        }),
    );
}

#[test]
fn a_refusal_for_want_of_a_number_is_told_as_the_contract_says() {
    let voice = Voice { lang: Lang::De, now: &now(), anonymous: true, business: Business::Salon };
    assert_eq!(
        render(&Reply::Refused(Refusal::VerificationRequired), &voice).to_json(),
        json!({
            "status": "refused",
            "code": "verification_required",
            "booked": false,
            "spoken": "Ohne Ihre Rufnummer kann ich an Terminen nichts ändern. Soll jemand aus dem Salon Sie zurückrufen?"
        }),
    );
}

#[test]
fn a_stored_email_is_told_as_the_contract_says() {
    assert_answers(
        &Reply::EmailSaved,
        &json!({
            "status": "ok",
            "code": "ok",
            "booked": false,
            "spoken": "Danke, die E-Mail-Adresse ist eingetragen."
        }),
    );
}

#[test]
fn an_outage_is_told_as_the_contract_says() {
    assert_answers(
        &Reply::Failed(Failure::CalendarUnavailable),
        &json!({
            "status": "error",
            "code": "calendar_unavailable",
            "booked": false,
            "spoken": "Ich kann gerade nicht in den Kalender schauen. Darf jemand aus dem Salon Sie zurückrufen?"
        }),
    );
}

#[test]
fn the_variables_of_a_ringing_call_are_told_as_the_contract_says() {
    let (now, next) = (now(), foehnen());
    assert_eq!(spoken_now(&now, Lang::De), "Dienstag, der erste Dezember, 9 Uhr 12");
    assert_eq!(weekday_name(now.weekday(), Lang::De), "Dienstag");
    assert_eq!(spoken_when(&next.visit.start, Lang::De, &now), "Donnerstag, der dritte Dezember, um 10 Uhr");
    assert_eq!(
        spoken_appointment(&next, Lang::De, &now),
        "Donnerstag, der dritte Dezember, um 10 Uhr, Waschen, Schneiden, Föhnen bei Emma"
    );
}
