//! `frontdesk demo`: the whole thing with nothing installed. Real HTTP on loopback, real signatures, a real database,
//! two invented salons: one keeps its own calendar, one keeps it in a stand-in for Cal.com that fails when told to.

mod calendar_scenes;
mod ledgers;
mod outside;
mod phone;
mod scenes;
mod stage;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use frontdesk_connect::http::Client;
use frontdesk_domain::tenant::Tenant;
use frontdesk_store::TenantScope;
use secrecy::SecretString;

use super::{Apply, CommandOutput, Exit, Premises, Serving, StoreCommand};
use crate::config::Config;
use crate::tenant_file::{self, TenantFile};
use crate::world::{AskedToEnd, SystemClock};
use crate::{logs, out};
use calendar_scenes::Linked;
use ledgers::Ours;
use outside::Outside;
use phone::Line;
use scenes::Days;
use stage::Stage;

/// A salon that keeps its own calendar.
const SALON: &str = include_str!("demo/salon.toml");
const SALONS_LINE: (&str, &str) = ("+493023125150", "agent_demo_altstadt");
/// The example of a salon that keeps it in Cal.com.
const LINKED: &str = include_str!("../../../../examples/salon-mit-calcom.toml");
const LINKEDS_LINE: (&str, &str) = ("+493023125170", "agent_invented_calcom");
/// What that salon calls Emma and the event type of its team in Cal.com.
const EMMA_THERE: u64 = 1;
const TEAMS_EVENT_TYPE: u64 = 8;

/// Play calls through the real door with two demo salons and a Cal.com that fails, then keep serving
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  frontdesk demo
  frontdesk demo --once
  frontdesk demo --listen 127.0.0.1:9000 --data ./demo-data

Exit codes: 0 every call ended as it must, 1 one did not or it could not start, 2 wrong usage, 3 the address or the data
folder is in use.")]
pub struct Args {
    /// End after the calls: 0 only if every one ended as it must
    #[arg(long)]
    once: bool,
    /// Where to listen; any free port of this machine unless said
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// Keep the data in this empty folder; unless said it is gone with the demo
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// Runs the demo.
pub fn run(args: &Args) -> ExitCode {
    // What the desk warns of while a calendar fails is what the scenes show.
    logs::start("warn,frontdesk_desk=error", crate::config::LogFormat::Auto);
    logs::tame_panics();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return CommandOutput::wrong(format!("This machine gives no threads: {error}")).print(),
    };
    match runtime.block_on(play(args)) {
        Ok(true) => Exit::Ok.into(),
        Ok(false) => Exit::Wrong.into(),
        Err(error) => {
            out::error(format!("The demo cannot run: {error}"));
            Exit::Wrong.into()
        }
    }
}

/// Whether every call ended as it must.
async fn play(args: &Args) -> Result<bool, String> {
    let thrown_away = tempfile::tempdir().map_err(|error| format!("no temporary folder: {error}"))?;
    let mut config = Config::load(None, std::iter::empty()).map_err(|error| error.to_string())?;
    config.server.listen = args.listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 0)));
    config.data.dir = args.data.clone().unwrap_or_else(|| thrown_away.path().join("data"));
    if !config.server.listen.ip().is_loopback() {
        return Err("its keys are public, so it only listens on this machine (--listen 127.0.0.1:8080)".to_owned());
    }
    let asked_to_end = AskedToEnd::listen().map_err(|error| error.to_string())?;
    let serving = Serving::start(config, SystemClock::new()).await.map_err(|error| error.to_string())?;
    if !serving.app.store().tenants().await.map_err(|error| error.to_string())?.is_empty() {
        // Its calls would meet those of the demo before, whose Cal.com is gone.
        let folder = serving.app.config.data.dir.display().to_string();
        serving.end().await;
        return Err(format!("{folder} holds data already; name an empty folder with --data, or leave it out"));
    }
    let http = Client::new().map_err(|error| format!("the HTTP client does not start: {error}"))?;
    let salon = open_salon(&serving, &http, tenant_of(SALON, "demo/salon.toml")?, SALONS_LINE).await?;
    let mut linked = open_linked_salon(&serving, &http).await?;
    let mut stage = Stage::new();
    stage.tells(&format!("Frontdesk answers on http://{}, on SQLite, with nothing else installed.", serving.listen));
    stage.tells(
        "Each call goes through the real door: HTTP, signature, database. What an agent would speak is in quotes.",
    );
    stage.part("Salon Sonnenschein keeps its own calendar");
    scenes::play(&mut stage, &salon.line, &salon.days).await;
    stage.part(&format!(
        "Salon Morgenrot keeps its calendar in Cal.com: a stand-in on {}, which takes its time and \
         fails when told to",
        linked.outside.url()
    ));
    calendar_scenes::play(&mut stage, &mut linked).await?;
    let overlaps = serving.app.store().overlaps().await.map_err(|error| error.to_string())?;
    let strays = serving.app.store().strays().await.map_err(|error| error.to_string())?;
    stage.scene("Afterwards", "what the database says of both salons");
    stage.check("nobody's time is taken twice", overlaps == 0);
    stage.check("no time is taken for nothing", strays.is_empty());
    let well = stage.verdict();
    if !args.once {
        out::text(what_next(&serving, &stage, &linked.outside.url(), args.data.is_some()));
        asked_to_end.wait().await;
    }
    drop(linked);
    serving.end().await;
    Ok(well)
}

