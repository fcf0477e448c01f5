//! The keys of a calendar outside: sealed for one tenant and purpose, put in by its file, and rotated with the rest.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use frontdesk_domain::ports::{Clock, Ctx};
use frontdesk_store::calendar_keys::CalendarKeys;
use frontdesk_store::tenants::{Applied, Apply};
use frontdesk_store::{Options, Store, StoreError, TenantScope};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};

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

fn keys(api: Option<&str>, webhook: &[&str]) -> Option<CalendarKeys> {
    let secret = |text: &str| SecretString::from(text.to_owned());
    Some(CalendarKeys { api: api.map(secret), webhook: webhook.iter().copied().map(secret).collect() })
}

async fn apply(store: &Store, slug: &str, calendar_keys: Option<CalendarKeys>) -> (TenantScope, Applied) {
    let tenant = serde_json::from_value(serde_json::json!({
        "id": "ten_new", "slug": slug, "name": "Salon", "language": "de", "country": "DE", "mode": "local-first",
        "slot_grid_minutes": 15, "default_branch": "mitte",
        "branches": [{"id": "mitte", "name": "Mitte", "zone": "Europe/Berlin", "hours": {}, "lines": []}],
        "services": [], "staff": []
    }))
    .unwrap();
    let wanted = Apply {
        tenant,
        endpoint: None,
        voice_keys: Vec::new(),
        calendar_keys,
        customers: Vec::new(),
        appointments: Vec::new(),
    };
    let applied = store.apply_tenant(wanted).await.unwrap();
    (store.tenant(slug).await.unwrap().unwrap().0, applied)
}

async fn opened(store: &Store, scope: &TenantScope) -> (Option<String>, Vec<String>) {
    let keys = store.calendar_keys(scope).await.unwrap();
    let reveal = |key: &SecretString| key.expose_secret().to_owned();
    (keys.api.as_ref().map(reveal), keys.webhook.iter().map(reveal).collect())
}

fn said(api: Option<&str>, webhook: &[&str]) -> (Option<String>, Vec<String>) {
    (api.map(str::to_owned), webhook.iter().copied().map(str::to_owned).collect())
}

#[tokio::test]
async fn a_tenants_calendar_keys_are_what_its_file_said_last() {
    let store = Store::in_memory(ctx()).unwrap();
    let (scope, applied) = apply(&store, "a", keys(Some("cal_one"), &["new", "old"])).await;
    assert!(applied.calendar_keys_changed && !applied.keys_changed);
    let (other, _) = apply(&store, "b", keys(Some("cal_other"), &[])).await;
    assert_eq!(opened(&store, &scope).await, said(Some("cal_one"), &["new", "old"]));
    assert_eq!(opened(&store, &other).await, said(Some("cal_other"), &[]));
    for (wanted, changed, now) in [
        (keys(Some("cal_one"), &["new", "old"]), false, said(Some("cal_one"), &["new", "old"])),
        (None, false, said(Some("cal_one"), &["new", "old"])),
        (keys(Some("cal_one"), &["new"]), true, said(Some("cal_one"), &["new"])),
        (keys(Some("cal_two"), &["new"]), true, said(Some("cal_two"), &["new"])),
        (keys(None, &[]), true, said(None, &[])),
    ] {
        let (_, applied) = apply(&store, "a", wanted).await;
        assert_eq!(applied.calendar_keys_changed, changed);
        assert_eq!(opened(&store, &scope).await, now);
    }
    assert_eq!(opened(&store, &other).await, said(Some("cal_other"), &[]), "another tenant's stay");
}

#[tokio::test]
async fn a_calendar_key_lies_sealed_in_the_database_and_opens_for_its_purpose_and_tenant_only() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&Options::in_folder(folder.path()), ctx()).unwrap();
    let (scope, _) = apply(&store, "a", keys(Some("cal_canary_4711"), &["hook_canary_4712"])).await;
    let (other, _) = apply(&store, "b", keys(Some("cal_other"), &["hook_other"])).await;
    drop(store);
    let database = folder.path().join("frontdesk.db");
    let sqlite = rusqlite::Connection::open(&database).unwrap();
    let rows: Vec<String> = sqlite
        .prepare("SELECT sealed FROM calendar_key")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(rows.len(), 4);
    assert!(rows.iter().all(|sealed| sealed.starts_with("v1.") && !sealed.contains("canary")));
    drop(sqlite);
    for steal in [
        "UPDATE calendar_key SET sealed = (SELECT sealed FROM calendar_key WHERE tenant_id = ?1 AND purpose = 'webhook')
            WHERE tenant_id = ?1 AND purpose = 'api'",
        "UPDATE calendar_key SET sealed = (SELECT sealed FROM calendar_key WHERE tenant_id <> ?1 AND purpose = 'webhook')
            WHERE tenant_id = ?1 AND purpose = 'webhook'",
    ] {
        let sqlite = rusqlite::Connection::open(&database).unwrap();
        assert_eq!(sqlite.execute(steal, [scope.tenant().as_str()]).unwrap(), 1);
        drop(sqlite);
        let store = Store::open(&Options::in_folder(folder.path()), ctx()).unwrap();
        assert!(matches!(store.calendar_keys(&scope).await, Err(StoreError::Unreadable(_))), "{steal}");
        assert_eq!(opened(&store, &other).await, said(Some("cal_other"), &["hook_other"]));
        let (_, applied) = apply(&store, "a", keys(Some("cal_fresh"), &["hook_fresh"])).await;
        assert!(applied.calendar_keys_changed, "what no longer opens is replaced by the file");
        assert_eq!(opened(&store, &scope).await, said(Some("cal_fresh"), &["hook_fresh"]));
    }
}

#[tokio::test]
async fn calendar_keys_are_sealed_again_by_a_rotation() {
    let folder = tempfile::tempdir().unwrap();
    let ring = folder.path().join("keys/ring");
    let store = Store::open(&Options::in_folder(folder.path()), ctx()).unwrap();
    let (scope, _) = apply(&store, "a", keys(Some("cal_one"), &["new", "old"])).await;
    let old_key = std::fs::read_to_string(&ring).unwrap();
    let done = store.rotate_keys().await.unwrap();
    assert_eq!((done.sealed, done.unopenable), (3, 0));
    drop(store);
    let both = std::fs::read_to_string(&ring).unwrap();
    std::fs::write(&ring, both.strip_prefix(&old_key).expect("old keys stay")).unwrap();
    let store = Store::open(&Options::in_folder(folder.path()), ctx()).unwrap();
    assert_eq!(opened(&store, &scope).await, said(Some("cal_one"), &["new", "old"]));
}
