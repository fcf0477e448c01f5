//! What a calendar outside calls free: the starts it offers, for the services and people that are mapped to it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::spans::{Span, ceil, floor, moment};
use super::{Interval, Leg, Visit};
use crate::ids::{ServiceId, StaffId};

/// Starts a calendar offers, in order; in whole seconds, others are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Starts(Vec<i64>);

impl Starts {
    /// From instants in any order.
    pub fn of(instants: impl IntoIterator<Item = Timestamp>) -> Self {
        let whole = instants.into_iter().filter(|at| floor(*at) == ceil(*at));
        let mut seconds: Vec<i64> = whole.map(floor).collect();
        seconds.sort_unstable();
        seconds.dedup();
        Self(seconds)
    }

    /// The instants, ascending.
    pub fn iter(&self) -> impl Iterator<Item = Timestamp> {
        self.0.iter().filter_map(|second| moment(*second))
    }

    /// Whether every second of a stretch lies in an offered time; each lasts as long as the stretch.
    pub fn cover(&self, from: Timestamp, until: Timestamp) -> bool {
        let (mut at, until) = (floor(from), ceil(until));
        let length = until - at;
        while at < until {
            match self.latest(at) {
                Some(start) if start + length > at => at = start + length,
                _ => return false,
            }
        }
        true
    }

    /// Those that satisfy a condition.
    #[must_use]
    pub fn only(&self, condition: impl Fn(Timestamp) -> bool) -> Self {
        Self(self.0.iter().copied().filter(|second| moment(*second).is_some_and(&condition)).collect())
    }

    fn contains(&self, second: i64) -> bool {
        self.0.binary_search(&second).is_ok()
    }

    /// The last one not after that second.
    fn latest(&self, second: i64) -> Option<i64> {
        let after = self.0.partition_point(|start| *start <= second);
        after.checked_sub(1).and_then(|at| self.0.get(at)).copied()
    }
}

/// The starts a calendar offers. A visit is free only if the calendar offers each of its legs, too: the first at
/// exactly its start, a later one, whose start need not be on its event type's grid, throughout its time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Openings {
    starts: BTreeMap<(ServiceId, StaffId), Known>,
    /// Where the appointment that is to be moved sits now: it is not in its own way.
    own: Vec<Interval>,
}

/// What is known of one service by one person.
#[derive(Clone, Debug, PartialEq)]
enum Known {
    /// Just these, by the time they begin; nothing is offered outside.
    Stretches(Vec<Stretch>),
    /// Not mapped to anything in the calendar: cannot be booked.
    Never,
}

/// A stretch of time the calendar was asked about.
#[derive(Clone, Debug, PartialEq)]
struct Stretch {
    span: Span,
    /// `None`: the calendar could not be asked, our own truth has to do.
    starts: Option<Arc<Starts>>,
}

const ALWAYS: Span = Span { from: i64::MIN, until: i64::MAX };

impl Openings {
    /// Free times of one service by one person, as the calendar told them; there are no others.
    pub fn offer(&mut self, service: ServiceId, staff: StaffId, starts: Arc<BTreeSet<Timestamp>>) {
        let starts = Some(Arc::new(Starts::of(starts.iter().copied())));
        self.starts.insert((service, staff), Known::Stretches(vec![Stretch { span: ALWAYS, starts }]));
    }

    /// Adds the free times of one service by one person inside a stretch of time; stretches do not overlap. Outside of
    /// all of them nothing is offered.
    pub fn offer_between(&mut self, service: ServiceId, staff: StaffId, stretch: &Interval, starts: Arc<Starts>) {
        self.add(service, staff, Stretch { span: Span::around(stretch), starts: Some(starts) });
    }

    /// The calendar could not be asked about one service by one person.
    pub fn unknown(&mut self, service: ServiceId, staff: StaffId) {
        self.starts.insert((service, staff), Known::Stretches(vec![Stretch { span: ALWAYS, starts: None }]));
    }

