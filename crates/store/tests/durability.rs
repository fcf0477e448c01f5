//! The store from outside: exclusive time, group commit, failures that stay where they happen, locks, backups.

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

use frontdesk_domain::calling::{CallFacts, Platform};
use frontdesk_domain::ids::{AppointmentId, BranchId, CallId, CustomerId, OfferToken, StaffId};
use frontdesk_domain::pii::{PersonName, Phone};
use frontdesk_domain::ports::{Clock, Ctx};
use frontdesk_domain::slots::{Interval, Leg, Visit};
use frontdesk_domain::tenant::Tenant;
use frontdesk_store::calls::{self, CallSeen};
use frontdesk_store::customers::{self, Customer};
use frontdesk_store::jobs::{self, Lease};
use frontdesk_store::occupancy::{self, Except, Owner};
use frontdesk_store::tenants::Apply;
use frontdesk_store::{OpenError, Options, Store, StoreError, TenantScope};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};

struct Frozen;

impl Clock for Frozen {
    fn now(&self) -> Timestamp {
        "2026-12-01T08:00:00Z".parse().unwrap()
    }
}

fn ctx() -> Ctx {
    seeded(1)
}

fn seeded(seed: u64) -> Ctx {
    let counter = Arc::new(AtomicU64::new(seed));
    Ctx::new(
        Arc::new(Frozen),
        Arc::new(move |bytes: &mut [u8]| {
            for byte in bytes {
                let next = counter.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
                *byte = (next >> 32) as u8;
            }
        }),
    )
}

fn tenant(slug: &str) -> Tenant {
    serde_json::from_value(serde_json::json!({
        "id": "ten_new", "slug": slug, "name": "Salon", "language": "de", "country": "DE", "mode": "local-first",
        "slot_grid_minutes": 15, "default_branch": "mitte",
        "branches": [{"id": "mitte", "name": "Mitte", "zone": "Europe/Berlin", "hours": {},
                      "lines": [{"number": format!("+4930{}", slug.len() + 100_000), "agents": []}]}],
        "services": [], "staff": []
    }))
    .unwrap()
}

async fn applied(store: &Store, slug: &str) -> TenantScope {
    let keys = vec![SecretString::from("key_canary_4711".to_owned())];
    store
        .apply_tenant(Apply {
            tenant: tenant(slug),
            endpoint: None,
            voice_keys: vec![(Platform::Retell, keys)],
            calendar_keys: None,
            customers: Vec::new(),
            appointments: Vec::new(),
        })
        .await
        .unwrap();
    store.tenant(slug).await.unwrap().unwrap().0
}

fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(1_796_200_000 + minute * 60).unwrap()
}

fn visit(staff: &str, from: i64, until: i64) -> Visit {
    let leg = Leg {
        service: "cut".into(),
        staff: StaffId::from(staff),
        start: at(from),
        end: at(until),
        busy: vec![Interval { from: at(from), until: at(until) }],
    };
    Visit { start: at(from), end: at(until), legs: vec![leg] }
}

async fn take(store: &Store, scope: &TenantScope, visit: Visit, id: &str) -> bool {
    let id = AppointmentId::from(id);
    store
        .run::<_, StoreError, _>(scope, move |tx| {
            Box::pin(async move { occupancy::take(tx, &visit, &Owner::Appointment(&id), 0).await })
        })
        .await
        .unwrap()
}

#[tokio::test]
async fn adjacent_stretches_fit_and_overlapping_ones_do_not() {
    let store = Store::in_memory(ctx()).unwrap();
    let scope = applied(&store, "a").await;
    assert!(take(&store, &scope, visit("emma", 0, 30), "apt_1").await);
    assert!(take(&store, &scope, visit("emma", 30, 60), "apt_2").await);
    assert!(!take(&store, &scope, visit("emma", 29, 31), "apt_3").await);
    assert!(!take(&store, &scope, visit("emma", -10, 100), "apt_3").await);
    assert!(take(&store, &scope, visit("fabian", 29, 31), "apt_3").await);
    assert_eq!(store.overlaps().await.unwrap(), 0);
}

#[tokio::test]
async fn another_tenants_person_of_the_same_id_is_another_person() {
    let store = Store::in_memory(ctx()).unwrap();
    let (a, b) = (applied(&store, "a").await, applied(&store, "bb").await);
    assert!(take(&store, &a, visit("emma", 0, 30), "apt_1").await);
    assert!(take(&store, &b, visit("emma", 0, 30), "apt_1").await);
}

