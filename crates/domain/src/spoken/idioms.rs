//! Idioms of two and more words: greetings, "so früh wie möglich", "nach der Arbeit", "nicht vor", "oder später".

use super::items::{Bound, Clock, Item};
use super::tokens::{Part, Tok, Unit, Which};

/// A word for moving an appointment: "to" names the new time.
pub(super) fn moves(tok: &Tok<'_>) -> bool {
    matches!(
        tok,
        Tok::Other("move" | "moved" | "reschedule" | "change" | "push" | "shift" | "postpone" | "rebook" | "switch")
    )
}

/// "Guten Morgen", "good afternoon": says nothing about the wish.
pub(super) fn greeting(toks: &[Tok<'_>]) -> Option<usize> {
    match toks {
        [
            Tok::Other("guten" | "schoenen" | "good" | "gute"),
            Tok::Other("guten" | "gute"),
            Tok::Part(_) | Tok::Morgen | Tok::Unit { .. },
            ..,
        ] => Some(3),
        [Tok::Other("guten" | "schoenen" | "good" | "gute"), Tok::Part(_) | Tok::Morgen | Tok::Unit { .. }, ..] => {
            Some(2)
        }
        _ => None,
    }
}

/// Idioms; some push two items themselves.
pub(super) fn fixed_phrase(toks: &[Tok<'_>], items: &mut Vec<Item>) -> Option<(Option<Item>, usize)> {
    let free = |word: &str| word.starts_with("frei") || word.starts_with("moeglich") || word.starts_with("verfuegbar");
    let soon = |word: &str| matches!(word, "schnell" | "bald" | "sobald" | "soon" | "zeitnah" | "rasch");
    let any = |n| Some((Some(Item::Anytime), n));
    match toks {
        [Tok::Other("egal" | "wurscht" | "wurst" | "gleichgueltig"), Tok::Other("wann"), ..] => any(2),
        [
            Tok::Other("egal" | "flexibel" | "flexible" | "jederzeit" | "whenever" | "anytime" | "sofort" | "asap"),
            ..,
        ]
        | [
            Tok::Other(
                "baldmoeglichst" | "schnellstmoeglich" | "ehestmoeglich" | "zeitnah" | "bald" | "soonest" | "gleich"
                | "jetzt" | "now",
            ),
            ..,
        ] => any(1),
        [Tok::Since, Tok::Other("sofort" | "jetzt"), ..] => any(2),
        [Tok::Other("any" | "anything" | "everything" | "alles"), Tok::But, ..] => Some((Some(Item::Not), 2)),
        [Tok::Other("any"), Tok::Unit { unit: Unit::Day, .. } | Tok::Soft, Tok::But, ..] => Some((Some(Item::Not), 3)),
        [Tok::Other("any"), Tok::Soft | Tok::Unit { unit: Unit::Day, .. }, ..] => any(2),
        [Tok::Other("wann"), Tok::Soft, Tok::Other("wollen" | "moechten"), ..] => any(3),
        [Tok::Other("wann" | "when"), Tok::Other("immer" | "ever"), ..] => any(2),
        // "so schnell wie möglich", "as soon as possible", "möglichst früh"
        [Tok::Other(word), Tok::Soft, Tok::Soft, ..] if soon(word) => any(3),
        [Tok::Part(Part::Morning) | Tok::Early, Tok::Soft, Tok::Soft, ..] => any(3),
        [Tok::Other("as"), Tok::Other("soon") | Tok::Early, Tok::Other("as"), ..] => any(3),
        [Tok::Other("moeglichst"), Tok::Other(word), ..] if soon(word) => any(2),
        [Tok::Other("moeglichst"), Tok::Part(Part::Morning), ..] => any(2),
        [Tok::Which(Which::Next | Which::Coming) | Tok::Ord(1), Tok::Other(word), ..] if free(word) => any(2),
        [Tok::Which(Which::Next), Tok::Other("available" | "opening" | "slot"), ..] => any(2),
        [Tok::Ord(1), Tok::Other("available" | "opening" | "slot"), ..] => any(2),
        [Tok::Which(Which::Next) | Tok::Ord(1), Tok::Appointment, ..] if items.is_empty() => any(2),
        [Tok::Other(word), ..]
            if word.starts_with("naechstmoegl")
                || word.starts_with("fruehestmoegl")
                || word.starts_with("fruehstmoegl")
                || word.starts_with("schnellstmoegl")
                || word.starts_with("fruehest")
                || *word == "earliest"
                || *word == "naechstbeste" =>
        {
            any(1)
        }
        // "Dienstag und wenn nicht, dann Mittwoch"
        [Tok::And | Tok::Or, Tok::Soft | Tok::Other("if"), Tok::Not, ..] if !items.is_empty() => {
            Some((Some(Item::Or), 3))
        }
        // "um elf frühestens", "three at the latest": a bound on what was just said
        [tok @ (Tok::Since | Tok::Until), follow @ ..]
            if matches!(follow.first(), None | Some(Tok::Comma | Tok::Soft | Tok::But)) && bindable(items) =>
        {
            bind(items, if *tok == Tok::Since { Bound::Since } else { Bound::Until });
            Some((Some(Item::Soft), 1))
        }
        [Tok::At, Tok::Other(word @ ("earliest" | "latest")), follow @ ..] => {
            let bound = if *word == "earliest" { Bound::Since } else { Bound::Until };
            if matches!(follow.first(), None | Some(Tok::Comma | Tok::Soft | Tok::But)) && bindable(items) {
                bind(items, bound);
                return Some((Some(Item::Soft), 2));
            }
            // "at the latest by four"
            Some((Some(Item::Bound(bound)), 2 + usize::from(matches!(follow.first(), Some(Tok::Until)))))
        }
        // "just a second"
        [Tok::A | Tok::Card { value: 1, figures: 0 }, Tok::Ord(2), follow @ ..]
            if !matches!(follow.first(), Some(Tok::Month(_) | Tok::WeakMonth(_))) =>
        {
            Some((Some(Item::Gap), 2))
        }
        // "um 17 Uhr oder später": a bound on what was just said
        [Tok::Or, tok @ (Tok::Late | Tok::Later | Tok::Early | Tok::Earlier), follow @ ..]
            if !matches!(follow.first(), Some(Tok::Part(_))) && bindable(items) =>
        {
            bind(items, if matches!(tok, Tok::Late | Tok::Later) { Bound::Since } else { Bound::Until });
            Some((Some(Item::Soft), 2))
        }
        // "gleich als erstes", "first thing"
        [Tok::Other("als"), Tok::Ord(1), ..] | [Tok::Ord(1), Tok::Other("thing"), ..] => {
            Some((Some(Item::Part(Part::Morning)), 2))
        }
        [
            Tok::After | Tok::Before,
            Tok::Other("arbeit" | "work" | "feierabend" | "dienst" | "buero" | "job" | "dienstschluss"),
            ..,
        ] => {
            let after = matches!(toks.first(), Some(Tok::After));
            let (bound, minute) = if after { (Bound::Since, 17 * 60) } else { (Bound::Before, 8 * 60 + 30) };
            items.push(Item::Bound(bound));
            let clock = Clock { minute, twelve: false, written: false, uhr: false, around: None };
            Some((Some(Item::Clock(clock)), 2))
        }
        [Tok::After, Tok::Other("hause" | "oben" | "unten" | "wie"), ..] => Some((Some(Item::Gap), 2)),
        _ => None,
    }
}

/// The last thing said can be bounded.
fn bindable(items: &[Item]) -> bool {
    matches!(items.last(), Some(Item::Clock(_) | Item::Day(_) | Item::Weekday(..) | Item::Bare { .. }))
}

/// Puts a bound before the last thing said, unless one stands there.
fn bind(items: &mut Vec<Item>, bound: Bound) {
    let at = items.len().saturating_sub(1);
    let before = at.checked_sub(1).and_then(|i| items.get(i));
    if !matches!(before, Some(Item::Bound(_) | Item::To | Item::Von | Item::From)) {
        items.insert(at, Item::Bound(bound));
    }
}

/// "nicht vor", "not before", "no later than", "früher als".
pub(super) fn negated_bound(toks: &[Tok<'_>]) -> Option<(Item, usize)> {
    let than = |tok: &Tok<'_>| matches!(tok, Tok::Instead | Tok::Other("als"));
    Some(match toks {
        [Tok::Not | Tok::No, Tok::Early | Tok::Earlier, word, ..] if than(word) => (Item::Bound(Bound::Since), 3),
        [Tok::Not | Tok::No, Tok::Late | Tok::Later, word, ..] if than(word) => (Item::Bound(Bound::Until), 3),
        [Tok::Not, Tok::Before, ..] => (Item::Bound(Bound::Since), 2),
        [Tok::Not, Tok::After, ..] => (Item::Bound(Bound::Until), 2),
        [Tok::Not, Tok::Until, ..] => (Item::Bound(Bound::Since), 2),
        [Tok::Early | Tok::Earlier, word, ..] if than(word) => (Item::Bound(Bound::Before), 2),
        [Tok::Late | Tok::Later, word, ..] if than(word) => (Item::Bound(Bound::After), 2),
        _ => return None,
    })
}
