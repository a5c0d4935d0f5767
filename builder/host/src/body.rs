//! Bodies under way: requests are measured, responses are measured, and cut
//! off where their guest failed.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use tokio::task::AbortHandle;
use wasmtime_wasi_http::{Error, WasiBody};

use crate::guest::Exchange;
use crate::log::{Journal, Origin};

/// A request's body on its way to the guest.
pub(crate) struct RequestBody {
    inner: Incoming,
    left: u64,
    exchange: Arc<Exchange>,
}

impl RequestBody {
    pub fn new(inner: Incoming, limit: u64, exchange: Arc<Exchange>) -> RequestBody {
        RequestBody { inner, left: limit, exchange }
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let polled = Pin::new(&mut self.inner).poll_frame(context);
        let Poll::Ready(Some(Ok(frame))) = polled else {
            return polled.map_err(Error::from);
        };
        let length = frame.data_ref().map_or(0, |data| data.len() as u64);
        match self.left.checked_sub(length) {
            Some(left) => self.left = left,
            None => {
                self.exchange.refuse_body();
                return Poll::Ready(Some(Err(Error::HttpRequestBodySize(None))));
            }
        }
        Poll::Ready(Some(Ok(frame)))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// What the server sends as a response's body.
pub(crate) enum ResponseBody {
    Empty,
    /// A head that speaks of a body which is not sent, as for HEAD.
    Withheld,
    Guest(Box<GuestBody>),
    /// A responder's.
    Own(crate::respond::Body),
}

/// A body that a guest writes.
pub(crate) struct GuestBody {
    pub inner: WasiBody,
    pub exchange: Arc<Exchange>,
    pub journal: Journal,
    /// The guest, if it had not returned when its response began.
    pub task: Option<AbortHandle>,
    /// Bytes that may still be sent.
    pub left: u64,
    /// Bytes that the response's head promises and that are not sent yet.
    pub promised: Option<u64>,
    pub progress: Progress,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    Open,
    /// The response will be cut, once what was sent before is on its way.
    Failing,
    Ended,
}

impl GuestBody {
    fn poll_frame(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        match self.progress {
            Progress::Open => {}
            Progress::Failing => {
                self.progress = Progress::Ended;
                return Poll::Ready(Some(Err(Error::HttpResponseIncomplete)));
            }
            Progress::Ended => return Poll::Ready(None),
        }
        match std::task::ready!(Pin::new(&mut self.inner).poll_frame(context)) {
            Some(Ok(frame)) => {
                let length = frame.data_ref().map_or(0, |data| data.len() as u64);
                let Some(left) = self.left.checked_sub(length) else {
                    self.stop();
                    return self.fail(context, "the response's body is too large");
                };
                self.left = left;
                if let Some(promised) = &mut self.promised {
                    *promised = promised.saturating_sub(length);
                }
                if frame.is_trailers() {
                    self.progress = Progress::Ended;
                }
                Poll::Ready(Some(Ok(frame)))
            }
            // Its guest's failure is in the log already.
            _ if self.exchange.failed() => self.fail(context, ""),
            Some(Err(error)) => {
                self.fail(context, &format!("the response's body is unfinished: {error}"))
            }
            None => {
                self.progress = Progress::Ended;
                Poll::Ready(None)
            }
        }
    }

    /// The connection is flushed when a body has nothing to give: so the cut
    /// waits for one turn, and the client gets what was sent before it.
    fn fail(
        &mut self,
        context: &mut Context<'_>,
        reason: &str,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        self.journal.write(Origin::Host, reason);
        self.progress = Progress::Failing;
        context.waker().wake_by_ref();
        Poll::Pending
    }

    fn stop(&mut self) {
        if let Some(task) = self.task.take() {
            task.abort();
        }
    }
}

impl Drop for GuestBody {
    fn drop(&mut self) {
        // A guest may go on after a whole response, but not for a client that has left.
        if self.progress != Progress::Ended && self.promised != Some(0) {
            self.stop();
        }
    }
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        match self.get_mut() {
            ResponseBody::Empty | ResponseBody::Withheld => Poll::Ready(None),
            ResponseBody::Guest(body) => body.poll_frame(context),
            ResponseBody::Own(body) => {
                Pin::new(body).poll_frame(context).map_err(|never| match never {})
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            ResponseBody::Empty => true,
            ResponseBody::Own(body) => body.is_end_stream(),
            ResponseBody::Withheld | ResponseBody::Guest(_) => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            ResponseBody::Empty => SizeHint::with_exact(0),
            ResponseBody::Withheld => SizeHint::default(),
            ResponseBody::Guest(body) => body.inner.size_hint(),
            ResponseBody::Own(body) => body.size_hint(),
        }
    }
}
