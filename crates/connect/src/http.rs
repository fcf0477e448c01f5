//! The only HTTP client. Thin on purpose: one try, one deadline, and an honest word about what is known after it.

use std::fmt;
use std::time::Duration;

use reqwest::redirect;

/// The longest answer read, in bytes.
const ANSWER_BYTES: usize = 1024 * 1024;
/// How long a connection may take to come about, before anything was sent.
const CONNECT: Duration = Duration::from_millis(500);
/// Many servers close idle connections after five seconds; a request on a closing one is neither sent nor not sent.
const IDLE: Duration = Duration::from_secs(4);

/// What is known about a request without a usable answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HttpError {
    /// It never left us: no effect, safe to send again.
    NotSent,
    /// The deadline passed; it may have had its effect.
    TimedOut,
    /// It was sent, and the answer did not come through or was too long; it may have had its effect.
    Unclear,
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotSent => "the request was not sent",
            Self::TimedOut => "no answer before the deadline",
            Self::Unclear => "the request was sent and its answer was lost",
        })
    }
}

impl std::error::Error for HttpError {}

/// The client; cheap to clone, clones use the same connections.
#[derive(Clone, Debug)]
pub struct Client {
    inner: reqwest::Client,
}

impl Client {
    /// Sets the client up: no retries, no redirects, no proxy from the environment (settings come from ours).
    ///
    /// # Errors
    /// [`HttpError::NotSent`] if the machine has no usable TLS certificates.
    pub fn new() -> Result<Self, HttpError> {
        #[expect(clippy::disallowed_methods, reason = "the one home of the HTTP client")]
        let inner = reqwest::Client::builder()
            .retry(reqwest::retry::never())
            .redirect(redirect::Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT)
            .pool_idle_timeout(IDLE)
            .user_agent(concat!("frontdesk/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| {
                tracing::error!(%error, "cannot set up the HTTP client");
                HttpError::NotSent
            })?;
        Ok(Self { inner })
    }

    /// Posts a JSON body once and gives back the status and body of whatever answer comes before the deadline
    /// (counted from now, all of it: connecting, sending, reading). Redirects are answers like any other.
    ///
    /// # Errors
    /// See [`HttpError`]: whether the request can have had an effect.
    pub async fn post_json(
        &self,
        url: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
        deadline: Duration,
    ) -> Result<(u16, Vec<u8>), HttpError> {
        if deadline.is_zero() {
            return Err(HttpError::NotSent);
        }
        let mut request = self.inner.post(url).timeout(deadline).header("content-type", "application/json").body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.build().map_err(|_| HttpError::NotSent)?;
        let mut response = self.inner.execute(request).await.map_err(|error| outcome(&error))?;
        let status = response.status().as_u16();
        let mut answer = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| outcome(&error))? {
            if answer.len() + chunk.len() > ANSWER_BYTES {
                return Err(HttpError::Unclear);
            }
            answer.extend_from_slice(&chunk);
        }
        Ok((status, answer))
    }
}

/// Reads the client's error: failing to connect comes before anything else, also when it is time that ran out.
fn outcome(error: &reqwest::Error) -> HttpError {
    if error.is_connect() || error.is_builder() {
        HttpError::NotSent
    } else if error.is_timeout() {
        HttpError::TimedOut
    } else {
        HttpError::Unclear
    }
}
