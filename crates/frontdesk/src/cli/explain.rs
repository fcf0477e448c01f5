//! `frontdesk explain`: the timeline of one call.

use std::fmt::Write as _;

use frontdesk_domain::ids::CallId;
use frontdesk_store::agenda::{self, Promise};
use frontdesk_store::appointments::{self, Appointment};
use frontdesk_store::calls::{self, CallRow};
use frontdesk_store::syncs::{self, SyncRow};
use frontdesk_store::timeline::{self, Event};
use frontdesk_store::{StoreError, TenantScope};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::output::{EXIT_CODES, is_empty, plain};
use super::place::Place;
use super::sync::label;
use super::{CommandOutput, Premises, StoreCommand};

/// Tell what happened in one call: asked, said, offered, held, booked, with times and durations
#[derive(Debug, clap::Args)]
#[command(after_help = format!("\
Examples:
  frontdesk explain call_5b1f0c7a9e2d4863b0ce7f1a24d
  frontdesk explain call_5b1f0c7a9e2d4863b0ce7f1a24d --json

{EXIT_CODES}"))]
pub(super) struct Args {
    /// The voice platform's id of the call
    call_id: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

pub(super) fn run(args: Args) -> CommandOutput {
    args.place.run(StoreCommand::Explain { call_id: args.call_id, json: args.json })
}

/// One call of one tenant.
struct Story {
    tenant: String,
    zone: TimeZone,
    call: CallRow,
    events: Vec<Event>,
    appointments: Vec<Appointment>,
    promises: Vec<Promise>,
    /// How each appointment stands with a calendar outside, if it has to do with one.
    syncs: Vec<SyncRow>,
}

pub(super) async fn explain(call_id: &str, as_json: bool, premises: &Premises<'_>) -> CommandOutput {
    let stories = match stories(&CallId::new(call_id), premises).await {
        Ok(stories) => stories,
        Err(error) => return CommandOutput::wrong(format!("The call cannot be read: {error}")),
    };
    if stories.is_empty() {
        return CommandOutput::wrong(format!(
            "No call {call_id:?} is known here. Its id is the voice platform's. Two kinds of calls leave no trace: those \
             that never asked for anything, and those on a line that is in no tenant file. Their callers heard \
             refused/unknown_line, and the server's log names the call: compare the called number and the agent with \
             [[branch.line]] (frontdesk tenant show)."
        ));
    }
    if as_json {
        let calls: Vec<Value> = stories.iter().map(Story::json).collect();
        return CommandOutput::json(&json!({ "calls": calls }));
    }
    CommandOutput::ok(stories.iter().map(Story::text).collect::<Vec<_>>().join("\n"))
}

async fn stories(call_id: &CallId, premises: &Premises<'_>) -> Result<Vec<Story>, StoreError> {
    let tenants = premises.store.tenants().await?;
    let mut stories = Vec::new();
    for scope in premises.store.scopes_of_call(call_id).await? {
        let Some((call, events, appointments, promises, syncs)) = traces(&scope, call_id, premises).await? else {
            continue;
        };
        let tenant = tenants.iter().find(|(of, ..)| *of == scope).map(|(_, tenant, _)| tenant);
        let branch = tenant.and_then(|tenant| tenant.branch(&call.branch));
        stories.push(Story {
            tenant: tenant.map_or_else(|| scope.tenant().to_string(), |tenant| tenant.slug.clone()),
            zone: branch.map_or(TimeZone::UTC, |branch| branch.zone.clone()),
            call,
            events,
            appointments,
            promises,
            syncs,
        });
    }
    Ok(stories)
}

type Traces = (CallRow, Vec<Event>, Vec<Appointment>, Vec<Promise>, Vec<SyncRow>);

async fn traces(scope: &TenantScope, call_id: &CallId, premises: &Premises<'_>) -> Result<Option<Traces>, StoreError> {
    let call_id = call_id.clone();
    premises
        .store
        .read(scope, move |tx| {
            Box::pin(async move {
                let Some(call) = calls::load(tx, &call_id).await? else { return Ok(None) };
                let events = timeline::of_call(tx, &call_id).await?;
                let made = appointments::made_by(tx, &call_id).await?;
                let promised = agenda::promises_of_call(tx, &call_id).await?;
                let mut standing = Vec::new();
                for appointment in &made {
                    standing.extend(syncs::load(tx, &appointment.id).await?);
                }
                Ok(Some((call, events, made, promised, standing)))
            })
        })
        .await
}

/// What an entry of the timeline tells beside its sentence, without what is empty.
fn facts(detail: &str) -> Vec<(String, Value)> {
    match serde_json::from_str(detail) {
        Ok(Value::Object(fields)) => fields.into_iter().filter(|(_, value)| !is_empty(value)).collect(),
        Ok(Value::Null) => Vec::new(),
        Ok(other) => vec![("detail".to_owned(), other)],
        Err(_) => vec![("detail".to_owned(), detail.into())],
    }
}

/// What the calendar did is told apart from what was asked.
fn title(event: &Event) -> String {
    match event.kind.as_str() {
        "calendar" => format!("calendar: {}", event.name.replace('_', " ")),
        _ => event.name.clone(),
    }
}

impl Story {
    fn local(&self, ms: i64, format: &str) -> String {
        Timestamp::from_millisecond(ms)
            .map_or_else(|_| ms.to_string(), |at| at.to_zoned(self.zone.clone()).strftime(format).to_string())
    }

