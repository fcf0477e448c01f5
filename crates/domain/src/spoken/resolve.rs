//! From filled slots to what they mean on the calendar.

use jiff::civil::{Date, Time};
use jiff::tz::AmbiguousOffset;
use jiff::{ToSpan, Zoned};

use super::hours::{ask, settle, settle_between, settle_end, window};
use super::items::{Bound, Clock, Day, SpanKind, plus};
use super::pick::{FARTHEST_YEARS, Picked, pick};
use super::slots::{DayBound, DayPick, Hours, Slots};
use super::tokens::Part;
use super::{AskTime, Grain, TimeContext, Understood};

pub(super) use super::hours::part_bound;

/// How far an open end reaches inside a pattern.
const OPEN_WEEKS: i32 = 8;

/// Midnight at the end of a day, and the last minute before it.
const MIDNIGHT: u16 = 24 * 60;
const LAST: u16 = MIDNIGHT - 1;

/// "So spät wie möglich" is in the last hours before closing.
const LAST_HOURS: i32 = 3;

/// A time of day; `None` from 24 Uhr on.
pub(super) fn time_of(minute: u16) -> Option<Time> {
    Time::new(i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?, 0, 0).ok()
}

/// The date a named day means: without a year the nearest one to come.
pub(super) fn date_of(day: &Day, today: Date) -> Result<Date, AskTime> {
    match day {
        Day::Fixed(date) if *date < today => {
            Err(if date.year() < today.year() { AskTime::StaleYear } else { AskTime::Past })
        }
        Day::Fixed(date) if date.year() > today.year() + FARTHEST_YEARS => Err(AskTime::Unclear),
        Day::Fixed(date) => Ok(*date),
        Day::Yearly { day, month } => next_day_month(*day, *month, today),
        Day::Monthly(day) => next_day_of_month(*day, today).ok_or(AskTime::NoSuchDay),
        Day::Gone => Err(AskTime::Past),
        Day::OneOf(dates) => Err(AskTime::WhichDay(sorted(dates.iter().flatten().copied().collect()))),
    }
}

fn sorted(mut dates: Vec<Date>) -> Vec<Date> {
    dates.sort_unstable();
    dates
}

/// The next such day of a month, today included.
pub(super) fn next_day_of_month(day: u8, today: Date) -> Option<Date> {
    let first = today.first_of_month();
    (0..3_i32).find_map(|months| {
        let month = first.checked_add(months.months()).ok()?;
        let date = Date::new(month.year(), month.month(), i8::try_from(day).ok()?).ok()?;
        (date >= today).then_some(date)
    })
}

/// The next such date; one that was yesterday or the day before is asked back, not moved a year.
pub(super) fn next_day_month(day: u8, month: u8, today: Date) -> Result<Date, AskTime> {
    let (day, month) = (i8::try_from(day).unwrap_or(0), i8::try_from(month).unwrap_or(0));
    let in_year = |year: i16| Date::new(year, month, day).ok();
    let just_over = |date: Date| plus(date, 2).is_some_and(|limit| date < today && limit >= today);
    let years = [today.year() - 1, today.year(), today.year() + 1];
    if years.into_iter().filter_map(in_year).any(just_over) {
        return Err(AskTime::Past);
    }
    years.into_iter().filter_map(in_year).find(|date| *date >= today).ok_or(AskTime::NoSuchDay)
}

/// What one alternative means; `after`: the day of the alternative before it.
pub(super) fn resolve(slots: &Slots, context: &TimeContext<'_>, after: Option<Date>) -> Result<Understood, AskTime> {
    let resolver = Resolver { context, today: context.now.date(), after };
    resolver.slots(slots)
}

struct Resolver<'a> {
    context: &'a TimeContext<'a>,
    today: Date,
    after: Option<Date>,
}

