//! Free times fetched before they are asked for: as soon as a tenant is called, and for a while after.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use frontdesk_domain::ids::TenantId;
use frontdesk_store::TenantScope;
use tokio::sync::Notify;

use super::Syncer;

/// Tenants that were called within this time are kept warm.
const LATELY_MS: i64 = 5 * 60 * 1000;

/// Which tenants were called lately.
#[derive(Debug, Default)]
pub(super) struct Called {
    last: Mutex<HashMap<TenantId, (TenantScope, i64)>>,
    bell: Notify,
}

impl Syncer {
    /// Somebody calls a tenant with a calendar outside: its free times will be asked for in a moment.
    pub(crate) fn called(&self, scope: &TenantScope) {
        let now_ms = self.ctx().now_ms();
        let mut last = self.called.last.lock().unwrap_or_else(PoisonError::into_inner);
        let before = last.insert(scope.tenant().clone(), (scope.clone(), now_ms));
        if before.is_none_or(|(_, then)| now_ms.saturating_sub(then) > LATELY_MS) {
            self.called.bell.notify_one();
        }
    }

    /// Waits until a tenant is called that was not lately, but no longer than so long.
    pub async fn until_called(&self, longest: Duration) {
        let ctx = self.ctx().clone();
        tokio::select! {
            () = self.called.bell.notified() => {}
            () = ctx.sleep(longest) => {}
        }
    }

    /// Fetches free times for every tenant that was called lately, with what nobody else needs of its rate budget. Says
    /// how many questions that took.
    pub async fn warm(&self) -> usize {
        let now_ms = self.ctx().now_ms();
        let lately: Vec<TenantScope> = {
            let mut last = self.called.last.lock().unwrap_or_else(PoisonError::into_inner);
            last.retain(|_, (_, then)| now_ms.saturating_sub(*then) <= LATELY_MS);
            last.values().map(|(scope, _)| scope.clone()).collect()
        };
        let mut asked = 0;
        for scope in lately {
            let Ok(Some(tenant)) = self.store.tenant_of(&scope).await else { continue };
            if let Some(calendar) = self.calendar(&scope, &tenant).await {
                asked += calendar.warm().await;
            }
        }
        asked
    }
}
