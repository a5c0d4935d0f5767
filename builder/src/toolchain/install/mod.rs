//! Installing tools through the package managers' own clients: first what will
//! be done is said, then each tool is put into a folder of its own.

mod cargo;
mod explain;
mod npm;
mod pip;
mod store;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::Found;
use super::needs::Need;
use super::resolve::{Finder, Look};
use super::tool::{Install, Tool};
use crate::report::{Code, Error, Event, Installed, Report, Result};
use crate::{files, process};
pub use explain::unreachable;
use store::Store;

/// Where one tool is being installed, and what the installation may use.
pub struct Site<'a> {
    /// The folder to fill. It is beside its final place and renamed into it, so
    /// that nothing in it may hold this path. Left empty, it is no result: for
    /// what is installed elsewhere.
    pub folder: &'a Path,
    /// A folder for what is only needed meanwhile; removed afterwards.
    pub scratch: &'a Path,
    /// A folder (perhaps not there yet) that is kept when the installation fails,
    /// for the next one to go on with; removed when it is complete.
    pub resume: PathBuf,
    /// What is installed.
    pub tool: &'static Tool,
    /// Finds the tools that the installation itself needs.
    pub finder: &'a Finder,
    store: &'a Store,
    report: &'a dyn Report,
}

impl Site<'_> {
    /// Tells the user what is done now, in a few words: "compiling the library".
    pub fn say(&self, what: &str) {
        self.report.event(&Event::Doing { tool: self.tool.name, text: what });
    }

    /// The path of a tool that this installation needs; it is installed first if it
    /// is missing and can be.
    ///
    /// # Errors
    /// If it cannot be had; E0201 or E0202 as in a build.
    pub fn need(&self, tool: &'static Tool) -> Result<PathBuf> {
        if let Some(found) = self.finder.look(tool)?.found {
            return Ok(found.path);
        }
        let because = |error: Error| {
            error.cause(format!("{} cannot be installed without it", self.tool.name))
        };
        let installed = install(tool, self.finder, self.store, self.report).map_err(because)?;
        self.report.event(&Event::Installed(&installed));
        Ok(installed.path)
    }
}

/// What a set-up will do.
#[derive(Debug)]
pub struct Plan {
    present: Vec<Found>,
    missing: Vec<Look>,
}

/// Finds out what of `needs` is missing, without changing anything.
///
/// # Errors
/// Only if the user interrupts.
pub fn plan(finder: &Finder, needs: &[Need]) -> Result<Plan> {
    let mut plan = Plan { present: Vec::new(), missing: Vec::new() };
    for look in finder.look_at_all(needs)? {
        match look.found {
            Some(found) => plan.present.push(found),
            None => plan.missing.push(look),
        }
    }
    Ok(plan)
}

impl Plan {
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty()
    }

    /// One sentence for each tool that is missing: what will be done about it.
    pub fn sentences(&self, finder: &Finder) -> Vec<String> {
        let sentence = |look: &Look| {
            let name = look.tool.name;
            match look.tool.install {
                Install::Person(how) => format!("{name}: not installed by Isospin. {how}"),
                install => {
                    let folder = finder.folders().of_tool(look.tool);
                    format!("{name}: {}, into {}", says(&install), folder.display())
                }
            }
        };
        self.missing.iter().map(sentence).collect()
    }

    /// Installs what is missing. A tool that cannot be installed does not keep the
    /// others from it.
    ///
    /// # Errors
    /// The failures of all tools that are missing still, as one; or the
    /// interruption, which leaves nothing half-made.
    pub fn run(self, finder: &Finder, report: &dyn Report) -> Result<Vec<Installed>> {
        let mut done: Vec<Installed> = self.present.iter().map(found).collect();
        for installed in &done {
            report.event(&Event::Installed(installed));
        }
        if self.missing.is_empty() {
            return Ok(done);
        }
        let wait =
            || report.event(&Event::Note { text: "waiting for another `isospin setup` to finish" });
        let store = Store::open(finder.folders(), &wait)?;
        let mut failures = Vec::new();
        // One failure alone is told by whoever gets it.
        let several = self.missing.len() > 1;
        for look in self.missing {
            match install(look.tool, finder, &store, report) {
                Ok(installed) => {
                    report.event(&Event::Installed(&installed));
                    done.push(installed);
                }
                Err(error) if process::interrupted() => return Err(error),
                Err(error) => {
                    if several {
                        report.event(&Event::NotInstalled { tool: look.tool.name, error: &error });
                    }
                    failures.push((look.tool.name, error));
                }
            }
        }
        match failures.len() {
            0 => Ok(done),
            1 => Err(failures.remove(0).1),
            _ => Err(all(&failures)),
        }
    }
}

fn all(failures: &[(&str, Error)]) -> Error {
    let names: Vec<&str> = failures.iter().map(|(name, _)| *name).collect();
    let error =
        Error::new(Code::SetupFailed, format!("{}: they are still missing", names.join(", ")));
    let error = failures.iter().fold(error, |all, (_, one)| all.cause(one.message().to_owned()));
    error.hint("Do what is said with each of them, then run `isospin setup` again.")
}

fn found(found: &Found) -> Installed {
    Installed {
        tool: found.tool.name,
        version: found.version.clone(),
        path: found.path.clone(),
        origin: found.origin.name(),
        unchanged: true,
        size: 0,
        took: Duration::ZERO,
    }
}

/// How a tool is installed, to follow "`isospin setup` ...".
fn says(install: &Install) -> String {
    match install {
        Install::Pip { requirements } => format!("installs {} with pip", pip::names(requirements)),
        Install::PipSource { requirements } => {
            format!("downloads the source of {} with pip", pip::names(requirements))
        }
        Install::Npm { package, .. } => format!("installs {} with npm", npm::names(package)),
        Install::Cargo { package, version, .. } => {
            format!("compiles {package} {version} with cargo (some minutes)")
        }
        Install::Code { says, .. } => (*says).to_owned(),
        Install::With(tool) => format!("comes with {}", tool.name),
        Install::Person(how) => (*how).to_owned(),
    }
}

/// Installs one tool, unless another set-up has done it meanwhile.
fn install(
    tool: &'static Tool,
    finder: &Finder,
    store: &Store,
    report: &dyn Report,
) -> Result<Installed> {
    let start = Instant::now();
    let before = finder.look(tool)?;
    if let Some(present) = &before.found {
        return Ok(found(present));
    }
    if matches!(tool.install, Install::Person(_)) || before.is_chosen_by_variable() {
        return Err(before.failure(None));
    }
    let resume = finder.folders().cache().join("setup").join(tool.folder_name());
    let place = store.fill(&tool.folder_name(), |folder, scratch| {
        let site = Site { folder, scratch, resume: resume.clone(), tool, finder, store, report };
        match tool.install {
            Install::Pip { requirements } => pip::packages(&site, requirements),
            Install::PipSource { requirements } => pip::sources(&site, requirements),
            Install::Npm { package, lock } => npm::packages(&site, package, lock),
            Install::Cargo { package, version, features } => {
                cargo::program(&site, package, version, features)
            }
            Install::Code { run, .. } => run(&site),
            Install::With(_) | Install::Person(_) => Ok(()),
        }
    })?;
    let after = finder.look(tool)?;
    let Some(present) = &after.found else {
        let error = after.failure(None);
        return Err(error.cause("it was installed just now, but does not work on this machine"));
    };
    store::remove(&resume)?;
    let size = files::size_below(&place).unwrap_or_default();
    Ok(Installed { unchanged: false, size, took: start.elapsed(), ..found(present) })
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
