//! What the search for other times costs the processor, without door and store: sixty days, twenty people.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use frontdesk_domain::ids::StaffId;
use frontdesk_domain::slots::Interval;
use frontdesk_domain::slots::alternatives::{Near, alternatives};
use frontdesk_domain::slots::free::{LegWish, Search};
use frontdesk_domain::tenant::Tenant;
use jiff::{ToSpan, Zoned};

use super::salon::Salon;

/// Days of the horizon.
const DAYS: i64 = 60;
/// Searches per figure.
const SEARCHES: i64 = 300;

/// Microseconds a search takes, the middle and the worst of a hundred.
pub struct Cost {
    pub p50: f64,
    pub p99: f64,
}

/// What is taken.
#[derive(Clone, Copy)]
pub enum Taken {
    /// Seven quarters of an hour of ten, in no order.
    Mostly,
    /// Everything but the last day: the whole horizon has to be looked through.
    AllButTheLastDay,
}

/// Measures two alternatives near wishes all over the horizon; preparing the search counts.
pub fn cost(taken: Taken) -> Result<Cost, String> {
    let mut tenant =
        frontdesk::tenant_file::read(&Salon::new(0).file(), "bench").map_err(|error| error.to_string())?.tenant;
    tenant.policy.horizon_days = Some(u32::try_from(DAYS).unwrap_or(60));
    let branch = tenant.branches.first().ok_or("no branch")?;
    let service = tenant.services.get(1).ok_or("no service")?;
    let now = Zoned::now().with_time_zone(branch.zone.clone());
    let taken = taken_time(&tenant, &now, taken);
    let mut times = Vec::new();
    for n in 0..SEARCHES {
        let wished = now
            .checked_add((n * 37 % DAYS).days())
            .and_then(|day| day.start_of_day())
            .and_then(|day| day.checked_add((6 * 60 + n * 105 % (15 * 60)).minutes()));
        let wished = wished.map_err(|error| error.to_string())?;
        let start = Instant::now();
        let legs = vec![LegWish { service, staff: None }];
        let search = Search::new(&tenant, branch, legs, now.timestamp(), &taken);
        let found = alternatives(&search, &Near { wished: &wished, count: 2, within: None });
        times.push(start.elapsed());
        if found.len() != 2 {
            return Err(format!("{} alternatives near {wished}", found.len()));
        }
    }
    times.sort_unstable();
    let at = |part: usize| times.get(times.len() * part / 100).map_or(0.0, Duration::as_secs_f64) * 1e6;
    Ok(Cost { p50: at(50), p99: at(99) })
}

fn taken_time(tenant: &Tenant, now: &Zoned, taken: Taken) -> BTreeMap<StaffId, Vec<Interval>> {
    let mut dice = 1_u64;
    let mut all = BTreeMap::new();
    for person in &tenant.staff {
        let mut intervals = Vec::new();
        for day in 0..=DAYS {
            let Ok(opening) = now.checked_add(day.days()).and_then(|day| day.start_of_day()) else { continue };
            for quarter in 0..64 {
                dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let is_taken = match taken {
                    Taken::Mostly => (dice >> 33) % 10 < 7,
                    Taken::AllButTheLastDay => day < DAYS - 1,
                };
                let from = opening.checked_add((6 * 60 + quarter * 15).minutes());
                if let (true, Ok(from)) = (is_taken, from)
                    && let Ok(until) = from.checked_add(15.minutes())
                {
                    intervals.push(Interval { from: from.timestamp(), until: until.timestamp() });
                }
            }
        }
        all.insert(person.id.clone(), intervals);
    }
    all
}
