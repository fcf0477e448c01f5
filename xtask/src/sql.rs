//! SQL is written in the store only; elsewhere a statement is a border crossed.
//!
//! What the statements themselves must hold (each binds its tenant, each prepares) the store's own tests check.

use crate::run::{Outcome, Stop};
use crate::sources::{Source, sources};

/// Two words in this order inside one line or the next two make a statement. Capitals: prose has none.
const STATEMENTS: &[(&str, &str)] =
    &[("SELECT ", " FROM "), ("INSERT INTO ", " VALUES"), ("UPDATE ", " SET "), ("DELETE FROM ", " WHERE ")];

/// Fails where product code outside the store holds a statement. Tests may: attackers speak SQL too.
pub fn sql() -> Outcome {
    let found: Vec<String> = sources()?.iter().flat_map(strays).collect();
    if found.is_empty() {
        println!("no SQL outside crates/store");
        return Ok(());
    }
    let places = found.join("\n");
    Err(Stop::Found(format!("{places}\nSQL lives in crates/store: make it a function there, with a word of the field")))
}

fn strays(source: &Source) -> Vec<String> {
    let path = source.path.as_str();
    let exempt = ["crates/store/", "crates/testkit/", "xtask/"].iter().any(|folder| path.starts_with(folder));
    if exempt || path.contains("/tests/") || path.ends_with("/tests.rs") {
        return Vec::new();
    }
    let product = source.text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines: Vec<&str> = product.lines().collect();
    let holds = |place: usize| {
        let window = lines.iter().skip(place).take(3).copied().collect::<Vec<_>>().join(" ");
        let first = lines.get(place).map_or(0, |line| line.len());
        STATEMENTS.iter().any(|(verb, rest)| {
            window.find(verb).is_some_and(|at| at < first && window.get(at..).is_some_and(|tail| tail.contains(rest)))
        })
    };
    (0..lines.len()).filter(|place| holds(*place)).map(|place| format!("{path}:{}: SQL", place + 1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strays_in(path: &str, text: &str) -> Vec<String> {
        strays(&Source { path: path.to_owned(), text: text.to_owned() })
    }

    #[test]
    fn a_statement_outside_the_store_is_found_with_its_line() {
        let text = "fn f() {\n    let q = \"SELECT token\n        FROM offer\";\n}\n";
        assert_eq!(strays_in("crates/desk/src/book.rs", text), ["crates/desk/src/book.rs:2: SQL"]);
    }

    #[test]
    fn the_store_and_tests_may_hold_statements_and_prose_is_none() {
        let text = "const Q: &str = \"DELETE FROM offer WHERE token = $1\";";
        assert!(strays_in("crates/store/src/offers.rs", text).is_empty());
        assert!(strays_in("crates/frontdesk/tests/hostile.rs", text).is_empty());
        assert!(strays_in("crates/desk/src/book.rs", &format!("#[cfg(test)]\nmod tests {{ {text} }}")).is_empty());
        assert!(
            strays_in("crates/desk/src/book.rs", "/// Select one from the list, then update it and set it.").is_empty()
        );
        assert_eq!(strays_in("crates/desk/src/book.rs", text).len(), 1);
    }
}
