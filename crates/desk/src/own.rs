//! The caller's own appointments in the way of a wish: nobody sits in two chairs.
//!
//! Check, alternatives, booking and moving ask the same question with the same person in mind: who was named, else the
//! one customer of the number, else whom this call booked for under that name.

use frontdesk_domain::caller::name::name_key;
use frontdesk_domain::ids::CustomerId;
use frontdesk_domain::pii::PersonName;
use frontdesk_domain::slots::Visit;
use frontdesk_store::appointments::{self, Appointment};
use frontdesk_store::{StoreError, Tx, customers};
use jiff::{SignedDuration, Timestamp};

use crate::case::Case;
use crate::persons;
use crate::wanted::{self, Wanted};

/// The coming appointments of the person a wish is for; empty where nobody can be meant. A house that wants name and
/// day before it tells anything is told nothing here without a name.
pub(crate) async fn coming(tx: &mut Tx, case: &Case) -> Result<Vec<Appointment>, StoreError> {
    // Understanding a name costs more than knowing that it can be nobody's.
    if case.known.by_number.is_empty() && case.known.of_call.is_empty() {
        return Ok(Vec::new());
    }
    let name = wanted::given_name(case).or_else(|| match case.known.by_number.as_slice() {
        [one] if !case.tenant.strict_ownership => Some(one.name.clone()),
        _ => None,
    });
    match name {
        Some(name) => coming_of(tx, case, &name).await,
        None => Ok(Vec::new()),
    }
}

/// The same for a name.
pub(crate) async fn coming_of(tx: &mut Tx, case: &Case, name: &PersonName) -> Result<Vec<Appointment>, StoreError> {
    match person(tx, case, name).await? {
        Some(customer) => appointments::coming_of(tx, &customer, case.now_ms()).await,
        None => Ok(Vec::new()),
    }
}

async fn person(tx: &mut Tx, case: &Case, name: &PersonName) -> Result<Option<CustomerId>, StoreError> {
    if let Some(number) = &case.number {
        let people = customers::by_phone(tx, number).await?;
        return Ok(persons::named(name, &people).map(|customer| customer.id.clone()));
    }
    let key = name_key(name);
    let people = customers::of_call(tx, &case.call_id).await?;
    Ok(people.into_iter().find(|customer| name_key(&customer.name) == key).map(|customer| customer.id))
}

/// What this call booked already for just these services at just this start: the answer to the agent's doubt whether
/// a booking went through.
pub(crate) fn made_here<'c>(case: &'c Case, wanted: &Wanted, start: Timestamp) -> Option<&'c Appointment> {
    case.known.made.iter().find(|own| {
        own.saga.is_active()
            && own.visit.start == start
            && own.visit.legs.iter().map(|leg| &leg.service).eq(&wanted.services)
    })
}

/// The first appointment that overlaps a visit of this length from this start.
pub(crate) fn in_the_way<'o>(
    own: &'o [Appointment],
    case: &Case,
    wanted: &Wanted,
    start: Timestamp,
) -> Option<&'o Appointment> {
    let end = start.saturating_add(SignedDuration::from_mins(wanted.minutes(case))).unwrap_or(start);
    own.iter().find(|own| overlaps(own, start, end))
}

/// Visits during which the person is somewhere else already are no offers.
pub(crate) fn without_clashes(own: &[Appointment], visits: Vec<Visit>, count: usize) -> Vec<Visit> {
    let free = |visit: &Visit| !own.iter().any(|own| overlaps(own, visit.start, visit.end));
    visits.into_iter().filter(free).take(count).collect()
}

fn overlaps(own: &Appointment, start: Timestamp, end: Timestamp) -> bool {
    own.visit.start < end && start < own.visit.end
}

/// Another appointment of the same customer where one is to be moved to.
pub(crate) async fn in_the_way_of_move(
    tx: &mut Tx,
    case: &Case,
    appointment: &Appointment,
    visits: &[Visit],
) -> Result<Option<Appointment>, StoreError> {
    let Some(visit) = visits.first() else { return Ok(None) };
    let coming = appointments::coming_of(tx, &appointment.customer, case.now_ms()).await?;
    Ok(coming.into_iter().find(|own| own.id != appointment.id && overlaps(own, visit.start, visit.end)))
}
