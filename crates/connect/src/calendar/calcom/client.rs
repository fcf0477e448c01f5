//! The questions, one method each: one request (bringing an address: up to three), one deadline, no retry.

use std::fmt;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use frontdesk_domain::calendar::{
    Attendee, Carried, Catalogue, Find, NewBooking, Page, Refusal, RemoteBooking, RemoteUid, SlotQuery, Told, Unsent,
};
use frontdesk_domain::ports::{Asking, Calendar, SlotHold};
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::Value;

use super::classify::{Endpoint, told};
use super::{catalogue, convert, deadlines, wire};
use crate::guard::BaseUrl;
use crate::http::{Answer, Client, HttpError, Method, Request};

/// Without a version, or with an unknown one, Cal.com answers in words of 2024 that mean something else.
const VERSION: &str = "cal-api-version";
/// Of everything below `/v2/bookings`.
pub(super) const BOOKINGS: &str = "2024-08-13";
/// Of `/v2/slots`.
pub(super) const SLOTS: &str = "2024-09-04";
/// Of `/v2/event-types`, of teams too.
pub(super) const EVENT_TYPES: &str = "2024-06-14";
/// The most a list gives at once.
const PAGE: usize = 100;
/// How far around its start a booking is looked for.
const AROUND: SignedDuration = SignedDuration::from_hours(24);

/// Cal.com, with one tenant's key.
pub struct Calcom {
    http: Client,
    base: BaseUrl,
    key: SecretString,
    /// The server has no endpoint for further attendees; found out by asking.
    no_attendees: AtomicBool,
}

impl fmt::Debug for Calcom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Calcom({})", self.base.as_str())
    }
}

impl Calcom {
    /// Binds a checked address and a key that can be sent.
    pub(in crate::calendar) fn new(http: Client, base: BaseUrl, key: SecretString) -> Self {
        Self { http, base, key, no_attendees: AtomicBool::new(false) }
    }

    /// Sends one request.
    pub(super) async fn ask(
        &self,
        method: Method,
        path: &str,
        version: Option<&'static str>,
        body: Option<Vec<u8>>,
        within: Duration,
    ) -> Result<Answer, HttpError> {
        let mut headers = vec![("authorization", format!("Bearer {}", self.key.expose_secret()))];
        headers.extend(version.map(|version| (VERSION, version.to_owned())));
        let url = format!("{}{path}", self.base.as_str());
        self.http.send(Request { method, url, headers, body, reach: self.base.reach() }, within).await
    }

    async fn post(&self, path: &str, body: &(impl Serialize + Sync), within: Duration) -> Result<Answer, HttpError> {
        let body = serde_json::to_vec(body).map_err(|_| HttpError::NotSent)?;
        self.ask(Method::Post, path, Some(BOOKINGS), Some(body), within).await
    }

    async fn slots(&self, query: &SlotQuery) -> Told<Vec<Timestamp>> {
        if query.from >= query.until {
            return Told::Done(Vec::new());
        }
        let mut path = Path::new("/v2/slots");
        path.pair("eventTypeId", &query.event_type.0.to_string());
        path.pair("start", &convert::written(query.from));
        path.pair("end", &convert::written(query.until));
        if let Some(moving) = &query.moving {
            path.pair("bookingUidToReschedule", moving.reveal());
        }
        let answer = self.ask(Method::Get, path.as_str(), Some(SLOTS), None, deadlines::SLOTS).await;
        told(Endpoint::Slots, answer, |answer| {
            let success: wire::Success<wire::Slots> = serde_json::from_slice(&answer.body).ok()?;
            convert::slots(success.data, query.from, query.until)
        })
    }

    async fn book(&self, hold: &SlotHold, booking: &NewBooking, within: Duration) -> Told<RemoteBooking> {
        if hold.op() != booking.stamp.op {
            tracing::error!("a booking was to be made that another's intent stands for; it was not sent");
            return Told::Unsent(Unsent::NotSetUp);
        }
        if within.is_zero() {
            return Told::Unsent(Unsent::NoTime);
        }
        let body = convert::new_booking(booking);
        let answer = self.post("/v2/bookings", &body, within.min(deadlines::CREATE)).await;
        told(Endpoint::Create, answer, one_booking)
    }

