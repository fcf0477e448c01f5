//! Reads tables of a TOML file key by key; every key that nobody asked for is a mistake.

use std::cell::RefCell;
use std::ops::RangeInclusive;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::report::{Report, did_you_mean};

/// Longest text a key may hold, in characters.
const LONGEST_TEXT: usize = 200;

/// A text of the file and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Text {
    pub(super) at: usize,
    pub(super) value: String,
}

/// A value of the file, where it stands and under which key.
#[derive(Clone, Copy)]
pub(super) struct Item<'t> {
    pub(super) key: &'t str,
    pub(super) at: usize,
    pub(super) value: &'t DeValue<'t>,
    report: &'t Report<'t>,
}

/// A table of the file. Ask for every key it may have, then [`Table::close`] it.
pub(super) struct Table<'t> {
    /// What it describes, as an owner would call it.
    what: &'static str,
    /// Where its header stands.
    pub(super) at: usize,
    entries: &'t DeTable<'t>,
    asked: RefCell<Vec<&'static str>>,
    pub(super) report: &'t Report<'t>,
}

impl<'t> Table<'t> {
    pub(super) fn new(what: &'static str, at: usize, entries: &'t DeTable<'t>, report: &'t Report<'t>) -> Self {
        Self { what, at, entries, asked: RefCell::default(), report }
    }

    /// The value of a key, whatever it is.
    pub(super) fn item(&self, key: &'static str) -> Option<Item<'t>> {
        self.asked.borrow_mut().push(key);
        let value = self.entries.get(key)?;
        Some(Item { key, at: value.span().start, value: value.get_ref(), report: self.report })
    }

    /// All keys with their values; for tables whose keys are data. They all count as asked for.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (Text, Item<'t>)> {
        self.entries.iter().map(|(key, value)| {
            let name = Text { at: key.span().start, value: key.get_ref().to_string() };
            (name, Item { key: key.get_ref(), at: value.span().start, value: value.get_ref(), report: self.report })
        })
    }

    pub(super) fn text(&self, key: &'static str) -> Option<Text> {
        self.item(key)?.text()
    }

    /// A text that must be there; a missing one is reported with an example of what to write.
    pub(super) fn needed_text(&self, key: &'static str, example: &str) -> Option<Text> {
        let item = self.item(key);
        if item.is_none() {
            let what = self.what;
            self.report.wrong(self.at, format!("the {what} has no {key}; write {key} = \"{example}\""));
        }
        item?.text()
    }

    /// One text or a list of texts; a missing key is an empty list.
    pub(super) fn texts(&self, key: &'static str) -> Vec<Text> {
        self.item(key).map(|item| item.texts()).unwrap_or_default()
    }

    /// A whole number inside the range.
    pub(super) fn whole(&self, key: &'static str, range: RangeInclusive<u32>) -> Option<u32> {
        self.item(key)?.whole(range)
    }

    pub(super) fn flag(&self, key: &'static str) -> Option<bool> {
        let item = self.item(key)?;
        if let DeValue::Boolean(flag) = item.value {
            return Some(*flag);
        }
        self.report.wrong(item.at, format!("{key} must be true or false, without quotes"));
        None
    }

    /// A table below this one.
    pub(super) fn table(&self, key: &'static str, what: &'static str) -> Option<Table<'t>> {
        self.item(key)?.table(what)
    }

    /// A list of tables below this one; a missing key is an empty list.
    pub(super) fn tables(&self, key: &'static str, what: &'static str) -> Vec<Table<'t>> {
        let Some(item) = self.item(key) else { return Vec::new() };
        match item.value {
            DeValue::Array(list) => list.iter().filter_map(|value| item.inside(value).table(what)).collect(),
            DeValue::Table(_) => {
                self.report.wrong(
                    item.at,
                    format!("{key} must be a list; write [[{key}]] with two brackets, or {key} = [{{ … }}]"),
                );
                Vec::new()
            }
            _ => {
                self.report.wrong(item.at, format!("{key} must be a list of tables, not {}", kind_of(item.value)));
                Vec::new()
            }
        }
    }

    /// Reports every key nobody asked for.
    pub(super) fn close(self) {
        let asked = self.asked.into_inner();
        for key in self.entries.keys() {
            let name = key.get_ref().as_ref();
            if asked.contains(&name) {
                continue;
            }
            let known = || format!("possible here: {}", asked.join(", "));
            let advice = did_you_mean(name, asked.iter().copied(), known);
            self.report.wrong(key.span().start, format!("the {} has no key \"{name}\"{advice}", self.what));
        }
    }
}

