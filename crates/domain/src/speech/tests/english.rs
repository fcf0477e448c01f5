use super::samples::{
    appointment, at_ten_on, berlin, closed, consent, context, every_ask_time, every_failure, every_refusal, fabians,
    foehnen, herren, now, offer, priced, promise, service, strings, unavailable, visit, week,
};
use crate::ids::CallbackId;
use crate::lang::Lang;
use crate::reply::{Ask, Change, Missing, OfferView, Reply, WhyNot};
use crate::speech::{Voice, render};
use crate::tenant::Business;

fn said_to(reply: &Reply, anonymous: bool) -> String {
    render(reply, &Voice { lang: Lang::En, now: &now(), anonymous, business: Business::Salon }).spoken
}

fn said(reply: &Reply) -> String {
    said_to(reply, false)
}

fn all_said(replies: impl IntoIterator<Item = Reply>) -> String {
    replies.into_iter().map(|reply| said(&reply)).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_withheld_number_is_asked_for_when_the_appointment_is_only_noted() {
    insta::assert_snapshot!(
        said_to(&Reply::Noted { appointment: herren() }, true),
        @"I have noted Wednesday, the second of December, at 10 a.m. with Fabian for you. It is not certain yet, on which number may we let you know?"
    );
}

#[test]
fn a_repeated_booking_is_told_like_the_first() {
    let told = |again| said(&Reply::Booked { appointment: herren(), again });
    assert_eq!(told(true), told(false));
}

#[test]
fn several_people_of_one_visit_are_named_together() {
    let both = visit("2026-12-02T10:00", 90, &["Ansatzfarbe", "Damenhaarschnitt"], &["Emma Winkler", "Leyla Demir"]);
    insta::assert_snapshot!(
        said(&Reply::Booked { appointment: appointment("apt_1", both), again: false }),
        @"Your appointment is booked for Wednesday, the second of December, at 10 a.m. with Emma and Leyla."
    );
}

#[test]
fn free_times_are_offered_two_at_a_time_and_the_day_is_said_once() {
    let choices = |offers: Vec<OfferView>| Reply::Choices { offers, wish: None };
    let near = |offers: Vec<OfferView>| Reply::Alternatives { offers, requested_free: false };
    insta::assert_snapshot!(all_said([
        choices(fabians(&["2026-12-04T12:00", "2026-12-04T12:15", "2026-12-04T12:30"])),
        choices(fabians(&["2026-12-04T12:00", "2026-12-05T09:00"])),
        choices(fabians(&["2026-12-04T12:00"])),
        near(fabians(&["2026-12-02T11:00", "2026-12-02T11:15"])),
        near(fabians(&["2026-12-02T11:00", "2026-12-03T10:00"])),
        near(fabians(&["2026-12-02T11:00"])),
        Reply::Ask(Ask::ExactTime { offers: fabians(&["2026-12-04T12:00", "2026-12-04T12:15"]) }),
        Reply::Ask(Ask::ExactTime { offers: Vec::new() }),
    ]), @"
    You could come on Friday, the fourth of December, at noon or at 12 15 p.m. Which suits you?
    You could come on Friday, the fourth of December, at noon, or on Saturday, the fifth of December, at 9 a.m. Which suits you?
    You could come on Friday, the fourth of December, at noon. Does that suit you?
    You could come on Wednesday, the second of December, at 11 a.m. or at 11 15 a.m. Which suits you?
    You could come on Wednesday, the second of December, at 11 a.m., or on Thursday, the third of December, at 10 a.m. Which suits you?
    You could come on Wednesday, the second of December, at 11 a.m. Does that suit you?
    You could come on Friday, the fourth of December, at noon or at 12 15 p.m. Which time suits you?
    At what time would you like to come?
    ");
}

#[test]
fn people_are_named_where_offers_are_by_different_ones() {
    let emma = |start| offer(start, &["Emma Winkler"], "slot_e");
    let leyla = |start| offer(start, &["Leyla Demir"], "slot_l");
    let offers = vec![emma("2026-12-04T12:00"), leyla("2026-12-04T12:00")];
    insta::assert_snapshot!(all_said([
        Reply::Choices { offers: offers.clone(), wish: None },
        Reply::Alternatives { offers, requested_free: false },
        Reply::Alternatives { offers: vec![emma("2026-12-04T12:00"), leyla("2026-12-05T09:00")], requested_free: false },
    ]), @"
    You could come on Friday, the fourth of December, at noon with Emma or at noon with Leyla. Which suits you?
    You could come on Friday, the fourth of December, at noon with Emma or at noon with Leyla. Which suits you?
    You could come on Friday, the fourth of December, at noon with Emma, or on Saturday, the fifth of December, at 9 a.m. with Leyla. Which suits you?
    ");
}

#[test]
fn a_time_within_half_an_hour_is_framed_by_its_nearness() {
    let instead = |why, starts: &[&str]| unavailable(why, Some("2026-12-02T10:07"), fabians(starts));
    insta::assert_snapshot!(all_said([
        instead(WhyNot::OffGrid, &["2026-12-02T10:15", "2026-12-02T10:00"]),
        instead(WhyNot::Closed, &["2026-12-02T10:37", "2026-12-03T10:00"]),
        instead(WhyNot::NothingFree, &["2026-12-02T09:52", "2026-12-02T11:15"]),
        instead(WhyNot::TooSoon { notice_minutes: 30 }, &["2026-12-02T10:38"]),
        instead(WhyNot::Taken, &["2026-12-02T10:15"]),
    ]), @"
    I'm afraid no appointment can start on Wednesday, the second of December, at 10 oh 7 a.m. I could offer you 10 15 a.m., 8 minutes later, or else 10 a.m.
    I'm afraid we are closed on Wednesday, the second of December, at 10 oh 7 a.m. I could offer you 10 37 a.m., half an hour later, or else Thursday, the third of December, at 10 a.m.
    I'm afraid nothing is free in the time you wish. I could offer you Wednesday, the second of December, at 9 52 a.m., a quarter of an hour earlier, or else 11 15 a.m.
    I'm afraid that is too soon, we need to know half an hour ahead. You could come on Wednesday, the second of December, at 10 38 a.m.
    I'm afraid 10 oh 7 a.m. has just been taken. You could come on Wednesday, the second of December, at 10 15 a.m.
    ");
}

#[test]
fn somebody_else_than_the_wished_person_is_never_offered_silently() {
    let fabian = || "Fabian Krüger".to_owned();
    let emma = |start| vec![offer(start, &["Emma Winkler"], "slot_e")];
    let wished = Some("2026-12-02T10:00");
    insta::assert_snapshot!(all_said([
        unavailable(WhyNot::StaffTaken { staff: fabian() }, wished, emma("2026-12-02T10:00")),
        unavailable(WhyNot::StaffTaken { staff: fabian() }, wished, emma("2026-12-02T10:30")),
        unavailable(WhyNot::StaffAway { staff: fabian() }, Some("2026-12-02T00:00"), emma("2026-12-02T10:00")),
        unavailable(
            WhyNot::StaffCannot { staff: fabian(), service: "Ansatzfarbe".to_owned() },
            wished,
            emma("2026-12-02T10:00"),
        ),
    ]), @"
    I'm afraid Fabian is busy on Wednesday, the second of December, at 10 a.m. I could offer you the same time with Emma.
    I'm afraid Fabian is busy on Wednesday, the second of December, at 10 a.m. I could offer you 10 30 a.m. with Emma, half an hour later.
    I'm afraid Fabian is not in on Wednesday, the second of December. You could come on Wednesday, the second of December, at 10 a.m. with Emma.
    I'm afraid Fabian does not offer Ansatzfarbe. I could offer you the same time on Wednesday, the second of December, with Emma.
    ");
}

#[test]
fn every_reason_is_told_and_leads_on() {
    let whys = super::samples::every_why();
    let wished = Some("2026-12-25T10:00");
    insta::assert_snapshot!(all_said(whys.into_iter().map(|why| unavailable(why, wished, Vec::new()))), @"
    I'm afraid 10 a.m. has just been taken. Would another day suit you?
    I'm afraid nothing is free in the time you wish. Would another day suit you?
    I'm afraid we are closed on Friday, the twenty-fifth of December, at 10 a.m. Would another day suit you?
    I'm afraid we close too soon for that on Friday, the twenty-fifth of December, at 10 a.m. Would another day suit you?
    I'm afraid we are closed on Friday, the twenty-fifth of December, it is Christmas Day. Would another day suit you?
    I'm afraid Fabian is not in on Friday, the twenty-fifth of December, at 10 a.m. Would another day suit you, or somebody else?
    I'm afraid Fabian is busy on Friday, the twenty-fifth of December, at 10 a.m. Would another day suit you, or somebody else?
    I'm afraid Fabian does not offer Ansatzfarbe. May it be somebody else?
    I'm afraid that is too soon. Would a later time suit you?
    I'm afraid that is too soon, we need to know two hours ahead. Would a later time suit you?
    We don't plan that far ahead yet, we take appointments up to 90 days ahead. Would an earlier day suit you?
    I'm afraid no appointment can start on Friday, the twenty-fifth of December, at 10 a.m. Would another time suit you?
    You already have an appointment then, on Thursday, the third of December, at 10 a.m. with Emma. Would you like a further appointment on another day?
    I'm afraid that offer no longer stands. When would you like to come?
    ");
}

#[test]
fn where_nothing_is_free_somebody_rings_back_if_there_is_a_number() {
    let callback = Some(promise("2026-12-01T12:00", true));
    let reply = Reply::Unavailable { why: WhyNot::Taken, wished: None, offers: Vec::new(), callback };
    insta::assert_snapshot!(
        said(&reply),
        @"I'm afraid that time has just been taken. Somebody will call you back today by noon."
    );
    insta::assert_snapshot!(
        said_to(&reply, true),
        @"I'm afraid that time has just been taken. On which number may somebody call you back today by noon?"
    );
}

#[test]
fn a_call_back_is_promised_honestly() {
    let taken = |by, open, phone_known| Reply::CallbackTaken {
        id: CallbackId::new("cbk_1"),
        promise: promise(by, open),
        phone_known,
    };
    insta::assert_snapshot!(all_said([
        taken("2026-12-01T12:00", true, true),
        taken("2026-12-07T11:00", false, true),
        taken("2026-12-01T12:00", true, false),
        taken("2026-12-07T11:00", false, false),
    ]), @"
    Somebody will call you back today by noon.
    We are closed just now. Somebody will call you back on Monday, the seventh of December, by 11 a.m.
    On which number may somebody call you back today by noon?
    We are closed just now. On which number may somebody call you back on Monday, the seventh of December, by 11 a.m.?
    ");
}

#[test]
fn what_is_missing_is_asked_for_in_one_breath() {
    use Missing::{CustomerEmail, CustomerName, Date, NewDate, NewTime, Phone, Service, Time, Token};
    let asked: [&[Missing]; 14] = [
        &[Service],
        &[Date],
        &[Time],
        &[Date, Time],
        &[Service, Date],
        &[Service, Time],
        &[Service, Date, Time, CustomerName],
        &[CustomerName],
        &[CustomerName, Phone],
        &[CustomerEmail],
        &[Token],
        &[Token, CustomerName],
        &[NewDate, NewTime],
        &[Date, NewTime],
    ];
    let replies = asked.into_iter().map(|missing| Reply::NeedMore { missing: missing.to_vec() });
    insta::assert_snapshot!(all_said(replies), @"
    What would you like to have done?
    On which day would you like to come?
    At what time would you like to come?
    When would you like to come?
    What would you like to have done, and on which day?
    What would you like to have done, and at what time?
    What would you like to have done, and when would you like to come? And what is your name, please?
    What is your name, please?
    What is your name, and on which number can we reach you?
    What is your e-mail address?
    Which of the times would you like?
    Which of the times would you like? And what is your name, please?
    To when would you like to move the appointment?
    On which day would you like to come, and to what time would you like to move the appointment?
    ");
}

#[test]
fn unclear_times_are_asked_back() {
    insta::assert_snapshot!(all_said(every_ask_time().into_iter().map(|ask| Reply::Ask(Ask::Time(ask)))), @"
    Do you mean Friday, the fourth of December, or Friday, the eleventh of December?
    Do you mean Tuesday, the fifteenth of December, Friday, the fifteenth of January 2027, or Saturday, the first of May 2027?
    Which day do you mean?
    Do you mean 8 a.m. or 8 p.m.?
    What time do you mean?
    The clock shows 2 30 a.m. twice that night, as it is put back. Do you mean before or after that?
    On Sunday, the twenty-eighth of March 2027, there is no 2 30 a.m., as the clock is put forward. What time suits you?
    I'm afraid that time is over already. When would you like to come?
    There is no such day in the calendar. Which day do you mean?
    The twenty-fourth of November is a Tuesday. Which day do you mean?
    That date is long past. On which day would you like to come?
    I'm afraid I didn't catch the time. On which day and at what time would you like to come?
    ");
}

#[test]
fn unclear_services_people_and_appointments_are_asked_back() {
    let days: Vec<_> = (3..=7).map(at_ten_on).collect();
    let asks = [
        Ask::Service { candidates: strings(&["Herrenhaarschnitt", "Damenhaarschnitt", "Kinderhaarschnitt"]) },
        Ask::Service { candidates: strings(&["Damenhaarschnitt", "Waschen, Schneiden, Föhnen"]) },
        Ask::UnknownService { examples: strings(&["Schnitt", "Farbe", "Pflege"]) },
        Ask::UnknownService { examples: Vec::new() },
        Ask::Staff { candidates: strings(&["Emma Winkler", "Fabian Krüger"]) },
        Ask::Staff { candidates: strings(&["Emma Winkler", "Emma Vogt"]) },
        Ask::UnknownStaff { examples: strings(&["Emma Winkler", "Fabian Krüger"]) },
        Ask::UnknownStaff { examples: Vec::new() },
        Ask::Name,
        Ask::Email,
        Ask::Appointment { candidates: days[..2].to_vec(), total: 2 },
        Ask::Appointment { candidates: days.clone(), total: 7 },
        Ask::Person,
        Ask::NewTime,
    ];
    insta::assert_snapshot!(all_said(asks.map(Reply::Ask)), @"
    Do you mean Herrenhaarschnitt, Damenhaarschnitt or Kinderhaarschnitt?
    Do you mean Damenhaarschnitt or Waschen, Schneiden, Föhnen?
    I'm afraid I don't know that service. How about Schnitt, Farbe or Pflege?
    I'm afraid I don't know that service. What would you like to have done?
    Do you mean Emma or Fabian?
    Do you mean Emma Winkler or Emma Vogt?
    I'm afraid I can't find that name here. Would you like to see Emma or Fabian?
    I'm afraid I can't find that name here. Who would you like to see?
    I'm afraid I didn't catch your name. What is your name, please?
    I'm afraid I didn't catch the e-mail address. Could you say it once more, slowly, please?
    You have two appointments. Do you mean the one on Thursday, the third of December, at 10 a.m. or the one on Friday, the fourth of December, at 10 a.m.?
    You have seven appointments. Do you mean the one on Thursday, the third of December, at 10 a.m., the one on Friday, the fourth of December, at 10 a.m., the one on Saturday, the fifth of December, at 10 a.m. or another one?
    Whose appointment is it about? Please give me first and last name.
    To when would you like to move the appointment?
    ");
}

#[test]
fn consent_names_the_price_and_the_change() {
    insta::assert_snapshot!(all_said([
        consent(Change::Move, Some("2026-12-04T11:15"), 1500),
        consent(Change::Move, Some("2026-12-04T11:15"), 0),
        consent(Change::Cancel, None, 1250),
        consent(Change::Cancel, None, 50),
        consent(Change::Cancel, None, 0),
    ]), @"
    Moving it at such short notice costs 15 euros. Shall I move your appointment to Friday, the fourth of December, at 11 15 a.m.?
    Shall I move your appointment to Friday, the fourth of December, at 11 15 a.m.?
    Cancelling at such short notice costs 12 euros 50. Shall I really cancel your appointment on Thursday, the third of December, at 10 a.m.?
    Cancelling at such short notice costs 50 cents. Shall I really cancel your appointment on Thursday, the third of December, at 10 a.m.?
    Shall I really cancel your appointment on Thursday, the third of December, at 10 a.m.?
    ");
}

#[test]
fn at_most_three_appointments_are_read_out() {
    let days: Vec<_> = (3..=7).map(at_ten_on).collect();
    insta::assert_snapshot!(all_said([
        Reply::Appointments { list: days[..2].to_vec(), total: 2 },
        Reply::Appointments { list: days[..3].to_vec(), total: 3 },
        Reply::Appointments { list: days[..4].to_vec(), total: 4 },
        Reply::Appointments { list: days, total: 7 },
        Reply::Appointments { list: vec![foehnen()], total: 2 },
        Reply::Appointments { list: Vec::new(), total: 0 },
    ]), @"
    You have two appointments: on Thursday, the third of December, at 10 a.m. with Emma, and on Friday, the fourth of December, at 10 a.m. with Emma.
    You have three appointments: on Thursday, the third of December, at 10 a.m. with Emma, on Friday, the fourth of December, at 10 a.m. with Emma, and on Saturday, the fifth of December, at 10 a.m. with Emma.
    You have four appointments: on Thursday, the third of December, at 10 a.m. with Emma, on Friday, the fourth of December, at 10 a.m. with Emma, on Saturday, the fifth of December, at 10 a.m. with Emma, and one later.
    You have seven appointments: on Thursday, the third of December, at 10 a.m. with Emma, on Friday, the fourth of December, at 10 a.m. with Emma, on Saturday, the fifth of December, at 10 a.m. with Emma, and four later.
    You have two appointments, the next is on Thursday, the third of December, at 10 a.m. with Emma.
    I can't find an upcoming appointment under your number. Would you like to make one?
    ");
}

#[test]
fn long_catalogues_become_categories() {
    let many: Vec<_> = (1..=6).map(|n| service(&format!("Schnitt {n}"), 30, "Schnitt")).collect();
    let categories = strings(&["Schnitt", "Farbe", "Pflege"]);
    let services = |list: &[_], category: Option<&str>| Reply::Services {
        list: list.to_vec(),
        categories: categories.clone(),
        category: category.map(str::to_owned),
    };
    insta::assert_snapshot!(all_said([
        services(&many, None),
        services(&many, Some("Schnitt")),
        services(&many[..5], None),
        services(&[priced("Herrenhaarschnitt", 30, 2850, false)], None),
        services(&[priced("Ansatzfarbe", 90, 6000, true)], None),
        services(&many[..1], None),
    ]), @"
    We have Schnitt, Farbe and Pflege. Which of these would you like?
    For Schnitt we have for example Schnitt 1, Schnitt 2, Schnitt 3, Schnitt 4 and Schnitt 5. What would you like?
    We have Schnitt 1, Schnitt 2, Schnitt 3, Schnitt 4 and Schnitt 5. What would you like?
    Herrenhaarschnitt takes 30 minutes and costs 28 euros 50. Would you like an appointment for that?
    Ansatzfarbe takes 90 minutes and costs from 60 euros. Would you like an appointment for that?
    Schnitt 1 takes 30 minutes. Would you like an appointment for that?
    ");
}

#[test]
fn opening_hours_are_told_by_equal_days() {
    use crate::tenant::hours::DaySpan;
    let hours = |days: Vec<_>, asked: Option<i8>| Reply::Hours {
        days,
        asked: asked.map(|day| jiff::civil::date(2026, 12, day)),
    };
    let mut holidays = week();
    holidays[2] = closed(3, "Betriebsferien", "company holidays");
    holidays[3] = closed(4, "Betriebsferien", "company holidays");
    let mut split = week();
    split[1].spans = vec![DaySpan { from: 540, until: 720 }, DaySpan { from: 870, until: 1080 }];
    insta::assert_snapshot!(all_said([
        hours(week(), None),
        hours(holidays.clone(), None),
        hours(split.clone(), None),
        hours(split, Some(2)),
        hours(week(), Some(6)),
        hours(holidays, Some(4)),
        hours(week(), Some(24)),
    ]), @"
    Monday to Friday from 9 a.m. to 7 p.m., Saturday from 9 a.m. to 2 p.m.; closed on Sunday.
    Monday to Wednesday from 9 a.m. to 7 p.m., Saturday from 9 a.m. to 2 p.m.; closed on Sunday. From Thursday, the third of December, to Friday, the fourth of December, we are closed for company holidays.
    Monday and Tuesday from 9 a.m. to 7 p.m., Wednesday from 9 a.m. to noon and from 2 30 p.m. to 6 p.m., Thursday and Friday from 9 a.m. to 7 p.m., Saturday from 9 a.m. to 2 p.m.; closed on Sunday.
    On Wednesday, the second of December, we are open from 9 a.m. to noon and from 2 30 p.m. to 6 p.m.
    On Sunday, the sixth of December, we are closed.
    On Friday, the fourth of December, we are closed for company holidays.
    I'm afraid I don't know the opening hours on Thursday, the twenty-fourth of December, yet.
    ");
}

#[test]
fn refusals_and_failures_offer_a_person() {
    let refusals = every_refusal().map(Reply::Refused).chain(every_failure().map(Reply::Failed));
    insta::assert_snapshot!(all_said(refusals), @"
    I'm afraid I can't make appointments on this number. Please try the number you know us by.
    I'm afraid I can't look that up on the phone any more. Shall somebody from the salon call you back?
    On the phone you can cancel up to 24 hours before the appointment. Shall somebody from the salon call you back?
    On the phone you can move an appointment up to one hour before it. Shall somebody from the salon call you back?
    You have cancelled several appointments lately, so I can't do that here. Shall somebody from the salon call you back?
    This appointment has been moved several times already, so I can't do that here. Shall somebody from the salon call you back?
    This appointment has already begun, so I can't change it any more. Shall somebody from the salon call you back?
    I can't look into the calendar just now. May somebody from the salon call you back?
    I'm afraid I can't place this call just now. May somebody call you back?
    I'm afraid I can't help with that just now. May somebody call you back?
    I'm afraid I can't help with that just now. May somebody call you back?
    I'm afraid that didn't work just now. May somebody call you back?
    ");
}

#[test]
fn callers_are_greeted_by_full_name_and_time_of_day() {
    let greeted = |clock: &str, known| {
        let now = berlin(&format!("2026-12-01T{clock}"));
        Reply::Context(Box::new(crate::reply::CallContext { now, ..context(known) }))
    };
    insta::assert_snapshot!(all_said([greeted("09:12", true), greeted("11:00", false), greeted("18:00", false)]), @"
    Good morning, Hannelore Brückner, this is Salon Morgenrot in Mitte. What can I do for you?
    Good morning, Salon Morgenrot in Mitte. What can I do for you?
    Good evening, Salon Morgenrot in Mitte. What can I do for you?
    ");
}

#[test]
fn the_plain_outcomes_are_told() {
    let kept = || offer("2026-12-02T10:00", &["Fabian Krüger"], "slot_1");
    insta::assert_snapshot!(all_said([
        Reply::Booked { appointment: herren(), again: false },
        Reply::Noted { appointment: herren() },
        Reply::Available { offer: kept() },
        Reply::Held { offer: kept() },
        unavailable(WhyNot::Taken, Some("2026-12-02T10:00"), fabians(&["2026-12-02T10:30", "2026-12-02T11:15"])),
        Reply::Rescheduled {
            appointment: foehnen(),
            previous_start: berlin("2026-12-04T10:00"),
            previous_end: berlin("2026-12-04T11:00"),
        },
        Reply::Cancelled { appointment: foehnen() },
        Reply::Appointments { list: vec![foehnen()], total: 1 },
        Reply::NotFound(crate::reply::NothingFound::Service),
        Reply::EmailSaved,
    ]), @"
    Your appointment is booked for Wednesday, the second of December, at 10 a.m. with Fabian.
    I have noted Wednesday, the second of December, at 10 a.m. with Fabian for you. It is not certain yet, the confirmation will follow.
    Wednesday, the second of December, at 10 a.m. is free with Fabian. Shall I book that for you?
    I am keeping Wednesday, the second of December, at 10 a.m. with Fabian free for you. Shall I book that for you?
    I'm afraid 10 a.m. has just been taken. You could come on Wednesday, the second of December, at 10 30 a.m. or at 11 15 a.m.
    Your appointment is now on Thursday, the third of December, at 10 a.m. with Emma.
    Your appointment on Thursday, the third of December, at 10 a.m. is cancelled.
    Your next appointment is on Thursday, the third of December, at 10 a.m. with Emma.
    I'm afraid we have nothing like that. What would you like to have done?
    Thank you, I have your e-mail address.
    ");
}
