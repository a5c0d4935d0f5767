//! What goes wrong while a guest answers, and what the client is told.

use std::fmt;

use http::StatusCode;
use wasmtime::WasmBacktrace;

use crate::trace::Traces;

/// Raised in a guest that computes beyond its deadline.
#[derive(Debug)]
pub(crate) struct TimeUp;

impl fmt::Display for TimeUp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the time for one request is up")
    }
}

impl std::error::Error for TimeUp {}

#[derive(Debug)]
pub(crate) enum Failure {
    /// The guest crashed, or the host could not start it.
    Trap(wasmtime::Error),
    /// The guest crashed after it was refused memory.
    Memory(wasmtime::Error),
    /// With the place in the guest if it was computing, without if it waited.
    Time(Option<wasmtime::Error>),
    /// The request's body is larger than allowed.
    BodyTooLarge,
    /// The response's body is larger than allowed, and says so in its head.
    ResponseTooLarge,
    /// All slots for instances are taken.
    Crowded(wasmtime::Error),
    /// The guest gave an error code in place of a response.
    Refused(String),
    /// The guest returned and gave no response.
    Silence,
}

impl Failure {
    /// Sorts what the runtime reports; `denied` says whether the guest was
    /// refused memory before.
    pub fn of(error: wasmtime::Error, denied: bool) -> Failure {
        if error.is::<TimeUp>() {
            Failure::Time(Some(error))
        } else if error.is::<wasmtime::PoolConcurrencyLimitError>() {
            Failure::Crowded(error)
        } else if denied {
            Failure::Memory(error)
        } else {
            Failure::Trap(error)
        }
    }

    pub fn status(&self) -> StatusCode {
        match self {
            Failure::Trap(_)
            | Failure::Refused(_)
            | Failure::Silence
            | Failure::ResponseTooLarge => StatusCode::INTERNAL_SERVER_ERROR,
            Failure::Memory(_) | Failure::Crowded(_) => StatusCode::SERVICE_UNAVAILABLE,
            Failure::Time(_) => StatusCode::GATEWAY_TIMEOUT,
            Failure::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        }
    }
}

impl Failure {
    /// As the log tells it: the kind, then the causes with the guest's backtrace.
    pub fn told(&self, traces: &Traces) -> String {
        let told = |error| told(error, traces);
        match self {
            Failure::Trap(error) => format!("the guest failed: {}", told(error)),
            Failure::Memory(error) => {
                format!("the guest's memory limit is reached: {}", told(error))
            }
            Failure::Time(Some(error)) => {
                format!("the guest computed for too long: {}", told(error))
            }
            Failure::Time(None) => "the guest waited for too long".to_owned(),
            Failure::BodyTooLarge => "the request's body is too large".to_owned(),
            Failure::ResponseTooLarge => "the response's body is too large".to_owned(),
            Failure::Crowded(error) => {
                format!("there is no room for another instance: {}", told(error))
            }
            Failure::Refused(code) => {
                format!("the guest gave the error {code} in place of a response")
            }
            Failure::Silence => "the guest returned without a response".to_owned(),
        }
    }
}

/// The causes in one line, then the frames of the guest, one line each. The
/// host's own frames, which the error may hold too, help nobody here.
fn told(error: &wasmtime::Error, traces: &Traces) -> String {
    const TRACE: &str = "error while executing at wasm backtrace:";
    let causes: Vec<String> =
        error.chain().map(ToString::to_string).filter(|cause| !cause.starts_with(TRACE)).collect();
    let mut lines = vec![causes.join(": ")];
    if let Some(backtrace) = error.downcast_ref::<WasmBacktrace>() {
        lines.extend(traces.show(backtrace));
    }
    lines.join("\n")
}
