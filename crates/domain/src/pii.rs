//! Personal data that masks itself: `Debug` and `Display` never show it, `.reveal()` is greppable.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Any personal value; prints as `•••` whatever it holds.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Pii<T>(T);

impl<T> Pii<T> {
    /// Wraps a value so that it cannot be printed by accident.
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself; every use is a place where personal data leaves its mask.
    pub fn reveal(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Pii<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("•••")
    }
}

impl<T> fmt::Display for Pii<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("•••")
    }
}

/// Text newtypes that print masked. The inner text was checked where the value was made.
macro_rules! masked_texts {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes text that is already in canonical form: the parsers of [`crate::caller`] and the store.
            pub fn from_canonical(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text itself.
            pub fn reveal(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("•••")
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("•••")
            }
        }
    )*};
}

masked_texts! {
    /// A telephone number in E.164 (`+491713920017`), or the placeholder of an anonymous customer
    /// (`anonymous_<unix seconds>_<random hex>`).
    Phone;
    /// A syntactically valid e-mail address, domain in lower case; never empty.
    Email;
    /// A person's name, cleaned: no markup, no control characters, at most 80 characters; never empty.
    PersonName;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_personal_is_printed() {
        let phone = Phone::from_canonical("+491713920017");
        let note = Pii::new("allergisch".to_owned());
        assert_eq!(format!("{phone} {phone:?} {note} {note:?}"), "••• ••• ••• •••");
    }
}
