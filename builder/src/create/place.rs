//! A new folder: made beside its place, renamed into it, and taken away again
//! unless it is kept.

use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::files;
use crate::report::{Code, Error, Result};

/// How the name of a folder begins that is not at its place yet.
const UNFINISHED: &str = ".isospin-new-";

/// A folder that is there, until it is dropped or kept.
#[derive(Debug)]
pub struct Placed {
    path: PathBuf,
    /// Whether an empty folder was there before.
    was_there: bool,
    kept: bool,
}

impl Placed {
    /// Fills a folder with `fill` and puts it to `path`, which must be empty or
    /// not be there.
    ///
    /// # Errors
    /// If something is there, or the folder cannot be made or filled.
    pub fn new(path: &Path, fill: impl FnOnce(&Path) -> Result<()>) -> Result<Placed> {
        let was_there = check_free(path)?;
        let parent = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let parent = parent.canonicalize().map_err(|error| Error::io("find", parent, &error))?;
        files::remove_abandoned(&parent, UNFINISHED, files::ABANDONED);
        let made = tempfile::Builder::new()
            .prefix(UNFINISHED)
            // As any new folder: what the user's mask leaves of it.
            .permissions(PermissionsExt::from_mode(0o777))
            .tempdir_in(&parent)
            .map_err(|error| Error::io("write to", &parent, &error))?;
        fill(made.path())?;
        std::fs::rename(made.path(), path).map_err(|error| match error.kind() {
            ErrorKind::DirectoryNotEmpty | ErrorKind::NotADirectory => taken(path),
            _ => Error::io("create", path, &error),
        })?;
        // It has moved: there is nothing left to remove.
        let _ = made.keep();
        Ok(Placed { path: path.to_owned(), was_there, kept: false })
    }

    /// Lets the folder stay.
    pub fn keep(mut self) -> PathBuf {
        self.kept = true;
        self.path.clone()
    }
}

impl Drop for Placed {
    fn drop(&mut self) {
        if !self.kept {
            // What cannot be removed is told by the failure that led here.
            let _ = std::fs::remove_dir_all(&self.path);
            if self.was_there {
                let _ = std::fs::create_dir(&self.path);
            }
        }
    }
}

/// Whether an empty folder is there.
///
/// # Errors
/// If something else is there.
pub fn check_free(path: &Path) -> Result<bool> {
    match std::fs::read_dir(path) {
        Ok(mut entries) => entries.next().map_or(Ok(true), |_| Err(taken(path))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) if error.kind() == ErrorKind::NotADirectory => Err(taken(path)),
        Err(error) => Err(Error::io("read", path, &error)),
    }
}

fn taken(path: &Path) -> Error {
    Error::new(Code::FolderTaken, format!("{}: something is there already", path.display()))
        .cause("nothing of it was touched")
        .hint("Choose another name, or move away what is there.")
}
