//! Taking away what builds made.

use std::io::ErrorKind;
use std::path::Path;
use std::time::{Duration, Instant};

use super::lock::Lock;
use super::{artifact_path, output_folder};
use crate::app::App;
use crate::files;
use crate::report::{Error, Report, Result};

/// How long a compiler may go on to write into what is removed.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where what is removed is until it is gone.
const AWAY: &str = "removed";

/// Removes an app's artifacts and everything that its builds kept for the next
/// one. The SDKs stay: editors read them. Gives the bytes that were freed.
///
/// # Errors
/// If something cannot be removed.
pub fn clean(app: &App, report: &dyn Report) -> Result<u64> {
    let _lock = Lock::take(&app.path, report)?;
    let private = app.path.join(".isospin");
    // Moved away first: a compiler that outlives a killed build would else mix what it
    // still writes with what the next one reads. A `clean` that is killed leaves what
    // the next one removes.
    let away = private.join(AWAY);
    let kept = private.join("build");
    let mut freed = files::size_below(&away)? + files::size_below(&kept)?;
    gone(&away, remove_folder(&away))?;
    gone(&kept, std::fs::rename(&kept, &away))?;
    gone(&away, remove_folder(&away))?;
    for component in &app.components {
        let artifact = artifact_path(app, component);
        for file in [isospin_host::trace_file(&artifact), artifact] {
            freed += std::fs::metadata(&file).map_or(0, |data| data.len());
            gone(&file, std::fs::remove_file(&file))?;
        }
    }
    // What a person put beside the artifacts is theirs.
    let _ = std::fs::remove_dir(output_folder(app));
    Ok(freed)
}

/// Removes a folder and what is in it, also what a compiler that outlived its build
/// still writes while the folder is gone through: it has files open there.
fn remove_folder(path: &Path) -> std::io::Result<()> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match std::fs::remove_dir_all(path) {
            Err(error)
                if error.kind() == ErrorKind::DirectoryNotEmpty && Instant::now() < deadline =>
            {
                std::thread::sleep(Duration::from_millis(10));
            }
            done => return done,
        }
    }
}

/// That there was nothing is as well as that it was removed.
fn gone(path: &Path, removed: std::io::Result<()>) -> Result<()> {
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::io("remove", path, &error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::remove_folder;

    #[test]
    fn a_folder_goes_although_somebody_writes_into_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b");
        std::fs::create_dir_all(&path).unwrap();
        let write = |file: usize| std::fs::File::create(path.join(file.to_string())).is_ok();
        std::thread::scope(|scope| {
            assert!((0..1000).all(write));
            // As long as the folder is there.
            scope.spawn(|| (1000..10_000).all(write));
            remove_folder(&folder.path().join("a")).unwrap();
        });
        assert!(!folder.path().join("a").exists());
    }
}
