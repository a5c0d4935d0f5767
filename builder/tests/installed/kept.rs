//! Tools that tests alone need, installed from digests once, beside what cargo builds.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// The folder of what is called `name` and decided by `key`, filled by `install` if no
/// earlier run has.
///
/// # Errors
/// What `install` says; nothing is left then.
pub fn installed(
    name: &str,
    key: &[&str],
    install: impl FnOnce(&Path) -> Result<(), String>,
) -> Result<PathBuf, String> {
    let digest = Sha256::digest(key.join("\0"));
    let digest: String = digest[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    let around = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let folder = around.join(format!("{name}-{digest}"));
    if !folder.is_dir() {
        let made = tempfile::tempdir_in(around).map_err(|error| error.to_string())?;
        install(made.path())?;
        // Another test may have been faster.
        if std::fs::rename(made.path(), &folder).is_ok() {
            let _ = made.keep();
        }
    }
    Ok(folder)
}
