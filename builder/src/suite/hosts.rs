//! Hosts: the embedded one, those that the suite knows, and any that a file describes.

use std::path::{Path, PathBuf};

use isospin_conformance::case::Mode;
use isospin_conformance::host::{Adapter, EmbeddedHost, RunningHost, StartedHost};
use isospin_conformance::run::Stranger;
use isospin_conformance::{Host, Programs, corpus};

use super::greeting::no_guest;
use super::{because, failed, name_of, text_of, wrong_file};
use crate::report::{Code, Error, Result};
use crate::toolchain::{Finder, Folders, HOSTS, Tool};

/// The name of the host that is part of this program.
const EMBEDDED: &str = "embedded";
/// What stands for that one and all others that are installed.
const ALL: &str = "all";

/// It keeps compiled code among the user's own files.
///
/// # Errors
/// If there is no place for them.
pub fn embedded_host() -> Result<Box<dyn Host>> {
    Ok(Box::new(EmbeddedHost::new(Some(Folders::of_user()?.cache().join("code")))))
}

/// The hosts that are asked for: by name, by a file that describes one, by a folder
/// of such files, or `all`; unasked, the embedded one. Of the hosts that `all` leaves
/// out, `note` is told which and why.
///
/// # Errors
/// If there is no such host, or a program that it needs is missing.
pub fn choose_hosts(wanted: &[String], note: &dyn Fn(&str)) -> Result<Vec<Box<dyn Host>>> {
    if wanted.is_empty() {
        return Ok(vec![embedded_host()?]);
    }
    let mut hosts = Vec::new();
    for name in wanted {
        match Path::new(name) {
            _ if name == ALL => hosts.extend(installed_hosts(note)?),
            path if path.is_dir() => hosts.extend(hosts_of_folder(path)?),
            path if path.components().count() > 1 || name.ends_with(".toml") => {
                hosts.push(host_of_file(path)?);
            }
            _ => hosts.push(host_of_name(name)?),
        }
    }
    Ok(hosts)
}

fn installed_hosts(note: &dyn Fn(&str)) -> Result<Vec<Box<dyn Host>>> {
    let mut hosts = vec![embedded_host()?];
    for (name, adapter) in corpus::adapters().map_err(failed)? {
        match installed_host(&name, adapter) {
            Ok(host) => hosts.push(host),
            Err(error) if error.code() == Code::Interrupted => return Err(error),
            Err(error) => note(&format!("without the host {name}: {}", error.message())),
        }
    }
    Ok(hosts)
}

fn host_of_name(name: &str) -> Result<Box<dyn Host>> {
    if name == EMBEDDED {
        return embedded_host();
    }
    installed_host(name, known(name)?)
}

/// The adapter of this name that the suite brings.
fn known(name: &str) -> Result<Adapter> {
    let adapters = corpus::adapters().map_err(failed)?;
    let names: Vec<String> = adapters.iter().map(|(name, _)| name.clone()).collect();
    let found = adapters.into_iter().find(|(other, _)| other == name);
    found.map(|(_, adapter)| adapter).ok_or_else(|| {
        let hint = format!(
            "There are {EMBEDDED}, {}, and `{ALL}` for all that are installed. Any other is described by a file: `--host FILE.toml`; conformance/FORMAT.md says how.",
            names.join(", ")
        );
        Error::new(Code::Usage, format!("{name}: there is no such host")).hint(hint)
    })
}

/// What must be installed for the host of this name.
///
/// # Errors
/// If there is no such host.
pub fn tools_of_host(name: &str) -> Result<Vec<&'static Tool>> {
    let tool = |name: &str| {
        table(name).ok_or_else(|| failed(format!("{name}: no tool of this name is known")))
    };
    known(name)?.programs().map(tool).collect()
}

/// A host that the suite brings, if what it needs is installed.
///
/// # Errors
/// If a program is missing, with how to install it.
pub fn installed_host(name: &str, adapter: Adapter) -> Result<Box<dyn Host>> {
    host(name, adapter, |program| Err(failed(format!("{program}: no tool of this name is known"))))
}

/// All that the files of a folder describe, by name.
fn hosts_of_folder(folder: &Path) -> Result<Vec<Box<dyn Host>>> {
    let entries = std::fs::read_dir(folder).map_err(|error| Error::io("list", folder, &error))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    if files.is_empty() {
        let what = format!("--host {}: it holds no .toml file", folder.display());
        return Err(Error::new(Code::Usage, what)
            .hint("A host is described by a file; conformance/FORMAT.md says how."));
    }
    files.iter().map(|file| host_of_file(file)).collect()
}

/// A host that somebody describes; its programs are in the file's folder, if
/// they are written with a `/`, else on `PATH`.
fn host_of_file(file: &Path) -> Result<Box<dyn Host>> {
    let name = name_of(file);
    let adapter =
        Adapter::parse(&name, &text_of(file)?).map_err(|error| wrong_file(file, &error))?;
    let folder = file.parent().unwrap_or(Path::new(""));
    host(&name, adapter, |program| {
        let missing = |why: String| {
            Error::new(Code::ToolMissing, format!("{}: {why}", file.display()))
                .hint(format!("Install it, or write the path of `{program}` into the file."))
        };
        if program.contains('/') {
            let path = std::path::absolute(folder.join(program))
                .map_err(|error| Error::io("find", Path::new(program), &error))?;
            return if path.is_file() {
                Ok(path)
            } else {
                Err(missing(format!("its program {} does not exist", path.display())))
            };
        }
        which::which(program)
            .map_err(|_| missing(format!("its program `{program}` is not on PATH")))
    })
}

/// Programs that the table of tools knows are found as everywhere; `find` knows others.
fn host(
    name: &str,
    adapter: Adapter,
    find: impl Fn(&str) -> Result<PathBuf>,
) -> Result<Box<dyn Host>> {
    let finder = Finder::of_user()?;
    let mut programs = Programs::new();
    for program in adapter.programs() {
        let path = match table(program) {
            Some(tool) => {
                let look = finder.look(tool)?;
                let failure = || look.failure(None);
                look.found.as_ref().ok_or_else(failure)?.path.clone()
            }
            None => find(program)?,
        };
        programs.insert(program.to_owned(), path);
    }
    Ok(Box::new(StartedHost::new(name, adapter, &programs).map_err(failed)?))
}

fn table(name: &str) -> Option<&'static Tool> {
    HOSTS.iter().copied().find(|tool| tool.name == name)
}

/// A host that runs already and serves the guest; its mode, if it is known.
///
/// # Errors
/// If the address makes no sense, or no guest answers there.
pub fn running_host(url: &str, mode: Option<Mode>) -> Result<Box<dyn Host>> {
    let host = RunningHost::new(url, mode).map_err(|error| {
        Error::new(Code::Usage, format!("--url {error:#}"))
            .hint("The guest is expected at the root of an address such as http://127.0.0.1:8080.")
    })?;
    host.greet().map_err(|error| {
        if let Some(stranger) = error.downcast_ref::<Stranger>() {
            return no_guest(url, stranger);
        }
        let failure = Error::new(Code::NoGuest, format!("{url}: there is no guest to talk to"));
        because(failure, &error).hint("Serve the guest of conformance/GUEST.md there, at the root: `isospin serve GUEST.wasm`, for one.")
    })?;
    Ok(Box::new(host))
}
