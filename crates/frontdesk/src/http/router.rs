//! All paths of the door.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use super::problem::Problem;
use super::{calcom, ops, voice, webhook};
use crate::app::App;

/// Everything served on the main address.
///
/// Served over sockets it wants `into_make_service_with_connect_info::<SocketAddr>()`: metrics are told to this
/// machine only.
pub fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/v1/retell/{endpoint}/functions/{name}", post(voice::named_function))
        .route("/v1/retell/{endpoint}/functions", post(voice::function))
        .route("/v1/retell/{endpoint}/events", post(webhook::event))
        .route("/v1/retell/{endpoint}/inbound", post(webhook::inbound))
        // Some set-ups know one address only; the body says what it is.
        .route("/v1/retell/{endpoint}", post(webhook::anything))
        .route("/v1/calcom/{endpoint}/events", post(calcom::event))
        .route("/healthz", get(ops::health))
        .route("/readyz", get(ops::ready))
        .route("/metrics", get(ops::metrics))
        .fallback(not_found)
        .with_state(app)
}

/// What is served on `metrics.listen`.
pub fn metrics_router(app: Arc<App>) -> Router {
    Router::new()
        .route("/healthz", get(ops::health))
        .route("/metrics", get(ops::metrics_apart))
        .fallback(not_found)
        .with_state(app)
}

/// A platform that calls a path we do not have is set up wrongly, and callers notice: somebody has to be told.
async fn not_found(State(app): State<Arc<App>>, uri: Uri) -> Response {
    if uri.path().starts_with("/v1/") {
        app.metrics.not_found();
        if app.unknown_path_warning.due(app.now()) {
            tracing::warn!(
                "a request below /v1/ went to a path that is not served; compare the addresses in the voice platform's \
                 settings with those of `frontdesk tenant list`"
            );
        }
    }
    Problem::NotFound.into_response()
}
