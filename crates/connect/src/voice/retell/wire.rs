//! The shapes Retell sends, as far as we look at them.

use frontdesk_domain::calling::{CallFacts, Direction, Function};
use frontdesk_domain::ids::CallId;
use frontdesk_domain::pii::Pii;
use jiff::Timestamp;
use serde::de::DeserializeSeed;

use super::decode::DecodeError;
use crate::voice::sieve::{Keep, Node, Sieve, first_chars};

/// Body of a function call: the envelope in any of its shapes, or the bare arguments.
pub(super) const FUNCTION_CALL: Keep = Keep::Envelope(&[
    ("name", Keep::Scalar),
    ("function_name", Keep::Scalar),
    ("tool_name", Keep::Scalar),
    ("function", NESTED),
    ("tool", NESTED),
    ("tool_call", NESTED),
    ("args", Keep::Arguments),
    ("arguments", Keep::Arguments),
    ("parameters", Keep::Arguments),
    ("call", CALL),
]);

/// A tool by name, or as an object of its own with the arguments inside.
const NESTED: Keep = Keep::Object(&[
    ("name", Keep::Scalar),
    ("args", Keep::Arguments),
    ("arguments", Keep::Arguments),
    ("parameters", Keep::Arguments),
]);

/// Body of an event webhook.
pub(super) const EVENT: Keep =
    Keep::Object(&[("event", Keep::Scalar), ("call", CALL), ("transfer_destination", DESTINATION)]);

/// Body of an inbound webhook.
pub(super) const INBOUND: Keep = Keep::Object(&[("event", Keep::Scalar), ("call_inbound", CALL)]);

const DESTINATION: Keep = Keep::Object(&[("number", Keep::Scalar), ("sip_uri", Keep::Scalar)]);

/// What is read of a call object. Transcripts, recordings, tokens, costs and the words of the analysis are not.
const CALL: Keep = Keep::Object(&[
    ("call_id", Keep::Scalar),
    ("call_type", Keep::Scalar),
    ("call_status", Keep::Scalar),
    ("agent_id", Keep::Scalar),
    ("from_number", Keep::Scalar),
    ("to_number", Keep::Scalar),
    ("direction", Keep::Scalar),
    ("metadata", METADATA),
    ("start_timestamp", Keep::Scalar),
    ("end_timestamp", Keep::Scalar),
    ("duration_ms", Keep::Scalar),
    ("disconnection_reason", Keep::Scalar),
    ("transfer_destination", DESTINATION),
    ("call_analysis", Keep::Object(&[("call_successful", Keep::Scalar), ("user_sentiment", Keep::Scalar)])),
    ("transcript_with_tool_calls", Keep::List(&TOOL_STEP, is_tool_step)),
]);

const METADATA: Keep = Keep::Object(&[("branch", Keep::Scalar), ("frontdesk_call_ref", Keep::Scalar)]);

/// A function's call or result inside the transcript: its ids, never its words.
const TOOL_STEP: Keep = Keep::Object(&[("role", Keep::Scalar), ("tool_call_id", Keep::Scalar), ("name", Keep::Scalar)]);

const INVOCATION: &str = "tool_call_invocation";
const RESULT: &str = "tool_call_result";

fn is_tool_step(item: &Node) -> bool {
    matches!(item.get("role").text(), Some(INVOCATION | RESULT))
}

/// Reads a body by what is to be kept of it.
pub(super) fn read(body: &[u8], keep: &'static Keep) -> Result<Node, DecodeError> {
    // Skipped text is not looked at by the parser, so bytes that are no text are found here, in one go.
    let text = std::str::from_utf8(body).map_err(|_| DecodeError::NotJson)?;
    match read_text(text, keep) {
        Err(DecodeError::NotJson) => match with_whole_letters(text) {
            Some(mended) => read_text(&mended, keep),
            None => Err(DecodeError::NotJson),
        },
        other => other,
    }
}

fn read_text(text: &str, keep: &'static Keep) -> Result<Node, DecodeError> {
    let mut json = serde_json::Deserializer::from_str(text);
    let node = Sieve(keep).deserialize(&mut json).and_then(|node| json.end().map(|()| node));
    match node {
        Ok(node) if node.is_object() => Ok(node),
        Ok(_) => Err(DecodeError::NotACall),
        // The parser has no other sign for it.
        Err(error) if error.to_string().starts_with("recursion limit exceeded") => Err(DecodeError::TooDeep),
        Err(_) => Err(DecodeError::NotJson),
    }
}

