//! Cal.com's webhooks: who sends them, stored and acknowledged at once; the work is a job's.
//!
//! Cal.com sends them before it answers the request that caused them, so nothing here waits for anything but its own
//! row: waiting for the appointment would be waiting for ourselves.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use frontdesk_connect::calendar::calcom::webhook;
use frontdesk_desk::sync::HintTaken;
use sha2::{Digest, Sha256};

use super::body;
use super::problem::Problem;
use super::voice::look_up;
use crate::app::App;
use crate::metrics::CalendarWebhook;

/// `POST /v1/calcom/{endpoint}/events`
pub(super) async fn event(
    State(app): State<Arc<App>>,
    path: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Response, Problem> {
    let Path(endpoint) = path.map_err(|_| Problem::NotFound)?;
    let (parts, unread) = request.into_parts();
    let door = look_up(&app, &endpoint).await?;
    let body = body::read(unread, &parts.headers, app.config.server.body_limit_bytes).await?;
    let signature = parts.headers.get(webhook::SIGNATURE_HEADER).and_then(|value| value.to_str().ok());
    let secrets = door.as_deref().map_or(&[][..], |door| &door.calendar_secrets);
    let verdict = webhook::verify(signature, &body, secrets);
    let door = match (door, verdict) {
        (Some(door), Ok(())) => door,
        (Some(door), Err(problem)) => {
            app.metrics.calendar_webhook(CalendarWebhook::Refused);
            if app.signature_warning.due(app.now()) {
                let (tenant, reason) = (&door.tenant.slug, problem.as_str());
                tracing::warn!(
                    tenant,
                    reason,
                    "a calendar's webhook was not signed with this tenant's secret and was refused; compare the secret \
                     in the tenant's file with the webhook's in Cal.com"
                );
            }
            return Err(Problem::Unsigned);
        }
        (None, _) => {
            app.metrics.calendar_webhook(CalendarWebhook::Refused);
            return Err(Problem::Unsigned);
        }
    };
    let Ok(event) = webhook::decode(&body) else {
        app.metrics.calendar_webhook(CalendarWebhook::Unreadable);
        return Err(Problem::NotACall);
    };
    let key: String = Sha256::digest(&body).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let kept = Arc::clone(&app);
    let stored = app.tasks.spawn(async move { kept.desk.sync().take_hint(&door.scope, event, &key).await }).await;
    match stored {
        Ok(Ok(taken)) => {
            app.metrics.calendar_webhook(match taken {
                HintTaken::Stored => CalendarWebhook::Stored,
                HintTaken::Repeated => CalendarWebhook::Repeated,
                HintTaken::Noted => CalendarWebhook::Noted,
            });
            Ok(StatusCode::NO_CONTENT.into_response())
        }
        // The sweep finds what the webhook would have told.
        Ok(Err(error)) => {
            app.metrics.store_error();
            tracing::warn!(%error, "a calendar's webhook could not be stored; the next sweep finds what it told");
            Err(Problem::Unavailable)
        }
        Err(_panic) => {
            app.metrics.panicked();
            Err(Problem::Unavailable)
        }
    }
}