    async fn sought(&self, sought: &Find) -> Told<Vec<RemoteBooking>> {
        let mut path = Path::new("/v2/bookings");
        path.pair("eventTypeId", &sought.event_type.0.to_string());
        path.pair("attendeeEmail", sought.attendee.reveal());
        let around = |by: SignedDuration| sought.start.saturating_add(by).unwrap_or(sought.start);
        path.pair("afterStart", &convert::written(around(-AROUND)));
        // The end is what counts here, and a booking that starts a day later ends at most a day after that.
        path.pair("beforeEnd", &convert::written(around(AROUND * 2)));
        path.pair("sortCreated", "desc");
        path.pair("take", &PAGE.to_string());
        let answer = self.ask(Method::Get, path.as_str(), Some(BOOKINGS), None, deadlines::LOOK).await;
        // One that does not read could be the one sought: then nothing is known.
        told(Endpoint::List, answer, |answer| {
            let success: wire::Success<Vec<wire::Booking>> = serde_json::from_slice(&answer.body).ok()?;
            success.data.into_iter().map(convert::booking).collect()
        })
    }

    async fn one(&self, uid: &RemoteUid) -> Told<Option<RemoteBooking>> {
        let Some(path) = of_booking(uid, "") else { return not_a_uid() };
        let answer = self.ask(Method::Get, &path, Some(BOOKINGS), None, deadlines::LOOK).await;
        match told(Endpoint::Get, answer, one_booking) {
            Told::Refused(Refusal::NotFound) => Told::Done(None),
            other => other.map(Some),
        }
    }

    async fn changed(&self, since: Timestamp, skip: u32) -> Told<Page> {
        let mut path = Path::new("/v2/bookings");
        path.pair("afterUpdatedAt", &convert::written(since));
        path.pair("sortUpdatedAt", "asc");
        path.pair("take", &PAGE.to_string());
        path.pair("skip", &skip.to_string());
        let answer = self.ask(Method::Get, path.as_str(), Some(BOOKINGS), None, deadlines::LOOK).await;
        told(Endpoint::List, answer, |answer| {
            let success: wire::Success<Vec<Value>> = serde_json::from_slice(&answer.body).ok()?;
            let listed = success.data.len();
            let more = success.pagination.map_or(listed >= PAGE, |page| page.more);
            let read = |booking| convert::booking(serde_json::from_value(booking).ok()?);
            let bookings: Vec<RemoteBooking> = success.data.into_iter().filter_map(read).collect();
            // One odd booking of somebody else's must not hide all others for ever.
            if bookings.len() < listed {
                tracing::warn!(skipped = listed - bookings.len(), "bookings in the calendar's list do not read");
            }
            (listed == 0 || !bookings.is_empty()).then_some(Page { bookings, more })
        })
    }

    async fn end(&self, uid: &RemoteUid, reason: &str) -> Told<()> {
        let Some(path) = of_booking(uid, "/cancel") else { return not_a_uid() };
        // With the host's key a cancellation without a reason is refused.
        let reason = if reason.trim().is_empty() { "Frontdesk" } else { reason };
        let answer = self.post(&path, &wire::Cancel { cancellation_reason: reason }, deadlines::CANCEL).await;
        told(Endpoint::Cancel, answer, |answer| {
            serde_json::from_slice::<wire::Success<Value>>(&answer.body).ok().map(|_| ())
        })
    }

    async fn moved(&self, uid: &RemoteUid, start: Timestamp, reason: &str, within: Duration) -> Told<RemoteBooking> {
        let Some(path) = of_booking(uid, "/reschedule") else { return not_a_uid() };
        if within.is_zero() {
            return Told::Unsent(Unsent::NoTime);
        }
        let body = wire::Reschedule { start: convert::written(start), rescheduling_reason: reason };
        let answer = self.post(&path, &body, within.min(deadlines::MOVE)).await;
        told(Endpoint::Move, answer, one_booking)
    }

    /// Further attendee, else guest; whether a refused one was there before is looked up, not believed.
    async fn addressed(&self, uid: &RemoteUid, attendee: &Attendee) -> Told<Carried> {
        let (Some(attendees), Some(guests)) = (of_booking(uid, "/attendees"), of_booking(uid, "/guests")) else {
            return not_a_uid();
        };
        if !self.no_attendees.load(Ordering::Relaxed) {
            let answer = self.post(&attendees, &convert::attendee(attendee), deadlines::ATTENDEE).await;
            match told(Endpoint::Attendees, answer, |_| Some(Carried::Attendee)) {
                Told::Refused(Refusal::NotSupported) => self.no_attendees.store(true, Ordering::Relaxed),
                Told::Refused(Refusal::Invalid(what)) => return self.there_before(uid, attendee, what).await,
                other => return other,
            }
        }
        let guest =
            wire::Guest { email: attendee.email.reveal(), name: attendee.name.reveal(), time_zone: &attendee.zone };
        let answer = self.post(&guests, &wire::Guests { guests: [guest] }, deadlines::ATTENDEE).await;
        match told(Endpoint::Guests, answer, |_| Some(Carried::Guest)) {
            Told::Refused(Refusal::Invalid(what)) => self.there_before(uid, attendee, what).await,
            other => other,
        }
    }

