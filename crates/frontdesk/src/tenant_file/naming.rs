//! Names, the ids made from them, and finding things by either.

use super::reader::{Table, Text};
use super::report::did_you_mean;

/// Longest id, in characters.
const LONGEST_ID: usize = 64;

/// A part of the tenant, with the place in the file where it begins.
#[derive(Clone, Debug)]
pub(super) struct Placed<T> {
    pub(super) at: usize,
    pub(super) value: T,
}

/// The `id` of a table, or one made from its name.
pub(super) fn id_or_slug(table: &Table<'_>, name: &Text) -> Option<String> {
    if let Some(item) = table.item("id") {
        return item.text().and_then(|text| {
            let fits = text.value.len() <= LONGEST_ID
                && text.value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
            if !fits {
                table.report.wrong(
                    text.at,
                    format!("\"{}\" is no id; use up to {LONGEST_ID} letters a-z, digits, - and _", text.value),
                );
            }
            fits.then_some(text.value)
        });
    }
    let slug = slug_of(&name.value);
    if slug.is_empty() {
        table.report.wrong(name.at, format!("no id can be made from \"{}\"; add id = \"…\"", name.value));
        return None;
    }
    Some(slug)
}

/// Lower-case letters, digits and hyphens that a name reads as: "Waschen, Föhnen" becomes `waschen-foehnen`.
pub(super) fn slug_of(name: &str) -> String {
    let mut slug = String::new();
    for letter in name.chars().flat_map(char::to_lowercase) {
        match letter {
            'a'..='z' | '0'..='9' => slug.push(letter),
            '\'' | '’' | '\u{301}' | '\u{300}' | '\u{308}' | '\u{307}' => {}
            other => match folded(other) {
                Some(letters) => slug.push_str(letters),
                None if slug.ends_with('-') || slug.is_empty() => {}
                None => slug.push('-'),
            },
        }
    }
    let slug: String = slug.chars().take(LONGEST_ID).collect();
    slug.trim_end_matches('-').to_owned()
}

/// Plain letters for the accented ones of names common around here.
fn folded(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ä' | 'æ' => "ae",
        'ö' | 'ø' | 'œ' => "oe",
        'ü' => "ue",
        'ß' => "ss",
        'à' | 'á' | 'â' | 'ã' | 'å' | 'ă' | 'ą' => "a",
        'ç' | 'ć' | 'č' => "c",
        'ď' | 'đ' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ě' | 'ę' => "e",
        'ğ' => "g",
        'ì' | 'í' | 'î' | 'ï' | 'ı' => "i",
        'ł' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ő' => "o",
        'ř' => "r",
        'ś' | 'š' | 'ş' | 'ș' => "s",
        'ť' | 'ț' | 'ţ' => "t",
        'ù' | 'ú' | 'û' | 'ů' | 'ű' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => return None,
    })
}

/// Whether two texts are the same but for capitals.
pub(super) fn same_word(one: &str, other: &str) -> bool {
    one.chars().flat_map(char::to_lowercase).eq(other.chars().flat_map(char::to_lowercase))
}

/// Finds the one thing a text names by id or by name (case aside).
///
/// `named` gives each thing with its id and name. What is unknown or ambiguous is reported with advice.
pub(super) fn find<'a, T>(
    kind: &str,
    text: &Text,
    table: &Table<'_>,
    named: impl Iterator<Item = (&'a str, &'a str, &'a T)> + Clone,
) -> Option<&'a T> {
    if let Some((_, _, found)) = named.clone().find(|(id, _, _)| *id == text.value) {
        return Some(found);
    }
    let mut by_name = named.clone().filter(|(_, name, _)| same_word(name, &text.value));
    match (by_name.next(), by_name.next()) {
        (Some((_, _, found)), None) => Some(found),
        // The same id twice is told where it stands the second time.
        (Some((first, _, found)), Some((second, ..))) if first == second => Some(found),
        (Some((first, ..)), Some((second, ..))) => {
            let why = format!(
                "there are several {kind}s named \"{}\"; write the id of one: \"{first}\", \"{second}\"",
                text.value
            );
            table.report.wrong(text.at, why);
            None
        }
        (None, _) => {
            let known: Vec<&str> = named.clone().map(|(_, name, _)| name).collect();
            let ids = named.map(|(id, _, _)| id);
            let advice = did_you_mean(&text.value, known.iter().copied().chain(ids), || {
                if known.is_empty() {
                    return "this file has none yet".to_owned();
                }
                let mut some = known.iter().take(8).map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
                if known.len() > 8 {
                    some.push_str(", …");
                }
                format!("known: {some}")
            });
            table.report.wrong(text.at, format!("there is no {kind} \"{}\"{advice}", text.value));
            None
        }
    }
}
