//! What items mean by the company they keep: bare numbers, "bis", negations and corrections.

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
            Some(Item::And) => between,
            Some(Item::Or | Item::Dash | Item::Rather) => {
                at.checked_sub(2).and_then(|i| items.get(i)).is_some_and(|item| matches!(item, Item::Clock(_)))
            }
            Some(item) if is_day(item) || matches!(item, Item::Part(_)) => {
                matches!(next, None | Some(Item::Soft | Item::Comma | Item::Or | Item::To | Item::Dash | Item::Part(_)))
            }
            _ => false,
        };
        let follows = matches!(next, Some(Item::Part(_)))
            || (matches!(next, Some(Item::Or | Item::To | Item::Dash | Item::And))
                && (between || !matches!(next, Some(Item::And)))
                && company(items, at + 2));
        let timed = matches!(role, Role::Time { .. });
        let as_day = role == Role::Date && lone && !led && !follows && (1..=31).contains(&value);
        let settled = if counts {
            Item::Gap
        } else if as_day {
            Item::Day(Day::DayOfMonth(u8::try_from(value).unwrap_or(0)))
        } else if led || follows || lone || timed {
            clock::from_bare(value, figures).map_or(Item::Gap, Item::Clock)
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
/// `false` when something was denied and nothing is left.
pub(super) fn deny(items: &mut Vec<Item>) -> bool {
    let mut denied = false;
    while let Some(at) = items.iter().position(|item| matches!(item, Item::Not | Item::Instead)) {
        let instead = matches!(items.get(at), Some(Item::Instead));
        let leads = items.get(at + 1).is_some_and(says_something);
        let range = if leads {
            let end = denied_until(items, at + 1);
            at..end
        } else if instead {
            at..at + 1
        } else {
            let start = items.iter().take(at).rposition(ends_clause).map_or(0, |i| i + 1);
            let said = items.get(start..at).is_some_and(|clause| clause.iter().any(says_something));
            if said { start..at + 1 } else { at..at + 1 }
        };
        denied |= range.len() > 1;
        items.drain(range);
    }
    !denied || items.iter().any(says_something)
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
        day |= is_day(item) && !matches!(rest.get(i + 1), Some(Item::Day(Day::DayOfMonth(_) | Day::DayMonth { .. })));
        time |= is_time(item);
    }
    items.len()
}
