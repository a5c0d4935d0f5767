//! What is handed to the interpreter when it is started at build time.

use std::path::Path;
use std::time::Duration;

use super::cpython::CPython;
use super::data::{self, is_python};
use super::pack::Pack;
use super::packages::Packages;
use crate::component::{ALLOCATE, Startup};
use crate::language::Context;
use crate::report::Result;

/// Longer than any honest start-up, shorter than a person's patience.
const LIMIT: Duration = Duration::from_secs(20);

/// The export that starts the interpreter.
const START: &str = "isospin-start";

/// What the runtime exports for start-up.
pub const EXPORTS: &[&str] = &[ALLOCATE, START];

/// Folders of the standard library that a component has no use for.
const UNUSED: &[&str] = &[
    "__phello__",
    "_pyrepl",
    "config-3.14-wasm32-wasi",
    "ensurepip",
    "idlelib",
    "lib2to3",
    "pydoc_data",
    "test",
    "tkinter",
    "turtledemo",
    "venv",
];

/// Imports the handler's module in the interpreter `runtime`.
///
/// # Errors
/// If the sources cannot be read.
pub fn startup(
    cx: &Context,
    cpython: &CPython,
    runtime: &Path,
    packages: &Packages,
    handler: &str,
) -> Result<Startup> {
    let mut pack = Pack::default();
    pack.add_archive(&cpython.standard_library, "/lib/python3.14", |path| {
        let first = path.components().next().map(|part| part.as_os_str());
        is_python(path) && !UNUSED.iter().any(|name| first.is_some_and(|first| first == *name))
    })?;
    pack.add_folder(&cx.sdk.join("isospin"), "/lib/isospin-sdk/isospin", is_python)?;
    let mut kept = Pack::default();
    if let Some(folder) = &packages.folder {
        // Packages read each other's versions when they are imported.
        pack.add_folder(folder, "/lib/packages", |path| !data::is_packages(path))?;
        kept.add_folder(folder, "/lib/packages", data::is_packages)?;
    }
    let own = cx.component.sources()?;
    pack.add_files(&cx.component.path, &own, super::FOLDER, is_python)?;
    kept.add_files(&cx.component.path, &own, super::FOLDER, data::is_own)?;
    let module = handler.trim_end_matches(".py");
    Ok(Startup {
        function: START,
        limit: LIMIT,
        given: vec![module.as_bytes().to_vec(), kept.bytes(), pack.bytes()],
        native: Some(runtime.with_extension("cwasm")),
    })
}
