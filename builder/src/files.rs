//! Files: written beside and renamed into place, so that nothing is ever
//! half-written.

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::report::{Error, Result};

/// How the name of a file begins that is not whole yet.
const HALF_WRITTEN: &str = ".isospin-";

/// What a process that was killed has left is nobody's after this time.
pub const ABANDONED: Duration = Duration::from_secs(60 * 60);

/// Writes `bytes` to `path` atomically, making the folders above it.
///
/// # Errors
/// If a folder or the file cannot be written; the old file is then intact.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    write_by_way_of(folder_of(path), path, bytes)
}

/// As [`write`], but what is not whole yet is in the folder `staging`, and so is what is
/// left of it if the process is killed. Beside `path` if `staging` is on another disk.
///
/// # Errors
/// As [`write`].
pub fn write_by_way_of(staging: &Path, path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = folder_of(path);
    create_folder(folder)?;
    create_folder(staging)?;
    let failed = |error: std::io::Error| Error::io("write", path, &error);
    let mut file = tempfile::Builder::new()
        .prefix(HALF_WRITTEN)
        .permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644))
        .tempfile_in(staging)
        .map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    match file.persist(path) {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == ErrorKind::CrossesDevices && staging != folder => {
            write(path, bytes)
        }
        Err(error) => Err(failed(error.error)),
    }
}

/// Whether [`write`] has made a file and not, or not yet, given it its name.
pub fn is_half_written(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(HALF_WRITTEN))
}

/// The folder that a file is in; the current one for a name alone.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Whether [`write`] can write `path`, without doing it.
///
/// # Errors
/// As [`write`]; and if there is a folder of that name.
pub fn check_writable(path: &Path) -> Result<()> {
    if path.is_dir() {
        return Err(Error::io("write", path, &ErrorKind::IsADirectory.into()));
    }
    let folder = folder_of(path);
    create_folder(folder)?;
    tempfile::tempfile_in(folder).map_err(|error| Error::io("write", path, &error))?;
    Ok(())
}

/// As [`write`], but leaves a file alone that already has these bytes.
///
/// # Errors
/// As [`write`].
pub fn write_if_different(path: &Path, bytes: &[u8]) -> Result<()> {
    match has(path, bytes) {
        true => Ok(()),
        false => write(path, bytes),
    }
}

/// Whether a file is there and has these bytes.
pub fn has(path: &Path, bytes: &[u8]) -> bool {
    std::fs::read(path).is_ok_and(|there| there == bytes)
}

/// # Errors
/// If the file cannot be read.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| Error::io("read", path, &error))
}

/// # Errors
/// If a folder cannot be made.
pub fn create_folder(path: &Path) -> Result<()> {
    std::fs::create_dir_all(path).map_err(|error| Error::io("create", path, &error))
}

/// A folder for a while, removed when dropped.
///
/// # Errors
/// If there is no place for temporary files.
pub fn temporary_folder() -> Result<tempfile::TempDir> {
    tempfile::tempdir().map_err(|error| Error::io("create", &std::env::temp_dir(), &error))
}

/// Whether each of these folders has been there since before the file `note` was written:
/// nobody has removed one since, as far as the disk tells when a folder was made.
pub fn outlast(folders: &[PathBuf], note: &Path) -> bool {
    let Ok(noted) = note.metadata().and_then(|data| data.modified()) else { return false };
    folders.iter().all(|folder| {
        folder.metadata().is_ok_and(|data| data.created().map_or(true, |made| made <= noted))
    })
}

/// Removes the folders in `folder` whose names begin with `prefix` and that nobody has
/// changed for so long: what made them was killed. What cannot be removed is left.
pub fn remove_abandoned(folder: &Path, prefix: &str, age: Duration) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let changed = entry.metadata().and_then(|data| data.modified());
        let is_old = || changed.is_ok_and(|time| time.elapsed().is_ok_and(|since| since >= age));
        if entry.file_name().to_string_lossy().starts_with(prefix) && is_old() {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

/// Every file below `folder`, sorted; none if it does not exist.
///
/// # Errors
/// If a folder cannot be listed.
pub fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(Error::io("list", &folder, &error)),
        };
        for entry in entries {
            let entry = entry.map_err(|error| Error::io("list", &folder, &error))?;
            let kind = entry.file_type().map_err(|error| Error::io("list", &folder, &error))?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Bytes of every file below `folder`, of links their own.
///
/// # Errors
/// If a folder cannot be listed.
pub fn size_below(folder: &Path) -> Result<u64> {
    let files = files_below(folder)?;
    Ok(files.iter().filter_map(|file| file.symlink_metadata().ok()).map(|data| data.len()).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_holds_as_long_as_what_it_tells_of() {
        let place = tempfile::tempdir().unwrap();
        let (folder, note) = (place.path().join("kept"), place.path().join("note"));
        let pause = || std::thread::sleep(Duration::from_millis(50));
        let folders = [folder.clone()];
        assert!(!outlast(&[], &note));
        std::fs::create_dir(&folder).unwrap();
        pause();
        write(&note, b"").unwrap();
        assert!(outlast(&folders, &note));
        write(&folder.join("more"), b"").unwrap();
        assert!(outlast(&folders, &note));
        std::fs::remove_dir_all(&folder).unwrap();
        assert!(!outlast(&folders, &note));
        pause();
        std::fs::create_dir(&folder).unwrap();
        assert!(!outlast(&folders, &note));
    }

    #[test]
    fn only_what_was_left_long_ago_is_removed() {
        let place = tempfile::tempdir().unwrap();
        let hour = Duration::from_secs(60 * 60);
        for name in [".ours-1", ".ours-2", "other"] {
            std::fs::create_dir_all(place.path().join(name).join("in")).unwrap();
        }
        for name in [".ours-1", "other"] {
            let folder = std::fs::File::open(place.path().join(name)).unwrap();
            folder.set_modified(std::time::SystemTime::now() - 2 * hour).unwrap();
        }
        remove_abandoned(place.path(), ".ours-", hour);
        let left = |name: &str| place.path().join(name).exists();
        assert!(!left(".ours-1") && left(".ours-2") && left("other"));
        remove_abandoned(place.path(), ".ours-", Duration::ZERO);
        assert!(!left(".ours-2") && left("other"));
    }
}
