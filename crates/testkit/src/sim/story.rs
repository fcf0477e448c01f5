//! What happened, line by line, and a number that is the same only if all of it was the same.

use std::sync::Mutex;

use tokio::time::Instant;

/// Everything that was done, asked and answered, in order.
#[derive(Debug)]
pub struct Story {
    began: Instant,
    told: Mutex<(u64, Vec<String>)>,
}

impl Story {
    /// An empty one; inside the runtime.
    pub fn new() -> Self {
        Self { began: Instant::now(), told: Mutex::new((0xcbf2_9ce4_8422_2325, Vec::new())) }
    }

    /// Adds a line, with the virtual time.
    pub fn tell(&self, line: impl std::fmt::Display) {
        let line = format!("{:>8.3} {line}", self.began.elapsed().as_secs_f64());
        let mut told = self.told.lock().unwrap();
        for byte in line.bytes() {
            told.0 = (told.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        told.1.push(line);
    }

    /// The number and the lines so far.
    pub fn so_far(&self) -> (u64, Vec<String>) {
        self.told.lock().unwrap().clone()
    }
}

impl Default for Story {
    fn default() -> Self {
        Self::new()
    }
}
