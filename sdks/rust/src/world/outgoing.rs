//! Responses and bodies that go out.

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

/// Sends the head of the response. What is left to do, if anything, is to
/// await the body.
pub(super) fn respond(
    response: Response<Body>,
    is_head: bool,
    out: ResponseOutparam,
) -> Option<Sending> {
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
    let sink = sink?;
    if with_body && !is_head {
        return Sending::new(body, sink);
    }
    // After HEAD it is shorter than was declared, and nobody looks at it.
    raw::finish(sink, None);
    None
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
        headers.append(CONTENT_LENGTH, HeaderValue::from(length));
    }
}

/// A body that is being sent: a future that ends when all of it is out. If
/// nobody takes it any more, that is the end too. It gives the body's own
/// error, after which the message was cut, not ended.
///
/// It is a state machine by hand: as nested `async` functions it is twice as
/// large, in every component.
pub(super) struct Sending {
    /// What has come out of the body and is not yet written.
    chunk: Bytes,
    stage: Stage,
    /// None once the message has its end.
    writer: Option<Writer>,
    body: Body,
}

enum Stage {
    Body,
    /// The body failed: what was written before is given the time to get out.
    /// A host that sees the cut at once would send none of it, not even the head.
    Cutting(Error),
    Pausing(Timer, Option<Error>),
}

impl Sending {
    /// None if the world takes no body.
    pub(super) fn new(body: Body, sink: OutgoingBody) -> Option<Sending> {
        let writer = Some(Writer::new(sink)?);
        Some(Sending { chunk: Bytes::new(), stage: Stage::Body, writer, body })
    }

    fn poll_body(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let Some(writer) = &mut self.writer else { return Poll::Ready(()) };
        if !self.chunk.is_empty() {
            if ready!(writer.poll_write(&mut self.chunk, context)).is_err() {
                self.writer = None;
            }
            return Poll::Ready(());
        }
        let frame = Pin::new(&mut self.body).poll_frame(context);
        if frame.is_pending() {
            writer.flush();
        }
        match ready!(frame) {
            Some(Ok(frame)) => match frame.into_data() {
                Ok(data) => self.chunk = data,
                Err(frame) => self.end(frame.into_trailers().ok()),
            },
            Some(Err(error)) => self.stage = Stage::Cutting(error),
            None => self.end(None),
        }
        Poll::Ready(())
    }

    /// Ends the message. Hosts send what was written before, flushed or not.
    fn end(&mut self, trailers: Option<HeaderMap>) {
        if let Some(writer) = self.writer.take() {
            writer.finish(trailers);
        }
    }
}

impl Future for Sending {
    type Output = Result<(), Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let this = &mut *self;
        while let Some(writer) = &mut this.writer {
            match &mut this.stage {
                Stage::Body => ready!(this.poll_body(context)),
                Stage::Cutting(_) => {
                    ready!(writer.poll_flushed(context));
                    let stage = std::mem::replace(&mut this.stage, Stage::Body);
                    if let Stage::Cutting(error) = stage {
                        this.stage = Stage::Pausing(Timer::new(BEFORE_CUT), Some(error));
                    }
                }
                Stage::Pausing(timer, error) => {
                    ready!(timer.poll(context));
                    let error = error.take();
                    this.writer = None;
                    return Poll::Ready(error.map_or(Ok(()), Err));
                }
            }
        }
        Poll::Ready(Ok(()))
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
    /// The last flush was made, and is waited for.
    flushing: bool,
}

impl Writer {
    fn new(body: OutgoingBody) -> Option<Writer> {
        let stream = body.write().ok()?;
        Some(Writer { wait: Wait::default(), stream, body, unflushed: false, flushing: false })
    }

    /// Takes as much from the front of `data` as there is room for.
    fn poll_write(
        &mut self,
        data: &mut Bytes,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), StreamError>> {
        let room = ready!(self.poll_room(context))?;
        let length = usize::try_from(room).unwrap_or(usize::MAX).min(data.len());
        self.unflushed = true;
        Poll::Ready(self.stream.write(&data.split_to(length)))
    }

    fn poll_room(&mut self, context: &mut Context<'_>) -> Poll<Result<u64, StreamError>> {
        loop {
            if self.wait.is_waiting() {
                ready!(self.wait.poll(context, &|| self.stream.subscribe()));
            }
            match self.stream.check_write() {
                Ok(0) => ready!(self.wait.poll(context, &|| self.stream.subscribe())),
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

    /// Waits until what was written has gone out, or cannot any more. If nothing
    /// was written since the last flush, there is nothing to wait for.
    fn poll_flushed(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if self.unflushed {
            self.flush();
            self.flushing = true;
        }
        if self.flushing {
            let _ = ready!(self.poll_room(context));
        }
        Poll::Ready(())
    }

    /// Ends the message. If nobody wants it any more, there is nothing to do.
    fn finish(self, trailers: Option<HeaderMap>) {
        let Writer { wait, stream, body, .. } = self;
        drop(wait);
        drop(stream);
        raw::finish(body, trailers.as_ref().map(fields::write));
    }
}