/// The text with every half of a split letter replaced, or `None` if there is none. JavaScript cuts an emoji in
/// two where it cuts a string, and writes the half as `\ud83d`, which no strict parser takes.
fn with_whole_letters(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut mended = false;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let taken = match (utf16_unit(escape), utf16_unit(escape.get(6..).unwrap_or_default())) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
            (Some(0xd800..=0xdfff), _) => {
                mended = true;
                out.push('\u{fffd}');
                rest = escape.get(6..).unwrap_or_default();
                continue;
            }
            // Two bytes, so that an escaped backslash is not taken for the start of the next escape. What
            // follows may be a longer letter: then the text is no JSON anyway.
            _ if escape.is_char_boundary(2) => 2,
            _ => 1,
        };
        let (keep, after) = escape.split_at(taken.min(escape.len()));
        out.push_str(keep);
        rest = after;
    }
    out.push_str(rest);
    mended.then_some(out)
}

/// The value of a leading `\uXXXX`.
fn utf16_unit(escape: &str) -> Option<u16> {
    let digits = escape.strip_prefix("\\u")?.get(..4)?;
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(())?;
    u16::from_str_radix(digits, 16).ok()
}

/// The facts of a call object; of anything else there are none.
pub(super) fn facts(call: &Node) -> CallFacts {
    let metadata = call.get("metadata");
    let analysis = call.get("call_analysis");
    CallFacts {
        call_id: identifier(call.get("call_id")).map(CallId::new),
        web: call.get("call_type").text() == Some("web_call"),
        direction: match call.get("direction").text() {
            Some(word) if word.eq_ignore_ascii_case("outbound") => Direction::Outbound,
            _ => Direction::Inbound,
        },
        from_number: short(call.get("from_number")).map(Pii::new),
        to_number: short(call.get("to_number")).map(Pii::new),
        agent_id: identifier(call.get("agent_id")),
        branch: identifier(metadata.get("branch")),
        call_ref: identifier(metadata.get("frontdesk_call_ref")),
        started_at: moment(call.get("start_timestamp")),
        ended_at: moment(call.get("end_timestamp")),
        duration_ms: call.get("duration_ms").integer(),
        disconnection_reason: short(call.get("disconnection_reason")),
        status: short(call.get("call_status")),
        platform_successful: analysis.get("call_successful").truth(),
        sentiment: short(analysis.get("user_sentiment")),
    }
}

/// Where a transfer goes: a number or SIP address, bare or in an object.
pub(super) fn destination(node: &Node) -> Option<String> {
    short(node).or_else(|| short(node.get("number"))).or_else(|| short(node.get("sip_uri")))
}

/// The id of the invocation being served: the last one of this function that has no result yet.
///
/// If several wait (a model may call a function twice in one turn, for two children) nothing says which of them
/// this request is, and the wrong id would make the second booking a repeat of the first. Then there is none.
pub(super) fn invocation(call: &Node, function: Function) -> Option<String> {
    let steps = call.get("transcript_with_tool_calls").items();
    let with_role = |role: &'static str| steps.iter().filter(move |step| step.get("role").text() == Some(role));
    let id = |step: &Node| identifier(step.get("tool_call_id"));
    let mut waiting = with_role(INVOCATION)
        .filter(|step| step.get("name").text().is_none_or(|name| Function::parse(name) == Some(function)))
        .filter_map(id)
        .filter(|invoked| !with_role(RESULT).any(|step| id(step).as_ref() == Some(invoked)));
    let only = waiting.next()?;
    waiting.all(|other| other == only).then_some(only)
}

/// No identifier is longer; a longer one is none, because a cut one would be another.
pub(super) const IDENTIFIER_BYTES: usize = 200;

/// An identifier: trimmed, and only if it is one (not empty, printable, not too long).
pub(super) fn identifier(node: &Node) -> Option<String> {
    let text = node.text()?.trim();
    let sane = !text.is_empty() && text.len() <= IDENTIFIER_BYTES && !text.chars().any(char::is_control);
    sane.then(|| text.to_owned())
}

/// A word of the platform as it came, at most 200 characters, without control characters.
pub(super) fn short(node: &Node) -> Option<String> {
    let text = node.text()?;
    Some(first_chars(text, 200).chars().filter(|letter| !letter.is_control()).collect())
}

/// Unix milliseconds.
fn moment(node: &Node) -> Option<Timestamp> {
    Timestamp::from_millisecond(node.integer()?).ok()
}
