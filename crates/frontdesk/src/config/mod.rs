//! The installation's settings: defaults, the owner's file, the environment.
//!
//! `frontdesk.example.toml` is compiled in and *is* the defaults, so the commented file never lies. Start reading at
//! [`Config::load`].

mod alarm;
mod layers;
mod reference;
#[cfg(test)]
mod tests;

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use frontdesk_store::Options;
use secrecy::{ExposeSecret, SecretString};

pub use alarm::Alarm;
pub use reference::reference_markdown;

use layers::Layers;

/// The commented example file: the defaults, and all keys there are.
pub const EXAMPLE: &str = include_str!("../../../../frontdesk.example.toml");

/// The database's file inside the data directory.
const DATABASE_FILE: &str = "frontdesk.db";

/// Every setting, read and checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// `[server]`
    pub server: Server,
    /// `[data]`
    pub data: Data,
    /// `[database]`
    pub database: Database,
    /// `[log]`
    pub log: Log,
    /// `[metrics]`
    pub metrics: Metrics,
    /// `[alarm]`
    pub alarm: Alarm,
}

/// The door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Where it listens.
    pub listen: SocketAddr,
    /// How it is reached from outside, without a slash at the end.
    pub public_url: Option<String>,
    /// Largest body that is read, in bytes.
    pub body_limit_bytes: usize,
    /// Every function call is answered by then.
    pub answer_deadline: Duration,
}

/// What must survive a restart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Data {
    /// The directory; made at the first start.
    pub dir: PathBuf,
    /// The key ring's folder; none: `keys` in the directory.
    pub key_ring: Option<PathBuf>,
}

/// The engine that remembers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Database {
    /// SQLite, for one process.
    Sqlite {
        /// Its file.
        file: PathBuf,
    },
}

/// What is logged, and how it looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// Filter directives: a level, or parts with levels of their own.
    pub level: String,
    /// How a line looks.
    pub format: LogFormat,
}

/// How a log line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people on a terminal, JSON elsewhere.
    Auto,
    /// For people.
    Pretty,
    /// One JSON object per line.
    Json,
}

/// Who may read the metrics.
#[derive(Clone, Debug)]
pub struct Metrics {
    /// Bearer token; none: only this machine.
    pub token: Option<SecretString>,
    /// An address of its own; none: the server's.
    pub listen: Option<SocketAddr>,
}

/// Why the settings cannot be used; one line per problem: where, what is wrong, what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// At least one. Never a secret.
    pub problems: Vec<String>,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problems.join("\n"))
    }
}

impl std::error::Error for ConfigError {}

impl Data {
    /// How the store of these settings is opened.
    pub fn store_options(&self) -> Options {
        Options { key_ring: self.key_ring.clone(), ..Options::in_folder(&self.dir) }
    }
}

impl Config {
    /// Reads the defaults, the file over them and `FRONTDESK__SECTION__KEY` variables over both.
    ///
    /// `env` is the whole environment; what does not begin with `FRONTDESK__` is passed over. Fails with every
    /// problem found.
    pub fn load(path: Option<&Path>, env: impl Iterator<Item = (String, String)>) -> Result<Self, ConfigError> {
        let mut layers = Layers::defaults(EXAMPLE);
        if let Some(path) = path {
            layers.add_file(path);
        }
        layers.add_env(env);
        let config = Self::checked(&mut layers);
        match (config, layers.problems()) {
            (Some(config), problems) if problems.is_empty() => Ok(config),
            (_, problems) => Err(ConfigError { problems }),
        }
    }

    /// The typed settings. `None` only where a problem was reported.
    fn checked(layers: &mut Layers) -> Option<Self> {
        let listen = needed(layers, "server.listen", address);
        let public_url = layers.read("server.public_url", public_url);
        let body_limit = layers.whole("server.body_limit_bytes", 1024..=64 * 1024 * 1024);
        let answer_deadline = layers.whole("server.answer_deadline_ms", 100..=30_000);
        let dir = needed(layers, "data.dir", |text| Ok(PathBuf::from(text)));
        let key_ring = layers.text("data.key_ring").map(PathBuf::from);
        database_url(layers);
        let level = needed(layers, "log.level", log_level);
        let format = needed(layers, "log.format", log_format);
        let token = layers.secret("metrics.token");
        let metrics_listen = layers.read("metrics.listen", address);
        let alarm = alarm::checked(layers);
        let dir = dir?;
        Some(Self {
            server: Server {
                listen: listen?,
                public_url,
                body_limit_bytes: usize::try_from(body_limit).ok()?,
                answer_deadline: Duration::from_millis(answer_deadline),
            },
            database: Database::Sqlite { file: dir.join(DATABASE_FILE) },
            data: Data { dir, key_ring },
            log: Log { level: level?, format: format? },
            metrics: Metrics { token, listen: metrics_listen },
            alarm: alarm?,
        })
    }
}

fn needed<T>(layers: &mut Layers, name: &str, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
    if layers.text(name).is_none() {
        layers.wrong(name, "is empty; leave the key out for its default");
    }
    layers.read(name, parse)
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| format!("is \"{text}\", which is no address; write it like \"127.0.0.1:8080\""))
}

fn public_url(text: &str) -> Result<String, String> {
    let url = text.trim_end_matches('/');
    let host = url.strip_prefix("https://").or(url.strip_prefix("http://")).unwrap_or_default();
    if host.is_empty() || host.contains(|c: char| c.is_whitespace() || matches!(c, '?' | '#' | '@')) {
        return Err(format!("is \"{text}\", which is no address; write it like \"https://desk.example.org\""));
    }
    Ok(url.to_owned())
}

/// The address may hold a password, so no message repeats it.
fn database_url(layers: &mut Layers) {
    let Some(url) = layers.secret("database.url") else { return };
    let name = if layers.text("database.url").is_some() { "database.url" } else { "database.url_file" };
    let url = url.expose_secret();
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        layers.wrong(name, "asks for PostgreSQL, which this version cannot use yet; leave it empty for SQLite");
    } else {
        layers.wrong(name, "is no database we know; leave it empty for SQLite in the data directory");
    }
}

fn log_level(text: &str) -> Result<String, String> {
    const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];
    for part in text.split(',') {
        let level = part.rsplit('=').next().unwrap_or(part).trim();
        if !LEVELS.contains(&level) {
            return Err(format!("has \"{level}\", which is no level; write error, warn, info, debug or trace"));
        }
    }
    Ok(text.to_owned())
}

fn log_format(text: &str) -> Result<LogFormat, String> {
    match text {
        "auto" => Ok(LogFormat::Auto),
        "pretty" => Ok(LogFormat::Pretty),
        "json" => Ok(LogFormat::Json),
        other => Err(format!("is \"{other}\"; write \"auto\", \"pretty\" or \"json\"")),
    }
}
