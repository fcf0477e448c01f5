//! `frontdesk sync`: how appointments stand with the calendars outside, and trying again.

mod status;
mod work;

use clap::Subcommand;
use frontdesk_domain::tenant::Tenant;
use frontdesk_store::TenantScope;

use super::output::EXIT_CODES;
use super::place::Place;
use super::{CommandOutput, Premises, StoreCommand};

pub(super) use status::{label, status};
pub(super) use work::{retry, run_now};

/// Appointments and the calendars outside: how they stand, and trying again
#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Status(StatusArgs),
    Run(RunArgs),
    Retry(RetryArgs),
}

/// Show for each tenant what is in its calendar, what waits, why, and when it is tried next
#[derive(Debug, clap::Args)]
#[command(after_help = format!("\
Examples:
  frontdesk sync status
  frontdesk sync status --tenant salon-mit-calcom --json

synced: the calendar has it. pending: on its way, nothing to do. failed: three tries failed and a person is asked to
look (frontdesk review list); it is tried on all the same.

{EXIT_CODES}"))]
struct StatusArgs {
    /// This tenant only
    #[arg(long, value_name = "SLUG")]
    tenant: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

/// Try everything that waits now, instead of at its own time
#[derive(Debug, clap::Args)]
#[command(after_help = format!("\
Examples:
  frontdesk sync run
  frontdesk sync run --tenant salon-mit-calcom

Beside a running server its workers do it; without one it is done here, until nothing waits or nothing goes on.
Booking twice cannot happen: what was sent before is looked up first.

{EXIT_CODES} 1 if something still waits."))]
struct RunArgs {
    /// This tenant only
    #[arg(long, value_name = "SLUG")]
    tenant: Option<String>,
    #[command(flatten)]
    place: Place,
}

/// Try one appointment again now, also where the calendar refused it before
#[derive(Debug, clap::Args)]
#[command(after_help = format!("\
Examples:
  frontdesk sync retry apt_01KBCXM2Q8

{EXIT_CODES} 1 if it still waits."))]
struct RetryArgs {
    /// The appointment's id, as in sync status
    appointment: String,
    #[command(flatten)]
    place: Place,
}

pub(super) fn run(args: Args) -> CommandOutput {
    match args.what {
        What::Status(args) => args.place.run(StoreCommand::SyncStatus { tenant: args.tenant, json: args.json }),
        What::Run(args) => args.place.run(StoreCommand::SyncRun { tenant: args.tenant }),
        What::Retry(args) => args.place.run(StoreCommand::SyncRetry { appointment: args.appointment }),
    }
}

/// The tenants a command is about: the named one, or all.
pub(super) async fn tenants(
    slug: Option<&str>,
    premises: &Premises<'_>,
) -> Result<Vec<(TenantScope, Tenant)>, CommandOutput> {
    let tenants = premises.store.tenants().await;
    let tenants = tenants.map_err(|error| CommandOutput::wrong(format!("The tenants cannot be read: {error}")))?;
    let found: Vec<_> = tenants
        .into_iter()
        .filter(|(_, tenant, _)| slug.is_none_or(|slug| tenant.slug == slug))
        .map(|(scope, tenant, _)| (scope, tenant))
        .collect();
    match slug {
        Some(slug) if found.is_empty() => {
            Err(CommandOutput::wrong(format!("There is no tenant {slug:?}. List them: frontdesk tenant list")))
        }
        _ => Ok(found),
    }
}
