//! What is counted about calendars outside: questions, agreement, what waits.

use std::time::Duration;

use frontdesk_desk::{GuardState, Operation, SyncEvent};
use frontdesk_domain::alarm;
use frontdesk_domain::calendar::breaker::Position;
use frontdesk_domain::review;
use frontdesk_store::alarms::AlarmRow;
use frontdesk_store::standing::Standing;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// Seconds; how long a calendar takes to answer.
const ASKED: [f64; 10] = [0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0];
/// Seconds; from a change to the calendar having it: what a caller waits for, retries, an outage.
const AGREED: [f64; 16] = [0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 900.0, 3600.0];
/// The kinds of jobs; another one would be `other`.
const JOBS: [&str; 3] = ["sync", "hint", "sweep"];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfQuestion {
    operation: &'static str,
    code: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfOperation {
    operation: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfBreaker {
    operation: &'static str,
    state: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfCode {
    code: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfKind {
    kind: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfStatus {
    status: &'static str,
}

/// Counters and the last look at everything; cheap to clone, clones count together.
#[derive(Clone, Debug)]
pub struct CalendarMetrics {
    questions: Family<OfQuestion, Counter>,
    question_seconds: Family<OfOperation, Histogram, fn() -> Histogram>,
    agreed_seconds: Histogram,
    failures: Family<OfCode, Counter>,
    budget_blocks: Counter,
    appointments: Family<OfStatus, Gauge>,
    oldest_seconds: Gauge,
    reviews: Family<OfKind, Gauge>,
    breakers: Family<OfBreaker, Gauge>,
    keys_refused: Gauge,
    jobs: Family<OfKind, Gauge>,
    jobs_due: Family<OfKind, Gauge>,
    alarms: Family<OfKind, Gauge>,
    alarms_untold: Gauge,
}

impl CalendarMetrics {
    pub(super) fn registered(registry: &mut Registry) -> Self {
        let own = Self {
            questions: Family::default(),
            question_seconds: Family::new_with_constructor(|| Histogram::new(ASKED)),
            agreed_seconds: Histogram::new(AGREED),
            failures: Family::default(),
            budget_blocks: Counter::default(),
            appointments: Family::default(),
            oldest_seconds: Gauge::default(),
            reviews: Family::default(),
            breakers: Family::default(),
            keys_refused: Gauge::default(),
            jobs: Family::default(),
            jobs_due: Family::default(),
            alarms: Family::default(),
            alarms_untold: Gauge::default(),
        };
        registry.register(
            "calendar_requests",
            "Questions to calendars outside by what came of them (done, or the error's code)",
            own.questions.clone(),
        );
        registry.register(
            "calendar_request_seconds",
            "From a question to a calendar outside to its answer",
            own.question_seconds.clone(),
        );
        registry.register(
            "sync_seconds",
            "From a change to the calendar outside having it; its count is how often that went well",
            own.agreed_seconds.clone(),
        );
        registry.register("sync_failures", "Runs over an appointment that failed, by error code", own.failures.clone());
        registry.register(
            "calendar_budget_blocks",
            "Questions not asked because a key's requests of the minute were used up",
            own.budget_blocks.clone(),
        );
        registry.register(
            "sync_appointments",
            "Appointments that do not agree with their calendar: pending, or failed (a person is asked to look)",
            own.appointments.clone(),
        );
        registry.register(
            "sync_oldest_unsynced_seconds",
            "Age of the oldest appointment that is not in its calendar; 0 if all are",
            own.oldest_seconds.clone(),
        );
        registry.register("reviews_open", "What waits for a person, by kind", own.reviews.clone());
        registry.register(
            "calendar_breakers",
            "Tenants whose calendar's breaker stands there, by what is asked",
            own.breakers.clone(),
        );
        registry.register(
            "calendar_keys_refused",
            "Tenants whose calendar does not take its key",
            own.keys_refused.clone(),
        );
        registry.register("jobs_waiting", "Jobs by kind", own.jobs.clone());
        registry.register("jobs_due", "Jobs that could be done now, by kind", own.jobs_due.clone());
        registry.register("alarms", "What is wrong now, by kind of alarm", own.alarms.clone());
        registry.register("alarms_untold", "Alarms that were not delivered yet", own.alarms_untold.clone());
        own
    }

    /// Counts something that happened.
    pub fn count(&self, event: SyncEvent) {
        match event {
            SyncEvent::Asked { operation, code, took } => {
                let operation = operation.as_str();
                self.questions.get_or_create(&OfQuestion { operation, code }).inc();
                if code == frontdesk_domain::calendar::Unsent::Budget.code() {
                    self.budget_blocks.inc();
                } else {
                    self.question_seconds.get_or_create(&OfOperation { operation }).observe(took.as_secs_f64());
                }
            }
            SyncEvent::Agreed { after } => self.agreed_seconds.observe(after.as_secs_f64()),
            SyncEvent::Failed { code } => {
                self.failures.get_or_create(&OfCode { code }).inc();
            }
        }
    }

    /// Takes in how everything stands; `oldest`: for how long the oldest appointment is not in its calendar.
    pub fn stands(&self, standing: &Standing, guards: &[&GuardState], oldest: Duration) {
        let all: i64 = standing.unsynced.iter().map(|one| one.all).sum();
        let failed: i64 = standing.unsynced.iter().map(|one| one.failed).sum();
        self.appointments.get_or_create(&OfStatus { status: "pending" }).set(all.saturating_sub(failed));
        self.appointments.get_or_create(&OfStatus { status: "failed" }).set(failed);
        self.oldest_seconds.set(i64::try_from(oldest.as_secs()).unwrap_or(i64::MAX));
        for kind in review::Kind::ALL {
            let open = standing.reviews.iter().filter(|(_, of, _)| *of == kind).map(|(_, _, count)| count).sum();
            self.reviews.get_or_create(&OfKind { kind: kind.as_str() }).set(open);
        }
        for operation in Operation::ALL {
            for state in [Position::Closed.as_str(), "open", Position::HalfOpen.as_str()] {
                let there = |guard: &&&GuardState| {
                    guard.breakers.iter().any(|(of, at)| *of == operation && at.as_str() == state)
                };
                let label = OfBreaker { operation: operation.as_str(), state };
                self.breakers.get_or_create(&label).set(number(guards.iter().filter(there).count()));
            }
        }
        self.keys_refused.set(number(guards.iter().filter(|guard| guard.key_refused_since.is_some()).count()));
        for kind in JOBS.into_iter().chain(["other"]) {
            let of_kind =
                |(of, ..): &&(String, i64, i64)| JOBS.iter().find(|known| *known == of).unwrap_or(&"other") == &kind;
            let here = || standing.jobs.iter().filter(of_kind);
            self.jobs.get_or_create(&OfKind { kind }).set(here().map(|(_, all, _)| all).sum());
            self.jobs_due.get_or_create(&OfKind { kind }).set(here().map(|(_, _, due)| due).sum());
        }
    }

    /// Takes in what is wrong, and what of it is not delivered.
    pub fn alarmed(&self, alarms: &[AlarmRow]) {
        let open = || alarms.iter().filter(|row| row.cleared_ms.is_none());
        for kind in alarm::Kind::ALL {
            let count = open().filter(|row| row.kind == kind.as_str()).count();
            self.alarms.get_or_create(&OfKind { kind: kind.as_str() }).set(number(count));
        }
        self.alarms_untold.set(number(open().filter(|row| row.told_ms.is_none()).count()));
    }
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
