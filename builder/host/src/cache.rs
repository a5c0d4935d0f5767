//! Compiled code, kept on disk between runs.
//!
//! An entry is two files named by a digest of the component's bytes and of
//! everything about the engine that decides what the compiled code looks like:
//! the code, and the digest of the code. Entries are written beside and renamed
//! into place, and are never changed afterwards.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::hash::{Hash, Hasher};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::SystemTime;

use sha2::{Digest, Sha256};
use wasmtime::component::Component;
use wasmtime::{Engine, Result};

/// The code of `bytes`, if it is in `folder`.
pub(crate) fn load(
    engine: &Engine,
    bytes: &[u8],
    folder: &Path,
    complain: &dyn Fn(String),
) -> Option<Component> {
    Entry::new(folder, engine, bytes).load(engine, complain)?.ok()
}

/// Compiles `bytes`, or takes the code from `folder` if it is there. A cache
/// that cannot be read or written costs time and is no failure; what went wrong
/// is told to `complain`. An engine may have no room for what the code needs: if that
/// is the last engine that is tried, the code is compiled anew, else that is a failure at once.
pub(crate) fn compile(
    engine: &Engine,
    bytes: &[u8],
    folder: Option<&Path>,
    is_final: bool,
    complain: &dyn Fn(String),
) -> Result<Component> {
    let Some(folder) = folder else { return Component::new(engine, bytes) };
    let entry = Entry::new(folder, engine, bytes);
    match entry.load(engine, complain) {
        Some(Err(error)) if is_final => {
            complain(format!("{} is compiled anew: {error}", entry.code.display()));
        }
        Some(loaded) => return loaded,
        None => {}
    }
    let component = Component::new(engine, bytes)?;
    let written = component.serialize().map_err(io::Error::other);
    if let Err(error) = written.and_then(|code| entry.store(folder, &code)) {
        complain(format!("the code cache {} cannot be written: {error}", folder.display()));
    }
    Ok(component)
}

struct Entry {
    code: PathBuf,
    digest: PathBuf,
}

impl Entry {
    fn new(folder: &Path, engine: &Engine, bytes: &[u8]) -> Entry {
        let mut hasher = DigestHasher(Sha256::new());
        engine.precompile_compatibility_hash().hash(&mut hasher);
        hasher.0.update(bytes);
        let name = hex(&hasher.0.finalize());
        Entry {
            code: folder.join(format!("{name}.cwasm")),
            digest: folder.join(format!("{name}.sha256")),
        }
    }

    /// Nothing if there is no whole entry.
    fn load(&self, engine: &Engine, complain: &dyn Fn(String)) -> Option<Result<Component>> {
        if !self.is_whole()? {
            complain(format!("{} is damaged and is compiled anew", self.code.display()));
            return None;
        }
        #[expect(unsafe_code, reason = "compiled code is run as it is found; see below")]
        // SAFETY: the file is what `Component::serialize` gave: its digest says
        // so, nobody changes an entry in place (replacing it leaves this mapping
        // alone), and the folder is the user's own.
        let component = unsafe { Component::deserialize_file(engine, &self.code) };
        Some(component)
    }

    /// Whether the code is what its digest says; nothing if there is no entry.
    fn is_whole(&self) -> Option<bool> {
        let state = State::of(&self.code)?;
        let seen = || SEEN_WHOLE.lock().unwrap_or_else(PoisonError::into_inner);
        if seen().get(&self.code) == Some(&state) {
            return Some(true);
        }
        let code = fs::read(&self.code).ok()?;
        let expected = fs::read_to_string(&self.digest).ok()?;
        let is_whole = hex(&Sha256::digest(&code)) == expected;
        if is_whole {
            seen().insert(self.code.clone(), state);
        }
        Some(is_whole)
    }

    fn store(&self, folder: &Path, code: &[u8]) -> io::Result<()> {
        create_private(folder)?;
        let digest = hex(&Sha256::digest(code));
        for (path, content) in [(&self.code, code), (&self.digest, digest.as_bytes())] {
            let mut file = tempfile::NamedTempFile::new_in(folder)?;
            file.write_all(content)?;
            file.persist(path)?;
        }
        Ok(())
    }
}

/// The entries that this process has held against their digests: the code of an
/// interpreter is tens of megabytes, and a process may serve it many times.
static SEEN_WHOLE: LazyLock<Mutex<HashMap<PathBuf, State>>> = LazyLock::new(Mutex::default);

/// A file that differs in this has been written since.
#[derive(PartialEq)]
struct State {
    length: u64,
    modified: SystemTime,
}

impl State {
    fn of(path: &Path) -> Option<State> {
        let metadata = fs::metadata(path).ok()?;
        Some(State { length: metadata.len(), modified: metadata.modified().ok()? })
    }
}

/// Code in the folder is run, so nobody else may write there.
fn create_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Feeds what an engine says about itself into a digest.
struct DigestHasher(Sha256);

impl Hasher for DigestHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Never asked for: the digest itself is.
    fn finish(&self) -> u64 {
        0
    }
}
