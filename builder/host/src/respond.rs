//! Answers that the host's own program gives in place of a component.

use std::convert::Infallible;
use std::fmt;

use bytes::Bytes;
use http::request::Parts;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};

/// The body of such an answer; it may go on as long as it likes.
pub type Body = UnsyncBoxBody<Bytes, Infallible>;

/// A body that is there already.
pub fn whole(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into()).boxed_unsync()
}

/// Stands before a component.
pub trait Responder: Send + Sync + 'static {
    /// The answer to this request, or nothing if the component gives it. Its
    /// target is complete, with the authority that the client asked for. Called
    /// from any thread; must not wait.
    fn respond(&self, request: &Parts) -> Option<http::Response<Body>>;
}

impl fmt::Debug for dyn Responder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Responder")
    }
}
