//! The flat fields beside the sentence: the same keys in both languages, only `spoken` and names of days differ.

use jiff::Zoned;
use serde_json::{Map, Value, json};

use super::{Voice, offers, week, when};
use crate::lang::Lang;
use crate::reply::{
    AppointmentView, Ask, CallContext, Consent, DayHours, Missing, OfferView, PromiseView, Refusal, Reply, ServiceView,
    VisitView, WhyNot,
};
use crate::spoken::AskTime;

type Fields = Map<String, Value>;

/// The fields of a reply.
pub(super) fn of(reply: &Reply, voice: &Voice<'_>) -> Fields {
    match reply {
        Reply::Booked { appointment, .. } | Reply::Noted { appointment } | Reply::Cancelled { appointment } => {
            one("appointment", self::appointment(appointment))
        }
        Reply::Available { offer } | Reply::Held { offer } => one("slot", slot(offer)),
        Reply::Choices { offers, .. } => {
            let named = offers::names_staff(offers, None);
            let mut fields = Fields::new();
            if let Some((first, others)) = offers.split_first() {
                fields.insert("slot".into(), slot(first));
                fields.insert("alternatives".into(), alternatives(others, named, voice));
            }
            fields
        }
        Reply::Unavailable { why, offers, callback, .. } => unavailable(why, offers, callback.as_ref(), voice),
        Reply::Alternatives { offers, requested_free } => {
            let named = offers::names_staff(offers, None);
            let mut fields = one("alternatives", alternatives(offers, named, voice));
            fields.insert("requested_free".into(), (*requested_free).into());
            fields
        }
        Reply::NeedMore { missing } => self::missing(missing.iter().copied().map(Missing::as_str)),
        Reply::Ask(ask) => question(ask, voice),
        Reply::Consent(consent) => self::consent(consent),
        Reply::Rescheduled { appointment, previous_start, previous_end } => {
            let mut fields = one("appointment", self::appointment(appointment));
            fields.insert("previous".into(), json!({"start": instant(previous_start), "end": instant(previous_end)}));
            fields
        }
        Reply::Appointments { list, total } => appointments(list, *total, voice),
        Reply::Services { list, categories, .. } => {
            let mut fields = one("services", list.iter().map(service).collect());
            fields.insert("categories".into(), json!(categories));
            fields
        }
        Reply::Hours { days, .. } => one("hours", days.iter().map(|day| day_hours(day, voice.lang)).collect()),
        Reply::Refused(Refusal::TooLateToCancel { hours } | Refusal::TooLateToMove { hours }) => {
            one("deadline_hours", json!(hours))
        }
        Reply::CallbackTaken { id, promise, phone_known } => {
            let mut fields = one("callback", json!({"id": id.as_str(), "by": instant(&promise.by)}));
            if !phone_known {
                fields.append(&mut missing([Missing::Phone.as_str()]));
            }
            fields
        }
        Reply::Context(context) => call_context(context, voice),
        Reply::NotFound(_) | Reply::Refused(_) | Reply::EmailSaved | Reply::Failed(_) => Fields::new(),
    }
}

fn one(key: &str, value: Value) -> Fields {
    Fields::from_iter([(key.to_owned(), value)])
}

/// RFC 3339 with the branch's offset, whole seconds.
fn instant(moment: &Zoned) -> Value {
    moment.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string().into()
}

fn missing(names: impl IntoIterator<Item = &'static str>) -> Fields {
    one("missing", names.into_iter().collect())
}

fn visit(visit: &VisitView) -> Fields {
    Fields::from_iter([
        ("start".to_owned(), instant(&visit.start)),
        ("end".to_owned(), instant(&visit.end)),
        ("staff".to_owned(), visit.staff.join(" + ").into()),
    ])
}

fn appointment(appointment: &AppointmentView) -> Value {
    let mut fields = visit(&appointment.visit);
    let services = &appointment.visit.services;
    fields.insert("id".into(), appointment.id.as_str().into());
    fields.insert("service".into(), services.join(" + ").into());
    if services.len() > 1 {
        fields.insert("services".into(), json!(services));
    }
    if appointment.noted {
        fields.insert("confirmed".into(), false.into());
    }
    fields.into()
}

fn slot(offer: &OfferView) -> Value {
    let mut fields = visit(&offer.visit);
    fields.insert("token".into(), offer.token.as_str().into());
    if let Some(until) = &offer.held_until {
        fields.insert("held_until".into(), instant(until));
    }
    fields.into()
}

