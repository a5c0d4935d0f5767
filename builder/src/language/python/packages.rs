//! The packages that a component asks for in `requirements.txt`, or else in
//! `pyproject.toml`: pip installs them once for each content of these files.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::native;
use crate::files;
use crate::language::{Advice, Context};
use crate::process::Command;
use crate::report::{Code, Error, Result};
use crate::toolchain::{PIP, unreachable};

const LIMIT: Duration = Duration::from_secs(10 * 60);

/// The version that the component's interpreter has.
const PYTHON_VERSION: &str = "3.14";

/// The machine for which packages are chosen, the same on every machine that
/// builds, so that all get the same files. Their native code is taken out again.
const PLATFORMS: &[&str] =
    &["manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"];

/// What [`install`] made.
#[derive(Debug, Default)]
pub struct Packages {
    /// Their folder; none if the component asks for none.
    pub folder: Option<PathBuf>,
    /// Files outside of the component's folder that say which packages it asks for.
    pub inputs: Vec<PathBuf>,
}

/// Installs the packages of a component, unless those that are there are the ones.
///
/// # Errors
/// If the files cannot be read or pip fails, with what it printed.
pub fn install(cx: &Context) -> Result<Packages> {
    let Some(asked) = Asked::of(cx)? else { return Ok(Packages::default()) };
    let folder = cx.scratch.join(format!("packages-{}", asked.digest(cx)));
    let inputs =
        asked.files.iter().filter(|file| !file.starts_with(&cx.component.path)).cloned().collect();
    if !folder.is_dir() {
        remove_old(&cx.scratch)?;
        let made = cx.made.path().join("packages");
        files::create_folder(&made)?;
        run_pip(cx, &asked, &made)?;
        native::replace(&made)?;
        std::fs::rename(&made, &folder).map_err(|error| Error::io("create", &folder, &error))?;
    }
    Ok(Packages { folder: Some(folder), inputs })
}

/// What a component asks for.
struct Asked {
    /// What pip reads.
    requirements: PathBuf,
    /// Every file that says something of it, and their texts.
    files: Vec<PathBuf>,
    texts: Vec<String>,
}

impl Asked {
    fn of(cx: &Context) -> Result<Option<Asked>> {
        let folder = &cx.component.path;
        let requirements = folder.join("requirements.txt");
        let project = folder.join("pyproject.toml");
        if requirements.is_file() {
            let mut asked = Asked { requirements, files: Vec::new(), texts: Vec::new() };
            asked.read(&asked.requirements.clone())?;
            let is_empty = asked.texts.iter().all(|text| lines(text).next().is_none());
            return Ok((!is_empty).then_some(asked));
        }
        if !project.is_file() {
            return Ok(None);
        }
        let wanted = dependencies(&project, &read(&project)?)?;
        if wanted.is_empty() {
            return Ok(None);
        }
        let text = wanted.join("\n") + "\n";
        let requirements = cx.scratch.join("requirements.txt");
        files::write_if_different(&requirements, text.as_bytes())?;
        Ok(Some(Asked { requirements, files: vec![project], texts: vec![text] }))
    }

    /// Reads a requirements file and those that it includes.
    fn read(&mut self, path: &Path) -> Result<()> {
        if self.files.iter().any(|file| file == path) {
            return Ok(());
        }
        let text = read(path)?;
        self.files.push(path.to_owned());
        let included: Vec<PathBuf> = includes(&text)
            .map(|name| path.parent().unwrap_or(Path::new(".")).join(name))
            .filter(|path| path.is_file())
            .collect();
        self.texts.push(text);
        included.iter().try_for_each(|path| self.read(path))
    }

    /// Names the packages: another text, or another pip, may give others.
    fn digest(&self, cx: &Context) -> String {
        let mut digest = Sha256::new();
        digest.update(PYTHON_VERSION);
        digest.update(&cx.toolchain.found(&PIP).version);
        for text in &self.texts {
            digest.update(text.len().to_le_bytes());
            digest.update(text);
        }
        digest.finalize().iter().take(12).map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether the packages are pinned by digest: then all of them must be.
    fn has_hashes(&self) -> bool {
        self.texts.iter().any(|text| text.contains("--hash="))
    }
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|error| Error::io("read", path, &error))
}

/// The lines of a requirements file that say something.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The files that a requirements file names with `-r` and `-c`.
fn includes(text: &str) -> impl Iterator<Item = &str> {
    lines(text).filter_map(|line| {
        let options = ["-r", "--requirement", "-c", "--constraint"];
        let rest = options.iter().find_map(|option| {
            let rest = line.strip_prefix(option)?;
            rest.starts_with([' ', '=', '\t']).then_some(rest)
        })?;
        Some(rest.trim_start_matches([' ', '=', '\t']))
    })
}

