//! E-mail addresses as they are spoken and written.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::clean::is_invisible;
use super::fold::fold;
use super::spelling_table::letter_of;
use super::spoken_digits::{DigitRun, number_word, repetition};
use crate::pii::Email;

/// Longest text that is read, in characters.
const LONGEST_TEXT: usize = 600;

/// Longest address, longest part before the `@` and longest label of a domain, in bytes (RFC 5321, RFC 1035).
const LONGEST_ADDRESS: usize = 254;
const LONGEST_LOCAL_PART: usize = 64;
const LONGEST_LABEL: usize = 63;

/// More unknown words than this before the `@` are a sentence, not an address.
const MOST_WORDS_RUN_TOGETHER: usize = 2;

/// Endings that are understood without their dot ("web de").
const ENDINGS_WITHOUT_DOT: &[&str] = &["de", "com", "net", "org", "at", "ch", "eu", "info", "email"];

/// Providers with one address ending, said without it.
const PROVIDERS: &[(&str, &str)] = &[
    ("gmail", "gmail.com"),
    ("googlemail", "googlemail.com"),
    ("web", "web.de"),
    ("t-online", "t-online.de"),
    ("icloud", "icloud.com"),
    ("freenet", "freenet.de"),
    ("posteo", "posteo.de"),
    ("mailbox", "mailbox.org"),
];

/// Reads an address, spoken ("lena punkt brandt ät beispiel punkt de") or written. Empty or hopeless is `None`.
///
/// Umlauts before the `@` are written out; a domain with umlauts is `None`, for nobody can hear which of its two
/// spellings is meant. Spoken addresses are in small letters, written ones keep theirs before the `@`.
pub fn parse_email(text: &str) -> Option<Email> {
    let short: String = text.chars().take(LONGEST_TEXT).filter(|c| !is_invisible(*c)).nfc().collect();
    if let Some(address) = written(&short) {
        return Some(Email::from_canonical(address));
    }
    let pieces = pieces(&short.to_lowercase());
    let at = position_of_at(&pieces)?;
    let local = local_part(pieces.get(..at)?)?;
    let domain = domain(pieces.get(at + 1..)?)?;
    valid(&format!("{local}@{domain}")).map(Email::from_canonical)
}

/// The address, domain in small letters, if it is one by the rules of mail; quoted local parts are not taken.
fn valid(address: &str) -> Option<String> {
    let (local, domain) = address.split_once('@')?;
    let domain = domain.to_lowercase();
    let local_ok = local.len() <= LONGEST_LOCAL_PART
        && local.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_local_character));
    let labels: Vec<&str> = domain.split('.').collect();
    let labels_ok = labels.len() >= 2 && labels.iter().all(|label| is_label(label));
    let ending_ok = labels.last().is_some_and(|ending| {
        ending.len() >= 2 && (ending.bytes().all(|b| b.is_ascii_alphabetic()) || ending.starts_with("xn--"))
    });
    let length_ok = local.len() + 1 + domain.len() <= LONGEST_ADDRESS;
    (local_ok && labels_ok && ending_ok && length_ok).then(|| format!("{local}@{domain}"))
}

/// Characters of a dot-atom, but for braces and the like, which real addresses do not have and templates do.
fn is_local_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_~".contains(c)
}

fn is_label(label: &str) -> bool {
    (1..=LONGEST_LABEL).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// An address that was written as one word, if it stands alone or in a text that spells nothing around it.
fn written(text: &str) -> Option<String> {
    let mut found = None;
    let mut before = "";
    for word in text.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '(' | ')' | ',' | ';')) {
        if is_sign_word(&fold(word)) {
            return None;
        }
        if word.contains('@') {
            // "h brückner@…" and "lena 84@…" are spelled in part.
            if before.chars().count() == 1 || (!before.is_empty() && before.bytes().all(|b| b.is_ascii_digit())) {
                return None;
            }
            let bare = word.trim_matches(|c: char| matches!(c, '.' | ':' | '!' | '?' | '\''));
            let bare = bare.strip_prefix("mailto:").or_else(|| bare.strip_prefix("Mailto:")).unwrap_or(bare);
            let (local, domain) = bare.split_once('@')?;
            let address = valid(&format!("{}@{domain}", without_umlauts(local)))?;
            if found.replace(address).is_some() {
                return None;
            }
        }
        before = word;
    }
    found
}

