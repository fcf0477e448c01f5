//! Leaves a calendar that fails alone for a while: a state machine as data. The clock and the dice are handed in.

use jiff::{SignedDuration, Timestamp};

/// So many failures in a row open it.
const IN_A_ROW: u32 = 5;
/// So many outcomes are remembered…
const REMEMBERED: u32 = 20;
/// …and so many failures among them open it.
const TOO_MANY: u32 = REMEMBERED / 2;
/// How long it stays open, in milliseconds.
const OPEN_MS: i64 = 60_000;
/// By how much that may be longer or shorter, so that not everybody asks again at the same time.
const SPREAD_MS: i64 = 12_000;

/// Where a breaker stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Position {
    /// Everybody may ask.
    #[default]
    Closed,
    /// Nobody may ask before that instant; then one may.
    Open {
        /// First instant at which somebody may try.
        until: Timestamp,
    },
    /// One is trying; what comes of it decides.
    HalfOpen,
}

impl Position {
    /// The word in metrics and logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open { .. } => "open",
            Self::HalfOpen => "half_open",
        }
    }
}

/// Proof of having been let through, shown again with the outcome. What was asked before the breaker turned says nothing
/// about the time after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket {
    turn: u64,
}

/// Whether one may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Ask, and [`Breaker::record`] what came of it.
    Go(Ticket),
    /// Do not ask.
    Stop,
}

/// What came of asking, as far as the calendar's health goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It answered, be it with a "no".
    Answered,
    /// No answer in time, no connection, or a server error.
    Failed,
    /// Nothing was learnt: given up before the end, or an answer that says nothing about its health.
    Untold,
}

/// What an outcome changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Turned {
    /// Nothing.
    No,
    /// It is open now.
    Opened,
    /// It is closed again.
    Closed,
}

/// Opens after 5 failures in a row or 10 among the last 20; a minute later one may try, and closes it or not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Breaker {
    position: Position,
    /// How often it turned; a ticket of another turn counts for nothing.
    turn: u64,
    /// The last outcomes, the latest in the lowest bit; 1 is a failure.
    failures: u32,
}

impl Breaker {
    /// Where it stands.
    pub fn position(&self) -> Position {
        self.position
    }

    /// Whether one may ask now. While open nobody may; after that exactly one may until its outcome is recorded.
    pub fn ask(&mut self, now: Timestamp) -> Admission {
        match self.position {
            Position::Closed => {}
            Position::Open { until } if is_over(until, now) => self.turn_to(Position::HalfOpen),
            Position::Open { .. } | Position::HalfOpen => return Admission::Stop,
        }
        Admission::Go(Ticket { turn: self.turn })
    }

    /// Takes an outcome in; `dice` is any number, and makes the open time longer or shorter.
    pub fn record(&mut self, ticket: Ticket, outcome: Outcome, now: Timestamp, dice: u8) -> Turned {
        if ticket.turn != self.turn {
            return Turned::No;
        }
        match (self.position, outcome) {
            (Position::Closed, Outcome::Untold) | (Position::Open { .. }, _) => Turned::No,
            (Position::Closed, outcome) => {
                let failed = u32::from(outcome == Outcome::Failed);
                self.failures = (self.failures << 1 | failed) & ((1 << REMEMBERED) - 1);
                if self.failures.trailing_ones() < IN_A_ROW && self.failures.count_ones() < TOO_MANY {
                    return Turned::No;
                }
                self.turn_to(Position::Open { until: reopening(now, dice) });
                Turned::Opened
            }
            (Position::HalfOpen, Outcome::Answered) => {
                self.turn_to(Position::Closed);
                Turned::Closed
            }
            (Position::HalfOpen, Outcome::Failed) => {
                self.turn_to(Position::Open { until: reopening(now, dice) });
                Turned::Opened
            }
            // Whoever tried gave up: the next one tries.
            (Position::HalfOpen, Outcome::Untold) => {
                self.turn_to(Position::Open { until: now });
                Turned::No
            }
        }
    }

    fn turn_to(&mut self, position: Position) {
        self.position = position;
        self.turn = self.turn.wrapping_add(1);
        self.failures = 0;
    }
}

