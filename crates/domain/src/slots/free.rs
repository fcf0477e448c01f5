//! Free visits: which starts are possible, and with whom.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::openings::{Beginnings, Offered, Openings};
use super::shape::Shape;
use super::spans::{Span, ceil, floor, merge, moment};
use super::timeline::Timeline;
use super::{Interval, Visit};
use crate::ids::StaffId;
use crate::tenant::catalog::Service;
use crate::tenant::hours::instant;
use crate::tenant::policy::Policy;
use crate::tenant::{Branch, Staff, Tenant};

/// Nobody books further ahead than this, whatever a policy says: it bounds every search.
const LONGEST_HORIZON_DAYS: u32 = 1100;

/// Choices of people offered for one start.
const CHOICES: usize = 8;

/// Days looked at in one go: few enough for a quick first answer, many enough that the days before and after, which
/// are needed for visits around midnight, weigh little.
const DAYS_AT_ONCE: i32 = 7;

/// One service of a wished visit.
#[derive(Clone, Debug)]
pub struct LegWish<'a> {
    /// Which service.
    pub service: &'a Service,
    /// A wished person; `None`: anybody who can.
    pub staff: Option<&'a Staff>,
}

/// A question to the built-in calendar: who could serve this visit, and what binds them. Made once per question.
#[derive(Clone, Debug)]
pub struct Search<'a> {
    /// The company.
    pub(super) tenant: &'a Tenant,
    /// Where.
    pub(super) branch: &'a Branch,
    /// The services in order; none: nothing is ever free.
    pub(super) legs: Vec<LegWish<'a>>,
    /// The present; nothing before now + notice is free.
    pub(super) now: Timestamp,
    /// Everybody who could do one of the legs, in the order of the tenant file.
    pub(super) people: Vec<Person<'a>>,
    /// Who can do each leg, on which terms.
    pub(super) able: Vec<Vec<Able<'a>>>,
    pub(super) shape: Shape,
    /// Where the calendar outside lets visits begin; `None`: there is none.
    pub(super) beginnings: Option<Beginnings>,
    /// Starts outside are not looked at.
    known: Span,
}

/// A person and what keeps them from working, merged.
#[derive(Clone, Debug)]
pub(super) struct Person<'a> {
    pub(super) staff: &'a Staff,
    pub(super) away: Vec<Span>,
    pub(super) taken: Vec<Span>,
}

/// Somebody who can do a leg, and when such a visit may start by the rules that hold for the two.
#[derive(Clone, Debug)]
pub(super) struct Able<'a> {
    /// Index into [`Search::people`].
    pub(super) person: usize,
    /// The rules themselves, for saying why not.
    pub(super) policy: Policy,
    /// First and last (exclusive) second a visit may start.
    pub(super) starts: Span,
    /// What a calendar outside offers of the two; `None`: there is none to be asked.
    pub(super) offered: Option<Offered<'a>>,
}

impl<'a> Search<'a> {
    /// Prepares a search; `taken` is what is taken per person, in any order, perhaps overlapping.
    ///
    /// A leg nobody can do (the service is inactive or not offered here, the wished person does not do it) makes
    /// every start impossible.
    pub fn new(
        tenant: &'a Tenant,
        branch: &'a Branch,
        legs: Vec<LegWish<'a>>,
        now: Timestamp,
        taken: &BTreeMap<StaffId, Vec<Interval>>,
    ) -> Self {
        let people: Vec<Person<'a>> = Self::candidates(tenant, branch, &legs)
            .into_iter()
            .map(|staff| Person::new(branch, staff, taken.get(&staff.id).map_or(&[], Vec::as_slice)))
            .collect();
        let today = branch.zone.to_datetime(now).date();
        let able = legs
            .iter()
            .map(|leg| {
                let doers = doers(tenant, branch, leg);
                doers
                    .filter_map(|doer| {
                        let person = people.iter().position(|person| person.staff.id == doer.id)?;
                        let layers = [&doer.policy, &leg.service.policy, &branch.policy, &tenant.policy];
                        let policy = Policy::merged(&layers);
                        let starts = Span {
                            from: ceil(now) + i64::from(policy.notice_minutes) * 60,
                            until: horizon_end(branch, today, policy.horizon_days),
                        };
                        Some(Able { person, policy, starts, offered: None })
                    })
                    .collect()
            })
            .collect();
        let shape = Shape::of(&legs);
        let known = Span { from: i64::MIN, until: i64::MAX };
        Self { tenant, branch, legs, now, people, able, shape, beginnings: None, known }
    }

    /// The same search where `taken` was only loaded for a stretch of time: no visit reaches outside of it.
    #[must_use]
    pub fn known_between(mut self, from: Timestamp, until: Timestamp) -> Self {
        let reach = self.shape.reach;
        self.known = Span { from: ceil(from) + reach, until: floor(until) - self.shape.seconds - reach };
        self
    }

