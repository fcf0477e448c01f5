//! The fake behind a real port: it waits where something is slow, and delivers webhooks before it answers.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request as HttpRequest, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use jiff::Timestamp;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Mutex;

use crate::control;
use crate::cut::{CuttingListener, Scissors};
use crate::fake::FakeCalcom;
use crate::wire::{Answer, Delivery, Request, split};

/// No body is larger.
const BODY_LIMIT: usize = 1024 * 1024;

/// Where a served fake takes the time from.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// A fake on a port.
#[derive(Clone)]
struct Served {
    fake: Arc<FakeCalcom>,
    clock: Clock,
    latency: Duration,
    /// Webhooks leave one after another, as from one process.
    sending: Arc<Mutex<()>>,
}

/// Serves the fake on this listener until the future that runs it is dropped. The latency lies between the check and
/// the effect of every request, so that parallel bookings race as in the real one.
///
/// # Errors
/// When the listener fails.
pub async fn serve(listener: TcpListener, fake: Arc<FakeCalcom>, clock: Clock, latency: Duration) -> io::Result<()> {
    let served = Served { fake, clock, latency, sending: Arc::new(Mutex::new(())) };
    let router = Router::new().fallback(answer).with_state(served);
    let service = router.into_make_service_with_connect_info::<Scissors>();
    axum::serve(CuttingListener(listener), service).await
}

async fn answer(
    State(served): State<Served>,
    ConnectInfo(connection): ConnectInfo<Scissors>,
    request: HttpRequest,
) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_LIMIT).await else { return plain(413) };
    let target = parts.uri.path_and_query().map_or_else(|| parts.uri.path().to_owned(), ToString::to_string);
    let (segments, _) = split(&target);
    let path: Vec<&str> = segments.iter().map(String::as_str).collect();
    let now = (served.clock)();
    if let ["_fake", rest @ ..] = path.as_slice() {
        return match control::answer(&served.fake, parts.method.as_str(), rest, &body, now) {
            Some((status, body)) => json(status, body.to_string().into_bytes()),
            None => plain(404),
        };
    }
    let headers = parts
        .headers
        .iter()
        .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
        .collect();
    let request = Request { method: parts.method.to_string(), target, headers, body: body.to_vec(), now };
    // A client that goes away does not stop its booking, so the work is not tied to the connection.
    match beside(work(served, request)).await {
        Ok(Some(answer)) => whole(answer),
        Ok(None) => {
            connection.cut();
            plain(500)
        }
        Err(_) => plain(500),
    }
}

/// Both phases with the waiting between them; none where the answer is to be lost.
async fn work(served: Served, request: Request) -> Option<Answer> {
    let pending = served.fake.begin(&request);
    let fault = pending.fault().clone();
    tokio::time::sleep(served.latency + fault.wait_before).await;
    let mut answer = served.fake.finish(pending, (served.clock)());
    let (at_once, later): (Vec<Delivery>, Vec<Delivery>) =
        std::mem::take(&mut answer.webhooks).into_iter().partition(|delivery| delivery.after.is_zero());
    for delivery in later {
        beside(async move {
            tokio::time::sleep(delivery.after).await;
            let _nobody_is_told_of_failure = send(&delivery).await;
        });
    }
    if !at_once.is_empty() {
        let turn = served.sending.lock().await;
        for delivery in &at_once {
            let _nobody_is_told_of_failure = send(delivery).await;
        }
        drop(turn);
    }
    tokio::time::sleep(fault.wait_after).await;
    if fault.lose_answer { None } else { Some(answer) }
}

/// Runs work that outlives its connection: bookings of clients that went away, webhooks that leave later.
#[expect(
    clippy::disallowed_methods,
    reason = "a stand-in for another program; the desk's own home of spawning is not for it"
)]
fn beside<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> tokio::task::JoinHandle<T> {
    tokio::spawn(work)
}

fn whole(answer: Answer) -> Response {
    let mut response = json(answer.status, answer.body);
    for (name, value) in answer.headers {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), value.parse::<HeaderValue>()) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

fn json(status: u16, body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert("content-type", HeaderValue::from_static("application/json; charset=utf-8"));
    headers.insert("keep-alive", HeaderValue::from_static("timeout=5"));
    response
}

fn plain(status: u16) -> Response {
    json(status, b"{}".to_vec())
}

/// Delivers one webhook over plain HTTP and waits for the subscriber's answer, whatever it is.
async fn send(delivery: &Delivery) -> io::Result<()> {
    let refused = || io::Error::new(io::ErrorKind::InvalidInput, "webhooks go over plain http here");
    let rest = delivery.url.strip_prefix("http://").ok_or_else(refused)?;
    let (host, path) =
        rest.split_once('/').map_or((rest, String::from("/")), |(host, path)| (host, format!("/{path}")));
    let address = if host.contains(':') { host.to_owned() } else { format!("{host}:80") };
    let mut stream = TcpStream::connect(address).await?;
    let mut head = format!("POST {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nUser-Agent: node\r\n");
    for (name, value) in &delivery.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("Content-Length: {}\r\n\r\n", delivery.body.len()));
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(&delivery.body).await?;
    stream.flush().await?;
    let mut answer = [0u8; 1024];
    while stream.read(&mut answer).await? > 0 {}
    Ok(())
}