    /// The same for a stretch of time only; it overlaps no other one.
    pub fn unknown_between(&mut self, service: ServiceId, staff: StaffId, stretch: &Interval) {
        self.add(service, staff, Stretch { span: Span::around(stretch), starts: None });
    }

    /// One service by one person cannot be carried into the calendar at all.
    pub fn never(&mut self, service: ServiceId, staff: StaffId) {
        self.starts.insert((service, staff), Known::Never);
    }

    /// Lets an appointment be no hindrance to its own move.
    pub fn not_in_its_own_way(&mut self, visit: &Visit) {
        self.own.extend(visit.legs.iter().map(|leg| Interval { from: leg.start, until: leg.end }));
    }

    /// Whether the calendar offers all of a visit.
    pub fn allow(&self, visit: &Visit) -> bool {
        visit.legs.iter().enumerate().all(|(at, leg)| self.allow_leg(at == 0, leg))
    }

    fn allow_leg(&self, first: bool, leg: &Leg) -> bool {
        self.of(&leg.service, &leg.staff).allows(first, Span { from: floor(leg.start), until: ceil(leg.end) })
    }

    /// What is offered of one service by one person, ready to be asked often.
    pub(super) fn of(&self, service: &ServiceId, staff: &StaffId) -> Offered<'_> {
        let stretches = match self.starts.get(&(service.clone(), staff.clone())) {
            Some(Known::Stretches(stretches)) => Some(stretches.as_slice()),
            Some(Known::Never) | None => None,
        };
        Offered { stretches, own: &self.own }
    }

    fn add(&mut self, service: ServiceId, staff: StaffId, stretch: Stretch) {
        let known = self.starts.entry((service, staff)).or_insert(Known::Never);
        match known {
            Known::Stretches(stretches) => {
                let place = stretches.partition_point(|other| other.span.from <= stretch.span.from);
                stretches.insert(place, stretch);
            }
            Known::Never => *known = Known::Stretches(vec![stretch]),
        }
    }
}

/// What is offered of one service by one person.
#[derive(Clone, Copy, Debug)]
pub(super) struct Offered<'o> {
    /// `None`: nothing, ever.
    stretches: Option<&'o [Stretch]>,
    own: &'o [Interval],
}

impl Offered<'_> {
    /// Whether a leg may be then.
    pub(super) fn allows(&self, first: bool, leg: Span) -> bool {
        let Some(stretches) = self.stretches else { return false };
        let offered = match stretch_at(stretches, leg.from).map(|(_, stretch)| &stretch.starts) {
            Some(None) => true,
            Some(Some(starts)) => starts.contains(leg.from) || (!first && is_offered_throughout(stretches, leg)),
            None => false,
        };
        let own = || self.own.iter().map(Span::around).any(|own| own.from < leg.until && leg.from < own.until);
        offered || own()
    }
}

/// Where visits may begin at all, whoever serves first: one bit a minute, quick to ask thousands of times. Never narrower
/// than what [`Offered::allows`] says of first legs.
#[derive(Clone, Debug)]
pub(super) struct Beginnings {
    /// The minute of the first bit, counted from 1970.
    first: i64,
    minutes: Vec<u64>,
    /// Stretches without an answer of the calendar, and where an appointment is to be moved from.
    open: Vec<Span>,
}

/// Minutes that are kept apart; what is later is simply looked at.
const MINUTES: i64 = 2 * 366 * 24 * 60;

