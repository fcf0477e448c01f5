//! Staff: where and when somebody works, and what they can do.

use frontdesk_domain::ids::{BranchId, ServiceId, StaffId};
use frontdesk_domain::tenant::catalog::Service;
use frontdesk_domain::tenant::{Absence, Branch, Staff};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};

use super::naming::{Placed, find, id_or_slug, same_word};
use super::reader::{Item, Table};
use super::{rules, week};

/// Reads one `[[staff]]`. With a single branch the person works there unless said otherwise.
pub(super) fn person(
    table: Table<'_>,
    branches: &[Placed<Branch>],
    services: &[Placed<Service>],
) -> Option<Placed<Staff>> {
    let name = table.needed_text("name", "Emma Winkler");
    let id = name.as_ref().and_then(|name| id_or_slug(&table, name));
    let branch = branch_of(&table, branches);
    let can_do = abilities(&table, branch, services);
    let mut absences = Vec::new();
    for away in table.tables("absences", "absence") {
        absences.extend(absence(away));
    }
    let staff = Staff {
        synonyms: table.texts("synonyms").into_iter().map(|text| text.value).collect(),
        branch: branch.map_or(BranchId::new(""), |branch| branch.id.clone()),
        hours: table.table("hours", "working hours").map(|hours| week::week(&hours)),
        absences,
        services: can_do,
        active: table.flag("active").unwrap_or(true),
        policy: rules::policy(table.table("policy", "policy")),
        id: StaffId::new(id.unwrap_or_default()),
        name: name.map(|name| name.value).unwrap_or_default(),
    };
    let at = table.at;
    table.close();
    Some(Placed { at, value: staff }).filter(|person| !person.value.name.is_empty())
}

/// The branch a table names; with a single branch it may be left out.
pub(super) fn branch_of<'a>(table: &Table<'_>, branches: &'a [Placed<Branch>]) -> Option<&'a Branch> {
    if table.item("branch").is_some() {
        let named = branches.iter().map(|Placed { value, .. }| (value.id.as_str(), value.name.as_str(), value));
        return find("branch", &table.text("branch")?, table, named);
    }
    match branches {
        [only] => Some(&only.value),
        [] => None,
        several => {
            let names: Vec<String> = several.iter().map(|branch| format!("\"{}\"", branch.value.name)).collect();
            table
                .report
                .wrong(table.at, format!("no branch is named here; write branch = one of {}", names.join(", ")));
            None
        }
    }
}

fn abilities(table: &Table<'_>, branch: Option<&Branch>, services: &[Placed<Service>]) -> Vec<ServiceId> {
    let texts = table.texts("services");
    if table.item("services").is_none() {
        let why = "this person can do nothing yet; write services = [\"…\"] with names or ids of services";
        table.report.warn(table.at, why);
    }
    let mut can_do: Vec<ServiceId> = Vec::new();
    for text in texts {
        let meant = |service: &Service| service.id.as_str() == text.value || same_word(&service.name, &text.value);
        // Names only have to be unique at the person's own branch.
        let offered = |service: &Service| branch.is_none_or(|branch| service.offered_at(&branch.id));
        let all = services.iter().map(|placed| &placed.value);
        if all.clone().any(meant) && !all.clone().any(|service| meant(service) && offered(service)) {
            let why =
                format!("\"{}\" is not offered at this person's branch; add the branch to the service", text.value);
            table.report.wrong(text.at, why);
            continue;
        }
        let named =
            all.filter(|service| offered(service)).map(|service| (service.id.as_str(), service.name.as_str(), service));
        let Some(service) = find("service", &text, table, named) else { continue };
        if can_do.contains(&service.id) {
            table.report.wrong(text.at, format!("\"{}\" is listed twice; remove one", text.value));
        } else {
            can_do.push(service.id.clone());
        }
    }
    can_do
}

fn absence(table: Table<'_>) -> Option<Absence> {
    for key in ["from", "until"] {
        if table.item(key).is_none() {
            table.report.wrong(table.at, format!("the absence has no {key}; write {key} = 2026-12-24"));
        }
    }
    let from = table.item("from").and_then(|item| moment(&item, Some));
    // A day as the end means: away all that day, back on the next.
    let until = table.item("until").and_then(|item| moment(&item, |last_day| last_day.tomorrow().ok()));
    if let (Some(from), Some(until)) = (from, until)
        && until <= from
    {
        table.report.wrong(table.at, "the absence ends before it begins; swap from and until");
    }
    table.close();
    Some(Absence { from: from?, until: until? })
}

/// A moment of the branch's wall clock; a bare day counts from the midnight `day_means` gives.
fn moment(item: &Item<'_>, day_means: impl Fn(Date) -> Option<Date>) -> Option<DateTime> {
    let text = item.moment()?.value;
    let moment = if text.len() == 10 {
        text.parse::<Date>().ok().and_then(day_means).map(|day| day.to_datetime(Time::midnight()))
    } else if text.parse::<Timestamp>().is_ok() {
        item.wrong("absences are in the branch's own time; leave out the offset: 2026-12-24T12:00:00");
        return None;
    } else {
        text.parse::<DateTime>().ok()
    };
    if moment.is_none() {
        item.wrong(format!("\"{text}\" is no moment; write a day, 2026-12-24, or a time, 2026-12-24T12:00:00"));
    }
    moment
}
