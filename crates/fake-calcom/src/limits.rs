//! How often a key may ask.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

const WINDOW: SignedDuration = SignedDuration::from_secs(60);

/// Who asked how often.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    counters: HashMap<String, Counter>,
}

#[derive(Debug, Clone, Copy)]
struct Counter {
    hits: u32,
    ends: Timestamp,
    blocked_until: Option<Timestamp>,
}

/// What one request finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    pub(crate) reset_seconds: i64,
    pub(crate) refused: bool,
}

impl Limits {
    /// Counts one request; the one beyond the limit blocks the key, and what comes meanwhile does not make it longer.
    pub(crate) fn count(&mut self, key: &str, limit: u32, block: SignedDuration, now: Timestamp) -> Tally {
        let later = |by: SignedDuration| now.checked_add(by).unwrap_or(Timestamp::MAX);
        let new = Counter { hits: 0, ends: later(WINDOW), blocked_until: None };
        if !self.counters.contains_key(key) {
            self.counters.insert(key.to_owned(), new);
        }
        let Some(counter) = self.counters.get_mut(key) else {
            return Tally { limit, remaining: limit, reset_seconds: 60, refused: false };
        };
        if counter.ends <= now && counter.blocked_until.is_none_or(|until| until <= now) {
            *counter = new;
        }
        if let Some(until) = counter.blocked_until {
            if now < until {
                return Tally { limit, remaining: 0, reset_seconds: seconds(now, until), refused: true };
            }
            *counter = new;
        }
        counter.hits = counter.hits.saturating_add(1);
        if counter.hits > limit {
            let until = later(block);
            counter.blocked_until = Some(until);
            return Tally { limit, remaining: 0, reset_seconds: seconds(now, until), refused: true };
        }
        Tally { limit, remaining: limit - counter.hits, reset_seconds: seconds(now, counter.ends), refused: false }
    }
}

/// Seconds until then, begun ones counted.
fn seconds(now: Timestamp, then: Timestamp) -> i64 {
    let left = then.duration_since(now);
    left.as_secs() + i64::from(left.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLOCK: SignedDuration = SignedDuration::from_secs(60);

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    #[test]
    fn the_request_beyond_the_limit_blocks_the_key_and_the_block_does_not_grow() {
        let mut limits = Limits::default();
        for hit in 1..=120 {
            let tally = limits.count("k", 120, BLOCK, at(0));
            assert_eq!((tally.remaining, tally.refused), (120 - hit, false));
        }
        assert!(limits.count("k", 120, BLOCK, at(10)).refused);
        assert!(limits.count("k", 120, BLOCK, at(69)).refused, "blocked for 60 s from the refusal");
        assert!(!limits.count("k", 120, BLOCK, at(70)).refused);
        assert!(!limits.count("other", 120, BLOCK, at(11)).refused, "another key has its own count");
    }

    #[test]
    fn a_window_lasts_a_minute_from_its_first_request() {
        let mut limits = Limits::default();
        assert_eq!(limits.count("k", 3, BLOCK, at(0)).reset_seconds, 60);
        assert_eq!(limits.count("k", 3, BLOCK, at(59)).remaining, 1);
        assert_eq!(limits.count("k", 3, BLOCK, at(60)).remaining, 2);
    }
}
