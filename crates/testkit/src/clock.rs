//! A clock that stands still, and randomness that repeats.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use frontdesk_domain::ports::{Clock, Ctx};
use jiff::{SignedDuration, Timestamp};

/// Stands still until [`FrozenClock::advance`].
#[derive(Debug)]
pub struct FrozenClock {
    now: Mutex<Timestamp>,
}

impl FrozenClock {
    /// Stands at an RFC 3339 instant.
    pub fn at(instant: &str) -> Arc<Self> {
        Arc::new(Self { now: Mutex::new(instant.parse().unwrap()) })
    }

    /// Moves on.
    pub fn advance(&self, by: SignedDuration) {
        let mut now = self.now.lock().unwrap();
        *now = now.checked_add(by).unwrap();
    }

    /// A context with this clock and random bytes that are the same in every run.
    pub fn ctx(self: &Arc<Self>, seed: u64) -> Ctx {
        let clock: Arc<dyn Clock> = Arc::<Self>::clone(self);
        repeatable(clock, seed)
    }
}

impl Clock for FrozenClock {
    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap()
    }
}

/// Runs with the runtime's virtual time: it stands still while there is work, and jumps to the next timer when there is
/// none. For tests with `start_paused`, on one thread, with a store in memory.
#[derive(Debug)]
pub struct VirtualClock {
    start: Timestamp,
    began: tokio::time::Instant,
}

impl VirtualClock {
    /// Starts at an RFC 3339 instant; inside the runtime.
    pub fn at(instant: &str) -> Arc<Self> {
        Arc::new(Self { start: instant.parse().unwrap(), began: tokio::time::Instant::now() })
    }

    /// A context with this clock, its timers, and random bytes that are the same in every run.
    pub fn ctx(self: &Arc<Self>, seed: u64) -> Ctx {
        let clock: Arc<dyn Clock> = Arc::<Self>::clone(self);
        repeatable(clock, seed).sleeping(Arc::new(|time| Box::pin(tokio::time::sleep(time))))
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        let passed = SignedDuration::try_from(self.began.elapsed()).unwrap();
        self.start.checked_add(passed).unwrap()
    }
}

fn repeatable(clock: Arc<dyn Clock>, seed: u64) -> Ctx {
    let state = AtomicU64::new(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    Ctx::new(
        clock,
        Arc::new(move |bytes: &mut [u8]| {
            for byte in bytes {
                // SplitMix64, one step per byte: repeatable and spread enough for ids.
                let mut z = state.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
                z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
                z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
                *byte = (z ^ (z >> 31)) as u8;
            }
        }),
    )
}