/// `dependencies` of the table `project`.
fn dependencies(path: &Path, text: &str) -> Result<Vec<String>> {
    let wrong = |cause: String| {
        Error::new(Code::PackageManifest, format!("{}: it cannot be read", path.display()))
            .cause(cause)
            .hint("Correct the file: `dependencies = [\"flask>=3\"]` in its table `[project]`.")
    };
    let table: toml::Table =
        text.parse().map_err(|error: toml::de::Error| wrong(error.to_string()))?;
    let Some(listed) = table.get("project").and_then(|project| project.get("dependencies")) else {
        return Ok(Vec::new());
    };
    let names = listed.as_array().and_then(|list| {
        list.iter().map(|name| name.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
    });
    names.ok_or_else(|| wrong("`project.dependencies` must be a list of texts".to_owned()))
}

/// Packages of earlier contents of the files.
fn remove_old(scratch: &Path) -> Result<()> {
    files::create_folder(scratch)?;
    let entries = std::fs::read_dir(scratch).map_err(|error| Error::io("list", scratch, &error))?;
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with("packages-") {
            std::fs::remove_dir_all(entry.path())
                .map_err(|error| Error::io("remove", &entry.path(), &error))?;
        }
    }
    Ok(())
}

fn run_pip(cx: &Context, asked: &Asked, target: &Path) -> Result<()> {
    let mut command = pip(cx)
        .args(["--no-compile", "--only-binary", ":all:", "--python-version", PYTHON_VERSION])
        .args(["--implementation", "cp"])
        .args(PLATFORMS.iter().flat_map(|platform| ["--platform", platform]));
    if asked.has_hashes() {
        // Whoever pins by digest pins all: pip would add what its own Python needs.
        command = command.args(["--require-hashes", "--no-deps"]);
    }
    let output = command
        .arg("--target")
        .arg(target)
        .arg("--requirement")
        .arg(&asked.requirements)
        .output()?;
    if output.status.success() { Ok(()) } else { Err(failure(cx, asked, &output.printed())) }
}

/// pip with the user's own settings (a mirror, a proxy), but for those that would
/// put things elsewhere.
fn pip(cx: &Context) -> Command {
    Command::new(cx.toolchain.path(&PIP))
        .args(["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"])
        .env("PIP_USER", "0")
        .env("PIP_REQUIRE_VIRTUALENV", "0")
        .env("PIP_ROOT_USER_ACTION", "ignore")
        .env("PYTHONNOUSERSITE", "1")
        .folder(&cx.component.path)
        .limit(LIMIT)
}

fn failure(cx: &Context, asked: &Asked, printed: &str) -> Error {
    let file = asked.files.first().unwrap_or(&asked.requirements);
    let advice = advice(printed);
    let code = advice.as_ref().and_then(|advice| advice.code).unwrap_or(Code::PackagesFailed);
    let error = Error::new(
        code,
        format!(
            "{}: the packages of component `{}` cannot be installed",
            file.display(),
            cx.component.name
        ),
    );
    match advice {
        Some(advice) => error.hint(advice.text),
        None => error,
    }
    .output(printed)
}

/// What to do about what pip printed.
fn advice(printed: &str) -> Option<Advice> {
    if unreachable(printed) {
        return Some(Advice::on(
            Code::RegistryUnreachable,
            "Check the network connection, the proxy settings and `pip config list`. Packages that \
             are installed already are not asked for again.",
        ));
    }
    // ERROR: No matching distribution found for nosuch==1.0
    if let Some(rest) = printed.split("No matching distribution found for ").nth(1) {
        let wanted = rest.lines().next().unwrap_or_default().trim();
        let text = format!(
            "`{wanted}` is not in the registry under this name and version, or not as a wheel for \
             Python {PYTHON_VERSION}: packages that are published as source alone would have to be \
             built, and are not installed."
        );
        return Some(Advice::on(Code::DependencyMissing, text));
    }
    if printed.contains("DO NOT MATCH THE HASHES") {
        return Some(Advice::on(
            Code::DigestWrong,
            "The registry has another file than the one that was pinned: it was not installed. Find \
             out why it changed before you pin it anew.",
        ));
    }
    if printed.contains("--require-hashes") {
        return Some(
            "A file with digests must pin every package, those that others need too, each with \
             the digests of its wheels: `pip-compile --generate-hashes` writes such a file."
                .into(),
        );
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn included_files_are_found() {
        let text =
            "flask==3\n# -r no.txt\n-r base.txt\n--requirement=other.txt\n-c limits.txt\n-rude\n";
        let found: Vec<&str> = includes(text).collect();
        assert_eq!(found, ["base.txt", "other.txt", "limits.txt"]);
    }

    #[test]
    fn dependencies_of_a_project_are_listed() {
        let path = Path::new("pyproject.toml");
        let text = "[project]\nname = \"x\"\ndependencies = [\"flask>=3\", \"jinja2\"]\n";
        assert_eq!(dependencies(path, text).unwrap(), ["flask>=3", "jinja2"]);
        assert!(dependencies(path, "[tool.x]\n").unwrap().is_empty());
        assert!(dependencies(path, "[project]\ndependencies = \"flask\"\n").is_err());
        assert!(dependencies(path, "[project\n").is_err());
    }

    #[test]
    fn a_package_that_is_not_there_is_named() {
        let printed = "ERROR: Could not find a version that satisfies the requirement nosuch==1\n\
                       ERROR: No matching distribution found for nosuch==1\n";
        assert!(advice(printed).unwrap().text.starts_with("`nosuch==1`"));
        assert_eq!(advice("ERROR: something else"), None);
    }
}