/// Whether an open time is over; also if the clock was set back so far that the end can be no true one.
fn is_over(until: Timestamp, now: Timestamp) -> bool {
    now >= until || until.duration_since(now) > SignedDuration::from_millis(OPEN_MS + SPREAD_MS)
}

fn reopening(now: Timestamp, dice: u8) -> Timestamp {
    let spread = i64::from(dice) * 2 * SPREAD_MS / i64::from(u8::MAX) - SPREAD_MS;
    now.saturating_add(SignedDuration::from_millis(OPEN_MS + spread)).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MIDDLE: u8 = 128;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn go(breaker: &mut Breaker, now: Timestamp) -> Ticket {
        match breaker.ask(now) {
            Admission::Go(ticket) => ticket,
            Admission::Stop => panic!("not let through"),
        }
    }

    fn run(breaker: &mut Breaker, outcomes: &[Outcome]) -> Vec<Turned> {
        outcomes
            .iter()
            .map(|outcome| {
                let ticket = go(breaker, at(0));
                breaker.record(ticket, *outcome, at(0), MIDDLE)
            })
            .collect()
    }

    fn open() -> Breaker {
        let mut breaker = Breaker::default();
        run(&mut breaker, &[Outcome::Failed; 5]);
        breaker
    }

    #[test]
    fn five_failures_in_a_row_open_it_and_four_with_an_answer_between_do_not() {
        let mut breaker = Breaker::default();
        assert_eq!(run(&mut breaker, &[Outcome::Failed; 4]), [Turned::No; 4]);
        assert_eq!(run(&mut breaker, &[Outcome::Answered]), [Turned::No]);
        assert_eq!(run(&mut breaker, &[Outcome::Failed; 4]), [Turned::No; 4]);
        assert_eq!(run(&mut breaker, &[Outcome::Untold]), [Turned::No], "what tells nothing changes nothing");
        assert_eq!(run(&mut breaker, &[Outcome::Failed]), [Turned::Opened]);
        assert_eq!(breaker.ask(at(0)), Admission::Stop);
    }

    #[test]
    fn half_of_twenty_open_it_and_older_ones_are_forgotten() {
        let mut breaker = Breaker::default();
        let pair = [Outcome::Failed, Outcome::Answered];
        let turned = run(&mut breaker, &pair.repeat(9));
        assert!(turned.iter().all(|turned| *turned == Turned::No));
        assert_eq!(run(&mut breaker, &[Outcome::Failed]), [Turned::Opened], "the tenth of nineteen");

        let mut breaker = Breaker::default();
        run(&mut breaker, &pair.repeat(9));
        run(&mut breaker, &[Outcome::Answered; 4]);
        assert_eq!(run(&mut breaker, &[Outcome::Failed]), [Turned::No], "two of the nine are out of sight");
    }

    #[test]
    fn it_is_open_for_about_a_minute_and_then_lets_exactly_one_through() {
        for (dice, earliest) in [(0, 48), (MIDDLE, 60), (u8::MAX, 72)] {
            let mut breaker = Breaker::default();
            run(&mut breaker, &[Outcome::Failed; 4]);
            let ticket = go(&mut breaker, at(0));
            breaker.record(ticket, Outcome::Failed, at(0), dice);
            assert_eq!(breaker.ask(at(earliest - 1)), Admission::Stop);
            go(&mut breaker, at(earliest + 1));
            assert!((0..500).all(|_| breaker.ask(at(earliest + 100)) == Admission::Stop));
        }
    }

    #[test]
    fn the_one_that_tries_closes_it_opens_it_or_leaves_it_to_the_next() {
        let mut breaker = open();
        let first = go(&mut breaker, at(80));
        assert_eq!(breaker.record(first, Outcome::Untold, at(81), MIDDLE), Turned::No);
        let second = go(&mut breaker, at(81));
        assert_eq!(breaker.record(first, Outcome::Answered, at(82), MIDDLE), Turned::No, "it gave up");
        assert_eq!(breaker.record(second, Outcome::Failed, at(82), MIDDLE), Turned::Opened);
        assert_eq!(breaker.ask(at(100)), Admission::Stop);
        let third = go(&mut breaker, at(160));
        assert_eq!(breaker.record(third, Outcome::Answered, at(161), MIDDLE), Turned::Closed);
        run(&mut breaker, &[Outcome::Failed; 4]);
        assert_eq!(breaker.position(), Position::Closed, "what was before is forgotten");
    }

    #[test]
    fn what_was_asked_before_it_turned_says_nothing_afterwards() {
        let mut breaker = Breaker::default();
        let slow = go(&mut breaker, at(0));
        run(&mut breaker, &[Outcome::Failed; 5]);
        assert_eq!(breaker.record(slow, Outcome::Answered, at(1), MIDDLE), Turned::No);
        go(&mut breaker, at(80));
        assert_eq!(breaker.record(slow, Outcome::Failed, at(80), MIDDLE), Turned::No);
        assert_eq!(breaker.position(), Position::HalfOpen);
    }

    #[test]
    fn a_clock_set_back_by_a_day_does_not_keep_it_open_for_a_day() {
        let mut breaker = open();
        go(&mut breaker, at(-86_400));
    }

    /// Every sequence of eight steps from the closed breaker and from the open one: ask, or record an outcome for the
    /// oldest ticket.
    #[test]
    fn every_short_walk_keeps_at_most_one_trying_and_never_gets_stuck() {
        let mut walks = vec![(Breaker::default(), Vec::new(), 0_i64), (open(), Vec::new(), 0)];
        for _ in 0..8 {
            let mut next = Vec::new();
            for (breaker, tickets, now) in &walks {
                for step in 0..5 {
                    let (mut breaker, mut tickets, mut now): (Breaker, Vec<Ticket>, i64) =
                        (breaker.clone(), tickets.clone(), *now);
                    match step {
                        0 => {
                            let before = breaker.position();
                            if let Admission::Go(ticket) = breaker.ask(at(now)) {
                                assert_ne!(before, Position::HalfOpen);
                                tickets.push(ticket);
                            }
                        }
                        1 => now += 73,
                        _ if tickets.is_empty() => continue,
                        _ => {
                            let outcome = [Outcome::Answered, Outcome::Failed, Outcome::Untold][step - 2];
                            breaker.record(tickets.remove(0), outcome, at(now), MIDDLE);
                        }
                    }
                    let trying = tickets.iter().filter(|ticket| ticket.turn == breaker.turn).count();
                    match breaker.position() {
                        Position::HalfOpen => assert_eq!(trying, 1),
                        Position::Open { .. } => assert_eq!(trying, 0),
                        Position::Closed => {}
                    }
                    next.push((breaker, tickets, now));
                }
            }
            walks = next;
        }
        for (mut breaker, tickets, now) in walks {
            for ticket in tickets {
                breaker.record(ticket, Outcome::Untold, at(now), MIDDLE);
            }
            go(&mut breaker, at(now + 73));
        }
    }

    proptest! {
        #[test]
        fn it_opens_only_after_failures_and_closes_only_after_an_answer(
            steps in prop::collection::vec((0_u8..4, 0_i64..30, any::<u8>()), 0..300)
        ) {
            let mut breaker = Breaker::default();
            let mut now = 0;
            let mut failed = 0;
            for (outcome, later, dice) in steps {
                now += later;
                let Admission::Go(ticket) = breaker.ask(at(now)) else {
                    prop_assert_ne!(breaker.position(), Position::Closed);
                    continue;
                };
                let trying = breaker.position() == Position::HalfOpen;
                let outcome = [Outcome::Answered, Outcome::Failed, Outcome::Failed, Outcome::Untold][usize::from(outcome)];
                failed += u32::from(outcome == Outcome::Failed);
                match breaker.record(ticket, outcome, at(now), dice) {
                    Turned::Opened => {
                        prop_assert_eq!(outcome, Outcome::Failed);
                        prop_assert!(trying || failed >= 5);
                        failed = 0;
                    }
                    Turned::Closed => prop_assert!(trying && outcome == Outcome::Answered),
                    Turned::No => {}
                }
            }
        }
    }
}
