//! Values to and from SQL, the same on every engine.

use rusqlite::types::{ToSqlOutput, Value as SqliteValue, ValueRef};

use crate::error::StoreError;

/// A bound parameter.
#[derive(Clone, Copy, Debug)]
pub enum Param<'a> {
    /// SQL NULL.
    Null,
    /// A 64-bit number.
    Int(i64),
    /// Text.
    Text(&'a str),
}

impl<'a> From<&'a str> for Param<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Param<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Param<'_> {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<bool> for Param<'_> {
    fn from(flag: bool) -> Self {
        Self::Int(i64::from(flag))
    }
}

impl<'a, T: Into<Param<'a>>> From<Option<T>> for Param<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl rusqlite::ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match *self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

/// Shorthand: anything bindable as a [`Param`].
pub fn p<'a>(value: impl Into<Param<'a>>) -> Param<'a> {
    value.into()
}

/// One result row, columns by position.
#[derive(Debug)]
pub struct Row(Vec<SqliteValue>);

impl Row {
    pub(crate) fn from_sqlite(row: &rusqlite::Row<'_>, columns: usize) -> rusqlite::Result<Self> {
        (0..columns).map(|column| row.get(column)).collect::<rusqlite::Result<Vec<_>>>().map(Self)
    }

    /// A text column that may be NULL.
    pub fn opt_text(&self, column: usize) -> Result<Option<String>, StoreError> {
        match self.0.get(column) {
            Some(SqliteValue::Text(text)) => Ok(Some(text.clone())),
            Some(SqliteValue::Null) => Ok(None),
            _ => Err(StoreError::Unreadable(format!("column {column} is no text"))),
        }
    }

    /// A text column.
    pub fn text(&self, column: usize) -> Result<String, StoreError> {
        self.opt_text(column)?.ok_or_else(|| StoreError::Unreadable(format!("column {column} is NULL")))
    }

    /// A number column that may be NULL.
    pub fn opt_int(&self, column: usize) -> Result<Option<i64>, StoreError> {
        match self.0.get(column) {
            Some(SqliteValue::Integer(number)) => Ok(Some(*number)),
            Some(SqliteValue::Null) => Ok(None),
            _ => Err(StoreError::Unreadable(format!("column {column} is no number"))),
        }
    }

    /// A number column.
    pub fn int(&self, column: usize) -> Result<i64, StoreError> {
        self.opt_int(column)?.ok_or_else(|| StoreError::Unreadable(format!("column {column} is NULL")))
    }

    /// A JSON column.
    pub fn json<T: serde::de::DeserializeOwned>(&self, column: usize) -> Result<T, StoreError> {
        serde_json::from_str(&self.text(column)?)
            .map_err(|error| StoreError::Unreadable(format!("column {column}: {error}")))
    }
}

/// Serialises a value for a JSON column.
pub fn to_json<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Unreadable(error.to_string()))
}

/// An instant of the store.
pub fn instant(ms: i64) -> Result<jiff::Timestamp, StoreError> {
    jiff::Timestamp::from_millisecond(ms).map_err(|error| StoreError::Unreadable(error.to_string()))
}
