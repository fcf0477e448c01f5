//! The bare driver: the rows of one booking, committed by nothing but SQLite, on one thread.
//!
//! The rows are read from a real booking of the same run, all of them, so that the two cannot drift apart; ids and
//! times are replaced by others of the same length. They are made before the clock starts.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, params_from_iter};

use super::salon::PEOPLE;

/// A quarter of an hour, the length of the captured booking.
const QUARTER_MS: i64 = 15 * 60 * 1000;
/// Columns whose instants say when somebody is taken.
const WHEN: [&str; 4] = ["from_ms", "until_ms", "start_ms", "end_ms"];

/// Rows per table.
pub type Counts = BTreeMap<String, i64>;

/// One row as it was found.
struct Row {
    table: String,
    values: Vec<(String, Value)>,
}

/// Everything one booking wrote.
pub struct Booking {
    rows: Vec<Row>,
    /// What stands for this booking in its rows: call, appointment, customer, tenant, number.
    names: Vec<String>,
}

fn shown(error: rusqlite::Error) -> String {
    format!("the database: {error}")
}

/// How many rows each table of a database has; it may be in use.
pub fn counts(database: &Path) -> Result<Counts, String> {
    let connection = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(shown)?;
    let mut counts = Counts::new();
    for table in tables(&connection)? {
        let count = connection.query_row(&format!("SELECT COUNT(*) FROM {table}"), [], |row| row.get(0));
        counts.insert(table, count.map_err(shown)?);
    }
    Ok(counts)
}

/// What grew, and by how much.
pub fn grown(before: &Counts, after: &Counts) -> Counts {
    let grown = after.iter().map(|(table, count)| (table.clone(), count - before.get(table).copied().unwrap_or(0)));
    grown.filter(|(_, by)| *by != 0).collect()
}

fn tables(connection: &Connection) -> Result<Vec<String>, String> {
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid";
    let mut statement = connection.prepare(sql).map_err(shown)?;
    let names = statement.query_map([], |row| row.get(0)).map_err(shown)?;
    names.collect::<Result<_, _>>().map_err(shown)
}

impl Booking {
    /// Reads what the booking of a call wrote. Fails where that is not what the tables grew by.
    pub fn capture(database: &Path, call_id: &str, wrote: &Counts) -> Result<Self, String> {
        let connection = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(shown)?;
        let sql = "SELECT a.appointment_id, a.customer_id, a.tenant_id, c.phone
            FROM appointment a JOIN customer c ON c.tenant_id = a.tenant_id AND c.customer_id = a.customer_id
            WHERE a.call_id = ?1";
        let mut names: Vec<String> = connection
            .query_row(sql, [call_id], |row| Ok(vec![row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]))
            .map_err(shown)?;
        names.insert(0, call_id.to_owned());
        let mut rows = Vec::new();
        for table in tables(&connection)? {
            rows.extend(rows_naming(&connection, &table, names.get(..3).unwrap_or_default())?);
        }
        let booking = Self { rows, names };
        let found = booking.counts();
        if found == *wrote { Ok(booking) } else { Err(format!("found {found:?}, but {wrote:?} were written")) }
    }

    /// How many rows of each table it is.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::new();
        for row in &self.rows {
            *counts.entry(row.table.clone()).or_default() += 1;
        }
        counts
    }

    /// What was written, for people.
    pub fn told(wrote: &Counts) -> String {
        wrote.iter().map(|(table, count)| format!("{count} {table}")).collect::<Vec<_>>().join(", ")
    }

    /// The rows of the n-th booking of a run: other ids, another chair or time. `tenants`: 0 keeps the salon's own.
    fn another(&self, run: u32, n: u64, tenants: u64) -> Vec<Vec<Value>> {
        let [call, appointment, customer, tenant, number] = self.names.as_slice() else { return Vec::new() };
        let (turn, own) = n
            .checked_div(tenants)
            .map_or((n, tenant.clone()), |turn| (turn, padded(&format!("ten_other{:06}", n % tenants), tenant.len())));
        let others = [
            (call, padded(&format!("call_bare{run:03}{n:09}"), call.len())),
            (appointment, padded(&format!("apt_{run:03}{n:09}"), appointment.len())),
            (customer, padded(&format!("cus_{run:03}{n:09}"), customer.len())),
            (tenant, own),
            (number, format!("+4917{:02}{n:08}", run % 90)),
        ];
        let shift = i64::try_from(turn / PEOPLE).unwrap_or(0) * QUARTER_MS;
        let person = format!("stf_bench{}", turn % PEOPLE);
        let value = |(column, value): &(String, Value)| match value {
            Value::Integer(at) if WHEN.contains(&column.as_str()) => Value::Integer(at + shift),
            Value::Text(_) if column == "resource" => Value::Text(person.clone()),
            Value::Text(text) => {
                let put = |text: String, (old, new): &(&String, String)| {
                    if text.contains(old.as_str()) { text.replace(old.as_str(), new) } else { text }
                };
                Value::Text(others.iter().fold(text.clone(), put))
            }
            other => other.clone(),
        };
        self.rows.iter().map(|row| row.values.iter().map(value).collect()).collect()
    }

    fn statements(&self) -> Vec<String> {
        let statement = |row: &Row| {
            let columns: Vec<&str> = row.values.iter().map(|(column, _)| column.as_str()).collect();
            let marks = vec!["?"; columns.len()].join(", ");
            format!("INSERT INTO {} ({}) VALUES ({marks})", row.table, columns.join(", "))
        };
        self.rows.iter().map(statement).collect()
    }
}

