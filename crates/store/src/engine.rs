//! SQLite as we use it: how a connection is set up, and the few statements that differ between engines.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::error::StoreError;

/// A writer waits this long for a reader's checkpoint; there is no other writer.
const BUSY_WAIT: Duration = Duration::from_secs(5);
/// Statements kept prepared per connection: more than there are in the crate.
const PREPARED: usize = 256;

/// Before this version a WAL could lose a commit under a rare checkpoint race.
const OLDEST_SQLITE: i32 = 3_051_003;

/// Opens the one connection that writes: WAL, every commit on disk before it is told.
pub(crate) fn open_writer(path: &Path) -> Result<Connection, StoreError> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        return Err(StoreError::Engine(format!("SQLite {} is too old; 3.51.3 is needed", rusqlite::version())));
    }
    let connection = Connection::open(path)?;
    set_up(&connection)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    connection.pragma_update(None, "wal_autocheckpoint", 2000)?;
    Ok(connection)
}

/// Opens a connection beside the writer that cannot write.
pub(crate) fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(path, flags)?;
    set_up(&connection)?;
    connection.pragma_update(None, "query_only", "ON")?;
    Ok(connection)
}

/// Opens a database in memory, for tests and the simulator: the same settings, nothing durable.
pub(crate) fn open_memory() -> Result<Connection, StoreError> {
    let connection = Connection::open_in_memory()?;
    set_up(&connection)?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    Ok(connection)
}

fn set_up(connection: &Connection) -> Result<(), StoreError> {
    connection.busy_timeout(BUSY_WAIT)?;
    connection.set_prepared_statement_cache_capacity(PREPARED);
    // Without it SQLite plans statements anew whenever a value is bound that the plan might have looked at; ours have
    // one good plan each, and planning cost more than running them.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "cache_size", -8000)?;
    Ok(())
}

/// Takes a stretch of a person's time unless somebody has it; one row changed means taken.
pub(crate) const TAKE_TIME: &str = "-- engine::TAKE_TIME
    INSERT INTO occupancy (tenant_id, resource, from_ms, until_ms, owner, leg, call_id, expires_ms)
    SELECT $1, $2, $3, $4, $5, $6, $7, $8
    WHERE COALESCE((
        SELECT until_ms FROM occupancy
        WHERE tenant_id = $1 AND resource = $2 AND from_ms < $4
        ORDER BY from_ms DESC LIMIT 1
    ), $3) <= $3";

// Left to itself SQLite reads all of a tenant's rows for these three, because it supposes that there are ten of them.

/// Frees what an appointment or an offer has taken.
pub(crate) const RELEASE: &str = "-- engine::RELEASE
    DELETE FROM occupancy INDEXED BY occupancy_by_owner WHERE tenant_id = $1 AND owner = $2";

/// Frees everything a call holds.
pub(crate) const RELEASE_HOLDS_OF_CALL: &str = "-- engine::RELEASE_HOLDS_OF_CALL
    DELETE FROM occupancy INDEXED BY occupancy_holds
    WHERE tenant_id = $1 AND call_id = $2 AND expires_ms IS NOT NULL";

/// Frees what the latest calls of a number hold.
pub(crate) const RELEASE_HOLDS_OF_NUMBER: &str = "-- engine::RELEASE_HOLDS_OF_NUMBER
    DELETE FROM occupancy INDEXED BY occupancy_holds
    WHERE tenant_id = $1 AND expires_ms IS NOT NULL AND call_id IN (
        SELECT call_id FROM call WHERE tenant_id = $1 AND caller_number = $2
        ORDER BY created_ms DESC LIMIT 5
    )";

/// The offer of a call whose time is held for it now.
pub(crate) const HELD_BY: &str = "-- engine::HELD_BY
    SELECT token FROM offer
    WHERE tenant_id = $1 AND call_id = $2 AND purpose = 'book' AND EXISTS (
        SELECT 1 FROM occupancy o INDEXED BY occupancy_holds
        WHERE o.tenant_id = $1 AND o.call_id = $2 AND o.owner = offer.token AND o.expires_ms > $3
    )
    ORDER BY created_ms DESC LIMIT 1";