impl Beginnings {
    /// Of everybody who could do the first leg, which takes so many seconds.
    pub(super) fn of<'o>(offered: impl Iterator<Item = Offered<'o>> + Clone, seconds: i64) -> Self {
        let stretches = || offered.clone().flat_map(|one| one.stretches.unwrap_or_default());
        let known = || stretches().filter_map(|stretch| stretch.starts.as_ref());
        let first = known().filter_map(|starts| starts.0.first()).min().copied().unwrap_or(0).div_euclid(60);
        let last = known().filter_map(|starts| starts.0.last()).max().copied().unwrap_or(0).div_euclid(60);
        let length = (last - first + 1).clamp(1, MINUTES);
        let mut minutes = vec![0_u64; usize::try_from(length / 64 + 1).unwrap_or(1)];
        let mut seen: Vec<*const Starts> = Vec::new();
        for starts in known() {
            // People who share an event type share its answer.
            let this = Arc::as_ptr(starts);
            if seen.contains(&this) {
                continue;
            }
            seen.push(this);
            for second in &starts.0 {
                let minute = second.div_euclid(60) - first;
                if let Some(word) = usize::try_from(minute / 64).ok().and_then(|at| minutes.get_mut(at)) {
                    *word |= 1 << (minute % 64);
                }
            }
        }
        let unknown = stretches().filter(|stretch| stretch.starts.is_none()).map(|stretch| stretch.span);
        let own = offered.clone().take(1).flat_map(|one| one.own).map(Span::around);
        let own = own.map(|own| Span { from: own.from - seconds, until: own.until });
        let beyond = Span { from: (first + length) * 60, until: i64::MAX };
        Self { first, minutes, open: unknown.chain(own).chain([beyond]).collect() }
    }

    /// Whether somebody may be offered then.
    pub(super) fn may_be(&self, second: i64) -> bool {
        let minute = second.div_euclid(60) - self.first;
        let word = usize::try_from(minute.div_euclid(64)).ok().and_then(|at| self.minutes.get(at));
        word.is_some_and(|word| word >> minute.rem_euclid(64) & 1 == 1)
            || self.open.iter().any(|span| span.contains(second))
    }
}

fn stretch_at(stretches: &[Stretch], second: i64) -> Option<(usize, &Stretch)> {
    let at = stretches.partition_point(|stretch| stretch.span.from <= second).checked_sub(1)?;
    stretches.get(at).filter(|stretch| stretch.span.contains(second)).map(|stretch| (at, stretch))
}

