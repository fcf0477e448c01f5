//! The installation: folder, disk, key ring, certificates, database, address, clock.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use rustix::fs::{Access, access, statvfs};

use super::Finding;
use crate::config::Config;
use crate::world;

/// With less room than this bookings may soon fail; the server calls itself not ready.
const LEAST_FREE_BYTES: u64 = 64 * 1024 * 1024;
/// With less room than this somebody should look soon.
const LITTLE_FREE_BYTES: u64 = 1024 * 1024 * 1024;
/// Further apart than this, two clocks do not show the same time.
const CLOCKS_APART: SignedDuration = SignedDuration::from_secs(5);
/// No clock that shows an earlier year was ever set; a later one is a slip.
const YEARS: std::ops::Range<i16> = 2026..2100;
/// Where systems keep the certificates of those who vouch for servers.
const CERTIFICATES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// The room on a disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disk {
    /// Bytes this user may still write.
    pub free_bytes: u64,
    /// Whether the folder can be written.
    pub writable: bool,
}

/// Where the key ring lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ring {
    /// Its folder is inside the data folder.
    pub inside: bool,
    /// Its file's mode bits; none: there is no ring yet.
    pub mode: Option<u32>,
}

/// What a look at the machine shows, without the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderFacts {
    /// The data folder.
    pub folder: PathBuf,
    /// Its disk; none: there is no such folder, or it cannot be looked at.
    pub disk: Option<Disk>,
    /// The key ring.
    pub ring: Ring,
    /// The machine knows whom to trust when it connects to servers.
    pub certificates: bool,
    /// The machine's clock.
    pub now: Timestamp,
}

/// Looks at the machine.
pub fn look_at_folder(config: &Config, now: Timestamp) -> FolderFacts {
    let folder = config.data.dir.clone();
    let ring = config.data.key_ring.clone().unwrap_or_else(|| folder.join("keys"));
    let disk = statvfs(&folder).ok().map(|disk| Disk {
        free_bytes: disk.f_bavail.saturating_mul(disk.f_frsize),
        writable: access(&folder, Access::WRITE_OK).is_ok(),
    });
    let named = world::env("SSL_CERT_FILE").map(PathBuf::from);
    let certificates = named.iter().map(PathBuf::as_path).chain(CERTIFICATES.iter().map(Path::new));
    FolderFacts {
        disk,
        ring: Ring {
            inside: real(&ring).starts_with(real(&folder)),
            mode: fs::metadata(ring.join("ring")).ok().map(|file| file.permissions().mode() & 0o777),
        },
        certificates: certificates.into_iter().any(|file| fs::metadata(file).is_ok_and(|file| file.len() > 0)),
        folder,
        now,
    }
}

fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// Checks what a look at the machine showed.
pub fn folder(facts: &FolderFacts) -> Vec<Finding> {
    let mut found = Vec::new();
    let name = facts.folder.display();
    match facts.disk {
        None => found.push(Finding::error(
            "data_folder",
            format!("there is no data folder at {name}, or it cannot be looked at"),
            "everything that was booked is kept there",
            "name the right one with --data, or make one: frontdesk tenant apply FILE.toml",
        )),
        Some(disk) => {
            if disk.writable {
                found.push(Finding::ok("data_folder", format!("the data folder {name} can be written")));
            } else {
                found.push(Finding::error(
                    "data_folder",
                    format!("the data folder {name} cannot be written by this user"),
                    "no booking can be kept",
                    "run as the user who owns the folder, or give it to this one (chown)",
                ));
            }
            found.push(free_space(disk.free_bytes));
        }
    }
    found.extend(ring(&facts.ring, &facts.folder));
    found.push(if facts.certificates {
        Finding::ok("certificates", "the machine has certificates to know servers by")
    } else {
        Finding::warn(
            "certificates",
            "the machine has no certificates to know servers by",
            "no https:// calendar can be reached",
            "install the package ca-certificates",
        )
    });
    let year = facts.now.to_zoned(jiff::tz::TimeZone::UTC).year();
    found.push(if YEARS.contains(&year) {
        Finding::ok("clock", format!("the machine's clock shows {}", facts.now.strftime("%Y-%m-%d %H:%M UTC")))
    } else {
        Finding::error(
            "clock",
            format!("the machine's clock shows the year {year}"),
            "\"tomorrow\" would be another day than the caller's",
            "set the clock and let it be kept right (timedatectl set-ntp true)",
        )
    });
    found
}

