//! What a component was built from, so that a build that changed nothing
//! starts no compiler.

use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

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
    /// Every file that went in, sorted by path.
    pub inputs: Vec<Input>,
    /// Digest of the finished component.
    pub sha256: String,
    /// What the tools printed although they succeeded.
    pub warnings: String,
}

/// One file, as it was when the component was built.
#[derive(Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct Input {
    pub path: PathBuf,
    pub size: u64,
    /// Nanoseconds since 1970.
    pub modified: u128,
    pub sha256: String,
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
            && self.inputs.iter().all(Input::is_unchanged)
    }
}

impl Input {
    /// Reads the file as it is now.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read(path: &Path) -> Result<Input> {
        let failed = |error: std::io::Error| Error::io("read", path, &error);
        let metadata = std::fs::metadata(path).map_err(failed)?;
        let bytes = std::fs::read(path).map_err(failed)?;
        Ok(Input {
            path: path.to_owned(),
            size: metadata.len(),
            modified: modified(&metadata),
            sha256: sha256(&bytes),
        })
    }

    fn is_unchanged(&self) -> bool {
        let Ok(metadata) = std::fs::metadata(&self.path) else { return false };
        if metadata.len() != self.size {
            return false;
        }
        modified(&metadata) == self.modified
            || std::fs::read(&self.path).is_ok_and(|bytes| sha256(&bytes) == self.sha256)
    }
}

fn modified(metadata: &std::fs::Metadata) -> u128 {
    let since = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    since.unwrap_or_default().as_nanos()
}

/// The digest as lower-case hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
