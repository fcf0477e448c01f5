//! Figures: ISO dates and stamps, "24.12.", "03/12", "14:30", "15h", "24th", "10am".

use super::tokens::Tok;

/// Reads one literal at the start of `text`, which begins with a digit; returns what follows it.
pub(super) fn read<'t>(text: &'t str, toks: &mut Vec<Tok<'t>>) -> &'t str {
    let (first, rest) = digits(text);
    if let (8, Some(year), Some(month), Some(day)) = (first.len(), first.get(..4), first.get(4..6), first.get(6..))
        && year.starts_with("20")
        && let (Ok(year), Ok(month @ 1..=12), Ok(day @ 1..=31)) = (year.parse(), month.parse(), day.parse())
    {
        toks.push(Tok::Ymd { year, month, day });
        return compact_time(rest, toks).unwrap_or(rest);
    }
    let Ok(value) = first.parse::<u16>() else {
        // Telephone numbers and the like.
        toks.push(Tok::Other(first));
        return rest;
    };
    if first.len() == 4
        && let Some(after) = iso_day(first, rest, toks)
    {
        return after;
    }
    if let Some(after) = rest.strip_prefix(':').and_then(|rest| hour_minute(first, rest, toks)) {
        return meridiem(after, toks);
    }
    if let Some(after) = rest.strip_prefix('.') {
        if after.starts_with(|c: char| c.is_ascii_digit()) {
            return meridiem(dotted(value, after, toks), toks);
        }
        if value == 0 && first.len() <= 2 {
            toks.push(Tok::Broken);
            return after;
        }
        if first.len() <= 2 {
            toks.push(Tok::NumberDot(u8::try_from(value).unwrap_or(0)));
            return after;
        }
    }
    if let Some(after) = rest.strip_prefix('-').and_then(|rest| dashed(value, rest, toks)) {
        return after;
    }
    if let Some(after) = rest.strip_prefix('/')
        && after.starts_with(|c: char| c.is_ascii_digit())
    {
        return slashed(value, after, toks);
    }
    if let Some(after) = ordinal(value, rest, toks) {
        return after;
    }
    // One digit is marked as two: a single one would mean English tens.
    toks.push(Tok::Card { value, figures: u8::try_from(first.len()).unwrap_or(4).max(2) });
    if let Some(after) = rest.strip_prefix('h')
        && !after.starts_with(char::is_alphabetic)
    {
        let (minutes, behind) = digits(after);
        if minutes.len() == 2 {
            toks.pop();
            toks.push(clock(value, minutes.parse().unwrap_or(99), true));
            return behind;
        }
        toks.push(Tok::Uhr);
        return after;
    }
    meridiem(rest, toks)
}

/// "T150000" behind "20261124".
fn compact_time<'t>(rest: &'t str, toks: &mut Vec<Tok<'t>>) -> Option<&'t str> {
    let (clock, after) = digits(rest.strip_prefix('t')?);
    let (hour, minute) = match clock.len() {
        4 | 6 => (clock.get(..2)?.parse().ok()?, clock.get(2..4)?.parse().ok()?),
        _ => return None,
    };
    if hour > 23 || minute > 59 {
        return None;
    }
    let (offset, after) = offset(after);
    toks.push(Tok::StampTime { hour, minute, offset });
    Some(after)
}

fn digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

/// A glued "am" or "pm".
fn meridiem<'t>(rest: &'t str, toks: &mut Vec<Tok<'t>>) -> &'t str {
    for (word, tok) in [("am", Tok::Am), ("pm", Tok::Pm)] {
        if let Some(after) = rest.strip_prefix(word)
            && !after.starts_with(char::is_alphabetic)
        {
            toks.push(tok);
            return after;
        }
    }
    rest
}

fn clock<'t>(hour: u16, minute: u16, padded: bool) -> Tok<'t> {
    match (u8::try_from(hour), u8::try_from(minute)) {
        (Ok(hour), Ok(minute)) if hour < 24 && minute < 60 => Tok::HourMinute { hour, minute, padded },
        _ => Tok::Broken,
    }
}

fn hour_minute<'t>(hour: &str, rest: &'t str, toks: &mut Vec<Tok<'t>>) -> Option<&'t str> {
    let (minute, rest) = digits(rest);
    if hour.len() > 2 || minute.len() != 2 {
        return None;
    }
    toks.push(clock(hour.parse().ok()?, minute.parse().ok()?, hour.starts_with('0')));
    Some(seconds(rest))
}

/// Drops ":00" and ".000" after hours and minutes.
fn seconds(rest: &str) -> &str {
    let Some(after) = rest.strip_prefix(':') else { return rest };
    let (second, after) = digits(after);
    if second.len() != 2 {
        return rest;
    }
    match after.strip_prefix('.') {
        Some(fraction) if fraction.starts_with(|c: char| c.is_ascii_digit()) => digits(fraction).1,
        _ => after,
    }
}

