//! Alternatives near a wish: verified free times, ranked by nearness.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use jiff::{Timestamp, ToSpan, Zoned};

use super::Visit;
use super::free::Search;
use super::spans::{Span, ceil, floor, merge};
use super::timeline::Timeline;
use crate::tenant::hours::{WallDay, days, instant};

/// For so many days after the wished one the same clock time comes before other times.
const SAME_CLOCK_DAYS: i32 = 14;

/// What alternatives are sought near to.
#[derive(Clone, Debug)]
pub struct Near<'a> {
    /// The wished start; never among the alternatives.
    pub wished: &'a Zoned,
    /// How many.
    pub count: usize,
    /// Keep to these stretches (a stated half-day); if they hold nothing, look outside them.
    pub within: Option<&'a [(Timestamp, Timestamp)]>,
}

/// Free visits near a wish, best first, no two at the same instant: on the same day by distance (a tie goes to the
/// later one), then the same clock time on the next days, then whatever comes next, over the whole horizon.
///
/// Nothing before the wished day is told unless nothing else is free at all; then the latest of those comes first.
pub fn alternatives(search: &Search<'_>, near: &Near<'_>) -> Vec<Visit> {
    let bookable = search.may_start();
    let kept = near.within.map(|stretches| {
        let spans = stretches.iter().map(|(from, until)| Span { from: ceil(*from), until: ceil(*until) });
        merge(spans.map(|span| span.common(bookable)).collect())
    });
    let inside = kept.map_or_else(Vec::new, |scope| Ranking::over(scope, search, near).visits());
    if inside.is_empty() { Ranking::over(vec![bookable], search, near).visits() } else { inside }
}

/// Alternatives as they are collected, best first.
struct Ranking<'r, 'a> {
    search: &'r Search<'a>,
    near: &'r Near<'r>,
    /// Where starts may lie; merged.
    scope: Vec<Span>,
    /// The wished day.
    day: Span,
    found: Vec<Visit>,
    seen: BTreeSet<Timestamp>,
}

impl<'r, 'a> Ranking<'r, 'a> {
    fn over(scope: Vec<Span>, search: &'r Search<'a>, near: &'r Near<'r>) -> Self {
        let wished = near.wished.timestamp();
        let whole = WallDay::of(&search.branch.zone, search.date(wished));
        let day = whole
            .map_or(Span { from: floor(wished), until: ceil(wished) }, |day| Span { from: day.from, until: day.until });
        Self { search, near, scope, day, found: Vec::new(), seen: BTreeSet::from([wished]) }
    }

    fn visits(mut self) -> Vec<Visit> {
        self.same_day();
        self.same_clock();
        self.after();
        if self.found.is_empty() {
            self.before();
        }
        self.found
    }

    fn same_day(&mut self) {
        let wished = self.near.wished.timestamp();
        let mut visits = self.inside(self.day, usize::MAX);
        visits.sort_by_key(|visit| (visit.start.duration_since(wished).abs(), Reverse(visit.start)));
        self.take(visits);
    }

    fn same_clock(&mut self) {
        let zone = &self.search.branch.zone;
        let wished = zone.to_datetime(self.near.wished.timestamp());
        // A wish of the past is continued from today, not from its own day.
        let first =
            wished.date().max(self.search.date(self.search.now).saturating_sub(1.day())).saturating_add(1.day());
        let last = first.saturating_add((SAME_CLOCK_DAYS - 1).days());
        if self.missing() == 0 {
            return;
        }
        let timeline = Timeline::of(self.search, first, last);
        let starts = days(first, last).filter_map(|day| instant(zone, day.to_datetime(wished.time())));
        let visits: Vec<Visit> = starts
            .filter(|start| self.scope.iter().any(|span| span.contains(*start)))
            .filter_map(|start| timeline.best(start))
            .collect();
        self.take(visits);
    }

    fn after(&mut self) {
        if self.missing() > 0 {
            let visits = self.inside(Span { from: self.day.until, until: i64::MAX }, self.missing() + self.found.len());
            self.take(visits);
        }
    }

    fn before(&mut self) {
        for span in self.scope.clone().into_iter().rev() {
            let early = span.common(Span { from: i64::MIN, until: self.day.from });
            for (first, last) in self.search.weeks(early).rev() {
                if self.missing() == 0 {
                    return;
                }
                let timeline = Timeline::of(self.search, first, last);
                let mut visits: Vec<Visit> = timeline.starts(early).filter_map(|start| timeline.best(start)).collect();
                visits.reverse();
                self.take(visits);
            }
        }
    }

    /// Free visits of the scope inside a stretch, ascending.
    fn inside(&self, stretch: Span, limit: usize) -> Vec<Visit> {
        let mut visits = Vec::new();
        for span in &self.scope {
            let common = span.common(stretch);
            if let Some(interval) = common.interval() {
                visits.extend(self.search.within(interval.from, interval.until, limit - visits.len()));
            }
        }
        visits
    }

    fn missing(&self) -> usize {
        self.near.count.saturating_sub(self.found.len())
    }

    fn take(&mut self, visits: Vec<Visit>) {
        for visit in visits {
            if self.missing() > 0 && self.seen.insert(visit.start) {
                self.found.push(visit);
            }
        }
    }
}
