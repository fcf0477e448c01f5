//! `frontdesk callbacks`: what was promised to callers, and done.

use std::fmt::Write as _;

use clap::Subcommand;
use frontdesk_domain::ids::CallbackId;
use frontdesk_domain::tenant::Tenant;
use frontdesk_store::StoreError;
use frontdesk_store::agenda::{self, Kept, Promise};
use serde_json::{Value, json};

use super::output::EXIT_CODES;
use super::place::Place;
use super::{CommandOutput, Premises, StoreCommand, house};

/// Promised calls back: list the open ones, close one
#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    List(ListArgs),
    Done(DoneArgs),
}

/// List open promises, the one due first first
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  frontdesk callbacks list\n  frontdesk callbacks list --tenant salon-morgenrot --json"
)]
struct ListArgs {
    /// The tenant's short name; may be left out if there is only one
    #[arg(long, value_name = "SLUG")]
    tenant: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

/// Close a promise: somebody called back
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  frontdesk callbacks done cbk_01KBCXM2Q8\n\nDoing it twice changes nothing.")]
struct DoneArgs {
    /// The promise's id, as listed
    id: String,
    /// The tenant's short name; may be left out if there is only one
    #[arg(long, value_name = "SLUG")]
    tenant: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

pub(super) fn run(args: Args) -> CommandOutput {
    match args.what {
        What::List(args) => args.place.run(StoreCommand::CallbacksList { tenant: args.tenant, json: args.json }),
        What::Done(args) => {
            args.place.run(StoreCommand::CallbackDone { tenant: args.tenant, id: args.id, json: args.json })
        }
    }
}

pub(super) async fn list(slug: Option<&str>, as_json: bool, premises: &Premises<'_>) -> CommandOutput {
    let (scope, tenant) = match house::tenant(slug, premises).await {
        Ok(found) => found,
        Err(output) => return output,
    };
    let open: Result<Vec<Promise>, StoreError> =
        premises.store.read(&scope, |tx| Box::pin(agenda::open_promises(tx))).await;
    let open = match open {
        Ok(open) => open,
        Err(error) => return CommandOutput::wrong(format!("The callbacks cannot be read: {error}")),
    };
    let now_ms = premises.store.ctx().now_ms();
    if as_json {
        let told: Vec<Value> = open.iter().map(|promise| told(promise, &tenant, now_ms)).collect();
        return CommandOutput::json(&json!({ "tenant": tenant.slug, "callbacks": told }));
    }
    if open.is_empty() {
        return CommandOutput::ok("No open callbacks.");
    }
    let mut text = String::new();
    for promise in &open {
        let due = house::local(&tenant, &promise.branch, promise.promised_ms);
        let late = if promise.promised_ms < now_ms { "  OVERDUE" } else { "" };
        let _infallible = writeln!(
            text,
            "{}  by {}{late}\n  {}, {}, {}",
            promise.id,
            due.strftime("%a %Y-%m-%d %H:%M"),
            promise.name.as_ref().map_or("name unknown", |name| name.reveal()),
            promise.phone.as_ref().and_then(house::number).unwrap_or("number unknown"),
            house::branch_name(&tenant, &promise.branch),
        );
        for (what, said) in [
            ("reason", promise.reason.as_ref().map(|reason| reason.reveal().as_str())),
            ("wished", promise.wished.as_deref()),
        ] {
            if let Some(said) = said {
                let _infallible = writeln!(text, "  {what}: {said}");
            }
        }
        if promise.cause == "no_free_time" {
            text.push_str("  promised because nothing was free\n");
        }
    }
    CommandOutput::ok(text)
}

/// A promise as JSON, on its branch's clock.
pub(super) fn told(promise: &Promise, tenant: &Tenant, now_ms: i64) -> Value {
    json!({
        "id": promise.id,
        "branch": promise.branch,
        "due": house::rfc3339(&house::local(tenant, &promise.branch, promise.promised_ms)),
        "overdue": promise.open && promise.promised_ms < now_ms,
        "open": promise.open,
        "name": promise.name.as_ref().map(|name| name.reveal()),
        "phone": promise.phone.as_ref().and_then(house::number),
        "reason": promise.reason.as_ref().map(|reason| reason.reveal()),
        "wished": promise.wished,
        "cause": promise.cause,
        "call_id": promise.call_id,
    })
}

pub(super) async fn done(slug: Option<&str>, id: &str, as_json: bool, premises: &Premises<'_>) -> CommandOutput {
    let (scope, _) = match house::tenant(slug, premises).await {
        Ok(found) => found,
        Err(output) => return output,
    };
    let wanted = CallbackId::new(id);
    let kept: Result<Kept, StoreError> =
        premises.store.run(&scope, move |tx| Box::pin(async move { agenda::keep(tx, &wanted).await })).await;
    match kept {
        Err(error) => CommandOutput::wrong(format!("The callback was not closed: {error}")),
        Ok(Kept::Unknown) => {
            CommandOutput::wrong(format!("There is no callback {id:?}. List them: frontdesk callbacks list"))
        }
        Ok(kept) if as_json => CommandOutput::json(&json!({ "id": id, "open": false, "changed": kept == Kept::Now })),
        Ok(Kept::Now) => CommandOutput::ok(format!("{id} is done.")),
        Ok(Kept::Before) => CommandOutput::ok(format!("{id} was done before.")),
    }
}
