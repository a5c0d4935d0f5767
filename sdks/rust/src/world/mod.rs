//! The one place that knows WASI 0.2: everything else of this crate is about
//! HTTP, time and tasks, so that another world needs only another such module.

mod entry;
mod error_code;
mod fetch;
mod fields;
mod incoming;
#[cfg(target_arch = "wasm32")]
mod memory;
mod outgoing;
#[cfg(target_arch = "wasm32")]
mod preview1;
#[cfg(random_get_is_known)]
mod random;
mod raw;
mod surroundings;
mod timer;
#[cfg(target_arch = "wasm32")]
mod variables;
mod wait;

pub use entry::run;
pub(crate) use fetch::fetch;
pub(crate) use incoming::IncomingBody;
pub use surroundings::random_bytes;
pub(crate) use surroundings::{environment, write_stderr};
pub(crate) use timer::{Timer, monotonic};
pub use wasip2::http::types::{IncomingRequest, ResponseOutparam};
