//! Effects that a calendar outside decides: committed here first, then driven while the caller waits, then told as they
//! came out. What is not clear in time is told as noted, and a worker goes on with it.

use std::sync::Arc;

use frontdesk_domain::ids::AppointmentId;
use frontdesk_store::appointments::{self, Appointment};
use frontdesk_store::jobs::Lease;
use frontdesk_store::moves::{self, Move};
use frontdesk_store::{Body, StoreError, Tx};
use jiff::SignedDuration;

use crate::case::{Case, Outcome, Trouble};

/// Steps with the calendar are begun within this long after the call came in; the whole answer may take 2 s.
const WAITS: SignedDuration = SignedDuration::from_millis(1750);

/// What a transaction came to.
pub(crate) enum Effect {
    /// This is the answer.
    Told(Box<Outcome>),
    /// The calendar decides about this appointment.
    Undecided(Undecided),
}

impl From<Outcome> for Effect {
    fn from(outcome: Outcome) -> Self {
        Self::Told(Box::new(outcome))
    }
}

/// An appointment whose calendar has to be asked.
pub(crate) struct Undecided {
    pub(crate) appointment: AppointmentId,
    /// The right to ask it; `None`: a worker is at it already.
    pub(crate) lease: Option<Lease>,
}

/// What was committed.
pub(crate) enum Committed {
    /// The answer, committed with it.
    Answer(frontdesk_domain::reply::Answer),
    /// The calendar was asked; this is how the appointment stands now, with the move it is still in.
    Driven(Box<(Appointment, Option<Move>)>),
}

impl Case {
    /// Commits an effect; where the calendar decides, asks it and tells how things stand then.
    pub(crate) async fn commit_and_ask<F>(self: &Arc<Self>, effect: F) -> Result<Committed, Trouble>
    where
        F: for<'t> FnOnce(&'t mut Tx, Arc<Self>) -> Body<'t, Effect, Trouble> + Send + 'static,
    {
        let undecided = match self.commit_effect(effect).await? {
            (Some(answer), _) => return Ok(Committed::Answer(answer)),
            (None, Some(undecided)) => undecided,
            (None, None) => return Err(StoreError::Engine("an effect came to nothing".to_owned()).into()),
        };
        if let Some(lease) = &undecided.lease {
            let until = self.now.checked_add(WAITS).unwrap_or(self.now);
            let id = &undecided.appointment;
            let driven = self.sync.drive(&self.scope, &self.tenant, id, lease, Some(until)).await;
            let put_away = match driven {
                Ok(driven) => self.sync.put_away(lease, driven).await,
                Err(error) => Err(error),
            };
            if let Err(error) = put_away {
                // What was committed stands, and its job goes on when the lease has run out.
                tracing::warn!(%error, tenant = self.tenant.slug, "the calendar's answer could not be stored; a worker looks it up");
            }
        }
        let id = undecided.appointment;
        let stands = self
            .store
            .read(&self.scope, move |tx| {
                Box::pin(async move {
                    let going = moves::load(tx, &id).await?;
                    Ok::<_, StoreError>(appointments::load(tx, &id).await?.map(|appointment| (appointment, going)))
                })
            })
            .await?;
        match stands {
            Some(stands) => Ok(Committed::Driven(Box::new(stands))),
            None => Err(StoreError::Engine("an appointment is gone that was just committed".to_owned()).into()),
        }
    }
}
