//! How many requests a key may still make: never more than the calendar allows in any minute, and the last ones are kept
//! for those who matter most.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};

/// The calendar counts by this stretch…
const MINUTE: SignedDuration = SignedDuration::from_secs(60);
/// …from the arrival of a request, which may be as late as its longest deadline after we counted it.
const WINDOW: SignedDuration = SignedDuration::from_secs(63);
/// One part in so many of the limit is left to clocks that differ and to others who use the key.
const LEFT_OVER: u32 = 20;
/// No calendar blocks for longer, whatever it says.
const LONGEST_BLOCK: SignedDuration = SignedDuration::from_mins(5);

/// Who asks, the most important first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// A caller waits for a booking, a move or a cancellation.
    Caller,
    /// A caller waits to hear what is free.
    CallerRead,
    /// Work that follows from a commit: pushes, look-ups, the sweep.
    Work,
    /// Free times fetched before anybody asks.
    Warm,
}

impl Priority {
    /// The hundredths of the budget that are kept for those before it.
    fn kept_percent(self) -> u32 {
        match self {
            Self::Caller => 0,
            Self::CallerRead => 10,
            Self::Work => 30,
            Self::Warm => 60,
        }
    }
}

/// The requests of one key. It counts each for a little more than the minute the calendar does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budget {
    limit: u32,
    /// When each was counted; ascending.
    sent: VecDeque<Timestamp>,
    blocked_until: Option<Timestamp>,
}

impl Budget {
    /// For a key with which the calendar takes so many requests a minute.
    pub fn new(per_minute: u32) -> Self {
        Self { limit: per_minute, sent: VecDeque::new(), blocked_until: None }
    }

    /// The same after a restart: nobody remembers what was sent before, so half of it is taken for spent.
    pub fn after_restart(per_minute: u32, now: Timestamp) -> Self {
        let spent = (0..per_minute / 2).map(|_| now).collect();
        Self { limit: per_minute, sent: spent, blocked_until: None }
    }

    /// What the calendar takes in a minute.
    pub fn per_minute(&self) -> u32 {
        self.limit
    }

    /// Another limit from now on; what was sent still counts.
    pub fn change_limit(&mut self, per_minute: u32) {
        self.limit = per_minute;
    }

    /// Counts so many requests if they may be sent now; `false`: none may, and nothing is counted.
    pub fn take(&mut self, requests: u32, priority: Priority, now: Timestamp) -> bool {
        let fits = requests <= self.left(priority, now);
        if fits {
            self.sent.extend((0..requests).map(|_| now));
        }
        fits
    }

    /// How many requests of this priority may be sent now.
    pub fn left(&mut self, priority: Priority, now: Timestamp) -> u32 {
        self.forget(now);
        if self.blocked_until.is_some() {
            return 0;
        }
        let usable = self.limit - self.limit / LEFT_OVER;
        let kept = u32::try_from(u64::from(usable) * u64::from(priority.kept_percent()) / 100).unwrap_or(usable);
        let sent = u32::try_from(self.sent.len()).unwrap_or(u32::MAX);
        (usable - kept).saturating_sub(sent)
    }

    /// The calendar said that too much was asked: nothing is sent for as long as it says, else for a minute.
    pub fn block(&mut self, now: Timestamp, told: Option<SignedDuration>) {
        let time = told.map_or(MINUTE, |told| told.clamp(SignedDuration::from_secs(1), LONGEST_BLOCK));
        // Its clock and its way back add a little.
        let time = time + SignedDuration::from_secs(1);
        let until = now.saturating_add(time).unwrap_or(Timestamp::MAX);
        self.blocked_until = Some(self.blocked_until.map_or(until, |before| before.max(until)));
    }

    /// Until when nothing may be sent because the calendar said so.
    pub fn blocked_until(&self) -> Option<Timestamp> {
        self.blocked_until
    }

