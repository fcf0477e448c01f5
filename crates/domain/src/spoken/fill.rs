//! Fills the slots of each alternative of a phrase.

use jiff::civil::Date;

use super::AskTime;
use super::TimeContext;
use super::items::{Bound, Clock, Day, Item};
use super::resolve::part_bound;
use super::share::share;
use super::slots::{DayBound, DayPick, Hours, Slots, is_day};
use super::tokens::Part;

/// The alternatives of a phrase, in the order said; at least one, perhaps empty.
pub(super) fn alternatives(items: &[Item], context: &TimeContext<'_>, today: Date) -> Vec<Slots> {
    let mut alternatives: Vec<Slots> = Vec::new();
    let mut start = 0;
    for at in 0..=items.len() {
        if at == items.len() || parts_alternatives(items, at) {
            let mut filler = Filler {
                items: items.get(start..at).unwrap_or_default(),
                context,
                today,
                slots: Slots::default(),
                new_day: false,
                new_time: false,
                rather: false,
            };
            filler.fill();
            if !filler.slots.is_empty() {
                alternatives.push(filler.slots);
            }
            start = at + 1;
        }
    }
    share(&mut alternatives);
    alternatives
}

/// "oder"; also "und" and a comma between two days of a list.
fn parts_alternatives(items: &[Item], at: usize) -> bool {
    let plain_day = |item: Option<&Item>| matches!(item, Some(Item::Weekday(..) | Item::Day(_)));
    let neighbours = || {
        let before = at.checked_sub(1).and_then(|i| items.get(i));
        let between = items.iter().take(at).rev().take(3).any(|item| matches!(item, Item::Between));
        !between && plain_day(before) && plain_day(items.get(at + 1))
    };
    match items.get(at) {
        // "oder nein" corrects
        Some(Item::Or) => !matches!(items.get(at + 1), Some(Item::No)),
        Some(Item::And) => neighbours(),
        Some(Item::Comma) => {
            let weekdays = matches!(
                (at.checked_sub(1).and_then(|i| items.get(i)), items.get(at + 1)),
                (Some(Item::Weekday(..)), Some(Item::Weekday(..)))
            );
            weekdays && items.iter().skip(at).any(|item| matches!(item, Item::Or | Item::And))
        }
        _ => false,
    }
}

struct Filler<'i> {
    items: &'i [Item],
    context: &'i TimeContext<'i>,
    today: Date,
    slots: Slots,
    /// A correction was announced: the next day said replaces the one before.
    new_day: bool,
    new_time: bool,
    /// It was announced by nothing but "lieber".
    rather: bool,
}

