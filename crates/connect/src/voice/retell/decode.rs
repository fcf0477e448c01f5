//! Function calls: which function, on which call, with which words.

use std::fmt;

use frontdesk_domain::calling::{CallFacts, Function, FunctionCall, Platform};
use frontdesk_domain::ids::CallId;

use super::wire;
use crate::voice::args::{Arguments, field_of};
use crate::voice::sieve::{Node, first_chars};

/// Why a body is not a call we can serve. Names are cut to 64 harmless characters.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each variant says what its fields are")]
pub enum DecodeError {
    /// Not JSON, or not even text.
    NotJson,
    /// Nested deeper than anybody means it.
    TooDeep,
    /// JSON, but nothing that names a function or an event.
    NotACall,
    /// A function that no version of the desk ever had: the agent's set-up is wrong.
    UnknownFunction(String),
    /// The address names one function, the body another: the agent's set-up is wrong.
    FunctionMismatch { path: String, body: String },
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson => f.write_str("the body is not JSON"),
            Self::TooDeep => f.write_str("the body is nested too deep"),
            Self::NotACall => f.write_str("the body is not a call"),
            Self::UnknownFunction(name) => write!(f, "there is no function {name}"),
            Self::FunctionMismatch { path, body } => write!(f, "the address names {path}, the body {body}"),
        }
    }
}

impl std::error::Error for DecodeError {}

/// Reads the body of a function call; `path_name` is the function named in the address, if it names one.
///
/// Every shape ever sent is understood: `{name, args, call}`, `{function_name, parameters, call}`, `{name,
/// arguments}` with the arguments as object or JSON text, a nested `function` or `tool`, and the bare arguments
/// ("args only": neither a call nor arguments of their own). Only of bare arguments is `call_id` believed.
///
/// # Errors
/// See [`DecodeError`]. Missing or odd arguments are no error: the desk asks for what it needs.
pub fn decode_function_call(body: &[u8], path_name: Option<&str>) -> Result<FunctionCall, DecodeError> {
    let mut envelope = wire::read(body, &wire::FUNCTION_CALL)?;
    let call = envelope.take("call");
    let mut nested = ["function", "tool", "tool_call"]
        .into_iter()
        .map(|key| envelope.take(key))
        .find(|node| !matches!(node, Node::Nothing))
        .unwrap_or_default();
    let own_arguments = own_arguments(&mut envelope).or_else(|| own_arguments(&mut nested));
    let args_only = !call.is_object() && own_arguments.is_none() && !nested.is_object();

    let explicit = ["function_name", "tool_name"]
        .into_iter()
        .map(|key| envelope.get(key))
        .chain([nested.get("name"), &nested])
        .find_map(name_in);
    let name = envelope.take("name");
    // In bare arguments `name` is the customer's, unless it is a function's.
    let is_customer = args_only && name_in(&name).is_none_or(|name| Function::parse(&name).is_none());
    let body_name = explicit.or_else(|| name_in(&name).filter(|_| !is_customer));
    let function = agreed(path_name, body_name.as_deref())?;

    let mut arguments = own_arguments.unwrap_or_else(|| rest_of(envelope));
    if is_customer && let Some((field, rank)) = field_of("name") {
        arguments.offer(field, rank, name);
    }
    let args = arguments.into_args();
    let facts = if args_only {
        let call_id = args.call_id.as_deref().filter(|id| id.len() <= wire::IDENTIFIER_BYTES).map(CallId::new);
        CallFacts { call_id, ..CallFacts::default() }
    } else {
        wire::facts(&call)
    };
    let invocation = wire::invocation(&call, function);
    Ok(FunctionCall { platform: Platform::Retell, function, args, facts, invocation, args_only })
}

/// A name, however odd: one that is given but unreadable must not be taken for none, or the address would decide.
fn name_in(node: &Node) -> Option<String> {
    node.text().map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned)
}

/// The function that address and body agree on.
fn agreed(path: Option<&str>, body: Option<&str>) -> Result<Function, DecodeError> {
    let known = |name: &str| Function::parse(name).ok_or_else(|| DecodeError::UnknownFunction(harmless(name)));
    let (Some(path), Some(body)) = (path, body) else {
        return known(path.or(body).ok_or(DecodeError::NotACall)?);
    };
    let function = known(body)?;
    if Function::parse(path) == Some(function) {
        return Ok(function);
    }
    Err(DecodeError::FunctionMismatch { path: harmless(path), body: harmless(body) })
}

/// The arguments under a key of their own; of several, the first that says anything.
fn own_arguments(object: &mut Node) -> Option<Arguments> {
    let mut found: Option<Arguments> = None;
    let named = ["args", "arguments", "parameters"].into_iter().filter_map(|key| match object.take(key) {
        Node::Arguments(arguments) => Some(arguments),
        Node::Nothing => None,
        // A number where arguments belong: there are some, and they say nothing.
        _ => Some(Arguments::default()),
    });
    for arguments in named {
        if found.as_ref().is_none_or(Arguments::is_empty) {
            found = Some(arguments);
        }
    }
    found
}

/// Everything beside the named keys, as arguments.
fn rest_of(envelope: Node) -> Arguments {
    match envelope {
        Node::Object(_, arguments) => arguments,
        _ => Arguments::default(),
    }
}

/// A name from outside, fit for logs and answers: 64 characters of letters, digits, `_` and `-`.
fn harmless(name: &str) -> String {
    let safe = |letter: char| if letter.is_ascii_alphanumeric() || "_-".contains(letter) { letter } else { '?' };
    first_chars(name.trim(), 64).chars().map(safe).collect()
}
