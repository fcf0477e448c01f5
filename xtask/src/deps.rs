//! The arrows between the crates, and which crate may hold which library.
//!
//! ```text
//! domain <- store <- desk <- frontdesk        fake-calcom <- frontdesk
//! domain <- connect       <- frontdesk        testkit above all, a dev-dependency of frontdesk
//! ```

use serde_json::Value;

use crate::run::{Outcome, Stop, capture, cargo};

/// Each crate (without the prefix `frontdesk-`) and the crates it may depend on.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("store", &["domain"]),
    ("connect", &["domain"]),
    ("desk", &["domain", "store"]),
    ("fake-calcom", &[]),
    ("frontdesk", &["domain", "store", "connect", "desk", "fake-calcom"]),
    ("testkit", &["domain", "store", "connect", "desk", "fake-calcom", "frontdesk"]),
    ("xtask", &[]),
];

/// The one arrow that is for tests only.
const FOR_TESTS: (&str, &str) = ("frontdesk", "testkit");

/// Libraries with a home, and the crates that are it; everywhere else they are refused, in tests too. The test kit
/// looks into the database and behind the door with its own eyes, so that it need not believe what it tests.
const HOMES: &[(&str, &[&str])] = &[
    ("rusqlite", &["store", "testkit"]),
    ("reqwest", &["connect"]),
    ("lettre", &["connect"]),
    ("axum", &["frontdesk", "fake-calcom", "testkit"]),
];

/// What the domain never depends on: a library that does I/O or knows a runtime.
const NOT_IN_DOMAIN: &[&str] = &["tokio", "rusqlite", "axum", "reqwest"];

/// Names that gather what belongs elsewhere.
const NO_NAMES: &[&str] = &["util", "utils", "common", "core"];

/// Fails where a manifest crosses an arrow, holds a library away from its home, or a crate's name says nothing.
pub fn deps() -> Outcome {
    let output = capture(cargo().args(["metadata", "--format-version", "1", "--no-deps"]))?;
    let metadata: Value = serde_json::from_slice(&output)
        .map_err(|error| Stop::Found(format!("cargo metadata wrote what is no JSON: {error}")))?;
    let crates = members(&metadata);
    let found = violations(&crates);
    if found.is_empty() {
        println!("{} crates, every arrow in order", crates.len());
        return Ok(());
    }
    Err(Stop::Found(found.join("\n")))
}

/// A crate of the workspace with what its manifest depends on.
#[derive(Debug, PartialEq)]
struct Member {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Debug, PartialEq)]
struct Dependency {
    name: String,
    for_tests: bool,
}

fn members(metadata: &Value) -> Vec<Member> {
    let list = |value: &Value, key: &str| value.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    list(metadata, "packages")
        .iter()
        .map(|package| Member {
            name: short(&text(package, "name")).to_owned(),
            dependencies: list(package, "dependencies")
                .iter()
                .map(|dependency| Dependency {
                    name: short(&text(dependency, "name")).to_owned(),
                    for_tests: text(dependency, "kind") == "dev",
                })
                .collect(),
        })
        .collect()
}

fn short(name: &str) -> &str {
    name.strip_prefix("frontdesk-").unwrap_or(name)
}

fn violations(crates: &[Member]) -> Vec<String> {
    let ours = |name: &str| crates.iter().any(|member| member.name == name);
    let mut found = Vec::new();
    for Member { name, dependencies } in crates {
        if NO_NAMES.contains(&name.as_str()) {
            found.push(format!("crate {name}: name it after what it does; everything is {name} to somebody"));
        }
        let Some((_, allowed)) = ARROWS.iter().find(|(from, _)| from == name) else {
            found
                .push(format!("crate {name}: not among the arrows; add it to ARROWS in xtask/src/deps.rs and say why"));
            continue;
        };
        for dependency in dependencies {
            let to = dependency.name.as_str();
            if ours(to) && !allowed.contains(&to) && !((name.as_str(), to) == FOR_TESTS && dependency.for_tests) {
                let may = if allowed.is_empty() { "no crate of ours".to_owned() } else { allowed.join(", ") };
                let note = if (name.as_str(), to) == FOR_TESTS { " (testkit only as a dev-dependency)" } else { "" };
                found.push(format!("{name} -> {to}: against the arrows; {name} may depend on {may}{note}"));
            }
            if name == "domain" && NOT_IN_DOMAIN.contains(&to) {
                found.push(format!("domain -> {to}: the domain is pure; hand in what it needs"));
            } else if let Some((_, homes)) = HOMES.iter().find(|(library, _)| *library == to)
                && !homes.contains(&name.as_str())
            {
                found.push(format!(
                    "{name} -> {to}: {to} is used in {} only; put a function there",
                    homes.join(" and ")
                ));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn member(name: &str, dependencies: &[&str]) -> Member {
        let dependencies =
            dependencies.iter().map(|name| Dependency { name: (*name).to_owned(), for_tests: false }).collect();
        Member { name: name.to_owned(), dependencies }
    }

    #[test]
    fn the_drawn_arrows_pass() {
        let mut frontdesk = member("frontdesk", &["domain", "desk", "axum", "tokio"]);
        frontdesk.dependencies.push(Dependency { name: "testkit".to_owned(), for_tests: true });
        let crates = [
            member("domain", &["jiff"]),
            member("store", &["domain", "rusqlite", "tokio"]),
            member("connect", &["domain", "reqwest"]),
            member("desk", &["domain", "store"]),
            frontdesk,
            member("testkit", &["frontdesk", "axum"]),
        ];
        assert_eq!(violations(&crates), Vec::<String>::new());
    }

    #[test]
    fn an_arrow_the_wrong_way_is_named() {
        let crates = [member("domain", &["store"]), member("store", &["domain"]), member("connect", &["store"])];
        let found = violations(&crates);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found.iter().any(|line| line.starts_with("domain -> store")), "{found:?}");
        assert!(found.iter().any(|line| line.starts_with("connect -> store")), "{found:?}");
    }

    #[test]
    fn the_test_kit_is_never_part_of_the_product() {
        let crates = [member("frontdesk", &["testkit"]), member("testkit", &[]), member("desk", &["testkit"])];
        let found = violations(&crates);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found.iter().any(|line| line.contains("only as a dev-dependency")), "{found:?}");
    }

    #[test]
    fn libraries_stay_in_their_homes_and_out_of_the_domain() {
        for (name, library) in [
            ("desk", "rusqlite"),
            ("frontdesk", "reqwest"),
            ("connect", "axum"),
            ("domain", "tokio"),
            ("domain", "axum"),
        ] {
            assert_eq!(violations(&[member(name, &[library])]).len(), 1, "{name} -> {library}");
        }
    }

    #[test]
    fn a_crate_without_a_place_or_a_name_is_refused() {
        assert_eq!(violations(&[member("common", &[])]).len(), 2);
        assert_eq!(violations(&[member("billing", &[])]).len(), 1);
    }

    #[test]
    fn manifests_are_read_with_their_kinds() {
        let metadata = json!({ "packages": [{ "name": "frontdesk-store", "dependencies": [
            { "name": "frontdesk-domain", "kind": null }, { "name": "proptest", "kind": "dev" },
        ] }] });
        let read = members(&metadata);
        let mut wanted = member("store", &["domain", "proptest"]);
        wanted.dependencies[1].for_tests = true;
        assert_eq!(read, [wanted]);
    }
}
