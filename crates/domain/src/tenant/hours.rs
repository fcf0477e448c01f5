//! Opening hours: weekly patterns of wall-clock spans, and what the parts of a day are called.

use jiff::civil::Weekday;
use serde::{Deserialize, Serialize};

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
    Holiday(super::holidays::Holiday),
    /// One of its own closures, with its name.
    Closure(Option<String>),
}

/// The opening of a branch on one day: a special day wins over a closure, a closure over a holiday, a holiday over
/// the week (unless the branch opens on holidays).
pub fn opening_on(branch: &super::Branch, date: jiff::civil::Date) -> Result<Vec<DaySpan>, ClosedFor> {
    let _ = (branch, date);
    todo!("opening hours")
}
