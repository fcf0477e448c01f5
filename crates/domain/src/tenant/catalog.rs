//! Services: what can be booked, how long it takes and in which parts.

use serde::{Deserialize, Serialize};

use super::policy::PolicyLayer;
use crate::ids::{BranchId, ServiceId};

/// Something a customer can book.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Unique inside the tenant.
    pub id: ServiceId,
    /// As spoken; may contain commas ("Waschen, Schneiden, Föhnen" is one service).
    pub name: String,
    /// Other ways callers say it.
    #[serde(default)]
    pub synonyms: Vec<String>,
    /// Group for reading out long lists.
    #[serde(default)]
    pub category: Option<String>,
    /// Branches that offer it; empty: the whole company.
    #[serde(default)]
    pub branches: Vec<BranchId>,
    /// Inactive services are neither offered nor booked.
    #[serde(default = "super::yes")]
    pub active: bool,
    /// The parts of the service, one after the other; at least one, the first with the person busy.
    pub phases: Vec<Phase>,
    /// Minutes the person needs before the customer comes.
    #[serde(default)]
    pub buffer_before: u16,
    /// Minutes the person needs after the customer left.
    #[serde(default)]
    pub buffer_after: u16,
    /// What it costs, if it is told on the phone.
    #[serde(default)]
    pub price: Option<Money>,
    /// This service's rules.
    #[serde(default)]
    pub policy: PolicyLayer,
}

/// One part of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phase {
    /// How long.
    pub minutes: u16,
    /// The person is free for others meanwhile (dye works, a cast dries).
    #[serde(default)]
    pub staff_free: bool,
}

/// An amount of money in the smallest unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// Cents (or the currency's smallest unit).
    pub cents: i64,
    /// ISO 4217, three capitals.
    pub currency: String,
    /// "from": the real price is told on the spot.
    #[serde(default)]
    pub from: bool,
}

impl Service {
    /// Minutes the customer is there: all phases, no buffers.
    pub fn minutes(&self) -> u32 {
        self.phases.iter().map(|phase| u32::from(phase.minutes)).sum()
    }

    /// Whether this branch offers it, active or not.
    pub fn offered_at(&self, branch: &BranchId) -> bool {
        self.branches.is_empty() || self.branches.contains(branch)
    }
}
