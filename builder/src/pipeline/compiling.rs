//! Trust in what a compiler keeps for its next run.
//!
//! A compiler that keeps what it made by the digest of what it read is wrong where a
//! source is saved between the two: the digest is of the old text, and what was made is
//! of the new one, or of half of it. It would be taken when the old text comes back. So
//! what it keeps counts only if it ended, and no source was touched meanwhile. A build
//! that was killed leaves a compiler behind that goes on for a while.
//!
//! That is so of Zig, and of C by it. Go has the same weakness, but one cache for all of a
//! user's work, and so it is given copies to read that nobody edits. The others keep
//! nothing by what they read: cargo goes by the times at which files were written, and
//! takes those that were written after it began for changed (and is told of those that
//! came with an older time); esbuild and Python keep
//! nothing, and what we keep ourselves of a module is kept by the module's own bytes.

use std::path::{Path, PathBuf};

use crate::files;
use crate::language::Context;
use crate::report::{Error, Result};

/// A mark in a component's folder: here a compiler runs, or something was wrong when
/// it last did.
pub(super) struct Compiling {
    mark: PathBuf,
}

impl Compiling {
    /// To be called before the compiler starts. What the last one kept is put away if it
    /// is not to be trusted.
    ///
    /// # Errors
    /// If the component's folder cannot be written.
    pub fn begin(context: &Context) -> Result<Compiling> {
        let mark = context.scratch.join("compiling");
        if mark.exists() {
            for folder in context.component.language.compiler_caches() {
                put_away(&context.scratch.join(folder), &context.made.path().join(folder))?;
            }
        }
        files::write(&mark, b"")?;
        Ok(Compiling { mark })
    }

    /// To be called when the compiler has ended and no source was touched meanwhile;
    /// otherwise what it kept is put away by the next build.
    pub fn trust(self) {
        // With the mark, the next build is only slower.
        let _ = std::fs::remove_file(self.mark);
    }
}

/// Moves a folder to where it is removed with what else a build makes for itself. It is
/// moved first: a compiler that is still there goes on in it, and not in the new one.
fn put_away(folder: &Path, away: &Path) -> Result<()> {
    match std::fs::rename(folder, away) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::io("remove", folder, &error))
        }
        _ => Ok(()),
    }
}