fn alternatives(offers: &[OfferView], named: bool, voice: &Voice<'_>) -> Value {
    let alternative = |offer: &OfferView| {
        let visit = &offer.visit;
        let mut spoken = when::spoken_when(&visit.start, voice.lang, voice.now);
        let mut fields = one("start", instant(&visit.start));
        fields.insert("token".into(), offer.token.as_str().into());
        if named {
            spoken.push_str(&match voice.lang {
                Lang::De => super::de::by(&visit.staff),
                Lang::En => super::en::by(&visit.staff),
            });
            fields.insert("staff".into(), visit.staff.join(" + ").into());
        }
        fields.insert("spoken".into(), super::speakable(spoken).into());
        Value::Object(fields)
    };
    offers.iter().map(alternative).collect()
}

fn unavailable(why: &WhyNot, list: &[OfferView], callback: Option<&PromiseView>, voice: &Voice<'_>) -> Fields {
    let mut fields = one("alternatives", alternatives(list, offers::names_staff(list, Some(why)), voice));
    match why {
        WhyNot::Holiday { de, en } => {
            let name = if voice.lang == Lang::De { de } else { en };
            fields.insert("holiday".into(), (*name).into());
        }
        WhyNot::TooSoon { notice_minutes } => {
            fields.insert("notice_minutes".into(), json!(notice_minutes));
        }
        WhyNot::TooFar { horizon_days } => {
            fields.insert("horizon_days".into(), json!(horizon_days));
        }
        WhyNot::AlreadyYours { appointment } => {
            fields.insert("appointment".into(), self::appointment(appointment));
        }
        WhyNot::StaffAway { staff } | WhyNot::StaffTaken { staff } | WhyNot::StaffCannot { staff, .. } => {
            fields.insert("wished_staff".into(), staff.as_str().into());
        }
        WhyNot::Taken
        | WhyNot::NothingFree
        | WhyNot::Closed
        | WhyNot::ClosesBefore
        | WhyNot::OffGrid
        | WhyNot::OfferGone => {}
    }
    if let Some(promise) = callback {
        fields.insert("callback".into(), json!({"by": instant(&promise.by)}));
    }
    fields
}

fn question(ask: &Ask, voice: &Voice<'_>) -> Fields {
    match ask {
        Ask::Time(ask) => about_time(ask, voice),
        Ask::ExactTime { offers } => {
            let mut fields = missing(["time"]);
            fields.insert("alternatives".into(), alternatives(offers, offers::names_staff(offers, None), voice));
            fields
        }
        Ask::Service { candidates } => named_candidates("service", candidates),
        Ask::Staff { candidates } => named_candidates("staff", candidates),
        Ask::UnknownService { examples } => {
            let mut fields = missing(["service_name"]);
            fields.append(&mut named_candidates("service", examples));
            fields
        }
        Ask::UnknownStaff { examples } => {
            let mut fields = missing(["staff_name"]);
            fields.append(&mut named_candidates("staff", examples));
            fields
        }
        Ask::Name | Ask::Person => missing(["customer_name"]),
        Ask::Email => missing(["customer_email"]),
        Ask::Appointment { candidates, total } => appointments(candidates, *total, voice),
        Ask::NewTime => missing(["new_date", "new_time"]),
    }
}

fn named_candidates(key: &str, names: &[String]) -> Fields {
    one("candidates", names.iter().map(|name| Value::Object(one(key, name.as_str().into()))).collect())
}

fn about_time(ask: &AskTime, voice: &Voice<'_>) -> Fields {
    let day = |date: &jiff::civil::Date| json!({"date": date.to_string(), "spoken": when::spoken_day(*date, voice.lang, voice.now)});
    match ask {
        AskTime::WhichDay(dates) => one("candidates", dates.iter().map(day).collect()),
        AskTime::WeekdayContradicts { said } => one("candidates", json!([day(said)])),
        AskTime::WhichClock { date, times } => {
            let clock = |time: &jiff::civil::Time| {
                let text = time.strftime("%H:%M").to_string();
                let mut fields = one("time", text.into());
                fields.insert("spoken".into(), when::spoken_clock(*time, voice.lang).into());
                if let Some(date) = date {
                    fields.insert("date".into(), date.to_string().into());
                }
                Value::Object(fields)
            };
            one("candidates", times.iter().map(clock).collect())
        }
        AskTime::WhichFold { earlier, later } => {
            let moment =
                |at: &Zoned| json!({"start": instant(at), "spoken": when::spoken_when(at, voice.lang, voice.now)});
            one("candidates", json!([moment(earlier), moment(later)]))
        }
        AskTime::SkippedByClockChange { .. } => missing(["time"]),
        AskTime::NoSuchDay | AskTime::StaleYear => missing(["date"]),
        AskTime::Past | AskTime::Unclear => missing(["date", "time"]),
    }
}

