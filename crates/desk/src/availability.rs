//! What is free: a plan made beside the writer, from the taken time of the people who matter.

use std::collections::BTreeMap;
use std::sync::Arc;

use frontdesk_domain::ids::{AppointmentId, StaffId};
use frontdesk_domain::reply::{Answer, OfferView, Reply, WhyNot};
use frontdesk_domain::slots::alternatives::{Near, alternatives};
use frontdesk_domain::slots::free::Search;
use frontdesk_domain::slots::openings::Openings;
use frontdesk_domain::slots::{Interval, Visit};
use frontdesk_store::appointments::{self, Appointment};
use frontdesk_store::occupancy::{self, Except, Owner};
use frontdesk_store::offers::{self, Offer, Purpose};
use frontdesk_store::{StoreError, Tx, busy};
use jiff::{SignedDuration, Timestamp, ToSpan, Zoned};

use crate::calendars::openings::openings;
use crate::case::{Case, Outcome, Trouble, Unmet};
use crate::own;
use crate::wanted::Wanted;

/// How long a positive answer holds its time for the call.
const HOLD: SignedDuration = SignedDuration::from_mins(4);
/// How long a token may be used; beyond its hold it books only what is still free.
const OFFER: SignedDuration = SignedDuration::from_mins(30);
/// Days around a wish that are looked at first; further ones only if these hold too little.
const NEAR_DAYS: i64 = 14;
/// Days around a wish that a calendar outside is asked about first: mostly weeks that were fetched before anybody asked.
const OFFERED_DAYS: i64 = 7;
/// Alternatives told unless the caller asks for another number: as many as are spoken.
const ALTERNATIVES: usize = 2;

/// The taken time of the people who matter, inside a window, and the caller's own: one snapshot.
pub(crate) struct Calendar {
    taken: BTreeMap<StaffId, Vec<Interval>>,
    /// The caller's own coming appointments, which are no free time for the caller; the one to be moved is.
    own: Vec<Appointment>,
    /// What the calendar outside offers; `None`: there is none.
    openings: Option<Openings>,
    /// The stretch that was loaded; nothing is known outside.
    window: (Timestamp, Timestamp),
}

impl Calendar {
    /// Loads the taken time for a wish around a day: from that day's beginning over `days`.
    pub(crate) async fn load(
        case: &Arc<Case>,
        wanted: &Wanted,
        from: Timestamp,
        days: i64,
        moving: Option<&AppointmentId>,
    ) -> Result<Self, StoreError> {
        Self::load_with(case, wanted, from, (days, days), moving).await
    }

    /// The same with another stretch for the calendar outside: what it is asked for at once need not be asked for later.
    async fn load_with(
        case: &Arc<Case>,
        wanted: &Wanted,
        from: Timestamp,
        (days, offered_days): (i64, i64),
        moving: Option<&AppointmentId>,
    ) -> Result<Self, StoreError> {
        let from = case.local(from).start_of_day().map_or(from, |day| day.timestamp());
        let until = from.saturating_add(SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MAX);
        let staff: Vec<StaffId> = wanted.legs(case).map_or_else(Vec::new, |legs| {
            Search::candidates(&case.tenant, &case.branch, &legs).iter().map(|person| person.id.clone()).collect()
        });
        let (reader, moving) = (Arc::clone(case), moving.cloned());
        let (taken, own, old) = case
            .store
            .read(&case.scope, move |tx| {
                Box::pin(async move {
                    let except = Except {
                        call: Some(&reader.call_id),
                        number: reader.number.as_ref(),
                        appointment: moving.as_ref(),
                    };
                    let mut taken = occupancy::taken(tx, &staff, (from, until), except, reader.now_ms()).await?;
                    if reader.tenant.calendar.is_some() {
                        busy::add_to(tx, &mut taken, (from, until)).await?;
                    }
                    let mut own = own::coming(tx, &reader).await?;
                    own.retain(|own| Some(&own.id) != moving.as_ref());
                    let old = match &moving {
                        Some(id) if reader.tenant.calendar.is_some() => appointments::load(tx, id).await?,
                        _ => None,
                    };
                    Ok::<_, StoreError>((taken, own, old))
                })
            })
            .await?;
        let offered_until = from.saturating_add(SignedDuration::from_hours(24 * offered_days)).unwrap_or(until);
        let mut openings = offered(case, wanted, (from, offered_until)).await;
        if let (Some(openings), Some(old)) = (&mut openings, &old) {
            openings.not_in_its_own_way(&old.visit);
        }
        Ok(Self { taken, own, openings, window: (from, until) })
    }