/// A salon that takes calls.
struct Open {
    line: Line,
    days: Days,
    scope: TenantScope,
}

fn tenant_of(text: &str, name: &str) -> Result<TenantFile, String> {
    tenant_file::read(text, name).map_err(|errors| errors.to_string())
}

/// Applies a demo's tenant through the very command a person would use.
async fn open_salon(
    serving: &Serving,
    http: &Client,
    file: TenantFile,
    number_and_agent: (&'static str, &'static str),
) -> Result<Open, String> {
    let slug = file.tenant.slug.clone();
    let key: SecretString = file.retell_keys.first().cloned().ok_or("a demo's salon has no key")?;
    let base_url = serving.app.base_url();
    let store = serving.app.store();
    let premises = Premises { store, base_url: &base_url, served: true };
    let applied = StoreCommand::TenantApply(Box::new(Apply::new(file, false))).run(&premises).await;
    if applied.exit != Exit::Ok {
        return Err(applied.err);
    }
    serving.app.tenants_changed().await;
    let tenants = store.tenants().await.map_err(|error| error.to_string())?;
    let found = tenants.into_iter().find(|(_, tenant, _)| tenant.slug == slug);
    let (scope, tenant, endpoint) = found.ok_or("a demo's salon is not there")?;
    let days = days_ahead(serving, &tenant)?;
    let functions_url = format!("{base_url}/v1/retell/{endpoint}/functions");
    let line = Line::new(http.clone(), functions_url, number_and_agent, key, store.ctx().clone());
    Ok(Open { line, days, scope })
}

fn days_ahead(serving: &Serving, tenant: &Tenant) -> Result<Days, String> {
    let branch = tenant.branch(&tenant.default_branch).ok_or("a demo's salon has no branch")?;
    let now = serving.app.now().to_zoned(branch.zone.clone());
    Days::ahead(branch, &now).ok_or_else(|| "a demo's salon never opens".to_owned())
}

/// Starts the stand-in, points the example's salon to it, and lets it tell us of what happens there.
async fn open_linked_salon(serving: &Serving, http: &Client) -> Result<Linked, String> {
    let store = serving.app.store();
    let outside = Outside::open(store.ctx())?;
    let mut file = tenant_of(LINKED, "examples/salon-mit-calcom.toml")?;
    if let Some(link) = &mut file.tenant.calendar {
        link.url = outside.url();
    }
    let endpoint = file.endpoint.clone().ok_or("the example names no endpoint")?;
    let key = file.calendar_api_key.clone().ok_or("the example has no key of Cal.com")?;
    let secret = file.calendar_webhook_secrets.first().cloned().ok_or("the example has no webhook's secret")?;
    let events = format!("{}/v1/calcom/{endpoint}/events", serving.app.base_url());
    outside.tell_of_user(EMMA_THERE, &events, &secret)?;
    outside.tell_of_event_type(TEAMS_EVENT_TYPE, &events, &secret)?;
    let Open { line, days, scope } = open_salon(serving, http, file, LINKEDS_LINE).await?;
    Ok(Linked { line, days, outside, ours: Ours::new(store.clone(), scope), http: http.clone(), key })
}

fn what_next(serving: &Serving, stage: &Stage, calendar: &str, kept: bool) -> String {
    let data = serving.app.config.data.dir.display();
    let explain: String =
        stage.calls().iter().map(|call| format!("  frontdesk explain {call} --data {data}\n")).collect();
    let book =
        "call book_appointment --tenant salon-mit-calcom --arg service_name=Damenhaarschnitt --arg date=dienstag";
    format!(
        "\nStill serving: Frontdesk on http://{}, the stand-in for Cal.com on {calendar}.\n\
         In another terminal:\n  frontdesk call opening_hours --tenant demo-salon --data {data}\n{explain}  \
         frontdesk tenant show salon-mit-calcom --data {data}\n\
         Let Cal.com hang, and book; then let it answer again (-X DELETE), and look into its ledger:\n  \
         curl -d hang-after=19 {calendar}/_fake/faults\n  \
         frontdesk {book} --arg time=15:00 --arg customer_name='Ida Falk' --data {data}\n  \
         curl -X DELETE {calendar}/_fake/faults\n  curl {calendar}/_fake/bookings\n\
         Press Ctrl+C to end; {}\n",
        serving.listen,
        if kept { "the data stays." } else { "the data goes with it." }
    )
}
