//! Write an HTTP handler in Rust; Isospin makes a WebAssembly component of it.
//!
//! ```no_run
//! use isospin::{IntoResponse, Request, Result};
//!
//! #[isospin::handler]
//! async fn handle(request: Request) -> Result<impl IntoResponse> {
//!     Ok(format!("You asked for {}\n", request.uri().path()))
//! }
//! ```
//!
//! Requests and responses are those of the `http` crate with [`Body`] as their
//! body, so that helper crates for `http` and `http-body` work. An error that
//! a handler returns is logged with its causes and answered with status 500
//! and an empty body; an error in a body that has begun cuts the response.
//!
//! | for | see |
//! |---|---|
//! | answers | [`IntoResponse`], [`Body`], [`Sender`] |
//! | an axum `Router` or other `tower` service | [`serve!`], or [`handler`] on `fn app() -> Router` |
//! | requests to others | [`fetch`], [`Client`] |
//! | work beside and after the response | [`spawn`] |
//! | time | [`sleep`], [`timeout`], [`monotonic`], and `std::time` |
//! | random bytes | [`random_bytes`] |
//! | variables | [`environment`] |
//! | the log | [`log!`], and the `log` crate's macros |

mod body;
mod channel;
mod client;
mod environment_variables;
mod error;
mod executor;
mod logging;
mod response;
mod service;
mod time;
mod world;

pub use body::Body;
pub use bytes::Bytes;
pub use channel::{Closed, Sender};
pub use client::{Client, TransferError, fetch};
pub use error::{BoxError, Error, Result};
pub use executor::{Task, spawn};
pub use http;
pub use isospin_macros::handler;
#[doc(hidden)]
pub use logging::line as __log_line;
pub use response::{Answer, IntoResponse};
pub use time::{Elapsed, Timeout, monotonic, sleep, timeout};
pub use world::random_bytes;

/// A request as a handler gets it. Its URI is absolute: scheme, authority and
/// the path exactly as it was sent.
pub type Request<B = Body> = http::Request<B>;

/// A response as the `http` crate has it, with [`Body`] unless said otherwise.
pub type Response<B = Body> = http::Response<B>;

/// The variables that the app's manifest gives to this component. A component
/// that calls this needs `environment = { ... }` in its entry there.
pub mod environment {
    pub use crate::environment_variables::{variable, variables};
}

/// What the entry macros expand to. No part of the interface.
#[doc(hidden)]
pub mod entry {
    pub use crate::service::{ErasedService, erase};
    pub use crate::world::{IncomingRequest, ResponseOutparam, run};
    pub use wasip2;
}

/// Exports `async fn(Request) -> impl Answer`.
#[doc(hidden)]
#[macro_export]
macro_rules! __export_handler {
    ($handler:path) => {
        const _: () = {
            struct Component;
            impl $crate::entry::wasip2::exports::http::incoming_handler::Guest for Component {
                fn handle(
                    request: $crate::entry::IncomingRequest,
                    response: $crate::entry::ResponseOutparam,
                ) {
                    $crate::entry::run(request, response, |request| async move {
                        $crate::Answer::answer($handler(request).await)
                    });
                }
            }
            $crate::entry::wasip2::http::proxy::export!(Component);
        };
    };
}

/// Exports `async fn() -> impl Answer`.
#[doc(hidden)]
#[macro_export]
macro_rules! __export_handler_without_request {
    ($handler:path) => {
        const _: () = {
            async fn handler(_: $crate::Request) -> impl $crate::Answer {
                $handler().await
            }
            $crate::__export_handler!(handler);
        };
    };
}

/// Exports `fn() -> impl tower_service::Service<Request> + Clone`.
#[doc(hidden)]
#[macro_export]
macro_rules! __export_service {
    ($make:path) => {
        $crate::serve!($make());
    };
}

/// Serves a `tower` service, for instance an axum `Router`, with one line:
///
/// ```ignore
/// isospin::serve!(Router::new().route("/", get(|| async { "Hello\n" })));
/// ```
///
/// The expression is evaluated once for each instance of the component; each
/// request gets a clone of the service.
#[macro_export]
macro_rules! serve {
    ($service:expr) => {
        const _: () = {
            ::std::thread_local! {
                static SERVICE: $crate::entry::ErasedService = $crate::entry::erase($service);
            }
            async fn handler(
                request: $crate::Request,
            ) -> ::core::result::Result<$crate::Response, $crate::BoxError> {
                SERVICE.with(|service| service(request)).await
            }
            $crate::__export_handler!(handler);
        };
    };
}
