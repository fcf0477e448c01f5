//! `frontdesk tenant`: apply, list, show.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Subcommand;
use frontdesk_domain::tenant::{Branch, Tenant};
use serde_json::json;

use super::output::EXIT_CODES;
use super::place::Place;
use super::{CommandOutput, Premises, StoreCommand, tenant_apply};

/// Companies this desk answers for: put them in, list them, look at one
#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Apply(ApplyArgs),
    List(ListArgs),
    Show(ShowArgs),
}

/// Make a tenant what its file says; says what changed. Applying a file again changes nothing
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  frontdesk tenant apply examples/salon-morgenrot.toml
  frontdesk tenant apply salon.toml --data /var/lib/frontdesk --json

Exit codes: 0 done, 1 the file is wrong (every problem is listed with its line), 2 wrong usage,
3 refused: a number, agent or endpoint belongs to another tenant.")]
struct ApplyArgs {
    /// The tenant's file
    #[arg(value_name = "FILE.toml")]
    file: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

/// List all tenants
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  frontdesk tenant list\n  frontdesk tenant list --json")]
struct ListArgs {
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

/// Show one tenant: branches, lines, staff, services, addresses
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  frontdesk tenant show salon-morgenrot\n  frontdesk tenant show salon-morgenrot --json"
)]
struct ShowArgs {
    /// The tenant's short name, as in its file
    slug: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

pub(super) fn run(args: Args) -> CommandOutput {
    match args.what {
        What::Apply(args) => match tenant_apply::read_file(&args.file, args.json) {
            Ok(apply) => args.place.run(StoreCommand::TenantApply(Box::new(apply))),
            Err(output) => output,
        },
        What::List(args) => args.place.run(StoreCommand::TenantList { json: args.json }),
        What::Show(args) => args.place.run(StoreCommand::TenantShow { slug: args.slug, json: args.json }),
    }
}

/// The addresses a voice platform and the calendar are given, for one endpoint token.
pub(super) struct Addresses {
    pub(super) functions: String,
    pub(super) events: String,
    pub(super) inbound: String,
    /// Only where Cal.com is the calendar.
    pub(super) calcom_events: Option<String>,
}

impl Addresses {
    pub(super) fn of(base_url: &str, endpoint: &str, tenant: &Tenant) -> Self {
        let at = |what: &str| format!("{base_url}/v1/retell/{endpoint}/{what}");
        Self {
            functions: at("functions/{name}"),
            events: at("events"),
            inbound: at("inbound"),
            calcom_events: tenant.calendar.as_ref().map(|_| calcom_events(base_url, endpoint)),
        }
    }

    pub(super) fn json(&self) -> serde_json::Value {
        let mut urls = json!({ "functions": self.functions, "events": self.events, "inbound": self.inbound });
        if let (Some(urls), Some(events)) = (urls.as_object_mut(), &self.calcom_events) {
            urls.insert("calcom_events".to_owned(), json!(events));
        }
        urls
    }

