//! Calendars outside: opened once per tenant, each behind its guard.

mod gate;
mod guarded;
mod observer;
pub(crate) mod openings;
#[cfg(test)]
mod tests;
mod weeks;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use frontdesk_domain::calendar::budget::Budget;
use frontdesk_domain::calendar::link::CalendarLink;
use frontdesk_domain::ids::TenantId;
use frontdesk_domain::ports::{Calendar, Ctx};
use frontdesk_domain::tenant::Tenant;
use frontdesk_store::{Store, TenantScope};
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use tokio::sync::Notify;

pub use gate::{GuardState, Operation};
pub use guarded::Guarded;
pub(crate) use observer::Observer;
pub use observer::{Observe, SyncEvent};

/// Makes a calendar from its link and the key of its API; the text says why it cannot be, without the key.
pub type OpenCalendar = Arc<dyn Fn(&CalendarLink, SecretString) -> Result<Arc<dyn Calendar>, String> + Send + Sync>;

/// An open calendar's keys are looked up again after this long, so that another process's change is seen.
const FRESH_MS: i64 = 10_000;

/// What tells keys apart without being one.
type Fingerprint = [u8; 32];

/// The requests of one key, shared by all tenants that use it.
type SharedBudget = Arc<Mutex<Budget>>;

/// Every tenant's calendar outside, opened when it is first needed.
pub struct Calendars {
    store: Store,
    ctx: Ctx,
    open: OpenCalendar,
    opened: Mutex<HashMap<TenantId, Opened>>,
    /// Kept for good: a calendar opened again has not got its requests back.
    budgets: Mutex<HashMap<Fingerprint, SharedBudget>>,
    /// When the program started, if it may have been running shortly before.
    started: Mutex<Option<Timestamp>>,
    recovered: Arc<Notify>,
    observer: Observer,
}

struct Opened {
    guarded: Arc<Guarded>,
    key: Option<Fingerprint>,
    /// `None`: look again before the next use.
    looked_up_ms: Option<i64>,
}

impl Calendars {
    /// Calendars of a store's tenants; `open` makes them.
    pub fn new(store: Store, open: OpenCalendar) -> Self {
        let ctx = store.ctx().clone();
        Self {
            store,
            ctx,
            open,
            opened: Mutex::default(),
            budgets: Mutex::default(),
            started: Mutex::default(),
            recovered: Arc::new(Notify::new()),
            observer: Observer::default(),
        }
    }

    /// The program has just started again: in the first minute a key is used with care, because what was sent with it
    /// shortly before is not known.
    pub fn just_started(&self) {
        *lock(&self.started) = Some(self.ctx.now());
    }

    /// No calendar outside can be opened: a tenant that has one hears that it is not set up.
    pub fn none(store: Store) -> Self {
        Self::new(store, Arc::new(|_, _| Err("calendars outside are not spoken here".to_owned())))
    }

    /// From now on everything that happens is told; whoever is set first stays.
    pub fn observe(&self, observe: Observe) {
        self.observer.set(observe);
    }

    pub(crate) fn observer(&self) -> &Observer {
        &self.observer
    }

    /// A tenant's calendar outside; `None`: it keeps the built-in one.
    ///
    /// One that cannot be opened (no key, an address that is refused) is still told: it answers everything with
    /// [`frontdesk_domain::calendar::Unsent::NotSetUp`], so that nobody takes its tenant for one with the built-in calendar.
    pub async fn of(&self, scope: &TenantScope, tenant: &Tenant) -> Option<Arc<Guarded>> {
        let link = tenant.calendar.as_ref()?;
        let now_ms = self.ctx.now_ms();
        if let Some(guarded) = self.fresh(scope.tenant(), link, now_ms) {
            return Some(guarded);
        }
        match self.store.calendar_keys(scope).await {
            Ok(keys) => Some(self.keep(scope.tenant(), link, keys.api, now_ms)),
            Err(error) => {
                tracing::error!(%error, tenant = tenant.slug, "the calendar's key cannot be read; check the key ring");
                let known = lock(&self.opened).get(scope.tenant()).map(|opened| Arc::clone(&opened.guarded));
                Some(known.filter(|known| known.link() == link).unwrap_or_else(|| {
                    self.guard(scope.tenant(), link, Err(format!("the key cannot be read: {error}")), None)
                }))
            }
        }
    }

    /// Looks a tenant's keys up again before its calendar is used the next time, after its definition changed.
    pub fn forget(&self, tenant: &TenantId) {
        if let Some(opened) = lock(&self.opened).get_mut(tenant) {
            opened.looked_up_ms = None;
        }
    }

