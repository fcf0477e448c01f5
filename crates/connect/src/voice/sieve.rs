//! Reads JSON and keeps only what is named: everything else is skipped unseen, never allocated, never logged.
//!
//! Voice platforms send the whole transcript, twice, with every function call. A [`Keep`] says which few
//! values matter; the rest passes through [`IgnoredAny`]. Keys may repeat (the last one counts, as in
//! JavaScript), types may be wrong (the value is then just not there), and new keys may appear any day.

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::panic, reason = "tests")]
mod fuzz;

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::args::{self, Arguments, Field};

/// The longest text kept of any value, in characters; each use cuts further.
const KEPT_CHARS: usize = 2_000;
/// The longest list kept as an argument; the rest is skipped.
const KEPT_ITEMS: usize = 20;

/// What to keep of a value. Scalars are kept wherever a value is kept at all.
pub(super) enum Keep {
    /// Only a scalar.
    Scalar,
    /// Whatever an argument may be: a scalar, a list, an object's `value` or `name`.
    Loose,
    /// These keys of an object.
    Object(&'static [(&'static str, Keep)]),
    /// These keys of an object, and every other key as if the object were the arguments themselves.
    Envelope(&'static [(&'static str, Keep)]),
    /// The arguments of a function: an object, or the same as JSON text.
    Arguments,
    /// The items of a list that pass the test.
    List(&'static Keep, fn(&Node) -> bool),
}

/// What was kept.
#[derive(Default)]
pub(super) enum Node {
    /// Missing, null, or of a kind nobody asked for.
    #[default]
    Nothing,
    /// A boolean.
    Truth(bool),
    /// A number, as text.
    Number(String),
    /// A text, cut to [`KEPT_CHARS`], otherwise as it came.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// An object's named keys in the order they came, and arguments beside them (only of an envelope).
    Object(Vec<(&'static str, Node)>, Arguments),
    /// Arguments.
    Arguments(Arguments),
}

impl Node {
    /// The value under a key; the last one if the key repeats; nothing if this is no object.
    pub(super) fn get(&self, key: &str) -> &Node {
        match self {
            Self::Object(fields, _) => {
                fields.iter().rev().find(|(name, _)| *name == key).map_or(&Self::Nothing, |(_, node)| node)
            }
            _ => &Self::Nothing,
        }
    }

    /// As [`Node::get`], but takes the value out.
    pub(super) fn take(&mut self, key: &str) -> Node {
        match self {
            Self::Object(fields, _) => fields
                .iter_mut()
                .rev()
                .find(|(name, _)| *name == key)
                .map(|(_, node)| std::mem::take(node))
                .unwrap_or_default(),
            _ => Self::Nothing,
        }
    }

    /// A text, number or boolean as text, exactly as it came.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Number(text) => Some(text),
            Self::Truth(true) => Some("true"),
            Self::Truth(false) => Some("false"),
            _ => None,
        }
    }

    /// A whole number, also when written as text or with a fraction (which is dropped).
    pub(super) fn integer(&self) -> Option<i64> {
        let text = match self {
            Self::Text(text) | Self::Number(text) => text.trim(),
            _ => return None,
        };
        if let Ok(whole) = text.parse() {
            return Some(whole);
        }
        let fraction: f64 = text.parse().ok()?;
        // 2^53: beyond it a float does not name one whole number.
        (fraction.abs() < 9_007_199_254_740_992.0).then_some(fraction as i64)
    }

    /// A truth value, also when written as text.
    pub(super) fn truth(&self) -> Option<bool> {
        match self {
            Self::Truth(truth) => Some(*truth),
            Self::Text(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Self::Text(text) if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        }
    }

    /// The kept items of a list.
    pub(super) fn items(&self) -> &[Node] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }

    /// Whether there is an object here.
    pub(super) fn is_object(&self) -> bool {
        matches!(self, Self::Object(..))
    }
}

