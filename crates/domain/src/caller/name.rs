//! Names of people: cleaned, limited, and told apart from what models put in their place.

use super::clean::clean;
use super::fold::{fold, words};
pub use super::likeness::sounds_like;
use super::name_words::{
    CALENDAR_WORDS, CALLED, CLOSERS, FEASTS, FIRST_NAME_LABELS, FOR_SOMEBODY, INTRODUCTIONS, KIN, KIN_ADJECTIVES,
    KIN_ALONE, LAST_NAME_LABELS, MONTHS_THAT_ARE_NAMES, NO_NAME_WORDS, OPENERS, PARTICLES, POSSESSIVES, SALUTATIONS,
    SENTENCE_WORDS, STAFF_PREPOSITIONS, TIME_PREPOSITIONS, TITLES, WISH_OPENERS,
};
use super::spoken_digits::number_word;
use crate::pii::PersonName;

/// Longest name kept, in characters.
const LONGEST_NAME: usize = 80;

/// "mit dt", "mit Doppel-M": remarks on spelling have short words.
const LONGEST_SPELLING_REMARK: usize = 3;

/// So many single letters in a row spell one word.
const FEWEST_SPELLED: usize = 3;

/// More digits than this are a number or a date, never part of a name.
const MOST_DIGITS: usize = 4;

/// A name wrapped deeper than this in phrases is none.
const MOST_LAYERS: usize = 6;

/// What the text given as a name is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameGiven {
    /// A name, cleaned.
    Name(PersonName),
    /// "bei Mario", or exactly the name of somebody who works here: a wish for that person (as said).
    StaffWish(String),
    /// A time, a number, a greeting, a filler, nothing.
    NoName,
}

/// Reads the `customer_name` argument. `staff_names`: full names of the people who work here.
///
/// Forms of address and "mein Name ist" are dropped, "Dr." stays, "Nachname, Vorname" is turned round, names
/// all in small or capital letters get their capitals. The exact full name of a staff member is a wish for that
/// person, unless it is introduced as the caller's own.
pub fn read_name(text: &str, staff_names: &[&str]) -> NameGiven {
    if text.contains('@') {
        return NameGiven::NoName;
    }
    let mut said = clean(text, LONGEST_NAME);
    let (mut introduced, mut believed) = (false, false);
    // What is taken away may uncover more of its kind; a name is what stays as it is.
    for _ in 0..MOST_LAYERS {
        match uncovered(&said, believed) {
            Uncovered::Wish(wish) => return NameGiven::StaffWish(wish),
            Uncovered::Nothing => return NameGiven::NoName,
            Uncovered::Name { name, own, addressed } => {
                introduced |= own;
                believed |= own || addressed;
                if name == said {
                    return if !introduced && is_full_name_of_any(staff_names, &name) {
                        NameGiven::StaffWish(name)
                    } else {
                        NameGiven::Name(PersonName::from_canonical(name))
                    };
                }
                said = name;
            }
        }
    }
    NameGiven::NoName
}

/// A text with one layer of wrapping taken off.
enum Uncovered {
    Name { name: String, own: bool, addressed: bool },
    Wish(String),
    Nothing,
}

/// Takes one layer off; `believed`: an outer layer said that this is a name.
fn uncovered(text: &str, believed: bool) -> Uncovered {
    let said = only_name_characters(text);
    let said = match without_kin(&said) {
        Some("") => return Uncovered::Nothing,
        Some(named) => named.to_owned(),
        None => said,
    };
    if let Some(wish) = staff_wish(&said) {
        return wish;
    }
    let (said, introduced) = without_phrases(&said);
    let (bare, addressed) = without_salutation(&said);
    let Some(name) = surname_last(&bare) else { return Uncovered::Nothing };
    let has_number = name.chars().filter(|c| c.is_numeric()).count() > MOST_DIGITS;
    if has_number || !could_be_name(&name, believed || introduced || addressed) {
        return Uncovered::Nothing;
    }
    Uncovered::Name { name: with_capitals(&with_stored_titles(&name)), own: introduced, addressed }
}

fn is_full_name_of_any(staff_names: &[&str], name: &str) -> bool {
    let key = text_key(name);
    staff_names.iter().any(|staff| text_key(staff) == key && words(staff).len() > 1)
}

/// Cleans free text of a caller (notes, reasons): no markup, braces or control characters, at most `limit`
/// characters; `None` if nothing is left.
pub fn clean_text(text: &str, limit: usize) -> Option<String> {
    Some(clean(text, limit)).filter(|text| !text.is_empty())
}

