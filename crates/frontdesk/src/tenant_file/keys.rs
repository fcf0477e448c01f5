//! The secrets voice platforms sign with: at most two at once, so that they can be rotated without a gap.

use std::path::Path;

use secrecy::SecretString;

use super::reader::Table;

/// Keys at once: the present one and, while rotating, the next.
const MOST_KEYS: usize = 2;
/// No platform gives out shorter ones.
const SHORTEST_KEY: usize = 12;
/// Words of texts that stand for a key but are none.
const PLACEHOLDERS: [&str; 10] =
    ["your", "change", "changeme", "insert", "placeholder", "replace", "todo", "paste", "here", "secret"];

/// Reads `keys = ["…"]` or `keys_file = "…"` (one key per line, relative to the tenant file) of one platform.
///
/// Messages never contain a key.
pub(super) fn keys(table: Option<Table<'_>>, file_name: &str) -> Vec<SecretString> {
    let Some(table) = table else { return Vec::new() };
    let inline = table.item("keys");
    let from_file = table.text("keys_file");
    let at = inline.map(|item| item.at).or(from_file.as_ref().map(|text| text.at)).unwrap_or(table.at);
    let texts: Vec<String> = match (inline, from_file) {
        (Some(_), Some(text)) => {
            table.report.wrong(text.at, "both keys and keys_file are given; keep one of them");
            Vec::new()
        }
        (Some(item), None) => item.texts().into_iter().map(|text| text.value).collect(),
        (None, Some(text)) => {
            let path = Path::new(file_name).parent().unwrap_or(Path::new("")).join(&text.value);
            match std::fs::read_to_string(&path) {
                Ok(content) => {
                    let lines = content.lines().map(str::trim);
                    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect()
                }
                Err(error) => {
                    let why = format!(
                        "{} cannot be read ({error}); write the path of a file with one key per line",
                        path.display()
                    );
                    table.report.wrong(text.at, why);
                    Vec::new()
                }
            }
        }
        (None, None) => Vec::new(),
    };
    for text in &texts {
        if !like_a_key(text) {
            table.report.wrong(at, "this does not look like a real key; paste it from the voice platform's settings");
        }
    }
    if texts.len() > MOST_KEYS {
        table
            .report
            .wrong(at, format!("there are {} keys; keep the present one and at most one next one", texts.len()));
    }
    if matches!(texts.as_slice(), [first, second] if first == second) {
        table.report.wrong(at, "both keys are the same; remove one");
    }
    table.close();
    texts.into_iter().map(SecretString::from).collect()
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
