//! Migrations: numbered, add-only, checked by sum, and the live schema compared with what they make.

use rusqlite::Connection;
use sha2::{Digest, Sha256};

use crate::error::StoreError;

/// One step of the schema.
struct Migration {
    number: i64,
    name: &'static str,
    sql: &'static str,
}

const MIGRATIONS: &[Migration] =
    &[Migration { number: 1, name: "first", sql: include_str!("../migrations/sqlite/0001_first.sql") }];

const LEDGER: &str = "CREATE TABLE IF NOT EXISTS migration (
    number      INTEGER NOT NULL PRIMARY KEY,
    name        TEXT   NOT NULL,
    checksum    TEXT   NOT NULL,
    applied_ms  INTEGER NOT NULL
) STRICT";

/// Brings the schema up to date; the names of what was applied now. Refuses a database of a newer version, a changed
/// old migration, and a live schema that is not what the migrations make.
pub(crate) fn migrate(connection: &mut Connection, now_ms: i64) -> Result<Vec<&'static str>, StoreError> {
    let applied = apply(connection, now_ms)?;
    let mut fresh = Connection::open_in_memory()?;
    apply(&mut fresh, now_ms)?;
    if schema(connection)? == schema(&fresh)? {
        Ok(applied)
    } else {
        Err(StoreError::Engine(
            "the database's schema differs from what its migrations make; restore a backup or report this".to_owned(),
        ))
    }
}

/// How many migrations the database knows and how many this program has.
pub(crate) fn state(connection: &Connection) -> Result<(i64, i64), StoreError> {
    let known = connection.query_row("SELECT COUNT(*) FROM migration", [], |row| row.get(0))?;
    Ok((known, i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)))
}

fn apply(connection: &mut Connection, now_ms: i64) -> Result<Vec<&'static str>, StoreError> {
    connection.execute_batch(LEDGER)?;
    let mut applied = Vec::new();
    let newest: i64 = connection.query_row("SELECT COALESCE(MAX(number), 0) FROM migration", [], |row| row.get(0))?;
    if MIGRATIONS.last().is_some_and(|last| newest > last.number) {
        return Err(StoreError::Engine(format!(
            "the database is of a newer version (schema {newest}); start the newer program again"
        )));
    }
    for migration in MIGRATIONS {
        let checksum = checksum(migration.sql);
        let known: Option<String> = connection
            .query_row("SELECT checksum FROM migration WHERE number = ?1", [migration.number], |row| row.get(0))
            .map(Some)
            .or_else(|error| match error {
                rusqlite::Error::QueryReturnedNoRows => Ok(None),
                other => Err(other),
            })?;
        match known {
            Some(known) if known == checksum => {}
            Some(_) => {
                return Err(StoreError::Engine(format!(
                    "migration {} ({}) was changed after it had been applied",
                    migration.number, migration.name
                )));
            }
            None => {
                let transaction = connection.transaction()?;
                transaction.execute_batch(migration.sql)?;
                transaction.execute(
                    "INSERT INTO migration (number, name, checksum, applied_ms) VALUES (?1, ?2, ?3, ?4)",
                    rusqlite::params![migration.number, migration.name, checksum, now_ms],
                )?;
                transaction.commit()?;
                applied.push(migration.name);
            }
        }
    }
    Ok(applied)
}

fn checksum(sql: &str) -> String {
    Sha256::digest(sql.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn schema(connection: &Connection) -> Result<Vec<(String, String)>, StoreError> {
    let mut statement = connection
        .prepare("SELECT name, COALESCE(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<Vec<_>>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrating_twice_applies_nothing_the_second_time() {
        let mut connection = Connection::open_in_memory().unwrap();
        assert_eq!(migrate(&mut connection, 1).unwrap(), ["first"]);
        assert!(migrate(&mut connection, 2).unwrap().is_empty());
    }

    #[test]
    fn a_schema_that_was_changed_by_hand_is_refused() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, 1).unwrap();
        connection.execute_batch("DROP TRIGGER occupancy_exclusive").unwrap();
        assert!(migrate(&mut connection, 2).unwrap_err().to_string().contains("differs"));
    }

    #[test]
    fn a_newer_database_is_refused() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, 1).unwrap();
        connection.execute("INSERT INTO migration VALUES (999, 'future', 'x', 1)", []).unwrap();
        assert!(migrate(&mut connection, 2).unwrap_err().to_string().contains("newer"));
    }
}