/// A key under which spellings of one name are equal inside one call: case, umlauts, spaces and titles aside.
pub fn name_key(name: &PersonName) -> String {
    text_key(name.reveal())
}

fn text_key(name: &str) -> String {
    let turned = surname_last(name).unwrap_or_else(|| name.to_owned());
    let all = words(&turned);
    let bare: String =
        all.iter().filter(|word| !is_salutation(word) && stored_title(word).is_none()).cloned().collect();
    if bare.is_empty() { all.concat() } else { bare }
}

pub(super) fn is_salutation(folded: &str) -> bool {
    SALUTATIONS.contains(&folded)
}

pub(super) fn stored_title(folded: &str) -> Option<&'static str> {
    TITLES.iter().find(|(said, _)| *said == folded).map(|(_, stored)| *stored)
}

/// Letters, marks, digits and the few signs names are written with; everything else parts words.
fn only_name_characters(text: &str) -> String {
    let kept: String = text
        .chars()
        .map(|c| {
            let fits = c.is_alphanumeric()
                || unicode_normalization::char::is_combining_mark(c)
                || matches!(c, '-' | '\'' | '’' | '.' | ',' | '&' | '·' | '‐' | '–');
            if fits { c } else { ' ' }
        })
        .collect();
    one_spaced(&kept)
}

fn one_spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// "bei Mario", "ich möchte zu Emma", "mit Frau Winkler": the wish from its preposition on; a preposition with
/// nobody behind it is no name at all.
fn staff_wish(said: &str) -> Option<Uncovered> {
    let mut rest = said;
    while let Some(shorter) = strip_any(rest, WISH_OPENERS) {
        rest = shorter;
    }
    let (_, person) = strip_first(rest, STAFF_PREPOSITIONS)?;
    let mut person = person;
    while let Some((_, shorter)) = strip_first(person, &["der", "dem", "den", "die"]) {
        person = shorter;
    }
    let named = without_salutation(person).0;
    let is_person = could_be_name(&named, true);
    Some(if is_person { Uncovered::Wish(one_spaced(rest)) } else { Uncovered::Nothing })
}

/// What is said behind "mein Sohn" or "meine kleine Tochter heißt"; empty where nobody is named.
fn without_kin(said: &str) -> Option<&str> {
    let Some((_, mut rest)) = strip_first(said, POSSESSIVES) else {
        return strip_first(said, KIN_ALONE).map(|(_, rest)| rest).filter(|rest| rest.is_empty());
    };
    while let Some((_, shorter)) = strip_first(rest, KIN_ADJECTIVES) {
        rest = shorter;
    }
    let (_, mut named) = strip_first(rest, KIN)?;
    while let Some((_, shorter)) = strip_first(named.trim_start_matches([',', ' ', '-']), CALLED) {
        named = shorter;
    }
    Some(named.trim_start_matches([',', ' ', '-']))
}

/// Takes away what introduces and follows a name; whether it was introduced as the speaker's own.
fn without_phrases(said: &str) -> (String, bool) {
    let mut rest = said;
    let mut introduced = false;
    loop {
        if let Some(shorter) = strip_any(rest, INTRODUCTIONS) {
            rest = shorter;
            introduced = true;
        } else if let Some(shorter) = strip_any(rest, OPENERS).or_else(|| strip_any(rest, FOR_SOMEBODY)) {
            rest = shorter;
        } else if let Some(shorter) = strip_end(rest, CLOSERS) {
            rest = shorter;
        } else {
            let article = strip_first(rest, &["die", "der", "den", "dem"]).map(|(_, behind)| behind);
            // "Der Herr Weber", "die Frau Doktor Weber"
            let addressed = |behind: &str| {
                behind.contains(' ')
                    && (without_salutation(behind).1 || strip_first(behind, &["dr", "doktor"]).is_some())
            };
            let named =
                article.filter(|behind| !behind.is_empty() && (introduced || addressed(behind))).unwrap_or(rest);
            return (without_loose_signs(named), introduced);
        }
    }
}

/// No signs before the first and behind the last letter, but for the full stop of "Dr.".
fn without_loose_signs(text: &str) -> String {
    let belongs = |c: char| c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c);
    let from_letter = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    one_spaced(from_letter.trim_end_matches(|c: char| !belongs(c) && c != '.'))
}

