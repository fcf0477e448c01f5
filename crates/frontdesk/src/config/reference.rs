//! The reference of all settings, made from the commented example file.

use super::EXAMPLE;

/// `docs/CONFIG.md`: every section and key with its default, its environment variable and what it means.
pub fn reference_markdown() -> String {
    let mut page = String::from("# Configuration\n\n<!-- Made from frontdesk.example.toml; change it there. -->\n");
    let mut section = String::new();
    let mut comments: Vec<&str> = Vec::new();
    for line in EXAMPLE.lines().map(str::trim) {
        if let Some(comment) = line.strip_prefix('#') {
            comments.push(comment.strip_prefix(' ').unwrap_or(comment));
        } else if line.is_empty() {
            if section.is_empty() && !comments.is_empty() {
                page.push_str(&format!("\n{}\n", prose(&comments)));
            }
            comments.clear();
        } else if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name.to_owned();
            page.push_str(&format!("\n## `[{section}]`\n"));
            if !comments.is_empty() {
                page.push_str(&format!("\n{}\n", prose(&comments)));
            }
            comments.clear();
        } else if let Some((key, default)) = line.split_once('=') {
            let (key, default) = (key.trim(), default.trim());
            let variable = format!("FRONTDESK__{}__{}", section.to_uppercase(), key.to_uppercase());
            let meaning = prose(&comments);
            page.push_str(&format!(
                "\n### `{section}.{key}`\n\nDefault `{default}`, environment variable `{variable}`.\n\n{meaning}\n"
            ));
            comments.clear();
        }
    }
    page
}

/// Comment lines as paragraphs; indented lines stay lines of their own, as a list.
fn prose(comments: &[&str]) -> String {
    let mut text = String::new();
    let mut in_list = false;
    for line in comments {
        let item = line.starts_with("  ");
        let gap = match (text.is_empty(), line.is_empty(), item, in_list) {
            (true, ..) => "",
            (_, true, ..) => "\n",
            (_, _, true, false) | (_, _, false, true) => "\n\n",
            (_, _, true, true) => "\n",
            (_, _, false, false) if text.ends_with('\n') => "\n",
            (_, _, false, false) => " ",
        };
        text.push_str(gap);
        text.push_str(line.trim());
        in_list = item;
    }
    text
}
