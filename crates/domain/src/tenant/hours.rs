//! Opening hours: weekly patterns of wall-clock spans, and what the parts of a day are called.

use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::{AmbiguousOffset, TimeZone};
use serde::{Deserialize, Serialize};

use super::Branch;
use super::holidays::{Holiday, holiday};
use crate::slots::Interval;
use crate::slots::spans::{Span, merge};

#[cfg(test)]
mod tests;

const MINUTES_A_DAY: u16 = 24 * 60;
const SECONDS_A_DAY: i64 = 24 * 60 * 60;

/// A span of the wall clock inside one day, half-open, in minutes since midnight (0 to 1440).
///
/// In files and in the store it is a pair of texts: `["09:00", "18:30"]`; `"24:00"` ends a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "(String, String)", into = "(String, String)")]
pub struct DaySpan {
    /// First minute inside.
    pub from: u16,
    /// First minute outside; greater than `from`.
    pub until: u16,
}

impl TryFrom<(String, String)> for DaySpan {
    type Error = String;

    fn try_from((from, until): (String, String)) -> Result<Self, String> {
        let span = Self { from: minute_of_day(&from)?, until: minute_of_day(&until)? };
        if span.from < span.until { Ok(span) } else { Err(format!("{from:?} is not before {until:?}")) }
    }
}

impl From<DaySpan> for (String, String) {
    fn from(span: DaySpan) -> Self {
        (clock_text(span.from), clock_text(span.until))
    }
}

/// Reads "9:00", "09:30" or "24:00" as minutes since midnight.
pub fn minute_of_day(text: &str) -> Result<u16, String> {
    let wrong = || format!("{text:?} is no time of day; write it like \"09:30\"");
    let (hour, minute) = text.trim().split_once(':').ok_or_else(wrong)?;
    let hour: u16 = hour.parse().map_err(|_| wrong())?;
    let minute: u16 = minute.parse().map_err(|_| wrong())?;
    let total = hour.saturating_mul(60).saturating_add(minute);
    if minute < 60 && total <= 24 * 60 { Ok(total) } else { Err(wrong()) }
}

fn clock_text(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// Opening or working hours of a week; each day any number of spans, sorted, not overlapping.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WeekHours {
    /// Monday's spans.
    pub monday: Vec<DaySpan>,
    /// Tuesday's spans.
    pub tuesday: Vec<DaySpan>,
    /// Wednesday's spans.
    pub wednesday: Vec<DaySpan>,
    /// Thursday's spans.
    pub thursday: Vec<DaySpan>,
    /// Friday's spans.
    pub friday: Vec<DaySpan>,
    /// Saturday's spans.
    pub saturday: Vec<DaySpan>,
    /// Sunday's spans.
    pub sunday: Vec<DaySpan>,
}

impl WeekHours {
    /// The spans of one weekday.
    pub fn on(&self, weekday: Weekday) -> &[DaySpan] {
        match weekday {
            Weekday::Monday => &self.monday,
            Weekday::Tuesday => &self.tuesday,
            Weekday::Wednesday => &self.wednesday,
            Weekday::Thursday => &self.thursday,
            Weekday::Friday => &self.friday,
            Weekday::Saturday => &self.saturday,
            Weekday::Sunday => &self.sunday,
        }
    }

    /// Earliest opening and latest closing over the whole week in minutes since midnight: the context in which
    /// "um drei" means 15 Uhr. 8 to 20 Uhr where nothing is open.
    pub fn envelope(&self) -> (u16, u16) {
        let all = || Weekday::Monday.cycle_forward().take(7).flat_map(|day| self.on(day));
        match (all().map(|span| span.from).min(), all().map(|span| span.until).max()) {
            (Some(from), Some(until)) => (from, until),
            _ => (8 * 60, 20 * 60),
        }
    }
}

/// What "morgens", "nachmittags" and "abends" mean for a tenant; one table, used by every function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DayParts {
    /// "vormittags", "morning".
    pub morning: DaySpan,
    /// "nachmittags", "afternoon".
    pub afternoon: DaySpan,
    /// "abends", "evening".
    pub evening: DaySpan,
}

impl Default for DayParts {
    fn default() -> Self {
        let hours = |from: u16, until: u16| DaySpan { from: from * 60, until: until * 60 };
        Self { morning: hours(9, 12), afternoon: hours(12, 18), evening: hours(18, 21) }
    }
}

/// Why a branch has no regular opening on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClosedFor {
    /// A public holiday of its state.
    Holiday(Holiday),
    /// One of its own closures, with its name.
    Closure(Option<String>),
}