/// The text behind the longest of these phrases it begins with; something must be left.
fn strip_any<'a>(text: &'a str, phrases: &[&str]) -> Option<&'a str> {
    phrases.iter().filter_map(|phrase| strip_start(text, phrase)).min_by_key(|rest| rest.len())
}

/// The word of the list the text begins with, and what is behind it (perhaps nothing).
fn strip_first<'a>(text: &'a str, list: &[&'static str]) -> Option<(&'static str, &'a str)> {
    let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
    let folded = words(first).concat();
    list.iter().find(|word| **word == folded).map(|word| (*word, rest))
}

fn strip_start<'a>(text: &'a str, phrase: &str) -> Option<&'a str> {
    let mut rest = text;
    for wanted in phrase.split(' ') {
        let (first, behind) = rest.split_once(' ')?;
        if words(first).concat() != wanted {
            return None;
        }
        rest = behind;
    }
    (!rest.is_empty()).then_some(rest)
}

fn strip_end<'a>(text: &'a str, phrases: &[&str]) -> Option<&'a str> {
    phrases.iter().find_map(|phrase| {
        let mut rest = text;
        for wanted in phrase.rsplit(' ') {
            let (before, last) = rest.rsplit_once(' ')?;
            if words(last).concat() != wanted {
                return None;
            }
            rest = before;
        }
        (!rest.is_empty()).then_some(rest)
    })
}

/// "Brückner, Hannelore" turned round; parts between commas that are no names ("geboren 1960", "danke") and the
/// spelling of one just said are dropped.
fn surname_last(said: &str) -> Option<String> {
    let parts: Vec<&str> = said.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    if let [only] = parts.as_slice() {
        return Some(without_label(&without_remarks(only)).0);
    }
    let mut names: Vec<(String, Label)> = Vec::new();
    for part in parts.into_iter().map(without_remarks).filter(|part| could_be_part(part)) {
        let (name, label) = without_label(&part);
        if !name.is_empty() && !names.iter().any(|(known, _)| fold(known) == fold(&name)) {
            names.push((name, label));
        }
    }
    let is_title = |name: &str| words(name).iter().all(|word| stored_title(word).is_some());
    match names.as_slice() {
        [] => None,
        [(surname, _), (title, _)] if is_title(title) => Some(format!("{title} {surname}")),
        [(first, Label::First), (surname, _)] => Some(format!("{first} {surname}")),
        [(surname, _), (first, _)] if !is_title(surname) => Some(format!("{first} {surname}")),
        several => Some(several.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(" ")),
    }
}

/// Which name a part says it is.
#[derive(Clone, Copy, PartialEq)]
enum Label {
    First,
    LastOrNone,
}

/// A part of a name without "Herr", "Vorname" and the like; single letters that spell it put together.
fn without_label(part: &str) -> (String, Label) {
    let (named, _) = without_salutation(part);
    let first = strip_first(&named, FIRST_NAME_LABELS).filter(|(_, rest)| !rest.is_empty());
    let last = strip_first(&named, LAST_NAME_LABELS).filter(|(_, rest)| !rest.is_empty());
    let (name, label) = match (first, last) {
        (Some((_, rest)), _) => (rest, Label::First),
        (None, Some((_, rest))) => (rest, Label::LastOrNone),
        (None, None) => (named.as_str(), Label::LastOrNone),
    };
    let letters: Vec<&str> = name.split([' ', '-']).collect();
    let is_spelled = letters.len() >= FEWEST_SPELLED && letters.iter().all(|letter| letter.chars().count() == 1);
    (if is_spelled { letters.concat() } else { name.to_owned() }, label)
}

fn could_be_part(part: &str) -> bool {
    let has_letter = part.chars().any(char::is_alphabetic);
    has_letter && !part.chars().any(|c| c.is_ascii_digit()) && !words(part).iter().all(|word| is_no_name_word(word))
}

/// The name without what is said about its spelling ("mit dt") and without a time behind it ("um 10 Uhr").
fn without_remarks(said: &str) -> String {
    let all: Vec<&str> = said.split(' ').collect();
    let end = all.iter().enumerate().skip(1).find_map(|(place, word)| {
        let folded = words(word).concat();
        let mut rest = all.iter().skip(place + 1).peekable();
        let is_spelling = folded == "mit" && rest.clone().all(|word| word.chars().count() <= LONGEST_SPELLING_REMARK);
        let is_time = TIME_PREPOSITIONS.contains(&folded.as_str())
            && rest.peek().is_some()
            && rest.all(|word| words(word).iter().all(|word| is_no_name_word(word)));
        (is_spelling || is_time).then_some(place)
    });
    all.get(..end.unwrap_or(all.len())).unwrap_or_default().join(" ")
}

