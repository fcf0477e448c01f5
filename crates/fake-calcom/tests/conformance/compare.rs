//! What must be the same, and what may differ.

use std::collections::HashMap;

use jiff::Timestamp;
use serde_json::Value;

/// Fields the fake does not write or that nobody reads; all others must be the same.
const NOT_READ: &[&str] = &[
    // Event types: how the booking page looks.
    "bookingFields",
    "disableGuests",
    "lockTimeZoneToggleOnBookingPage",
    "forwardParamsSuccessRedirect",
    "successRedirectUrl",
    "isInstantEvent",
    "onlyShowFirstAvailableSlot",
    "offsetStart",
    "requiresBookerEmailVerification",
    "useDestinationCalendarEmail",
    "hideCalendarNotes",
    "hideCalendarEventDetails",
    "hideOrganizerEmail",
    "calVideoSettings",
    "bookingRequiresAuthentication",
    "bookerActiveBookingsLimit",
    "brandColor",
    "darkBrandColor",
    "parentEventTypeId",
    "assignAllTeamMembers",
    // Teams: how they look.
    "team",
    "hideBookATeamMember",
    "logoUrl",
    "calVideoLogo",
    "appLogo",
    "appIconLogo",
    "hideBranding",
    "bannerUrl",
    "theme",
    "timeFormat",
    "bio",
    // Webhooks: what was filled into the page, in its own words.
    "responses",
    "firstName",
    "lastName",
    "oneTimePassword",
];

/// Names that each side makes up for itself.
const MADE_UP: &[&str] = &[
    "uid",
    "rescheduledFromUid",
    "rescheduledToUid",
    "rescheduleUid",
    "reservationUid",
    "seatUid",
    "recurringBookingUid",
    "bookingUid",
];

/// Instants of the machine, which may differ by this many seconds.
const TIMES: &[&str] = &["createdAt", "updatedAt", "reservationUntil", "timestamp"];
const SECONDS: i64 = 2;

/// Which name of the recording is which of the fake.
#[derive(Default)]
pub struct Names {
    texts: HashMap<String, String>,
    numbers: HashMap<u64, u64>,
}

impl Names {
    /// Puts the fake's names into a text of the recording.
    pub fn translate(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (recorded, own) in &self.texts {
            if text.contains(recorded.as_str()) {
                text = text.replace(recorded.as_str(), own);
            }
        }
        text
    }

    /// Says that these two are the same.
    pub fn same(&mut self, recorded: &str, own: &str) {
        self.texts.insert(recorded.to_owned(), own.to_owned());
    }

    /// Adds to the list how the two differ.
    pub fn differences(&mut self, at: &str, recorded: &Value, own: &Value, out: &mut Vec<String>) {
        match (recorded, own) {
            (Value::Object(left), Value::Object(right)) => {
                let booking = left.contains_key("uid") || left.contains_key("bookingId");
                let mut keys: Vec<&String> = left.keys().chain(right.keys()).collect();
                keys.sort();
                keys.dedup();
                for key in keys {
                    if NOT_READ.contains(&key.as_str()) {
                        continue;
                    }
                    let at = format!("{at}.{key}");
                    match (left.get(key), right.get(key)) {
                        (Some(left), Some(right)) => self.field(&at, key, booking, left, right, out),
                        (Some(left), None) => out.push(format!("{at}: {left} is missing")),
                        (None, right) => out.push(format!("{at}: {right:?} should not be there")),
                    }
                }
            }
            (Value::Array(left), Value::Array(right)) => {
                if left.len() != right.len() {
                    out.push(format!("{at}: {} entries were recorded, not {}", left.len(), right.len()));
                }
                for (index, (left, right)) in left.iter().zip(right).enumerate() {
                    self.differences(&format!("{at}[{index}]"), left, right, out);
                }
            }
            (Value::String(left), Value::String(right)) if self.translate(left) == *right => {}
            (left, right) if left == right => {}
            (left, right) => out.push(format!("{at}: {left} was recorded, not {right}")),
        }
    }

    fn field(&mut self, at: &str, key: &str, booking: bool, left: &Value, right: &Value, out: &mut Vec<String>) {
        let number = key == "bookingId" || key == "rescheduleId" || (key == "id" && booking);
        if let (true, Some(left), Some(right)) = (number, left.as_u64(), right.as_u64()) {
            if *self.numbers.entry(left).or_insert(right) != right {
                out.push(format!("{at}: {left} is another booking than {right}"));
            }
        } else if let (true, Some(left), Some(right)) =
            (MADE_UP.contains(&key) || key == "id", left.as_str(), right.as_str())
        {
            let known = self.texts.entry(left.to_owned()).or_insert_with(|| right.to_owned());
            if known != right {
                out.push(format!("{at}: {left} is another than {right}"));
            }
        } else if let ("icsUid" | "iCalUID", Some(left), Some(right)) = (key, left.as_str(), right.as_str()) {
            let known = left.strip_suffix("@Cal.com").and_then(|uid| self.texts.get(uid));
            if known.is_some_and(|known| format!("{known}@Cal.com") != right) || !right.ends_with("@Cal.com") {
                out.push(format!("{at}: {left} is another than {right}"));
            }
        } else if let (true, Some(left), Some(right)) = (TIMES.contains(&key), left.as_str(), right.as_str()) {
            let (one, other): (Timestamp, Timestamp) = (left.parse().unwrap(), right.parse().unwrap());
            if one.duration_since(other).as_secs().abs() > SECONDS {
                out.push(format!("{at}: {left} was recorded, not {right}"));
            }
        } else {
            self.differences(at, left, right, out);
        }
    }
}
