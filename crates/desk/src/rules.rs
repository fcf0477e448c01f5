//! The house rules that hold for one appointment, and what they say to a change of it.

use frontdesk_domain::reply::Refusal;
use frontdesk_domain::tenant::policy::{Fee, Policy, PolicyLayer};
use frontdesk_store::appointments::Appointment;
use jiff::SignedDuration;

use crate::case::Case;

/// The merged rules of an appointment; over several services the first one's person and service.
pub(crate) fn of(case: &Case, appointment: &Appointment) -> Policy {
    let first = appointment.visit.legs.first();
    let staff = first.and_then(|leg| case.tenant.staff(&leg.staff)).map(|person| &person.policy);
    let service = first.and_then(|leg| case.tenant.service(&leg.service)).map(|service| &service.policy);
    let branch = case.tenant.branch(&appointment.branch).map(|branch| &branch.policy);
    let layers: Vec<&PolicyLayer> = [staff, service, branch, Some(&case.tenant.policy)].into_iter().flatten().collect();
    Policy::merged(&layers)
}

/// Time left until the appointment begins; negative when it has begun.
fn left(case: &Case, appointment: &Appointment) -> SignedDuration {
    appointment.visit.start.duration_since(case.now)
}

fn hours(hours: u32) -> SignedDuration {
    SignedDuration::from_hours(i64::from(hours))
}

/// Whether the appointment may still be cancelled; exactly at the deadline it may. `cancels`: the customer's
/// completed cancellations of the last 30 days.
pub(crate) fn may_cancel(case: &Case, appointment: &Appointment, policy: &Policy, cancels: i64) -> Result<(), Refusal> {
    if left(case, appointment).is_negative() || left(case, appointment).is_zero() {
        return Err(Refusal::AlreadyStarted);
    }
    if left(case, appointment) < hours(policy.cancel_deadline_hours) {
        return Err(Refusal::TooLateToCancel { hours: policy.cancel_deadline_hours });
    }
    match policy.max_cancels_per_30_days {
        Some(max) if cancels >= i64::from(max) => Err(Refusal::TooManyCancels),
        _ => Ok(()),
    }
}

/// The same for a move.
pub(crate) fn may_move(case: &Case, appointment: &Appointment, policy: &Policy) -> Result<(), Refusal> {
    if left(case, appointment).is_negative() || left(case, appointment).is_zero() {
        return Err(Refusal::AlreadyStarted);
    }
    if left(case, appointment) < hours(policy.move_deadline_hours) {
        return Err(Refusal::TooLateToMove { hours: policy.move_deadline_hours });
    }
    match policy.max_moves_per_appointment {
        Some(max) if appointment.moves >= i64::from(max) => Err(Refusal::TooManyMoves),
        _ => Ok(()),
    }
}

/// What a change costs now, in cents; exactly at the edge it is free.
pub(crate) fn fee(case: &Case, appointment: &Appointment, fee: Option<Fee>) -> Option<u32> {
    fee.filter(|fee| fee.cents > 0 && left(case, appointment) < hours(fee.within_hours)).map(|fee| fee.cents)
}
