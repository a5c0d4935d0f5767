//! SDK sources: embedded in the program, written into each component.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rust_embed::RustEmbed;

use super::Language;
use crate::component::World;
use crate::files;
use crate::report::{Error, Result};

/// `sdks/`, without what a language's own tools leave there.
#[derive(RustEmbed)]
#[folder = "../sdks"]
#[exclude = "*/target/*"]
#[exclude = "*/node_modules/*"]
#[exclude = "*/.zig-cache/*"]
#[exclude = "*/__pycache__/*"]
struct Sdks;

/// A file of an SDK: its path inside the SDK's folder and its bytes.
pub type SdkFile = (PathBuf, Vec<u8>);

/// A file generated from the world, as [`SdkFile`].
pub type GeneratedFile = SdkFile;

/// The embedded files of a language's SDK, sorted by path.
pub fn sdk_files(language: &dyn Language) -> Vec<SdkFile> {
    let prefix = format!("{}/", language.name());
    let mut files: Vec<SdkFile> = Sdks::iter()
        .filter_map(|path| {
            let inside = path.strip_prefix(&prefix)?;
            let file = Sdks::get(&path)?;
            Some((PathBuf::from(inside), file.data.into_owned()))
        })
        .collect();
    files.sort();
    files
}

/// The builder's own folder inside a component's, which version control ignores.
///
/// # Errors
/// If it cannot be written.
pub fn private_folder(component: &Path) -> Result<PathBuf> {
    let private = component.join(".isospin");
    files::write_if_different(&private.join(".gitignore"), b"*\n")?;
    Ok(private)
}

/// Where the SDK of `language` stands in the builder's folder of a component.
pub fn sdk_folder(private: &Path, language: &dyn Language) -> PathBuf {
    private.join("sdk").join(language.name())
}

/// Writes the SDK of `language` and its bindings for `world` to `folder`, so
/// that the folder holds just that. Files that are as they should be are left
/// untouched, which keeps compilers' own caches valid.
///
/// # Errors
/// If the bindings cannot be generated or the folder cannot be written.
pub fn write_sdk(language: &dyn Language, world: &World, folder: &Path) -> Result<()> {
    let mut wanted = BTreeSet::new();
    for (path, bytes) in sdk_files(language).into_iter().chain(language.bindings(world)?) {
        files::write_if_different(&folder.join(&path), &bytes)?;
        wanted.insert(path);
    }
    for path in files::files_below(folder)? {
        let inside = path.strip_prefix(folder).unwrap_or(&path);
        if !wanted.contains(inside) {
            std::fs::remove_file(&path).map_err(|error| Error::io("remove", &path, &error))?;
        }
    }
    Ok(())
}