    /// The day of a wished start, and the next: a visit may reach into it.
    pub(crate) async fn of_day(
        case: &Arc<Case>,
        wanted: &Wanted,
        start: &Zoned,
        moving: Option<&AppointmentId>,
    ) -> Result<Self, StoreError> {
        Self::load_with(case, wanted, start.timestamp(), (2, OFFERED_DAYS), moving).await
    }

    /// The caller's own appointment where a wish would be.
    pub(crate) fn own_in_the_way(&self, case: &Case, wanted: &Wanted, start: Timestamp) -> Option<&Appointment> {
        own::in_the_way(&self.own, case, wanted, start)
    }

    /// Those of these visits that are not when the caller is somewhere else already.
    fn without_own(&self, visits: Vec<Visit>, count: usize) -> Vec<Visit> {
        own::without_clashes(&self.own, visits, count)
    }

    /// A search over what was loaded; `None` if a service is gone from the catalogue.
    pub(crate) fn search<'a>(&'a self, case: &'a Case, wanted: &Wanted) -> Option<Search<'a>> {
        let legs = wanted.legs(case)?;
        let search = Search::new(&case.tenant, &case.branch, legs, case.now, &self.taken)
            .known_between(self.window.0, self.window.1);
        Some(match &self.openings {
            Some(openings) => search.offered_by(openings),
            None => search,
        })
    }
}

/// What the calendar outside offers for a wish; `None`: the tenant has none.
async fn offered(case: &Case, wanted: &Wanted, window: (Timestamp, Timestamp)) -> Option<Openings> {
    let legs = wanted.legs(case)?;
    let calendar = case.sync.calendar(&case.scope, &case.tenant).await?;
    Some(openings(&calendar, &case.tenant, &case.branch, &legs, window, None).await)
}

/// What is free at exactly one start, or why not with alternatives.
pub(crate) enum Exactly {
    /// One visit per choice of people, best first.
    Free(Vec<Visit>),
    /// Not that time.
    Not { why: WhyNot, instead: Vec<Visit> },
}

/// Looks for exactly one start.
pub(crate) async fn exactly(
    case: &Arc<Case>,
    wanted: &Wanted,
    start: &Zoned,
    moving: Option<&AppointmentId>,
) -> Result<Exactly, StoreError> {
    let day = Calendar::of_day(case, wanted, start, moving).await?;
    exactly_on(&day, case, wanted, start, moving).await
}

/// Looks for exactly one start on its day.
pub(crate) async fn exactly_on(
    day: &Calendar,
    case: &Arc<Case>,
    wanted: &Wanted,
    start: &Zoned,
    moving: Option<&AppointmentId>,
) -> Result<Exactly, StoreError> {
    let why = match day.search(case, wanted) {
        None => WhyNot::NothingFree,
        Some(search) => {
            let free = search.at(start.timestamp());
            if !free.is_empty() {
                return Ok(Exactly::Free(free));
            }
            search.why_not(start)
        }
    };
    if let WhyNot::StaffCannot { .. } = why {
        let anybody = wanted.by_anybody();
        let mut instead = others(case, &anybody, start, moving).await?;
        instead.extend(near(case, &anybody, start, None, ALTERNATIVES - instead.len(), moving).await?);
        return Ok(Exactly::Not { why, instead });
    }
    let instead = near(case, wanted, start, None, ALTERNATIVES, moving).await?;
    if instead.is_empty() && wanted.names_people() {
        let instead = near(case, &wanted.by_anybody(), start, None, ALTERNATIVES, moving).await?;
        return Ok(Exactly::Not { why, instead });
    }
    Ok(Exactly::Not { why, instead })
}

/// Somebody else who is free at that very start.
async fn others(
    case: &Arc<Case>,
    anybody: &Wanted,
    start: &Zoned,
    moving: Option<&AppointmentId>,
) -> Result<Vec<Visit>, StoreError> {
    let day = Calendar::of_day(case, anybody, start, moving).await?;
    let free = day.search(case, anybody).map_or_else(Vec::new, |search| search.at(start.timestamp()));
    Ok(day.without_own(free, 1))
}

