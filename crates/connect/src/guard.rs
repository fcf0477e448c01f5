//! Where the HTTP client may go: an address in a tenant's definition must not lead it into our own network.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// How far a request may reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reach {
    /// Addresses of the public internet only.
    Public,
    /// This machine and private networks too; the addresses where clouds hand out credentials never.
    Private,
}

impl Reach {
    /// Whether a connection to this address is allowed.
    pub fn allows(self, address: IpAddr) -> bool {
        match self {
            Self::Public => is_public(address),
            Self::Private => !is_never_meant(address),
        }
    }

    /// Whether an address allows it as far as can be seen without asking for its name; names are seen to when they
    /// are resolved.
    pub(crate) fn allows_url(self, url: &Url) -> bool {
        let literal = url.host_str().map(|host| host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>());
        let host = match literal {
            Some(Ok(address)) => self.allows(address),
            Some(Err(_)) => true,
            None => false,
        };
        host && (url.scheme() == "https" || (self == Self::Private && url.scheme() == "http"))
    }
}

/// The address of an API, checked: no slash at its end, nothing in it that could be read in two ways.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl {
    text: String,
    reach: Reach,
}

impl BaseUrl {
    /// The address itself.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// How far requests below it may reach.
    pub fn reach(&self) -> Reach {
        self.reach
    }
}

/// Why an address cannot be that of a calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BadUrl {
    /// It is no address of the web.
    Unreadable,
    /// It is not encrypted.
    NotHttps,
    /// It has a user, a query or a fragment.
    TooMuch,
    /// It is written in a way that hides where it leads.
    Odd,
    /// It leads to this machine or a private network.
    Inner,
    /// It leads where nobody's calendar is, `private` or not.
    NeverMeant,
}

impl fmt::Display for BadUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unreadable => "this is no web address; write it like https://api.cal.com",
            Self::NotHttps => "the address must begin with https:// (http:// only with private = true)",
            Self::TooMuch => "the address must have no user, no ? and no #; write it like https://api.cal.com",
            Self::Odd => {
                "write the address plainly: small ASCII letters, usual numbers, no default port, no dot at the end"
            }
            Self::Inner => "the address leads into a private network; if that is meant, say private = true",
            Self::NeverMeant => "no calendar can be at this address",
        })
    }
}

impl std::error::Error for BadUrl {}

/// Names that lead inwards without being asked for.
const INNER_NAMES: [&str; 7] = ["localhost", "local", "internal", "intranet", "lan", "home.arpa", "localdomain"];
/// No API is longer.
const LONGEST: usize = 300;

/// Reads the address of an API, without a slash at its end.
///
/// # Errors
/// See [`BadUrl`]; each says what to write instead.
pub fn base_url(text: &str, private: bool) -> Result<BaseUrl, BadUrl> {
    let reach = if private { Reach::Private } else { Reach::Public };
    if text.is_empty() || text.len() > LONGEST || text.contains(|letter: char| letter.is_control() || letter == ' ') {
        return Err(BadUrl::Unreadable);
    }
    if text.contains(['@', '?', '#']) {
        return Err(BadUrl::TooMuch);
    }
    if !text.is_ascii() || text.contains(['\\', '%']) {
        return Err(BadUrl::Odd);
    }
    let url = Url::parse(text).map_err(|_| BadUrl::Unreadable)?;
    match url.scheme() {
        "https" => {}
        "http" if private => {}
        "http" => return Err(BadUrl::NotHttps),
        _ => return Err(BadUrl::Unreadable),
    }
    let host = url.host_str().ok_or(BadUrl::Unreadable)?;
    match host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() {
        Ok(address) if is_never_meant(address) => return Err(BadUrl::NeverMeant),
        Ok(address) if !reach.allows(address) => return Err(BadUrl::Inner),
        Ok(_) => {}
        Err(_) if host.ends_with('.') => return Err(BadUrl::Odd),
        Err(_) if !private && is_inner_name(host) => return Err(BadUrl::Inner),
        Err(_) => {}
    }
    // A number in hexadecimal, a default port, a path that climbs: all read as something else than they look like.
    let plain = url.as_str().trim_end_matches('/');
    if plain != text.trim_end_matches('/') {
        return Err(BadUrl::Odd);
    }
    Ok(BaseUrl { text: plain.to_owned(), reach })
}

fn is_inner_name(host: &str) -> bool {
    !host.contains('.')
        || INNER_NAMES
            .iter()
            .any(|inner| host.strip_suffix(inner).is_some_and(|before| before.is_empty() || before.ends_with('.')))
}

/// Whether an address belongs to the public internet, and to nothing that leads back inwards.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => match embedded(v6) {
            Some(v4) => is_public_v4(v4),
            None => is_public_v6(v6),
        },
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = match (a, b, c) {
        (0 | 10 | 127, ..) | (224..=255, ..) => true,
        (100, 64..=127, _) | (172, 16..=31, _) | (169, 254, _) | (192, 168, _) | (198, 18..=19, _) => true,
        (192, 0, 0 | 2) | (192, 88, 99) | (198, 51, 100) | (203, 0, 113) => true,
        // Where one large cloud answers its machines' questions.
        (168, 63, 129) => true,
        _ => false,
    };
    !special
}

/// Only what is given out as global unicast, without documentation, Teredo, benchmarking and identifiers.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    let global = a & 0xe000 == 0x2000;
    let special = (a == 0x2001 && (b < 0x0200 || b == 0x0db8)) || (a == 0x3fff && b < 0x1000);
    global && !special
}

/// The address of the old kind that a translator would make of one of the new kind.
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = address.segments();
    let of = |high: u16, low: u16| {
        let ([w, x], [y, z]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(w, x, y, z)
    };
    match (a, b, c, d, e, f) {
        (0x2002, ..) => Some(of(b, c)),
        (0, 0, 0, 0, 0, 0xffff) | (0, 0, 0, 0, 0xffff, 0) | (0x64, 0xff9b, 0, 0, 0, 0) => Some(of(g, h)),
        _ => None,
    }
}

/// Link-local, multicast, unspecified: never a server, but where clouds hand out credentials.
fn is_never_meant(address: IpAddr) -> bool {
    let never_v4 = |v4: Ipv4Addr| {
        let [a, b, ..] = v4.octets();
        a == 0 || a >= 224 || (a == 169 && b == 254) || v4 == Ipv4Addr::new(100, 100, 100, 200) || {
            v4 == Ipv4Addr::new(168, 63, 129, 16)
        }
    };
    match address {
        IpAddr::V4(v4) => never_v4(v4),
        IpAddr::V6(v6) => match embedded(v6) {
            Some(v4) => never_v4(v4),
            None => {
                let [a, ..] = v6.segments();
                let metadata = v6 == Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);
                v6.is_unspecified() || a & 0xffc0 == 0xfe80 || a & 0xff00 == 0xff00 || metadata
            }
        },
    }
}

/// Resolves names, and forgets every address that may not be gone to: the check at the moment that counts.
#[derive(Debug)]
pub(crate) struct Allowed(pub(crate) Reach);

impl Resolve for Allowed {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found.filter(|address| reach.allows(address.ip())).collect();
            if allowed.is_empty() {
                return Err("the name leads nowhere that may be gone to".into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}
