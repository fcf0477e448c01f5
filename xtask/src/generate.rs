//! Files the program writes about itself, kept current.

use std::path::Path;

use crate::run::{Outcome, Stop, capture, cargo, root};

/// A generated file and the words after `frontdesk` that print it.
type Generated = (&'static str, &'static [&'static str]);

/// Every generated file. A new one is one line here: its path, and the hidden subcommand that prints its text.
const GENERATED: &[Generated] = &[
    ("docs/CONFIG.md", &["internal-docs", "config"]),
    ("docs/CODES.md", &["internal-docs", "codes"]),
    ("docs/FUNCTIONS.md", &["internal-docs", "functions"]),
];

/// Writes the generated files; with `check` writes none and fails naming those that are not current.
pub fn generate(check: bool) -> Outcome {
    let mut stale = Vec::new();
    for (path, words) in GENERATED {
        let wanted = capture(cargo().args(["run", "--quiet", "--package", "frontdesk", "--"]).args(*words))?;
        let place = root().join(path);
        if check {
            stale.extend(difference(path, &place, &wanted));
        } else {
            let made = place.parent().map_or(Ok(()), std::fs::create_dir_all);
            made.and_then(|()| std::fs::write(&place, &wanted))
                .map_err(|error| Stop::Found(format!("{path} cannot be written: {error}")))?;
            println!("wrote {path}");
        }
    }
    if stale.is_empty() {
        println!("{} generated files{}", GENERATED.len(), if check { ", all current" } else { "" });
        return Ok(());
    }
    Err(Stop::Found(format!("{}\nRun `cargo xtask gen` and commit what it writes.", stale.join("\n"))))
}

/// What keeps a file from being current, with the first line that differs.
fn difference(path: &str, place: &Path, wanted: &[u8]) -> Option<String> {
    let Ok(found) = std::fs::read(place) else { return Some(format!("{path} is missing")) };
    if found == wanted {
        return None;
    }
    let (found, wanted) = (String::from_utf8_lossy(&found), String::from_utf8_lossy(wanted));
    let same = found.lines().zip(wanted.lines()).take_while(|(found, wanted)| found == wanted).count();
    Some(format!("{path} is not current, from line {} on", same + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_what_would_be_written_is_named_with_the_line() {
        let place = root().join("xtask/Cargo.toml");
        let text = std::fs::read_to_string(&place).unwrap();
        assert_eq!(difference("a.md", &place, text.as_bytes()), None);
        let other = text.replacen("xtask", "somebody", 1);
        assert_eq!(difference("a.md", &place, other.as_bytes()).unwrap(), "a.md is not current, from line 2 on");
        assert_eq!(difference("b.md", Path::new("no/such/file"), b"").unwrap(), "b.md is missing");
    }
}
