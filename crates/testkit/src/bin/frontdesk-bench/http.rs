//! As much HTTP/1.1 as a load client needs: whole requests out, whole answers in, connections kept.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Longest wait for a connection.
const CONNECT_WITHIN: Duration = Duration::from_secs(2);
/// Longest silence inside an answer.
const READ_WITHIN: Duration = Duration::from_secs(10);

/// A complete answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The body, chunks joined.
    pub body: Vec<u8>,
    /// The connection may be used again.
    keep: bool,
}

/// A raw POST of a JSON body on a kept connection, with further headers.
pub fn post(host: SocketAddr, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let mut head = format!(
        "POST {path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n"
    );
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    let mut request = head.into_bytes();
    request.extend_from_slice(body);
    request
}

/// A raw GET on a kept connection.
pub fn get(host: SocketAddr, path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: {host}\r\n\r\n").into_bytes()
}

/// A connection, opened when first needed and again after it was closed.
pub struct Connection {
    addr: SocketAddr,
    open: Option<TcpStream>,
}

impl Connection {
    /// A connection to be; nothing is sent yet.
    pub fn to(addr: SocketAddr) -> Self {
        Self { addr, open: None }
    }

    /// Opens it, unless it is open; so that the first request need not wait for that.
    pub fn warm(&mut self) -> io::Result<()> {
        self.stream().map(|_| ())
    }

    /// Sends a raw request and reads the answer to its last byte. After an error the next exchange begins on a new
    /// connection; nothing is sent twice.
    pub fn exchange(&mut self, request: &[u8]) -> io::Result<Answer> {
        let answer = self.stream().and_then(|stream| {
            stream.write_all(request)?;
            read_answer(stream)
        });
        if !answer.as_ref().is_ok_and(|answer| answer.keep) {
            self.open = None;
        }
        answer
    }

    fn stream(&mut self) -> io::Result<&mut TcpStream> {
        let stream = match self.open.take() {
            Some(stream) => stream,
            None => {
                let stream = TcpStream::connect_timeout(&self.addr, CONNECT_WITHIN)?;
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(READ_WITHIN))?;
                stream
            }
        };
        Ok(self.open.insert(stream))
    }
}

fn read_answer(stream: &mut impl Read) -> io::Result<Answer> {
    let mut received = Vec::with_capacity(4096);
    let mut part = [0_u8; 16 * 1024];
    loop {
        let length = stream.read(&mut part)?;
        received.extend(part.iter().take(length));
        if let Some(answer) = parse(&received, length == 0)? {
            return Ok(answer);
        }
        if length == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
}

/// Where a body ends.
enum Extent {
    None,
    Bytes(usize),
    Chunks,
    UntilClosed,
}

/// Reads an answer out of what has arrived; `None`: more must come.
fn parse(received: &[u8], closed: bool) -> io::Result<Option<Answer>> {
    let Some((head, rest)) = split_at_blank_line(received) else { return Ok(None) };
    let head = std::str::from_utf8(head).map_err(|_| malformed("the head is no text"))?;
    let mut lines = head.split("\r\n");
    let status: u16 = lines
        .next()
        .and_then(|line| line.strip_prefix("HTTP/1.1 "))
        .and_then(|line| line.get(..3))
        .and_then(|code| code.parse().ok())
        .ok_or_else(|| malformed("no HTTP/1.1 status line"))?;
    let mut keep = true;
    let mut extent = if status == 204 || status == 304 { Extent::None } else { Extent::UntilClosed };
    for line in lines {
        let (name, value) = line.split_once(':').ok_or_else(|| malformed("a header without a colon"))?;
        let value = value.trim();
        if name.eq_ignore_ascii_case("content-length") && !matches!(extent, Extent::None | Extent::Chunks) {
            extent = Extent::Bytes(value.parse().map_err(|_| malformed("a length that is no number"))?);
        } else if name.eq_ignore_ascii_case("transfer-encoding") && value.eq_ignore_ascii_case("chunked") {
            extent = Extent::Chunks;
        } else if name.eq_ignore_ascii_case("connection") && value.eq_ignore_ascii_case("close") {
            keep = false;
        }
    }
    let body = match extent {
        Extent::None => Some(Vec::new()),
        Extent::Bytes(length) => rest.get(..length).map(<[u8]>::to_vec),
        Extent::Chunks => join_chunks(rest)?,
        Extent::UntilClosed => {
            keep = false;
            closed.then(|| rest.to_vec())
        }
    };
    Ok(body.map(|body| Answer { status, body, keep }))
}

fn join_chunks(mut rest: &[u8]) -> io::Result<Option<Vec<u8>>> {
    let mut body = Vec::new();
    loop {
        let Some(end) = rest.windows(2).position(|pair| pair == b"\r\n") else { return Ok(None) };
        let (line, after) = rest.split_at(end);
        let size = std::str::from_utf8(line)
            .ok()
            .and_then(|line| usize::from_str_radix(line.split(';').next().unwrap_or_default().trim(), 16).ok())
            .ok_or_else(|| malformed("a chunk without a size"))?;
        let after = after.get(2..).unwrap_or_default();
        if size == 0 {
            // Trailers, if any, end with a blank line; without them the blank line follows at once.
            let done = after.starts_with(b"\r\n") || split_at_blank_line(after).is_some();
            return Ok(done.then_some(body));
        }
        let (Some(chunk), Some(next)) = (after.get(..size), after.get(size.saturating_add(2)..)) else {
            return Ok(None);
        };
        body.extend_from_slice(chunk);
        rest = next;
    }
}

/// The bytes before and after the first blank line.
pub fn split_at_blank_line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    Some((bytes.get(..end)?, bytes.get(end + 4..)?))
}

fn malformed(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stream that hands out its bytes one at a time.
    struct Trickle<'a>(&'a [u8]);

    impl Read for Trickle<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let (one, rest) = self.0.split_at(self.0.len().min(1));
            buffer[..one.len()].copy_from_slice(one);
            self.0 = rest;
            Ok(one.len())
        }
    }

    fn read(mut bytes: &[u8]) -> io::Result<Answer> {
        let whole = read_answer(&mut bytes);
        // After a complete answer nothing more is read, so that a kept connection does not stall.
        if whole.as_ref().is_ok_and(|answer| answer.keep) {
            assert!(bytes.is_empty());
        }
        whole
    }

    #[test]
    fn an_answer_reads_the_same_in_one_piece_and_byte_by_byte() {
        let answers: [(&[u8], u16, &[u8], bool); 5] = [
            (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, b"hello", true),
            (b"HTTP/1.1 204 No Content\r\n\r\n", 204, b"", true),
            (
                b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n",
                200,
                b"hello",
                true,
            ),
            (b"HTTP/1.1 503 Busy\r\nconnection: close\r\ncontent-length: 0\r\n\r\n", 503, b"", false),
            (b"HTTP/1.1 200 OK\r\n\r\nuntil closed", 200, b"until closed", false),
        ];
        for (bytes, status, body, keep) in answers {
            let wanted = Answer { status, body: body.to_vec(), keep };
            assert_eq!(read(bytes).unwrap(), wanted);
            assert_eq!(read_answer(&mut Trickle(bytes)).unwrap(), wanted);
        }
    }

    #[test]
    fn a_connection_that_ends_inside_an_answer_is_an_error() {
        for bytes in [&b""[..], b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhell"] {
            assert_eq!(read(bytes).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
        }
        assert_eq!(read(b"SSH-2.0-x\r\n\r\n").unwrap_err().kind(), io::ErrorKind::InvalidData);
    }
}
