//! One build of an app at a time.

use std::fs::File;
use std::path::Path;

use crate::language::private_folder;
use crate::lock;
use crate::report::{Event, Report, Result};

/// Held while an app is built; released when dropped, and by the system when
/// the process ends, however it ends.
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Waits until no other build of the app in `folder` runs.
    ///
    /// # Errors
    /// If the app's folder cannot be written, or the user interrupts.
    pub fn take(folder: &Path, report: &dyn Report) -> Result<Lock> {
        let path = private_folder(folder)?.join("lock");
        let text = "waiting for another build of this app to finish";
        let waits = || report.event(&Event::Note { text });
        Ok(Lock { _file: lock::take(&path, &waits)? })
    }
}
