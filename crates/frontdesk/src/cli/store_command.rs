//! Commands on the store, as values: they travel to the server that holds the data folder, if there is one.

use std::path::PathBuf;
use std::sync::Arc;

use frontdesk_connect::http::Client;
use frontdesk_desk::Calendars;
use frontdesk_desk::sync::Syncer;
use frontdesk_domain::calendar::rules::Rules;
use frontdesk_store::Store;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{
    Apply, CommandOutput, agenda, backup, calendar, call, callbacks, doctor, explain, keys, migrate, review, sync,
    tenant, tenant_apply, wishes,
};

/// A command on the store with everything it needs; files were read by whoever asks.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
#[allow(missing_docs, reason = "each is the command of that name")]
pub enum StoreCommand {
    TenantApply(Box<Apply>),
    TenantList { json: bool },
    TenantShow { slug: String, json: bool },
    CalendarImport { tenant: Option<String> },
    Doctor { tenant: Option<String>, asked_at: Timestamp },
    Explain { call_id: String, json: bool },
    Agenda { tenant: Option<String>, date: Option<Date>, days: u16, json: bool },
    CallbacksList { tenant: Option<String>, json: bool },
    CallbackDone { tenant: Option<String>, id: String, json: bool },
    Wishes { tenant: Option<String>, days: u16, json: bool },
    Migrate,
    Backup { target: PathBuf },
    KeysRotate,
    Door { tenant: Option<String>, endpoint: Option<String> },
    SyncStatus { tenant: Option<String>, json: bool },
    SyncRun { tenant: Option<String> },
    SyncRetry { appointment: String },
    ReviewList { tenant: Option<String>, all: bool, json: bool },
    ReviewShow { id: String, json: bool },
    ReviewResolve(review::Decision),
}

/// Where a command runs.
#[derive(Clone, Copy, Debug)]
pub struct Premises<'a> {
    /// The store.
    pub store: &'a Store,
    /// Where platforms reach the server, without a slash at the end.
    pub base_url: &'a str,
    /// This is the server itself.
    pub served: bool,
}

impl StoreCommand {
    /// Does it where no server is at work; what needs a calendar opens it for itself.
    pub async fn run(self, premises: &Premises<'_>) -> CommandOutput {
        self.run_beside(premises, None).await
    }

    /// Does it; `serving`: what brings appointments and calendars together in this process, if it does.
    pub async fn run_beside(self, premises: &Premises<'_>, serving: Option<&Arc<Syncer>>) -> CommandOutput {
        match self {
            Self::SyncStatus { tenant, json } => sync::status(tenant.as_deref(), json, premises, serving).await,
            Self::SyncRun { tenant } => {
                Box::pin(sync::run_now(tenant.as_deref(), premises, &syncer(premises, serving))).await
            }
            Self::SyncRetry { appointment } => {
                Box::pin(sync::retry(&appointment, premises, &syncer(premises, serving))).await
            }
            Self::ReviewList { tenant, all, json } => review::list(tenant.as_deref(), all, json, premises).await,
            Self::ReviewShow { id, json } => review::show(&id, json, premises).await,
            Self::ReviewResolve(decision) => {
                Box::pin(review::resolve(decision, premises, &syncer(premises, serving))).await
            }
            Self::TenantApply(apply) => Box::pin(tenant_apply::apply(*apply, premises)).await,
            Self::TenantList { json } => tenant::list(json, premises).await,
            Self::TenantShow { slug, json } => tenant::show(&slug, json, premises).await,
            Self::CalendarImport { tenant } => Box::pin(calendar::import(tenant.as_deref(), premises)).await,
            Self::Doctor { tenant, asked_at } => Box::pin(doctor::examine(tenant.as_deref(), asked_at, premises)).await,
            Self::Explain { call_id, json } => explain::explain(&call_id, json, premises).await,
            Self::Agenda { tenant, date, days, json } => {
                agenda::agenda(tenant.as_deref(), date, days, json, premises).await
            }
            Self::CallbacksList { tenant, json } => callbacks::list(tenant.as_deref(), json, premises).await,
            Self::CallbackDone { tenant, id, json } => callbacks::done(tenant.as_deref(), &id, json, premises).await,
            Self::Wishes { tenant, days, json } => wishes::wishes(tenant.as_deref(), days, json, premises).await,
            Self::Migrate => migrate::migrate(premises).await,
            Self::Backup { target } => backup::backup(&target, premises).await,
            Self::KeysRotate => keys::rotate(premises).await,
            Self::Door { tenant, endpoint } => call::door(tenant.as_deref(), endpoint.as_deref(), premises).await,
        }
    }

    /// Whether it changes what is behind endpoint tokens.
    pub fn changes_doors(&self) -> bool {
        matches!(self, Self::TenantApply(_))
    }

    /// Whether it is sensible on a data folder that does not exist yet.
    pub(super) fn may_make_folder(&self) -> bool {
        matches!(self, Self::TenantApply(_) | Self::Migrate)
    }
}

/// The server's, or one for this command alone.
fn syncer(premises: &Premises<'_>, serving: Option<&Arc<Syncer>>) -> Arc<Syncer> {
    serving.map_or_else(
        || {
            let open = crate::calendars::opener(Client::new().ok());
            let calendars = Arc::new(Calendars::new(premises.store.clone(), open));
            Arc::new(Syncer::new(premises.store.clone(), calendars, Rules::SOUND))
        },
        Arc::clone,
    )
}
