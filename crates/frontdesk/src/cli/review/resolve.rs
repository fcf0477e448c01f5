//! `frontdesk review resolve`.

use std::sync::Arc;

use frontdesk_desk::sync::{ResolveError, Resolved, Syncer, Worked};
use frontdesk_domain::calendar::RemoteUid;

use super::show::find;
use super::{Decision, Way, unknown};
use crate::cli::{CommandOutput, Premises};

/// Jobs done at most after a decision; the rest waits for its time.
const STEPS: usize = 200;

pub(in crate::cli) async fn resolve(
    decision: Decision,
    premises: &Premises<'_>,
    syncer: &Arc<Syncer>,
) -> CommandOutput {
    let Decision { id, way, uid, note } = decision;
    let (scope, tenant, case) = match find(&id, premises).await {
        Ok(Some(found)) => found,
        Ok(None) => return unknown(&id),
        Err(error) => return CommandOutput::wrong(format!("The review cannot be read: {error}")),
    };
    let (kind, uid) = (case.review.kind, uid.map(RemoteUid::new));
    let resolved = syncer.resolve(&scope, &tenant, &id, way.resolution(), uid, note).await;
    if resolved.is_ok() && !premises.served {
        follow_up(syncer).await;
    }
    match resolved {
        Ok(Resolved::Done) => CommandOutput::ok(format!("{id} is resolved. {}", follows(way))),
        Ok(Resolved::NotOpen) => {
            CommandOutput::refused(format!("{id} was resolved before. How: frontdesk review show {id}"))
        }
        Err(ResolveError::DoesNotFit) => CommandOutput::refused(format!(
            "That is no way out of {}. What is: {}. Or resolve it with done, once it is put right by hand.",
            kind.as_str(),
            kind.next_step()
        )),
        Err(ResolveError::NoSuchBooking) => CommandOutput::wrong(
            "The calendar has no living booking of that uid for this appointment's event type. The uid is the last part \
             of the booking's address in the calendar.",
        ),
        Err(ResolveError::Calendar(code)) => CommandOutput::wrong(format!(
            "The calendar did not answer clearly ({code}), so nothing was changed. Try again in a minute; if it stays: \
             frontdesk doctor --tenant {}",
            tenant.slug
        )),
        Err(ResolveError::Store(error)) => {
            CommandOutput::wrong(format!("Nothing was changed: {error}. Check disk and database."))
        }
    }
}

/// Where no server does it, what follows is done here as far as that goes now.
async fn follow_up(syncer: &Syncer) {
    for _ in 0..STEPS {
        match syncer.work().await {
            Ok(Worked::Something) => {}
            Ok(Worked::Nothing) => return,
            Err(error) => {
                tracing::warn!(%error, "what follows could not be done; check the disk, then: frontdesk sync run");
                return;
            }
        }
    }
}

/// What happens next.
fn follows(way: Way) -> &'static str {
    match way {
        Way::Retry => "It is tried again now: frontdesk sync status",
        Way::Cancel => "It does not take place; what the calendar has of it is taken away now: frontdesk sync status",
        Way::Link => "The appointment is that booking from now on.",
        Way::Keep => "Nothing was changed. Somebody is asked to ring the customer: frontdesk callbacks list",
        Way::Done => "Nothing else was changed.",
    }
}