impl Filler<'_> {
    fn fill(&mut self) {
        let mut at = 0;
        let mut works = false;
        while let Some(item) = self.items.get(at) {
            at = match item {
                Item::No | Item::Rather | Item::OnTo => {
                    self.rather = *item == Item::Rather && (self.rather || !self.new_day);
                    self.new_day = true;
                    self.new_time = true;
                    at + 1
                }
                Item::Between => self.between(at),
                Item::From => self.from(at, true),
                Item::Von => self.from(at, false),
                Item::Bound(bound) => self.bound(*bound, at + 1),
                Item::Recurring(days) => {
                    self.replace_day();
                    self.slots.recurring |= days;
                    at + 1
                }
                item if is_day(item) => self.day(at),
                Item::Clock(clock) => self.clock(*clock, at),
                Item::Part(part) => {
                    self.replace_time();
                    self.part(*part);
                    at + 1
                }
                Item::Moment(moment) => {
                    self.replace_time();
                    if self.slots.moment.as_ref().is_some_and(|said| said != moment) {
                        self.unclear();
                    }
                    self.slots.moment = Some(moment.clone());
                    at + 1
                }
                Item::Latest => {
                    self.replace_time();
                    self.slots.latest = true;
                    at + 1
                }
                Item::Afterwards => {
                    self.afterwards();
                    at + 1
                }
                Item::Works => {
                    works = true;
                    at + 1
                }
                Item::Beforehand => {
                    if matches!(self.slots.hours, Some(Hours::At(_) | Hours::After(_))) {
                        self.unclear();
                    }
                    at + 1
                }
                Item::Vague => {
                    self.slots.vague = true;
                    at + 1
                }
                Item::Anytime => {
                    self.slots.anytime = true;
                    at + 1
                }
                Item::Ask(why) => {
                    self.slots.ask.get_or_insert(why.clone());
                    at + 1
                }
                _ => at + 1,
            };
        }
        // "Dienstag arbeite ich bis drei": nobody said that he comes before three.
        if works && matches!(self.slots.hours, Some(Hours::At(_) | Hours::Before(_) | Hours::Between(..))) {
            self.unclear();
        }
    }

    /// "Ich arbeite bis fünf, danach": from then on. After a time that is no end it is asked what is meant.
    fn afterwards(&mut self) {
        match self.slots.hours {
            Some(Hours::Before(until)) => self.slots.hours = Some(Hours::After(until)),
            Some(Hours::Between(_, until)) => self.slots.hours = Some(Hours::After(until)),
            Some(Hours::At(_)) => self.unclear(),
            Some(Hours::After(_)) | None => {}
        }
        let day = !self.slots.days.is_empty() && self.slots.hours.is_none();
        if day || matches!(self.slots.bounds.last(), Some(DayBound::To(..))) {
            self.unclear();
        }
    }

    fn unclear(&mut self) {
        self.slots.ask.get_or_insert(AskTime::Unclear);
    }

    /// Forgets the day said before where a correction was announced, and hands it back.
    fn replace_day(&mut self) -> Option<DayPick> {
        let mut replaced = None;
        if self.new_day && self.slots.has_day() {
            replaced = Some(self.slots.days.clone());
            self.slots.clear_day();
            // "von Dienstag um zehn auf Donnerstag": the hour belonged to the old day.
            if self.new_time {
                self.slots.clear_time();
                self.new_time = false;
            }
        }
        self.new_day = false;
        replaced
    }

    /// "Nächste Woche Mittwoch, nein Donnerstag" corrects the weekday and leaves the week.
    fn keep_uncorrected(&mut self, old: &DayPick) {
        let rather = std::mem::take(&mut self.rather);
        match self.slots.days.corrected_from(old, rather, self.today) {
            Some(days) => self.slots.days = days,
            None => self.unclear(),
        }
    }

    fn replace_time(&mut self) {
        if self.new_time {
            self.slots.clear_time();
        }
        self.new_time = false;
    }

    /// The days said in a row from `at` on, and where they end.
    fn pick(&mut self, mut at: usize) -> (DayPick, usize) {
        let mut pick = DayPick::default();
        let start = at;
        while let Some(item) = self.items.get(at) {
            let comma_in_date = matches!(item, Item::Comma)
                && matches!(self.items.get(at.wrapping_sub(1)), Some(Item::Weekday(..)))
                && matches!(self.items.get(at + 1), Some(Item::Day(_)));
            if is_day(item) && !matches!(item, Item::Recurring(_)) {
                if at > start && !pick.clone().add(item, self.today) {
                    break;
                }
                pick.add(item, self.today);
            } else if !comma_in_date {
                break;
            }
            at += 1;
        }
        (pick, at)
    }

    fn day(&mut self, at: usize) -> usize {
        let (pick, end) = self.pick(at);
        if matches!(self.items.get(end), Some(Item::To)) {
            let (last, after) = self.pick(end + 1);
            if !last.is_empty() {
                self.replace_day();
                self.slots.bounds.push(DayBound::Between(pick, last));
                return after;
            }
        }
        // "von Montag an"
        let replaced = self.replace_day();
        let end = end.max(at + 1);
        let gone = self.slots.days.day == Some(Day::Gone);
        for item in self.items.get(at..end).unwrap_or_default() {
            if is_day(item) && !self.slots.days.add(item, self.today) {
                if gone {
                    self.slots.days = pick.clone();
                } else {
                    self.unclear();
                }
            }
        }
        if let Some(old) = replaced {
            self.keep_uncorrected(&old);
        }
        end
    }

    fn clock(&mut self, clock: Clock, at: usize) -> usize {
        self.replace_time();
        if let (Some(Item::To), Some(Item::Clock(until))) = (self.items.get(at + 1), self.items.get(at + 2)) {
            self.hours(Hours::Between(clock, *until));
            return at + 3;
        }
        self.hours(Hours::At(clock));
        at + 1
    }

    fn part(&mut self, part: Part) {
        match self.slots.part {
            None | Some(Part::Morning) => self.slots.part = Some(part),
            Some(said) if said == part || part == Part::Morning => {}
            Some(Part::Noon) if part == Part::Lunch => self.slots.part = Some(part),
            Some(_) => self.unclear(),
        }
    }

    fn hours(&mut self, hours: Hours) {
        self.slots.hours = match (self.slots.hours, hours) {
            (None, hours) => Some(hours),
            (Some(Hours::After(from)), Hours::Before(until)) | (Some(Hours::Before(until)), Hours::After(from)) => {
                Some(Hours::Between(from, until))
            }
            // "nach der Arbeit, also ab halb sechs": the later said is the more exact.
            (Some(Hours::After(_)), Hours::After(from)) => Some(Hours::After(from)),
            (Some(Hours::Before(_)), Hours::Before(until)) => Some(Hours::Before(until)),
            // "nach der Arbeit um sechs"
            (Some(Hours::After(bound)), Hours::At(clock)) => Some(self.inside(clock, |minute| minute >= bound.minute)),
            (Some(Hours::Before(bound)), Hours::At(clock)) => Some(self.inside(clock, |minute| minute <= bound.minute)),
            (Some(Hours::At(said)), Hours::At(again)) => match same_time(said, again) {
                Some(both) => Some(Hours::At(both)),
                None => {
                    self.unclear();
                    Some(Hours::At(said))
                }
            },
            (Some(said), hours) => {
                if !said.same_as(hours) {
                    self.unclear();
                }
                Some(said)
            }
        };
    }

    /// The one reading of a clock time inside a bound said before.
    fn inside(&mut self, clock: Clock, fits: impl Fn(u16) -> bool) -> Hours {
        let late = if clock.twelve { clock.minute + 720 } else { clock.minute };
        match (fits(clock.minute), fits(late)) {
            (true, false) => Hours::At(Clock { twelve: false, ..clock }),
            (false, true) => Hours::At(Clock { minute: late, twelve: false, ..clock }),
            (both, _) => {
                if !both || clock.twelve {
                    self.unclear();
                }
                Hours::At(clock)
            }
        }
    }

    /// "zwischen X und Y"
    fn between(&mut self, at: usize) -> usize {
        let joint =
            |item: Option<&Item>| matches!(item, Some(Item::And | Item::To | Item::Bound(Bound::Until) | Item::Dash));
        if let (Some(from), true, Some(until)) =
            (self.time_at(at + 1), joint(self.items.get(at + 2)), self.time_at(at + 3))
        {
            self.replace_time();
            self.hours(Hours::Between(from, until));
            return at + 4;
        }
        let (first, end) = self.pick(at + 1);
        if !first.is_empty() && joint(self.items.get(end)) {
            let (last, after) = self.pick(end + 1);
            if !last.is_empty() {
                self.replace_day();
                self.slots.bounds.push(DayBound::Between(first, last));
                return after;
            }
        }
        if self.items.get(at + 1).is_some_and(|item| is_day(item) || super::slots::is_time(item)) {
            self.unclear();
        }
        at + 1
    }

    /// An item that may end a range of clock times.
    fn time_at(&self, at: usize) -> Option<Clock> {
        match self.items.get(at) {
            Some(Item::Clock(clock)) => Some(*clock),
            Some(Item::Part(Part::Noon)) => Some(part_bound(Part::Noon, Bound::Since, self.context)),
            _ => None,
        }
    }

    /// "von X bis Y", "von X auf Y", "von X an", "from X".
    fn from(&mut self, at: usize, alone_is_bound: bool) -> usize {
        let (pick, end) = self.pick(at + 1);
        let end = if pick.is_empty() { at + 2 } else { end };
        let ranged = matches!(self.items.get(end), Some(Item::To));
        let onward = matches!(self.items.get(end), Some(Item::Onward | Item::Bound(Bound::Since)));
        let until_later = self.items.iter().skip(end).any(|item| matches!(item, Item::Bound(Bound::Until)));
        if !ranged && !until_later && (onward || alone_is_bound) {
            let after = self.bound(Bound::Since, at + 1);
            return if onward { after.max(end + 1) } else { after };
        }
        if !ranged && until_later && alone_is_bound {
            self.unclear();
        }
        at + 1
    }

    /// A bound and what it bounds, from `at` on.
    fn bound(&mut self, bound: Bound, at: usize) -> usize {
        let lower = matches!(bound, Bound::After | Bound::Since);
        let mut at = at;
        while matches!(self.items.get(at), Some(Item::Soft)) {
            at += 1;
        }
        match self.items.get(at) {
            Some(Item::Clock(clock)) => {
                self.replace_time();
                // "ab 10 bis 12 Uhr"
                if let (true, Some(Item::To), Some(Item::Clock(until))) =
                    (lower, self.items.get(at + 1), self.items.get(at + 2))
                {
                    self.hours(Hours::Between(*clock, *until));
                    return at + 3;
                }
                self.hours(if lower { Hours::After(*clock) } else { Hours::Before(*clock) });
                at + 1
            }
            Some(Item::Part(part)) => {
                self.replace_time();
                let clock = part_bound(*part, bound, self.context);
                self.hours(if lower { Hours::After(clock) } else { Hours::Before(clock) });
                at + 1
            }
            Some(Item::Moment(moment)) => {
                let date = moment.date();
                let clock = Clock {
                    minute: u16::try_from(i32::from(moment.hour()) * 60 + i32::from(moment.minute())).unwrap_or(0),
                    twelve: false,
                    written: true,
                    uhr: false,
                    around: None,
                };
                let pick = DayPick { day: Some(Day::Fixed(date)), ..DayPick::default() };
                self.push_bound(lower, bound, pick, Some(clock));
                at + 1
            }
            Some(item) if is_day(item) && !matches!(item, Item::Recurring(_)) => {
                let (pick, end) = self.pick(at);
                if let Some(Item::To) = self.items.get(end) {
                    return at;
                }
                self.replace_day();
                let clock = match self.items.get(end) {
                    Some(Item::Clock(clock)) if !matches!(self.items.get(end + 1), Some(Item::To)) => Some(*clock),
                    // "bis morgen Mittag"; after a week or month a part of the day is one of each day.
                    Some(Item::Part(part))
                        if pick.span.is_none() && !matches!(self.items.get(end + 1), Some(Item::Clock(_))) =>
                    {
                        let edge = if lower || *part == Part::Noon { Bound::Since } else { Bound::After };
                        Some(part_bound(*part, edge, self.context))
                    }
                    _ => None,
                };
                self.push_bound(lower, bound, pick, clock);
                end + usize::from(clock.is_some())
            }
            _ => at,
        }
    }

    fn push_bound(&mut self, lower: bool, bound: Bound, pick: DayPick, clock: Option<Clock>) {
        self.slots.bounds.push(if lower {
            DayBound::From(bound, pick, clock)
        } else {
            DayBound::To(bound, pick, clock)
        });
    }
}

/// One clock time said twice, the more exact way; `None` if two were said.
fn same_time(one: Clock, other: Clock) -> Option<Clock> {
    let (loose, exact) = if one.twelve { (one, other) } else { (other, one) };
    let agree = loose.minute == exact.minute || (loose.twelve && loose.minute + 720 == exact.minute);
    agree.then_some(Clock { around: one.around.or(other.around), ..exact })
}
