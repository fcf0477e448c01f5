//! `frontdesk serve`: the gateway.

use std::fmt;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::serve::ListenerExt;
use frontdesk_domain::caller::number::CallerNumber;
use frontdesk_domain::lang::Lang;
use frontdesk_domain::ports::Clock;
use frontdesk_domain::spoken::{TimeContext, understand};
use frontdesk_domain::tenant::hours::DayParts;
use frontdesk_store::store::OpenError;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::net::TcpListener;

use super::place::Place;
use super::{CommandOutput, Exit};
use crate::app::{App, StartError};
use crate::config::Config;
use crate::http::{PatientListener, metrics_router, router};
use crate::world::{AskedToEnd, SystemClock};
use crate::{about, control, logs, out, tasks};

/// Running calls get this long to end when the program is asked to.
const LAST_CALLS: Duration = Duration::from_secs(5);

/// Answer calls: the gateway, with its own database in the data folder
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  frontdesk serve
  frontdesk serve --config /etc/frontdesk.toml
  frontdesk serve --listen 127.0.0.1:9000 --data /tmp/try --now 2026-12-01T09:12:00+01:00

Exit codes: 0 ended when asked to, 1 it went wrong, 2 wrong usage, 3 the address or the data folder is in use.")]
pub(super) struct Args {
    /// Where to listen; wins over the settings
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// Start the clock there and let it run: for rehearsals, on this machine only
    #[arg(long, value_name = "RFC3339")]
    now: Option<Timestamp>,
    #[command(flatten)]
    place: Place,
}

pub(super) fn run(args: &Args) -> ExitCode {
    let mut config = match args.place.settings() {
        Ok(config) => config,
        Err(output) => return output.print(),
    };
    if let Some(listen) = args.listen {
        config.server.listen = listen;
    }
    logs::start(&config.log.level, config.log.format);
    logs::tame_panics();
    let clock = match clock(args.now, &config) {
        Ok(clock) => clock,
        Err(error) => return ended(&Err(error)),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return CommandOutput::wrong(format!("This machine gives no threads: {error}")).print(),
    };
    let result = runtime.block_on(serve(config, clock));
    // What still runs had its five seconds; the store commits or forgets it whole.
    runtime.shutdown_timeout(Duration::from_millis(200));
    ended(&result)
}

fn ended(result: &Result<(), ServeError>) -> ExitCode {
    match result {
        Ok(()) => Exit::Ok.into(),
        Err(error) => {
            out::error(error.to_string());
            let in_use = match error {
                ServeError::Start(StartError::Open(OpenError::InUse(_))) | ServeError::NotLoopback(_) => true,
                ServeError::Listen(_, error) => error.kind() == std::io::ErrorKind::AddrInUse,
                _ => false,
            };
            if in_use { Exit::Refused.into() } else { Exit::Wrong.into() }
        }
    }
}

fn clock(now: Option<Timestamp>, config: &Config) -> Result<SystemClock, ServeError> {
    let Some(now) = now else { return Ok(SystemClock::new()) };
    let open =
        [Some(config.server.listen), config.metrics.listen].into_iter().flatten().find(|at| !at.ip().is_loopback());
    open.map_or(Ok(SystemClock::starting_at(now)), |at| Err(ServeError::NotLoopback(at)))
}

async fn serve(config: Config, clock: SystemClock) -> Result<(), ServeError> {
    let asked_to_end = AskedToEnd::listen().map_err(ServeError::Signals)?;
    let serving = Serving::start(config, clock).await?;
    out::text(serving.greeting().await);
    asked_to_end.wait().await;
    serving.end().await;
    Ok(())
}

/// Why the gateway does not serve.
#[derive(Debug)]
pub enum ServeError {
    /// The store.
    Start(StartError),
    /// The address.
    Listen(SocketAddr, std::io::Error),
    /// The system's signals.
    Signals(std::io::Error),
    /// Another clock than the machine's, on an address that others reach.
    NotLoopback(SocketAddr),
}

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start(error) => write!(f, "frontdesk cannot start: {error}"),
            Self::Listen(at, error) if error.kind() == std::io::ErrorKind::AddrInUse => {
                write!(f, "{at} is in use; stop the other program or choose another address with --listen")
            }
            Self::Listen(at, error) => {
                write!(f, "frontdesk cannot listen on {at}: {error}; choose another with --listen")
            }
            Self::Signals(error) => write!(f, "frontdesk cannot listen for signals to end: {error}"),
            Self::NotLoopback(at) => write!(
                f,
                "--now is refused on {at}: a desk with another clock must not answer real calls; add --listen 127.0.0.1:8080"
            ),
        }
    }
}

impl std::error::Error for ServeError {}

/// A gateway that answers on its address.
pub struct Serving {
    /// What answers.
    pub app: Arc<App>,
    /// Where it listens; the real port if any was asked for.
    pub listen: SocketAddr,
    stop: tokio::sync::watch::Sender<bool>,
    server: tokio::task::JoinHandle<()>,
}

