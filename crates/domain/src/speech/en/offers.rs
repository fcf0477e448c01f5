//! Free times in English: offered, held, and instead of what cannot be had.

use jiff::Zoned;

use super::super::Voice;
use super::super::offers::{Near, Told, has_clock, names_day, near, told};
use super::super::when::{en_clock, en_day};
use super::super::words::{first_name, stop};
use super::measures::{days, duration};
use super::{at, by, call_back, day_at, day_at_by};
use crate::reply::{OfferView, PromiseView, WhyNot};

/// One exact time is free.
pub(super) fn free(offer: &OfferView, now: &Zoned) -> String {
    let visit = &offer.visit;
    format!("{} is free{}. Shall I book that for you?", day_at(&visit.start, now), by(&visit.staff))
}

/// One exact time is kept.
pub(super) fn held(offer: &OfferView, now: &Zoned) -> String {
    let what = format!("{}{}", day_at(&offer.visit.start, now), by(&offer.visit.staff));
    format!("I am keeping {what} free for you. Shall I book that for you?")
}

/// Free times with the question which suits.
pub(super) fn choice(offers: &[OfferView], now: &Zoned) -> String {
    with_question(offers, now, "Which suits you?", "I'm afraid nothing is free then. Would another day suit you?")
}

/// Free times of a day whose clock time is still to be said.
pub(super) fn clock_choice(offers: &[OfferView], now: &Zoned) -> String {
    with_question(offers, now, "Which time suits you?", "At what time would you like to come?")
}

fn with_question(offers: &[OfferView], now: &Zoned, which: &str, nothing: &str) -> String {
    match told(offers, None) {
        None => nothing.to_owned(),
        Some(told) if told.second.is_some() => format!("{} {which}", could_have(&told, now)),
        Some(told) => format!("{} Does that suit you?", could_have(&told, now)),
    }
}

/// "You could come on Wednesday, the second of December, at 10 30 a.m. or at 11 15 a.m.".
fn could_have(told: &Told<'_>, now: &Zoned) -> String {
    let first = &told.first.visit.start;
    let times = match told.second {
        None => format!("{}{}", day_at(first, now), by_if(told, told.first)),
        Some(second) if second.visit.start.date() != first.date() => format!(
            "{}{}, or on {}{}",
            day_at(first, now),
            by_if(told, told.first),
            day_at(&second.visit.start, now),
            by_if(told, second)
        ),
        Some(second) => {
            let one_person = second.visit.staff == told.first.visit.staff;
            let first_by = if one_person { String::new() } else { by_if(told, told.first) };
            let second_at = at(&second.visit.start);
            format!("{}, {}{first_by} or {second_at}{}", en_day(first.date(), now), at(first), by_if(told, second))
        }
    };
    stop(format!("You could come on {times}"))
}

fn by_if(told: &Told<'_>, offer: &OfferView) -> String {
    if told.named { by(&offer.visit.staff) } else { String::new() }
}

/// Not that time, and the way forward: free times, a call back, or another day.
pub(super) fn unavailable(
    why: &WhyNot,
    wished: Option<&Zoned>,
    offers: &[OfferView],
    callback: Option<&PromiseView>,
    voice: &Voice<'_>,
) -> String {
    let reason = reason(why, wished, voice.now);
    let way_forward = match (told(offers, Some(why)), callback) {
        (Some(told), _) => match near(wished, &told, why) {
            Some(near) => close_by(&told, near, names_day(why), voice.now),
            None => could_have(&told, voice.now),
        },
        (None, Some(promise)) => call_back(promise, !voice.anonymous, voice.now),
        (None, None) => another(why).to_owned(),
    };
    format!("{reason} {way_forward}")
}

