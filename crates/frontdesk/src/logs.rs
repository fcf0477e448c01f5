//! Logs: readable on a terminal, one JSON object a line everywhere else; the build's id in each.
//!
//! Personal data is kept out by its types. What is left, words of libraries and payloads of panics, is kept out
//! here: libraries may only warn, and a panic says where, not what.

use std::fmt;
use std::io::Write as _;

use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::filter::{FilterExt, filter_fn};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use crate::config::LogFormat;
use crate::{about, out};

/// Starts logging to standard error. `level`: filter directives; whatever they say, libraries only warn. A second
/// start (tests) changes nothing.
pub fn start(level: &str, format: LogFormat) {
    let wished = EnvFilter::try_new(level).unwrap_or_else(|_| EnvFilter::new("info"));
    let ours = filter_fn(|meta| meta.target().starts_with("frontdesk") || *meta.level() <= Level::WARN);
    let terminal = out::error_is_terminal();
    let json = format == LogFormat::Json || (format == LogFormat::Auto && !terminal);
    let layer = if json {
        tracing_subscriber::fmt::layer().event_format(JsonLine).with_writer(std::io::stderr).boxed()
    } else {
        let people = tracing_subscriber::fmt::layer().compact().with_ansi(terminal).with_target(false);
        people.with_writer(std::io::stderr).boxed()
    };
    let _started_before = tracing_subscriber::registry().with(layer.with_filter(wished.and(ours))).try_init();
}

/// Makes panics one log line: place and thread. The payload may hold what a caller said, so it is withheld.
pub fn tame_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(|| "unknown".to_owned(), ToString::to_string);
        let thread = std::thread::current().name().unwrap_or("unnamed").to_owned();
        tracing::error!(
            place,
            thread,
            "panicked (payload withheld); the answer was an apology. Please report this place and the build id"
        );
        if !tracing::enabled!(target: "frontdesk", Level::ERROR) {
            // Nobody listens to the log (a command line tool): say it at least once.
            let _gone = writeln!(std::io::stderr().lock(), "frontdesk panicked at {place} (payload withheld)");
        }
    }));
}

/// One event as one line of JSON.
struct JsonLine;

impl<S, N> FormatEvent<S, N> for JsonLine
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, _: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let mut time = String::new();
        SystemTime.format_time(&mut Writer::new(&mut time))?;
        let meta = event.metadata();
        let mut line = Line(Map::new());
        line.0.insert("time".to_owned(), time.into());
        line.0.insert("level".to_owned(), meta.level().as_str().into());
        line.0.insert("target".to_owned(), meta.target().into());
        event.record(&mut line);
        line.0.insert("build".to_owned(), about::build_id().into());
        writeln!(writer, "{}", Value::Object(line.0))
    }
}

struct Line(Map<String, Value>);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}").into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.0.insert(field.name().to_owned(), value.into());
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use std::io;
    use std::sync::{Arc, Mutex};

    use tracing_subscriber::fmt::MakeWriter;

    use super::*;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl<'a> MakeWriter<'a> for Kept {
        type Writer = Self;

        fn make_writer(&'a self) -> Self {
            self.clone()
        }
    }

    #[test]
    fn a_line_is_json_with_its_fields_and_the_build() {
        let kept = Kept::default();
        let layer = tracing_subscriber::fmt::layer().event_format(JsonLine).with_writer(kept.clone());
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
            tracing::info!(call_id = "call_1", micros = 12_u64, "answered \"so\"");
        });
        let line: Value = serde_json::from_slice(&kept.0.lock().unwrap()).unwrap();
        assert_eq!(line["message"], "answered \"so\"");
        assert_eq!((line["call_id"].as_str(), line["micros"].as_u64()), (Some("call_1"), Some(12)));
        assert_eq!(line["build"], about::build_id());
        assert_eq!(line["level"], "INFO");
    }
}
