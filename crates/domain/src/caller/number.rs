//! The calling number: withheld in many spellings, or a number in E.164.

use std::collections::BTreeSet;

use rlibphonenumber::{NumberLengthType, PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberFormat, PhoneNumberType, Region};
use unicode_normalization::UnicodeNormalization;

use super::clean::is_invisible;
use super::fold::fold;
use super::spoken_digits::DigitRun;
use crate::pii::Phone;

/// What the calling number says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallerNumber {
    /// Withheld, missing, or not a possible number: no identity at all.
    Withheld,
    /// A number, in E.164.
    Known(Phone),
}

/// Longest caller id that is read at all, in characters; SIP addresses are far shorter.
const LONGEST_CALLER_ID: usize = 256;

/// Longest spoken number that is read, in characters.
const LONGEST_SPOKEN: usize = 600;

/// What telephone keypads spell for a withheld number, as one carrier sends it: ANONYMOUS, RESTRICTED, BLOCKED,
/// UNKNOWN, UNAVAILABLE, PRIVATE.
const KEYPAD_WORDS: &[&str] = &["266696687", "7378742833", "2562533", "8656696", "86282452253", "7748283"];

/// Fewest digits, country code included, of a number that is possible but in no known range.
const FEWEST_DIGITS: usize = 8;

/// Fewest digits behind a country code without plus; a shorter number may begin with these digits by chance.
const FEWEST_DIGITS_BEHIND_BARE_CODE: usize = 9;

impl CallerNumber {
    /// Reads a raw caller id; `country` (ISO 3166, two capitals) is how national formats are read.
    pub fn read(raw: Option<&str>, country: &str) -> Self {
        match raw.and_then(|raw| dialled(raw)).and_then(|digits| e164(&digits, country)) {
            Some(phone) => Self::Known(phone),
            None => Self::Withheld,
        }
    }
}

/// Loads the tables of the telephone numbering plans, some milliseconds of work that the first number read would
/// otherwise pay. Call it off the path of a caller.
pub fn warm_up() {
    let _ = e164("+4930231250", "DE");
}

/// The digits (with a leading `+` if there is one) of a caller id, out of SIP and telephone URIs. No list of words
/// for "withheld" is needed: any letter says that this is no number.
fn dialled(raw: &str) -> Option<String> {
    if raw.chars().nth(LONGEST_CALLER_ID).is_some() {
        return None;
    }
    let text: String = raw.nfkc().filter(|c| !is_invisible(*c)).flat_map(char::to_lowercase).collect();
    let address = match text.split_once('<') {
        Some((_, rest)) => rest.split('>').next().unwrap_or_default(),
        None => &text,
    };
    let address = address.trim();
    let address =
        ["sips:", "sip:", "tel:", "callto:"].iter().find_map(|scheme| address.strip_prefix(scheme)).unwrap_or(address);
    let user = address.split(['@', ';', '?']).next().unwrap_or_default().replace("%2b", "+");
    if user.chars().any(char::is_alphabetic) {
        return None;
    }
    digits_of(&user)
}

/// Digits and a leading plus of text without letters; `None` without digits, for zeros only, and for keypad words.
fn digits_of(text: &str) -> Option<String> {
    let plus = text.trim_start_matches(|c: char| c == '(' || c.is_whitespace()).starts_with('+');
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let is_keypad_word = KEYPAD_WORDS.contains(&digits.strip_prefix("00").unwrap_or(&digits));
    if digits.bytes().all(|digit| digit == b'0') || is_keypad_word {
        return None;
    }
    Some(if plus { format!("+{digits}") } else { digits })
}

/// A number in E.164: in a known range; or, written internationally, at least of a possible length.
fn e164(dialled: &str, country: &str) -> Option<Phone> {
    let region = country.parse::<Region>().ok();
    let number = with_country_code_but_no_plus(dialled, region).or_else(|| {
        let number = PhoneNumber::parse(dialled, region).ok()?;
        begins_like_a_number(dialled, &number).then_some(number)
    })?;
    let formatted = number.to_string();
    let possible = dialled.starts_with('+')
        && formatted.len() > FEWEST_DIGITS
        && matches!(number.is_possible_with_reason(), Ok(NumberLengthType::IsPossible));
    (number.is_valid() || possible).then_some(())?;
    digits_of(&formatted).map(Phone::from_canonical)
}

/// Some trunks send the whole number without its plus: `491713920017`, in its own country.
fn with_country_code_but_no_plus(dialled: &str, region: Option<Region>) -> Option<PhoneNumber> {
    if dialled.starts_with(['+', '0']) {
        return None;
    }
    let code = PHONE_NUMBER_UTIL.get_country_code_for_region(region?)?.to_string();
    let national = dialled.strip_prefix(&code)?;
    let number = PhoneNumber::parse(format!("+{dialled}"), None).ok().filter(PhoneNumber::is_valid)?;
    (national.len() >= FEWEST_DIGITS_BEHIND_BARE_CODE).then_some(number)
}

