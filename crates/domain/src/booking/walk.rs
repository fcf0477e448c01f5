//! The exhaustive walk over the table of remote bookings: every outcome with every hidden effect, in every order, until
//! nothing new comes up. Beside each state of ours walks the truth that we do not see.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};

use super::remote::{Outcome, Remote, State, Step, apply, next};
use crate::calendar::rules::Rules;

const START: Timestamp = Timestamp::UNIX_EPOCH;

fn elsewhere() -> Timestamp {
    START.saturating_add(SignedDuration::from_hours(1)).unwrap()
}

/// What we believe, and what is so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct World {
    remote: Remote,
    /// Bookings of this operation that live in the calendar.
    there: u8,
    /// Where they start.
    at: Timestamp,
    /// A create that is still on its way.
    late: bool,
    /// Enough time has passed since the last sending.
    settled: bool,
}

fn now(world: &World, rules: &Rules) -> Timestamp {
    let sent = world.remote.sent.unwrap_or(START);
    if world.settled { sent.saturating_add(rules.settle).unwrap() } else { sent }
}

/// Every world that can follow. A late create arrives before it has settled: that is what settling means.
fn follow(world: World, rules: &Rules) -> Vec<World> {
    let mut all = Vec::new();
    let mut after = |world: World, outcome: Outcome| {
        if let Some(remote) = apply(&world.remote, outcome, now(&world, rules), rules) {
            all.push(World { remote, ..world });
        }
    };
    if world.remote.desired {
        after(world, Outcome::Unwanted);
        after(world, Outcome::TryAgain);
    }
    match next(&world.remote) {
        Step::Rest | Step::CarryEmail => {}
        Step::Create => {
            if let Some(remote) = apply(&world.remote, Outcome::Sending, START, rules) {
                let sent = World { remote, settled: false, ..world };
                let made = World { there: sent.there + 1, at: remote.start, ..sent };
                after(made, Outcome::There { at: remote.start, pending: false });
                after(made, Outcome::There { at: remote.start, pending: true });
                for unclear in [made, sent, World { late: true, ..sent }] {
                    after(unclear, Outcome::Doubtful);
                }
                after(sent, Outcome::Refused);
                after(sent, Outcome::NotSent);
                // Cancelled while it is under way.
                if let Some(remote) = apply(&sent.remote, Outcome::Unwanted, START, rules) {
                    let unwanted = World { remote, ..sent };
                    after(
                        World { there: unwanted.there + 1, at: remote.start, ..unwanted },
                        Outcome::There { at: remote.start, pending: false },
                    );
                    after(unwanted, Outcome::Refused);
                    after(unwanted, Outcome::NotSent);
                }
            }
        }
        Step::LookUp if world.remote.state == State::Moving => {
            after(world, Outcome::There { at: world.at, pending: false });
        }
        // More than one are made one by the look-up itself.
        Step::LookUp if world.there > 0 => {
            after(World { there: 1, ..world }, Outcome::There { at: world.at, pending: false });
        }
        Step::LookUp => after(world, Outcome::Nothing),
        Step::Move => {
            if let Some(remote) = apply(&world.remote, Outcome::Sending, START, rules) {
                let sent = World { remote, settled: false, ..world };
                let moved = World { at: remote.start, ..sent };
                after(moved, Outcome::There { at: remote.start, pending: false });
                after(moved, Outcome::Doubtful);
                after(sent, Outcome::Doubtful);
                after(sent, Outcome::Refused);
                after(sent, Outcome::NotSent);
            }
        }
        Step::Cancel => after(World { there: 0, ..world }, Outcome::Cancelled),
    }
    if world.late {
        all.push(World { late: false, there: world.there + 1, at: world.remote.start, ..world });
    } else if !world.settled {
        all.push(World { settled: true, ..world });
    }
    if world.remote.state == State::Live && world.remote.start == START && world.remote.desired {
        all.push(World { remote: Remote { start: elsewhere(), ..world.remote }, ..world });
    }
    all
}

fn walk(rules: &Rules) -> (HashSet<World>, Vec<World>) {
    let remote = Remote {
        state: State::Wanted,
        desired: true,
        start: START,
        at: None,
        attempt: 0,
        sent: None,
        email_due: false,
    };
    let mut open = vec![World { remote, there: 0, at: START, late: false, settled: true }];
    let (mut seen, mut wrong) = (HashSet::new(), Vec::new());
    while let Some(world) = open.pop() {
        // Three sendings show everything that more of them can.
        if world.remote.attempt > 3 || world.there > 3 || !seen.insert(world) {
            continue;
        }
        if is_wrong(&world) {
            wrong.push(world);
        }
        open.extend(follow(world, rules));
    }
    (seen, wrong)
}

/// At rest, nothing on its way, and not as it should be.
fn is_wrong(world: &World) -> bool {
    if world.late || next(&world.remote) != Step::Rest {
        return false;
    }
    match world.remote.state {
        State::Gone | State::Refused => world.there != 0,
        State::Live | State::Pending => world.there != 1 || !world.remote.desired,
        State::Wanted | State::Sent | State::Moving => true,
    }
}

#[test]
fn whatever_happens_in_whatever_order_it_rests_only_where_the_calendar_agrees() {
    let (seen, wrong) = walk(&Rules::SOUND);
    assert!(seen.len() > 100, "the walk saw {} worlds", seen.len());
    assert_eq!(wrong.first(), None, "{} worlds are wrong at rest", wrong.len());
    for state in State::ALL {
        assert!(seen.iter().any(|world| world.remote.state == state), "{state:?} was never reached");
        assert_eq!(State::parse(state.as_str()), Some(state));
    }
}

#[test]
fn from_every_world_there_is_a_way_to_rest() {
    let rules = Rules::SOUND;
    let (seen, _) = walk(&rules);
    for world in seen {
        let (mut open, mut tried) = (vec![world], HashSet::new());
        let rests = loop {
            let Some(next_world) = open.pop() else { break false };
            if next(&next_world.remote) == Step::Rest && !next_world.late {
                break true;
            }
            if next_world.remote.attempt <= 5 && tried.insert(next_world) {
                open.extend(follow(next_world, &rules));
            }
        };
        assert!(rests, "{world:?} never comes to rest");
    }
}

#[test]
fn each_rule_of_the_table_is_needed() {
    let sound = Rules::SOUND;
    let mutants = [
        ("no answer is taken for a no", Rules { doubt_is_no_refusal: false, ..sound }),
        ("absence is believed at once", Rules { settle: SignedDuration::ZERO, ..sound }),
    ];
    for (name, rules) in mutants {
        assert!(!walk(&rules).1.is_empty(), "{name}: nothing went wrong");
    }
}
