//! From text to tokens: lower case, umlauts folded, figures read, words looked up, fillers dropped.

use jiff::civil::Weekday;

use super::figures;
use super::lexicon;
use super::numbers;

/// Longer phrases are cut here: nobody says when he wants to come in more than this.
const LONGEST: usize = 500;

/// One token. Words without a part in the grammar stay as [`Tok::Other`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Tok<'t> {
    /// A number; `figures` counts its digits, 0 for words.
    Card {
        value: u16,
        figures: u8,
    },
    /// "ersten", "24th", "11ten".
    Ord(u8),
    /// "24." in figures: an ordinal, or a number at the end of a sentence.
    NumberDot(u8),
    /// "eine", "a".
    A,
    /// "2026-11-24".
    Ymd {
        year: i16,
        month: u8,
        day: u8,
    },
    /// "T14:30:00Z" glued to a day; `offset` in seconds east of UTC.
    StampTime {
        hour: u8,
        minute: u8,
        offset: Option<i32>,
    },
    /// "24.12." or "24.12.2026"; `closed`: with the dot after the month.
    Dotted {
        first: u8,
        second: u8,
        figures: u8,
        year: Option<i16>,
        closed: bool,
    },
    /// "03/12" or "03/12/2026".
    Slashed {
        first: u8,
        second: u8,
        year: Option<i16>,
    },
    /// "14:30"; `padded`: with a leading zero.
    HourMinute {
        hour: u8,
        minute: u8,
        padded: bool,
    },
    /// Figures that look like a date or a clock but cannot be one.
    Broken,
    Weekday(Weekday),
    /// "dienstags".
    EveryWeekday(Weekday),
    Workdays,
    Month(u8),
    /// "may", "march": months only next to other date words.
    WeakMonth(u8),
    /// "dezemberwoche".
    MonthWeek(u8),
    Unit {
        unit: Unit,
        plural: bool,
    },
    Which(Which),
    Part(Part),
    Early,
    Late,
    /// English comparatives.
    Earlier,
    Later,
    Edge(Edge),
    Today,
    Tomorrow,
    /// German "morgen": tomorrow or in the morning.
    Morgen,
    Overmorrow,
    /// "überübermorgen": so many days ahead.
    Ahead(u8),
    /// Days before today.
    Yesterday,
    Weekend,
    WeekNumber,
    /// German "halb": half an hour before.
    Halb,
    /// English "half": half past.
    Half,
    Quarter,
    /// "viertel": also counts towards the coming hour.
    Viertel,
    Dreiviertel,
    Uhr,
    Am,
    Pm,
    /// "am": on a day, or before noon.
    AmOrOn,
    At,
    On,
    In,
    /// English "from".
    From,
    /// German "von", "vom".
    Von,
    To,
    OnTo,
    After,
    Before,
    Since,
    Until,
    Between,
    And,
    Or,
    Not,
    But,
    Instead,
    Rather,
    No,
    Around,
    Roundabout,
    Shortly,
    Sharp,
    Every,
    Noon,
    Midnight,
    Comma,
    Dash,
    /// "so spät wie möglich", "letzter Termin".
    Latest,
    /// "danach": after what was said before.
    Afterwards,
    /// "ich arbeite": a time said with it is not one that suits.
    Works,
    /// "vorher": before what was said.
    Beforehand,
    /// What was said before is unfit: "ist schlecht", "muss ich arbeiten".
    Unfit,
    /// "war": what is said with it is told, not wished.
    Was,
    /// "äh" between two of a kind is a correction.
    Hesitation,
    /// "Termin", "appointment".
    Appointment,
    /// A word that may stand between the parts of a wish without cutting it.
    Soft,
    Other(&'t str),
}

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Minute,
    Hour,
    Day,
    Week,
    Fortnight,
    Month,
    Year,
}

/// Which one of a row of days, weeks or months.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    This,
    Coming,
    Next,
    AfterNext,
    Last,
}

/// A part of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    EarlyMorning,
    EarlyForenoon,
    Morning,
    Forenoon,
    LateMorning,
    Noon,
    Lunch,
    EarlyAfternoon,
    Afternoon,
    LateAfternoon,
    EarlyEvening,
    Evening,
    LateEvening,
    Night,
}

/// The beginning, middle or end of a longer time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edge {
    Start,
    Middle,
    End,
}

impl Tok<'_> {
    /// The value of a plain number.
    pub(super) fn number(self) -> Option<u16> {
        if let Tok::Card { value, .. } = self { Some(value) } else { None }
    }

    /// The value of an ordinal, in words or as "24.".
    pub(super) fn ordinal(self) -> Option<u8> {
        if let Tok::Ord(n) | Tok::NumberDot(n) = self { Some(n) } else { None }
    }

    /// A year in four figures or in words.
    pub(super) fn year(self) -> Option<i16> {
        match self {
            Tok::Card { value, figures: 0 | 4 } if (1900..2200).contains(&value) => i16::try_from(value).ok(),
            _ => None,
        }
    }
}

