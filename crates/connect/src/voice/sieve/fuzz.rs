//! A target for coverage-guided fuzzing: the sieve keeps what a parser that keeps everything would have found.

use bolero::check;
use serde_json::Value;

use super::*;

const ITEM: Keep = Keep::Object(&[("role", Keep::Scalar)]);
const KEEP: Keep = Keep::Object(&[
    ("id", Keep::Scalar),
    ("inner", Keep::Object(&[("id", Keep::Scalar)])),
    ("list", Keep::List(&ITEM, |item| item.get("role").text().is_some())),
]);

/// What random JSON is made of, so that it often is some; a byte that names none stands for itself.
const PIECES: &[&str] = &[
    r#"{"id":"#,
    r#","id":"#,
    r#"{"inner":"#,
    r#","inner":{"id":"#,
    r#","list":["#,
    r#"{"role":"#,
    r#"{"other":"#,
    ",",
    "[",
    "]",
    "}",
    "null",
    "true",
    "-7",
    "1.5e3",
    r#""ä \u00e4 \ud83d\ude00""#,
    r#""""#,
    "  ",
];

fn json(input: &[u8]) -> String {
    let mut text = String::new();
    // What is open, so that most of it is closed at the end.
    let mut open = Vec::new();
    for byte in input {
        match PIECES.get(usize::from(*byte) % (PIECES.len() + 1)) {
            Some(piece) => {
                for letter in piece.chars() {
                    match letter {
                        '{' => open.push('}'),
                        '[' => open.push(']'),
                        '}' | ']' if open.last() == Some(&letter) => drop(open.pop()),
                        _ => {}
                    }
                }
                text.push_str(piece);
            }
            None => text.push(char::from(*byte)),
        }
    }
    text.extend(open.iter().rev());
    text
}

/// What the sieve should say of a scalar; `None` where it may write a number in its own way.
fn scalar(value: &Value) -> Option<Option<String>> {
    match value {
        Value::String(text) => Some(Some(text.trim_start().chars().take(KEPT_CHARS).collect())),
        Value::Bool(truth) => Some(Some(truth.to_string())),
        Value::Number(number) if number.is_f64() => None,
        Value::Number(number) => Some(Some(number.to_string())),
        Value::Null | Value::Array(_) | Value::Object(_) => Some(None),
    }
}

fn assert_same(node: &Node, value: &Value, text: &str) {
    if let Some(expected) = scalar(value) {
        assert_eq!(node.text().map(str::to_owned), expected, "{text}");
    }
}

#[test]
fn what_is_kept_is_what_is_there() {
    check!().with_iterations(20_000).for_each(|input: &[u8]| {
        let text = json(input);
        let mut deserializer = serde_json::Deserializer::from_str(&text);
        let sieved = Sieve(&KEEP).deserialize(&mut deserializer).and_then(|node| deserializer.end().map(|()| node));
        let Ok(whole) = serde_json::from_str::<Value>(&text) else { return };
        // What the sieve skips it does not look at, so it takes more than a whole parser, and never less.
        let node = sieved.unwrap_or_else(|error| panic!("{error}: {text}"));
        assert_same(node.get("id"), &whole["id"], &text);
        assert_same(node.get("inner").get("id"), &whole["inner"]["id"], &text);
        let roles = whole["list"].as_array().into_iter().flatten().map(|item| &item["role"]);
        let roles: Vec<_> = roles.filter(|role| scalar(role) != Some(None)).collect();
        assert_eq!(node.get("list").items().len(), roles.len(), "{text}");
        for (item, role) in node.get("list").items().iter().zip(roles) {
            assert_same(item.get("role"), role, &text);
        }
    });
}
