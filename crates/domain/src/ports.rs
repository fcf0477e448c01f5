//! Where the desk meets the world: the clock, randomness and, with an external calendar, its trait.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

/// Tells the time. Two implementations: the machine's clock (with an offset for `serve --now`) and the
/// tests' frozen one.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

/// Fills a buffer with random bytes: the system's in the product, a seeded generator in tests.
pub type FillRandom = Arc<dyn Fn(&mut [u8]) + Send + Sync>;

/// Time, ids and randomness, handed to everything that needs them, so that a test or the simulator owns them.
#[derive(Clone)]
pub struct Ctx {
    clock: Arc<dyn Clock>,
    fill_random: FillRandom,
}

impl fmt::Debug for Ctx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ctx")
    }
}

/// Crockford's base 32 in lower case without the letters that sound or look like others.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

impl Ctx {
    /// Binds a clock and a source of random bytes.
    pub fn new(clock: Arc<dyn Clock>, fill_random: FillRandom) -> Self {
        Self { clock, fill_random }
    }

    /// The present instant.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Milliseconds since 1970, as the store keeps instants.
    pub fn now_ms(&self) -> i64 {
        self.clock.now().as_millisecond()
    }

    /// `N` random bytes.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.fill_random)(&mut bytes);
        bytes
    }

    /// A sortable id: prefix, 48 bits of time, 80 random bits, all in 26 characters of base 32.
    pub fn id(&self, prefix: &str) -> String {
        let millis = u128::try_from(self.now_ms()).unwrap_or_default() & 0xffff_ffff_ffff;
        let random = self.random::<10>().iter().fold(0_u128, |all, byte| all << 8 | u128::from(*byte));
        let bits = millis << 80 | random;
        let mut text = String::with_capacity(prefix.len() + 26);
        text.push_str(prefix);
        for place in (0..26).rev() {
            push_digit(&mut text, (bits >> (place * 5)) & 31);
        }
        text
    }

    /// A short unguessable token: prefix and `length` random characters of base 32 (5 bits each).
    pub fn token(&self, prefix: &str, length: usize) -> String {
        let mut text = prefix.to_owned();
        for _ in 0..length {
            let [byte] = self.random::<1>();
            push_digit(&mut text, u128::from(byte & 31));
        }
        text
    }
}

fn push_digit(text: &mut String, digit: u128) {
    let place = usize::try_from(digit & 31).unwrap_or_default();
    text.push(ALPHABET.get(place).copied().map_or('0', char::from));
}

#[cfg(test)]
mod tests {
    use super::*;

    struct At(Timestamp);
    impl Clock for At {
        fn now(&self) -> Timestamp {
            self.0
        }
    }

    #[test]
    fn ids_sort_by_time_and_tokens_have_their_length() {
        let early = Ctx::new(Arc::new(At(Timestamp::UNIX_EPOCH)), Arc::new(|b: &mut [u8]| b.fill(255)));
        let late = Ctx::new(Arc::new(At(Timestamp::MAX)), Arc::new(|b: &mut [u8]| b.fill(0)));
        assert!(early.id("apt_") < late.id("apt_"));
        assert_eq!(early.id("apt_").len(), 30);
        assert_eq!(late.token("slot_", 10), "slot_0000000000");
    }
}
