//! What a wrong host does to the bytes of a connection.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use crate::fault::Fault;

/// A connection on which what is received and what is sent is bent.
pub struct BentStream {
    inner: TcpStream,
    fault: Fault,
    /// Received and bent, not yet taken.
    received: Vec<u8>,
    /// Bent, not yet sent.
    sending: Vec<u8>,
    /// The latest request is a HEAD.
    head: bool,
    /// Something has been answered.
    answered: bool,
    /// Nothing more is received or sent.
    closed: bool,
}

impl BentStream {
    pub fn new(inner: TcpStream, fault: Fault) -> BentStream {
        BentStream {
            inner,
            fault,
            received: Vec::new(),
            sending: Vec::new(),
            head: false,
            answered: false,
            closed: false,
        }
    }

    /// What the host makes of bytes that arrive.
    fn bend_received(&mut self, bytes: &[u8]) -> Vec<u8> {
        let is_head = contains(bytes, b" HTTP/1.1\r\n");
        if is_head {
            self.head = bytes.starts_with(b"HEAD ");
        }
        match self.fault {
            Fault::OneRequestPerConnection if is_head && self.answered => self.closed = true,
            Fault::DropPipelined if bytes.starts_with(b"GET ") => {
                let end = find(bytes, b"\r\n\r\n").map_or(bytes.len(), |at| at + 4);
                return bytes[..end].to_vec();
            }
            Fault::RefuseChunkExtensions => return replaced(bytes, b";name=", b"?name="),
            Fault::MindCapitals => return replaced(bytes, b"\r\nX-", b"\r\nLost-"),
            Fault::KeepSpace => return replaced(bytes, b" \t \r\n", b"_\r\n"),
            Fault::IgnoreClose => {
                return replaced(bytes, b"connection: close", b"x-connect: close");
            }
            _ => {}
        }
        if self.closed { Vec::new() } else { bytes.to_vec() }
    }

    /// What the host makes of bytes that it sends.
    fn bend_sent(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.answered = true;
        let begins = |status: &str| bytes.starts_with(format!("HTTP/1.1 {status}").as_bytes());
        let surplus = match self.fault {
            Fault::KeepHeadBodies => self.head && begins(""),
            Fault::BodyAfterNoContent => begins("204"),
            Fault::BodyAfterNotModified => begins("304"),
            _ => false,
        };
        if surplus {
            return [bytes, b"surplus"].concat();
        }
        match self.fault {
            Fault::AnswerAsOld if begins("") => replaced(bytes, b"HTTP/1.1", b"HTTP/1.0"),
            Fault::LengthTwice if begins("") => with_length(bytes, |line, _| [line, line].concat()),
            Fault::LengthTooLarge if begins("") => with_length(bytes, |_, length| {
                format!("content-length: {}\r\n", length + 1).into_bytes()
            }),
            Fault::LoseLastChunk if bytes.ends_with(b"0\r\n\r\n") => {
                self.closed = true;
                bytes[..bytes.len() - 5].to_vec()
            }
            _ => bytes.to_vec(),
        }
    }

    fn poll_pending(&mut self, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        while !self.sending.is_empty() {
            let count = ready!(Pin::new(&mut self.inner).poll_write(context, &self.sending))?;
            self.sending.drain(..count);
        }
        if self.closed {
            Pin::new(&mut self.inner).poll_shutdown(context)
        } else {
            Poll::Ready(Ok(()))
        }
    }
}

impl AsyncRead for BentStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        while self.received.is_empty() && !self.closed {
            let mut bytes = [0; 16384];
            let mut read = ReadBuf::new(&mut bytes);
            ready!(Pin::new(&mut self.inner).poll_read(context, &mut read))?;
            if read.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
            self.received = self.bend_received(read.filled());
        }
        let count = self.received.len().min(buffer.remaining());
        buffer.put_slice(&self.received[..count]);
        self.received.drain(..count);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for BentStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        ready!(self.poll_pending(context))?;
        self.sending = self.bend_sent(bytes);
        // What does not go out now goes out with the next or when all is flushed.
        let _ = self.poll_pending(context)?;
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        ready!(self.poll_pending(context))?;
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        ready!(self.poll_pending(context))?;
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    find(bytes, wanted).is_some()
}

fn replaced(bytes: &[u8], wanted: &[u8], by: &[u8]) -> Vec<u8> {
    match find(bytes, wanted) {
        Some(at) => [&bytes[..at], by, &bytes[at + wanted.len()..]].concat(),
        None => bytes.to_vec(),
    }
}

/// Bytes whose line with the length is another.
fn with_length(bytes: &[u8], line: impl Fn(&[u8], u64) -> Vec<u8>) -> Vec<u8> {
    let Some(at) = find(bytes, b"content-length: ") else { return bytes.to_vec() };
    let Some(end) = find(&bytes[at..], b"\r\n").map(|length| at + length + 2) else {
        return bytes.to_vec();
    };
    let digits = std::str::from_utf8(&bytes[at + 16..end - 2]).unwrap();
    let line = line(&bytes[at..end], digits.parse().unwrap());
    [&bytes[..at], &line, &bytes[end..]].concat()
}
