//! Whom a caller wishes to be served by.

use super::fold::words;
use super::likeness::{like, name_words};
use super::matching::{MatchText, several};
use super::name::{is_salutation, stored_title};
use super::name_words::{STAFF_PREPOSITIONS, WISH_OPENERS};

/// Whom a caller wishes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PersonWish {
    /// Whoever is free.
    Anybody,
    /// Somebody: one of the candidates, several, or nobody there.
    Somebody(MatchText),
}

/// Words that say that anybody will do, or that nothing was said; folded.
const ANYBODY: &[&str] = &[
    "egal",
    "irgendwer",
    "irgendwem",
    "irgendjemand",
    "irgendjemandem",
    "irgendjemanden",
    "irgendeiner",
    "irgendeine",
    "irgendeinem",
    "irgendeinen",
    "irgendein",
    "beliebig",
    "beliebige",
    "beliebiger",
    "beliebigen",
    "jemand",
    "jemandem",
    "jeder",
    "jedem",
    "jede",
    "alle",
    "allen",
    "frei",
    "freie",
    "freien",
    "freier",
    "anyone",
    "anybody",
    "any",
    "whover",
    "somebody",
    "someone",
    "preference",
    "praferenz",
    "wunsch",
    "rolle",
    "matter",
    "care",
    "first",
    "null",
    "none",
    "keiner",
    "niemand",
    "angabe",
    "undefined",
    "mind",
    "wer",
    "who",
];

/// Words that turn a wish round.
const NEGATIONS: &[&str] = &["nicht", "ausser", "not", "except", "ohne", "without", "statt", "anstatt"];

/// Words that say nothing about who it is.
const FILLERS: &[&str] = &[
    "der",
    "dem",
    "den",
    "die",
    "das",
    "wieder",
    "nochmal",
    "immer",
    "zeit",
    "hat",
    "ist",
    "is",
    "gerade",
    "free",
    "i",
    "can",
    "have",
    "wie",
    "letztes",
    "mal",
    "ja",
    "ah",
    "ahm",
    "nur",
    "unbedingt",
    "diesmal",
    "unserer",
    "unserem",
    "meiner",
    "meinem",
    "kollegin",
    "kollegen",
    "friseurin",
    "friseur",
    "the",
    "by",
    "from",
    "to",
    "again",
    "id",
    "like",
    "ne",
    "please",
    "danke",
    "thanks",
    "aber",
    "but",
    "wenn",
    "if",
    "possible",
];

/// Finds the person (full name and synonyms) a wish names: full name, unique first or last name, then misheard.
/// A wish against somebody ("nicht Fabian") names nobody.
pub fn match_person(said: &str, people: &[(&str, &[String])]) -> PersonWish {
    let told = words(said);
    let mut named = telling(said);
    // "Egal, aber am liebsten Emma": whoever is named counts.
    named.retain(|word| !ANYBODY.contains(&word.as_str()));
    if !named.is_empty() && !told.iter().any(|word| NEGATIONS.contains(&word.as_str())) {
        let found = find(&named, people);
        if found != MatchText::None {
            return PersonWish::Somebody(found);
        }
    }
    let any = named.is_empty() || told.iter().any(|word| ANYBODY.contains(&word.as_str())) || is_not_given(&told);
    let against = told.iter().any(|word| word != "nicht" && NEGATIONS.contains(&word.as_str()));
    if any && !against { PersonWish::Anybody } else { PersonWish::Somebody(MatchText::None) }
}

/// "N/A" and "doesn't matter".
fn is_not_given(told: &[String]) -> bool {
    let whole = told.concat();
    matches!(whole.as_str(), "na" | "nan" | "keine" | "kein" | "no" | "nein")
}

/// The words of a wish that can be a name.
fn telling(said: &str) -> Vec<String> {
    name_words(said)
        .into_iter()
        .filter(|word| {
            let word = word.as_str();
            let opens = WISH_OPENERS.iter().any(|phrase| phrase.split(' ').any(|opener| opener == word));
            let ballast = is_salutation(word) || stored_title(word).is_some() || STAFF_PREPOSITIONS.contains(&word);
            !(opens || ballast || FILLERS.contains(&word) || matches!(word, "oder" | "or" | "und" | "and"))
        })
        .collect()
}

/// Whether a full name with its synonyms fits what was said.
type Way<'a> = dyn Fn(&str, &[String]) -> bool + 'a;

/// Everybody whose name fits in the first way that fits anybody: word for word, then as it sounds.
fn find(named: &[String], people: &[(&str, &[String])]) -> MatchText {
    let exactly = |one: &str, other: &str| one == other;
    let everybody_known =
        named.iter().all(|word| people.iter().any(|(name, synonyms)| all_words(name, synonyms).contains(word)));
    let ways: [&Way<'_>; 6] = [
        &|name, _| same_person(&name_words(name), named, exactly),
        &|_, synonyms| synonyms.iter().any(|synonym| same_person(&name_words(synonym), named, exactly)),
        &|name, _| part_of(&name_words(name), named, exactly),
        &|name, synonyms| everybody_known && anybody_named(&all_words(name, synonyms), named),
        &|name, _| part_of(&name_words(name), named, like),
        &|_, synonyms| synonyms.iter().any(|synonym| part_of(&name_words(synonym), named, like)),
    ];
    ways.iter()
        .map(|fits| {
            let places = people.iter().enumerate().filter(|(_, (name, synonyms))| fits(name, synonyms));
            several(places.map(|(place, _)| place).collect())
        })
        .find(|found| *found != MatchText::None)
        .unwrap_or(MatchText::None)
}

fn all_words(name: &str, synonyms: &[String]) -> Vec<String> {
    let mut all = name_words(name);
    all.extend(synonyms.iter().flat_map(|synonym| name_words(synonym)));
    all
}

/// All words of the name, in any order, and no other.
fn same_person(name: &[String], named: &[String], same: impl Fn(&str, &str) -> bool) -> bool {
    name.len() == named.len() && part_of(name, named, same)
}

/// Every word said belongs to the name.
fn part_of(name: &[String], named: &[String], same: impl Fn(&str, &str) -> bool) -> bool {
    named.iter().all(|word| name.iter().any(|known| same(word, known)))
}

/// Some word said is this person's ("Emma oder Leyla").
fn anybody_named(name: &[String], named: &[String]) -> bool {
    named.iter().any(|word| name.contains(word))
}
