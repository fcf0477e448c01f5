//! Everything the fake remembers.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::bookings::{Booking, Status};
use crate::faults::Faults;
use crate::limits::Limits;
use crate::rng::Rng;
use crate::time::zone;
use crate::wire::Delivery;
use crate::world::{EventType, Hook, Schedule, Server, Team, User, World};

/// Everything, behind the one lock.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) server: Server,
    pub(crate) users: BTreeMap<u64, Person>,
    pub(crate) keys: HashMap<String, u64>,
    pub(crate) revoked: HashSet<String>,
    pub(crate) teams: BTreeMap<u64, Team>,
    pub(crate) event_types: BTreeMap<u64, EventType>,
    pub(crate) hooks: Vec<StoredHook>,
    pub(crate) bookings: Vec<Kept>,
    pub(crate) by_uid: HashMap<String, usize>,
    pub(crate) reservations: Vec<Reservation>,
    pub(crate) slot_cache: HashMap<String, (Timestamp, Value)>,
    pub(crate) limits: Limits,
    pub(crate) faults: Faults,
    pub(crate) held: Vec<Delivery>,
    pub(crate) rng: Rng,
    pub(crate) next_attendee: u64,
    pub(crate) next_schedule: u64,
}

/// A user with the hours worked out.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) user: User,
    pub(crate) zone: TimeZone,
    pub(crate) week: Option<Week>,
}

/// Working hours, ready for asking.
#[derive(Debug, Clone)]
pub(crate) struct Week {
    pub(crate) zone: TimeZone,
    days: BTreeMap<i8, Vec<(Time, Time)>>,
    dates: BTreeMap<Date, Vec<(Time, Time)>>,
}

impl Week {
    fn new(schedule: &Schedule) -> Self {
        let mut days: BTreeMap<i8, Vec<(Time, Time)>> = BTreeMap::new();
        for hours in &schedule.availability {
            let Some(span) = span(&hours.start_time, &hours.end_time) else { continue };
            for day in hours.days.iter().filter_map(|name| weekday(name)) {
                days.entry(day.to_monday_one_offset()).or_default().push(span);
            }
        }
        for spans in days.values_mut() {
            spans.sort_unstable();
        }
        let mut dates: BTreeMap<Date, Vec<(Time, Time)>> = BTreeMap::new();
        for other in &schedule.overrides {
            let Ok(date) = other.date.parse::<Date>() else { continue };
            let spans = dates.entry(date).or_default();
            spans.extend(span(&other.start_time, &other.end_time).filter(|(from, until)| from < until));
        }
        Self { zone: zone(&schedule.time_zone).unwrap_or(TimeZone::UTC), days, dates }
    }

    /// When this person works on a local date, as instants.
    pub(crate) fn on(&self, date: Date) -> Vec<(Timestamp, Timestamp)> {
        let spans = self.dates.get(&date).or_else(|| self.days.get(&date.weekday().to_monday_one_offset()));
        let at = |time: Time| self.zone.to_ambiguous_timestamp(date.to_datetime(time)).compatible().ok();
        spans.into_iter().flatten().filter_map(|(from, until)| Some((at(*from)?, at(*until)?))).collect()
    }

    /// Whether this person works through the whole of that time.
    pub(crate) fn covers(&self, start: Timestamp, end: Timestamp) -> bool {
        let date = self.zone.to_datetime(start).date();
        self.on(date).iter().any(|(from, until)| *from <= start && end <= *until)
    }
}

fn span(from: &str, until: &str) -> Option<(Time, Time)> {
    Some((from.parse().ok()?, until.parse().ok()?))
}

fn weekday(name: &str) -> Option<Weekday> {
    Some(match name {
        "Monday" => Weekday::Monday,
        "Tuesday" => Weekday::Tuesday,
        "Wednesday" => Weekday::Wednesday,
        "Thursday" => Weekday::Thursday,
        "Friday" => Weekday::Friday,
        "Saturday" => Weekday::Saturday,
        "Sunday" => Weekday::Sunday,
        _ => return None,
    })
}

/// A webhook with when it was made.
#[derive(Debug, Clone)]
pub(crate) struct StoredHook {
    pub(crate) hook: Hook,
    pub(crate) created_at: Timestamp,
}

/// A booking as it is, and as it was before each change, for reads that lag behind.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) booking: Booking,
    /// Each earlier form with the time until which it held.
    past: Vec<(Timestamp, Booking)>,
}

/// A slot somebody looks at.
#[derive(Debug, Clone)]
pub(crate) struct Reservation {
    pub(crate) uid: String,
    pub(crate) event_type_id: u64,
    pub(crate) host_id: Option<u64>,
    pub(crate) start: Timestamp,
    pub(crate) end: Timestamp,
    pub(crate) until: Timestamp,
}

