//! What a command leaves behind: its exit code and what it prints, the same whether it ran here or in the server.

use std::process::ExitCode;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::out;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Exit {
    /// 0: done.
    Ok,
    /// 1: it went wrong.
    Wrong,
    /// 2: the command line makes no sense.
    Usage,
    /// 3: refused, or something it needs is in use.
    Refused,
}

/// The exit codes, for `--help`.
pub const EXIT_CODES: &str = "Exit codes: 0 done, 1 it went wrong, 2 wrong usage, 3 refused or in use.";

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Ok => 0,
            Exit::Wrong => 1,
            Exit::Usage => 2,
            Exit::Refused => 3,
        })
    }
}

/// What a command prints and how it ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandOutput {
    /// How it ended.
    pub exit: Exit,
    /// For standard output.
    pub out: String,
    /// For standard error.
    pub err: String,
}

impl CommandOutput {
    /// Done, with something to print.
    pub fn ok(out: impl Into<String>) -> Self {
        Self { exit: Exit::Ok, out: out.into(), err: String::new() }
    }

    /// Went wrong; the text says what and what to do next.
    pub fn wrong(err: impl Into<String>) -> Self {
        Self { exit: Exit::Wrong, out: String::new(), err: err.into() }
    }

    /// Refused or in use; the text says what and what to do next.
    pub fn refused(err: impl Into<String>) -> Self {
        Self { exit: Exit::Refused, out: String::new(), err: err.into() }
    }

    /// Asked for in a way that makes no sense.
    pub fn usage(err: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, out: String::new(), err: err.into() }
    }

    /// The same with a JSON value on standard output, for scripts.
    pub fn json(value: &Value) -> Self {
        Self::ok(format!("{value:#}\n"))
    }

    /// Prints it; every text ends with a line break.
    pub fn print(&self) -> ExitCode {
        if !self.out.is_empty() {
            out::text(ended(&self.out));
        }
        if !self.err.is_empty() {
            out::error_text(ended(&self.err));
        }
        self.exit.into()
    }
}

fn ended(text: &str) -> String {
    if text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}

/// A JSON value as a person reads it: lists of objects one a line, nothing of what is empty.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::String(text) => text.clone(),
        Value::Bool(flag) => (if *flag { "yes" } else { "no" }).to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Array(items) if items.is_empty() => "–".to_owned(),
        Value::Array(items) if items.iter().any(Value::is_object) => {
            items.iter().map(|item| format!("\n    {}", plain(item))).collect()
        }
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => {
            let told = fields.iter().filter(|(_, value)| !is_empty(value));
            told.map(|(key, value)| format!("{key} {}", plain(value))).collect::<Vec<_>>().join(", ")
        }
    }
}

/// Whether a value says nothing.
pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.values().all(is_empty),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn alternatives_are_listed_one_a_line_and_empty_fields_left_out() {
        let value = json!([{ "spoken": "10 Uhr", "token": "slot_1" }, { "spoken": "11 Uhr", "held": null }]);
        assert_eq!(plain(&value), "\n    spoken 10 Uhr, token slot_1\n    spoken 11 Uhr");
        assert!(is_empty(&json!({ "a": [], "b": { "c": null } })) && !is_empty(&json!({ "a": false })));
    }
}
