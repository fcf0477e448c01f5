//! Finding the name or synonym a phrase means: see [`super::matching`].

use std::collections::BTreeSet;

use super::fold::words;
use super::matching::{MatchText, several};
use super::similarity::{differing_cores, edit_similarity, same_sound};
use super::spoken_digits::number_word;

/// Least likeness of a misheard name.
const ALIKE_ENOUGH: f64 = 0.75;

/// Least likeness of what only sounds the same, and of the part in which two long words differ.
const SOUND_ENOUGH: f64 = 0.6;

/// Two candidates closer than this are a tie, and asked back.
const TIE: f64 = 0.05;

/// Likeness of a name said only by its head ("Haarschnitt"), its beginning ("Herren"), or most of its words.
const HEAD_OF_NAME: f64 = 0.85;
const BEGINNING_OF_NAME: f64 = 0.76;
const MOST_OF_NAME: f64 = 0.76;

/// Share of a name's letters that must be said where only some of its words are.
const MOST_LETTERS: f64 = 0.6;

/// Shortest head and shortest beginning of a word that may stand for a name, in letters.
const SHORTEST_HEAD: usize = 4;
const SHORTEST_BEGINNING: usize = 5;

/// Names of up to so many words are tried in every order.
const MOST_REORDERED: usize = 4;

/// Words that say nothing about which service it is, folded.
const FILLERS: &[&str] = &[
    "ich",
    "wir",
    "mir",
    "mich",
    "uns",
    "hatte",
    "hatten",
    "habe",
    "haben",
    "mochte",
    "mochten",
    "will",
    "wollte",
    "wollen",
    "wurde",
    "brauche",
    "brauchen",
    "bitte",
    "gerne",
    "gern",
    "mal",
    "einmal",
    "wieder",
    "nur",
    "so",
    "ja",
    "also",
    "als",
    "ah",
    "ahm",
    "den",
    "die",
    "das",
    "der",
    "dem",
    "ein",
    "eine",
    "einen",
    "einem",
    "einer",
    "mein",
    "meine",
    "meinen",
    "meiner",
    "fur",
    "mit",
    "und",
    "zum",
    "zur",
    "zu",
    "beim",
    "bei",
    "auf",
    "am",
    "um",
    "im",
    "in",
    "termin",
    "buchen",
    "vereinbaren",
    "ausmachen",
    "machen",
    "lassen",
    "normal",
    "normale",
    "normalen",
    "normaler",
    "ganz",
    "einfach",
    "einfachen",
    "i",
    "id",
    "im",
    "we",
    "want",
    "would",
    "like",
    "need",
    "to",
    "book",
    "get",
    "have",
    "a",
    "an",
    "the",
    "my",
    "for",
    "with",
    "and",
    "please",
    "appointment",
    "of",
    "some",
    "heute",
    "morgen",
    "today",
    "tomorrow",
    "uhr",
];

