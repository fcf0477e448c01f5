//! The calling number: withheld in many spellings, or a number in E.164.

use crate::pii::Phone;

/// What the calling number says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallerNumber {
    /// Withheld, missing, or not a possible number: no identity at all.
    Withheld,
    /// A number, in E.164.
    Known(Phone),
}

impl CallerNumber {
    /// Reads a raw caller id; `country` (ISO 3166, two capitals) is how national formats are read.
    pub fn read(raw: Option<&str>, country: &str) -> Self {
        let _ = (raw, country);
        todo!("caller id")
    }
}

/// Reads a number said or written by a person ("null eins sieben eins …" too), E.164 or nothing.
pub fn parse_phone(text: &str, country: &str) -> Option<Phone> {
    let _ = (text, country);
    todo!("phone")
}
