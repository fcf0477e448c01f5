//! What carries meaning about time and is not understood: it must not be dropped, so it makes the desk ask.

use super::items::Scope;
use super::tokens::{Tok, Unit};
use super::{days, periods};

/// "nach dem Urlaub", "vor dem Training", "bis Ladenschluss", "zum Quartalsende": the number of tokens that bound the
/// wish by something only the caller knows.
pub(super) fn vague(toks: &[Tok<'_>], before: Option<Tok<'_>>, scope: &Scope<'_>) -> Option<usize> {
    match toks {
        [Tok::After | Tok::Before, rest @ ..] if !asks(before) => {
            let skipped = rest.iter().take_while(|tok| determines(tok)).count();
            let known = rest.get(skipped..)?;
            let Some(Tok::Other(word)) = known.first() else { return None };
            let read = days::read(known, None, scope).is_some() || periods::read(known, scope).is_some();
            (!read && !says_no_time(word)).then_some(2 + skipped)
        }
        [Tok::Until | Tok::Since | Tok::In | Tok::On | Tok::AmOrOn | Tok::Between | Tok::Sharp, rest @ ..] => {
            let skipped = rest.iter().take_while(|tok| determines(tok)).count();
            matches!(rest.get(skipped), Some(Tok::Other(word)) if occasion(word) || opening_or_closing(word))
                .then_some(2 + skipped)
        }
        [Tok::Other(word), ..] if opening_or_closing(word) => Some(1),
        _ => None,
    }
}

/// "alle vier Wochen", "every other Tuesday", "jede zweite Woche": one appointment is booked, not a series.
pub(super) fn series(toks: &[Tok<'_>]) -> Option<usize> {
    Some(match toks {
        [Tok::Other("alle" | "aller"), Tok::Card { .. } | Tok::Other("paar"), Tok::Unit { .. }, ..] => 3,
        [Tok::Every, Tok::Card { .. } | Tok::Ord(_) | Tok::NumberDot(_), Tok::Unit { .. } | Tok::Weekday(_), ..] => 3,
        [Tok::Every, Tok::Other("other" | "few" | "couple"), Tok::Unit { .. } | Tok::Weekday(_), ..] => 3,
        [Tok::Every, Tok::Other("other"), ..] => 2,
        [Tok::Other("einmal" | "zweimal" | "dreimal" | "once" | "twice"), between, Tok::Unit { unit, .. }, ..]
            if matches!(between, Tok::In | Tok::A | Tok::Other("pro" | "per")) && coarse(*unit) =>
        {
            3
        }
        // "eine Stunde später"
        [Tok::Card { .. } | Tok::A, Tok::Unit { .. }, Tok::Late | Tok::Later | Tok::Early | Tok::Earlier, ..] => 3,
        _ => return None,
    })
}

/// "Straße des siebzehnten Juni zwölf" is an address.
pub(super) fn street(toks: &[Tok<'_>]) -> Option<usize> {
    match toks {
        [Tok::Other(word), Tok::Ord(_) | Tok::NumberDot(_), Tok::Month(_), follow @ ..]
            if ["strasse", "platz", "allee"].iter().any(|ending| word.ends_with(ending)) =>
        {
            Some(3 + usize::from(matches!(follow.first(), Some(Tok::Card { .. }))))
        }
        _ => None,
    }
}

/// After "Frau" and "Herr" comes a name, though it may be "Sonntag" or "Morgen"; "meine Frau" has none.
pub(super) fn is_surname(said: &[Tok<'_>]) -> bool {
    let [before @ .., Tok::Other("frau" | "herr" | "herrn" | "mrs" | "mr" | "ms")] = said else { return false };
    !before.last().is_some_and(determines)
}

fn coarse(unit: Unit) -> bool {
    !matches!(unit, Unit::Minute | Unit::Hour)
}

/// Articles and possessives before the thing named.
fn determines(tok: &Tok<'_>) -> bool {
    match tok {
        Tok::A => true,
        Tok::Other(word) => {
            let stem = ["em", "er", "en", "es", "e"].iter().find_map(|ending| word.strip_suffix(ending));
            matches!(*word, "my" | "our" | "his" | "her" | "their" | "your")
                || matches!(stem.unwrap_or(word), "mein" | "unser" | "unsr" | "dein" | "sein" | "ihr")
        }
        _ => false,
    }
}

/// "Ich frage nach", "ich suche nach": no bound.
fn asks(before: Option<Tok<'_>>) -> bool {
    let stems = ["frag", "such", "erkundig", "schau", "guck", "seh", "look", "ask"];
    matches!(before, Some(Tok::Other(word)) if stems.iter().any(|stem| word.starts_with(stem)))
}

/// What follows "nach" and "vor" without bounding anything.
fn says_no_time(word: &str) -> bool {
    matches!(
        word,
        "hause"
            | "oben"
            | "unten"
            | "vorne"
            | "hinten"
            | "links"
            | "rechts"
            | "wie"
            | "moeglichkeit"
            | "absprache"
            | "ruecksprache"
            | "verfuegbarkeit"
            | "wunsch"
            | "allem"
            | "ort"
            | "all"
            | "fragen"
            | "you"
    )
}

/// What happens on a day only the caller knows.
fn occasion(word: &str) -> bool {
    let stems = ["urlaub", "ferien", "geburtstag", "hochzeitstag", "birthday", "holiday", "vacation", "anniversary"];
    stems.iter().any(|stem| word.ends_with(stem))
}

/// Times of the house or of the books, named and not told.
fn opening_or_closing(word: &str) -> bool {
    let stems = ["ladenschluss", "geschaeftsschluss", "ladenoeffnung", "quartal", "semester"];
    stems.iter().any(|stem| word.starts_with(stem))
}

/// What was said before is unfit: "Dienstag ist schlecht", "Montag muss ich arbeiten", "I'm away on Wednesday".
/// `said`: the tokens before the word.
pub(super) fn unfit(word: &str, said: &[Tok<'_>]) -> bool {
    match word {
        "schlecht" | "ungern" | "unguenstig" | "unmoeglich" | "verhindert" | "verplant" | "verreist" | "unterwegs"
        | "ausgebucht" | "belegt" | "besetzt" | "unpassend" | "busy" | "unavailable" | "away" | "bad"
        | "impossible" => true,
        "voll" | "out" => matches!(said, [.., Tok::Soft]),
        "arbeiten" => said.iter().rev().take(5).any(|tok| matches!(tok, Tok::Other(word) if word.starts_with("muss"))),
        "work" => matches!(said, [.., Tok::Other("have" | "got" | "need") | Tok::Soft, Tok::To]),
        "urlaub" | "ferien" => matches!(said, [.., Tok::In | Tok::Soft]),
        "holiday" | "vacation" => matches!(said, [.., Tok::On | Tok::In]),
        _ => false,
    }
}
