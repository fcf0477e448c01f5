//! Numbers, lengths of time and prices in German words.

/// "zwei" to "zwölf", digits beyond; "ein" forms depend on the noun and are the caller's business.
pub(super) fn number(count: usize) -> String {
    let small =
        ["null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"];
    small.get(count).map_or_else(|| count.to_string(), |word| (*word).to_owned())
}

/// A length of time: "15 Minuten", "eine halbe Stunde", "anderthalb Stunden", "zwei Tage". Odd lengths beyond
/// two hours are rounded up to the hour.
pub(in super::super) fn duration(minutes: u32) -> String {
    match minutes {
        1 => "eine Minute".to_owned(),
        15 => "eine Viertelstunde".to_owned(),
        30 => "eine halbe Stunde".to_owned(),
        45 => "eine Dreiviertelstunde".to_owned(),
        90 => "anderthalb Stunden".to_owned(),
        1440 => "einen Tag".to_owned(),
        0..=119 if minutes != 60 => format!("{minutes} Minuten"),
        _ if minutes.is_multiple_of(1440) => format!("{} Tage", number(count(minutes / 1440))),
        _ => hours(minutes.div_ceil(60)),
    }
}

/// "eine Stunde", "24 Stunden".
pub(super) fn hours(hours: u32) -> String {
    if hours == 1 { "eine Stunde".to_owned() } else { format!("{} Stunden", number(count(hours))) }
}

/// "einen Tag", "90 Tage".
pub(super) fn days(days: u32) -> String {
    if days == 1 { "einen Tag".to_owned() } else { format!("{} Tage", number(count(days))) }
}

/// "15 Euro", "12 Euro 50", "50 Cent".
pub(super) fn euros(cents: i64) -> String {
    money(cents, "EUR")
}

/// An amount in a currency; one that has no word here is said by its letters.
pub(in super::super) fn money(cents: i64, currency: &str) -> String {
    let (whole, part) = match currency {
        "EUR" => ("Euro", "Cent"),
        "CHF" => ("Franken", "Rappen"),
        "GBP" => ("Pfund", "Pence"),
        other => (other, ""),
    };
    match (cents / 100, cents % 100) {
        (0, cents @ 1..) if !part.is_empty() => format!("{cents} {part}"),
        (units, 0) => format!("{units} {whole}"),
        (units, cents) => format!("{units} {whole} {cents}"),
    }
}

fn count(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
