//! Numbers, lengths of time and prices in English words.

/// "two" to "twelve", digits beyond.
pub(super) fn number(count: usize) -> String {
    let small =
        ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    small.get(count).map_or_else(|| count.to_string(), |word| (*word).to_owned())
}

/// A length of time: "15 minutes", "half an hour", "an hour and a half", "two days". Odd lengths beyond two hours
/// are rounded up to the hour.
pub(in super::super) fn duration(minutes: u32) -> String {
    match minutes {
        1 => "one minute".to_owned(),
        15 => "a quarter of an hour".to_owned(),
        30 => "half an hour".to_owned(),
        90 => "an hour and a half".to_owned(),
        0..=119 if minutes != 60 => format!("{minutes} minutes"),
        _ if minutes.is_multiple_of(1440) => days(minutes / 1440),
        _ => hours(minutes.div_ceil(60)),
    }
}

/// "one hour", "24 hours".
pub(super) fn hours(hours: u32) -> String {
    if hours == 1 { "one hour".to_owned() } else { format!("{} hours", number(count(hours))) }
}

/// "one day", "90 days".
pub(super) fn days(days: u32) -> String {
    if days == 1 { "one day".to_owned() } else { format!("{} days", number(count(days))) }
}

/// "15 euros", "12 euros 50", "50 cents".
pub(super) fn euros(cents: i64) -> String {
    money(cents, "EUR")
}

/// An amount in a currency; one that has no word here is said by its letters.
pub(in super::super) fn money(cents: i64, currency: &str) -> String {
    let (one, many, part) = match currency {
        "EUR" => ("euro", "euros", "cents"),
        "CHF" => ("franc", "francs", "centimes"),
        "GBP" => ("pound", "pounds", "pence"),
        "USD" => ("dollar", "dollars", "cents"),
        other => (other, other, ""),
    };
    let unit = if cents / 100 == 1 { one } else { many };
    match (cents / 100, cents % 100) {
        (0, cents @ 1..) if !part.is_empty() => format!("{cents} {part}"),
        (units, 0) => format!("{units} {unit}"),
        (units, cents) => format!("{units} {unit} {cents}"),
    }
}

fn count(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
