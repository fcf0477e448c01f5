//! A desk in memory that answers the examples: the same on every machine and in every run.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use frontdesk_connect::voice::retell::{self, InboundAnswer};
use frontdesk_desk::Desk;
use frontdesk_domain::calling::Function;
use frontdesk_domain::ports::{Clock, Ctx};
use frontdesk_store::Store;
use frontdesk_store::tenants::Door;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::functions::Entry;
use crate::cli::{Apply, Exit, Premises, StoreCommand};
use crate::tenant_file;

const SALON: &str = include_str!("../../../../../examples/salon-morgenrot.toml");
const ENDPOINT: &str = "ep_5Jq0demo";
/// Tuesday, 1 December 2026, 9:12:31 in Berlin.
const NOW_MS: i64 = 1_796_112_751_000;

struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(NOW_MS).unwrap_or_default()
    }
}

/// A salon with its desk; nothing in it outlives the example.
pub(super) struct Rehearsal {
    desk: Desk,
    door: Arc<Door>,
}

impl Rehearsal {
    /// Opens a fresh salon; the text says what is wrong with the example's file.
    pub(super) async fn open() -> Result<Self, String> {
        let next = AtomicU8::new(0);
        let ctx = Ctx::new(
            Arc::new(Still),
            Arc::new(move |bytes: &mut [u8]| {
                // No secret is made here; any bytes do that are the same in every run and not all alike.
                for byte in bytes {
                    *byte = next.fetch_add(1, Ordering::Relaxed).wrapping_mul(157).wrapping_add(91).rotate_left(3);
                }
            }),
        );
        let store = Store::in_memory(ctx).map_err(|error| error.to_string())?;
        let file = tenant_file::read(SALON, "salon-morgenrot.toml").map_err(|errors| errors.to_string())?;
        let premises = Premises { store: &store, base_url: "", served: false };
        let applied = StoreCommand::TenantApply(Box::new(Apply::new(file, false))).run(&premises).await;
        if applied.exit != Exit::Ok {
            return Err(applied.err);
        }
        let desk = Desk::new(store);
        let door = desk.doors().find(ENDPOINT).await.map_err(|error| error.to_string())?;
        Ok(Self { desk, door: door.ok_or("the salon has no endpoint")? })
    }

    async fn ask(&self, function: Function, args: &Value) -> Result<Value, String> {
        let body = json!({ "name": function.name(), "args": args, "call": {
            "call_id": "call_5b1f0c7a9e2d4863b0ce7f1a24d", "call_type": "phone_call", "direction": "inbound",
            "from_number": "+491713920017", "to_number": "+493023125101", "call_status": "ongoing",
        }});
        let call =
            retell::decode_function_call(body.to_string().as_bytes(), None).map_err(|error| error.to_string())?;
        let bytes = retell::encode_answer(&self.desk.answer(&self.door, call).await.answer);
        serde_json::from_slice(&bytes).map_err(|error| error.to_string())
    }

    /// Plays an entry's example; its arguments as they were sent, and the answer. Fails if it ends otherwise than the
    /// entry says.
    pub(super) async fn play(&self, entry: &Entry) -> Result<(Value, Value), String> {
        let mut token = String::new();
        for (function, args) in entry.before {
            let answer = self.ask(*function, &read(args)?).await?;
            if let Some(told) = answer.pointer("/slot/token").and_then(Value::as_str) {
                token = told.to_owned();
            }
        }
        let args = read(&entry.example.replace("$token", &token))?;
        let answer = self.ask(entry.function, &args).await?;
        if answer.get("status").and_then(Value::as_str) != Some(entry.status) {
            return Err(format!("the example of {} is not {}: {answer}", entry.function.name(), entry.status));
        }
        Ok((args, answer))
    }

    /// What the inbound webhook answers to a known caller.
    pub(super) async fn ring(&self) -> Result<Value, String> {
        let body = json!({ "event": "call_inbound", "call_inbound": {
            "from_number": "+491713920017", "to_number": "+493023125101",
        }});
        let call = retell::decode_inbound(body.to_string().as_bytes()).map_err(|error| error.to_string())?;
        let context = self.desk.inbound(&self.door, call).await.map_err(|error| error.to_string())?;
        let answer = InboundAnswer {
            override_agent_id: context.agent_id,
            dynamic_variables: context.variables,
            call_ref: context.call_ref,
        };
        serde_json::from_slice(&retell::encode_inbound(&answer)).map_err(|error| error.to_string())
    }
}

fn read(args: &str) -> Result<Value, String> {
    serde_json::from_str(args).map_err(|error| format!("{args}: {error}"))
}