impl Serving {
    /// Opens the store, listens, and answers from now on.
    pub async fn start(mut config: Config, clock: SystemClock) -> Result<Self, ServeError> {
        let wanted = config.server.listen;
        let listener = TcpListener::bind(wanted).await.map_err(|error| ServeError::Listen(wanted, error))?;
        let listen = listener.local_addr().map_err(|error| ServeError::Listen(wanted, error))?;
        config.server.listen = listen;
        let app = App::open(config, Arc::new(clock)).map_err(ServeError::Start)?;
        let folder = app.config.data.dir.clone();
        if let Err(error) = control::open(Arc::clone(&app), &folder) {
            tracing::warn!(
                %error,
                "the control socket cannot be opened, so commands on this data folder have to wait until the end; \
                 a shorter path of the data folder may help"
            );
        }
        let (stop, stopped) = tokio::sync::watch::channel(false);
        if let Some(at) = app.config.metrics.listen {
            let listener = TcpListener::bind(at).await.map_err(|error| ServeError::Listen(at, error))?;
            serve_until(listener, metrics_router(Arc::clone(&app)), stopped.clone());
        }
        let server = serve_until(listener, router(Arc::clone(&app)), stopped);
        app.start_sweeping();
        app.start_working();
        app.start_watching();
        tracing::info!(%listen, version = about::VERSION, "serving");
        tasks::background(tasks::blocking(warm_up));
        Ok(Self { app, listen, stop, server })
    }

    /// What a person at the terminal wants to know.
    async fn greeting(&self) -> String {
        let app = &self.app;
        let tenants = app.store().tenants().await.map_or(0, |tenants| tenants.len());
        let head = format!(
            "Frontdesk {} (build {})\n  listens on  http://{}\n  data in     {}\n",
            about::VERSION,
            about::build_id(),
            self.listen,
            app.config.data.dir.display(),
        );
        let public =
            app.config.server.public_url.as_ref().map_or_else(String::new, |url| format!("  outside     {url}\n"));
        let clock = if app.now().duration_since(SystemClock::new().now()).abs() > jiff::SignedDuration::from_secs(60) {
            format!("  clock       starts at {} (--now)\n", app.now().strftime("%Y-%m-%dT%H:%M:%SZ"))
        } else {
            String::new()
        };
        let next = match tenants {
            0 => {
                let data = self.data_flag();
                format!(
                    "\nNobody to answer for yet. In another terminal:\n  \
                     frontdesk tenant apply examples/salon-morgenrot.toml{data}\n  frontdesk call start_call{data}\n"
                )
            }
            1 => "  tenants     1 (frontdesk tenant list shows its addresses)\n".to_owned(),
            many => format!("  tenants     {many} (frontdesk tenant list shows their addresses)\n"),
        };
        format!("{head}{public}{clock}{next}")
    }

    /// What other commands need to find this data folder.
    fn data_flag(&self) -> String {
        let folder = &self.app.config.data.dir;
        let usual = Config::load(None, std::iter::empty()).is_ok_and(|config| config.data.dir == *folder);
        if usual { String::new() } else { format!(" --data {}", folder.display()) }
    }

    /// Ends: not ready any more, no new calls, running ones have five seconds.
    pub async fn end(self) {
        tracing::info!("ending; running calls are finished first");
        self.app.end();
        let _nobody_listens = self.stop.send(true);
        let finish = async {
            let _panicked = self.server.await;
            self.app.tasks.quiet().await;
        };
        if tokio::time::timeout(LAST_CALLS, finish).await.is_err() {
            tracing::warn!("some connections did not end within five seconds and are cut; committed bookings stand");
        }
        control::close(&self.app.config.data.dir);
        tracing::info!("ended");
    }
}

/// Reads the tables that understanding needs for the first time, beside the start, so that the first caller does not
/// wait for them.
fn warm_up() {
    let _table = CallerNumber::read(Some("+4930123456"), "DE");
    let now = Timestamp::UNIX_EPOCH.to_zoned(TimeZone::get("Europe/Berlin").unwrap_or(TimeZone::UTC));
    let day_parts = DayParts::default();
    let context = TimeContext { now: &now, hours: (9 * 60, 18 * 60), day_parts: &day_parts, lang: Lang::De };
    let _grammar = understand("morgen um zehn", &context);
}

/// Serves a router on a listener until told to stop; then connections finish what they are at.
fn serve_until(
    listener: TcpListener,
    router: Router,
    mut stopped: tokio::sync::watch::Receiver<bool>,
) -> tokio::task::JoinHandle<()> {
    let listener = PatientListener(listener).tap_io(|connection| connection.send_at_once());
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    tasks::background(async move {
        let until = async move {
            let _sender_gone = stopped.wait_for(|stop| *stop).await;
        };
        if let Err(error) = axum::serve(listener, service).with_graceful_shutdown(until).await {
            tracing::error!(%error, "the server ended; restart frontdesk");
        }
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn another_clock_is_refused_where_others_can_call() {
        let now = "2026-12-01T09:12:00+01:00".parse().ok();
        let mut config = Config::load(None, std::iter::empty()).unwrap();
        assert!(clock(now, &config).is_ok());
        config.server.listen = "0.0.0.0:8080".parse().unwrap();
        assert!(clock(None, &config).is_ok());
        let error = clock(now, &config).unwrap_err();
        assert!(error.to_string().contains("--listen 127.0.0.1:8080"), "{error}");
        config.server.listen = "[::1]:8080".parse().unwrap();
        config.metrics.listen = "192.0.2.1:9000".parse().ok();
        assert!(clock(now, &config).is_err(), "metrics would show that clock to others");
    }

    #[tokio::test]
    async fn it_serves_on_a_free_port_until_it_is_ended_and_leaves_no_socket() {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::load(None, std::iter::empty()).unwrap();
        config.server.listen = "127.0.0.1:0".parse().unwrap();
        config.data.dir = folder.path().join("data");
        let serving = Serving::start(config.clone(), SystemClock::new()).await.unwrap();
        assert_ne!(serving.listen.port(), 0);
        let socket = config.data.dir.join("control.sock");
        assert!(socket.exists());
        let again = Serving::start(config, SystemClock::new()).await;
        assert!(matches!(again, Err(ServeError::Start(StartError::Open(OpenError::InUse(_))))));
        serving.end().await;
        assert!(!socket.exists());
    }
}
