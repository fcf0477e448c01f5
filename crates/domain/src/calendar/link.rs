//! How a tenant's services and people map to a calendar outside; part of the tenant's definition.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::{EventType, Host};
use crate::ids::{ServiceId, StaffId};
use crate::slots::{Leg, Visit};
use crate::tenant::catalog::Service;

/// A tenant's calendar outside.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarLink {
    /// Whose calendar.
    pub provider: Provider,
    /// Its API's address without a slash at the end, `https://api.cal.com` unless said.
    pub url: String,
    /// A calendar on this machine or in a private network is meant; without it such addresses are refused.
    #[serde(default)]
    pub private: bool,
    /// Which of its event types stands for what.
    pub event_types: Vec<Mapped>,
    /// Requests a minute its key may make; 120 unless said.
    #[serde(default = "usual_rate")]
    pub per_minute: u32,
    /// A booking whose e-mail address cannot be changed there may be cancelled and made again.
    #[serde(default)]
    pub rebook_for_email: bool,
}

fn usual_rate() -> u32 {
    120
}

/// The calendars that are spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// Cal.com's API v2: its cloud, its European cloud, or self-hosted.
    Calcom,
}

/// An event type and what it stands for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapped {
    /// The service.
    pub service: ServiceId,
    /// The one person whose event type this is; none: several share it and the calendar or `hosts` says who.
    #[serde(default)]
    pub staff: Option<StaffId>,
    /// One for the whole service, or one for each phase in which the person is busy.
    pub ids: Vec<EventType>,
    /// In a shared event type: the numbers of our people there, so that the chosen one is booked.
    #[serde(default)]
    pub hosts: BTreeMap<StaffId, Host>,
    /// What the event type's form wants to know beside name and e-mail.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
}

/// One booking that has to exist in the calendar for a visit: one for each leg, or for each busy phase of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Of what.
    pub event_type: EventType,
    /// By whom there, where the event type is shared.
    pub host: Option<Host>,
    /// Several people share the event type: creates go one at a time.
    pub pooled: bool,
    /// Our person.
    pub staff: StaffId,
    /// From when.
    pub start: jiff::Timestamp,
    /// Until when.
    pub end: jiff::Timestamp,
    /// What the form wants to know.
    pub fields: BTreeMap<String, String>,
}

impl CalendarLink {
    /// What stands for this service by this person: their own event type before a shared one.
    pub fn mapped(&self, service: &ServiceId, staff: &StaffId) -> Option<&Mapped> {
        let of = |own: bool| {
            self.event_types.iter().find(move |mapped| {
                mapped.service == *service
                    && match &mapped.staff {
                        Some(person) => own && person == staff,
                        None => !own && (mapped.hosts.is_empty() || mapped.hosts.contains_key(staff)),
                    }
            })
        };
        of(true).or_else(|| of(false))
    }

    /// Whether a leg of this service by this person can be carried into the calendar.
    pub fn can_carry(&self, service: &ServiceId, staff: &StaffId) -> bool {
        self.mapped(service, staff).is_some_and(|mapped| !mapped.ids.is_empty())
    }

    /// The bookings a visit needs in the calendar; `None` if a leg has no event type.
    pub fn parts<'s>(&self, visit: &Visit, service: impl Fn(&ServiceId) -> Option<&'s Service>) -> Option<Vec<Part>> {
        let mut parts = Vec::new();
        for leg in &visit.legs {
            let mapped = self.mapped(&leg.service, &leg.staff)?;
            let stretches = match mapped.ids.as_slice() {
                [] => return None,
                [_] => vec![(leg.start, leg.end)],
                _ => busy_phases(leg, service(&leg.service)?),
            };
            if stretches.len() != mapped.ids.len() {
                return None;
            }
            for (event_type, (start, end)) in mapped.ids.iter().zip(stretches) {
                parts.push(Part {
                    event_type: *event_type,
                    host: mapped.hosts.get(&leg.staff).copied(),
                    pooled: mapped.staff.is_none(),
                    staff: leg.staff.clone(),
                    start,
                    end,
                    fields: mapped.fields.clone(),
                });
            }
        }
        Some(parts)
    }
}

/// How long each stretch is in which the person is busy, in minutes, without buffers; neighbouring phases are one.
pub fn busy_minutes(service: &Service) -> Vec<u16> {
    let mut stretches: Vec<u16> = Vec::new();
    let mut going_on = false;
    for phase in &service.phases {
        match stretches.last_mut() {
            Some(minutes) if going_on && !phase.staff_free => *minutes = minutes.saturating_add(phase.minutes),
            _ if !phase.staff_free => stretches.push(phase.minutes),
            _ => {}
        }
        going_on = !phase.staff_free;
    }
    stretches
}

impl Mapped {
    /// When, counted from the start of the service, each of its event types is needed: from and until; `None` if the
    /// event types do not fit the service's phases.
    pub fn needed(&self, service: &Service) -> Option<Vec<(SignedDuration, SignedDuration)>> {
        let start = jiff::Timestamp::UNIX_EPOCH;
        let end = start.saturating_add(SignedDuration::from_mins(i64::from(service.minutes()))).ok()?;
        let whole = Leg { service: service.id.clone(), staff: StaffId::from(""), start, end, busy: Vec::new() };
        let stretches = match self.ids.as_slice() {
            [] => return None,
            [_] => vec![(start, end)],
            _ => busy_phases(&whole, service),
        };
        let from_start = |at: jiff::Timestamp| at.duration_since(start);
        (stretches.len() == self.ids.len())
            .then(|| stretches.into_iter().map(|(from, until)| (from_start(from), from_start(until))).collect())
    }
}

/// The stretches of a leg in which the person is busy, without buffers; neighbouring phases are one.
fn busy_phases(leg: &Leg, service: &Service) -> Vec<(jiff::Timestamp, jiff::Timestamp)> {
    let mut stretches: Vec<(jiff::Timestamp, jiff::Timestamp)> = Vec::new();
    let mut at = leg.start;
    for phase in &service.phases {
        let until = at.saturating_add(SignedDuration::from_mins(i64::from(phase.minutes))).unwrap_or(leg.end);
        if !phase.staff_free {
            match stretches.last_mut() {
                Some((_, end)) if *end == at => *end = until,
                _ => stretches.push((at, until)),
            }
        }
        at = until;
    }
    stretches
}
