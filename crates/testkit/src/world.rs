//! A whole installation in process: real store, real router, the two tenants of the contract's world.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use frontdesk::app::App;
use frontdesk::cli::{Apply, Exit, Premises, StoreCommand};
use frontdesk::config::Config;
use frontdesk::http::router;
use frontdesk::tenant_file;
use frontdesk_connect::voice::retell::sign;
use frontdesk_desk::sync::Worked;
use frontdesk_domain::calendar::rules::Rules;
use frontdesk_fake_calcom::FakeCalcom;
use frontdesk_store::{Options, Store};
use http_body_util::BodyExt;
use jiff::SignedDuration;
use serde_json::Value;
use tower::ServiceExt;

use crate::calcom::Calcom;
use crate::caller::Caller;
use crate::clock::{FrozenClock, VirtualClock};
use crate::heard::Heard;

/// The clock of all fixtures: Tuesday, 1 December 2026, 9:12 in Berlin.
pub const FIXTURE_CLOCK: &str = "2026-12-01T09:12:31+01:00";

/// A file of the project's copy of the voice platforms' contracts.
pub fn contract(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../contracts").join(path)
}

/// Where the store of a world lives.
#[derive(Debug)]
pub enum Folder {
    /// On disk, with its threads and locks; gone with the world.
    OnDisk(tempfile::TempDir),
    /// In memory, everything on the test's thread.
    InMemory,
}

/// The desk with its world around it.
pub struct World {
    /// The running desk.
    pub app: Arc<App>,
    time: Time,
    router: Router,
    calcom: Option<Calcom>,
    calls: AtomicU32,
    _folder: Folder,
}

enum Time {
    /// Stands still until told.
    Frozen(Arc<FrozenClock>),
    /// The runtime's own, which jumps.
    Virtual,
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("World")
    }
}

