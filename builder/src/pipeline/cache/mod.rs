//! What builds made, kept for this user by the content of what they were made of.
//!
//! An entry belongs to a key, which is a digest of everything that its maker knew
//! beforehand; see [`recipe`](super::recipe). Of one key there may be several
//! entries, which differ in the files outside of a component that a compiler told of.
//! An entry names files by their digests:
//!
//! ```text
//! keys/ab/abcd.../<digest of the entry>.json
//! files/12/1234...zst
//! ```
//!
//! Nothing here is trusted: an entry or a file whose digest is another than its name
//! is removed, and is then one that was never there. Everything is written beside
//! and renamed, so no lock is needed, and a build may be killed at any moment.

mod limit;
mod trim;

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

pub use limit::LIMIT_VARIABLE;
use limit::{folder, limit};
pub use trim::Usage;

use super::state::sha256;
use crate::files;
use crate::report::{Error, Event, Report, Result};

/// Files by what they are: `component`, `warnings`.
pub type Files = BTreeMap<String, Vec<u8>>;

/// More entries of one key are those of long ago.
const ENTRIES_OF_A_KEY: usize = 8;

/// Fast, and half of the size: a component is mostly code.
const COMPRESSION: i32 = 1;

/// The kept builds of one user.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
    /// Bytes that it may take on the disk; 0 turns it off.
    limit: u64,
    /// Whether anything was added since it was opened.
    grown: AtomicBool,
    /// Whether it was told that it cannot be written.
    complained: AtomicBool,
}

/// A file outside of the component that went into a build.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outside {
    /// Absolute, or relative to the component's folder: see [`recipe`](super::recipe).
    pub path: PathBuf,
    pub sha256: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    inputs: Vec<Outside>,
    files: BTreeMap<String, Stored>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Stored {
    sha256: String,
    /// Bytes of the file itself.
    size: u64,
}

impl Cache {
    /// The builds of this user.
    ///
    /// # Errors
    /// If there is no place for the user's own files, or the limit is no size.
    pub fn of_user() -> Result<Cache> {
        Ok(Cache::new(&folder()?, limit()?))
    }

    /// The builds in `folder`, which take at most `limit` bytes.
    pub fn new(folder: &Path, limit: u64) -> Cache {
        Cache {
            folder: folder.to_owned(),
            limit,
            grown: AtomicBool::new(false),
            complained: AtomicBool::new(false),
        }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The most that is kept; bytes.
    pub fn limit(&self) -> u64 {
        self.limit
    }

    /// The files of the entry of `key` whose inputs are as `fits` wants them, with
    /// what that gives of them; nothing if there is none that is whole.
    pub fn find<T>(&self, key: &str, fits: impl Fn(&[Outside]) -> Option<T>) -> Option<(Files, T)> {
        if self.limit == 0 {
            return None;
        }
        let entries = std::fs::read_dir(self.key_folder(key)).ok()?.flatten();
        entries.map(|entry| entry.path()).filter(|path| is_entry(path)).find_map(|path| {
            let Some(entry) = read_entry(&path) else {
                let _ = std::fs::remove_file(&path);
                return None;
            };
            let fitting = fits(&entry.inputs)?;
            let Some(files) = self.read_files(&entry) else {
                let _ = std::fs::remove_file(&path);
                return None;
            };
            touch(&path);
            Some((files, fitting))
        })
    }

    /// Keeps an entry. That it cannot be kept costs time later, never the build: it
    /// is told once.
    pub fn keep(&self, key: &str, inputs: &[Outside], files: &Files, report: &dyn Report) {
        let too_large = files.values().map(|bytes| bytes.len() as u64).sum::<u64>() > self.limit;
        if self.limit == 0 || too_large {
            return;
        }
        match self.write(key, inputs, files) {
            Ok(()) => self.grown.store(true, Ordering::Relaxed),
            Err(error) if !self.complained.swap(true, Ordering::Relaxed) => {
                report.event(&Event::Note {
                    text: &format!("{error}: builds are not kept for later"),
                });
            }
            Err(_) => {}
        }
    }

    fn write(&self, key: &str, inputs: &[Outside], files: &Files) -> Result<()> {
        let mut stored = BTreeMap::new();
        for (name, bytes) in files {
            let sha256 = sha256(bytes);
            let path = self.file(&sha256);
            let one = Stored { sha256, size: bytes.len() as u64 };
            // What is there may be damaged.
            match std::fs::read(&path).ok().and_then(|packed| unpack(&packed, &one)) {
                Some(_) => touch(&path),
                None => files::write(&path, &pack(bytes, &path)?)?,
            }
            stored.insert(name.clone(), one);
        }
        let entry = Entry { inputs: inputs.to_vec(), files: stored };
        let text = serde_json::to_vec(&entry).unwrap_or_default();
        let folder = self.key_folder(key);
        files::write(&folder.join(format!("{}.json", sha256(&text))), &text)?;
        trim::remove_oldest(&folder, ENTRIES_OF_A_KEY);
        Ok(())
    }

    /// Every file of an entry, if all are there and are what they should be.
    fn read_files(&self, entry: &Entry) -> Option<Files> {
        let read = |(name, stored): (&String, &Stored)| {
            let path = self.file(&stored.sha256);
            let compressed = std::fs::read(&path).ok()?;
            match unpack(&compressed, stored) {
                Some(bytes) => {
                    touch(&path);
                    Some((name.clone(), bytes))
                }
                None => {
                    let _ = std::fs::remove_file(&path);
                    None
                }
            }
        };
        entry.files.iter().map(read).collect()
    }

    fn key_folder(&self, key: &str) -> PathBuf {
        self.folder.join("keys").join(&key[..2]).join(key)
    }

    fn file(&self, digest: &str) -> PathBuf {
        let first = digest.get(..2).unwrap_or("00");
        self.folder.join("files").join(first).join(format!("{digest}.zst"))
    }
}

fn is_entry(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "json")
}

fn read_entry(path: &Path) -> Option<Entry> {
    let text = std::fs::read(path).ok()?;
    let named = path.file_stem()? == sha256(&text).as_str();
    let entry: Entry = named.then(|| serde_json::from_slice(&text).ok())??;
    // A digest becomes a path.
    let is_digest = |text: &str| text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
    entry.files.values().all(|stored| is_digest(&stored.sha256)).then_some(entry)
}

fn pack(bytes: &[u8], path: &Path) -> Result<Vec<u8>> {
    zstd::encode_all(bytes, COMPRESSION).map_err(|error| Error::io("compress", path, &error))
}

/// What was compressed, if it is what it should be; reads no more than that.
fn unpack(compressed: &[u8], stored: &Stored) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let reader = zstd::stream::read::Decoder::new(compressed).ok()?;
    reader.take(stored.size + 1).read_to_end(&mut bytes).ok()?;
    (sha256(&bytes) == stored.sha256).then_some(bytes)
}

/// Notes that a file was of use just now, for [`Cache::trim`].
fn touch(path: &Path) {
    if let Ok(file) = std::fs::File::open(path) {
        let _ = file.set_modified(SystemTime::now());
    }
}

#[cfg(test)]
mod tests;
