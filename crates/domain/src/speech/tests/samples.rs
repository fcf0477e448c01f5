//! The salon of the tests and at least one reply of every kind.

use jiff::Zoned;
use jiff::civil::{DateTime, date, time};
use jiff::tz::TimeZone;

use crate::ids::{AppointmentId, CallbackId, OfferToken};
use crate::reply::{
    AppointmentView, Ask, CallContext, Change, Consent, DayHours, Failure, Missing, NothingFound, OfferView,
    PromiseView, Refusal, Reply, ServiceView, VisitView, WhyNot,
};
use crate::spoken::AskTime;
use crate::tenant::catalog::Money;
use crate::tenant::hours::DaySpan;

/// A moment on the wall clock of Berlin.
pub fn berlin(text: &str) -> Zoned {
    text.parse::<DateTime>().unwrap().to_zoned(TimeZone::get("Europe/Berlin").unwrap()).unwrap()
}

/// Tuesday, the first of December 2026, 9:12:31.
pub fn now() -> Zoned {
    berlin("2026-12-01T09:12:31")
}

pub fn visit(start: &str, minutes: i64, services: &[&str], staff: &[&str]) -> VisitView {
    let start = berlin(start);
    let end = &start + jiff::Span::new().minutes(minutes);
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    VisitView { start, end, services: owned(services), staff: owned(staff) }
}

pub fn appointment(id: &str, visit: VisitView) -> AppointmentView {
    AppointmentView { id: AppointmentId::new(id), visit, noted: false }
}

pub fn herren() -> AppointmentView {
    appointment("apt_01JDWQ4", visit("2026-12-02T10:00", 30, &["Herrenhaarschnitt"], &["Fabian Krüger"]))
}

pub fn foehnen() -> AppointmentView {
    appointment("apt_01JDVX7", visit("2026-12-03T10:00", 60, &["Waschen, Schneiden, Föhnen"], &["Emma Winkler"]))
}

pub fn offer(start: &str, staff: &[&str], token: &str) -> OfferView {
    OfferView {
        visit: visit(start, 30, &["Herrenhaarschnitt"], staff),
        token: OfferToken::new(token),
        held_until: None,
    }
}

/// Offers by Fabian at these times.
pub fn fabians(starts: &[&str]) -> Vec<OfferView> {
    starts.iter().map(|start| offer(start, &["Fabian Krüger"], &format!("slot_{start}"))).collect()
}

pub fn promise(by: &str, open_now: bool) -> PromiseView {
    PromiseView { by: berlin(by), open_now }
}

pub fn unavailable(why: WhyNot, wished: Option<&str>, offers: Vec<OfferView>) -> Reply {
    Reply::Unavailable { why, wished: wished.map(berlin), offers, callback: None }
}

pub fn service(name: &str, minutes: u32, category: &str) -> ServiceView {
    ServiceView { name: name.to_owned(), minutes, price: None, category: Some(category.to_owned()) }
}

pub fn priced(name: &str, minutes: u32, cents: i64, from: bool) -> ServiceView {
    let price = Money { cents, currency: "EUR".to_owned(), from };
    ServiceView { name: name.to_owned(), minutes, price: Some(price), category: None }
}

/// The week from Tuesday, the first of December: weekdays 9 to 19, Saturday 9 to 14, Sunday closed.
pub fn week() -> Vec<DayHours> {
    (1..=7)
        .map(|day| {
            let date = date(2026, 12, day);
            let spans = match date.weekday().to_monday_one_offset() {
                6 => vec![DaySpan { from: 540, until: 840 }],
                7 => Vec::new(),
                _ => vec![DaySpan { from: 540, until: 1140 }],
            };
            DayHours { date, spans, closed_for: None }
        })
        .collect()
}

pub fn context(known: bool) -> CallContext {
    CallContext {
        company: "Salon Morgenrot in Mitte".to_owned(),
        branch: "Mitte".to_owned(),
        now: now(),
        customer_name: known.then(|| "Hannelore Brückner".to_owned()),
        caller_known: known,
        last_visit: known.then(|| date(2026, 10, 20)),
        next_appointment: known.then(foehnen),
        week: week(),
        notice_minutes: 0,
        horizon_days: 90,
        cancel_deadline_hours: 0,
        move_deadline_hours: 0,
    }
}

pub fn consent(change: Change, new_start: Option<&str>, fee_cents: u32) -> Reply {
    Reply::Consent(Consent {
        change,
        appointment: foehnen(),
        new_start: new_start.map(berlin),
        fee_cents,
        token: Some(OfferToken::new("slot_4Yes")),
    })
}

