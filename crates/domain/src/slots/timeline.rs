//! A few days of one branch, worked out: openings, possible starts, who is free when.

use std::cmp::Ordering;

use jiff::ToSpan;
use jiff::civil::Date;

use super::Visit;
use super::free::{Able, Person, Search};
use super::spans::{Span, covers, intersect, merge, overlapping, subtract};
use crate::tenant::Staff;
use crate::tenant::hours::{DaySpan, WallDay, days, opening_on};

/// The days `first` to `last` of a search, with enough of the days around them for visits that cross midnight.
pub(super) struct Timeline<'s, 'a> {
    search: &'s Search<'a>,
    /// When the branch is open; merged.
    openings: Vec<Span>,
    /// The days themselves, ascending.
    days: Vec<Day>,
    /// Per person: working hours without absences; merged.
    working: Vec<Vec<Span>>,
    /// Per person: what of `working` is not taken; merged.
    free: Vec<Vec<Span>>,
}

/// One day on which visits may start.
struct Day {
    whole: Span,
    /// Its grid; ascending.
    starts: Vec<i64>,
    /// Per person: seconds taken on this day.
    load: Vec<i64>,
}

/// A choice of people for the first legs of a visit.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Choice {
    /// How often the customer is handed from one person to another.
    changes: usize,
    /// What these people have to do that day already, in seconds.
    load: i64,
    /// Indices of people, one per leg; file order decides last.
    people: Vec<usize>,
}

impl<'s, 'a> Timeline<'s, 'a> {
    pub(super) fn of(search: &'s Search<'a>, first: Date, last: Date) -> Self {
        let margin = 1 + (search.shape.seconds + search.shape.reach) / (24 * 60 * 60);
        let from = first.saturating_sub(margin.days());
        let until = last.saturating_add(margin.days());
        let mut openings = Vec::new();
        let mut own_hours = vec![Vec::new(); search.people.len()];
        let mut grid_days = Vec::new();
        for date in days(from, until) {
            let Some(day) = WallDay::of(&search.branch.zone, date) else { continue };
            let hours = opening_on(search.branch, date).unwrap_or_default();
            openings.extend(hours.iter().map(|span| day.span(span)));
            for (person, spans) in search.people.iter().zip(&mut own_hours) {
                let own = person.staff.hours.as_ref().map_or(&[][..], |week| week.on(date.weekday()));
                spans.extend(own.iter().map(|span| day.span(span)));
            }
            if (first..=last).contains(&date) {
                let whole = Span { from: day.from, until: day.until };
                let starts = grid(&day, &hours, search.tenant.slot_grid_minutes);
                let load = search.people.iter().map(|person| person.load(whole)).collect();
                grid_days.push(Day { whole, starts, load });
            }
        }
        let openings = merge(openings);
        let working: Vec<Vec<Span>> = search
            .people
            .iter()
            .zip(own_hours)
            .map(|(person, own)| {
                let hours = if person.staff.hours.is_some() { &intersect(&merge(own), &openings) } else { &openings };
                subtract(hours, &person.away)
            })
            .collect();
        let free = search.people.iter().zip(&working).map(|(person, spans)| subtract(spans, &person.taken)).collect();
        Self { search, openings, days: grid_days, working, free }
    }

    /// The grid's instants inside a stretch, ascending, where the calendar outside lets visits begin; nothing is said
    /// about who is free.
    pub(super) fn starts(&self, span: Span) -> impl Iterator<Item = i64> {
        let inside = self.days.iter().flat_map(|day| &day.starts).copied().filter(move |start| span.contains(*start));
        inside.filter(|start| self.search.beginnings.as_ref().is_none_or(|beginnings| beginnings.may_be(*start)))
    }

    /// Whether visits may start at this instant at all, by the grid.
    pub(super) fn on_grid(&self, start: i64) -> bool {
        self.day(start).is_some_and(|day| day.starts.binary_search(&start).is_ok())
    }

    /// Whether the branch is open from the customer's coming to the going, without a closing between.
    pub(super) fn open_throughout(&self, start: i64) -> bool {
        covers(&self.openings, Span { from: start, until: start + self.search.shape.seconds })
    }

    /// Whether the branch is open at that second.
    pub(super) fn is_open(&self, second: i64) -> bool {
        self.openings.iter().any(|span| span.contains(second))
    }

    /// Whether a person works, taken or not, when a leg needs them.
    pub(super) fn works(&self, person: usize, leg: usize, start: i64) -> bool {
        self.working.get(person).is_some_and(|hours| self.needs(person, leg, start).all(|part| covers(hours, part)))
    }

    /// Whether a person is free when a leg needs them.
    pub(super) fn is_free(&self, person: usize, leg: usize, start: i64) -> bool {
        self.free.get(person).is_some_and(|free| self.needs(person, leg, start).all(|part| covers(free, part)))
    }

    /// When a leg needs a person: its busy phases, and its buffers unless the person could do the leg beyond as well.
    fn needs(&self, person: usize, leg: usize, start: i64) -> impl Iterator<Item = Span> {
        let could = |leg: Option<usize>| {
            let able = leg.and_then(|leg| self.search.able.get(leg));
            able.is_some_and(|able| able.iter().any(|one| one.person == person))
        };
        let shape = self.search.shape.legs.get(leg);
        let before = shape.filter(|_| !could(leg.checked_sub(1))).map(|shape| shape.before.later(start));
        let after = shape.filter(|_| !could(leg.checked_add(1))).map(|shape| shape.after.later(start));
        let busy = shape.into_iter().flat_map(move |shape| shape.core(start));
        busy.chain(before).chain(after).filter(|part| part.seconds() > 0)
    }

