//! What is counted: Prometheus metrics whose labels are closed sets of our own words.
//!
//! No tenant, number, name or anything a caller or agent sends ever becomes a label.

mod calendars;

use std::time::Duration;

use frontdesk_desk::{CallerKind, EventTaken};
use frontdesk_domain::calling::{CallEventKind, Function};
use frontdesk_domain::reply::Answer;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;

pub use calendars::CalendarMetrics;

/// The content type of [`Metrics::text`].
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Seconds; fine where answers should be, coarse where callers would notice.
const BUCKETS: [f64; 18] =
    [0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0];

/// The function label of calls whose name nobody knows.
pub const UNKNOWN_FUNCTION: &str = "unknown";

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfFunction {
    function: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfAnswer {
    function: &'static str,
    status: &'static str,
    code: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfBooking {
    outcome: &'static str,
    caller: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfReason {
    reason: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfWebhook {
    event: &'static str,
    outcome: &'static str,
}

/// What became of a calendar's webhook, as it is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalendarWebhook {
    /// Stored, and worked on.
    Stored,
    /// Stored before.
    Repeated,
    /// Stored; nothing follows from it.
    Noted,
    /// Not signed with this tenant's secret.
    Refused,
    /// Signed, and unreadable.
    Unreadable,
}

impl CalendarWebhook {
    fn as_str(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Repeated => "repeated",
            Self::Noted => "noted",
            Self::Refused => "refused",
            Self::Unreadable => "unreadable",
        }
    }
}

/// What became of a webhook, as it is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebhookOutcome {
    /// Taken in, or known, or of no interest.
    Taken(EventTaken),
    /// An inbound webhook was answered.
    Answered,
    /// Not a webhook at all.
    Unreadable,
    /// The database failed, or the work did.
    Failed,
}

impl WebhookOutcome {
    fn as_str(self) -> &'static str {
        match self {
            Self::Taken(EventTaken::Stored) => "stored",
            Self::Taken(EventTaken::Repeated) => "repeated",
            Self::Taken(EventTaken::Ignored) => "ignored",
            Self::Answered => "answered",
            Self::Unreadable => "unreadable",
            Self::Failed => "failed",
        }
    }
}

/// All metrics of one running Frontdesk.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    function_seconds: Family<OfFunction, Histogram, fn() -> Histogram>,
    answers: Family<OfAnswer, Counter>,
    bookings: Family<OfBooking, Counter>,
    signature_refused: Family<OfReason, Counter>,
    webhooks: Family<OfWebhook, Counter>,
    calendar_webhooks: Family<OfReason, Counter>,
    constraint_violations: Counter,
    not_found: Counter,
    store_errors: Counter,
    late_answers: Counter,
    panics: Counter,
    /// About calendars outside.
    pub calendars: CalendarMetrics,
}

impl Metrics {
    /// All counters at zero.
    pub fn new(version: &'static str, build: &'static str) -> Self {
        let mut registry = Registry::with_prefix("frontdesk");
        let function_seconds: Family<OfFunction, Histogram, fn() -> Histogram> =
            Family::new_with_constructor(|| Histogram::new(BUCKETS));
        let answers = Family::<OfAnswer, Counter>::default();
        let bookings = Family::<OfBooking, Counter>::default();
        let signature_refused = Family::<OfReason, Counter>::default();
        let webhooks = Family::<OfWebhook, Counter>::default();
        let calendar_webhooks = Family::<OfReason, Counter>::default();
        let constraint_violations = Counter::default();
        let not_found = Counter::default();
        let store_errors = Counter::default();
        let late_answers = Counter::default();
        let panics = Counter::default();

        registry.register("function_seconds", "From a read body to the answer, by function", function_seconds.clone());
        registry.register("answers", "Answers to function calls", answers.clone());
        registry.register("bookings", "Tries to book: booked, noted or failed, by kind of caller", bookings.clone());
        registry.register("signature_refused", "Requests refused for their signature", signature_refused.clone());
        registry.register("webhooks", "Webhooks by event and what became of them", webhooks.clone());
        registry.register(
            "calendar_webhooks",
            "Webhooks of calendars outside by what became of them",
            calendar_webhooks.clone(),
        );
        registry.register(
            "constraint_violations",
            "Times the database's last wall had to stop a write; each one is a bug to report",
            constraint_violations.clone(),
        );
        registry.register("not_found", "Requests below /v1/ to paths that are not served", not_found.clone());
        registry.register("store_errors", "Failures of the database seen at the door", store_errors.clone());
        registry.register("late_answers", "Answers replaced because the deadline passed", late_answers.clone());
        registry.register("panics", "Panics caught while answering; each one is a bug to report", panics.clone());
        registry.register("build", "What is running", Info::new([("version", version), ("build", build)].to_vec()));

        let calendars = CalendarMetrics::registered(&mut registry);
        Self {
            registry,
            function_seconds,
            answers,
            bookings,
            signature_refused,
            webhooks,
            calendar_webhooks,
            constraint_violations,
            not_found,
            store_errors,
            late_answers,
            panics,
            calendars,
        }
    }

