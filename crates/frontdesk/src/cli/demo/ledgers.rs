//! The two ledgers of the demo, ours and Cal.com's, held against each other.

use std::time::Duration;

use frontdesk_domain::booking::saga;
use frontdesk_domain::calendar::stamp::OP;
use frontdesk_domain::ids::AppointmentId;
use frontdesk_fake_calcom::Booking;
use frontdesk_store::{Store, StoreError, TenantScope, agenda, appointments, remotes, syncs};
use serde_json::Value;

use crate::world::Stopwatch;

/// How often somebody looks whether something has come true.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// What has not come true by then does not.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the database knows of one salon.
pub(super) struct Ours {
    store: Store,
    scope: TenantScope,
}

/// What a comparison came to.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Compared {
    /// Appointments that take place.
    pub(super) appointments: usize,
    /// Bookings in the calendar that take place.
    pub(super) bookings: usize,
    /// What one side has and the other has not.
    pub(super) differences: Vec<String>,
}

impl Ours {
    pub(super) fn new(store: Store, scope: TenantScope) -> Self {
        Self { store, scope }
    }

    /// Where an appointment stands.
    pub(super) async fn state(&self, id: &AppointmentId) -> Option<saga::State> {
        let id = id.clone();
        let found = self
            .store
            .read::<_, StoreError, _>(&self.scope, move |tx| {
                Box::pin(async move { Ok(appointments::load(tx, &id).await?.map(|appointment| appointment.saga)) })
            })
            .await;
        found.ok().flatten()
    }

    /// Waits until an appointment stands there; how long that took, or `None` if it never did.
    pub(super) async fn comes_to(&self, id: &AppointmentId, state: saga::State) -> Option<Duration> {
        let waiting = Stopwatch::start();
        while self.state(id).await != Some(state) {
            if waiting.elapsed() > PATIENCE {
                return None;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Some(waiting.elapsed())
    }

    /// Waits until nothing is left to carry over.
    pub(super) async fn agrees(&self) -> bool {
        let waiting = Stopwatch::start();
        loop {
            let open = self.store.read::<_, StoreError, _>(&self.scope, |tx| Box::pin(syncs::not_agreed(tx))).await;
            if open.is_ok_and(|open| open.is_empty()) {
                return true;
            }
            if waiting.elapsed() > PATIENCE {
                return false;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// What the calendar calls the booking of an appointment.
    pub(super) async fn name_there(&self, id: &AppointmentId) -> Option<String> {
        let id = id.clone();
        let rows = self
            .store
            .read::<_, StoreError, _>(&self.scope, move |tx| {
                Box::pin(async move { remotes::of_appointment(tx, &id).await })
            })
            .await;
        rows.ok()?.into_iter().find_map(|row| row.uid).map(|uid| uid.reveal().to_owned())
    }

    /// Promised call backs of this cause that nobody has kept yet.
    pub(super) async fn open_promises(&self, cause: &str) -> usize {
        let open = self.store.read::<_, StoreError, _>(&self.scope, |tx| Box::pin(agenda::open_promises(tx))).await;
        open.map_or(0, |open| open.iter().filter(|promise| promise.cause == cause).count())
    }

    /// Holds every appointment that takes place against every booking that does, both ways.
    pub(super) async fn compared_with(&self, bookings: &[Booking]) -> Result<Compared, String> {
        let wanted = self
            .store
            .read::<_, StoreError, _>(&self.scope, |tx| {
                Box::pin(async move {
                    let mut wanted = Vec::new();
                    for entry in agenda::starting(tx, 0, i64::MAX).await? {
                        if entry.saga.is_active() {
                            wanted.push(remotes::of_appointment(tx, &entry.id).await?);
                        }
                    }
                    Ok(wanted)
                })
            })
            .await
            .map_err(|error| error.to_string())?;
        let desired = wanted.iter().flatten().filter(|row| row.remote.desired);
        let ops: Vec<String> = desired.map(|row| row.op.clone()).collect();
        Ok(Compared { appointments: wanted.len(), bookings: bookings.len(), differences: differences(&ops, bookings) })
    }
}

/// What is only on one side: operations of ours without a booking, bookings without an operation of ours.
fn differences(ops: &[String], bookings: &[Booking]) -> Vec<String> {
    let mut found = Vec::new();
    let mut marks: Vec<&str> =
        bookings.iter().filter_map(|booking| booking.metadata.get(OP).and_then(Value::as_str)).collect();
    if marks.len() != bookings.len() {
        found.push("a booking in Cal.com carries no mark of ours".to_owned());
    }
    for op in ops {
        match marks.iter().position(|mark| mark == op) {
            Some(place) => {
                marks.swap_remove(place);
            }
            None => found.push("an appointment has no booking in Cal.com".to_owned()),
        }
    }
    found.extend(marks.iter().map(|_| "a booking in Cal.com has no appointment".to_owned()));
    found
}

#[cfg(test)]
mod tests {
    use frontdesk_fake_calcom::{FakeCalcom, Foreign, World};
    use jiff::Timestamp;

    use super::*;

    fn booking(op: Option<&str>) -> Booking {
        let start: Timestamp = "2030-01-07T09:00:00Z".parse().unwrap();
        let mut foreign: Foreign =
            serde_json::from_value(serde_json::json!({ "eventTypeId": 1, "start": start })).unwrap();
        foreign.metadata.extend(op.map(|op| (OP.to_owned(), Value::from(op))));
        FakeCalcom::new(World::salon(), 1).book_foreign(&foreign, start).unwrap()
    }

    #[test]
    fn the_ledgers_agree_only_if_each_mark_is_there_exactly_once() {
        let ops = ["op_a".to_owned(), "op_b".to_owned()];
        let (a, b) = (booking(Some("op_a")), booking(Some("op_b")));
        assert_eq!(differences(&ops, &[b.clone(), a.clone()]), Vec::<String>::new());
        assert_eq!(differences(&ops, std::slice::from_ref(&a)), ["an appointment has no booking in Cal.com"]);
        let twice = [a.clone(), b.clone(), a.clone()];
        assert_eq!(differences(&ops, &twice), ["a booking in Cal.com has no appointment"]);
        assert_eq!(differences(&ops, &[a, b, booking(None)]), ["a booking in Cal.com carries no mark of ours"]);
    }
}
