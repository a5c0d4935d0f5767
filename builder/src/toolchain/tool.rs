//! A tool as one row of data.

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
    /// The environment variable of this name holds its path.
    Variable(&'static str),
    /// This path inside the folder that `isospin setup` made for the tool.
    Managed(&'static str),
    /// A program of this name on `PATH`.
    Path(&'static str),
    /// Found by code: for what is not a program. Returns its path.
    Search(fn() -> Option<std::path::PathBuf>),
}

/// How a tool's version is asked for.
#[derive(Debug, Clone, Copy)]
pub enum Version {
    /// The first `1.2.3` in what it prints when run with these arguments.
    Arguments(&'static [&'static str]),
    /// The `version` of the JSON file at this path, relative to the tool's own
    /// path (a file of an npm package).
    Package(&'static str),
    /// Asked by code; the path is where the tool was found.
    Ask(fn(&std::path::Path) -> Option<String>),
}

/// How `isospin setup` gets a tool. All are pinned by version and digest.
#[derive(Debug, Clone, Copy)]
pub enum Install {
    /// With pip, from `toolchain/pins/<name>.txt` (a requirements file with hashes),
    /// into the tool's folder.
    Pip { requirements: &'static str },
    /// With pip, the source archive of a package, unpacked into the tool's folder.
    PipSource { requirements: &'static str },
    /// With `npm ci`, from a `package.json` and its lock file.
    Npm { package: &'static str, lock: &'static str },
    /// With `cargo install --locked`.
    Cargo { package: &'static str, version: &'static str, features: &'static [&'static str] },
    /// By code; gets the folder to fill and a place to say what it does.
    Code(fn(&std::path::Path, &mut dyn FnMut(&str)) -> crate::report::Result<()>),
    /// Not by us: this sentence says how a person installs it.
    Person(&'static str),
}
