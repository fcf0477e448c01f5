//! Text folded for comparing: case, umlauts, accents and punctuation aside. Never stored, never spoken.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longest text that is compared; what callers say in one argument is far shorter, and likeness is quadratic.
const LONGEST: usize = 400;

/// Lower case without accents: `ü`, `ue` and `u` become the same, `ß` is `ss`. Punctuation stays.
pub(super) fn fold(text: &str) -> String {
    let plain: String = text
        .chars()
        .take(LONGEST)
        .flat_map(char::to_lowercase)
        .nfkd()
        .filter(|c| !is_latin_accent(*c))
        .flat_map(char::to_lowercase)
        .collect();
    let mut folded = String::with_capacity(plain.len());
    for c in plain.chars() {
        match c {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push('a'),
            'ø' | 'œ' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'ı' => folded.push('i'),
            'e' if ends_in_written_out_umlaut(&folded) => {}
            other => folded.push(other),
        }
    }
    folded
}

/// Whether an `e` after this text only writes out an umlaut (`mue…`), and is no vowel of its own (`neue`, `quelle`).
fn ends_in_written_out_umlaut(text: &str) -> bool {
    let mut back = text.chars().rev();
    match (back.next(), back.next()) {
        (Some('a' | 'o' | 'u'), before) => !matches!(before, Some('a' | 'e' | 'i' | 'o' | 'u' | 'q')),
        _ => false,
    }
}

/// Accents of Latin, Greek and Cyrillic letters; the vowel signs of other scripts carry meaning and stay.
fn is_latin_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// The folded words of a text. An apostrophe joins ("men's" is one word), every other punctuation parts.
pub(super) fn words(text: &str) -> Vec<String> {
    fold(text)
        .chars()
        .filter(|c| !matches!(c, '\'' | '’' | '‘' | '`' | '´'))
        .collect::<String>()
        .split(|c: char| !c.is_alphanumeric() && !is_combining_mark(c))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn umlauts_their_two_letter_spelling_and_plain_vowels_are_one() {
        for spelling in ["Brückner", "BRUECKNER", "Bruckner", "Bru\u{308}ckner"] {
            assert_eq!(fold(spelling), "bruckner", "{spelling}");
        }
        assert_eq!(fold("Groß"), fold("GROSS"));
        assert_eq!(fold("Çelik Øystein Łukasz"), "celik oystein lukasz");
    }

    #[test]
    fn an_e_that_is_its_own_vowel_stays() {
        assert_eq!(fold("neue Frauen Quelle"), "neue frauen quelle");
    }

    #[test]
    fn words_part_at_punctuation_but_not_at_apostrophes() {
        assert_eq!(words("Men's  hair-cut, (kurz)!"), ["mens", "hair", "cut", "kurz"]);
        assert!(words(" ,;–! ").is_empty());
    }
}
