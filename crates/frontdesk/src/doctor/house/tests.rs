#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::*;
use crate::doctor::Level;

fn facts() -> FolderFacts {
    FolderFacts {
        folder: "/var/lib/frontdesk".into(),
        disk: Some(Disk { free_bytes: 20 << 30, writable: true }),
        ring: Ring { inside: false, mode: Some(0o600) },
        certificates: true,
        now: "2026-12-01T08:12:00Z".parse().unwrap(),
    }
}

/// Level and check of everything that is not well.
fn bad(found: &[Finding]) -> Vec<(Level, &str)> {
    let bad = found.iter().filter(|one| one.level != Level::Ok);
    bad.map(|one| {
        assert!(one.why.is_some() && one.mend.is_some(), "{one:?}");
        (one.level, one.check.as_str())
    })
    .collect()
}

#[test]
fn a_house_in_order_has_nothing_to_mend() {
    let found = folder(&facts());
    assert_eq!(bad(&found), []);
    let checks: Vec<&str> = found.iter().map(|one| one.check.as_str()).collect();
    assert_eq!(checks, ["data_folder", "disk", "key_ring", "certificates", "clock"]);
    assert_eq!(found[1].what, "20 GiB are free on its disk");
}

#[test]
fn what_is_out_of_order_is_found() {
    let disk = |free_bytes, writable| Some(Disk { free_bytes, writable });
    let ring = |inside, mode| Ring { inside, mode };
    let usual = facts();
    for (facts, wanted) in [
        (FolderFacts { disk: None, ..facts() }, vec![(Level::Error, "data_folder")]),
        (FolderFacts { disk: disk(20 << 30, false), ..facts() }, vec![(Level::Error, "data_folder")]),
        (FolderFacts { disk: disk((1 << 30) - 1, true), ..facts() }, vec![(Level::Warn, "disk")]),
        (FolderFacts { disk: disk((64 << 20) - 1, true), ..facts() }, vec![(Level::Error, "disk")]),
        (FolderFacts { ring: ring(true, Some(0o600)), ..facts() }, vec![(Level::Warn, "key_ring")]),
        (FolderFacts { ring: ring(false, Some(0o640)), ..facts() }, vec![(Level::Error, "key_ring")]),
        (FolderFacts { ring: ring(true, None), ..facts() }, vec![]),
        (FolderFacts { certificates: false, ..facts() }, vec![(Level::Warn, "certificates")]),
        (FolderFacts { now: Timestamp::UNIX_EPOCH, ..usual }, vec![(Level::Error, "clock")]),
    ] {
        assert_eq!(bad(&folder(&facts)), wanted, "{facts:?}");
    }
}

#[test]
fn a_desk_is_looked_at_from_inside() {
    let now: Timestamp = "2026-12-01T08:12:00Z".parse().unwrap();
    let usual = DeskFacts {
        reads: Ok(()),
        writes: Ok(()),
        base_url: "https://desk.example.org".to_owned(),
        served: true,
        now,
        asked_at: now,
        tenants: 1,
    };
    assert_eq!(bad(&desk(&usual)), []);
    let at = |base_url: &str| DeskFacts { base_url: base_url.to_owned(), ..usual.clone() };
    let broken = || Err("disk I/O error".to_owned());
    for (facts, wanted) in [
        (DeskFacts { reads: broken(), ..usual.clone() }, (Level::Error, "database")),
        (DeskFacts { writes: broken(), ..usual.clone() }, (Level::Error, "database")),
        (at("http://127.0.0.1:8080"), (Level::Warn, "public_url")),
        (at("http://0.0.0.0:8080"), (Level::Warn, "public_url")),
        (at("https://localhost"), (Level::Warn, "public_url")),
        (at("http://desk.example.org"), (Level::Error, "public_url")),
        (DeskFacts { now: now + SignedDuration::from_secs(6), ..usual.clone() }, (Level::Warn, "desk_clock")),
        (DeskFacts { now: now - SignedDuration::from_secs(6), ..usual.clone() }, (Level::Warn, "desk_clock")),
        (DeskFacts { tenants: 0, ..usual.clone() }, (Level::Warn, "tenants")),
    ] {
        assert_eq!(bad(&desk(&facts)), [wanted], "{facts:?}");
    }
    let close = DeskFacts { asked_at: now - SignedDuration::from_secs(5), ..usual };
    assert_eq!(bad(&desk(&close)), []);
}

#[test]
fn a_look_at_a_real_folder_sees_its_ring_and_its_disk() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::load(None, std::iter::empty()).unwrap();
    config.data.dir = folder.path().join("data");
    let look = |config: &Config| look_at_folder(config, Timestamp::UNIX_EPOCH);
    assert_eq!(look(&config).disk, None);
    fs::create_dir_all(folder.path().join("data/keys")).unwrap();
    fs::create_dir_all(folder.path().join("apart")).unwrap();
    for place in ["data/keys/ring", "apart/ring"] {
        fs::write(folder.path().join(place), "k").unwrap();
        fs::set_permissions(folder.path().join(place), fs::Permissions::from_mode(0o600)).unwrap();
    }
    let inside = look(&config);
    assert!(inside.disk.unwrap().writable);
    assert_eq!(inside.ring, Ring { inside: true, mode: Some(0o600) });
    config.data.key_ring = Some(folder.path().join("apart"));
    assert_eq!(look(&config).ring, Ring { inside: false, mode: Some(0o600) });
}
