//! A look at every statement of the crate, for its tests: each prepares on the engine, and none touches a tenant's
//! table without its tenant.

use std::path::Path;

/// Tables without a tenant's rows, or found before the tenant is known.
const WITHOUT_TENANT: &[&str] = &["migration"];

/// Tables that grow with calls: no statement that runs often may walk one from end to end.
const LARGE: &[&str] = &[
    "appointment",
    "appointment_change",
    "call",
    "call_customer",
    "call_event",
    "calendar_event",
    "callback",
    "customer",
    "idempotency",
    "job",
    "occupancy",
    "offer",
    "remote",
    "remote_uid",
    "seen_event",
    "sync",
    "wish",
];

/// Statements that may walk a large table, and why.
const MAY_WALK: &[(&str, &str)] = &[
    ("system::calls::FIND_ANYWHERE", "an operator who has nothing but a call's id asks once"),
    ("system::jobs::NEXT_DUE", "reads fifty rows at most, in the order of their index"),
    ("system::jobs::WAITING", "an operator asks what waits; a thousand rows at most"),
    ("system::occupancy::OVERLAPS", "a check of everything, by hand and in tests"),
    ("system::standing::UNSYNCED", "reads an index that holds only what does not agree, every ten seconds"),
    ("system::standing::OVERDUE", "the same"),
    ("system::standing::JOBS", "counts what waits, every ten seconds"),
    ("syncs::COUNTS", "an operator asks how everything stands"),
    ("syncs::NOT_AGREED", "reads an index that holds only what does not agree, 500 rows at most"),
    ("system::purge::STRAY_TIME", "a check of everything, by hand and in tests"),
];

/// Every statement in the crate's sources: the text between quotes that begins with `-- `.
fn statements() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().is_some_and(|name| name == "statements.rs") {
            continue;
        }
        let source = std::fs::read_to_string(&path).unwrap();
        for part in source.split("\"-- ").skip(1) {
            let text = part.split('"').next().unwrap();
            let (name, sql) = text.split_once('\n').unwrap();
            found.push((name.trim().to_owned(), sql.to_owned()));
        }
    }
    found
}

fn database() -> rusqlite::Connection {
    let mut connection = rusqlite::Connection::open_in_memory().unwrap();
    crate::migrate::migrate(&mut connection, 1).unwrap();
    connection
}

#[test]
fn every_statement_prepares() {
    let connection = database();
    let all = statements();
    assert!(all.len() > 40, "the statements were not found: {}", all.len());
    for (name, sql) in &all {
        connection.prepare(&sql.replace('$', "?")).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn no_tenants_table_is_touched_without_its_tenant() {
    let connection = database();
    let mut list = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").unwrap();
    let tables: Vec<String> = list.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    for (name, sql) in statements() {
        // The installation's own statements say so in their names, and are few enough to read.
        if name.starts_with("system::") {
            continue;
        }
        let words: Vec<&str> = sql.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        let touches =
            tables.iter().any(|table| !WITHOUT_TENANT.contains(&table.as_str()) && words.contains(&table.as_str()));
        let bound = sql.contains("tenant_id = $1")
            || sql.contains("(tenant_id,") && sql.contains("$1")
            || sql.contains("tenant_id, ") && sql.trim_start().starts_with("INSERT") && sql.contains("$1");
        assert!(!touches || bound, "{name} touches a tenant's table without binding its tenant:\n{sql}");
    }
}

#[test]
fn statements_carry_their_own_name() {
    let mut names: Vec<String> = statements().into_iter().map(|(name, _)| name).collect();
    let count = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count, "two statements share a name");
}

/// Each step of the engine's plan for a statement.
fn plan(connection: &rusqlite::Connection, sql: &str) -> Vec<String> {
    let mut explained = connection.prepare(&format!("EXPLAIN QUERY PLAN {}", sql.replace('$', "?"))).unwrap();
    let nulls = vec![rusqlite::types::Null; explained.parameter_count()];
    let steps = explained.query_map(rusqlite::params_from_iter(nulls), |row| row.get::<_, String>(3)).unwrap();
    steps.map(Result::unwrap).collect()
}

/// The large table that a step walks: all of it, or all of a tenant's part of it.
fn walked(step: &str, sql: &str) -> Option<String> {
    let (how, rest) = step.split_once(' ')?;
    let alias = rest.split(' ').next()?;
    let words: Vec<&str> = sql.split_whitespace().collect();
    let named = words.windows(2).find(|pair| pair[1].trim_matches(',') == alias && LARGE.contains(&pair[0]));
    let table = named.map_or(alias, |pair| pair[0]);
    let of_a_tenant = rest.ends_with("(tenant_id=?)");
    (LARGE.contains(&table) && (how == "SCAN" || how == "SEARCH" && of_a_tenant)).then(|| table.to_owned())
}

#[test]
fn no_statement_that_runs_often_walks_a_large_table() {
    let connection = database();
    let mut walking = Vec::new();
    for (name, sql) in statements() {
        let walks = plan(&connection, &sql).iter().any(|step| walked(step, &sql).is_some());
        let may = MAY_WALK.iter().any(|(allowed, _)| *allowed == name);
        assert!(walks || !may, "{name} walks nothing any more; take it from the list");
        if walks && !may {
            walking.push(format!("{name}: {:?}", plan(&connection, &sql)));
        }
    }
    assert!(walking.is_empty(), "{}", walking.join("\n"));
}

#[test]
fn the_sweep_and_the_open_callbacks_have_indexes_of_their_own() {
    let connection = database();
    let all = statements();
    for (name, index) in [
        ("system::calls::CLOSE_SILENT", "call_open"),
        ("system::purge::EXPIRED_HOLDS", "occupancy_expiry"),
        ("system::purge::EXPIRED_OFFERS", "offer_by_expiry"),
        ("system::purge::OLD_EVENTS", "seen_event_by_time"),
        ("callbacks::OPEN_OF_CALL", "callback_by_call"),
        ("callbacks::OPEN_OF_NUMBER", "callback_by_phone"),
    ] {
        let (_, sql) = all.iter().find(|(known, _)| known == name).unwrap();
        let plan = plan(&connection, sql).join("; ");
        assert!(plan.contains(&format!("INDEX {index} ")), "{name}: {plan}");
        assert!(!plan.contains("TEMP B-TREE"), "{name} sorts: {plan}");
    }
}
