//! Lists, names and ends of sentences.

/// "a", "a und b", "a, b und c". Where a part holds a comma itself ("Waschen, Schneiden, Föhnen"), only the
/// conjunction separates.
pub(super) fn joined<S: AsRef<str>>(parts: &[S], conjunction: &str) -> String {
    let own_comma = parts.iter().any(|part| part.as_ref().contains(','));
    let mut text = String::new();
    for (place, part) in parts.iter().enumerate() {
        if place > 0 && (own_comma || place + 1 == parts.len()) {
            text.push(' ');
            text.push_str(conjunction);
            text.push(' ');
        } else if place > 0 {
            text.push_str(", ");
        }
        text.push_str(part.as_ref());
    }
    text
}

/// The first names of people; full names where two share the first.
pub(super) fn first_names(people: &[String]) -> Vec<&str> {
    let first: Vec<&str> = people.iter().map(|name| first_name(name)).collect();
    let unique = first.iter().enumerate().all(|(place, name)| first.iter().skip(place + 1).all(|other| other != name));
    if unique { first } else { people.iter().map(String::as_str).collect() }
}

/// The first word of a name.
pub(super) fn first_name(name: &str) -> &str {
    name.split_whitespace().next().unwrap_or(name)
}

/// Ends a sentence with a full stop, unless it ends with one already ("at 10 a.m.").
pub(super) fn stop(mut sentence: String) -> String {
    if !sentence.ends_with('.') {
        sentence.push('.');
    }
    sentence
}

/// With a capital first letter.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// With a small first letter: a question that becomes the second half of one.
pub(super) fn small(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
