//! Where the desk meets the world: the clock, randomness and, with an external calendar, its trait.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::alarm::{News, NotTold};
use crate::calendar::{
    Attendee, Carried, Catalogue, Find, NewBooking, Page, RemoteBooking, RemoteUid, SlotQuery, Told,
};

/// Tells the time. Two implementations: the machine's clock (with an offset for `serve --now`) and the
/// tests' frozen one.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

/// Fills a buffer with random bytes: the system's in the product, a seeded generator in tests.
pub type FillRandom = Arc<dyn Fn(&mut [u8]) + Send + Sync>;

/// Waits for so long: the runtime's timer in the product, the tests' own time otherwise.
pub type Sleep = Arc<dyn Fn(Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

/// A question on its way to a calendar.
pub type Asking<'a, T> = Pin<Box<dyn Future<Output = Told<T>> + Send + 'a>>;

/// Proves that the time of a booking is taken and its intent committed. Only the store makes one, in the transaction
/// that marks the booking as sent; a calendar creates nothing without it.
#[derive(Debug)]
pub struct SlotHold {
    op: String,
}

impl SlotHold {
    /// For the store alone.
    pub fn of_the_store(op: impl Into<String>) -> Self {
        Self { op: op.into() }
    }

    /// The operation it is for.
    pub fn op(&self) -> &str {
        &self.op
    }
}

/// A calendar outside. One try each, within a deadline of its own unless one is given; retries, breaker and budget are
/// the desk's. What is told is classified: see [`Told`].
pub trait Calendar: Send + Sync {
    /// Free starts, in order.
    fn free_slots<'a>(&'a self, query: &'a SlotQuery) -> Asking<'a, Vec<Timestamp>>;

    /// Makes a booking, within so long.
    fn create<'a>(&'a self, hold: &'a SlotHold, booking: &'a NewBooking, within: Duration)
    -> Asking<'a, RemoteBooking>;

    /// Bookings that may be the one sought, cancelled ones too.
    fn find<'a>(&'a self, sought: &'a Find) -> Asking<'a, Vec<RemoteBooking>>;

    /// One booking by its name; `None`: there is none.
    fn get<'a>(&'a self, uid: &'a RemoteUid) -> Asking<'a, Option<RemoteBooking>>;

    /// Bookings made or changed since an instant, oldest change first, from the `skip`th on.
    fn list_changed(&self, since: Timestamp, skip: u32) -> Asking<'_, Page>;

    /// Cancels; that it was cancelled before is told as [`crate::calendar::Refusal::AlreadyCancelled`].
    fn cancel<'a>(&'a self, uid: &'a RemoteUid, reason: &'a str) -> Asking<'a, ()>;

    /// Moves to another start, within so long; the booking has another name afterwards.
    fn move_to<'a>(
        &'a self,
        uid: &'a RemoteUid,
        start: Timestamp,
        reason: &'a str,
        within: Duration,
    ) -> Asking<'a, RemoteBooking>;

    /// Brings an address to a booking, by whatever way the calendar has.
    fn set_email<'a>(&'a self, uid: &'a RemoteUid, attendee: &'a Attendee) -> Asking<'a, Carried>;

    /// What can be booked there, for the import and for `doctor`.
    fn catalogue(&self) -> Asking<'_, Catalogue>;
}

/// An alarm on its way to somebody.
pub type Telling<'a> = Pin<Box<dyn Future<Output = Result<(), NotTold>> + Send + 'a>>;

/// Tells somebody of what is wrong. One try, within a deadline of its own; retries are whoever asks'.
pub trait Alarm: Send + Sync {
    /// Its word in logs, such as `webhook`.
    fn name(&self) -> &'static str;

    /// Tells it, or that it is over.
    fn tell<'a>(&'a self, news: &'a News) -> Telling<'a>;
}

/// Time, ids and randomness, handed to everything that needs them, so that a test or the simulator owns them.
#[derive(Clone)]
pub struct Ctx {
    clock: Arc<dyn Clock>,
    fill_random: FillRandom,
    sleep: Option<Sleep>,
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
        Self { clock, fill_random, sleep: None }
    }

    /// The same with a way to wait.
    #[must_use]
    pub fn sleeping(mut self, sleep: Sleep) -> Self {
        self.sleep = Some(sleep);
        self
    }

    /// Waits for so long; without a way to wait, not at all.
    pub async fn sleep(&self, time: Duration) {
        if let Some(sleep) = &self.sleep {
            sleep(time).await;
        }
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
