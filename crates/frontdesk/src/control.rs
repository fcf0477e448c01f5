//! The way in for commands while `serve` holds the data folder: a socket in the folder, for its owner only.
//!
//! One JSON line in (a [`StoreCommand`]), one JSON line out (a [`CommandOutput`]).

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use std::{fmt, fs, io};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};

use crate::app::App;
use crate::cli::{CommandOutput, Premises, StoreCommand};
use crate::tasks;

/// The socket's file in the data folder.
const SOCKET: &str = "control.sock";
/// Longest command or answer: a tenant file of a large company is far below.
const LINE_BYTES: u64 = 16 * 1024 * 1024;
/// A command has to be here by then; what it does may take longer.
const READ_WITHIN: Duration = Duration::from_secs(10);

/// Why the server could not be asked.
#[derive(Debug)]
pub enum ControlError {
    /// It does not answer on its socket.
    Unreachable(io::Error),
    /// It answered something else: another version, perhaps.
    Unreadable,
}

impl fmt::Display for ControlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(error) => write!(f, "the running frontdesk cannot be asked: {error}"),
            Self::Unreadable => f.write_str("the running frontdesk is of another version; restart it with this one"),
        }
    }
}

impl std::error::Error for ControlError {}

fn socket(folder: &Path) -> PathBuf {
    folder.join(SOCKET)
}

/// Opens the socket of a data folder this process holds, and answers on it until the program ends. What an earlier
/// process left there is replaced.
pub fn open(app: Arc<App>, folder: &Path) -> io::Result<()> {
    let path = socket(folder);
    match fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(&path)?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600))?;
    tasks::background(async move {
        loop {
            match listener.accept().await {
                Ok((stream, _)) => {
                    let kept = Arc::clone(&app);
                    app.tasks.spawn(async move { answer(&kept, stream).await });
                }
                Err(error) => {
                    tracing::warn!(%error, "the control socket failed; commands on this data folder may not work");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    });
    Ok(())
}

/// Takes the socket's file away, at the end.
pub fn close(folder: &Path) {
    let _gone_already = fs::remove_file(socket(folder));
}

async fn answer(app: &App, mut stream: UnixStream) {
    let mut line = String::new();
    let mut reader = BufReader::new((&mut stream).take(LINE_BYTES));
    let read = tokio::time::timeout(READ_WITHIN, reader.read_line(&mut line)).await;
    if !matches!(read, Ok(Ok(1..))) {
        return;
    }
    let output = match serde_json::from_str::<StoreCommand>(&line) {
        Ok(command) => run(app, command).await,
        Err(_) => {
            CommandOutput::refused("The running frontdesk does not know this command; restart it with this version.")
        }
    };
    if let Ok(mut told) = serde_json::to_vec(&output) {
        told.push(b'\n');
        let _asker_gone = stream.write_all(&told).await;
    }
}

async fn run(app: &App, command: StoreCommand) -> CommandOutput {
    let changes_doors = command.changes_doors();
    let base_url = app.base_url();
    let premises = Premises { store: app.store(), base_url: &base_url, served: true };
    let output = Box::pin(command.run_beside(&premises, Some(app.desk.sync()))).await;
    if changes_doors {
        app.tenants_changed().await;
    }
    output
}

/// Asks the process that holds a data folder to run a command.
pub async fn ask(folder: &Path, command: &StoreCommand) -> Result<CommandOutput, ControlError> {
    let mut line = serde_json::to_vec(command).map_err(|_| ControlError::Unreadable)?;
    line.push(b'\n');
    let mut stream = UnixStream::connect(socket(folder)).await.map_err(ControlError::Unreachable)?;
    stream.write_all(&line).await.map_err(ControlError::Unreachable)?;
    let mut told = Vec::new();
    stream.take(LINE_BYTES).read_to_end(&mut told).await.map_err(ControlError::Unreachable)?;
    serde_json::from_slice(&told).map_err(|_| ControlError::Unreadable)
}
