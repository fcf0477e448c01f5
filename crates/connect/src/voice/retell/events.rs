//! Webhooks: what happened to a call, and who is ringing.

use frontdesk_domain::calling::{CallEvent, CallEventKind, CallFacts, InboundCall, Platform};

use super::decode::DecodeError;
use super::wire;

/// Reads the body of an event webhook. Chats and events of the future are [`CallEventKind::Other`], not errors.
///
/// # Errors
/// The body is not JSON, or names no event.
pub fn decode_event(body: &[u8]) -> Result<CallEvent, DecodeError> {
    let event = wire::read(body, &wire::EVENT)?;
    let word = wire::identifier(event.get("event")).ok_or(DecodeError::NotACall)?;
    let call = event.get("call");
    let kind = match word.as_str() {
        "call_started" => CallEventKind::Started,
        "call_ended" => CallEventKind::Ended,
        "call_analyzed" => CallEventKind::Analyzed,
        "transcript_updated" => CallEventKind::Transcript,
        transfer if transfer.starts_with("transfer_") => CallEventKind::Transfer(word),
        _ => CallEventKind::Other(word),
    };
    let transfer_to = wire::destination(event.get("transfer_destination"))
        .or_else(|| wire::destination(call.get("transfer_destination")));
    Ok(CallEvent { platform: Platform::Retell, kind, facts: wire::facts(call), transfer_to })
}

/// Reads the body of an inbound webhook: nothing is answered yet, so there are numbers, perhaps an agent, and
/// perhaps the call's id.
///
/// # Errors
/// The body is not JSON, or asks about no voice call (text messages come this way too).
pub fn decode_inbound(body: &[u8]) -> Result<InboundCall, DecodeError> {
    let request = wire::read(body, &wire::INBOUND)?;
    let call = request.get("call_inbound");
    if !call.is_object() {
        return Err(DecodeError::NotACall);
    }
    Ok(InboundCall { platform: Platform::Retell, facts: wire::facts(call) })
}

/// What makes two deliveries the same event: event and call id, of transfers also the call's start.
///
/// `None` where there is nothing to hold on to: no call id, or streamed transcripts, of which each replaces the
/// one before.
pub fn event_key(event: &CallEvent) -> Option<String> {
    let CallFacts { call_id, started_at, .. } = &event.facts;
    let call_id = call_id.as_ref()?;
    let word = match &event.kind {
        CallEventKind::Started => "call_started",
        CallEventKind::Ended => "call_ended",
        CallEventKind::Analyzed => "call_analyzed",
        CallEventKind::Transfer(word) => {
            return Some(match started_at {
                Some(start) => format!("{word}:{call_id}:{}", start.as_millisecond()),
                None => format!("{word}:{call_id}"),
            });
        }
        CallEventKind::Transcript => return None,
        CallEventKind::Other(word) => word,
    };
    Some(format!("{word}:{call_id}"))
}
