//! Which service or person a caller means: exact, synonym, misheard, or better asked back.

use crate::tenant::Staff;
use crate::tenant::catalog::Service;

/// The outcome of a look-up by words.
#[derive(Clone, Debug, PartialEq)]
pub enum Match<'a, T> {
    /// Confidently one.
    One(&'a T),
    /// Several (2 to 5) fit equally well.
    Several(Vec<&'a T>),
    /// None fits.
    None,
}

/// Finds the service a caller names, among those bookable at the branch. An exact name or synonym wins over
/// everything ("Herrenhaarschnitt" although "Herrenhaarschnitt mit Bart" exists); then spelling variants.
pub fn match_service<'a>(said: &str, services: &[&'a Service]) -> Match<'a, Service> {
    let _ = (said, services);
    todo!("services")
}

/// Reads a sentence that may name several services of the catalogue ("Waschen und Ansatzfarbe"); a comma never
/// splits a service's own name. At most four; empty if no reading covers the text.
pub fn match_services<'a>(said: &str, services: &[&'a Service]) -> Vec<&'a Service> {
    let _ = (said, services);
    todo!("services")
}

/// Finds the person a caller wishes: id, full name, first name if unique, "bei/zu/zum/Frau/Herr" aside, phonetic.
/// "egal", "irgendwer", "anybody" and the like are `Ok(None)`.
pub fn match_staff<'a>(said: &str, staff: &[&'a Staff]) -> Result<Option<&'a Staff>, Match<'a, Staff>> {
    let _ = (said, staff);
    todo!("staff")
}