/// Days, which may be said in one breath with a service.
const DAYS: &[&str] = &[
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonntag",
    "monday",
    "tusday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// Whether a folded word says nothing about which service is meant.
pub(super) fn is_filler(word: &str) -> bool {
    FILLERS.contains(&word) || DAYS.contains(&word)
}

/// One name or synonym, folded.
struct Phrase {
    /// Whose.
    place: usize,
    is_name: bool,
    /// Names several things ("Haare und Bart"): a part of it is not its head.
    is_list: bool,
    /// All its words run together.
    whole: String,
    /// Its words without fillers (all of them if there are only fillers), number words as digits.
    content: Vec<String>,
}

impl Phrase {
    fn new(place: usize, is_name: bool, text: &str) -> Self {
        let all = words(text);
        let joins = |word: &String| matches!(word.as_str(), "und" | "mit" | "and" | "with");
        let is_list = text.contains([',', '&', '+', '/']) || all.iter().any(joins);
        Self { place, is_name, is_list, whole: all.concat(), content: content(&all) }
    }

    fn run_together(&self) -> String {
        self.content.concat()
    }
}

/// What can be meant, prepared for one look-up or several.
pub(super) struct Catalogue {
    phrases: Vec<Phrase>,
    vocabulary: BTreeSet<String>,
}

impl Catalogue {
    pub(super) fn new(candidates: &[(&str, &[String])]) -> Self {
        let mut phrases = Vec::new();
        for (place, (name, synonyms)) in candidates.iter().enumerate() {
            phrases.push(Phrase::new(place, true, name));
            phrases.extend(synonyms.iter().map(|synonym| Phrase::new(place, false, synonym)));
        }
        phrases.retain(|phrase| !phrase.whole.is_empty());
        // "Waschen Schneiden Föhnen" is the list its name writes with commas.
        let lists: BTreeSet<String> =
            phrases.iter().filter(|phrase| phrase.is_list).map(Phrase::run_together).collect();
        phrases.iter_mut().for_each(|phrase| phrase.is_list |= lists.contains(&phrase.run_together()));
        let vocabulary = phrases.iter().flat_map(|phrase| phrase.content.iter().cloned()).collect();
        Self { phrases, vocabulary }
    }

    /// What a sentence means, other words around it allowed.
    pub(super) fn find(&self, said: &str) -> MatchText {
        let all = words(said);
        let told = content(&all);
        self.exact(&all, &told)
            .or_else(|| self.inside(&told, false))
            .or_else(|| self.misheard(&told))
            .or_else(|| self.inside(&told, true))
            .unwrap_or(MatchText::None)
    }

    /// What a phrase means that says nothing else.
    pub(super) fn find_whole(&self, said: &str) -> MatchText {
        let all = words(said);
        let told = content(&all);
        self.exact(&all, &told).or_else(|| self.misheard(&told)).unwrap_or(MatchText::None)
    }

    /// The name, else the synonym, that is said to the letter; then without fillers; then in another order.
    fn exact(&self, all: &[String], told: &[String]) -> Option<MatchText> {
        let (whole, bare) = (all.concat(), told.concat());
        if bare.is_empty() {
            return None;
        }
        let orders = orders(told);
        let same_letters: [&dyn Fn(&Phrase) -> bool; 3] =
            [&|phrase| phrase.whole == whole, &|phrase| phrase.run_together() == bare, &|phrase| {
                orders.contains(&phrase.run_together()) || orders_of(phrase).contains(&bare)
            }];
        same_letters.iter().find_map(|same| self.best_kind(|phrase| same(phrase)))
    }

    /// Everybody with a fitting name; without one, everybody with a fitting synonym.
    fn best_kind(&self, fits: impl Fn(&Phrase) -> bool) -> Option<MatchText> {
        [true, false].iter().find_map(|wanted| {
            let places: BTreeSet<usize> = self
                .phrases
                .iter()
                .filter(|phrase| phrase.is_name == *wanted && fits(phrase))
                .map(|p| p.place)
                .collect();
            (!places.is_empty()).then(|| several(places.into_iter().collect()))
        })
    }

    /// Names said in full inside a longer sentence, the longest first; with `rest_known`, even if what else is said
    /// are words of this catalogue, too ("Herrenhaarschnitt" in "Herrenhaarschnitt mit Bart und Farbe").
    fn inside(&self, told: &[String], rest_known: bool) -> Option<MatchText> {
        let mut spans: Vec<(usize, usize, usize)> = Vec::new();
        for phrase in &self.phrases {
            let wanted = phrase.run_together();
            for begin in 0..told.len() {
                let mut run = String::new();
                let mut runs = told.iter().enumerate().skip(begin).map_while(|(place, word)| {
                    let may_grow = run.len() < wanted.len();
                    run.push_str(word);
                    may_grow.then_some((place + 1, run == wanted))
                });
                let end = runs.find(|(_, complete)| *complete).map(|(end, _)| end);
                spans.extend(end.map(|end| (begin, end, phrase.place)));
            }
        }
        spans.sort_by_key(|(begin, end, _)| (std::cmp::Reverse(end - begin), *begin));
        let mut covered = vec![false; told.len()];
        let mut found: Vec<(usize, usize, usize)> = Vec::new();
        for (begin, end, place) in spans {
            let same_words = found.iter().any(|(b, e, _)| (*b, *e) == (begin, end));
            let free = covered.get(begin..end).is_some_and(|words| words.iter().all(|covered| !covered));
            if (free || same_words) && !found.iter().any(|(_, _, known)| *known == place) {
                covered.iter_mut().take(end).skip(begin).for_each(|covered| *covered = true);
                found.push((begin, end, place));
            }
        }
        let rest_is_new = told.iter().zip(&covered).all(|(word, covered)| *covered || !self.vocabulary.contains(word));
        (!found.is_empty() && (rest_is_new || rest_known)).then(|| {
            found.sort_by_key(|(begin, _, _)| *begin);
            several(found.into_iter().map(|(_, _, place)| place).collect())
        })
    }

    /// The best of what is misheard or said in part; all that are as good as the best.
    fn misheard(&self, told: &[String]) -> Option<MatchText> {
        if told.is_empty() {
            return None;
        }
        let mut scores: Vec<(usize, f64)> = Vec::new();
        for phrase in &self.phrases {
            if numbers(told).is_some_and(|said| numbers(&phrase.content).is_some_and(|known| said != known)) {
                continue;
            }
            let score = misheard_in_any_order(told, phrase).max(said_in_part(told, phrase));
            match scores.iter_mut().find(|(place, _)| *place == phrase.place) {
                Some((_, best)) => *best = best.max(score),
                None => scores.push((phrase.place, score)),
            }
        }
        scores.retain(|(_, score)| *score >= ALIKE_ENOUGH);
        scores.sort_by(|(_, one), (_, other)| other.total_cmp(one));
        let best = scores.first()?.1;
        Some(several(scores.into_iter().take_while(|(_, score)| best - score <= TIE).map(|(place, _)| place).collect()))
    }
}

/// The words that tell something, number words as digits; if there are none, all of them.
fn content(all: &[String]) -> Vec<String> {
    let digits = |word: &String| number_word(word).map_or_else(|| word.clone(), |number| number.to_string());
    let mut telling: Vec<String> = Vec::new();
    for word in all.iter().filter(|word| !is_filler(word)).map(digits) {
        // What callers say for a haircut is not what it is called.
        match telling.last_mut() {
            Some(hair) if word == "schneiden" && matches!(hair.as_str(), "haar" | "haare") => {
                *hair = "haarschnitt".to_owned()
            }
            Some(hair) if word == "cut" && hair == "hair" => *hair = "haircut".to_owned(),
            _ if word == "cut" => telling.push("haircut".to_owned()),
            _ => telling.push(word),
        }
    }
    if telling.is_empty() { all.to_vec() } else { telling }
}

/// The numbers in a phrase ("Massage 30 Minuten"): other numbers mean another service, however alike the rest is.
fn numbers(content: &[String]) -> Option<Vec<&String>> {
    let numbers: Vec<&String> = content.iter().filter(|word| word.bytes().all(|b| b.is_ascii_digit())).collect();
    (!numbers.is_empty()).then_some(numbers)
}

/// The words run together without numbers and minutes, which are compared for themselves.
fn without_measure(content: &[String]) -> String {
    let is_measure = |word: &&String| {
        word.bytes().all(|b| b.is_ascii_digit()) || matches!(word.as_str(), "minuten" | "min" | "minutes")
    };
    let telling: String = content.iter().filter(|word| !is_measure(word)).map(String::as_str).collect();
    if telling.is_empty() { content.concat() } else { telling }
}

/// The words run together in every order, the said one first; only that one if there are many words.
fn orders(words: &[String]) -> Vec<String> {
    let mut all = vec![words.concat()];
    if (2..=MOST_REORDERED).contains(&words.len()) {
        reorder(&mut Vec::new(), words, &mut all);
    }
    all
}

fn orders_of(phrase: &Phrase) -> Vec<String> {
    orders(&phrase.content)
}

fn reorder<'a>(chosen: &mut Vec<&'a str>, left: &'a [String], all: &mut Vec<String>) {
    if chosen.len() == left.len() {
        all.push(chosen.concat());
        return;
    }
    for word in left {
        // Words are compared by where they are: one said twice counts twice.
        if !chosen.iter().any(|taken| std::ptr::eq(*taken, word.as_str())) {
            chosen.push(word);
            reorder(chosen, left, all);
            chosen.pop();
        }
    }
}

