//! Whose calendar the company keeps, and what stands there for its services and people.

use std::net::IpAddr;

use frontdesk_domain::calendar::link::{CalendarLink, Provider};
use frontdesk_domain::tenant::catalog::Service;
use frontdesk_domain::tenant::{Mode, Staff};
use secrecy::SecretString;

use super::keys::{Words, secrets};
use super::mapping;
use super::naming::Placed;
use super::reader::{Table, Text};

/// Cal.com's own cloud; its European one is `https://api.cal.eu`.
const CLOUD: &str = "https://api.cal.com";
/// What Cal.com allows a key in a minute unless it was agreed otherwise.
const USUAL_RATE: u32 = 120;
/// Possible requests a minute; below, a busy hour could not be served.
const RATES: std::ops::RangeInclusive<u32> = 10..=10_000;

/// A calendar outside with the keys to it, as a file describes them.
pub(super) struct Calendar {
    pub(super) link: CalendarLink,
    pub(super) api_key: Option<SecretString>,
    pub(super) webhook_secrets: Vec<SecretString>,
}

/// Reads `[calendar]`; `None`: the built-in one, or a mistake was reported.
pub(super) fn calendar(
    table: &Table<'_>,
    file_name: &str,
    services: &[Placed<Service>],
    staff: &[Placed<Staff>],
) -> Option<Calendar> {
    let table = table.table("calendar", "calendar")?;
    let kind = table.needed_text("kind", "builtin")?;
    match kind.value.as_str() {
        "builtin" => {
            table.close();
            None
        }
        "calcom" => Some(calcom(table, file_name, services, staff)),
        other => {
            // Its other keys are not known either; one message is enough.
            let why = format!("there is no calendar \"{other}\"; write \"calcom\" or \"builtin\"");
            table.report.wrong(kind.at, why);
            None
        }
    }
}

fn calcom(table: Table<'_>, file_name: &str, services: &[Placed<Service>], staff: &[Placed<Staff>]) -> Calendar {
    let private = table.flag("private").unwrap_or(false);
    let url = table.text("url").and_then(|text| address(&text, private, &table)).unwrap_or_else(|| CLOUD.to_owned());
    let api_words = Words { many: "API keys", from: "Cal.com: Settings, Developer, API keys", most: 1 };
    let (inline, from_file) = (table.item("api_key"), table.text("api_key_file"));
    if inline.is_none() && from_file.is_none() {
        let why = "the calendar has no api_key; write api_key = \"cal_…\" from Cal.com (Settings, Developer, API keys), or api_key_file with the path of a file that holds it";
        table.report.wrong(table.at, why);
    }
    let api_key = secrets((inline, from_file), api_words, file_name, table.at, table.report);
    let hook_words = Words { many: "webhook secrets", from: "where you made it up (openssl rand -hex 32)", most: 2 };
    let (inline, from_file) = (table.item("webhook_secrets"), table.text("webhook_secret_file"));
    if inline.is_none() && from_file.is_none() {
        let why = "the calendar has no webhook_secrets, so what people change in Cal.com is seen minutes later; write webhook_secrets = [\"…\"] and give Cal.com's webhook the same one";
        table.report.warn(table.at, why);
    }
    let webhook_secrets = secrets((inline, from_file), hook_words, file_name, table.at, table.report);
    let link = CalendarLink {
        provider: Provider::Calcom,
        url,
        private,
        event_types: mapping::event_types(&table, services, staff),
        per_minute: table.whole("per_minute", RATES).unwrap_or(USUAL_RATE),
        rebook_for_email: table.flag("rebook_for_email").unwrap_or(false),
    };
    table.close();
    Calendar { link, api_key: api_key.into_iter().next(), webhook_secrets }
}

/// Which of both decides; an external calendar does unless said otherwise.
pub(super) fn mode(table: &Table<'_>, external: bool) -> Mode {
    let usual = if external { Mode::CalendarFirst } else { Mode::LocalFirst };
    let Some(said) = table.text("mode") else { return usual };
    match said.value.as_str() {
        "local-first" => Mode::LocalFirst,
        "calendar-first" if external => Mode::CalendarFirst,
        "calendar-first" => {
            let why = "calendar-first needs an external calendar; the built-in one is always \"local-first\"";
            table.report.wrong(said.at, why);
            usual
        }
        other => {
            let possible = if external { "\"calendar-first\" or \"local-first\"" } else { "\"local-first\"" };
            table.report.wrong(said.at, format!("there is no mode \"{other}\"; write {possible}"));
            usual
        }
    }
}

/// An API's address: scheme, host and port, nothing else; what the key must not reach by mistake is refused.
fn address(text: &Text, private: bool, table: &Table<'_>) -> Option<String> {
    match checked_address(&text.value, private) {
        Ok(address) => Some(address),
        Err(reason) => {
            table.report.wrong(text.at, reason);
            None
        }
    }
}

