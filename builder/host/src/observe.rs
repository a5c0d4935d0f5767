//! What is told of each request when it is over.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Request, Response};
use http_body::{Body, Frame, SizeHint};
use wasmtime_wasi_http::Error;

use crate::body::ResponseBody;
use crate::guest::Exchange;

/// Is told of every request.
pub trait Observer: Send + Sync + 'static {
    /// Called from any thread, when the last byte of the answer is sent or the
    /// client has left; must not wait long.
    fn request(&self, seen: Seen<'_>);
}

/// A request and its answer.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// The component whose route was chosen; nothing if no route was.
    pub component: Option<&'a str>,
    pub method: &'a str,
    /// The path with its query, as the client sent it.
    pub target: &'a str,
    pub status: u16,
    /// Whether an instance was made for it; nothing if no instance had part in it.
    pub fresh: Option<bool>,
    /// Until the head of the answer was there.
    pub head: Duration,
    /// Until the end of its body.
    pub total: Duration,
    /// Bytes of the answer's body.
    pub bytes: u64,
}

/// One request while it is under way.
pub(crate) struct Record {
    observer: Arc<dyn Observer>,
    begun: Instant,
    method: String,
    target: String,
    component: Option<String>,
    exchange: Option<Arc<Exchange>>,
    status: u16,
    head: Duration,
    bytes: u64,
}

impl Record {
    pub fn begin<T>(observer: Arc<dyn Observer>, request: &Request<T>) -> Record {
        let target = request.uri().path_and_query().map_or("", |target| target.as_str());
        Record {
            observer,
            begun: Instant::now(),
            method: request.method().to_string(),
            target: target.to_owned(),
            component: None,
            exchange: None,
            status: 0,
            head: Duration::ZERO,
            bytes: 0,
        }
    }

    pub fn chosen(&mut self, component: &str) {
        self.component = Some(component.to_owned());
    }

    /// An instance begins to answer it.
    pub fn entered(&mut self, exchange: &Arc<Exchange>) {
        self.exchange = Some(exchange.clone());
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        self.observer.request(Seen {
            component: self.component.as_deref(),
            method: &self.method,
            target: &self.target,
            status: self.status,
            fresh: self.exchange.as_ref().and_then(|exchange| exchange.fresh()),
            head: self.head,
            total: self.begun.elapsed(),
            bytes: self.bytes,
        });
    }
}

/// A body that takes the record of its request along to its end.
pub(crate) struct ObservedBody {
    inner: ResponseBody,
    record: Option<Box<Record>>,
}

impl ObservedBody {
    pub fn new(
        response: Response<ResponseBody>,
        mut record: Option<Box<Record>>,
    ) -> Response<ObservedBody> {
        if let Some(record) = &mut record {
            record.status = response.status().as_u16();
            record.head = record.begun.elapsed();
        }
        response.map(|inner| ObservedBody { inner, record })
    }
}

impl Body for ObservedBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let polled = Pin::new(&mut self.inner).poll_frame(context);
        if let (Some(record), Poll::Ready(Some(Ok(frame)))) = (&mut self.record, &polled) {
            record.bytes += frame.data_ref().map_or(0, |data| data.len() as u64);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
