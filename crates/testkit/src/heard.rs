//! What came back from the door.

use serde_json::Value;

/// An answer as the agent gets it.
#[derive(Clone, Debug, PartialEq)]
pub struct Heard {
    /// The HTTP status.
    pub http: u16,
    /// The body; NULL if it was empty or no JSON.
    pub json: Value,
    /// The body's bytes.
    pub bytes: Vec<u8>,
}

impl Heard {
    /// One field, by JSON pointer without the first slash (`appointment/id`); panics if it is not text.
    pub fn text(&self, path: &str) -> &str {
        self.at(path).as_str().unwrap_or_else(|| panic!("{path} is no text in {}", self.json))
    }

    /// One field, by JSON pointer without the first slash; NULL if missing.
    pub fn at(&self, path: &str) -> &Value {
        self.json.pointer(&format!("/{path}")).unwrap_or(&Value::Null)
    }

    /// `status`.
    pub fn status(&self) -> &str {
        self.text("status")
    }

    /// `code`.
    pub fn code(&self) -> &str {
        self.text("code")
    }

    /// `spoken`.
    pub fn spoken(&self) -> &str {
        self.text("spoken")
    }

    /// Whether the caller has a committed appointment from this answer.
    pub fn booked(&self) -> bool {
        self.at("booked") == &Value::Bool(true)
    }

    /// Asserts status and code at once; the answer itself for more.
    pub fn expect(&self, status: &str, code: &str) -> &Self {
        assert_eq!((self.http, self.status(), self.code()), (200, status, code), "{}", self.json);
        assert_eq!(self.booked(), status == "booked", "booked is true for booked and nothing else: {}", self.json);
        self
    }

    /// The starts of `alternatives`, as written.
    pub fn alternatives(&self) -> Vec<&str> {
        let list = self.at("alternatives").as_array().map(Vec::as_slice).unwrap_or_default();
        list.iter().map(|offer| offer["start"].as_str().unwrap()).collect()
    }
}
