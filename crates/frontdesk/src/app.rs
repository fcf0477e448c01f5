//! A running Frontdesk: the desk with its store, settings, metrics and the work beside requests.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use frontdesk_connect::http::Client;
use frontdesk_desk::sync::Worked;
use frontdesk_desk::{Calendars, Desk};
use frontdesk_domain::calendar::rules::Rules;
use frontdesk_domain::ports::Clock;
use frontdesk_store::Store;
use frontdesk_store::store::OpenError;
use jiff::{SignedDuration, Timestamp};

use crate::config::Config;
use crate::metrics::Metrics;
use crate::tasks::{self, Tasks};
use crate::watch::{self, Watch};
use crate::{about, calendars, world};

/// How often what is over is taken away.
const SWEEP_EVERY: Duration = Duration::from_secs(30);
/// What was sent with a calendar's key within this time still counts.
const RATE_WINDOW: SignedDuration = SignedDuration::from_secs(63);
/// Appointments brought into calendars at the same time.
const WORKERS: usize = 6;
/// How often a worker looks for work that nobody rang for: what becomes due by time alone.
const IDLE: Duration = Duration::from_millis(250);
/// How often the others look all the same.
const LONG_IDLE: Duration = Duration::from_secs(60);
/// How often free times are fetched for tenants that were called lately.
const WARM_EVERY: Duration = Duration::from_secs(15);
/// At most one warning of a kind in this time.
const WARN_EVERY_MS: i64 = 60_000;

/// Everything a request needs, shared by all of them.
pub struct App {
    /// Answers calls.
    pub desk: Arc<Desk>,
    /// The installation's settings.
    pub config: Config,
    /// What is counted.
    pub metrics: Metrics,
    /// Work that outlives its request.
    pub tasks: Tasks,
    /// Warnings about paths that are not served.
    pub unknown_path_warning: Seldom,
    /// Warnings about requests whose signature does not fit.
    pub signature_warning: Seldom,
    watch: Watch,
    ending: AtomicBool,
}

/// Something worth a warning, but not one for every request: due once a minute.
#[derive(Debug)]
pub struct Seldom {
    last_ms: AtomicI64,
}

impl Default for Seldom {
    fn default() -> Self {
        Self { last_ms: AtomicI64::new(i64::MIN) }
    }
}

impl Seldom {
    /// Whether it is due at that time; if so, the minute begins anew.
    pub fn due(&self, now: Timestamp) -> bool {
        let now_ms = now.as_millisecond();
        let due = |last: i64| (now_ms.saturating_sub(last) >= WARN_EVERY_MS).then_some(now_ms);
        self.last_ms.fetch_update(Ordering::Relaxed, Ordering::Relaxed, due).is_ok()
    }
}

/// Why a Frontdesk does not start.
#[derive(Debug)]
pub enum StartError {
    /// The store; in use by another process, perhaps.
    Open(OpenError),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for StartError {}

impl App {
    /// Opens the data folder of these settings (made and migrated if need be) under that clock.
    pub fn open(config: Config, clock: Arc<dyn Clock>) -> Result<Arc<Self>, StartError> {
        let options = config.data.store_options();
        let database = options.database();
        let ran_lately = [database.clone(), database.with_extension("db-wal")]
            .iter()
            .any(|file| world::written_lately(file, RATE_WINDOW));
        let store = Store::open(&options, world::ctx(clock)).map_err(StartError::Open)?;
        let app = Self::over(config, store);
        if ran_lately {
            app.desk.sync().calendars().just_started();
        }
        Ok(app)
    }

    /// The same over a store that is open already: tests with their own randomness, or in memory.
    pub fn over(config: Config, store: Store) -> Arc<Self> {
        let http = match Client::new() {
            Ok(http) => Some(http),
            Err(error) => {
                tracing::error!(%error, "calendars outside cannot be reached from here; see frontdesk doctor");
                None
            }
        };
        Self::with_calendars(config, store, http, Rules::SOUND)
    }

    /// The same with the client that reaches calendars outside, and by these rules (the product's are sound).
    pub fn with_calendars(config: Config, store: Store, http: Option<Client>, rules: Rules) -> Arc<Self> {
        let calendars = Arc::new(Calendars::new(store.clone(), calendars::opener(http)));
        let metrics = Metrics::new(about::VERSION, about::build_id());
        let counted = metrics.calendars.clone();
        calendars.observe(Arc::new(move |event| counted.count(event)));
        Arc::new(Self {
            desk: Arc::new(Desk::with_calendars(store, calendars, rules)),
            watch: Watch::new(&config.alarm),
            config,
            metrics,
            tasks: Tasks::default(),
            unknown_path_warning: Seldom::default(),
            signature_warning: Seldom::default(),
            ending: AtomicBool::new(false),
        })
    }

