//! `frontdesk demo`: the whole thing with nothing installed. Real HTTP on loopback, real signatures, a real database,
//! an invented salon.

mod phone;
mod scenes;
mod stage;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use secrecy::SecretString;

use super::{Apply, CommandOutput, Exit, Premises, Serving, StoreCommand};
use crate::config::Config;
use crate::world::{AskedToEnd, SystemClock};
use crate::{logs, out, tenant_file};
use phone::Line;
use scenes::Days;
use stage::Stage;

const SALON: &str = include_str!("demo/salon.toml");

/// Play a few calls through the real door with a demo salon, then keep serving
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
    /// Keep the data here; unless said it is gone with the demo
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// Runs the demo.
pub fn run(args: &Args) -> ExitCode {
    logs::start("warn", crate::config::LogFormat::Auto);
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
    let (line, days) = open_the_salon(&serving).await?;
    let mut stage = Stage::new();
    out::line(format!(
        "Salon Sonnenschein is open on http://{}: SQLite, its own calendar, nothing else.",
        serving.listen
    ));
    out::line(
        "Each call goes through the real door: HTTP, signature, database. What an agent would speak is in quotes.",
    );
    scenes::play(&mut stage, &line, &days).await;
    let overlaps = serving.app.store().overlaps().await.map_err(|error| error.to_string())?;
    let strays = serving.app.store().strays().await.map_err(|error| error.to_string())?;
    stage.scene("Afterwards", "what the database says");
    stage.check("nobody's time is taken twice", overlaps == 0);
    stage.check("no time is taken for nothing", strays.is_empty());
    let well = stage.verdict();
    if !args.once {
        out::text(what_next(&serving, &stage, args.data.is_some()));
        asked_to_end.wait().await;
    }
    serving.end().await;
    Ok(well)
}

/// Applies the demo's tenant through the very command a person would use.
async fn open_the_salon(serving: &Serving) -> Result<(Line, Days), String> {
    let file = tenant_file::read(SALON, "demo/salon.toml").map_err(|errors| errors.to_string())?;
    let slug = file.tenant.slug.clone();
    let key: SecretString = file.retell_keys.first().cloned().ok_or("the demo's salon has no key")?;
    let base_url = serving.app.base_url();
    let store = serving.app.store();
    let premises = Premises { store, base_url: &base_url, served: true };
    let applied = StoreCommand::TenantApply(Box::new(Apply::new(file, false))).run(&premises).await;
    if applied.exit != Exit::Ok {
        return Err(applied.err);
    }
    let tenants = store.tenants().await.map_err(|error| error.to_string())?;
    let (_, tenant, endpoint) =
        tenants.into_iter().find(|(_, tenant, _)| tenant.slug == slug).ok_or("the demo's salon is not there")?;
    let branch = tenant.branch(&tenant.default_branch).ok_or("the demo's salon has no branch")?;
    let now = store.ctx().now().to_zoned(branch.zone.clone());
    let days = Days::ahead(branch, &now).ok_or("the demo's salon never opens")?;
    let functions_url = format!("{base_url}/v1/retell/{endpoint}/functions");
    Ok((Line::new(functions_url, key, store.ctx().clone())?, days))
}

fn what_next(serving: &Serving, stage: &Stage, kept: bool) -> String {
    let data = serving.app.config.data.dir.display();
    let explain: String =
        stage.calls().iter().map(|call| format!("  frontdesk explain {call} --data {data}\n")).collect();
    format!(
        "\nStill serving on http://{}. In another terminal:\n  frontdesk call opening_hours --data {data}\n{explain}  \
         frontdesk tenant show demo-salon --data {data}\nPress Ctrl+C to end; {}\n",
        serving.listen,
        if kept { "the data stays." } else { "the data goes with it." }
    )
}
