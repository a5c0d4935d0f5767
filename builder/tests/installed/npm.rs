//! Packages of npm, from a lock file.

use std::path::PathBuf;
use std::process::Command;

use super::kept::installed;

/// The folder with a lock file's packages in its `node_modules`. None of their scripts is run.
///
/// # Errors
/// If npm is missing or fails.
pub fn packages(name: &str, package: &str, lock: &str) -> Result<PathBuf, String> {
    installed(name, &[package, lock], |folder| {
        let write = |file: &str, text: &str| {
            std::fs::write(folder.join(file), text).map_err(|error| error.to_string())
        };
        write("package.json", package)?;
        write("package-lock.json", lock)?;
        let output = Command::new("npm")
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"])
            .current_dir(folder)
            .output()
            .map_err(|error| format!("npm: {error}"))?;
        match output.status.success() {
            true => Ok(()),
            false => Err(format!("npm: {}", String::from_utf8_lossy(&output.stderr))),
        }
    })
}
