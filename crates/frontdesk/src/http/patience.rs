//! Connections that say nothing are closed: slow or forgotten senders must not use up the machine's connections.
//!
//! The HTTP server has no such limit of its own here. Every read that waits longer than [`QUIET_AT_MOST`] ends the
//! connection, whether a request has begun or the connection is only kept open. Bodies have a shorter time limit.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Sleep, sleep};

/// Longer than any answer takes, and than platforms keep idle connections for.
const QUIET_AT_MOST: Duration = Duration::from_secs(75);

/// Listens, and gives out connections with limited patience.
#[derive(Debug)]
pub struct PatientListener(pub TcpListener);

impl Listener for PatientListener {
    type Io = Patient<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let (connection, from) = Listener::accept(&mut self.0).await;
        (Patient { inner: connection, until: None }, from)
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.0.local_addr()
    }
}

/// A connection whose reads end with an error after too long a silence.
#[derive(Debug)]
pub struct Patient<T> {
    inner: T,
    until: Option<Pin<Box<Sleep>>>,
}

impl Patient<TcpStream> {
    /// Sends at once: answers are small, and waiting to fill a packet would only cost the caller time.
    pub fn send_at_once(&self) {
        let _works_without = self.inner.set_nodelay(true);
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Patient<T> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.inner).poll_read(cx, buffer) {
            Poll::Ready(read) => {
                self.until = None;
                Poll::Ready(read)
            }
            Poll::Pending => {
                let until = self.until.get_or_insert_with(|| Box::pin(sleep(QUIET_AT_MOST)));
                until.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
            }
        }
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Patient<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[tokio::test]
    async fn a_silent_connection_ends_and_a_word_begins_the_wait_anew() {
        let (mut far, near) = tokio::io::duplex(64);
        let mut patient = Patient { inner: near, until: Some(Box::pin(sleep(Duration::ZERO))) };
        let mut buffer = [0; 8];
        far.write_all(b"hello").await.unwrap();
        assert_eq!(patient.read(&mut buffer).await.unwrap(), 5, "what is there is read, however late");
        assert!(patient.until.is_none());
        patient.until = Some(Box::pin(sleep(Duration::ZERO)));
        let silence = patient.read(&mut buffer).await.unwrap_err();
        assert_eq!(silence.kind(), io::ErrorKind::TimedOut);
    }
}
