//! Which files are a component's sources.

use std::path::{Path, PathBuf};

use super::Language;
use crate::app::MANIFEST;
use crate::report::{Error, Result};

/// The sources of a component: every file of its folder but hidden ones, the app's
/// manifest, build output, what the language's own tools put there, and the folders of other
/// components of the app, `nested`. Sorted.
///
/// # Errors
/// If the folder cannot be listed.
pub fn sources(folder: &Path, language: &dyn Language, nested: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let ignored = language.ignored_folders();
    let nested = nested.to_vec();
    let mut found = Vec::new();
    let walk = ignore::WalkBuilder::new(folder)
        .standard_filters(false)
        .hidden(true)
        .follow_links(true)
        .filter_entry(move |entry| {
            let name = entry.file_name().to_string_lossy();
            let folder = entry.file_type().is_some_and(|kind| kind.is_dir());
            let generated = ignored.contains(&name.as_ref()) || (folder && name == "dist");
            let manifest = entry.depth() == 1 && name == MANIFEST;
            let other = folder && nested.iter().any(|nested| entry.path() == nested);
            !((generated || manifest || other) && entry.depth() > 0)
        })
        .build();
    for entry in walk {
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
