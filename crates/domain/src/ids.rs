//! Identifiers: text newtypes, so that a staff id never lands where a service id belongs.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One newtype per kind of identifier; all opaque text, compared as given.
macro_rules! text_ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes the text as it is.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The identifier's text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }
    )*};
}

text_ids! {
    /// A company, `ten_…`; made at its first `tenant apply`.
    TenantId;
    /// A branch, unique inside its tenant; the `id` of the tenant file.
    BranchId;
    /// A person who serves customers, unique inside the tenant; the `id` of the tenant file.
    StaffId;
    /// A service, unique inside the tenant; the `id` of the tenant file.
    ServiceId;
    /// A customer, `cus_…`.
    CustomerId;
    /// An appointment, `apt_…`; kept when it is moved.
    AppointmentId;
    /// The voice platform's own id of a call, opaque.
    CallId;
    /// A slot offered to one call, `slot_…`; also the id of the hold on it.
    OfferToken;
    /// A promised call back, `cbk_…`.
    CallbackId;
}