    /// Counts what a caller heard: time, status and code by function (`None`: nobody knows it), and for bookings how
    /// they ended.
    pub fn answered(&self, function: Option<Function>, answer: &Answer, caller: CallerKind, took: Duration) {
        let name = function.map_or(UNKNOWN_FUNCTION, Function::name);
        let (status, code) = (answer.status, answer.code);
        self.function_seconds.get_or_create(&OfFunction { function: name }).observe(took.as_secs_f64());
        self.answers.get_or_create(&OfAnswer { function: name, status, code }).inc();
        if let Some(outcome) = function.and_then(|function| booking_outcome(function, status)) {
            self.bookings.get_or_create(&OfBooking { outcome, caller: caller.as_str() }).inc();
        }
    }

    /// Counts a write that the database's last wall had to stop.
    pub fn constraint_violated(&self) {
        self.constraint_violations.inc();
    }

    /// Counts a refused signature by its reason.
    pub fn signature_refused(&self, reason: &'static str) {
        self.signature_refused.get_or_create(&OfReason { reason }).inc();
    }

    /// Counts a webhook.
    pub fn webhook(&self, event: &'static str, outcome: WebhookOutcome) {
        self.webhooks.get_or_create(&OfWebhook { event, outcome: outcome.as_str() }).inc();
    }

    /// Counts a calendar's webhook.
    pub fn calendar_webhook(&self, outcome: CalendarWebhook) {
        self.calendar_webhooks.get_or_create(&OfReason { reason: outcome.as_str() }).inc();
    }

    /// Counts a request below /v1/ to a path that is not served.
    pub fn not_found(&self) {
        self.not_found.inc();
    }

    /// Counts a failure of the database.
    pub fn store_error(&self) {
        self.store_errors.inc();
    }

    /// Counts an answer that was replaced because the deadline passed.
    pub fn late_answer(&self) {
        self.late_answers.inc();
    }

    /// Counts a caught panic.
    pub fn panicked(&self) {
        self.panics.inc();
    }

    /// All metrics in the OpenMetrics text format.
    pub fn text(&self) -> String {
        let mut text = String::with_capacity(16 * 1024);
        // Writing into a String cannot fail.
        let _infallible = encode(&mut text, &self.registry);
        text
    }
}

/// How a try to book ended; questions back are not tries yet.
fn booking_outcome(function: Function, status: &str) -> Option<&'static str> {
    match (function, status) {
        (Function::BookAppointment | Function::ConfirmBooking, "booked") => Some("booked"),
        (Function::BookAppointment | Function::ConfirmBooking, "noted") => Some("noted"),
        (Function::BookAppointment | Function::ConfirmBooking, "unavailable" | "refused" | "error") => Some("failed"),
        _ => None,
    }
}

/// The label of an event: ours where we know it, `other` for everything a platform may invent.
pub fn event_label(kind: &CallEventKind) -> &'static str {
    match kind {
        CallEventKind::Started => "call_started",
        CallEventKind::Ended => "call_ended",
        CallEventKind::Analyzed => "call_analyzed",
        CallEventKind::Transfer(_) => "transfer",
        CallEventKind::Transcript => "transcript_updated",
        CallEventKind::Other(_) => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: &'static str) -> Answer {
        Answer { status, code: "ok", booked: false, spoken: "Heinz".to_owned(), fields: <_>::default() }
    }

    #[test]
    fn bookings_are_counted_by_outcome_and_caller_and_questions_back_are_not() {
        let metrics = Metrics::new("1", "b");
        for status in ["booked", "booked", "need_more", "unavailable"] {
            let function = Some(Function::BookAppointment);
            metrics.answered(function, &answer(status), CallerKind::Anonymous, Duration::from_millis(3));
        }
        let text = metrics.text();
        assert!(text.contains(r#"frontdesk_bookings_total{outcome="booked",caller="anonymous"} 2"#), "{text}");
        assert!(text.contains(r#"frontdesk_bookings_total{outcome="failed",caller="anonymous"} 1"#), "{text}");
        assert_eq!(text.matches("frontdesk_bookings_total{").count(), 2, "{text}");
        assert!(text.contains(r#"frontdesk_function_seconds_count{function="book_appointment"} 4"#), "{text}");
        assert!(text.contains(r#"frontdesk_build_info{version="1",build="b"} 1"#), "{text}");
        assert!(!text.contains("Heinz"));
    }

    #[test]
    fn a_word_of_the_platform_never_becomes_a_label() {
        let kind = CallEventKind::Other("Heinz".to_owned());
        assert_eq!(event_label(&kind), "other");
        assert_eq!(event_label(&CallEventKind::Transfer("Heinz".to_owned())), "transfer");
    }
}
