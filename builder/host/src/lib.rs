//! The embedded host: serves components over HTTP, each request in an instance
//! of its own and within limits of its own.
//!
//! ```no_run
//! use isospin_host::{Component, Configuration, Server, Source};
//!
//! let component = Component::alone("hello", Source::File("dist/hello.wasm".into()));
//! let server = Server::start(Configuration::default(), &[component])?;
//! println!("http://{}/", server.local_address());
//! server.shutdown();
//! # Ok::<(), isospin_host::Error>(())
//! ```
//!
//! A request goes through these modules: [`Server`] (`server`) accepts the
//! connection, `answer` finds the component by its [`Route`] and a place among
//! the requests in guests, `mounted` gives an instance of its `code`, `guest`
//! runs it, and `body` sends what it writes. A [`Responder`] may answer before the
//! component does, and an [`Observer`] is told of every request. `engine`, `cache` and `code` turn
//! a file into code; `state` is what an instance holds, `outbound` what it may
//! call ([`Grant`]), [`Log`] is where it writes, and `trace` shows where it crashed.
//! [`wit`] holds the interfaces that all of it implements. A [`Probe`] takes the same
//! steps one at a time, for those who measure them.

mod answer;
mod body;
mod cache;
mod code;
mod configuration;
mod engine;
mod error;
mod failure;
mod grant;
mod guest;
mod log;
mod mounted;
mod observe;
mod outbound;
mod probe;
mod respond;
mod route;
mod server;
mod state;
mod trace;
pub mod wit;

pub use configuration::{Component, Configuration, Limits, Source};
pub use error::{Error, Kind};
pub use grant::Grant;
pub use log::{Line, Log, Origin, StandardError};
pub use observe::{Observer, Seen};
pub use probe::{Held, Probe};
pub use respond::{Body, Responder, whole};
pub use route::Route;
pub use server::Server;
pub use trace::{BUILD_ID, Place, TraceMap, place_trace, trace_file};

/// The version of the runtime that compiles and runs components.
pub const WASMTIME_VERSION: &str = env!("WASMTIME_VERSION");