#[tokio::test]
async fn a_visit_is_taken_whole_or_not_at_all() {
    let store = Store::in_memory(ctx()).unwrap();
    let scope = applied(&store, "a").await;
    assert!(take(&store, &scope, visit("emma", 60, 90), "apt_1").await);
    let mut two_legs = visit("emma", 0, 30);
    two_legs.legs.push(visit("emma", 75, 80).legs.remove(0));
    assert!(!take(&store, &scope, two_legs, "apt_2").await);
    assert!(take(&store, &scope, visit("emma", 0, 30), "apt_3").await, "the first leg must have been given back");
}

#[tokio::test]
async fn a_hold_gives_way_when_it_expired_and_never_blocks_its_own_call() {
    let store = Store::in_memory(ctx()).unwrap();
    let scope = applied(&store, "a").await;
    let (call, token) = (CallId::from("call_1"), OfferToken::from("slot_1"));
    store
        .run::<_, StoreError, _>(&scope, move |tx| {
            Box::pin(async move {
                let owner = Owner::Hold { token: &token, call_id: &call, expires_ms: 1_000 };
                assert!(occupancy::take(tx, &visit("emma", 0, 30), &owner, 0).await?);
                let staff = [StaffId::from("emma")];
                let window = (at(-100), at(100));
                let own = Except { call: Some(&call), ..Except::default() };
                let other = CallId::from("call_2");
                let others = Except { call: Some(&other), ..Except::default() };
                assert!(occupancy::taken(tx, &staff, window, own, 0).await?[&staff[0]].is_empty());
                assert_eq!(occupancy::taken(tx, &staff, window, others, 0).await?[&staff[0]].len(), 1);
                assert!(occupancy::taken(tx, &staff, window, others, 1_000).await?[&staff[0]].is_empty());
                let id = AppointmentId::from("apt_1");
                assert!(!occupancy::take(tx, &visit("emma", 10, 20), &Owner::Appointment(&id), 999).await?);
                assert!(occupancy::take(tx, &visit("emma", 10, 20), &Owner::Appointment(&id), 1_000).await?);
                Ok(())
            })
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn a_body_that_fails_leaves_nothing_and_takes_nobody_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&Options::in_folder(folder.path()), ctx()).unwrap();
    let scope = applied(&store, "a").await;
    let mut running = Vec::new();
    for number in 0..200_i64 {
        let (store, scope) = (store.clone(), scope.clone());
        running.push(tokio::spawn(async move {
            store
                .run::<_, StoreError, _>(&scope, move |tx| {
                    Box::pin(async move {
                        let id = AppointmentId::new(format!("apt_{number}"));
                        occupancy::take(tx, &visit("emma", number, number + 1), &Owner::Appointment(&id), 0).await?;
                        match number % 3 {
                            0 => Err(StoreError::Engine("on purpose".to_owned())),
                            1 if number % 2 == 0 => panic!("on purpose"),
                            _ => Ok(number),
                        }
                    })
                })
                .await
        }));
    }
    let mut kept = 0;
    for task in running {
        kept += usize::from(task.await.unwrap().is_ok());
    }
    let count = store
        .read::<_, StoreError, _>(&scope, |tx| {
            Box::pin(async move {
                let staff = [StaffId::from("emma")];
                let taken = occupancy::taken(tx, &staff, (at(-10), at(1000)), Except::default(), 0).await?;
                Ok(taken[&staff[0]].len())
            })
        })
        .await
        .unwrap();
    assert_eq!(count, kept);
    assert!(kept > 50 && kept < 150, "{kept}");
}

#[tokio::test]
async fn what_was_told_is_there_after_opening_again_and_a_second_process_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options::in_folder(folder.path().join("data"));
    let store = Store::open(&options, ctx()).unwrap();
    let scope = applied(&store, "a").await;
    assert!(take(&store, &scope, visit("emma", 0, 30), "apt_1").await);
    assert!(matches!(Store::open(&options, ctx()), Err(OpenError::InUse(_))));
    drop(store);
    let store = Store::open(&options, ctx()).unwrap();
    assert!(!take(&store, &scope, visit("emma", 0, 30), "apt_2").await);
    let keys = store.door(&store.tenants().await.unwrap()[0].2).await.unwrap().unwrap().retell_keys;
    assert_eq!(keys[0].expose_secret(), "key_canary_4711");
}

