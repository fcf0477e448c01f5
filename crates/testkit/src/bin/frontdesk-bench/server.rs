//! The product as it is shipped: its binary, in a data folder of its own.

use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::process::{self, Running};
use super::salon::Salon;

/// Longest wait for a started server to be ready.
const READY_WITHIN: Duration = Duration::from_secs(30);

/// A data folder and the binary that serves it.
pub struct Installation {
    binary: PathBuf,
    folder: PathBuf,
}

/// A running server.
pub struct Server {
    pub addr: SocketAddr,
    pub process: Running,
    pub start: Duration,
}

impl Installation {
    /// A new data folder below another, with one salon.
    pub fn with(binary: &Path, below: &Path, name: &str, salon: &Salon) -> Result<Self, String> {
        let new = Self { binary: binary.to_owned(), folder: below.join(name) };
        new.apply(salon)?;
        Ok(new)
    }

    /// The database file.
    pub fn database(&self) -> PathBuf {
        self.folder.join("frontdesk.db")
    }

    /// Applies a salon's tenant file, through the control socket where a server runs.
    pub fn apply(&self, salon: &Salon) -> Result<(), String> {
        let file = self.folder.with_extension("toml");
        std::fs::write(&file, salon.file()).map_err(|error| format!("{}: {error}", file.display()))?;
        let output = self.command(&["tenant", "apply"]).arg(&file).output().map_err(|error| error.to_string())?;
        if output.status.success() {
            return Ok(());
        }
        Err(format!("the tenant file was not taken: {}", String::from_utf8_lossy(&output.stderr)))
    }

    /// Starts the server and waits until it is ready. Its log goes to a file, as it would in earnest.
    pub fn serve(&self) -> Result<Server, String> {
        let addr = process::free_address().map_err(|error| error.to_string())?;
        let log = File::create(self.folder.with_extension("log")).map_err(|error| error.to_string())?;
        let mut command = self.command(&["serve", "--listen", &addr.to_string()]);
        command.stdout(Stdio::null()).stderr(log);
        let (process, start) = process::start_until_ready(&mut command, addr, READY_WITHIN).map_err(|error| {
            format!("`frontdesk serve` {error}; its log is {}", self.folder.with_extension("log").display())
        })?;
        Ok(Server { addr, process, start })
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(words).arg("--data").arg(&self.folder);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("FRONTDESK") {
                command.env_remove(&name);
            }
        }
        command
    }

    /// How many transactions the database has committed since its write-ahead log was set up, modulo 2^32: the third
    /// word of the log's index, which SQLite increments with each.
    pub fn commits(&self) -> Result<u32, String> {
        let path = self.folder.join("frontdesk.db-shm");
        let index = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let word = index.get(8..12).and_then(|bytes| bytes.try_into().ok());
        word.map(u32::from_ne_bytes).ok_or_else(|| format!("{} is too short", path.display()))
    }
}
