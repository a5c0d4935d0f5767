//! Why a host cannot start or take a component.

use std::fmt;

/// What kind of failure an [`Error`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    #[default]
    Other,
    /// The component's file cannot be read.
    File(std::io::ErrorKind),
    /// The bytes are no WebAssembly, or damaged.
    NotWasm,
    /// A core module where a component is needed.
    CoreModule,
    /// A component that exports no HTTP handler.
    NoHandler,
    /// A component that exports the handler of a version that is not known.
    OtherVersion,
    /// It imports something that the host does not have.
    ForeignImport,
    /// An interface has the right name and other types.
    OtherTypes,
    /// It needs more memory than it may have.
    Memory,
    /// An address for outbound requests that cannot be read.
    Grant,
    /// The address to listen on cannot be had.
    Address(std::io::ErrorKind),
}

/// A failure that a person can act on: what it is about, why, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// Begins with the component, the file or the address that it is about.
    pub message: String,
    /// From the nearest cause to the deepest.
    pub causes: Vec<String>,
    /// The next step, as a sentence, where one is known.
    pub hint: Option<String>,
    pub kind: Kind,
}

impl Error {
    pub(crate) fn new(message: impl Into<String>) -> Error {
        Error { message: message.into(), causes: Vec::new(), hint: None, kind: Kind::Other }
    }

    #[must_use]
    pub(crate) fn cause(mut self, cause: impl fmt::Display) -> Error {
        self.causes.push(cause.to_string());
        self
    }

    #[must_use]
    pub(crate) fn kind(mut self, kind: Kind) -> Error {
        self.kind = kind;
        self
    }

    /// Takes over the whole chain of a failure of the runtime.
    #[must_use]
    pub(crate) fn because(mut self, error: &wasmtime::Error) -> Error {
        self.causes.extend(error.chain().map(ToString::to_string));
        self
    }

    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Error {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)?;
        for cause in &self.causes {
            write!(formatter, ": {cause}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}
