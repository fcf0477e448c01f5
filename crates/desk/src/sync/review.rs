//! What a person decides about something that did not come right by itself.

use frontdesk_domain::booking::remote::{Outcome, Remote, State, apply};
use frontdesk_domain::booking::saga;
use frontdesk_domain::calendar::budget::Priority;
use frontdesk_domain::calendar::{Refusal, RemoteUid, Told};
use frontdesk_domain::ids::AppointmentId;
use frontdesk_domain::review::{Kind, Resolution};
use frontdesk_domain::tenant::Tenant;
use frontdesk_store::reviews::Review;
use frontdesk_store::{StoreError, TenantScope, appointments, busy, occupancy, remotes, reviews, syncs};

use super::tell::{self, News};
use super::{Syncer, intent};
use crate::sync::picture::Picture;

/// What came of a resolution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// Done; what follows is on its way.
    Done,
    /// There is no open review of that id.
    NotOpen,
}

/// Why a resolution was not possible; nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResolveError {
    /// That way does not fit this kind of review.
    DoesNotFit,
    /// The booking to link was not found in the calendar.
    NoSuchBooking,
    /// The calendar did not answer clearly; the code says how.
    Calendar(&'static str),
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for ResolveError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Syncer {
    /// Resolves a review. `uid`: the booking to link; `note`: what the person wants kept.
    pub async fn resolve(
        &self,
        scope: &TenantScope,
        tenant: &Tenant,
        review: &str,
        way: Resolution,
        uid: Option<RemoteUid>,
        note: Option<String>,
    ) -> Result<Resolved, ResolveError> {
        let id = review.to_owned();
        let open: Option<Review> = self
            .store
            .read::<_, StoreError, _>(scope, move |tx| Box::pin(async move { reviews::load(tx, &id).await }))
            .await?;
        let Some(open) = open.filter(|review| review.resolved_ms.is_none()) else { return Ok(Resolved::NotOpen) };
        match (way, open.kind) {
            (Resolution::Cancel, Kind::NoRow | Kind::ManyCancels) => self.cancel_there(scope, tenant, &open).await?,
            (Resolution::Link, Kind::PushFailed | Kind::Refused | Kind::RemoteChange) => {
                self.link(scope, tenant, &open, uid.ok_or(ResolveError::NoSuchBooking)?).await?;
            }
            (Resolution::Retry | Resolution::Link, Kind::Overlap | Kind::Forged | Kind::NoRow | Kind::ManyCancels) => {
                return Err(ResolveError::DoesNotFit);
            }
            (Resolution::Link | Resolution::ByItself, _) | (Resolution::Cancel, Kind::Forged) => {
                return Err(ResolveError::DoesNotFit);
            }
            (Resolution::Retry | Resolution::Cancel | Resolution::Keep | Resolution::Done, _) => {}
        }
        let (ctx, rules, tenant) = (self.ctx().clone(), self.rules, tenant.clone());
        let resolved = self
            .store
            .run::<_, StoreError, _>(scope, move |tx| {
                Box::pin(async move {
                    if !reviews::resolve(tx, &open.id, way, note.as_deref(), ctx.now_ms()).await? {
                        return Ok(false);
                    }
                    let appointment = AppointmentId::from(open.subject.as_str());
                    let Some(picture) = Picture::load(tx, &appointment).await? else { return Ok(true) };
                    syncs::unflag(tx, &appointment).await?;
                    match way {
                        Resolution::Retry => {
                            for mut row in picture.rows.clone() {
                                if let Some(now) = apply(&row.remote, Outcome::TryAgain, ctx.now(), &rules) {
                                    remotes::save(tx, &mut row, now, None, ctx.now_ms()).await?;
                                }
                            }
                            intent::wake(tx, &ctx, &appointment).await?;
                        }
                        Resolution::Cancel => {
                            if let Some(next) = saga::apply(picture.appointment.saga, saga::Outcome::TakenBack)
                                && appointments::set_state(tx, &picture.appointment, next, None, None, ctx.now_ms())
                                    .await?
                            {
                                occupancy::release_appointment(tx, &appointment).await?;
                                occupancy::release_next(tx, &appointment).await?;
                                frontdesk_store::moves::end(tx, &appointment).await?;
                                intent::of_none(tx, &ctx, &appointment, &rules).await?;
                                intent::wake(tx, &ctx, &appointment).await?;
                            }
                        }
                        Resolution::Keep => tell::customer(tx, &ctx, &tenant, &picture, News::Look).await?,
                        Resolution::Link => intent::wake(tx, &ctx, &appointment).await?,
                        Resolution::Done | Resolution::ByItself => {}
                    }
                    Ok(true)
                })
            })
            .await?;
        Ok(if resolved { Resolved::Done } else { Resolved::NotOpen })
    }

    async fn cancel_there(&self, scope: &TenantScope, tenant: &Tenant, open: &Review) -> Result<(), ResolveError> {
        let Some(calendar) = self.calendar(scope, tenant).await else {
            return Err(ResolveError::Calendar("not_set_up"));
        };
        let told = calendar.cancel(Priority::Work, &RemoteUid::new(&open.subject), super::sweep::STRAY).await;
        match told {
            Told::Done(()) | Told::Refused(Refusal::AlreadyCancelled | Refusal::NotFound) => Ok(()),
            other => Err(ResolveError::Calendar(other.error_code().unwrap_or("unclear"))),
        }
    }

    /// Makes a booking that is in the calendar already the one of an appointment.
    async fn link(
        &self,
        scope: &TenantScope,
        tenant: &Tenant,
        open: &Review,
        uid: RemoteUid,
    ) -> Result<(), ResolveError> {
        let Some(calendar) = self.calendar(scope, tenant).await else {
            return Err(ResolveError::Calendar("not_set_up"));
        };
        let booking = match calendar.get(Priority::Work, &uid).await {
            Told::Done(Some(booking)) if booking.status.is_live() => booking,
            Told::Done(_) | Told::Refused(Refusal::NotFound) => return Err(ResolveError::NoSuchBooking),
            other => return Err(ResolveError::Calendar(other.error_code().unwrap_or("unclear"))),
        };
        let (ctx, appointment) = (self.ctx().clone(), AppointmentId::from(open.subject.as_str()));
        let linked = self
            .store
            .run::<_, StoreError, _>(scope, move |tx| {
                Box::pin(async move {
                    let rows = remotes::of_appointment(tx, &appointment).await?;
                    let fits = |row: &&mut remotes::RemoteRow| {
                        row.remote.desired && booking.event_type.is_none_or(|id| id == row.event_type)
                    };
                    let mut rows = rows;
                    let Some(row) = rows.iter_mut().find(fits) else { return Ok(false) };
                    let now =
                        Remote { state: State::Live, at: Some(booking.start), start: booking.start, ..row.remote };
                    remotes::save(tx, row, now, Some(&booking), ctx.now_ms()).await?;
                    // It is not somebody else's any more.
                    busy::remove(tx, &booking.uid).await?;
                    Ok(true)
                })
            })
            .await?;
        if linked { Ok(()) } else { Err(ResolveError::NoSuchBooking) }
    }
}
