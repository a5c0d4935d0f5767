//! CPython for WASI, taken out of the package `componentize-py`.
//!
//! The package is one native library, and what it needs for its own components
//! lies in it as plain zstd frames without names: CPython and the C library as
//! shared WebAssembly libraries, and the standard library as an archive. They are
//! told apart by what is in them.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::component::Library;
use crate::files;
use crate::language::Context;
use crate::lock;
use crate::report::{Code, Error, Result};
use crate::toolchain::COMPONENTIZE_PY;

/// What was found, in a folder of the user's cache.
pub struct CPython {
    /// Changes with the package.
    pub digest: String,
    /// CPython first; a library uses those behind it.
    pub libraries: Vec<PathBuf>,
    /// The standard library's sources, as a tar archive.
    pub standard_library: PathBuf,
}

/// The names of the libraries in the folder; between them are as many helpers as needed.
const PYTHON: &str = "python.wasm";
const LIBC: &str = "c.wasm";
const STANDARD_LIBRARY: &str = "standard-library.tar";

/// No part of the package is larger than that.
const LARGEST: u64 = 64 << 20;

/// Takes CPython out of the package, unless that was done before.
///
/// # Errors
/// If the package is not as expected, or the cache cannot be written.
pub fn prepare(cx: &Context) -> Result<CPython> {
    let package = cx.toolchain.path(&COMPONENTIZE_PY);
    let library = native_library(package)?;
    let bytes = files::read(&library)?;
    let digest: String = super::hex(&Sha256::digest(&bytes));
    let folder = cx.cache.join(format!("python/cpython-{digest}"));
    // Written last, so that a folder that has it is whole.
    let whole = folder.join(STANDARD_LIBRARY);
    lock::once(&whole, || {
        let parts = Parts::find(&bytes).ok_or_else(|| unexpected(&library))?;
        files::write(&folder.join(PYTHON), &parts.python)?;
        for (number, helper) in parts.helpers.iter().enumerate() {
            files::write(&folder.join(format!("helper-{number}.wasm")), helper)?;
        }
        files::write(&folder.join(LIBC), &parts.libc)?;
        Ok(parts.standard_library)
    })?;
    let mut libraries = vec![folder.join(PYTHON)];
    let helpers = (0..).map(|number| folder.join(format!("helper-{number}.wasm")));
    libraries.extend(helpers.take_while(|path| path.is_file()));
    libraries.push(folder.join(LIBC));
    Ok(CPython { digest, libraries, standard_library: whole })
}

fn native_library(package: &Path) -> Result<PathBuf> {
    let found = files::files_below(package)?.into_iter().find(|path| {
        path.extension().is_some_and(|extension| extension == "so" || extension == "pyd")
    });
    found.ok_or_else(|| unexpected(package))
}

fn unexpected(path: &Path) -> Error {
    Error::new(
        Code::ToolRun,
        format!("{}: CPython is not in the package `componentize-py`", path.display()),
    )
    .cause("it should carry CPython 3.14 for WASI, the C library and the standard library")
    .hint("Install the version that this program knows: `isospin setup python`.")
}

struct Parts {
    python: Vec<u8>,
    helpers: Vec<Vec<u8>>,
    libc: Vec<u8>,
    standard_library: Vec<u8>,
}

impl Parts {
    fn find(package: &[u8]) -> Option<Parts> {
        let (mut python, mut libc, mut standard_library) = (None, None, None);
        let mut others = Vec::new();
        for part in frames(package) {
            if is_standard_library(&part) {
                standard_library.get_or_insert(part);
                continue;
            }
            let Ok(library) = Library::parse("package", &part) else { continue };
            if library.exports.contains_key("Py_InitializeFromInitConfig") {
                python.get_or_insert(part);
            } else if library.exports.contains_key("__wasi_init_tp") {
                libc.get_or_insert(part);
            } else {
                others.push(part);
            }
        }
        let (python, libc) = (python?, libc?);
        let helpers = helpers(&python, &libc, others)?;
        Some(Parts { python, helpers, libc, standard_library: standard_library? })
    }
}

/// Those of the other libraries that define what CPython wants and the C library has not.
fn helpers(python: &[u8], libc: &[u8], others: Vec<Vec<u8>>) -> Option<Vec<Vec<u8>>> {
    let mut missing: BTreeSet<String> = Library::parse("python", python)
        .ok()?
        .imported_functions
        .iter()
        .filter(|import| import.module == "env")
        .map(|import| import.name.to_owned())
        .collect();
    for &name in Library::parse("c", libc).ok()?.exports.keys() {
        missing.remove(name);
    }
    let mut helpers = Vec::new();
    for other in others {
        let library = Library::parse("helper", &other).ok()?;
        let before = missing.len();
        for &name in library.exports.keys() {
            missing.remove(name);
        }
        if missing.len() < before {
            helpers.push(other);
        }
    }
    Some(helpers)
}

/// Everything in `bytes` that is a whole zstd frame.
fn frames(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
    let places =
        bytes.windows(4).enumerate().filter(|(_, four)| *four == MAGIC).map(|(place, _)| place);
    places.filter_map(|place| {
        let frame = zstd::stream::read::Decoder::with_buffer(&bytes[place..]).ok()?.single_frame();
        let mut part = Vec::new();
        frame.take(LARGEST).read_to_end(&mut part).ok()?;
        Some(part)
    })
}

fn is_standard_library(part: &[u8]) -> bool {
    let mut archive = tar::Archive::new(part);
    let Ok(mut entries) = archive.entries() else { return false };
    entries.any(|entry| {
        entry.is_ok_and(|entry| {
            entry.path().is_ok_and(|path| path.ends_with("encodings/__init__.py"))
        })
    })
}
