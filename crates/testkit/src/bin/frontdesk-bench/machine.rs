//! What the figures were measured on, without which they mean nothing.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Flushes timed for the disk's figure.
const FLUSHES: usize = 200;

/// Where a run took place.
pub struct Machine {
    cores: usize,
    memory_gib: u64,
    filesystem: String,
    in_memory: bool,
    flush: Duration,
    rustc: String,
    commit: String,
    load_average: f64,
}

impl Machine {
    /// Looks around; `folder` is where the databases will lie.
    pub fn look(folder: &Path) -> io::Result<Self> {
        let meminfo = std::fs::read_to_string("/proc/meminfo")?;
        let mounts = std::fs::read_to_string("/proc/self/mounts")?;
        let filesystem = filesystem_in(&mounts, &folder.canonicalize()?);
        let in_memory = matches!(filesystem.as_str(), "tmpfs" | "ramfs");
        let asked = |program: &str, args: &[&str]| {
            let output = Command::new(program).args(args).output().ok().filter(|output| output.status.success());
            output.map_or_else(String::new, |output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
        };
        let changed = !asked("git", &["status", "--porcelain", "--untracked-files=no"]).is_empty();
        let commit = asked("git", &["rev-parse", "--short", "HEAD"]) + if changed { " and changes" } else { "" };
        Ok(Self {
            cores: std::thread::available_parallelism()?.get(),
            memory_gib: memory_in(&meminfo).unwrap_or(0),
            filesystem,
            in_memory,
            flush: flush_time(folder)?,
            rustc: asked("rustc", &["--version"]),
            commit,
            load_average: load_average(),
        })
    }

    /// What a reader must know first.
    pub fn tell(&self) {
        println!("commit {}, {}", self.commit, self.rustc);
        let flush = self.flush.as_secs_f64() * 1e3;
        println!(
            "{} cores, {} GiB of memory; data on {} (appending 4 KiB and flushing it takes {flush:.2} ms, the median \
             of {FLUSHES})",
            self.cores, self.memory_gib, self.filesystem
        );
        println!("load average before: {:.1}; the load client runs on the same cores as the server", self.load_average);
        if self.in_memory {
            println!("THIS FOLDER IS IN MEMORY: nothing here is durable, and the figures say nothing (use --folder)");
        }
    }

    /// The same for programs.
    pub fn json(&self) -> Value {
        json!({
            "commit": self.commit, "rustc": self.rustc, "cores": self.cores, "memory_gib": self.memory_gib,
            "filesystem": self.filesystem, "load_average_before": self.load_average, "flush_ms": self.flush.as_secs_f64() * 1e3,
        })
    }
}

fn memory_in(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some((kib + (1 << 19)) >> 20)
}

/// Processes that wanted a core over the last minute: more than there are cores means that others slowed the run.
pub fn load_average() -> f64 {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().and_then(|first| first.parse().ok()).unwrap_or(0.0)
}

/// The type of the innermost mount that holds a path.
fn filesystem_in(mounts: &str, path: &Path) -> String {
    let mut found = ("", "an unknown filesystem");
    for line in mounts.lines() {
        let mut words = line.split(' ').skip(1);
        if let (Some(place), Some(kind)) = (words.next(), words.next())
            && path.starts_with(place)
            && place.len() >= found.0.len()
        {
            found = (place, kind);
        }
    }
    found.1.to_owned()
}

/// The median time to append a page and have it on disk: the floor under every commit.
fn flush_time(folder: &Path) -> io::Result<Duration> {
    let path = folder.join("flush");
    let mut file = File::create(&path)?;
    let mut times = Vec::with_capacity(FLUSHES);
    for _ in 0..FLUSHES {
        let start = Instant::now();
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
        times.push(start.elapsed());
    }
    std::fs::remove_file(path)?;
    times.sort_unstable();
    Ok(times.get(FLUSHES / 2).copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_mount_counts() {
        let mounts = "/dev/a / ext4 rw 0 0\ntmpfs /tmp tmpfs rw 0 0\n/dev/b /tmp/disk xfs rw 0 0\n";
        let kind = |path: &str| filesystem_in(mounts, Path::new(path));
        assert_eq!(
            (kind("/tmp/x"), kind("/tmp/disk/x"), kind("/tmpfile")),
            ("tmpfs".into(), "xfs".into(), "ext4".into())
        );
        assert_eq!(memory_in("MemTotal:       25165824 kB\n"), Some(24));
    }
}
