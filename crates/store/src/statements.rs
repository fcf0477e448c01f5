//! A look at every statement of the crate, for its tests: each prepares on the engine, and none touches a tenant's
//! table without its tenant.

use std::path::Path;

/// Tables without a tenant's rows, or found before the tenant is known.
const WITHOUT_TENANT: &[&str] = &["migration"];

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
fn no_statement_of_a_call_reads_everything_a_tenant_has() {
    let connection = database();
    let mut found = Vec::new();
    for (name, sql) in statements() {
        // Those run once in a while, or read the few rows that define a tenant.
        if name.starts_with("system::") || name.starts_with("tenants::") {
            continue;
        }
        let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {}", sql.replace('$', "?"))).unwrap();
        for step in plan.raw_query().mapped(|row| row.get::<_, String>(3)).map(Result::unwrap) {
            if step.ends_with("(tenant_id=?)") || step.starts_with("SCAN ") && step != "SCAN CONSTANT ROW" {
                found.push(format!("{name}: {step}"));
            }
        }
    }
    assert!(found.is_empty(), "these cost more with every appointment a tenant has:\n{}", found.join("\n"));
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
