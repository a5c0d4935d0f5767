//! Archives of templates. Nothing of one is written before all of it was read:
//! what leads out of the project, links, and what grows without end is refused.

use std::io::Read;
use std::path::{Component, Path, PathBuf};

use super::limits::{MOST_BYTES, check_size, is_left_out, refused};
use super::{Files, zip};
use crate::files;
use crate::report::{Error, Result};

/// The files in the archive at `path`, without the one folder that all may lie in and
/// without what is left out of folders too: a hook in a `.git` that somebody else packed
/// would run on this machine.
///
/// # Errors
/// If it is no archive, or one that is refused.
pub fn read(path: &Path) -> Result<Files> {
    let bytes = files::read(path)?;
    let name = path.to_string_lossy();
    let found = if name.ends_with(".zip") {
        zip(path, &bytes)?
    } else if name.ends_with(".tar.gz") || name.ends_with(".tgz") {
        tar(path, &bytes)?
    } else {
        return Err(refused(path, "it is neither a folder nor a .tar.gz or .zip".to_owned()));
    };
    let mut found = without_outer_folder(found);
    found.retain(|path, _| !path.iter().any(is_left_out));
    Ok(found)
}

/// What is collected from an archive, entry by entry.
struct Unpacked<'a> {
    archive: &'a Path,
    files: Files,
    size: u64,
}

impl<'a> Unpacked<'a> {
    fn new(archive: &'a Path) -> Unpacked<'a> {
        Unpacked { archive, files: Files::new(), size: 0 }
    }

    /// How many bytes more a template may have.
    fn left(&self) -> u64 {
        MOST_BYTES.saturating_sub(self.size)
    }

    fn no_file(&self, name: &[u8]) -> Error {
        let name = String::from_utf8_lossy(name);
        refused(self.archive, format!("`{name}` is neither a file nor a folder"))
    }

    /// Adds a file, if it may be one: `name` is checked, and no more is read
    /// than a template may have.
    fn add(&mut self, name: &[u8], content: impl Read) -> Result<()> {
        let inside = self.inside(name)?;
        let mut bytes = Vec::new();
        content.take(self.left() + 1).read_to_end(&mut bytes).map_err(|error| {
            refused(self.archive, format!("`{}` cannot be read: {error}", inside.display()))
        })?;
        self.size += bytes.len() as u64;
        check_size(self.archive, self.files.len() + 1, self.size)?;
        if self.files.insert(inside.clone(), bytes).is_some() {
            return Err(refused(self.archive, format!("`{}` is in it twice", inside.display())));
        }
        Ok(())
    }

    /// Looks at the name of a folder; it is made only if files lie in it.
    fn folder(&self, name: &[u8]) -> Result<()> {
        // An archive's own folder may be an entry too.
        if matches!(name, b"." | b"./") {
            return Ok(());
        }
        self.inside(name).map(drop)
    }

    /// The path of an entry, which must lead to a place inside the project.
    fn inside(&self, name: &[u8]) -> Result<PathBuf> {
        let Ok(name) = std::str::from_utf8(name) else {
            let name = String::from_utf8_lossy(name);
            return Err(refused(self.archive, format!("the name `{name}` is not UTF-8")));
        };
        let path = Path::new(name);
        let mut inside = PathBuf::new();
        for part in path.components() {
            match part {
                Component::Normal(part) => inside.push(part),
                Component::CurDir => {}
                _ => return Err(refused(self.archive, format!("`{name}` leads out of it"))),
            }
        }
        if inside.as_os_str().is_empty() || name.contains(['\\', '\0']) {
            return Err(refused(self.archive, format!("`{name}` is no path of a file")));
        }
        Ok(inside)
    }
}

fn tar(path: &Path, bytes: &[u8]) -> Result<Files> {
    let failed = |error: std::io::Error| refused(path, format!("it cannot be read: {error}"));
    // Bounded as a whole too: entries that are skipped are unpacked as well.
    let unpacked = flate2::read::MultiGzDecoder::new(bytes).take(2 * MOST_BYTES);
    let mut archive = tar::Archive::new(unpacked);
    let mut found = Unpacked::new(path);
    for entry in archive.entries().map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let kind = entry.header().entry_type();
        let name = entry.path_bytes().into_owned();
        if kind.is_file() {
            found.add(&name, entry)?;
        } else if kind.is_dir() {
            found.folder(&name)?;
        } else if !kind.is_pax_global_extensions() {
            return Err(found.no_file(&name));
        }
    }
    // To the end, where the check sum is.
    std::io::copy(&mut archive.into_inner(), &mut std::io::sink()).map_err(failed)?;
    Ok(found.files)
}

fn zip(path: &Path, bytes: &[u8]) -> Result<Files> {
    let failed = |wrong: zip::Wrong| refused(path, format!("it cannot be read: {wrong}"));
    let mut found = Unpacked::new(path);
    for entry in zip::entries(bytes).map_err(failed)? {
        match entry.kind {
            zip::Kind::File => {
                let content = entry.read(found.left() + 1).map_err(failed)?;
                found.add(entry.name, content.as_slice())?;
            }
            zip::Kind::Folder => found.folder(entry.name)?,
            zip::Kind::Other => return Err(found.no_file(entry.name)),
        }
    }
    Ok(found.files)
}

/// Archives are often made of a folder, so that all paths begin with its name.
fn without_outer_folder(files: Files) -> Files {
    let first = |path: &Path| path.components().next().map(|part| PathBuf::from(part.as_os_str()));
    let Some(outer) = files.keys().next().and_then(|path| first(path)) else { return files };
    let is_inside = |path: &PathBuf| path.starts_with(&outer) && *path != outer;
    if !files.keys().all(is_inside) {
        return files;
    }
    let inner = |path: PathBuf| path.strip_prefix(&outer).map(Path::to_owned).unwrap_or(path);
    files.into_iter().map(|(path, bytes)| (inner(path), bytes)).collect()
}