/// Where area codes begin with a 0, only mobile numbers are told apart without it from numbers of another place.
fn begins_like_a_number(dialled: &str, number: &PhoneNumber) -> bool {
    dialled.starts_with(['+', '0'])
        || number.get_type() == PhoneNumberType::Mobile
        || !number.format_as(PhoneNumberFormat::National).trim_start_matches('(').starts_with('0')
}

/// Reads a number said or written by a person ("null eins sieben eins …" too), E.164 or nothing.
///
/// Other words part groups of digits ("um 15 Uhr unter 0171 …"); exactly one group must be a number, else all of
/// them together.
pub fn parse_phone(text: &str, country: &str) -> Option<Phone> {
    if let CallerNumber::Known(phone) = CallerNumber::read(Some(text), country) {
        return Some(phone);
    }
    let groups = digit_groups(text);
    let mut numbers: BTreeSet<Phone> = groups.iter().filter_map(|group| spoken_number(group, country)).collect();
    match (numbers.pop_first(), numbers.is_empty()) {
        (Some(only), true) => Some(only),
        (Some(_), false) => None,
        (None, _) => {
            let whole = groups.concat();
            let begins_like_one = whole.starts_with(['0', '+']);
            begins_like_one.then(|| spoken_number(&whole, country)).flatten()
        }
    }
}

fn spoken_number(group: &str, country: &str) -> Option<Phone> {
    e164(&digits_of(group)?, country)
}

/// The digits said in one go, several times if other words come between.
fn digit_groups(text: &str) -> Vec<String> {
    let short: String = text.chars().take(LONGEST_SPOKEN).collect::<String>().nfkc().collect();
    let mut groups = Vec::new();
    let mut run = DigitRun::default();
    let tokens = tokens(&short);
    // Where somebody says "null", an "oh" is a sigh and no English nought.
    let sighs = tokens.iter().any(|token| token.eq_ignore_ascii_case("null"));
    for token in tokens {
        let folded = fold(&token);
        if sighs && folded == "oh" {
            continue;
        }
        if token == "+" || folded == "plus" {
            finish(&mut run, &mut groups);
            run.push_written("+");
        } else if token.chars().all(|c| c.is_ascii_digit()) {
            run.push_written(&token);
        } else if !run.push_word(&folded) && !says_nothing(&folded) {
            finish(&mut run, &mut groups);
        }
    }
    finish(&mut run, &mut groups);
    groups
}

fn finish(run: &mut DigitRun, groups: &mut Vec<String>) {
    let group = run.take();
    if group.chars().any(|c| c.is_ascii_digit()) {
        groups.push(group);
    }
}

/// Words that may stand inside a number without parting it, folded.
fn says_nothing(word: &str) -> bool {
    matches!(
        word,
        "und"
            | "dann"
            | "ah"
            | "ahm"
            | "eh"
            | "uh"
            | "uhm"
            | "hm"
            | "also"
            | "die"
            | "der"
            | "vorwahl"
            | "nochmal"
            | "minus"
            | "strich"
            | "bindestrich"
            | "schragstrich"
            | "klammer"
            | "pause"
            | "and"
            | "then"
            | "dash"
            | "the"
    )
}

