//! The only HTTP client. Thin on purpose: one try, one deadline, and an honest word about what is known after it.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use reqwest::redirect;

use crate::guard::{Allowed, Reach};

/// The longest answer read, in bytes.
const ANSWER_BYTES: usize = 4 * 1024 * 1024;
/// How long a connection may take to come about, before anything was sent.
const CONNECT: Duration = Duration::from_millis(500);
/// Many servers close idle connections after five seconds; a request on a closing one is neither sent nor not sent.
const IDLE: Duration = Duration::from_secs(4);
/// The headers of an answer that anybody here reads; the rest is dropped.
const KEPT: [&str; 5] =
    ["date", "x-request-id", "x-ratelimit-limit-default", "x-ratelimit-remaining-default", "x-ratelimit-reset-default"];

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

/// What is to be done at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Read.
    Get,
    /// Make.
    Post,
    /// Change.
    Patch,
    /// Take away.
    Delete,
}

impl Method {
    /// As it goes over the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// A request before it is sent. Addresses, headers and bodies carry secrets and personal data, so none is printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// What is to be done.
    pub method: Method,
    /// The whole address.
    pub url: String,
    /// Headers beside the ones every request has.
    pub headers: Vec<(&'static str, String)>,
    /// A JSON body; its content type goes with it.
    pub body: Option<Vec<u8>>,
    /// Which addresses it may go to.
    pub reach: Reach,
}

impl Request {
    /// The value of a header, by its name in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} •••", self.method.as_str())
    }
}

/// Whatever came back. Its body may hold personal data and is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Those of its headers that are read here.
    pub headers: Vec<(String, String)>,
    /// The body, at most 4 MiB.
    pub body: Vec<u8>,
}

impl Answer {
    /// The value of a header, by its name in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} with {} bytes", self.status, self.body.len())
    }
}

/// An answer on its way.
pub type Answering = Pin<Box<dyn Future<Output = Result<Answer, HttpError>> + Send>>;

/// Stands in for the network: gets each request with its deadline, and keeps to the deadline itself.
pub type InProcess = Arc<dyn Fn(Request, Duration) -> Answering + Send + Sync>;

/// The client; cheap to clone, clones use the same connections.
#[derive(Clone)]
pub struct Client {
    way: Way,
}

#[derive(Clone)]
enum Way {
    /// One set of connections for each reach, so that a name once allowed for one is not taken over by the other.
    Network {
        public: reqwest::Client,
        private: reqwest::Client,
    },
    InProcess(InProcess),
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.way {
            Way::Network { .. } => "Client",
            Way::InProcess(_) => "Client(in process)",
        })
    }
}

impl Client {
    /// Sets the client up: no retries, no redirects, no proxy from the environment (settings come from ours).
    ///
    /// # Errors
    /// [`HttpError::NotSent`] if the machine has no usable TLS certificates.
    pub fn new() -> Result<Self, HttpError> {
        Ok(Self { way: Way::Network { public: network(Reach::Public)?, private: network(Reach::Private)? } })
    }

    /// A client without a network: every request goes to the handler, with the same rules for deadlines and answers.
    pub fn in_process(handler: InProcess) -> Self {
        Self { way: Way::InProcess(handler) }
    }

    /// Sends a request once and gives back whatever answer comes before the deadline (counted from now, all of it:
    /// connecting, sending, reading). Redirects are answers like any other.
    ///
    /// # Errors
    /// See [`HttpError`]: whether the request can have had an effect. An address out of reach is not sent to.
    pub async fn send(&self, request: Request, deadline: Duration) -> Result<Answer, HttpError> {
        if deadline.is_zero() {
            return Err(HttpError::NotSent);
        }
        match &self.way {
            Way::InProcess(handler) => handler(request, deadline).await.and_then(bounded),
            Way::Network { public, private } => {
                let url = reqwest::Url::parse(&request.url).map_err(|_| HttpError::NotSent)?;
                if !request.reach.allows_url(&url) {
                    return Err(HttpError::NotSent);
                }
                let client = match request.reach {
                    Reach::Public => public,
                    Reach::Private => private,
                };
                exchange(client, url, &request, deadline).await
            }
        }
    }

    /// Posts a JSON body once to an address that the person at this machine named, and gives back status and body.
    ///
    /// # Errors
    /// As with [`Client::send`].
    pub async fn post_json(
        &self,
        url: &str,
        headers: &[(&'static str, &str)],
        body: Vec<u8>,
        deadline: Duration,
    ) -> Result<(u16, Vec<u8>), HttpError> {
        let request = Request {
            method: Method::Post,
            url: url.to_owned(),
            headers: headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect(),
            body: Some(body),
            reach: Reach::Private,
        };
        self.send(request, deadline).await.map(|answer| (answer.status, answer.body))
    }
}

/// The connections for one reach.
fn network(reach: Reach) -> Result<reqwest::Client, HttpError> {
    #[expect(clippy::disallowed_methods, reason = "the one home of the HTTP client")]
    reqwest::Client::builder()
        .retry(reqwest::retry::never())
        .redirect(redirect::Policy::none())
        .no_proxy()
        .dns_resolver(Arc::new(Allowed(reach)))
        .connect_timeout(CONNECT)
        .pool_idle_timeout(IDLE)
        .user_agent(concat!("frontdesk/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| {
            tracing::error!(%error, "cannot set up the HTTP client");
            HttpError::NotSent
        })
}

async fn exchange(
    client: &reqwest::Client,
    url: reqwest::Url,
    request: &Request,
    deadline: Duration,
) -> Result<Answer, HttpError> {
    let method = match request.method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Patch => reqwest::Method::PATCH,
        Method::Delete => reqwest::Method::DELETE,
    };
    let mut sending = client.request(method, url).timeout(deadline);
    if let Some(body) = &request.body {
        sending = sending.header("content-type", "application/json").body(body.clone());
    }
    for (name, value) in &request.headers {
        sending = sending.header(*name, value.as_str());
    }
    let sending = sending.build().map_err(|_| HttpError::NotSent)?;
    let mut response = client.execute(sending).await.map_err(|error| outcome(&error))?;
    let headers = KEPT
        .iter()
        .filter_map(|name| {
            let value = response.headers().get(*name)?.to_str().ok()?;
            Some(((*name).to_owned(), value.to_owned()))
        })
        .collect();
    let status = response.status().as_u16();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| outcome(&error))? {
        if body.len() + chunk.len() > ANSWER_BYTES {
            return Err(HttpError::Unclear);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, headers, body })
}

fn bounded(answer: Answer) -> Result<Answer, HttpError> {
    if answer.body.len() > ANSWER_BYTES { Err(HttpError::Unclear) } else { Ok(answer) }
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
