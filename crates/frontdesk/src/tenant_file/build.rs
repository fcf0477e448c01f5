//! From the tables of the file to the tenant.

use frontdesk_domain::ids::{BranchId, TenantId};
use frontdesk_domain::lang::Lang;
use frontdesk_domain::tenant::{Branch, Business, Tenant};

use toml::de::DeValue;

use super::check::{Parts, check};
use super::naming::{Placed, find};
use super::reader::Table;
use super::records::Known;
use super::{PLACEHOLDER_ID, TenantFile, calendar, keys, mapping, people, places, records, rules, services, week};

/// Possible minutes between two starts.
const GRIDS: [u16; 6] = [5, 10, 15, 20, 30, 60];
/// Minutes between two starts where the file says nothing.
const USUAL_GRID: u16 = 15;

/// Reads the whole file. `None` only where a problem was reported.
pub(super) fn tenant_file(table: Table<'_>, file_name: &str) -> Option<TenantFile> {
    let slug = slug(&table);
    let name = table.needed_text("name", "Salon Morgenrot").map(|name| name.value);
    let language = table.text("language").and_then(|text| places::language(&text, &table)).unwrap_or(Lang::De);
    let country = country(&table);
    let zone = table.item("zone").map(|item| places::zone(&item));
    let policy = rules::policy(table.table("policy", "policy"));
    let day_parts = week::day_parts(table.table("day_parts", "table of day parts"));

    let branch_tables = table.tables("branch", "branch");
    if branch_tables.is_empty() && table.item("branch").is_none_or(|item| matches!(item.value, DeValue::Array(_))) {
        table.report.wrong(table.at, "the tenant has no branch; add [[branch]] with a name and hours");
    }
    let directory = places::Directory::default();
    let branches: Vec<Placed<Branch>> = branch_tables
        .into_iter()
        .filter_map(|branch| places::branch(branch, zone.as_ref(), &country, &directory))
        .collect();
    let services: Vec<_> = table
        .tables("service", "service")
        .into_iter()
        .filter_map(|service| services::service(service, &branches))
        .collect();
    let staff: Vec<_> = table
        .tables("staff", "person")
        .into_iter()
        .filter_map(|person| people::person(person, &branches, &services))
        .collect();
    let customers: Vec<_> = table.tables("customer", "customer").into_iter().filter_map(records::customer).collect();
    let appointment_tables = table.tables("appointment", "appointment");
    let known = Known {
        slug: slug.as_deref().unwrap_or_default(),
        branches: &branches,
        services: &services,
        staff: &staff,
        customers: &customers,
    };
    let appointments = appointment_tables.into_iter().filter_map(|table| records::appointment(table, known)).collect();

    let default_branch = default_branch(&table, &branches);
    let slot_grid_minutes = slot_grid(&table);
    let business = business(&table);
    let calendar = calendar::calendar(&table, file_name, &services, &staff);
    let mode = calendar::mode(&table, calendar.is_some());
    let strict_ownership = table.flag("strict_ownership").unwrap_or(false);
    let endpoint = endpoint(&table);
    let [retell_keys, vapi_keys, elevenlabs_keys] = voice(&table, file_name);
    let report = table.report;
    table.close();
    if let Some(calendar) = &calendar {
        mapping::holes(&calendar.link, &services, &staff, report);
    }
    let (link, calendar_api_key, calendar_webhook_secrets) = match calendar {
        Some(calendar) => (Some(calendar.link), calendar.api_key, calendar.webhook_secrets),
        None => (None, None, Vec::new()),
    };

    let parts = Parts { branches, services, staff, customers, appointments };
    check(&parts, report);
    let tenant = Tenant {
        id: TenantId::from(PLACEHOLDER_ID),
        slug: slug?,
        name: name?,
        language,
        country,
        business,
        mode,
        slot_grid_minutes,
        day_parts,
        default_branch: default_branch?,
        branches: values(parts.branches),
        services: values(parts.services),
        staff: values(parts.staff),
        policy,
        strict_ownership,
        calendar: link,
    };
    Some(TenantFile {
        tenant,
        endpoint,
        retell_keys,
        vapi_keys,
        elevenlabs_keys,
        calendar_api_key,
        calendar_webhook_secrets,
        customers: values(parts.customers),
        appointments: values(parts.appointments),
        warnings: Vec::new(),
    })
}