    /// The same search where a calendar outside has its say, too: it only finds what [`Openings::allow`] would. Other
    /// people are tried where the calendar offers one of them and not another.
    #[must_use]
    pub fn offered_by(mut self, openings: &'a Openings) -> Self {
        for (leg, able) in self.legs.iter().zip(&mut self.able) {
            for one in able {
                let staff = self.people.get(one.person).map(|person| &person.staff.id);
                one.offered = staff.map(|staff| openings.of(&leg.service.id, staff));
            }
        }
        if let (Some(able), Some(shape)) = (self.able.first(), self.shape.legs.first()) {
            let offered = able.iter().filter_map(|one| one.offered);
            self.beginnings = Some(Beginnings::of(offered, shape.whole.seconds()));
        }
        self
    }

    /// The people whose taken time matters: everybody who could do one of the legs, in the order of the tenant file.
    pub fn candidates(tenant: &'a Tenant, branch: &'a Branch, legs: &[LegWish<'a>]) -> Vec<&'a Staff> {
        let could =
            |person: &&Staff| legs.iter().any(|leg| doers(tenant, branch, leg).any(|doer| doer.id == person.id));
        tenant.staff.iter().filter(could).collect()
    }

    /// The visits possible at exactly this start: one per choice of people, best first (one person for as many
    /// consecutive legs as possible, then those with less to do that day, then file order); at most 8. Empty: see
    /// [`Self::why_not`].
    pub fn at(&self, start: Timestamp) -> Vec<Visit> {
        let second = floor(start);
        if ceil(start) != second || !self.may_start().contains(second) {
            return Vec::new();
        }
        let day = self.date(start);
        Timeline::of(self, day, day).choices(second, CHOICES)
    }

    /// Every possible start in a stretch (`until` excluded), ascending, each with its best visit, at most `limit`.
    pub fn within(&self, from: Timestamp, until: Timestamp, limit: usize) -> Vec<Visit> {
        let asked = Span { from: ceil(from), until: ceil(until) }.common(self.may_start());
        let mut found = Vec::new();
        for (first, last) in self.weeks(asked) {
            if found.len() >= limit {
                break;
            }
            let timeline = Timeline::of(self, first, last);
            let starts = timeline.starts(asked);
            found.extend(starts.filter_map(|start| timeline.best(start)).take(limit - found.len()));
        }
        found
    }

    /// The date of an instant on the branch's wall clock.
    pub(super) fn date(&self, at: Timestamp) -> Date {
        self.branch.zone.to_datetime(at).date()
    }

    /// When visits may start by notice and horizon, opening hours aside; empty if some leg can be done by nobody.
    pub(super) fn may_start(&self) -> Span {
        let nothing = Span { from: 0, until: 0 };
        let legs = self.able.iter().map(|able| {
            let from = able.iter().map(|one| one.starts.from).min()?;
            let until = able.iter().map(|one| one.starts.until).max()?;
            Some(Span { from, until })
        });
        legs.reduce(|all, leg| Some(all?.common(leg?))).flatten().unwrap_or(nothing).common(self.known)
    }

    /// The days a stretch touches, a week at a time.
    pub(super) fn weeks(&self, span: Span) -> impl DoubleEndedIterator<Item = (Date, Date)> + use<> {
        let ends = if span.from < span.until { moment(span.from).zip(moment(span.until - 1)) } else { None };
        let mut weeks = Vec::new();
        if let Some((from, until)) = ends {
            let (mut first, end) = (self.date(from), self.date(until));
            while first <= end {
                let last = first.saturating_add((DAYS_AT_ONCE - 1).days()).min(end);
                weeks.push((first, last));
                let Ok(next) = last.tomorrow() else { break };
                first = next;
            }
        }
        weeks.into_iter()
    }
}

impl<'a> Person<'a> {
    fn new(branch: &Branch, staff: &'a Staff, taken: &[Interval]) -> Self {
        let away = staff.absences.iter().filter_map(|absence| {
            Some(Span { from: instant(&branch.zone, absence.from)?, until: instant(&branch.zone, absence.until)? })
        });
        Self { staff, away: merge(away.collect()), taken: merge(taken.iter().map(Span::around).collect()) }
    }
}

/// Active people of the branch who do a leg's service, only the wished one if there is a wish; nobody if the
/// service is not the company's own, inactive, or not offered at the branch.
fn doers<'a>(tenant: &'a Tenant, branch: &'a Branch, leg: &LegWish<'a>) -> impl Iterator<Item = &'a Staff> + use<'a> {
    let service = leg.service;
    let offered = service.active
        && service.offered_at(&branch.id)
        && tenant.service(&service.id).is_some_and(|own| own == service);
    let wished = leg.staff.map(|person| &person.id);
    tenant
        .staff_for(&branch.id, &service.id)
        .filter(move |person| offered && wished.is_none_or(|wished| person.id == *wished))
}

/// The first second after the last bookable day.
fn horizon_end(branch: &Branch, today: Date, days: u32) -> i64 {
    let days = i64::from(days.min(LONGEST_HORIZON_DAYS)) + 1;
    let end = today.saturating_add(days.days());
    instant(&branch.zone, end.at(0, 0, 0, 0)).unwrap_or(i64::MAX)
}
