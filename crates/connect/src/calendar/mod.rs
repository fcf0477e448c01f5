//! Calendars outside: bytes ↔ [`frontdesk_domain::calendar`], one folder each, behind the one trait
//! [`Calendar`].

pub mod calcom;

use std::fmt;
use std::sync::Arc;

use frontdesk_domain::calendar::link::{CalendarLink, Provider};
use frontdesk_domain::ports::Calendar;
use secrecy::{ExposeSecret, SecretString};

use crate::guard::{BadUrl, base_url};
use crate::http::Client;

/// Why a calendar cannot be opened, and what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OpenError {
    /// Its address is not usable.
    Address(BadUrl),
    /// Its key is none.
    Key,
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(bad) => write!(f, "calendar address: {bad}"),
            Self::Key => f.write_str("calendar key: it is empty or has blanks or letters no key has; set it again"),
        }
    }
}

impl std::error::Error for OpenError {}

/// Opens a tenant's calendar. Nothing is asked of it yet.
///
/// # Errors
/// The address is refused (see [`BadUrl`]), or the key could not be sent.
pub fn open(link: &CalendarLink, api_key: SecretString, http: &Client) -> Result<Arc<dyn Calendar>, OpenError> {
    let base = base_url(&link.url, link.private).map_err(OpenError::Address)?;
    let key = api_key.expose_secret();
    if key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(OpenError::Key);
    }
    match link.provider {
        Provider::Calcom => Ok(Arc::new(calcom::Calcom::new(http.clone(), base, api_key))),
    }
}
