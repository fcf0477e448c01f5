//! What a seed decides before anything begins.

use std::time::Duration;

use frontdesk_fake_calcom::{Kind, Operation, Rule};

use super::dice::Dice;

/// The services of the salon: name, minutes, event type.
pub const SERVICES: [(&str, i64, u64); 3] =
    [("Damenhaarschnitt", 45, 1), ("Waschen, Schneiden, Föhnen", 60, 2), ("Haarschnitt", 30, 8)];

/// People who ring: number and name. The last two withhold theirs.
pub const PEOPLE: [(&str, &str); 8] = [
    ("+4915112345671", "Hannelore Brückner"),
    ("+4915112345672", "Mehmet Yilmaz"),
    ("+4915112345673", "Sofia Rossi"),
    ("+4915112345674", "Jan Petersen"),
    ("+4915112345675", "Aylin Demir"),
    ("+4915112345676", "Karl Weber"),
    ("anonymous", "Petra Sommer"),
    ("anonymous", "Ole Hansen"),
];

/// One thing somebody on the phone does; services by their place in [`SERVICES`], times as `HH:MM`.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields say what the text above says")]
pub enum Step {
    /// Asks whether a time is free.
    Check { service: usize, time: String },
    /// Books what was offered last; by words if nothing was.
    BookOffered,
    /// Books by words.
    Book { service: usize, time: String, staff: Option<&'static str> },
    /// Books with an address.
    BookWithEmail { service: usize, time: String },
    /// The platform delivers the last question again.
    SameAgain,
    /// The platform delivers the first booking again.
    FirstBookingAgain,
    /// The caller says the last thing again.
    SayAgain,
    /// The platform delivers one booking twice at once.
    Twice { service: usize, time: String },
    /// Moves.
    Move { time: String },
    /// Cancels.
    Cancel,
    /// Names an address.
    Email,
    /// Asks for the own appointments.
    List,
    /// Ends the call.
    HangUp,
}

/// Somebody who rings.
#[derive(Clone, Debug)]
pub struct CallPlan {
    /// Which of [`PEOPLE`].
    pub person: usize,
    /// When the call begins.
    pub begins: Duration,
    /// What is done, each after a pause.
    pub steps: Vec<(Duration, Step)>,
}

/// What somebody does in the calendar itself; event types and hosts by their numbers, times as `HH:MM`.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields say what the text above says")]
pub enum Visit {
    /// Books on the web page.
    Book { event_type: u64, time: String },
    /// Was faster than the page could check.
    BookPastChecks { event_type: u64, host: u64, time: String },
    /// Cancels the own booking.
    CancelOwn,
    /// Moves the own booking.
    MoveOwn { time: String },
    /// A person of the house cancels one of ours.
    CancelOurs,
    /// A person of the house moves one of ours.
    MoveOurs { time: String },
    /// A booking with a mark that is not ours.
    Forge { time: String },
    /// A booking with our mark of which nothing is known here: an old backup.
    Unknown { time: String },
}

/// What one process goes through.
#[derive(Clone, Debug, Default)]
pub struct ProcessPlan {
    /// It stops at this many edges.
    pub crash_at: Option<usize>,
    /// Workers freeze before a commit, so likely.
    pub freeze: f64,
    /// Commits whose outcome nobody hears, so likely.
    pub unknown: f64,
}

/// Everything a seed decides.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The seed.
    pub seed: u64,
    /// Promised at once, carried over later.
    pub local_first: bool,
    /// The shared event type names no hosts.
    pub no_hosts: bool,
    /// An address the calendar cannot change is changed by booking anew.
    pub rebook: bool,
    /// The calendar has a way to add addresses.
    pub attendees_endpoint: bool,
    /// Processes over the one database.
    pub replicas: usize,
    /// Workers of each.
    pub workers: usize,
    /// What processes go through, in the order of their starts.
    pub processes: Vec<ProcessPlan>,
    /// Who rings.
    pub calls: Vec<CallPlan>,
    /// What happens in the calendar, and when.
    pub visits: Vec<(Duration, Visit)>,
    /// What goes wrong there.
    pub faults: Vec<Rule>,
    /// Requests that find no connection.
    pub refused: f64,
    /// Requests that arrive late, so likely.
    pub arrives_late: f64,
    /// Lists and gets lag behind so long.
    pub read_lag: Duration,
    /// Faults end then.
    pub faults_until: Duration,
}

fn a_time(dice: &mut Dice) -> String {
    let quarter = dice.below(10);
    format!("{:02}:{:02}", 9 + quarter / 4, quarter % 4 * 15)
}

