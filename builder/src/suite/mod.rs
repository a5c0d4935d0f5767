//! What the conformance suite is run on: guests, ours or somebody else's, and hosts.

mod greeting;
mod guests;
mod hosts;

pub use greeting::{greet, greet_at};
pub use guests::{build_guests, component_guest};
pub use hosts::{choose_hosts, embedded_host, installed_host, running_host, tools_of_host};

use std::path::Path;

use isospin_conformance::expectation::{self, Expectation};

use crate::files;
use crate::report::{Code, Error, Result};

/// A failure of the suite itself.
pub fn failed(error: impl std::fmt::Display) -> Error {
    Error::new(Code::ConformFailed, format!("the suite: {error:#}"))
}

/// Reads a user's file of known failures.
///
/// # Errors
/// If it cannot be read or is not of the format.
pub fn expectations_file(path: &Path) -> Result<Vec<Expectation>> {
    let text = text_of(path)?;
    expectation::parse(&name_of(path), &text).map_err(|error| wrong_file(path, &error))
}

/// A file's name without its ending.
fn name_of(path: &Path) -> String {
    path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

fn text_of(path: &Path) -> Result<String> {
    String::from_utf8(files::read(path)?)
        .map_err(|_| Error::new(Code::Usage, format!("{}: it is not UTF-8", path.display())))
}

/// A data file of a user's that is not as FORMAT.md says.
fn wrong_file(path: &Path, error: &anyhow::Error) -> Error {
    let failure = Error::new(Code::Usage, format!("{}: it cannot be used", path.display()));
    because(failure, error).hint("conformance/FORMAT.md says what such a file holds.")
}

/// A failure with what the suite says of it as its causes.
fn because(failure: Error, error: &anyhow::Error) -> Error {
    error.chain().fold(failure, |failure, cause| failure.cause(cause.to_string()))
}
