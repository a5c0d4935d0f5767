//! Requests that go out.

use std::borrow::Cow;
use std::future::poll_fn;
use std::task::{Context, Poll, ready};

use http::uri::Scheme;
use http::{Method, Request, Response};
use http_body::Body as _;
use wasip2::http::types::{
    self, FutureIncomingResponse, IncomingResponse, OutgoingBody, OutgoingRequest, RequestOptions,
    Scheme as WorldScheme,
};

use super::outgoing::Sending;
use super::timer::nanoseconds;
use super::wait::Wait;
use super::{fields, incoming, outgoing, raw};
use crate::executor::{Task, spawn};
use crate::{Body, Client, TransferError};

/// Sends the request and waits for the head of the response. Its body goes on
/// being sent while and after that.
pub(crate) async fn fetch(
    request: Request<Body>,
    client: &Client,
) -> Result<Response<Body>, TransferError> {
    let (mut head, body) = request.into_parts();
    let has_body = !body.is_end_stream();
    if has_body {
        outgoing::declare_length(&mut head.headers, &body);
    }
    let outgoing = OutgoingRequest::new(fields::write(&head.headers));
    describe(&outgoing, &head)?;
    let sink = outgoing.body().ok();
    let pending =
        Pending { wait: Wait::default(), future: raw::handle(outgoing, options(client))? };
    let upload = upload(body, has_body, sink);
    let response = pending.response().await?;
    upload.detach();
    Ok(incoming::response(response, &head.method))
}

/// Method, scheme, authority and path.
fn describe(outgoing: &OutgoingRequest, head: &http::request::Parts) -> Result<(), TransferError> {
    let invalid = |()| TransferError::new("http-request-uri-invalid");
    let scheme = match head.uri.scheme() {
        Some(scheme) if *scheme == Scheme::HTTPS => WorldScheme::Https,
        Some(scheme) if *scheme != Scheme::HTTP => WorldScheme::Other(scheme.to_string()),
        _ => WorldScheme::Http,
    };
    let Some(authority) = head.uri.authority() else {
        return Err(TransferError::with_detail(
            "http-request-uri-invalid",
            Some("it names no host".to_owned()),
        ));
    };
    outgoing
        .set_method(&method(&head.method))
        .map_err(|()| TransferError::new("http-request-method-invalid"))?;
    outgoing.set_scheme(Some(&scheme)).map_err(invalid)?;
    outgoing.set_authority(Some(authority.as_str())).map_err(invalid)?;
    let target = head.uri.path_and_query().map(|target| with_slash(target.as_str()));
    outgoing.set_path_with_query(target.as_deref()).map_err(invalid)
}

/// A URL may have a query and no path, but a target begins with a slash.
fn with_slash(target: &str) -> Cow<'_, str> {
    match target.starts_with('?') {
        true => Cow::Owned(format!("/{target}")),
        false => Cow::Borrowed(target),
    }
}

fn method(method: &Method) -> types::Method {
    match method.as_str() {
        "GET" => types::Method::Get,
        "HEAD" => types::Method::Head,
        "POST" => types::Method::Post,
        "PUT" => types::Method::Put,
        "DELETE" => types::Method::Delete,
        "CONNECT" => types::Method::Connect,
        "OPTIONS" => types::Method::Options,
        "TRACE" => types::Method::Trace,
        "PATCH" => types::Method::Patch,
        other => types::Method::Other(other.to_owned()),
    }
}

/// A host that does not know a limit ignores it.
fn options(client: &Client) -> Option<RequestOptions> {
    if client.connect.is_none() && client.first_byte.is_none() && client.between_bytes.is_none() {
        return None;
    }
    let options = RequestOptions::new();
    let _ = options.set_connect_timeout(client.connect.map(nanoseconds));
    let _ = options.set_first_byte_timeout(client.first_byte.map(nanoseconds));
    let _ = options.set_between_bytes_timeout(client.between_bytes.map(nanoseconds));
    Some(options)
}

/// A response that has not come yet; the wait is dropped before the future.
struct Pending {
    wait: Wait,
    future: FutureIncomingResponse,
}

impl Pending {
    async fn response(mut self) -> Result<IncomingResponse, TransferError> {
        poll_fn(|context| self.poll(context)).await
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<IncomingResponse, TransferError>> {
        loop {
            if self.wait.is_waiting() {
                ready!(self.wait.poll(context, &|| self.future.subscribe()));
            }
            match raw::response(&self.future) {
                None => ready!(self.wait.poll(context, &|| self.future.subscribe())),
                Some(response) => return Poll::Ready(response),
            }
        }
    }
}

/// Sends a request's body beside the wait for its response, and stops if that
/// wait is given up.
struct Upload {
    task: Option<Task<()>>,
}

fn upload(body: Body, has_body: bool, sink: Option<OutgoingBody>) -> Upload {
    let Some(sink) = sink else {
        return Upload { task: None };
    };
    if !has_body {
        raw::finish(sink, None);
        return Upload { task: None };
    }
    let Some(sending) = Sending::new(body, sink) else {
        return Upload { task: None };
    };
    Upload {
        task: Some(spawn(async move {
            if let Err(error) = sending.await {
                crate::logging::failure("a request's body was cut", error.as_error());
            }
        })),
    }
}

impl Upload {
    fn detach(mut self) {
        self.task = None;
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if let Some(task) = self.task.take() {
            task.cancel();
        }
    }
}