    pub(super) fn lines(&self) -> String {
        let calcom = self
            .calcom_events
            .as_ref()
            .map(|events| format!("\nAddress for Cal.com's webhook\n  events     {events}\n"));
        format!(
            "  functions  {}\n  events     {}\n  inbound    {}\n{}",
            self.functions,
            self.events,
            self.inbound,
            calcom.unwrap_or_default()
        )
    }
}

/// What to do after connecting a calendar outside; empty with the built-in one.
pub(super) fn next_step(tenant: &Tenant) -> String {
    if tenant.calendar.is_none() {
        return String::new();
    }
    format!("\nNext, see that everything fits: frontdesk doctor --tenant {}\n", tenant.slug)
}

/// Where Cal.com tells of bookings, for one endpoint token.
pub(super) fn calcom_events(base_url: &str, endpoint: &str) -> String {
    format!("{base_url}/v1/calcom/{endpoint}/events")
}

pub(super) async fn list(as_json: bool, premises: &Premises<'_>) -> CommandOutput {
    let tenants = match premises.store.tenants().await {
        Ok(tenants) => tenants,
        Err(error) => return CommandOutput::wrong(format!("The tenants cannot be read: {error}")),
    };
    if as_json {
        let tenants: Vec<_> = tenants
            .iter()
            .map(|(scope, tenant, endpoint)| {
                json!({
                    "slug": tenant.slug,
                    "name": tenant.name,
                    "id": scope.tenant().as_str(),
                    "endpoint": endpoint,
                    "branches": tenant.branches.len(),
                    "staff": tenant.staff.iter().filter(|person| person.active).count(),
                    "services": tenant.services.iter().filter(|service| service.active).count(),
                    "urls": Addresses::of(premises.base_url, endpoint, tenant).json(),
                })
            })
            .collect();
        return CommandOutput::json(&json!({ "tenants": tenants }));
    }
    if tenants.is_empty() {
        return CommandOutput::ok("No tenants yet. Put one in: frontdesk tenant apply examples/salon-morgenrot.toml");
    }
    let mut text = String::new();
    for (_, tenant, endpoint) in &tenants {
        let counts = format!(
            "{}, {}, {}",
            counted(tenant.branches.len(), "branch", "branches"),
            counted(tenant.staff.iter().filter(|person| person.active).count(), "person", "people"),
            counted(tenant.services.iter().filter(|service| service.active).count(), "service", "services"),
        );
        let _infallible = writeln!(text, "{} — {} ({counts})", tenant.slug, tenant.name);
        text.push_str(&Addresses::of(premises.base_url, endpoint, tenant).lines());
    }
    CommandOutput::ok(text)
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

pub(super) async fn show(slug: &str, as_json: bool, premises: &Premises<'_>) -> CommandOutput {
    let tenants = match premises.store.tenants().await {
        Ok(tenants) => tenants,
        Err(error) => return CommandOutput::wrong(format!("The tenants cannot be read: {error}")),
    };
    let Some((_, tenant, endpoint)) = tenants.iter().find(|(_, tenant, _)| tenant.slug == slug) else {
        return CommandOutput::wrong(format!("There is no tenant {slug:?}. List them: frontdesk tenant list"));
    };
    let addresses = Addresses::of(premises.base_url, endpoint, tenant);
    if as_json {
        return CommandOutput::json(&json!({ "tenant": tenant, "endpoint": endpoint, "urls": addresses.json() }));
    }
    CommandOutput::ok(described(tenant, &addresses))
}

fn described(tenant: &Tenant, addresses: &Addresses) -> String {
    let mut text =
        format!("{} — {}\n\nAddresses for the voice platform\n{}", tenant.slug, tenant.name, addresses.lines());
    text.push_str(&next_step(tenant));
    for branch in &tenant.branches {
        let _infallible = writeln!(text, "\nBranch {} — {}{}", branch.id, branch.name, lines_of(branch));
        for person in tenant.staff.iter().filter(|person| person.branch == branch.id) {
            let away = if person.active { "" } else { " (inactive)" };
            let services: Vec<&str> = person
                .services
                .iter()
                .filter_map(|id| tenant.service(id))
                .map(|service| service.name.as_str())
                .collect();
            let _infallible = writeln!(text, "  {}{away}: {}", person.name, services.join("; "));
        }
    }
    text.push_str("\nServices\n");
    for service in &tenant.services {
        let price = service.price.as_ref().map_or_else(String::new, |price| {
            let from = if price.from { "from " } else { "" };
            format!(", {from}{}.{:02} {}", price.cents / 100, price.cents % 100, price.currency)
        });
        let inactive = if service.active { "" } else { " (inactive)" };
        let _infallible = writeln!(text, "  {} — {} min{price}{inactive}", service.name, service.minutes());
    }
    text
}

fn lines_of(branch: &Branch) -> String {
    let mut text = String::new();
    for line in &branch.lines {
        // The business's own number, not a customer's.
        let number = line.number.as_ref().map_or("no number", |number| number.reveal());
        let agents: Vec<String> =
            line.agents.iter().map(|agent| format!("{} {}", agent.platform.as_str(), agent.id)).collect();
        let _infallible = write!(text, "\n  line {number} {}", agents.join(", "));
    }
    text
}