fn consent(consent: &Consent) -> Fields {
    let mut fields = missing(["confirm"]);
    fields.insert("appointment".into(), appointment(&consent.appointment));
    fields.insert("fee_cents".into(), json!(consent.fee_cents));
    if let Some(start) = &consent.new_start {
        fields.insert("new_start".into(), instant(start));
    }
    if let Some(token) = &consent.token {
        fields.insert("token".into(), token.as_str().into());
    }
    fields
}

/// `total` is told where there is more than the one.
fn appointments(list: &[AppointmentView], total: usize, voice: &Voice<'_>) -> Fields {
    let mut fields = one("appointments", list.iter().take(5).map(|entry| told_appointment(entry, voice)).collect());
    if total > 1 {
        fields.insert("total".into(), json!(total));
    }
    fields
}

fn told_appointment(entry: &AppointmentView, voice: &Voice<'_>) -> Value {
    let mut value = appointment(entry);
    if let Some(fields) = value.as_object_mut() {
        fields.insert("spoken".into(), when::spoken_when(&entry.visit.start, voice.lang, voice.now).into());
    }
    value
}

fn service(service: &ServiceView) -> Value {
    let mut fields = one("name", service.name.as_str().into());
    fields.insert("minutes".into(), service.minutes.into());
    if let Some(price) = &service.price {
        fields.insert("price_cents".into(), price.cents.into());
        fields.insert("currency".into(), price.currency.as_str().into());
        if price.from {
            fields.insert("price_from".into(), true.into());
        }
    }
    if let Some(category) = &service.category {
        fields.insert("category".into(), category.as_str().into());
    }
    fields.into()
}

fn day_hours(day: &DayHours, lang: Lang) -> Value {
    let mut fields = one("date", day.date.to_string().into());
    fields.insert("weekday".into(), when::weekday_name(day.date.weekday(), lang).into());
    fields.insert("open".into(), day.spans.iter().map(|span| json!(<(String, String)>::from(*span))).collect());
    if let Some((de, en)) = &day.closed_for {
        fields.insert("closed_for".into(), if lang == Lang::De { de.as_str() } else { en.as_str() }.into());
    }
    fields.into()
}

fn call_context(context: &CallContext, voice: &Voice<'_>) -> Fields {
    let now = &context.now;
    let day = |date: jiff::civil::Date| json!({"date": date.to_string(), "weekday": when::weekday_name(date.weekday(), voice.lang)});
    let next_days: Vec<_> = now.date().series(jiff::Span::new().days(1)).skip(1).take(7).collect();
    let mut fields = Fields::from_iter([
        ("company".to_owned(), context.company.as_str().into()),
        ("branch".to_owned(), context.branch.as_str().into()),
        ("caller_known".to_owned(), context.caller_known.into()),
        ("today".to_owned(), now.date().to_string().into()),
        ("weekday".to_owned(), when::weekday_name(now.date().weekday(), voice.lang).into()),
        ("now".to_owned(), instant(now)),
        ("now_spoken".to_owned(), when::spoken_now(now, voice.lang).into()),
        ("next_7_days".to_owned(), next_days.iter().map(|date| day(*date)).collect()),
        ("greeting".to_owned(), super::speakable(greeting(context, voice.lang)).into()),
        ("hours".to_owned(), context.week.iter().map(|day| day_hours(day, voice.lang)).collect()),
        (
            "policies".to_owned(),
            json!({
                "notice_minutes": context.notice_minutes,
                "horizon_days": context.horizon_days,
                "cancel_deadline_hours": context.cancel_deadline_hours,
                "move_deadline_hours": context.move_deadline_hours,
            }),
        ),
    ]);
    if let Some(tomorrow) = next_days.first() {
        fields.insert("tomorrow".into(), tomorrow.to_string().into());
    }
    if !week::regular(&context.week).is_empty() {
        let spoken = match voice.lang {
            Lang::De => super::de::lists::week(&context.week, voice),
            Lang::En => super::en::lists::week(&context.week, voice),
        };
        fields.insert("hours_spoken".into(), super::speakable(spoken).into());
    }
    if let Some(name) = &context.customer_name {
        let mut customer = one("first_name", super::words::first_name(name).into());
        customer.insert("name".into(), name.as_str().into());
        if let Some(date) = context.last_visit {
            customer.insert("last_visit".into(), date.to_string().into());
        }
        fields.insert("customer".into(), customer.into());
    }
    if let Some(next) = &context.next_appointment {
        fields.insert("next_appointment".into(), told_appointment(next, voice));
    }
    fields
}

fn greeting(context: &CallContext, lang: Lang) -> String {
    match lang {
        Lang::De => super::de::greeting(context),
        Lang::En => super::en::greeting(context),
    }
}
