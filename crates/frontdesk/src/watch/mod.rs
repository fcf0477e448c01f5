//! The watch: every ten seconds a look at everything, alarms for what is wrong, and their delivery. Beside the calls;
//! nothing here makes anybody wait.

mod conditions;
mod delivery;

use std::sync::Arc;
use std::time::Duration;

use frontdesk_connect::alarm::{Log, PagerDuty, Webhook};
use frontdesk_connect::http::Client;
use frontdesk_desk::Desk;
use frontdesk_domain::alarm::Kind;
use frontdesk_domain::ids::TenantId;
use frontdesk_domain::ports::Alarm;
use frontdesk_store::alarms::{self, AlarmRow};
use frontdesk_store::{StoreError, TenantScope};
use jiff::SignedDuration;
use tokio::sync::Mutex;

use crate::config;
use crate::metrics::CalendarMetrics;
use conditions::{Failing, Look, Wrong};
use delivery::Delivery;

/// How often it looks.
pub const EVERY: Duration = Duration::from_secs(10);
/// A booking that should be gone is an alarm after this long, in milliseconds.
const OVERDUE_MS: i64 = 60_000;

/// Looks, raises, clears and tells.
pub struct Watch {
    unsynced_after: SignedDuration,
    memory: Mutex<Memory>,
}

struct Memory {
    failing: Failing,
    delivery: Delivery,
}

impl Watch {
    /// A watch that tells the log and whoever these settings name.
    pub fn new(config: &config::Alarm) -> Self {
        let mut receivers: Vec<Arc<dyn Alarm>> = vec![Arc::new(Log)];
        if config.webhook.is_some() || config.pagerduty.is_some() {
            match Client::new() {
                Ok(http) => {
                    if let Some((url, secret)) = config.webhook.clone() {
                        receivers.push(Arc::new(Webhook::new(http.clone(), url, secret)));
                    }
                    if let Some((url, key)) = config.pagerduty.clone() {
                        receivers.push(Arc::new(PagerDuty::new(http, url, key)));
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "alarms reach nobody from here but the log; install ca-certificates");
                }
            }
        }
        if let Some(email) = config.email.clone() {
            receivers.push(Arc::new(email));
        }
        let delivery = Delivery::new(receivers);
        let memory = Mutex::new(Memory { failing: Failing::default(), delivery });
        Self { unsynced_after: config.unsynced_after, memory }
    }

    /// One look, and whatever is to be told.
    ///
    /// # Errors
    /// The store failed; the next look tries again.
    pub async fn look(&self, desk: &Desk, metrics: &CalendarMetrics) -> Result<(), StoreError> {
        let mut memory = self.memory.lock().await;
        let store = desk.store();
        let now = store.ctx().now();
        let guards = desk.sync().calendars().states();
        let standing = store.standing(OVERDUE_MS).await?;
        let oldest = standing.unsynced.iter().filter_map(|one| one.oldest_ms).min();
        let oldest = oldest.map_or(0, |ms| now.as_millisecond().saturating_sub(ms));
        let states: Vec<_> = guards.iter().map(|(_, state)| state).collect();
        metrics.stands(&standing, &states, Duration::from_millis(u64::try_from(oldest).unwrap_or_default()));
        let tenants = store.tenants().await?;
        let linked: Vec<&TenantId> = tenants
            .iter()
            .filter(|(_, tenant, _)| tenant.calendar.is_some())
            .map(|(_, tenant, _)| &tenant.id)
            .collect();
        let look = Look { standing: &standing, guards: &guards, linked: &linked, unsynced_after: self.unsynced_after };
        let wrong = look.wrong(&mut memory.failing, now);
        store.clear_outlived_alarms().await?;
        let known = store.alarms().await?;
        self.write(desk, &look, wrong, &known).await?;
        let names: Vec<(&TenantId, &str)> =
            tenants.iter().map(|(_, tenant, _)| (&tenant.id, tenant.slug.as_str())).collect();
        memory.delivery.deliver(store, &names).await?;
        metrics.alarmed(&store.alarms().await?);
        Ok(())
    }

    /// Raises what is newly wrong, and clears what is right again.
    async fn write(
        &self,
        desk: &Desk,
        look: &Look<'_>,
        wrong: Vec<Wrong>,
        known: &[AlarmRow],
    ) -> Result<(), StoreError> {
        let (store, now_ms) = (desk.store(), desk.store().ctx().now_ms());
        let open = || known.iter().filter(|row| row.cleared_ms.is_none());
        for row in open() {
            let Some(kind) = Kind::parse(&row.kind).filter(|kind| look.decides(row.scope.tenant(), *kind)) else {
                continue;
            };
            if !wrong.iter().any(|one| one.is(row.scope.tenant(), kind, &row.subject)) {
                let (kind, subject) = (row.kind.clone(), row.subject.clone());
                store
                    .run(&row.scope, move |tx| {
                        Box::pin(async move { alarms::clear(tx, &kind, &subject, now_ms).await })
                    })
                    .await?;
            }
        }
        for one in wrong {
            if open()
                .any(|row| Kind::parse(&row.kind).is_some_and(|kind| one.is(row.scope.tenant(), kind, &row.subject)))
            {
                continue;
            }
            let Some(scope) = self.scope(desk, &one.tenant).await? else { continue };
            store
                .run(&scope, move |tx| {
                    Box::pin(
                        async move { alarms::raise(tx, one.kind.as_str(), &one.subject, &one.message, now_ms).await },
                    )
                })
                .await?;
        }
        Ok(())
    }

    async fn scope(&self, desk: &Desk, tenant: &TenantId) -> Result<Option<TenantScope>, StoreError> {
        let tenants = desk.store().tenants().await?;
        Ok(tenants.into_iter().find(|(scope, ..)| scope.tenant() == tenant).map(|(scope, ..)| scope))
    }
}
