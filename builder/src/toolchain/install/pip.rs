//! Installing with pip: a requirements file with digests, into a folder.

use std::path::Path;
use std::time::Duration;

use super::{Site, explain};
use crate::files;
use crate::process::Command;
use crate::report::Result;
use crate::toolchain::PIP;

const LIMIT: Duration = Duration::from_secs(30 * 60);

/// What pip takes for the build program of a source package; see the file.
const SOURCE_BACKEND: &str = include_str!("source_backend.py");

/// Installs ready-made packages: nothing of them is built or run.
///
/// # Errors
/// If pip fails, with what it printed and advice.
pub fn packages(site: &Site, requirements: &str) -> Result<()> {
    let command = command(site, requirements)?.args(["--only-binary", ":all:"]);
    explain::run(&command, site.tool)
}

/// Unpacks source packages, each into a folder of its name. Nothing of them is
/// built or run.
///
/// # Errors
/// As [`packages`].
pub fn sources(site: &Site, requirements: &str) -> Result<()> {
    let modules = site.scratch.join("backend");
    files::write(&modules.join("setuptools/__init__.py"), b"")?;
    files::write(&modules.join("setuptools/build_meta.py"), SOURCE_BACKEND.as_bytes())?;
    let command = command(site, requirements)?
        .args(["--no-binary", ":all:", "--no-build-isolation", "--no-cache-dir"])
        .env("PYTHONPATH", modules);
    explain::run(&command, site.tool)
}

/// pip with what both kinds share. The user's own settings of pip count (a mirror,
/// a proxy), but for those that would put things elsewhere.
fn command(site: &Site, requirements: &str) -> Result<Command> {
    let python = site.need(&PIP)?;
    let file = site.scratch.join("requirements.txt");
    files::write(&file, requirements.as_bytes())?;
    site.say(&format!("pip downloads {}", names(requirements)));
    Ok(Command::new(python)
        .args(["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"])
        .args(["--no-deps", "--require-hashes", "--no-compile", "--retries", "2"])
        .arg("--target")
        .arg(site.folder)
        .arg("--requirement")
        .arg(&file)
        .env("PIP_USER", "0")
        .env("PIP_REQUIRE_VIRTUALENV", "0")
        .env("PIP_ROOT_USER_ACTION", "ignore")
        .env("PYTHONNOUSERSITE", "1")
        .env("TMPDIR", temporary(site.scratch)?)
        .limit(LIMIT))
}

/// Where pip unpacks: a killed pip leaves nothing elsewhere.
fn temporary(scratch: &Path) -> Result<std::path::PathBuf> {
    let folder = scratch.join("temporary");
    files::create_folder(&folder)?;
    Ok(folder)
}

/// The packages of a requirements file with their versions: `ziglang 0.17.1`.
pub fn names(requirements: &str) -> String {
    let packages: Vec<String> = requirements
        .lines()
        .filter_map(|line| line.split_whitespace().next()?.split_once("=="))
        .map(|(name, version)| format!("{name} {version}"))
        .collect();
    packages.join(", ")
}
