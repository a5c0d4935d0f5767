//! A template of the user's own: a folder, or an archive of one.

use std::path::Path;

use super::limits::{check_size, is_left_out, refused};
use super::{Files, Template, archive};
use crate::files;
use crate::report::{Code, Error, Result};

/// Whether `text` names a folder or a file rather than one of our own templates.
pub fn is_path(text: &str) -> bool {
    text.contains(['/', '.'])
}

/// The template at `path`.
///
/// # Errors
/// If it is not there, or is one that must not be used.
pub fn load(path: &Path) -> Result<Template> {
    let kind = std::fs::metadata(path).map_err(|error| Error::io("read", path, &error))?;
    let found = if kind.is_dir() { folder(path)? } else { archive::read(path)? };
    if found.is_empty() {
        return Err(Error::new(Code::TemplateWrong, format!("{}: it is empty", path.display())));
    }
    Template::new(&path.display().to_string(), found)
}

fn folder(root: &Path) -> Result<Files> {
    let mut found = Files::new();
    let mut size = 0;
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let failed = |error: std::io::Error| Error::io("list", &folder, &error);
        for entry in std::fs::read_dir(&folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let path = entry.path();
            if is_left_out(&entry.file_name()) {
                continue;
            }
            let kind = entry.metadata().map_err(failed)?;
            let inside = path.strip_prefix(root).unwrap_or(&path).to_owned();
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file() {
                size += kind.len();
                check_size(root, found.len() + 1, size)?;
                found.insert(inside, files::read(&path)?);
            } else {
                let cause = format!("`{}` is neither a file nor a folder", inside.display());
                return Err(refused(root, cause));
            }
        }
    }
    Ok(found)
}
