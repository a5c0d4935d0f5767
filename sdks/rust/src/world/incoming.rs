//! Requests and responses that come in.

use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::uri::{PathAndQuery, Scheme};
use http::{HeaderMap, Method, Request, Response, StatusCode, Uri};
use http_body::Frame;
use wasip2::http::types::{
    self, FutureTrailers, IncomingRequest, IncomingResponse, Scheme as WorldScheme,
};
use wasip2::io::streams::{InputStream, StreamError};

use super::wait::Wait;
use super::{error_code, fields, raw};
use crate::{Body, TransferError};

/// The most that is read at once.
const CHUNK: u64 = 64 * 1024;

/// The world's request as the `http` crate has it; None if its method or its
/// URI is nothing that the `http` crate can hold.
pub(super) fn request(incoming: IncomingRequest) -> Option<Request<Body>> {
    let method = method(incoming.method())?;
    let uri = uri(&incoming)?;
    let headers = fields::read(&incoming.headers());
    let length = content_length(&headers);
    let body = IncomingBody::new(Message::Request(incoming), length);
    let mut request = Request::new(Body::incoming(body));
    *request.method_mut() = method;
    *request.uri_mut() = uri;
    *request.headers_mut() = headers;
    Some(request)
}

/// The world's response to a request with `method`.
pub(super) fn response(incoming: IncomingResponse, method: &Method) -> Response<Body> {
    let status = StatusCode::from_u16(incoming.status()).unwrap_or(StatusCode::BAD_GATEWAY);
    let headers = fields::read(&incoming.headers());
    let bodiless = method == Method::HEAD || !super::outgoing::may_have_body(status);
    let length = if bodiless { Some(0) } else { content_length(&headers) };
    let body = IncomingBody::new(Message::Response(incoming), length);
    let mut response = Response::new(Body::incoming(body));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

fn method(method: types::Method) -> Option<Method> {
    let name = match &method {
        types::Method::Get => "GET",
        types::Method::Head => "HEAD",
        types::Method::Post => "POST",
        types::Method::Put => "PUT",
        types::Method::Delete => "DELETE",
        types::Method::Connect => "CONNECT",
        types::Method::Options => "OPTIONS",
        types::Method::Trace => "TRACE",
        types::Method::Patch => "PATCH",
        types::Method::Other(name) => name,
    };
    Method::from_bytes(name.as_bytes()).ok()
}

fn uri(incoming: &IncomingRequest) -> Option<Uri> {
    let path = incoming.path_with_query().filter(|path| !path.is_empty());
    let path = path.map_or(Bytes::from_static(b"/"), Bytes::from);
    let mut parts = http::uri::Parts::default();
    if let Some(authority) = incoming.authority() {
        parts.authority = Some(authority.try_into().ok()?);
        parts.scheme = Some(match incoming.scheme() {
            Some(WorldScheme::Https) => Scheme::HTTPS,
            Some(WorldScheme::Other(scheme)) => scheme.as_str().try_into().ok()?,
            Some(WorldScheme::Http) | None => Scheme::HTTP,
        });
    }
    parts.path_and_query = Some(PathAndQuery::from_maybe_shared(path).ok()?);
    Uri::from_parts(parts).ok()
}

fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// A body that is being received. Its fields are in the order in which the
/// world wants them dropped: children first.
pub(crate) struct IncomingBody {
    wait: Wait,
    state: State,
    /// Keeps what the body belongs to.
    message: Message,
    remaining: Option<u64>,
}

enum Message {
    Request(IncomingRequest),
    Response(IncomingResponse),
}

enum State {
    /// Nobody has asked for it yet, so the world was not asked either.
    Untouched,
    Data(InputStream, types::IncomingBody),
    Trailers(FutureTrailers),
    End,
}

impl IncomingBody {
    fn new(message: Message, remaining: Option<u64>) -> IncomingBody {
        IncomingBody { wait: Wait::default(), state: State::Untouched, message, remaining }
    }

    /// How many bytes are still to come, if the sender has said so.
    pub(crate) fn remaining(&self) -> Option<u64> {
        match self.state {
            State::Trailers(_) | State::End => Some(0),
            _ => self.remaining,
        }
    }

    pub(crate) fn is_end(&self) -> bool {
        matches!(self.state, State::End)
    }

    pub(crate) fn poll_frame(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransferError>>> {
        loop {
            match &self.state {
                State::Untouched => {
                    self.state = match self.open() {
                        Some(state) => state,
                        None => State::End,
                    }
                }
                State::Data(..) => match ready!(self.poll_data(context)) {
                    Some(Ok(data)) => return Poll::Ready(Some(Ok(Frame::data(data)))),
                    Some(Err(error)) => {
                        self.state = State::End;
                        return Poll::Ready(Some(Err(error)));
                    }
                    None => self.end_of_data(),
                },
                State::Trailers(_) => {
                    let trailers = ready!(self.poll_trailers(context));
                    self.state = State::End;
                    return Poll::Ready(
                        trailers.transpose().map(|trailers| trailers.map(Frame::trailers)),
                    );
                }
                State::End => return Poll::Ready(None),
            }
        }
    }

    fn open(&self) -> Option<State> {
        let body = match &self.message {
            Message::Request(request) => request.consume(),
            Message::Response(response) => response.consume(),
        }
        .ok()?;
        let stream = body.stream().ok()?;
        Some(State::Data(stream, body))
    }

    /// The next chunk, or `None` at the end of the data.
    fn poll_data(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, TransferError>>> {
        let State::Data(stream, _) = &self.state else {
            return Poll::Ready(None);
        };
        loop {
            if self.wait.is_waiting() {
                ready!(self.wait.poll(context, &|| stream.subscribe()));
            }
            match stream.read(CHUNK) {
                Ok(data) if data.is_empty() => {
                    ready!(self.wait.poll(context, &|| stream.subscribe()));
                }
                Ok(data) => {
                    self.remaining =
                        self.remaining.map(|remaining| remaining.saturating_sub(data.len() as u64));
                    return Poll::Ready(Some(Ok(data.into())));
                }
                Err(error) => return Poll::Ready(self.failure(&error).map(Err)),
            }
        }
    }

    /// Why the stream broke off; `None` if it has just ended.
    ///
    /// The world gives codes to exchanges that the guest began. An upload breaks off
    /// when its client leaves; to ask for a code of that ends the host jco. Who leaves
    /// when everything that was announced has come has broken nothing off.
    fn failure(&self, error: &StreamError) -> Option<TransferError> {
        match (&self.message, error) {
            (_, StreamError::Closed) => None,
            _ if self.remaining == Some(0) => None,
            (Message::Request(_), _) => Some(TransferError::new("connection-terminated")),
            (Message::Response(_), error) => error_code::of_stream(error),
        }
    }

    fn end_of_data(&mut self) {
        if let State::Data(stream, body) = std::mem::replace(&mut self.state, State::End) {
            drop(stream);
            self.state = State::Trailers(types::IncomingBody::finish(body));
        }
    }

    fn poll_trailers(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Result<Option<HeaderMap>, TransferError>> {
        let State::Trailers(trailers) = &self.state else {
            return Poll::Ready(Ok(None));
        };
        loop {
            if self.wait.is_waiting() {
                ready!(self.wait.poll(context, &|| trailers.subscribe()));
            }
            match raw::trailers(trailers) {
                None => ready!(self.wait.poll(context, &|| trailers.subscribe())),
                Some(found) => {
                    let read = |found: Option<_>| found.as_ref().map(fields::read);
                    // jco gives empty trailers where there are none, and takes none.
                    let kept = |found| read(found).filter(|trailers| !trailers.is_empty());
                    return Poll::Ready(found.map(kept));
                }
            }
        }
    }
}