    /// The store behind the desk.
    pub fn store(&self) -> &Store {
        self.desk.store()
    }

    /// The present, by the clock this Frontdesk was opened with.
    pub fn now(&self) -> Timestamp {
        self.store().ctx().now()
    }

    /// Where platforms reach this Frontdesk, without a slash at the end.
    pub fn base_url(&self) -> String {
        base_url(&self.config)
    }

    /// What is remembered of tenants is looked up anew, and calendars that came new are looked through.
    pub async fn tenants_changed(&self) {
        self.desk.doors().forget();
        if let Err(error) = self.desk.sync().tenants_changed().await {
            tracing::warn!(%error, "a new calendar is looked through only after the next start");
        }
    }

    /// From now on not ready: load balancers should look elsewhere while running calls end.
    pub fn end(&self) {
        self.ending.store(true, Ordering::Relaxed);
    }

    /// Whether the end has begun.
    pub fn is_ending(&self) -> bool {
        self.ending.load(Ordering::Relaxed)
    }

    /// Starts the input-less sweep: every half minute, whatever else happens, until the program ends.
    pub fn start_sweeping(self: &Arc<Self>) {
        let app = Arc::clone(self);
        tasks::background(async move {
            let mut every = tokio::time::interval(SWEEP_EVERY);
            every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                every.tick().await;
                app.sweep().await;
            }
        });
    }

    /// Starts the watch: alarms and what is measured about calendars, until the program ends.
    pub fn start_watching(self: &Arc<Self>) {
        let app = Arc::clone(self);
        tasks::background(async move {
            let mut every = tokio::time::interval(watch::EVERY);
            every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                every.tick().await;
                app.watch().await;
            }
        });
    }

    /// One look at everything that may be wrong; whoever must hear of it is told.
    pub async fn watch(&self) {
        if let Err(error) = self.watch.look(&self.desk, &self.metrics.calendars).await {
            self.metrics.store_error();
            tracing::warn!(%error, "the watch cannot read the store, so no alarm is told; if it goes on, check the disk");
        }
    }

    /// Starts what brings appointments and calendars together, until the program ends.
    pub fn start_working(self: &Arc<Self>) {
        for worker in 0..WORKERS {
            let app = Arc::clone(self);
            tasks::background(async move { app.work_for_good(worker == 0).await });
        }
        let app = Arc::clone(self);
        tasks::background(async move {
            loop {
                app.desk.sync().until_called(WARM_EVERY).await;
                app.desk.sync().warm().await;
            }
        });
        let app = Arc::clone(self);
        tasks::background(async move {
            loop {
                app.desk.sync().until_recovered().await;
                if let Err(error) = app.desk.sync().after_recovery().await {
                    tracing::warn!(%error, "work that waited for a calendar goes on at its own time");
                }
            }
        });
    }

    /// One of them looks for what became due by time alone; whoever finds work rings the next one.
    async fn work_for_good(&self, first: bool) {
        if first && let Err(error) = self.desk.sync().wake_sweeps().await {
            tracing::warn!(%error, "the calendars' sweeps could not be woken; they begin with the next start");
        }
        let longest = if first { IDLE } else { LONG_IDLE };
        loop {
            match self.desk.sync().work().await {
                Ok(Worked::Something) => {}
                Ok(Worked::Nothing) => self.desk.sync().until_rung(longest).await,
                Err(error) => {
                    self.metrics.store_error();
                    tracing::warn!(%error, "no work can be taken from the store; tried again in a second, check the disk");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    }

    /// One sweep: expired holds, old offers, calls nobody ended.
    pub async fn sweep(&self) {
        match self.store().sweep().await {
            Ok(swept) if swept.holds > 0 || swept.calls > 0 => {
                tracing::debug!(holds = swept.holds, calls = swept.calls, "swept");
            }
            Ok(_) => {}
            Err(error) => {
                self.metrics.store_error();
                tracing::warn!(%error, "the sweep failed and is tried again in half a minute; if it goes on, check the disk");
            }
        }
    }
}

/// Where platforms reach a Frontdesk of these settings, without a slash at the end.
pub fn base_url(config: &Config) -> String {
    config.server.public_url.clone().unwrap_or_else(|| format!("http://{}", config.server.listen))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seldom_warning_is_due_once_a_minute() {
        let at = |second| Timestamp::from_second(second).unwrap_or_default();
        let warning = Seldom::default();
        let due: Vec<bool> = [0, 1, 59, 60, 61].map(|second| warning.due(at(second))).to_vec();
        assert_eq!(due, [true, false, false, true, false]);
    }
}