fn free_space(bytes: u64) -> Finding {
    let mib = bytes / 1024 / 1024;
    let (why, mend) = ("a full disk ends booking", "make room, or move the data folder to a larger disk");
    match bytes {
        LITTLE_FREE_BYTES.. => Finding::ok("disk", format!("{} GiB are free on its disk", mib / 1024)),
        LEAST_FREE_BYTES.. => Finding::warn("disk", format!("only {mib} MiB are free on its disk"), why, mend),
        _ => Finding::error("disk", format!("only {mib} MiB are free on its disk"), why, mend),
    }
}

fn ring(ring: &Ring, folder: &Path) -> Vec<Finding> {
    // A ring is made with the folder's first use; before that there is nothing to say.
    let Some(mode) = ring.mode else { return Vec::new() };
    let mut found = Vec::new();
    if mode & 0o077 != 0 {
        found.push(Finding::error(
            "key_ring",
            format!("others on this machine can read the key ring (mode {mode:o})"),
            "whoever reads it and the database has every platform's keys",
            "take the rights away: chmod 600 on its file ring, and make new keys if others may have read it",
        ));
    }
    found.push(if ring.inside {
        Finding::warn(
            "key_ring",
            "the key ring lies in the data folder",
            "frontdesk backup leaves it out, but a copy of the whole folder or disk holds the keys and what they open",
            format!("name another folder as data.key_ring and move {} there", folder.join("keys/ring").display()),
        )
    } else {
        Finding::ok("key_ring", "the key ring lies apart from the data")
    });
    found
}

/// What only the desk that has the data folder open knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskFacts {
    /// Why the database does not answer or is of another version.
    pub reads: Result<(), String>,
    /// Why it takes no writes.
    pub writes: Result<(), String>,
    /// Where platforms reach the server.
    pub base_url: String,
    /// It is running.
    pub served: bool,
    /// Its clock.
    pub now: Timestamp,
    /// The clock of whoever asks.
    pub asked_at: Timestamp,
    /// How many tenants there are.
    pub tenants: usize,
}

/// Checks the desk.
pub fn desk(facts: &DeskFacts) -> Vec<Finding> {
    let mut found = Vec::new();
    match (&facts.reads, &facts.writes) {
        (Ok(()), Ok(())) => {
            let how = if facts.served { "a running server has it open" } else { "no server is running" };
            found.push(Finding::ok("database", format!("the database answers and is of this version; {how}")));
        }
        (Err(error), _) | (Ok(()), Err(error)) => found.push(Finding::error(
            "database",
            format!("the database does not work: {error}"),
            "no call can be answered",
            "look at the disk; frontdesk migrate brings an older database to this version; else restore a backup",
        )),
    }
    found.push(public_url(&facts.base_url));
    let apart = facts.now.duration_since(facts.asked_at).abs();
    if apart > CLOCKS_APART {
        found.push(Finding::warn(
            "desk_clock",
            format!("the desk's clock is {} seconds from the machine's; it was started with --now", apart.as_secs()),
            "callers are told days that are not today's",
            "start it without --now, except for rehearsals",
        ));
    }
    if facts.tenants == 0 {
        found.push(Finding::warn(
            "tenants",
            "there are no tenants yet",
            "every call is refused",
            "put one in: frontdesk tenant apply examples/salon-morgenrot.toml",
        ));
    }
    found
}

fn public_url(base_url: &str) -> Finding {
    let host = base_url.split_once("://").map_or("", |(_, rest)| rest);
    let local = ["127.", "localhost", "[::1]", "0.0.0.0", "[::]"].iter().any(|inner| host.starts_with(inner));
    if base_url.starts_with("https://") && !local {
        Finding::ok("public_url", format!("platforms reach it at {base_url}"))
    } else if local {
        Finding::warn(
            "public_url",
            format!("the address for platforms is {base_url}, which only this machine reaches"),
            "no voice platform can call it, nor a Cal.com elsewhere",
            "put a proxy with TLS in front and name its address as server.public_url, such as https://desk.example.org",
        )
    } else {
        Finding::error(
            "public_url",
            format!("the address for platforms is {base_url}, without TLS"),
            "names and numbers of callers travel readable",
            "put a proxy with TLS in front and write https:// in server.public_url",
        )
    }
}

#[cfg(test)]
mod tests;
