//! For machines that watch: is it alive, is it ready, what did it count.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{ConnectInfo, FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rustix::fs::{Access, StatVfsMountFlags, access, statvfs};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use subtle::ConstantTimeEq;

use super::problem::Problem;
use crate::about;
use crate::app::App;
use crate::metrics::CONTENT_TYPE;

/// The database has to answer by then.
const READY_WITHIN: Duration = Duration::from_millis(1500);
/// With less room than this on the disk bookings may soon fail.
const LEAST_FREE_BYTES: u64 = 64 * 1024 * 1024;

/// Where a request comes from, if it came over a socket.
pub(super) struct Peer(Option<SocketAddr>);

impl<S: Sync> FromRequestParts<S> for Peer {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0)))
    }
}

/// Alive: says what is running and asks nobody.
pub(super) async fn health() -> Response {
    Json(json!({ "status": "ok", "version": about::VERSION, "build": about::build_id() })).into_response()
}

/// Ready for calls: the database answers, its schema is this program's, and the disk takes writes.
pub(super) async fn ready(State(app): State<Arc<App>>) -> Response {
    let mut reasons = Vec::new();
    if app.is_ending() {
        reasons.push("shutting down".to_owned());
    }
    match tokio::time::timeout(READY_WITHIN, app.store().ready()).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => reasons.push(format!("database: {error}")),
        Err(_) => reasons.push("database: no answer in time".to_owned()),
    }
    if let Some(folder) = app.store().database().and_then(Path::parent) {
        reasons.extend(disk_trouble(folder).map(|trouble| format!("disk: {trouble}")));
    }
    if reasons.is_empty() {
        return Json(json!({ "ready": true })).into_response();
    }
    (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "ready": false, "reasons": reasons }))).into_response()
}

/// What is wrong with the data folder's disk: two system calls, no write.
fn disk_trouble(folder: &Path) -> Option<String> {
    let disk = match statvfs(folder) {
        Ok(disk) => disk,
        Err(error) => return Some(format!("the data folder cannot be looked at: {error}")),
    };
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    if disk.f_flag.contains(StatVfsMountFlags::RDONLY) || access(folder, Access::WRITE_OK).is_err() {
        Some("the data folder cannot be written".to_owned())
    } else if free < LEAST_FREE_BYTES {
        Some(format!("only {} MiB are free; make room", free / 1024 / 1024))
    } else {
        None
    }
}

/// Metrics on the main address: for this machine, or with the token.
pub(super) async fn metrics(State(app): State<Arc<App>>, peer: Peer, headers: HeaderMap) -> Response {
    let local = peer.0.is_some_and(|address| address.ip().is_loopback());
    // Behind a proxy on this machine every request looks local.
    let direct = local && !forwarded(&headers);
    if app.config.metrics.token.as_ref().map_or(direct, |token| bears(&headers, token)) {
        return told_metrics(&app);
    }
    Problem::MetricsForbidden.into_response()
}

/// Metrics on an address of their own: whoever reaches it may read them, with the token if there is one.
pub(super) async fn metrics_apart(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    if app.config.metrics.token.as_ref().is_none_or(|token| bears(&headers, token)) {
        return told_metrics(&app);
    }
    Problem::MetricsForbidden.into_response()
}

fn forwarded(headers: &HeaderMap) -> bool {
    ["forwarded", "x-forwarded-for", "x-real-ip"].iter().any(|name| headers.contains_key(*name))
}

fn bears(headers: &HeaderMap, token: &SecretString) -> bool {
    let given = headers.get(header::AUTHORIZATION).map(|value| value.as_bytes());
    let given = given.and_then(|value| value.strip_prefix(b"Bearer ")).unwrap_or_default();
    !given.is_empty() && bool::from(given.ct_eq(token.expose_secret().as_bytes()))
}

fn told_metrics(app: &App) -> Response {
    ([(header::CONTENT_TYPE, CONTENT_TYPE)], app.metrics.text()).into_response()
}
