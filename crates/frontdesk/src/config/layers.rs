//! Settings from the example file, the owner's file and the environment, one over the other.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use secrecy::SecretString;
use toml::de::{DeTable, DeValue};

use crate::tenant_file::report::{Report, did_you_mean};

/// Environment variables that begin so are settings.
const ENV_PREFIX: &str = "FRONTDESK__";

/// A setting's value. Not `Debug`: it may be a secret.
#[derive(Clone, PartialEq)]
enum Value {
    Text(String),
    Whole(u64),
}

/// Which layer gave a setting, and how to call the place in a message.
#[derive(Clone, PartialEq)]
enum Origin {
    Default,
    File { place: String, folder: PathBuf },
    Env(String),
}

struct Setting {
    value: Value,
    origin: Origin,
}

/// All settings by `section.key`, and what is wrong with them.
pub(super) struct Layers {
    settings: BTreeMap<String, Setting>,
    problems: Vec<String>,
}

impl Layers {
    /// The defaults; their keys are all the keys there are.
    pub(super) fn defaults(example: &str) -> Self {
        let mut layers = Self { settings: BTreeMap::new(), problems: Vec::new() };
        let (root, errors) = DeTable::parse_recoverable(example);
        layers.problems.extend(errors.iter().map(|error| format!("frontdesk.example.toml: {}", error.message())));
        for (section, entries) in root.get_ref() {
            let DeValue::Table(entries) = entries.get_ref() else { continue };
            for (key, value) in entries {
                if let Some(value) = plain(value.get_ref()) {
                    let name = format!("{}.{}", section.get_ref(), key.get_ref());
                    layers.settings.insert(name, Setting { value, origin: Origin::Default });
                }
            }
        }
        layers
    }