/// Whether a folded word says a sign of an address or belongs to spelling one.
fn is_sign_word(word: &str) -> bool {
    sign(word).is_some() || matches!(word, "." | "-" | "_" | "@" | "unter" | "under")
}

/// Umlauts written out, accents dropped.
fn without_umlauts(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            'ä' => plain.push_str("ae"),
            'ö' => plain.push_str("oe"),
            'ü' => plain.push_str("ue"),
            'Ä' => plain.push_str("Ae"),
            'Ö' => plain.push_str("Oe"),
            'Ü' => plain.push_str("Ue"),
            'ß' => plain.push_str("ss"),
            other => plain.extend(std::iter::once(other).nfd().filter(|c| !is_combining_mark(*c))),
        }
    }
    plain
}

/// What a text is made of, for reading an address out of it.
#[derive(Clone, Debug, PartialEq)]
enum Piece {
    /// Letters and digits, as they were said.
    Word(String),
    /// `.`, `-`, `_`, `+` or `@`, as a sign or as its word.
    Sign(char),
    /// A full stop at the end of a word: an address's dot or the end of a sentence.
    FullStop,
    /// Here no address goes on.
    End,
}

/// The sign a folded word says.
fn sign(word: &str) -> Option<char> {
    match word {
        "punkt" | "dot" | "period" | "point" => Some('.'),
        "minus" | "bindestrich" | "strich" | "minuszeichen" | "mittelstrich" | "dash" | "hyphen" => Some('-'),
        "unterstrich" | "underscore" | "underline" => Some('_'),
        "plus" | "pluszeichen" => Some('+'),
        "klammeraffe" | "klammeraffen" | "affenschwanz" | "affenschwanzchen" | "atzeichen" | "at-zeichen" => Some('@'),
        _ => None,
    }
}

/// Words around and inside a spoken address that are not part of it, folded.
fn says_nothing(word: &str) -> bool {
    matches!(
        word,
        "ah" | "ahm"
            | "eh"
            | "hm"
            | "also"
            | "dann"
            | "then"
            | "kleingeschrieben"
            | "zusammengeschrieben"
            | "lowercase"
    )
}

/// Words that come before an address, folded; what was said up to them is no part of it.
fn leads_in(word: &str) -> bool {
    matches!(
        word,
        "ist"
            | "is"
            | "its"
            | "lautet"
            | "ware"
            | "adresse"
            | "address"
            | "mailadresse"
            | "emailadresse"
            | "email"
            | "mail"
            | "unter"
            | "an"
            | "bitte"
            | "ja"
            | "gerne"
            | "gern"
            | "please"
            | "yes"
            | "sure"
            | "okay"
            | "ok"
            | "meine"
            | "my"
            | "die"
            | "the"
            | "to"
            | "auf"
            | "naja"
            | "hallo"
            | "hello"
            | "danke"
            | "ne"
    )
}

/// What is said about the spelling, and words that are put together before anything is read.
const REPLACEMENTS: &[(&str, &str)] = &[
    ("e-mail", "email"),
    ("e mail", "email"),
    ("unter strich", "unterstrich"),
    ("under score", "underscore"),
    ("scharfes s", "ss"),
    ("eszett", "ss"),
    ("t online", "t-online"),
    ("at zeichen", "@"),
    ("at-zeichen", "@"),
    ("at sign", "@"),
    ("alles kleingeschrieben", ""),
    ("alles klein geschrieben", ""),
    ("klein geschrieben", ""),
    ("alles in kleinbuchstaben", ""),
    ("in kleinbuchstaben", ""),
    ("alles klein ", " "),
    ("alles klein,", " "),
    ("all in lowercase", ""),
    ("all small ", " "),
    ("alles zusammen", ""),
    ("in einem wort", ""),
    ("all one word", ""),
    ("all lowercase", ""),
];

