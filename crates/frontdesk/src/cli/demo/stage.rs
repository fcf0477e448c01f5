//! What the demo shows as it goes, and whether everything ended as it must.

use serde_json::Value;

use super::phone::Call;
use crate::out;

/// The stage: prints what is said and keeps count of what went wrong.
pub(super) struct Stage {
    colour: bool,
    scenes: u32,
    checks: u32,
    wrong: Vec<String>,
    calls: Vec<String>,
}

impl Stage {
    pub(super) fn new() -> Self {
        Self { colour: out::is_terminal(), scenes: 0, checks: 0, wrong: Vec::new(), calls: Vec::new() }
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    /// Begins a scene.
    pub(super) fn scene(&mut self, title: &str, point: &str) {
        self.scenes += 1;
        out::line("");
        out::line(self.paint("1", &format!("{}. {title}", self.scenes)));
        out::line(self.paint("2", &format!("   {point}")));
    }

    /// What the caller says (in the agent's ears; the agent makes a function call of it).
    pub(super) fn says(&self, words: &str) {
        out::line(format!("   caller   \"{words}\""));
    }

    /// Something that happens.
    pub(super) fn note(&self, words: &str) {
        out::line(self.paint("2", &format!("   ({words})")));
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
    pub(super) fn heard(&mut self, function: &str, answer: Result<Value, String>) -> Value {
        match answer {
            Ok(answer) => {
                let get = |pointer| answer.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
                out::line(format!("   hears    \"{}\"", get("/spoken")));
                let (status, code) = (get("/status"), get("/code"));
                let word = if code == "ok" { status.to_owned() } else { format!("{status}, {code}") };
                out::line(self.paint("2", &format!("            {function} → {word}")));
                answer
            }
            Err(error) => {
                self.fail(error);
                Value::Null
            }
        }
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