impl Plan {
    /// The plan of a seed.
    pub fn of(seed: u64) -> Self {
        let dice = &mut Dice::new(seed, 1);
        let replicas = if dice.happens(0.25) { 2 + dice.below(2) } else { 1 };
        let mut plan = Self {
            seed,
            local_first: dice.happens(0.5),
            no_hosts: dice.happens(0.15),
            rebook: dice.happens(0.3),
            attendees_endpoint: dice.happens(0.5),
            replicas,
            workers: 1 + dice.below(3),
            processes: Vec::new(),
            calls: Vec::new(),
            visits: Vec::new(),
            faults: Vec::new(),
            refused: 0.0,
            arrives_late: 0.0,
            read_lag: Duration::ZERO,
            faults_until: dice.millis(60_000, 120_000),
        };
        let crashing = dice.happens(0.5);
        for number in 0..replicas + 3 {
            let crash = crashing && number < replicas + 2 && dice.happens(0.7);
            plan.processes.push(ProcessPlan {
                crash_at: crash.then(|| 1 + dice.below(120)),
                freeze: if dice.happens(0.2) { 0.05 } else { 0.0 },
                unknown: if dice.happens(0.15) { 0.04 } else { 0.0 },
            });
        }
        let calls = 3 + dice.below(6);
        plan.calls = (0..calls).map(|_| call(dice)).collect();
        plan.visits = visits(dice);
        plan.weather(dice);
        plan
    }

    fn weather(&mut self, dice: &mut Dice) {
        // Some days are calm, most have one or two things, a few have everything.
        let storm = dice.below(10);
        if storm == 0 {
            return;
        }
        let strength = if storm >= 8 { 0.25 } else { 0.1 };
        let kinds = [
            Kind::Latency(dice.millis(20, 900)),
            Kind::Hang(Duration::from_secs(19)),
            Kind::HangAfter(dice.millis(1_600, 19_000)),
            Kind::ErrorBefore(*dice.pick(&[500, 502, 503, 504])),
            Kind::ErrorAfter(*dice.pick(&[500, 502, 503, 504])),
            Kind::LostAnswer,
            Kind::LateEffect(dice.millis(1_600, 19_000)),
            Kind::TooMany,
            Kind::WebhookDouble,
            Kind::WebhookDrop,
            Kind::WebhookReorder,
            Kind::WebhookDelay(dice.millis(500, 40_000)),
        ];
        let operations = [
            None,
            None,
            Some(Operation::Create),
            Some(Operation::Create),
            Some(Operation::Reschedule),
            Some(Operation::Cancel),
            Some(Operation::List),
        ];
        let mut waits = 0;
        for kind in kinds {
            let slow = matches!(kind, Kind::Hang(_) | Kind::HangAfter(_) | Kind::LateEffect(_));
            if !dice.happens(if storm >= 8 { 0.5 } else { 0.25 }) || (slow && waits == 1) {
                continue;
            }
            waits += usize::from(slow);
            let mut rule = Rule::always(kind).with_probability(strength * (1.0 + dice.below(4) as f64));
            if let Some(operation) = *dice.pick(&operations) {
                rule = rule.on(operation);
            }
            self.faults.push(rule);
        }
        if dice.happens(0.2) {
            self.refused = strength;
        }
        if dice.happens(0.3) {
            self.arrives_late = strength;
        }
        if dice.happens(0.2) {
            self.read_lag = dice.millis(100, 8_000);
        }
    }
}

fn call(dice: &mut Dice) -> CallPlan {
    let person = dice.below(PEOPLE.len());
    let mut steps = Vec::new();
    let staff = [None, None, None, Some("Emma Winkler"), Some("Fabian Krüger")];
    for _ in 0..1 + dice.below(6) {
        let (service, time) = (dice.below(3), a_time(dice));
        let step = match dice.below(if steps.is_empty() { 5 } else { 16 }) {
            0 => Step::Check { service, time },
            1 | 2 => Step::Book { service, time, staff: if service == 2 { *dice.pick(&staff) } else { None } },
            3 => Step::BookWithEmail { service, time },
            4 => Step::Twice { service, time },
            5 | 6 => Step::BookOffered,
            7 | 8 => Step::SameAgain,
            9 => Step::FirstBookingAgain,
            10 => Step::SayAgain,
            11 | 12 => Step::Move { time },
            13 => Step::Cancel,
            14 => Step::Email,
            _ => Step::List,
        };
        let pause = if dice.happens(0.3) { dice.millis(0, 50) } else { dice.millis(100, 15_000) };
        steps.push((pause, step));
    }
    if dice.happens(0.5) {
        steps.push((dice.millis(0, 5_000), Step::HangUp));
    }
    CallPlan { person, begins: dice.millis(0, 40_000), steps }
}

fn visits(dice: &mut Dice) -> Vec<(Duration, Visit)> {
    let busy = dice.below(4);
    let mut visits = Vec::new();
    for _ in 0..busy * dice.below(3) {
        let time = a_time(dice);
        let visit = match dice.below(10) {
            0..=2 => Visit::Book { event_type: SERVICES[dice.below(3)].2, time },
            3 => {
                let event_type = SERVICES[dice.below(3)].2;
                let host = if event_type == 8 { 1 + dice.below(3) as u64 } else { 1 };
                Visit::BookPastChecks { event_type, host, time }
            }
            4 => Visit::CancelOwn,
            5 => Visit::MoveOwn { time },
            6 => Visit::CancelOurs,
            7 => Visit::MoveOurs { time },
            8 => Visit::Forge { time },
            _ => Visit::Unknown { time },
        };
        visits.push((dice.millis(500, 90_000), visit));
    }
    visits.sort_by_key(|(at, _)| *at);
    visits
}
