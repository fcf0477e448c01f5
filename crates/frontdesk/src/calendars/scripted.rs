//! A calendar that tells one thing of its catalogue and can do nothing else.

use std::time::Duration;

use frontdesk_domain::calendar::{
    Attendee, Carried, Catalogue, Find, NewBooking, Page, RemoteBooking, RemoteUid, SlotQuery, Told, Unsent,
};
use frontdesk_domain::ports::{Asking, Calendar, SlotHold};
use jiff::Timestamp;

/// What it tells when asked for its catalogue.
pub(crate) struct Scripted(pub(crate) Told<Catalogue>);

fn never<T: Send + 'static>() -> Asking<'static, T> {
    Box::pin(std::future::ready(Told::Unsent(Unsent::NotSetUp)))
}

impl Calendar for Scripted {
    fn free_slots<'a>(&'a self, _: &'a SlotQuery) -> Asking<'a, Vec<Timestamp>> {
        never()
    }

    fn create<'a>(&'a self, _: &'a SlotHold, _: &'a NewBooking, _: Duration) -> Asking<'a, RemoteBooking> {
        never()
    }

    fn find<'a>(&'a self, _: &'a Find) -> Asking<'a, Vec<RemoteBooking>> {
        never()
    }

    fn get<'a>(&'a self, _: &'a RemoteUid) -> Asking<'a, Option<RemoteBooking>> {
        never()
    }

    fn list_changed(&self, _: Timestamp, _: u32) -> Asking<'_, Page> {
        never()
    }

    fn cancel<'a>(&'a self, _: &'a RemoteUid, _: &'a str) -> Asking<'a, ()> {
        never()
    }

    fn move_to<'a>(&'a self, _: &'a RemoteUid, _: Timestamp, _: &'a str, _: Duration) -> Asking<'a, RemoteBooking> {
        never()
    }

    fn set_email<'a>(&'a self, _: &'a RemoteUid, _: &'a Attendee) -> Asking<'a, Carried> {
        never()
    }

    fn catalogue(&self) -> Asking<'_, Catalogue> {
        Box::pin(std::future::ready(self.0.clone()))
    }
}
