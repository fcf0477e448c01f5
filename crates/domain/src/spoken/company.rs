//! What items mean by the company they keep: bare numbers, "bis", negations and corrections.

use super::AskTime;
use super::clock;
use super::items::{Bound, Day, Item, Role};
use super::slots::{is_day, is_time};

/// Decides which bare numbers are clock times (or days of the month); the others become gaps.
pub(super) fn settle_numbers(items: &mut [Item], role: Role) {
    let lone = !items.iter().any(|item| matches!(item, Item::Gap | Item::Unit) || is_day(item));
    let mut between = false;
    for at in 0..items.len() {
        if matches!(items.get(at), Some(Item::Between)) {
            between = true;
        }
        let Some(Item::Bare { value, figures }) = items.get(at).cloned() else { continue };
        let before = at.checked_sub(1).and_then(|i| items.get(i));
        let next = items.get(at + 1);
        let counts = matches!(next, Some(Item::Unit));
        let led = match before {
            Some(Item::Bound(_) | Item::Between | Item::OnTo | Item::Instead | Item::From | Item::To) => true,
            Some(Item::Von) => matches!(next, Some(Item::To | Item::Dash | Item::OnTo | Item::Onward)),
            Some(Item::And) => between,
            Some(Item::Or | Item::Dash | Item::Rather) => {
                at.checked_sub(2).and_then(|i| items.get(i)).is_some_and(|item| matches!(item, Item::Clock(_)))
            }
            Some(item) if is_day(item) || matches!(item, Item::Part(_)) => {
                matches!(next, None | Some(Item::Soft | Item::Comma | Item::Or | Item::To | Item::Dash | Item::Part(_)))
            }
            _ => false,
        };
        // "zehn am Dienstag"
        let opens = matches!(before, None | Some(Item::Comma | Item::No | Item::Rather));
        let follows = matches!(next, Some(Item::Part(_)))
            || (opens && role == Role::Free && next.is_some_and(is_day))
            || (matches!(next, Some(Item::Or | Item::To | Item::Dash | Item::And))
                && (between || !matches!(next, Some(Item::And)))
                && company(items, at + 2));
        let timed = matches!(role, Role::Time { .. });
        let as_day = role == Role::Date && lone && !led && !follows && (1..=31).contains(&value);
        // "fünf nach", and the hour got lost.
        let cut = matches!(next, Some(Item::Bound(Bound::After | Bound::Before))) && at + 2 == items.len();
        let settled = if cut {
            Item::Ask(AskTime::Unclear)
        } else if counts {
            Item::Gap
        } else if as_day {
            Item::Day(Day::Monthly(u8::try_from(value).unwrap_or(0)))
        } else if led || follows || lone || timed {
            // "11-24" is no range of hours.
            let joined = matches!(before, Some(Item::Dash)) && figures > 0;
            let otherwise = if joined { Item::Ask(AskTime::Unclear) } else { Item::Gap };
            clock::from_bare(value, figures).map_or(otherwise, Item::Clock)
        } else {
            Item::Gap
        };
        if let Some(slot) = items.get_mut(at) {
            *slot = settled;
        }
    }
}

/// A number joined to this item is a clock time.
fn company(items: &[Item], at: usize) -> bool {
    match items.get(at) {
        Some(Item::Clock(_)) => true,
        Some(Item::Bare { .. }) => {
            matches!(items.get(at + 1), Some(Item::Part(_)))
                || items.get(at + 1).is_some_and(is_day)
                || (matches!(items.get(at + 1), Some(Item::Or | Item::To | Item::Dash)) && company(items, at + 2))
        }
        _ => false,
    }
}

/// "bis" and dashes: a join between two of a kind, else a bound or nothing. Kept joins stay [`Item::To`].
pub(super) fn settle_joins(items: &mut Vec<Item>) {
    let mut at = 0;
    while at < items.len() {
        let item = items.get(at).cloned().unwrap_or(Item::Soft);
        if matches!(item, Item::To | Item::Dash) {
            let before = at.checked_sub(1).and_then(|i| items.get(i));
            let next = items.get(at + 1);
            let joined = match (before, next) {
                (Some(a), Some(b)) => (is_day(a) && is_day(b)) || (is_time(a) && is_time(b)),
                _ => false,
            };
            let settled = match (&item, joined) {
                (_, true) => Some(Item::To),
                (Item::To, false) => Some(Item::Bound(Bound::Until)),
                _ => None,
            };
            match (settled, items.get_mut(at)) {
                (Some(settled), Some(slot)) => *slot = settled,
                _ => {
                    items.remove(at);
                    continue;
                }
            }
        }
        at += 1;
    }
}