/// Free visits near a wish, best first: the coming two weeks, and if they hold too little the whole horizon.
pub(crate) async fn near(
    case: &Arc<Case>,
    wanted: &Wanted,
    wished: &Zoned,
    within: Option<&[(Timestamp, Timestamp)]>,
    count: usize,
    moving: Option<&AppointmentId>,
) -> Result<Vec<Visit>, StoreError> {
    near_but(case, wanted, wished, within, count, moving, None).await
}

/// The same, with the people of a visit taken for as long as it would have lasted.
async fn near_but(
    case: &Arc<Case>,
    wanted: &Wanted,
    wished: &Zoned,
    within: Option<&[(Timestamp, Timestamp)]>,
    count: usize,
    moving: Option<&AppointmentId>,
    refused: Option<&Visit>,
) -> Result<Vec<Visit>, StoreError> {
    // A wish in the past or beyond the horizon is answered from today on.
    let from = wished.timestamp().max(case.now).min(case.now.saturating_add(400.hours() * 24).unwrap_or(case.now));
    let wished = if wished.timestamp() < case.now { &case.local(case.now) } else { wished };
    let mut found = Vec::new();
    for (from, days) in [(from, NEAR_DAYS), (case.now, 400)] {
        let mut calendar = Calendar::load(case, wanted, from, days, moving).await?;
        for leg in refused.iter().flat_map(|visit| &visit.legs) {
            calendar.taken.entry(leg.staff.clone()).or_default().extend(leg.busy.iter().copied());
        }
        let Some(search) = calendar.search(case, wanted) else { return Ok(Vec::new()) };
        // A few more than wanted, since some may be when the caller is here already.
        let near = Near { wished, count: count + calendar.own.len().min(8) * 4, within };
        found = calendar.without_own(alternatives(&search, &near), count);
        // A calendar outside is not asked twice for more of the same.
        let enough = if case.tenant.calendar.is_some() { 1 } else { count };
        if found.len() >= enough {
            break;
        }
    }
    Ok(found)
}

/// Free visits inside stretches, spread so that choosing is worth it.
pub(crate) async fn inside(
    case: &Arc<Case>,
    wanted: &Wanted,
    stretches: &[(Zoned, Zoned)],
    count: usize,
    moving: Option<&AppointmentId>,
) -> Result<Vec<Visit>, StoreError> {
    let (Some(first), Some(last)) = (
        stretches.iter().map(|(from, _)| from.timestamp()).min(),
        stretches.iter().map(|(_, until)| until.timestamp()).max(),
    ) else {
        return Ok(Vec::new());
    };
    let days = last.duration_since(first).as_hours() / 24 + 2;
    let calendar = Calendar::load(case, wanted, first, days, moving).await?;
    let Some(search) = calendar.search(case, wanted) else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for (from, until) in stretches {
        found.extend(search.within(from.timestamp(), until.timestamp(), count * 8));
        if found.len() >= count * 8 {
            break;
        }
    }
    Ok(spread(calendar.without_own(found, usize::MAX), count))
}

/// Several times in a row somebody was faster: that time is gone; what is free near it now.
pub(crate) async fn gone(case: &Arc<Case>, wanted: Wanted, start: Zoned, purpose: Purpose) -> Result<Answer, Trouble> {
    let moving = match &purpose {
        Purpose::Change(id) => Some(id.clone()),
        _ => None,
    };
    let instead = near(case, &wanted, &start, None, ALTERNATIVES, moving.as_ref()).await?;
    case.commit(move |tx, case| {
        Box::pin(async move { unavailable(tx, &case, &wanted, Some(start), WhyNot::Taken, &instead, &purpose).await })
    })
    .await
}

/// The calendar would not have that time, although it is free here: what is free at other times. What it offered before
/// may be older than its refusal, so nothing that overlaps the refused visit is offered.
pub(crate) async fn refused_there(
    case: &Arc<Case>,
    wanted: Wanted,
    start: Zoned,
    purpose: Purpose,
    refused: Option<&Visit>,
) -> Result<Answer, Trouble> {
    let moving = match &purpose {
        Purpose::Change(id) => Some(id.clone()),
        _ => None,
    };
    let (count, moving) = (ALTERNATIVES + 1, moving.as_ref());
    let mut instead = near_but(case, &wanted, &start, None, count, moving, refused).await?;
    instead.retain(|visit| visit.start != start.timestamp());
    instead.truncate(ALTERNATIVES);
    case.commit(move |tx, case| {
        Box::pin(async move { unavailable(tx, &case, &wanted, Some(start), WhyNot::Taken, &instead, &purpose).await })
    })
    .await
}