/// Lower case, "ä" as "ae", "ß" as "ss", apostrophes gone; the first [`LONGEST`] characters.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len().min(4 * LONGEST));
    for letter in text.chars().take(LONGEST) {
        match letter {
            'ä' | 'Ä' => folded.push_str("ae"),
            'ö' | 'Ö' => folded.push_str("oe"),
            'ü' | 'Ü' => folded.push_str("ue"),
            'ß' | 'ẞ' => folded.push_str("ss"),
            // The combining diaeresis of decomposed text.
            '\u{308}' => folded.push('e'),
            '\'' | '’' | '‘' | '`' | '´' => {}
            '–' | '—' | '‑' | '−' => folded.push('-'),
            _ if letter.is_ascii() => folded.push(letter.to_ascii_lowercase()),
            _ => folded.extend(letter.to_lowercase()),
        }
    }
    folded
}

/// The tokens of a folded text.
pub(super) fn tokens(folded: &str) -> Vec<Tok<'_>> {
    let mut toks: Vec<Tok<'_>> = Vec::with_capacity(16);
    let mut rest = folded;
    while let Some(letter) = rest.chars().next() {
        if letter.is_ascii_digit() {
            rest = figures::read(rest, &mut toks);
        } else if letter.is_alphabetic() {
            let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            rest = after;
            if let Some(after) = meridiem(word, rest, &mut toks) {
                rest = after;
                continue;
            }
            push_word(word, rest, &mut toks);
            // "Di." and "Dez." end no sentence.
            if matches!(toks.last(), Some(Tok::Weekday(_) | Tok::Month(_) | Tok::Uhr)) {
                rest = rest.strip_prefix('.').unwrap_or(rest);
            }
        } else {
            rest = rest.get(letter.len_utf8()..).unwrap_or_default();
            match letter {
                ',' | ';' | '.' | '!' | '?' | ':' | '(' | ')' | '\n' => toks.push(Tok::Comma),
                '-' if toks.last().is_some_and(|tok| ranges(*tok)) => toks.push(Tok::Dash),
                '&' => toks.push(Tok::And),
                _ => {}
            }
        }
    }
    hesitations(toks)
}

/// "Morgen, äh, übermorgen" corrects; "am äh Dienstag" only hesitates.
fn hesitations(toks: Vec<Tok<'_>>) -> Vec<Tok<'_>> {
    if !toks.contains(&Tok::Hesitation) {
        return toks;
    }
    let day =
        |tok: &Tok<'_>| matches!(tok, Tok::Weekday(_) | Tok::Today | Tok::Tomorrow | Tok::Morgen | Tok::Overmorrow);
    let clock = |tok: &Tok<'_>| matches!(tok, Tok::Card { .. } | Tok::Uhr | Tok::HourMinute { .. });
    let mut kept: Vec<Tok<'_>> = Vec::with_capacity(toks.len());
    let mut rest = toks.into_iter().peekable();
    while let Some(tok) = rest.next() {
        if tok != Tok::Hesitation {
            kept.push(tok);
            continue;
        }
        let last = kept.iter().rfind(|tok| **tok != Tok::Comma);
        let next = rest.peek();
        let both_days = last.is_some_and(day) && next.is_some_and(|next| day(next) && *next != Tok::Morgen);
        if both_days || last.is_some_and(clock) && next == Some(&Tok::At) {
            kept.push(Tok::No);
        }
    }
    kept
}

/// "a.m." and "p. m."
fn meridiem<'t>(word: &str, rest: &'t str, toks: &mut Vec<Tok<'t>>) -> Option<&'t str> {
    let tok = match word {
        "a" => Tok::Am,
        "p" => Tok::Pm,
        _ => return None,
    };
    let after = rest.strip_prefix('.')?.trim_start().strip_prefix('m')?;
    toks.push(tok);
    Some(after.strip_prefix('.').unwrap_or(after))
}

/// A dash after these may mean "to".
fn ranges(tok: Tok<'_>) -> bool {
    matches!(
        tok,
        Tok::Card { .. }
            | Tok::HourMinute { .. }
            | Tok::Ord(_)
            | Tok::NumberDot(_)
            | Tok::Dotted { .. }
            | Tok::Weekday(_)
            | Tok::EveryWeekday(_)
            | Tok::Uhr
            | Tok::Month(_)
            | Tok::Ymd { .. }
            | Tok::Am
            | Tok::Pm
    )
}

fn push_word<'t>(word: &'t str, rest: &str, toks: &mut Vec<Tok<'t>>) {
    // "twenty five", "twenty-fifth": tens and the digit after them are one number.
    if let Some(add) = numbers::cardinal(word).filter(|n| (1..10).contains(n)) {
        if let Some(ten) = pop_english_tens(toks) {
            toks.push(Tok::Card { value: ten + add, figures: 0 });
            return;
        }
    } else if let Some(add) = numbers::ordinal(word).filter(|n| *n < 10)
        && let Some(ten) = pop_english_tens(toks)
    {
        toks.push(Tok::Ord(u8::try_from(ten).unwrap_or(0) + add));
        return;
    }
    if numbers::english_tens(word) {
        // Marked by figures = 1, which no number of two digits has; settled when the next word is known.
        toks.push(Tok::Card { value: numbers::cardinal(word).unwrap_or(0), figures: 1 });
        return;
    }
    lexicon::look_up(word, rest, toks);
}

fn pop_english_tens(toks: &mut Vec<Tok<'_>>) -> Option<u16> {
    let dash = matches!(toks.last(), Some(Tok::Dash));
    let at = toks.len().checked_sub(if dash { 2 } else { 1 })?;
    match toks.get(at) {
        Some(Tok::Card { value, figures: 1 }) if *value >= 20 => {
            let value = *value;
            toks.truncate(at);
            Some(value)
        }
        _ => None,
    }
}
