//! docs/FUNCTIONS.md: prose, tables and examples put together.

use std::fmt::Write as _;

use frontdesk_connect::voice::args::spellings;
use frontdesk_domain::calling::Function;
use serde_json::{Map, Value, json};

use super::functions::{ENTRIES, Entry, MEANINGS, Need};
use super::rehearsal::Rehearsal;

const BEGIN: &str = include_str!("functions_begin.txt");
const MIDDLE: &str = include_str!("functions_middle.txt");
const END: &str = include_str!("functions_end.txt");

/// The page; the text says which example does not end as it is told.
pub(in crate::cli) async fn functions_markdown() -> Result<String, String> {
    let mut page = format!("{BEGIN}{:#}\n{MIDDLE}", tool());
    let _infallible = write!(page, "{:#}\n{END}", Rehearsal::open().await?.ring().await?);
    for names in spellings() {
        let Some((name, aliases)) = names.split_first() else { continue };
        let _infallible = writeln!(page, "| `{name}` | {} | {} |", meaning(name), marked(aliases));
    }
    page.push_str("\n## The thirteen functions\n\nA version suffix (`book_appointment_v17`) is read over.\n");
    for entry in ENTRIES {
        let (args, answer) = Rehearsal::open().await?.play(entry).await?;
        page.push_str(&section(entry, &args, &answer));
    }
    Ok(page)
}

fn section(entry: &Entry, args: &Value, answer: &Value) -> String {
    let mut text = format!("\n### `{}`\n\n{}\n", entry.function.name(), entry.what);
    if let Some((_, others)) = entry.function.names().split_first()
        && !others.is_empty()
    {
        let _infallible = writeln!(text, "\nAlso known as {}.", marked(others));
    }
    text.push_str("\n| argument | needed | |\n| --- | --- | --- |\n");
    for (name, need, note) in entry.arguments {
        let _infallible = writeln!(text, "| `{name}` | {} | {note} |", need.as_str());
    }
    text.push_str("\n| status | |\n| --- | --- |\n");
    for (status, meaning) in entry.answers {
        let _infallible = writeln!(text, "| `{status}` | {meaning} |");
    }
    let _infallible = write!(text, "\nAsked with `{args}`:\n\n```json\n{answer:#}\n```\n");
    text
}

fn meaning(name: &str) -> &'static str {
    MEANINGS.iter().find(|(known, _)| *known == name).map_or("", |(_, meaning)| meaning)
}

fn marked(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// The booking tool as it stands in a Retell LLM's `general_tools`.
fn tool() -> Value {
    let function = Function::BookAppointment;
    let entry = ENTRIES.iter().find(|entry| entry.function == function);
    let used = entry
        .map_or(&[][..], |entry| entry.arguments)
        .iter()
        .filter(|(name, ..)| !["services", "confirm"].contains(name));
    let properties: Map<String, Value> = used
        .clone()
        .map(|(name, _, note)| ((*name).to_owned(), json!({ "type": "string", "description": note })))
        .collect();
    let required: Vec<&str> = used.filter(|(_, need, _)| *need == Need::Wanted).map(|(name, ..)| *name).collect();
    json!({
        "type": "custom",
        "name": function.name(),
        "description": "Books an appointment. Call it once the caller has agreed to service, day and time.",
        "url": format!("https://desk.example.org/v1/retell/ep_5Jq0demo/functions/{}", function.name()),
        "method": "POST",
        "timeout_ms": 5000,
        "max_retry": 0,
        "args_at_root": false,
        "speak_during_execution": true,
        "speak_after_execution": true,
        "parameters": { "type": "object", "properties": properties, "required": required },
    })
}
