//! Appointments, services and opening hours in German.

use jiff::Zoned;
use jiff::civil::Date;

use super::super::Voice;
use super::super::week::{ClosedRun, SameHours, exceptions, regular};
use super::super::when::{Case, de_day, de_minute_of_day, weekday_name};
use super::super::words::joined;
use super::measures::{money, number};
use super::on_at_by;
use crate::lang::Lang;
use crate::reply::{AppointmentView, DayHours, ServiceView};
use crate::tenant::hours::DaySpan;

/// The next appointments, at most three aloud.
pub(super) fn appointments(list: &[AppointmentView], total: usize, now: &Zoned) -> String {
    let total = total.max(list.len());
    let all: Vec<String> = list.iter().take(3).map(|entry| told(entry, now)).collect();
    match (all.as_slice(), total) {
        ([only], 1) => format!("Ihr nächster Termin ist {only}."),
        ([only], _) => format!("Sie haben {} Termine, der nächste ist {only}.", number(total)),
        (_, total) if total > all.len() => {
            let rest = match total - all.len() {
                1 => "und einer später".to_owned(),
                rest => format!("und {} später", number(rest)),
            };
            format!("Sie haben {} Termine: {}, {rest}.", number(total), all.join(", "))
        }
        _ => {
            let (last, others) = all
                .split_last()
                .map_or((String::new(), String::new()), |(last, others)| (last.clone(), others.join(", ")));
            format!("Sie haben {} Termine: {others} und {last}.", number(total))
        }
    }
}

fn told(entry: &AppointmentView, now: &Zoned) -> String {
    let when = on_at_by(entry, now);
    if entry.noted { format!("{when}, noch nicht bestätigt") } else { when }
}

/// What can be had; more than five become their categories first, never more than five names aloud.
pub(super) fn services(list: &[ServiceView], categories: &[String], category: Option<&str>) -> String {
    if category.is_none() && (list.len() > 5 || list.is_empty()) && !categories.is_empty() {
        let some: Vec<&String> = categories.iter().take(5).collect();
        return format!("Wir haben {}. Was davon interessiert Sie?", enumerated(&some, categories.len()));
    }
    if let [only] = list {
        return format!("{} Möchten Sie dafür einen Termin?", single(only));
    }
    let some: Vec<&String> = list.iter().take(5).map(|service| &service.name).collect();
    let lead = category.map_or_else(|| "Wir haben".to_owned(), |category| format!("Bei {category} haben wir"));
    format!("{lead} {}. Was darf es sein?", enumerated(&some, list.len()))
}

fn enumerated(some: &[&String], total: usize) -> String {
    if total > some.len() { format!("zum Beispiel {}", joined(some, "und")) } else { joined(some, "und") }
}

fn single(service: &ServiceView) -> String {
    let minutes = if service.minutes == 1 { "eine Minute".to_owned() } else { format!("{} Minuten", service.minutes) };
    match &service.price {
        Some(price) => {
            let from = if price.from { "ab " } else { "" };
            format!("{} dauert {minutes} und kostet {from}{}.", service.name, money(price.cents, &price.currency))
        }
        None => format!("{} dauert {minutes}.", service.name),
    }
}

/// One day's opening, or the week's.
pub(super) fn hours(days: &[DayHours], asked: Option<Date>, voice: &Voice<'_>) -> String {
    match (asked, days) {
        (Some(date), _) => match days.iter().find(|day| day.date == date) {
            Some(day) => one_day(day, voice),
            None => {
                format!("Die Öffnungszeiten am {}, weiß ich leider noch nicht.", de_day(date, Case::Dative, voice.now))
            }
        },
        (None, [only]) => one_day(only, voice),
        (None, _) => week(days, voice),
    }
}

fn one_day(day: &DayHours, voice: &Voice<'_>) -> String {
    let date = de_day(day.date, Case::Dative, voice.now);
    match (&day.closed_for, day.spans.as_slice()) {
        (_, [_, ..]) => format!("Am {date}, haben wir {} geöffnet.", spans(&day.spans)),
        (Some((reason, _)), []) => format!("Am {date}, haben wir geschlossen, {}.", because(reason)),
        (None, []) => format!("Am {date}, haben wir geschlossen."),
    }
}

/// "Montag bis Freitag von 9 bis 19 Uhr, Samstag von 9 bis 14 Uhr; Sonntag ist geschlossen." and what is
/// different this time.
pub(in super::super) fn week(days: &[DayHours], voice: &Voice<'_>) -> String {
    let runs = regular(days);
    let (open, closed): (Vec<&SameHours<'_>>, Vec<&SameHours<'_>>) = runs.iter().partition(|run| !run.spans.is_empty());
    let open: Vec<String> = open.iter().map(|run| format!("{} {}", weekdays(run), spans(run.spans))).collect();
    let closed: Vec<String> = closed.iter().map(|run| weekdays(run)).collect();
    let mut sentences = Vec::new();
    match (open.is_empty(), closed.is_empty()) {
        (false, false) => sentences.push(format!("{}; {} ist geschlossen.", open.join(", "), joined(&closed, "und"))),
        (false, true) => sentences.push(format!("{}.", open.join(", "))),
        (true, false) => sentences.push(format!("{} ist geschlossen.", joined(&closed, "und"))),
        (true, true) => {}
    }
    sentences.extend(exceptions(days).iter().take(2).map(|run| exception(run, voice)));
    if sentences.is_empty() { "Die Öffnungszeiten weiß ich leider nicht.".to_owned() } else { sentences.join(" ") }
}

fn exception(run: &ClosedRun<'_>, voice: &Voice<'_>) -> String {
    let (reason, _) = run.reason;
    let first = de_day(run.first, Case::Dative, voice.now);
    if run.first == run.last {
        return format!("Am {first}, haben wir geschlossen, {}.", because(reason));
    }
    let last = de_day(run.last, Case::Dative, voice.now);
    format!("Von {first}, bis {last}, haben wir geschlossen, {}.", because(reason))
}

/// "da ist Karfreitag", "da sind Betriebsferien".
fn because(reason: &str) -> String {
    let verb = if reason.ends_with("erien") || reason.ends_with("tage") { "sind" } else { "ist" };
    format!("da {verb} {reason}")
}

fn weekdays(run: &SameHours<'_>) -> String {
    let first = weekday_name(run.first, Lang::De);
    let last = weekday_name(run.last, Lang::De);
    match run.days() {
        1 => first.to_owned(),
        2 => format!("{first} und {last}"),
        _ => format!("{first} bis {last}"),
    }
}

/// "von 9 bis 12 Uhr und von 14 Uhr 30 bis 18 Uhr".
fn spans(spans: &[DaySpan]) -> String {
    let one = |span: &DaySpan| {
        let from =
            if span.from.is_multiple_of(60) { (span.from / 60).to_string() } else { de_minute_of_day(span.from) };
        format!("von {from} bis {}", de_minute_of_day(span.until))
    };
    joined(&spans.iter().map(one).collect::<Vec<_>>(), "und")
}
