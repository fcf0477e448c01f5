//! `frontdesk agenda`: who is coming.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use frontdesk_domain::booking::saga::State;
use frontdesk_domain::tenant::Tenant;
use frontdesk_store::agenda::{self, Entry};
use frontdesk_store::{StoreError, Tx, syncs};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};

use super::output::EXIT_CODES;
use super::place::Place;
use super::sync::label;
use super::{CommandOutput, Premises, StoreCommand, house};

/// Show who is coming, per day and person: time, service, customer, number, state
#[derive(Debug, clap::Args)]
#[command(after_help = format!("\
Examples:
  frontdesk agenda
  frontdesk agenda --tenant salon-morgenrot --date 2026-12-02 --days 3
  frontdesk agenda --json

{EXIT_CODES}"))]
pub(super) struct Args {
    /// The tenant's short name; may be left out if there is only one
    #[arg(long, value_name = "SLUG")]
    tenant: Option<String>,
    /// The first day; today if left out
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<Date>,
    /// How many days
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=366))]
    days: u16,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

pub(super) fn run(args: Args) -> CommandOutput {
    args.place.run(StoreCommand::Agenda { tenant: args.tenant, date: args.date, days: args.days, json: args.json })
}

/// One person's part of an appointment.
struct Line<'a> {
    start: jiff::Zoned,
    end: jiff::Zoned,
    branch: &'a str,
    staff: String,
    service: String,
    entry: &'a Entry,
    sync: Option<&'a str>,
}

/// An appointment, and how it stands with a calendar outside.
type Coming = (Entry, Option<String>);

async fn coming(tx: &mut Tx, from_ms: i64, until_ms: i64, linked: bool) -> Result<Vec<Coming>, StoreError> {
    let mut all = Vec::new();
    for entry in agenda::starting(tx, from_ms, until_ms).await? {
        let sync = if linked { syncs::load(tx, &entry.id).await? } else { None };
        all.push((entry, sync.map(|sync| sync.status)));
    }
    Ok(all)
}

pub(super) async fn agenda(
    slug: Option<&str>,
    date: Option<Date>,
    days: u16,
    as_json: bool,
    premises: &Premises<'_>,
) -> CommandOutput {
    let (scope, tenant) = match house::tenant(slug, premises).await {
        Ok(found) => found,
        Err(output) => return output,
    };
    let now = premises.store.ctx().now();
    let first = date.unwrap_or_else(|| now.to_zoned(house::zone(&tenant, &tenant.default_branch)).date());
    let Ok(after) = first.checked_add(i32::from(days).days()) else {
        return CommandOutput::usage("These days are beyond the calendar; name an earlier --date or fewer --days.");
    };
    let Some((from_ms, until_ms)) = stretch(&tenant, first, after) else {
        return CommandOutput::usage("These days are beyond the calendar; name another --date.");
    };
    let linked = tenant.calendar.is_some();
    let read = premises.store.read(&scope, move |tx| Box::pin(coming(tx, from_ms, until_ms, linked))).await;
    let entries: Vec<Coming> = match read {
        Ok(entries) => entries,
        Err(error) => return CommandOutput::wrong(format!("The appointments cannot be read: {error}")),
    };
    let lines = lines(&tenant, &entries, first, after);
    if as_json {
        let told: Vec<Value> = lines.iter().map(Line::json).collect();
        let days = json!({ "from": first.to_string(), "days": days });
        return CommandOutput::json(&json!({ "tenant": tenant.slug, "period": days, "appointments": told }));
    }
    CommandOutput::ok(text(&tenant, &lines, first, after))
}

