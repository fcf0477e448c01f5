//! Names of people: cleaned, limited, and told apart from what models put in their place.

use crate::pii::PersonName;

/// What the text given as a name is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameGiven {
    /// A name, cleaned.
    Name(PersonName),
    /// "bei Mario", or exactly the name of somebody who works here: a wish for that person (as said).
    StaffWish(String),
    /// A time, a number, a greeting, a filler, nothing.
    NoName,
}

/// Reads the `customer_name` argument. `staff_names`: full names of the people who work here.
pub fn read_name(text: &str, staff_names: &[&str]) -> NameGiven {
    let _ = (text, staff_names);
    todo!("names")
}

/// Cleans free text of a caller (notes, reasons): no markup, braces or control characters, at most `limit`
/// characters; `None` if nothing is left.
pub fn clean_text(text: &str, limit: usize) -> Option<String> {
    let _ = (text, limit);
    todo!("notes")
}

/// A key under which spellings of one name are equal inside one call: case, umlauts, spaces and titles aside.
pub fn name_key(name: &PersonName) -> String {
    let _ = name;
    todo!("names")
}

/// Whether two names may be the same person's, as heard on the phone: equal keys, phonetic likeness, a first or
/// last name alone, one misheard letter.
pub fn sounds_like(said: &PersonName, known: &PersonName) -> bool {
    let _ = (said, known);
    todo!("names")
}
