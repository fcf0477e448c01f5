//! `frontdesk fake-calcom`: a Cal.com of one's own, with failures on demand.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use frontdesk_domain::ports::Clock;
use frontdesk_fake_calcom::{FakeCalcom, Rule, World, server};
use jiff::Timestamp;
use serde_json::json;
use tokio::net::TcpListener;

use super::output::EXIT_CODES;
use super::{CommandOutput, block_on};
use crate::out;
use crate::world::{AskedToEnd, SystemClock};

const EXAMPLES: &str = "\
Examples:
  frontdesk fake-calcom
  frontdesk fake-calcom --latency-ms 180 --fault lost-answer,op=create,p=0.1
  frontdesk fake-calcom --fault hang=19,op=create,times=1 --fault webhook-double
  frontdesk fake-calcom --world my-world.json --listen 127.0.0.1:4010

Faults: latency=S hang=S hang-after=S error-before=STATUS error-after=STATUS lost-answer late-effect=S too-many
key-revoked webhook-double webhook-drop webhook-reorder webhook-delay=S, each with ,op=OPERATION ,p=0..1 ,times=N.
Operations: slots reserve create get list cancel reschedule decide attendees catalogue webhooks.
All of it, and how to change it while it runs: docs/FAKE_CALCOM.md.
";

/// A stand-in for Cal.com on this machine, with its known quirks, that fails when told to
#[derive(Debug, clap::Args)]
#[command(after_help = format!("{EXAMPLES}\n{EXIT_CODES}"))]
pub(super) struct Args {
    /// Where to listen; port 0 takes any free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:4010")]
    listen: SocketAddr,
    /// Users, schedules, teams, event types and webhooks to begin with, as JSON; else a small salon
    #[arg(long, value_name = "FILE")]
    world: Option<PathBuf>,
    /// How long every request takes between its check and its effect, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 0)]
    latency_ms: u64,
    /// Something that goes wrong; may be given several times
    #[arg(long, value_name = "RULE")]
    fault: Vec<Rule>,
    /// How far lists, gets and slots lag behind, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    read_lag: u64,
    /// Has the attendees endpoint of 2026, and its limit of five changes a minute
    #[arg(long)]
    attendees_endpoint: bool,
    /// Decides ids and dice
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// Start the clock there and let it run
    #[arg(long, value_name = "RFC3339")]
    now: Option<Timestamp>,
    /// Say where it listens as one line of JSON, for scripts
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> ExitCode {
    let fake = match world(args.world.as_deref()) {
        Ok(world) => FakeCalcom::new(world, args.seed),
        Err(output) => return output.print(),
    };
    for rule in &args.fault {
        fake.add_fault(*rule);
    }
    fake.set_read_lag(Duration::from_secs(args.read_lag));
    if args.attendees_endpoint {
        fake.set_attendees_endpoint(true);
    }
    match block_on(serve(args, Arc::new(fake))) {
        Ok(Ok(())) => CommandOutput::ok("").print(),
        Ok(Err(output)) | Err(output) => output.print(),
    }
}

fn world(file: Option<&Path>) -> Result<World, CommandOutput> {
    let Some(file) = file else { return Ok(World::salon()) };
    let text = std::fs::read_to_string(file)
        .map_err(|error| CommandOutput::wrong(format!("{} cannot be read: {error}", file.display())))?;
    World::read(&text).map_err(|error| CommandOutput::wrong(format!("{}: {error}", file.display())))
}

async fn serve(args: &Args, fake: Arc<FakeCalcom>) -> Result<(), CommandOutput> {
    let asked_to_end = AskedToEnd::listen()
        .map_err(|error| CommandOutput::wrong(format!("this machine gives no signals to end by: {error}")))?;
    let listener = TcpListener::bind(args.listen).await.map_err(|error| {
        CommandOutput::refused(format!("{} cannot be listened on: {error}; choose another with --listen", args.listen))
    })?;
    let address =
        listener.local_addr().map_err(|error| CommandOutput::wrong(format!("the address cannot be told: {error}")))?;
    let clock = args.now.map_or_else(SystemClock::new, SystemClock::starting_at);
    out::text(if args.json { as_json(&fake, address) } else { greeting(&fake, address) });
    let serving = server::serve(listener, fake, Arc::new(move || clock.now()), Duration::from_millis(args.latency_ms));
    tokio::select! {
        served = serving => served.map_err(|error| CommandOutput::wrong(format!("the fake Cal.com ended: {error}"))),
        () = asked_to_end.wait() => Ok(()),
    }
}

fn as_json(fake: &FakeCalcom, address: SocketAddr) -> String {
    let keys: Vec<String> = fake.users().into_iter().map(|user| user.api_key).collect();
    format!("{}\n", json!({ "address": format!("http://{address}"), "keys": keys, "event_types": fake.event_types() }))
}

/// What a person at the terminal wants to know.
fn greeting(fake: &FakeCalcom, address: SocketAddr) -> String {
    let users = fake.users();
    let mut text = format!("A fake Cal.com listens on http://{address}/v2 (Ctrl-C ends it)\n\n  keys\n");
    for user in &users {
        text.push_str(&format!("    {:<28} {}\n", user.api_key, user.name));
    }
    text.push_str("\n  event types\n");
    for event_type in fake.event_types() {
        let names: Vec<&str> =
            users.iter().filter(|user| event_type.hosts.contains(&user.id)).map(|user| user.name.as_str()).collect();
        let kind = if event_type.is_round_robin() { ", round robin" } else { "" };
        text.push_str(&format!(
            "    {:>3}  {} ({} min{kind}): {}\n",
            event_type.id,
            event_type.title,
            event_type.length_in_minutes,
            names.join(", ")
        ));
    }
    let faults = fake.faults();
    if !faults.is_empty() {
        let rules: Vec<String> = faults.iter().map(ToString::to_string).collect();
        text.push_str(&format!("\n  faults\n    {}\n", rules.join("\n    ")));
    }
    text.push_str(&format!(
        "\nTry, in another terminal:\n  \
         curl -H 'cal-api-version: 2024-09-04' 'http://{address}/v2/slots?eventTypeId=1&start=2030-01-07&end=2030-01-08'\n  \
         curl -d 'lost-answer,op=create,times=1' http://{address}/_fake/faults\n  \
         curl http://{address}/_fake/bookings\n\
         Register a webhook with POST /v2/webhooks, as with the real one. More in docs/FAKE_CALCOM.md.\n"
    ));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greeting_tells_the_address_a_key_and_what_can_be_booked() {
        let fake = FakeCalcom::new(World::salon(), 1);
        fake.add_fault("hang=19,op=create,times=1".parse().expect("a rule"));
        let text = greeting(&fake, SocketAddr::from(([127, 0, 0, 1], 4010)));
        for part in [
            "http://127.0.0.1:4010/v2",
            "cal_demo_emma",
            "Herrenhaarschnitt (30 min)",
            "round robin",
            "hang=19,op=create",
        ] {
            assert!(text.contains(part), "{part} is missing in:\n{text}");
        }
    }

    #[test]
    fn a_world_that_cannot_be_read_is_named_with_the_place() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("world.json");
        std::fs::write(&file, "{ \"users\": 7 }").expect("written");
        let output = world(Some(&file)).expect_err("no world");
        assert!(output.err.contains("world.json") && output.err.contains("line 1"), "{}", output.err);
    }
}
