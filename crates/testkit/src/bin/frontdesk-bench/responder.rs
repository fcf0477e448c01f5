//! The least an HTTP server can do: what the load client measures itself against.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

use super::http::split_at_blank_line;

/// Every answer's body.
pub const BODY: &[u8] = br#"{"ok":true}"#;

/// Answers on that address until the process is ended.
pub fn listen(addr: SocketAddr) -> Result<(), String> {
    let listener = TcpListener::bind(addr).map_err(|error| format!("cannot listen on {addr}: {error}"))?;
    serve(&listener);
    Ok(())
}

/// Answers on a free address for as long as the tests run.
#[cfg(test)]
pub fn in_background() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    thread::spawn(move || serve(&listener));
    addr
}

fn serve(listener: &TcpListener) {
    for stream in listener.incoming().flatten() {
        // A connection ends with an error where the client leaves; that is its right.
        thread::spawn(move || converse(stream).is_ok());
    }
}

fn converse(mut stream: TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut received = Vec::new();
    let mut part = [0_u8; 16 * 1024];
    loop {
        let length = stream.read(&mut part)?;
        if length == 0 {
            return Ok(());
        }
        received.extend(part.iter().take(length));
        while let Some((status, end)) = request_in(&received) {
            received.drain(..end);
            let head = format!("HTTP/1.1 {status} -\r\ncontent-length: {}\r\n\r\n", BODY.len());
            stream.write_all(&[head.as_bytes(), BODY].concat())?;
        }
    }
}

/// The status a complete request asks for (`/status/503`; else 200) and where it ends.
fn request_in(received: &[u8]) -> Option<(u16, usize)> {
    let (head, rest) = split_at_blank_line(received)?;
    let head = String::from_utf8_lossy(head).to_lowercase();
    let length: usize =
        head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok()).unwrap_or(0);
    let status = head.split(' ').nth(1).and_then(|path| path.strip_prefix("/status/")?.parse().ok()).unwrap_or(200);
    (rest.len() >= length).then(|| (status, received.len() - rest.len() + length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_ends_with_its_body() {
        let request = b"POST /status/409 HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}";
        assert_eq!(request_in(request), Some((409, request.len())));
        assert_eq!(request_in(&request[..request.len() - 1]), None);
        assert_eq!(request_in(b"GET / HTTP/1.1\r\n\r\nGET"), Some((200, 18)));
    }
}
