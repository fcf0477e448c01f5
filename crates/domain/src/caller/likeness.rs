//! Whether two names may be one person's, as heard on the phone.

use super::fold::words;
use super::name::{is_salutation, name_key, stored_title};
use super::name_words::PARTICLES;
use super::similarity::{alike, edit_similarity, same_sound};
use crate::pii::PersonName;

/// Shortest short form of a first name ("Max" of "Maximilian"), in letters.
const SHORTEST_SHORT_FORM: usize = 3;

/// Whether two names may be the same person's, as heard on the phone: equal keys, phonetic likeness, a first or
/// last name alone, one misheard letter. Two full names need both first and last name alike, in either order.
pub fn sounds_like(said: &PersonName, known: &PersonName) -> bool {
    if name_key(said) == name_key(known) {
        return true;
    }
    let (said, known) = (name_words(said.reveal()), name_words(known.reveal()));
    match (said.as_slice(), known.as_slice()) {
        ([], _) | (_, []) => false,
        ([only], others) | (others, [only]) => {
            others.iter().any(|other| like(only, other)) || parted_alike(&said, &known)
        }
        ([said_first @ .., said_last], [known_first @ .., known_last]) => {
            let straight = like(said_last, known_last) && any_given_alike(said_first, known_first);
            let turned = |first: &[String], last: &str, of: &[String]| {
                of.split_first().is_some_and(|(surname, givens)| like(surname, last) && any_given_alike(first, givens))
            };
            straight
                || turned(said_first, said_last, &known)
                || turned(known_first, known_last, &said)
                || (said.len() != known.len() && parted_alike(&said, &known))
        }
    }
}

/// The folded words of a name: no forms of address, no titles, no particles unless there is nothing else.
/// Hyphens stay inside a word as blanks do not: "Müller-Lüdenscheidt" is one surname with two parts.
pub(super) fn name_words(name: &str) -> Vec<String> {
    let turned = match name.split_once(',') {
        Some((surname, first)) => format!("{first} {surname}"),
        None => name.to_owned(),
    };
    let all: Vec<String> =
        turned.split_whitespace().map(|word| words(word).join("-")).filter(|word| !word.is_empty()).collect();
    let is_ballast = |word: &str| is_salutation(word) || stored_title(word).is_some() || PARTICLES.contains(&word);
    let telling: Vec<String> = all.iter().filter(|word| !is_ballast(word)).cloned().collect();
    if telling.is_empty() { all } else { telling }
}

/// Two words alike as a whole, or one alike a part of the other's double name.
pub(super) fn like(one: &str, other: &str) -> bool {
    let halves = |double: &str, single: &str| double.contains('-') && double.split('-').any(|half| alike(half, single));
    alike(&one.replace('-', ""), &other.replace('-', "")) || halves(one, other) || halves(other, one)
}

fn any_given_alike(some: &[String], others: &[String]) -> bool {
    some.iter().any(|one| others.iter().any(|other| given_alike(one, other)))
}

/// First names are also alike as initial ("H.") and as short form ("Max", "Maximilian").
fn given_alike(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    let letters = short.chars().count();
    like(one, other) || ((letters == 1 || letters >= SHORTEST_SHORT_FORM) && long.starts_with(short))
}

/// The same letters parted otherwise: "Hanne Lore Brückner".
fn parted_alike(said: &[String], known: &[String]) -> bool {
    let (said, known) = (said.concat().replace('-', ""), known.concat().replace('-', ""));
    same_sound(&said, &known) && edit_similarity(&said, &known) >= 0.8
}