/// How alike a phrase is to a name it may be a mishearing of; 0 where what differs is another word.
///
/// Long compounds share their head ("Kinderhaarschnitt", "Männerhaarschnitt"), so what differs counts for itself.
fn likeness(said: &str, wanted: &str) -> f64 {
    let (said_letters, wanted_letters) = (said.chars().count(), wanted.chars().count());
    // No likeness is above the share of the shorter in the longer; this spares long texts their comparison.
    let most = said_letters.min(wanted_letters) as f64 / said_letters.max(wanted_letters).max(1) as f64;
    if most < SOUND_ENOUGH {
        return 0.0;
    }
    let similarity = edit_similarity(said, wanted);
    let sounds_right = same_sound(said, wanted) && similarity >= SOUND_ENOUGH;
    if similarity < ALIKE_ENOUGH {
        return if sounds_right { ALIKE_ENOUGH } else { 0.0 };
    }
    let (said_core, wanted_core) = differing_cores(said, wanted);
    let edits = strsim::levenshtein(said, wanted);
    // "Männerschnitt" leaves something out; what is said too much may be another service.
    let left_out = said_core.is_empty();
    let same_word = edits <= 2 || left_out || sounds_right || edit_similarity(&said_core, &wanted_core) >= SOUND_ENOUGH;
    if same_word { similarity } else { 0.0 }
}

/// The best likeness over the orders of what was said; a single word ("Frauenschnitt") meets the orders of the name.
fn misheard_in_any_order(told: &[String], phrase: &Phrase) -> f64 {
    let (said, wanted) = if told.len() == 1 {
        (vec![told.concat()], orders_of(phrase))
    } else {
        (orders(told), vec![phrase.run_together()])
    };
    let pairs = said.iter().flat_map(|said| wanted.iter().map(move |wanted| likeness(said, wanted)));
    pairs.fold(0.0, f64::max)
}

/// How well a name is told by a part of it: its head ("Haarschnitt" of "Herrenhaarschnitt"), or most of its words.
fn said_in_part(told: &[String], phrase: &Phrase) -> f64 {
    let (said, wanted) = (without_measure(told), without_measure(&phrase.content));
    let letters = said.chars().count();
    if !phrase.is_list && wanted.len() >= said.len() {
        if letters >= SHORTEST_HEAD && (wanted.ends_with(&said) || phrase.content.first() == Some(&said)) {
            return HEAD_OF_NAME;
        }
        if letters >= SHORTEST_BEGINNING && wanted.starts_with(&said) {
            return BEGINNING_OF_NAME;
        }
    }
    let all_known = told.iter().all(|word| phrase.content.iter().any(|known| likeness(word, known) >= ALIKE_ENOUGH));
    let share = letters as f64 / wanted.chars().count().max(1) as f64;
    if all_known && told.len() > 1 && share >= MOST_LETTERS { MOST_OF_NAME } else { 0.0 }
}