    fn forget(&mut self, now: Timestamp) {
        // A clock that was set back: what was sent counts from now on, which is never too short.
        for sent in self.sent.iter_mut().rev().take_while(|sent| **sent > now) {
            *sent = now;
        }
        while self.sent.front().is_some_and(|sent| now.duration_since(*sent) >= WINDOW) {
            self.sent.pop_front();
        }
        let over = |until: Timestamp| now >= until || until.duration_since(now) > LONGEST_BLOCK * 2;
        if self.blocked_until.is_some_and(over) {
            self.blocked_until = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: [Priority; 4] = [Priority::Caller, Priority::CallerRead, Priority::Work, Priority::Warm];

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millisecond(1_800_000_000_000 + millis).unwrap()
    }

    fn all_of(budget: &mut Budget, priority: Priority, now: Timestamp) -> u32 {
        (0..1000).map(|_| u32::from(budget.take(1, priority, now))).sum()
    }

    #[test]
    fn each_priority_leaves_something_to_those_before_it() {
        let mut budget = Budget::new(120);
        let taken: Vec<u32> = ALL.iter().rev().map(|priority| all_of(&mut budget, *priority, at(0))).collect();
        assert_eq!(taken, [46, 34, 23, 11]);
        assert_eq!(taken.iter().sum::<u32>(), 114, "a few stay unused");
        assert_eq!(
            all_of(&mut budget, Priority::Caller, at(60_000)),
            0,
            "their arrival may be later than their sending"
        );
        assert_eq!(all_of(&mut budget, Priority::Caller, at(63_000)), 114);
    }

    #[test]
    fn several_requests_are_counted_together_or_not_at_all() {
        let mut budget = Budget::new(4);
        assert!(budget.take(3, Priority::Caller, at(0)));
        assert!(!budget.take(2, Priority::Caller, at(0)));
        assert!(budget.take(1, Priority::Caller, at(0)));
    }

    #[test]
    fn a_block_lasts_as_long_as_the_calendar_says_and_a_minute_if_it_does_not() {
        let mut budget = Budget::new(120);
        budget.block(at(0), None);
        assert!(!budget.take(1, Priority::Caller, at(60_500)));
        assert!(budget.take(1, Priority::Caller, at(61_000)));
        budget.block(at(70_000), Some(SignedDuration::from_secs(7)));
        assert!(!budget.take(1, Priority::Caller, at(77_500)));
        budget.block(at(77_500), Some(SignedDuration::from_secs(-3)));
        assert!(budget.take(1, Priority::Caller, at(79_500)));
        budget.block(at(80_000), Some(SignedDuration::from_hours(10)));
        assert!(budget.take(1, Priority::Caller, at(80_000 + 301_000)));
    }

    #[test]
    fn a_shorter_block_does_not_end_a_longer_one() {
        let mut budget = Budget::new(120);
        budget.block(at(0), Some(SignedDuration::from_secs(60)));
        budget.block(at(1_000), Some(SignedDuration::from_secs(5)));
        assert_eq!(budget.left(Priority::Caller, at(30_000)), 0);
    }

    #[test]
    fn a_clock_set_back_neither_frees_requests_nor_keeps_them_for_hours() {
        let mut budget = Budget::new(20);
        assert_eq!(all_of(&mut budget, Priority::Caller, at(0)), 19);
        budget.block(at(0), None);
        assert_eq!(budget.left(Priority::Caller, at(-3_600_000)), 0);
        assert_eq!(budget.left(Priority::Caller, at(-3_600_000 + 62_000)), 0);
        assert_eq!(budget.left(Priority::Caller, at(-3_600_000 + 63_000)), 19);
    }

    #[test]
    fn after_a_restart_half_of_a_minute_is_taken_for_spent() {
        let mut budget = Budget::after_restart(120, at(0));
        assert_eq!(budget.left(Priority::Caller, at(0)), 54);
        assert_eq!(budget.left(Priority::Caller, at(63_000)), 114, "a minute later nothing of it is left");
    }

    #[test]
    fn without_a_limit_to_speak_of_nothing_is_sent() {
        assert!(!Budget::new(0).take(1, Priority::Caller, at(0)));
        assert!(Budget::new(1).take(1, Priority::Warm, at(0)));
    }

    proptest! {
        #[test]
        fn in_no_minute_more_arrives_than_the_calendar_allows(
            limit in 0_u32..150,
            asked in prop::collection::vec((0_i64..2_500, 0_usize..4, 1_u32..4, 0_i64..3_000), 0..1_200),
        ) {
            let mut budget = Budget::new(limit);
            let mut now = 0;
            let mut arrived = Vec::new();
            for (later, priority, requests, way) in asked {
                // Bursts with pauses between.
                now += if later < 2_200 { later / 200 } else { later };
                if budget.take(requests, ALL[priority], at(now)) {
                    arrived.extend((0..requests).map(|_| now + way));
                }
            }
            arrived.sort_unstable();
            let limit = usize::try_from(limit).unwrap();
            for (first, from) in arrived.iter().enumerate() {
                let inside = arrived[first..].iter().take_while(|at| **at < from + 60_000).count();
                prop_assert!(inside <= limit, "{inside} of {limit}");
            }
        }
    }
}