impl Resolver<'_> {
    fn slots(&self, slots: &Slots) -> Result<Understood, AskTime> {
        if let Some(why) = &slots.ask {
            return Err(why.clone());
        }
        if slots.vague && slots.hours.is_none() && slots.moment.is_none() {
            return Err(AskTime::Unclear);
        }
        if slots.latest {
            return self.latest(slots);
        }
        if let Some(moment) = &slots.moment {
            return self.moment(moment, slots);
        }
        if slots.recurring != 0 {
            return self.pattern(slots);
        }
        if !slots.bounds.is_empty() {
            return self.bounded(slots);
        }
        match pick(&slots.days, self.today, self.after, self.today_over(slots))? {
            Picked::Day(date) => self.on_day(date, slots),
            Picked::Span(span) => {
                let (from, until) = (self.midnight(span.from)?, self.midnight(span.until)?);
                if until <= *self.context.now {
                    return Err(AskTime::Past);
                }
                match self.any_day(slots)? {
                    None if span.kind == SpanKind::Weekend => {
                        Ok(Understood::Stretch { from, until, grain: Grain::Day })
                    }
                    None => Ok(Understood::Stretch { from, until, grain: span.grain }),
                    Some(daily) => Ok(Understood::Pattern {
                        weekdays: Vec::new(),
                        daily: Some(Box::new(daily)),
                        within: Some((from, until)),
                    }),
                }
            }
            Picked::Weekdays(weekday, span) => Ok(Understood::Pattern {
                weekdays: vec![weekday.to_monday_one_offset()],
                daily: self.any_day(slots)?.map(Box::new),
                within: Some((self.midnight(span.from)?, self.midnight(span.until)?)),
            }),
            Picked::Nothing => match self.any_day(slots)? {
                Some(time) => Ok(time),
                None if slots.anytime => Ok(Understood::Anytime),
                None => Ok(Understood::Nothing),
            },
        }
    }

    /// The last hours of one named day, inside what else is said about its time.
    fn latest(&self, slots: &Slots) -> Result<Understood, AskTime> {
        let plain = Slots { latest: false, anytime: false, ..slots.clone() };
        let (date, from, until) = match self.slots(&plain)? {
            Understood::Day(date) => (date, self.midnight(date)?, None),
            Understood::PartOfDay { date, from, until, .. } => {
                (date, self.instant(date, from)?, Some(self.instant(date, until)?))
            }
            Understood::After { from, grain: Grain::Minute } => (from.date(), from, None),
            Understood::Before { until, grain: Grain::Minute } => {
                (until.date(), self.midnight(until.date())?, Some(until))
            }
            Understood::Stretch { from, until, grain: Grain::Minute } => (from.date(), from, Some(until)),
            _ => return Err(AskTime::Unclear),
        };
        let closing = self.minute_of(date, self.context.hours.1)?;
        let until = until.map_or_else(|| closing.clone(), |until| until.min(closing.clone()));
        let from = from.max(until.checked_sub(LAST_HOURS.hours()).map_err(|_| AskTime::Unclear)?);
        self.not_over(&until)?;
        if from >= until {
            return Err(AskTime::Unclear);
        }
        Ok(Understood::Stretch { from, until, grain: Grain::Minute })
    }

    fn moment(&self, moment: &Zoned, slots: &Slots) -> Result<Understood, AskTime> {
        let date = moment.date();
        if moment < self.context.now {
            return Err(if date.year() < self.today.year() { AskTime::StaleYear } else { AskTime::Past });
        }
        match pick(&slots.days, self.today, self.after, false)? {
            Picked::Day(said) if said != date => return Err(AskTime::Unclear),
            Picked::Span(span) if date < span.from || date >= span.until => return Err(AskTime::Unclear),
            _ => {}
        }
        let minute = u16::from(moment.hour().unsigned_abs()) * 60 + u16::from(moment.minute().unsigned_abs());
        match slots.hours {
            None => {}
            Some(Hours::At(clock)) if clock.minute == minute || (clock.twelve && clock.minute + 720 == minute) => {}
            Some(_) => return Err(AskTime::Unclear),
        }
        Ok(Understood::Instant { at: moment.clone(), around: None })
    }

    /// Whether the time said has passed today, so that a bare weekday cannot mean today.
    fn today_over(&self, slots: &Slots) -> bool {
        let now = self.minute_now();
        match (slots.hours, slots.part) {
            (Some(Hours::At(clock)), part) => match settle(clock, part, None, self.context.hours) {
                Ok(minute) => minute <= now,
                Err(_) => false,
            },
            (Some(Hours::Before(clock)), part) => {
                settle_end(clock, part, self.context.hours).is_ok_and(|minute| minute <= now)
            }
            (Some(Hours::Between(from, until)), part) => {
                settle_between(from, until, part, self.context.hours).is_ok_and(|(_, until)| until <= now)
            }
            (None, Some(part)) => window(part, self.context).2 <= now,
            _ => false,
        }
    }

    fn minute_now(&self) -> u16 {
        let now = self.context.now;
        u16::from(now.hour().unsigned_abs()) * 60 + u16::from(now.minute().unsigned_abs())
    }

    /// The present minute where the day is today, rounded up: a minute already begun is over.
    fn now_on(&self, date: Date) -> Option<u16> {
        (date == self.today).then(|| self.minute_now() + u16::from(self.context.now.second() > 0))
    }

    fn on_day(&self, date: Date, slots: &Slots) -> Result<Understood, AskTime> {
        let hours = self.context.hours;
        let part = slots.part;
        match slots.hours {
            None => match part {
                None => Ok(Understood::Day(date)),
                Some(part) => {
                    let (part, from, until) = self.part(part)?;
                    if self.instant(date, until).is_ok_and(|until| until <= *self.context.now) {
                        return Err(AskTime::Past);
                    }
                    Ok(Understood::PartOfDay { date, part, from, until })
                }
            },
            Some(Hours::At(clock)) => {
                let minute = settle(clock, part, self.now_on(date), hours).map_err(|why| ask(why, Some(date)))?;
                let at = self.minute_of(date, minute)?;
                if at < *self.context.now {
                    return Err(AskTime::Past);
                }
                Ok(Understood::Instant { at, around: clock.around })
            }
            Some(Hours::After(clock)) => {
                let minute = settle(clock, part, None, hours).map_err(|why| ask(why, Some(date)))?;
                let from = self.minute_of(date, minute)?;
                Ok(Understood::After { from, grain: Grain::Minute })
            }
            Some(Hours::Before(clock)) => {
                let minute = settle_end(clock, part, hours).map_err(|why| ask(why, Some(date)))?;
                let until = self.minute_of(date, minute.min(LAST))?;
                self.not_over(&until)?;
                Ok(Understood::Before { until, grain: Grain::Minute })
            }
            Some(Hours::Between(from, until)) => {
                let (from, until) = settle_between(from, until, part, hours).map_err(|why| ask(why, Some(date)))?;
                let from = self.minute_of(date, from)?;
                let until = self.minute_of(date, until)?;
                self.not_over(&until)?;
                if from >= until {
                    return Err(AskTime::Unclear);
                }
                Ok(Understood::Stretch { from, until, grain: Grain::Minute })
            }
        }
    }

    /// A time of day on no named day.
    fn any_day(&self, slots: &Slots) -> Result<Option<Understood>, AskTime> {
        let hours = self.context.hours;
        let part = slots.part;
        let time = |minute: u16| time_of(minute).ok_or(AskTime::Unclear);
        let end = |minute: u16| time(minute.min(LAST));
        Ok(Some(match slots.hours {
            None => match part {
                None => return Ok(None),
                Some(part) => {
                    let (part, from, until) = self.part(part)?;
                    Understood::PartOfAnyDay { part, from, until }
                }
            },
            Some(Hours::At(clock)) => {
                let minute = settle(clock, part, None, hours).map_err(|why| ask(why, None))?;
                Understood::Clock { time: time(minute % MIDNIGHT)?, around: clock.around }
            }
            Some(Hours::After(clock)) => {
                Understood::ClockAfter(time(settle(clock, part, None, hours).map_err(|why| ask(why, None))?)?)
            }
            Some(Hours::Before(clock)) => {
                Understood::ClockBefore(end(settle_end(clock, part, hours).map_err(|why| ask(why, None))?)?)
            }
            Some(Hours::Between(from, until)) => {
                let (from, until) = settle_between(from, until, part, hours).map_err(|why| ask(why, None))?;
                Understood::ClockBetween(time(from)?, end(until)?)
            }
        }))
    }

    /// A minute of a day as an instant; its last midnight belongs to the next day.
    fn minute_of(&self, date: Date, minute: u16) -> Result<Zoned, AskTime> {
        let (days, minute) = (i32::from(minute / MIDNIGHT), minute % MIDNIGHT);
        let date = plus(date, days).ok_or(AskTime::Unclear)?;
        self.instant(date, time_of(minute).ok_or(AskTime::Unclear)?)
    }

    fn part(&self, part: Part) -> Result<(&'static str, Time, Time), AskTime> {
        let (name, from, until) = window(part, self.context);
        let time = |minute| time_of(minute).ok_or(AskTime::Unclear);
        Ok((name, time(from)?, time(until)?))
    }

    fn not_over(&self, until: &Zoned) -> Result<(), AskTime> {
        if until <= self.context.now { Err(AskTime::Past) } else { Ok(()) }
    }

    fn pattern(&self, slots: &Slots) -> Result<Understood, AskTime> {
        let mut within = match pick(&slots.days, self.today, self.after, false)? {
            Picked::Span(span) => Some((self.midnight(span.from)?, self.midnight(span.until)?)),
            Picked::Nothing => None,
            Picked::Day(_) | Picked::Weekdays(..) => return Err(AskTime::Unclear),
        };
        if !slots.bounds.is_empty() {
            within = Some(self.stretch_of_bounds(slots)?.0);
        }
        let weekdays = (1..=7).filter(|day| slots.recurring & (1 << day) != 0).collect();
        Ok(Understood::Pattern { weekdays, daily: self.any_day(slots)?.map(Box::new), within })
    }

    /// Bounds on days: "ab Montag", "bis zum zehnten", "Montag bis Mittwoch", perhaps with hours of each day.
    fn bounded(&self, slots: &Slots) -> Result<Understood, AskTime> {
        let ((from, until), lower, upper, grain) = self.stretch_of_bounds(slots)?;
        if let Some(daily) = self.any_day(slots)? {
            return Ok(Understood::Pattern {
                weekdays: Vec::new(),
                daily: Some(Box::new(daily)),
                within: Some((from, until)),
            });
        }
        Ok(match (lower, upper) {
            (true, false) => Understood::After { from, grain },
            (false, true) => Understood::Before { until, grain },
            _ => Understood::Stretch { from, until, grain },
        })
    }

    /// The stretch, whether it was bounded below and above, and how coarsely.
    fn stretch_of_bounds(&self, slots: &Slots) -> Result<((Zoned, Zoned), bool, bool, Grain), AskTime> {
        let now = self.context.now;
        let far = |from: &Zoned| from.checked_add((7 * OPEN_WEEKS).days()).map_err(|_| AskTime::Unclear);
        let (mut from, mut until) = (None, None);
        let mut grain = Grain::Day;
        match pick(&slots.days, self.today, self.after, false)? {
            Picked::Span(span) => {
                from = Some(self.midnight(span.from)?);
                until = Some(self.midnight(span.until)?);
            }
            Picked::Nothing => {}
            Picked::Day(_) | Picked::Weekdays(..) => return Err(AskTime::Unclear),
        }
        for bound in &slots.bounds {
            match bound {
                DayBound::From(bound, days, clock) => {
                    let (first, behind) = self.edges(days, &slots.days, from.as_ref())?;
                    let date = if *bound == Bound::After { behind } else { first };
                    from = Some(self.bound_at(if clock.is_some() { first } else { date }, *clock, &mut grain)?);
                }
                DayBound::To(bound, days, clock) => {
                    let (first, behind) = self.edges(days, &slots.days, from.as_ref())?;
                    let whole_span =
                        days.span.is_some_and(|span| matches!(span.kind, SpanKind::Month | SpanKind::Year));
                    let ending = days.span.is_some_and(|span| span.kind == SpanKind::Ending);
                    // "bis Januar" may leave January out.
                    let date = if *bound == Bound::Before && !ending || whole_span && clock.is_none() {
                        first
                    } else {
                        behind
                    };
                    until = Some(self.bound_at(if clock.is_some() { first } else { date }, *clock, &mut grain)?);
                }
                DayBound::Between(first, last) => {
                    let mut first = first.clone();
                    if let (Some(Day::Monthly(day)), Some(Day::Yearly { month, .. })) = (&first.day, &last.day) {
                        first.day = Some(Day::Yearly { day: *day, month: *month });
                    }
                    let (start, behind_start) = self.edges(&first, &slots.days, None)?;
                    let resolver = Self { context: self.context, today: self.today, after: Some(start) };
                    let mut last = last.clone();
                    // "vom dritten bis fünften": the fifth after that third.
                    if let Some(Day::Monthly(day)) = last.day {
                        last.day = next_day_of_month(day, start).map(Day::Fixed);
                    }
                    let (end, behind) = resolver.edges(&last, &slots.days, None)?;
                    // "zwischen Weihnachten und Neujahr" leaves both out.
                    let feast = first.span.is_some_and(|span| span.kind == SpanKind::Other);
                    let (start, behind) = if feast { (behind_start, end) } else { (start, behind) };
                    if end < start {
                        return Err(AskTime::Unclear);
                    }
                    from = Some(self.midnight(start)?);
                    until = Some(self.midnight(behind)?);
                }
            }
        }
        let (lower, upper) = (from.is_some(), until.is_some());
        let from = from.unwrap_or_else(|| now.clone());
        let until = match until {
            Some(until) => until,
            None => far(&from)?,
        };
        self.not_over(&until)?;
        if from >= until {
            return Err(AskTime::Unclear);
        }
        Ok(((from, until), lower, upper, grain))
    }

    /// The first day of what a bound names, and the first day after it.
    fn edges(&self, days: &DayPick, beside: &DayPick, after: Option<&Zoned>) -> Result<(Date, Date), AskTime> {
        let mut days = days.clone();
        if days.span.is_none() && (days.weekday.is_some() || matches!(days.day, Some(Day::Monthly(_)))) {
            days.span = beside.span;
        }
        match pick(&days, self.today, self.after.or(after.map(Zoned::date)), false)? {
            Picked::Day(date) => Ok((date, plus(date, 1).ok_or(AskTime::Unclear)?)),
            Picked::Span(span) => Ok((span.from, span.until)),
            Picked::Nothing | Picked::Weekdays(..) => Err(AskTime::Unclear),
        }
    }

    fn bound_at(&self, date: Date, clock: Option<Clock>, grain: &mut Grain) -> Result<Zoned, AskTime> {
        let Some(clock) = clock else { return self.midnight(date) };
        *grain = Grain::Hour;
        let minute = settle(clock, None, None, self.context.hours).map_err(|why| ask(why, Some(date)))?;
        self.minute_of(date, minute)
    }

    fn midnight(&self, date: Date) -> Result<Zoned, AskTime> {
        date.to_zoned(self.context.now.time_zone().clone()).map_err(|_| AskTime::Unclear)
    }

    /// A wall time as an instant: one the clocks skip or show twice is asked back.
    fn instant(&self, date: Date, time: Time) -> Result<Zoned, AskTime> {
        let zone = self.context.now.time_zone();
        let ambiguous = zone.to_ambiguous_zoned(date.to_datetime(time));
        match ambiguous.offset() {
            AmbiguousOffset::Unambiguous { .. } => ambiguous.unambiguous().map_err(|_| AskTime::Unclear),
            AmbiguousOffset::Gap { .. } => Err(AskTime::SkippedByClockChange { date, time }),
            AmbiguousOffset::Fold { .. } => {
                let earlier = ambiguous.clone().earlier().map_err(|_| AskTime::Unclear)?;
                let later = ambiguous.later().map_err(|_| AskTime::Unclear)?;
                if earlier < *self.context.now && later >= *self.context.now {
                    return Ok(later);
                }
                Err(AskTime::WhichFold { earlier, later })
            }
        }
    }
}