    /// The best visit at a start of the grid.
    pub(super) fn best(&self, start: i64) -> Option<Visit> {
        let day = self.day(start)?;
        let [able] = self.search.able.as_slice() else {
            return self.choices(start, 1).pop();
        };
        // One leg is by far the most frequent wish and needs no bookkeeping.
        if !self.possible(day, start) {
            return None;
        }
        let load = |one: &&Able<'_>| day.load.get(one.person).copied().unwrap_or(0);
        let person = able.iter().filter(|one| self.could(one, 0, start)).min_by_key(load)?.person;
        self.visit(start, &[person])
    }

    /// Visits at a start of the grid, best choice of people first, at most `limit`.
    pub(super) fn choices(&self, start: i64, limit: usize) -> Vec<Visit> {
        let Some(day) = self.day(start).filter(|day| self.possible(day, start)) else { return Vec::new() };
        // Most starts fail because some leg has nobody at all: found out before anything is put together.
        let mut legs = self.search.able.iter().enumerate();
        if !legs.all(|(leg, able)| able.iter().any(|one| self.fits_core(one, leg, start))) {
            return Vec::new();
        }
        let mut choices = vec![Choice { changes: 0, load: 0, people: Vec::new() }];
        for (leg, able) in self.search.able.iter().enumerate() {
            let mut longer = Vec::new();
            for one in able.iter().filter(|one| self.fits_core(one, leg, start)) {
                let load = day.load.get(one.person).copied().unwrap_or(0);
                let before = self.fits_before(one.person, leg, start);
                let mut via: Vec<Choice> = choices
                    .iter()
                    .filter_map(|choice| self.hand_over(choice, one.person, before, leg, start))
                    .collect();
                for choice in &mut via {
                    choice.load += load;
                    choice.people.push(one.person);
                }
                // The rest of a visit only depends on who does this leg, so the best few per person are enough.
                via.sort_unstable();
                via.truncate(limit);
                longer.append(&mut via);
            }
            choices = longer;
        }
        let last = self.search.able.len().saturating_sub(1);
        choices.retain(|choice| choice.people.last().is_some_and(|person| self.fits_after(*person, last, start)));
        choices.sort_unstable();
        choices.truncate(limit);
        choices.iter().filter_map(|choice| self.visit(start, &choice.people)).collect()
    }

    /// A choice as it is when `person` takes over for `leg`, or `None` where buffers stand against it.
    fn hand_over(&self, choice: &Choice, person: usize, before: bool, leg: usize, start: i64) -> Option<Choice> {
        match choice.people.last() {
            // Legs of one person follow each other without buffers between.
            Some(previous) if *previous == person => Some(choice.clone()),
            Some(previous) => (before && self.fits_after(*previous, leg - 1, start))
                .then(|| Choice { changes: choice.changes + 1, ..choice.clone() }),
            None => before.then(|| choice.clone()),
        }
    }

    fn day(&self, start: i64) -> Option<&Day> {
        let at = self.days.binary_search_by(|day| match () {
            () if day.whole.until <= start => Ordering::Less,
            () if day.whole.from > start => Ordering::Greater,
            () => Ordering::Equal,
        });
        self.days.get(at.ok()?)
    }

    /// What does not depend on who serves.
    fn possible(&self, day: &Day, start: i64) -> bool {
        self.search.shape.seconds > 0 && day.starts.binary_search(&start).is_ok() && self.open_throughout(start)
    }

    /// Somebody's rules and free time, both buffers included.
    fn could(&self, one: &Able<'_>, leg: usize, start: i64) -> bool {
        self.fits_core(one, leg, start)
            && self.fits_before(one.person, leg, start)
            && self.fits_after(one.person, leg, start)
    }

    fn fits_core(&self, one: &Able<'_>, leg: usize, start: i64) -> bool {
        let free = self.free.get(one.person).zip(self.search.shape.legs.get(leg));
        one.starts.contains(start)
            && free.is_some_and(|(free, shape)| {
                shape.core(start).all(|part| covers(free, part))
                    && one.offered.is_none_or(|offered| offered.allows(leg == 0, shape.whole.later(start)))
            })
    }

    fn fits_before(&self, person: usize, leg: usize, start: i64) -> bool {
        self.search.shape.legs.get(leg).is_some_and(|shape| self.fits_buffer(person, shape.before.later(start)))
    }

    fn fits_after(&self, person: usize, leg: usize, start: i64) -> bool {
        self.search.shape.legs.get(leg).is_some_and(|shape| self.fits_buffer(person, shape.after.later(start)))
    }

    fn fits_buffer(&self, person: usize, buffer: Span) -> bool {
        buffer.seconds() == 0 || self.free.get(person).is_some_and(|free| covers(free, buffer))
    }

    fn visit(&self, start: i64, people: &[usize]) -> Option<Visit> {
        let people: Vec<&Staff> =
            people.iter().filter_map(|at| self.search.people.get(*at)).map(|person| person.staff).collect();
        self.search.shape.visit(&self.search.legs, start, &people)
    }
}

impl Person<'_> {
    /// Seconds taken inside a stretch.
    fn load(&self, span: Span) -> i64 {
        overlapping(&self.taken, span).iter().map(|taken| taken.common(span).seconds()).sum()
    }
}

/// Every instant of one day whose wall clock is on the grid, counted from the start of the opening it lies in.
fn grid(day: &WallDay<'_>, hours: &[DaySpan], step: u16) -> Vec<i64> {
    let mut starts = Vec::new();
    for span in hours {
        let open = day.span(span);
        let minutes = (span.from..span.until).step_by(usize::from(step.max(1)));
        starts.extend(minutes.flat_map(|minute| day.showing(minute)).filter(|start| open.contains(*start)));
    }
    starts.sort_unstable();
    starts.dedup();
    starts
}
