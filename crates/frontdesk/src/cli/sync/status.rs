//! `frontdesk sync status`.

use std::fmt::Write as _;
use std::sync::Arc;

use frontdesk_desk::GuardState;
use frontdesk_desk::sync::{SYNC, Syncer};
use frontdesk_domain::calendar::breaker::Position;
use frontdesk_domain::calendar::link::{CalendarLink, Provider};
use frontdesk_domain::tenant::{Mode, Tenant};
use frontdesk_store::appointments::{self, Appointment};
use frontdesk_store::jobs::Waiting;
use frontdesk_store::syncs::{self, Counts, SyncRow};
use frontdesk_store::{StoreError, TenantScope};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::tenants;
use crate::cli::{CommandOutput, Premises, house};

/// So many waiting appointments are shown to people; scripts get all that are read.
const SHOWN: usize = 20;

/// One tenant's standing.
struct Standing {
    tenant: Tenant,
    guard: Option<GuardState>,
    counts: Counts,
    waiting: Vec<One>,
    now: Timestamp,
}

/// One appointment that does not agree with its calendar.
struct One {
    row: SyncRow,
    appointment: Option<Appointment>,
    next_try_ms: Option<i64>,
}

pub(in crate::cli) async fn status(
    slug: Option<&str>,
    as_json: bool,
    premises: &Premises<'_>,
    serving: Option<&Arc<Syncer>>,
) -> CommandOutput {
    let tenants = match tenants(slug, premises).await {
        Ok(tenants) => tenants,
        Err(output) => return output,
    };
    let jobs = premises.store.waiting_jobs().await.unwrap_or_default();
    let guards = serving.map(|serving| serving.calendars().states());
    let mut standings = Vec::new();
    for (scope, tenant) in tenants {
        let guard = guards.as_ref().and_then(|guards| guards.iter().find(|(id, _)| *id == tenant.id));
        let guard = guard.map(|(_, guard)| guard.clone());
        match standing(&scope, tenant, guard, &jobs, premises).await {
            Ok(standing) => standings.push(standing),
            Err(error) => return CommandOutput::wrong(format!("What waits cannot be read: {error}")),
        }
    }
    if as_json {
        let told: Vec<Value> = standings.iter().map(Standing::json).collect();
        return CommandOutput::json(&json!({ "served": premises.served, "tenants": told }));
    }
    if standings.is_empty() {
        return CommandOutput::ok("No tenants yet. Put one in: frontdesk tenant apply examples/salon-mit-calcom.toml");
    }
    CommandOutput::ok(standings.iter().map(|one| one.text(premises.served)).collect::<Vec<_>>().join("\n"))
}

async fn standing(
    scope: &TenantScope,
    tenant: Tenant,
    guard: Option<GuardState>,
    jobs: &[Waiting],
    premises: &Premises<'_>,
) -> Result<Standing, StoreError> {
    let (counts, rows) = premises
        .store
        .read::<_, StoreError, _>(scope, |tx| {
            Box::pin(async move {
                let counts = syncs::counts(tx).await?;
                let mut rows = Vec::new();
                for row in syncs::not_agreed(tx).await? {
                    let appointment = appointments::load(tx, &row.appointment).await?;
                    rows.push((row, appointment));
                }
                Ok((counts, rows))
            })
        })
        .await?;
    let waiting = rows
        .into_iter()
        .map(|(row, appointment)| {
            let job = jobs
                .iter()
                .find(|job| job.kind == SYNC && job.tenant == *scope.tenant() && job.key == row.appointment.as_str());
            One { next_try_ms: job.map(|job| job.due_ms), row, appointment }
        })
        .collect();
    Ok(Standing { tenant, guard, counts, waiting, now: premises.store.ctx().now() })
}

impl Standing {
    fn at(&self, one: &One, ms: i64) -> String {
        let branch = one.appointment.as_ref().map_or(&self.tenant.default_branch, |own| &own.branch);
        house::rfc3339(&house::local(&self.tenant, branch, ms))
    }

    fn oldest(&self) -> Option<(&One, SignedDuration)> {
        let oldest = self.waiting.first()?;
        let age = self.now.as_millisecond().saturating_sub(oldest.row.pending_since_ms);
        Some((oldest, SignedDuration::from_millis(age.max(0))))
    }

    fn json(&self) -> Value {
        let counts = json!({
            "synced": self.counts.synced, "pending": self.counts.pending, "failed": self.counts.failed,
        });
        let oldest = self.oldest().map(|(one, age)| {
            let since = self.at(one, one.row.pending_since_ms);
            json!({ "appointment": one.row.appointment, "since": since, "age_seconds": age.as_secs() })
        });
        json!({
            "tenant": self.tenant.slug,
            "calendar": self.tenant.calendar.as_ref().map_or_else(|| json!({ "kind": "built_in" }), |link| {
                json!({ "kind": kind(link), "mode": mode(&self.tenant) })
            }),
            "guard": self.guard.as_ref().map(|guard| self.guard_json(guard)),
            "counts": counts,
            "oldest_unsynced": oldest,
            "waiting": self.waiting.iter().map(|one| self.one_json(one)).collect::<Vec<_>>(),
        })
    }

    fn guard_json(&self, guard: &GuardState) -> Value {
        let breakers: Map<String, Value> = guard
            .breakers
            .iter()
            .map(|(operation, position)| (operation.as_str().to_owned(), position.as_str().into()))
            .collect();
        json!({
            "breakers": breakers,
            "budget_left": guard.budget_left,
            "blocked_until": guard.blocked_until.filter(|until| *until > self.now).map(|at| at.to_string()),
            "key_refused_since": guard.key_refused_since.map(|at| at.to_string()),
            "set_up": guard.not_set_up.is_none(),
            "not_set_up": guard.not_set_up,
        })
    }

