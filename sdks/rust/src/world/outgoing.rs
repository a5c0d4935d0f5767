//! Responses and bodies that go out.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use http_body::Body as _;
use wasip2::http::types::{OutgoingBody, OutgoingResponse, ResponseOutparam};
use wasip2::io::streams::{OutputStream, StreamError};

use super::timer::Timer;
use super::wait::Wait;
use super::{fields, raw};
use crate::{Body, Error};

/// How long a response that has failed is held before it is cut.
const BEFORE_CUT: Duration = Duration::from_millis(1);

/// Sends the response, its body as fast as it is taken.
///
/// # Errors
/// The error of the response's body, which has then been cut.
pub(super) async fn respond(
    response: Response<Body>,
    is_head: bool,
    out: ResponseOutparam,
) -> Result<(), Error> {
    let (mut head, body) = response.into_parts();
    let with_body = may_have_body(head.status);
    if with_body {
        declare_length(&mut head.headers, &body);
    }
    let outgoing = OutgoingResponse::new(fields::write(&head.headers));
    // Every code that the `http` crate holds is one for the world too.
    let _ = outgoing.set_status_code(head.status.as_u16());
    // jco fails on a response whose body was never asked for, even where there is none.
    let sink = outgoing.body().ok();
    ResponseOutparam::set(out, Ok(outgoing));
    match sink {
        Some(sink) if with_body && !is_head => send(body, sink).await,
        Some(sink) => {
            // After HEAD it is shorter than was declared, and nobody looks at it.
            let _ = OutgoingBody::finish(sink, None);
            Ok(())
        }
        None => Ok(()),
    }
}

/// Whether a response with this status has a body at all.
pub(super) fn may_have_body(status: StatusCode) -> bool {
    !status.is_informational()
        && status != StatusCode::NO_CONTENT
        && status != StatusCode::NOT_MODIFIED
}

/// Says how long the body is, where that is known.
pub(super) fn declare_length(headers: &mut HeaderMap, body: &Body) {
    if let Some(length) = body.size_hint().exact()
        && !headers.contains_key(CONTENT_LENGTH)
    {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
}

/// Sends a body to its end. If nobody takes it any more, that is the end too.
///
/// # Errors
/// The body's own error; what was sent so far is then cut, not ended.
pub(super) async fn send(mut body: Body, sink: OutgoingBody) -> Result<(), Error> {
    let Some(mut writer) = Writer::new(sink) else {
        return Ok(());
    };
    loop {
        let frame = poll_fn(|context| {
            let frame = Pin::new(&mut body).poll_frame(context);
            if frame.is_pending() {
                writer.flush();
            }
            frame
        })
        .await;
        let frame = match frame {
            Some(Ok(frame)) => frame,
            Some(Err(error)) => {
                writer.cut().await;
                return Err(error);
            }
            None => {
                writer.finish(None).await;
                return Ok(());
            }
        };
        match frame.into_data() {
            Ok(data) => {
                if writer.write(data).await.is_err() {
                    return Ok(());
                }
            }
            Err(frame) => {
                let trailers = frame.into_trailers().ok();
                writer.finish(trailers).await;
                return Ok(());
            }
        }
    }
}

/// Writes into an outgoing body. Dropped before `finish`, it cuts the message.
/// The fields are in the order in which the world wants them dropped.
struct Writer {
    wait: Wait,
    stream: OutputStream,
    body: OutgoingBody,
    /// Something was written and not flushed.
    unflushed: bool,
}

impl Writer {
    fn new(body: OutgoingBody) -> Option<Writer> {
        let stream = body.write().ok()?;
        Some(Writer { wait: Wait::default(), stream, body, unflushed: false })
    }

    /// Writes all of it, each piece when there is room for it.
    async fn write(&mut self, mut data: Bytes) -> Result<(), StreamError> {
        while !data.is_empty() {
            let room = poll_fn(|context| self.poll_room(context)).await?;
            let length = usize::try_from(room).unwrap_or(usize::MAX).min(data.len());
            self.stream.write(&data.split_to(length))?;
            self.unflushed = true;
        }
        Ok(())
    }

    fn poll_room(&mut self, context: &mut Context<'_>) -> Poll<Result<u64, StreamError>> {
        loop {
            if self.wait.is_waiting() {
                ready!(self.wait.poll(context, || self.stream.subscribe()));
            }
            match self.stream.check_write() {
                Ok(0) => ready!(self.wait.poll(context, || self.stream.subscribe())),
                room => return Poll::Ready(room),
            }
        }
    }

    /// Lets go what was written, as there will be nothing more for a while. If
    /// that fails, so does the next write.
    fn flush(&mut self) {
        if std::mem::take(&mut self.unflushed) {
            let _ = self.stream.flush();
        }
    }

    /// Leaves the message without an end. What was written before the failure
    /// is given the time to get out: a host that sees the cut at once would
    /// send none of it, not even the head.
    async fn cut(mut self) {
        self.unflushed = true;
        self.flush();
        if poll_fn(|context| self.poll_room(context)).await.is_ok() {
            let mut pause = Timer::new(BEFORE_CUT);
            poll_fn(|context| pause.poll(context)).await;
        }
    }

    /// Ends the message. If nobody wants it any more, there is nothing to do.
    async fn finish(mut self, trailers: Option<HeaderMap>) {
        if self.unflushed {
            self.flush();
            let _ = poll_fn(|context| self.poll_room(context)).await;
        }
        let Writer { wait, stream, body, .. } = self;
        drop(wait);
        drop(stream);
        raw::finish(body, trailers.as_ref().map(fields::write));
    }
}