fn padded(id: &str, length: usize) -> String {
    format!("{id:x<length$}")
}

fn rows_naming(connection: &Connection, table: &str, names: &[String]) -> Result<Vec<Row>, String> {
    let mut statement = connection.prepare(&format!("SELECT * FROM {table}")).map_err(shown)?;
    let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let naming = ["call_id", "appointment_id", "customer_id", "owner"];
    let known: Vec<&str> = naming.into_iter().filter(|name| columns.iter().any(|column| column == name)).collect();
    if known.is_empty() {
        return Ok(Vec::new());
    }
    let any = known.iter().map(|column| format!("{column} IN (?1, ?2, ?3)")).collect::<Vec<_>>().join(" OR ");
    statement = connection.prepare(&format!("SELECT * FROM {table} WHERE {any}")).map_err(shown)?;
    let found = statement.query_map(params_from_iter(names), |row| {
        let values =
            columns.iter().enumerate().map(|(at, column)| Ok::<_, rusqlite::Error>((column.clone(), row.get(at)?)));
        Ok(Row { table: table.to_owned(), values: values.collect::<Result<_, _>>()? })
    });
    found.map_err(shown)?.collect::<Result<_, _>>().map_err(shown)
}

/// A database the product made and nobody serves, opened with the settings of the product's writer.
pub struct Bare {
    connection: Connection,
    /// Numbers the runs, so that their ids differ; and bookings never fall on the same time.
    runs: u32,
    booked: u64,
}

impl Bare {
    /// Opens it. The settings are those of crates/store/src/engine.rs.
    pub fn open(database: &Path) -> Result<Self, String> {
        let connection = Connection::open(database).map_err(shown)?;
        for (setting, value) in [
            ("journal_mode", "WAL"),
            ("synchronous", "FULL"),
            ("foreign_keys", "ON"),
            ("wal_autocheckpoint", "2000"),
            ("temp_store", "MEMORY"),
            ("cache_size", "-8000"),
        ] {
            connection.pragma_update(None, setting, value).map_err(shown)?;
        }
        Ok(Self { connection, runs: 0, booked: 0 })
    }

    /// Bookings a second, so many to a commit, until time or `most` is reached.
    #[allow(clippy::cast_precision_loss, reason = "a rate")]
    pub fn drive(&mut self, booking: &Booking, to_a_commit: u64, duration: Duration, most: u64) -> Result<f64, String> {
        self.runs += 1;
        let all: Vec<_> = (self.booked..self.booked + most).map(|n| booking.another(self.runs, n, 0)).collect();
        let statements = booking.statements();
        let start = Instant::now();
        let mut done = 0_u64;
        for batch in all.chunks(usize::try_from(to_a_commit.max(1)).unwrap_or(1)) {
            self.commit(&statements, batch)?;
            done += batch.len() as u64;
            if start.elapsed() >= duration {
                break;
            }
        }
        let took = start.elapsed();
        self.booked += done;
        Ok(done as f64 / took.as_secs_f64())
    }

    /// Fills the database with bookings of other tenants, quickly: without waiting for the disk.
    pub fn fill(&mut self, booking: &Booking, bookings: u64, tenants: u64) -> Result<(), String> {
        self.runs += 1;
        self.connection.pragma_update(None, "synchronous", "OFF").map_err(shown)?;
        self.connection.pragma_update(None, "cache_size", "-200000").map_err(shown)?;
        let statements = booking.statements();
        let mut from = 0;
        while from < bookings {
            let until = (from + 5_000).min(bookings);
            let batch: Vec<_> = (from..until).map(|n| booking.another(self.runs, n, tenants)).collect();
            self.commit(&statements, &batch)?;
            from = until;
        }
        self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(shown)
    }

    fn commit(&self, inserts: &[String], batch: &[Vec<Vec<Value>>]) -> Result<(), String> {
        let run = |sql: &str| self.connection.prepare_cached(sql).and_then(|mut statement| statement.execute([]));
        run("BEGIN IMMEDIATE").map_err(shown)?;
        let mut statements = Vec::new();
        for sql in inserts {
            statements.push(self.connection.prepare_cached(sql).map_err(shown)?);
        }
        for rows in batch {
            for (statement, row) in statements.iter_mut().zip(rows) {
                statement.execute(params_from_iter(row)).map_err(shown)?;
            }
        }
        run("COMMIT").map_err(shown).map(|_| ())
    }
}
