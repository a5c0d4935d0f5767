//! Which files are a component's sources.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::Language;
use crate::report::{Error, Result};

/// The sources of a component: every file of its folder but hidden ones, build
/// output, and what the language's own tools put there. Sorted.
///
/// # Errors
/// If the folder cannot be listed.
pub fn sources(folder: &Path, language: &dyn Language) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in walk(folder, language) {
        let entry = entry.map_err(|error| {
            Error::io("list", folder, &std::io::Error::other(error.to_string()))
        })?;
        if entry.file_type().is_some_and(|kind| kind.is_file()) {
            found.push(entry.into_path());
        }
    }
    found.sort();
    Ok(found)
}

/// The folders in which [`sources`] are looked for, the component's own among
/// them; none if that cannot be listed.
pub fn source_folders(folder: &Path, language: &dyn Language) -> Vec<PathBuf> {
    walk(folder, language)
        .filter_map(|entry| entry.ok())
        .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_dir()))
        .map(ignore::DirEntry::into_path)
        .collect()
}

/// Whether `path` would be among the [`sources`] of a component, or is its
/// folder, or a folder in which they are looked for.
pub fn may_hold_sources(path: &Path, folder: &Path, language: &dyn Language) -> bool {
    let Ok(inside) = path.strip_prefix(folder) else { return false };
    let hidden = |name: &OsStr| name.to_string_lossy().starts_with('.');
    let ignored = language.ignored_folders();
    // A file called `dist` is rare; that it is not followed does little harm.
    !inside.iter().any(|name| hidden(name) || is_generated(name, ignored, || true))
}

fn walk(folder: &Path, language: &dyn Language) -> ignore::Walk {
    let ignored = language.ignored_folders();
    ignore::WalkBuilder::new(folder)
        .standard_filters(false)
        .hidden(true)
        .follow_links(true)
        .filter_entry(move |entry| {
            let folder = || entry.file_type().is_some_and(|kind| kind.is_dir());
            entry.depth() == 0 || !is_generated(entry.file_name(), ignored, folder)
        })
        .build()
}

/// Build output and what tools download have names of their own.
fn is_generated(name: &OsStr, ignored: &[&str], is_folder: impl FnOnce() -> bool) -> bool {
    let name = name.to_string_lossy();
    ignored.contains(&name.as_ref()) || (name == "dist" && is_folder())
}
