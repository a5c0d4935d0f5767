//! What a component was built from, so that a build that changed nothing
//! starts no compiler.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::files;
use crate::report::{Error, Result};

/// The state of a component after its last good build, kept as JSON in its
/// scratch folder.
#[derive(Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct State {
    /// Digest of all that is not a file: tools, flags, world, SDK.
    pub settings: String,
    /// Every file that went in, and folders whose listing did, sorted by path.
    pub inputs: Vec<Input>,
    /// Variables that the sources ask for by name, with their values.
    pub variables: BTreeMap<String, Option<String>>,
    /// Digest of the finished component.
    pub sha256: String,
    /// What the tools printed although they succeeded.
    pub warnings: String,
    /// Where the component was put the last time.
    pub artifact: Placed,
    /// The file of its places beside it, if it has one.
    pub trace: Option<Placed>,
}

/// One file, as it was when the component was built.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct Input {
    pub path: PathBuf,
    pub size: u64,
    /// Nanoseconds since 1970.
    pub modified: u128,
    pub sha256: String,
}

/// A file that was written, by what tells whether it was changed since.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct Placed {
    pub path: PathBuf,
    pub size: u64,
    /// Nanoseconds since 1970.
    pub modified: u128,
}

impl State {
    /// The state that was kept, if there is one that can be read.
    pub fn load(path: &Path) -> Option<State> {
        serde_json::from_slice(&std::fs::read(path).ok()?).ok()
    }

    /// # Errors
    /// If it cannot be written.
    pub fn save(&self, path: &Path) -> Result<()> {
        let text = serde_json::to_vec(self).unwrap_or_default();
        files::write(path, &text)
    }

    /// Whether a build from `sources` with `settings` would do the same again.
    /// A file whose size and time are as they were is taken to be the same.
    pub fn is_current(&self, settings: &str, sources: &[PathBuf]) -> bool {
        let known = |path: &PathBuf| {
            self.inputs.binary_search_by(|input| input.path.as_path().cmp(path)).is_ok()
        };
        self.settings == settings
            && sources.iter().all(known)
            && self.variables.iter().all(|(name, value)| variable(name) == *value)
            && self.inputs.iter().all(Input::is_unchanged)
    }
}

impl Input {
    /// Reads the file, or lists the folder, as it is now.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read(path: &Path) -> Result<Input> {
        Ok(Input::read_with_bytes(path)?.0)
    }

    /// As [`Input::read`], with what was read.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read_with_bytes(path: &Path) -> Result<(Input, Vec<u8>)> {
        let failed = |error: std::io::Error| Error::io("read", path, &error);
        let metadata = std::fs::metadata(path).map_err(failed)?;
        let bytes = content(path, &metadata).map_err(failed)?;
        let input = Input {
            path: path.to_owned(),
            size: metadata.len(),
            modified: nanoseconds(&metadata),
            sha256: sha256(&bytes),
        };
        Ok((input, bytes))
    }

    fn is_unchanged(&self) -> bool {
        let Ok(metadata) = std::fs::metadata(&self.path) else { return false };
        if metadata.len() != self.size && !metadata.is_dir() {
            return false;
        }
        nanoseconds(&metadata) == self.modified
            || content(&self.path, &metadata).is_ok_and(|bytes| sha256(&bytes) == self.sha256)
    }

    /// Whether the file has still the size and time that it had.
    pub fn is_untouched(&self) -> bool {
        std::fs::metadata(&self.path)
            .is_ok_and(|data| data.len() == self.size && nanoseconds(&data) == self.modified)
    }

    /// Whether the file was changed after this time.
    pub fn is_newer_than(&self, time: SystemTime) -> bool {
        let time = time.duration_since(UNIX_EPOCH).unwrap_or_default();
        self.modified > time.as_nanos()
    }
}

impl Placed {
    /// What was written to `path` just now.
    ///
    /// # Errors
    /// If it is gone already.
    pub fn at(path: &Path) -> Result<Placed> {
        let metadata = std::fs::metadata(path).map_err(|error| Error::io("read", path, &error))?;
        Ok(Placed { path: path.to_owned(), size: metadata.len(), modified: nanoseconds(&metadata) })
    }

    /// Whether it is at `path` and nobody has changed it.
    pub fn is_at(&self, path: &Path) -> bool {
        self.path == path
            && std::fs::metadata(path)
                .is_ok_and(|data| data.len() == self.size && nanoseconds(&data) == self.modified)
    }
}

/// The bytes of a file, or the names of what is in a folder: one that is added to
/// a Go package, for instance, changes it.
fn content(path: &Path, metadata: &std::fs::Metadata) -> std::io::Result<Vec<u8>> {
    if !metadata.is_dir() {
        return std::fs::read(path);
    }
    let mut names = std::fs::read_dir(path)?
        .map(|entry| Ok(entry?.file_name().into_encoded_bytes()))
        .collect::<std::io::Result<Vec<_>>>()?;
    names.sort();
    Ok(names.join(&0))
}

fn nanoseconds(metadata: &std::fs::Metadata) -> u128 {
    let since = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    since.unwrap_or_default().as_nanos()
}

/// The value of a variable of this process, if it is set.
pub fn variable(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

/// The digest as lower-case hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
