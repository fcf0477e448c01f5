//! Branches and the telephone lines that ring there.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use frontdesk_domain::calling::Platform;
use frontdesk_domain::ids::BranchId;
use frontdesk_domain::lang::Lang;
use frontdesk_domain::pii::Phone;
use frontdesk_domain::tenant::hours::WeekHours;
use frontdesk_domain::tenant::{Agent, Branch, Closure, Line, SpecialDay};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::naming::{Placed, id_or_slug};
use super::reader::{Item, Table, Text};
use super::report::did_you_mean;
use super::states;
use super::{rules, week};

/// The numbers and agents of all branches, with the places in the file where they stand.
#[derive(Default)]
pub(super) struct Directory {
    numbers: RefCell<BTreeMap<String, usize>>,
    agents: RefCell<HashMap<Agent, AgentPlace>>,
}

/// Where an agent stands, and the branch it stands in.
struct AgentPlace {
    at: usize,
    branch_at: usize,
}

/// Reads one `[[branch]]`. `company_zone`: for branches that name no zone of their own; the outer `None` means that
/// the file names none, the inner one that it names a wrong one.
pub(super) fn branch(
    table: Table<'_>,
    company_zone: Option<&Option<TimeZone>>,
    country: &str,
    directory: &Directory,
) -> Option<Placed<Branch>> {
    let name = table.needed_text("name", "Mitte");
    let id = name.as_ref().and_then(|name| id_or_slug(&table, name));
    let own_zone = table.item("zone").map(|item| zone(&item));
    let zone = match (own_zone, company_zone) {
        (Some(zone), _) => zone.unwrap_or(TimeZone::UTC),
        (None, Some(zone)) => zone.clone().unwrap_or(TimeZone::UTC),
        (None, None) => {
            let why = "no time zone is known for this branch; write zone = \"Europe/Berlin\" here or at the top";
            table.report.wrong(table.at, why);
            TimeZone::UTC
        }
    };
    let state = states::state(&table, country);
    let hours = match table.item("hours") {
        None => {
            let why = "the branch has no opening hours; write hours = { mon-fri = [\"09:00-18:00\"] }";
            table.report.wrong(table.at, why);
            WeekHours::default()
        }
        Some(item) => item.table("opening hours").map(|hours| week::week(&hours)).unwrap_or_default(),
    };
    if hours == WeekHours::default() {
        table.report.warn(table.at, "the branch is never open, so nothing can be booked there");
    }
    let branch = Branch {
        zone,
        state,
        open_on_holidays: table.flag("open_on_holidays").unwrap_or(false),
        hours,
        closures: table.tables("closures", "closure").into_iter().filter_map(closure).collect(),
        special_days: special_days(&table),
        lines: table
            .tables("line", "line")
            .into_iter()
            .filter_map(|line| self::line(line, table.at, directory))
            .collect(),
        transfer_to: table.text("transfer_to").and_then(|text| phone(&text, &table)),
        policy: rules::policy(table.table("policy", "policy")),
        id: BranchId::new(id.unwrap_or_default()),
        name: name.map(|name| name.value).unwrap_or_default(),
    };
    let at = table.at;
    table.close();
    Some(Placed { at, value: branch }).filter(|branch| !branch.value.name.is_empty())
}

/// Reads an IANA time zone.
pub(super) fn zone(item: &Item<'_>) -> Option<TimeZone> {
    let text = item.text()?;
    // Fixed offsets and the like would be wrong half of the year, so only names of places count.
    let found = TimeZone::get(&text.value).ok().filter(|zone| zone.iana_name().is_some());
    if found.is_none() {
        let known: Vec<String> = jiff::tz::db().available().map(|name| name.as_str().to_owned()).collect();
        let advice = did_you_mean(&text.value, known.iter().map(String::as_str), || {
            "write an IANA name such as \"Europe/Berlin\"".to_owned()
        });
        item.wrong(format!("there is no time zone \"{}\"{advice}", text.value));
    }
    found
}