impl World {
    /// The contract's world on a real database file: the salon and the barber, with their customers and appointments.
    pub async fn fresh() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self::with(Folder::OnDisk(folder), FIXTURE_CLOCK, &["salon-morgenrot", "barbier-am-hafen"]).await
    }

    /// Other tenants (names of files in `examples/`) at another time.
    pub async fn of(examples: &[&str], clock: &str) -> Self {
        Self::with(Folder::OnDisk(tempfile::tempdir().unwrap()), clock, examples).await
    }

    /// A world in memory with tenants from file texts.
    pub async fn of_texts(texts: &[&str], clock: &str) -> Self {
        let world = Self::with(Folder::InMemory, clock, &[]).await;
        for text in texts {
            world.apply(text).await;
        }
        world
    }

    /// The same on a real database file, whose rows [`World::rows`] can read.
    pub async fn of_texts_on_disk(texts: &[&str], clock: &str) -> Self {
        let world = Self::with(Folder::OnDisk(tempfile::tempdir().unwrap()), clock, &[]).await;
        for text in texts {
            world.apply(text).await;
        }
        world
    }

    /// A salon that keeps its calendar in the fake Cal.com, in memory, on virtual time (`start_paused`). Every change of
    /// the tenant file's text is made first. Webhooks come in as soon as the fake sends them.
    pub async fn with_calcom(fake: FakeCalcom, clock: &str, changes: &[(&str, &str)]) -> Arc<Self> {
        Self::with_calcom_and_rules(fake, clock, changes, 7, Rules::SOUND).await
    }

    /// The same by other rules of the protocol, with another seed.
    pub async fn with_calcom_and_rules(
        fake: FakeCalcom,
        clock: &str,
        changes: &[(&str, &str)],
        seed: u64,
        rules: Rules,
    ) -> Arc<Self> {
        let clock = VirtualClock::at(clock);
        let mut config = Config::load(None, std::iter::empty()).unwrap();
        config.server.answer_deadline = std::time::Duration::from_secs(120);
        let store = Store::in_memory(clock.ctx(seed)).unwrap();
        let calcom = Calcom::new(fake, clock);
        let app = App::with_calendars(config, store, Some(calcom.client()), rules);
        let router = router(Arc::clone(&app));
        let calls = AtomicU32::new(0);
        let world =
            Arc::new(Self { app, time: Time::Virtual, router, calcom: Some(calcom), calls, _folder: Folder::InMemory });
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../examples/salon-mit-calcom.toml");
        let mut text = std::fs::read_to_string(path).unwrap();
        for (from, to) in changes {
            assert!(text.contains(from), "the example has no {from:?}");
            text = text.replace(from, to);
        }
        world.apply(&text).await;
        let weak = Arc::downgrade(&world);
        world.calcom().deliver_with(Arc::new(move |delivery| {
            let weak = weak.clone();
            Box::pin(async move {
                let Some(world) = weak.upgrade() else { return };
                let path = delivery.url.splitn(4, '/').nth(3).unwrap_or_default();
                let headers: Vec<(&str, &str)> =
                    delivery.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                world.post(&format!("/{path}"), delivery.body, &headers).await;
            })
        }));
        world
    }

    /// The fake Cal.com behind this world.
    pub fn calcom(&self) -> &Calcom {
        self.calcom.as_ref().expect("this world has no calendar outside")
    }

    /// Somebody rings the salon that keeps its calendar in Cal.com.
    pub fn calcom_caller(&self, from: &str) -> Caller<'_> {
        Caller::new(self, self.fresh_call_id(), Value::from(from)).at_the_calcom_salon()
    }

    /// Works on jobs until none is due; how many there were.
    pub async fn work(&self) -> usize {
        let mut done = 0;
        self.app.desk.sync().after_recovery().await.unwrap();
        while self.app.desk.sync().work().await.unwrap() == Worked::Something {
            done += 1;
            assert!(done < 1000, "work never ends: {:?}", self.store().waiting_jobs().await.unwrap());
        }
        done
    }

    /// Lets virtual time pass and works on whatever becomes due.
    pub async fn work_for(&self, time: SignedDuration) {
        let end = self.store().ctx().now().checked_add(time).unwrap();
        loop {
            self.work().await;
            let now = self.store().ctx().now();
            if now >= end {
                return;
            }
            let due = self.store().next_job_due().await.unwrap().unwrap_or(i64::MAX);
            let until = end.as_millisecond().min(due.max(now.as_millisecond() + 1));
            let pause = u64::try_from(until - now.as_millisecond()).unwrap().max(1);
            tokio::time::sleep(std::time::Duration::from_millis(pause)).await;
        }
    }

    async fn with(folder: Folder, clock: &str, examples: &[&str]) -> Self {
        let clock = FrozenClock::at(clock);
        let mut config = Config::load(None, std::iter::empty()).unwrap();
        // Timings are no matter of tests: a busy machine must not turn an answer into an apology.
        config.server.answer_deadline = std::time::Duration::from_secs(120);
        let ctx = clock.ctx(7);
        let store = match &folder {
            Folder::OnDisk(path) => {
                config.data.dir = path.path().join("data");
                Store::open(&Options::in_folder(&config.data.dir), ctx).unwrap()
            }
            Folder::InMemory => Store::in_memory(ctx).unwrap(),
        };
        let app = App::over(config, store);
        let router = router(Arc::clone(&app));
        let time = Time::Frozen(clock);
        let world = Self { app, time, router, calcom: None, calls: AtomicU32::new(0), _folder: folder };
        for example in examples {
            let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../../examples/{example}.toml"));
            world.apply(&std::fs::read_to_string(path).unwrap()).await;
        }
        world
    }

    /// Applies a tenant file.
    pub async fn apply(&self, text: &str) {
        let file = tenant_file::read(text, "test.toml").unwrap_or_else(|errors| panic!("{errors}"));
        let premises = Premises { store: self.store(), base_url: "http://desk.invalid", served: true };
        let applied = StoreCommand::TenantApply(Box::new(Apply::new(file, false))).run(&premises).await;
        assert_eq!(applied.exit, Exit::Ok, "{}", applied.err);
        self.app.desk.doors().forget();
    }

    /// The store behind the desk.
    pub fn store(&self) -> &Store {
        self.app.store()
    }

    /// Somebody whose number is shown rings the salon.
    pub fn caller(&self, from: &str) -> Caller<'_> {
        Caller::new(self, self.fresh_call_id(), Value::from(from))
    }

    /// Somebody who withholds the number rings the salon.
    pub fn anonymous(&self) -> Caller<'_> {
        self.caller("anonymous")
    }

    fn fresh_call_id(&self) -> String {
        format!("call_{:027x}", self.calls.fetch_add(1, Ordering::Relaxed) + 1)
    }

    /// Posts bytes with whatever headers, as a stranger would.
    pub async fn post(&self, path: &str, body: Vec<u8>, headers: &[(&str, &str)]) -> Heard {
        let mut request = Request::post(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// Posts bytes signed as the platform signs them now.
    pub async fn post_signed(&self, path: &str, body: Vec<u8>, key: &str) -> Heard {
        let signature = sign(&body, &key.to_owned().into(), self.store().ctx().now());
        let headers = [("content-type", "application/json"), ("x-retell-signature", signature.as_str())];
        self.post(path, body, &headers).await
    }

    /// Gets a path.
    pub async fn get(&self, path: &str) -> Heard {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    async fn send(&self, request: Request<Body>) -> Heard {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let http = response.status().as_u16();
        let bytes = response.into_body().collect().await.unwrap().to_bytes().to_vec();
        Heard { http, json: serde_json::from_slice(&bytes).unwrap_or(Value::Null), bytes }
    }

    /// Runs SQL on the database file beside the store, to make something fail on purpose.
    pub fn break_database(&self, sql: &str) {
        let connection = rusqlite::Connection::open(self.store().database().unwrap()).unwrap();
        connection.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
        connection.execute_batch(sql).unwrap();
    }

    /// Reads rows from the database file beside the store, columns joined by `|`, NULL as `-`.
    pub fn rows(&self, sql: &str) -> Vec<String> {
        rows_of(self.store().database().unwrap(), sql).into_iter().map(|row| row.join("|")).collect()
    }

    /// The number of rows in every table: what must not change where nothing may be written.
    pub fn row_counts(&self) -> Vec<String> {
        let tables =
            self.rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1");
        tables
            .iter()
            .map(|table| format!("{table}: {}", self.rows(&format!("SELECT COUNT(*) FROM {table}"))[0]))
            .collect()
    }

    /// Lets time pass.
    pub fn advance(&self, by: SignedDuration) {
        match &self.time {
            Time::Frozen(clock) => clock.advance(by),
            Time::Virtual => panic!("virtual time passes by itself; see work_for"),
        }
    }

    /// Waits until everything that was answered first and worked on later is done.
    pub async fn settle(&self) {
        self.app.tasks.quiet().await;
    }

    /// What must be true whenever nothing runs: nobody's time is taken twice, by nobody, or for nothing.
    pub async fn assert_at_rest(&self) {
        self.settle().await;
        self.advance(SignedDuration::from_hours(1));
        self.store().sweep().await.unwrap();
        assert_eq!(self.store().overlaps().await.unwrap(), 0, "somebody's time is taken twice");
        let strays = self.store().strays().await.unwrap();
        assert!(strays.is_empty(), "left wrongly at rest: {strays:?}");
    }
}

/// Reads rows from a database file, whoever has it open; NULL as `-`.
pub fn rows_of(database: &std::path::Path, sql: &str) -> Vec<Vec<String>> {
    use rusqlite::types::ValueRef;
    let connection = rusqlite::Connection::open(database).unwrap();
    connection.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
    let mut statement = connection.prepare(sql).unwrap();
    let width = statement.column_count();
    let text = |value: ValueRef<'_>| match value {
        ValueRef::Null => "-".to_owned(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(text) => String::from_utf8(text.to_vec()).unwrap(),
        ValueRef::Blob(bytes) => format!("{bytes:02x?}"),
    };
    let rows = statement.query_map([], |row| Ok((0..width).map(|at| text(row.get_ref(at).unwrap())).collect()));
    rows.unwrap().map(Result::unwrap).collect()
}
