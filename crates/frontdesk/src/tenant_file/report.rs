//! What is wrong with a file, with the line it stands on; shared by every file people write by hand.

use std::cell::RefCell;
use std::fmt;

/// One thing that is wrong, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Line in the file, from 1.
    pub line: usize,
    /// What is wrong; what to write instead. Never a secret, never personal data.
    pub text: String,
}

/// Everything that is wrong with a file, sorted by line; printed as `file:LINE: what is wrong; what to write`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileErrors {
    /// The file's name as it was given.
    pub file: String,
    /// At least one.
    pub problems: Vec<Problem>,
}

impl fmt::Display for FileErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, Problem { line, text }) in self.problems.iter().enumerate() {
            let newline = if place == 0 { "" } else { "\n" };
            write!(f, "{newline}{}:{line}: {text}", self.file)?;
        }
        Ok(())
    }
}

impl std::error::Error for FileErrors {}

/// Collects problems and warnings while a file is read, so that one look shows all of them.
///
/// Places are byte offsets into the text; they become lines when the report is closed.
pub(crate) struct Report<'t> {
    text: &'t str,
    problems: RefCell<Vec<Problem>>,
    warnings: RefCell<Vec<Problem>>,
}

impl<'t> Report<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self { text, problems: RefCell::default(), warnings: RefCell::default() }
    }

    /// The file must not be used.
    pub(crate) fn wrong(&self, at: usize, text: impl Into<String>) {
        self.problems.borrow_mut().push(Problem { line: self.line_of(at), text: text.into() });
    }

    /// The file may be used, but its writer probably meant something else.
    pub(crate) fn warn(&self, at: usize, text: impl Into<String>) {
        self.warnings.borrow_mut().push(Problem { line: self.line_of(at), text: text.into() });
    }

    /// Line of a byte offset, from 1.
    pub(crate) fn line_of(&self, at: usize) -> usize {
        self.text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
    }

    /// The warnings as text, or everything that is wrong.
    pub(crate) fn close(self, file: &str) -> Result<Vec<String>, FileErrors> {
        let mut problems = self.problems.into_inner();
        if !problems.is_empty() {
            problems.sort();
            problems.dedup();
            return Err(FileErrors { file: file.to_owned(), problems });
        }
        let mut warnings = self.warnings.into_inner();
        warnings.sort();
        Ok(warnings.into_iter().map(|Problem { line, text }| format!("{file}:{line}: {text}")).collect())
    }
}

/// `; did you mean "…"?` if something known is close to the word, otherwise the given other advice.
pub(crate) fn did_you_mean<'a>(
    word: &str,
    known: impl IntoIterator<Item = &'a str>,
    otherwise: impl FnOnce() -> String,
) -> String {
    closest(word, known).map_or_else(|| format!("; {}", otherwise()), |close| format!("; did you mean \"{close}\"?"))
}

/// The known word that a person may have meant: at most a few letters away.
pub(crate) fn closest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |text: &str| text.to_lowercase().replace(['-', ' '], "_");
    let word = plain(word);
    let allowed = (word.chars().count() / 3).clamp(1, 3);
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&word, &plain(candidate)), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}