fn checked_address(text: &str, private: bool) -> Result<String, String> {
    let shape = || format!("\"{text}\" is no address of an API; write it like \"{CLOUD}\"");
    let (scheme, rest) = text.split_once("://").ok_or_else(shape)?;
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    if rest.contains('@') {
        // What stands before the @ may be a password: it is not repeated.
        return Err("the url holds a name or a password; write only scheme and host, and the key as api_key".to_owned());
    }
    if rest.contains(['/', '?', '#']) {
        return Err(format!("\"{text}\" has more than scheme, host and port; write it like \"{CLOUD}\", without /v2"));
    }
    let host = host_of(rest).ok_or_else(shape)?;
    match scheme {
        "https" => {}
        "http" if private => {}
        "http" => {
            let why = "the url is not encrypted, and the key would travel readable; write https://, or private = true for a server on this machine or in a private network";
            return Err(why.to_owned());
        }
        _ => return Err(shape()),
    }
    if !private && is_inside(&host) {
        let why =
            format!("\"{host}\" is on this machine or in a private network; if that is meant, write private = true");
        return Err(why);
    }
    Ok(format!("{scheme}://{}", rest.to_ascii_lowercase()))
}

/// The host of `host`, `host:port`, `[v6]` or `[v6]:port`, if all of it is well formed.
fn host_of(authority: &str) -> Option<String> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (host, rest) = rest.split_once(']')?;
            host.parse::<std::net::Ipv6Addr>().ok()?;
            (host, rest.strip_prefix(':').or_else(|| rest.is_empty().then_some(""))?)
        }
        None => authority.split_once(':').unwrap_or((authority, "")),
    };
    let port_fits = if authority.ends_with(':') {
        false
    } else {
        port.is_empty() || port.parse::<u16>().is_ok_and(|port| port > 0)
    };
    let host_fits = host.contains(':')
        || !host.is_empty()
            && host.len() <= 253
            && host.split('.').all(|label| {
                !label.is_empty()
                    && label.len() <= 63
                    && !label.starts_with('-')
                    && !label.ends_with('-')
                    && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            });
    (port_fits && host_fits).then(|| host.to_ascii_lowercase())
}

/// Whether a host is plainly not in the open network; where a name leads is looked at when it is used.
fn is_inside(host: &str) -> bool {
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(ip)) => {
            ip.is_loopback() || ip.is_private() || ip.is_link_local() || ip.is_unspecified() || ip.is_broadcast()
        }
        Ok(IpAddr::V6(ip)) => {
            ip.is_loopback()
                || ip.is_unspecified()
                || ip.is_unique_local()
                || ip.is_unicast_link_local()
                || ip.to_ipv4_mapped().is_some_and(|ip| is_inside(&ip.to_string()))
        }
        Err(_) => {
            host == "localhost" || host.ends_with(".localhost") || host.ends_with(".local") || !host.contains('.')
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

    use super::*;

    #[test]
    fn an_address_is_scheme_host_and_port_and_nothing_else() {
        for (text, private, wanted) in [
            ("https://api.cal.com", false, Some("https://api.cal.com")),
            ("https://api.cal.eu/", false, Some("https://api.cal.eu")),
            ("https://API.Example.org:8443", false, Some("https://api.example.org:8443")),
            ("http://127.0.0.1:4010", true, Some("http://127.0.0.1:4010")),
            ("http://[::1]:4010", true, Some("http://[::1]:4010")),
            ("https://[2a01:4f8::1]", false, Some("https://[2a01:4f8::1]")),
            ("http://calcom:80", true, Some("http://calcom:80")),
            ("http://api.cal.com", false, None),
            ("https://127.0.0.1", false, None),
            ("https://10.1.2.3", false, None),
            ("https://192.168.1.4:443", false, None),
            ("https://169.254.169.254", false, None),
            ("https://[::1]", false, None),
            ("https://[fd00::1]", false, None),
            ("https://[::ffff:10.0.0.1]", false, None),
            ("https://localhost", false, None),
            ("https://calcom", false, None),
            ("https://calcom.local", false, None),
            ("https://api.cal.com/v2", false, None),
            ("https://api.cal.com?x=1", false, None),
            ("https://api.cal.com#x", false, None),
            ("https://key:word@api.cal.com", false, None),
            ("https://api.cal.com:0", false, None),
            ("https://api.cal.com:", false, None),
            ("https://api.cal.com:99999", false, None),
            ("https://api..cal.com", false, None),
            ("https://-api.cal.com", false, None),
            ("https://api cal.com", false, None),
            ("https://", false, None),
            ("https://[::1", true, None),
            ("https://[::1]x", true, None),
            ("ftp://api.cal.com", true, None),
            ("api.cal.com", false, None),
        ] {
            let read = checked_address(text, private);
            assert_eq!(read.as_deref().ok(), wanted, "{text}: {read:?}");
        }
    }

    #[test]
    fn a_password_in_an_address_is_never_repeated() {
        let why = checked_address("https://emma:geheim@api.cal.com", false).unwrap_err();
        assert!(!why.contains("geheim"), "{why}");
    }
}
