//! Backups: they end under load, are their owner's only, and leave nothing behind when they fail.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use std::os::unix::fs::{FileExt, PermissionsExt};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use frontdesk_domain::ports::{Clock, Ctx};
use frontdesk_store::tenants::Apply;
use frontdesk_store::{Options, Store, StoreError, TenantScope, jobs};
use jiff::Timestamp;

struct Frozen;

impl Clock for Frozen {
    fn now(&self) -> Timestamp {
        "2026-12-01T08:00:00Z".parse().unwrap()
    }
}

fn ctx() -> Ctx {
    let counter = Arc::new(AtomicU64::new(1));
    let fill = move |bytes: &mut [u8]| {
        for byte in bytes {
            *byte = (counter.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed) >> 32) as u8;
        }
    };
    Ctx::new(Arc::new(Frozen), Arc::new(fill))
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().build().unwrap()
}

async fn add_job(store: &Store, scope: &TenantScope, key: String, payload: String) {
    let about = format!("{key}{payload}");
    let added = store.run::<_, StoreError, _>(scope, move |tx| {
        Box::pin(async move { jobs::wake(tx, &key, "sync", &about, 0, 0).await })
    });
    added.await.unwrap();
}

/// A store with several backup steps' worth of pages.
async fn filled(folder: &Path) -> (Store, TenantScope) {
    let store = Store::open(&Options::in_folder(folder), ctx()).unwrap();
    let tenant = serde_json::from_value(serde_json::json!({
        "id": "ten_new", "slug": "a", "name": "Salon", "language": "de", "country": "DE", "mode": "local-first",
        "slot_grid_minutes": 15, "default_branch": "mitte",
        "branches": [{"id": "mitte", "name": "Mitte", "zone": "Europe/Berlin", "hours": {}, "lines": []}],
        "services": [], "staff": []
    }))
    .unwrap();
    let apply = Apply {
        tenant,
        endpoint: None,
        voice_keys: Vec::new(),
        calendar_keys: None,
        customers: Vec::new(),
        appointments: Vec::new(),
    };
    store.apply_tenant(apply).await.unwrap();
    let scope = store.tenant("a").await.unwrap().unwrap().0;
    for number in 0..8 {
        add_job(&store, &scope, format!("job_{number}"), "x".repeat(1024 * 1024)).await;
    }
    (store, scope)
}

/// How many jobs a database holds; each can be leased once.
async fn jobs_in(store: &Store) -> usize {
    let mut count = 0;
    while store.lease_job(60_000).await.unwrap().is_some() {
        count += 1;
    }
    count
}

#[test]
fn a_backup_ends_although_somebody_commits_between_all_of_its_steps() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = runtime();
    let (store, scope) = runtime.block_on(filled(&folder.path().join("data")));
    let restored = folder.path().join("restored");
    std::fs::create_dir(&restored).unwrap();
    let mut steps = 0;
    let report = |left: i32, pages: i32| {
        steps += 1;
        assert!(steps <= pages / 512 + 1, "the copy began again: {left} of {pages} pages left at step {steps}");
        runtime.block_on(add_job(&store, &scope, format!("job_later_{steps}"), "y".to_owned()));
    };
    store.backup_to(&restored.join("frontdesk.db"), report).unwrap();
    assert!(steps >= 3, "{steps} steps are too few to tell anything");
    let copy = Store::open(&Options::in_folder(&restored), ctx()).unwrap();
    assert_eq!(runtime.block_on(jobs_in(&copy)), 8, "the copy is the moment it began");
    assert_eq!(runtime.block_on(jobs_in(&store)), 8 + steps as usize, "and nobody had to wait for it");
}

#[test]
fn a_backup_can_be_read_by_its_owner_only() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = runtime().block_on(filled(&folder.path().join("data")));
    let target = folder.path().join("copy.db");
    let mut during = 0;
    store.backup_to(&target, |_, _| during = std::fs::metadata(&target).unwrap().permissions().mode()).unwrap();
    let after = std::fs::metadata(&target).unwrap().permissions().mode();
    assert_eq!((during & 0o777, after & 0o777), (0o600, 0o600));
}

#[test]
fn what_is_there_is_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = runtime().block_on(filled(&folder.path().join("data")));
    let target = folder.path().join("copy.db");
    std::fs::write(&target, "dear").unwrap();
    assert!(store.backup_to(&target, |_, _| ()).unwrap_err().to_string().contains("exists already"));
    assert_eq!(std::fs::read(&target).unwrap(), b"dear");
}

#[test]
fn a_backup_that_fails_is_taken_away_so_that_it_can_be_tried_again() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (store, _) = runtime().block_on(filled(&data));
    let copies = folder.path().join("copies");
    std::fs::create_dir(&copies).unwrap();
    let target = copies.join("copy.db");
    let cut_off = catch_unwind(AssertUnwindSafe(|| store.backup_to(&target, |_, _| panic!("on purpose"))));
    assert!(cut_off.is_err());
    assert_eq!(std::fs::read_dir(&copies).unwrap().count(), 0, "a cut-off copy is left");
    store.backup_to(&target, |_, _| ()).unwrap();

    // Everything is in the one file once the store is closed; a page of it is then damaged.
    drop(store);
    let database = std::fs::OpenOptions::new().write(true).open(data.join("frontdesk.db")).unwrap();
    database.write_all_at(&[0xFF; 4096], 4096 * 1000).unwrap();
    let store = Store::open(&Options::in_folder(&data), ctx()).unwrap();
    let other = copies.join("other.db");
    assert!(store.backup_to(&other, |_, _| ()).is_err());
    let names: Vec<_> = std::fs::read_dir(&copies).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["copy.db"], "a damaged copy is left");
}
