//! The folder of managed tools: changed by one set-up at a time, and only by
//! renaming what is complete into place.

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::report::{Error, Result};
use crate::toolchain::Folders;
use crate::{files, lock, process};

/// The managed tools while this set-up may change them.
pub struct Store {
    folders: Folders,
    /// The lock; the system releases it however the process ends.
    _lock: File,
}

/// Names of folders that are being filled begin with this.
const PARTIAL: &str = ".partial-";

impl Store {
    /// Waits until no other set-up runs, and removes what killed ones left.
    /// `waits` is called if there is another one.
    ///
    /// # Errors
    /// If the folder cannot be written, or the user interrupts.
    pub fn open(folders: &Folders, waits: &dyn Fn()) -> Result<Store> {
        let tools = folders.tools();
        files::create_folder(&tools)?;
        let path = tools.join(".lock");
        let file = lock::take(&path, waits)?;
        let store = Store { folders: folders.clone(), _lock: file };
        store.remove_leftovers()?;
        Ok(store)
    }

    /// Whoever holds the lock made every partial folder: none is in use now.
    fn remove_leftovers(&self) -> Result<()> {
        let tools = self.folders.tools();
        let listed =
            std::fs::read_dir(&tools).map_err(|error| Error::io("list", &tools, &error))?;
        for entry in listed.flatten() {
            if entry.file_name().to_string_lossy().starts_with(PARTIAL) {
                remove(&entry.path())?;
            }
        }
        Ok(())
    }

    /// Has `fill` fill a folder (the first path; the second is scratch space) and
    /// renames it to `name`. What was there before is replaced; after a failure it
    /// is as it was. An empty folder is no result and leaves nothing.
    ///
    /// # Errors
    /// What `fill` says, or if the folder cannot be renamed.
    pub fn fill(
        &self,
        name: &str,
        fill: impl FnOnce(&Path, &Path) -> Result<()>,
    ) -> Result<PathBuf> {
        let tools = self.folders.tools();
        let partial = tempfile::Builder::new()
            .prefix(PARTIAL)
            .tempdir_in(&tools)
            .map_err(|error| Error::io("create a folder in", &tools, &error))?;
        let folder = partial.path().join("new");
        let scratch = partial.path().join("scratch");
        files::create_folder(&folder)?;
        files::create_folder(&scratch)?;
        fill(&folder, &scratch)?;
        if process::interrupted() {
            return Err(process::interruption());
        }
        let place = tools.join(name);
        if files::files_below(&folder)?.is_empty() {
            return Ok(place);
        }
        if place.exists() {
            rename(&place, &partial.path().join("old"))?;
        }
        rename(&folder, &place)?;
        Ok(place)
    }
}

fn rename(from: &Path, to: &Path) -> Result<()> {
    std::fs::rename(from, to).map_err(|error| Error::io("write", to, &error))
}

/// Removes a folder with all that is in it.
///
/// # Errors
/// If something in it cannot be removed.
pub fn remove(path: &Path) -> Result<()> {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::io("remove", path, &error))
        }
        _ => Ok(()),
    }
}