/// Takes out what was said only to be denied: "nicht morgen sondern", "statt um zehn", "Montag geht nicht".
/// `false` when a day or time was denied and no other one said.
pub(super) fn deny(items: &mut Vec<Item>) -> bool {
    let (mut no_day, mut no_time) = (false, false);
    while let Some(at) = items.iter().position(|item| matches!(item, Item::Not | Item::Instead | Item::Unfit)) {
        let instead = matches!(items.get(at), Some(Item::Instead));
        let unfit = matches!(items.get(at), Some(Item::Unfit));
        // "nicht schlecht" is good.
        if !unfit && !instead && matches!(items.get(at + 1), Some(Item::Unfit)) {
            items.drain(at..at + 2);
            continue;
        }
        let clause =
            items.iter().take(at).rposition(|item| ends_clause(item) || *item == Item::And).map_or(0, |i| i + 1);
        let said_before = items.get(clause..at).unwrap_or_default();
        let behind = items.iter().skip(at + 1).position(|item| *item != Item::Soft).map_or(items.len(), |i| at + 1 + i);
        let adjacent = behind == at + 1;
        let follows = items.get(behind).is_some_and(says_something);
        // "Montag passt nicht Dienstag wäre gut": either may be the denied one.
        let both =
            follows && !instead && !unfit && said_before.iter().any(is_day) && items.get(behind).is_some_and(is_day);
        if both && adjacent && !items.iter().skip(at).any(|item| *item == Item::But) {
            return false;
        }
        // "I can't do Monday"; but in "Montag geht nicht, ist Dienstag frei" it is what came before.
        let leads = follows && ((adjacent && !unfit) || !said_before.iter().any(says_something));
        let (start, end) = if leads {
            (at, denied_until(items, behind))
        } else if instead || !said_before.iter().any(says_something) {
            (at, at + 1)
        } else {
            (clause, at + 1)
        };
        let denied: Vec<Item> = items.drain(start..end).collect();
        let day = denied.iter().any(is_day);
        let time = denied.iter().any(is_time);
        // "nicht morgen um zehn sondern um elf": the day stays.
        if leads && day && time && !items.iter().any(is_day) && items.iter().skip(start).any(is_time) {
            items.splice(start..start, denied.into_iter().filter(is_day));
            no_time = true;
            continue;
        }
        // "Nächste Woche Mittwoch geht nicht, lieber Donnerstag": the week was not what was denied.
        if denied.iter().any(|item| matches!(item, Item::Weekday(..)))
            && let Some(week) = denied.iter().find(|item| matches!(item, Item::Span(_)))
            && !items.iter().any(|item| matches!(item, Item::Span(_)))
            && let Some(other) = items.iter().skip(start).position(is_day)
            && matches!(items.get(start + other), Some(Item::Weekday(_, None)))
        {
            items.insert(start + other, week.clone());
        }
        no_day |= day;
        no_time |= time && !day;
    }
    let other_day =
        items.iter().any(|item| matches!(item, Item::Day(_) | Item::Weekday(..) | Item::Moment(_) | Item::Shift(_)));
    (!no_day || other_day) && (!no_time || items.iter().any(is_time))
}

fn says_something(item: &Item) -> bool {
    is_day(item)
        || is_time(item)
        || matches!(item, Item::Bound(_) | Item::From | Item::Between | Item::Anytime | Item::Ask(_))
}

fn ends_clause(item: &Item) -> bool {
    matches!(item, Item::Comma | Item::But | Item::Or | Item::Rather | Item::No)
}

/// The end of what is denied from `start` on: the next clause, or where a second day or time begins.
fn denied_until(items: &[Item], start: usize) -> usize {
    let rest = items.get(start..).unwrap_or_default();
    let clause = rest.iter().position(|item| ends_clause(item) || matches!(item, Item::Not | Item::Instead));
    if let Some(length) = clause
        && rest.get(length..).is_some_and(|after| after.iter().any(says_something))
    {
        return start + length;
    }
    let (mut day, mut time) = (false, false);
    for (i, item) in rest.iter().enumerate() {
        let repeated = (is_day(item) && day) || (is_time(item) && time);
        if repeated || ends_clause(item) || (matches!(item, Item::Gap | Item::Soft) && (day || time)) {
            return start + i;
        }
        // A weekday and its date are one day.
        day |= is_day(item) && !matches!(rest.get(i + 1), Some(Item::Day(Day::Monthly(_) | Day::Yearly { .. })));
        time |= is_time(item);
    }
    items.len()
}