    /// Lays the owner's file over what is there.
    pub(super) fn add_file(&mut self, path: &Path) {
        let name = path.display().to_string();
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => {
                self.problems.push(format!("{name}: cannot be read ({error}); check the path after --config"));
                return;
            }
        };
        let report = Report::new(&text);
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        let (root, errors) = DeTable::parse_recoverable(&text);
        for error in &errors {
            let at = error.span().map_or(0, |span| span.start);
            report.wrong(at, format!("this is not TOML: {}; compare with frontdesk.example.toml", error.message()));
        }
        for (section_key, entries) in root.get_ref().iter().filter(|_| errors.is_empty()) {
            let section = section_key.get_ref();
            let at = section_key.span().start;
            if !self.sections().any(|known| known == section) {
                let advice = did_you_mean(section, self.sections(), || format!("sections: {}", self.section_list()));
                report.wrong(at, format!("there is no section or key \"{section}\"{advice}"));
                continue;
            }
            let DeValue::Table(entries) = entries.get_ref() else {
                report.wrong(at, format!("{section} is a section; write [{section}] and its keys below"));
                continue;
            };
            for (key, value) in entries {
                let name_of_setting = format!("{section}.{}", key.get_ref());
                let place = format!("{name}:{}", report.line_of(key.span().start));
                match self.accept(&name_of_setting, plain(value.get_ref())) {
                    Ok(value) => {
                        let origin = Origin::File { place, folder: folder.clone() };
                        self.settings.insert(name_of_setting, Setting { value, origin });
                    }
                    Err(why) => report.wrong(key.span().start, why),
                }
            }
        }
        if let Err(errors) = report.close(&name) {
            self.problems.push(errors.to_string());
        }
    }

    /// Lays `FRONTDESK__SECTION__KEY` variables over what is there; all others are not ours.
    pub(super) fn add_env(&mut self, variables: impl Iterator<Item = (String, String)>) {
        let mut ours: Vec<(String, String)> =
            variables.filter(|(variable, _)| variable.starts_with(ENV_PREFIX)).collect();
        ours.sort();
        for (variable, text) in ours {
            let name = variable.strip_prefix(ENV_PREFIX).unwrap_or_default().to_lowercase().replace("__", ".");
            let whole = matches!(self.settings.get(&name), Some(Setting { value: Value::Whole(_), .. }));
            let given = if whole { text.trim().parse().ok().map(Value::Whole) } else { Some(Value::Text(text)) };
            match self.accept(&name, given) {
                Ok(value) => {
                    self.settings.insert(name, Setting { value, origin: Origin::Env(variable) });
                }
                Err(why) => self.problems.push(format!("environment variable {variable}: {why}")),
            }
        }
    }

    /// The value if there is such a setting and it is of this kind; otherwise why not.
    fn accept(&self, name: &str, given: Option<Value>) -> Result<Value, String> {
        let (section, key) = name.split_once('.').unwrap_or((name, ""));
        let Some(known) = self.settings.get(name) else {
            if !self.sections().any(|known| known == section) {
                let advice = did_you_mean(section, self.sections(), || format!("sections: {}", self.section_list()));
                return Err(format!("there is no section \"{section}\"{advice}"));
            }
            let keys: Vec<&str> =
                self.settings.keys().filter_map(|name| name.strip_prefix(section)?.strip_prefix('.')).collect();
            let advice = did_you_mean(key, keys.iter().copied(), || format!("its keys: {}", keys.join(", ")));
            return Err(format!("section [{section}] has no key \"{key}\"{advice}"));
        };
        match (&known.value, given) {
            (Value::Text(_), Some(Value::Text(text))) => Ok(Value::Text(text.trim().to_owned())),
            (Value::Whole(_), Some(Value::Whole(number))) => Ok(Value::Whole(number)),
            (Value::Text(_), _) => Err(format!("{name} must be a text in quotes")),
            (Value::Whole(default), _) => Err(format!("{name} must be a whole number such as {default}")),
        }
    }

    fn sections(&self) -> impl Iterator<Item = &str> {
        let mut last = "";
        self.settings.keys().filter_map(|name| name.split_once('.')).filter_map(move |(section, _)| {
            let new = section != last;
            last = section;
            new.then_some(section)
        })
    }

    fn section_list(&self) -> String {
        self.sections().collect::<Vec<_>>().join(", ")
    }

    /// A text setting; `None` if it is empty.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        match &self.settings.get(name)?.value {
            Value::Text(text) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    /// A number; out of range is a problem, and then the nearest possible.
    pub(super) fn whole(&mut self, name: &str, range: RangeInclusive<u64>) -> u64 {
        let number = match self.settings.get(name).map(|setting| &setting.value) {
            Some(Value::Whole(number)) => *number,
            _ => *range.start(),
        };
        if !range.contains(&number) {
            self.wrong(name, format!("must be between {} and {}", range.start(), range.end()));
        }
        number.clamp(*range.start(), *range.end())
    }

    /// A text read by a parser; its failure is a problem of that setting.
    pub(super) fn read<T>(&mut self, name: &str, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        match parse(self.text(name)?) {
            Ok(value) => Some(value),
            Err(why) => {
                self.wrong(name, why);
                None
            }
        }
    }

    /// A secret from `name`, or from the file that `name_file` names. Of two layers the later wins; both in one layer
    /// is a problem.
    pub(super) fn secret(&mut self, name: &str) -> Option<SecretString> {
        let file_name = format!("{name}_file");
        let path = self.text(&file_name).map(PathBuf::from);
        let inline = self.text(name).map(str::to_owned);
        let path = match (inline, path) {
            (None, None) => return None,
            (Some(secret), None) => return Some(SecretString::from(secret)),
            (None, Some(path)) => path,
            (Some(secret), Some(path)) => match self.rank(name).cmp(&self.rank(&file_name)) {
                std::cmp::Ordering::Greater => return Some(SecretString::from(secret)),
                std::cmp::Ordering::Less => path,
                std::cmp::Ordering::Equal => {
                    self.wrong(&file_name, format!("and {name} are both given; keep one of them"));
                    return None;
                }
            },
        };
        let path = match self.settings.get(&file_name).map(|setting| &setting.origin) {
            Some(Origin::File { folder, .. }) => folder.join(path),
            _ => path,
        };
        match std::fs::read_to_string(&path) {
            Ok(text) if !text.trim().is_empty() => Some(SecretString::from(text.trim())),
            Ok(_) => {
                self.wrong(&file_name, format!("names {}, which is empty; put the secret into it", path.display()));
                None
            }
            Err(error) => {
                self.wrong(&file_name, format!("names {}, which cannot be read ({error})", path.display()));
                None
            }
        }
    }

    fn rank(&self, name: &str) -> u8 {
        match self.settings.get(name).map(|setting| &setting.origin) {
            None | Some(Origin::Default) => 0,
            Some(Origin::File { .. }) => 1,
            Some(Origin::Env(_)) => 2,
        }
    }

    /// Something is wrong with the value of a setting, wherever it came from.
    pub(super) fn wrong(&mut self, name: &str, why: impl std::fmt::Display) {
        let place = match self.settings.get(name).map(|setting| &setting.origin) {
            None | Some(Origin::Default) => "default".to_owned(),
            Some(Origin::File { place, .. }) => place.clone(),
            Some(Origin::Env(variable)) => format!("environment variable {variable}"),
        };
        self.problems.push(format!("{place}: {name} {why}"));
    }

    /// Everything that is wrong.
    pub(super) fn problems(self) -> Vec<String> {
        self.problems
    }
}

/// Texts and whole numbers are all the kinds there are.
fn plain(value: &DeValue<'_>) -> Option<Value> {
    match value {
        DeValue::String(text) => Some(Value::Text(text.to_string())),
        DeValue::Integer(number) => u64::from_str_radix(number.as_str(), number.radix()).ok().map(Value::Whole),
        _ => None,
    }
}
