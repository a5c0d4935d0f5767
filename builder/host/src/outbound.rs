//! Requests that a guest sends.

use std::io::{self, ErrorKind};
use std::sync::Arc;

use http_body_util::BodyExt;
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody, WasiHttpHooks, default_send_request};

use crate::grant::{Grant, granted};
use crate::log::{Journal, Origin};

type Sending = Box<dyn Future<Output = Result<(), Error>> + Send>;
type Response = Result<(http::Response<WasiBody>, Sending), Error>;

/// Sends what the component's grants allow, and says why the rest failed in
/// the error codes of `wasi:http`.
pub(crate) struct Outbound {
    pub grants: Arc<[Grant]>,
    pub journal: Journal,
}

impl WasiHttpHooks for Outbound {
    fn send_request(
        &mut self,
        request: http::Request<WasiBody>,
        options: Option<RequestOptions>,
        _received: Sending,
    ) -> Box<dyn Future<Output = Response> + Send> {
        let allowed = granted(&self.grants, request.uri());
        if !allowed {
            let address = address(request.uri());
            let text = format!("a request to {address} was denied: `outbound` does not list it");
            self.journal.write(Origin::Host, &text);
        }
        Box::new(async move {
            if !allowed {
                return Err(Error::HttpRequestDenied);
            }
            let (response, sending) =
                default_send_request(request, options).await.map_err(precise)?;
            let response = response.map(|body| body.map_err(precise).boxed_unsync());
            let sending: Sending = Box::new(async move { sending.await.map_err(precise) });
            Ok((response, sending))
        })
    }
}

/// As it would be granted: the rest may hold secrets.
fn address(uri: &http::Uri) -> String {
    let port = uri.port().map(|port| format!(":{port}")).unwrap_or_default();
    let scheme = uri.scheme_str().unwrap_or("http");
    format!("{scheme}://{}{port}", uri.host().unwrap_or_default())
}

/// `wasi:http` tells failures apart that the client library lumps together.
fn precise(error: Error) -> Error {
    match error {
        Error::Connect(error) => of_connecting(&error),
        Error::Tls(error) => of_tls(&error),
        Error::Hyper(error) => of_http(error),
        other => other,
    }
}

fn of_connecting(error: &io::Error) -> Error {
    match error.kind() {
        ErrorKind::ConnectionRefused => Error::ConnectionRefused,
        ErrorKind::TimedOut => Error::ConnectionTimeout,
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => Error::DestinationUnavailable,
        ErrorKind::AddrNotAvailable => Error::DestinationIpUnroutable,
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
            Error::ConnectionTerminated
        }
        // A name that does not resolve has no kind of its own; without an error
        // number of the system it did not get as far as a connection.
        _ if error.raw_os_error().is_none() => {
            Error::DnsError { rcode: Some(error.to_string()), info_code: None }
        }
        _ => Error::DestinationUnavailable,
    }
}

fn of_tls(error: &io::Error) -> Error {
    match error.kind() {
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
            Error::ConnectionTerminated
        }
        ErrorKind::TimedOut => Error::ConnectionTimeout,
        // The library says so in words only; its own type is not exported here.
        _ if error.to_string().contains("certificate") => Error::TlsCertificateError,
        _ => Error::TlsProtocolError,
    }
}

fn of_http(error: hyper::Error) -> Error {
    if error.is_timeout() {
        return Error::HttpResponseTimeout;
    }
    if error.is_incomplete_message() {
        return Error::HttpResponseIncomplete;
    }
    if error.is_canceled() || error.is_closed() || error.is_body_write_aborted() {
        return Error::ConnectionTerminated;
    }
    let cause =
        std::error::Error::source(&error).and_then(|cause| cause.downcast_ref::<io::Error>());
    match cause.map(io::Error::kind) {
        Some(ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe) => {
            Error::ConnectionTerminated
        }
        Some(ErrorKind::UnexpectedEof) => Error::HttpResponseIncomplete,
        Some(ErrorKind::TimedOut) => Error::ConnectionReadTimeout,
        _ => Error::Hyper(error),
    }
}
