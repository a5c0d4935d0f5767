//! The judges are programs in Python: pip installs them from digests, once, beside what
//! cargo builds. `CONTRIBUTING.md` tells how the two lists are made.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use libtest_mimic::Failed;
use sha2::{Digest, Sha256};

/// Ready-made packages, and setuptools.
const PACKAGES: &str = include_str!("requirements.txt");

/// What is there as sources alone; setuptools packs it.
const SOURCES: &str = include_str!("source.txt");

pub struct Judges {
    folder: PathBuf,
}

impl Judges {
    /// Installs them if no earlier run has.
    pub fn installed() -> Result<Judges, Failed> {
        static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
        let _guard = ONE_AT_A_TIME.lock()?;
        let digest = Sha256::digest(format!("{}{PACKAGES}{SOURCES}", python()?));
        let name: String = digest[..8].iter().map(|byte| format!("{byte:02x}")).collect();
        let around = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let folder = around.join(format!("judges-{name}"));
        if !folder.is_dir() {
            let made = tempfile::tempdir_in(around)?;
            pip(made.path(), PACKAGES, "--only-binary")?;
            pip(made.path(), SOURCES, "--no-binary")?;
            std::fs::rename(made.keep(), &folder)?;
        }
        Ok(Judges { folder })
    }

    /// One of their programs.
    pub fn program(&self, name: &str) -> Command {
        let mut command = self.python();
        command.arg(self.folder.join("bin").join(name));
        command
    }

    /// Python, with their modules.
    pub fn python(&self) -> Command {
        let mut command = Command::new("python3");
        command.env("PYTHONPATH", &self.folder).env("PYTHONNOUSERSITE", "1");
        command
    }
}

/// The version of Python: packages for one do not fit another.
fn python() -> Result<String, Failed> {
    let output = Command::new("python3").arg("--version").output()?;
    Ok(String::from_utf8(output.stdout)?)
}

fn pip(folder: &Path, requirements: &str, form: &str) -> Result<(), Failed> {
    let list = tempfile::NamedTempFile::new()?;
    std::fs::write(list.path(), requirements)?;
    let output = Command::new("python3")
        .args(["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"])
        .args(["--no-deps", "--require-hashes", "--no-build-isolation", form, ":all:", "--target"])
        .arg(folder)
        .arg("--requirement")
        .arg(list.path())
        .env("PYTHONPATH", folder)
        .output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("pip: {}", String::from_utf8_lossy(&output.stderr)).into())
}