/// "I could offer you 10 30 a.m., half an hour later, or else 11 15 a.m."; with the day where the reason has not
/// named it.
fn close_by(told: &Told<'_>, near: Near, day_is_said: bool, now: &Zoned) -> String {
    let first = &told.first.visit.start;
    let apart = |minutes: i64| duration(u32::try_from(minutes).unwrap_or_default());
    let time = if day_is_said { en_clock(first.time()) } else { day_at(first, now) };
    let person = by_if(told, told.first);
    let lead = match near {
        Near::Same if day_is_said => format!("the same time{person}"),
        Near::Same => format!("the same time on {},{person}", en_day(first.date(), now)),
        Near::Later(minutes) => format!("{time}{person}, {} later", apart(minutes)),
        Near::Earlier(minutes) => format!("{time}{person}, {} earlier", apart(minutes)),
    };
    let otherwise = match told.second {
        None => String::new(),
        Some(second) if second.visit.start.date() == first.date() => {
            format!(", or else {}{}", en_clock(second.visit.start.time()), by_if(told, second))
        }
        Some(second) => format!(", or else {}{}", day_at(&second.visit.start, now), by_if(told, second)),
    };
    stop(format!("I could offer you {lead}{otherwise}"))
}

fn reason(why: &WhyNot, wished: Option<&Zoned>, now: &Zoned) -> String {
    let when = wished.map_or_else(|| "then".to_owned(), |wished| format!("on {}", wished_time(wished, now)));
    match why {
        WhyNot::Taken => match wished.filter(|wished| has_clock(wished)) {
            Some(wished) => format!("I'm afraid {} has just been taken.", en_clock(wished.time())),
            None => "I'm afraid that time has just been taken.".to_owned(),
        },
        WhyNot::NothingFree => "I'm afraid nothing is free in the time you wish.".to_owned(),
        WhyNot::Closed => stop(format!("I'm afraid we are closed {when}")),
        WhyNot::ClosesBefore => stop(format!("I'm afraid we close too soon for that {when}")),
        WhyNot::Holiday { en, .. } => {
            let day = wished.map_or_else(|| "then".to_owned(), |wished| format!("on {}", en_day(wished.date(), now)));
            format!("I'm afraid we are closed {day}, it is {en}.")
        }
        WhyNot::StaffAway { staff } => stop(format!("I'm afraid {} is not in {when}", first_name(staff))),
        WhyNot::StaffTaken { staff } => stop(format!("I'm afraid {} is busy {when}", first_name(staff))),
        WhyNot::StaffCannot { staff, service } => {
            format!("I'm afraid {} does not offer {service}.", first_name(staff))
        }
        WhyNot::TooSoon { notice_minutes: 0 } => "I'm afraid that is too soon.".to_owned(),
        WhyNot::TooSoon { notice_minutes } => {
            format!("I'm afraid that is too soon, we need to know {} ahead.", duration(*notice_minutes))
        }
        WhyNot::TooFar { horizon_days } => {
            format!("We don't plan that far ahead yet, we take appointments up to {} ahead.", days(*horizon_days))
        }
        WhyNot::OffGrid => match wished.filter(|wished| has_clock(wished)) {
            Some(wished) => stop(format!("I'm afraid no appointment can start on {}", day_at(wished, now))),
            None => "I'm afraid no appointment can start at that minute.".to_owned(),
        },
        WhyNot::AlreadyYours { appointment } => {
            stop(format!("You already have an appointment then, on {}", day_at_by(appointment, now)))
        }
        WhyNot::OfferGone => "I'm afraid that offer no longer stands.".to_owned(),
    }
}

/// The day alone where no clock time was wished.
fn wished_time(wished: &Zoned, now: &Zoned) -> String {
    if has_clock(wished) { day_at(wished, now) } else { en_day(wished.date(), now) }
}

fn another(why: &WhyNot) -> &'static str {
    match why {
        WhyNot::StaffCannot { .. } => "May it be somebody else?",
        WhyNot::StaffAway { .. } | WhyNot::StaffTaken { .. } => "Would another day suit you, or somebody else?",
        WhyNot::TooSoon { .. } => "Would a later time suit you?",
        WhyNot::TooFar { .. } => "Would an earlier day suit you?",
        WhyNot::OffGrid => "Would another time suit you?",
        WhyNot::AlreadyYours { .. } => "Would you like a further appointment on another day?",
        WhyNot::OfferGone => "When would you like to come?",
        WhyNot::Taken | WhyNot::NothingFree | WhyNot::Closed | WhyNot::ClosesBefore | WhyNot::Holiday { .. } => {
            "Would another day suit you?"
        }
    }
}
