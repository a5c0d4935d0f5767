//! The one way to fail.
//!
//! An [`Error`] reads in this order: a stable code, the user's file or tool,
//! the cause, the text that a tool printed, and what to do next.

use std::fmt;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::Code;

pub type Result<T> = std::result::Result<T, Error>;

/// A failure that a person can act on. Boxed inside, so that `Result` stays small.
#[derive(Debug, Clone)]
pub struct Error(Box<Parts>);

#[derive(Debug, Clone)]
struct Parts {
    code: Code,
    message: String,
    causes: Vec<String>,
    snippet: Option<Snippet>,
    output: Option<String>,
    hint: Option<String>,
}

/// A place in one of the user's files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    pub path: PathBuf,
    pub text: String,
    /// Byte range in `text` of what is wrong.
    pub span: std::ops::Range<usize>,
    /// What is said under the underlined text.
    pub label: String,
}

impl Error {
    /// `message` begins with the user's file or tool and needs no full stop.
    pub fn new(code: Code, message: impl Into<String>) -> Error {
        Error(Box::new(Parts {
            code,
            message: message.into(),
            causes: Vec::new(),
            snippet: None,
            output: None,
            hint: None,
        }))
    }

    /// An input or output error on `path`; `action` is a verb: "read", "write", "create".
    pub fn io(action: &str, path: &Path, error: &std::io::Error) -> Error {
        let (code, hint) = match error.kind() {
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => (
                Code::NotPermitted,
                Some("Check who owns the folder and whether it can be written."),
            ),
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
                (Code::DiskFull, Some("Free some space on that disk and run the command again."))
            }
            ErrorKind::NotFound => (Code::FileMissing, Some("Check the path.")),
            ErrorKind::AlreadyExists | ErrorKind::NotADirectory | ErrorKind::IsADirectory => (
                Code::InTheWay,
                Some(
                    "Where a folder is needed there is a file, or the other way round: move it away, or name another place.",
                ),
            ),
            _ => (Code::Io, None),
        };
        let failure =
            Error::new(code, format!("{}: cannot {action} it", path.display())).cause(words(error));
        match hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }

    /// The same causes and output under another code and message, where more is
    /// known of what it is about.
    #[must_use]
    pub fn retitled(mut self, code: Code, message: impl Into<String>) -> Error {
        self.0.code = code;
        self.0.message = message.into();
        self
    }

    #[must_use]
    pub fn cause(mut self, cause: impl Into<String>) -> Error {
        self.0.causes.push(cause.into());
        self
    }

    /// What the user should do next, as a sentence.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Error {
        self.0.hint = Some(hint.into());
        self
    }

    #[must_use]
    pub fn snippet(mut self, snippet: Snippet) -> Error {
        self.0.snippet = Some(snippet);
        self
    }

    /// What a tool printed, as it printed it.
    #[must_use]
    pub fn output(mut self, output: impl Into<String>) -> Error {
        self.0.output = Some(output.into());
        self
    }

    pub fn code(&self) -> Code {
        self.0.code
    }

    pub fn message(&self) -> &str {
        &self.0.message
    }

    pub fn causes(&self) -> &[String] {
        &self.0.causes
    }

    pub fn place(&self) -> Option<&Snippet> {
        self.0.snippet.as_ref()
    }

    pub fn tool_output(&self) -> Option<&str> {
        self.0.output.as_deref()
    }

    pub fn advice(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }
}

/// The system's own words, without the name of a temporary file that `tempfile`
/// adds to them.
fn words(error: &std::io::Error) -> String {
    let text = error.to_string();
    match text.split_once(" at path \"") {
        Some((words, _)) => words.to_owned(),
        None => text,
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        for cause in &self.0.causes {
            write!(f, ": {cause}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}
