//! Appointments, services and opening hours in English.

use jiff::Zoned;
use jiff::civil::Date;

use super::super::Voice;
use super::super::week::{ClosedRun, SameHours, exceptions, regular};
use super::super::when::{en_day, en_minute_of_day, weekday_name};
use super::super::words::{joined, stop};
use super::day_at_by;
use super::measures::{money, number};
use crate::lang::Lang;
use crate::reply::{AppointmentView, DayHours, ServiceView};
use crate::tenant::hours::DaySpan;

/// The next appointments, at most three aloud.
pub(super) fn appointments(list: &[AppointmentView], total: usize, now: &Zoned) -> String {
    let total = total.max(list.len());
    let mut all: Vec<String> = list.iter().take(3).map(|entry| told(entry, now)).collect();
    match (all.as_slice(), total) {
        ([only], 1) => return stop(format!("Your next appointment is {only}")),
        ([only], _) => return stop(format!("You have {} appointments, the next is {only}", number(total))),
        _ => {}
    }
    match total.saturating_sub(all.len()) {
        0 => {}
        1 => all.push("one later".to_owned()),
        rest => all.push(format!("{} later", number(rest))),
    }
    let last = all.pop().unwrap_or_default();
    stop(format!("You have {} appointments: {}, and {last}", number(total), all.join(", ")))
}

fn told(entry: &AppointmentView, now: &Zoned) -> String {
    let when = format!("on {}", day_at_by(entry, now));
    if entry.noted { format!("{when}, not confirmed yet") } else { when }
}

/// What can be had; more than five become their categories first, never more than five names aloud.
pub(super) fn services(list: &[ServiceView], categories: &[String], category: Option<&str>) -> String {
    if category.is_none() && (list.len() > 5 || list.is_empty()) && !categories.is_empty() {
        let some: Vec<&String> = categories.iter().take(5).collect();
        return format!("We have {}. Which of these would you like?", enumerated(&some, categories.len()));
    }
    if let [only] = list {
        return format!("{} Would you like an appointment for that?", single(only));
    }
    let some: Vec<&String> = list.iter().take(5).map(|service| &service.name).collect();
    let lead = category.map_or_else(|| "We have".to_owned(), |category| format!("For {category} we have"));
    format!("{lead} {}. What would you like?", enumerated(&some, list.len()))
}

fn enumerated(some: &[&String], total: usize) -> String {
    if total > some.len() { format!("for example {}", joined(some, "and")) } else { joined(some, "and") }
}

fn single(service: &ServiceView) -> String {
    let minutes = if service.minutes == 1 { "one minute".to_owned() } else { format!("{} minutes", service.minutes) };
    match &service.price {
        Some(price) => {
            let from = if price.from { "from " } else { "" };
            format!("{} takes {minutes} and costs {from}{}.", service.name, money(price.cents, &price.currency))
        }
        None => format!("{} takes {minutes}.", service.name),
    }
}

/// One day's opening, or the week's.
pub(super) fn hours(days: &[DayHours], asked: Option<Date>, voice: &Voice<'_>) -> String {
    match (asked, days) {
        (Some(date), _) => match days.iter().find(|day| day.date == date) {
            Some(day) => one_day(day, voice),
            None => format!("I'm afraid I don't know the opening hours on {}, yet.", en_day(date, voice.now)),
        },
        (None, [only]) => one_day(only, voice),
        (None, _) => week(days, voice),
    }
}

fn one_day(day: &DayHours, voice: &Voice<'_>) -> String {
    let date = en_day(day.date, voice.now);
    match (&day.closed_for, day.spans.as_slice()) {
        (_, [_, ..]) => stop(format!("On {date}, we are open {}", spans(&day.spans))),
        (Some((_, reason)), []) => format!("On {date}, we are closed for {reason}."),
        (None, []) => format!("On {date}, we are closed."),
    }
}

/// "Monday to Friday from 9 a.m. to 7 p.m., Saturday from 9 a.m. to 2 p.m.; closed on Sunday." and what is
/// different this time.
pub(in super::super) fn week(days: &[DayHours], voice: &Voice<'_>) -> String {
    let runs = regular(days);
    let (open, closed): (Vec<&SameHours<'_>>, Vec<&SameHours<'_>>) = runs.iter().partition(|run| !run.spans.is_empty());
    let open: Vec<String> = open.iter().map(|run| format!("{} {}", weekdays(run), spans(run.spans))).collect();
    let closed: Vec<String> = closed.iter().map(|run| weekdays(run)).collect();
    let mut sentences = Vec::new();
    match (open.is_empty(), closed.is_empty()) {
        (false, false) => sentences.push(format!("{}; closed on {}.", open.join(", "), joined(&closed, "and"))),
        (false, true) => sentences.push(stop(open.join(", "))),
        (true, false) => sentences.push(format!("Closed on {}.", joined(&closed, "and"))),
        (true, true) => {}
    }
    sentences.extend(exceptions(days).iter().take(2).map(|run| exception(run, voice)));
    if sentences.is_empty() { "I'm afraid I don't know the opening hours.".to_owned() } else { sentences.join(" ") }
}

fn exception(run: &ClosedRun<'_>, voice: &Voice<'_>) -> String {
    let (_, reason) = run.reason;
    let first = en_day(run.first, voice.now);
    if run.first == run.last {
        return format!("On {first}, we are closed for {reason}.");
    }
    format!("From {first}, to {}, we are closed for {reason}.", en_day(run.last, voice.now))
}

fn weekdays(run: &SameHours<'_>) -> String {
    let first = weekday_name(run.first, Lang::En);
    let last = weekday_name(run.last, Lang::En);
    match run.days() {
        1 => first.to_owned(),
        2 => format!("{first} and {last}"),
        _ => format!("{first} to {last}"),
    }
}

/// "from 9 a.m. to noon and from 2 30 p.m. to 6 p.m.".
fn spans(spans: &[DaySpan]) -> String {
    let one = |span: &DaySpan| format!("from {} to {}", en_minute_of_day(span.from), en_minute_of_day(span.until));
    joined(&spans.iter().map(one).collect::<Vec<_>>(), "and")
}
