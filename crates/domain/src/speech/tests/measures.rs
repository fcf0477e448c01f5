//! Lengths of time, prices and lists.

use crate::speech::words::{first_names, joined};
use crate::speech::{de, en};

use super::samples::strings;

#[test]
fn lengths_of_time_are_rounded_and_worded() {
    let minutes = [1, 10, 15, 30, 45, 60, 75, 90, 120, 121, 240, 1440, 2880, 20160];
    let german = minutes.map(de::measures::duration).join(", ");
    assert_eq!(
        german,
        "eine Minute, 10 Minuten, eine Viertelstunde, eine halbe Stunde, eine Dreiviertelstunde, eine Stunde, \
         75 Minuten, anderthalb Stunden, zwei Stunden, drei Stunden, vier Stunden, einen Tag, zwei Tage, 14 Tage"
    );
    let english = minutes.map(en::measures::duration).join(", ");
    assert_eq!(
        english,
        "one minute, 10 minutes, a quarter of an hour, half an hour, 45 minutes, one hour, 75 minutes, \
         an hour and a half, two hours, three hours, four hours, one day, two days, 14 days"
    );
}

#[test]
fn prices_are_said_in_their_currency() {
    let prices = [(1500, "EUR"), (2850, "EUR"), (50, "EUR"), (100, "EUR"), (0, "EUR"), (4200, "CHF"), (990, "SEK")];
    assert_eq!(
        prices.map(|(cents, currency)| de::measures::money(cents, currency)).join(", "),
        "15 Euro, 28 Euro 50, 50 Cent, 1 Euro, 0 Euro, 42 Franken, 9 SEK 90"
    );
    assert_eq!(
        prices.map(|(cents, currency)| en::measures::money(cents, currency)).join(", "),
        "15 euros, 28 euros 50, 50 cents, 1 euro, 0 euros, 42 francs, 9 SEK 90"
    );
}

#[test]
fn names_with_commas_of_their_own_are_kept_apart() {
    assert_eq!(joined(&["a", "b", "c"], "und"), "a, b und c");
    assert_eq!(joined(&["a", "b"], "und"), "a und b");
    assert_eq!(joined(&["a"], "und"), "a");
    assert_eq!(joined::<&str>(&[], "und"), "");
    assert_eq!(joined(&["a", "b, c", "d"], "oder"), "a oder b, c oder d");
}

#[test]
fn people_of_the_same_first_name_keep_their_last() {
    assert_eq!(first_names(&strings(&["Emma Winkler", "Fabian Krüger"])), ["Emma", "Fabian"]);
    assert_eq!(first_names(&strings(&["Emma Winkler", "Emma Vogt"])), ["Emma Winkler", "Emma Vogt"]);
}
