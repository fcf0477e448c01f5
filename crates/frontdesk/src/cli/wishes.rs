//! `frontdesk wishes`: what callers wanted and did not get.

use std::fmt::Write as _;

use frontdesk_store::StoreError;
use frontdesk_store::agenda::{self, UnmetWishes};
use serde_json::{Value, json};

use super::output::EXIT_CODES;
use super::place::Place;
use super::{CommandOutput, Premises, StoreCommand, house};

/// Show what callers wanted and did not get, by service and reason
#[derive(Debug, clap::Args)]
#[command(after_help = format!("\
Examples:
  frontdesk wishes
  frontdesk wishes --tenant salon-morgenrot --days 7 --json

{EXIT_CODES}"))]
pub(super) struct Args {
    /// The tenant's short name; may be left out if there is only one
    #[arg(long, value_name = "SLUG")]
    tenant: Option<String>,
    /// How many days to look back
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=3660))]
    days: u16,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

pub(super) fn run(args: Args) -> CommandOutput {
    args.place.run(StoreCommand::Wishes { tenant: args.tenant, days: args.days, json: args.json })
}

pub(super) async fn wishes(slug: Option<&str>, days: u16, as_json: bool, premises: &Premises<'_>) -> CommandOutput {
    let (scope, tenant) = match house::tenant(slug, premises).await {
        Ok(found) => found,
        Err(output) => return output,
    };
    let since_ms = premises.store.ctx().now_ms().saturating_sub(i64::from(days) * 24 * 60 * 60 * 1000);
    let unmet: Result<Vec<UnmetWishes>, StoreError> =
        premises.store.read(&scope, move |tx| Box::pin(agenda::unmet(tx, since_ms))).await;
    let unmet = match unmet {
        Ok(unmet) => unmet,
        Err(error) => return CommandOutput::wrong(format!("The wishes cannot be read: {error}")),
    };
    let last = |wish: &UnmetWishes| house::local(&tenant, &tenant.default_branch, wish.last_ms);
    if as_json {
        let told: Vec<Value> = unmet
            .iter()
            .map(|wish| {
                json!({
                    "service": wish.service, "code": wish.code, "calls": wish.calls, "times": wish.count,
                    "last": house::rfc3339(&last(wish)),
                })
            })
            .collect();
        return CommandOutput::json(&json!({ "tenant": tenant.slug, "days": days, "wishes": told }));
    }
    if unmet.is_empty() {
        return CommandOutput::ok(format!("No unmet wishes in the last {days} days."));
    }
    let mut text = String::from("calls  times  last              why, service\n");
    for wish in &unmet {
        let _infallible = writeln!(
            text,
            "{:>5}  {:>5}  {}  {}, {}",
            wish.calls,
            wish.count,
            last(wish).strftime("%Y-%m-%d %H:%M"),
            wish.code,
            wish.service.as_deref().unwrap_or("no service named"),
        );
    }
    CommandOutput::ok(text)
}
