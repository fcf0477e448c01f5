//! Free visits: which starts are possible, and with whom.

use std::collections::BTreeMap;

use jiff::{Timestamp, Zoned};

use super::{Interval, Visit};
use crate::ids::StaffId;
use crate::reply::WhyNot;
use crate::tenant::catalog::Service;
use crate::tenant::{Branch, Staff, Tenant};

/// One service of a wished visit.
#[derive(Clone, Debug)]
pub struct LegWish<'a> {
    /// Which service.
    pub service: &'a Service,
    /// A wished person; `None`: anybody who can.
    pub staff: Option<&'a Staff>,
}

/// Everything a search needs beside the wish.
#[derive(Clone, Debug)]
pub struct Search<'a> {
    /// The company.
    pub tenant: &'a Tenant,
    /// Where.
    pub branch: &'a Branch,
    /// The services in order; at least one.
    pub legs: Vec<LegWish<'a>>,
    /// The present; nothing before now + notice is free.
    pub now: Timestamp,
    /// What is taken, per person; any order, may overlap.
    pub taken: &'a BTreeMap<StaffId, Vec<Interval>>,
}

impl<'a> Search<'a> {
    /// Stub.
    pub fn new(
        tenant: &'a Tenant,
        branch: &'a Branch,
        legs: Vec<LegWish<'a>>,
        now: Timestamp,
        taken: &'a BTreeMap<StaffId, Vec<Interval>>,
    ) -> Self {
        Self { tenant, branch, legs, now, taken }
    }
    /// Stub.
    pub fn known_until(self, _until: Timestamp) -> Self {
        self
    }

    /// The people whose taken time matters: everybody who could do one of the legs.
    pub fn candidates(tenant: &'a Tenant, branch: &'a Branch, legs: &[LegWish<'a>]) -> Vec<&'a Staff> {
        let _ = (tenant, branch, legs);
        todo!("slots")
    }

    /// The visits possible at exactly this start: one per choice of people, best first (one person for as many legs
    /// as possible, then those with less to do that day, then file order); at most 8. Empty: see [`Self::why_not`].
    pub fn at(&self, start: Timestamp) -> Vec<Visit> {
        let _ = start;
        todo!("slots")
    }

    /// Every possible start in a stretch, ascending, each with its best visit, at most `limit`.
    pub fn within(&self, from: Timestamp, until: Timestamp, limit: usize) -> Vec<Visit> {
        let _ = (from, until, limit);
        todo!("slots")
    }

    /// Why that start is not free: past and notice first, then horizon, holiday, closed, grid, the wished person's
    /// ability, hours and bookings, then taken.
    pub fn why_not(&self, start: &Zoned) -> WhyNot {
        let _ = start;
        todo!("slots")
    }
}
