//! Instants as this API reads and writes them.

use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

/// Reads an instant; without an offset it is UTC, never the attendee's zone.
pub(crate) fn instant(text: &str) -> Option<Timestamp> {
    // Queries carry a plus as a space when it was not escaped.
    let text = text.replace(' ', "+");
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(instant);
    }
    utc(text.parse::<DateTime>().ok()?)
}

/// The first instant a bound of a query means: a date alone is the UTC day's beginning.
pub(crate) fn bound_from(text: &str) -> Option<Timestamp> {
    instant(text)
}

/// The last instant a bound of a query means: a date alone is the UTC day's last second.
pub(crate) fn bound_until(text: &str) -> Option<Timestamp> {
    if text.len() == 10
        && let Ok(date) = text.parse::<Date>()
    {
        return utc(date.at(23, 59, 59, 0));
    }
    instant(text)
}

fn utc(wall: DateTime) -> Option<Timestamp> {
    Offset::UTC.to_timestamp(wall).ok()
}

/// So many minutes later, or the end of time.
pub(crate) fn minutes_later(instant: Timestamp, minutes: i64) -> Timestamp {
    instant.checked_add(SignedDuration::from_mins(minutes)).unwrap_or(Timestamp::MAX)
}

/// So many minutes earlier, or the beginning of time.
pub(crate) fn minutes_earlier(instant: Timestamp, minutes: i64) -> Timestamp {
    instant.checked_sub(SignedDuration::from_mins(minutes)).unwrap_or(Timestamp::MIN)
}

/// As the API writes instants: UTC with milliseconds.
pub(crate) fn written(instant: Timestamp) -> String {
    format!("{instant:.3}")
}

/// As webhooks write the times of bookings: UTC without fractions.
pub(crate) fn written_short(instant: Timestamp) -> String {
    format!("{instant:.0}")
}

/// A zone by its IANA name.
pub(crate) fn zone(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).ok()
}

/// The offset of a zone at an instant, in minutes.
pub(crate) fn offset_minutes(zone: &TimeZone, at: Timestamp) -> i32 {
    zone.to_offset(at).seconds() / 60
}

/// As slots are written: local time with the offset, or `Z` where no zone was asked for.
pub(crate) fn written_in(instant: Timestamp, zone: Option<&TimeZone>) -> String {
    let Some(zone) = zone else { return written(instant) };
    let minutes = offset_minutes(zone, instant);
    let wall = zone.to_datetime(instant);
    let sign = if minutes < 0 { '-' } else { '+' };
    format!("{wall:.3}{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
}
