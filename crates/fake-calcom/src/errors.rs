//! The three shapes in which this API says no.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::time::written;

/// A refusal before it is written down.
#[derive(Debug, Clone)]
pub(crate) enum Trouble {
    /// The nested shape with its details.
    Exception { status: u16, code: &'static str, message: String },
    /// The nested shape without details.
    Bare { status: u16, code: &'static str, message: String },
    /// The nested shape with a list of errors, which repeats what was sent.
    Invalid { errors: Value },
    /// Too many requests: the details are a plain text.
    Throttled,
    /// The flat shape.
    Flat { status: u16, message: String },
}

impl Trouble {
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::Exception { status: 400, code: "BadRequestException", message: message.into() }
    }

    pub(crate) fn unauthorized(message: impl Into<String>) -> Self {
        Self::Exception { status: 401, code: "UnauthorizedException", message: message.into() }
    }

    pub(crate) fn forbidden(message: impl Into<String>) -> Self {
        Self::Exception { status: 403, code: "ForbiddenException", message: message.into() }
    }

    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::Exception { status: 404, code: "NotFoundException", message: message.into() }
    }

    pub(crate) fn conflict(message: impl Into<String>) -> Self {
        Self::Exception { status: 409, code: "ConflictException", message: message.into() }
    }

    pub(crate) fn unprocessable(message: impl Into<String>) -> Self {
        Self::Exception { status: 422, code: "UnprocessableEntityException", message: message.into() }
    }

    /// What the booking fields of an event type refuse.
    pub(crate) fn response(message: impl Into<String>) -> Self {
        Self::Bare { status: 400, code: "BAD_REQUEST", message: message.into() }
    }

    /// The insert hit the unique key: somebody was faster.
    pub(crate) fn raced() -> Self {
        Self::Flat { status: 409, message: "booking_conflict_error".to_owned() }
    }

    /// A property that is missing or wrong, in the words of the validator.
    pub(crate) fn property(name: &str, complaint: &str) -> Self {
        Self::bad_request(format!("{name} property is wrong,{complaint} "))
    }

    /// A property nobody asked for.
    pub(crate) fn unknown_property(name: &str) -> Self {
        Self::property(name, &format!("property {name} should not exist"))
    }

    pub(crate) fn no_route(method: &str, target: &str) -> Self {
        Self::not_found(format!("Cannot {method} {target}"))
    }

    pub(crate) fn status(&self) -> u16 {
        match self {
            Self::Exception { status, .. } | Self::Bare { status, .. } | Self::Flat { status, .. } => *status,
            Self::Invalid { .. } => 400,
            Self::Throttled => 429,
        }
    }

    /// The body of the answer.
    pub(crate) fn body(&self, path: &str, now: Timestamp) -> Value {
        let nested =
            |error: Value| json!({ "status": "error", "timestamp": written(now), "path": path, "error": error });
        match self {
            Self::Exception { status, code, message } => nested(json!({
                "code": code,
                "message": message,
                "details": { "message": message, "error": name_of(*status), "statusCode": status },
            })),
            Self::Bare { code, message, .. } => nested(json!({ "code": code, "message": message })),
            Self::Invalid { errors } => nested(json!({
                "code": "BadRequestException",
                "message": "Bad Request Exception",
                "details": { "errors": errors },
            })),
            Self::Throttled => {
                let message = "CustomThrottlerGuard - Too many requests. Please try again later.";
                nested(json!({ "code": "ThrottlerException", "message": message, "details": message }))
            }
            Self::Flat { status, message } => json!({ "statusCode": status, "message": message }),
        }
    }
}

fn name_of(status: u16) -> &'static str {
    match status {
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        409 => "Conflict",
        422 => "Unprocessable Entity",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        _ => "Bad Request",
    }
}