/// The name without "Herr", "Frau" and the like at its beginning, and whether there was one.
fn without_salutation(name: &str) -> (String, bool) {
    let mut rest = name;
    let mut addressed = false;
    while let Some((_, behind)) = strip_first(rest, SALUTATIONS) {
        rest = behind;
        addressed = true;
    }
    (rest.trim().to_owned(), addressed)
}

/// Whether this may be a name. Somebody who says "mein Name ist Freitag" or "Frau Morgen" is believed.
fn could_be_name(text: &str, introduced: bool) -> bool {
    let said: Vec<String> = words(text).into_iter().filter(|word| stored_title(word).is_none()).collect();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let lone_latin_letter = letters == 1 && text.chars().any(|c| c.is_ascii_alphabetic());
    if letters == 0 || lone_latin_letter || said.iter().any(|word| SENTENCE_WORDS.contains(&word.as_str())) {
        return false;
    }
    if !introduced && FEASTS.contains(&said.join(" ").as_str()) {
        return false;
    }
    if let [word] = said.as_slice() {
        let may_be_surname =
            introduced && (CALENDAR_WORDS.contains(&word.as_str()) || word == "morgen" || word == "abend");
        if may_be_surname || MONTHS_THAT_ARE_NAMES.contains(&word.as_str()) {
            return true;
        }
    }
    let article = |word: &str| said.len() > 1 && word == "the";
    !said.iter().all(|word| is_no_name_word(word) || article(word))
}

fn is_no_name_word(word: &str) -> bool {
    NO_NAME_WORDS.contains(&word)
        || CALENDAR_WORDS.contains(&word)
        || number_word(word).is_some()
        || is_ordinal(word)
        || word == "ein"
        || word.chars().all(char::is_numeric)
}

/// "dritter", "siebzehnten", "zwanzigsten", "twelfth".
fn is_ordinal(word: &str) -> bool {
    let english = word.strip_suffix("th").is_some_and(|stem| {
        number_word(stem).is_some()
            || matches!(stem, "fif" | "eigh" | "nin" | "twelf" | "twentie" | "thirtie" | "fortie" | "fiftie")
    });
    if english || matches!(word, "first" | "second" | "third") {
        return true;
    }
    let stem = word.trim_end_matches(['n', 'r', 'm']).strip_suffix('e').and_then(|stem| stem.strip_suffix('t'));
    stem.is_some_and(|stem| {
        let tens = stem.strip_suffix('s').unwrap_or(stem);
        matches!(stem, "ers" | "drit" | "sieb" | "ach") || number_word(stem).or_else(|| number_word(tens)).is_some()
    })
}

/// Titles as they are stored: "Doktor Weber" is "Dr. Weber".
fn with_stored_titles(name: &str) -> String {
    let stored = name.split(' ').map(|word| stored_title(&words(word).concat()).unwrap_or(word));
    stored.collect::<Vec<_>>().join(" ")
}

/// Capitals for names that came all small or all capital; mixed ones ("McDonald") are left alone.
fn with_capitals(name: &str) -> String {
    let letters =
        || name.split(' ').filter(|word| !word.ends_with('.')).flat_map(str::chars).filter(|c| c.is_alphabetic());
    let all_small = letters().all(|c| !c.is_uppercase());
    let all_capital = letters().count() > 1 && letters().all(|c| !c.is_lowercase());
    if !all_small && !all_capital {
        return name.to_owned();
    }
    let word = |word: &str| {
        let lower: String = word.to_lowercase();
        if word.ends_with('.') || PARTICLES.contains(&fold(&lower).as_str()) {
            keep_or_lower(word, &lower)
        } else {
            capitalised(&lower)
        }
    };
    name.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

fn keep_or_lower(word: &str, lower: &str) -> String {
    if word.ends_with('.') { word.to_owned() } else { lower.to_owned() }
}

/// A capital at the beginning and behind every hyphen or apostrophe, where the letter has one.
fn capitalised(lower: &str) -> String {
    let mut at_start = true;
    lower
        .chars()
        .map(|c| {
            let mut upper = c.to_uppercase();
            let capital = match (upper.next(), upper.next()) {
                (Some(capital), None) if at_start => capital,
                _ => c,
            };
            at_start = !c.is_alphanumeric() && !unicode_normalization::char::is_combining_mark(c);
            capital
        })
        .collect()
}

#[cfg(test)]
mod tests;
