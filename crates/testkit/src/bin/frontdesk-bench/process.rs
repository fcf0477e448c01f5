//! What a running server costs: how long it starts, how much memory it holds.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::http::{self, Connection};

/// How often a starting server is asked whether it is ready.
const ASK_EVERY: Duration = Duration::from_millis(1);

/// A child process that ends with its owner.
pub struct Running(Child);

impl Running {
    /// Its process id.
    pub fn id(&self) -> u32 {
        self.0.id()
    }

    /// Asks it to end, as an operator would, and waits until it has.
    pub fn end(mut self) {
        if let Some(pid) = i32::try_from(self.id()).ok().and_then(rustix::process::Pid::from_raw) {
            // Fails only where it has ended already.
            let _told = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
            let _reaped = self.0.wait();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only where it has ended already.
        let _killed = self.0.kill();
        let _reaped = self.0.wait();
    }
}

/// Starts a server and waits until GET /readyz answers 200; the time from its start to that answer, to about a
/// millisecond. Fails where the process ends before, or is not ready within `within`.
pub fn start_until_ready(
    command: &mut Command,
    addr: SocketAddr,
    within: Duration,
) -> Result<(Running, Duration), String> {
    let start = Instant::now();
    let child = command.stdin(Stdio::null()).spawn().map_err(|error| format!("cannot be started: {error}"))?;
    let mut child = Running(child);
    let request = http::get(addr, "/readyz");
    let mut connection = Connection::to(addr);
    loop {
        if connection.exchange(&request).is_ok_and(|answer| answer.status == 200) {
            return Ok((child, start.elapsed()));
        }
        if let Some(status) = child.0.try_wait().map_err(|error| error.to_string())? {
            return Err(format!("ended before it was ready: {status}"));
        }
        if start.elapsed() > within {
            return Err(format!("was not ready after {} s", within.as_secs_f64()));
        }
        thread::sleep(ASK_EVERY);
    }
}

/// An address of this machine that nobody listens on; free again, so a child can take it.
pub fn free_address() -> io::Result<SocketAddr> {
    TcpListener::bind("127.0.0.1:0")?.local_addr()
}

/// Processor time a process has used so far, all its threads together, to the hundredth of a second.
pub fn cpu_time_of(pid: u32) -> io::Result<Duration> {
    cpu_time_in(&std::fs::read_to_string(format!("/proc/{pid}/stat"))?)
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "no times in /proc/PID/stat"))
}

/// Fields 14 and 15, in hundredths of a second; the name before them, in brackets, may hold anything.
fn cpu_time_in(stat: &str) -> Option<Duration> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(Duration::from_millis((user + system) * 10))
}

/// Resident memory of a process, in KiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// Now.
    pub resident_kib: u64,
    /// The most it ever was.
    pub peak_kib: u64,
}

/// Reads a process's memory from /proc; Linux only, like what is measured.
pub fn memory_of(pid: u32) -> io::Result<Memory> {
    memory_in(&std::fs::read_to_string(format!("/proc/{pid}/status"))?)
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "no VmRSS and VmHWM in /proc/PID/status"))
}

fn memory_in(status: &str) -> Option<Memory> {
    let kib = |key: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))?;
        line.trim().strip_suffix(" kB")?.parse().ok()
    };
    Some(Memory { resident_kib: kib("VmRSS")?, peak_kib: kib("VmHWM")? })
}

#[cfg(test)]
mod tests {
    use super::super::responder;
    use super::*;

    #[test]
    fn memory_is_read_as_the_kernel_writes_it() {
        let status = "Name:\tx\nVmPeak:\t  900 kB\nVmHWM:\t    300 kB\nVmRSS:\t    200 kB\nThreads:\t1\n";
        assert_eq!(memory_in(status), Some(Memory { resident_kib: 200, peak_kib: 300 }));
        assert_eq!(memory_in("Name:\tkthreadd\n"), None);
        let own = memory_of(std::process::id()).unwrap();
        assert!(own.resident_kib > 0 && own.peak_kib >= own.resident_kib, "{own:?}");
    }

    #[test]
    fn processor_time_is_read_behind_any_name() {
        let stat = "7 (a b) c) S 1 7 7 0 -1 4194304 100 0 0 0 150 25 0 0 20 0 4 0";
        assert_eq!(cpu_time_in(stat), Some(Duration::from_millis(1750)));
        assert_eq!(cpu_time_in("7 (x"), None);
    }

    #[test]
    fn a_server_that_ends_at_once_is_not_waited_for() {
        let error = start_until_ready(&mut Command::new("false"), free_address().unwrap(), Duration::from_secs(60));
        assert_eq!(error.err().unwrap(), "ended before it was ready: exit status: 1");
    }

    #[test]
    fn a_server_is_ready_with_its_first_200_and_ends_with_its_owner() {
        let addr = responder::in_background();
        let (running, _) = start_until_ready(Command::new("sleep").arg("60"), addr, Duration::from_secs(60))
            .unwrap_or_else(|e| panic!("{e}"));
        let pid = running.id();
        assert!(memory_of(pid).is_ok());
        drop(running);
        assert!(memory_of(pid).is_err());
    }
}
