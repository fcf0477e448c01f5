//! Applying a tenant's file: read where it lies, written where the store is.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use frontdesk_domain::booking::saga::State;
use frontdesk_domain::calling::Platform;
use frontdesk_domain::ids::{AppointmentId, BranchId, CustomerId};
use frontdesk_domain::pii::{Email, PersonName, Phone};
use frontdesk_domain::slots::Visit;
use frontdesk_domain::tenant::Tenant;
use frontdesk_store::appointments::Appointment;
use frontdesk_store::calendar_keys::CalendarKeys;
use frontdesk_store::customers::Customer;
use frontdesk_store::tenants::{self, Applied, ApplyError};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::tenant::{Addresses, next_step};
use super::{CommandOutput, Premises};
use crate::tenant_file::{self, TenantFile, changes};

/// Where records from a tenant file say they come from.
const SOURCE: &str = "tenant_file";

/// A tenant file that was read and found right, ready to travel over the control socket. Holds keys: not `Debug`.
#[derive(Serialize, Deserialize)]
pub struct Apply {
    tenant: Tenant,
    endpoint: Option<String>,
    voice_keys: Vec<(Platform, Vec<String>)>,
    calendar_api_key: Option<String>,
    calendar_webhook_secrets: Vec<String>,
    customers: Vec<BroughtCustomer>,
    appointments: Vec<BroughtAppointment>,
    warnings: Vec<String>,
    json: bool,
}

#[derive(Serialize, Deserialize)]
struct BroughtCustomer {
    id: CustomerId,
    name: PersonName,
    phone: Option<Phone>,
    email: Option<Email>,
}

#[derive(Serialize, Deserialize)]
struct BroughtAppointment {
    id: AppointmentId,
    branch: BranchId,
    customer: CustomerId,
    visit: Visit,
}

impl std::fmt::Debug for Apply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Apply({})", self.tenant.slug)
    }
}

impl Apply {
    /// What a file says.
    pub fn new(file: TenantFile, json: bool) -> Self {
        let customers = file.customers.into_iter();
        let appointments = file.appointments.into_iter();
        Self {
            tenant: file.tenant,
            endpoint: file.endpoint,
            voice_keys: [
                (Platform::Retell, &file.retell_keys),
                (Platform::Vapi, &file.vapi_keys),
                (Platform::Elevenlabs, &file.elevenlabs_keys),
            ]
            .into_iter()
            // The file is the truth: a platform without keys in it has none from now on.
            .map(|(platform, keys)| (platform, keys.iter().map(revealed).collect()))
            .collect(),
            calendar_api_key: file.calendar_api_key.as_ref().map(revealed),
            calendar_webhook_secrets: file.calendar_webhook_secrets.iter().map(revealed).collect(),
            customers: customers
                .map(|one| BroughtCustomer { id: one.id, name: one.name, phone: one.phone, email: one.email })
                .collect(),
            appointments: appointments
                .map(|one| BroughtAppointment {
                    id: one.id,
                    branch: one.branch,
                    customer: one.customer,
                    visit: one.visit,
                })
                .collect(),
            warnings: file.warnings,
            json,
        }
    }
}

fn revealed(key: &SecretString) -> String {
    key.expose_secret().to_owned()
}

/// Reads a tenant file, or says everything that is wrong with it.
pub(super) fn read_file(path: &Path, json: bool) -> Result<Apply, CommandOutput> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| {
        CommandOutput::wrong(format!(
            "{name} cannot be read: {error}. The repository's examples/ hold files to start from."
        ))
    })?;
    match tenant_file::read(&text, &name) {
        Ok(file) => Ok(Apply::new(file, json)),
        Err(errors) if json => {
            let problems: Vec<_> = errors
                .problems
                .iter()
                .map(|problem| json!({ "file": errors.file, "line": problem.line, "problem": problem.text }))
                .collect();
            let output = CommandOutput::json(&json!({ "applied": false, "problems": problems }));
            Err(CommandOutput { exit: super::Exit::Wrong, ..output })
        }
        Err(errors) => Err(CommandOutput::wrong(format!("Nothing was applied; the file is wrong:\n{errors}"))),
    }
}

