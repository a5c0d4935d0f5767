//! Files that are locked while one works and others wait. The system releases a lock
//! when its process ends, however it ends.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::Duration;

use crate::report::{Error, Result};
use crate::{files, process};

/// How often it is looked whether a lock is free.
const PAUSE: Duration = Duration::from_millis(50);

/// Waits until nobody else holds the file locked, in this process or another; it is
/// released when dropped. `waits` is called once if somebody does.
///
/// # Errors
/// If the file cannot be made or locked, or the user interrupts.
pub fn take(path: &Path, waits: &dyn Fn()) -> Result<File> {
    let file = File::create(path).map_err(|error| Error::io("create", path, &error))?;
    let mut told = false;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(error)) => return Err(Error::io("lock", path, &error)),
            Err(TryLockError::WouldBlock) if process::interrupted() => {
                return Err(process::interruption());
            }
            Err(TryLockError::WouldBlock) => {
                if !told {
                    waits();
                    told = true;
                }
                std::thread::sleep(PAUSE);
            }
        }
    }
}

/// Has `make` make what the file at `path` holds, unless the file is there. Of several
/// that want it at the same time one makes it and the others wait; if that one fails
/// or is killed, the next tries.
///
/// # Errors
/// What `make` says, or if the file cannot be written.
pub fn once(path: &Path, make: impl FnOnce() -> Result<Vec<u8>>) -> Result<()> {
    if path.is_file() {
        return Ok(());
    }
    files::create_folder(path.parent().unwrap_or(path))?;
    let _lock = take(&path.with_extension("lock"), &|| {})?;
    match path.is_file() {
        true => Ok(()),
        false => files::write(path, &make()?),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::report::Code;

    #[test]
    fn one_of_several_makes_it_and_the_next_after_a_failure() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/made");
        let tried = AtomicUsize::new(0);
        let make = || {
            once(&path, || {
                std::thread::sleep(Duration::from_millis(100));
                match tried.fetch_add(1, Ordering::SeqCst) {
                    0 => Err(Error::new(Code::ToolRun, "the first fails")),
                    _ => Ok(b"made".to_vec()),
                }
            })
        };
        let results: Vec<Result<()>> = std::thread::scope(|scope| {
            let started: Vec<_> = (0..4).map(|_| scope.spawn(make)).collect();
            started.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert_eq!(results.iter().filter(|result| result.is_err()).count(), 1);
        assert_eq!(tried.load(Ordering::SeqCst), 2);
        assert_eq!(files::read(&path).unwrap(), b"made");
    }
}
