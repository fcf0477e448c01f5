//! Clock times: "14:30", "halb drei", "viertel vor vier", "dreiviertel acht", "quarter past two", "10am".

use super::AskTime;
use super::items::{Clock, Item, Role, Scope};
use super::tokens::{Tok, Unit};

/// Minutes to either side of "gegen zwölf".
const AROUND: u16 = 30;
/// "Kurz vor" and "kurz nach" are so many minutes off, give or take as many.
const SHORTLY: u16 = 10;
const HALF_DAY: u16 = 12 * 60;

/// Reads a clock time at the start of `toks`.
pub(super) fn read(toks: &[Tok<'_>], before: Option<Tok<'_>>, scope: &Scope<'_>) -> Option<(Item, usize)> {
    let said_at = matches!(before, Some(Tok::At | Tok::Sharp | Tok::Around));
    let (mut clock, mut n) = match toks {
        [Tok::Around, Tok::At, rest @ ..] => around(rest, scope).map(|(clock, n)| (clock, n + 2))?,
        [Tok::Around, rest @ ..] => around(rest, scope).map(|(clock, n)| (clock, n + 1))?,
        [Tok::At, Tok::Around, rest @ ..] => around(rest, scope).map(|(clock, n)| (clock, n + 2))?,
        [Tok::Shortly, side @ (Tok::After | Tok::Before), rest @ ..] => {
            let (clock, n) = exact(rest, None, scope).or_else(|| bare(rest))?;
            let off = if *side == Tok::After { i32::from(SHORTLY) } else { -i32::from(SHORTLY) };
            (Clock { around: Some(SHORTLY), ..moved(clock, off) }, n + 2)
        }
        [Tok::At | Tok::Sharp, Tok::Sharp, rest @ ..] => {
            exact(rest, Some(Tok::Sharp), scope).or_else(|| bare(rest)).map(|(clock, n)| (clock, n + 2))?
        }
        [mark @ (Tok::At | Tok::Sharp), rest @ ..] => {
            exact(rest, Some(*mark), scope).or_else(|| bare(rest)).map(|(clock, n)| (clock, n + 1))?
        }
        [Tok::Card { value: 24.., figures: 0..=2 }, Tok::Uhr, ..] => return Some((Item::Ask(AskTime::Unclear), 2)),
        _ => match exact(toks, before, scope) {
            Some(found) => found,
            None if said_at => bare(toks)?,
            None => return None,
        },
    };
    clock.uhr = toks.iter().take(n).any(|tok| *tok == Tok::Uhr);
    if matches!(toks.get(n), Some(Tok::Roundabout)) {
        n += 1;
        clock.around = clock.around.or(Some(AROUND));
    }
    if matches!(toks.get(n), Some(Tok::Sharp)) {
        n += 1;
    }
    Some((Item::Clock(clock), n))
}

fn around(toks: &[Tok<'_>], scope: &Scope<'_>) -> Option<(Clock, usize)> {
    let (clock, n) = exact(toks, Some(Tok::Around), scope).or_else(|| bare(toks))?;
    Some((Clock { around: Some(clock.around.unwrap_or(AROUND)), ..clock }, n))
}

/// "in 20 Minuten", "die zwei Stunden", "vier Juli": what follows a number makes it no clock time. But "at four the day
/// after tomorrow" and "half past four July sixth" name a day next.
fn amount(follow: &[Tok<'_>]) -> bool {
    match follow {
        [Tok::Unit { unit: Unit::Day | Unit::Week, plural: false }, Tok::After | Tok::Before, ..] => false,
        [Tok::Month(_), day, ..] => day.ordinal().is_none() && !matches!(day, Tok::Card { value: 1..=31, .. }),
        _ => matches!(follow.first(), Some(Tok::Unit { .. } | Tok::Month(_))),
    }
}

/// "um zehn Uhr fünf Personen": the number counts what follows it.
fn counted(follow: &[Tok<'_>]) -> bool {
    let nouns = [
        "person",
        "leute",
        "gaeste",
        "kinder",
        "erwachsene",
        "plaetze",
        "people",
        "guests",
        "adults",
        "kids",
        "children",
        "euro",
        "prozent",
        "mann",
        "frauen",
        "maenner",
        "damen",
        "herren",
        "termine",
        "haarschnitt",
        "mal",
    ];
    match follow {
        [Tok::Other(word), ..] => nouns.iter().any(|noun| word.starts_with(noun)),
        // "zehn Uhr, fünf vor halb"
        [Tok::After | Tok::Before, next, ..] => {
            matches!(next, Tok::Card { .. } | Tok::Halb | Tok::Viertel | Tok::Dreiviertel)
        }
        [Tok::After | Tok::Before] => true,
        _ => false,
    }
}

/// A number after "um": an hour, unless it counts something.
fn bare(toks: &[Tok<'_>]) -> Option<(Clock, usize)> {
    match toks {
        [Tok::Card { .. } | Tok::NumberDot(_), follow @ ..] if amount(follow) => None,
        [Tok::NumberDot(_), Tok::Weekday(_), ..] => None,
        [Tok::Card { value, figures }, ..] => from_bare(*value, *figures).map(|clock| (clock, 1)),
        [Tok::NumberDot(value), ..] => of_hour(u16::from(*value), 0).map(|clock| (clock, 1)),
        [Tok::A, Tok::Uhr, ..] => of_hour(1, 0).map(|clock| (clock, 2)),
        _ => None,
    }
}

/// The clock time of a lone number: an hour, or four figures as in "1430".
pub(super) fn from_bare(value: u16, figures: u8) -> Option<Clock> {
    // "null" and "0" alone are a model's empty field, not midnight.
    if value == 0 && figures < 3 {
        return None;
    }
    if figures >= 3 {
        let (hour, minute) = (value / 100, value % 100);
        return (hour < 24 && minute < 60).then_some(Clock { written: true, ..exactly(hour * 60 + minute) });
    }
    of_hour(value, 0)
}

/// A time that is a clock time whatever stands before it.
fn exact(toks: &[Tok<'_>], before: Option<Tok<'_>>, scope: &Scope<'_>) -> Option<(Clock, usize)> {
    let (clock, n) = figures(toks, before, scope).or_else(|| words(toks, before))?;
    let rest = toks.get(n..).unwrap_or_default();
    let written_twelve = clock.minute < 13 * 60;
    match rest {
        [Tok::Am, ..] if written_twelve => Some((exactly(clock.minute % HALF_DAY), n + 1)),
        [Tok::Pm, ..] if written_twelve => Some((exactly(clock.minute % HALF_DAY + HALF_DAY), n + 1)),
        // "10 am" at the end or before a clause is the English one; "um zehn am Dienstag" is not.
        [Tok::AmOrOn, follow @ ..] if written_twelve && meridiem_am(follow) => {
            Some((exactly(clock.minute % HALF_DAY), n + 1))
        }
        _ => Some((clock, n)),
    }
}

fn meridiem_am(follow: &[Tok<'_>]) -> bool {
    matches!(
        follow,
        [] | [
            Tok::Comma
                | Tok::Or
                | Tok::And
                | Tok::Soft
                | Tok::Appointment
                | Tok::On
                | Tok::To
                | Tok::Until
                | Tok::Dash
                | Tok::Tomorrow
                | Tok::Today
                | Tok::Other("for" | "with" | "if"),
            ..
        ]
    )
}

fn figures(toks: &[Tok<'_>], before: Option<Tok<'_>>, scope: &Scope<'_>) -> Option<(Clock, usize)> {
    match toks {
        [Tok::HourMinute { hour, minute, padded }, rest @ ..] => {
            let (hour, minute) = (u16::from(*hour), u16::from(*minute));
            let twelve = (1..=12).contains(&hour) && !padded;
            let clock =
                if twelve { Clock { written: true, ..of_hour(hour, minute)? } } else { exactly(hour * 60 + minute) };
            Some((clock, 1 + usize::from(matches!(rest.first(), Some(Tok::Uhr)))))
        }
        // The clock of a stamp without an offset is the branch's wall clock.
        [Tok::StampTime { hour, minute, .. }, ..] => Some((exactly(u16::from(*hour) * 60 + u16::from(*minute)), 1)),
        // "14.30 Uhr"; the rule for dates has left it to this one.
        [Tok::Dotted { first, second, figures: 2, year: None, closed: false }, rest @ ..]
            if *first < 24 && *second < 60 =>
        {
            let clock =
                if *first == 0 { exactly(u16::from(*second)) } else { of_hour(u16::from(*first), u16::from(*second))? };
            Some((Clock { written: true, ..clock }, 1 + usize::from(matches!(rest.first(), Some(Tok::Uhr)))))
        }
        [Tok::Card { value, figures: figures @ 3.. }, rest @ ..]
            if matches!(rest.first(), Some(Tok::Uhr))
                || (rest.is_empty() && scope.role != Role::Date && before.is_none()) =>
        {
            from_bare(*value, *figures).map(|clock| (clock, 1 + usize::from(!rest.is_empty())))
        }
        _ => None,
    }
}

fn words(toks: &[Tok<'_>], before: Option<Tok<'_>>) -> Option<(Clock, usize)> {
    if let [Tok::A, rest @ ..] = toks
        && matches!(rest.first(), Some(Tok::Quarter | Tok::Viertel))
    {
        return words(rest, before).map(|(clock, n)| (clock, n + 1));
    }
    if let Some((shift, skip)) = minutes_off(toks, before) {
        let rest = toks.get(skip..)?;
        // "fünf vor halb drei"
        if let Some((clock, n)) = fraction(rest) {
            return Some((moved(clock, shift), n + skip));
        }
        if let [hour @ Tok::Card { .. }, follow @ ..] = rest
            && !amount(follow)
            && !matches!(follow.first(), Some(Tok::Quarter | Tok::Viertel))
        {
            let n = 1 + usize::from(matches!(follow.first(), Some(Tok::Uhr)));
            return Some((moved(of_hour(hour.number()?, 0)?, shift), n + skip));
        }
    }
    if let Some((clock, n)) = fraction(toks) {
        let rest = toks.get(n..).unwrap_or_default();
        if amount(rest) {
            return None;
        }
        return Some((clock, n + usize::from(matches!(rest.first(), Some(Tok::Uhr)))));
    }
    match toks {
        [Tok::A, Tok::Uhr, rest @ ..] => with_minutes(1, rest, 2),
        [Tok::Card { value: hour @ 0..24, .. }, Tok::Uhr, rest @ ..] => with_minutes(*hour, rest, 2),
        [Tok::NumberDot(hour), Tok::Uhr, ..] => of_hour(u16::from(*hour), 0).map(|clock| (clock, 2)),
        [hour @ Tok::Card { .. }, Tok::Am | Tok::Pm, ..] => of_hour(hour.number()?, 0).map(|clock| (clock, 1)),
        [Tok::Card { value: hour @ 1..=12, .. }, Tok::AmOrOn, rest @ ..] if meridiem_am(rest) => {
            of_hour(*hour, 0).map(|clock| (clock, 1))
        }
        // "fourteen thirty", "neun fünfzehn"
        [
            Tok::Card { value: hour @ 0..24, figures },
            Tok::Card { value: minute @ 10..60, figures: same },
            rest @ ..,
        ] if (*figures > 1) == (*same > 1)
            && minute % 5 == 0
            && !amount(rest)
            && !counted(rest)
            && !matches!(rest.first(), Some(Tok::Uhr)) =>
        {
            of_hour(*hour, *minute).map(|clock| (clock, 2))
        }
        [hour @ Tok::Card { .. }, Tok::Roundabout, ..] => of_hour(hour.number()?, 0).map(|clock| (clock, 1)),
        // "sixteen hundred"
        [Tok::Card { value: hour @ 10..24, figures: 0 }, Tok::Other("hundred"), ..] => Some((exactly(hour * 60), 2)),
        [Tok::Noon, ..] => Some((exactly(HALF_DAY), 1)),
        // The midnight of a day is the one it ends with.
        [Tok::Midnight, ..] => Some((exactly(2 * HALF_DAY), 1)),
        _ => None,
    }
}

fn with_minutes(hour: u16, rest: &[Tok<'_>], n: usize) -> Option<(Clock, usize)> {
    match rest {
        [Tok::Card { value: minute @ 0..60, figures }, follow @ ..]
            if (*figures == 2 || *minute == 5 || *minute >= 10)
                && !counted(follow)
                && !matches!(follow.first(), Some(Tok::Uhr | Tok::Unit { .. } | Tok::Month(_))) =>
        {
            of_hour(hour, *minute).map(|clock| (clock, n + 1))
        }
        [Tok::And, Tok::Card { value: minute @ 1..60, .. }, Tok::Unit { unit: Unit::Minute, .. }, ..] => {
            of_hour(hour, *minute).map(|clock| (clock, n + 3))
        }
        [Tok::Card { value: minute @ 1..60, .. }, Tok::Unit { unit: Unit::Minute, .. }, ..] => {
            of_hour(hour, *minute).map(|clock| (clock, n + 2))
        }
        _ => of_hour(hour, 0).map(|clock| (clock, n)),
    }
}

/// "zehn vor", "zwanzig nach", "viertel nach", "ten to": minutes and tokens.
fn minutes_off(toks: &[Tok<'_>], before: Option<Tok<'_>>) -> Option<(i32, usize)> {
    let (minutes, skip, words) = match toks {
        [Tok::Quarter | Tok::Viertel, ..] => (15, 1, true),
        [Tok::Card { value: minutes @ 1..30, figures }, Tok::Unit { unit: Unit::Minute, .. }, ..] => {
            (i32::from(*minutes), 2, *figures < 2)
        }
        [Tok::Card { value: minutes @ 1..30, figures }, ..] => (i32::from(*minutes), 1, *figures < 2),
        _ => return None,
    };
    match toks.get(skip)? {
        Tok::After => Some((minutes, skip + 1)),
        Tok::Before => Some((-minutes, skip + 1)),
        // "from ten to four" and "10 to 4" are ranges.
        Tok::To if minutes % 5 == 0 && words && !matches!(before, Some(Tok::From | Tok::Von | Tok::Between)) => {
            Some((-minutes, skip + 1))
        }
        _ => None,
    }
}

/// "halb drei", "half past two", "half ten", "viertel drei", "dreiviertel vier".
fn fraction(toks: &[Tok<'_>]) -> Option<(Clock, usize)> {
    let hour = |tok: &Tok<'_>| if *tok == Tok::A { None } else { tok.number().filter(|hour| (1..=24).contains(hour)) };
    Some(match toks {
        [Tok::Half, Tok::After, tok, ..] => (of_hour(hour(tok)?, 30)?, 3),
        [Tok::Half, tok, ..] => (of_hour(hour(tok)?, 30)?, 2),
        [Tok::Halb, tok, ..] => (moved(of_hour(hour(tok)?, 0)?, -30), 2),
        [Tok::Viertel, tok, ..] => (moved(of_hour(hour(tok)?, 0)?, -45), 2),
        [Tok::Dreiviertel, tok, ..] => (moved(of_hour(hour(tok)?, 0)?, -15), 2),
        [Tok::Card { value: 3, .. }, Tok::Viertel, tok, ..] => (moved(of_hour(hour(tok)?, 0)?, -15), 3),
        _ => return None,
    })
}

fn exactly(minute: u16) -> Clock {
    Clock { minute, twelve: false, written: false, uhr: false, around: None }
}

/// An hour as said: 1 to 12 have two readings.
fn of_hour(hour: u16, minute: u16) -> Option<Clock> {
    match hour {
        1..=12 => Some(Clock { twelve: true, ..exactly(hour % 12 * 60 + minute) }),
        0 | 13..=23 => Some(exactly(hour * 60 + minute)),
        _ => None,
    }
}

fn moved(clock: Clock, minutes: i32) -> Clock {
    let round = i32::from(if clock.twelve { HALF_DAY } else { 2 * HALF_DAY });
    let minute = (i32::from(clock.minute) + minutes).rem_euclid(round);
    Clock { minute: u16::try_from(minute).unwrap_or(0), ..clock }
}