/// Parts the text into words and signs; "t online" and "h wie heinrich" are put together on the way.
fn pieces(text: &str) -> Vec<Piece> {
    let text = REPLACEMENTS.iter().fold(text.to_owned(), |text, (said, meant)| text.replace(said, meant));
    let mut raw = Vec::new();
    let mut letters = text.chars().peekable();
    let mut before_is_blank = true;
    let mut word = String::new();
    while let Some(c) = letters.next() {
        let after_is_blank = letters.peek().is_none_or(|next| next.is_whitespace());
        if c.is_alphanumeric() || is_combining_mark(c) {
            word.push(c);
        } else if matches!(c, '\'' | '’') {
            // "it's" stays one word.
        } else {
            if !word.is_empty() {
                raw.push(Piece::Word(std::mem::take(&mut word)));
            }
            match c {
                '.' if after_is_blank && !before_is_blank => raw.push(Piece::FullStop),
                '.' | '-' | '_' | '+' | '@' => raw.push(Piece::Sign(c)),
                ':' | ';' | '!' | '?' => raw.push(Piece::End),
                c if c.is_whitespace() || matches!(c, ',' | '<' | '>' | '"' | '(' | ')' | '…') => {}
                // A sign no spoken address has: whatever this is, it is not understood.
                _ => raw.push(Piece::Sign('\u{0}')),
            }
        }
        before_is_blank = c.is_whitespace();
    }
    if !word.is_empty() {
        raw.push(Piece::Word(word));
    }
    with_signs(without_spelling_aids(raw))
}

/// "h wie heinrich", "h as in hotel", "h for hotel" are the letter.
fn without_spelling_aids(raw: Vec<Piece>) -> Vec<Piece> {
    let text_at = |place: usize| match raw.get(place) {
        Some(Piece::Word(word)) => word.as_str(),
        _ => "",
    };
    let mut kept = Vec::with_capacity(raw.len());
    let mut place = 0;
    while let Some(piece) = raw.get(place) {
        if (text_at(place), text_at(place + 1)) == ("double", "u") {
            kept.push(Piece::Word("w".to_owned()));
            place += 2;
            continue;
        }
        if let Some((letters, said)) = spelled_by_table(raw.get(place..).unwrap_or_default()) {
            kept.push(Piece::Word(letters));
            place += said;
            continue;
        }
        kept.push(piece.clone());
        let is_letter = text_at(place).chars().count() == 1;
        let aid = match (text_at(place + 1), text_at(place + 2)) {
            ("as" | "like", "in") => 3,
            ("wie" | "for", _) => 2,
            _ => 0,
        };
        let spelled = is_letter && aid > 0 && text_at(place + aid).chars().count() > 1;
        place += if spelled { aid + 1 } else { 1 };
    }
    kept
}

/// So many words of a spelling table in a row spell; fewer may be names ("Anton", "Heinrich Otto").
const FEWEST_TABLE_WORDS: usize = 3;

/// "Anton Berta Cäsar", "alpha bravo charlie" up to the next sign: the letters, and how many words said them.
fn spelled_by_table(raw: &[Piece]) -> Option<(String, usize)> {
    let letter = |piece: &Piece| match piece {
        Piece::Word(word) => letter_of(&fold(word)),
        _ => None,
    };
    let said = raw.iter().map_while(letter).count();
    let letters: String = raw.iter().map_while(letter).collect();
    let ends = !matches!(raw.get(said), Some(Piece::Word(word)) if !is_at_word(word));
    (said >= FEWEST_TABLE_WORDS && ends).then_some((letters, said))
}

