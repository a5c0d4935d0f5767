//! The file beside an artifact, with which a host names the places of a crash.

use std::path::{Path, PathBuf};

use isospin_host::trace_file;

use super::state::Placed;
use crate::component::{self, Folders, LibraryTraces};
use crate::files;
use crate::language::{Code, Compiled, Context, Profile};
use crate::report::{Error, Result};

/// Takes the debug information out of a module that is to be released. What comes
/// of it is the same after an edit that changes no code.
///
/// # Errors
/// If the module cannot be parsed.
pub fn separate(
    mut compiled: Compiled,
    cx: &Context,
) -> anyhow::Result<(Compiled, Option<Vec<u8>>)> {
    let (Profile::Release, Code::Module(module)) = (cx.profile, &mut compiled.code) else {
        return Ok((compiled, None));
    };
    let language = cx.component.language;
    let library = LibraryTraces {
        path: &|path| language.library_path(path),
        is_left_out: &|function| language.is_crash_code(function),
    };
    let folders = Folders::new(&cx.component.path, cx.app, cx.toolchain, library);
    let separated = component::separate(module, &folders)?;
    *module = separated.module;
    Ok((compiled, separated.trace))
}

/// What is kept of a component's debug information: beside its artifact, and
/// among its stages, from where a build that changes nothing puts it back.
pub struct Sidecar {
    kept: PathBuf,
    shown: PathBuf,
}

impl Sidecar {
    /// That of `artifact`, whose component is kept in `stage`.
    pub fn new(stage: &Path, artifact: &Path) -> Sidecar {
        Sidecar { kept: trace_file(stage), shown: trace_file(artifact) }
    }

    /// Writes what a build made. If it made nothing, what an earlier one left is
    /// removed, for it tells of other code.
    ///
    /// # Errors
    /// If a file cannot be written or removed.
    pub fn save(&self, trace: Option<&[u8]>) -> Result<()> {
        match trace {
            Some(trace) => files::write(&self.kept, trace)?,
            None => remove(&self.kept)?,
        }
        self.restore()
    }

    /// What is beside the artifact now.
    ///
    /// # Errors
    /// If it was removed in the meantime.
    pub fn placed(&self) -> Result<Option<Placed>> {
        self.shown.exists().then(|| Placed::at(&self.shown)).transpose()
    }

    /// Whether what was written is beside the artifact, as it was.
    pub fn is_at(&self, placed: &Placed) -> bool {
        placed.is_at(&self.shown)
    }

    /// Puts what is kept beside the artifact.
    ///
    /// # Errors
    /// As [`Sidecar::save`].
    pub fn restore(&self) -> Result<()> {
        match std::fs::read(&self.kept) {
            Ok(trace) if files::has(&self.shown, &trace) => Ok(()),
            Ok(trace) => {
                let staging = self.kept.parent().unwrap_or(&self.kept);
                files::write_by_way_of(staging, &self.shown, &trace)
            }
            Err(_) => remove(&self.shown),
        }
    }
}

fn remove(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::io("remove", path, &error))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_follows_the_artifact() {
        let folder = tempfile::tempdir().expect("a folder");
        let sidecar = |name: &str| {
            let stage = folder.path().join("build/component.wasm");
            Sidecar::new(&stage, &folder.path().join(name).join("hello.wasm"))
        };
        let read = |name: &str| std::fs::read(folder.path().join(name).join("hello.debug.json"));
        sidecar("dist").save(Some(b"{}")).expect("it is written");
        assert_eq!(read("dist").expect("it is there"), b"{}");
        sidecar("other").restore().expect("it is put there too");
        assert_eq!(read("other").expect("it is there"), b"{}");
        sidecar("dist").save(None).expect("it is removed");
        assert!(read("dist").is_err());
        sidecar("other").restore().expect("it is removed");
        assert!(read("other").is_err());
    }
}
