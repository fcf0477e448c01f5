//! Free times in German: offered, held, and instead of what cannot be had.

use jiff::Zoned;

use super::super::Voice;
use super::super::offers::{Near, Told, has_clock, names_day, near, told};
use super::super::words::{capital, first_name};
use super::measures::{days, duration};
use super::{at, by, call_back, day_at, on, on_at, on_at_by};
use crate::reply::{OfferView, PromiseView, WhyNot};

/// One exact time is free.
pub(super) fn free(offer: &OfferView, now: &Zoned) -> String {
    let visit = &offer.visit;
    let when = capital(&on_at(&visit.start, now));
    format!("{when} ist{} frei. Soll ich das für Sie eintragen?", by(&visit.staff))
}

/// One exact time is kept.
pub(super) fn held(offer: &OfferView, now: &Zoned) -> String {
    let visit = &offer.visit;
    let what = format!("{}{}", day_at(&visit.start, now), by(&visit.staff));
    format!("Ich halte Ihnen {what} frei. Soll ich das für Sie eintragen?")
}

/// Free times inside a vague wish, with the question which suits.
pub(super) fn choice(offers: &[OfferView], now: &Zoned) -> String {
    on_one_day(offers, now, "Was passt Ihnen?").unwrap_or_else(|| choice_of(offers, now))
}

/// Free times of a day whose clock time is still to be said.
pub(super) fn clock_choice(offers: &[OfferView], now: &Zoned) -> String {
    if offers.is_empty() {
        return "Um wie viel Uhr möchten Sie kommen?".to_owned();
    }
    on_one_day(offers, now, "Welche Uhrzeit passt Ihnen?").unwrap_or_else(|| choice_of(offers, now))
}

/// "Am Freitag, dem vierten Dezember, wäre um 12 Uhr oder um 12 Uhr 15 frei." where the day is the same.
fn on_one_day(offers: &[OfferView], now: &Zoned, question: &str) -> Option<String> {
    let told = told(offers, None)?;
    let first = &told.first.visit.start;
    if told.second.is_some_and(|second| second.visit.start.date() != first.date()) {
        return None;
    }
    let question = if told.second.is_some() { question } else { "Passt Ihnen das?" };
    Some(format!("{}, wäre {} frei. {question}", capital(&on(first, now)), clocks(&told)))
}

/// Free times near a wish, with the question which suits.
pub(super) fn choice_of(offers: &[OfferView], now: &Zoned) -> String {
    let Some(told) = told(offers, None) else {
        return "In der gewünschten Zeit ist leider nichts frei. Passt Ihnen ein anderer Tag?".to_owned();
    };
    let question = if told.second.is_some() { "Was passt Ihnen?" } else { "Passt Ihnen das?" };
    format!("{} {question}", would_be_free(&told, now))
}

/// "Frei wäre es am Mittwoch, dem zweiten Dezember, um 10 Uhr 30 oder um 11 Uhr 15."
fn would_be_free(told: &Told<'_>, now: &Zoned) -> String {
    let first = &told.first.visit.start;
    match told.second {
        Some(second) if second.visit.start.date() != first.date() => format!(
            "Frei wäre es {}{} oder {}{}.",
            on_at(first, now),
            by_if(told, told.first),
            on_at(&second.visit.start, now),
            by_if(told, second)
        ),
        _ => format!("Frei wäre es {}, {}.", on(first, now), clocks(told)),
    }
}

/// "um 10 Uhr 30 oder um 11 Uhr 15", with people where they must be named.
fn clocks(told: &Told<'_>) -> String {
    let first = at(&told.first.visit.start);
    match told.second {
        None => format!("{first}{}", by_if(told, told.first)),
        Some(second) if second.visit.staff == told.first.visit.staff => {
            format!("{first} oder {}{}", at(&second.visit.start), by_if(told, second))
        }
        Some(second) => {
            format!("{first}{} oder {}{}", by_if(told, told.first), at(&second.visit.start), by_if(told, second))
        }
    }
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
            None => would_be_free(&told, voice.now),
        },
        (None, Some(promise)) => call_back(promise, !voice.anonymous, voice.now),
        (None, None) => another(why).to_owned(),
    };
    format!("{reason} {way_forward}")
}

