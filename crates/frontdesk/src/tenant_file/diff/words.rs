//! Parts of a tenant in a few words.

use frontdesk_domain::ids::BranchId;
use frontdesk_domain::lang::Lang;
use frontdesk_domain::pii::Phone;
use frontdesk_domain::tenant::catalog::{Money, Phase};
use frontdesk_domain::tenant::hours::DaySpan;
use frontdesk_domain::tenant::policy::Fee;
use frontdesk_domain::tenant::{Absence, Closure, Line, Mode, SpecialDay};

pub(super) fn or_none(text: Option<String>) -> String {
    text.unwrap_or_else(|| "none".to_owned())
}

pub(super) fn yes_no(flag: &bool) -> &'static str {
    if *flag { "yes" } else { "no" }
}

pub(super) fn language(lang: Lang) -> &'static str {
    match lang {
        Lang::De => "German",
        Lang::En => "English",
    }
}

pub(super) fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::LocalFirst => "local-first",
        Mode::CalendarFirst => "calendar-first",
    }
}

pub(super) fn span(span: &DaySpan) -> String {
    let (from, until) = <(String, String)>::from(*span);
    format!("{from}-{until}")
}

pub(super) fn spans(spans: &[DaySpan]) -> String {
    if spans.is_empty() { "closed".to_owned() } else { join(spans.iter().map(span)) }
}

/// "30 minutes", or "30 + 45 (free) + 30 minutes".
pub(super) fn phases(phases: &[Phase]) -> String {
    let parts = phases.iter().map(|phase| {
        let free = if phase.staff_free { " (free)" } else { "" };
        format!("{}{free}", phase.minutes)
    });
    format!("{} minutes", parts.collect::<Vec<_>>().join(" + "))
}

pub(super) fn money(money: &Money) -> String {
    let from = if money.from { "from " } else { "" };
    format!("{from}{}.{:02} {}", money.cents / 100, money.cents % 100, money.currency)
}

pub(super) fn fee(fee: &Fee) -> String {
    format!("{}.{:02} EUR within {} hours", fee.cents / 100, fee.cents % 100, fee.within_hours)
}

pub(super) fn branches(branches: &[BranchId]) -> String {
    if branches.is_empty() { "every branch".to_owned() } else { join(branches.iter().map(BranchId::to_string)) }
}

pub(super) fn closure(closure: &Closure) -> String {
    let name = closure.name.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
    if closure.from == closure.until {
        return format!("{}{name}", closure.from);
    }
    format!("{} to {}{name}", closure.from, closure.until)
}

pub(super) fn special_day(day: &SpecialDay) -> String {
    format!("{} {}", day.date, spans(&day.hours))
}

pub(super) fn absence(absence: &Absence) -> String {
    format!("{} to {}", absence.from, absence.until)
}

pub(super) fn line(line: &Line) -> String {
    let agents = line.agents.iter().map(|agent| format!("{} {}", agent.platform.as_str(), agent.id));
    let language = line.language.map(|lang| language(lang).to_owned());
    join(line.number.as_ref().map(business_number).into_iter().chain(agents).chain(language))
}

/// The company's own number: published, and what the owner looks for.
pub(super) fn business_number(phone: &Phone) -> String {
    phone.reveal().to_owned()
}

fn join(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}
