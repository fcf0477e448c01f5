//! `frontdesk sync run` and `frontdesk sync retry`.

use std::sync::Arc;
use std::time::Duration;

use frontdesk_desk::sync::{Retried, SYNC, Syncer, Worked};
use frontdesk_domain::calendar::Unsent;
use frontdesk_domain::ids::AppointmentId;
use frontdesk_domain::tenant::Tenant;
use frontdesk_store::syncs::{self, SyncRow};
use frontdesk_store::{StoreError, TenantScope};

use super::tenants;
use crate::cli::{CommandOutput, Exit, Premises};
use crate::out;

/// Without any change for this long nothing goes on any more; what was sent settles within a minute.
const PATIENCE_MS: i64 = 70_000;
/// Between two looks while something waits for time to pass.
const PAUSE: Duration = Duration::from_millis(500);
/// How long a server's workers are watched at one appointment.
const WATCHED: usize = 20;

pub(in crate::cli) async fn run_now(
    slug: Option<&str>,
    premises: &Premises<'_>,
    syncer: &Arc<Syncer>,
) -> CommandOutput {
    let tenants = match tenants(slug, premises).await {
        Ok(tenants) => tenants,
        Err(output) => return output,
    };
    match work(&tenants, premises, syncer).await {
        Ok(output) => output,
        Err(error) => {
            CommandOutput::wrong(format!("What waits cannot be worked on: {error}. Check disk and database."))
        }
    }
}

async fn work(
    tenants: &[(TenantScope, Tenant)],
    premises: &Premises<'_>,
    syncer: &Arc<Syncer>,
) -> Result<CommandOutput, StoreError> {
    let mut waiting = 0;
    for (scope, _) in tenants {
        waiting += syncer.everything_due(scope).await?;
    }
    if waiting == 0 {
        return Ok(CommandOutput::ok("Nothing waits: the calendars have everything they should have."));
    }
    if premises.served {
        return Ok(CommandOutput::ok(format!(
            "{} due now; the running server works on it. See how it goes: frontdesk sync status",
            counted(waiting)
        )));
    }
    let mut progress = Progress::new(waiting, premises.store.ctx().now_ms());
    loop {
        while syncer.work().await? == Worked::Something {
            progress.show(left(tenants, premises).await?.len());
        }
        let open = left(tenants, premises).await?;
        progress.show(open.len());
        let now_ms = premises.store.ctx().now_ms();
        if open.is_empty() || !progress.goes_on(&open, now_ms) || !soon(premises, now_ms).await? {
            progress.end();
            return Ok(result(waiting, &open));
        }
        premises.store.ctx().sleep(PAUSE).await;
    }
}

fn result(waiting: usize, open: &[SyncRow]) -> CommandOutput {
    let done = waiting.saturating_sub(open.len());
    let Some(first) = open.first() else {
        return CommandOutput::ok(format!("{} brought into the calendar. Nothing waits any more.", counted(done)));
    };
    let why = first.error_code.as_deref().unwrap_or("no answer yet");
    let out = format!("{} brought into the calendar.", counted(done));
    let err = format!(
        "{} still waiting ({why}). Why each of them: frontdesk sync status. Is the calendar well: frontdesk doctor. It \
         is tried on while frontdesk serve runs.",
        counted(open.len())
    );
    CommandOutput { exit: Exit::Wrong, out, err }
}

fn counted(count: usize) -> String {
    if count == 1 { "1 appointment is".to_owned() } else { format!("{count} appointments are") }
}

async fn left(tenants: &[(TenantScope, Tenant)], premises: &Premises<'_>) -> Result<Vec<SyncRow>, StoreError> {
    let mut open = Vec::new();
    for (scope, _) in tenants {
        open.extend(premises.store.read::<_, StoreError, _>(scope, |tx| Box::pin(syncs::not_agreed(tx))).await?);
    }
    Ok(open)
}

