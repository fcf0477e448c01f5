//! The calendars outside, as commands reach them: opened with a tenant's stored key, and what went wrong in words.

use std::sync::Arc;

use frontdesk_connect::http::Client;
use frontdesk_desk::OpenCalendar;
use frontdesk_domain::calendar::link::CalendarLink;
use frontdesk_domain::calendar::{Catalogue, Doubt, Refusal, Told, Unsent};
use frontdesk_domain::ports::Calendar;
use frontdesk_domain::tenant::Tenant;
use frontdesk_store::{Store, TenantScope};
use secrecy::SecretString;

/// Opens a tenant's calendar outside for one command; nothing is asked of it yet.
///
/// # Errors
/// Why it cannot be used, for a person.
pub fn open_calendar(link: &CalendarLink, api_key: SecretString) -> Result<Arc<dyn Calendar>, String> {
    let http = Client::new().map_err(|_| NO_CLIENT.to_owned())?;
    frontdesk_connect::calendar::open(link, api_key, &http).map_err(|error| error.to_string())
}

/// What makes calendars for the desk, all over one client.
pub fn opener(http: Option<Client>) -> OpenCalendar {
    Arc::new(move |link, api_key| {
        let http = http.as_ref().ok_or(NO_CLIENT)?;
        frontdesk_connect::calendar::open(link, api_key, http).map_err(|error| error.to_string())
    })
}

const NO_CLIENT: &str = "this machine has no usable TLS certificates; install ca-certificates";

/// Why a calendar was not read, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What is wrong.
    pub what: String,
    /// How to mend it.
    pub mend: String,
}

impl Trouble {
    fn new(what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { what: what.into(), mend: mend.into() }
    }
}

/// Reads what can be booked in a tenant's calendar outside.
///
/// # Errors
/// Everything from a missing key to a server that is down.
pub async fn catalogue(
    store: &Store,
    scope: &TenantScope,
    tenant: &Tenant,
    link: &CalendarLink,
) -> Result<Catalogue, Trouble> {
    let apply = format!("apply the file of {} again: frontdesk tenant apply FILE.toml", tenant.slug);
    let keys = match store.calendar_keys(scope).await {
        Ok(keys) => keys,
        Err(error) => return Err(Trouble::new(format!("the calendar's keys do not open: {error}"), apply)),
    };
    let Some(api_key) = keys.api else {
        return Err(Trouble::new("there is no key for the calendar", apply));
    };
    match open_calendar(link, api_key) {
        Ok(calendar) => read(calendar.as_ref()).await,
        Err(error) => Err(Trouble::new(error, "correct [calendar] in the tenant's file and apply it again")),
    }
}

/// Reads an open calendar.
///
/// # Errors
/// Whatever it told instead of its catalogue.
pub async fn read(calendar: &dyn Calendar) -> Result<Catalogue, Trouble> {
    match calendar.catalogue().await {
        Told::Done(catalogue) => Ok(catalogue),
        Told::Refused(Refusal::KeyRefused) => Err(Trouble::new(
            "Cal.com does not take the key",
            "make a new one in Cal.com (Settings, Developer, API keys), put it into the tenant's file and apply it again",
        )),
        Told::Refused(Refusal::NotFound | Refusal::NotSupported) => Err(Trouble::new(
            "there is a server, but it is no Cal.com API v2",
            "correct url in [calendar]: the API's address, such as https://api.cal.com, not the web page's",
        )),
        Told::Refused(refusal) => Err(Trouble::new(
            format!("Cal.com refuses to tell what can be booked ({})", refusal.code()),
            "try again; if it stays, look at the server's own log",
        )),
        Told::Unsent(Unsent::NoConnection) => Err(Trouble::new(
            "Cal.com cannot be reached",
            "check url in [calendar], the network, the firewall, and with https:// the machine's ca-certificates",
        )),
        Told::Unsent(unsent) => Err(Trouble::new(
            format!("nothing was asked of Cal.com ({})", unsent.code()),
            "wait a minute and try again",
        )),
        Told::Unknown(Doubt::Unreadable) => Err(Trouble::new(
            "Cal.com's answer does not read",
            "check url in [calendar]; if it is right, this version of Cal.com is not known here yet",
        )),
        Told::Unknown(Doubt::RateLimited) => Err(Trouble::new(
            "Cal.com says that its key asked too much",
            "wait a minute; if something else uses the key too, make one for Frontdesk alone",
        )),
        Told::Unknown(doubt) => Err(Trouble::new(
            format!("Cal.com does not answer as it should ({})", doubt.code()),
            "try again; if it stays, look at Cal.com's status page or the server's own log",
        )),
    }
}

#[cfg(test)]
pub(crate) mod scripted;
