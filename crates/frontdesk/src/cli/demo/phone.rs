//! A phone line into the demo: function calls as the voice platform sends them, through real HTTP, signed.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use frontdesk_connect::http::Client;
use frontdesk_connect::voice::retell::sign;
use frontdesk_domain::ports::Ctx;
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::world::Stopwatch;

/// No demo answer takes longer than this, or something is wrong.
const PATIENCE: Duration = Duration::from_secs(5);

/// The way into the running desk: one number of one salon.
pub(super) struct Line {
    client: Client,
    functions_url: String,
    number: &'static str,
    agent: &'static str,
    key: SecretString,
    ctx: Ctx,
    calls: AtomicU32,
}

/// One call on that line.
pub(super) struct Call<'l> {
    line: &'l Line,
    id: String,
    from: Option<&'static str>,
    asked: AtomicU32,
}

/// An answer, and how long the caller waited for it.
#[derive(Clone, Debug)]
pub(super) struct Heard {
    pub(super) json: Value,
    pub(super) took: Duration,
}

impl Line {
    /// The line of this number and agent into what answers at that address.
    pub(super) fn new(
        client: Client,
        functions_url: String,
        (number, agent): (&'static str, &'static str),
        key: SecretString,
        ctx: Ctx,
    ) -> Self {
        Self { client, functions_url, number, agent, key, ctx, calls: AtomicU32::new(0) }
    }

    /// Somebody rings; `None`: with the number withheld.
    pub(super) fn ring(&self, from: Option<&'static str>) -> Call<'_> {
        let number = self.calls.fetch_add(1, Ordering::Relaxed);
        let id = self.ctx.id(&format!("call_demo{number}_"));
        Call { line: self, id, from, asked: AtomicU32::new(0) }
    }
}

impl Call<'_> {
    /// The platform's id of this call, for `frontdesk explain`.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Calls a function and gives back the answer.
    pub(super) async fn ask(&self, function: &str, args: &Value) -> Result<Heard, String> {
        let invocation = format!("{}-{}", self.id, self.asked.fetch_add(1, Ordering::Relaxed));
        let body = json!({
            "name": function,
            "args": args,
            "call": {
                "call_id": self.id,
                "call_type": "phone_call",
                "agent_id": self.line.agent,
                "call_status": "ongoing",
                "direction": "inbound",
                "from_number": self.from.unwrap_or("anonymous"),
                "to_number": self.line.number,
                "transcript_with_tool_calls": [{
                    "role": "tool_call_invocation", "tool_call_id": invocation, "name": function,
                    "arguments": args.to_string(), "type": "custom",
                }],
            },
        });
        let body = body.to_string().into_bytes();
        let signature = sign(&body, &self.line.key, self.line.ctx.now());
        let url = format!("{}/{function}", self.line.functions_url);
        let headers = [("x-retell-signature", signature.as_str())];
        let waiting = Stopwatch::start();
        let (status, answer) = self
            .line
            .client
            .post_json(&url, &headers, body, PATIENCE)
            .await
            .map_err(|error| format!("{function}: {error}"))?;
        if status != 200 {
            return Err(format!("{function}: HTTP {status}"));
        }
        let took = waiting.elapsed();
        let json = serde_json::from_slice(&answer).map_err(|error| format!("{function}: {error}"))?;
        Ok(Heard { json, took })
    }
}
