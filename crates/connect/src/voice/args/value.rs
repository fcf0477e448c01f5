//! What an argument's value says: models write numbers for texts, "null" for nothing and templates for values.

use super::super::sieve::{Keep, Node, Sieve, WRAPPED, first_chars};
use serde::de::DeserializeSeed;

/// The longest list of services.
const LIST_ITEMS: usize = 10;
/// The most alternatives anybody may ask for.
const MOST: i64 = 10;

/// Whether nothing was said. A bare `true` or `false` says something only to a question of yes or no.
pub(super) fn is_empty(value: &Node) -> bool {
    match inner(value) {
        Node::List(items) => items.iter().all(is_empty),
        Node::Truth(_) => false,
        text => as_text(text, 1).is_none(),
    }
}

/// A value as text: trimmed, cut, `None` where it says nothing.
pub(super) fn as_text(value: &Node, chars: usize) -> Option<String> {
    clean(unwrapped(value)?, chars)
}

/// A value as text written by people for people: markup and braces are taken out, so that it can neither
/// draw on a page nor be filled in as a template.
pub(super) fn as_free_text(value: &Node, chars: usize) -> Option<String> {
    clean(&without_markup(unwrapped(value)?), chars)
}

/// A value as a list of texts: a list of texts or of objects with a name, the same as JSON text, or one text.
pub(super) fn as_list(value: &Node, chars: usize) -> Vec<String> {
    let texts = |items: &[Node]| items.iter().filter_map(|item| as_text(item, chars)).take(LIST_ITEMS).collect();
    if let Node::List(items) = value {
        return texts(items);
    }
    if let Some(text) = unwrapped(value).filter(|text| text.starts_with('[')) {
        let mut json = serde_json::Deserializer::from_str(text);
        if let Ok(Node::List(items)) = Sieve(&Keep::Loose).deserialize(&mut json) {
            return texts(&items);
        }
    }
    // A comma never splits: "Waschen, Schneiden, Föhnen" is one service.
    as_text(value, chars).into_iter().collect()
}

/// A value as yes or no; anything else is neither.
pub(super) fn as_yes(value: &Node) -> Option<bool> {
    let value = inner(value);
    if let Node::Truth(truth) = value {
        return Some(*truth);
    }
    match value.text()?.trim().to_lowercase().as_str() {
        "true" | "yes" | "y" | "ja" | "j" | "1" | "ok" | "bestätigt" | "confirmed" => Some(true),
        "false" | "no" | "n" | "nein" | "0" => Some(false),
        _ => None,
    }
}

/// A value as a number of things, 1 to 10; more is 10, less is none.
pub(super) fn as_count(value: &Node) -> Option<u32> {
    let count = inner(value).integer()?.min(MOST);
    u32::try_from(count).ok().filter(|count| *count > 0)
}

/// The value, or what one level of wrapping holds: an object with a `value` or a name, a list of one.
fn inner(value: &Node) -> &Node {
    match value {
        Node::Object(..) => WRAPPED
            .iter()
            .map(|(key, _)| value.get(key))
            .find(|inside| {
                matches!(inside, Node::Truth(_)) || inside.text().is_some_and(|text| !text.trim().is_empty())
            })
            .unwrap_or(&Node::Nothing),
        Node::List(items) => match items.as_slice() {
            [only @ (Node::Text(_) | Node::Number(_) | Node::Truth(_))] => only,
            _ => value,
        },
        _ => value,
    }
}

/// The text of a value. A bare `true` or `false` is no text: nobody is called that. Nor is a number with a
/// fraction: 14.30 reaches us as 14.3, and no time is better than a wrong one.
fn unwrapped(value: &Node) -> Option<&str> {
    match inner(value) {
        Node::Text(text) => Some(text),
        Node::Number(digits) if !digits.contains('.') => Some(digits),
        _ => None,
    }
}

/// Takes out what cannot be spoken, trims and cuts; `None` for what models write when they have nothing.
///
/// Braces go everywhere: a value is spoken back, and the platform would fill in what looks like its variable.
fn clean(text: &str, chars: usize) -> Option<String> {
    let trimmed = text.trim();
    if trimmed.starts_with("{{") && trimmed.ends_with("}}") {
        return None;
    }
    let text: String = trimmed.chars().filter_map(speakable).collect();
    let text = text.trim();
    let nothing = ["null", "none", "undefined", "n/a"].iter().any(|word| text.eq_ignore_ascii_case(word));
    (!text.is_empty() && !nothing).then(|| first_chars(text, chars).trim_end().to_owned())
}

/// The character, a blank in its place, or nothing.
fn speakable(letter: char) -> Option<char> {
    match letter {
        '\t' | '\n' | '\r' => Some(' '),
        '{' | '}' => None,
        // Invisible: zero width, direction marks, byte order mark.
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => None,
        letter if letter.is_control() => None,
        letter => Some(letter),
    }
}

/// A text without tags and angle brackets.
fn without_markup(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['<', '>']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        rest = match from.find('>') {
            Some(end) if opens_tag(from) => from.get(end + 1..).unwrap_or_default(),
            _ => from.get(1..).unwrap_or_default(),
        };
    }
    out.push_str(rest);
    out
}

/// `<b`, `</b` and `<!--` open a tag; "unter < 3 Jahren" does not.
fn opens_tag(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next() == Some('<')
        && letters.next().is_some_and(|letter| letter.is_ascii_alphabetic() || matches!(letter, '/' | '!'))
}
