//! What is wrong, found by looking: pure, from what the store and the calendars' guards tell.

use std::collections::HashMap;

use frontdesk_desk::GuardState;
use frontdesk_domain::alarm::Kind;
use frontdesk_domain::calendar::breaker::Position;
use frontdesk_domain::ids::TenantId;
use frontdesk_store::standing::Standing;
use jiff::{SignedDuration, Timestamp};

/// A breaker that is not closed for this long is an alarm.
const FAILING_FOR: SignedDuration = SignedDuration::from_secs(60);
/// A breaker that nobody tried for this long after it might be is nobody's need, and says nothing any more.
const STALE: SignedDuration = SignedDuration::from_mins(2);
/// What an alarm about all of a tenant's calendar is about.
const CALENDAR: &str = "calendar";

/// Since when which tenant's calendar fails.
pub(super) type Failing = HashMap<TenantId, Timestamp>;

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) tenant: TenantId,
    pub(super) kind: Kind,
    pub(super) subject: String,
    pub(super) message: String,
}

impl Wrong {
    fn of_calendar(tenant: &TenantId, kind: Kind, message: String) -> Self {
        Self { tenant: tenant.clone(), kind, subject: CALENDAR.to_owned(), message }
    }

    pub(super) fn is(&self, tenant: &TenantId, kind: Kind, subject: &str) -> bool {
        self.tenant == *tenant && self.kind == kind && self.subject == subject
    }
}

/// One look at everything.
pub(super) struct Look<'a> {
    pub(super) standing: &'a Standing,
    pub(super) guards: &'a [(TenantId, GuardState)],
    /// The tenants with a calendar outside.
    pub(super) linked: &'a [&'a TenantId],
    pub(super) unsynced_after: SignedDuration,
}

impl Look<'_> {
    /// Whether a look says for certain that an alarm of a kind is over. After a start nothing is known of a calendar that
    /// was not asked yet; what is about single reviews ends with them.
    pub(super) fn decides(&self, tenant: &TenantId, kind: Kind) -> bool {
        match kind {
            Kind::BreakerOpen | Kind::KeyRefused => {
                self.guards.iter().any(|(of, _)| of == tenant) || !self.linked.contains(&tenant)
            }
            Kind::AbsenceOverdue => true,
            kind => !kind.is_single(),
        }
    }

    /// Everything that is wrong now.
    pub(super) fn wrong(&self, failing: &mut Failing, now: Timestamp) -> Vec<Wrong> {
        let mut wrong = Vec::new();
        failing.retain(|tenant, _| self.guards.iter().any(|(of, guard)| of == tenant && fails(guard, now)));
        for (tenant, guard) in self.guards.iter().filter(|(tenant, _)| self.linked.contains(&tenant)) {
            if fails(guard, now) {
                let since = *failing.entry(tenant.clone()).or_insert(now);
                if now.duration_since(since) >= FAILING_FOR {
                    let message = format!("the calendar has failed for more than a minute ({})", failing_ones(guard));
                    wrong.push(Wrong::of_calendar(tenant, Kind::BreakerOpen, message));
                }
            }
            if guard.key_refused_since.is_some() {
                let message = "the calendar does not take its key; nothing goes in or out".to_owned();
                wrong.push(Wrong::of_calendar(tenant, Kind::KeyRefused, message));
            }
        }
        for one in &self.standing.unsynced {
            let Some(age) = one.oldest_ms.map(|ms| now.as_millisecond().saturating_sub(ms)) else { continue };
            if i128::from(age) >= self.unsynced_after.as_millis() {
                let (count, minutes) = (one.all, self.unsynced_after.as_mins());
                let message =
                    format!("{count} appointments wait for the calendar, the oldest for more than {minutes} minutes");
                wrong.push(Wrong::of_calendar(&one.tenant, Kind::Unsynced, message));
            }
        }
        for (tenant, appointment) in &self.standing.overdue {
            let message = "a booking that should be gone is still in the calendar; it is tried on".to_owned();
            let subject = appointment.as_str().to_owned();
            wrong.push(Wrong { tenant: tenant.clone(), kind: Kind::AbsenceOverdue, subject, message });
        }
        for (tenant, review, count) in &self.standing.reviews {
            let kind = Kind::of_review(*review);
            if !kind.is_single() {
                let message = format!("{count} open reviews: {}", review.as_str());
                wrong.push(Wrong::of_calendar(tenant, kind, message));
            }
        }
        wrong
    }
}

