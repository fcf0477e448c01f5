//! Number words, German and English, as digits: for telephone numbers and e-mail addresses, said in any grouping.

/// Words from nought to nineteen, folded.
const UNITS: &[(&str, u8)] = &[
    ("null", 0),
    ("zero", 0),
    ("oh", 0),
    ("nil", 0),
    ("eins", 1),
    ("one", 1),
    ("zwei", 2),
    ("zwo", 2),
    ("two", 2),
    ("drei", 3),
    ("three", 3),
    ("vier", 4),
    ("four", 4),
    ("funf", 5),
    ("five", 5),
    ("sechs", 6),
    ("six", 6),
    ("sieben", 7),
    ("seven", 7),
    ("acht", 8),
    ("eight", 8),
    ("neun", 9),
    ("nine", 9),
    ("zehn", 10),
    ("ten", 10),
    ("elf", 11),
    ("eleven", 11),
    ("zwolf", 12),
    ("twelve", 12),
    ("dreizehn", 13),
    ("thirteen", 13),
    ("vierzehn", 14),
    ("fourteen", 14),
    ("funfzehn", 15),
    ("fifteen", 15),
    ("sechzehn", 16),
    ("sixteen", 16),
    ("siebzehn", 17),
    ("seventeen", 17),
    ("achtzehn", 18),
    ("eighteen", 18),
    ("neunzehn", 19),
    ("nineteen", 19),
];

/// The tens, folded.
const TENS: &[(&str, u8)] = &[
    ("zwanzig", 20),
    ("dreissig", 30),
    ("dreizig", 30),
    ("vierzig", 40),
    ("funfzig", 50),
    ("sechzig", 60),
    ("siebzig", 70),
    ("achtzig", 80),
    ("neunzig", 90),
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fourty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("seventy", 70),
    ("eighty", 80),
    ("ninety", 90),
];

fn look_up(table: &[(&str, u8)], word: &str) -> Option<u8> {
    table.iter().find(|(name, _)| *name == word).map(|(_, value)| *value)
}

/// The number (0 to 99) a folded word says: "zwo", "siebzehn", "einundzwanzig", "forty".
pub(super) fn number_word(word: &str) -> Option<u8> {
    look_up(UNITS, word).or_else(|| look_up(TENS, word)).or_else(|| {
        let (unit, tens) = word.split_once("und")?;
        let unit = if unit == "ein" { Some(1) } else { look_up(UNITS, unit) }.filter(|unit| (1..=9).contains(unit))?;
        Some(look_up(TENS, tens)? + unit)
    })
}

/// How often the digit after this folded word is meant: "doppel", "double", "dreimal".
pub(super) fn repetition(word: &str) -> Option<usize> {
    match word {
        "doppel" | "doppelt" | "doppelte" | "double" | "zweimal" | "twice" => Some(2),
        "dreifach" | "dreimal" | "triple" | "treble" => Some(3),
        _ => None,
    }
}

/// Puts the digits of number words together as they come: groups stay groups ("neununddreißig zwanzig" is 3920),
/// English tens take their unit ("thirty nine" is 39).
#[derive(Default)]
pub(super) struct DigitRun {
    text: String,
    repeat: Option<usize>,
    english_tens: bool,
}

impl DigitRun {
    /// Takes digits as they were written.
    pub(super) fn push_written(&mut self, digits: &str) {
        let times = self.repeat.take().unwrap_or(1);
        for _ in 0..times {
            self.text.push_str(digits);
        }
        self.english_tens = false;
    }

    /// Takes a folded word if it says a number or how often the next one counts; false if it is another word.
    pub(super) fn push_word(&mut self, word: &str) -> bool {
        if let Some(times) = repetition(word) {
            self.repeat = Some(times);
            return true;
        }
        if let Some(number) = number_word(word) {
            self.push_number(word, number);
            return true;
        }
        let glued = word.strip_prefix("doppel").and_then(|rest| number_word(rest).map(|number| (rest, number)));
        if let Some((rest, number)) = glued {
            self.repeat = Some(2);
            self.push_number(rest, number);
            return true;
        }
        false
    }

    fn push_number(&mut self, word: &str, number: u8) {
        if self.english_tens && (1..=9).contains(&number) {
            self.text.pop();
        }
        self.push_written(&number.to_string());
        self.english_tens = number >= 20 && word.ends_with("ty");
    }

    /// The digits so far, and starts anew.
    pub(super) fn take(&mut self) -> String {
        self.repeat = None;
        self.english_tens = false;
        std::mem::take(&mut self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(text: &str) -> String {
        let mut run = DigitRun::default();
        for word in super::super::fold::words(text) {
            assert!(run.push_word(&word), "{word} says no number");
        }
        run.take()
    }

    #[test]
    fn single_digits_groups_and_doubles_are_read() {
        assert_eq!(digits("null eins sieben eins"), "0171");
        assert_eq!(digits("neununddreißig zwanzig doppel null siebzehn"), "39200017");
        assert_eq!(digits("zwo doppelfünf dreimal acht"), "255888");
        assert_eq!(digits("oh one seven one thirty nine double zero"), "01713900");
    }

    #[test]
    fn other_words_are_no_numbers() {
        for word in ["hundert", "hund", "grund", "undzwanzig", "achtung", ""] {
            assert_eq!(number_word(word), None, "{word}");
        }
    }
}
