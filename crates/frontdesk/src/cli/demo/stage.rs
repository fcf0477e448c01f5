//! What the demo shows as it goes, and whether everything ended as it must.

use std::time::Duration;

use serde_json::Value;

use super::phone::{Call, Heard};
use crate::out;

/// Characters of a line; the rest goes below.
const WIDTH: usize = 80;

/// The stage: prints what is said and keeps count of what went wrong.
pub(super) struct Stage {
    colour: bool,
    scenes: u32,
    checks: u32,
    wrong: Vec<String>,
    calls: Vec<String>,
    /// How long the last caller waited.
    waited: Duration,
}

impl Stage {
    pub(super) fn new() -> Self {
        Self {
            colour: out::is_terminal(),
            scenes: 0,
            checks: 0,
            wrong: Vec::new(),
            calls: Vec::new(),
            waited: Duration::ZERO,
        }
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    /// Words for whoever watches.
    pub(super) fn tells(&self, words: &str) {
        out::line(folded("", words));
    }

    /// Begins a part: other scenery.
    pub(super) fn part(&self, words: &str) {
        out::line("");
        out::line(self.paint("1;36", &folded("", words)));
    }

    /// Begins a scene.
    pub(super) fn scene(&mut self, title: &str, point: &str) {
        self.scenes += 1;
        out::line("");
        out::line(self.paint("1", &format!("{}. {title}", self.scenes)));
        out::line(self.paint("2", &folded("   ", point)));
    }

    /// What the caller says (in the agent's ears; the agent makes a function call of it).
    pub(super) fn says(&self, words: &str) {
        out::line(folded("   caller   ", &format!("\"{words}\"")));
    }

    /// Something that happens.
    pub(super) fn note(&self, words: &str) {
        out::line(self.paint("2", &folded("   ", &format!("({words})"))));
    }

    /// Something the calendar outside does, or shows.
    pub(super) fn calendar(&self, words: &str) {
        out::line(self.paint("36", &folded("   Cal.com  ", words)));
    }

    /// Something that changes here by itself.
    pub(super) fn here(&self, words: &str) {
        out::line(self.paint("36", &folded("   here     ", words)));
    }

    /// Makes a function call and shows what the caller hears; the status must be as expected.
    pub(super) async fn hears(&mut self, call: &Call<'_>, function: &str, args: &Value, status: &str) -> Value {
        let answer = call.ask(function, args).await;
        let answer = self.heard(function, answer);
        let told = answer.pointer("/status").and_then(Value::as_str).unwrap_or("nothing").to_owned();
        self.checks += 1;
        if told != status {
            self.fail(format!("{function} answered {told}, not {status}"));
        }
        answer
    }

    /// Shows an answer that is there already.
    pub(super) fn heard(&mut self, function: &str, answer: Result<Heard, String>) -> Value {
        match answer {
            Ok(Heard { json: answer, took }) => {
                self.waited = took;
                let get = |pointer| answer.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
                out::line(folded("   hears    ", &format!("\"{}\"", get("/spoken"))));
                let (status, code) = (get("/status"), get("/code"));
                let word = if code == "ok" { status.to_owned() } else { format!("{status}, {code}") };
                out::line(self.paint("2", &format!("            {function} → {word}, after {}", span(took))));
                answer
            }
            Err(error) => {
                self.fail(error);
                Value::Null
            }
        }
    }

    /// How long the last caller waited.
    pub(super) fn waited(&self) -> Duration {
        self.waited
    }

    /// Something that must be true.
    pub(super) fn check(&mut self, what: &str, holds: bool) {
        self.checks += 1;
        if holds {
            out::line(self.paint("32", &format!("   ✓ {what}")));
        } else {
            self.fail(what.to_owned());
        }
    }

    /// A call worth looking at afterwards.
    pub(super) fn remember(&mut self, call: &Call<'_>) {
        self.calls.push(call.id().to_owned());
    }

    fn fail(&mut self, what: String) {
        out::line(self.paint("31", &format!("   ✗ {what}")));
        self.wrong.push(what);
    }

    /// The calls worth looking at.
    pub(super) fn calls(&self) -> &[String] {
        &self.calls
    }

    /// The last line; whether every call ended as it must.
    pub(super) fn verdict(&self) -> bool {
        out::line("");
        if self.wrong.is_empty() {
            out::line(self.paint("1;32", &format!("All {} checks hold.", self.checks)));
        } else {
            out::line(self.paint("1;31", &format!("{} of {} checks failed:", self.wrong.len(), self.checks)));
            for what in &self.wrong {
                out::line(format!("  {what}"));
            }
        }
        self.wrong.is_empty()
    }
}

/// A time as people read it: `7 ms`, `1.7 s`.
pub(super) fn span(time: Duration) -> String {
    if time < Duration::from_millis(1) {
        "1 ms".to_owned()
    } else if time < Duration::from_secs(1) {
        format!("{} ms", time.as_millis())
    } else {
        format!("{:.1} s", time.as_secs_f64())
    }
}

/// Words behind their label, folded where a line would be too long, every line but the first below the words.
fn folded(label: &str, words: &str) -> String {
    let margin = label.chars().count();
    let mut text = label.to_owned();
    let mut at = margin;
    for word in words.split(' ') {
        let long = word.chars().count();
        if at > margin && at + 1 + long > WIDTH {
            text.push('\n');
            text.push_str(&" ".repeat(margin));
            at = margin;
        } else if at > margin {
            text.push(' ');
            at += 1;
        }
        text.push_str(word);
        at += long;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_words_are_folded_below_each_other_and_no_line_is_wider_than_a_terminal() {
        let words = "Ihr Termin ist am Montag, dem dreiundzwanzigsten November, um 15 Uhr 15 bei Emma eingetragen.";
        let text = folded("   hears    ", words);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 2, "{text}");
        assert!(lines.iter().all(|line| line.chars().count() <= WIDTH), "{text}");
        assert!(lines.iter().skip(1).all(|line| line.starts_with("            ")), "{text}");
        let again: Vec<&str> = text.split_whitespace().skip(1).collect();
        assert_eq!(again.join(" "), words, "nothing is lost");
    }

    #[test]
    fn times_read_as_people_say_them() {
        let said = [0, 7, 999, 1_749].map(|ms| span(Duration::from_millis(ms)));
        assert_eq!(said, ["1 ms", "7 ms", "999 ms", "1.7 s"]);
    }
}
