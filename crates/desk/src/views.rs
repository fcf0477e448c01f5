//! From stored values to what is told.

use frontdesk_domain::booking::saga::State;
use frontdesk_domain::ids::AppointmentId;
use frontdesk_domain::reply::{AppointmentView, OfferView, Reply, VisitView};
use frontdesk_domain::slots::Visit;
use frontdesk_store::appointments::Appointment;
use frontdesk_store::offers::Offer;
use jiff::Timestamp;

use crate::case::Case;

/// A visit as it is told.
pub(crate) fn visit(case: &Case, visit: &Visit) -> VisitView {
    VisitView {
        start: case.local(visit.start),
        end: case.local(visit.end),
        services: case.service_names(visit),
        staff: case.staff_names(visit),
    }
}

/// An appointment as it is told: with the names it was booked under.
pub(crate) fn appointment(case: &Case, appointment: &Appointment) -> AppointmentView {
    AppointmentView {
        id: appointment.id.clone(),
        visit: VisitView {
            start: case.local_at(&appointment.branch, appointment.visit.start),
            end: case.local_at(&appointment.branch, appointment.visit.end),
            services: appointment.services.clone(),
            staff: appointment.staff.clone(),
        },
        noted: appointment.saga == State::Held,
    }
}

/// An offer as it is told.
pub(crate) fn offer(case: &Case, offer: &Offer, held_until: Option<Timestamp>) -> OfferView {
    OfferView {
        visit: visit(case, &offer.visit),
        token: offer.token.clone(),
        held_until: held_until.map(|until| case.local(until)),
    }
}

/// The offers a reply tells of, for the timeline.
pub(crate) fn offered(reply: &Reply) -> impl Iterator<Item = &OfferView> {
    use frontdesk_domain::reply::Ask;
    let (one, many): (Option<&OfferView>, &[OfferView]) = match reply {
        Reply::Available { offer } | Reply::Held { offer } => (Some(offer), &[]),
        Reply::Choices { offers, .. }
        | Reply::Unavailable { offers, .. }
        | Reply::Alternatives { offers, .. }
        | Reply::Ask(Ask::ExactTime { offers }) => (None, offers),
        _ => (None, &[]),
    };
    one.into_iter().chain(many)
}

/// The appointment a reply tells of, for the timeline.
pub(crate) fn appointment_of(reply: &Reply) -> Option<&AppointmentId> {
    match reply {
        Reply::Booked { appointment, .. }
        | Reply::Noted { appointment }
        | Reply::Rescheduled { appointment, .. }
        | Reply::Cancelled { appointment } => Some(&appointment.id),
        Reply::Consent(consent) => Some(&consent.appointment.id),
        _ => None,
    }
}
