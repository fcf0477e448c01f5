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

const KEYS: &[&str] = &["id", "inner", "list", "role", "other", "Id", "i\\u0064"];
const SCALARS: &[&str] = &[
    "null",
    "true",
    "false",
    "-7",
    "18446744073709551615",
    "1.5e3",
    r#""ä \u00e4 \ud83d\ude00""#,
    r#""""#,
    r#""  x""#,
];

/// Writes a value that the bytes stand for: any shape of the few keys, also with keys that repeat.
fn write(bytes: &mut impl Iterator<Item = u8>, depth: usize, text: &mut String) {
    let mut next = || usize::from(bytes.next().unwrap_or_default());
    let (kind, length) = (next() % 4, next() % 5);
    match kind {
        0 | 1 if depth < 5 => {
            let (open, close) = if kind == 0 { ('[', ']') } else { ('{', '}') };
            text.push(open);
            for number in 0..length {
                text.push_str(if number == 0 { "" } else { ", " });
                if kind == 1 {
                    let key = KEYS[usize::from(bytes.next().unwrap_or_default()) % KEYS.len()];
                    text.push_str(&format!("\"{key}\": "));
                }
                write(bytes, depth + 1, text);
            }
            text.push(close);
        }
        _ => text.push_str(SCALARS[next() % SCALARS.len()]),
    }
}

/// Text from an input: one half as it is, one an object, of which now and then a letter is lost.
fn json(input: &[u8]) -> String {
    let Some((&[kind, at], rest)) = input.split_first_chunk::<2>() else { return String::new() };
    if kind.is_multiple_of(2) {
        return String::from_utf8_lossy(rest).into_owned();
    }
    let mut text = String::new();
    write(&mut [1, 4].into_iter().chain(rest.iter().copied()), 0, &mut text);
    if kind.is_multiple_of(5) && text.is_char_boundary(usize::from(at)) && usize::from(at) < text.len() {
        text.remove(usize::from(at));
    }
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
