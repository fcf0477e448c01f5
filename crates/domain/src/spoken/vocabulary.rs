//! What was understood, in the words of `frontdesk understand time --jsonl`.

use jiff::Zoned;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::{AskTime, Grain, Understood};

/// One understanding as an object: `kind` and, by kind, `start`, `end`, `grain`, `part`, `weekdays`, `daily`,
/// `options`, `reason`, `question`. Days without a clock are written as midnight in `zone`; `question` is the
/// sentence that asks back, written only for kind `ask`.
pub fn to_json(understood: &Understood, zone: &TimeZone, question: Option<&str>) -> Value {
    let mut object = Map::new();
    write(understood, zone, &mut object);
    if matches!(understood, Understood::Ask(_))
        && let Some(question) = question
    {
        object.insert("question".into(), json!(question));
    }
    Value::Object(object)
}

fn write(understood: &Understood, zone: &TimeZone, object: &mut Map<String, Value>) {
    let mut put = |key: &str, value: Value| {
        object.insert(key.to_owned(), value);
    };
    put("kind", json!(kind(understood)));
    match understood {
        Understood::Instant { at, around } => {
            put("start", json!(stamp(at)));
            put("grain", json!("minute"));
            if let Some(minutes) = around {
                put("around", json!(minutes));
            }
        }
        Understood::Day(date) => {
            put("start", midnight(*date, zone));
            put("end", date.tomorrow().map_or(Value::Null, |next| midnight(next, zone)));
            put("grain", json!("day"));
        }
        Understood::Clock { time, around } => {
            put("start", json!(clock(*time)));
            put("grain", json!("minute"));
            if let Some(minutes) = around {
                put("around", json!(minutes));
            }
        }
        Understood::Stretch { from, until, grain: coarse } => {
            put("start", json!(stamp(from)));
            put("end", json!(stamp(until)));
            put("grain", json!(grain(*coarse)));
        }
        Understood::PartOfDay { date, part, from, until } => {
            put("part", json!(part));
            put("start", on(*date, *from, zone));
            put("end", on(*date, *until, zone));
            put("grain", json!("hour"));
        }
        Understood::PartOfAnyDay { part, from, until } => {
            put("part", json!(part));
            put("start", json!(clock(*from)));
            put("end", json!(clock(*until)));
            put("grain", json!("hour"));
        }
        Understood::After { from, grain: coarse } => {
            put("start", json!(stamp(from)));
            put("grain", json!(grain(*coarse)));
        }
        Understood::Before { until, grain: coarse } => {
            put("end", json!(stamp(until)));
            put("grain", json!(grain(*coarse)));
        }
        Understood::ClockAfter(time) => {
            put("start", json!(clock(*time)));
            put("grain", json!("minute"));
        }
        Understood::ClockBefore(time) => {
            put("end", json!(clock(*time)));
            put("grain", json!("minute"));
        }
        Understood::ClockBetween(from, until) => {
            put("start", json!(clock(*from)));
            put("end", json!(clock(*until)));
            put("grain", json!("minute"));
        }
        Understood::OneOf(wishes) => {
            put("options", wishes.iter().map(|wish| to_json(wish, zone, None)).collect());
        }
        Understood::Pattern { weekdays, daily, within } => {
            if !weekdays.is_empty() {
                put("weekdays", json!(weekdays));
            }
            if let Some(daily) = daily {
                put("daily", to_json(daily, zone, None));
            }
            if let Some((from, until)) = within {
                put("start", json!(stamp(from)));
                put("end", json!(stamp(until)));
            }
        }
        Understood::Ask(why) => put("reason", json!(reason(why))),
        Understood::Anytime | Understood::Nothing => {}
    }
}

fn kind(understood: &Understood) -> &'static str {
    match understood {
        Understood::Instant { .. } => "instant",
        Understood::Day(_) => "date",
        Understood::Clock { .. } => "time",
        Understood::Stretch { grain: Grain::Week | Grain::Month, .. } => "period",
        Understood::Stretch { .. } => "interval",
        Understood::PartOfDay { .. } | Understood::PartOfAnyDay { .. } => "daypart",
        Understood::After { .. } | Understood::ClockAfter(_) => "after",
        Understood::Before { .. } | Understood::ClockBefore(_) => "before",
        Understood::ClockBetween(..) => "timerange",
        Understood::OneOf(_) => "options",
        Understood::Pattern { .. } => "constraint",
        Understood::Anytime => "any",
        Understood::Ask(_) => "ask",
        Understood::Nothing => "none",
    }
}

/// Why is asked back, in a few fixed words.
pub fn reason(why: &AskTime) -> &'static str {
    match why {
        AskTime::WhichDay(_) => "which day",
        AskTime::WhichClock { .. } => "which time",
        AskTime::WhichFold { .. } => "twice that night",
        AskTime::SkippedByClockChange { .. } => "skipped by clock change",
        AskTime::Past => "past",
        AskTime::NoSuchDay => "no such day",
        AskTime::WeekdayContradicts { .. } => "weekday contradicts date",
        AskTime::StaleYear => "stale year",
        AskTime::Unclear => "unclear",
    }
}

fn grain(grain: Grain) -> &'static str {
    match grain {
        Grain::Minute => "minute",
        Grain::Hour => "hour",
        Grain::Day => "day",
        Grain::Week => "week",
        Grain::Month => "month",
    }
}

fn stamp(at: &Zoned) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

fn clock(time: Time) -> String {
    time.strftime("T%H:%M").to_string()
}

fn midnight(date: Date, zone: &TimeZone) -> Value {
    date.to_zoned(zone.clone()).map_or(Value::Null, |at| json!(stamp(&at)))
}

fn on(date: Date, time: Time, zone: &TimeZone) -> Value {
    date.to_datetime(time).to_zoned(zone.clone()).map_or(Value::Null, |at| json!(stamp(&at)))
}
