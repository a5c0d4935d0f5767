//! Keeping the kept builds within their limit, and throwing them away.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime};

use super::{Cache, is_entry};
use crate::files;
use crate::report::{Error, Result};

/// Trimming goes a little further than it must, so that not every build trims.
const LEFT_TENTHS: u64 = 9;

/// How the name of a folder begins in which kept builds are removed.
const AWAY: &str = ".isospin-removed-";

/// How much is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Usage {
    /// Finished builds that can be found again.
    pub entries: u64,
    /// Bytes on the disk.
    pub size: u64,
}

struct File {
    path: PathBuf,
    size: u64,
    used: SystemTime,
}

impl Cache {
    /// Removes what was of no use for the longest time, as far as the limit asks for it;
    /// only if something was added. What cannot be removed is left.
    pub fn trim(&self) {
        if !self.grown.swap(false, Ordering::Relaxed) {
            return;
        }
        self.remove_abandoned(files::ABANDONED);
        let Ok(mut files) = self.files() else { return };
        let now = SystemTime::now();
        files.retain(|file| {
            let half_written = files::is_half_written(&file.path)
                && now.duration_since(file.used).is_ok_and(|age| age > files::ABANDONED);
            !(half_written && std::fs::remove_file(&file.path).is_ok())
        });
        let mut total: u64 = files.iter().map(|file| file.size).sum();
        if total <= self.limit {
            return;
        }
        files.sort_by_key(|file| file.used);
        for file in files {
            if total <= self.limit / 10 * LEFT_TENTHS {
                break;
            }
            if std::fs::remove_file(&file.path).is_ok() {
                total -= file.size;
            }
            // Only if it is empty now.
            let _ = file.path.parent().map(std::fs::remove_dir);
        }
    }

    /// How much is kept now.
    ///
    /// # Errors
    /// If the folders cannot be listed.
    pub fn usage(&self) -> Result<Usage> {
        let mut usage = Usage::default();
        for file in self.files()? {
            usage.entries += u64::from(is_entry(&file.path));
            usage.size += file.size;
        }
        Ok(usage)
    }

    /// Throws everything away; builds that run at the same time go on. Gives what
    /// was there.
    ///
    /// # Errors
    /// If something cannot be removed.
    pub fn empty(&self) -> Result<Usage> {
        self.remove_abandoned(Duration::ZERO);
        let usage = self.usage()?;
        if !self.folder.exists() {
            return Ok(usage);
        }
        // Moved away first: other builds may add to the folder while it is removed.
        let failed = |error: std::io::Error| Error::io("remove", &self.folder, &error);
        let away = tempfile::Builder::new().prefix(AWAY).tempdir_in(self.around());
        let away = away.map_err(failed)?;
        std::fs::rename(&self.folder, away.path().join("builds")).map_err(failed)?;
        match away.close() {
            // Another one of these was at it too.
            Err(error) if error.kind() != ErrorKind::NotFound => Err(failed(error)),
            _ => Ok(usage),
        }
    }

    /// Goes on where one that was killed so long ago ended to throw everything away.
    fn remove_abandoned(&self, age: Duration) {
        files::remove_abandoned(self.around(), AWAY, age);
    }

    fn around(&self) -> &Path {
        self.folder.parent().unwrap_or(Path::new("."))
    }

    fn files(&self) -> Result<Vec<File>> {
        let paths = files::files_below(&self.folder)?;
        let known = paths.into_iter().filter_map(|path| {
            // Another build may have removed it in the meantime.
            let data = std::fs::symlink_metadata(&path).ok()?;
            Some(File { size: data.len(), used: data.modified().ok()?, path })
        });
        Ok(known.collect())
    }
}

/// Removes all but the `left` newest entries of a folder.
pub fn remove_oldest(folder: &Path, left: usize) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut entries: Vec<(SystemTime, PathBuf)> = entries
        .flatten()
        .filter(|entry| is_entry(&entry.path()))
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .collect();
    entries.sort();
    let many = entries.len().saturating_sub(left);
    for (_, path) in entries.into_iter().take(many) {
        let _ = std::fs::remove_file(path);
    }
}
