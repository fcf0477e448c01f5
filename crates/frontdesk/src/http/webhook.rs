//! Webhooks: events of calls, and the question who is calling while it still rings.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use frontdesk_connect::voice::retell::{self, DecodeError, InboundAnswer};
use frontdesk_desk::EventTaken;
use frontdesk_domain::calling::CallEvent;
use frontdesk_store::tenants::Door;
use serde::Deserialize;

use super::problem::Problem;
use super::voice::{admit, json, serve_function};
use crate::app::App;
use crate::metrics::{WebhookOutcome, event_label};

/// The label of an inbound webhook.
const INBOUND: &str = "call_inbound";

/// `POST /v1/retell/{endpoint}/events`: 204 at once, the work after.
pub(super) async fn event(
    State(app): State<Arc<App>>,
    path: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Response, Problem> {
    let Path(endpoint) = path.map_err(|_| Problem::NotFound)?;
    let (door, body) = admit(&app, &endpoint, request).await?;
    take_event(&app, door, &body)
}

/// `POST /v1/retell/{endpoint}/inbound`: who is calling; on trouble an empty yes, so that the call goes on.
pub(super) async fn inbound(
    State(app): State<Arc<App>>,
    path: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Response, Problem> {
    let Path(endpoint) = path.map_err(|_| Problem::NotFound)?;
    let (door, body) = admit(&app, &endpoint, request).await?;
    answer_inbound(app, door, &body).await
}

/// `POST /v1/retell/{endpoint}`: whatever the body is.
pub(super) async fn anything(
    State(app): State<Arc<App>>,
    path: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Response, Problem> {
    let Path(endpoint) = path.map_err(|_| Problem::NotFound)?;
    let (door, body) = admit(&app, &endpoint, request).await?;
    match named_event(&body).as_deref() {
        Some("call_inbound" | "chat_inbound") => answer_inbound(app, door, &body).await,
        Some(_) => take_event(&app, door, &body),
        None => serve_function(app, door, None, body).await,
    }
}

/// The event a body names, if it names one.
fn named_event(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Named {
        event: String,
    }
    serde_json::from_slice::<Named>(body).ok().map(|named| named.event)
}

fn take_event(app: &Arc<App>, door: Arc<Door>, body: &[u8]) -> Result<Response, Problem> {
    let Ok(event) = retell::decode_event(body) else {
        app.metrics.webhook("other", WebhookOutcome::Unreadable);
        return Err(Problem::NotACall);
    };
    match retell::event_key(&event) {
        // Nothing to hold on to: streamed transcripts, chats, events without a call.
        None => app.metrics.webhook(event_label(&event.kind), WebhookOutcome::Taken(EventTaken::Ignored)),
        Some(key) => {
            let kept = Arc::clone(app);
            app.tasks.spawn(async move { store_event(&kept, &door, event, &key).await });
        }
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The work after the 204. A failure is told to the log only: nothing in the live path depends on a webhook.
async fn store_event(app: &App, door: &Door, event: CallEvent, key: &str) {
    let label = event_label(&event.kind);
    let outcome = match Box::pin(app.desk.event(door, event, key)).await {
        Ok(taken) => WebhookOutcome::Taken(taken),
        Err(error) => {
            app.metrics.store_error();
            tracing::warn!(
                tenant = door.tenant.slug,
                event = label,
                %error,
                "an event of a call could not be stored and is lost; calls go on without it, check the disk"
            );
            WebhookOutcome::Failed
        }
    };
    app.metrics.webhook(label, outcome);
}

async fn answer_inbound(app: Arc<App>, door: Arc<Door>, body: &Bytes) -> Result<Response, Problem> {
    let call = match retell::decode_inbound(body) {
        Ok(call) => call,
        Err(DecodeError::NotJson | DecodeError::TooDeep) => {
            app.metrics.webhook(INBOUND, WebhookOutcome::Unreadable);
            return Err(Problem::NotACall);
        }
        // A text message, say: not ours, and no reason to refuse it.
        Err(_) => return Ok(no_opinion(&app, WebhookOutcome::Taken(EventTaken::Ignored))),
    };
    let mut work = {
        let (app, door) = (Arc::clone(&app), Arc::clone(&door));
        app.clone().tasks.spawn(async move { Box::pin(app.desk.inbound(&door, call)).await })
    };
    let trouble = match tokio::time::timeout(app.config.server.answer_deadline, &mut work).await {
        Ok(Ok(Ok(context))) => {
            app.metrics.webhook(INBOUND, WebhookOutcome::Answered);
            return Ok(json(retell::encode_inbound(&InboundAnswer {
                override_agent_id: context.agent_id,
                dynamic_variables: context.variables,
                call_ref: context.call_ref,
            })));
        }
        Ok(Ok(Err(error))) => {
            app.metrics.store_error();
            error.to_string()
        }
        Ok(Err(_panic)) => {
            app.metrics.panicked();
            "it panicked".to_owned()
        }
        Err(_late) => "not ready at the deadline".to_owned(),
    };
    tracing::warn!(
        tenant = door.tenant.slug,
        trouble,
        "who is calling could not be told while it rang; the number's own agent takes the call without that"
    );
    Ok(no_opinion(&app, WebhookOutcome::Failed))
}

fn no_opinion(app: &App, outcome: WebhookOutcome) -> Response {
    app.metrics.webhook(INBOUND, outcome);
    json(retell::encode_inbound_trouble())
}