fn fails(guard: &GuardState, now: Timestamp) -> bool {
    guard.breakers.iter().any(|(_, position)| is_failing(*position, now))
}

fn is_failing(position: Position, now: Timestamp) -> bool {
    match position {
        Position::Closed => false,
        Position::HalfOpen => true,
        Position::Open { until } => now.duration_since(until) < STALE,
    }
}

fn failing_ones(guard: &GuardState) -> String {
    let open = guard.breakers.iter().filter(|(_, position)| *position != Position::Closed);
    open.map(|(operation, _)| operation.as_str()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing, reason = "tests")]
    use frontdesk_desk::Operation;
    use frontdesk_domain::review;
    use frontdesk_store::standing::Unsynced;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap_or_default()
    }

    fn guard(position: Position) -> GuardState {
        GuardState {
            breakers: vec![(Operation::Create, position)],
            budget_left: 1,
            blocked_until: None,
            in_flight: 0,
            key_refused_since: None,
            not_set_up: None,
        }
    }

    fn kinds(standing: &Standing, guard: GuardState, failing: &mut Failing, now: Timestamp) -> Vec<Kind> {
        let tenant = TenantId::new("ten_1");
        let (guards, linked) = ([(tenant.clone(), guard)], [&tenant]);
        let unsynced_after = SignedDuration::from_mins(5);
        let look = Look { standing, guards: &guards, linked: &linked, unsynced_after };
        look.wrong(failing, now).into_iter().map(|wrong| wrong.kind).collect()
    }

    #[test]
    fn a_breaker_is_an_alarm_after_a_minute_and_over_when_it_closes_or_nobody_needs_it() {
        let (calm, mut failing) = (Standing::default(), Failing::default());
        let open = || guard(Position::Open { until: at(60) });
        assert_eq!(kinds(&calm, open(), &mut failing, at(0)), []);
        assert_eq!(kinds(&calm, open(), &mut failing, at(59)), []);
        assert_eq!(kinds(&calm, open(), &mut failing, at(60)), [Kind::BreakerOpen]);
        assert_eq!(kinds(&calm, guard(Position::HalfOpen), &mut failing, at(70)), [Kind::BreakerOpen]);
        assert_eq!(kinds(&calm, open(), &mut failing, at(180)), [], "nobody tried for two minutes");
        assert_eq!(kinds(&calm, guard(Position::Closed), &mut failing, at(190)), []);
        assert!(failing.is_empty());
    }

    #[test]
    fn a_refused_key_is_an_alarm_at_once() {
        let refused = GuardState { key_refused_since: Some(at(0)), ..guard(Position::Closed) };
        assert_eq!(kinds(&Standing::default(), refused, &mut Failing::default(), at(0)), [Kind::KeyRefused]);
    }

    #[test]
    fn what_waits_too_long_and_every_open_review_is_an_alarm() {
        let tenant = || TenantId::new("ten_1");
        let unsynced = |oldest_ms| Standing {
            unsynced: vec![Unsynced { tenant: tenant(), all: 2, failed: 0, oldest_ms }],
            ..Standing::default()
        };
        let looked = |standing: &Standing| kinds(standing, guard(Position::Closed), &mut Failing::default(), at(300));
        assert_eq!(looked(&unsynced(Some(0))), [Kind::Unsynced]);
        assert_eq!(looked(&unsynced(Some(1000))), []);
        assert_eq!(looked(&unsynced(None)), [], "it is over, or waits for a yes in the calendar");
        let reviews = review::Kind::ALL.map(|kind| (tenant(), kind, 1)).to_vec();
        let told = looked(&Standing { reviews, ..Standing::default() });
        assert_eq!(told.len(), 6, "three kinds are raised one by one where they are found: {told:?}");
    }

    #[test]
    fn after_a_start_an_alarm_about_a_calendar_stays_until_the_calendar_was_asked() {
        let (tenant, standing) = (TenantId::new("ten_1"), Standing::default());
        let linked = [&tenant];
        let look =
            Look { standing: &standing, guards: &[], linked: &linked, unsynced_after: SignedDuration::from_mins(5) };
        assert!(!look.decides(&tenant, Kind::BreakerOpen));
        assert!(look.decides(&tenant, Kind::Unsynced));
        assert!(!look.decides(&tenant, Kind::Overlap));
        assert!(look.decides(&TenantId::new("ten_2"), Kind::KeyRefused), "that one has no calendar outside any more");
    }
}