fn is_at_word(word: &str) -> bool {
    matches!(word, "ät" | "äht" | "aet" | "at" | "et") || sign(&fold(word)).is_some()
}

fn with_signs(raw: Vec<Piece>) -> Vec<Piece> {
    raw.into_iter()
        .filter_map(|piece| match piece {
            Piece::Word(word) => {
                let folded = fold(&word);
                if let Some(sign) = sign(&folded) {
                    Some(Piece::Sign(sign))
                } else if says_nothing(&folded) {
                    None
                } else {
                    Some(Piece::Word(word))
                }
            }
            other => Some(other),
        })
        .collect()
}

/// Where the `@` is: the sign or its names; else the first word that sounds like it. Two signs are hopeless.
fn position_of_at(pieces: &[Piece]) -> Option<usize> {
    let mut signs = pieces.iter().enumerate().filter(|(_, piece)| **piece == Piece::Sign('@')).map(|(place, _)| place);
    match (signs.next(), signs.next()) {
        (Some(only), None) => return Some(only),
        (Some(_), Some(_)) => return None,
        _ => {}
    }
    let said = |names: &[&str]| {
        pieces.iter().enumerate().skip(1).position(|(place, piece)| match piece {
            Piece::Word(word) => names.contains(&word.as_str()) && pieces.get(place - 1) != Some(&Piece::Sign('.')),
            _ => false,
        })
    };
    said(&["ät", "äht", "aet"])
        .or_else(|| said(&["at"]))
        .or_else(|| said(&["et", "äd", "ed", "ad"]))
        .map(|place| place + 1)
}

/// What was said before the `@`: back to a lead-in, with digits for number words.
fn local_part(pieces: &[Piece]) -> Option<String> {
    let begin = pieces
        .iter()
        .enumerate()
        .rposition(|(place, piece)| match piece {
            Piece::End => true,
            Piece::FullStop => {
                matches!(pieces.get(place.wrapping_sub(1)), Some(Piece::Word(word)) if leads_in(&fold(word)))
            }
            // A lead-in next to a sign is part of the address ("info punkt mail").
            Piece::Word(word) => {
                let joined = matches!(pieces.get(place + 1), Some(Piece::Sign(_)))
                    || matches!(pieces.get(place.wrapping_sub(1)), Some(Piece::Sign(_)))
                    || place + 1 == pieces.len();
                leads_in(&fold(word)) && !joined
            }
            Piece::Sign(_) => false,
        })
        .map_or(0, |place| place + 1);
    let mut local = String::new();
    for group in words_and_signs(pieces.get(begin..)?) {
        match group {
            Group::Words(words) => {
                let is_long = |word: &&String| word.chars().count() > 1 && number_word(&fold(word)).is_none();
                let is_conjunction = |word: &String| matches!(word.as_str(), "und" | "and");
                // "mit e y" tells how something is spelled, and nobody can be sure what.
                if words.iter().skip(1).any(|word| matches!(word.as_str(), "mit" | "with")) {
                    return None;
                }
                if words.iter().filter(is_long).count() > MOST_WORDS_RUN_TOGETHER || words.iter().any(is_conjunction) {
                    return None;
                }
                local.push_str(&with_digits(&words, true));
            }
            Group::Sign(sign) => local.push(sign),
            Group::FullStop => return None,
        }
    }
    Some(without_umlauts(&local))
}

