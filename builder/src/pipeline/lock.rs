//! One build of an app at a time.

use std::fs::{File, TryLockError};
use std::path::Path;

use crate::language::private_folder;
use crate::report::{Error, Event, Report, Result};

/// Held while an app is built; released when dropped, and by the system when
/// the process ends, however it ends.
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Waits until no other build of the app in `folder` runs.
    ///
    /// # Errors
    /// If the app's folder cannot be written.
    pub fn take(folder: &Path, report: &dyn Report) -> Result<Lock> {
        let path = private_folder(folder)?.join("lock");
        let file = File::create(&path).map_err(|error| Error::io("create", &path, &error))?;
        match file.try_lock() {
            Ok(()) => return Ok(Lock { _file: file }),
            Err(TryLockError::WouldBlock) => {
                report.event(&Event::Note {
                    text: "waiting for another build of this app to finish",
                });
            }
            Err(TryLockError::Error(error)) => return Err(Error::io("lock", &path, &error)),
        }
        file.lock().map_err(|error| Error::io("lock", &path, &error))?;
        Ok(Lock { _file: file })
    }
}
