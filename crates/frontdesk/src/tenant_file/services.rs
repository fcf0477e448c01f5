//! Services: `minutes = 30`, or phases with the person free in some of them.

use frontdesk_domain::ids::{BranchId, ServiceId};
use frontdesk_domain::tenant::Branch;
use frontdesk_domain::tenant::catalog::{Phase, Service};

use super::naming::{Placed, find, id_or_slug};
use super::reader::Table;
use super::rules;

/// Shortest and longest part of a service, in minutes; the whole service is at most as long.
const MINUTES: std::ops::RangeInclusive<u32> = 5..=1440;
/// Longest buffer, in minutes.
const LONGEST_BUFFER: u32 = 480;

/// Reads one `[[service]]`.
pub(super) fn service(table: Table<'_>, branches: &[Placed<Branch>]) -> Option<Placed<Service>> {
    let name = table.needed_text("name", "Herrenhaarschnitt");
    let id = name.as_ref().and_then(|name| id_or_slug(&table, name));
    let mut offered_at: Vec<BranchId> = Vec::new();
    for text in table.texts("branches") {
        let named = branches.iter().map(|Placed { value, .. }| (value.id.as_str(), value.name.as_str(), value));
        if let Some(branch) = find("branch", &text, &table, named) {
            if offered_at.contains(&branch.id) {
                table.report.wrong(text.at, format!("branch \"{}\" is named twice; remove one", text.value));
            } else {
                offered_at.push(branch.id.clone());
            }
        }
    }
    let mut synonyms: Vec<String> = Vec::new();
    for text in table.texts("synonyms") {
        if synonyms.contains(&text.value) {
            table.report.warn(text.at, format!("synonym \"{}\" is there twice", text.value));
        } else {
            synonyms.push(text.value);
        }
    }
    let service = Service {
        phases: phases(&table),
        synonyms,
        category: table.text("category").map(|text| text.value),
        branches: offered_at,
        active: table.flag("active").unwrap_or(true),
        buffer_before: buffer(&table, "buffer_before"),
        buffer_after: buffer(&table, "buffer_after"),
        price: table.text("price").and_then(|text| rules::price(&text, &table)),
        policy: rules::policy(table.table("policy", "policy")),
        id: ServiceId::new(id.unwrap_or_default()),
        name: name.map(|name| name.value).unwrap_or_default(),
    };
    let at = table.at;
    table.close();
    Some(Placed { at, value: service }).filter(|service| !service.value.name.is_empty())
}

fn phases(table: &Table<'_>) -> Vec<Phase> {
    let plain = table.item("minutes");
    let parts = table.item("phases");
    match (plain, parts) {
        (Some(_), Some(parts)) => {
            parts.wrong("the service has both minutes and phases; keep the phases if the person is free in between");
            Vec::new()
        }
        (None, None) => {
            table.report.wrong(table.at, "the service does not say how long it takes; write minutes = 30");
            Vec::new()
        }
        (Some(plain), None) => plain.whole(MINUTES).and_then(minutes).into_iter().map(busy).collect(),
        (None, Some(item)) => {
            let mut phases: Vec<Phase> = Vec::new();
            let tables = table.tables("phases", "phase");
            let all = tables.len();
            for part in tables {
                let staff_free = part.flag("free").unwrap_or(false);
                if part.item("minutes").is_none() {
                    part.report.wrong(part.at, "the phase does not say how long it takes; add minutes = 30");
                }
                if let Some(minutes) = part.whole("minutes", MINUTES).and_then(minutes) {
                    phases.push(Phase { minutes, staff_free });
                }
                part.close();
            }
            if all == 0 {
                item.wrong("phases is empty; list at least one: phases = [{ minutes = 30 }]");
            } else if phases.first().is_some_and(|first| first.staff_free) {
                item.wrong("the first phase must keep the person busy; free = true may come from the second on");
            } else if phases.iter().map(|phase| u32::from(phase.minutes)).sum::<u32>() > *MINUTES.end() {
                item.wrong(format!("all phases together are longer than {} minutes; shorten them", MINUTES.end()));
            }
            phases
        }
    }
}

fn busy(minutes: u16) -> Phase {
    Phase { minutes, staff_free: false }
}

fn buffer(table: &Table<'_>, key: &'static str) -> u16 {
    table.whole(key, 0..=LONGEST_BUFFER).and_then(minutes).unwrap_or(0)
}

/// Every range above fits.
fn minutes(number: u32) -> Option<u16> {
    u16::try_from(number).ok()
}