pub fn strings(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

pub const MISSING: [Missing; 9] = [
    Missing::Service,
    Missing::Date,
    Missing::Time,
    Missing::CustomerName,
    Missing::CustomerEmail,
    Missing::Token,
    Missing::Phone,
    Missing::NewDate,
    Missing::NewTime,
];

/// At least one of every kind. The matches below do not compile when a kind is added and forgotten here.
pub fn every_reply() -> Vec<Reply> {
    let two_days = fabians(&["2026-12-02T10:30", "2026-12-03T09:00"]);
    let mixed = vec![
        offer("2026-12-04T12:00", &["Emma Winkler"], "slot_a"),
        offer("2026-12-04T12:15", &["Leyla Demir"], "slot_b"),
        offer("2027-01-08T12:15", &["Emma Winkler", "Leyla Demir"], "slot_c"),
    ];
    let mut replies = vec![
        Reply::Booked { appointment: herren(), again: false },
        Reply::Booked { appointment: herren(), again: true },
        Reply::Noted { appointment: herren() },
        Reply::Available { offer: offer("2026-12-02T10:00", &["Emma Winkler", "Leyla Demir"], "slot_a") },
        Reply::Choices { offers: two_days.clone(), wish: None },
        Reply::Choices { offers: mixed.clone(), wish: Some("Freitagnachmittag".to_owned()) },
        Reply::Choices { offers: Vec::new(), wish: None },
        Reply::Held { offer: offer("2027-01-08T12:05", &["Fabian Krüger"], "slot_a") },
        Reply::Alternatives { offers: two_days.clone(), requested_free: false },
        Reply::Alternatives { offers: mixed.clone(), requested_free: true },
        Reply::Alternatives { offers: Vec::new(), requested_free: false },
        consent(Change::Move, Some("2026-12-04T11:15"), 1500),
        consent(Change::Move, None, 1500),
        consent(Change::Move, Some("2026-12-04T11:15"), 0),
        consent(Change::Cancel, None, 1250),
        consent(Change::Cancel, None, 0),
        Reply::Rescheduled {
            appointment: foehnen(),
            previous_start: berlin("2026-12-01T10:00"),
            previous_end: berlin("2026-12-01T11:00"),
        },
        Reply::Cancelled { appointment: foehnen() },
        Reply::NotFound(NothingFound::Appointment),
        Reply::NotFound(NothingFound::Service),
        Reply::EmailSaved,
        Reply::Context(Box::new(context(true))),
        Reply::Context(Box::new(context(false))),
    ];
    replies.extend(every_unavailable(&two_days, &mixed));
    replies.extend(every_missing());
    replies.extend(every_ask(&mixed).into_iter().map(Reply::Ask));
    replies.extend(every_list());
    replies.extend(every_refusal().map(Reply::Refused));
    replies.extend(every_failure().map(Reply::Failed));
    for phone_known in [true, false] {
        for promise in [promise("2026-12-01T12:00", true), promise("2026-12-07T11:00", false)] {
            replies.push(Reply::CallbackTaken { id: CallbackId::new("cbk_1"), promise, phone_known });
        }
    }
    for reply in &replies {
        match reply {
            Reply::Booked { .. }
            | Reply::Noted { .. }
            | Reply::Available { .. }
            | Reply::Choices { .. }
            | Reply::Held { .. }
            | Reply::Unavailable { .. }
            | Reply::Alternatives { .. }
            | Reply::NeedMore { .. }
            | Reply::Ask(_)
            | Reply::Consent(_)
            | Reply::Rescheduled { .. }
            | Reply::Cancelled { .. }
            | Reply::Appointments { .. }
            | Reply::Services { .. }
            | Reply::Hours { .. }
            | Reply::NotFound(_)
            | Reply::Refused(_)
            | Reply::CallbackTaken { .. }
            | Reply::EmailSaved
            | Reply::Context(_)
            | Reply::Failed(_) => {}
        }
    }
    replies
}

pub fn every_why() -> Vec<WhyNot> {
    let all = vec![
        WhyNot::Taken,
        WhyNot::NothingFree,
        WhyNot::Closed,
        WhyNot::ClosesBefore,
        WhyNot::Holiday { de: "Erster Weihnachtstag", en: "Christmas Day" },
        WhyNot::StaffAway { staff: "Fabian Krüger".to_owned() },
        WhyNot::StaffTaken { staff: "Fabian Krüger".to_owned() },
        WhyNot::StaffCannot { staff: "Fabian Krüger".to_owned(), service: "Ansatzfarbe".to_owned() },
        WhyNot::TooSoon { notice_minutes: 0 },
        WhyNot::TooSoon { notice_minutes: 120 },
        WhyNot::TooFar { horizon_days: 90 },
        WhyNot::OffGrid,
        WhyNot::AlreadyYours { appointment: Box::new(foehnen()) },
        WhyNot::OfferGone,
    ];
    for why in &all {
        match why {
            WhyNot::Taken
            | WhyNot::NothingFree
            | WhyNot::Closed
            | WhyNot::ClosesBefore
            | WhyNot::Holiday { .. }
            | WhyNot::StaffAway { .. }
            | WhyNot::StaffTaken { .. }
            | WhyNot::StaffCannot { .. }
            | WhyNot::TooSoon { .. }
            | WhyNot::TooFar { .. }
            | WhyNot::OffGrid
            | WhyNot::AlreadyYours { .. }
            | WhyNot::OfferGone => {}
        }
    }
    all
}

fn every_unavailable(two_days: &[OfferView], mixed: &[OfferView]) -> Vec<Reply> {
    let mut replies = Vec::new();
    for why in every_why() {
        for wished in [None, Some("2026-12-02T10:00"), Some("2026-12-04T00:00"), Some("2026-12-04T12:15")] {
            for offers in [two_days, mixed, mixed.get(..1).unwrap(), &[]] {
                replies.push(unavailable(why.clone(), wished, offers.to_vec()));
            }
            let callback = Some(promise("2026-12-01T12:00", true));
            let wished = wished.map(berlin);
            replies.push(Reply::Unavailable { why: why.clone(), wished, offers: Vec::new(), callback });
        }
    }
    replies
}

fn every_missing() -> impl Iterator<Item = Reply> {
    (0..1_usize << MISSING.len()).map(|bits| {
        let chosen = MISSING.iter().enumerate().filter(|(place, _)| bits >> place & 1 == 1);
        Reply::NeedMore { missing: chosen.map(|(_, missing)| *missing).collect() }
    })
}

pub fn every_ask_time() -> Vec<AskTime> {
    let all = vec![
        AskTime::WhichDay(vec![date(2026, 12, 4), date(2026, 12, 11)]),
        AskTime::WhichDay(vec![date(2026, 12, 15), date(2027, 1, 15), date(2027, 5, 1)]),
        AskTime::WhichDay(Vec::new()),
        AskTime::WhichClock { date: Some(date(2026, 12, 4)), times: vec![time(8, 0, 0, 0), time(20, 0, 0, 0)] },
        AskTime::WhichClock { date: None, times: Vec::new() },
        AskTime::WhichFold {
            earlier: "2027-10-31T02:30:00+02:00[Europe/Berlin]".parse().unwrap(),
            later: "2027-10-31T02:30:00+01:00[Europe/Berlin]".parse().unwrap(),
        },
        AskTime::SkippedByClockChange { date: date(2027, 3, 28), time: time(2, 30, 0, 0) },
        AskTime::Past,
        AskTime::NoSuchDay,
        AskTime::WeekdayContradicts { said: date(2026, 11, 24) },
        AskTime::StaleYear,
        AskTime::Unclear,
    ];
    for ask in &all {
        match ask {
            AskTime::WhichDay(_)
            | AskTime::WhichClock { .. }
            | AskTime::WhichFold { .. }
            | AskTime::SkippedByClockChange { .. }
            | AskTime::Past
            | AskTime::NoSuchDay
            | AskTime::WeekdayContradicts { .. }
            | AskTime::StaleYear
            | AskTime::Unclear => {}
        }
    }
    all
}

fn every_ask(offers: &[OfferView]) -> Vec<Ask> {
    let services = strings(&["Herrenhaarschnitt", "Waschen, Schneiden, Föhnen", "Ansatzfarbe"]);
    let people = strings(&["Emma Winkler", "Fabian Krüger", "Leyla Demir"]);
    let many: Vec<AppointmentView> = (3..=7).map(at_ten_on).collect();
    let mut all: Vec<Ask> = every_ask_time().into_iter().map(Ask::Time).collect();
    all.extend([
        Ask::ExactTime { offers: offers.to_vec() },
        Ask::ExactTime { offers: Vec::new() },
        Ask::Service { candidates: services.clone() },
        Ask::Service { candidates: Vec::new() },
        Ask::UnknownService { examples: services },
        Ask::UnknownService { examples: Vec::new() },
        Ask::Staff { candidates: people.clone() },
        Ask::Staff { candidates: strings(&["Emma Winkler", "Emma Vogt"]) },
        Ask::UnknownStaff { examples: people },
        Ask::UnknownStaff { examples: Vec::new() },
        Ask::Name,
        Ask::Email,
        Ask::Appointment { candidates: many.clone(), total: 7 },
        Ask::Appointment { candidates: many.get(..2).unwrap().to_vec(), total: 2 },
        Ask::Appointment { candidates: vec![herren(), herren()], total: 2 },
        Ask::Appointment { candidates: Vec::new(), total: 0 },
        Ask::Person,
        Ask::NewTime,
    ]);
    for ask in &all {
        match ask {
            Ask::Time(_)
            | Ask::ExactTime { .. }
            | Ask::Service { .. }
            | Ask::UnknownService { .. }
            | Ask::Staff { .. }
            | Ask::UnknownStaff { .. }
            | Ask::Name
            | Ask::Email
            | Ask::Appointment { .. }
            | Ask::Person
            | Ask::NewTime => {}
        }
    }
    all
}

/// An appointment with Emma at ten o'clock on that day of December.
pub fn at_ten_on(day: i8) -> AppointmentView {
    appointment("apt_x", visit(&format!("2026-12-{day:02}T10:00"), 60, &["Dauerwelle"], &["Emma Winkler"]))
}

pub fn closed(day: i8, de: &str, en: &str) -> DayHours {
    DayHours { date: date(2026, 12, day), spans: Vec::new(), closed_for: Some((de.to_owned(), en.to_owned())) }
}

fn every_list() -> Vec<Reply> {
    let many: Vec<AppointmentView> = (3..=7).map(at_ten_on).collect();
    let catalogue: Vec<ServiceView> = (1..=8).map(|n| service(&format!("Leistung {n}"), 30, "Schnitt")).collect();
    let categories = strings(&["Schnitt", "Farbe", "Pflege"]);
    let services = |list: &[ServiceView], categories: &[String], category: Option<&str>| Reply::Services {
        list: list.to_vec(),
        categories: categories.to_vec(),
        category: category.map(str::to_owned),
    };
    let mut holidays = week();
    holidays[3] = closed(4, "Erster Weihnachtstag", "Christmas Day");
    holidays[4] = closed(5, "Betriebsferien", "company holidays");
    holidays[6] = closed(7, "Betriebsferien", "company holidays");
    let hours = |days: &[DayHours], asked: Option<i8>| Reply::Hours {
        days: days.to_vec(),
        asked: asked.map(|day| date(2026, 12, day)),
    };
    vec![
        Reply::Appointments { list: vec![foehnen()], total: 1 },
        Reply::Appointments { list: vec![foehnen()], total: 4 },
        Reply::Appointments { list: many.get(..2).unwrap().to_vec(), total: 2 },
        Reply::Appointments { list: many.get(..4).unwrap().to_vec(), total: 4 },
        Reply::Appointments { list: many, total: 17 },
        Reply::Appointments { list: Vec::new(), total: 0 },
        services(&catalogue, &categories, None),
        services(&catalogue, &[], None),
        services(&catalogue, &categories, Some("Schnitt")),
        services(catalogue.get(..3).unwrap(), &categories, None),
        services(&[priced("Herrenhaarschnitt", 30, 2850, false)], &[], None),
        services(&[priced("Ansatzfarbe", 90, 6000, true)], &[], None),
        services(&catalogue[..1], &[], None),
        services(&[], &categories, None),
        services(&[], &[], None),
        hours(&week(), None),
        hours(&holidays, None),
        hours(&[], None),
        hours(&week(), Some(4)),
        hours(&week(), Some(6)),
        hours(&holidays, Some(4)),
        hours(&week(), Some(24)),
        hours(&week()[..1], None),
    ]
}

pub fn every_refusal() -> impl Iterator<Item = Refusal> {
    [
        Refusal::UnknownLine,
        Refusal::VerificationRequired,
        Refusal::TooLateToCancel { hours: 24 },
        Refusal::TooLateToMove { hours: 1 },
        Refusal::TooManyCancels,
        Refusal::TooManyMoves,
        Refusal::AlreadyStarted,
    ]
    .into_iter()
    .inspect(|refusal| match refusal {
        Refusal::UnknownLine
        | Refusal::VerificationRequired
        | Refusal::TooLateToCancel { .. }
        | Refusal::TooLateToMove { .. }
        | Refusal::TooManyCancels
        | Refusal::TooManyMoves
        | Refusal::AlreadyStarted => {}
    })
}

pub fn every_failure() -> impl Iterator<Item = Failure> {
    [
        Failure::CalendarUnavailable,
        Failure::CallRequired,
        Failure::UnknownFunction,
        Failure::FunctionMismatch,
        Failure::Internal,
    ]
    .into_iter()
    .inspect(|failure| match failure {
        Failure::CalendarUnavailable
        | Failure::CallRequired
        | Failure::UnknownFunction
        | Failure::FunctionMismatch
        | Failure::Internal => {}
    })
}