/// Whether a job about an appointment is due before patience ends.
async fn soon(premises: &Premises<'_>, now_ms: i64) -> Result<bool, StoreError> {
    let jobs = premises.store.waiting_jobs().await?;
    Ok(jobs.iter().any(|job| job.kind == SYNC && job.due_ms <= now_ms.saturating_add(PATIENCE_MS)))
}

/// What a person at the terminal sees, and whether it is worth waiting for more.
struct Progress {
    all: usize,
    last: Vec<(AppointmentId, i64)>,
    changed_ms: i64,
    shown: bool,
}

impl Progress {
    fn new(all: usize, now_ms: i64) -> Self {
        Self { all, last: Vec::new(), changed_ms: now_ms, shown: false }
    }

    fn show(&mut self, left: usize) {
        if out::error_is_terminal() {
            self.shown = true;
            out::error_text(format!("\r  {} of {} done, {left} left ", self.all.saturating_sub(left), self.all));
        }
    }

    fn end(&self) {
        if self.shown {
            out::error("");
        }
    }

    /// Something became less since the last look, or may by time alone; three failed tries in this run are enough.
    fn goes_on(&mut self, open: &[SyncRow], now_ms: i64) -> bool {
        let present: Vec<(AppointmentId, i64)> =
            open.iter().map(|row| (row.appointment.clone(), row.attempts)).collect();
        let first = self.last.is_empty();
        if first || present.len() < self.last.len() {
            self.changed_ms = now_ms;
        }
        let gives_up = |row: &&SyncRow| {
            let code = row.error_code.as_deref().unwrap_or_default();
            let passes = [Unsent::Budget, Unsent::Bulkhead, Unsent::Queued, Unsent::NoTime].map(Unsent::code);
            row.attempts >= 3 && !passes.contains(&code)
        };
        self.last = present;
        let hopeless = open.iter().filter(gives_up).count() == open.len();
        !hopeless && now_ms.saturating_sub(self.changed_ms) < PATIENCE_MS
    }
}

pub(in crate::cli) async fn retry(appointment: &str, premises: &Premises<'_>, syncer: &Arc<Syncer>) -> CommandOutput {
    match retried(&AppointmentId::new(appointment), premises, syncer).await {
        Ok(output) => output,
        Err(error) => CommandOutput::wrong(format!("It was not tried again: {error}. Check disk and database.")),
    }
}

async fn retried(
    id: &AppointmentId,
    premises: &Premises<'_>,
    syncer: &Arc<Syncer>,
) -> Result<CommandOutput, StoreError> {
    for (scope, tenant, _) in premises.store.tenants().await? {
        match syncer.retry(&scope, id).await? {
            Retried::Unknown => {}
            Retried::Agrees(_) => {
                return Ok(CommandOutput::ok(format!("{id} is in the calendar as it should be; nothing to do.")));
            }
            Retried::Woken => return tried(&scope, &tenant, id, premises, syncer).await,
        }
    }
    Ok(CommandOutput::wrong(format!(
        "No appointment {id} has to do with a calendar outside. What waits: frontdesk sync status"
    )))
}

async fn tried(
    scope: &TenantScope,
    tenant: &Tenant,
    id: &AppointmentId,
    premises: &Premises<'_>,
    syncer: &Arc<Syncer>,
) -> Result<CommandOutput, StoreError> {
    for _ in 0..WATCHED {
        if !premises.served {
            while syncer.work().await? == Worked::Something {}
        }
        let wanted = id.clone();
        let row = premises
            .store
            .read::<_, StoreError, _>(scope, move |tx| Box::pin(async move { syncs::load(tx, &wanted).await }))
            .await?;
        if row.is_some_and(|row| row.status == "synced") {
            return Ok(CommandOutput::ok(format!("{id} is in the calendar as it should be now.")));
        }
        premises.store.ctx().sleep(PAUSE / 2).await;
    }
    Ok(CommandOutput::wrong(format!(
        "{id} was tried and still waits. Why, and when it is tried next: frontdesk sync status --tenant {}",
        tenant.slug
    )))
}