/// The opening of a branch on one day: a special day wins over a closure, a closure over a holiday, a holiday over
/// the week (unless the branch opens on holidays).
///
/// `Ok` with no spans: regularly closed on that weekday, or a special day without hours.
pub fn opening_on(branch: &Branch, date: Date) -> Result<Vec<DaySpan>, ClosedFor> {
    if let Some(special) = branch.special_days.iter().find(|special| special.date == date) {
        return Ok(special.hours.clone());
    }
    if let Some(closure) = branch.closures.iter().find(|closure| (closure.from..=closure.until).contains(&date)) {
        return Err(ClosedFor::Closure(closure.name.clone()));
    }
    let observed = branch.state.filter(|_| !branch.open_on_holidays);
    if let Some(found) = observed.and_then(|state| holiday(state, date)) {
        return Err(ClosedFor::Holiday(found));
    }
    Ok(branch.hours.on(date.weekday()).to_vec())
}

/// When a branch is open from `first` to `last`, both days included, as instants: sorted, disjoint, and with no seam
/// where one day's opening ends at 24:00 and the next begins at 00:00.
///
/// A bound the wall clock skips moves forward with it (02:30 becomes 03:30); a bound it shows twice is the first of
/// the two. A span that has no length left on such a day is not there.
pub fn openings(branch: &Branch, first: Date, last: Date) -> Vec<Interval> {
    let mut spans = Vec::new();
    for date in days(first, last) {
        let (Some(day), Ok(hours)) = (WallDay::of(&branch.zone, date), opening_on(branch, date)) else { continue };
        spans.extend(hours.iter().map(|span| day.span(span)));
    }
    merge(spans).into_iter().filter_map(Span::interval).collect()
}

/// When a branch is open on one day; see [`openings`].
pub fn open_intervals(branch: &Branch, date: Date) -> Vec<Interval> {
    openings(branch, date, date)
}

/// Every day from `first` to `last`, both included.
pub(crate) fn days(first: Date, last: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(first), |day| day.tomorrow().ok()).take_while(move |day| *day <= last)
}

/// One calendar day of a zone, for turning its wall-clock minutes into instants (seconds since 1970).
#[derive(Clone, Debug)]
pub(crate) struct WallDay<'z> {
    zone: &'z TimeZone,
    date: Date,
    /// Its first instant.
    pub(crate) from: i64,
    /// The next day's first instant.
    pub(crate) until: i64,
}

impl<'z> WallDay<'z> {
    /// `None` only at the very ends of the calendar.
    pub(crate) fn of(zone: &'z TimeZone, date: Date) -> Option<Self> {
        let from = instant(zone, date.at(0, 0, 0, 0))?;
        let until = instant(zone, date.tomorrow().ok()?.at(0, 0, 0, 0))?;
        Some(Self { zone, date, from, until })
    }

    /// The clock does not change on this day: minutes can simply be added. True for all but two days a year, and
    /// far cheaper than asking the zone.
    fn steady(&self) -> bool {
        self.until - self.from == SECONDS_A_DAY
    }

    /// The instant of a minute since midnight, 1440 being the next midnight. A skipped minute moves forward, of a
    /// repeated one it is the first.
    pub(crate) fn at(&self, minute: u16) -> i64 {
        if minute >= MINUTES_A_DAY {
            self.until
        } else if self.steady() {
            self.from + i64::from(minute) * 60
        } else {
            instant(self.zone, wall(self.date, minute)).unwrap_or(self.from)
        }
    }

    /// A span of the wall clock as instants; may be empty or reversed where the clock skips it.
    pub(crate) fn span(&self, span: &DaySpan) -> Span {
        Span { from: self.at(span.from), until: self.at(span.until) }
    }

    /// Every instant at which the wall clock shows this minute: none, one or two.
    pub(crate) fn showing(&self, minute: u16) -> impl Iterator<Item = i64> + use<> {
        let found = if minute >= MINUTES_A_DAY {
            [None, None]
        } else if self.steady() {
            [Some(self.at(minute)), None]
        } else {
            let clock = wall(self.date, minute);
            let second = |offset: jiff::tz::Offset| offset.to_timestamp(clock).ok().map(jiff::Timestamp::as_second);
            match self.zone.to_ambiguous_timestamp(clock).offset() {
                AmbiguousOffset::Unambiguous { offset } => [second(offset), None],
                AmbiguousOffset::Gap { .. } => [None, None],
                AmbiguousOffset::Fold { before, after } => [second(before), second(after)],
            }
        };
        found.into_iter().flatten()
    }
}

fn wall(date: Date, minute: u16) -> DateTime {
    // Both parts are below 24 and 60: `minute` is below 1440 wherever this is called.
    date.at((minute / 60) as i8, (minute % 60) as i8, 0, 0)
}

/// A wall-clock moment as an instant in whole seconds, by the compatible rule of RFC 5545.
pub(crate) fn instant(zone: &TimeZone, clock: DateTime) -> Option<i64> {
    zone.to_ambiguous_timestamp(clock).compatible().ok().map(jiff::Timestamp::as_second)
}
