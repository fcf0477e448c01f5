//! Text folded for comparing: case, umlauts, accents and punctuation aside. Never stored, never spoken.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longest text that is compared; what callers say in one argument is far shorter, and likeness is quadratic.
const LONGEST: usize = 400;

/// Lower case without accents: `ü`, `ue` and `u` become the same, `ß` is `ss`. Punctuation stays.
pub(super) fn fold(text: &str) -> String {
    let plain = plain_german(text).unwrap_or_else(|| plain(text));
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

/// Lower case, everything taken apart, accents dropped.
fn plain(text: &str) -> String {
    text.chars()
        .take(LONGEST)
        .flat_map(char::to_lowercase)
        .nfkd()
        .filter(|c| !is_latin_accent(*c))
        .flat_map(char::to_lowercase)
        .collect()
}

/// The same for texts of plain and German letters only, which nearly all are: a tenth of the work, and each call folds
/// the names of everybody who works there.
fn plain_german(text: &str) -> Option<String> {
    text.chars()
        .take(LONGEST)
        .map(|c| match c {
            'ä' | 'Ä' => Some('a'),
            'ö' | 'Ö' => Some('o'),
            'ü' | 'Ü' => Some('u'),
            'ß' => Some('ß'),
            c => c.is_ascii().then(|| c.to_ascii_lowercase()),
        })
        .collect()
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
pub(crate) fn words(text: &str) -> Vec<String> {
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

    proptest::proptest! {
        #[test]
        fn the_short_way_for_german_letters_leads_to_the_same_place(text in "[a-zA-Z äöüÄÖÜß0-9'.,-]{0,60}") {
            proptest::prop_assert_eq!(plain_german(&text), Some(plain(&text)));
        }
    }

    #[test]
    fn other_letters_go_the_long_way() {
        assert_eq!((plain_german("Çelik"), plain_german("Bru\u{308}ckner")), (None, None));
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