/// Runs of digits, runs of letters, and plus signs; everything else only separates.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut kind = ' ';
    for c in text.chars() {
        let next = match c {
            '0'..='9' => '0',
            '+' => '+',
            c if c.is_alphabetic() => 'a',
            // A combining mark belongs to the letter before it.
            c if kind == 'a' && unicode_normalization::char::is_combining_mark(c) => 'a',
            _ => ' ',
        };
        match tokens.last_mut() {
            Some(token) if next == kind && next != '+' && next != ' ' => token.push(c),
            _ if next != ' ' => tokens.push(c.to_string()),
            _ => {}
        }
        kind = next;
    }
    tokens
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    fn known(raw: &str) -> Option<String> {
        match CallerNumber::read(Some(raw), "DE") {
            CallerNumber::Known(phone) => Some(phone.reveal().to_owned()),
            CallerNumber::Withheld => None,
        }
    }

    fn said(text: &str) -> Option<String> {
        parse_phone(text, "DE").map(|phone| phone.reveal().to_owned())
    }

    #[test]
    fn words_for_withheld_in_any_spelling_are_no_number() {
        for raw in [
            "anonym",
            "Anonym ",
            "unbekannt",
            "UNTERDRÜCKT",
            "privat",
            "nan",
            "N/A",
            "n/a",
            "-",
            "+",
            "keine",
            "Rufnummer unterdrückt",
            "<sip:anonymous@anonymous.invalid>",
            "\"Anonymous\" <sip:anonymous@anonymous.invalid>;tag=1",
            "sip:restricted@10.0.0.1",
            "anonymous@sip.example.net",
            "tel:anonymous",
            "00266696687",
            "+7748283",
            "00000",
            "+000",
            "client:agent",
            "{{from_number}}",
            "\u{200b}",
            "\0",
        ] {
            assert_eq!(known(raw), None, "{raw:?}");
        }
    }

    #[test]
    fn sip_and_tel_addresses_carry_a_number() {
        for raw in [
            "sip:+491713920017@trunk.example.net;user=phone",
            "<sip:+491713920017@trunk.example.net>",
            "\"Hannelore\" <sip:%2B491713920017@trunk.example.net:5060>;tag=77",
            "SIPS:01713920017@trunk.example.net",
            "tel:+49-171-3920017;ext=",
            "+49 (0) 171 392 00 17",
            "\u{202a}+49 171 3920017\u{202c}",
            "+49\u{a0}171\u{2011}3920017",
            "491713920017",
            "171 3920017",
        ] {
            assert_eq!(known(raw).as_deref(), Some("+491713920017"), "{raw:?}");
        }
    }

    #[test]
    fn the_keypad_words_inside_a_real_number_are_just_digits() {
        assert_eq!(known("02562 533123").as_deref(), Some("+492562533123"));
    }

    #[test]
    fn numbers_for_books_and_films_are_possible_and_too_short_ones_are_not() {
        for number in ["+447700900123", "+493023125101", "+491713920017", "+12025550123"] {
            assert_eq!(known(number).as_deref(), Some(number));
        }
        for short in ["110", "+49110", "+4911", "12345", "+999123456789", "3920017", "+49171392001700000000"] {
            assert_eq!(known(short), None, "{short}");
        }
    }

    #[test]
    fn national_numbers_are_read_in_the_country_given() {
        let read = |country| CallerNumber::read(Some("030 23125101"), country);
        assert_eq!(read("DE"), CallerNumber::Known(Phone::from_canonical("+493023125101")));
        assert_ne!(read("AT"), read("DE"));
        assert_eq!(read("nowhere"), CallerNumber::Withheld);
        let international = CallerNumber::read(Some("+493023125101"), "");
        assert_eq!(international, read("DE"));
    }

    #[test]
    fn spoken_numbers_are_read_in_any_grouping() {
        for text in [
            "null eins sieben eins drei neun zwo null null eins sieben",
            "Null eins sieben eins, neununddreißig zwanzig, null siebzehn",
            "plus vier neun eins sieben eins drei neun zwo doppelnull eins sieben",
            "null null vier neun, eins sieben eins, drei neun zwanzig null siebzehn",
            "zero one seven one, three nine two zero, double zero one seven",
            "oh one seven one thirty nine twenty zero one seven",
            "ja das ist die 0171 und dann 3920017 danke",
            "Sie erreichen mich um 15 Uhr unter 0171/392 00 17",
            "0171 Moment bitte 3920017",
            "0171-3920017.",
        ] {
            assert_eq!(said(text).as_deref(), Some("+491713920017"), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_or_more_than_one_stays_unread() {
        for text in [
            "",
            "keine Ahnung",
            "meine Nummer haben Sie ja",
            "um 15 Uhr",
            "10115 Berlin",
            "anonymous",
            "null",
            "doppel",
            "0171 3920017 oder 030 23125101",
            "+266696687",
            "acht Uhr dreißig",
        ] {
            assert_eq!(said(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn reading_a_read_number_changes_nothing(digits in "\\+?[0-9]{3,16}", country in "DE|AT|GB|US|IT") {
            if let CallerNumber::Known(phone) = CallerNumber::read(Some(&digits), &country) {
                prop_assert!(phone.reveal().starts_with('+'));
                prop_assert_eq!(CallerNumber::read(Some(phone.reveal()), &country), CallerNumber::Known(phone.clone()));
                prop_assert_eq!(parse_phone(phone.reveal(), &country), Some(phone));
            }
        }

        #[test]
        fn no_text_is_too_strange(text in "\\PC{0,120}|(.|\u{202e}|\u{0}|[0-9+]){0,120}", country in "\\PC{0,4}") {
            let _ = CallerNumber::read(Some(&text), &country);
            let _ = parse_phone(&text, &country);
        }
    }

    #[test]
    fn ten_thousand_characters_are_no_number() {
        for text in ["0".repeat(10_000), "+".repeat(10_000), "eins ".repeat(2_000), "ß\u{0}\u{202e}".repeat(3_000)] {
            assert_eq!(CallerNumber::read(Some(&text), "DE"), CallerNumber::Withheld);
            assert_eq!(parse_phone(&text, "DE"), None);
        }
    }
}
