//! Which service or person a caller means: exact, synonym, misheard, or better asked back.

use super::fold::words;
pub use super::person::{PersonWish, match_person};
use super::phrases::{Catalogue, is_filler};
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

/// The outcome of a look-up by words among plain names: indices into the candidates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MatchText {
    /// Confidently one.
    One(usize),
    /// Several (2 to 5) fit equally well, best first.
    Several(Vec<usize>),
    /// None fits.
    None,
}

impl MatchText {
    fn of<'a, T>(self, things: &[&'a T]) -> Match<'a, T> {
        match self {
            Self::One(place) => things.get(place).map_or(Match::None, |thing| Match::One(thing)),
            Self::Several(places) => {
                Match::Several(places.iter().filter_map(|place| things.get(*place)).copied().collect())
            }
            Self::None => Match::None,
        }
    }
}

/// Most candidates asked back, and most services of one visit.
const MOST_CANDIDATES: usize = 5;
const MOST_SERVICES: usize = 4;

/// Most parts a sentence about several services is cut into.
const MOST_PARTS: usize = 12;

/// Finds the candidate (name and synonyms) that is meant. An exact name wins, then an exact synonym, then words in
/// another order or parting, a name inside a longer sentence, what is misheard, what is only named in part.
pub fn match_text(said: &str, candidates: &[(&str, &[String])]) -> MatchText {
    Catalogue::new(candidates).find(said)
}

/// Finds the service a caller names, among those bookable at the branch. An exact name or synonym wins over
/// everything ("Herrenhaarschnitt" although "Herrenhaarschnitt mit Bart" exists); then spelling variants.
pub fn match_service<'a>(said: &str, services: &[&'a Service]) -> Match<'a, Service> {
    if let Some(service) = services.iter().find(|service| service.id.as_str() == said.trim()) {
        return Match::One(service);
    }
    match_text(said, &named(services)).of(services)
}

/// Reads a sentence that may name several services of the catalogue ("Waschen und Ansatzfarbe"); a comma never
/// splits a service's own name. At most four; empty if no reading covers the text.
///
/// Among the readings that cover it, the one with the fewest services wins.
pub fn match_services<'a>(said: &str, services: &[&'a Service]) -> Vec<&'a Service> {
    let candidates = named(services);
    let catalogue = Catalogue::new(&candidates);
    let parts = parts(said);
    if parts.is_empty() || parts.len() > MOST_PARTS {
        return Vec::new();
    }
    let reading = fewest(&parts, &catalogue).unwrap_or_default();
    reading.into_iter().filter_map(|place| services.get(place)).copied().collect()
}

/// Finds the person a caller wishes: id, full name, first name if unique, "bei/zu/zum/Frau/Herr" aside, phonetic.
/// "egal", "irgendwer", "anybody" and the like are `Ok(None)`.
pub fn match_staff<'a>(said: &str, staff: &[&'a Staff]) -> Result<Option<&'a Staff>, Match<'a, Staff>> {
    if let Some(person) = staff.iter().find(|person| person.id.as_str() == said.trim()) {
        return Ok(Some(person));
    }
    let names: Vec<(&str, &[String])> =
        staff.iter().map(|person| (person.name.as_str(), person.synonyms.as_slice())).collect();
    match match_person(said, &names) {
        PersonWish::Anybody => Ok(None),
        PersonWish::Somebody(found) => match found.of(staff) {
            Match::One(person) => Ok(Some(person)),
            other => Err(other),
        },
    }
}

fn named<'a>(services: &[&'a Service]) -> Vec<(&'a str, &'a [String])> {
    services.iter().map(|service| (service.name.as_str(), service.synonyms.as_slice())).collect()
}

/// Several that fit equally well, cut to what can be asked back.
pub(super) fn several(mut places: Vec<usize>) -> MatchText {
    places.truncate(MOST_CANDIDATES);
    match places.as_slice() {
        [] => MatchText::None,
        [only] => MatchText::One(*only),
        _ => MatchText::Several(places),
    }
}

/// A sentence cut where one service may end and the next begin; parts that say nothing are gone.
fn parts(said: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    for word in said.split_whitespace() {
        let folded = words(word).concat();
        let is_joint = matches!(word, "&" | "+" | ",")
            || matches!(folded.as_str(), "und" | "and" | "sowie" | "plus" | "dann" | "danach" | "then");
        for (place, piece) in word.split([',', ';', '/', '&', '+']).enumerate() {
            if place > 0 || is_joint {
                parts.push(String::new());
            }
            if let Some(part) = parts.last_mut().filter(|_| !is_joint) {
                part.push(' ');
                part.push_str(piece);
            }
        }
    }
    parts.retain(|part| words(part).iter().any(|word| !is_filler(word)));
    parts
}

/// The reading with the fewest services, from the back: each run of neighbouring parts must mean one of them.
fn fewest(parts: &[String], catalogue: &Catalogue) -> Option<Vec<usize>> {
    let mut best: Vec<Option<Vec<usize>>> = vec![Some(Vec::new())];
    for begin in (0..parts.len()).rev() {
        let mut shortest: Option<Vec<usize>> = None;
        for end in begin + 1..=parts.len() {
            let rest = best.get(parts.len() - end).and_then(Option::as_ref);
            let run = parts.get(begin..end).map(|run| run.join(" ")).unwrap_or_default();
            if let (Some(rest), MatchText::One(place)) = (rest, catalogue.find_whole(&run)) {
                let better = shortest.as_ref().is_none_or(|shortest| rest.len() + 1 < shortest.len());
                if better {
                    shortest = Some(std::iter::once(place).chain(rest.iter().copied()).collect());
                }
            }
        }
        best.push(shortest.filter(|reading| reading.len() <= MOST_SERVICES));
    }
    best.pop().flatten()
}

#[cfg(test)]
mod tests;
