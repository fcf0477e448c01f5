//! `frontdesk doctor`: is everything set up so that calls end well?

use std::fmt::Write as _;

use frontdesk_domain::ports::Clock;
use frontdesk_domain::tenant::Tenant;
use frontdesk_store::TenantScope;
use jiff::Timestamp;
use serde_json::json;

use super::place::Place;
use super::tenant::calcom_events;
use super::{CommandOutput, Exit, Premises, StoreCommand};
use crate::calendars;
use crate::doctor::{self, CalendarFacts, DeskFacts, Finding, Level};
use crate::world::SystemClock;

/// Check the set-up and, for each tenant, the calendar outside: what is wrong, why it matters, how to mend it
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  frontdesk doctor
  frontdesk doctor --tenant salon-mit-calcom
  frontdesk doctor --json

It changes nothing, and works beside a running server as well as without one.
In JSON each finding has level (ok, warn, error), tenant, check, what, why, mend; names of checks stay the same.

Exit codes: 0 no errors (there may be warnings), 1 errors were found, 2 wrong usage.")]
pub(super) struct Args {
    /// Look at this tenant only, and at the installation
    #[arg(long, value_name = "SLUG")]
    tenant: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

pub(super) fn run(args: Args) -> CommandOutput {
    let config = match args.place.settings() {
        Ok(config) => config,
        Err(output) => {
            return report(
                &[not_read(&output.err, "correct the settings' file or variables, then ask again")],
                args.json,
            );
        }
    };
    let now = SystemClock::new().now();
    let facts = doctor::look_at_folder(&config, now);
    let mut found = doctor::folder(&facts);
    if facts.disk.is_some() {
        let output = args.place.run(StoreCommand::Doctor { tenant: args.tenant, asked_at: now });
        match serde_json::from_str::<Vec<Finding>>(&output.out) {
            Ok(told) => found.extend(told),
            Err(_) => found.push(not_read(&output.err, "follow what it says, then ask again")),
        }
    }
    report(&found, args.json)
}

fn not_read(error: &str, mend: &str) -> Finding {
    Finding::error("start", error.trim(), "no call can be answered", mend)
}

/// All findings, for people or scripts.
fn report(found: &[Finding], as_json: bool) -> CommandOutput {
    let count = |level: Level| found.iter().filter(|finding| finding.level == level).count();
    let (errors, warnings) = (count(Level::Error), count(Level::Warn));
    let exit = if errors > 0 { Exit::Wrong } else { Exit::Ok };
    if as_json {
        let value = json!({ "ok": errors == 0, "errors": errors, "warnings": warnings, "findings": found });
        return CommandOutput { exit, ..CommandOutput::json(&value) };
    }
    let mut text = String::new();
    let mut about: Option<&Option<String>> = None;
    for finding in found {
        if about != Some(&finding.tenant) {
            let gap = if about.is_some() { "\n" } else { "" };
            let _infallible = writeln!(text, "{gap}{}", finding.tenant.as_deref().unwrap_or("The installation"));
            about = Some(&finding.tenant);
        }
        let _infallible =
            writeln!(text, "  {:<5}  {}", finding.level.as_str(), finding.what.replace('\n', "\n         "));
        for (word, said) in [("why", &finding.why), ("mend", &finding.mend)] {
            if let Some(said) = said {
                let _infallible = writeln!(text, "         {word}: {said}");
            }
        }
    }
    let _infallible = match (errors, warnings) {
        (0, 0) => writeln!(text, "\nAll is well."),
        _ => writeln!(
            text,
            "\n{errors} error{}, {warnings} warning{}.",
            if errors == 1 { "" } else { "s" },
            if warnings == 1 { "" } else { "s" }
        ),
    };
    CommandOutput { exit, ..CommandOutput::ok(text) }
}

/// What only whoever has the store open can find out.
pub(super) async fn examine(slug: Option<&str>, asked_at: Timestamp, premises: &Premises<'_>) -> CommandOutput {
    let store = premises.store;
    let tenants = store.tenants().await;
    let facts = DeskFacts {
        reads: store.ready().await.map_err(|error| error.to_string()),
        writes: store.writable().await.map_err(|error| error.to_string()),
        base_url: premises.base_url.to_owned(),
        served: premises.served,
        now: store.ctx().now(),
        asked_at,
        tenants: tenants.as_ref().map_or(0, Vec::len),
    };
    let mut found = doctor::desk(&facts);
    let mut tenants = tenants.unwrap_or_default();
    tenants.retain(|(_, tenant, _)| slug.is_none_or(|slug| tenant.slug == slug));
    if let Some(slug) = slug.filter(|_| tenants.is_empty()) {
        let why = "there is nothing to look at";
        found.push(Finding::error("tenant", format!("there is no tenant {slug:?}"), why, "see frontdesk tenant list"));
    }
    for (scope, tenant, endpoint) in &tenants {
        found.extend(of_tenant(scope, tenant, endpoint, premises).await);
    }
    CommandOutput::json(&json!(found))
}

async fn of_tenant(scope: &TenantScope, tenant: &Tenant, endpoint: &str, premises: &Premises<'_>) -> Vec<Finding> {
    let Some(link) = &tenant.calendar else {
        return vec![Finding::ok("calendar", "the built-in calendar is kept").of(&tenant.slug)];
    };
    let read = calendars::catalogue(premises.store, scope, tenant, link).await;
    let keys = premises.store.calendar_keys(scope).await;
    let facts = CalendarFacts {
        tenant,
        link,
        events_url: &calcom_events(premises.base_url, endpoint),
        webhook_secrets: keys.map_or(0, |keys| keys.webhook.len()),
        read,
        now: premises.store.ctx().now(),
    };
    doctor::calendar(&facts)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use serde_json::Value;

    use super::*;

    fn place(folder: &std::path::Path) -> Place {
        Place { config: None, data: Some(folder.to_owned()) }
    }

    fn asked(folder: &std::path::Path, tenant: Option<&str>) -> (Exit, Value) {
        let output = run(Args { tenant: tenant.map(str::to_owned), json: true, place: place(folder) });
        (output.exit, serde_json::from_str(&output.out).unwrap())
    }

    /// Level, tenant and check of every finding.
    fn checks(told: &Value) -> Vec<String> {
        let findings = told["findings"].as_array().unwrap().iter();
        let part = |finding: &Value, key: &str| finding[key].as_str().unwrap_or("-").to_owned();
        findings.map(|one| [part(one, "level"), part(one, "tenant"), part(one, "check")].join(" ")).collect()
    }

    fn apply(folder: &std::path::Path, text: &str) {
        let file = crate::tenant_file::read(text, "t.toml").unwrap();
        let apply = super::super::Apply::new(file, true);
        let output = place(folder).run(StoreCommand::TenantApply(Box::new(apply)));
        assert_eq!(output.exit, Exit::Ok, "{}", output.err);
    }

    #[test]
    fn without_a_folder_there_is_one_error_and_none_is_made() {
        let folder = tempfile::tempdir().unwrap();
        let nowhere = folder.path().join("nowhere");
        let (exit, told) = asked(&nowhere, None);
        assert_eq!((exit, &told["ok"], &told["errors"]), (Exit::Wrong, &json!(false), &json!(1)));
        assert!(checks(&told).contains(&"error - data_folder".to_owned()));
        assert!(!nowhere.exists());
    }

    #[test]
    fn a_house_with_a_built_in_calendar_has_warnings_only() {
        let folder = tempfile::tempdir().unwrap();
        apply(folder.path(), include_str!("../../../../examples/barbier-am-hafen.toml"));
        let (exit, told) = asked(folder.path(), None);
        assert_eq!((exit, &told["ok"], &told["errors"]), (Exit::Ok, &json!(true), &json!(0)), "{told:#}");
        let checks = checks(&told);
        for wanted in ["ok - database", "warn - public_url", "ok barbier-am-hafen calendar"] {
            assert!(checks.contains(&wanted.to_owned()), "{wanted}: {checks:?}");
        }
        let text = run(Args { tenant: None, json: false, place: place(folder.path()) }).out;
        assert!(text.starts_with("The installation\n  ok     the data folder"), "{text}");
        assert!(text.contains("\nbarbier-am-hafen\n  ok     the built-in calendar is kept\n\n0 errors, "), "{text}");
    }

    #[test]
    fn a_calendar_that_cannot_be_read_is_an_error_of_its_tenant_alone() {
        let folder = tempfile::tempdir().unwrap();
        apply(folder.path(), include_str!("../../../../examples/barbier-am-hafen.toml"));
        // Nothing listens there, whatever else runs on this machine.
        let linked = include_str!("../../../../examples/salon-mit-calcom.toml").replace(":4010", ":1");
        apply(folder.path(), &linked);
        let (exit, told) = asked(folder.path(), None);
        assert_eq!(exit, Exit::Wrong);
        assert!(checks(&told).contains(&"error salon-mit-calcom calendar_key".to_owned()), "{told:#}");
        assert!(!told.to_string().contains("cal_demo"), "keys are never shown");
        assert_eq!(asked(folder.path(), Some("barbier-am-hafen")).0, Exit::Ok);
        let (exit, told) = asked(folder.path(), Some("nobody"));
        assert_eq!(exit, Exit::Wrong);
        assert!(checks(&told).contains(&"error - tenant".to_owned()));
    }

    #[test]
    fn a_store_that_does_not_open_is_a_finding_too() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("frontdesk.db"), "this is no database, but longer than a header of one")
            .unwrap();
        let (exit, told) = asked(folder.path(), None);
        assert_eq!(exit, Exit::Wrong);
        assert!(checks(&told).contains(&"error - start".to_owned()), "{told:#}");
    }
}
