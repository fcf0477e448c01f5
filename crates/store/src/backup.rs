//! Copies of the database taken while it is in use. Keys are not in them: the ring is a file of its own.

use std::path::Path;
use std::time::Duration;

use rusqlite::backup::{Backup, StepResult};

use crate::error::StoreError;
use crate::store::Store;

/// Pages copied between two looks at the clock.
const PAGES: i32 = 512;

impl Store {
    /// Copies the database to a new file, consistent as of its end, while calls go on. `progress` hears pages left
    /// and pages in all. Refuses to overwrite.
    pub fn backup_to(&self, target: &Path, mut progress: impl FnMut(i32, i32)) -> Result<(), StoreError> {
        let source = self.database().ok_or_else(|| StoreError::Engine("nothing to back up in memory".to_owned()))?;
        if target.exists() {
            return Err(StoreError::Engine(format!("{} exists already; name another file", target.display())));
        }
        let source = crate::engine::open_reader(source)?;
        let mut copy = rusqlite::Connection::open(target)?;
        {
            let backup = Backup::new(&source, &mut copy)?;
            loop {
                let step = backup.step(PAGES)?;
                let now = backup.progress();
                progress(now.remaining, now.pagecount);
                match step {
                    StepResult::Done => break,
                    StepResult::Busy | StepResult::Locked => std::thread::sleep(Duration::from_millis(20)),
                    _ => {}
                }
            }
        }
        let sound: String = copy.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
        if sound == "ok" { Ok(()) } else { Err(StoreError::Engine(format!("the copy is damaged: {sound}"))) }
    }
}