fn values<T>(placed: Vec<Placed<T>>) -> Vec<T> {
    placed.into_iter().map(|placed| placed.value).collect()
}

fn slug(table: &Table<'_>) -> Option<String> {
    let slug = table.needed_text("slug", "salon-morgenrot")?;
    let fits = (2..=60).contains(&slug.value.len())
        && slug.value.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && !slug.value.starts_with('-')
        && !slug.value.ends_with('-');
    if !fits {
        let why = format!("\"{}\" is no slug; use 2 to 60 of a-z, 0-9 and -, such as \"salon-morgenrot\"", slug.value);
        table.report.wrong(slug.at, why);
    }
    fits.then_some(slug.value)
}

fn country(table: &Table<'_>) -> String {
    const USUAL: &str = "DE";
    let Some(text) = table.text("country") else { return USUAL.to_owned() };
    if text.value.len() == 2 && text.value.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return text.value;
    }
    table.report.wrong(text.at, format!("\"{}\" is no country; write two capitals such as \"DE\"", text.value));
    USUAL.to_owned()
}

fn business(table: &Table<'_>) -> Business {
    let Some(said) = table.text("business") else { return Business::default() };
    match said.value.as_str() {
        "team" => Business::Team,
        "salon" => Business::Salon,
        "practice" => Business::Practice,
        "workshop" => Business::Workshop,
        "studio" => Business::Studio,
        other => {
            let why = format!("there is no business \"{other}\"; write salon, practice, workshop, studio or team");
            table.report.wrong(said.at, why);
            Business::default()
        }
    }
}

fn slot_grid(table: &Table<'_>) -> u16 {
    let Some(item) = table.item("slot_grid_minutes") else { return USUAL_GRID };
    let Some(minutes) = item.whole(0..=u32::from(u16::MAX)) else { return USUAL_GRID };
    let known = GRIDS.into_iter().find(|grid| u32::from(*grid) == minutes);
    if known.is_none() {
        item.wrong(format!("starts every {minutes} minutes are not possible; write 5, 10, 15, 20, 30 or 60"));
    }
    known.unwrap_or(USUAL_GRID)
}

fn default_branch(table: &Table<'_>, branches: &[Placed<Branch>]) -> Option<BranchId> {
    let named = branches.iter().map(|Placed { value, .. }| (value.id.as_str(), value.name.as_str(), value));
    let branch = match table.item("default_branch") {
        Some(item) => find("branch", &item.text()?, table, named)?,
        None => &branches.first()?.value,
    };
    Some(branch.id.clone())
}

fn endpoint(table: &Table<'_>) -> Option<String> {
    let text = table.text("endpoint")?;
    let fits = text
        .value
        .strip_prefix("ep_")
        .is_some_and(|rest| (8..=64).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    if !fits {
        let why = "an endpoint is ep_ and 8 to 64 letters and digits; leave the key out and one is made for you";
        table.report.wrong(text.at, why);
    }
    fits.then_some(text.value)
}

/// The keys of Retell, Vapi and ElevenLabs.
fn voice(table: &Table<'_>, file_name: &str) -> [Vec<secrecy::SecretString>; 3] {
    let Some(voice) = table.table("voice", "voice platform list") else {
        if table.item("voice").is_none() {
            let why =
                "there are no voice keys, so every call will be refused; add [voice.retell] with keys = [\"key_…\"]";
            table.report.warn(table.at, why);
        }
        return [const { Vec::new() }; 3];
    };
    let all =
        ["retell", "vapi", "elevenlabs"].map(|platform| keys::keys(voice.table(platform, "voice platform"), file_name));
    if all.iter().all(Vec::is_empty) {
        voice.report.warn(voice.at, "there are no voice keys, so every call will be refused; add keys = [\"key_…\"]");
    }
    voice.close();
    all
}