/// From the first midnight of any branch to the last one after the days.
fn stretch(tenant: &Tenant, first: Date, after: Date) -> Option<(i64, i64)> {
    let midnight = |date: Date| {
        let of = |zone: &jiff::tz::TimeZone| date.to_zoned(zone.clone()).ok().map(|at| at.timestamp());
        tenant.branches.iter().filter_map(|branch| of(&branch.zone)).collect::<Vec<Timestamp>>()
    };
    let (from, until) = (midnight(first).into_iter().min()?, midnight(after).into_iter().max()?);
    Some((from.as_millisecond(), until.as_millisecond()))
}

/// By day, branch, person and time; each leg of a visit with the person who does it.
fn lines<'a>(tenant: &'a Tenant, entries: &'a [Coming], first: Date, after: Date) -> Vec<Line<'a>> {
    let mut lines: Vec<Line<'a>> = Vec::new();
    for (entry, sync) in entries {
        for leg in &entry.visit.legs {
            let service = tenant.service(&leg.service).map(|service| service.name.clone());
            let staff = tenant.staff(&leg.staff).map(|person| person.name.clone());
            let zone = house::zone(tenant, &entry.branch);
            lines.push(Line {
                start: leg.start.to_zoned(zone.clone()),
                end: leg.end.to_zoned(zone),
                branch: house::branch_name(tenant, &entry.branch),
                staff: staff.unwrap_or_else(|| leg.staff.to_string()),
                service: service.unwrap_or_else(|| leg.service.to_string()),
                entry,
                sync: sync.as_deref(),
            });
        }
    }
    lines.retain(|line| (first..after).contains(&line.start.date()));
    lines.sort_by(|one, other| one.key().cmp(&other.key()));
    lines
}

impl Line<'_> {
    fn key(&self) -> (Date, &str, &str, Timestamp, &str) {
        (self.start.date(), self.branch, &self.staff, self.start.timestamp(), self.entry.id.as_str())
    }

    fn json(&self) -> Value {
        json!({
            "id": self.entry.id,
            "branch": self.entry.branch,
            "staff": self.staff,
            "start": house::rfc3339(&self.start),
            "end": house::rfc3339(&self.end),
            "service": self.service,
            "customer": self.entry.customer.reveal(),
            "phone": house::number(&self.entry.phone),
            "state": self.entry.saga.as_str(),
            "sync_status": self.sync,
            "notes": self.entry.notes.as_ref().map(|notes| notes.reveal()),
        })
    }
}

fn text(tenant: &Tenant, lines: &[Line<'_>], first: Date, after: Date) -> String {
    let mut text = format!("{} ({})\n", tenant.name, tenant.slug);
    let mut days: BTreeMap<Date, Vec<&Line<'_>>> =
        first.series(1.day()).take_while(|day| *day < after).map(|day| (day, Vec::new())).collect();
    for line in lines {
        days.entry(line.start.date()).or_default().push(line);
    }
    for (day, lines) in days {
        let _infallible = writeln!(text, "\n{}", day.strftime("%A, %Y-%m-%d"));
        if lines.is_empty() {
            text.push_str("  nobody\n");
        }
        let mut heading = ("", "");
        for line in lines {
            if heading != (line.branch, line.staff.as_str()) {
                heading = (line.branch, line.staff.as_str());
                let _infallible = writeln!(text, "  {}, {}", line.staff, line.branch);
            }
            let _infallible = writeln!(
                text,
                "    {}–{}  {}  {}  {}  {}  {}{}",
                line.start.strftime("%H:%M"),
                line.end.strftime("%H:%M"),
                line.service,
                line.entry.customer.reveal(),
                house::number(&line.entry.phone).unwrap_or("withheld number"),
                state(line.entry.saga),
                line.entry.id,
                label(line.sync),
            );
            if let Some(notes) = &line.entry.notes {
                let _infallible = writeln!(text, "                 “{}”", notes.reveal());
            }
        }
    }
    text
}

/// Held is what a caller was told is noted: the calendar outside has not said yes yet.
fn state(saga: State) -> &'static str {
    match saga {
        State::Held => "noted",
        other => other.as_str(),
    }
}
