//! Refusals with their status codes: the one place that knows them.
//!
//! Business outcomes are never here; they are answers with status 200. What is here was no call at all.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// Why a request is not served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    /// Nobody's endpoint, or not signed by its platform: both alike, and silent about which.
    Unsigned,
    /// The body is longer than we read.
    TooLarge,
    /// The body did not arrive in time.
    TooSlow,
    /// The body broke off.
    BrokenOff,
    /// The body says it is something other than JSON.
    NotJsonType,
    /// The body is no JSON, or names neither a function nor an event.
    NotACall,
    /// No such path.
    NotFound,
    /// The metrics are for others.
    MetricsForbidden,
    /// Before the signature is known nothing can be said but "later".
    Unavailable,
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        match self {
            Self::Unsigned => StatusCode::UNAUTHORIZED.into_response(),
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE.into_response(),
            Self::TooLarge => told(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "The body is longer than is read here."),
            Self::TooSlow => told(StatusCode::REQUEST_TIMEOUT, "too_slow", "The body did not arrive in time."),
            Self::BrokenOff => told(StatusCode::BAD_REQUEST, "broken_off", "The body broke off."),
            Self::NotJsonType => told(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "not_json",
                "Send the body as JSON, with the content type application/json.",
            ),
            Self::NotACall => told(
                StatusCode::BAD_REQUEST,
                "not_a_call",
                "The body is not JSON, or names neither a function nor an event.",
            ),
            Self::NotFound => told(StatusCode::NOT_FOUND, "not_found", "There is nothing at this path."),
            Self::MetricsForbidden => {
                let mut response = told(
                    StatusCode::UNAUTHORIZED,
                    "token_needed",
                    "Metrics are told to this machine only, or with metrics.token as a bearer token.",
                );
                response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
                response
            }
        }
    }
}

fn told(status: StatusCode, error: &str, message: &str) -> Response {
    (status, Json(json!({ "error": error, "message": message }))).into_response()
}
