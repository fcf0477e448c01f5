//! Plans that lean towards one kind of trouble: for breaking one rule, and for stopping at every edge.

use std::time::Duration;

use frontdesk_fake_calcom::{Kind, Operation, Rule};

use super::dice::Dice;
use super::plan::{CallPlan, Plan, ProcessPlan, Step};

/// What a plan leans towards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slant {
    /// Whatever comes.
    None,
    /// Creates whose answers are lost.
    LostAnswers,
    /// Creates whose effect comes late, and nobody tells of it.
    LateEffects,
    /// People without an address and number want the same time of a shared event type.
    Namesakes,
    /// Many at once in a shared event type without hosts.
    Crowd,
    /// Answers are lost, and lists do not show for a long time what was booked.
    BlindLookUps,
    /// Workers freeze, and the calendar answers badly.
    FrozenWorkers,
    /// Booked, moved, and the first question delivered again.
    FirstAgain,
    /// Commits of which nobody hears.
    UnknownCommits,
    /// The calendar fails for a long time.
    LongOutage,
}

impl Plan {
    /// The plan of a seed, leaning.
    pub fn leaning(seed: u64, slant: Slant) -> Self {
        let mut plan = Self::of(seed);
        let dice = &mut Dice::new(seed, 4);
        let silent = Rule::always(Kind::WebhookDrop);
        match slant {
            Slant::None => {}
            Slant::LostAnswers => {
                plan.faults = vec![Rule::always(Kind::LostAnswer).on(Operation::Create).with_probability(0.5)];
            }
            Slant::LateEffects => {
                let late = Kind::LateEffect(dice.millis(7_000, 19_000));
                plan.faults = vec![silent, Rule::always(late).on(Operation::Create).with_probability(0.5)];
                plan.visits.clear();
                plan.arrives_late = 0.0;
                plan.refused = 0.0;
                plan.read_lag = Duration::ZERO;
                plan.processes.clear();
            }
            Slant::Namesakes => {
                plan.no_hosts = true;
                plan.faults.clear();
                plan.calls.iter_mut().for_each(|call| {
                    call.person = 6 + dice.below(2);
                    call.steps = vec![(Duration::ZERO, book(2, &["10:00"], dice))];
                });
            }
            Slant::Crowd => {
                plan.no_hosts = true;
                plan.visits.clear();
                plan.faults = vec![Rule::always(Kind::Latency(dice.millis(200, 900))).on(Operation::Create)];
                for (person, call) in plan.calls.iter_mut().enumerate() {
                    call.person = person % 6;
                    call.begins = dice.millis(1_000, 2_000);
                    call.steps = vec![(Duration::ZERO, book(2, &["10:00", "10:15", "10:30"], dice))];
                }
            }
            Slant::BlindLookUps => {
                plan.local_first = true;
                plan.visits.clear();
                plan.processes.clear();
                plan.arrives_late = 0.0;
                plan.refused = 0.0;
                plan.read_lag = Duration::from_secs(90);
                plan.faults_until = Duration::from_secs(170);
                plan.faults = vec![silent, Rule::always(Kind::LostAnswer).on(Operation::Create).with_probability(0.5)];
                for (person, call) in plan.calls.iter_mut().enumerate() {
                    call.person = person % 6;
                    call.steps = vec![(Duration::ZERO, book(dice.below(2), &["09:00", "10:00", "11:00"], dice))];
                }
            }
            Slant::FrozenWorkers => {
                plan.visits.clear();
                plan.workers = 3;
                plan.processes = vec![ProcessPlan { freeze: 0.2, ..ProcessPlan::default() }; 4];
            }
            Slant::FirstAgain => {
                for call in &mut plan.calls {
                    let pause = Duration::from_secs(4);
                    call.steps = vec![
                        (pause, book(0, &["09:00", "10:00", "11:00"], dice)),
                        (pause, Step::Move { time: dice.pick(&["09:45", "10:45", "11:45"]).to_string() }),
                        (pause, Step::FirstBookingAgain),
                    ];
                }
            }
            Slant::UnknownCommits => {
                plan.processes = vec![ProcessPlan { unknown: 0.2, ..ProcessPlan::default() }; 4];
            }
            Slant::LongOutage => {
                plan.faults = vec![silent, Rule::always(Kind::ErrorBefore(503))];
                plan.faults_until = Duration::from_secs(180);
            }
        }
        plan
    }

    /// One caller, one process, no trouble: what a plan for stopping at every edge begins with.
    pub fn quiet(local_first: bool, steps: Vec<Step>) -> Self {
        let steps = steps.into_iter().map(|step| (Duration::from_secs(3), step)).collect();
        Self {
            local_first,
            no_hosts: false,
            rebook: false,
            attendees_endpoint: true,
            replicas: 1,
            workers: 1,
            processes: Vec::new(),
            calls: vec![CallPlan { person: 0, begins: Duration::from_secs(1), steps }],
            visits: Vec::new(),
            faults: Vec::new(),
            refused: 0.0,
            arrives_late: 0.0,
            read_lag: Duration::ZERO,
            faults_until: Duration::from_secs(30),
            ..Self::of(1)
        }
    }

    /// The same, with the first process stopping at its `edge`th edge.
    #[must_use]
    pub fn stopping_at(&self, edge: usize) -> Self {
        let fate = ProcessPlan { crash_at: Some(edge), ..ProcessPlan::default() };
        Self { processes: vec![fate], ..self.clone() }
    }
}

fn book(service: usize, times: &[&str], dice: &mut Dice) -> Step {
    Step::Book { service, time: (*dice.pick(times)).to_owned(), staff: None }
}