pub(super) async fn apply(apply: Apply, premises: &Premises<'_>) -> CommandOutput {
    let now = premises.store.ctx().now();
    let as_json = apply.json;
    let warnings = apply.warnings;
    let wanted = tenants::Apply {
        endpoint: apply.endpoint,
        voice_keys: apply
            .voice_keys
            .into_iter()
            .map(|(platform, keys)| (platform, keys.into_iter().map(SecretString::from).collect()))
            .collect(),
        calendar_keys: Some(CalendarKeys {
            api: apply.calendar_api_key.map(SecretString::from),
            webhook: apply.calendar_webhook_secrets.into_iter().map(SecretString::from).collect(),
        }),
        customers: apply.customers.into_iter().map(|one| customer(one, premises)).collect(),
        appointments: apply
            .appointments
            .into_iter()
            .map(|one| appointment(one, &apply.tenant, now.as_millisecond()))
            .collect(),
        tenant: apply.tenant,
    };
    match premises.store.apply_tenant(wanted).await {
        Ok(applied) => told(&applied, &warnings, as_json, premises),
        Err(error @ (ApplyError::Store(_) | ApplyError::KeyRing(_))) => {
            CommandOutput::wrong(format!("Nothing was applied: {error}"))
        }
        Err(error) => CommandOutput::refused(format!("Nothing was applied: {error}")),
    }
}

fn customer(one: BroughtCustomer, premises: &Premises<'_>) -> Customer {
    let ctx = premises.store.ctx();
    let placeholder = || {
        let random: String = ctx.random::<4>().iter().map(|byte| format!("{byte:02x}")).collect();
        Phone::from_canonical(format!("anonymous_{}_{random}", ctx.now().as_second()))
    };
    Customer {
        id: one.id,
        name: one.name,
        phone: one.phone.unwrap_or_else(placeholder),
        email: one.email,
        source: SOURCE.to_owned(),
    }
}

fn appointment(one: BroughtAppointment, tenant: &Tenant, now_ms: i64) -> Appointment {
    let legs = &one.visit.legs;
    let services = legs.iter().filter_map(|leg| tenant.service(&leg.service)).map(|service| service.name.clone());
    let mut seen = BTreeSet::new();
    let staff = legs.iter().filter(|leg| seen.insert(leg.staff.clone())).filter_map(|leg| tenant.staff(&leg.staff));
    Appointment {
        services: services.collect(),
        staff: staff.map(|person| person.name.clone()).collect(),
        id: one.id,
        branch: one.branch,
        customer: one.customer,
        call_id: None,
        saga: State::Confirmed,
        visit: one.visit,
        email: None,
        notes: None,
        moves: 0,
        source: SOURCE.to_owned(),
        created_ms: now_ms,
    }
}

fn told(applied: &Applied, warnings: &[String], as_json: bool, premises: &Premises<'_>) -> CommandOutput {
    let mut sentences = changes(applied.before.as_ref(), &applied.tenant);
    if applied.endpoint_changed && applied.before.is_some() {
        let whom = if applied.tenant.calendar.is_some() { " and Cal.com" } else { "" };
        sentences.push(format!("The endpoint token changed: give the voice platform{whom} the addresses below."));
    }
    if applied.keys_changed && applied.before.is_some() {
        sentences.push("The keys that sign calls changed.".to_owned());
    }
    if applied.calendar_keys_changed && applied.before.is_some() {
        sentences.push("The calendar's keys changed.".to_owned());
    }
    if applied.customers_added > 0 {
        sentences.push(format!("{} customers were brought over.", applied.customers_added));
    }
    if applied.appointments_added > 0 {
        sentences.push(format!("{} appointments were brought over.", applied.appointments_added));
    }
    let addresses = Addresses::of(premises.base_url, &applied.endpoint, &applied.tenant);
    if as_json {
        return CommandOutput::json(&json!({
            "applied": true,
            "slug": applied.tenant.slug,
            "new": applied.before.is_none(),
            "changed": !sentences.is_empty(),
            "changes": sentences,
            "warnings": warnings,
            "endpoint": applied.endpoint,
            "urls": addresses.json(),
        }));
    }
    let mut text = String::new();
    let head = if applied.before.is_none() { "new" } else { "changed" };
    let _infallible = if sentences.is_empty() {
        writeln!(text, "{}: nothing changed.", applied.tenant.slug)
    } else {
        writeln!(text, "{} ({head}):\n  {}", applied.tenant.slug, sentences.join("\n  "))
    };
    let _infallible = write!(text, "\nAddresses for the voice platform (Retell)\n{}", addresses.lines());
    text.push_str(&next_step(&applied.tenant));
    let err = warnings.iter().fold(String::new(), |all, warning| all + "warning: " + warning + "\n");
    CommandOutput { err, ..CommandOutput::ok(text) }
}
