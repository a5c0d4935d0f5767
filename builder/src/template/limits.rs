//! What a template of the user's own may have, whether it is a folder or an archive.

use std::ffi::OsStr;
use std::path::Path;

use crate::report::{Code, Error, Result};

/// More than any template has; an archive that unpacks to more is a trap.
pub(super) const MOST_BYTES: u64 = 64 * 1024 * 1024;
const MOST_FILES: usize = 10_000;

/// What is no part of a template: histories, and what builds leave behind.
const LEFT_OUT: &[&str] =
    &[".git", ".isospin", "dist", "target", "node_modules", "__pycache__", ".zig-cache", "zig-out"];

/// Whether a file or folder of this name is no part of a template, wherever in it it lies.
pub(super) fn is_left_out(name: &OsStr) -> bool {
    LEFT_OUT.iter().any(|left_out| name == *left_out)
}

/// A refusal of the template at `path`.
pub(super) fn refused(path: &Path, cause: String) -> Error {
    Error::new(Code::TemplateWrong, format!("{}: this template is refused", path.display()))
        .cause(cause)
        .hint("A template has plain files and folders alone, all of them inside its own folder.")
}

/// Refuses what is too large for a template.
pub(super) fn check_size(path: &Path, count: usize, bytes: u64) -> Result<()> {
    if count > MOST_FILES {
        return Err(refused(path, format!("it has more than {MOST_FILES} files")));
    }
    if bytes > MOST_BYTES {
        let most = MOST_BYTES / (1024 * 1024);
        return Err(refused(path, format!("it has more than {most} MiB")));
    }
    Ok(())
}
