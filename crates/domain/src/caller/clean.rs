//! Free text made harmless: no markup, template syntax, control or invisible characters.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Marks that may sit on one letter; more is decoration that breaks screens.
const MOST_MARKS: usize = 3;

/// Characters that show nothing or turn the direction of what follows: zero width, bidi, soft hyphen, tags,
/// variation selectors, fillers.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{8e2}'
        | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{10ffff}')
}

/// Characters that open or close markup or templates, also in their wide forms and with a stroke through them
/// (which decomposes into the plain sign).
fn is_markup_sign(c: char) -> bool {
    matches!(c, '<' | '>' | '{' | '}' | '`' | '≮' | '≯' | '﹤' | '﹥' | '﹛' | '﹜' | '＜' | '＞' | '｛' | '｝' | '｀')
}

/// The text on one line without markup, template expressions, control and invisible characters; composed (NFC),
/// blanks single, at most `limit` characters. Cleaning twice changes nothing.
pub(super) fn clean(text: &str, limit: usize) -> String {
    let generous = limit.saturating_mul(8).saturating_add(1_000);
    let visible: String = text
        .chars()
        .take(generous)
        .filter_map(|c| match c {
            c if c.is_whitespace() || matches!(c, '\u{2028}' | '\u{2029}') => Some(' '),
            c if c.is_control() || is_invisible(c) => None,
            c => Some(c),
        })
        .collect();
    let without_tags = without_spans(&visible, is_tag_start, '>');
    let without_templates = without_template_expressions(&without_tags);
    let composed: String =
        without_templates.chars().filter(|c| !is_markup_sign(*c)).nfc().filter(|c| !is_markup_sign(*c)).collect();
    let few_marks = with_few_marks(&composed);
    let single_blanks = few_marks.split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = single_blanks.chars().take(limit).collect();
    short.trim_end().to_owned()
}

/// Whether what follows a `<` makes it the start of a tag or comment, rather than "less than".
fn is_tag_start(after: char) -> bool {
    after.is_ascii_alphabetic() || matches!(after, '/' | '!' | '?')
}

/// The text without `<…>` spans; a span that never closes loses only its bracket, later.
fn without_spans(text: &str, begins: fn(char) -> bool, close: char) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        kept.push_str(before);
        match after.split_once(close).filter(|_| after.chars().next().is_some_and(begins)) {
            Some((_, behind)) => rest = behind,
            None => {
                kept.push('<');
                rest = after;
            }
        }
    }
    kept.push_str(rest);
    kept
}

/// The text without `{{…}}`, `{%…%}` and `${…}`: variables nobody filled in say nothing about the caller.
fn without_template_expressions(text: &str) -> String {
    let mut kept = text.to_owned();
    for (open, close) in [("{{", "}}"), ("{%", "%}"), ("${", "}")] {
        let mut rest = kept.as_str();
        let mut shorter = String::with_capacity(rest.len());
        while let Some((before, after)) = rest.split_once(open) {
            let Some((_, behind)) = after.split_once(close) else { break };
            shorter.push_str(before);
            rest = behind;
        }
        shorter.push_str(rest);
        kept = shorter;
    }
    kept
}

fn with_few_marks(text: &str) -> String {
    let mut marks = 0;
    text.chars()
        .filter(|c| {
            marks = if is_combining_mark(*c) { marks + 1 } else { 0 };
            marks <= MOST_MARKS
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_template_expressions_leave_no_trace() {
        assert_eq!(clean("bitte <b>leise</b> <script>alert(1)</script>", 200), "bitte leise alert(1)");
        assert_eq!(clean("Hallo {{customer_name}}, {% raw %}ja${x}", 200), "Hallo , ja");
        assert_eq!(clean("{<i>{name}}", 200), "");
    }

    #[test]
    fn single_signs_lose_only_themselves() {
        assert_eq!(clean("länger als 3 < 5 {cm}", 200), "länger als 3 5 cm");
        assert_eq!(clean("a <b und c", 200), "a b und c");
        assert_eq!(clean("＜b＞ <\u{338}", 200), "b \u{338}");
    }

    #[test]
    fn invisible_and_control_characters_go_and_lines_become_one() {
        assert_eq!(clean("A\u{0}l\u{202e}l\u{200b}e\u{ad}r\u{1b}gie\r\n\tNuss\u{feff}", 200), "Allergie Nuss");
        assert_eq!(clean(&format!("a{}", "\u{301}".repeat(50)), 200).chars().count(), 1 + MOST_MARKS);
    }

    #[test]
    fn the_limit_counts_characters_and_leaves_no_blank_behind() {
        assert_eq!(clean("äöü äöü", 4), "äöü");
        assert_eq!(clean(&"🙂".repeat(100), 7).chars().count(), 7);
        assert_eq!(clean("anything", 0), "");
    }
}