/// "2026-11-24" and what a stamp adds: "T14:30:00+01:00".
fn iso_day<'t>(year: &str, rest: &'t str, toks: &mut Vec<Tok<'t>>) -> Option<&'t str> {
    let mark = rest.chars().next().filter(|c| matches!(c, '-' | '/' | '.'))?;
    let (month, rest) = digits(rest.strip_prefix(mark)?);
    let (day, rest) = digits(rest.strip_prefix(mark)?);
    if !(1..=2).contains(&month.len()) || !(1..=2).contains(&day.len()) {
        return None;
    }
    toks.push(Tok::Ymd { year: year.parse().ok()?, month: month.parse().ok()?, day: day.parse().ok()? });
    Some(stamp_time(rest, toks).unwrap_or(rest))
}

fn stamp_time<'t>(rest: &'t str, toks: &mut Vec<Tok<'t>>) -> Option<&'t str> {
    let rest = rest.strip_prefix(['t', ' '])?;
    let (hour, rest) = digits(rest);
    let (minute, rest) = digits(rest.strip_prefix(':')?);
    if hour.len() != 2 || minute.len() != 2 {
        return None;
    }
    let rest = seconds(rest);
    let (offset, rest) = offset(rest);
    toks.push(match clock(hour.parse().ok()?, minute.parse().ok()?, true) {
        Tok::HourMinute { hour, minute, .. } => Tok::StampTime { hour, minute, offset },
        broken => broken,
    });
    Some(rest)
}

/// "Z", "+01:00", "+0100" or "+01" as seconds east of UTC.
fn offset(rest: &str) -> (Option<i32>, &str) {
    if let Some(after) = rest.strip_prefix('z')
        && !after.starts_with(char::is_alphanumeric)
    {
        return (Some(0), after);
    }
    let sign = match rest.chars().next() {
        Some('+') => 1,
        Some('-') => -1,
        _ => return (None, rest),
    };
    let (hours, after) = digits(rest.get(1..).unwrap_or_default());
    let (hours, minutes, after) = match (hours.len(), after.strip_prefix(':')) {
        (4, _) => (hours.get(..2).unwrap_or_default(), hours.get(2..).unwrap_or_default(), after),
        (2, Some(more)) => {
            let (minutes, after) = digits(more);
            (hours, minutes, after)
        }
        (2, None) => (hours, "0", after),
        _ => return (None, rest),
    };
    match (hours.parse::<i32>(), minutes.parse::<i32>()) {
        (Ok(hours), Ok(minutes)) if hours < 24 && minutes < 60 => (Some(sign * (hours * 3600 + minutes * 60)), after),
        _ => (None, rest),
    }
}

fn dotted<'t>(first: u16, rest: &'t str, toks: &mut Vec<Tok<'t>>) -> &'t str {
    let (second, mut rest) = digits(rest);
    let mut year = None;
    let mut closed = false;
    let mut fits = second.len() <= 2;
    if let Some(after) = rest.strip_prefix('.') {
        let (third, behind) = digits(after);
        closed = true;
        rest = behind;
        match third.len() {
            0 => {}
            2 => year = third.parse::<i16>().ok().map(|y| 2000 + y),
            4 => year = third.parse().ok(),
            _ => fits = false,
        }
    }
    let figures = u8::try_from(second.len()).unwrap_or(9);
    toks.push(match (u8::try_from(first), second.parse()) {
        (Ok(first), Ok(second)) if fits => Tok::Dotted { first, second, figures, year, closed },
        _ => Tok::Broken,
    });
    rest
}

/// "24-11-2026"
fn dashed<'t>(first: u16, rest: &'t str, toks: &mut Vec<Tok<'t>>) -> Option<&'t str> {
    let (second, rest) = digits(rest);
    let (year, rest) = digits(rest.strip_prefix('-')?);
    if year.len() != 4 || second.len() > 2 {
        return None;
    }
    let (first, second) = (u8::try_from(first).ok()?, second.parse().ok()?);
    toks.push(Tok::Dotted { first, second, figures: 2, year: year.parse().ok(), closed: true });
    Some(rest)
}

fn slashed<'t>(first: u16, rest: &'t str, toks: &mut Vec<Tok<'t>>) -> &'t str {
    let (second, mut rest) = digits(rest);
    let mut year = None;
    if let Some(after) = rest.strip_prefix('/') {
        let (third, behind) = digits(after);
        match third.len() {
            2 => year = third.parse::<i16>().ok().map(|y| 2000 + y),
            4 => year = third.parse().ok(),
            _ => {}
        }
        rest = behind;
    }
    toks.push(match (u8::try_from(first), second.parse()) {
        (Ok(first), Ok(second)) => Tok::Slashed { first, second, year },
        _ => Tok::Broken,
    });
    rest
}

fn ordinal<'t>(value: u16, rest: &'t str, toks: &mut Vec<Tok<'t>>) -> Option<&'t str> {
    let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
    let (word, after) = rest.split_at(end);
    if !matches!(word, "th" | "st" | "nd" | "rd" | "ten" | "sten" | "ter" | "te" | "ster" | "ste" | "er" | "tes") {
        return None;
    }
    toks.push(u8::try_from(value).ok().filter(|n| (1..=31).contains(n)).map_or(Tok::Broken, Tok::Ord));
    Some(after)
}