#[tokio::test]
async fn a_backup_opens_as_a_store_and_holds_no_readable_key() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&Options::in_folder(folder.path().join("data")), ctx()).unwrap();
    let scope = applied(&store, "a").await;
    assert!(take(&store, &scope, visit("emma", 0, 30), "apt_1").await);
    let restored = folder.path().join("restored");
    std::fs::create_dir(&restored).unwrap();
    store.backup_to(&restored.join("frontdesk.db"), |_, _| ()).unwrap();
    for entry in std::fs::read_dir(folder.path().join("data")).unwrap().chain(std::fs::read_dir(&restored).unwrap()) {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            assert!(!bytes.windows(15).any(|window| window == b"key_canary_4711"), "{}", path.display());
        }
    }
    let copy = Store::open(&Options::in_folder(&restored), seeded(1 << 36)).unwrap();
    assert!(!take(&copy, &scope, visit("emma", 0, 30), "apt_2").await);
    // The ring is not in the backup: without it the key does not open, and nothing is guessed.
    let endpoint = copy.tenants().await.unwrap()[0].2.clone();
    assert!(matches!(copy.door(&endpoint).await, Err(StoreError::Unreadable(_))));
}

#[tokio::test]
async fn applying_twice_changes_nothing_and_a_line_has_one_owner() {
    let store = Store::in_memory(ctx()).unwrap();
    applied(&store, "a").await;
    let again = Apply {
        tenant: tenant("a"),
        endpoint: None,
        voice_keys: vec![(Platform::Retell, vec![SecretString::from("key_canary_4711".to_owned())])],
        calendar_keys: None,
        customers: Vec::new(),
        appointments: Vec::new(),
    };
    let done = store.apply_tenant(again).await.unwrap();
    assert!(!done.endpoint_changed && !done.keys_changed && done.before == Some(done.tenant));
    let mut thief = tenant("x");
    thief.branches[0].lines = tenant("a").branches[0].lines.clone();
    let refused = Apply {
        tenant: thief,
        endpoint: None,
        voice_keys: Vec::new(),
        calendar_keys: None,
        customers: Vec::new(),
        appointments: Vec::new(),
    };
    assert!(store.apply_tenant(refused).await.unwrap_err().to_string().contains("another tenant"));
    assert!(store.tenant("x").await.unwrap().is_none(), "nothing of a refused file may stay");
}

#[tokio::test]
async fn a_late_webhook_enriches_a_call_and_never_takes_away() {
    let store = Store::in_memory(ctx()).unwrap();
    let scope = applied(&store, "a").await;
    let call_id = CallId::from("call_1");
    let branch = BranchId::from("mitte");
    let merged = store
        .run::<_, StoreError, _>(&scope, move |tx| {
            Box::pin(async move {
                let number = Phone::from_canonical("+491713920017");
                let ended = CallFacts { status: Some("ended".into()), ended_at: Some(at(3)), ..CallFacts::default() };
                let late =
                    CallFacts { status: Some("ongoing".into()), started_at: Some(at(1)), ..CallFacts::default() };
                let other = BranchId::from("elsewhere");
                let mut last = None;
                for (facts, number, branch) in
                    [(CallFacts::default(), None, &branch), (ended, Some(&number), &other), (late, None, &other)]
                {
                    let seen = CallSeen {
                        call_id: &call_id,
                        platform: Platform::Retell,
                        branch,
                        number,
                        facts: &facts,
                        language: None,
                        now_ms: 5,
                    };
                    last = Some(calls::see(tx, &seen).await?);
                }
                Ok(last.unwrap())
            })
        })
        .await
        .unwrap();
    assert_eq!(merged.status.as_deref(), Some("ended"));
    assert_eq!((merged.started_ms, merged.ended_ms), (Some(at(1).as_millisecond()), Some(at(3).as_millisecond())));
    assert_eq!(merged.branch.as_str(), "mitte");
    assert_eq!(merged.number, Some(Phone::from_canonical("+491713920017")));
}

