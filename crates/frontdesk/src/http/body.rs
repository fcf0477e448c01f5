//! Reading a request's body: bounded in size and time.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, header};
use http_body_util::BodyExt;

use super::problem::Problem;

/// A body has to be here by then.
const READ_WITHIN: Duration = Duration::from_secs(10);
/// A body that is too long is read on to this many times the limit and thrown away: a sender that is still writing
/// when the connection closes never sees why.
const DRAINED: usize = 4;

/// The whole body, if it is no longer than `limit` bytes and arrives in time.
pub(super) async fn read(body: Body, headers: &HeaderMap, limit: usize) -> Result<Bytes, Problem> {
    tokio::time::timeout(READ_WITHIN, collect(body, length(headers), limit)).await.unwrap_or(Err(Problem::TooSlow))
}

fn length(headers: &HeaderMap) -> usize {
    headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok()).unwrap_or(0)
}

async fn collect(mut body: Body, told_length: usize, limit: usize) -> Result<Bytes, Problem> {
    let mut kept = Vec::with_capacity(told_length.min(limit));
    let mut seen = 0_usize;
    let drain_until = limit.saturating_mul(DRAINED);
    if told_length > drain_until {
        return Err(Problem::TooLarge);
    }
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Problem::BrokenOff)?;
        let Ok(data) = frame.into_data() else { continue };
        seen = seen.saturating_add(data.len());
        if seen > drain_until {
            break;
        }
        if seen <= limit {
            kept.extend_from_slice(&data);
        } else {
            kept = Vec::new();
        }
    }
    if seen > limit { Err(Problem::TooLarge) } else { Ok(kept.into()) }
}

/// Whether the content type, if one is given, says JSON.
pub(super) fn may_be_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE) else { return true };
    let Ok(text) = value.to_str() else { return false };
    let kind = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind.is_empty() || kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[tokio::test]
    async fn a_body_of_exactly_the_limit_is_read_and_one_byte_more_is_not() {
        let length = |bytes: usize| async move {
            read(Body::from(vec![b'x'; bytes]), &HeaderMap::new(), 8).await.map(|body| body.len())
        };
        assert_eq!(length(8).await, Ok(8));
        assert_eq!(length(9).await, Err(Problem::TooLarge));
        assert_eq!(length(1000).await, Err(Problem::TooLarge));
    }

    #[test]
    fn json_types_pass_with_parameters_and_others_do_not() {
        let passes = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, value.parse().unwrap());
            may_be_json(&headers)
        };
        assert!(may_be_json(&HeaderMap::new()));
        assert!(
            passes("application/json; charset=utf-8") && passes("Application/JSON") && passes("application/x+json")
        );
        assert!(!passes("text/plain") && !passes("application/x-www-form-urlencoded"));
    }
}
