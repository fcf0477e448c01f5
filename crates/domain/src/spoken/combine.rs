//! From items to one understanding: numbers settled, denials taken out, alternatives resolved in order.

use jiff::civil::Date;

use super::company::{deny, settle_joins, settle_numbers};
use super::fill::alternatives;
use super::items::{Item, Role, Scope, items};
use super::latest;
use super::resolve::resolve;
use super::slots::DayPick;
use super::tokens::{fold, tokens};
use super::{AskTime, TimeContext, Understood};

/// The items of one text, bare numbers settled.
pub(super) fn read(text: &str, role: Role, context: &TimeContext<'_>) -> Vec<Item> {
    let folded = latest::marked(&fold(text));
    let scope = Scope { context, today: context.now.date(), role };
    let mut items = items(&tokens(&folded), &scope);
    settle_numbers(&mut items, role);
    items
}

/// What the items mean together.
pub(super) fn combine(mut items: Vec<Item>, context: &TimeContext<'_>) -> Understood {
    let today = context.now.date();
    if !deny(&mut items) {
        return Understood::Ask(AskTime::Unclear);
    }
    settle_joins(&mut items);
    let mut found: Vec<Understood> = Vec::new();
    let mut after: Option<Date> = None;
    let mut previous: Option<(DayPick, Option<Date>)> = None;
    for slots in alternatives(&items, context, today) {
        // A day shared by two alternatives is the same day in both.
        let anchor = match &previous {
            Some((days, anchor)) if *days == slots.days => *anchor,
            _ => after,
        };
        previous = Some((slots.days.clone(), anchor));
        match resolve(&slots, context, anchor) {
            Err(why) => return Understood::Ask(why),
            Ok(Understood::Nothing) => {}
            Ok(understood) => {
                after = day_of(&understood).or(after);
                if !found.contains(&understood) {
                    found.push(understood);
                }
            }
        }
    }
    if found.len() > 1 {
        found.retain(|one| *one != Understood::Anytime);
    }
    if found.len() > 1 {
        return Understood::OneOf(found);
    }
    found.pop().unwrap_or(Understood::Nothing)
}

fn day_of(understood: &Understood) -> Option<Date> {
    match understood {
        Understood::Day(date) | Understood::PartOfDay { date, .. } => Some(*date),
        Understood::Instant { at, .. } => Some(at.date()),
        Understood::After { from, .. } | Understood::Stretch { from, .. } => Some(from.date()),
        _ => None,
    }
}