    fn caller(&self) -> String {
        self.call.number.as_ref().map_or_else(|| "withheld number".to_owned(), |number| number.reveal().to_owned())
    }

    fn sync_of(&self, appointment: &Appointment) -> Option<&str> {
        let row = self.syncs.iter().find(|row| row.appointment == appointment.id);
        row.map(|row| row.status.as_str())
    }

    fn text(&self) -> String {
        let call = &self.call;
        let began = call.started_ms.unwrap_or(call.created_ms);
        let mut text = format!(
            "Call {} — {} at {}, {}\n{}, {}",
            call.call_id,
            self.tenant,
            call.branch,
            self.caller(),
            self.local(began, "%Y-%m-%d %H:%M:%S %Z"),
            call.status.as_deref().unwrap_or("state unknown"),
        );
        if let Some(duration) = call.duration_ms {
            let _infallible = write!(text, " after {} s", duration / 1000);
        }
        if let Some(reason) = &call.disconnection_reason {
            let _infallible = write!(text, " ({reason})");
        }
        text.push('\n');
        for event in &self.events {
            let took =
                event.micros.map_or_else(String::new, |micros| format!("  {}.{:03} ms", micros / 1000, micros % 1000));
            let outcome = match (&event.status, &event.code) {
                (Some(status), Some(code)) => format!(" → {status}/{code}"),
                (Some(status), None) => format!(" → {status}"),
                _ => String::new(),
            };
            let _infallible =
                writeln!(text, "\n{}  {}{outcome}{took}", self.local(event.at_ms, "%H:%M:%S%.3f"), title(event));
            if let Some(spoken) = &event.spoken {
                let _infallible = writeln!(text, "              “{spoken}”");
            }
            for (what, value) in event.detail.as_deref().map(facts).unwrap_or_default() {
                let _infallible = writeln!(text, "              {what}: {}", self.plain_local(&value));
            }
        }
        if !self.appointments.is_empty() {
            text.push_str("\nAppointments made by this call\n");
        }
        for one in &self.appointments {
            let _infallible = writeln!(
                text,
                "  {}  {}  {} with {}  {}{}",
                one.id,
                self.local(one.visit.start.as_millisecond(), "%Y-%m-%d %H:%M"),
                one.services.join(" + "),
                one.staff.join(", "),
                one.saga.as_str(),
                label(self.sync_of(one)),
            );
        }
        if !self.promises.is_empty() {
            text.push_str("\nCalls back promised in this call\n");
        }
        for one in &self.promises {
            let due = self.local(one.promised_ms, "%Y-%m-%d %H:%M");
            let state = if one.open { "open" } else { "done" };
            let _infallible = writeln!(text, "  {}  by {due}  {state}", one.id);
        }
        text
    }

    /// A value as a person reads it; instants on the branch's clock.
    fn plain_local(&self, value: &Value) -> String {
        plain(&self.localised(value)).replace("\n    ", "\n                ")
    }

    fn localised(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => match text.parse::<Timestamp>() {
                Ok(at) => self.local(at.as_millisecond(), "%Y-%m-%d %H:%M").into(),
                Err(_) => value.clone(),
            },
            Value::Array(items) => items.iter().map(|item| self.localised(item)).collect(),
            Value::Object(fields) => {
                Value::Object(fields.iter().map(|(key, value)| (key.clone(), self.localised(value))).collect())
            }
            other => other.clone(),
        }
    }

    fn json(&self) -> Value {
        let call = &self.call;
        let at = |ms: i64| self.local(ms, "%Y-%m-%dT%H:%M:%S%.3f%:z");
        let events: Vec<Value> = self
            .events
            .iter()
            .map(|event| {
                json!({
                    "at": at(event.at_ms),
                    "kind": event.kind,
                    "name": event.name,
                    "invocation": event.invocation,
                    "status": event.status,
                    "code": event.code,
                    "spoken": event.spoken,
                    "detail": event.detail.as_deref().map(|text| serde_json::from_str(text).unwrap_or(json!(text))),
                    "micros": event.micros,
                })
            })
            .collect();
        let appointments: Vec<Value> = self
            .appointments
            .iter()
            .map(|one| {
                json!({
                    "id": one.id,
                    "start": at(one.visit.start.as_millisecond()),
                    "end": at(one.visit.end.as_millisecond()),
                    "services": one.services,
                    "staff": one.staff,
                    "state": one.saga.as_str(),
                    "sync_status": self.sync_of(one),
                })
            })
            .collect();
        let callbacks: Vec<Value> = self
            .promises
            .iter()
            .map(|one| json!({ "id": one.id, "due": at(one.promised_ms), "open": one.open, "cause": one.cause }))
            .collect();
        json!({
            "call_id": call.call_id,
            "tenant": self.tenant,
            "branch": call.branch,
            "platform": call.platform,
            "direction": call.direction,
            "caller": self.caller(),
            "agent": call.agent_id,
            "status": call.status,
            "started": call.started_ms.map(at),
            "ended": call.ended_ms.map(at),
            "duration_ms": call.duration_ms,
            "disconnection_reason": call.disconnection_reason,
            "platform_successful": call.platform_successful,
            "misses": call.misses,
            "events": events,
            "appointments": appointments,
            "callbacks": callbacks,
        })
    }
}
