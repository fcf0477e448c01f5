//! What one step came to, and when it is worth trying again.

use frontdesk_domain::booking::remote::{self, Remote};
use frontdesk_domain::calendar::rules::Rules;
use frontdesk_domain::calendar::{Doubt, Refusal, Told, Unsent};
use frontdesk_store::remotes::RemoteRow;
use jiff::{SignedDuration, Timestamp};

use super::after;

/// When to look again for what was sent: so long after the sending, and when it has settled.
const LOOKS: [i64; 3] = [1, 6, 36];

/// What one step came to.
pub(super) enum Went {
    /// It was done, or its outcome is known: look at everything anew.
    On,
    /// Nothing more can be done about this one now.
    Wait {
        at: Timestamp,
        why: &'static str,
        /// It counts as a failed try, with this message for operators.
        failed: Option<String>,
    },
    LeaseLost,
}

/// The word for waiting until an absence proves something.
pub(super) const SETTLING: &str = "settling";

pub(super) fn settling(remote: &Remote, now: Timestamp, rules: &Rules) -> Went {
    Went::Wait { at: next_look(remote, now, rules), why: SETTLING, failed: None }
}

/// Refused, after something was sent before: looked up, because it may be in its own way, and counted as failed.
pub(super) fn refused_again(row: &RemoteRow, refusal: &Refusal, now: Timestamp, rules: &Rules) -> Went {
    let failed = Some(refused_message(row, refusal));
    Went::Wait { at: next_look(&row.remote, now, rules), why: refusal.code(), failed }
}

fn next_look(remote: &Remote, now: Timestamp, rules: &Rules) -> Timestamp {
    let settled = remote::settles_at(remote, rules).unwrap_or(now);
    let sent = remote.sent.unwrap_or(now);
    let looks = LOOKS.iter().map(|seconds| after(sent, SignedDuration::from_secs(*seconds)));
    looks.into_iter().find(|at| *at > now).map_or(settled, |at| at.min(settled)).max(now)
}

pub(super) fn doubtful(remote: &Remote, now: Timestamp, doubt: Doubt) -> Went {
    let at = after(remote.sent.unwrap_or(now), SignedDuration::from_secs(1)).max(now);
    Went::Wait { at, why: doubt.code(), failed: Some("no clear answer; it is looked up until it is clear".to_owned()) }
}

pub(super) fn put_off(now: Timestamp, unsent: Unsent) -> Went {
    let failed = match unsent {
        Unsent::NoTime | Unsent::Queued | Unsent::Bulkhead | Unsent::Budget => None,
        Unsent::BreakerOpen => Some("the calendar failed too often lately and is left alone for a minute".to_owned()),
        Unsent::NoConnection => Some("no connection to the calendar came about; check its address".to_owned()),
        Unsent::NotSetUp => Some("the calendar is not set up; see frontdesk doctor".to_owned()),
    };
    let at = after(now, SignedDuration::from_millis(if unsent == Unsent::Budget { 2_000 } else { 500 }));
    Went::Wait { at, why: unsent.code(), failed }
}

pub(super) fn wait(now: Timestamp, why: &'static str, message: &str) -> Went {
    Went::Wait { at: now, why, failed: Some(message.to_owned()) }
}

/// A question that brought nothing: tried again, ever more seldom.
pub(super) fn unheard<T>(now: Timestamp, told: &Told<T>) -> Went {
    match told {
        Told::Unsent(unsent) => put_off(now, *unsent),
        other => wait(now, other.error_code().unwrap_or("unclear"), "the calendar did not answer; it is asked again"),
    }
}

pub(super) fn refused_message(row: &RemoteRow, refusal: &Refusal) -> String {
    let why = match refusal {
        Refusal::Taken => "somebody has that time there, or nobody works then",
        Refusal::TooSoon => "that time is over or too soon by its own rules",
        Refusal::NotFound => "it knows no such event type or booking",
        Refusal::Invalid(field) => return format!("event type {}: the calendar finds {field} wrong", row.event_type.0),
        _ => "it does not say why",
    };
    format!("event type {}: the calendar refused; {why}", row.event_type.0)
}
