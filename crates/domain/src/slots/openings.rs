//! What a calendar outside calls free: the starts it offers, for the services and people that are mapped to it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::{Interval, Leg, Visit};
use crate::ids::{ServiceId, StaffId};

/// The starts a calendar offers. A visit is free only if the calendar offers the start of each of its legs, too.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Openings {
    starts: BTreeMap<(ServiceId, StaffId), Starts>,
    /// Where the appointment that is to be moved sits now: it is not in its own way.
    own: Vec<Interval>,
}

/// What is known of one service by one person.
#[derive(Clone, Debug, PartialEq)]
enum Starts {
    /// Just these, inside the stretch that was asked for.
    Known(Arc<BTreeSet<Timestamp>>),
    /// The calendar could not be asked: our own truth has to do.
    Unknown,
    /// Not mapped to anything in the calendar: cannot be booked.
    Never,
}

impl Openings {
    /// Free times of one service by one person, as the calendar told them.
    pub fn offer(&mut self, service: ServiceId, staff: StaffId, starts: Arc<BTreeSet<Timestamp>>) {
        self.starts.insert((service, staff), Starts::Known(starts));
    }

    /// The calendar could not be asked about one service by one person.
    pub fn unknown(&mut self, service: ServiceId, staff: StaffId) {
        self.starts.insert((service, staff), Starts::Unknown);
    }

    /// One service by one person cannot be carried into the calendar at all.
    pub fn never(&mut self, service: ServiceId, staff: StaffId) {
        self.starts.insert((service, staff), Starts::Never);
    }

    /// Lets an appointment be no hindrance to its own move.
    pub fn not_in_its_own_way(&mut self, visit: &Visit) {
        self.own.extend(visit.legs.iter().map(|leg| Interval { from: leg.start, until: leg.end }));
    }

    /// Whether the calendar offers all of a visit.
    pub fn allow(&self, visit: &Visit) -> bool {
        visit.legs.iter().all(|leg| self.allow_leg(leg))
    }

    fn allow_leg(&self, leg: &Leg) -> bool {
        match self.starts.get(&(leg.service.clone(), leg.staff.clone())) {
            Some(Starts::Known(starts)) => {
                let here = Interval { from: leg.start, until: leg.end };
                starts.contains(&leg.start) || self.own.iter().any(|own| own.overlaps(&here))
            }
            Some(Starts::Unknown) => true,
            Some(Starts::Never) | None => false,
        }
    }
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
}
