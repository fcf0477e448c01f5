//! The HTTP client against servers that behave badly.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use frontdesk_connect::http::{Client, HttpError};

const AMPLE: Duration = Duration::from_secs(10);

/// A server for one connection on a free port.
fn server(serve: impl FnOnce(TcpStream, String) + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = String::new();
        let mut buffer = [0; 4096];
        while !request.ends_with('}') {
            let read = stream.read(&mut buffer).unwrap();
            if read == 0 {
                break;
            }
            request.push_str(std::str::from_utf8(&buffer[..read]).unwrap());
        }
        serve(stream, request);
    });
    address
}

async fn post(address: SocketAddr, deadline: Duration) -> Result<(u16, Vec<u8>), HttpError> {
    let headers = [("x-retell-signature", "v=1,d=0")];
    Client::new().unwrap().post_json(&format!("http://{address}/x"), &headers, b"{\"a\":1}".to_vec(), deadline).await
}

#[tokio::test]
async fn an_answer_comes_with_its_status_and_the_request_as_it_was_meant() {
    let address = server(|mut stream, request| {
        let request = request.to_lowercase();
        assert!(request.starts_with("post /x http/1.1\r\n"), "{request}");
        assert!(request.contains("x-retell-signature: v=1,d=0\r\n"), "{request}");
        assert!(request.contains("content-type: application/json\r\n"), "{request}");
        stream.write_all(b"HTTP/1.1 418 Teapot\r\ncontent-length: 5\r\n\r\nbrown").unwrap();
    });
    assert_eq!(post(address, AMPLE).await, Ok((418, b"brown".to_vec())));
}

#[tokio::test]
async fn a_redirect_is_an_answer() {
    let address = server(|mut stream, _| {
        stream.write_all(b"HTTP/1.1 307 Go\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n").unwrap();
    });
    assert_eq!(post(address, AMPLE).await, Ok((307, Vec::new())));
}

#[tokio::test]
async fn nobody_listening_means_nothing_was_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    assert_eq!(post(address, AMPLE).await, Err(HttpError::NotSent));
    assert_eq!(post(address, Duration::ZERO).await, Err(HttpError::NotSent));
    let nonsense = Client::new().unwrap().post_json("not an address", &[], Vec::new(), AMPLE).await;
    assert_eq!(nonsense, Err(HttpError::NotSent));
    let header = Client::new().unwrap().post_json("http://127.0.0.1:1/", &[("a b", "c")], Vec::new(), AMPLE).await;
    assert_eq!(header, Err(HttpError::NotSent));
}

#[tokio::test]
async fn silence_ends_at_the_deadline() {
    let (open, release) = std::sync::mpsc::channel::<()>();
    let address = server(move |stream, _| {
        let _ = release.recv();
        drop(stream);
    });
    assert_eq!(post(address, Duration::from_millis(100)).await, Err(HttpError::TimedOut));
    drop(open);
}

#[tokio::test]
async fn a_lost_answer_is_unclear_and_is_not_asked_for_again() {
    let address = server(|stream, _| drop(stream));
    assert_eq!(post(address, AMPLE).await, Err(HttpError::Unclear));
    let address = server(|mut stream, _| {
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\nhalf").unwrap();
    });
    assert_eq!(post(address, AMPLE).await, Err(HttpError::Unclear));
}

#[tokio::test]
async fn an_endless_answer_is_not_read_to_the_end() {
    let address = server(|mut stream, _| {
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        let chunk = [b'x'; 64 * 1024];
        while stream.write_all(&chunk).is_ok() {}
    });
    assert_eq!(post(address, AMPLE).await, Err(HttpError::Unclear));
}
