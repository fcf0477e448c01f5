//! `frontdesk calendar`: what a calendar outside has that the tenant's file does not say, and the other way round.

mod snippet;
#[cfg(test)]
mod tests;
mod words;

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use frontdesk_domain::calendar::Catalogue;
use frontdesk_domain::calendar::difference::difference;
use frontdesk_domain::calendar::link::CalendarLink;
use frontdesk_domain::tenant::Tenant;
use serde_json::{Value, json};

use super::output::EXIT_CODES;
use super::place::Place;
use super::{CommandOutput, Exit, Premises, StoreCommand, house};
use crate::calendars;

/// The calendar outside: compare what can be booked there with the tenant's file
#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Import(ImportArgs),
}

/// Read what can be booked in the tenant's calendar and show what the tenant's file lacks; changes nothing
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  frontdesk calendar import --tenant salon-mit-calcom
  frontdesk calendar import --tenant salon-mit-calcom --write additions.toml
  frontdesk calendar import --json

What it prints or writes is to be looked at and pasted into the tenant's file; then: frontdesk tenant apply FILE.toml

Exit codes: 0 done, 1 it went wrong, 2 wrong usage, 3 refused or in use.")]
struct ImportArgs {
    /// The tenant's short name; may be left out if there is only one
    #[arg(long, value_name = "SLUG")]
    tenant: Option<String>,
    /// Write the additions into a new file, too
    #[arg(long, value_name = "FILE.toml")]
    write: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

pub(super) fn run(args: Args) -> CommandOutput {
    let What::Import(args) = args.what;
    if let Some(file) = args.write.as_deref().filter(|file| file.exists()) {
        return CommandOutput::refused(format!("{} exists already; name another file.", file.display()));
    }
    let output = args.place.run(StoreCommand::CalendarImport { tenant: args.tenant });
    if output.exit != Exit::Ok {
        return output;
    }
    let Ok(told) = serde_json::from_str::<Value>(&output.out) else {
        return CommandOutput::wrong("The running frontdesk is of another version; restart it with this one.");
    };
    shown(told, args.write.as_deref(), args.json)
}

/// What was found out, for whoever asked; the file is written where it was asked for.
fn shown(mut told: Value, write: Option<&Path>, as_json: bool) -> CommandOutput {
    let text_of = |key: &str| told.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (mut text, snippet) = (text_of("text"), text_of("snippet"));
    match write {
        Some(file) if !snippet.is_empty() => {
            let written = OpenOptions::new().write(true).create_new(true).open(file);
            if let Err(error) = written.and_then(|mut file| file.write_all(snippet.as_bytes())) {
                return CommandOutput::wrong(format!("{} was not written: {error}", file.display()));
            }
            text.push_str(&format!("\nThe additions are in {}.\n", file.display()));
        }
        Some(_) => text.push_str("\nThere is nothing to add, so no file was written.\n"),
        None if !snippet.is_empty() => {
            text.push_str(&format!("\nTo look at and paste into the tenant's file:\n\n{snippet}"));
        }
        _ => {}
    }
    if as_json {
        if let Some(told) = told.as_object_mut() {
            told.remove("text");
        }
        return CommandOutput::json(&told);
    }
    CommandOutput::ok(text)
}

pub(super) async fn import(slug: Option<&str>, premises: &Premises<'_>) -> CommandOutput {
    let (scope, tenant) = match house::tenant(slug, premises).await {
        Ok(found) => found,
        Err(output) => return output,
    };
    let Some(link) = &tenant.calendar else {
        return CommandOutput::wrong(format!(
            "{} keeps the built-in calendar. Connect one outside in its file: [calendar] with kind = \"calcom\", as in \
             examples/salon-mit-calcom.toml",
            tenant.slug
        ));
    };
    match calendars::catalogue(premises.store, &scope, &tenant, link).await {
        Ok(catalogue) => CommandOutput::json(&compared(&tenant, link, &catalogue)),
        Err(trouble) => {
            CommandOutput::wrong(format!("The calendar was not read: {}.\nTo mend it: {}.", trouble.what, trouble.mend))
        }
    }
}

/// Everything there is to say about a catalogue beside a tenant.
fn compared(tenant: &Tenant, link: &CalendarLink, catalogue: &Catalogue) -> Value {
    let found = difference(tenant, link, catalogue);
    json!({
        "tenant": tenant.slug,
        "calendar": link.url,
        "event_types": catalogue.event_types.len(),
        "same": found.is_empty(),
        "difference": found,
        "text": words::text(tenant, link, catalogue, &found),
        "snippet": snippet::snippet(tenant, link, &found),
    })
}
