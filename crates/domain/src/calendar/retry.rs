//! When a push that failed is tried again: a schedule as plain data.

use jiff::SignedDuration;

/// Pauses after the first, second, third… failed try, in seconds; the last one goes on. None is longer than four minutes:
/// once a calendar works again, both sides must agree within five.
const PAUSES: [i64; 6] = [1, 5, 30, 60, 120, 240];

/// Failed tries after which a person is asked to look, though the work goes on.
pub const FLAGGED_AFTER: u32 = 3;

/// How long to wait after so many failed tries (1 is the first).
pub fn pause(failed: u32) -> SignedDuration {
    let place = usize::try_from(failed.saturating_sub(1)).unwrap_or(usize::MAX);
    let seconds = PAUSES.get(place).or(PAUSES.last()).copied().unwrap_or(240);
    SignedDuration::from_secs(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_come_at_one_five_and_thirty_seconds_and_then_ever_more_seldom() {
        let seconds: Vec<i64> = (1..=9).map(|failed| pause(failed).as_secs()).collect();
        assert_eq!(seconds, [1, 5, 30, 60, 120, 240, 240, 240, 240]);
        assert_eq!(pause(0), pause(1));
        assert_eq!(pause(u32::MAX).as_secs(), 240);
    }
}
