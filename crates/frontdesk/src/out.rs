//! Where commands print: the one home of writing to standard output and error.
//!
//! A reader that went away (`frontdesk tenant list | head -1`) is no failure.

use std::io::{IsTerminal, Write};

/// Prints a line to standard output.
pub fn line(text: impl AsRef<str>) {
    let mut out = std::io::stdout().lock();
    let _reader_gone = writeln!(out, "{}", text.as_ref());
}

/// Prints text as it is to standard output, for output that ends with its own line break.
pub fn text(text: impl AsRef<str>) {
    let mut out = std::io::stdout().lock();
    let _reader_gone = out.write_all(text.as_ref().as_bytes()).and_then(|()| out.flush());
}

/// Prints a line to standard error.
pub fn error(text: impl AsRef<str>) {
    let mut err = std::io::stderr().lock();
    let _reader_gone = writeln!(err, "{}", text.as_ref());
}

/// Prints text as it is to standard error.
pub fn error_text(text: impl AsRef<str>) {
    let mut err = std::io::stderr().lock();
    let _reader_gone = err.write_all(text.as_ref().as_bytes());
}

/// Whether a person reads standard error.
pub fn error_is_terminal() -> bool {
    std::io::stderr().is_terminal()
}

/// Whether a person reads standard output.
pub fn is_terminal() -> bool {
    std::io::stdout().is_terminal()
}
