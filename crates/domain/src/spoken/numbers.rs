//! Number words of both languages: "dreiundzwanzig", "zwo", "vierundzwanzigsten", "third".

/// The number a German or English word names, if it is one word: 0 to 99 and the years from 2000.
pub(super) fn cardinal(word: &str) -> Option<u16> {
    if let Some(small) = small(word).or_else(|| tens(word)) {
        return Some(small);
    }
    if let Some(rest) = word.strip_prefix("zweitausend") {
        let rest = rest.strip_prefix("und").unwrap_or(rest);
        return if rest.is_empty() { Some(2000) } else { cardinal(rest).filter(|n| *n < 100).map(|n| 2000 + n) };
    }
    let (unit, ten) = word.split_once("und")?;
    let unit = if unit == "ein" { 1 } else { small(unit).filter(|n| (1..10).contains(n))? };
    Some(unit + german_tens(ten)?)
}

/// The day or rank an ordinal word names, 1 to 53 (weeks have them too): "ersten", "dreißigster", "second".
pub(super) fn ordinal(word: &str) -> Option<u8> {
    english_ordinal(word).or_else(|| german_ordinal(word))
}

/// English tens that a following digit word adds to: "twenty five", "thirty-first".
pub(super) fn english_tens(word: &str) -> bool {
    matches!(word, "twenty" | "thirty" | "forty" | "fifty" | "sixty" | "seventy" | "eighty" | "ninety")
}

fn small(word: &str) -> Option<u16> {
    Some(match word {
        "null" | "zero" => 0,
        "eins" | "one" => 1,
        "zwei" | "zwo" | "two" => 2,
        "drei" | "three" => 3,
        "vier" | "four" => 4,
        "fuenf" | "funf" | "five" => 5,
        "sechs" | "six" => 6,
        "sieben" | "seven" => 7,
        "acht" | "eight" => 8,
        "neun" | "nine" => 9,
        "zehn" | "ten" => 10,
        "elf" | "eleven" => 11,
        "zwoelf" | "zwolf" | "twelve" => 12,
        "dreizehn" | "thirteen" => 13,
        "vierzehn" | "fourteen" => 14,
        "fuenfzehn" | "fuffzehn" | "funfzehn" | "fifteen" => 15,
        "sechzehn" | "sechszehn" | "sixteen" => 16,
        "siebzehn" | "siebenzehn" | "seventeen" => 17,
        "achtzehn" | "eighteen" => 18,
        "neunzehn" | "nineteen" => 19,
        _ => return None,
    })
}

fn tens(word: &str) -> Option<u16> {
    german_tens(word).or(match word {
        "twenty" => Some(20),
        "thirty" => Some(30),
        "forty" => Some(40),
        "fifty" => Some(50),
        "sixty" => Some(60),
        "seventy" => Some(70),
        "eighty" => Some(80),
        "ninety" => Some(90),
        _ => None,
    })
}

fn german_tens(word: &str) -> Option<u16> {
    Some(match word {
        "zwanzig" => 20,
        "dreissig" | "dreizig" => 30,
        "vierzig" => 40,
        "fuenfzig" | "fuffzig" | "funfzig" => 50,
        "sechzig" => 60,
        "siebzig" => 70,
        "achtzig" => 80,
        "neunzig" => 90,
        _ => return None,
    })
}

fn english_ordinal(word: &str) -> Option<u8> {
    Some(match word {
        "first" => 1,
        "second" => 2,
        "third" => 3,
        "fourth" => 4,
        "fifth" => 5,
        "sixth" => 6,
        "seventh" => 7,
        "eighth" => 8,
        "ninth" => 9,
        "tenth" => 10,
        "eleventh" => 11,
        "twelfth" => 12,
        "thirteenth" => 13,
        "fourteenth" => 14,
        "fifteenth" => 15,
        "sixteenth" => 16,
        "seventeenth" => 17,
        "eighteenth" => 18,
        "nineteenth" => 19,
        "twentieth" => 20,
        "thirtieth" => 30,
        _ => return None,
    })
}

fn german_ordinal(word: &str) -> Option<u8> {
    let stem = ["en", "er", "es", "em", "e"].iter().find_map(|ending| word.strip_suffix(ending))?;
    let irregular = match stem {
        "erst" => 1,
        "dritt" => 3,
        "siebt" | "siebent" => 7,
        "acht" => 8,
        _ => 0,
    };
    if irregular > 0 {
        return Some(irregular);
    }
    let value = match stem.strip_suffix("st").and_then(cardinal) {
        Some(value) if value >= 20 => value,
        _ => stem.strip_suffix('t').and_then(cardinal).filter(|n| (1..20).contains(n))?,
    };
    u8::try_from(value).ok().filter(|n| *n <= 53)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn german_words_up_to_ninety_nine() {
        assert_eq!(cardinal("einundzwanzig"), Some(21));
        assert_eq!(cardinal("neunundneunzig"), Some(99));
        assert_eq!(cardinal("zwounddreissig"), Some(32));
        assert_eq!(cardinal("fuffzehn"), Some(15));
        assert_eq!(cardinal("zweitausendsechsundzwanzig"), Some(2026));
        assert_eq!(cardinal("hund"), None);
        assert_eq!(cardinal("rundzwanzig"), None);
    }

    #[test]
    fn ordinals_of_both_languages() {
        assert_eq!(ordinal("ersten"), Some(1));
        assert_eq!(ordinal("achter"), Some(8));
        assert_eq!(ordinal("siebzehnter"), Some(17));
        assert_eq!(ordinal("einunddreissigsten"), Some(31));
        assert_eq!(ordinal("zweiunddreissigsten"), Some(32));
        assert_eq!(ordinal("vierundfuenfzigsten"), None);
        assert_eq!(ordinal("twelfth"), Some(12));
        assert_eq!(ordinal("acht"), None);
        assert_eq!(ordinal("erst"), None);
    }
}