impl<'t> Item<'t> {
    fn inside(&self, value: &'t Spanned<DeValue<'t>>) -> Item<'t> {
        Item { key: self.key, at: value.span().start, value: value.get_ref(), report: self.report }
    }

    pub(super) fn wrong(&self, text: impl Into<String>) {
        self.report.wrong(self.at, text);
    }

    pub(super) fn text(&self) -> Option<Text> {
        let DeValue::String(text) = self.value else {
            self.wrong(format!("{} must be a text in quotes, not {}", self.key, kind_of(self.value)));
            return None;
        };
        let value = text.trim();
        if value.is_empty() {
            self.wrong(format!("{} is empty; fill it in or leave the key out", self.key));
        } else if value.chars().any(char::is_control) {
            self.wrong(format!("{} must be one line without control characters", self.key));
        } else if value.chars().count() > LONGEST_TEXT {
            self.wrong(format!("{} is longer than {LONGEST_TEXT} characters; shorten it", self.key));
        } else {
            return Some(Text { at: self.at, value: value.to_owned() });
        }
        None
    }

    pub(super) fn texts(&self) -> Vec<Text> {
        match self.value {
            DeValue::Array(list) => list.iter().filter_map(|value| self.inside(value).text()).collect(),
            DeValue::String(_) => self.text().into_iter().collect(),
            other => {
                self.wrong(format!(
                    "{} must be a text in quotes or a list [\"…\", \"…\"], not {}",
                    self.key,
                    kind_of(other)
                ));
                Vec::new()
            }
        }
    }

    /// The values of a list.
    pub(super) fn items(&self) -> Option<Vec<Item<'t>>> {
        let DeValue::Array(list) = self.value else {
            self.wrong(format!("{} must be a list [1, 2], not {}", self.key, kind_of(self.value)));
            return None;
        };
        Some(list.iter().map(|value| self.inside(value)).collect())
    }

    /// A date or a time with a date: as TOML knows them, without quotes, or as a text.
    pub(super) fn moment(&self) -> Option<Text> {
        match self.value {
            DeValue::Datetime(moment) => Some(Text { at: self.at, value: moment.to_string() }),
            DeValue::String(_) => self.text(),
            other => {
                self.wrong(format!("{} must be a date such as 2026-12-24, not {}", self.key, kind_of(other)));
                None
            }
        }
    }

    pub(super) fn whole(&self, range: RangeInclusive<u32>) -> Option<u32> {
        let DeValue::Integer(number) = self.value else {
            self.wrong(format!("{} must be a whole number without quotes, not {}", self.key, kind_of(self.value)));
            return None;
        };
        let number = i64::from_str_radix(number.as_str(), number.radix()).ok().and_then(|n| u32::try_from(n).ok());
        let fitting = number.filter(|number| range.contains(number));
        if fitting.is_none() {
            self.wrong(format!("{} must be between {} and {}", self.key, range.start(), range.end()));
        }
        fitting
    }

    pub(super) fn table(&self, what: &'static str) -> Option<Table<'t>> {
        if let DeValue::Table(entries) = self.value {
            return Some(Table::new(what, self.at, entries, self.report));
        }
        self.wrong(format!("{} must be a table {{ … }}, not {}", self.key, kind_of(self.value)));
        None
    }
}

/// A value's kind in words.
fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