impl State {
    pub(crate) fn new(world: World, seed: u64) -> Self {
        let World { server, users, teams, event_types, webhooks } = world;
        let mut state = Self {
            server,
            users: BTreeMap::new(),
            keys: HashMap::new(),
            revoked: HashSet::new(),
            teams: teams.into_iter().map(|team| (team.id, team)).collect(),
            event_types: event_types.into_iter().map(|event_type| (event_type.id, event_type)).collect(),
            hooks: Vec::new(),
            bookings: Vec::new(),
            by_uid: HashMap::new(),
            reservations: Vec::new(),
            slot_cache: HashMap::new(),
            limits: Limits::default(),
            faults: Faults::default(),
            held: Vec::new(),
            rng: Rng::new(seed),
            next_attendee: 1,
            next_schedule: 1,
        };
        for user in users {
            state.add_user(user);
        }
        for mut hook in webhooks {
            if hook.id.is_empty() {
                hook.id = state.rng.uuid();
            }
            state.hooks.push(StoredHook { hook, created_at: Timestamp::UNIX_EPOCH });
        }
        state
    }

    pub(crate) fn add_user(&mut self, user: User) {
        self.keys.insert(user.api_key.clone(), user.id);
        let week = user.schedule.as_ref().map(Week::new);
        if let Some(schedule) = &user.schedule {
            self.next_schedule = self.next_schedule.max(schedule.id + 1);
        }
        let person = Person { zone: zone(&user.time_zone).unwrap_or(TimeZone::UTC), week, user };
        self.users.insert(person.user.id, person);
    }

    pub(crate) fn find(&self, uid: &str) -> Option<&Booking> {
        self.by_uid.get(uid).and_then(|index| self.bookings.get(*index)).map(|kept| &kept.booking)
    }

    /// A booking as readers see it, who may lag behind.
    pub(crate) fn find_seen(&self, uid: &str, now: Timestamp) -> Option<&Booking> {
        self.by_uid.get(uid).and_then(|index| self.bookings.get(*index)).and_then(|kept| kept.seen(self.seen_at(now)))
    }

    /// All bookings as they are.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Booking> {
        self.bookings.iter().map(|kept| &kept.booking)
    }

    /// All bookings as readers see them, who may lag behind.
    pub(crate) fn all_seen(&self, now: Timestamp) -> impl Iterator<Item = &Booking> {
        let at = self.seen_at(now);
        self.bookings.iter().filter_map(move |kept| kept.seen(at))
    }

    /// The past that readers see; none for the present.
    fn seen_at(&self, now: Timestamp) -> Option<Timestamp> {
        let lag = self.faults.read_lag;
        if lag.is_zero() {
            return None;
        }
        let lag = SignedDuration::try_from(lag).unwrap_or(SignedDuration::MAX);
        Some(now.checked_sub(lag).unwrap_or(Timestamp::MIN))
    }

    pub(crate) fn insert(&mut self, booking: Booking) {
        self.by_uid.insert(booking.uid.clone(), self.bookings.len());
        self.bookings.push(Kept { booking, past: Vec::new() });
    }

    pub(crate) fn next_booking(&self) -> u64 {
        u64::try_from(self.bookings.len()).unwrap_or(u64::MAX).saturating_add(1)
    }

    /// Changes a booking and remembers how it was.
    pub(crate) fn change(&mut self, uid: &str, now: Timestamp, change: impl FnOnce(&mut Booking)) -> Option<Booking> {
        let kept = self.by_uid.get(uid).and_then(|index| self.bookings.get_mut(*index))?;
        kept.past.push((now, kept.booking.clone()));
        change(&mut kept.booking);
        kept.booking.updated_at = now;
        Some(kept.booking.clone())
    }

    /// The unique key of the real one: start, end and host of what is accepted.
    pub(crate) fn key_is_taken(&self, start: Timestamp, end: Timestamp, host: u64, but_not: &str) -> bool {
        self.all().any(|other| {
            other.status == Status::Accepted
                && other.start == start
                && other.end == end
                && other.host_id == host
                && other.uid != but_not
        })
    }

    pub(crate) fn attendee_id(&mut self) -> u64 {
        let id = self.next_attendee;
        self.next_attendee += 1;
        id
    }

    /// Whether a user may change a team's event types.
    pub(crate) fn leads(&self, user: u64, team: u64) -> bool {
        self.teams.get(&team).is_some_and(|team| {
            team.members
                .iter()
                .any(|member| member.user_id == user && matches!(member.role.as_str(), "OWNER" | "ADMIN"))
        })
    }

    pub(crate) fn live_reservations(&self, now: Timestamp) -> impl Iterator<Item = &Reservation> {
        self.reservations.iter().filter(move |reservation| now < reservation.until)
    }
}

impl Kept {
    fn seen(&self, at: Option<Timestamp>) -> Option<&Booking> {
        let Some(at) = at else { return Some(&self.booking) };
        if at < self.booking.created_at {
            return None;
        }
        let earlier = self.past.iter().find(|(until, _)| at < *until).map(|(_, booking)| booking);
        Some(earlier.unwrap_or(&self.booking))
    }
}