/// "Um 10 Uhr 30, eine halbe Stunde später, ginge es, sonst um 11 Uhr 15."; with the day first where the reason has
/// not named it.
fn close_by(told: &Told<'_>, near: Near, day_is_said: bool, now: &Zoned) -> String {
    let first = &told.first.visit.start;
    let person = by_if(told, told.first);
    let (time, apart) = match near {
        Near::Same => ("zur gleichen Zeit".to_owned(), String::new()),
        Near::Later(minutes) => (at(first), format!(", {} später,", minutes_apart(minutes))),
        Near::Earlier(minutes) => (at(first), format!(", {} früher,", minutes_apart(minutes))),
    };
    let lead = if day_is_said {
        format!("{}{apart} ginge es{person}", capital(&time))
    } else {
        let apart = apart.trim_end_matches(',');
        format!("{}, ginge es {time}{person}{apart}", capital(&on(first, now)))
    };
    let otherwise = match told.second {
        None => String::new(),
        Some(second) if second.visit.start.date() == first.date() => {
            format!(", sonst {}{}", at(&second.visit.start), by_if(told, second))
        }
        Some(second) => format!(", sonst {}{}", on_at(&second.visit.start, now), by_if(told, second)),
    };
    format!("{lead}{otherwise}.")
}

fn minutes_apart(minutes: i64) -> String {
    duration(u32::try_from(minutes).unwrap_or_default())
}

fn reason(why: &WhyNot, wished: Option<&Zoned>, now: &Zoned) -> String {
    let when = wished.map_or_else(|| "dann".to_owned(), |wished| wished_time(wished, now));
    match why {
        WhyNot::Taken => match wished.filter(|wished| has_clock(wished)) {
            Some(wished) => format!("{} ist leider gerade vergeben worden.", capital(&at(wished))),
            None => "Diese Zeit ist leider gerade vergeben worden.".to_owned(),
        },
        WhyNot::NothingFree => "In der gewünschten Zeit ist leider nichts frei.".to_owned(),
        WhyNot::Closed => format!("{} haben wir leider geschlossen.", capital(&when)),
        WhyNot::ClosesBefore => format!("{} reicht die Zeit bis zum Schließen leider nicht.", capital(&when)),
        WhyNot::Holiday { de, .. } => {
            let day = wished.map_or_else(|| "Dann".to_owned(), |wished| format!("{},", capital(&on(wished, now))));
            format!("{day} haben wir leider geschlossen, da ist {de}.")
        }
        WhyNot::StaffAway { staff } => format!("{} ist {when} leider nicht da.", first_name(staff)),
        WhyNot::StaffTaken { staff } => format!("Bei {} ist {when} leider nichts mehr frei.", first_name(staff)),
        WhyNot::StaffCannot { staff, service } => format!("{} bietet {service} leider nicht an.", first_name(staff)),
        WhyNot::TooSoon { notice_minutes: 0 } => "So kurzfristig geht es leider nicht mehr.".to_owned(),
        WhyNot::TooSoon { notice_minutes } => {
            format!("So kurzfristig geht es leider nicht, wir brauchen {} Vorlauf.", duration(*notice_minutes))
        }
        WhyNot::TooFar { horizon_days } => {
            format!("So weit voraus planen wir noch nicht, Termine vergeben wir bis {} im Voraus.", days(*horizon_days))
        }
        WhyNot::OffGrid => match wished.filter(|wished| has_clock(wished)) {
            Some(wished) => format!("{} kann leider kein Termin beginnen.", capital(&on_at(wished, now))),
            None => "Zu dieser Minute kann leider kein Termin beginnen.".to_owned(),
        },
        WhyNot::AlreadyYours { appointment } => {
            format!("Da haben Sie schon einen Termin, {}.", on_at_by(appointment, now))
        }
        WhyNot::OfferGone => "Dieser Vorschlag gilt leider nicht mehr.".to_owned(),
    }
}

/// "am Sonntag, dem sechsten Dezember, um 10 Uhr"; the day alone where no clock time was wished.
fn wished_time(wished: &Zoned, now: &Zoned) -> String {
    if has_clock(wished) { on_at(wished, now) } else { format!("{},", on(wished, now)) }
}

fn another(why: &WhyNot) -> &'static str {
    match why {
        WhyNot::StaffCannot { .. } => "Darf es jemand anders sein?",
        WhyNot::StaffAway { .. } | WhyNot::StaffTaken { .. } => "Passt Ihnen ein anderer Tag, oder jemand anders?",
        WhyNot::TooSoon { .. } => "Passt Ihnen eine spätere Zeit?",
        WhyNot::TooFar { .. } => "Passt Ihnen ein früherer Tag?",
        WhyNot::OffGrid => "Passt Ihnen eine andere Uhrzeit?",
        WhyNot::AlreadyYours { .. } => "Möchten Sie einen weiteren Termin an einem anderen Tag?",
        WhyNot::OfferGone => "Wann möchten Sie kommen?",
        WhyNot::Taken | WhyNot::NothingFree | WhyNot::Closed | WhyNot::ClosesBefore | WhyNot::Holiday { .. } => {
            "Passt Ihnen ein anderer Tag?"
        }
    }
}
