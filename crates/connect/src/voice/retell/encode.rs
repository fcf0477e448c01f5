//! Our answers, as Retell's model reads them.

use std::collections::BTreeMap;
use std::fmt;

use frontdesk_domain::reply::Answer;
use serde_json::{Map, Value, json};

use crate::voice::sieve::first_chars;

/// Retell cuts an answer at 15 000 characters. We stay below it in bytes, which are never fewer.
const ANSWER_BYTES: usize = 14_500;
/// No sentence that can be listened to is longer.
const SPOKEN_CHARS: usize = 2_000;

/// The answer of a function call: one flat JSON object, small enough that nothing is cut off.
///
/// If it ever were too long, the longest lists lose items from their end (the best come first), then other
/// additions go; `status`, `code`, `booked` and the sentence always arrive.
pub fn encode_answer(answer: &Answer) -> Vec<u8> {
    let mut answer = answer.clone();
    if answer.spoken.len() > ANSWER_BYTES / 2 {
        answer.spoken = first_chars(&answer.spoken, SPOKEN_CHARS).to_owned();
    }
    loop {
        let bytes = answer.to_json().to_string().into_bytes();
        if bytes.len() <= ANSWER_BYTES || !shorten(&mut answer.fields) {
            return bytes;
        }
    }
}

/// Takes something away from the fields; `false` if there is nothing left to take.
fn shorten(fields: &mut Map<String, Value>) -> bool {
    let longest_list =
        fields.values_mut().filter_map(Value::as_array_mut).filter(|list| list.len() > 1).max_by_key(|list| list.len());
    if let Some(list) = longest_list {
        list.truncate(list.len() / 2);
        return true;
    }
    let largest = fields.iter().max_by_key(|(_, value)| value.to_string().len()).map(|(key, _)| key.clone());
    largest.is_some_and(|key| fields.remove(&key).is_some())
}

/// What we say to a call that still rings.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct InboundAnswer {
    /// Another agent than the number's own.
    pub override_agent_id: Option<String>,
    /// Variables the agent can speak; Retell takes texts only.
    pub dynamic_variables: BTreeMap<String, String>,
    /// Comes back as `metadata.frontdesk_call_ref` with every later message about the call; neither secret nor proof.
    pub call_ref: Option<String>,
}

impl fmt::Debug for InboundAnswer {
    /// The variables hold the caller's name and appointment: only their names are shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InboundAnswer")
            .field("override_agent_id", &self.override_agent_id)
            .field("dynamic_variables", &self.dynamic_variables.keys())
            .field("call_ref", &self.call_ref)
            .finish()
    }
}

/// The answer of an inbound webhook; what is not set is left out, because one invalid field spoils them all.
pub fn encode_inbound(answer: &InboundAnswer) -> Vec<u8> {
    let mut call = Map::new();
    if let Some(agent) = &answer.override_agent_id {
        call.insert("override_agent_id".to_owned(), json!(agent));
    }
    if !answer.dynamic_variables.is_empty() {
        call.insert("dynamic_variables".to_owned(), json!(answer.dynamic_variables));
    }
    if let Some(call_ref) = &answer.call_ref {
        call.insert("metadata".to_owned(), json!({ "frontdesk_call_ref": call_ref }));
    }
    json!({ "call_inbound": call }).to_string().into_bytes()
}

/// The answer when something of ours is in trouble: the number's own agent takes the call, at once.
pub fn encode_inbound_trouble() -> Vec<u8> {
    encode_inbound(&InboundAnswer::default())
}
