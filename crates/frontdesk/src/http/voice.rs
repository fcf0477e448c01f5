//! Function calls: who sends them, and what the desk answers. No decision about a booking is made here.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use axum::body::Bytes;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use frontdesk_connect::voice::retell::{self, DecodeError};
use frontdesk_desk::CallerKind;
use frontdesk_domain::calling::{Function, FunctionCall};
use frontdesk_domain::lang::Lang;
use frontdesk_domain::reply::{Answer, Failure};
use frontdesk_store::tenants::Door;

use super::body;
use super::problem::Problem;
use crate::app::App;
use crate::world::Stopwatch;

/// `POST /v1/retell/{endpoint}/functions/{name}`
pub(super) async fn named_function(
    State(app): State<Arc<App>>,
    path: Result<Path<(String, String)>, PathRejection>,
    request: Request,
) -> Result<Response, Problem> {
    let Path((endpoint, name)) = path.map_err(|_| Problem::NotFound)?;
    let (door, body) = admit(&app, &endpoint, request).await?;
    serve_function(app, door, Some(name), body).await
}

/// `POST /v1/retell/{endpoint}/functions`
pub(super) async fn function(
    State(app): State<Arc<App>>,
    path: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Response, Problem> {
    let Path(endpoint) = path.map_err(|_| Problem::NotFound)?;
    let (door, body) = admit(&app, &endpoint, request).await?;
    serve_function(app, door, None, body).await
}

/// Lets a request in: endpoint, size, signature over the raw bytes, type; in this order.
///
/// Endpoints of nobody are treated like those of somebody, down to the signature's arithmetic, and answered like a
/// bad signature. Until it is accepted a request reaches nothing but the one cached look-up.
pub(super) async fn admit(app: &App, endpoint: &str, request: Request) -> Result<(Arc<Door>, Bytes), Problem> {
    let (parts, unread) = request.into_parts();
    let door = look_up(app, endpoint).await?;
    let body = body::read(unread, &parts.headers, app.config.server.body_limit_bytes).await?;
    let signature = parts.headers.get(retell::SIGNATURE_HEADER).and_then(|value| value.to_str().ok());
    let keys = door.as_deref().map_or(&[][..], |door| &door.retell_keys);
    let verdict = retell::verify(signature, &body, keys, app.now());
    let door = match (door, verdict) {
        (Some(door), Ok(())) => door,
        (Some(door), Err(problem)) => {
            app.metrics.signature_refused(problem.as_str());
            if app.signature_warning.due(app.now()) {
                let (tenant, reason) = (&door.tenant.slug, problem.as_str());
                tracing::warn!(
                    tenant,
                    reason,
                    "a request was not signed by its platform and was refused; if its calls stay without answers, \
                     compare the key in the tenant's file with the platform's, and this machine's clock with the time"
                );
            }
            return Err(Problem::Unsigned);
        }
        (None, _) => {
            app.metrics.signature_refused("unknown_endpoint");
            return Err(Problem::Unsigned);
        }
    };
    if body::may_be_json(&parts.headers) { Ok((door, body)) } else { Err(Problem::NotJsonType) }
}

/// What is behind an endpoint token, if the database says so in time.
pub(super) async fn look_up(app: &App, endpoint: &str) -> Result<Option<Arc<Door>>, Problem> {
    let failed = |error: String| {
        app.metrics.store_error();
        tracing::error!(error, "an endpoint could not be looked up; check the disk of the data folder");
        Problem::Unavailable
    };
    match tokio::time::timeout(app.config.server.answer_deadline, app.desk.doors().find(endpoint)).await {
        Ok(found) => found.map_err(|error| failed(error.to_string())),
        Err(_late) => Err(failed("no answer in time".to_owned())),
    }
}

/// What is known of a question while it is worked on, by the work and by the request that waits for it.
struct Question {
    watch: Stopwatch,
    /// Once the body was read.
    function: OnceLock<Function>,
    /// Somebody has counted its answer. One answer is heard, whether it is the desk's or an apology.
    counted: AtomicBool,
}

impl Question {
    fn new() -> Arc<Self> {
        Arc::new(Self { watch: Stopwatch::start(), function: OnceLock::new(), counted: AtomicBool::new(false) })
    }

    /// Counts the answer, unless another one was counted before; whether it was.
    fn count(&self, app: &App, answer: &Answer, caller: CallerKind) -> bool {
        let first = !self.counted.swap(true, Ordering::Relaxed);
        if first {
            app.metrics.answered(self.function.get().copied(), answer, caller, self.watch.elapsed());
        }
        first
    }
}

/// Answers a function call that was let in: always with a sentence, within the deadline.
pub(super) async fn serve_function(
    app: Arc<App>,
    door: Arc<Door>,
    name: Option<String>,
    body: Bytes,
) -> Result<Response, Problem> {
    let question = Question::new();
    let work = {
        let (app, door, question) = (Arc::clone(&app), Arc::clone(&door), Arc::clone(&question));
        async move { answer(&app, &door, name.as_deref(), &body, &question).await }
    };
    in_time(&app, &door, &question, work).await.map(json)
}

/// Waits for an answer until the deadline; apologises if there is none, or if the work fell over.
///
/// The work runs beside the request, so that a hang-up, or our own apology at the deadline, does not cut a booking
/// in half: it comes to its end, and the next question of the call hears of it.
async fn in_time(
    app: &App,
    door: &Door,
    question: &Question,
    work: impl Future<Output = Result<Vec<u8>, Problem>> + Send + 'static,
) -> Result<Vec<u8>, Problem> {
    let mut work = app.tasks.spawn(work);
    let failure = match tokio::time::timeout(app.config.server.answer_deadline, &mut work).await {
        Ok(Ok(answer)) => return answer,
        Ok(Err(panic)) => {
            app.metrics.panicked();
            tracing::error!(
                tenant = door.tenant.slug,
                cancelled = panic.is_cancelled(),
                "a function call panicked and was answered with an apology; please report the place in the line before"
            );
            Failure::Internal
        }
        Err(_late) => {
            app.metrics.late_answer();
            tracing::warn!(
                tenant = door.tenant.slug,
                "an answer was not ready at the deadline (server.answer_deadline_ms); the caller heard an apology, the \
                 work goes on; if this repeats, look at the machine's load and disk"
            );
            Failure::CalendarUnavailable
        }
    };
    let apology = spoken_failure(app, door, failure);
    question.count(app, &apology, CallerKind::Anonymous);
    Ok(retell::encode_answer(&apology))
}

/// Decodes, asks the desk, counts and logs.
async fn answer(
    app: &App,
    door: &Door,
    name: Option<&str>,
    body: &[u8],
    question: &Question,
) -> Result<Vec<u8>, Problem> {
    let misconfigured = |failure| {
        let answer = spoken_failure(app, door, failure);
        question.count(app, &answer, CallerKind::Anonymous);
        Ok(retell::encode_answer(&answer))
    };
    let call = match retell::decode_function_call(body, name) {
        Ok(call) => call,
        Err(DecodeError::NotJson | DecodeError::TooDeep | DecodeError::NotACall) => return Err(Problem::NotACall),
        Err(DecodeError::UnknownFunction(function)) => {
            tracing::warn!(
                tenant = door.tenant.slug,
                function,
                "the agent calls a function we do not have; compare its tools with the list in docs/FUNCTIONS.md"
            );
            return misconfigured(Failure::UnknownFunction);
        }
        Err(DecodeError::FunctionMismatch { path, body }) => {
            tracing::warn!(
                tenant = door.tenant.slug,
                path,
                body,
                "a tool of the agent has the address of another function; correct the tool's address"
            );
            return misconfigured(Failure::FunctionMismatch);
        }
    };
    let (function, call_id) = (*question.function.get_or_init(|| call.function), loggable_call_id(&call));
    let answered = Box::pin(app.desk.answer(door, call)).await;
    let heard = question.count(app, &answered.answer, answered.caller);
    // A late answer is counted as late, whatever became of it.
    if heard && is_of_the_store(&answered.answer) {
        app.metrics.store_error();
    }
    tracing::info!(
        call_id,
        tenant = door.tenant.slug,
        function = function.name(),
        status = answered.answer.status,
        code = answered.answer.code,
        caller = answered.caller.as_str(),
        micros = u64::try_from(question.watch.elapsed().as_micros()).unwrap_or(u64::MAX),
        "answered"
    );
    if answered.constraint_violated {
        app.metrics.constraint_violated();
        tracing::error!(
            tenant = door.tenant.slug,
            function = function.name(),
            "the database's last wall stopped a write that should not have come so far; nothing wrong was stored, \
             please report this with the build id"
        );
    }
    Ok(retell::encode_answer(&answered.answer))
}

/// Whether the desk apologised because its store failed.
fn is_of_the_store(answer: &Answer) -> bool {
    answer.status == "error" && matches!(answer.code, "calendar_unavailable" | "internal")
}

/// The desk's words for a failure, and our own if the desk has none: whatever happens, the agent has a sentence.
fn spoken_failure(app: &App, door: &Door, failure: Failure) -> Answer {
    catch_unwind(AssertUnwindSafe(|| app.desk.misconfigured(door, failure))).unwrap_or_else(|_| {
        app.metrics.panicked();
        let spoken = match door.tenant.language {
            Lang::De => "Das hat gerade leider nicht geklappt. Bitte versuchen Sie es gleich noch einmal.",
            Lang::En => "I am sorry, that did not work just now. Please try again in a moment.",
        };
        Answer { status: "error", code: "internal", booked: false, spoken: spoken.to_owned(), fields: <_>::default() }
    })
}

/// The call's id as logs may show it. In bare arguments it is whatever the model wrote, so it is not shown.
fn loggable_call_id(call: &FunctionCall) -> String {
    let Some(call_id) = call.facts.call_id.as_ref().filter(|_| !call.args_only) else { return "none".to_owned() };
    let safe = |letter: char| if letter.is_ascii_alphanumeric() || "_-".contains(letter) { letter } else { '?' };
    call_id.as_str().chars().take(64).map(safe).collect()
}

/// A ready JSON body with status 200.
pub(super) fn json(bytes: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], bytes).into_response()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]
    use std::time::Duration;

    use frontdesk_domain::calling::{Args, CallFacts, Platform};
    use frontdesk_domain::ids::CallId;
    use frontdesk_store::Store;
    use secrecy::SecretString;
    use serde_json::Value;

    use super::*;
    use crate::cli::{Apply, Exit, Premises, StoreCommand};
    use crate::config::Config;
    use crate::tenant_file;
    use crate::world::{self, SystemClock};

    async fn open_door() -> (Arc<App>, Arc<Door>) {
        let mut config = Config::load(None, std::iter::empty()).unwrap();
        config.server.answer_deadline = Duration::from_millis(100);
        let store = Store::in_memory(world::ctx(Arc::new(SystemClock::new()))).unwrap();
        let app = App::over(config, store);
        let text = include_str!("../../../../examples/barbier-am-hafen.toml");
        let command = StoreCommand::TenantApply(Box::new(Apply::new(tenant_file::read(text, "b").unwrap(), false)));
        let applied = command.run(&Premises { store: app.store(), base_url: "http://x", served: true }).await;
        assert_eq!(applied.exit, Exit::Ok, "{}", applied.err);
        let door = app.desk.doors().find("ep_8Hh2demo").await.unwrap().unwrap();
        (app, door)
    }

    fn read(answer: Result<Vec<u8>, Problem>) -> Value {
        serde_json::from_slice(&answer.unwrap()).unwrap()
    }

    #[tokio::test]
    async fn work_that_panics_is_answered_with_an_apology_and_counted() {
        let (app, door) = open_door().await;
        let question = Question::new();
        question.function.set(Function::BookAppointment).unwrap();
        let answer = read(in_time(&app, &door, &question, async { panic!("on purpose") }).await);
        assert_eq!(
            (&answer["status"], &answer["code"], &answer["booked"]),
            (&"error".into(), &"internal".into(), &false.into())
        );
        assert!(!answer["spoken"].as_str().unwrap().is_empty());
        let text = app.metrics.text();
        assert!(text.contains("frontdesk_panics_total 1"), "{text}");
        let heard = r#"frontdesk_answers_total{function="book_appointment",status="error",code="internal"} 1"#;
        assert!(text.contains(heard), "{text}");
        assert!(text.contains(r#"frontdesk_bookings_total{outcome="failed",caller="anonymous"} 1"#), "{text}");
        assert!(text.contains("frontdesk_store_errors_total 0"), "{text}");
    }

    #[tokio::test]
    async fn work_that_is_late_is_answered_at_the_deadline_and_still_comes_to_its_end() {
        let (app, door) = open_door().await;
        let (go, wait) = tokio::sync::oneshot::channel::<()>();
        let (done, finished) = tokio::sync::oneshot::channel::<()>();
        let question = Question::new();
        let body = br#"{"name":"opening_hours","args":{},"call":{"call_id":"call_1"}}"#;
        let work = {
            let (app, door, question) = (Arc::clone(&app), Arc::clone(&door), Arc::clone(&question));
            async move {
                wait.await.unwrap();
                let late = answer(&app, &door, None, body, &question).await;
                done.send(()).unwrap();
                late
            }
        };
        let answer = read(in_time(&app, &door, &question, work).await);
        assert_eq!((&answer["status"], &answer["booked"]), (&"error".into(), &false.into()));
        assert!(app.metrics.text().contains("frontdesk_late_answers_total 1"));
        go.send(()).unwrap();
        app.tasks.quiet().await;
        assert!(finished.await.is_ok(), "the work was cut off");
        let text = app.metrics.text();
        assert_eq!(text.matches("frontdesk_answers_total{").count(), 1, "one answer was heard: {text}");
        assert!(text.contains(r#"status="error",code="calendar_unavailable"} 1"#), "{text}");
        assert!(text.contains("frontdesk_store_errors_total 0"), "late is not failed: {text}");
    }

    #[test]
    fn a_call_id_in_the_log_is_harmless_and_never_what_a_model_wrote() {
        let mut call = FunctionCall {
            platform: Platform::Retell,
            function: Function::StartCall,
            args: Args::default(),
            facts: CallFacts { call_id: Some(CallId::new("call_1\n+49 171")), ..CallFacts::default() },
            invocation: None,
            args_only: false,
        };
        assert_eq!(loggable_call_id(&call), "call_1??49?171");
        call.args_only = true;
        assert_eq!(loggable_call_id(&call), "none");
    }

    #[tokio::test]
    async fn a_signature_of_an_unknown_endpoint_is_refused_even_if_it_fits_the_empty_key() {
        let (app, _) = open_door().await;
        let body = b"{}".to_vec();
        let signature = retell::sign(&body, &SecretString::from(""), app.now());
        let request = Request::post("/").header(retell::SIGNATURE_HEADER, signature);
        let refused = admit(&app, "ep_nobody", request.body(body.into()).unwrap()).await;
        assert_eq!(refused.err(), Some(Problem::Unsigned));
    }
}
