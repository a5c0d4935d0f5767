//! Why a case failed.

use schemars::JsonSchema;
use serde::Serialize;

use crate::wire::Piece;

/// A difference between what was expected and what was got.
#[derive(Clone, Debug, PartialEq)]
pub struct Mismatch {
    /// Where: `exchange 2, status`.
    pub at: String,
    pub expected: String,
    pub got: String,
    /// The connection on which it was seen.
    pub connection: Option<String>,
}

impl Mismatch {
    pub fn new(
        at: impl Into<String>,
        expected: impl Into<String>,
        got: impl Into<String>,
    ) -> Mismatch {
        Mismatch { at: at.into(), expected: expected.into(), got: got.into(), connection: None }
    }

    /// Seen on this connection.
    #[must_use]
    pub fn on(mut self, connection: &str) -> Mismatch {
        self.connection = Some(connection.to_owned());
        self
    }

    /// Seen inside of something: `exchange 2`.
    #[must_use]
    pub fn inside(mut self, whole: &str) -> Mismatch {
        self.at = format!("{whole}, {}", self.at);
        self
    }

    /// What a case itself does wrong, such as a value whose bytes cannot be made.
    pub fn fault(error: &anyhow::Error) -> Mismatch {
        Mismatch::new("the case itself", "a case that can be run", format!("{error:#}"))
    }
}

/// A failure as it is reported.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Failure {
    pub rule: String,
    pub source: String,
    pub at: String,
    pub expected: String,
    pub got: String,
    /// The bytes on the wire, in the order in which the driver saw them.
    pub wire: Vec<Piece>,
}