    /// Cal.com refuses a double address with the words it has for anything wrong; the booking itself tells.
    async fn there_before(&self, uid: &RemoteUid, attendee: &Attendee, what: String) -> Told<Carried> {
        let Some(path) = of_booking(uid, "") else { return not_a_uid() };
        let answer = self.ask(Method::Get, &path, Some(BOOKINGS), None, deadlines::LOOK).await;
        let sought = attendee.email.reveal();
        let there = told(Endpoint::Get, answer, |answer| {
            let success: wire::Success<wire::OneOrMany> = serde_json::from_slice(&answer.body).ok()?;
            let booking = success.data.first()?;
            let mut addresses = booking.attendees.into_iter().filter_map(|of| of.email).chain(booking.guests);
            Some(addresses.any(|address| address.eq_ignore_ascii_case(sought)))
        });
        match there {
            Told::Done(true) => Told::Done(Carried::Before),
            Told::Done(false) => Told::Refused(Refusal::Invalid(what)),
            other => other.map(|_| Carried::Before),
        }
    }
}

/// The booking that an answer tells of; of several that one call made, the first.
fn one_booking(answer: &Answer) -> Option<RemoteBooking> {
    let success: wire::Success<wire::OneOrMany> = serde_json::from_slice(&answer.body).ok()?;
    convert::booking(success.data.first()?)
}

/// An address below a booking. A uid comes from outside; one that could lead elsewhere leads nowhere.
fn of_booking(uid: &RemoteUid, below: &str) -> Option<String> {
    let uid = uid.reveal();
    let plain = uid.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    (plain && (1..=128).contains(&uid.len())).then(|| format!("/v2/bookings/{uid}{below}"))
}

fn not_a_uid<T>() -> Told<T> {
    Told::Refused(Refusal::Invalid("uid".to_owned()))
}

/// A path with a query.
pub(super) struct Path {
    text: String,
    next: char,
}

impl Path {
    pub fn new(path: &str) -> Self {
        Self { text: path.to_owned(), next: '?' }
    }

    /// Adds a pair, everything but letters, digits and `-._~:` encoded.
    pub fn pair(&mut self, name: &str, value: &str) {
        self.text.push(self.next);
        self.next = '&';
        self.text.push_str(name);
        self.text.push('=');
        for byte in value.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~:".contains(&byte) {
                self.text.push(char::from(byte));
            } else {
                // Writing to a text cannot fail.
                let _ = write!(self.text, "%{byte:02X}");
            }
        }
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl Calendar for Calcom {
    fn free_slots<'a>(&'a self, query: &'a SlotQuery) -> Asking<'a, Vec<Timestamp>> {
        Box::pin(self.slots(query))
    }

    fn create<'a>(
        &'a self,
        hold: &'a SlotHold,
        booking: &'a NewBooking,
        within: Duration,
    ) -> Asking<'a, RemoteBooking> {
        Box::pin(self.book(hold, booking, within))
    }

    fn find<'a>(&'a self, sought: &'a Find) -> Asking<'a, Vec<RemoteBooking>> {
        Box::pin(self.sought(sought))
    }

    fn get<'a>(&'a self, uid: &'a RemoteUid) -> Asking<'a, Option<RemoteBooking>> {
        Box::pin(self.one(uid))
    }

    fn list_changed(&self, since: Timestamp, skip: u32) -> Asking<'_, Page> {
        Box::pin(self.changed(since, skip))
    }

    fn cancel<'a>(&'a self, uid: &'a RemoteUid, reason: &'a str) -> Asking<'a, ()> {
        Box::pin(self.end(uid, reason))
    }

    fn move_to<'a>(
        &'a self,
        uid: &'a RemoteUid,
        start: Timestamp,
        reason: &'a str,
        within: Duration,
    ) -> Asking<'a, RemoteBooking> {
        Box::pin(self.moved(uid, start, reason, within))
    }

    fn set_email<'a>(&'a self, uid: &'a RemoteUid, attendee: &'a Attendee) -> Asking<'a, Carried> {
        Box::pin(self.addressed(uid, attendee))
    }

    fn catalogue(&self) -> Asking<'_, Catalogue> {
        Box::pin(catalogue::read(self))
    }
}