    fn one_json(&self, one: &One) -> Value {
        let row = &one.row;
        let at = |ms: Option<i64>| ms.map(|ms| self.at(one, ms));
        json!({
            "appointment": row.appointment,
            "start": one.appointment.as_ref().map(|own| self.at(one, own.visit.start.as_millisecond())),
            "state": one.appointment.as_ref().map(|own| own.saga.as_str()),
            "sync_status": row.status,
            "sync_origin": row.origin,
            "sync_attempt_count": row.attempts,
            "sync_error_code": row.error_code,
            "sync_error_message": row.error_message,
            "sync_verified_at": at(row.verified_ms),
            "requires_manual_review": row.requires_manual_review,
            "manual_review_flagged_at": at(row.flagged_ms),
            "booking_id": row.booking_id,
            "pending_since": self.at(one, row.pending_since_ms),
            "next_try": at(one.next_try_ms),
        })
    }

    fn text(&self, served: bool) -> String {
        let mut text = format!("{} ({})\n", self.tenant.name, self.tenant.slug);
        let Some(link) = &self.tenant.calendar else {
            text.push_str("  calendar   built in; there is nothing to sync\n");
            return text;
        };
        let _infallible = writeln!(text, "  calendar   {}, {}", kind(link), mode(&self.tenant));
        match &self.guard {
            Some(guard) => text.push_str(&self.guard_text(guard)),
            None if served => text.push_str("             not asked yet since the start\n"),
            None => text.push_str("             no server is running, so nothing goes out by itself\n"),
        }
        let Counts { synced, pending, failed } = self.counts;
        let _infallible = writeln!(text, "  now        {synced} synced, {pending} pending, {failed} failed");
        let Some((oldest, age)) = self.oldest() else {
            text.push_str("             the calendar has everything it should have\n");
            return text;
        };
        let _infallible = writeln!(text, "  oldest     {}, waiting for {}", oldest.row.appointment, length(age));
        text.push_str("  waiting\n");
        for one in self.waiting.iter().take(SHOWN) {
            text.push_str(&self.one_text(one));
        }
        if self.waiting.len() > SHOWN {
            let _infallible = writeln!(text, "    and {} more: --json lists them", self.waiting.len() - SHOWN);
        }
        if failed > 0 {
            let _infallible = writeln!(text, "  next step  frontdesk review list --tenant {}", self.tenant.slug);
        }
        text
    }

    fn guard_text(&self, guard: &GuardState) -> String {
        let mut text = String::new();
        let bad: Vec<String> = guard
            .breakers
            .iter()
            .filter(|(_, position)| *position != Position::Closed)
            .map(|(operation, position)| format!("{} {}", operation.as_str(), position.as_str()))
            .collect();
        if bad.is_empty() {
            text.push_str("  breakers   all closed: it answers\n");
        } else {
            let _infallible =
                writeln!(text, "  breakers   {}: it fails and is left alone for a minute at a time", bad.join(", "));
        }
        let _infallible = writeln!(text, "  budget     {} requests left in this minute", guard.budget_left);
        if guard.key_refused_since.is_some() {
            text.push_str("  key        refused; put a valid one into the tenant's file and apply it\n");
        }
        if let Some(why) = &guard.not_set_up {
            let _infallible = writeln!(text, "  set-up     cannot be used: {why}; see frontdesk doctor");
        }
        text
    }

    fn one_text(&self, one: &One) -> String {
        let row = &one.row;
        let when = one.appointment.as_ref().map_or_else(
            || "gone".to_owned(),
            |own| {
                let start = house::local(&self.tenant, &own.branch, own.visit.start.as_millisecond());
                start.strftime("%a %Y-%m-%d %H:%M").to_string()
            },
        );
        let next = one.next_try_ms.map_or_else(
            || "none by itself".to_owned(),
            |ms| {
                let wait = ms.saturating_sub(self.now.as_millisecond());
                if wait <= 0 { "now".to_owned() } else { format!("in {}", length(SignedDuration::from_millis(wait))) }
            },
        );
        let mut text = format!(
            "    {}  {}  for {when}, changed by {}\n      failed tries: {}, next try: {next}\n",
            row.appointment, row.status, row.origin, row.attempts
        );
        if let Some(code) = &row.error_code {
            let message = row.error_message.as_deref().unwrap_or_default();
            let _infallible = writeln!(text, "      {code}: {message}");
        }
        text
    }
}

/// How an appointment stands with its calendar, for lists of appointments; nothing where all is well.
pub(in crate::cli) fn label(status: Option<&str>) -> &'static str {
    match status {
        Some("pending") => "  [not in the calendar yet]",
        Some("failed") => "  [NOT in the calendar: frontdesk review list]",
        _ => "",
    }
}

fn kind(link: &CalendarLink) -> &'static str {
    match link.provider {
        Provider::Calcom => "calcom",
    }
}

fn mode(tenant: &Tenant) -> &'static str {
    match tenant.mode {
        Mode::CalendarFirst => "calendar-first",
        Mode::LocalFirst => "local-first",
    }
}

/// A length of time for people, in its largest unit that says enough.
fn length(time: SignedDuration) -> String {
    match time.as_secs() {
        seconds @ ..120 => format!("{seconds} s"),
        seconds @ 120..7200 => format!("{} min", seconds / 60),
        seconds => format!("{} h", seconds / 3600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_told_in_the_unit_that_says_enough() {
        let told = [0, 119, 120, 7199, 7200, 90_000].map(|seconds| length(SignedDuration::from_secs(seconds)));
        assert_eq!(told, ["0 s", "119 s", "2 min", "119 min", "2 h", "25 h"]);
    }
}
