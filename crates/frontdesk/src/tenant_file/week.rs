//! Opening and working hours as people write them: `mon-fri = ["09:00-12:00", "13:00-18:30"]`.

use frontdesk_domain::tenant::hours::{DayParts, DaySpan, WeekHours, minute_of_day};
use jiff::civil::Weekday;

use super::reader::{Item, Table, Text};
use super::report::did_you_mean;

/// Days as they may be written, in English and German, Monday first.
const DAYS: [(Weekday, &[&str]); 7] = [
    (Weekday::Monday, &["monday", "mon", "mo", "montag"]),
    (Weekday::Tuesday, &["tuesday", "tue", "tues", "tu", "dienstag", "di"]),
    (Weekday::Wednesday, &["wednesday", "wed", "we", "mittwoch", "mi"]),
    (Weekday::Thursday, &["thursday", "thu", "thur", "thurs", "th", "donnerstag", "do"]),
    (Weekday::Friday, &["friday", "fri", "fr", "freitag"]),
    (Weekday::Saturday, &["saturday", "sat", "sa", "samstag", "sonnabend"]),
    (Weekday::Sunday, &["sunday", "sun", "su", "sonntag", "so"]),
];

/// Reads the hours of a week; days that are not named are closed.
pub(super) fn week(table: &Table<'_>) -> WeekHours {
    let mut week = WeekHours::default();
    let mut named: Vec<Weekday> = Vec::new();
    for (key, item) in table.pairs() {
        let spans = spans(&item);
        for day in days(&key, table) {
            if named.contains(&day) {
                table.report.wrong(key.at, format!("{} has its hours twice; name each day once", name_of(day)));
                continue;
            }
            named.push(day);
            *day_of(&mut week, day) = spans.clone();
        }
    }
    week
}

/// One text or a list of texts such as `"09:00-18:30"`, sorted and checked for overlaps. Empty or "closed": none.
pub(super) fn spans(item: &Item<'_>) -> Vec<DaySpan> {
    let mut spans: Vec<DaySpan> = Vec::new();
    let texts = item.texts();
    if let [only] = texts.as_slice()
        && matches!(only.value.to_lowercase().as_str(), "closed" | "geschlossen")
    {
        return spans;
    }
    for text in texts {
        match span(&text) {
            Ok(span) => spans.push(span),
            Err(reason) => item.wrong(reason),
        }
    }
    spans.sort();
    if spans.windows(2).any(|pair| matches!(pair, [first, second] if second.from < first.until)) {
        item.wrong(format!("hours of {} overlap; write spans that follow one another", item.key));
    }
    spans
}

/// Overrides of the parts of a day; what is left out keeps its usual meaning.
pub(super) fn day_parts(table: Option<Table<'_>>) -> DayParts {
    let mut parts = DayParts::default();
    let Some(table) = table else { return parts };
    let places =
        [("morning", &mut parts.morning), ("afternoon", &mut parts.afternoon), ("evening", &mut parts.evening)];
    for (key, place) in places {
        let Some(text) = table.text(key) else { continue };
        match span(&text) {
            Ok(span) => *place = span,
            Err(reason) => table.report.wrong(text.at, reason),
        }
    }
    table.close();
    parts
}

/// The weekday's English name.
pub(super) fn name_of(day: Weekday) -> &'static str {
    DAYS.iter().find(|(known, _)| *known == day).and_then(|(_, names)| names.first()).copied().unwrap_or("day")
}

/// All days of the week, Monday first.
pub(super) fn all_days() -> impl Iterator<Item = Weekday> {
    DAYS.iter().map(|(day, _)| *day)
}

fn span(text: &Text) -> Result<DaySpan, String> {
    let shape = || format!("\"{}\" is no span of time; write it like \"09:00-18:30\"", text.value);
    let (from, until) = text.value.split_once(['-', '–']).ok_or_else(shape)?;
    let clock = |part: &str| minute_of_day(part.trim().trim_end_matches("Uhr").trim_end()).map_err(|_| shape());
    let span = DaySpan { from: clock(from)?, until: clock(until)? };
    if span.from < span.until {
        return Ok(span);
    }
    Err(format!("\"{}\" ends before it begins; write the earlier time first, and \"24:00\" for midnight", text.value))
}

/// The days a key names: "mon", "mo-fr", "mon, wed", "daily".
fn days(key: &Text, table: &Table<'_>) -> Vec<Weekday> {
    let mut all = Vec::new();
    for part in key.value.split([',', '+', ' ']).filter(|part| !part.is_empty()) {
        if matches!(part.to_lowercase().as_str(), "daily" | "täglich" | "taeglich") {
            all.extend(all_days());
            continue;
        }
        let (first, last) = part.split_once(['-', '–']).unwrap_or((part, part));
        match (day(first), day(last)) {
            (Ok(first), Ok(last)) => {
                let until_last = first.cycle_forward().take(7).take_while(|day| *day != last);
                all.extend(until_last.chain([last]));
            }
            (first, last) => [first, last].into_iter().filter_map(Result::err).for_each(|why| {
                table.report.wrong(key.at, why);
            }),
        }
    }
    all
}

fn day(word: &str) -> Result<Weekday, String> {
    let word = word.trim().trim_end_matches('.');
    let lower = word.to_lowercase();
    let found = DAYS.iter().find(|(_, names)| names.contains(&lower.as_str())).map(|(day, _)| *day);
    found.ok_or_else(|| {
        let full_names = DAYS.iter().flat_map(|(_, names)| names.iter().copied()).filter(|name| name.len() > 2);
        let advice =
            did_you_mean(word, full_names, || "write mon, tue, wed, thu, fri, sat, sun or a range: mon-fri".to_owned());
        format!("\"{word}\" is no day of the week{advice}")
    })
}

fn day_of(week: &mut WeekHours, day: Weekday) -> &mut Vec<DaySpan> {
    match day {
        Weekday::Monday => &mut week.monday,
        Weekday::Tuesday => &mut week.tuesday,
        Weekday::Wednesday => &mut week.wednesday,
        Weekday::Thursday => &mut week.thursday,
        Weekday::Friday => &mut week.friday,
        Weekday::Saturday => &mut week.saturday,
        Weekday::Sunday => &mut week.sunday,
    }
}
