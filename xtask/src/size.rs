//! No source file outgrows its reader.

use crate::run::{Outcome, Stop};
use crate::sources::{Source, sources};

/// More lines than this fail the check.
const LIMIT: usize = 600;
/// More lines than this are listed, as a hint to split by topic.
const LARGE: usize = 400;

/// Lists large files, fails on oversized ones.
pub fn size() -> Outcome {
    let all = sources()?;
    for (path, lines) in longer_than(LARGE, &all) {
        println!("{lines:>5} lines  {path}");
    }
    let over: Vec<String> = longer_than(LIMIT, &all)
        .map(|(path, lines)| format!("{path} has {lines} lines, the limit is {LIMIT}: split it by topic"))
        .collect();
    if over.is_empty() {
        println!("{} source files, none over {LIMIT} lines", all.len());
        return Ok(());
    }
    Err(Stop::Found(over.join("\n")))
}

fn longer_than(limit: usize, all: &[Source]) -> impl Iterator<Item = (&str, usize)> {
    all.iter()
        .map(|source| (source.path.as_str(), source.text.lines().count()))
        .filter(move |(_, lines)| *lines > limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_at_the_limit_passes_and_one_line_more_does_not() {
        let source = |lines: usize| Source { path: format!("{lines}.rs"), text: "x\n".repeat(lines) };
        let all = [source(600), source(601)];
        assert_eq!(longer_than(LIMIT, &all).collect::<Vec<_>>(), [("601.rs", 601)]);
    }
}
