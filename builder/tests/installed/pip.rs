//! Packages of Python, by pip, from lists with digests.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::kept::installed;

/// The folder with packages of such lists: for each, whether they are ready-made
/// (`--only-binary`) or sources (`--no-binary`), which setuptools among those before packs.
///
/// # Errors
/// If Python or pip is missing, or pip fails.
pub fn packages(name: &str, lists: &[(&str, &str)]) -> Result<PathBuf, String> {
    // Packages for one version do not fit another.
    let version = Command::new("python3").arg("--version").output();
    let version = version.map_err(|error| format!("python3: {error}"))?;
    let version = String::from_utf8_lossy(&version.stdout);
    let mut key = vec![version.as_ref()];
    key.extend(lists.iter().map(|(list, _)| *list));
    installed(name, &key, |folder| {
        lists.iter().try_for_each(|(list, form)| pip(folder, list, form))
    })
}

/// Python with these packages.
pub fn python(packages: &Path) -> Command {
    let mut command = Command::new("python3");
    command.env("PYTHONPATH", packages).env("PYTHONNOUSERSITE", "1");
    command
}

fn pip(folder: &Path, list: &str, form: &str) -> Result<(), String> {
    let file = folder.join("requirements.txt");
    std::fs::write(&file, list).map_err(|error| error.to_string())?;
    let output = python(folder)
        .args(["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"])
        .args(["--no-deps", "--require-hashes", "--no-build-isolation", form, ":all:", "--target"])
        .arg(folder)
        .arg("--requirement")
        .arg(&file)
        .output()
        .map_err(|error| error.to_string())?;
    match output.status.success() {
        true => Ok(()),
        false => Err(format!("pip: {}", String::from_utf8_lossy(&output.stderr))),
    }
}
