//! What can go wrong with the store, as values.

use std::fmt;

/// A failure of the store. None of them means "done"; what was asked has no effect, except for
/// [`StoreError::CommitUnknown`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreError {
    /// A last wall held: a uniqueness, overlap or check constraint refused a row. The text is the engine's.
    Constraint(String),
    /// Too many transactions are waiting; nothing was tried.
    Busy,
    /// The commit itself failed or its answer was lost: the transaction may or may not have happened.
    CommitUnknown(String),
    /// A row does not read as what it must be: damaged data or a newer schema.
    Unreadable(String),
    /// Disk full, file gone, engine failure. The text is the engine's, without values.
    Engine(String),
    /// The store is shutting down.
    Closed,
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Constraint(what) => write!(f, "the database refused a row: {what}"),
            Self::Busy => f.write_str("too many transactions are waiting"),
            Self::CommitUnknown(what) => write!(f, "the commit's outcome is unknown: {what}"),
            Self::Unreadable(what) => write!(f, "a stored row is unreadable: {what}"),
            Self::Engine(what) => write!(f, "the database failed: {what}"),
            Self::Closed => f.write_str("the store is closed"),
        }
    }
}

impl std::error::Error for StoreError {}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match &error {
            rusqlite::Error::SqliteFailure(code, message) if code.code == rusqlite::ErrorCode::ConstraintViolation => {
                Self::Constraint(message.clone().unwrap_or_else(|| code.to_string()))
            }
            // Only the engine's own words: bound values (names, numbers) never appear in them.
            rusqlite::Error::SqliteFailure(code, message) => {
                Self::Engine(message.clone().unwrap_or_else(|| code.to_string()))
            }
            _ => Self::Engine(error.to_string()),
        }
    }
}
