//! `frontdesk call`: one signed function call, as a voice platform would send it.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use frontdesk_connect::http::{Client, HttpError};
use frontdesk_connect::voice::retell;
use frontdesk_domain::calling::Platform;
use frontdesk_domain::ports::Clock;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::place::Place;
use super::{CommandOutput, Exit, Premises, StoreCommand, block_on};
use crate::control;
use crate::world::{self, Stopwatch, SystemClock};

/// Longer than any answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Make one signed function call, as a voice agent would, and print what the caller hears
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Without --url, --endpoint and --key the running frontdesk of the data folder is called for its only tenant.

Examples:
  frontdesk call start_call
  frontdesk call check_availability --arg service_name=Herrenhaarschnitt --arg date=morgen --arg time=\"10 Uhr\"
  frontdesk call book_appointment --call-id call_1 --from +491713920017 \\
      --arg service_name=Herrenhaarschnitt --arg date=2026-12-02 --arg time=10:00 --arg customer_name=\"Erika Muster\"

Exit codes: 0 answered, 1 it went wrong (also status error), 2 wrong usage, 3 refused (signature, not running).")]
pub(super) struct Args {
    /// The function's name
    function: String,
    /// An argument; a value that is a JSON list, object or truth value is sent as such
    #[arg(long = "arg", value_name = "NAME=VALUE", value_parser = argument)]
    args: Vec<(String, Value)>,
    /// The calling number; without it the call is anonymous
    #[arg(long, value_name = "NUMBER")]
    from: Option<String>,
    /// The called number; without it the tenant's first line
    #[arg(long, value_name = "NUMBER")]
    to: Option<String>,
    /// The voice agent's id; without it that of the line
    #[arg(long, value_name = "ID")]
    agent: Option<String>,
    /// The call's id: the same for several calls of functions in one telephone call
    #[arg(long, value_name = "ID")]
    call_id: Option<String>,
    /// Where frontdesk is reached
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// The tenant's endpoint token
    #[arg(long, value_name = "TOKEN")]
    endpoint: Option<String>,
    /// The key to sign with
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    /// Which tenant of the data folder, by its short name
    #[arg(long, value_name = "SLUG")]
    tenant: Option<String>,
    /// Print the answer's JSON as it came
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

fn argument(text: &str) -> Result<(String, Value), String> {
    let (name, value) = text.split_once('=').ok_or("write it as NAME=VALUE")?;
    let structured = serde_json::from_str(value).ok().filter(|value: &Value| !value.is_string() && !value.is_number());
    Ok((name.trim().to_owned(), structured.unwrap_or_else(|| Value::from(value))))
}

/// What a call needs to know about a tenant. Holds a key: not `Debug`.
#[derive(Serialize, Deserialize)]
struct DoorFound {
    url: String,
    endpoint: String,
    key: Option<String>,
    number: Option<String>,
    agent: Option<String>,
    now: Timestamp,
    served: bool,
}

/// The door of one tenant, for whoever may read the data folder.
pub(super) async fn door(tenant: Option<&str>, endpoint: Option<&str>, premises: &Premises<'_>) -> CommandOutput {
    let mut tenants = match premises.store.tenants().await {
        Ok(tenants) => tenants,
        Err(error) => return CommandOutput::wrong(format!("The tenants cannot be read: {error}")),
    };
    tenants.retain(|(_, one, token)| {
        tenant.is_none_or(|slug| one.slug == slug) && endpoint.is_none_or(|endpoint| endpoint == token)
    });
    let [(_, tenant, endpoint)] = tenants.as_slice() else {
        return CommandOutput::wrong(if tenants.is_empty() {
            "There is no such tenant yet. Put one in: frontdesk tenant apply examples/salon-morgenrot.toml"
        } else {
            "There are several tenants; name one with --tenant SLUG (frontdesk tenant list shows them)."
        });
    };
    let door = match premises.store.door(endpoint).await {
        Ok(door) => door,
        Err(error) => return CommandOutput::wrong(format!("The tenant's keys cannot be read: {error}")),
    };
    let line = tenant
        .branches
        .iter()
        .filter(|branch| branch.id == tenant.default_branch)
        .chain(&tenant.branches)
        .flat_map(|branch| &branch.lines)
        .next();
    let agent = line.and_then(|line| line.agents.iter().find(|agent| agent.platform == Platform::Retell));
    let keys = door.map(|door| door.retell_keys).unwrap_or_default();
    let found = DoorFound {
        url: premises.base_url.to_owned(),
        endpoint: endpoint.clone(),
        key: keys.first().map(|key| key.expose_secret().to_owned()),
        number: line.and_then(|line| line.number.as_ref()).map(|number| number.reveal().to_owned()),
        agent: agent.map(|agent| agent.id.clone()),
        now: premises.store.ctx().now(),
        served: premises.served,
    };
    match serde_json::to_string(&found) {
        Ok(text) => CommandOutput::ok(text),
        Err(error) => CommandOutput::wrong(error.to_string()),
    }
}

/// Where to, as whom, and when (the server's clock may be another under `serve --now`).
struct Target {
    url: String,
    endpoint: String,
    key: SecretString,
    number: Option<String>,
    agent: Option<String>,
    now: Timestamp,
}

pub(super) fn run(args: &Args) -> CommandOutput {
    match target(args) {
        Ok(target) => block_on(send(args, &target)).unwrap_or_else(|output| output),
        Err(output) => output,
    }
}

fn target(args: &Args) -> Result<Target, CommandOutput> {
    let now = SystemClock::new().now();
    if let (Some(url), Some(endpoint), Some(key)) = (&args.url, &args.endpoint, &args.key) {
        return Ok(Target {
            url: url.trim_end_matches('/').to_owned(),
            endpoint: endpoint.clone(),
            key: SecretString::from(key.clone()),
            number: None,
            agent: None,
            now: local_server_now(args).unwrap_or(now),
        });
    }
    let command = StoreCommand::Door { tenant: args.tenant.clone(), endpoint: args.endpoint.clone() };
    let told = args.place.run(command);
    if told.exit != Exit::Ok {
        return Err(told);
    }
    let found: DoorFound = serde_json::from_str(&told.out).map_err(|_| {
        CommandOutput::refused("The running frontdesk is of another version; restart it with this one.")
    })?;
    if !found.served && args.url.is_none() {
        return Err(CommandOutput::refused(
            "No frontdesk serves this data folder. Start one beside this: frontdesk serve",
        ));
    }
    let key = args.key.clone().or(found.key).ok_or_else(|| {
        CommandOutput::wrong("This tenant has no Retell key; put one into its file under [voice.retell] and apply it.")
    })?;
    Ok(Target {
        url: args.url.clone().unwrap_or(found.url).trim_end_matches('/').to_owned(),
        endpoint: args.endpoint.clone().unwrap_or(found.endpoint),
        key: SecretString::from(key),
        number: found.number,
        agent: found.agent,
        now: found.now,
    })
}

/// The clock of the server that holds the data folder, if there is one.
fn local_server_now(args: &Args) -> Option<Timestamp> {
    let config = args.place.settings().ok()?;
    let command = StoreCommand::Door { tenant: args.tenant.clone(), endpoint: args.endpoint.clone() };
    let told = block_on(control::ask(&config.data.dir, &command)).ok()?.ok()?;
    Some(serde_json::from_str::<DoorFound>(&told.out).ok()?.now)
}

async fn send(args: &Args, target: &Target) -> CommandOutput {
    let call_id = args.call_id.clone().unwrap_or_else(|| {
        let ctx = world::ctx(Arc::new(SystemClock::new()));
        ctx.token("call_", 27)
    });
    let body = json!({
        "name": args.function,
        "args": args.args.iter().cloned().collect::<Map<_, _>>(),
        "call": {
            "call_id": call_id,
            "call_type": "phone_call",
            "call_status": "ongoing",
            "direction": "inbound",
            "from_number": args.from.as_deref().unwrap_or("anonymous"),
            "to_number": args.to.as_ref().or(target.number.as_ref()),
            "agent_id": args.agent.as_ref().or(target.agent.as_ref()),
            "start_timestamp": target.now.as_millisecond(),
        },
    });
    let body = body.to_string().into_bytes();
    let signature = retell::sign(&body, &target.key, target.now);
    let url = format!("{}/v1/retell/{}/functions/{}", target.url, target.endpoint, args.function);
    let client = match Client::new() {
        Ok(client) => client,
        Err(error) => return CommandOutput::wrong(format!("No call can be made: {error}")),
    };
    let watch = Stopwatch::start();
    let headers = [(retell::SIGNATURE_HEADER, signature.as_str())];
    match client.post_json(&url, &headers, body, PATIENCE).await {
        Ok((200, answer)) => heard(args, &call_id, &answer, watch.elapsed()),
        Ok((401, _)) => CommandOutput::refused(
            "Refused (401): the endpoint or the key is not the tenant's, or the clocks are more than five minutes apart.",
        ),
        Ok((status, answer)) => {
            CommandOutput::wrong(format!("Answered {status}: {}", String::from_utf8_lossy(&answer)))
        }
        Err(HttpError::NotSent) => CommandOutput::refused(format!(
            "{} cannot be reached. Is it running? Start it with: frontdesk serve",
            target.url
        )),
        Err(error) => CommandOutput::wrong(format!("{}: {error}", target.url)),
    }
}

fn heard(args: &Args, call_id: &str, answer: &[u8], took: Duration) -> CommandOutput {
    let Ok(Value::Object(answer)) = serde_json::from_slice::<Value>(answer) else {
        return CommandOutput::wrong("Answered, but not with what frontdesk says. Is --url right?");
    };
    let word = |key: &str| answer.get(key).and_then(Value::as_str).unwrap_or("?");
    let exit = if word("status") == "error" { Exit::Wrong } else { Exit::Ok };
    if args.json {
        return CommandOutput { exit, ..CommandOutput::json(&Value::Object(answer)) };
    }
    let mut text = format!("“{}”\n\n{} ({})", word("spoken"), word("status"), word("code"));
    let _infallible = writeln!(text, "   {}.{} ms, call {call_id}", took.as_millis(), took.as_micros() % 1000 / 100);
    for (key, value) in &answer {
        if !matches!(key.as_str(), "status" | "code" | "booked" | "spoken") {
            let _infallible = writeln!(text, "  {key}: {}", told(value));
        }
    }
    CommandOutput { exit, ..CommandOutput::ok(text) }
}

fn told(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) if items.iter().any(Value::is_object) => {
            items.iter().map(|item| format!("\n    {}", told(item))).collect()
        }
        Value::Object(fields) => {
            fields.iter().map(|(key, value)| format!("{key} {}", told(value))).collect::<Vec<_>>().join(", ")
        }
        Value::Array(items) => items.iter().map(told).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}
