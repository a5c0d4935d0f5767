//! Where the host and its guests write.

use std::io::Write;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use tokio::io::AsyncWrite;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamResult};

/// Takes every line that a guest or the host about a guest writes.
pub trait Log: Send + Sync + 'static {
    /// Called from any thread; must not wait long.
    fn line(&self, line: Line<'_>);
}

impl<F: Fn(Line<'_>) + Send + Sync + 'static> Log for F {
    fn line(&self, line: Line<'_>) {
        self(line);
    }
}

/// One line, without its line end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// The component's name; empty if it concerns the whole host.
    pub component: &'a str,
    pub origin: Origin,
    pub text: &'a str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The guest's standard output.
    Output,
    /// The guest's standard error.
    Error,
    /// What the host says about the guest.
    Host,
}

/// Writes `component | text` to the standard error of this process.
pub struct StandardError;

impl Log for StandardError {
    fn line(&self, line: Line<'_>) {
        let separator = if line.component.is_empty() { "" } else { " | " };
        let text = format!("{}{separator}{}\n", line.component, line.text);
        // There is nowhere left to tell that standard error is closed.
        let _ = std::io::stderr().write_all(text.as_bytes());
    }
}

/// One component's way into the log.
#[derive(Clone)]
pub(crate) struct Journal {
    component: Arc<str>,
    log: Arc<dyn Log>,
}

impl Journal {
    pub fn new(component: &str, log: Arc<dyn Log>) -> Journal {
        Journal { component: component.into(), log }
    }

    /// Each line of `text` on its own.
    pub fn write(&self, origin: Origin, text: &str) {
        for text in text.lines() {
            self.log.line(Line { component: &self.component, origin, text });
        }
    }
}

/// A guest longer line than this is broken, so that it cannot fill the host's memory.
const LONGEST_LINE: usize = 64 << 10;

/// The standard output or error of one instance, cut into lines.
#[derive(Clone)]
pub(crate) struct GuestOutput(Arc<Lines>);

struct Lines {
    journal: Journal,
    origin: Origin,
    unfinished: Mutex<Vec<u8>>,
}

impl GuestOutput {
    pub fn new(journal: Journal, origin: Origin) -> GuestOutput {
        GuestOutput(Arc::new(Lines { journal, origin, unfinished: Mutex::default() }))
    }
}

impl Lines {
    fn unfinished(&self) -> MutexGuard<'_, Vec<u8>> {
        self.unfinished.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, bytes: &[u8]) {
        let mut buffer = self.unfinished();
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            buffer.extend_from_slice(piece);
            if piece.ends_with(b"\n") || buffer.len() >= LONGEST_LINE {
                self.emit(&buffer);
                buffer.clear();
            }
        }
    }

    fn emit(&self, line: &[u8]) {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let text = String::from_utf8_lossy(line);
        let component = &self.journal.component;
        self.journal.log.line(Line { component, origin: self.origin, text: &text });
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        let rest = std::mem::take(&mut *self.unfinished());
        if !rest.is_empty() {
            self.emit(&rest);
        }
    }
}

impl IsTerminal for GuestOutput {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for GuestOutput {
    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }

    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(self.clone())
    }
}

impl OutputStream for GuestOutput {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.0.push(&bytes);
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(64 << 10)
    }
}

#[wasmtime_wasi::async_trait]
impl Pollable for GuestOutput {
    async fn ready(&mut self) {}
}

impl AsyncWrite for GuestOutput {
    fn poll_write(
        self: Pin<&mut Self>,
        _context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        self.0.push(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(
        self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
