//! Whether an installation and its tenants are set up so that calls end well: facts are gathered, checks over them are
//! pure, and each finding says what is wrong, why it matters and how to mend it.

mod calcom;
mod event_type;
mod house;

use serde::{Deserialize, Serialize};

pub use calcom::{CalendarFacts, calendar};
pub use house::{DeskFacts, Disk, FolderFacts, Ring, desk, folder, look_at_folder};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// As it should be.
    Ok,
    /// Calls are answered, but not as well as they could be.
    Warn,
    /// Something does not work, or will fail a caller.
    Error,
}

impl Level {
    /// As it is printed.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }
}

/// What was found by one check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// How bad it is.
    pub level: Level,
    /// The tenant's short name; none: the whole installation.
    #[serde(default)]
    pub tenant: Option<String>,
    /// The check's name, which stays the same.
    pub check: String,
    /// What is the case.
    pub what: String,
    /// Why it matters; none where all is well.
    #[serde(default)]
    pub why: Option<String>,
    /// How to mend it; none where all is well.
    #[serde(default)]
    pub mend: Option<String>,
}

impl Finding {
    /// All is well.
    pub fn ok(check: &str, what: impl Into<String>) -> Self {
        Self { level: Level::Ok, tenant: None, check: check.to_owned(), what: what.into(), why: None, mend: None }
    }

    /// Not as good as it could be.
    pub fn warn(check: &str, what: impl Into<String>, why: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { level: Level::Warn, why: Some(why.into()), mend: Some(mend.into()), ..Self::ok(check, what) }
    }

    /// Does not work.
    pub fn error(check: &str, what: impl Into<String>, why: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { level: Level::Error, ..Self::warn(check, what, why, mend) }
    }

    /// The same about a tenant.
    #[must_use]
    pub fn of(mut self, slug: &str) -> Self {
        self.tenant = Some(slug.to_owned());
        self
    }
}
