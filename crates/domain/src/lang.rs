//! The two languages the desk speaks.

use serde::{Deserialize, Serialize};

/// A language the desk understands and answers in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// German, formal address ("Sie").
    #[default]
    De,
    /// English.
    En,
}

impl Lang {
    /// Reads a language tag such as `de`, `de-DE`, `EN-gb`, "Deutsch" or "english"; anything else is `None`.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let tag = tag.trim().to_lowercase();
        match tag.split(['-', '_']).next() {
            Some("de" | "deu" | "ger" | "deutsch" | "german") => Some(Self::De),
            Some("en" | "eng" | "englisch" | "english") => Some(Self::En),
            _ => None,
        }
    }
}
