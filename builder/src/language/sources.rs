//! Which files are a component's sources.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::Handler;
use crate::app::MANIFEST;
use crate::paths;
use crate::report::{Error, Result};

/// The sources of a component: every file of its folder but hidden ones, the app's
/// manifest, build output, what the language's own tools put there, and the folders of
/// other components of the app. Sorted.
///
/// # Errors
/// If the folder cannot be listed.
pub fn sources(handler: &Handler<'_>) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in walk(handler) {
        let entry = entry.map_err(|error| {
            Error::io("list", &handler.path, &std::io::Error::other(error.to_string()))
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
pub fn source_folders(handler: &Handler<'_>) -> Vec<PathBuf> {
    walk(handler)
        .filter_map(|entry| entry.ok())
        .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_dir()))
        .map(ignore::DirEntry::into_path)
        .collect()
}

/// Whether `path` would be among the [`sources`] of a component, or is its
/// folder, or a folder in which they are looked for.
pub fn may_hold_sources(path: &Path, handler: &Handler<'_>) -> bool {
    let Ok(inside) = path.strip_prefix(&handler.path) else { return false };
    let hidden = |name: &OsStr| name.to_string_lossy().starts_with('.');
    let ignored = handler.language.ignored_folders();
    let other = handler.nested.iter().any(|nested| path.starts_with(nested));
    // A file called `dist` is rare; that it is not followed does little harm.
    let generated = |name| hidden(name) || is_generated(name, ignored, || true);
    inside != Path::new(MANIFEST) && !other && !inside.iter().any(generated)
}

/// The files of these names in the folder of a component and in those above it,
/// where they exist, the nearest first.
pub fn above(component: &Path, names: &[&str]) -> Vec<PathBuf> {
    let paths = component.ancestors().flat_map(|folder| names.iter().map(|name| folder.join(name)));
    paths.filter(|path| path.is_file()).collect()
}

/// The folder for a user's settings, as the XDG base directory specification gives it.
pub fn settings_folder() -> Option<PathBuf> {
    paths::user_folder(|name| std::env::var_os(name), "XDG_CONFIG_HOME", ".config")
}

/// The folder for what a user's programs can make again, as the same specification
/// gives it.
pub fn cache_folder() -> Option<PathBuf> {
    paths::user_folder(|name| std::env::var_os(name), "XDG_CACHE_HOME", ".cache")
}

fn walk(handler: &Handler<'_>) -> ignore::Walk {
    let ignored = handler.language.ignored_folders();
    let nested = handler.nested.clone();
    ignore::WalkBuilder::new(&handler.path)
        .standard_filters(false)
        .hidden(true)
        .follow_links(true)
        .filter_entry(move |entry| {
            let folder = || entry.file_type().is_some_and(|kind| kind.is_dir());
            let manifest = entry.depth() == 1 && entry.file_name() == MANIFEST;
            let other = nested.iter().any(|nested| entry.path() == nested);
            let generated = is_generated(entry.file_name(), ignored, folder);
            entry.depth() == 0 || !(generated || manifest || other)
        })
        .build()
}

/// Build output and what tools download have names of their own.
fn is_generated(name: &OsStr, ignored: &[&str], is_folder: impl FnOnce() -> bool) -> bool {
    let name = name.to_string_lossy();
    ignored.contains(&name.as_ref()) || (name == "dist" && is_folder())
}
