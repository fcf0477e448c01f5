//! Times, in the vocabulary that can be compared with other parsers.

use frontdesk_domain::lang::Lang;
use frontdesk_domain::ports::Clock;
use frontdesk_domain::reply::Reply;
use frontdesk_domain::speech::when::{spoken_clock, spoken_day};
use frontdesk_domain::speech::{Voice, ask_time_question, render, spoken_when};
use frontdesk_domain::spoken::{AskTime, Grain, TimeContext, Understood, understand};
use frontdesk_domain::tenant::Business;
use frontdesk_domain::tenant::hours::{DayParts, minute_of_day};
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{ToSpan, Zoned};
use serde_json::{Value, json};

use super::{Args, Case};
use crate::world::SystemClock;

/// What a phrase is understood against.
pub(super) struct Context {
    now: Zoned,
    hours: (u16, u16),
    lang: Lang,
}

impl Context {
    pub(super) fn new(case: &Case, args: &Args) -> Result<Self, String> {
        let zone = case.tz.as_deref().unwrap_or(&args.tz);
        let zone = TimeZone::get(zone).map_err(|_| format!("{zone:?} is no time zone; write it like Europe/Berlin"))?;
        let now = case.reference.or(args.reference).unwrap_or_else(|| SystemClock::new().now());
        let (from, until) = match &case.hours {
            Some((from, until)) => (from.as_str(), until.as_str()),
            None => args.hours.split_once('-').ok_or("write --hours like 09:00-18:00")?,
        };
        Ok(Self { now: now.to_zoned(zone), hours: (minute_of_day(from)?, minute_of_day(until)?), lang: case.lang() })
    }

    /// The question back that a reply would speak.
    pub(super) fn question(&self, reply: &Reply) -> String {
        render(reply, &self.voice()).spoken
    }

    fn voice(&self) -> Voice<'_> {
        Voice { lang: self.lang, now: &self.now, anonymous: false, business: Business::default() }
    }

    pub(super) fn understood(&self, text: &str) -> Value {
        let day_parts = DayParts::default();
        let context = TimeContext { now: &self.now, hours: self.hours, day_parts: &day_parts, lang: self.lang };
        self.told(&understand(text, &context))
    }

    fn told(&self, understood: &Understood) -> Value {
        match understood {
            Understood::Instant { at, around } => {
                let spoken = spoken_when(at, self.lang, &self.now);
                json!({ "kind": "instant", "start": instant(at), "end": null, "grain": "minute",
                        "tolerance_min": around, "spoken": spoken })
            }
            Understood::Day(date) => {
                json!({ "kind": "date", "start": self.day(*date), "end": self.day(date.saturating_add(1.day())),
                        "grain": "day", "spoken": spoken_day(*date, self.lang, &self.now) })
            }
            Understood::Clock { time, around } => {
                json!({ "kind": "time", "start": clock(*time), "end": null, "grain": "minute",
                        "tolerance_min": around, "spoken": spoken_clock(*time, self.lang) })
            }
            Understood::Stretch { from, until, grain } => {
                let kind = if matches!(grain, Grain::Week | Grain::Month) { "period" } else { "interval" };
                json!({ "kind": kind, "start": instant(from), "end": instant(until), "grain": grain_word(*grain) })
            }
            Understood::PartOfDay { date, part, from, until } => {
                json!({ "kind": "daypart", "part": part, "start": self.at(*date, *from),
                        "end": self.at(*date, *until), "grain": "hour" })
            }
            Understood::PartOfAnyDay { part, from, until } => {
                json!({ "kind": "daypart", "part": part, "start": clock(*from), "end": clock(*until), "grain": "hour" })
            }
            Understood::After { from, grain } => {
                json!({ "kind": "after", "start": instant(from), "end": null, "grain": grain_word(*grain) })
            }
            Understood::Before { until, grain } => {
                json!({ "kind": "before", "start": null, "end": instant(until), "grain": grain_word(*grain) })
            }
            Understood::ClockAfter(time) => {
                json!({ "kind": "after", "start": clock(*time), "end": null, "grain": "minute" })
            }
            Understood::ClockBefore(time) => {
                json!({ "kind": "before", "start": null, "end": clock(*time), "grain": "minute" })
            }
            Understood::ClockBetween(from, until) => {
                json!({ "kind": "timerange", "start": clock(*from), "end": clock(*until), "grain": "minute" })
            }
            Understood::OneOf(wishes) => {
                let options: Vec<Value> = wishes.iter().map(|wish| self.told(wish)).collect();
                json!({ "kind": "options", "start": null, "end": null, "grain": null, "options": options })
            }
            Understood::Pattern { weekdays, daily, within } => json!({
                "kind": "constraint",
                "start": within.as_ref().map(|(from, _)| instant(from)),
                "end": within.as_ref().map(|(_, until)| instant(until)),
                "grain": null,
                "weekdays": weekdays,
                "daily": daily.as_ref().map(|daily| self.told(daily)),
            }),
            Understood::Anytime => json!({ "kind": "any", "start": null, "end": null, "grain": null }),
            Understood::Ask(ask) => {
                let question = ask_time_question(ask, &self.voice());
                json!({ "kind": "ask", "start": null, "end": null, "grain": null, "reason": reason(ask),
                        "question": question, "spoken": question })
            }
            Understood::Nothing => json!({ "kind": "none", "start": null, "end": null, "grain": null }),
        }
    }

    fn day(&self, date: Date) -> Option<String> {
        self.at(date, Time::midnight())
    }

    fn at(&self, date: Date, time: Time) -> Option<String> {
        date.to_datetime(time).to_zoned(self.now.time_zone().clone()).ok().map(|at| instant(&at))
    }
}

fn instant(at: &Zoned) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

fn clock(time: Time) -> String {
    time.strftime("T%H:%M").to_string()
}

fn grain_word(grain: Grain) -> &'static str {
    match grain {
        Grain::Minute => "minute",
        Grain::Hour => "hour",
        Grain::Day => "day",
        Grain::Week => "week",
        Grain::Month => "month",
    }
}

fn reason(ask: &AskTime) -> &'static str {
    match ask {
        AskTime::WhichDay(_) => "several days",
        AskTime::WhichClock { .. } => "several clock times",
        AskTime::WhichFold { .. } => "repeated by the clock change",
        AskTime::SkippedByClockChange { .. } => "skipped by the clock change",
        AskTime::Past => "past",
        AskTime::NoSuchDay => "no such day",
        AskTime::WeekdayContradicts { .. } => "weekday contradicts date",
        AskTime::StaleYear => "stale year",
        AskTime::Unclear => "unclear",
    }
}