/// What was said behind the `@`: labels and dots up to the ending; what follows ("danke") is not part of it.
fn domain(pieces: &[Piece]) -> Option<String> {
    let groups = words_and_signs(&with_full_stops_decided(pieces));
    let mut domain = String::new();
    let mut groups = groups.iter().peekable();
    while let Some(group) = groups.next() {
        match group {
            Group::Sign(sign) => domain.push(*sign),
            Group::FullStop => break,
            Group::Words(words) => {
                let goes_on = matches!(groups.peek(), Some(Group::Sign('.' | '-')));
                let is_ending = domain.ends_with('.');
                if goes_on && !(is_ending && domain_is_complete(&domain, words)) {
                    domain.push_str(&with_digits(words, words.len() > 1));
                } else if is_ending {
                    domain.push_str(&first_label(words));
                    break;
                } else {
                    domain.push_str(&last_words(&domain, words)?);
                    break;
                }
            }
        }
    }
    Some(domain)
}

/// Pieces of a domain up to its end: a full stop before "de" or "com" is a dot, before anything else it ends all.
fn with_full_stops_decided(pieces: &[Piece]) -> Vec<Piece> {
    let decided = pieces.iter().enumerate().map(|(place, piece)| match (piece, pieces.get(place + 1)) {
        (Piece::FullStop, Some(Piece::Word(next))) if ENDINGS_WITHOUT_DOT.contains(&next.as_str()) => Piece::Sign('.'),
        (Piece::FullStop, _) => Piece::End,
        _ => piece.clone(),
    });
    decided.take_while(|piece| *piece != Piece::End).collect()
}

/// Whether an ending with more words behind it ends the domain: "de danke punkt".
fn domain_is_complete(domain: &str, words: &[String]) -> bool {
    !domain.is_empty()
        && words.len() > 1
        && words.first().is_some_and(|word| ENDINGS_WITHOUT_DOT.contains(&word.as_str()))
}

/// The first word, or the letters it is spelled with.
fn first_label(words: &[String]) -> String {
    let spelled: String = words.iter().take_while(|word| word.chars().count() == 1).map(String::as_str).collect();
    if spelled.is_empty() { words.first().cloned().unwrap_or_default() } else { spelled }
}

/// Last words without a dot before them: a provider said alone, or "web de".
fn last_words(domain: &str, words: &[String]) -> Option<String> {
    let ending = words.iter().skip(1).position(|word| ENDINGS_WITHOUT_DOT.contains(&word.as_str()));
    if let Some(place) = ending {
        let label = with_digits(words.get(..=place)?, place > 0);
        return Some(format!("{label}.{}", words.get(place + 1)?));
    }
    let said = format!("{domain}{}", words.first()?);
    let (_, whole) = PROVIDERS.iter().find(|(name, _)| *name == said)?;
    whole.strip_prefix(domain).map(str::to_owned)
}

/// Neighbouring words together, signs alone.
enum Group {
    Words(Vec<String>),
    Sign(char),
    FullStop,
}

fn words_and_signs(pieces: &[Piece]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for piece in pieces {
        match (piece, groups.last_mut()) {
            (Piece::Word(word), Some(Group::Words(words))) => words.push(word.clone()),
            (Piece::Word(word), _) => groups.push(Group::Words(vec![word.clone()])),
            (Piece::Sign(sign), _) => groups.push(Group::Sign(*sign)),
            (Piece::FullStop | Piece::End, _) => groups.push(Group::FullStop),
        }
    }
    groups
}

/// The words run together, number words as digits where `numbers` says so, "doppel m" as "mm".
fn with_digits(words: &[String], numbers: bool) -> String {
    let mut text = String::new();
    let mut run = DigitRun::default();
    let mut twice = 1;
    for word in words {
        let folded = fold(word);
        if let Some(times) = repetition(&folded) {
            text.push_str(&run.take());
            twice = times;
        } else if twice > 1 {
            let once =
                number_word(&folded).filter(|_| numbers).map_or_else(|| word.clone(), |number| number.to_string());
            text.push_str(&once.repeat(twice));
            twice = 1;
        } else if !numbers || !run.push_word(&folded) {
            text.push_str(&run.take());
            text.push_str(word);
        }
    }
    text.push_str(&run.take());
    text
}

#[cfg(test)]
mod tests;