    /// Every calendar opened so far, for metrics and `doctor`.
    pub fn states(&self) -> Vec<(TenantId, GuardState)> {
        let opened: Vec<_> =
            lock(&self.opened).iter().map(|(id, opened)| (id.clone(), Arc::clone(&opened.guarded))).collect();
        opened.into_iter().map(|(id, guarded)| (id, guarded.state())).collect()
    }

    /// Wakes when some calendar works again, see [`Self::take_recovered`].
    pub async fn until_recovered(&self) {
        self.recovered.notified().await;
    }

    /// The tenants whose calendar works again since this was last asked: their waiting jobs are due at once.
    pub fn take_recovered(&self) -> Vec<TenantId> {
        let opened = lock(&self.opened);
        opened.iter().filter(|(_, opened)| opened.guarded.take_recovered()).map(|(id, _)| id.clone()).collect()
    }

    fn fresh(&self, tenant: &TenantId, link: &CalendarLink, now_ms: i64) -> Option<Arc<Guarded>> {
        let opened = lock(&self.opened);
        let known = opened.get(tenant).filter(|known| known.guarded.link() == link)?;
        let fresh = known.looked_up_ms.is_some_and(|then| now_ms.abs_diff(then) < FRESH_MS.unsigned_abs());
        fresh.then(|| Arc::clone(&known.guarded))
    }

    /// The calendar of these keys: the one that is open if it is the same, else a new one.
    fn keep(&self, tenant: &TenantId, link: &CalendarLink, key: Option<SecretString>, now_ms: i64) -> Arc<Guarded> {
        let fingerprint = key.as_ref().map(|key| Sha256::digest(key.expose_secret().as_bytes()).into());
        // Held while opening, so that nobody opens it twice; opening waits for nothing.
        let mut opened = lock(&self.opened);
        let before = opened.get_mut(tenant);
        let known = before.is_some();
        if let Some(before) = before
            && before.guarded.link() == link
            && before.key == fingerprint
        {
            before.looked_up_ms = Some(now_ms);
            return Arc::clone(&before.guarded);
        }
        let calendar = key.map_or_else(|| Err("there is no key".to_owned()), |key| (self.open)(link, key));
        if let Err(why) = &calendar {
            tracing::error!(%tenant, why, "the calendar outside cannot be opened; its bookings wait");
        }
        let guarded = self.guard(tenant, link, calendar, fingerprint);
        if known {
            // Another key or address: whatever waited for the old one may go now.
            guarded.raise_recovered();
        }
        let kept = Opened { guarded: Arc::clone(&guarded), key: fingerprint, looked_up_ms: Some(now_ms) };
        opened.insert(tenant.clone(), kept);
        guarded
    }

    fn guard(
        &self,
        tenant: &TenantId,
        link: &CalendarLink,
        calendar: Result<Arc<dyn Calendar>, String>,
        key: Option<Fingerprint>,
    ) -> Arc<Guarded> {
        let budget = match key {
            Some(key) => self.budget(key, link.per_minute),
            None => Arc::new(Mutex::new(Budget::new(link.per_minute))),
        };
        let observer = self.observer.clone();
        let parts = guarded::Parts { tenant: tenant.clone(), link: link.clone(), calendar, budget, observer };
        Arc::new(Guarded::new(self.ctx.clone(), parts, Arc::clone(&self.recovered)))
    }

    /// The budget of a key: the least that any of its tenants says.
    fn fresh_budget(&self, per_minute: u32) -> Budget {
        let now = self.ctx.now();
        let started = *lock(&self.started);
        let just_started =
            started.is_some_and(|started| now.duration_since(started).abs() < SignedDuration::from_secs(63));
        if just_started { Budget::after_restart(per_minute, now) } else { Budget::new(per_minute) }
    }

    fn budget(&self, key: Fingerprint, per_minute: u32) -> SharedBudget {
        let mut budgets = lock(&self.budgets);
        let budget = budgets.entry(key).or_insert_with(|| Arc::new(Mutex::new(self.fresh_budget(per_minute))));
        let nobody_else = Arc::strong_count(budget) == 1;
        let mut inner = lock(budget);
        if nobody_else || per_minute < inner.per_minute() {
            inner.change_limit(per_minute);
        }
        drop(inner);
        Arc::clone(budget)
    }
}

/// Nothing here can panic while holding a lock; should it ever, what is inside is still sound.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
