//! What goes wrong on purpose.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::rng::Rng;
use crate::route::Operation;
use crate::wire::Delivery;

/// What happens to one request. The waiting and the losing are data: a server sleeps, a simulator moves its clock.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fault {
    /// Waited between the check and the effect.
    pub wait_before: Duration,
    /// Answered instead of any effect.
    pub before_effect: Option<Failure>,
    /// Waited between the effect and the answer.
    pub wait_after: Duration,
    /// Answered although the effect happened.
    pub after_effect: Option<Failure>,
    /// The connection drops instead of an answer.
    pub lose_answer: bool,
    /// What happens to the webhooks.
    pub webhooks: WebhookFault,
}

impl Fault {
    /// Whether nothing at all goes wrong or slow.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// What happens to the webhooks of one request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WebhookFault {
    /// Each is delivered twice.
    pub doubled: bool,
    /// None is delivered.
    pub dropped: bool,
    /// Each is delivered after those of the next request that has any.
    pub held_back: bool,
    /// Each is delivered so much later.
    pub delayed: Duration,
}

/// An answer that is a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// This status with the flat body, like 500 or 503.
    Status(u16),
    /// The key is invalid.
    Unauthorized,
    /// Too many requests.
    TooMany,
}

/// One thing that goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Everything takes so much longer; the wait lies between check and effect.
    Latency(Duration),
    /// No answer for so long, and no effect; then the connection drops.
    Hang(Duration),
    /// The effect at once, the answer only after so long.
    HangAfter(Duration),
    /// An error, no effect.
    ErrorBefore(u16),
    /// The effect, but an error for an answer.
    ErrorAfter(u16),
    /// The effect, but the connection drops at once.
    LostAnswer,
    /// The connection yields nothing; the effect comes after so long, when nobody waits any more.
    LateEffect(Duration),
    /// 429, no effect.
    TooMany,
    /// 401 as for an unknown key, no effect.
    KeyRevoked,
    /// Webhooks come twice.
    WebhookDouble,
    /// Webhooks do not come.
    WebhookDrop,
    /// Webhooks come after those of the next change.
    WebhookReorder,
    /// Webhooks come so much later.
    WebhookDelay(Duration),
}

/// A fault, for which operation, how likely, how often. Its written form is
/// `KIND[=SECONDS or STATUS][,op=OPERATION][,p=0.1][,times=3]`, like `lost-answer,op=create,times=1`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// What goes wrong.
    pub kind: Kind,
    /// For which operation; none for all.
    pub operation: Option<Operation>,
    /// From 0 to 1.
    pub probability: f64,
    /// How often at most; none for ever.
    pub times: Option<u32>,
}

impl Rule {
    /// A rule that always applies.
    #[must_use]
    pub fn always(kind: Kind) -> Self {
        Self { kind, operation: None, probability: 1.0, times: None }
    }

    /// Only for this operation.
    #[must_use]
    pub fn on(self, operation: Operation) -> Self {
        Self { operation: Some(operation), ..self }
    }

    /// Only so likely, from 0 to 1.
    #[must_use]
    pub fn with_probability(self, probability: f64) -> Self {
        Self { probability, ..self }
    }

    /// Only so often.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self { times: Some(times), ..self }
    }
}

/// Text that is no fault rule, with what is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotARule(String);

impl fmt::Display for NotARule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotARule {}

/// The names of all kinds, for help texts.
pub(crate) const KINDS: &str = "latency=SECONDS, hang=SECONDS, hang-after=SECONDS, error-before=STATUS, \
error-after=STATUS, lost-answer, late-effect=SECONDS, too-many, key-revoked, webhook-double, webhook-drop, \
webhook-reorder, webhook-delay=SECONDS";

impl FromStr for Rule {
    type Err = NotARule;

    fn from_str(text: &str) -> Result<Self, NotARule> {
        let mut parts = text.split(',').map(str::trim);
        let first = parts.next().unwrap_or_default();
        let mut rule = Self::always(kind(first)?);
        for part in parts {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            let wrong = || NotARule(format!("`{part}` is not understood in `{text}`"));
            match key {
                "op" => rule.operation = Some(Operation::named(value).ok_or_else(wrong)?),
                "p" => {
                    let probability: f64 = value.parse().map_err(|_| wrong())?;
                    if !(0.0..=1.0).contains(&probability) {
                        return Err(wrong());
                    }
                    rule.probability = probability;
                }
                "times" => rule.times = Some(value.parse().map_err(|_| wrong())?),
                _ => return Err(wrong()),
            }
        }
        Ok(rule)
    }
}

