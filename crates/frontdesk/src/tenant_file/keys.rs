//! Secrets of voice platforms and calendars: written in the file, or in a file of their own beside it.

use std::path::Path;

use secrecy::SecretString;

use super::reader::{Item, Table, Text};
use super::report::Report;

/// Keys at once: the present one and, while rotating, the next.
const MOST_KEYS: usize = 2;
/// No platform gives out shorter ones.
const SHORTEST_KEY: usize = 12;
/// Words of texts that stand for a key but are none.
const PLACEHOLDERS: [&str; 10] =
    ["your", "change", "changeme", "insert", "placeholder", "replace", "todo", "paste", "here", "secret"];

/// What a secret is called where it is wrong.
#[derive(Clone, Copy)]
pub(super) struct Words {
    /// "keys".
    pub(super) many: &'static str,
    /// "the voice platform's settings".
    pub(super) from: &'static str,
    /// How many there may be.
    pub(super) most: usize,
}

/// Reads `keys = ["…"]` or `keys_file = "…"` (one key per line, relative to the tenant file) of one platform.
///
/// Messages never contain a key.
pub(super) fn keys(table: Option<Table<'_>>, file_name: &str) -> Vec<SecretString> {
    let Some(table) = table else { return Vec::new() };
    let words = Words { many: "keys", from: "the voice platform's settings", most: MOST_KEYS };
    let keys = secrets((table.item("keys"), table.text("keys_file")), words, file_name, table.at, table.report);
    table.close();
    keys
}

/// Reads secrets from one of two keys of a table: the secrets themselves, or the name of a file with one on each line.
pub(super) fn secrets(
    (inline, from_file): (Option<Item<'_>>, Option<Text>),
    words: Words,
    file_name: &str,
    table_at: usize,
    report: &Report<'_>,
) -> Vec<SecretString> {
    let at = inline.map(|item| item.at).or(from_file.as_ref().map(|text| text.at)).unwrap_or(table_at);
    let many = words.many;
    let texts: Vec<String> = match (inline, from_file) {
        (Some(item), Some(text)) => {
            let why = format!("both {} and a file of {many} are given; keep one of them", item.key);
            report.wrong(text.at, why);
            Vec::new()
        }
        (Some(item), None) => item.texts().into_iter().map(|text| text.value).collect(),
        (None, Some(text)) => in_file(&text, file_name, report),
        (None, None) => Vec::new(),
    };
    for text in &texts {
        if !like_a_key(text) {
            report.wrong(at, format!("this does not look like a real key; paste it from {}", words.from));
        }
    }
    if texts.len() > words.most {
        let keep = if words.most == 1 { "keep one" } else { "keep the present one and at most one next one" };
        report.wrong(at, format!("there are {} {many}; {keep}", texts.len()));
    }
    if matches!(texts.as_slice(), [first, second] if first == second) {
        report.wrong(at, format!("both {many} are the same; remove one"));
    }
    texts.into_iter().map(SecretString::from).collect()
}

/// One key per line; empty lines and lines beginning with # do not count.
fn in_file(text: &Text, file_name: &str, report: &Report<'_>) -> Vec<String> {
    let path = Path::new(file_name).parent().unwrap_or(Path::new("")).join(&text.value);
    match std::fs::read_to_string(&path) {
        Ok(content) => {
            let lines = content.lines().map(str::trim);
            lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect()
        }
        Err(error) => {
            let why =
                format!("{} cannot be read ({error}); write the path of a file with one key per line", path.display());
            report.wrong(text.at, why);
            Vec::new()
        }
    }
}

fn like_a_key(text: &str) -> bool {
    let lower = text.to_lowercase();
    let stands_for_one =
        |word: &str| PLACEHOLDERS.contains(&word) || (word.len() > 2 && word.bytes().all(|byte| byte == b'x'));
    text.len() >= SHORTEST_KEY
        && text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>'))
        && !text.contains("...")
        && !lower.split(|c: char| !c.is_ascii_alphanumeric()).any(stands_for_one)
}