/// Reads one value by a [`Keep`].
#[derive(Clone, Copy)]
pub(super) struct Sieve(pub(super) &'static Keep);

impl<'de> DeserializeSeed<'de> for Sieve {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Sieve {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Node, E> {
        Ok(Node::Nothing)
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<Node, E> {
        Ok(Node::Truth(truth))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Node, E> {
        Ok(Node::Number(number.to_string()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Node, E> {
        Ok(Node::Number(number.to_string()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Node, E> {
        Ok(Node::Number(number.to_string()))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Node, E> {
        if matches!(self.0, Keep::Arguments) {
            return Ok(Node::Arguments(arguments_from_text(text)));
        }
        Ok(Node::Text(first_chars(text.trim_start(), KEPT_CHARS).to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Node, A::Error> {
        let mut kept = Vec::new();
        match self.0 {
            Keep::List(item, passes) => {
                while let Some(node) = seq.next_element_seed(Sieve(item))? {
                    if passes(&node) {
                        kept.push(node);
                    }
                }
            }
            Keep::Loose => {
                while kept.len() < KEPT_ITEMS
                    && let Some(node) = seq.next_element_seed(self)?
                {
                    kept.push(node);
                }
            }
            _ => {}
        }
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(match self.0 {
            Keep::List(..) | Keep::Loose => Node::List(kept),
            // There are arguments, and they say nothing.
            Keep::Arguments => Node::Arguments(Arguments::default()),
            _ => Node::Nothing,
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut fields = Vec::new();
        let mut arguments = Arguments::default();
        while let Some(known) = map.next_key_seed(Keys(self.0))? {
            match known {
                Known::Field(name, keep) => fields.push((name, map.next_value_seed(Sieve(keep))?)),
                Known::Argument(field, rank) => {
                    let value = map.next_value_seed(Sieve(&Keep::Loose))?;
                    arguments.offer(field, rank, value);
                }
                Known::Not => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(match self.0 {
            Keep::Arguments => Node::Arguments(arguments),
            Keep::Loose | Keep::Object(_) | Keep::Envelope(_) => Node::Object(fields, arguments),
            Keep::Scalar | Keep::List(..) => Node::Nothing,
        })
    }
}

/// The keys under which an object holds an argument's one value, the surest first.
pub(super) const WRAPPED: &[(&str, Keep)] =
    &[("value", Keep::Loose), ("name", Keep::Loose), ("service_name", Keep::Loose), ("service", Keep::Loose)];

/// Looks a key up without copying it.
struct Keys(&'static Keep);

/// What a key is to us.
enum Known {
    Field(&'static str, &'static Keep),
    Argument(Field, usize),
    Not,
}

impl<'de> DeserializeSeed<'de> for Keys {
    type Value = Known;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Known, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Keys {
    type Value = Known;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Known, E> {
        let (fields, rest_is_arguments): (&'static [(&'static str, Keep)], bool) = match self.0 {
            Keep::Object(fields) => (fields, false),
            Keep::Envelope(fields) => (fields, true),
            Keep::Arguments => (&[], true),
            Keep::Loose => (WRAPPED, false),
            Keep::Scalar | Keep::List(..) => (&[], false),
        };
        if let Some((name, keep)) = fields.iter().find(|(name, _)| *name == key) {
            return Ok(Known::Field(name, keep));
        }
        Ok(match args::field_of(key).filter(|_| rest_is_arguments) {
            Some((field, rank)) => Known::Argument(field, rank),
            None => Known::Not,
        })
    }
}

/// Arguments that came as JSON text; text that is none has no arguments.
fn arguments_from_text(text: &str) -> Arguments {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    // `Envelope` of no keys: an object is read as arguments, a text inside the text is not opened again.
    match Sieve(&Keep::Envelope(&[])).deserialize(&mut deserializer) {
        Ok(Node::Object(_, arguments)) => arguments,
        _ => Arguments::default(),
    }
}

/// The first characters of a text, without copying.
pub(super) fn first_chars(text: &str, count: usize) -> &str {
    match text.char_indices().nth(count) {
        Some((end, _)) => text.get(..end).unwrap_or(text),
        None => text,
    }
}
