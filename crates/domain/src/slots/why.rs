//! Why a start is not free, in the words of a reply.

use std::collections::BTreeMap;

use jiff::Zoned;

use super::free::{Able, Search};
use super::spans::{ceil, floor};
use super::timeline::Timeline;
use crate::reply::WhyNot;
use crate::tenant::hours::{ClosedFor, opening_on};
use crate::tenant::policy::Policy;

impl Search<'_> {
    /// Why that start is not free: past and notice first, then horizon, holiday, closed, grid, the wished person's
    /// ability, hours and bookings, then taken.
    ///
    /// Closed also means: the visit would last beyond closing. Nothing free: nobody who can do it works then, taken
    /// or not. Says [`WhyNot::Taken`] when asked about a start that is free, and where only a calendar outside objects:
    /// what it has there is not ours to tell.
    pub fn why_not(&self, start: &Zoned) -> WhyNot {
        let at = start.timestamp();
        if at < self.now || self.each_leg(|one| ceil(at) < one.starts.from) {
            return WhyNot::TooSoon {
                notice_minutes: self.strictest(u32::min, u32::max, |rules| rules.notice_minutes),
            };
        }
        if self.each_leg(|one| floor(at) >= one.starts.until) {
            return WhyNot::TooFar { horizon_days: self.strictest(u32::max, u32::min, |rules| rules.horizon_days) };
        }
        let day = self.date(at);
        let timeline = Timeline::of(self, day, day);
        let second = floor(at);
        if !timeline.open_throughout(second) {
            return match opening_on(self.branch, day) {
                Err(ClosedFor::Holiday(holiday)) => WhyNot::Holiday { de: holiday.de, en: holiday.en },
                _ if timeline.is_open(second) => WhyNot::ClosesBefore,
                _ => WhyNot::Closed,
            };
        }
        if ceil(at) != second || !timeline.on_grid(second) {
            return WhyNot::OffGrid;
        }
        self.wished_person_cannot(&timeline, second).unwrap_or_else(|| {
            let unbooked = Search::new(self.tenant, self.branch, self.legs.clone(), self.now, &BTreeMap::new());
            if unbooked.at(at).is_empty() { WhyNot::NothingFree } else { WhyNot::Taken }
        })
    }

    fn wished_person_cannot(&self, timeline: &Timeline<'_, '_>, start: i64) -> Option<WhyNot> {
        let wished = || {
            self.legs.iter().zip(&self.able).enumerate().filter_map(|(at, (leg, able))| {
                let staff = leg.staff?;
                Some((at, leg.service, staff, able.first().map(|one| one.person)))
            })
        };
        let cannot = wished().find(|(.., person)| person.is_none()).map(|(_, service, staff, _)| WhyNot::StaffCannot {
            staff: staff.name.clone(),
            service: service.name.clone(),
        });
        let away = || {
            let mut found = wished().filter_map(|(leg, _, staff, person)| Some((leg, staff, person?)));
            let (_, staff, _) = found.find(|(leg, _, person)| !timeline.works(*person, *leg, start))?;
            Some(WhyNot::StaffAway { staff: staff.name.clone() })
        };
        let taken = || {
            let mut found = wished().filter_map(|(leg, _, staff, person)| Some((leg, staff, person?)));
            let (_, staff, _) = found.find(|(leg, _, person)| !timeline.is_free(*person, *leg, start))?;
            Some(WhyNot::StaffTaken { staff: staff.name.clone() })
        };
        cannot.or_else(away).or_else(taken)
    }

    /// Whether for some leg everybody who can do it fails the test; a leg nobody can do does not count.
    fn each_leg(&self, fails: impl Fn(&Able<'_>) -> bool) -> bool {
        self.able.iter().any(|able| !able.is_empty() && able.iter().all(&fails))
    }

    /// A rule's value for the whole visit: the mildest of each leg's people, the strictest of the legs.
    fn strictest(
        &self,
        mildest: impl Fn(u32, u32) -> u32,
        strictest: impl Fn(u32, u32) -> u32,
        key: impl Fn(&Policy) -> u32,
    ) -> u32 {
        let legs = self.able.iter().filter_map(|able| able.iter().map(|one| key(&one.policy)).reduce(&mildest));
        legs.reduce(&strictest).unwrap_or(0)
    }
}
