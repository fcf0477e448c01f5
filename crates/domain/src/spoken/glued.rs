//! Words as machines and typists write them: run together ("halbdrei", "zehnuhrdreißig") or a letter off ("mitwoch").

use super::numbers::cardinal;

/// The parts of a word that runs several known ones together.
pub(super) fn parts(word: &str) -> Option<Vec<&str>> {
    fraction(word).or_else(|| around_uhr(word)).or_else(|| hour_and_minutes(word))
}

/// "halbdrei", "viertelvor".
fn fraction(word: &str) -> Option<Vec<&str>> {
    ["dreiviertel", "viertel", "halb"].iter().find_map(|fraction| {
        let rest = word.strip_prefix(fraction)?;
        let hour = cardinal(rest).is_some_and(|hour| (1..=12).contains(&hour));
        let joint = *fraction == "viertel" && matches!(rest, "vor" | "nach");
        (hour || joint).then(|| vec![word.get(..fraction.len()).unwrap_or_default(), rest])
    })
}

/// "zehnuhr", "zehnuhrdreißig".
fn around_uhr(word: &str) -> Option<Vec<&str>> {
    let (hour, minutes) = word.split_once("uhr")?;
    cardinal(hour).filter(|hour| *hour < 24)?;
    if minutes.is_empty() {
        return Some(vec![hour, "uhr"]);
    }
    cardinal(minutes).filter(|minutes| *minutes < 60)?;
    Some(vec![hour, "uhr", minutes])
}

/// "vierzehndreißig". Below ten it would be a misheard number: "dreizwanzig".
fn hour_and_minutes(word: &str) -> Option<Vec<&str>> {
    word.char_indices().skip(2).find_map(|(at, _)| {
        let (hour, minutes) = word.split_at_checked(at)?;
        let fits = cardinal(hour).is_some_and(|hour| (10..24).contains(&hour))
            && cardinal(minutes).is_some_and(|minutes| (10..60).contains(&minutes) && minutes % 5 == 0);
        fits.then(|| vec![hour, minutes])
    })
}

/// Shorter words have too many neighbours.
const SHORTEST: usize = 6;

/// The names of days, months and parts of the day: nothing else in a call is spelt so nearly like them.
const NAMES: &[&str] = &[
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonnabend",
    "sonntag",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "saturday",
    "januar",
    "februar",
    "september",
    "oktober",
    "november",
    "dezember",
    "january",
    "february",
    "october",
    "december",
    "uebermorgen",
    "vormittag",
    "vormittags",
    "nachmittag",
    "nachmittags",
    "wochenende",
    "tomorrow",
    "afternoon",
    "fruehestens",
    "spaetestens",
];

/// The one name a word is a letter off from, or the same as but for doubled letters.
pub(super) fn misspelt(word: &str) -> Option<&'static str> {
    if word.len() < SHORTEST || !word.is_ascii() {
        return None;
    }
    let near = |name: &&&str| {
        name.as_bytes().first() == word.as_bytes().first()
            && name.len().abs_diff(word.len()) <= 2
            && (strsim::osa_distance(word, name) == 1 || undoubled(word).eq(undoubled(name)))
    };
    let mut found = NAMES.iter().filter(near);
    found.next().filter(|name| found.all(|other| other.starts_with(**name) || name.starts_with(other))).copied()
}

/// The letters of a word, each run of one letter once.
fn undoubled(word: &str) -> impl Iterator<Item = u8> + '_ {
    let mut last = 0;
    word.bytes().filter(move |letter| std::mem::replace(&mut last, *letter) != *letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_run_together_are_taken_apart() {
        assert_eq!(parts("halbdrei"), Some(vec!["halb", "drei"]));
        assert_eq!(parts("dreiviertelzwoelf"), Some(vec!["dreiviertel", "zwoelf"]));
        assert_eq!(parts("viertelnach"), Some(vec!["viertel", "nach"]));
        assert_eq!(parts("zehnuhrdreissig"), Some(vec!["zehn", "uhr", "dreissig"]));
        assert_eq!(parts("vierzehndreissig"), Some(vec!["vierzehn", "dreissig"]));
        for word in ["halbtags", "dreizwanzig", "uhrwerk", "viertelstunde", "zehnerkarte"] {
            assert_eq!(parts(word), None, "{word}");
        }
    }

    #[test]
    fn a_letter_off_is_still_the_name_and_more_is_not() {
        assert_eq!(misspelt("mitwoch"), Some("mittwoch"));
        assert_eq!(misspelt("dinstag"), Some("dienstag"));
        assert_eq!(misspelt("wednsday"), Some("wednesday"));
        assert_eq!(misspelt("tommorow"), Some("tomorrow"));
        assert_eq!(misspelt("februa"), Some("februar"));
        for word in ["feiertag", "geburtstag", "sorgen", "mitte", "dezent", "nachtrag"] {
            assert_eq!(misspelt(word), None, "{word}");
        }
    }
}
