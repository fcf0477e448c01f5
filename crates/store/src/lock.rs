//! One process per data folder: an advisory lock that the kernel drops with the process.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use rustix::fs::{FlockOperation, flock};

/// Somebody else has the data folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InUse {
    /// Its process id, if it left one.
    pub pid: Option<u32>,
}

/// Holds the lock until dropped.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

/// Takes the lock of a data folder, or says who has it.
pub(crate) fn take(folder: &Path) -> std::io::Result<Result<Lock, InUse>> {
    let mut file =
        OpenOptions::new().create(true).truncate(false).read(true).write(true).open(folder.join("frontdesk.lock"))?;
    if flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
        let mut pid = String::new();
        file.read_to_string(&mut pid)?;
        return Ok(Err(InUse { pid: pid.trim().parse().ok() }));
    }
    file.set_len(0)?;
    file.seek(SeekFrom::Start(0))?;
    write!(file, "{}", std::process::id())?;
    Ok(Ok(Lock { _file: file }))
}