fn kind(text: &str) -> Result<Kind, NotARule> {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    let wrong = |what: &str| NotARule(format!("`{name}` needs {what}, like `{name}={}`", example(name)));
    let seconds = || {
        let seconds: f64 = value.parse().map_err(|_| wrong("seconds"))?;
        Duration::try_from_secs_f64(seconds).map_err(|_| wrong("seconds"))
    };
    let status = || {
        let status: u16 = if value.is_empty() { 500 } else { value.parse().map_err(|_| wrong("a status"))? };
        if (400..600).contains(&status) { Ok(status) } else { Err(wrong("a status from 400 to 599")) }
    };
    Ok(match name {
        "latency" => Kind::Latency(seconds()?),
        "hang" => Kind::Hang(seconds()?),
        "hang-after" => Kind::HangAfter(seconds()?),
        "error-before" => Kind::ErrorBefore(status()?),
        "error-after" => Kind::ErrorAfter(status()?),
        "lost-answer" => Kind::LostAnswer,
        "late-effect" => Kind::LateEffect(seconds()?),
        "too-many" => Kind::TooMany,
        "key-revoked" => Kind::KeyRevoked,
        "webhook-double" => Kind::WebhookDouble,
        "webhook-drop" => Kind::WebhookDrop,
        "webhook-reorder" => Kind::WebhookReorder,
        "webhook-delay" => Kind::WebhookDelay(seconds()?),
        _ => return Err(NotARule(format!("`{name}` is no fault; there are: {KINDS}"))),
    })
}

fn example(name: &str) -> &'static str {
    if name.starts_with("error") { "503" } else { "2.5" }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Kind::Latency(time) => write!(f, "latency={}", time.as_secs_f64()),
            Kind::Hang(time) => write!(f, "hang={}", time.as_secs_f64()),
            Kind::HangAfter(time) => write!(f, "hang-after={}", time.as_secs_f64()),
            Kind::ErrorBefore(status) => write!(f, "error-before={status}"),
            Kind::ErrorAfter(status) => write!(f, "error-after={status}"),
            Kind::LostAnswer => f.write_str("lost-answer"),
            Kind::LateEffect(time) => write!(f, "late-effect={}", time.as_secs_f64()),
            Kind::TooMany => f.write_str("too-many"),
            Kind::KeyRevoked => f.write_str("key-revoked"),
            Kind::WebhookDouble => f.write_str("webhook-double"),
            Kind::WebhookDrop => f.write_str("webhook-drop"),
            Kind::WebhookReorder => f.write_str("webhook-reorder"),
            Kind::WebhookDelay(time) => write!(f, "webhook-delay={}", time.as_secs_f64()),
        }?;
        if let Some(operation) = self.operation {
            write!(f, ",op={}", operation.word())?;
        }
        if self.probability < 1.0 {
            write!(f, ",p={}", self.probability)?;
        }
        if let Some(times) = self.times {
            write!(f, ",times={times}")?;
        }
        Ok(())
    }
}

/// The rules in force, and how far reads lag behind.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    pub(crate) rules: Vec<Rule>,
    pub(crate) read_lag: Duration,
}

impl Faults {
    /// Throws the dice for one request.
    pub(crate) fn decide(&mut self, operation: Operation, rng: &mut Rng) -> Fault {
        let mut fault = Fault::default();
        for rule in &mut self.rules {
            if rule.times == Some(0)
                || rule.operation.is_some_and(|only| only != operation)
                || (rule.probability < 1.0 && !rng.happens(rule.probability))
            {
                continue;
            }
            if let Some(times) = &mut rule.times {
                *times -= 1;
            }
            fault.apply(rule.kind);
        }
        fault
    }
}

impl Fault {
    fn apply(&mut self, kind: Kind) {
        match kind {
            Kind::Latency(time) => self.wait_before += time,
            Kind::Hang(time) => {
                self.wait_before += time;
                self.before_effect = Some(Failure::Status(500));
                self.lose_answer = true;
            }
            Kind::HangAfter(time) => self.wait_after += time,
            Kind::ErrorBefore(status) => self.before_effect = Some(Failure::Status(status)),
            Kind::ErrorAfter(status) => self.after_effect = Some(Failure::Status(status)),
            Kind::LostAnswer => self.lose_answer = true,
            Kind::LateEffect(time) => {
                self.wait_before += time;
                self.lose_answer = true;
            }
            Kind::TooMany => self.before_effect = Some(Failure::TooMany),
            Kind::KeyRevoked => self.before_effect = Some(Failure::Unauthorized),
            Kind::WebhookDouble => self.webhooks.doubled = true,
            Kind::WebhookDrop => self.webhooks.dropped = true,
            Kind::WebhookReorder => self.webhooks.held_back = true,
            Kind::WebhookDelay(time) => self.webhooks.delayed += time,
        }
    }
}

impl WebhookFault {
    /// What is delivered of these, given what was held back before.
    pub(crate) fn apply(&self, fresh: Vec<Delivery>, held: &mut Vec<Delivery>) -> Vec<Delivery> {
        if fresh.is_empty() || self.dropped {
            return Vec::new();
        }
        let mut out = fresh;
        for delivery in &mut out {
            delivery.after += self.delayed;
        }
        if self.doubled {
            out = out.into_iter().flat_map(|delivery| [delivery.clone(), delivery]).collect();
        }
        if self.held_back {
            held.append(&mut out);
            return Vec::new();
        }
        out.append(held);
        out
    }
}
