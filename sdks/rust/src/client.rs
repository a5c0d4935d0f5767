//! Requests to other servers.

use std::fmt;
use std::time::Duration;

use http::{Request, Response, Uri};

use crate::{Body, BoxError, world};

/// Sends a request and waits for the head of its response; both bodies are
/// streamed. The component may call only what its manifest entry lists under
/// `outbound`. Redirects are not followed.
///
/// # Errors
/// [`TransferError`] if no response comes.
pub async fn fetch<B>(request: Request<B>) -> Result<Response<Body>, TransferError>
where
    B: http_body::Body + Send + 'static,
    B::Error: Into<BoxError>,
{
    Client::new().send(request).await
}

/// Sends requests with time limits.
#[derive(Clone, Debug, Default)]
pub struct Client {
    pub(crate) connect: Option<Duration>,
    pub(crate) first_byte: Option<Duration>,
    pub(crate) between_bytes: Option<Duration>,
}

impl Client {
    /// A client with the host's own limits.
    pub fn new() -> Client {
        Client::default()
    }

    /// How long it may take to reach the server.
    #[must_use]
    pub fn connect_timeout(mut self, limit: Duration) -> Client {
        self.connect = Some(limit);
        self
    }

    /// How long the response may let wait for its first byte.
    #[must_use]
    pub fn first_byte_timeout(mut self, limit: Duration) -> Client {
        self.first_byte = Some(limit);
        self
    }

    /// How long the response's body may pause.
    #[must_use]
    pub fn between_bytes_timeout(mut self, limit: Duration) -> Client {
        self.between_bytes = Some(limit);
        self
    }

    /// Sends `GET uri`.
    ///
    /// # Errors
    /// [`TransferError`] if the URI is none, or if no response comes.
    pub async fn get<U>(&self, uri: U) -> Result<Response<Body>, TransferError>
    where
        U: TryInto<Uri>,
    {
        let Ok(uri) = uri.try_into() else {
            return Err(TransferError::new("http-request-uri-invalid"));
        };
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = uri;
        self.send(request).await
    }

    /// As [`fetch`], within this client's limits.
    ///
    /// # Errors
    /// [`TransferError`] if no response comes.
    pub async fn send<B>(&self, request: Request<B>) -> Result<Response<Body>, TransferError>
    where
        B: http_body::Body + Send + 'static,
        B::Error: Into<BoxError>,
    {
        world::fetch(request.map(Body::new), self).await
    }
}

/// Why a request got no response, or why a body ended early.
#[derive(Clone, PartialEq, Eq)]
pub struct TransferError {
    code: &'static str,
    detail: Option<String>,
}

impl TransferError {
    pub(crate) fn new(code: &'static str) -> TransferError {
        TransferError { code, detail: None }
    }

    pub(crate) fn with_detail(code: &'static str, detail: Option<String>) -> TransferError {
        TransferError { code, detail }
    }

    /// The kind of the error, as WASI names it, in lower case:
    /// `connection-refused`, `http-request-denied`, `dns-error`, ...
    pub fn code(&self) -> &'static str {
        self.code
    }
}

impl fmt::Display for TransferError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code)?;
        if let Some(detail) = &self.detail {
            formatter.write_str(" (")?;
            formatter.write_str(detail)?;
            formatter.write_str(")")?;
        }
        Ok(())
    }
}

/// The same; what formats a struct's fields would weigh more than all the rest.
impl fmt::Debug for TransferError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl std::error::Error for TransferError {}