#[tokio::test]
async fn an_empty_email_is_refused_by_the_database_itself() {
    let store = Store::in_memory(ctx()).unwrap();
    let scope = applied(&store, "a").await;
    let refused = store
        .run::<_, StoreError, _>(&scope, |tx| {
            Box::pin(async move {
                let customer = Customer {
                    id: CustomerId::from("cus_1"),
                    name: PersonName::from_canonical("Max"),
                    phone: Phone::from_canonical("anonymous_1_ab"),
                    email: Some(frontdesk_domain::pii::Email::from_canonical("")),
                    source: "retell_webhook_anonymous".into(),
                };
                customers::add(tx, &customer, 1).await
            })
        })
        .await;
    assert!(matches!(refused, Err(StoreError::Constraint(_))));
}

#[tokio::test]
async fn a_lease_is_one_holders_until_it_runs_out() {
    let store = Store::in_memory(ctx()).unwrap();
    let scope = applied(&store, "a").await;
    let wake = |number: i64| {
        store.run::<_, StoreError, _>(&scope, move |tx| {
            Box::pin(async move { jobs::wake(tx, &format!("job_{number}"), "sync", "apt_1", number, 0).await })
        })
    };
    wake(1).await.unwrap();
    wake(2).await.unwrap();
    let job = store.lease_job(60_000).await.unwrap().unwrap();
    assert_eq!(store.lease_job(60_000).await.unwrap(), None, "one job for each thing, one holder");
    let stale = Lease { token: "lease_old".into(), ..job.lease.clone() };
    assert!(!store.finish_job(&stale).await.unwrap(), "a lost lease writes nothing");
    assert!(!store.postpone_job(&stale, 0, "try again", true).await.unwrap());
    assert!(store.postpone_job(&job.lease, 0, "try again", true).await.unwrap());
    let again = store.lease_job(60_000).await.unwrap().unwrap();
    assert_eq!(again.attempt, 1);
    wake(3).await.unwrap();
    assert!(store.finish_job(&again.lease).await.unwrap());
    let third = store.lease_job(60_000).await.unwrap().expect("it was woken while it ran, so it runs again");
    assert_eq!(third.attempt, 0);
    let later = store.ctx().now_ms() + 1_000_000;
    assert!(store.postpone_job(&third.lease, later, "no calendar", false).await.unwrap());
    assert_eq!(store.lease_job(60_000).await.unwrap(), None, "it waits");
    wake(4).await.unwrap();
    assert!(store.lease_job(60_000).await.unwrap().is_some(), "a new reason makes it due at once");
}

#[tokio::test]
async fn a_secret_opens_only_where_it_was_sealed() {
    let store = Store::in_memory(ctx()).unwrap();
    let (keys, secret) = (store.keys(), SecretString::from("s3cret".to_owned()));
    let sealed = keys.seal(&secret, "ten_a/voice/retell", store.ctx()).unwrap();
    assert!(!sealed.contains("s3cret"));
    assert_eq!(keys.open_secret(&sealed, "ten_a/voice/retell").unwrap().expose_secret(), "s3cret");
    assert!(keys.open_secret(&sealed, "ten_b/voice/retell").is_err());
    assert!(keys.open_secret(&sealed.replace("v1.", "v2."), "ten_a/voice/retell").is_err());
}

