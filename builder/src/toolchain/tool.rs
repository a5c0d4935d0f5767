//! A tool as one row of data.

use std::path::{Path, PathBuf};

use super::install::Site;
use crate::report::Result;

/// A program, library or target that a language (or the suite) needs.
#[derive(Debug)]
pub struct Tool {
    /// As people know it: `zig`, `cargo`, `wasm32-wasip1`.
    pub name: &'static str,
    /// What it is for, to end the sentence "`zig` ...": "compiles C and Zig".
    pub purpose: &'static str,
    /// Versions that work, as a semver requirement: `>=0.17.1, <0.18`.
    pub requirement: &'static str,
    /// Where it may be, in the order of preference.
    pub places: &'static [Place],
    /// How its version is asked for.
    pub version: Version,
    /// How `isospin setup` gets it.
    pub install: Install,
}

/// Where a tool may be.
#[derive(Debug, Clone, Copy)]
pub enum Place {
    /// The environment variable of this name holds its path. Where it is set, no
    /// other place is looked at: a person's choice is not silently overruled.
    Variable(&'static str),
    /// This path inside the folder that `isospin setup` made for the tool.
    Managed(&'static str),
    /// A program of this name on `PATH`; each that is there is tried.
    Path(&'static str),
    /// Found by code: for what is not a program. Returns its path. Runs in each
    /// build, so that it must start no program but through [`super::ask`].
    Search(fn() -> Option<PathBuf>),
}

/// How a tool's version is asked for.
#[derive(Debug, Clone, Copy)]
pub enum Version {
    /// The first `1.2.3` in what it prints when run with these arguments. The
    /// answer is remembered until the file changes.
    Arguments(&'static [&'static str]),
    /// As `Arguments`, for a small program that stands before several versions of
    /// a tool: the answer is remembered until the file or one of these changes.
    Switched { arguments: &'static [&'static str], by: &'static [Switch] },
    /// The `version` of the JSON file at this path, relative to the folder in which
    /// the tool is (a file of an npm package), through links.
    Package(&'static str),
    /// The version in the name of the `<this>-<version>.dist-info` folder that pip
    /// wrote beside the tool's path.
    Wheel(&'static str),
    /// Asked by code; the path is where the tool was found. Runs in each build.
    Ask(fn(&Path) -> Option<String>),
}

/// What decides which version a [`Version::Switched`] program stands for.
#[derive(Debug, Clone, Copy)]
pub enum Switch {
    /// An environment variable.
    Variable(&'static str),
    /// A file below the folder that a variable names, or below the user's home
    /// folder: `Below("RUSTUP_HOME", ".rustup", "settings.toml")`.
    Below(&'static str, &'static str, &'static str),
}

/// How `isospin setup` gets a tool. All are pinned by version and digest.
#[derive(Debug, Clone, Copy)]
pub enum Install {
    /// With pip, from `toolchain/pins/<name>.txt` (a requirements file with hashes),
    /// into the tool's folder.
    Pip { requirements: &'static str },
    /// With pip, the source archive of a package, unpacked into the tool's folder.
    PipSource { requirements: &'static str },
    /// With `npm ci`, from a `package.json` and its lock file, into the tool's folder.
    Npm { package: &'static str, lock: &'static str },
    /// With `cargo install --locked`, into the tool's folder.
    Cargo { package: &'static str, version: &'static str, features: &'static [&'static str] },
    /// By code, which fills the tool's folder (or does what is needed elsewhere).
    /// `pin` changes whenever the code would make something else; `says` ends the
    /// sentence "`isospin setup` ..." before it is done.
    Code { pin: &'static str, says: &'static str, run: fn(&Site) -> Result<()> },
    /// Part of what the installation of this tool brings.
    With(&'static Tool),
    /// Not by us: this sentence says how a person installs it.
    Person(&'static str),
}

impl Install {
    /// What a managed folder's name says of its content: the text that pins it.
    fn pin(&self) -> Vec<&'static str> {
        match self {
            Install::Pip { requirements } => vec!["pip", requirements],
            Install::PipSource { requirements } => vec!["source", requirements],
            Install::Npm { package, lock } => vec!["npm", package, lock],
            Install::Cargo { package, version, features } => {
                let mut pin = vec!["cargo", *package, *version];
                pin.extend(*features);
                pin
            }
            Install::Code { pin, .. } => vec!["code", pin],
            Install::With(tool) => tool.install.pin(),
            Install::Person(_) => Vec::new(),
        }
    }
}

impl Tool {
    /// The name of the folder that `isospin setup` makes for it: the tool's name
    /// and the beginning of the digest of what pins it, so that a program with
    /// other pins has other folders.
    pub fn folder_name(&self) -> String {
        use sha2::Digest;
        if let Install::With(tool) = self.install {
            return tool.folder_name();
        }
        let mut digest = sha2::Sha256::new();
        for part in self.install.pin() {
            digest.update((part.len() as u64).to_le_bytes());
            digest.update(part);
        }
        let prefix: String =
            digest.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        format!("{}-{prefix}", self.name)
    }

    /// Whether `version` is one that works. What comes after the three numbers
    /// (`-nightly`, `rc1`) is not looked at.
    pub fn accepts(&self, version: &str) -> bool {
        let requirement = semver::VersionReq::parse(self.requirement)
            .unwrap_or_else(|error| panic!("the requirement of `{}`: {error}", self.name));
        super::version::numbers(version).is_some_and(|version| requirement.matches(&version))
    }
}