/// Whether every second of a leg lies inside an offered time; each lasts as long as the leg.
fn is_offered_throughout(stretches: &[Stretch], leg: Span) -> bool {
    let mut at = leg.from;
    while at < leg.until {
        let Some((place, stretch)) = stretch_at(stretches, at) else { return false };
        let Some(starts) = &stretch.starts else { return true };
        // The time that is offered here may have begun in the stretch before.
        let before = || {
            let before = place.checked_sub(1).and_then(|place| stretches.get(place))?;
            before.starts.as_ref()?.latest(at)
        };
        match starts.latest(at).or_else(before) {
            Some(start) if start + leg.seconds() > at => at = start + leg.seconds(),
            _ => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH.saturating_add(SignedDuration::from_mins(minute)).unwrap()
    }

    fn visit(start: i64) -> Visit {
        let leg = Leg {
            service: ServiceId::from("schnitt"),
            staff: StaffId::from("emma"),
            start: at(start),
            end: at(start + 30),
            busy: Vec::new(),
        };
        Visit { start: leg.start, end: leg.end, legs: vec![leg] }
    }

    #[test]
    fn only_what_the_calendar_offers_is_allowed_and_what_it_could_not_be_asked_about() {
        let (service, staff) = (ServiceId::from("schnitt"), StaffId::from("emma"));
        let mut openings = Openings::default();
        assert!(!openings.allow(&visit(0)), "nothing is known of it");
        openings.offer(service.clone(), staff.clone(), Arc::new([at(0), at(60)].into()));
        assert!(openings.allow(&visit(0)) && !openings.allow(&visit(30)));
        openings.not_in_its_own_way(&visit(15));
        assert!(openings.allow(&visit(30)), "half an hour later is only in the way of itself");
        openings.unknown(service.clone(), staff.clone());
        assert!(openings.allow(&visit(345)));
        openings.never(service, staff);
        assert!(!openings.allow(&visit(345)));
    }

    fn stretch(from: i64, until: i64) -> Interval {
        Interval { from: at(from), until: at(until) }
    }

    #[test]
    fn outside_the_stretches_that_were_asked_about_nothing_is_allowed() {
        let (service, staff) = (ServiceId::from("schnitt"), StaffId::from("emma"));
        let mut openings = Openings::default();
        openings.unknown_between(service.clone(), staff.clone(), &stretch(2000, 3000));
        let starts = Arc::new(Starts::of([at(0), at(970)]));
        openings.offer_between(service, staff, &stretch(0, 1000), starts);
        assert!(openings.allow(&visit(0)) && openings.allow(&visit(970)) && openings.allow(&visit(2345)));
        assert!(!openings.allow(&visit(30)) && !openings.allow(&visit(1000)) && !openings.allow(&visit(3000)));
    }

    #[test]
    fn a_later_leg_needs_its_time_to_be_offered_and_not_its_start_to_be_on_the_grid() {
        let (service, staff) = (ServiceId::from("schnitt"), StaffId::from("emma"));
        let later_leg_at = |start: i64, openings: &Openings| {
            let (mut both, before) = (visit(start), visit(start - 30));
            both.legs.insert(0, Leg { service: ServiceId::from("farbe"), ..before.legs[0].clone() });
            openings.allow(&Visit { start: before.start, ..both })
        };
        let mut openings = Openings::default();
        openings.unknown(ServiceId::from("farbe"), staff.clone());
        let starts = Arc::new(Starts::of([60, 90, 120, 180, 995].map(at)));
        openings.offer_between(service.clone(), staff.clone(), &stretch(0, 1000), starts);
        openings.offer_between(service, staff, &stretch(1000, 2000), Arc::new(Starts::of([at(1020)])));
        assert!(later_leg_at(75, &openings) && later_leg_at(90, &openings) && later_leg_at(100, &openings));
        assert!(!later_leg_at(121, &openings), "from 150 on nobody is free");
        assert!(!later_leg_at(165, &openings) && !later_leg_at(50, &openings));
        assert!(later_leg_at(1010, &openings), "begun in the stretch before");
        assert!(!openings.allow(&visit(75)), "a first leg keeps to the grid");
    }

    proptest::proptest! {
        #[test]
        fn where_a_visit_may_begin_is_never_narrower_than_what_is_offered(
            offers in proptest::collection::vec(proptest::collection::vec(-5000_i64..5000, 0..40), 1..4),
            unknown in proptest::option::of(-3000_i64..3000),
            own in proptest::option::of(-3000_i64..3000),
            asked in -6000_i64..6000,
        ) {
            let service = ServiceId::from("schnitt");
            let mut openings = Openings::default();
            let people: Vec<StaffId> = (0..offers.len()).map(|n| StaffId::new(format!("p{n}"))).collect();
            for (staff, starts) in people.iter().zip(&offers) {
                let starts = Arc::new(Starts::of(starts.iter().map(|minute| at(*minute))));
                let week = Interval { from: at(-4000), until: at(4000) };
                openings.offer_between(service.clone(), staff.clone(), &week, starts);
            }
            if let Some(from) = unknown {
                let stretch = Interval { from: at(9000 + from), until: at(9000 + from + 300) };
                openings.unknown_between(service.clone(), people[0].clone(), &stretch);
            }
            if let Some(own) = own {
                openings.not_in_its_own_way(&visit(own));
            }
            let offered: Vec<_> = people.iter().map(|staff| openings.of(&service, staff)).collect();
            let beginnings = Beginnings::of(offered.iter().copied(), 1800);
            for minute in [asked, asked + 9000] {
                let second = floor(at(minute));
                let leg = Span { from: second, until: second + 1800 };
                if offered.iter().any(|one| one.allows(true, leg)) {
                    proptest::prop_assert!(beginnings.may_be(second));
                }
            }
        }
    }
}
