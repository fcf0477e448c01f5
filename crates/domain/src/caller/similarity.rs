//! How alike two folded words are, as the phone garbles them.

use super::phonetic::cologne;

/// Share of letters that survive the cheapest edit of one text into the other: 1 equal, 0 nothing in common.
pub(super) fn edit_similarity(one: &str, other: &str) -> f64 {
    strsim::normalized_levenshtein(one, other)
}

/// Whether both have the same, non-empty sound.
pub(super) fn same_sound(one: &str, other: &str) -> bool {
    let code = cologne(one);
    !code.is_empty() && code == cologne(other)
}

/// Whether two words of a name may be the same word misheard: one wrong letter in a word of four and more, two in a
/// long one, or the same sound with most letters kept. Short words need nearly all letters: "Tim" is not "Tom".
pub(super) fn alike(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    let longest = one.chars().count().max(other.chars().count());
    let edits = strsim::levenshtein(one, other);
    let similarity = edit_similarity(one, other);
    let misheard = match longest {
        0..4 => false,
        4..9 => edits <= 1,
        _ => edits <= 2,
    };
    let needed = if longest <= 4 { 0.75 } else { 0.5 };
    misheard || (same_sound(one, other) && similarity >= needed)
}

/// What is left of both texts when their common beginning and end are taken away.
pub(super) fn differing_cores(one: &str, other: &str) -> (String, String) {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let start = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let (one, other) = (one.get(start..).unwrap_or_default(), other.get(start..).unwrap_or_default());
    let end = one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count();
    let core = |letters: &[char]| letters.iter().take(letters.len().saturating_sub(end)).collect();
    (core(one), core(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_misheard_letter_and_one_sound_are_alike_other_names_are_not() {
        for (one, other) in
            [("stadler", "stadtler"), ("meyer", "maier"), ("hannelore", "hanelore"), ("philipp", "filip")]
        {
            assert!(alike(one, other), "{one} {other}");
        }
        for (one, other) in [("emma", "anna"), ("tim", "tom"), ("weber", "vogt"), ("anna", "peter"), ("", "a")] {
            assert!(!alike(one, other), "{one} {other}");
        }
    }

    #[test]
    fn the_core_is_where_two_words_differ() {
        assert_eq!(differing_cores("kinderschnitt", "mannerschnitt"), ("kind".to_owned(), "mann".to_owned()));
        assert_eq!(differing_cores("farbe", "farben"), (String::new(), "n".to_owned()));
        assert_eq!(differing_cores("aa", "aaa"), (String::new(), "a".to_owned()));
    }
}