#[test]
fn a_rotated_ring_still_opens_what_the_old_key_sealed() {
    use frontdesk_store::keyring::KeyRing;
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let ctx = ctx();
    let old = KeyRing::open(folder.path(), &ctx).unwrap();
    let sealed = old.seal(&SecretString::from("s3cret".to_owned()), "here", &ctx).unwrap();
    old.rotated(folder.path(), &ctx).unwrap();
    let new = KeyRing::open(folder.path(), &ctx).unwrap();
    assert_eq!(new.open_secret(&sealed, "here").unwrap().expose_secret(), "s3cret");
    let fresh = new.seal(&SecretString::from("s3cret".to_owned()), "here", &ctx).unwrap();
    assert!(old.open_secret(&fresh, "here").is_err(), "new secrets are sealed with the new key");
    let mode = std::fs::metadata(folder.path().join("ring")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test]
async fn the_database_and_what_lies_beside_it_are_their_owners_alone_even_in_an_open_folder() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let store = Store::open(&Options::in_folder(folder.path()), ctx()).unwrap();
    applied(&store, "a").await;
    for name in ["frontdesk.db", "frontdesk.db-wal", "frontdesk.db-shm"] {
        let mode = std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[tokio::test]
async fn everybody_who_rings_from_one_number_is_known_by_it() {
    let store = Store::in_memory(ctx()).unwrap();
    let scope = applied(&store, "a").await;
    let home = Phone::from_canonical("+493023125101");
    let found = store
        .run::<_, StoreError, _>(&scope, move |tx| {
            Box::pin(async move {
                for number in 0..300_i64 {
                    let customer = Customer {
                        id: CustomerId::new(format!("cus_{number}")),
                        name: PersonName::from_canonical("Max"),
                        phone: home.clone(),
                        email: None,
                        source: "retell_webhook".into(),
                    };
                    customers::add(tx, &customer, number).await?;
                }
                customers::by_phone(tx, &home).await
            })
        })
        .await
        .unwrap();
    assert_eq!(found.len(), 300);
}

/// The one key behind the door of tenant "a".
async fn key_of(store: &Store) -> Result<String, StoreError> {
    let endpoint = store.tenants().await.unwrap()[0].2.clone();
    let door = store.door(&endpoint).await?.unwrap();
    Ok(door.retell_keys[0].expose_secret().to_owned())
}

#[tokio::test]
async fn after_a_rotation_only_the_fresh_key_is_needed_and_nothing_else_changed() {
    let folder = tempfile::tempdir().unwrap();
    let ring = folder.path().join("keys/ring");
    let store = Store::open(&Options::in_folder(folder.path()), ctx()).unwrap();
    applied(&store, "a").await;
    let old_key = std::fs::read_to_string(&ring).unwrap();
    let done = store.rotate_keys().await.unwrap();
    assert_eq!((done.keys, done.sealed, done.unopenable), (2, 1, 0));
    assert_eq!(key_of(&store).await.unwrap(), "key_canary_4711");
    applied(&store, "bb").await;
    drop(store);
    let both = std::fs::read_to_string(&ring).unwrap();
    let fresh_key = both.strip_prefix(&old_key).expect("old keys stay");
    assert!(fresh_key.starts_with(&format!("{} ", done.key)));
    std::fs::write(&ring, fresh_key).unwrap();
    let store = Store::open(&Options::in_folder(folder.path()), ctx()).unwrap();
    for (_, _, endpoint) in store.tenants().await.unwrap() {
        let door = store.door(&endpoint).await.unwrap().unwrap();
        assert_eq!(door.retell_keys[0].expose_secret(), "key_canary_4711");
    }
}

#[tokio::test]
async fn a_secret_that_no_key_opens_is_counted_and_left_alone_by_a_rotation() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options::in_folder(folder.path());
    let store = Store::open(&options, ctx()).unwrap();
    applied(&store, "a").await;
    drop(store);
    let (ring, kept) = (folder.path().join("keys/ring"), folder.path().join("kept"));
    std::fs::rename(&ring, &kept).unwrap();
    let store = Store::open(&options, seeded(1 << 36)).unwrap();
    let done = store.rotate_keys().await.unwrap();
    assert_eq!((done.sealed, done.unopenable), (0, 1));
    drop(store);
    std::fs::rename(&kept, &ring).unwrap();
    let store = Store::open(&options, ctx()).unwrap();
    assert_eq!(key_of(&store).await.unwrap(), "key_canary_4711");
}

#[tokio::test]
async fn a_ring_outside_the_data_folder_is_used_and_one_left_behind_is_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let (data, apart) = (folder.path().join("data"), folder.path().join("apart"));
    let usual = Options::in_folder(&data);
    let options = Options { key_ring: Some(apart.clone()), ..usual.clone() };
    let store = Store::open(&usual, ctx()).unwrap();
    applied(&store, "a").await;
    drop(store);
    let error = Store::open(&options, ctx()).unwrap_err().to_string();
    assert!(error.contains("move it there") && !apart.exists(), "{error}");
    std::fs::create_dir(&apart).unwrap();
    std::fs::rename(data.join("keys/ring"), apart.join("ring")).unwrap();
    let store = Store::open(&options, ctx()).unwrap();
    assert_eq!(key_of(&store).await.unwrap(), "key_canary_4711");
    store.rotate_keys().await.unwrap();
    assert!(!data.join("keys/ring").exists());
    assert_eq!(std::fs::read_to_string(apart.join("ring")).unwrap().lines().count(), 2);
}