/// The first visit, then ones apart from each other by at least their length, then whatever there is.
fn spread(visits: Vec<Visit>, count: usize) -> Vec<Visit> {
    let mut chosen: Vec<Visit> = Vec::new();
    for apart in [true, false] {
        for visit in &visits {
            let near = |other: &Visit| visit.start < other.end && other.start < visit.end;
            let clashes = if apart { chosen.iter().any(near) } else { chosen.iter().any(|c| c.start == visit.start) };
            if chosen.len() < count && !clashes {
                chosen.push(visit.clone());
            }
        }
    }
    chosen.sort_by_key(|visit| visit.start);
    chosen
}

/// Holds one of these visits for the call, the first that still can be, and makes it an offer. The call's other holds
/// go. [`Trouble::Conflict`] if all are taken meanwhile.
pub(crate) async fn hold(tx: &mut Tx, case: &Case, visits: &[Visit], staff_wished: bool) -> Result<OfferView, Trouble> {
    occupancy::release_holds_of(tx, &case.call_id, case.number.as_ref()).await?;
    let until = case.now.saturating_add(HOLD).unwrap_or(case.now);
    for visit in visits {
        let offer = new_offer(case, visit, Purpose::Book, staff_wished);
        let owner = Owner::Hold { token: &offer.token, call_id: &case.call_id, expires_ms: until.as_millisecond() };
        if occupancy::take(tx, visit, &owner, case.now_ms()).await? {
            offers::add(tx, &offer, case.now_ms()).await?;
            return Ok(crate::views::offer(case, &offer, Some(until)));
        }
    }
    Err(Trouble::Conflict)
}

/// Stores offers that hold nothing. The call's older hold goes: it was about another question.
pub(crate) async fn offer_all(
    tx: &mut Tx,
    case: &Case,
    visits: &[Visit],
    purpose: &Purpose,
    staff_wished: bool,
) -> Result<Vec<OfferView>, StoreError> {
    occupancy::release_holds_of(tx, &case.call_id, case.number.as_ref()).await?;
    let mut told = Vec::with_capacity(visits.len());
    for visit in visits {
        let offer = new_offer(case, visit, purpose.clone(), staff_wished);
        offers::add(tx, &offer, case.now_ms()).await?;
        told.push(crate::views::offer(case, &offer, None));
    }
    Ok(told)
}

pub(crate) fn new_offer(case: &Case, visit: &Visit, purpose: Purpose, staff_wished: bool) -> Offer {
    Offer {
        token: case.fresh_token(),
        call_id: case.call_id.clone(),
        branch: case.branch.id.clone(),
        visit: visit.clone(),
        purpose,
        staff_wished,
        expires_ms: case.now.saturating_add(OFFER).unwrap_or(case.now).as_millisecond(),
    }
}

/// Not that time: offers what is free instead; where nothing is, somebody will ring back.
pub(crate) async fn unavailable(
    tx: &mut Tx,
    case: &Case,
    wanted: &Wanted,
    wished: Option<Zoned>,
    why: WhyNot,
    instead: &[Visit],
    purpose: &Purpose,
) -> Result<Outcome, Trouble> {
    let offers = offer_all(tx, case, instead, purpose, wanted.names_people()).await?;
    let callback = match (&why, offers.is_empty()) {
        (WhyNot::AlreadyYours { .. }, _) | (_, false) => None,
        (_, true) => Some(crate::callback::promise_because_full(tx, case).await?),
    };
    let unmet = match &why {
        WhyNot::AlreadyYours { .. } => None,
        _ => Some(Unmet {
            service: Some(wanted.service_text(case)),
            staff: wanted.staff_text(case),
            wished: wished.as_ref().map(Zoned::timestamp),
        }),
    };
    Ok(Outcome { reply: Reply::Unavailable { why, wished, offers, callback }, unmet, miss: false })
}
