//! Copies of the database taken while it is in use. Keys are not in them: the ring is a file of its own.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rusqlite::backup::{Backup, StepResult};

use crate::error::StoreError;
use crate::store::Store;

/// Pages copied between two reports of progress.
const PAGES: i32 = 512;

/// A copy that is taken away again unless it was finished, so that a failed backup never looks like one and the same
/// name can be tried again.
struct Unfinished(Option<PathBuf>);

impl Unfinished {
    /// Makes the file, empty and for its owner only. Refuses to overwrite.
    fn create(target: &Path) -> Result<Self, StoreError> {
        let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(target);
        match made {
            Ok(_) => Ok(Self(Some(target.to_owned()))),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                Err(StoreError::Engine(format!("{} exists already; name another file", target.display())))
            }
            Err(error) => Err(StoreError::Engine(format!("{} cannot be made: {error}", target.display()))),
        }
    }

    fn finish(mut self) {
        self.0 = None;
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        let Some(target) = self.0.take() else { return };
        for beside in ["", "-journal", "-wal", "-shm"] {
            let mut path = target.clone().into_os_string();
            path.push(beside);
            let _never_made = std::fs::remove_file(path);
        }
    }
}

impl Store {
    /// Copies the database to a new file of mode 0600, consistent as of its beginning, while calls go on. `progress`
    /// hears pages left and pages in all. Refuses to overwrite; a copy that fails is taken away.
    pub fn backup_to(&self, target: &Path, progress: impl FnMut(i32, i32)) -> Result<(), StoreError> {
        let source = self.database().ok_or_else(|| StoreError::Engine("nothing to back up in memory".to_owned()))?;
        let unfinished = Unfinished::create(target)?;
        copy(source, target, progress)?;
        unfinished.finish();
        Ok(())
    }
}

fn copy(source: &Path, target: &Path, mut progress: impl FnMut(i32, i32)) -> Result<(), StoreError> {
    let source = crate::engine::open_reader(source)?;
    // One snapshot for the whole copy: without it SQLite begins again at every commit of somebody else, and under
    // steady load never ends. Meanwhile the write-ahead log grows by what is committed.
    let snapshot = source.unchecked_transaction()?;
    let _begins_it: i64 = snapshot.query_row("SELECT COUNT(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let mut copy = rusqlite::Connection::open(target)?;
    {
        let backup = Backup::new(&snapshot, &mut copy)?;
        loop {
            let step = backup.step(PAGES)?;
            let now = backup.progress();
            progress(now.remaining, now.pagecount);
            match step {
                StepResult::Done => break,
                StepResult::More => {}
                // The snapshot is ours and the copy is new: nobody can be in the way for a moment only.
                _ => return Err(StoreError::Engine("another process uses the copy".to_owned())),
            }
        }
    }
    let sound: String = copy.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    if sound == "ok" { Ok(()) } else { Err(StoreError::Engine(format!("the copy is damaged: {sound}"))) }
}
