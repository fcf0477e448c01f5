//! The 16 German federal states by letters and by name.

use frontdesk_domain::tenant::holidays::State;

use super::naming::slug_of;
use super::reader::Table;
use super::report::did_you_mean;

/// Letters, German name, English name where it differs; names as they are folded by [`slug_of`].
const STATES: [(State, &str, &str, &str); 16] = [
    (State::Bw, "bw", "baden-wuerttemberg", ""),
    (State::By, "by", "bayern", "bavaria"),
    (State::Be, "be", "berlin", ""),
    (State::Bb, "bb", "brandenburg", ""),
    (State::Hb, "hb", "bremen", ""),
    (State::Hh, "hh", "hamburg", ""),
    (State::He, "he", "hessen", "hesse"),
    (State::Mv, "mv", "mecklenburg-vorpommern", ""),
    (State::Ni, "ni", "niedersachsen", "lower-saxony"),
    (State::Nw, "nw", "nordrhein-westfalen", "north-rhine-westphalia"),
    (State::Rp, "rp", "rheinland-pfalz", "rhineland-palatinate"),
    (State::Sl, "sl", "saarland", ""),
    (State::Sn, "sn", "sachsen", "saxony"),
    (State::St, "st", "sachsen-anhalt", "saxony-anhalt"),
    (State::Sh, "sh", "schleswig-holstein", ""),
    (State::Th, "th", "thueringen", "thuringia"),
];

/// Reads a branch's `state`: "BE", "DE-BE", "Berlin", "Bavaria", or "none" where no holidays are to be observed.
pub(super) fn state(table: &Table<'_>, country: &str) -> Option<State> {
    let Some(text) = table.text("state") else {
        if table.item("state").is_none() && country == "DE" {
            let why = "the branch names no federal state, so it is open on public holidays; write state = \"BE\" (its letters), or state = \"none\" to leave it so";
            table.report.warn(table.at, why);
        }
        return None;
    };
    let word = slug_of(&text.value);
    if word == "none" {
        return None;
    }
    let word = word.strip_prefix("de-").unwrap_or(&word);
    let found = STATES
        .iter()
        .find(|(_, letters, german, english)| !word.is_empty() && [*letters, german, english].contains(&word));
    if found.is_none() {
        let names = STATES.iter().map(|(_, _, german, _)| *german);
        let advice = did_you_mean(word, names, || {
            let letters: Vec<String> = STATES.iter().map(|(_, letters, ..)| letters.to_uppercase()).collect();
            format!("write one of {}", letters.join(", "))
        });
        table.report.wrong(text.at, format!("there is no German federal state \"{}\"{advice}", text.value));
    }
    found.map(|(state, ..)| *state)
}
