//! The shape of a visit before anybody is chosen: which parts of it bind a person, in seconds from its start.

use super::free::LegWish;
use super::spans::{Span, merge, moment};
use super::{Leg, Visit};
use crate::tenant::Staff;
use crate::tenant::catalog::Service;

/// A visit's legs, back to back.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    pub(super) legs: Vec<LegShape>,
    /// How long the customer is there.
    pub(super) seconds: i64,
    /// Seconds before its start and after its end that a buffer can reach at most.
    pub(super) reach: i64,
}

/// One leg, counted from the start of the visit.
#[derive(Clone, Debug)]
pub(super) struct LegShape {
    /// From its first phase to its last.
    pub(super) whole: Span,
    /// Its busy phases, merged, without buffers.
    pub(super) busy: Vec<Span>,
    /// The buffer before it; may be empty.
    pub(super) before: Span,
    /// The buffer after it; may be empty.
    pub(super) after: Span,
}

impl Shape {
    pub(super) fn of(legs: &[LegWish<'_>]) -> Self {
        let mut from = 0;
        let legs: Vec<LegShape> = legs
            .iter()
            .map(|leg| {
                let shape = LegShape::of(leg.service, from);
                from = shape.whole.until;
                shape
            })
            .collect();
        let reach = legs.iter().map(|leg| leg.before.seconds().max(leg.after.seconds())).max().unwrap_or(0);
        Self { legs, seconds: from, reach }
    }

    /// The visit at this start by these people, one per leg.
    ///
    /// Between two legs of the same person the buffers give way: directly adjacent legs have none between them, and
    /// where another leg lies between, they end where the person's next leg begins. So what one person is taken for
    /// never overlaps itself.
    pub(super) fn visit(&self, wishes: &[LegWish<'_>], start: i64, people: &[&Staff]) -> Option<Visit> {
        let mut legs = Vec::with_capacity(self.legs.len());
        for (at, (shape, (wish, person))) in self.legs.iter().zip(wishes.iter().zip(people)).enumerate() {
            let same = |(_, other): &(&LegShape, &&Staff)| other.id == person.id;
            let earlier = self.legs.iter().zip(people).take(at).rfind(same);
            let later = self.legs.iter().zip(people).skip(at + 1).find(same);
            let own = Span {
                from: earlier.map_or(i64::MIN, |(leg, _)| leg.after.until.min(shape.whole.from)),
                until: later.map_or(i64::MAX, |(leg, _)| leg.whole.from),
            };
            let parts = shape.busy.iter().chain([&shape.before, &shape.after]);
            let busy = merge(parts.map(|part| part.common(own)).collect());
            let whole = shape.whole.later(start);
            legs.push(Leg {
                service: wish.service.id.clone(),
                staff: person.id.clone(),
                start: moment(whole.from)?,
                end: moment(whole.until)?,
                busy: busy.into_iter().filter_map(|part| part.later(start).interval()).collect(),
            });
        }
        Some(Visit { start: moment(start)?, end: moment(start + self.seconds)?, legs })
    }
}

impl LegShape {
    fn of(service: &Service, from: i64) -> Self {
        let mut until = from;
        let mut busy = Vec::with_capacity(service.phases.len());
        for phase in &service.phases {
            let part = Span { from: until, until: until + i64::from(phase.minutes) * 60 };
            until = part.until;
            if !phase.staff_free {
                busy.push(part);
            }
        }
        Self {
            whole: Span { from, until },
            busy: merge(busy),
            before: Span { from: from - i64::from(service.buffer_before) * 60, until: from },
            after: Span { from: until, until: until + i64::from(service.buffer_after) * 60 },
        }
    }

    /// Everything but the buffers: what a person must be free for in any case.
    pub(super) fn core(&self, start: i64) -> impl Iterator<Item = Span> {
        self.busy.iter().map(move |part| part.later(start))
    }
}