/// Reads a telephone number in international form; spaces, hyphens, dots and slashes are left out.
pub(super) fn phone(text: &Text, table: &Table<'_>) -> Option<Phone> {
    let number: String = text.value.chars().filter(|c| !matches!(c, ' ' | '-' | '.' | '/' | '\u{a0}')).collect();
    let digits = number.strip_prefix('+').unwrap_or_default();
    let fits =
        (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
    if !fits {
        // The number itself may be a customer's, so the line has to do.
        let why = "this is no telephone number in international form; write + and 7 to 15 digits: \"+49 30 23125101\"";
        table.report.wrong(text.at, why);
    }
    fits.then(|| Phone::from_canonical(number))
}

/// Reads a language that answers can be spoken in.
pub(super) fn language(text: &Text, table: &Table<'_>) -> Option<Lang> {
    let lang = Lang::from_tag(&text.value);
    if lang.is_none() {
        let why = format!("\"{}\" is no language we speak; write \"de\" or \"en\"", text.value);
        table.report.wrong(text.at, why);
    }
    lang
}

/// Reads a day: 2026-12-24, with or without quotes.
pub(super) fn date(item: &Item<'_>) -> Option<Date> {
    let text = item.moment()?;
    let date = if text.value.len() == 10 { text.value.parse().ok() } else { None };
    if date.is_none() {
        item.wrong(format!("\"{}\" is no day; write it like 2026-12-24", text.value));
    }
    date
}

fn closure(table: Table<'_>) -> Option<Closure> {
    let from_item = table.item("from");
    if from_item.is_none() {
        table.report.wrong(table.at, "the closure has no first day; write from = 2026-12-24");
    }
    let from = from_item.and_then(|item| date(&item));
    let until = match table.item("until") {
        Some(item) => date(&item),
        None => from,
    };
    let name = table.text("name").map(|name| name.value);
    if let (Some(from), Some(until)) = (from, until)
        && until < from
    {
        table.report.wrong(table.at, format!("the closure ends on {until}, before it begins on {from}; swap the two"));
    }
    table.close();
    Some(Closure { from: from?, until: until?, name })
}

fn special_days(branch: &Table<'_>) -> Vec<SpecialDay> {
    let mut days: Vec<SpecialDay> = Vec::new();
    for table in branch.tables("special_days", "special day") {
        let day = table.item("date");
        if day.is_none() {
            table.report.wrong(table.at, "the special day has no date; write date = 2026-12-24");
        }
        let hours = table.item("hours");
        if hours.is_none() {
            let why = "the special day has no hours; write hours = \"09:00-13:00\", or hours = [] for closed";
            table.report.wrong(table.at, why);
        }
        if let (Some(date), Some(hours)) = (day.and_then(|item| date(&item)), hours.map(|item| week::spans(&item))) {
            if days.iter().any(|day| day.date == date) {
                table.report.wrong(table.at, format!("{date} is special twice; write all its hours in one entry"));
            }
            days.push(SpecialDay { date, hours });
        }
        table.close();
    }
    days
}

fn line(table: Table<'_>, branch_at: usize, directory: &Directory) -> Option<Line> {
    let number_text = table.text("number");
    let number = number_text.as_ref().and_then(|text| phone(text, &table));
    if let (Some(text), Some(number)) = (&number_text, &number)
        && let Some(first) = directory.numbers.borrow_mut().insert(number.reveal().to_owned(), text.at)
    {
        let first = table.report.line_of(first);
        table.report.wrong(text.at, format!("this number already stands in line {first}; a number leads to one line"));
    }
    let mut agents: Vec<Agent> = Vec::new();
    for (key, platform) in [
        ("retell_agent", Platform::Retell),
        ("vapi_assistant", Platform::Vapi),
        ("elevenlabs_agent", Platform::Elevenlabs),
    ] {
        for text in table.texts(key) {
            let agent = Agent { platform, id: text.value };
            if agents.contains(&agent) {
                table.report.wrong(text.at, format!("agent \"{}\" is on this line twice; remove one", agent.id));
                continue;
            }
            let place = AgentPlace { at: text.at, branch_at };
            if let Some(first) = directory.agents.borrow_mut().insert(agent.clone(), place)
                && first.branch_at != branch_at
            {
                let first = table.report.line_of(first.at);
                let why = format!(
                    "agent \"{}\" already answers for the branch in line {first}; its calls without a telephone number cannot be told apart",
                    agent.id
                );
                table.report.warn(text.at, why);
            }
            agents.push(agent);
        }
    }
    let language = table.text("language").and_then(|text| language(&text, &table));
    if number_text.is_none() && agents.is_empty() && table.item("number").is_none() {
        let why = "the line leads nowhere; give it number = \"+49…\", retell_agent = \"agent_…\" or both";
        table.report.wrong(table.at, why);
    }
    table.close();
    Some(Line { number, agents, language })
}
